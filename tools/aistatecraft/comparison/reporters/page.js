// Filter, search and keys. Nothing of the data is ever made into markup: rows are only shown and hidden.
(() => {
  "use strict";
  const root = document.documentElement;
  const controls = document.getElementById("controls");
  const search = document.getElementById("search");
  const choice = document.getElementById("choice");
  const status = document.getElementById("status");
  const none = document.getElementById("none");
  const buttons = [...controls.querySelectorAll("button[data-filter]")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const records = [];
  const rows = [];
  for (const section of document.querySelectorAll("section.table")) {
    for (const body of section.querySelectorAll("tbody")) {
      const record = { section, body, visible: 0 };
      records.push(record);
      for (const row of body.querySelectorAll("tr.change")) {
        rows.push({ row, record, table: section.dataset.table, class: row.dataset.class, action: row.dataset.action, text: null });
      }
    }
  }
  let visible = rows;
  const state = { table: null, class: new Set(), action: new Set(), q: "" };

  const textOf = (entry) => {
    if (entry.text === null) {
      const head = entry.record.body.querySelector(".record");
      entry.text = fold(`${entry.table} ${head ? head.textContent : ""} ${entry.row.textContent}`);
    }
    return entry.text;
  };

  // A view can be linked to: #table=strategies&class=breaking,addition&action=changed&q=word
  const read = () => {
    const words = new URLSearchParams(location.hash.slice(1));
    if (location.hash.length > 1 && !["table", "class", "action", "q"].some((name) => words.has(name))) return;
    state.table = words.get("table");
    if (![...choice.options].some((option) => option.value === `=${state.table}`)) state.table = null;
    for (const name of ["class", "action"]) {
      const known = buttons.filter((button) => button.dataset.filter === name).map((button) => button.value);
      state[name] = new Set((words.get(name) || "").split(",").filter((word) => known.includes(word)));
    }
    state.q = words.get("q") || "";
  };

  const write = () => {
    const words = new URLSearchParams();
    if (state.table !== null) words.set("table", state.table);
    for (const name of ["class", "action"]) if (state[name].size) words.set(name, [...state[name]].join(","));
    if (state.q) words.set("q", state.q);
    try {
      history.replaceState(null, "", `#${words.toString().replaceAll("%2C", ",")}`);
    } catch {
      // Where a page may not name its own address, the view just has no link.
    }
  };

  const apply = () => {
    const wanted = fold(state.q).split(/\s+/).filter(Boolean);
    for (const record of records) record.visible = 0;
    visible = [];
    for (const entry of rows) {
      const shown =
        (state.table === null || entry.table === state.table) &&
        (!state.class.size || state.class.has(entry.class)) &&
        (!state.action.size || state.action.has(entry.action)) &&
        (!wanted.length || wanted.every((word) => textOf(entry).includes(word)));
      if (entry.row.hidden === shown) entry.row.hidden = !shown;
      if (shown) {
        entry.record.visible += 1;
        visible.push(entry);
      }
    }
    const sections = new Map();
    for (const record of records) {
      record.body.hidden = !record.visible;
      sections.set(record.section, (sections.get(record.section) || 0) + record.visible);
    }
    for (const [section, count] of sections) section.hidden = !count;
    none.hidden = visible.length > 0;
    status.textContent = `${visible.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} changes on this page shown`;
    choice.value = state.table === null ? "" : `=${state.table}`;
    if (search.value !== state.q) search.value = state.q;
    for (const button of buttons) button.setAttribute("aria-pressed", String(state[button.dataset.filter].has(button.value)));
    root.dataset.shown = String(visible.length);
  };

  const changed = () => {
    write();
    apply();
  };

  const move = (step) => {
    const now = document.activeElement && document.activeElement.closest("tr.change");
    const at = visible.findIndex((entry) => entry.row === now);
    const next = at < 0 ? (step > 0 ? 0 : visible.length - 1) : Math.min(Math.max(at + step, 0), visible.length - 1);
    if (visible[next]) {
      visible[next].row.focus({ preventScroll: true });
      visible[next].row.scrollIntoView({ block: "nearest" });
    }
  };

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = document.getElementById("theme");
  const named = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
  };

  choice.addEventListener("change", () => {
    state.table = choice.value === "" ? null : choice.value.slice(1);
    changed();
  });
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      state.q = search.value;
      changed();
    }, 120);
  });
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const chosen = state[button.dataset.filter];
      if (!chosen.delete(button.value)) chosen.add(button.value);
      changed();
    });
  }
  document.getElementById("reset").addEventListener("click", () => {
    state.table = null;
    state.class.clear();
    state.action.clear();
    state.q = "";
    changed();
  });
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    named();
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    if (event.key === "Escape" && event.target === search) {
      if (search.value) {
        state.q = "";
        changed();
      } else {
        search.blur();
      }
      return;
    }
    if (typing) return;
    const inRow = event.target.closest && event.target.closest("tr.change");
    if (event.key === "/") search.focus();
    else if (event.key === "j" || (event.key === "ArrowDown" && inRow)) move(1);
    else if (event.key === "k" || (event.key === "ArrowUp" && inRow)) move(-1);
    else return;
    event.preventDefault();
  });
  // On paper nothing can be unfolded.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("tr.change:not([hidden]) details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
  addEventListener("hashchange", () => {
    read();
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", named);

  controls.hidden = false;
  named();
  read();
  apply();
})();
