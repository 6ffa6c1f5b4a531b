/* The palette: Ctrl+K, a few letters, Enter. The server says what this person may do here now. */
(() => {
  "use strict";

  const desk = document.getElementById("desk-keys");
  if (!desk) return;
  const MOST = 60;
  let dialog = null;

  function build() {
    dialog = document.createElement("dialog");
    dialog.className = "palette";
    dialog.setAttribute("aria-label", "Do or find anything");
    dialog.innerHTML =
      '<input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"' +
      ' aria-label="Do or find anything" placeholder="Do or find anything" autocomplete="off" spellcheck="false">' +
      '<ul id="palette-list" role="listbox" aria-label="What can be done"></ul>' +
      '<p class="palette-none" role="status"></p>';
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    return dialog;
  }

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /* All words must be found; what begins with them comes first. */
  function fit(commands, typed) {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    if (!words.length) return commands.slice(0, MOST);
    const found = [];
    for (const command of commands) {
      const text = plain(`${command.group} ${command.words} ${command.more || ""}`);
      if (!words.every((word) => text.includes(word))) continue;
      const own = plain(command.words);
      const starts = words.filter((word) => own.startsWith(word) || own.includes(` ${word}`)).length;
      found.push([words.length - starts, found.length, command]);
    }
    found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    return found.slice(0, MOST).map((one) => one[2]);
  }

  /* A form that is fetched appears a moment later, and htmx takes it over a moment after that: then it is filled
     in, and its next field is next. */
  function fill(values) {
    const until = Date.now() + 5000;
    const look = () => {
      const names = Object.keys(values);
      const field = document.querySelector(`[data-form] [name="${CSS.escape(names[0])}"]`);
      if (!field || field.closest(".htmx-added, .htmx-settling")) {
        if (Date.now() < until) window.setTimeout(look, 60);
        return;
      }
      for (const name of names) {
        const one = field.form.querySelector(`[name="${CSS.escape(name)}"]`);
        if (one) one.value = values[name];
      }
      const next = [...field.form.querySelectorAll("input:not([type=hidden]), textarea, select")];
      const empty = next.find((one) => !one.value && one.type !== "checkbox" && one.required);
      (empty || field).focus();
    };
    look();
  }

  function run(command) {
    dialog.close();
    if (command.event) {
      document.dispatchEvent(new CustomEvent(command.event, { detail: command.detail }));
      return;
    }
    if (command.press) {
      const target = document.querySelector(command.press);
      if (!target) return;
      if (target.matches("summary")) target.parentElement.open = true;
      else if (target.matches("textarea, input:not([type=checkbox])")) target.focus();
      else target.click();
      if (target.matches("summary")) target.focus();
      if (command.set) fill(command.set);
      return;
    }
    location.assign(command.url);
  }

  function show(commands) {
    const input = dialog.querySelector("input");
    const list = dialog.querySelector("ul");
    const none = dialog.querySelector(".palette-none");
    let offered = [];
    let at = 0;

    function mark() {
      [...list.querySelectorAll("[role=option]")].forEach((item, index) => {
        item.setAttribute("aria-selected", String(index === at));
        if (index === at) {
          input.setAttribute("aria-activedescendant", item.id);
          item.scrollIntoView({ block: "nearest" });
        }
      });
    }

    function draw() {
      const typed = input.value.trim();
      offered = fit(commands, typed);
      if (typed && desk.dataset.search) {
        const url = `${desk.dataset.search}?q=${encodeURIComponent(typed)}`;
        offered.push({ group: "Search", words: `Search for “${typed}”`, url });
      }
      at = 0;
      list.replaceChildren();
      input.removeAttribute("aria-activedescendant");
      offered.forEach((command, index) => {
        const item = document.createElement("li");
        item.id = `palette-${index}`;
        item.setAttribute("role", "option");
        const group = document.createElement("span");
        group.className = "palette-group";
        group.textContent = command.group;
        const words = document.createElement("span");
        words.dir = "auto";
        words.textContent = command.words;
        item.append(group, words);
        if (command.key) {
          const key = document.createElement("kbd");
          key.textContent = command.key;
          item.append(key);
        }
        item.addEventListener("click", () => run(command));
        list.append(item);
      });
      none.textContent = offered.length ? "" : "Nothing fits. Fewer letters find more.";
      mark();
    }

    input.oninput = draw;
    input.onkeydown = (event) => {
      if (event.isComposing) return;
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by && offered.length) {
        at = (at + by + offered.length) % offered.length;
        mark();
        event.preventDefault();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (offered[at]) run(offered[at]);
      }
    };
    draw();
  }

  async function open() {
    const before = document.activeElement;
    dialog = dialog || build();
    const input = dialog.querySelector("input");
    input.value = "";
    show([]);
    dialog.querySelector(".palette-none").textContent = "";
    dialog.onclose = () => {
      if (before && before.isConnected && document.activeElement === document.body) before.focus();
    };
    dialog.showModal();
    const here = `${location.pathname}${location.search}`;
    const answer = await fetch(`${desk.dataset.palette}?here=${encodeURIComponent(here)}`);
    if (answer.ok && dialog.open) show((await answer.json()).commands.filter(isHere));
    else if (dialog.open) dialog.querySelector(".palette-none").textContent = "The desk can not be reached.";
  }

  /* What presses something of the page is offered where the page has it. */
  const isHere = (command) => !command.press || Boolean(document.querySelector(command.press));

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (dialog && dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-opens]")) open();
  });
})();
