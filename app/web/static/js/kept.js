// What one browser keeps for its reader; a browser that keeps nothing is no error.

/** The value kept under `name`, or an empty text. */
export function recall(name) {
  try {
    return window.localStorage.getItem(`frontline.${name}`) || "";
  } catch (_error) {
    return "";
  }
}

/** Forget everything whose name begins with `prefix` and whose value `over` says is over. */
export function forget(prefix, over) {
  try {
    const names = Object.keys(window.localStorage).filter((name) => name.startsWith(`frontline.${prefix}`));
    for (const name of names) if (over(window.localStorage.getItem(name) || "")) window.localStorage.removeItem(name);
  } catch (_error) {
    // private windows may refuse; the page works without
  }
}

/** Keep `value` under `name`; an empty one is forgotten. */
export function keep(name, value) {
  try {
    if (value) window.localStorage.setItem(`frontline.${name}`, value);
    else window.localStorage.removeItem(`frontline.${name}`);
  } catch (_error) {
    // private windows may refuse; the page works without
  }
}
