// Rows: walked with j and k, opened with Enter; a table wider than its card scrolls inside it instead of moving the page.
import { typing } from "./keys.js";

export function open(page) {
  const tables = [...page.querySelectorAll("table[data-rows]")];
  for (const table of tables) watch(table);
  const table = tables[0];
  if (!table) return;
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || page.querySelector("dialog[open]")) return;
    if (event.key !== "j" && event.key !== "k") return;
    const links = [...table.querySelectorAll("a.row-link")];
    const now = links.findIndex((link) => link.closest("tr").classList.contains("here"));
    const next = links[Math.max(0, Math.min(links.length - 1, now + (event.key === "j" ? 1 : -1)))];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.closest("tr").scrollIntoView({ block: "nearest" });
  });
  table.addEventListener("focusin", (event) => mark(table, event.target.closest("tbody tr")));
  table.addEventListener("focusout", () => mark(table, null));
}

function mark(table, row) {
  for (const marked of table.querySelectorAll("tr.here")) marked.classList.remove("here");
  if (row) row.classList.add("here");
}

function watch(table) {
  const hold = table.parentElement;
  if (!hold.classList.contains("list")) return;
  const look = () => {
    hold.classList.remove("scrolls");
    if (window.matchMedia("(min-width: 768px)").matches) hold.classList.toggle("scrolls", table.scrollWidth > hold.clientWidth + 1);
  };
  new ResizeObserver(look).observe(hold);
  look();
}
