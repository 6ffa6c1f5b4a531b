/* Side conversations: what one begins to write stays in this tab of the browser until it is sent, what
   is read is read in the bell, and what comes in appears by itself. Without it the forms are pages. */
(() => {
  "use strict";

  const place = () => document.getElementById("aside");
  const texts = () => [...document.querySelectorAll("#aside form[data-aside] textarea")];
  const keyOf = (field) => `aside-${place().dataset.asideOf}-${field.form.dataset.aside}`;

  function store(key, value) {
    try {
      if (value) sessionStorage.setItem(key, value);
      else sessionStorage.removeItem(key);
    } catch {
      /* a browser that keeps nothing */
    }
  }

  function kept(key) {
    try {
      return sessionStorage.getItem(key) || "";
    } catch {
      return "";
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("#aside form[data-aside] textarea")) store(keyOf(event.target), event.target.value);
  });
  document.addEventListener("submit", (event) => {
    const field = event.target.matches("#aside form[data-aside]") && event.target.querySelector("textarea");
    if (field) field.dataset.sent = "";
  }, true);
  /* What was taken needs keeping no more; what was refused comes back as it was typed. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = event.detail.requestConfig.elt.matches?.("#aside form[data-aside]") && event.detail.requestConfig.elt.querySelector("textarea");
    if (field && event.detail.xhr.status < 400) store(keyOf(field), "");
  });

  function focusOn() {
    const aside = place();
    const on = aside.dataset.focus;
    const sections = [...aside.querySelectorAll("form[data-aside]")];
    const form = sections.find((one) => one.dataset.aside === on) || sections.at(-2) || sections.at(-1);
    const field = form.querySelector(form.dataset.aside === "new" && !on ? "select" : "textarea");
    field.focus();
    field.closest("section").scrollIntoView({ block: "nearest" });
  }

  function shown(takesFocus) {
    const aside = place();
    if (!aside) return;
    for (const field of texts()) if (!field.value) field.value = kept(keyOf(field));
    if (takesFocus) focusOn();
    readThem(aside);
  }

  /* Who has the tab before their eyes has read what stands about it in their bell. */
  function readThem(aside) {
    if (document.hidden) return;
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" };
    for (const one of aside.querySelectorAll("[data-aside-unread]")) {
      const body = new URLSearchParams({ subject: one.dataset.asideUnread });
      one.removeAttribute("data-aside-unread");
      fetch(aside.dataset.asideRead, { method: "POST", headers, body, keepalive: true }).catch(() => {});
    }
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (target && (target.id === "incident-shown" || target.id === "aside")) shown(!event.detail.requestConfig?.elt.matches("[data-quietly]"));
  });
  document.addEventListener("visibilitychange", () => {
    if (place()) readThem(place());
  });

  /* Something came in: the number in the strip of tabs, and here what was said, unless somebody writes. */
  let told = null;
  document.addEventListener("live:bell", (event) => {
    const { unread } = event.detail;
    const isNews = told !== null && unread > told;
    told = unread;
    if (!isNews) return;
    document.dispatchEvent(new CustomEvent("live:missed"));
    const aside = place();
    if (!aside || !window.htmx) return;
    const isBusy = texts().some((one) => one.value) || aside.querySelector("details[open]");
    if (isBusy) aside.querySelector("[data-aside-new]").hidden = false;
    else refresh(aside);
  });

  function refresh(aside) {
    const within = aside.contains(document.activeElement);
    aside.toggleAttribute("data-quietly", !within);
    window.htmx.ajax("GET", aside.dataset.asideUrl, { target: "#incident-shown", source: aside });
  }

  if (place()) shown(false);
})();
