// Progress: asks how far the work is, more and more patiently, and loads the page again when it has ended.
import { count, fill } from "./words.js";

const FIRST = 700;
const SLOWEST = 4000;

export function open(page) {
  for (const box of page.querySelectorAll("[data-progress]")) watch(box);
}

function watch(box) {
  const bar = box.querySelector("progress");
  const step = box.querySelector("[data-progress-step]");
  const counted = box.querySelector("[data-progress-count]");
  const part = box.querySelector("[data-progress-part]");
  let pause = FIRST;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (found.state !== "queued" && found.state !== "running") {
        window.location.reload();
        return;
      }
      const text = found.state === "queued" ? box.dataset.waiting : found.step || step.textContent;
      if (step.textContent !== text) step.textContent = text;
      if (found.total > 0) {
        const share = Math.min(100, Math.floor((found.done * 100) / found.total));
        bar.value = share;
        counted.textContent = fill(box.dataset.counted, { done: count(found.done), total: count(found.total) });
        part.textContent = `${share}%`;
      } else {
        bar.removeAttribute("value");
        counted.textContent = part.textContent = "";
      }
    } catch (_error) {
      // the server may be restarting; the next question will tell
    }
    pause = Math.min(SLOWEST, pause * 1.15);
    window.setTimeout(ask, pause);
  };
  window.setTimeout(ask, FIRST);
}
