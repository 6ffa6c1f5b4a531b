/* A page that stood before somebody's eyes for a moment says up to which message it showed. */
(() => {
  "use strict";

  const LOOKED_FOR = 1000; /* milliseconds in the foreground: less is passing by */
  let said = 0;

  function say() {
    const mark = document.querySelector("[data-seen]");
    if (!mark || document.hidden) return;
    const upto = Number(mark.dataset.seenUpto);
    if (!(upto > said)) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    const body = new URLSearchParams({ upto: String(upto) });
    said = upto;
    fetch(mark.dataset.seen, { method: "POST", headers, body, keepalive: true }).catch(() => {
      said = 0; /* said again when the page is looked at the next time */
    });
  }

  const soon = () => window.setTimeout(say, LOOKED_FOR);
  document.addEventListener("visibilitychange", soon);
  document.addEventListener("htmx:afterSettle", soon);
  document.addEventListener("live:shown", soon); /* what came in by itself was in view */
  soon();
})();
