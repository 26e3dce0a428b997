// Runs before the first paint: the person's choice of light or dark wins over the system's.
(function () {
  "use strict";
  try {
    var choice = window.localStorage.getItem("planner-theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch (error) {
    // Storage is blocked: the system's preference stands.
  }
})();
