// The frame: menus that close, theme and density, the navigation on phones, and the way back.
import { keep, recall } from "./kept.js";
import { confirmDone } from "./toasts.js";

export function open(page) {
  menus(page);
  themes(page);
  density(page);
  navigation(page);
  for (const button of page.querySelectorAll("[data-back]")) button.addEventListener("click", () => window.history.back());
  for (const button of page.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(page, button));
}

/** Copy a text that is shown once; browsers without a clipboard get it selected instead. */
async function copy(page, button) {
  const source = page.getElementById(button.dataset.copy);
  window.getSelection().selectAllChildren(source);
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  confirmDone(button.dataset.copied);
}

function menus(page) {
  const all = () => page.querySelectorAll("details[data-menu][open]");
  page.addEventListener("click", (event) => {
    for (const menu of all()) if (!menu.contains(event.target)) menu.open = false;
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const menu of page.querySelectorAll("details[data-menu]")) {
    menu.addEventListener("toggle", () => place(menu));
    menu.addEventListener("focusout", (event) => {
      if (menu.open && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
}

/** A pop-up that would leave the window is moved back into it. */
function place(menu) {
  const pop = menu.querySelector(".pop");
  if (!menu.open || !pop) return;
  pop.style.marginLeft = "";
  const box = pop.getBoundingClientRect();
  const over = box.right - (document.documentElement.clientWidth - 8);
  if (over > 0) pop.style.marginLeft = `${-over}px`;
  if (box.left < 8) pop.style.marginRight = `${box.left - 8}px`;
}

function themes(page) {
  const buttons = page.querySelectorAll("[data-theme-choice]");
  const show = (theme) => {
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.themeChoice === (theme || "system")));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = button.dataset.themeChoice === "system" ? "" : button.dataset.themeChoice;
      keep("theme", theme);
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      show(theme);
    });
  }
  show(recall("theme"));
}

function density(page) {
  const root = document.documentElement;
  for (const button of page.querySelectorAll("[data-density]")) {
    button.setAttribute("aria-pressed", String(root.dataset.density === "compact"));
    button.addEventListener("click", () => {
      const compact = root.dataset.density !== "compact";
      if (compact) root.dataset.density = "compact";
      else delete root.dataset.density;
      keep("density", compact ? "compact" : "");
      button.setAttribute("aria-pressed", String(compact));
    });
  }
}

function navigation(page) {
  const opener = page.querySelector("[data-opens-areas]");
  const areas = page.querySelector("[data-areas]");
  const here = areas && areas.querySelector("[aria-current]");
  if (here) areas.scrollTop = Math.max(0, here.offsetTop - areas.clientHeight + 80);
  if (!opener || !areas) return;
  const set = (wanted) => {
    areas.classList.toggle("open", wanted);
    opener.setAttribute("aria-expanded", String(wanted));
  };
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    set(!areas.classList.contains("open"));
    if (areas.classList.contains("open")) areas.querySelector("a").focus();
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && areas.classList.contains("open")) {
      set(false);
      opener.focus();
    }
  });
}
