// Sentences of scripts come from the page, already translated; numbers are written as the page's language writes them.
const source = document.getElementById("words");
const said = source ? JSON.parse(source.textContent) : {};

/** The sentence called `name`, its {placeholders} filled with `values`. */
export function say(name, values = {}) {
  return fill(said[name] || "", values);
}

/** `text` with its {placeholders} filled. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** A count with thousands marks. */
export function count(number) {
  return number.toLocaleString("en-US");
}
