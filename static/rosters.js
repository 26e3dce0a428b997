// Arrow keys move between the shifts of the week, as in a table; a link to a form opens it. Everything works without this file.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll(".chips")].map((list) => [...list.querySelectorAll(".chip")]).filter((row) => row.length);

  document.addEventListener("keydown", (event) => {
    const chip = event.target.closest?.(".chip");
    if (!chip || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.includes(chip));
    const place = rows[at].indexOf(chip);
    const onward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    let next;
    if (event.key === "ArrowDown") next = rows[at + 1]?.[Math.min(place, rows[at + 1].length - 1)];
    else if (event.key === "ArrowUp") next = rows[at - 1]?.[Math.min(place, rows[at - 1].length - 1)];
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") next = rows[at][place + (event.key === onward ? 1 : -1)];
    else return;
    event.preventDefault();
    next?.focus();
  });

  // An open form is where somebody wants to be.
  const open = document.querySelector(".editor details[open]");
  if (open) (open.querySelector(".errorlist")?.closest(".field")?.querySelector("input, select") ?? open).scrollIntoView({ block: "center" });
})();
