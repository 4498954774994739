// Moves of a ticket: pressed once, asked about before typed text is left behind, reached with n, and printed whole.
import { answers, differences } from "./forms.js";
import { typing } from "./keys.js";

export function open(page) {
  const forms = [...page.querySelectorAll("form[data-move]")];
  if (forms.length) guard(page, forms);
  for (const button of page.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => { for (const more of page.querySelectorAll("details.tl-more:not(.all-clocks)")) more.open = true; });
  for (const unfolding of page.querySelectorAll("details[data-unfolds]")) {
    unfolding.addEventListener("toggle", () => { if (unfolding.open) lead(unfolding); });
  }
  page.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || page.querySelector("dialog[open]")) return;
    const card = page.querySelector("#now");
    const target = card && (card.querySelector(".main-move :is(textarea, select, input:not([type=hidden]), button)") || card.querySelector(".btn"));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  });
  for (const kept of page.querySelectorAll("details.move[open], details.more-moves[open]")) kept.closest("details").scrollIntoView({ block: "nearest" });
}

/** The first thing to fill in. */
function lead(unfolding) {
  const field = unfolding.querySelector(':is(textarea, select, input:not([type="hidden"]))');
  if (field && !unfolding.contains(document.activeElement.closest("form"))) field.focus({ preventScroll: true });
}

function guard(page, forms) {
  const first = new Map(forms.map((form) => [form, answers(form)]));
  const came = page.querySelector("[data-errors]") !== null;
  let leaving = false;
  const typed = () => forms.some((form) => differences(first.get(form), answers(form)) > 0 || (came && form.closest("details.move[open], .main-move") !== null && form.querySelector(".has-error") !== null));
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      leaving = true;
      for (const button of page.querySelectorAll(`[data-once]`)) if (button.form === form) button.setAttribute("aria-disabled", "true");
    });
    form.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key.toLowerCase() === "s")) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }
  window.addEventListener("pageshow", () => {
    leaving = false;
    for (const form of forms) delete form.dataset.sent;
    for (const button of page.querySelectorAll("[data-once]")) button.removeAttribute("aria-disabled");
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && typed()) event.preventDefault();
  });
}
