// Pickers: type a few letters, choose with the arrows, take with Enter; what is kept are numbers in hidden inputs.
import { make, marked, sign } from "./elements.js";
import { say } from "./words.js";

const PAUSE = 180;
let made = 0;

export function open(page) {
  for (const box of page.querySelectorAll("[data-picker]")) begin(box);
}

/** A picker made by a script: `options` are url, name, many, label and picked pairs of number and text. */
export function newPicker({ url, name, many, label, picked = [] }) {
  const id = `picker-${(made += 1)}`;
  const input = make("input", { type: "text", id, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, autocomplete: "off", "aria-label": label });
  const inner = make("div", { class: "picker-box" }, ...(many ? [] : [make("input", { type: "hidden", name, value: picked[0] ? picked[0][0] : "" })]), input, sign("magnifying-glass"));
  const list = make("div", { class: "picker-list", hidden: true }, make("ul", { id: `${id}-list`, role: "listbox" }), make("p", {}, say("picker_keys")));
  const box = make("div", { class: "picker", "data-picker": url, "data-name": name, ...(many ? { "data-many": true } : {}) }, inner, list);
  if (many) for (const [number, text] of picked) input.before(chip(name, number, text));
  else if (picked[0]) input.value = picked[0][1];
  begin(box);
  return box;
}

function chip(name, number, text) {
  return make(
    "span",
    { class: "picked" },
    make("span", {}, text),
    make("input", { type: "hidden", name, value: number }),
    make("button", { type: "button", "aria-label": `${say("remove")}: ${text}` }, sign("xmark")),
  );
}

function begin(box) {
  const input = box.querySelector('input[type="text"]');
  const hidden = box.querySelector('.picker-box > input[type="hidden"]');
  const pop = box.querySelector(".picker-list");
  const list = pop.querySelector("ul");
  const many = box.hasAttribute("data-many");
  let taken = input.value;
  let found = [];
  let at = -1;
  let asked = 0;
  let timer = 0;

  const changed = () => box.dispatchEvent(new Event("change", { bubbles: true }));
  const close = () => {
    pop.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (place) => {
    at = place;
    [...list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (record) => {
    if (many) {
      const there = [...box.querySelectorAll('input[type="hidden"]')].some((one) => one.value === String(record.id));
      if (!there) input.before(chip(box.dataset.name, record.id, record.text));
      input.value = "";
    } else {
      hidden.value = record.id;
      input.value = taken = record.text;
    }
    close();
    changed();
  };
  const show = (records, wanted) => {
    found = records;
    list.replaceChildren(
      ...records.map((record, n) => {
        const line = make("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false" }, marked(record.text, wanted), make("span", { class: "note" }, record.note || ""));
        line.addEventListener("pointerdown", (event) => event.preventDefault());
        line.addEventListener("click", () => take(record));
        return line;
      }),
    );
    if (!records.length) list.append(make("li", { class: "quiet", "aria-disabled": "true" }, say("nothing_found")));
    pop.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(records.length ? 0 : -1);
  };
  const ask = async () => {
    const number = (asked += 1);
    const wanted = !many && input.value === taken ? "" : input.value;
    try {
      const answer = await fetch(`${box.dataset.picker}?q=${encodeURIComponent(wanted.trim())}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const records = await answer.json();
      if (number === asked && document.activeElement === input) show(records, wanted);
    } catch (_error) {
      if (number !== asked) return;
      show([], "");
      list.firstElementChild.textContent = say("no_answer");
    }
  };

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });
  input.addEventListener("click", () => { if (pop.hidden) ask(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (pop.hidden) ask();
      else if (found.length) point((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter" && !pop.hidden) {
      event.preventDefault();
      if (found[at]) take(found[at]);
    } else if (event.key === "Escape" && !pop.hidden) {
      event.stopPropagation();
      event.preventDefault();
      close();
    } else if (event.key === "Backspace" && many && !input.value) {
      const last = [...box.querySelectorAll(".picked")].pop();
      if (last) { last.remove(); changed(); }
    }
  });
  input.addEventListener("blur", () => {
    asked += 1;
    window.clearTimeout(timer);
    close();
    if (many) { input.value = ""; return; }
    if (!input.value.trim() && hidden.value) {
      hidden.value = taken = "";
      changed();
    } else if (input.value.trim() === taken.trim()) input.value = taken;
    else {
      // Half a name is no record: it is sent as it stands, and the form answers which record is missing.
      hidden.value = input.value.trim();
      taken = input.value;
      changed();
    }
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest(".picked button");
    if (!button) return;
    button.closest(".picked").remove();
    input.focus();
    changed();
  });
}
