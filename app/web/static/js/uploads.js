// Uploads: drop a file or choose one; too large is said before anything is sent.
import { fill } from "./words.js";

export function open(page) {
  for (const form of page.querySelectorAll("form[data-upload]")) begin(form);
}

function begin(form) {
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector('input[type="file"]');
  const name = drop.querySelector("[data-drop-name]");
  const problem = form.querySelector("[data-drop-problem]");
  const most = Number(drop.dataset.most);
  const asked = name.textContent;
  const show = () => {
    const file = input.files[0];
    name.textContent = file ? file.name : asked;
    const large = file && most && file.size > most;
    problem.hidden = !large;
    problem.textContent = large ? fill(drop.dataset.tooLarge, { size: Math.ceil(file.size / 1048576) }) : "";
    return !large;
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  form.addEventListener("submit", (event) => {
    if (!show()) {
      event.preventDefault();
      return;
    }
    const button = form.querySelector("[data-busy]");
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  });
}
