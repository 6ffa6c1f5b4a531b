/* Big files go in pieces: each is kept when it has arrived, and a broken line goes on where it was. */
(() => {
  "use strict";

  const TRIES = 8; /* of one piece, with a growing pause */
  const wait = (seconds) => new Promise((done) => window.setTimeout(done, 1000 * seconds));

  async function post(url, fields, token) {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    const answer = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    return { ok: answer.ok, status: answer.status, said };
  }

  async function send(form, file, say) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const value = (name) => (form.elements[name] ? form.elements[name].value : "");
    const begin = () => post(form.dataset.pieces, { name: file.name, size: file.size, label: value("label"), signature: value("signature") }, token);
    const begun = await begin();
    if (!begun.ok) return say(begun.said.detail || "The file was not taken. Look at the page again.", true);
    const url = form.dataset.pieceUrl.replace("TOKEN", begun.said.upload);
    const piece = Number(form.dataset.piece);
    let offset = begun.said.received, failed = 0;
    while (offset < file.size) {
      say(`${Math.floor((100 * offset) / file.size)} % of ${file.name}`, false, offset / file.size);
      let got = null;
      try {
        got = await post(url, { offset, piece: file.slice(offset, offset + piece) }, token);
      } catch {
        got = null;
      }
      if (got && got.ok) {
        offset = got.said.received;
        failed = 0;
      } else if (got && got.said.code === "piece_out_of_place") {
        const again = await begin(); /* what was said to be lost had arrived */
        if (!again.ok) return say(again.said.detail || "Look at the page again.", true);
        offset = again.said.received;
      } else if (got && got.status < 500 && got.status !== 408) {
        return say(got.said.detail || "The file was not taken. Look at the page again.", true);
      } else if (++failed > TRIES) {
        return say("The line is broken. Choose the same file again: it goes on where it was.", true);
      } else {
        say(`The line is broken at ${Math.floor((100 * offset) / file.size)} %. It is tried again.`, false, offset / file.size);
        await wait(Math.min(2 ** failed, 30));
      }
    }
    say(`${file.name} is whole.`, false, 1);
    return location.assign(location.pathname);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-pieces]");
    const file = form && form.elements.file.files[0];
    if (!file) return;
    event.preventDefault();
    const line = form.querySelector("[data-said]"), button = form.querySelector("[type=submit]");
    let bar = form.querySelector("progress");
    if (!bar) {
      bar = document.createElement("progress");
      bar.className = "upload-bar";
      bar.max = 1;
      bar.setAttribute("aria-label", "How much has arrived");
      line.after(bar);
    }
    button.disabled = true;
    const say = (words, isOver, share) => {
      line.textContent = words;
      if (share !== undefined) bar.value = share;
      if (isOver) {
        button.disabled = false;
        bar.remove();
      }
    };
    send(form, file, say).catch(() => say("The file was not taken. Choose it again: it goes on where it was.", true));
  });
})();
