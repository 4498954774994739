// Keys for those who work here all day: / searches, j and k walk rows, ? shows them all.

export function open(page) {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || page.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const field = page.querySelector("[data-search]") || page.querySelector("[data-list-search]");
      if (!field || field.offsetParent === null) return;
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "?") {
      const dialog = page.getElementById("modal-keys");
      if (dialog) dialog.showModal();
    }
  });
}

/** Whether keys belong to what is being typed. */
export function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
