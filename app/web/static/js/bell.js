// The bell: asks once a minute how much is unread while somebody looks at the page, and says so when it grows.
import { fill } from "./words.js";

const EVERY = 60_000;

export function open(page) {
  const bell = page.querySelector("[data-bell]");
  if (!bell) return;
  const bubble = bell.querySelector("[data-bell-count]");
  const live = page.querySelector("[data-bell-live]");
  let known = bubble.hidden ? 0 : Number.parseInt(bubble.textContent, 10);
  let timer = 0;
  const show = ({ count, shown }) => {
    const text = count ? fill(bell.dataset.said, { count: shown }) : bell.dataset.nothing;
    bubble.textContent = shown;
    bubble.hidden = count === 0;
    bell.setAttribute("aria-label", text);
    if (count > known) live.textContent = text;
    known = count;
  };
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    } catch (_error) {
      // signed out, or the server is restarting: the page itself will tell when it is used
    }
  };
  const start = () => {
    window.clearInterval(timer);
    timer = window.setInterval(ask, EVERY);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    ask();
    start();
  });
  start();
}
