/* An answer that can be taken back: counts down, undoes at once, and says when it is gone. */
(() => {
  "use strict";

  let timer = 0;
  const began = new Map(); /* since when each was seen: some come with a part of a page */

  async function undo(link) {
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
    const data = new FormData();
    data.append("do", "undo");
    link.setAttribute("aria-disabled", "true");
    const answer = await fetch(link.href, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    location.assign(answer.ok ? answer.url : link.href);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-undo]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    undo(link);
  });

  function gone(spot) {
    const section = spot.closest("section.sending");
    const line = section ? section.querySelector("p") : spot.parentElement;
    const button = section ? section.querySelector("form") : line.querySelector("[data-undo]");
    if (button) button.remove();
    spot.removeAttribute("data-sending");
    line.textContent = "Your answer is on its way.";
  }

  function count() {
    for (const spot of document.querySelectorAll("[data-sending]")) {
      if (!began.has(spot)) began.set(spot, performance.now());
      const left = Math.ceil(Number(spot.dataset.sending) - (performance.now() - began.get(spot)) / 1000);
      if (left > 0) spot.textContent = `${left} s`;
      else gone(spot);
    }
    window.clearTimeout(timer);
    if (document.querySelector("[data-sending]")) timer = window.setTimeout(count, 250);
  }
  count();
  document.addEventListener("htmx:load", count);
  document.addEventListener("htmx:oobAfterSwap", count);
})();
