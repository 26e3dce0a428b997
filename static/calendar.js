// The week of posts: a scheduled post is dragged to another day of its row, or picked up with M and moved by arrows. Either
// way its own form is sent; the server decides. Everything works without this file.
(() => {
  "use strict";
  const week = document.querySelector("table[data-week]");
  if (!week) return;
  const says = document.querySelector("[data-says]");
  const rows = [...week.tBodies[0].rows].map((row) => [...row.querySelectorAll(".mark")]).filter((row) => row.length);
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;
  let dragged = null;
  let picked = null;

  const formOf = (post) => post.querySelector(".moves form");
  const fieldOf = (post) => formOf(post).elements.due_local;
  const send = (post, wall) => {
    fieldOf(post).value = wall;
    formOf(post).requestSubmit();
  };
  // Wall times are counted as if they were UTC: what the clocks do that night is the server's to say.
  const later = (wall, milliseconds) => new Date(Date.parse(`${wall}Z`) + milliseconds).toISOString().slice(0, 16);

  for (const form of week.querySelectorAll(".moves form")) {
    const post = form.closest(".post");
    post.draggable = true;
    post.addEventListener("dragstart", (event) => {
      if (event.target.closest(".moves")) return event.preventDefault();
      dragged = post;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", fieldOf(post).value);
    });
    post.addEventListener("dragend", () => {
      dragged = null;
      week.querySelectorAll("[data-over]").forEach((cell) => delete cell.dataset.over);
    });
  }

  const cellUnder = (event) => {
    const cell = event.target.closest?.("td[data-day]");
    return dragged && cell && cell.parentElement === dragged.closest("tr") ? cell : null;
  };
  week.addEventListener("dragover", (event) => {
    const cell = cellUnder(event);
    week.querySelectorAll("[data-over]").forEach((other) => other !== cell && delete other.dataset.over);
    if (!cell) return;
    event.preventDefault();
    cell.dataset.over = "";
  });
  week.addEventListener("drop", (event) => {
    const cell = cellUnder(event);
    if (!cell) return;
    event.preventDefault();
    const wall = cell.dataset.day + fieldOf(dragged).value.slice(10);
    if (wall !== fieldOf(dragged).value) send(dragged, wall);
  });

  const show = () => {
    const at = new Date(`${picked.wall}Z`);
    const words = at.toLocaleString(document.documentElement.lang, {
      timeZone: "UTC", weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    picked.target.textContent = `→ ${words}`;
    says.textContent = `${week.dataset.wordsPicked} ${words}`;
  };
  const pick = (post) => {
    const target = document.createElement("span");
    target.className = "target";
    post.querySelector(".mark").after(target);
    post.dataset.picked = "";
    picked = { post, target, wall: fieldOf(post).value };
    show();
  };
  const leave = () => {
    picked.target.remove();
    delete picked.post.dataset.picked;
    picked = null;
    says.textContent = week.dataset.wordsLeft;
  };

  const onward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const steps = { [onward]: DAY, [backward]: -DAY, ArrowDown: 30 * MINUTE, ArrowUp: -30 * MINUTE };

  const focusNext = (mark, key) => {
    const at = rows.findIndex((row) => row.includes(mark));
    const place = rows[at].indexOf(mark);
    if (key === onward) return rows[at][place + 1];
    if (key === backward) return rows[at][place - 1];
    const row = rows[at + (key === "ArrowDown" ? 1 : -1)];
    return row?.[Math.min(place, row.length - 1)];
  };

  week.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    const post = mark.closest(".post");
    if (event.key in steps) {
      if (picked) {
        picked.wall = later(picked.wall, steps[event.key]);
        show();
      } else focusNext(mark, event.key)?.focus();
    } else if (event.key.toLowerCase() === "m" && !picked && formOf(post)) pick(post);
    else if (event.key === "Escape" && picked) leave();
    else if (event.key === "Enter" && picked) send(picked.post, picked.wall);
    else return;
    event.preventDefault();
  });
  week.addEventListener("focusout", () => picked && leave());
})();
