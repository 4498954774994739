// Other names beneath a form: one more line, or one less.

export function open(page) {
  const body = page.querySelector("[data-aliases]");
  const template = page.querySelector("[data-alias-template]");
  const adder = page.querySelector("[data-alias-add]");
  if (!body || !template || !adder) return;
  adder.addEventListener("click", () => {
    body.append(template.content.cloneNode(true));
    body.lastElementChild.querySelector("input").focus();
  });
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-alias-remove]");
    if (!button) return;
    const row = button.closest("tr");
    const neighbour = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    body.dispatchEvent(new Event("change", { bubbles: true }));
    (neighbour ? neighbour.querySelector("input") : adder).focus();
  });
}
