/* Rows that are picked in a list: a range with shift, all of the page, and what is picked stays when the list is fetched anew. */
(() => {
  "use strict";

  const boxes = () => [...document.querySelectorAll("#queue input[name=pick]")];
  let last = null; /* the row that was picked last, by its incident */
  const key = (box) => box.value.split(".")[0];

  function changed() {
    const all = boxes();
    const count = all.filter((box) => box.checked).length;
    const whole = document.querySelector("[data-pick-all]");
    if (whole) {
      whole.checked = count > 0 && count === all.length;
      whole.indeterminate = count > 0 && count < all.length;
    }
    const bar = document.querySelector(".bulk-bar");
    if (bar) {
      bar.classList.toggle("is-open", count > 0);
      bar.querySelector("[data-picked]").textContent = `${count} chosen`;
      bar.setAttribute("aria-live", "polite");
    }
    document.dispatchEvent(new CustomEvent("picked", { detail: { count, rows: all.length } }));
  }

  function pick(box, to, isRange) {
    const all = boxes();
    const from = all.findIndex((one) => key(one) === last);
    const here = all.indexOf(box);
    const span = isRange && from >= 0 ? all.slice(Math.min(from, here), Math.max(from, here) + 1) : [box];
    for (const one of span) one.checked = to;
    last = key(box);
    changed();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("#queue input[name=pick]");
    if (box) pick(box, box.checked, event.shiftKey);
    if (event.target.closest("[data-pick-none]")) window.picking.clear();
    const whole = event.target.closest("[data-pick-all]");
    if (whole) {
      for (const one of boxes()) one.checked = whole.checked;
      changed();
    }
  });

  /* The keys of the bar, while it is there. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([name=pick])")) return;
    const bar = document.querySelector(".bulk-bar.is-open");
    const button = bar && bar.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  /* The refreshed list knows nothing of what was picked in the one before. */
  let kept = new Map();
  document.addEventListener("htmx:beforeSwap", () => {
    kept = new Map(boxes().filter((box) => box.checked).map((box) => [key(box), box.value]));
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const box of boxes()) {
      if (!kept.has(key(box))) continue;
      box.checked = true;
      box.value = kept.get(key(box)); /* as it was when it was picked: what changed since is said */
    }
    changed();
  });

  /* For the keys of the whole desk (keys.js): the row that one is at, and picking it. */
  window.picking = {
    toggle(row, isRange) {
      const box = row && row.querySelector("input[name=pick]");
      if (box) pick(box, !box.checked, isRange);
    },
    clear() {
      for (const one of boxes()) one.checked = false;
      changed();
    },
  };
  changed();
})();
