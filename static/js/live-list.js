/* A list of incidents: says how many changed, and shows it when asked, or by itself while nobody
   works in the list. Marks the rows that somebody looks at. */
(() => {
  "use strict";

  const list = () => document.querySelector("[data-live-list]");
  if (!list()) return;
  const rows = () => list().querySelectorAll("tbody tr[id]");
  const keyOf = (row) => Number(row.id.slice(1));
  const STILL = 4000; /* since the pointer or a key was last in the list */
  const changed = new Set();
  const looking = new Map();
  let usedAt = 0;
  let missed = false;

  function note(facts) {
    if (facts.by && String(facts.by) === list().dataset.liveMe) return;
    changed.add(facts.incident || "");
    show();
  }

  function show() {
    const line = document.querySelector("[data-live-line]");
    if (!line) return;
    line.hidden = !changed.size && !missed;
    const count = missed ? "Some may have" : String(changed.size);
    line.querySelector("[data-live-count]").textContent = `${count} changed`;
    for (const row of rows()) row.toggleAttribute("data-changed", changed.has(keyOf(row)));
  }

  function isInUse() {
    const now = list();
    const active = document.activeElement;
    if (now.querySelector("input:checked, [aria-selected=true], details[open]")) return true;
    if (active && active !== document.body && (now.contains(active) || active.matches("input, textarea, select"))) return true;
    if (document.querySelector("dialog[open]")) return true;
    return !document.hidden && (now.matches(":hover") || Date.now() - usedAt < STILL);
  }

  function refresh() {
    const now = list();
    if (!window.htmx || !now) return;
    changed.clear();
    missed = false;
    window.htmx.ajax("GET", now.dataset.liveList || location.href, { target: `#${now.id}`, select: `#${now.id}`, swap: "outerHTML" });
  }

  for (const kind of ["pointermove", "keydown", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (list() && list().contains(event.target)) usedAt = Date.now();
    }, { passive: true });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-live-show]")) refresh();
  });
  document.addEventListener("live:changed", (event) => note(event.detail));
  document.addEventListener("live:missed", () => {
    missed = true;
    show();
  });
  document.addEventListener("live:presence", (event) => {
    const { on, who } = event.detail;
    if (!on) looking.clear();
    else if (who.length) looking.set(on, who);
    else looking.delete(on);
    mark();
  });
  document.addEventListener("htmx:afterSettle", () => {
    show();
    mark();
  });
  window.setInterval(() => {
    if ((changed.size || missed) && !isInUse()) refresh();
  }, 1500);
  /* Where nothing is heard, the list looks again each minute. */
  window.setInterval(() => {
    if (document.querySelector("[data-live][data-heard]")) return;
    if (isInUse()) {
      missed = true;
      show();
    } else refresh();
  }, 60000);

  /* In the cell of the subject: initials, with the whole names for who asks. */
  function mark() {
    for (const row of rows()) {
      const who = looking.get(`incident:${keyOf(row)}`) || [];
      let spot = row.querySelector("[data-onlookers]");
      if (!who.length) {
        if (spot) spot.remove();
        continue;
      }
      if (!spot) {
        spot = document.createElement("span");
        spot.dataset.onlookers = "";
        (row.cells[3] || row.lastElementChild).prepend(spot);
      }
      const words = who.map(({ name, doing }) => `${name} ${doing ? "is typing" : "is looking"}`).join(", ");
      spot.className = who.some(({ doing }) => doing) ? "row-onlookers is-typing" : "row-onlookers";
      spot.textContent = who.map(({ name }) => initials(name)).join(" ");
      spot.title = words;
      spot.setAttribute("role", "img");
      spot.setAttribute("aria-label", words);
    }
  }

  function initials(name) {
    return name.split(/\s+/).slice(0, 2).map((one) => one[0]).join("");
  }
})();
