// Passwords: shown on demand, and a word when caps lock is on.
import { say } from "./words.js";

export function open(page) {
  for (const button of page.querySelectorAll("[data-reveal]")) {
    const field = page.getElementById(button.dataset.reveal);
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.setAttribute("aria-label", say(shown ? "hide_password" : "show_password"));
      button.firstElementChild.className = `fa-regular fa-eye${shown ? "-slash" : ""}`;
    });
  }
  for (const field of page.querySelectorAll("[data-caps]")) {
    const note = field.closest("div").querySelector(".caps");
    const look = (event) => {
      if (!event.getModifierState) return;
      note.hidden = !event.getModifierState("CapsLock");
      note.textContent = note.hidden ? "" : `↑ ${say("caps")}`;
    };
    field.addEventListener("keydown", look);
    field.addEventListener("keyup", look);
    field.addEventListener("blur", () => { note.hidden = true; });
  }
}
