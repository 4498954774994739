// Dialogs: opened by name, and asked before a form does what cannot be taken back lightly.

export function open(page) {
  for (const opener of page.querySelectorAll("[data-opens]")) {
    opener.addEventListener("click", () => {
      const dialog = page.getElementById(opener.dataset.opens);
      if (dialog && !dialog.open) dialog.showModal();
    });
  }
  page.addEventListener("click", (event) => {
    if (event.target instanceof HTMLDialogElement && outside(event.target, event)) event.target.close();
  });
  page.addEventListener("submit", ask, true);
}

/** A press on the veil, not on the dialog: its own box does not hold the pointer. */
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

const agreed = new WeakSet();

function ask(event) {
  const form = event.target;
  const asker = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
  const dialog = document.getElementById("modal-confirm");
  if (!asker.dataset.confirm || !dialog) return;
  if (agreed.has(form)) {
    agreed.delete(form);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector("h2").textContent = asker.dataset.confirm;
  dialog.querySelector("p").textContent = asker.dataset.confirmText || "";
  const yes = dialog.querySelector("[data-yes]");
  const no = dialog.querySelector("[data-no]");
  yes.textContent = asker.dataset.confirmVerb || "";
  yes.className = `btn ${asker.dataset.confirmTone === "calm" ? "btn-primary" : "btn-danger"}`;
  const submitter = event.submitter;
  yes.onclick = () => {
    dialog.close();
    agreed.add(form);
    form.requestSubmit(submitter && form.contains(submitter) ? submitter : undefined);
  };
  no.onclick = () => dialog.close();
  dialog.showModal();
  no.focus();
}
