// "Quote" puts the words at the end of the answer that is being written, instead of loading the
// page anew with an answer that holds the quotation alone.
const field = document.querySelector("#answer textarea");

async function quote(link) {
  const answer = await fetch(link.dataset.quote, { headers: { Accept: "text/plain" } });
  if (!answer.ok) {
    window.location = link.href;
    return;
  }
  const before = field.value.trimEnd();
  field.value = (before ? `${before}\n\n` : "") + (await answer.text());
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollIntoView({ block: "center" });
}

if (field) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-quote]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    quote(link).catch(() => {
      window.location = link.href;
    });
  });
}
