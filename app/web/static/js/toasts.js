// Toasts only confirm: they are spoken, stay eight seconds, and wait while somebody points at them.
import { make, sign } from "./elements.js";
import { say } from "./words.js";

const STAY = 8000;
let region = null;

export function open(page) {
  region = page.querySelector("[data-toasts]");
  if (!region) return;
  const waiting = [...region.children];
  region.replaceChildren();
  // a live region speaks what is put into it, not what it came with
  window.setTimeout(() => waiting.forEach(show), 60);
  page.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.parentElement.remove();
  });
}

function show(toast) {
  let timer = 0;
  const start = () => { timer = window.setTimeout(() => toast.remove(), STAY); };
  toast.addEventListener("pointerenter", () => window.clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", () => window.clearTimeout(timer));
  region.append(toast);
  start();
}

/** Confirm something in words. */
export function confirmDone(text) {
  const closer = make("button", { class: "close", type: "button", "data-closes": true, "aria-label": say("close") }, sign("xmark"));
  show(make("div", { class: "toast" }, sign("circle-check"), make("span", {}, text), closer));
}
