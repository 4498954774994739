// Schedules: fields that do not matter for what another one says step aside, and the next dates follow what is typed.
const PAUSE = 350;

export function open(page) {
  for (const form of page.querySelectorAll("form[data-matters]")) fold(form);
  for (const box of page.querySelectorAll("[data-foresight]")) foresee(box);
}

function fold(form) {
  const matters = Object.entries(JSON.parse(form.dataset.matters));
  const look = () => {
    for (const [name, [other, wanted]] of matters) {
      const field = form.elements[name];
      const said = form.elements[other];
      const box = field && (field[0] || field).closest("[data-field]");
      if (box && said) box.hidden = !wanted.includes(said.value) && !box.classList.contains("has-error");
    }
  };
  look();
  form.addEventListener("change", look);
  window.addEventListener("pageshow", look);
}

function foresee(box) {
  const form = box.closest("form");
  const times = box.querySelector("[data-foresight-times]");
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const number = ++asked;
    try {
      const answer = await fetch(box.dataset.foresight, { method: "POST", body: new FormData(form), headers: { "X-Part": "times" } });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.text();
      if (number === asked && times.innerHTML !== found) times.innerHTML = found;
    } catch (_error) {
      // the dates shown stay; the next change asks again
    }
  };
  const soon = (event) => {
    if (event.target.name !== "period_rule" && !box.parentElement.contains(event.target)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  const button = box.querySelector("[data-foresee]");
  button.type = "button"; // Enter in a field saves, it does not look ahead
  button.addEventListener("click", ask);
}
