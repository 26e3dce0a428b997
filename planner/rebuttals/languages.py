"""The languages that a text may be in, each by its own name, for the people who choose one."""

from collections.abc import Iterable

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from planner.rebuttals.core.languages import canonical

# Django knows the languages of its own catalogues; these have readers, too (names from Unicode's CLDR).
ALSO = {
    "aii": "ܣܘܪܝܬ",
    "am": "አማርኛ",
    "ar-IQ": "العربيّة (العراق)",
    "ar-SY": "العربيّة (سوريا)",
    "dv": "ދިވެހިބަސް",
    "gu": "ગુજરાતી",
    "ha": "Hausa",
    "km": "ខ្មែរ",
    "kmr": "Kurdî (kurmancî)",
    "kn": "ಕನ್ನಡ",
    "lo": "ລາວ",
    "mn": "монгол",
    "mt": "Malti",
    "om": "Oromoo",
    "pa": "ਪੰਜਾਬੀ",
    "prs": "دری",
    "ps": "پښتو",
    "sd": "سنڌي",
    "si": "සිංහල",
    "so": "Soomaali",
    "syr": "ܣܘܪܝܝܐ",
    "ti": "ትግርኛ",
    "yo": "Yorùbá",
    "zu": "isiZulu",
}
# Names of Chinese by country stand there for old browsers; "no" is written nb or nn.
_NAMED = {canonical(tag): info["name_local"] for tag, info in LANG_INFO.items() if "name_local" in info and tag != "no"}
NAMES: dict[str, str] = dict(sorted({**_NAMED, "eu": "euskara", **ALSO}.items(), key=lambda one: one[1].casefold()))

Choices = list[tuple[str, object]]


def name_of(tag: str) -> str:
    """What the language calls itself, with its region where it has one of its own; an unknown tag as it is."""
    if tag in NAMES:
        return NAMES[tag]
    language, _dash, rest = tag.partition("-")
    return f"{NAMES[language]} ({rest})" if language in NAMES and rest else tag


def choices(used: Iterable[str] = ()) -> list[tuple[object, Choices]]:
    """For a list to choose from: the house's own languages and the `used` ones first, then all, by their own names."""
    near = dict.fromkeys([*(code for code, _words in settings.LANGUAGES), *(tag for tag in used if tag)])
    first: Choices = [(tag, _labelled(tag)) for tag in near]
    return [
        (_("Written here"), first),
        (_("All languages"), [(tag, _labelled(tag)) for tag in NAMES if tag not in near]),
    ]


def _labelled(tag: str) -> str:
    return f"{name_of(tag)} · {tag}"
