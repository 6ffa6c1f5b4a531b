/* The composer of an incident: tabs, preview, what / # and @ insert, Ctrl+Enter. */
(() => {
  "use strict";

  const composer = document.querySelector("[data-composer]");
  if (!composer) return;
  const tabs = [...composer.querySelectorAll("[role=tab]")];
  const forms = [...composer.querySelectorAll("form.composer-form")];

  /* Tabs */
  function show(name, focus) {
    for (const tab of tabs) {
      const on = tab.getAttribute("aria-controls") === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    for (const form of forms) {
      form.parentElement.hidden = form.dataset.kind !== name;
      if (focus && form.dataset.kind === name) form.elements.namedItem("body").focus();
    }
  }
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(tab.getAttribute("aria-controls"), true));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
      show(next.getAttribute("aria-controls"), false);
      next.focus();
    });
  }
  const asked = window.location.hash.slice(1);
  const first = forms.some((form) => form.dataset.kind === asked) ? asked : composer.dataset.open;
  show(first || (forms[0] && forms[0].dataset.kind), Boolean(first && first === asked));
  /* For keys and the palette of the whole desk. */
  document.addEventListener("composer:open", (event) => show(event.detail, true));

  function insert(field, text, from, to) {
    field.focus();
    field.setSelectionRange(from, to);
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function grow(field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.22)}px`;
  }

  /* A list below the text: what fits what was typed since the sign. */
  function picker(form) {
    const field = form.elements.namedItem("body");
    const box = document.createElement("div");
    const search = document.createElement("input");
    const list = document.createElement("ul");
    const about = document.createElement("div");
    box.className = "composer-picker";
    box.hidden = true;
    search.type = "search";
    search.setAttribute("role", "combobox");
    search.setAttribute("aria-expanded", "true");
    search.setAttribute("aria-label", "Search");
    list.setAttribute("role", "listbox");
    list.id = `${form.dataset.kind}-picks`;
    search.setAttribute("aria-controls", list.id);
    about.className = "composer-about";
    about.setAttribute("aria-live", "polite");
    box.append(search, list, about);
    field.after(box);
    let rows = [];
    let at = 0;
    let from = 0;
    let source = "";
    let asking = 0;

    function close() {
      box.hidden = true;
      field.focus();
    }

    function mark() {
      [...list.children].forEach((item, index) => {
        item.setAttribute("aria-selected", String(index === at));
        if (index === at) { search.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
      });
      const row = rows[at];
      about.replaceChildren();
      if (!row) return;
      if (row.text && source === "canned") about.append(Object.assign(document.createElement("pre"), { textContent: row.text }));
      for (const line of row.does || []) about.append(Object.assign(document.createElement("p"), { className: "small", textContent: line }));
      for (const line of row.missing || []) about.append(Object.assign(document.createElement("p"), { className: "small is-warning", textContent: line }));
    }

    async function look() {
      const mine = (asking += 1);
      const words = new URLSearchParams({ source, q: search.value, kind: form.dataset.kind });
      const answer = await fetch(`${composer.dataset.sources}?${words}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== asking) return;
      rows = (await answer.json()).rows;
      at = 0;
      list.replaceChildren(...rows.map((row, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.append(Object.assign(document.createElement("strong"), { textContent: row.title }));
        if (row.note) item.append(" ", Object.assign(document.createElement("span"), { className: "quiet small", textContent: row.note }));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); at = index; choose(); });
        return item;
      }));
      if (!rows.length) list.append(Object.assign(document.createElement("li"), { className: "quiet", textContent: "Nothing fits." }));
      mark();
    }

    function choose() {
      const row = rows[at];
      if (!row) return;
      box.hidden = true;
      insert(field, row.text, from, field.selectionEnd);
      grow(field);
      if (source === "canned") use(form, row);
    }

    search.addEventListener("input", look);
    search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at = rows.length ? (at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length : 0;
        mark();
      } else if (event.key === "Enter") {
        event.preventDefault();
        choose();
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    search.addEventListener("blur", () => window.setTimeout(() => { if (!box.contains(document.activeElement)) box.hidden = true; }, 150));

    return (name, start, words = "") => {
      source = name;
      from = start;
      search.value = words;
      search.placeholder = { canned: "Canned answer", links: "Article or known defect", people: "Colleague" }[name];
      /* Above the text, over whatever scrolls there. */
      const place = field.getBoundingClientRect();
      const below = place.top < window.innerHeight / 3;
      box.style.left = `${place.left}px`;
      box.style.width = `${Math.min(place.width, 704)}px`;
      box.style.top = below ? `${Math.min(place.bottom, window.innerHeight - 200)}px` : "auto";
      box.style.bottom = below ? "auto" : `${window.innerHeight - place.top + 4}px`;
      box.hidden = false;
      search.focus({ preventScroll: true });
      look();
    };
  }

  /* A canned answer does more than its text: it is said beside the button, and can be taken off. */
  function use(form, row) {
    const old = form.querySelector(".composer-macro");
    if (old) old.remove();
    if (row.then) {
      const then = form.elements.namedItem("then");
      if (then) { then.value = row.then; then.dispatchEvent(new Event("change", { bubbles: true })); }
    }
    if (!row.does.length && !row.missing.length) return;
    const note = document.createElement("p");
    note.className = "composer-macro small";
    if (row.acts) {
      const id = Object.assign(document.createElement("input"), { type: "hidden", name: "macro", value: row.id });
      note.append(id);
    }
    note.append([...row.missing, ...row.does].join(" "));
    if (row.acts) {
      const off = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-link", textContent: "Only the text" });
      off.addEventListener("click", () => note.remove());
      note.append(" ", off);
    }
    if (row.missing.length) note.classList.add("is-warning");
    form.querySelector(".composer-foot").before(note);
  }

  for (const form of forms) {
    const field = form.elements.namedItem("body");
    const open = picker(form);
    const preview = form.querySelector(".composer-preview");
    const look = form.querySelector("[data-look]");

    field.addEventListener("input", (event) => {
      grow(field);
      if (event.inputType !== "insertText" || event.isComposing) return;
      const at = field.selectionStart;
      const line = field.value.slice(field.value.lastIndexOf("\n", at - 1) + 1, at);
      const before = field.value.slice(at - 2, at - 1);
      if (event.data === "/" && line === "/") open("canned", at - 1);
      else if (event.data === "#" && line !== "#" && /^\s?$/.test(before)) open("links", at - 1);
      else if (event.data === "@" && /^\s?$/.test(before)) open("people", at - 1);
    });
    field.addEventListener("draft:taken", () => grow(field));

    form.querySelector("[data-canned]").addEventListener("click", () => open("canned", field.selectionStart));
    /* The palette of the whole desk names one; this list says what it would do. */
    if (form.dataset.kind === "answer") {
      document.addEventListener("composer:canned", (event) => {
        show("answer", true);
        open("canned", field.selectionStart, event.detail);
      });
    }

    look.addEventListener("click", async () => {
      const on = preview.hidden;
      look.setAttribute("aria-pressed", String(on));
      if (on) {
        const data = new FormData();
        data.append("body", field.value);
        const headers = { "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value };
        const answer = await fetch(composer.dataset.preview, { method: "POST", body: data, headers });
        preview.innerHTML = answer.ok ? await answer.text() : "";
        if (!answer.ok) preview.textContent = "No preview now. Your text is kept.";
      }
      preview.hidden = !on;
      field.closest(".field").hidden = on;
      if (!on) field.focus();
    });

    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-preferred]"));
    });
    /* What nobody filled in is not sent, whichever way it came into the text. */
    form.addEventListener("submit", (event) => {
      const raw = /\{\{\s*(?:reporter|organisation|incident|defect|engineer|desk)\.\w+[^{}]*\}\}/.exec(field.value);
      field.setCustomValidity("");
      if (!raw || form.dataset.kind !== "answer") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.setCustomValidity(`Fill in ${raw[0]} first.`);
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
    }, true);

    const then = form.elements.namedItem("then");
    const solution = form.querySelectorAll(".composer-solution");
    if (then && solution.length) {
      const only = () => { for (const one of solution) one.hidden = then.value !== "solved"; };
      then.addEventListener("change", only);
      only();
    }
    grow(field);
  }
})();
