// Counts a text as planner/rebuttals/core/limits.py does. Every number and every pattern comes from there, with the page
// (limits.rules()): this file knows only how to walk a text. tests/rebuttals/test_counting.py holds the two together.
(() => {
  const SPACE_AT_ENDS = /^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu; // what Python's strip() takes
  const points = (text) => [...text].length;

  const counter = (rules) => {
    const pattern = (name) => new RegExp(rules.patterns[name], "gu");
    const link = pattern("link");
    const handle = pattern("handle");
    const emoji = pattern("emoji");
    const xLink = pattern("xLink");
    const xName = pattern("xName");
    const domains = new Set(rules.tlds.split(" "));
    const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
    const bytes = new TextEncoder();

    const graphemes = (text) => [...clusters.segment(text)].length;
    const isLight = (letter) => rules.light.some(([first, last]) => first <= letter && letter <= last);
    const weigh = (text) => {
      let sum = 0;
      let bare = text.normalize("NFC").replace(xLink, () => ((sum += rules.urlCost), ""));
      for (const [name, domain] of bare.matchAll(xName)) {
        if (domains.has(domain.toLowerCase())) sum += Math.max(rules.urlCost - name.length, 0);
      }
      bare = bare.replace(emoji, () => ((sum += 2), ""));
      for (const letter of bare) sum += isLight(letter.codePointAt(0)) ? 1 : 2;
      return sum;
    };
    const ways = {
      code_points: points,
      graphemes,
      utf8: (text) => bytes.encode(text).length,
      utf16: (text) => text.length,
      mastodon: (text, cost) => graphemes(text.replace(link, "x".repeat(cost)).replace(handle, "$1")),
      x: weigh,
    };
    const mostHere = (limit, own) => {
      if (!limit.own || !own) return limit.most;
      return limit.ceiling === null ? own : Math.min(own, limit.ceiling);
    };

    // The posts that a text becomes (threads.as_sent).
    const divider = new RegExp(rules.divider, "gu");
    const asSent = (kind, text) => {
      const lines = text.split(divider);
      if (lines.length === 1) return lines;
      const parts = lines.map((part) => part.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, "")).filter(Boolean);
      if (parts.length < 2 || !rules.threading.includes(kind)) return [parts.join("\n\n")];
      return parts.map((part, at) => `${part} ${at + 1}/${parts.length}`);
    };

    // [{unit, used, most}] as preview.counted gives them; `own` is the channel's limit, `cost` what it counts for a link.
    return (kind, text, own = null, cost = rules.urlCost) =>
      (rules.kinds[kind] ?? rules.kinds[""]).map((limit) => ({
        unit: limit.unit,
        used: Math.max(...asSent(kind, text).map((part) => ways[limit.way](part, cost))),
        most: mostHere(limit, own),
      }));
  };

  // The text as it is kept (words.tidy): line feeds as line ends, no space at either end.
  const tidy = (text) => text.replace(/\r\n?/g, "\n").replace(SPACE_AT_ENDS, "");

  window.Counting = { counter, tidy };
})();
