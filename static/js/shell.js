/* The frame of the engineers' pages: menus of the rail, what an action said. */
(() => {
  "use strict";

  const SHOWN_FOR = 6000; /* of what went well; what did not stays until it is dismissed */

  /* One menu is open at a time, and none once something else is done. */
  function closeMenus(but) {
    for (const menu of document.querySelectorAll(".rail details[open]")) {
      if (menu !== but && !menu.contains(but)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".rail details")));
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest(".rail details")) closeMenus(null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest(".rail details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
    event.stopPropagation();
  });

  /* A region that is read out must change while it stands there: what came with the page is put in anew. */
  function announce() {
    const region = document.getElementById("messages");
    if (!region || region.dataset.announced === "yes" || !region.querySelector(".alert")) return;
    region.dataset.announced = "yes";
    const said = [...region.children];
    region.replaceChildren();
    window.requestAnimationFrame(() => region.append(...said));
    for (const one of said) {
      if (one.matches(".alert-success, .alert-info")) passes(one);
    }
  }

  /* It goes by itself, but not while somebody points at it or stands in it. */
  function passes(note) {
    window.setTimeout(() => {
      if (note.matches(":hover, :focus-within")) passes(note);
      else note.remove();
    }, SHOWN_FOR);
  }

  document.addEventListener("htmx:afterSettle", announce);
  announce();
})();
