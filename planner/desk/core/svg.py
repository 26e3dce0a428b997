"""A pen for server-drawn SVG: escapes every text, mirrors every shape, and knows how much room each label takes.

Shapes are given in left-to-right coordinates. With `rtl` every x is mirrored, and because the document's own direction
is right-to-left too, `text-anchor="start"` keeps meaning "begins here". Colours come from classes in
`static/drawings.css`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

Point = tuple[float, float]

NARROW = frozenset("iljtfrI.,:;|!'()[]·-–/")
BROAD = frozenset("mwMW@%—…")


class Box(NamedTuple):
    """The room a label takes, in the coordinates of the drawing."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: "Box") -> bool:
        """Whether the two boxes share any area."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def _advance(char: str) -> float:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0.0
    if char == " ":
        return 0.33
    if char in NARROW:
        return 0.41
    if char in BROAD:
        return 1.0
    if char.isdigit():
        return 0.64
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if "\u0600" <= char <= "\u08ff":
        return 0.62
    return 0.73 if char.isupper() or ord(char) > 0x24F else 0.63


def text_width(text: str, size: float, bold: bool = False) -> float:
    """A generous estimate of a text's width in user units; measured on DejaVu Sans, the widest of the usual faces."""
    return sum(map(_advance, text)) * size * (1.1 if bold else 1.0)


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text cut with an ellipsis so that it fits into `room` user units; empty when not even one letter does."""
    text = clean(text)
    if text_width(text, size, bold) <= room:
        return text
    while text and text_width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text.strip() else ""


def wrap(text: str, room: float, size: float, lines: int) -> list[str]:
    """The text broken at spaces into at most `lines` lines of `room` user units; the last is shortened."""
    wrapped: list[str] = []
    words = clean(text).split()
    while words and len(wrapped) < lines - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        wrapped.append(shorten(" ".join(words[:taken]), room, size))
        words = words[taken:]
    return [*wrapped, shorten(" ".join(words), room, size)] if words else wrapped


def clean(text: str) -> str:
    """Without the characters that XML cannot carry; line breaks become spaces."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cs", "Cn"})


def isolate(text: str) -> str:
    """Somebody else's words, fenced so that their direction does not turn the words around them.

    Direction controls of their own are taken out: an override in a claim must not turn our figures.
    """
    own = "".join(c for c in text if not ("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"))
    return f"\u2068{own}\u2069" if own.strip() else own


def is_safe_link(url: str) -> bool:
    """Whether a drawing may link there: our own pages, or the web; never `javascript:` and its kin."""
    return (url.startswith("/") and not url.startswith("//")) or url.startswith(("https://", "http://"))


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


def _attributes(pairs: Iterable[tuple[str, object]]) -> str:
    return "".join(
        f" {name}={quoteattr(clean(number(value) if isinstance(value, float) else str(value)))}"
        for name, value in pairs
        if value is not None and value != ""
    )


