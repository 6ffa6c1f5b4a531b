/* Text and files of a form are kept on the server while one types: form[data-draft] names where. */
(() => {
  "use strict";

  const WAIT = 700;
  const AGAIN = 5000;
  const OURS = ["csrfmiddlewaretoken", "key", "seen", "draft", "kept", "files", "body", "after"];

  function bytes(size) {
    if (size < 1024 * 1024) return `${Math.max(1, Math.round(size / 1024))} kB`;
    return `${(size / 1024 / 1024).toFixed(1)} MB`;
  }

  function element(name, words, look) {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    if (look) made.className = look;
    return made;
  }

  function keep(form) {
    const url = form.dataset.draft;
    const version = form.elements.namedItem("draft");
    const body = form.elements.namedItem("body");
    const state = form.querySelector(".draft-state");
    const list = form.querySelector(".draft-files");
    const chooser = form.querySelector("input[type=file]");
    const limit = Number(form.dataset.maxBytes) || Infinity;
    /* In this tab alone, until the server has it: for a session that ended, a network that is away. */
    const backup = `draft:${form.dataset.draftOf}:${url}`;
    let timer = 0;
    let running = null;
    let waiting = false;
    let stopped = false;
    let uploads = 0;
    let sendBy = null;

    function filled() {
      const found = {};
      for (const field of form.elements) {
        if (!field.name || OURS.includes(field.name) || field.type === "submit") continue;
        if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
        found[field.name] = field.value;
      }
      return found;
    }
    const untouched = JSON.stringify(filled());

    function say(words, ...choices) {
      state.classList.toggle("is-warning", choices.length > 0);
      state.replaceChildren(document.createTextNode(words));
      for (const [label, act] of choices) {
        const button = element("button", label, "btn btn-sm btn-outline-secondary");
        button.type = "button";
        button.addEventListener("click", act);
        state.append(" ", button);
      }
    }

    function post(fields, signal) {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      const token = form.elements.namedItem("csrfmiddlewaretoken").value;
      const headers = { Accept: "application/json", "X-CSRFToken": token };
      return fetch(url, { method: "POST", body: data, headers, redirect: "manual", signal });
    }

    function signIn() {
      const back = window.location.pathname + window.location.search;
      window.location.assign(`/accounts/login/?next=${encodeURIComponent(back)}`);
    }

    function remember() {
      const kept = { body: body.value, fields: filled(), version: version.value };
      try { window.sessionStorage.setItem(backup, JSON.stringify(kept)); } catch { /* full, or off */ }
    }

    function forget() {
      try { window.sessionStorage.removeItem(backup); } catch { /* off */ }
    }

    async function save() {
      window.clearTimeout(timer);
      if (running) { waiting = true; return; }
      if (!body.value.trim() && version.value === "0" && JSON.stringify(filled()) === untouched) { forget(); return; }
      const typed = body.value;
      running = new AbortController();
      const fields = { do: "save", body: typed, version: version.value, fields: JSON.stringify(filled()) };
      try {
        const answer = await post(fields, running.signal);
        const said = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : null;
        if (answer.ok && said) {
          version.value = said.version;
          if (body.value === typed) forget();
          if (!sendBy) say(said.version ? `Draft kept ${said.at}` : "");
        } else if (said && said.code === "draft_changed") {
          say(said.detail, ["Take that text", take], ["Keep mine", mine]);
        } else if (said) {
          say(said.detail, ["Try again", save]);
        } else {
          say("Not kept: you were signed out. Your text stays in this tab.", ["Sign in", signIn]);
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          say("Not kept yet: the desk can not be reached.", ["Try again", save]);
          timer = window.setTimeout(save, AGAIN);
        }
      }
      running = null;
      if (waiting && !stopped) { waiting = false; save(); }
    }

    async function kept() {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      return answer.json();
    }

    function fill(fields) {
      for (const [name, value] of Object.entries(fields)) {
        const field = form.elements.namedItem(name);
        if (field && "value" in field) field.value = value;
      }
    }

    async function take() {
      const now = await kept();
      body.value = now.body;
      fill(now.fields);
      version.value = now.version;
      list.replaceChildren();
      for (const file of now.files) listed(file);
      forget();
      say(now.version ? `Draft kept ${now.at}` : "It was sent, or thrown away.");
      body.dispatchEvent(new CustomEvent("draft:taken", { bubbles: true }));
      body.focus();
    }

    async function mine() {
      version.value = (await kept()).version;
      save();
    }

    function listed(file) {
      const item = element("li");
      const label = element("label");
      const box = element("input");
      Object.assign(box, { type: "checkbox", name: "kept", value: file.id, checked: true });
      label.append(box, " ", element("span", file.name), " ", element("span", bytes(file.size), "quiet nowrap"));
      item.dataset.file = file.id;
      item.append(label);
      list.append(item);
      return item;
    }

    /* Each by itself, with its progress: one that is refused costs no other. */
    function upload(file) {
      const item = element("li", "", "is-going");
      const bar = element("progress");
      bar.max = 100;
      bar.setAttribute("aria-label", file.name);
      item.append(element("span", file.name), " ", bar);
      list.append(item);
      if (file.size > limit) { failed(item, file, `is larger than ${bytes(limit)}.`); return Promise.resolve(); }
      return new Promise((resolve) => {
        const sending = new XMLHttpRequest();
        const data = new FormData();
        data.append("do", "file");
        data.append("file", file, file.name);
        sending.open("POST", url);
        sending.setRequestHeader("Accept", "application/json");
        sending.setRequestHeader("X-CSRFToken", form.elements.namedItem("csrfmiddlewaretoken").value);
        sending.responseType = "json";
        sending.upload.addEventListener("progress", (event) => {
          if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
        });
        sending.addEventListener("loadend", () => {
          const said = sending.response;
          if (sending.status === 200 && said && said.id) {
            version.value = said.version;
            item.replaceWith(listed(said));
          } else if (said && said.detail) {
            failed(item, file, "", said.detail);
          } else if (sending.status === 0) {
            failed(item, file, "did not arrive: the desk can not be reached.");
          } else {
            failed(item, file, "was not taken: you were signed out.");
          }
          resolve();
        });
        sending.send(data);
      });
    }

    function failed(item, file, why, whole) {
      if (sendBy) say("Not sent: a file did not arrive.");
      sendBy = null;
      const close = element("button", "×", "dismiss");
      close.type = "button";
      close.setAttribute("aria-label", `Leave out ${file.name}`);
      close.addEventListener("click", () => item.remove());
      item.className = "too-big";
      item.setAttribute("role", "alert");
      item.replaceChildren(element("span", whole || `${file.name} ${why}`), close);
    }

    async function uploadAll(files) {
      uploads += 1;
      for (const file of files) await upload(file);
      uploads -= 1;
      if (uploads || !sendBy) return;
      const [button] = sendBy;
      sendBy = null;
      form.requestSubmit(button);
    }

    function named(file) {
      /* A picture from the clipboard has a name that says nothing, the same each time. */
      if (!/^image\.\w+$/.test(file.name)) return file;
      const now = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
      return new File([file], `screenshot-${now}.${file.name.split(".").pop()}`, { type: file.type });
    }

    chooser.addEventListener("change", (event) => {
      event.stopImmediatePropagation();
      const files = [...chooser.files];
      chooser.value = "";
      uploadAll(files);
    });
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData ? event.clipboardData.files : [])];
      if (!files.length) return;
      event.preventDefault();
      uploadAll(files.map(named));
    });
    form.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.add("is-dropping");
    });
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) form.classList.remove("is-dropping");
    });
    form.addEventListener("drop", (event) => {
      form.classList.remove("is-dropping");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      uploadAll([...event.dataTransfer.files]);
    });

    form.addEventListener("input", (event) => {
      if (event.target === chooser || event.target.name === "kept") return;
      remember();
      window.clearTimeout(timer);
      timer = window.setTimeout(save, WAIT);
    });
    list.addEventListener("change", (event) => {
      const item = event.target.closest("li[data-file]");
      if (!item || event.target.checked) return;
      post({ do: "drop", file: item.dataset.file }).then((answer) => { if (answer.ok) item.remove(); });
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && timer && !stopped) save();
    });
    /* What is sent now needs no draft any more: nothing may bring it back afterwards. */
    form.addEventListener("submit", (event) => {
      if (uploads) {
        event.preventDefault();
        event.stopImmediatePropagation();
        sendBy = [event.submitter];
        say("Sent as soon as the file has arrived.");
        return;
      }
      stopped = true;
      window.clearTimeout(timer);
      if (running) running.abort();
      forget();
    }, true);
    window.addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });

    try {
      const before = JSON.parse(window.sessionStorage.getItem(backup) || "null");
      if (before && before.body !== body.value && before.body.trim()) {
        const overtaken = before.version !== version.value;
        body.value = before.body;
        fill(before.fields);
        if (overtaken) version.value = before.version;
        save();
      } else if (before) {
        forget();
      }
    } catch { forget(); }
  }

  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
})();
