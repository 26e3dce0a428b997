"""The Arabic catalogue: complete, true to its placeholders, and compiled from what stands in the repository."""

import re
from collections import Counter
from functools import cache

import polib
import pytest

from tests.doubles.processes import REPOSITORY

PO = REPOSITORY / "locale" / "ar" / "LC_MESSAGES" / "django.po"
FORMS = set(range(6))  # zero, one, two, few, many, other
NUMBER_IN_THE_WORD = {0, 1, 2}
COUNTS = {"%(count)s", "%(n)s", "%(parts)s", "%(days)s"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(PO))


def messages() -> list[polib.POEntry]:
    return [entry for entry in catalogue() if not entry.obsolete]


def placeholders(text: str) -> Counter[str]:
    """Every placeholder of a text, and how often it stands there."""
    return Counter(PLACEHOLDER.findall(text))


def says_itself(form: int, said: str, text: str) -> bool:
    """Whether an Arabic none, one or two has its number in the word ("two pictures" is one word there)."""
    missing, more = placeholders(said) - placeholders(text), placeholders(text) - placeholders(said)
    return form in NUMBER_IN_THE_WORD and not more and missing.total() == 1 and missing.keys() <= COUNTS


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """What was said and its translation; a plural is measured by its plural form, which has every placeholder."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def test_every_message_is_translated() -> None:
    assert [entry.msgid for entry in messages() if not entry.translated() or entry.fuzzy] == []


def test_there_is_a_catalogue_at_all() -> None:
    assert len(messages()) > 500


def test_placeholders_are_those_of_the_original() -> None:
    wrong = [
        (said, text)
        for entry in messages()
        for form, (said, text) in enumerate(pairs(entry))
        if placeholders(said) != placeholders(text) and not (entry.msgid_plural and says_itself(form, said, text))
    ]
    assert wrong == []


def test_line_breaks_and_blanks_at_the_ends_are_kept() -> None:
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [text for entry in messages() for said, text in pairs(entry) if ends(said) != ends(text)] == []


def test_tags_are_kept() -> None:
    def tags(text: str) -> Counter[str]:
        return Counter(re.findall(r"<[^>]+>", text))

    assert [text for entry in messages() for said, text in pairs(entry) if tags(said) != tags(text)] == []


def test_all_six_plural_forms_are_filled() -> None:
    assert catalogue().metadata["Plural-Forms"].startswith("nplurals=6;")
    plurals = [entry for entry in messages() if entry.msgid_plural]
    assert [entry.msgid for entry in plurals if set(entry.msgstr_plural) != FORMS] == []
    assert [entry.msgid for entry in plurals if not all(entry.msgstr_plural.values())] == []


def test_the_compiled_catalogue_is_of_this_source() -> None:
    """msgfmt and polib lay out the same catalogue differently: what it says is compared."""
    compiled = {said(entry) for entry in polib.mofile(str(PO.with_suffix(".mo")))}
    assert compiled == {said(entry) for entry in messages()}, "run manage.py compilemessages, or polib"


def said(entry: polib.POEntry | polib.MOEntry) -> tuple[object, ...]:
    """A message and all its forms, comparable."""
    return (
        entry.msgctxt or "",
        entry.msgid,
        entry.msgid_plural or "",
        entry.msgstr,
        *sorted(entry.msgstr_plural.items()),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(count)d h %(minutes)d min", {"%(count)d": 1, "%(minutes)d": 1}),
        ("{start}–{end} {words}", {"{start}": 1, "{end}": 1, "{words}": 1}),
        ("90 %% within %(p90)s", {"%%": 1, "%(p90)s": 1}),
        ("at %s, %d", {"%s": 1, "%d": 1}),
        ("nothing", {}),
    ],
)
def test_the_placeholders_of_a_text(text: str, found: dict[str, int]) -> None:
    assert placeholders(text) == found
