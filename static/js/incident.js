/* The incident's page: tabs, forms in place, where the focus goes. Without it every link is a page. */
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);

  /* What the sheet holds goes; the composer below it is as it was. */
  function closeSheet() {
    const sheet = byId("incident-sheet");
    if (!sheet || !sheet.firstElementChild) return false;
    const by = sheet.dataset.by;
    sheet.replaceChildren();
    const opener = by && document.querySelector(`[data-offer="${CSS.escape(by)}"]`);
    const shown = opener && opener.checkVisibility() ? opener : byId("incident-more")?.querySelector("summary");
    if (shown) shown.focus();
    return true;
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  function markTab(name) {
    for (const tab of document.querySelectorAll("#incident-tabs [data-tab]")) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  function focusFirst(place) {
    const field = place.querySelector("select, textarea, input:not([type=hidden])");
    if (field && !place.querySelector(":focus:not(summary)")) field.focus();
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    if (event.target.closest("details[data-menu] ul a")) closeMenus();
    if (event.target.closest("[data-close-sheet]")) {
      event.preventDefault();
      closeSheet();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const menu = document.querySelector("details[data-menu][open], details[data-prop][open]");
    const inside = event.target.closest("details[data-menu][open], details[data-prop][open]") || menu;
    if (inside) {
      inside.open = false;
      inside.querySelector("summary").focus();
      event.preventDefault();
    } else if (closeSheet()) event.preventDefault();
  });

  /* From the text itself, as mail programs do it. What the composer has done already stays done. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const form = event.target.matches("textarea") && event.target.closest(".incident form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  /* A form that was fetched takes the focus; a tab is marked, and read from its beginning. Not before
     htmx has taken the form over: who types fast would send it as a page of its own. And not from
     somebody who is in one of its fields already. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.target;
    const by = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!place || !by) return;
    if (place.id === "incident-sheet") {
      place.dataset.by = by.dataset.offer || "";
      focusFirst(place);
    } else if (place.matches(".prop-form")) {
      focusFirst(place);
    } else if (place.id === "incident-shown") {
      markTab(by.dataset.tab || by.dataset.shows);
      const scroll = byId("incident-scroll");
      scroll.scrollTop = 0;
      if (by.dataset.shows) scroll.focus();
    }
  });

  /* A refused form comes back with its errors: it is shown, whatever its status. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    if (requestConfig.verb !== "post" || xhr.status < 400 || !target.matches("[data-form]")) return;
    if (!xhr.responseText.includes('name="key"')) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  /* After a change the focus is on what was changed. */
  const OF_ACTION = { assign: "owner", release: "owner", "no-defect": "defect" };
  document.addEventListener("incident:changed", (event) => {
    const name = OF_ACTION[event.detail.by] || event.detail.by;
    const property = byId(`prop-${name}`);
    const place = property ? property.querySelector("summary") : byId("incident-more")?.querySelector("summary");
    if (place) place.focus();
  });

  /* Conversation again: what is typed below stays, so it is no load of the page. */
  document.addEventListener("click", (event) => {
    const tab = event.target.closest('#incident-tabs [data-tab="conversation"]');
    if (!tab || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.htmx.ajax("GET", tab.href, { target: "#incident-shown", source: tab });
  });

  if (location.hash === "#new" || byId("new")) {
    const mark = byId("new");
    const scroll = byId("incident-scroll");
    /* What is new is read from its beginning, unless all of it is in view anyway. */
    if (mark && scroll && mark.getBoundingClientRect().top < scroll.getBoundingClientRect().top) mark.scrollIntoView();
  }
})();
