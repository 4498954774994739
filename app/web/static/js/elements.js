// Making elements: one place that sets attributes, so that no text ever becomes markup.

/** An element `name` with `attributes` (class, data-…, any) and children (text or elements). */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A solid sign, hidden from screen readers. */
export function sign(name) {
  return make("i", { class: `fa-solid fa-${name}`, "aria-hidden": "true" });
}

/** `text` with every occurrence of `wanted` marked. */
export function marked(text, wanted) {
  const piece = wanted.trim().toLowerCase();
  const at = piece ? text.toLowerCase().indexOf(piece) : -1;
  const line = make("span");
  if (at < 0) line.append(text);
  else line.append(text.slice(0, at), make("mark", {}, text.slice(at, at + piece.length)), text.slice(at + piece.length));
  return line;
}
