/* Single keys of the desk. What each does is said by the server's table (tickets/reads/keys.py): the
   page marks with data-key what a key presses. */
(() => {
  "use strict";

  const desk = document.getElementById("desk-keys");
  if (!desk) return;
  const isOn = desk.dataset.single === "on";
  const go = Object.fromEntries(desk.dataset.go.split(" ").map((one) => [one[0], one.slice(1)]));
  /* The first kept views by their place: whose these are, the queue knows. */
  for (const digit of "123456789") go[digit] = `${desk.dataset.queue}?view=${digit}`;
  const WAIT = 1500; /* for the letter after g */
  let goes = 0;

  const isTyped = (target) =>
    target.isContentEditable ||
    target.closest("textarea, select, [contenteditable], [role=textbox], [role=combobox]") ||
    (target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type));

  /* The composer is no part of this file: what it does not mark itself is found by its name. */
  const ELSE = { r: "#answer textarea[name=body]" };

  function shown(selector) {
    return [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
  }

  /* A field takes the focus, anything else is pressed. */
  function press(element) {
    if (element.matches("textarea, input:not([type=checkbox], [type=submit]), select")) {
      element.scrollIntoView({ block: "nearest" });
      element.focus();
      return;
    }
    element.focus();
    element.click();
  }

  const rows = () => {
    return [...document.querySelectorAll("main tbody tr")].filter((row) => row.checkVisibility() && linkOf(row));
  };
  const linkOf = (row) => row.querySelector("[data-open], .main-cell a[href], a[href]");

  function rowOfFocus(all) {
    return all.findIndex((row) => row.contains(document.activeElement));
  }

  function move(by) {
    const all = rows();
    if (!all.length) return false;
    const now = rowOfFocus(all);
    const to = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
    linkOf(all[to]).focus();
    all[to].scrollIntoView({ block: "nearest" });
    return true;
  }

  function onRow(key) {
    const all = rows();
    const row = all[rowOfFocus(all)];
    if (!row) return false;
    if (key === "o") linkOf(row).click();
    else {
      const box = row.querySelector("input[type=checkbox][name=pick]");
      if (!box) return false;
      box.click();
    }
    return true;
  }

  async function showKeys() {
    const answer = await fetch(desk.dataset.keys, { headers: { "HX-Request": "true" } });
    if (!answer.ok || document.querySelector("dialog[open]")) return;
    const dialog = document.createElement("dialog");
    dialog.className = "keys-dialog";
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.innerHTML = await answer.text();
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
  }
  document.addEventListener("desk:keys", showKeys);

  function act(event) {
    const key = event.key;
    if (goes && Date.now() - goes < WAIT) {
      goes = 0;
      if (!go[key]) return false;
      location.assign(go[key]);
      return true;
    }
    goes = 0;
    if (key === "?") {
      showKeys();
      return true;
    }
    if (key === "/") {
      const field = shown("[data-search]");
      if (!field) return false;
      field.focus();
      field.select();
      return true;
    }
    if (key === "g") {
      goes = Date.now();
      return true;
    }
    const marked = shown(`[data-key="${CSS.escape(key === "]" ? "j" : key === "[" ? "k" : key)}"]`);
    if (marked) {
      press(marked);
      return true;
    }
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
    if (key === "o" || key === "x") return onRow(key);
    const other = ELSE[key] && shown(ELSE[key]);
    if (other) press(other);
    return Boolean(other);
  }

  document.addEventListener("keydown", (event) => {
    if (!isOn || event.defaultPrevented || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (isTyped(event.target) || document.querySelector("dialog[open]")) return;
    if (act(event)) event.preventDefault();
  });

  /* Back keeps the place: the row that was opened has the focus again. */
  const here = () => `row:${location.pathname}${location.search}`;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main tbody a[href]");
    if (link) sessionStorage.setItem(here(), link.getAttribute("href").split("?")[0]);
  });

  /* An incident that is opened out of the queue keeps the queue's words and view: next, previous, back. */
  function keepList(event) {
    const link = event.target.closest("#queue a[href]");
    if (!link || location.pathname !== desk.dataset.queue || link.search) return;
    if (link.pathname.startsWith(desk.dataset.incidents)) link.search = `?from=${encodeURIComponent(location.search)}`;
  }
  document.addEventListener("click", keepList, true);
  document.addEventListener("auxclick", keepList, true);
  function takePlace() {
    const kind = performance.getEntriesByType("navigation")[0];
    const named = /^#r\d+$/.test(location.hash) && document.querySelector(location.hash);
    const href = sessionStorage.getItem(here());
    const came = kind && kind.type === "back_forward";
    const link = named || (came && href && document.querySelector(`main a[href^="${CSS.escape(href)}"]`));
    if (!link) return;
    const target = link.matches("a") ? link : linkOf(link);
    if (target) target.focus();
  }
  window.addEventListener("pageshow", takePlace);
})();
