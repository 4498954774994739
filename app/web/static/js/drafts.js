// Drafts: long texts are kept in this browser while they are typed, offered again after a lost session, forgotten once sent.
import { forget, keep, recall } from "./kept.js";
import { say } from "./words.js";

const PAUSE = 600;
const SENT = "draft-sent";
const WEEK = 7 * 24 * 3600 * 1000;

export function open(page) {
  const forms = page.querySelectorAll("form[data-draft]");
  const person = page.body.dataset.person || "";
  const sent = recall(SENT);
  if (sent && page.querySelector("[data-toasts] .toast")) keep(sent, "");
  if (sent) keep(SENT, "");
  forget("draft-", (text) => Date.now() - (read(text).at || 0) > WEEK);
  for (const form of forms) begin(form, `draft-${person}-${form.dataset.draft}`);
}

function begin(form, name) {
  const fields = [...form.querySelectorAll("textarea[name]")];
  const note = form.querySelector("[data-draft-note]");
  if (!fields.length || !note) return;
  const kept = read(recall(name));
  let back = false;
  for (const field of fields) {
    const text = (kept.texts || {})[field.name];
    if (!text || field.value.trim()) continue;
    field.value = text;
    back = true;
  }
  if (back) {
    tell(note, say("draft_back", { at: clock(kept.at) }));
    const unfolding = form.closest("details.move");
    if (unfolding) unfolding.open = true;
  }
  let timer = 0;
  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => store(name, fields, note), PAUSE);
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    if (store(name, fields, note)) keep(SENT, name);
  });
}

/** Keep what stands there; nothing at all is forgotten. */
function store(name, fields, note) {
  const texts = Object.fromEntries(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value]));
  const at = Date.now();
  const some = Object.keys(texts).length > 0;
  keep(name, some ? JSON.stringify({ at, texts }) : "");
  if (some) tell(note, say("draft_kept", { at: clock(at) }));
  else note.hidden = true;
  return some;
}

function tell(note, text) {
  note.hidden = false;
  note.textContent = text;
}

function read(text) {
  try {
    return JSON.parse(text || "{}") || {};
  } catch (_error) {
    return {};
  }
}

function clock(at) {
  const time = new Date(at);
  return `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}
