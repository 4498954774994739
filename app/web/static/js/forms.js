// Forms: how much is unsaved, a question before leaving, Ctrl+S, and errors that lead to their fields.
import { say } from "./words.js";

export function open(page) {
  const errors = page.querySelector("[data-errors]");
  if (errors) {
    errors.focus();
    errors.addEventListener("click", (event) => lead(page, event));
  }
  for (const form of page.querySelectorAll("form[data-guarded]")) guard(form);
}

function lead(page, event) {
  const link = event.target.closest('a[href^="#"]');
  const target = link && page.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

function guard(form) {
  const note = form.querySelector("[data-unsaved]");
  const first = answers(form);
  const came = Boolean(document.querySelector("[data-errors]"));
  let leaving = false;
  const look = () => {
    const number = differences(first, answers(form));
    note.hidden = number === 0 && !came;
    note.textContent = number === 0 ? say("changed_before") : number === 1 ? say("changed_one") : say("changed_many", { count: number });
    return number;
  };
  look();
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (came || look() > 0)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[type="submit"]:not([name])') || undefined);
    }
  });
}

/** Every answer of the form by its name, lists in their order; empty lines of lists do not count. */
export function answers(form) {
  const found = new Map();
  for (const row of form.querySelectorAll("[data-alias]")) {
    if (!row.querySelector("input").value.trim()) row.dataset.idle = "1";
    else delete row.dataset.idle;
  }
  for (const field of form.elements) {
    if (!field.name || field.name === "csrf_token" || field.type === "submit" || field.type === "button") continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.closest("[data-idle]")) continue;
    const key = field.name.startsWith("alias-") ? "aliases" : field.name;
    found.set(key, `${found.get(key) || ""}\u0000${field.value}`);
  }
  return found;
}

export function differences(before, after) {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => (before.get(name) || "").replaceAll("\u0000", "") !== (after.get(name) || "").replaceAll("\u0000", "")).length;
}
