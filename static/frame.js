// The page frame: theme switch, ticking clocks, menus that close. Everything works without it.
(function () {
  "use strict";
  var root = document.documentElement;

  function remember(theme) {
    try {
      if (theme === "system") window.localStorage.removeItem("planner-theme");
      else window.localStorage.setItem("planner-theme", theme);
    } catch (error) {
      // Storage is blocked: the choice lasts for this page.
    }
  }

  function showTheme() {
    var current = root.dataset.theme || "system";
    document.querySelectorAll("[data-set-theme]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === current));
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-set-theme]");
    if (button) {
      if (button.dataset.setTheme === "system") delete root.dataset.theme;
      else root.dataset.theme = button.dataset.setTheme;
      remember(button.dataset.setTheme);
      showTheme();
    }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  function tick() {
    document.querySelectorAll("time[data-clock]").forEach(function (clock) {
      var format = { timeZone: clock.dataset.clock, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      clock.textContent = new Intl.DateTimeFormat("en-GB", format).format(new Date());
      clock.dateTime = new Date().toISOString();
    });
    window.setTimeout(tick, 60000 - (Date.now() % 60000));
  }

  document.querySelectorAll("[data-needs-script]").forEach(function (part) {
    part.hidden = false;
  });
  var current = document.querySelector(".primary a[aria-current]");
  if (current) current.parentElement.parentElement.parentElement.scrollLeft = current.offsetLeft - 40;
  showTheme();
  tick();
})();
