// The desk: digits open queues, x ticks a row, a letter presses the row's verb; counts are renewed while somebody looks.
import { typing } from "./keys.js";
import { fill } from "./words.js";

const EVERY = 60_000;

export function open(page) {
  const strip = page.querySelector("[data-desk]");
  if (!strip) return;
  const form = page.querySelector("form[data-batch]");
  if (form) ticking(page, form);
  keys(page, form);
  renewing(page, strip.dataset.desk);
  comeBack(page);
}

/** After a move the page comes back with the row that follows; the focus goes there, for keys and for screen readers. */
function comeBack(page) {
  const row = /^#row-\d+$/.test(window.location.hash) ? page.querySelector(window.location.hash) : null;
  if (!row) return;
  // going to the fragment takes the focus away once more, so this waits until that is over
  const take = () => window.setTimeout(() => row.querySelector("a.row-link").focus(), 0);
  if (page.readyState === "complete") take();
  else window.addEventListener("load", take);
}

function keys(page, form) {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || page.querySelector("dialog[open]")) return;
    if (/^[1-9]$/.test(event.key)) {
      const queue = page.querySelector(`[data-queue-key="${event.key}"]`);
      if (queue) queue.click();
      return;
    }
    const row = page.querySelector("table[data-rows] tr.here");
    if (!row || !form) return;
    const tick = row.querySelector(".tick input");
    const verb = row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "x" && tick) {
      event.preventDefault();
      tick.checked = !tick.checked;
      tick.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (verb) {
      event.preventDefault();
      verb.click();
    }
  });
}

function ticking(page, form) {
  const bar = form.querySelector("[data-bulk]");
  const next = form.elements.next;
  const ticks = [...form.querySelectorAll('.tick input[name="row"]')];
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    if (pressed.name === "one") next.value = following(pressed.closest("tr"));
    // what the move does not fit is not sent: the bar's button has said how many it is about
    else for (const tick of ticks) tick.disabled = tick.dataset.can !== pressed.value;
  });
  if (!bar) return;
  const all = form.querySelector("[data-tick-all]");
  const said = bar.querySelector("[data-bulk-count]");
  const show = () => {
    const chosen = ticks.filter((tick) => tick.checked);
    bar.classList.toggle("on", chosen.length > 0);
    said.textContent = fill(said.dataset.template, { count: chosen.length });
    for (const button of bar.querySelectorAll("button[name=action]")) {
      const fitting = chosen.filter((tick) => tick.dataset.can === button.value).length;
      button.disabled = fitting === 0;
      button.dataset.confirm = fill(button.dataset.question, { count: fitting });
      button.querySelector("[data-bulk-can]").textContent = fitting && fitting < chosen.length ? ` (${fitting})` : "";
    }
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === ticks.length;
      all.indeterminate = chosen.length > 0 && chosen.length < ticks.length;
      all.disabled = ticks.length === 0;
    }
  };
  const clear = () => {
    for (const tick of ticks) tick.checked = false;
    show();
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const tick of ticks) tick.checked = all.checked;
    show();
  });
  bar.querySelector("[data-bulk-clear]").addEventListener("click", clear);
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !page.querySelector("dialog[open]") && !typing(event.target)) clear();
  });
  window.addEventListener("pageshow", () => {
    for (const tick of ticks) tick.disabled = false;
    show();
  });
  show();
}

/** The number of the row after this one, or of the one before where it is the last. */
function following(row) {
  const other = row.nextElementSibling || row.previousElementSibling;
  return other ? other.id.replace("row-", "") : "";
}

function renewing(page, address) {
  const changed = page.querySelector("[data-changed]");
  const began = changed ? count(page, changed.dataset.changed) : "";
  let at = Date.now();
  const renew = async () => {
    if (page.visibilityState !== "visible") return;
    at = Date.now();
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.json();
      for (const [code, [number, late]] of Object.entries(found.counts)) put(page, code, number, late);
      if (changed) changed.hidden = found.counts[changed.dataset.changed][0] === began;
    } catch (_error) {
      // the server may be restarting; the next question will tell
    }
  };
  window.setInterval(renew, EVERY);
  page.addEventListener("visibilitychange", () => {
    if (Date.now() - at > EVERY) renew();
  });
}

function count(page, code) {
  const place = page.querySelector(`.queues [data-count="${code}"]`);
  return place ? place.textContent : "";
}

function put(page, code, number, late) {
  for (const place of page.querySelectorAll(`[data-count="${code}"]`)) {
    if (place.textContent !== number) place.textContent = number;
    if ("late" in place.dataset) for (const name of ["badge", "badge-bad"]) place.classList.toggle(name, number !== "0");
  }
  const card = page.querySelector(`.queues [data-queue="${code}"]`);
  if (card && card.classList.contains("queue")) card.classList.toggle("nothing", number === "0");
  if (card && code === "overdue") card.classList.toggle("is-late", number !== "0");
  for (const place of page.querySelectorAll(`[data-late-of="${code}"]`)) {
    place.hidden = late === "0";
    place.textContent = fill(place.dataset.template, { count: late });
  }
}
