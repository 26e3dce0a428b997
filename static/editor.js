// Counts the characters of a text while it is typed. The page works without it: the server counts, too.
(() => {
  for (const area of document.querySelectorAll("textarea[data-counted]")) {
    const line = document.getElementById(area.dataset.counted);
    const shown = line?.querySelector("[data-length]");
    if (!shown) continue;
    const limit = Number(line.dataset.limit);
    const count = () => {
      // Code points, as Python counts them, with line ends as one and no space at either end.
      const length = [...area.value.replace(/\r\n?/g, "\n").trim()].length;
      shown.textContent = String(length);
      line.toggleAttribute("data-over", length > limit);
    };
    area.addEventListener("input", count);
    count();
  }
})();
