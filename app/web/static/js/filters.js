// The filter bar: column, comparison, value; what comes out is an address, so every filter can be sent and kept.
import { make } from "./elements.js";
import { newPicker } from "./pickers.js";

export function open(page) {
  const source = page.getElementById("filter-choices");
  const dialog = page.getElementById("filter-dialog");
  if (!source || !dialog) return;
  const desk = new Desk(dialog, JSON.parse(source.textContent));
  for (const button of page.querySelectorAll("[data-filter-add]")) button.addEventListener("click", () => desk.add(button.dataset.filterAdd));
  for (const button of page.querySelectorAll("[data-filter-change]")) {
    button.addEventListener("click", () => desk.change(button.dataset.filterChange, JSON.parse(button.dataset.names || "{}")));
  }
}

/** The present address with condition `old` replaced by `fresh`; either may be empty. Always its first page. */
export function addressWith(old, fresh, here = window.location) {
  const asked = new URLSearchParams(here.search);
  const conditions = asked.getAll("f").filter((one) => one !== old && !(fresh && same(one, fresh)));
  for (const name of ["f", "c", "s"]) asked.delete(name);
  for (const one of fresh ? [...conditions, fresh] : conditions) asked.append("f", one);
  return `${here.pathname}?${asked}`;
}

/** Two lists of values for one column would contradict each other; two bounds do not. */
function same(one, fresh) {
  const [column, operator] = fresh.split(".", 2);
  return ["in", "last", "eq", "empty"].includes(operator) && one.startsWith(`${column}.${operator}.`);
}

class Desk {
  constructor(dialog, choices) {
    this.dialog = dialog;
    this.choices = choices;
    this.form = dialog.querySelector("form");
    [this.column, this.operator, this.place] = ["column", "operator", "value"].map((part) => dialog.querySelector(`[data-part="${part}"]`));
    this.column.append(...choices.map((choice) => make("option", { value: choice.name }, choice.label)));
    this.column.addEventListener("change", () => this.operators());
    this.operator.addEventListener("change", () => this.values());
    this.form.addEventListener("submit", (event) => this.apply(event));
  }

  add(name) {
    this.begin("", name || this.choices[0].name, "", [], {});
  }

  change(condition, names) {
    const [column, operator] = condition.split(".", 2);
    const rest = condition.slice(column.length + operator.length + 2);
    this.begin(condition, column, operator, operator === "in" ? rest.split(",") : [rest], names);
  }

  begin(old, column, operator, values, names) {
    this.old = old;
    this.column.value = column;
    this.operators(operator, values, names);
    this.dialog.showModal();
    const first = this.place.querySelector("input:not([type=hidden]), select");
    if (first) first.focus();
  }

  get choice() {
    return this.choices.find((choice) => choice.name === this.column.value);
  }

  operators(wanted = "", values = [], names = {}) {
    this.operator.replaceChildren(...this.choice.operators.map(([code, label]) => make("option", { value: code }, label)));
    if (wanted && [...this.operator.options].some((option) => option.value === wanted)) this.operator.value = wanted;
    this.values(values, names);
  }

  values(values = [], names = {}) {
    const { kind, options, pick } = this.choice;
    const operator = this.operator.value;
    const label = this.place.dataset.label;
    const caption = make("span", { class: "field-label" }, label);
    let control = null;
    if (operator === "empty") control = null;
    else if (pick) control = newPicker({ url: pick, name: "value", many: operator === "in", label, picked: values.filter(Boolean).map((v) => [v, names[v] || v]) });
    else if (kind === "choice" && operator === "in") {
      control = make("div", { class: "option-list", role: "group", "aria-label": label });
      for (const [code, text] of options) {
        control.append(make("label", { class: "check" }, make("input", { type: "checkbox", name: "value", value: code, checked: values.includes(code) }), make("span", {}, text)));
      }
    } else if (options.length && (kind === "choice" || kind === "flag" || operator === "last")) {
      const select = make("select", { class: "form-control", name: "value", "aria-label": label }, ...options.map(([code, text]) => make("option", { value: code, selected: values[0] === code }, text)));
      control = make("span", { class: "select" }, select);
    } else {
      const type = kind === "day" || kind === "moment" ? "date" : "text";
      const value = (values[0] || "").slice(0, type === "date" ? 10 : undefined);
      control = make("input", { class: "form-control", type, name: "value", value, required: true, "aria-label": label, autocomplete: "off", ...(kind === "number" ? { inputmode: "decimal" } : {}) });
    }
    this.place.replaceChildren(...(control ? [caption, control] : []));
  }

  apply(event) {
    if (!event.submitter || event.submitter.value !== "apply") return;
    event.preventDefault();
    const operator = this.operator.value;
    const values = new FormData(this.form).getAll("value").map((value) => String(value).trim()).filter(Boolean);
    if (operator !== "empty" && !values.length) {
      const first = this.place.querySelector("input:not([type=hidden]), select");
      if (first) first.focus();
      return;
    }
    const said = values.map((value) => (operator === "in" ? value.replaceAll(",", "，") : value)).join(",");
    this.dialog.close();
    window.location.assign(addressWith(this.old, `${this.column.value}.${operator}.${said}`));
  }
}
