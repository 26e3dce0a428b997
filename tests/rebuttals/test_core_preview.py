"""How a text looks where it is to stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.core.bluesky import facets
from planner.rebuttals.core.entities import Mark
from planner.rebuttals.core.limits import LIMITS
from planner.rebuttals.core.preview import Place, look, pieces

TEXT = "السد سليم https://www.example.org/dam/a-rather-long-way?x=1، @press@social.example.org و#السدّ example.com"


def marks(kind, text=TEXT):
    return [(piece.mark.value, piece.shown) for piece in pieces(kind, text) if piece.mark is not Mark.TEXT]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("mastodon", [("link", "example.org/dam/a-rather-long-…"), ("mention", "@press"), ("tag", "#السدّ")]),
        ("bluesky", [("link", "https://www.example.org/dam/a-rather-long-way?x=1")]),
        ("mail", [("link", "https://www.example.org/dam/a-rather-long-way?x=1")]),
        ("feed", []),
    ],
)
def test_each_platform_recognises_what_it_does(kind, found):
    text = TEXT.replace("و#", "#")
    assert marks(kind, text) == (found if kind != "bluesky" else [*found, ("tag", "#السدّ")])


def test_x_makes_links_of_names_and_shortens_them():
    assert marks("x", "see example.org/x, @press and #Dam") == [
        ("link", "example.org"),
        ("mention", "@press"),
        ("tag", "#Dam"),
    ]
    assert marks("x", "https://example.org/a/b/c/d/e/f/g/h") == [("link", "example.org/a/b/c/d/e/f/g/…")]


def test_mail_and_feed_are_named_by_their_first_line():
    assert look("\n The dam  holds.\nMore.", Place("mail")).headline == "The dam holds."
    assert look("The dam holds.", Place("x")).headline == ""


parts = st.sampled_from(
    ["a", " ", "\n", "#tag", "@press@example.org", "@a.example.org", "https://example.org/ü", "م", "👍"]
)


@given(st.lists(parts, max_size=20).map("".join))
def test_nothing_is_left_out_and_blueskys_facets_are_what_is_shown(text):
    for kind in LIMITS:
        assert "".join(piece.whole for piece in pieces(kind, text)) == text
    everybody = {piece.whole[1:]: "did:plc:x" for piece in pieces("bluesky", text) if piece.mark is Mark.MENTION}
    sent = [
        text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in facets(text, everybody)
    ]
    assert sent == [piece.whole for piece in pieces("bluesky", text) if piece.mark is not Mark.TEXT]
