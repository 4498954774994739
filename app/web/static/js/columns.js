// The column chooser: ticked columns in the order in which they stand; moved by hand or with two buttons.
import { say } from "./words.js";

export function open(page) {
  for (const form of page.querySelectorAll("form[data-columns]")) begin(form);
}

function begin(form) {
  const list = form.querySelector("ul");
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const line = button.closest("li");
    if (button.dataset.move === "-1" && line.previousElementSibling) line.previousElementSibling.before(line);
    if (button.dataset.move === "1" && line.nextElementSibling) line.nextElementSibling.after(line);
    button.focus();
    button.title = say("position", { place: [...list.children].indexOf(line) + 1, count: list.children.length });
  });
  let dragged = null;
  for (const grip of list.querySelectorAll(".grip")) {
    grip.addEventListener("pointerdown", (event) => {
      dragged = grip.closest("li");
      dragged.classList.add("dragged");
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    grip.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const over = [...list.children].find((line) => {
        const box = line.getBoundingClientRect();
        return event.clientY >= box.top && event.clientY < box.bottom;
      });
      if (!over || over === dragged) return;
      const down = [...list.children].indexOf(over) > [...list.children].indexOf(dragged);
      if (down) over.after(dragged);
      else over.before(dragged);
    });
    const drop = () => {
      if (dragged) dragged.classList.remove("dragged");
      dragged = null;
    };
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  }
}
