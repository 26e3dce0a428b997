"""Strategies for the tests of the drawings: any night, in any zone, with anything written on it."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import strategies as st

from planner.desk.core.night import LINKS, Claim, Gap, Hour, Night, Post, Watch
from planner.desk.core.svg import text_width

ZONES = (
    "Asia/Baghdad",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)
NASTY = (
    "<script>alert(1)</script>",
    "a\"b'c&d",
    "جسور الموصل ملغومة",
    "\x00\ud800\uffff",
    "W" * 200,
    "",
    "]]>",
    "line\nbreak",
)
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
URLS = st.sampled_from(("", "/claims/1/", "javascript:alert(1)", "//evil.example/x", "https://example.org/?a=1&b=2"))
SEVERITIES = st.sampled_from(("low", "medium", "high", "critical"))
STATES = st.sampled_from(("scheduled", "queued", "sending", "retrying", "published", "failed", "uncertain", "stopped"))
ORIGINS = st.integers(0, 17 * 365 * 96).map(
    lambda quarters: datetime(2013, 1, 1, tzinfo=UTC) + quarters * timedelta(minutes=15)
)


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """A night of 23 to 25 hours with marks in it, across its ends and outside of it."""
    start = draw(ORIGINS)
    end = start + timedelta(hours=draw(st.sampled_from((23, 24, 25))))
    moments = st.integers(-600, 2400).map(lambda minutes: start + timedelta(minutes=minutes))
    lengths = st.integers(1, 900).map(lambda minutes: timedelta(minutes=minutes))
    rates = st.floats(0, 50)

    @st.composite
    def watches(draw: st.DrawFn) -> Watch:
        begins = draw(moments)
        kind = draw(st.sampled_from(("desk", "on_call", "cleared_line", "channel")))
        return Watch(begins, begins + draw(lengths), kind, draw(WORDS))

    @st.composite
    def gaps(draw: st.DrawFn) -> Gap:
        begins, missing = draw(moments), draw(st.lists(st.sampled_from(LINKS), min_size=1))
        return Gap(
            begins, begins + draw(lengths), tuple(missing), draw(rates), draw(rates), draw(st.booleans()), draw(WORDS)
        )

    @st.composite
    def claims(draw: st.DrawFn) -> Claim:
        broke = draw(moments)
        answered, declined = draw(st.none() | lengths), draw(st.none() | lengths)
        ends = [None if length is None else broke + length for length in (answered, declined)]
        return Claim(broke, ends[0], ends[1], draw(SEVERITIES), draw(WORDS), draw(URLS))

    @st.composite
    def posts(draw: st.DrawFn) -> Post:
        due, length = draw(moments), draw(st.none() | lengths)
        expires = due + length if length else None
        return Post(draw(WORDS), due, expires, draw(STATES), draw(WORDS), draw(URLS))

    tempo = [
        Hour(start + timedelta(hours=i), r, r * 0.5, r * 1.5) for i, r in enumerate(draw(st.lists(rates, max_size=25)))
    ]
    return Night(
        start,
        end,
        draw(moments),
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from(ZONES)),
        tempo,
        {link: draw(st.lists(watches(), max_size=4)) for link in LINKS},
        draw(st.lists(gaps(), max_size=5)),
        draw(st.lists(posts(), max_size=8)),
        draw(st.lists(claims(), max_size=14)),
    )


def bounds(svg: str) -> tuple[tuple[float, float], list[tuple[str, float, float, float, float]]]:
    """The sheet's width and height, and of each shape and text what it is and the box it takes, read from the XML."""
    root = ElementTree.fromstring(svg)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    found = []
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        if _is_in_pattern(root, node):
            continue
        got = {key: float(value) for key, value in node.attrib.items() if _is_number(value)}
        if tag == "rect":
            box = (got["x"], got["y"], got["x"] + got["width"], got["y"] + got["height"])
        elif tag == "circle":
            r = got["r"]
            box = (got["cx"] - r, got["cy"] - r, got["cx"] + r, got["cy"] + r)
        elif tag == "line":
            xs, ys = (got["x1"], got["x2"]), (got["y1"], got["y2"])
            box = (min(xs), min(ys), max(xs), max(ys))
        elif tag in {"polygon", "polyline"}:
            points = [tuple(map(float, pair.split(","))) for pair in node.attrib["points"].split()]
            xs, ys = zip(*points, strict=True)
            box = (min(xs), min(ys), max(xs), max(ys))
        elif tag == "text":
            box = _text_box(node, got, root.attrib["direction"] == "rtl")
        else:
            continue
        found.append((tag, *box))
    return (width, height), found


def _text_box(node: ElementTree.Element, got: dict[str, float], rtl: bool) -> tuple[float, float, float, float]:
    size = got["font-size"]
    room = text_width(node.text or "", size, "bold" in node.attrib["class"])
    anchor = node.attrib.get("text-anchor", "start")
    before = {"start": 0.0, "middle": room / 2, "end": room}[anchor]
    left = got["x"] - (room - before if rtl else before)
    return left, got["y"] - size * 0.8, left + room, got["y"] + size * 0.25


def _is_in_pattern(root: ElementTree.Element, node: ElementTree.Element) -> bool:
    return any(node in list(pattern) for pattern in root.iter() if pattern.tag.endswith("pattern"))


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).removeprefix("-").isdigit()
