/* An incident's page, of staff or customers: what was said and changed appears by itself. What is
   read stays where it is, what somebody types or has opened is left alone until they are done. */
(() => {
  "use strict";

  const place = document.querySelector("[data-live-parts]");
  if (!place) return;
  const REGIONS = (place.dataset.liveRegions || "").split(" ").filter(Boolean);
  const waiting = new Map(); /* regions whose new look waits for somebody to be done there */
  const unread = new Set(); /* messages that came in and were not in view yet */
  let version = place.dataset.version; /* what the page shows */
  let newest = 0; /* the newest message of a person, and of anybody */
  let last = 0;
  let timer = 0;
  let isBusy = false;
  let isOwed = false;

  const ENTRY = "article.message[id], [id^='handover-'], .event[id]";
  const number = (one) => Number((/\d+$/.exec(one.id) || ["0"])[0]);
  const thread = () => document.querySelector("[data-live-thread]") || document.getElementById("incident-thread");

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(fetchParts, 150);
  }

  async function fetchParts() {
    if (isBusy) {
      isOwed = true;
      return;
    }
    isBusy = true;
    try {
      const answer = await fetch(place.dataset.liveParts, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (answer.ok && !answer.headers.get("HX-Redirect")) merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      /* the next event or the next minute asks again */
    } finally {
      isBusy = false;
      if (isOwed) soon();
      isOwed = false;
    }
  }

  function merge(fresh) {
    const shown = fresh.querySelector("[data-live-version]");
    if (!shown) return;
    newest = Number(shown.dataset.liveNewest || 0);
    last = Number(shown.dataset.liveLast || 0);
    addMessages(fresh);
    for (const name of REGIONS) {
      const next = fresh.getElementById(name);
      const now = document.getElementById(name);
      if (next && now && next.outerHTML !== now.dataset.asServed) waiting.set(name, next);
    }
    settle();
    version = shown.dataset.liveVersion;
    place.dataset.version = version;
    if (!unread.size) caughtUp();
  }

  /* Forms say what their author had seen: facts at once, words when they were in view. */
  function caughtUp() {
    for (const input of document.querySelectorAll("input[data-knows]")) input.value = version;
    for (const input of document.querySelectorAll("input[name=seen]")) {
      if (newest && Number(input.value) < newest) input.value = newest;
    }
    const seen = document.getElementById("seen");
    if (seen && last) seen.dataset.seenUpto = last;
    document.dispatchEvent(new CustomEvent("live:shown"));
  }

  function addMessages(fresh) {
    const list = thread();
    const said = fresh.querySelector("[data-live-thread], #incident-thread");
    if (!list || !said) return;
    const added = [];
    for (const one of [...said.querySelectorAll(ENTRY)]) {
      const known = document.getElementById(one.id);
      if (known) remark(known, one);
      else if (isLater(one, list)) added.push(one);
    }
    if (!added.length) return;
    if (!document.getElementById("new")) {
      const mark = document.createElement("p");
      mark.className = "new-mark";
      mark.id = "new";
      mark.textContent = "New";
      list.append(mark);
    }
    for (const one of added) {
      const message = document.importNode(one, true);
      message.classList.add("is-new");
      list.append(message);
      if (window.htmx) window.htmx.process(message);
      unread.add(message);
      watcher.observe(message);
    }
    announce(added);
    jump();
  }

  /* The first of a long conversation and those on demand are older than what is shown. */
  function isLater(one, list) {
    const newestShown = Math.max(0, ...[...list.querySelectorAll("article.message[id]")].map(number));
    if (one.matches("article.message")) return number(one) > newestShown;
    return !one.nextElementSibling;
  }

  /* An answer that came back gets its mark. */
  function remark(known, one) {
    const [now, next] = [known, one].map((each) => each.querySelector(".message-mark"));
    if (now && next && now.textContent.trim() !== next.textContent.trim()) now.replaceWith(document.importNode(next, true));
  }

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || document.hidden) continue;
      unread.delete(entry.target);
      watcher.unobserve(entry.target);
    }
    jump();
    if (!unread.size) caughtUp();
  }, { threshold: 0.2 });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const message of unread) {
      watcher.unobserve(message);
      watcher.observe(message);
    }
  });

  function announce(added) {
    const status = document.querySelector("[data-live-said]");
    const names = [...new Set(added.map((one) => (one.querySelector(".message-who strong") || {}).textContent).filter(Boolean))];
    if (status && names.length) status.textContent = `New: ${names.join(", ")}`;
  }

  /* A button where the new message is out of view: nothing scrolls by itself. */
  function jump() {
    const button = document.querySelector("[data-live-jump]");
    if (!button) return;
    button.hidden = !unread.size;
    button.textContent = unread.size > 1 ? `${unread.size} new messages` : "1 new message";
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-live-jump]")) return;
    const first = unread.values().next().value;
    if (first) first.scrollIntoView({ block: "nearest" });
  });

  /* A part in which the focus is, or something is open or typed, waits. */
  function isInUse(region) {
    if (region.contains(document.activeElement) && document.activeElement !== document.body) return true;
    return Boolean(region.querySelector("details[data-prop][open], details[data-menu][open], textarea:focus"));
  }

  function settle() {
    for (const [name, next] of waiting) {
      const now = document.getElementById(name);
      if (!now) waiting.delete(name);
      else if (!isInUse(now)) {
        const fresh = document.importNode(next, true);
        fresh.dataset.asServed = next.outerHTML;
        now.replaceWith(fresh);
        if (window.htmx) window.htmx.process(fresh);
        waiting.delete(name);
      }
    }
  }
  document.addEventListener("focusout", () => window.setTimeout(settle, 50));
  document.addEventListener("toggle", () => window.setTimeout(settle, 50), true);

  document.addEventListener("live:changed", soon);
  document.addEventListener("live:missed", soon);
  document.addEventListener("live:out", () => {
    const note = document.querySelector("[data-live-out]");
    if (note) note.hidden = false;
  });
  /* What htmx changed on the page is newer than what is on its way; its answer says which it is. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const said = event.detail.xhr && event.detail.xhr.getResponseHeader("X-Incident-Version");
    if (!said) return;
    version = said;
    place.dataset.version = said;
    if (!unread.size) caughtUp();
  });

  /* Whoever reads the incident has read what stands about it in their bell. */
  let told = 0;
  document.addEventListener("live:bell", (event) => {
    const { unread } = event.detail;
    if (!unread || unread === told || document.hidden || !place.dataset.liveRead) return;
    told = unread;
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" };
    const body = new URLSearchParams({ subject: place.dataset.liveSubject });
    fetch(place.dataset.liveRead, { method: "POST", headers, body, keepalive: true }).catch(() => {});
  });

  /* Who looks, who types. */
  document.addEventListener("live:presence", (event) => {
    const { on, who } = event.detail;
    const line = document.querySelector("[data-live-presence]");
    if (!line || (on && on !== place.dataset.liveOn)) return;
    line.replaceChildren(...who.map(chip));
    line.hidden = !who.length;
  });

  function chip({ name, doing }) {
    const shown = document.createElement("span");
    shown.className = doing ? "onlooker is-typing" : "onlooker";
    const dot = document.createElement("span");
    dot.className = "onlooker-dot";
    dot.setAttribute("aria-hidden", "true");
    const words = { answer: "is typing an answer", note: "is typing a note" }[doing] || "is looking";
    shown.append(dot, document.createTextNode(`${name} ${words}`));
    return shown;
  }
})();
