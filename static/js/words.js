/* Words that were typed and not kept survive a closed page: form[data-words] names whose they are. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-words]")) {
    const key = `words:${form.dataset.words}`;
    const fields = [...form.querySelectorAll("textarea")];
    const back = form.querySelector("[data-words-back]");
    const kept = fields.map((field) => field.defaultValue);

    const read = () => {
      try {
        return JSON.parse(window.localStorage.getItem(key) || "null");
      } catch {
        return null;
      }
    };
    const write = (texts) => {
      try {
        if (texts) window.localStorage.setItem(key, JSON.stringify(texts));
        else window.localStorage.removeItem(key);
      } catch { /* a browser that keeps nothing: the page still works */ }
    };

    const typed = read();
    const fits = Array.isArray(typed) && typed.length === fields.length;
    if (fits && typed.some((text, place) => text.trim() !== kept[place].trim())) {
      fields.forEach((field, place) => { field.value = typed[place]; });
      if (back) back.hidden = false;
    } else {
      write(null);
    }

    form.addEventListener("input", () => write(fields.map((field) => field.value)));
    form.querySelector("[data-words-drop]")?.addEventListener("click", () => {
      fields.forEach((field, place) => { field.value = kept[place]; });
      write(null);
      back.hidden = true;
    });
  }
})();
