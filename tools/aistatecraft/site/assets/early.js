// Runs before a table is painted: where its address has a selection, room is kept for the controls, so that nothing moves when they come.
if (location.search.length > 1) document.documentElement.classList.add("asked");
