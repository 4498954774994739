// Before anything is painted: the reader's theme and density, and that scripts run at all.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.replace("no-js", "js");
  function kept(name) {
    try { return window.localStorage.getItem("frontline." + name) || ""; } catch (_error) { return ""; }
  }
  if (kept("theme") === "light" || kept("theme") === "dark") root.dataset.theme = kept("theme");
  if (kept("density") === "compact") root.dataset.density = "compact";
})();
