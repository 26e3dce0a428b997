// Counts a text while it is typed, says so when it stops fitting, and keeps people from leaving with words unsaved.
// The page works without it: the server counts and previews, too, and after every pause (htmx) its count stands.
(() => {
  const rules = document.getElementById("counting-rules");
  const form = document.getElementById("texts");
  let isLeaving = false;

  const excess = (counts) => counts.some((one) => one.most !== null && one.used > one.most);

  const watch = (card, count) => {
    const area = card.querySelector("textarea[data-words]");
    const said = card.querySelector("[data-said]");
    let shown = area.value; // the words that the numbers on the page are about
    let asked = area.value;
    let pause = 0;

    const show = () => {
      shown = area.value;
      const text = Counting.tidy(shown);
      for (const place of card.querySelectorAll(".place")) {
        const { kind, most, cost } = place.dataset;
        const counts = count(kind, text, most ? Number(most) : null, Number(cost));
        place.toggleAttribute("data-over", excess(counts));
        place.querySelectorAll(".count").forEach((part, index) => {
          part.querySelector("[data-used]").textContent = String(counts[index].used);
          part.toggleAttribute("data-over", excess([counts[index]]));
        });
      }
    };

    // Not at every key: once the typing pauses, and only what is news.
    let last = "";
    const say = () => {
      if (!said) return;
      const over = [...card.querySelectorAll(".place[data-over] [data-name]")].map((name) => name.textContent);
      const near = nearest(card);
      let words = said.dataset.fits;
      if (over.length) words = said.dataset.over.replace("{names}", new Intl.ListFormat(document.documentElement.lang).format(over));
      else if (near) words = said.dataset.near.replace("{n}", near.left).replace("{name}", near.name);
      if (words !== last && (last || words !== said.dataset.fits)) said.textContent = words;
      last = words;
    };

    area.addEventListener("input", () => {
      show();
      window.clearTimeout(pause);
      pause = window.setTimeout(say, 1500);
    });
    card.addEventListener("change", (event) => {
      if (event.target.name.endsWith("language")) area.lang = event.target.value;
    });
    const open = new Set();
    card.addEventListener("htmx:beforeRequest", () => (asked = area.value));
    card.addEventListener("htmx:beforeSwap", () => {
      open.clear();
      for (const part of card.querySelectorAll(".place > details[open]")) open.add(part.id);
    });
    card.addEventListener("htmx:afterSwap", () => {
      for (const part of card.querySelectorAll(".place > details")) part.open = open.has(part.id);
      if (area.value !== asked) show();
    });
  };

  const nearest = (card) => {
    const left = [...card.querySelectorAll(".place")].flatMap((place) => {
      const name = place.querySelector("[data-name]").textContent;
      return [...place.querySelectorAll(".count[data-limit]")].map((part) => ({
        name,
        left: Number(part.dataset.limit) - Number(part.querySelector("[data-used]").textContent),
      }));
    });
    const [least] = left.filter((one) => one.left <= 20).sort((one, other) => one.left - other.left);
    return least;
  };

  if (rules && window.Intl?.Segmenter) {
    const count = Counting.counter(JSON.parse(rules.textContent));
    for (const card of document.querySelectorAll("[data-card]")) watch(card, count);
  }

  if (form) {
    const isUnsaved = (card) => {
      const area = card.querySelector("textarea[data-words]");
      return card.hasAttribute("data-unsaved") || area.value !== area.defaultValue;
    };
    form.addEventListener("submit", () => (isLeaving = true));
    window.addEventListener("beforeunload", (event) => {
      if (!isLeaving && [...document.querySelectorAll("[data-card]")].some(isUnsaved)) event.preventDefault();
    });
  }
})();