@dataclass
class Pen:
    """Draws on a sheet of `width` user units; `prefix` makes ids unique on the page."""

    width: float
    rtl: bool = False
    prefix: str = "d"
    parts: list[str] = field(default_factory=list)
    labels: list[Box] = field(default_factory=list)

    def x(self, x: float) -> float:
        """Where a left-to-right x lies on this sheet."""
        return self.width - x if self.rtl else x

    def put(self, tag: str, **attributes: object) -> None:
        """An empty element; `class_` and names with `_` become SVG's own."""
        pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
        self.parts.append(f"<{tag}{_attributes(pairs)}/>")

    def rect(self, x: float, y: float, width: float, height: float, class_: str, rx: float = 0, fill: str = "") -> None:
        """A rectangle whose inline-start edge is at x."""
        left = self.width - x - width if self.rtl else x
        values = {"x": float(left), "y": float(y), "width": float(max(width, 0)), "height": float(height)}
        self.put("rect", class_=class_, **values, rx=float(rx) if rx else None, fill=fill)

    def line(self, x1: float, y1: float, x2: float, y2: float, class_: str) -> None:
        """A straight line."""
        self.put("line", class_=class_, x1=float(self.x(x1)), y1=float(y1), x2=float(self.x(x2)), y2=float(y2))

    def circle(self, x: float, y: float, r: float, class_: str) -> None:
        """A circle about (x, y)."""
        self.put("circle", class_=class_, cx=float(self.x(x)), cy=float(y), r=float(r))

    def shape(self, points: Sequence[Point], class_: str, closed: bool = True, fill: str = "") -> None:
        """A polygon, or with `closed=False` a polyline."""
        if len(points) > 1:
            path = " ".join(f"{number(self.x(x))},{number(y)}" for x, y in points)
            self.put("polygon" if closed else "polyline", class_=class_, points=path, fill=fill)

    def text(
        self, x: float, y: float, text: str, class_: str, size: float, anchor: str = "start", bold: bool = False
    ) -> None:
        """A label whose baseline is at y; anchor is start, middle or end in reading direction."""
        text = clean(text)
        if not text.strip():
            return
        room = text_width(text, size, bold)
        left = {"start": x, "middle": x - room / 2, "end": x - room}[anchor]
        if self.rtl:
            left = self.width - left - room
        self.labels.append(Box(left, y - size * 0.8, left + room, y + size * 0.25, text))
        pairs = {"class": class_ + (" bold" if bold else ""), "x": float(self.x(x)), "y": float(y)}
        pairs |= {"font-size": float(size), "text-anchor": anchor if anchor != "start" else None}
        self.parts.append(f"<text{_attributes(pairs.items())}>{escape(text)}</text>")

    @contextmanager
    def group(self, class_: str, title: str = "", desc: str = "") -> Iterator[None]:
        """A layer: its title and description are read out, and shown as a tool-tip."""
        self.parts.append(f"<g{_attributes([('class', class_)])}>{_titled(title, desc)}")
        yield
        self.parts.append("</g>")

    @contextmanager
    def link(self, url: str, title: str, class_: str) -> Iterator[None]:
        """A mark that leads somewhere; only a mark when the address is not a safe one."""
        if not is_safe_link(url):
            with self.group(class_, title):
                yield
            return
        pairs = [("class", class_), ("href", url), ("aria-label", title)]
        self.parts.append(f"<a{_attributes(pairs)}>{_titled(title)}")
        yield
        self.parts.append("</a>")

    def document(self, height: float, class_: str, title: str, desc: str, is_image: bool) -> str:
        """The whole SVG. `is_image`: read as one picture; without, as a group, because its links can be followed."""
        pairs = [
            ("class", class_),
            ("viewBox", f"0 0 {number(self.width)} {number(height)}"),
            ("direction", "rtl" if self.rtl else "ltr"),
            ("role", "img" if is_image else "group"),
            ("aria-labelledby", f"{self.prefix}-title {self.prefix}-desc"),
        ]
        head = f'<title id="{self.prefix}-title">{escape(clean(title))}</title>'
        head += f'<desc id="{self.prefix}-desc">{escape(clean(desc))}</desc>'
        return f'<svg xmlns="http://www.w3.org/2000/svg"{_attributes(pairs)}>{head}{"".join(self.parts)}</svg>'


def _titled(title: str, desc: str = "") -> str:
    parts = f"<title>{escape(clean(title))}</title>" if title else ""
    return parts + (f"<desc>{escape(clean(desc))}</desc>" if desc else "")


def hatch(pen: Pen, name: str, class_: str, step: float = 6) -> str:
    """Define a hatching and give the fill that uses it."""
    turn = -45 if pen.rtl else 45
    pen.parts.append(
        f'<defs><pattern id="{pen.prefix}-{name}" width="{number(step)}" height="{number(step)}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">'
        f'<rect class="{class_}-ground" width="{number(step)}" height="{number(step)}"/>'
        f'<line class="{class_}-line" x1="0" y1="0" x2="0" y2="{number(step)}"/></pattern></defs>'
    )
    return f"url(#{pen.prefix}-{name})"
