/* What the pages do by themselves: remaining times, chosen files, questions before an action, menus. */
(() => {
  "use strict";

  const root = document.documentElement;
  root.classList.add("scripted");

  /* The server's clock decides what is due, not the one of this computer. */
  const skew = root.dataset.now ? Date.parse(root.dataset.now) - Date.now() : 0;
  const MINUTE = 60;
  const HOUR = 3600;
  const DAY = 86400;

  /* Of working time there are hours only: a day of it is none of the calendar's. */
  function span(seconds, isWorked = false) {
    if (seconds < MINUTE) return "less than a minute";
    const days = isWorked ? 0 : Math.floor(seconds / DAY);
    const hours = Math.floor((seconds - days * DAY) / HOUR);
    const minutes = Math.floor((seconds % HOUR) / MINUTE);
    if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
    if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
    return `${minutes} min`;
  }

  /* The same in a list's cell: 0:21, −0:03, 2 d 7 h. */
  function shortSpan(left, isWorked) {
    const minutes = Math.floor(Math.abs(left) / MINUTE);
    const hours = Math.floor(minutes / 60);
    const sign = left < 0 ? "−" : "";
    if (hours < 24 || isWorked) return `${sign}${hours}:${String(minutes % 60).padStart(2, "0")}`;
    const days = Math.floor(hours / 24);
    return hours % 24 ? `${sign}${days} d ${hours % 24} h` : `${sign}${days} d`;
  }

  /* Seconds of open time from `now` to the last of the spans ("from-to from-to", POSIX seconds). */
  function worked(spans, now) {
    let left = 0;
    for (const span of spans.split(" ")) {
      const [opens, closes] = span.split("-").map(Number);
      left += Math.max(0, closes - Math.max(opens, now));
    }
    return left;
  }

  function showRemaining() {
    for (const element of document.querySelectorAll("time[data-due], #queue td:nth-child(2) time[datetime], .queue-line time[datetime]")) {
      const isShort = !("due" in element.dataset);
      if (!isShort && !["open", "breached"].includes(element.dataset.state)) continue;
      const now = (Date.now() + skew) / 1000;
      let left = Date.parse(element.dateTime) / 1000 - now;
      if (Number.isNaN(left)) continue;
      /* A clock that stands at night counts working time, until it is over. */
      const stands = left >= 0 && Boolean(element.dataset.open);
      if (stands) left = worked(element.dataset.open, now);
      const text = isShort ? shortSpan(left, stands) : left >= 0 ? `${span(left, stands)} left` : `overdue by ${span(-left)}`;
      if (element.textContent !== text) element.textContent = text;
      element.toggleAttribute("data-overdue", left < 0);
    }
  }

  function bytes(size) {
    if (size < 1024) return `${size} bytes`;
    if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
    return `${(size / 1024 / 1024).toFixed(1)} MB`;
  }

  function showFiles(input) {
    const holder = input.closest("[data-max-bytes]");
    const limit = holder ? Number(holder.dataset.maxBytes) : Infinity;
    const list = document.createElement("ul");
    list.className = "file-list";
    list.setAttribute("role", "status");
    let refused = "";
    for (const file of input.files) {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const size = document.createElement("span");
      name.textContent = file.name;
      size.textContent = bytes(file.size);
      size.className = "nowrap";
      if (file.size > limit) {
        item.className = "too-big";
        size.textContent += `, over the limit of ${bytes(limit)}`;
        refused = `${file.name} is larger than ${bytes(limit)}.`;
      }
      item.append(name, size);
      list.append(item);
    }
    const old = input.parentElement.querySelector(":scope > .file-list");
    if (old) old.remove();
    if (input.files.length) input.after(list);
    input.setCustomValidity(refused);
  }

  /* Resolves to true when the person says yes. */
  function ask(question, yes) {
    const dialog = document.createElement("dialog");
    const text = document.createElement("p");
    const row = document.createElement("div");
    dialog.className = "ask";
    text.id = "ask-question";
    dialog.setAttribute("aria-labelledby", text.id);
    text.textContent = question;
    row.className = "actions";
    for (const [label, value, look] of [
      ["Cancel", "", "btn btn-outline-secondary"],
      [yes || "Yes, go on", "yes", "btn btn-primary"],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = look;
      button.textContent = label;
      button.addEventListener("click", () => dialog.close(value));
      row.append(button);
    }
    dialog.append(text, row);
    document.body.append(dialog);
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        resolve(dialog.returnValue === "yes");
        dialog.remove();
      });
      dialog.showModal();
    });
  }

  function toast(message) {
    const place = document.getElementById("toasts");
    if (!place) return;
    const note = document.createElement("div");
    const text = document.createElement("div");
    const close = document.createElement("button");
    note.className = "alert alert-error";
    text.textContent = message;
    close.type = "button";
    close.className = "dismiss";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Dismiss");
    close.textContent = "×";
    note.append(text, close);
    place.replaceChildren(note);
  }

  const agreed = new WeakSet();

  /* In the capture phase, so that htmx does not send what is still being asked. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const by = event.submitter;
    const asker = by && by.dataset.confirm ? by : form;
    if (!asker.dataset.confirm || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(asker.dataset.confirm, asker.dataset.confirmYes)) {
      agreed.add(form);
      form.requestSubmit(by);
    }
  }, true);

  /* A second click while the first is under way sends nothing. htmx forms guard themselves. */
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (event.submitter && event.submitter.formTarget) return; /* its answer fills a frame */
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    window.setTimeout(() => {
      sent.delete(form);
      if (event.submitter) event.submitter.removeAttribute("aria-busy");
    }, 8000);
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    showRemaining();
  });

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-opens]");
    if (toggle) {
      const open = document.getElementById(toggle.dataset.opens).classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".alert").remove();
    const back = event.target.closest("[data-back]");
    if (back) window.history.back();
    for (const menu of document.querySelectorAll("details.dropdown[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.dropdown[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* From the text itself to the first button of its form, where a form says so. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const form = event.target.closest("form[data-quick]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]"));
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file]")) showFiles(event.target);
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await ask(event.detail.question, event.target.dataset.confirmYes)) {
      event.detail.issueRequest(true);
    }
  });

  /* A refusal comes as a page or as a part of one; its sentence is what the person needs. */
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const words = page.querySelector("[data-refusal]");
    toast(words ? words.textContent.trim() : "That did not work. Reload the page and try again.");
  });
  document.addEventListener("htmx:sendError", () => {
    toast("The desk can not be reached. Check your connection and try again.");
  });

  /* A log that is wider than its place is scrolled by keys, too. */
  function reachScrolled() {
    for (const log of document.querySelectorAll("pre:not([tabindex])")) {
      if (log.scrollWidth > log.clientWidth) log.tabIndex = 0;
    }
  }

  document.addEventListener("htmx:afterSettle", showRemaining);
  document.addEventListener("htmx:afterSettle", reachScrolled);
  reachScrolled();
  window.setInterval(showRemaining, 30000);
  showRemaining();
})();
