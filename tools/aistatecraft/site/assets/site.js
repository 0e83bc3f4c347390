// What the pages do beyond reading: search, filter, copy, embed. All of it works from a folder; nothing is asked of a server.
"use strict";
var aistatecraft = (function () {
  var up = document.body.dataset.up || "", tables = {}, names = null, waiting = {};
  function $(id) { return document.getElementById(id); }
  function el(tag, text, attributes) {
    var node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    for (var name in attributes || {}) node.setAttribute(name, attributes[name]);
    return node;
  }
  function fold(text) { return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss"); }
  function number(count) { return count.toLocaleString("en"); }
  function load(src, then) {
    if ("explorer" in document.body.dataset) { then(); return; }
    if (waiting[src]) { waiting[src].push(then); return; }
    waiting[src] = [then];
    var script = el("script", null, { src: up + src });
    script.onload = function () { var list = waiting[src]; waiting[src] = { push: function (one) { one(); } }; list.forEach(function (one) { one(); }); };
    script.onerror = function () { delete waiting[src]; say("The file " + src + " cannot be read."); };
    document.head.append(script);
  }
  function say(text) { var status = $("status"); if (status) status.textContent = text; }
  function keep(name, value) { try { if (value === undefined) return localStorage.getItem(name); localStorage.setItem(name, value); } catch (error) { /* a page may not keep anything */ } return null; }

  // Search: every word somewhere in a name; whole names first, then beginnings, then the order of the tables, then the shorter name.
  function prepare(kinds, records) {
    names = records.map(function (record) {
      var kind = kinds[record[0]], all = [record[2]].concat(record[3], [record[4] || record[1]]);
      return { kind: record[0], table: kind[1], href: kind[0] + "/" + encodeURIComponent(record[1]) + ".html", title: record[2], names: all, folded: all.map(fold) };
    });
  }
  function search(text, most) {
    var whole = fold(text).trim(), words = whole.split(/\s+/).filter(Boolean), hits = [];
    if (!words.length) return hits;
    names.forEach(function (record, place) {
      var best = 9, which = 0;
      record.folded.forEach(function (name, at) {
        if (!words.every(function (word) { return name.includes(word); })) return;
        var weight = name === whole ? 0 : name.startsWith(whole) ? 1 : name.includes(whole) ? 2 : 3;
        if (weight < best) { best = weight; which = at; }
      });
      if (best < 9) hits.push({ record: record, weight: best, name: record.names[which], place: place });
    });
    hits.sort(function (a, b) { return a.weight - b.weight || a.record.kind - b.record.kind || a.name.length - b.name.length || a.place - b.place; });
    hits.total = hits.length;
    var cut = hits.slice(0, most);
    cut.total = hits.total;
    return cut;
  }
  function listed(hits) {
    var list = el("ul");
    hits.forEach(function (hit) {
      var link = el("a", hit.record.title, { href: up + hit.record.href }), item = el("li");
      if (hit.name !== hit.record.title) link.append(" ", el("span", hit.name, { class: "quiet" }));
      link.append(" ", el("span", "· " + hit.record.table, { class: "quiet" }));
      item.append(link);
      list.append(item);
    });
    return list;
  }
  function words(total, what) { return number(total) + " " + what + (total === 1 ? "" : "s"); }
  function box() {
    var input = $("q"), found = $("found"), results = $("results");
    if (!input) return;
    var state = el("p", "", { role: "status", class: "quiet" });
    function show() {
      var text = input.value;
      if (!text.trim()) { found.hidden = true; return; }
      load("data/names.js", function () {
        if (input.value !== text) return;
        var hits = search(text, results ? 300 : 12);
        if (results) {
          results.replaceChildren(listed(hits));
          say(words(hits.total, "record") + (hits.total > hits.length ? ", the first " + hits.length + " are shown" : ""));
          history.replaceState(null, "", "?q=" + encodeURIComponent(text));
          return;
        }
        state.textContent = hits.total ? words(hits.total, "record") : "no record has such a name";
        found.replaceChildren(state, listed(hits));
        found.hidden = false;
      });
    }
    function first(then) { load("data/names.js", function () { var hits = search(input.value, 1); if (hits.length) location.href = up + hits[0].record.href; else then(); }); }
    input.addEventListener("input", show);
    input.form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (input.value.trim()) first(show);
    });
    input.form.addEventListener("keydown", function (event) {
      var links = [input].concat(Array.from((results || found).querySelectorAll("a"))), at = links.indexOf(document.activeElement);
      if (event.key === "Escape") { found.hidden = true; input.focus(); }
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && links.length > 1) {
        links[(at + (event.key === "ArrowDown" ? 1 : links.length - 1)) % links.length].focus();
        event.preventDefault();
      }
    });
    document.addEventListener("click", function (event) { if (!input.form.contains(event.target)) found.hidden = true; });
    input.form.addEventListener("focusout", function (event) { if (event.relatedTarget && !input.form.contains(event.relatedTarget)) found.hidden = true; });
    document.addEventListener("keydown", function (event) {
      var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && keep("slash") !== "off") { input.focus(); event.preventDefault(); }
    });
    var asked = new URLSearchParams(location.search).get("q");
    if (results && asked) { input.value = asked; show(); }
  }

  // Tables
  function rows(about, part, parts, list, places, titles, labels) {
    var key = typeof about === "string" ? about : about.table, table = tables[key] = tables[key] || { pieces: [], labels: {} };
    if (typeof about !== "string") table.about = about;
    Object.assign(table.labels, labels);
    table.pieces[part] = { list: list, places: places, titles: titles };
    if (table.pieces.filter(Boolean).length === parts) {
      table.rows = [];
      table.pieces.forEach(function (piece) { piece.list.forEach(function (cells, at) { table.rows.push({ cells: cells, href: piece.places[at], title: piece.titles[at], at: table.rows.length }); }); });
      table.at = {};
      table.about.columns.forEach(function (column, place) { table.at[column.name] = place; });
    }
  }
  function target(table, column, row) {
    var text = row.cells[table.at[column.name]], of = column.pair ? row.cells[table.at[column.pair]] : column.target;
    return of && text ? table.labels[of + "/" + text] : undefined;
  }
  function label(table, column, row) {
    var text = row.cells[table.at[column.name]], to = target(table, column, row);
    return to ? to[0] : (column.values || {})[text] || text;
  }
  function cell(table, column, row) {
    var text = row.cells[table.at[column.name]], node = el("td"), missing = (column.missing || {})[text], to = target(table, column, row);
    if (missing) { node.append(el("span", missing[0] + " " + missing[1], { class: "absent" })); return node; }
    if (to) node.append(el("a", to[0], { href: up + to[1] }));
    else if (column.url && /^https?:\/\/[^\s<>"'`\\]+$/.test(text)) node.append(el("a", text, { href: text, rel: "noopener noreferrer", class: "out" }));
    else if (column.values && column.values[text]) node.append(column.values[text].length <= 32 ? column.values[text] : text.replace(/_/g, " "));
    else if (column.date) node.append(el("time", text, { datetime: text }));
    else { node.append(column.lang ? el("span", text, { lang: column.lang }) : text); }
    if (column.number) node.className = "n";
    return node;
  }
  function days(text) { var parts = text.split("-"); return [parts[0] + "-" + (parts[1] || "01") + "-" + (parts[2] || "01"), parts[0] + "-" + (parts[1] || "12") + "-" + (parts[2] || "31")]; }

  function browse(key, address) {
    var table = tables[key], about = table.about, body = $("table").tBodies[0], head = $("table").tHead.rows[0], controls = $("controls");
    var state, shown, hits = [], room = 100, columns = about.columns, facets = [];
    columns.forEach(function (column, place) {
      if (column.name === "note" || column.name === "sort_order" || column.date) return;
      var seen = new Map();
      for (var row of table.rows) { seen.set(row.cells[place], (seen.get(row.cells[place]) || 0) + 1); if (seen.size > 40) break; }
      var pair = columns.some(function (other) { return other.pair === column.name; });
      if (seen.size > 1 && seen.size <= 40 && !(about.key.length === 1 && about.key[0] === column.name) && (column.values || column.target || pair || seen.size < table.rows.length / 2)) facets.push({ column: column, seen: seen });
      else if (column.target && seen.size > 40) facets.push({ column: column });
    });
    var dated = columns.filter(function (column) { return column.date; });
    function column(name) { return columns[table.at[name]]; }
    function read() {
      var asked = new URLSearchParams(location.search);
      state = { q: asked.get("q") || "", sort: asked.get("sort") || "", show: asked.get("show"), set: {}, from: asked.get("from") || "", to: asked.get("to") || "" };
      asked.forEach(function (value, name) { if (name in table.at) state.set[name] = value; });
      shown = state.show ? state.show.split(",").filter(function (name) { return name in table.at; }) : about.shown;
    }
    function link() {
      var asked = new URLSearchParams();
      for (var name in state.set) asked.set(name, state.set[name]);
      ["q", "from", "to", "sort", "show"].forEach(function (name) { if (state[name]) asked.set(name, state[name]); });
      var text = asked.toString();
      return text ? "?" + text : "";
    }
    function go() { if (address) history.pushState(null, "", link() || location.pathname.split("/").pop()); draw(); }
    function matches(row, words) {
      for (var name in state.set) {
        var text = row.cells[table.at[name]], one = column(name), wanted = state.set[name];
        if (one.pair && wanted.includes("/") ? row.cells[table.at[one.pair]] + "/" + text !== wanted : text !== wanted) {
          if (facetOf(name) || !fold(label(table, one, row)).includes(fold(wanted)) || !wanted) return false;
        }
      }
      if (state.from || state.to) {
        if (!dated.some(function (one) {
          var text = row.cells[table.at[one.name]];
          if (!/^\d{4}/.test(text)) return false;
          var span = days(text);
          return (!state.from || span[1] >= days(state.from)[0]) && (!state.to || span[0] <= days(state.to)[1]);
        })) return false;
      }
      if (words.length) {
        row.folded = row.folded || fold([row.title].concat(row.cells, columns.map(function (one) { return one.target || one.pair || one.values ? label(table, one, row) : ""; })).join(" "));
        return words.every(function (word) { return row.folded.includes(word); });
      }
      return true;
    }
    function facetOf(name) { return facets.find(function (facet) { return facet.column.name === name && facet.seen; }); }
    function sorted(list) {
      var name = state.sort.replace(/^-/, ""), back = state.sort.startsWith("-") ? -1 : 1;
      if (!name) return list;
      var one = name === "*" ? null : column(name);
      if (!one && name !== "*") return list;
      function value(row) { var text = one ? label(table, one, row) : row.title; return one && one.number ? (text === "" ? NaN : Number(text)) : fold(text); }
      return list.slice().sort(function (a, b) {
        var x = value(a), y = value(b), lacks = (x === "" || x !== x) - (y === "" || y !== y);
        return lacks || (x < y ? -back : x > y ? back : a.at - b.at);
      });
    }
    function line(row) {
      var made = el("tr");
      if (about.paged) { var first = el("th", null, { scope: "row" }); first.append(el("a", row.title, { href: up + row.href })); made.append(first); }
      shown.forEach(function (name, place) {
        var node = cell(table, column(name), row);
        if (!about.paged && !place) { var th = el("th", null, { scope: "row" }); th.append.apply(th, Array.from(node.childNodes)); node = th; }
        made.append(node);
      });
      return made;
    }
    function draw() {
      var words = fold(state.q).split(/\s+/).filter(Boolean);
      hits = sorted(table.rows.filter(function (row) { return matches(row, words); }));
      room = 100;
      head.replaceChildren();
      (about.paged ? ["*"] : []).concat(shown).forEach(function (name) {
        var th = el("th", null, { scope: "col" }), title = name === "*" ? "Record" : column(name).title, button = el("button", title, { type: "button" });
        if (name !== "*" && column(name).number) th.className = "n";
        th.setAttribute("aria-sort", state.sort === name ? "ascending" : state.sort === "-" + name ? "descending" : "none");
        button.onclick = function () { state.sort = state.sort === name ? "-" + name : name; go(); focusHead(name); };
        button.dataset.name = name;
        th.append(button);
        head.append(th);
      });
      body.replaceChildren.apply(body, hits.slice(0, room).map(line));
      more();
      say(number(hits.length) + " of " + number(table.rows.length) + " rows" + (hits.length ? "" : ": remove " + Object.keys(chips()).join(" or ")));
      drawControls();
      if ($("rest")) $("rest").hidden = true;
    }
    function focusHead(name) { var button = head.querySelector('button[data-name="' + CSS.escape(name) + '"]'); if (button) button.focus(); }
    function more() { $("more").hidden = hits.length <= room; }
    function chips() {
      var found = {};
      for (var name in state.set) found[name + "=" + state.set[name]] = (function (one) { return function () { delete state.set[one]; }; })(name);
      ["q", "from", "to"].forEach(function (name) { if (state[name]) found[(name === "q" ? "words" : name) + "=" + state[name]] = function () { state[name] = ""; }; });
      return found;
    }
    function field(title, node) { var wrap = el("label", title); wrap.append(node); return wrap; }
    function drawControls() {
      var focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.control : null, at = document.activeElement.selectionStart;
      var row = el("div", null, { class: "row" }), input = el("input", null, { type: "search", "data-control": "q", autocomplete: "off" });
      input.value = state.q;
      input.oninput = function () { state.q = input.value; clearTimeout(input.timer); input.timer = setTimeout(function () { if (address) history.replaceState(null, "", link() || location.pathname.split("/").pop()); draw(); }, 120); };
      row.append(field("Words in any column", input));
      facets.forEach(function (facet) {
        var one = facet.column, name = one.name, control;
        if (facet.seen) {
          control = el("select", null, { "data-control": name });
          control.append(el("option", "all", { value: "" }));
          Array.from(facet.seen).map(function (entry) {
            var row = table.rows.find(function (each) { return each.cells[table.at[name]] === entry[0]; });
            var missing = (one.missing || {})[entry[0]];
            return [entry[0], missing ? missing[1] : label(table, one, row), entry[1]];
          }).sort(function (a, b) { return a[1] < b[1] ? -1 : 1; }).forEach(function (entry) { control.append(el("option", entry[1] + " (" + number(entry[2]) + ")", { value: entry[0] === "" ? "\u0000" : entry[0] })); });
          control.value = name in state.set ? state.set[name] || "\u0000" : "";
          control.onchange = function () { if (control.value === "") delete state.set[name]; else state.set[name] = control.value === "\u0000" ? "" : control.value; go(); };
        } else {
          control = el("input", null, { type: "text", "data-control": name, autocomplete: "off" });
          control.value = state.set[name] || "";
          control.onchange = function () { if (control.value) state.set[name] = control.value; else delete state.set[name]; go(); };
        }
        row.append(field(one.title, control));
      });
      if (dated.length) ["from", "to"].forEach(function (name) {
        var control = el("input", null, { type: "text", size: 10, placeholder: "2024-10", "data-control": name, pattern: "[0-9]{4}(-[0-9]{2}){0,2}" });
        control.value = state[name];
        control.onchange = function () { state[name] = /^\d{4}(-\d\d){0,2}$/.test(control.value) ? control.value : ""; go(); };
        row.append(field(name === "from" ? "Dated from" : "Dated to", control));
      });
      var line = el("div", null, { class: "chips" }), set = chips();
      Object.keys(set).forEach(function (text) { var chip = el("button", text, { type: "button", "aria-label": "remove " + text }); chip.onclick = function () { set[text](); go(); }; line.append(chip); });
      var tools = el("p", null, { class: "tools" });
      [["CSV", csv, "text/csv"], ["JSON", json, "application/json"], ["XLSX", xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]].forEach(function (kind) {
        var button = el("button", kind[0] + " of these rows", { type: "button", "data-control": "get" + kind[0] });
        button.onclick = function () { save(about.name + "-" + about.version + "-" + about.table + "." + kind[0].toLowerCase(), kind[1](), kind[2]); };
        tools.append(button, " ");
      });
      if (address) { var copy = el("button", "Copy the link", { type: "button", "data-control": "link" }); copy.onclick = function () { put(location.href, copy); }; tools.append(copy); }
      var choose = el("details"), list = el("div");
      choose.open = !!(controls.querySelector("details") || {}).open;
      choose.append(el("summary", "Columns"), list);
      columns.forEach(function (one) {
        var check = el("input", null, { type: "checkbox", "data-control": "show-" + one.name }), wrap = el("label", null, { class: "check" });
        check.checked = shown.includes(one.name);
        check.onchange = function () {
          shown = columns.map(function (each) { return each.name; }).filter(function (name) { return name === one.name ? check.checked : shown.includes(name); });
          if (!shown.length) shown = about.shown;
          state.show = shown.join(",");
          go();
        };
        wrap.append(check, one.title);
        list.append(wrap);
      });
      controls.replaceChildren(row, line, tools, choose);
      controls.hidden = false;
      if (focused) { var again = controls.querySelector('[data-control="' + CSS.escape(focused) + '"]'); if (again) { again.focus(); if (at !== null && at !== undefined && again.type === "search") again.setSelectionRange(at, at); } }
    }
    function selection() {
      var heads = [];
      columns.forEach(function (one) { heads.push(one.name); if (one.target || one.pair || one.values) heads.push(one.name + "_label"); });
      return [heads].concat(hits.map(function (row) {
        var out = [];
        columns.forEach(function (one) { out.push(row.cells[table.at[one.name]]); if (one.target || one.pair || one.values) out.push(row.cells[table.at[one.name]] ? label(table, one, row) : ""); });
        return out;
      }));
    }
    function readme() { return about.name + " " + about.version + ", table " + about.table + "; rows: " + (Object.keys(chips()).join(", ") || "all") + "; licence: " + about.licence + "; cite as: " + about.cite; }
    function csv() {
      function quoted(text) { return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; }
      return "# " + readme().replace(/[\r\n]+/g, " ") + "\n" + selection().map(function (row) { return row.map(quoted).join(","); }).join("\n") + "\n";
    }
    function json() {
      var all = selection(), heads = all[0];
      return JSON.stringify({ about: readme(), rows: all.slice(1).map(function (row) { var out = {}; row.forEach(function (text, at) { if (text !== "") out[heads[at]] = text; }); return out; }) }, null, 1) + "\n";
    }
    function xlsx() { return workbook([["rows", selection()], ["about", [[readme()]]]]); }
    if (address) addEventListener("popstate", function () { read(); draw(); });
    $("showmore").onclick = function () { body.append.apply(body, hits.slice(room, room + 200).map(line)); room += 200; more(); };
    read();
    if (!address) { state = { q: "", sort: "", set: {}, from: "", to: "" }; shown = about.shown; }
    return { draw: draw, controls: drawControls, find: function (text) { state.q = text; draw(); } };
  }

  // A workbook of texts: a zip archive whose files are stored and not compressed.
  function workbook(sheets) {
    function safe(text) { return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").slice(0, 32767).replace(/&/g, "&amp;").replace(/</g, "&lt;"); }
    var head = '<?xml version="1.0" encoding="UTF-8"?>', space = "http://schemas.openxmlformats.org/", files = {
      "[Content_Types].xml": '<Types xmlns="' + space + 'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' + sheets.map(function (_, at) { return '<Override PartName="/xl/s' + at + '.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'; }).join("") + "</Types>",
      "_rels/.rels": '<Relationships xmlns="' + space + 'package/2006/relationships"><Relationship Id="r" Type="' + space + 'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      "xl/workbook.xml": '<workbook xmlns="' + space + 'spreadsheetml/2006/main" xmlns:r="' + space + 'officeDocument/2006/relationships"><sheets>' + sheets.map(function (sheet, at) { return '<sheet name="' + sheet[0] + '" sheetId="' + (at + 1) + '" r:id="r' + at + '"/>'; }).join("") + "</sheets></workbook>",
      "xl/_rels/workbook.xml.rels": '<Relationships xmlns="' + space + 'package/2006/relationships">' + sheets.map(function (_, at) { return '<Relationship Id="r' + at + '" Type="' + space + 'officeDocument/2006/relationships/worksheet" Target="s' + at + '.xml"/>'; }).join("") + "</Relationships>"
    };
    sheets.forEach(function (sheet, at) {
      files["xl/s" + at + ".xml"] = '<worksheet xmlns="' + space + 'spreadsheetml/2006/main"><sheetData>' + sheet[1].map(function (row) { return "<row>" + row.map(function (text) { return '<c t="inlineStr"><is><t xml:space="preserve">' + safe(text) + "</t></is></c>"; }).join("") + "</row>"; }).join("") + "</sheetData></worksheet>";
    });
    var table = [], parts = [], index = [], offset = 0, coder = new TextEncoder();
    for (var n = 0; n < 256; n++) { var c = n; for (var k = 0; k < 8; k++) c = c & 1 ? 3988292384 ^ (c >>> 1) : c >>> 1; table[n] = c >>> 0; }
    function crc(bytes) { var c = -1; for (var at = 0; at < bytes.length; at++) c = table[(c ^ bytes[at]) & 255] ^ (c >>> 8); return (c ^ -1) >>> 0; }
    function packed(list) { var out = []; list.forEach(function (pair) { for (var at = 0; at < pair[1]; at++) out.push((pair[0] >>> (8 * at)) & 255); }); return new Uint8Array(out); }
    for (var name in files) {
      var data = coder.encode(head + files[name]), title = coder.encode(name), sum = crc(data);
      var common = [[20, 2], [2048, 2], [0, 2], [0, 2], [33, 2], [sum, 4], [data.length, 4], [data.length, 4], [title.length, 2], [0, 2]];
      parts.push(packed([[67324752, 4]].concat(common)), title, data);
      index.push(packed([[33639248, 4], [20, 2]].concat(common, [[0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]])), title);
      offset += 30 + title.length + data.length;
    }
    var size = index.reduce(function (sum, piece) { return sum + piece.length; }, 0), many = index.length / 2;
    return new Blob(parts.concat(index, packed([[101010256, 4], [0, 2], [0, 2], [many, 2], [many, 2], [size, 4], [offset, 4], [0, 2]])));
  }
  function save(name, content, type) {
    var address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: type })), link = el("a", null, { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
  }
  function put(text, button) {
    function done() { var before = button.textContent; button.textContent = "Copied"; setTimeout(function () { button.textContent = before; }, 1500); }
    function old() { var area = el("textarea"); area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); button.focus(); done(); }
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, old); else old();
  }
  function table() {
    var key = document.body.dataset.table, files = (document.body.dataset.shards || "").split(" ").filter(Boolean);
    if (!key || !$("table")) return;
    var view = null;
    function ready(draw) {
      var left = files.length;
      files.forEach(function (file) { load(file, function () { left -= 1; if (left) return; view = view || browse(key, true); if (draw) view.draw(); else view.controls(); }); });
    }
    if (location.search.length > 1) { ready(true); return; }
    var open = el("button", "Filter, sort and download these rows", { type: "button" });
    open.onclick = function () { ready(true); $("controls").addEventListener("focusin", function () {}, { once: true }); };
    $("controls").append(open);
    $("controls").hidden = false;
  }
  function copies() {
    document.querySelectorAll("button.copy").forEach(function (button) { button.hidden = false; button.onclick = function () { put($(button.dataset.copy).textContent, button); }; });
  }
  function embed() {
    var part = $("embed");
    if (!part) return;
    function address() {
      var root = new URL(up || ".", location.href).href, folder = part.dataset.folder + "/";
      if (root.endsWith(folder) && part.dataset.permanent && !$("follow").checked) root = root.slice(0, -folder.length) + part.dataset.permanent + "/";
      return root + part.dataset.embed;
    }
    function code() { $("embed-code").textContent = '<iframe src="' + address().replace(/&/g, "&amp;").replace(/"/g, "&quot;") + '" title="' + part.dataset.title.replace(/&/g, "&amp;").replace(/"/g, "&quot;") + '" width="100%" height="480" loading="lazy"></iframe>'; }
    $("follow").onchange = code;
    $("follow").closest("p").hidden = !part.dataset.permanent;
    code();
    part.hidden = false;
  }
  var AGREES = (document.body.dataset.agrees || "").split(" ");
  function pair() {
    var form = $("pair"), body = $("answer").tBodies[0];
    load("data/signatories.js", function () {
      var table = tables.signatories, at = table.at, a = $("pair-a"), b = $("pair-b");
      function acts(of) { var found = new Map(); table.rows.forEach(function (row) { if (row.cells[at.declaration] === of) { var had = found.get(row.cells[at.actor]); if (!had || AGREES.includes(row.cells[at.role])) found.set(row.cells[at.actor], row); } }); return found; }
      function agreed(row) { return row && AGREES.includes(row.cells[at.role]); }
      function draw() {
        var one = acts(a.value), two = acts(b.value), list = Array.from(one.values()).filter(agreed), only = list.filter(function (row) { return !agreed(two.get(row.cells[at.actor])); });
        var heads = $("answer").tHead.rows[0].cells;
        heads[1].textContent = a.selectedOptions[0].textContent;
        heads[2].textContent = b.selectedOptions[0].textContent;
        body.replaceChildren.apply(body, list.sort(function (x, y) { return label(table, table.about.columns[at.actor], x) < label(table, table.about.columns[at.actor], y) ? -1 : 1; }).map(function (row) {
          var made = el("tr"), th = el("th", null, { scope: "row" }), other = two.get(row.cells[at.actor]), to = target(table, table.about.columns[at.actor], row);
          th.append(to ? el("a", to[0], { href: up + to[1] }) : row.cells[at.actor]);
          made.append(th, el("td", row.cells[at.role].replace(/_/g, " ")), el("td", other ? other.cells[at.role].replace(/_/g, " ") : "no record"));
          return made;
        }));
        say(only.length + " of " + list.length + " stand behind the first and are not named behind the second; behind both: " + (list.length - only.length));
      }
      function go() { history.pushState(null, "", "?a=" + encodeURIComponent(a.value) + "&b=" + encodeURIComponent(b.value)); draw(); }
      function read() { var asked = new URLSearchParams(location.search); if (asked.get("a")) a.value = asked.get("a"); if (asked.get("b")) b.value = asked.get("b"); if (asked.get("a") || asked.get("b")) draw(); }
      a.onchange = b.onchange = go;
      addEventListener("popstate", function () { read(); draw(); });
      form.hidden = false;
      form.onsubmit = function (event) { event.preventDefault(); };
      read();
    });
  }
  var compared = null;
  function profiles(heads, actors) { compared = { heads: heads, actors: actors }; }
  function compare() {
    load("data/profiles.js", function () {
      var places = ["a", "b", "c", "d"].map(function (name) { return $("compare-" + name); });
      function draw() {
        var chosen = places.map(function (one) { return one.value; }).filter(function (one, at, all) { return one && all.indexOf(one) === at; });
        var head = $("answer").tHead.rows[0], differ = 0;
        head.replaceChildren(head.cells[0]);
        chosen.forEach(function (actor) { var th = el("th", null, { scope: "col" }), one = compared.actors[actor]; th.append(el("a", one[0], { href: up + one[1] })); head.append(th); });
        $("answer").tBodies[0].replaceChildren.apply($("answer").tBodies[0], compared.heads.map(function (title, at) {
          var row = el("tr"), th = el("th", title, { scope: "row" }), lists = chosen.map(function (actor) { return compared.actors[actor][2][at]; });
          var common = lists.length ? lists[0].filter(function (text) { return lists.every(function (list) { return list.includes(text); }); }) : [];
          var same = lists.every(function (list) { return list.length === common.length; });
          differ += !same;
          th.append(el("br"), el("span", same ? "the same" : "differs", { class: "quiet" }));
          row.append(th);
          lists.forEach(function (list) {
            var td = el("td"), own = list.filter(function (text) { return !common.includes(text); });
            if (!list.length) td.append(el("span", "none in the dataset", { class: "absent" }));
            if (own.length) { if (!same && common.length) td.append(el("p", "alone or not with all:", { class: "quiet" })); td.append(items(own)); }
            if (common.length) { if (!same) td.append(el("p", "with all:", { class: "quiet" })); td.append(items(common)); }
            row.append(td);
          });
          return row;
        }));
        say(differ + " of " + compared.heads.length + " rows differ");
      }
      function items(list) { if (list.length === 1) return el("p", list[0]); var node = el("ul"); list.forEach(function (text) { node.append(el("li", text)); }); return node; }
      function read() { var asked = new URLSearchParams(location.search); places.forEach(function (one, at) { var value = asked.get("abcd"[at]); if (value && compared.actors[value]) one.value = value; else if (at > 1) one.value = ""; }); draw(); }
      places.forEach(function (one) { one.onchange = function () { history.pushState(null, "", "?" + places.map(function (each, at) { return each.value ? "abcd"[at] + "=" + each.value : ""; }).filter(Boolean).join("&")); draw(); }; });
      addEventListener("popstate", read);
      $("compare").onsubmit = function (event) { event.preventDefault(); };
      $("compare").hidden = false;
      read();
    });
  }
  function day() {
    var form = $("day"), input = $("day-on"), lines = Array.from($("answer").tBodies[0].rows);
    function draw() {
      var on = input.value, count = 0;
      lines.forEach(function (row) {
        var begins = row.cells[0].textContent.trim(), ends = row.cells[1].textContent.trim();
        var fits = !on || (days(begins)[0] <= on && (!/^\d{4}/.test(ends) || days(ends)[1] >= on));
        row.hidden = !fits;
        count += fits;
      });
      say(on ? count + " of " + lines.length + " had begun by " + on + " and are not known to have ended before" : "");
    }
    input.oninput = function () { history.replaceState(null, "", input.value ? "?on=" + input.value : location.pathname.split("/").pop()); draw(); };
    form.onsubmit = function (event) { event.preventDefault(); };
    form.hidden = false;
    var asked = new URLSearchParams(location.search).get("on");
    if (asked) { input.value = asked; draw(); }
  }
  function subject() {
    // The actor that a reader chose goes along to tables and questions.
    var actor = new URLSearchParams(location.search).get("actor");
    if (!actor) return;
    document.querySelectorAll("nav.menu a, .columns a, main table a").forEach(function (link) {
      var href = link.getAttribute("href");
      if (href && !/[?#:]/.test(href) && /tables\/|questions\//.test(href)) link.setAttribute("href", href + "?actor=" + encodeURIComponent(actor));
    });
  }
  function settings() {
    var check = $("slash");
    if (!check) return;
    $("settings").hidden = false;
    check.checked = keep("slash") !== "off";
    check.onchange = function () { keep("slash", check.checked ? "on" : "off"); };
  }
  function explorer() {
    var choose = $("choose"), view;
    function open() { $("table").tHead.rows[0].replaceChildren(); view = browse(choose.value, false); view.draw(); }
    choose.onchange = open;
    document.addEventListener("click", function (event) {
      var link = event.target.closest ? event.target.closest("a[href]") : null, match = link && /^([^:#?]+)\/[^/]+\.html/.exec(link.getAttribute("href"));
      if (!match) return;
      event.preventDefault();
      var option = Array.from(choose.options).find(function (one) { return encodeURI(one.dataset.folder) === match[1]; });
      if (!option) return;
      choose.value = option.value;
      open();
      view.find(link.firstChild.textContent);
      $("found").hidden = true;
    });
    open();
  }
  function start() {
    box();
    copies();
    embed();
    settings();
    subject();
    if ("explorer" in document.body.dataset) explorer(); else table();
    if (document.body.dataset.live === "pair") pair();
    if (document.body.dataset.live === "day") day();
    if (document.body.dataset.live === "compare") compare();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  return { names: prepare, rows: rows, profiles: profiles, fold: fold, search: search };
})();
