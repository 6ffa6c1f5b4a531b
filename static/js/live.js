/* What an open page hears: that something changed, who else looks, the bell. It asks where to listen,
   listens, and fetches what changed. Nothing that somebody reads moves, nothing typed is touched.
   Without the events' process it asks each minute. */
(() => {
  "use strict";

  const place = document.querySelector("[data-live-parts]") || document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;

  const POLL = 60000; /* between two questions while nothing is heard */
  const UNSEEN = 10000; /* how long a tab that nobody looks at keeps its line */
  const TYPED = 3000; /* between two words that somebody types */
  const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16)).join("");
  let line = null; /* the open stream */
  let address = "";
  let isOpen = false;
  let wait = 1000; /* before the next try */
  let hideTimer = 0;
  let retryTimer = 0;
  let typedAt = 0;

  const say = (name, detail) => document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));

  /* The small question. Sent as htmx's are, so that a page left open is no sign of a person. */
  async function ask() {
    const url = new URL(place.dataset.live, location.href);
    if (document.querySelector("[data-live-list]")) url.searchParams.set("list", "1");
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.status === 401 || answer.headers.get("HX-Redirect")) {
      say("out");
      return false;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    address = said.events;
    if (said.unread !== undefined) say("bell", { unread: said.unread });
    if (place.dataset.version && said.version !== place.dataset.version) say("changed", { version: said.version });
    return true;
  }

  async function begin() {
    window.clearTimeout(retryTimer);
    if (line || document.hidden) return;
    try {
      if (!(await ask())) return;
    } catch {
      again();
      return;
    }
    if (!line && !document.hidden) listen();
  }

  function again() {
    window.clearTimeout(retryTimer);
    retryTimer = window.setTimeout(begin, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, POLL);
  }

  function listen() {
    const opened = new EventSource(`${address}&tab=${tab}`);
    line = opened;
    let wasLost = false;
    opened.addEventListener("open", () => {
      isOpen = true;
      wait = 1000;
      place.dataset.heard = "1";
      if (wasLost) ask().catch(() => {}); /* what happened meanwhile */
      wasLost = false;
    });
    opened.addEventListener("error", () => {
      isOpen = false;
      wasLost = true;
      delete place.dataset.heard;
      say("presence", { on: "", who: [] });
      if (opened.readyState !== EventSource.CLOSED) return; /* it tries again by itself */
      hush();
      again();
    });
    const on = (name, what) => opened.addEventListener(name, (event) => what(JSON.parse(event.data)));
    on("changed", (facts) => {
      if (place.dataset.version && Number(facts.version) <= Number(place.dataset.version)) return;
      say("changed", facts);
    });
    on("presence", (facts) => say("presence", facts));
    on("bell", () => ask().catch(() => {}));
    on("missed", () => {
      say("missed");
      ask().catch(() => {});
    });
    on("renew", () => {
      hush();
      begin();
    });
  }

  function hush() {
    if (line) line.close();
    line = null;
    isOpen = false;
    delete place.dataset.heard;
  }

  /* A word to the events' process; nobody waits for it. */
  function tell(what, more = "") {
    if (!address) return;
    navigator.sendBeacon(`${address.replace("/events/", `/events/${what}/`)}&tab=${tab}${more}`);
  }

  document.addEventListener("visibilitychange", () => {
    window.clearTimeout(hideTimer);
    if (document.hidden) hideTimer = window.setTimeout(hush, UNSEEN);
    else begin();
  });
  window.addEventListener("pagehide", () => {
    tell("leave");
    hush();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) begin();
  });
  window.setInterval(() => {
    if (!isOpen) ask().catch(() => {});
  }, Number(place.dataset.poll) || POLL);

  /* What somebody types: an answer or a note, as the form says or by where it goes. */
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches("textarea, input[name=body], [contenteditable]")) return;
    const to = new URL(form.action, location.href).pathname;
    const doing = form.dataset.doing || (/\/(answer|note)\/$/.exec(to) || [])[1];
    if (!doing || Date.now() - typedAt < TYPED || !event.target.value) return;
    typedAt = Date.now();
    tell("doing", `&doing=${doing}`);
  });
  document.addEventListener("submit", (event) => {
    if (typedAt && event.target.method === "post") tell("doing", "&doing=");
    typedAt = 0;
  });

  /* The bell: how many are unread, also in the title of a tab that nobody looks at. */
  let title = document.title;
  document.addEventListener("live:bell", (event) => {
    const { unread } = event.detail;
    const count = document.querySelector("[data-bell-count]");
    if (count) {
      count.textContent = unread > 98 ? "99+" : String(unread);
      count.hidden = !unread;
    }
    title = title.replace(/^\(\d+\+?\) /, "");
    document.title = unread ? `(${count ? count.textContent : unread}) ${title}` : title;
  });

  begin();
})();
