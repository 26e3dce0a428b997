// Keyboard triage: j and k move, Enter opens, a answers, w watches, d declines. Every act is a form that works without this file.
(() => {
  "use strict";
  const list = document.querySelector("[data-triage]");
  if (!list) return;
  const hint = document.querySelector(".keys");
  if (hint) hint.hidden = false;
  const items = [...list.children];
  let current = -1;

  function move(step) {
    if (!items.length) return;
    items[current]?.removeAttribute("data-current");
    current = Math.min(Math.max(current + step, 0), items.length - 1);
    const item = items[current];
    item.setAttribute("data-current", "");
    item.querySelector("a.title")?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function act(key) {
    // Only the claim that holds the focus is acted upon, so that a stray key does nothing.
    const item = items[current];
    const door = item?.contains(document.activeElement) && item.querySelector(`[data-key="${key}"]`);
    if (!door) return;
    if (door instanceof HTMLFormElement) {
      door.requestSubmit();
    } else {
      door.open = true;
      door.querySelector("textarea")?.focus();
    }
  }

  document.addEventListener("focusin", (event) => {
    const place = items.findIndex((item) => item.contains(event.target));
    if (place >= 0 && place !== current) {
      items[current]?.removeAttribute("data-current");
      current = place;
      items[current].setAttribute("data-current", "");
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") target.closest("details")?.removeAttribute("open");
      return;
    }
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if ("awd".includes(event.key) && event.key.length === 1) act(event.key);
    else return;
    event.preventDefault();
  });
})();
