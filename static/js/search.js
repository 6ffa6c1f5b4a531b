/* The options below the search field: htmx fetches them, arrows walk them, Enter opens one. */
(() => {
  "use strict";

  const field = document.querySelector("[data-search]");
  const list = document.getElementById("search-options");
  if (!field || !list) return;

  let chosen = -1;
  const options = () => [...list.querySelectorAll('[role="option"]')];

  function mark(place) {
    const all = options();
    chosen = all.length ? (place + all.length + 1) % (all.length + 1) : -1;
    if (chosen === all.length) chosen = -1; /* the field itself, between last and first */
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === chosen)));
    if (chosen < 0) {
      field.removeAttribute("aria-activedescendant");
    } else {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(-1);
  }

  list.addEventListener("htmx:afterSwap", () => {
    mark(-1);
    open(document.activeElement === field && field.value.trim() !== "" && list.childElementCount > 0);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!list.childElementCount) return;
      event.preventDefault();
      if (list.hidden) open(true);
      mark(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? options().length - 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      options()[chosen].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });

  field.addEventListener("input", () => {
    if (!field.value.trim()) open(false);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".deskbar-search")) open(false);
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest(".deskbar-search")) open(false);
  });
})();
