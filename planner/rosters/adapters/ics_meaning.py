"""Who an event is about and what they do then: the order of these rules is documented in docs/calendars.md."""

import re

from planner.journal.core.intake import Fault
from planner.people.core.roles import Role
from planner.rosters.adapters.ics_values import Property
from planner.rosters.core.calendar import KINDS, LEAVE, Meaning, Reading, Who

ROLES = frozenset({Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY, Role.MANAGER})
MOST_PEOPLE = 50
_KIND_WORDS = {
    "desk": "at the desk|on shift|shift|desk duty",
    "on_call": "on call|oncall|standby|stand by|on duty",
    LEAVE: "away|holiday|vacation|absent|out of office|ooo|annual leave|sick|sick leave|day off|off",
}
_KINDS = {
    **{word: kind for kind, words in _KIND_WORDS.items() for word in words.split("|")},
    **{kind.replace("_", " "): kind for kind in KINDS},
}
_TITLE = re.compile(
    r"(?P<name>[^()\[\]:]+?)\s*(?:[(\[](?P<in>[^()\[\]]+)[)\]]|(?:\s[-–—]|:)\s+(?P<after>[^:]+))"
    r"|(?P<before>[^:()\[\]]+?)\s*(?::|\s[-–—])\s+(?P<whom>[^()\[\]:]+)"
)
_EMAIL = re.compile(r"(?i)(?:mailto:)?\s*([^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+)")
Props = dict[str, list[Property]]


def meaning(props: Props, reading: Reading) -> Meaning:
    """Who and what. Raises Fault with the field at which it should be said."""
    title = first(props, "SUMMARY")
    named, from_title = _title(title)
    kind = _said_kind(props) or from_title or reading.kind or "desk"
    roles = () if kind == LEAVE else tuple(dict.fromkeys(_roles(props)))
    return Meaning(_people(props, reading, title, named), kind, roles)


def says_a_kind(props: Props) -> bool:
    """Whether the event itself says that it is duty or leave; otherwise it may be anything, such as a lunch."""
    return bool(_said_kind(props) or _title(first(props, "SUMMARY"))[1])


def first(props: Props, name: str) -> str:
    """The words of the first property of that name, or ""."""
    return props[name][0].words if props.get(name) else ""


def _people(props: Props, reading: Reading, title: str, named: str) -> tuple[Who, ...]:
    if own := props.get("X-PLANNER-PERSON"):
        return tuple(Who(_name(prop, prop.words), _email(prop.params.get("EMAIL", ""))) for prop in own)
    if reading.person:
        mail = _email(reading.person)
        return (Who("" if mail else reading.person, mail),)
    if guests := [prop for prop in props.get("ATTENDEE", ()) if _comes(prop)]:
        if len(guests) > MOST_PEOPLE:
            raise Fault("ATTENDEE", f"{len(guests)}", f"more than {MOST_PEOPLE} people: a meeting is not a shift")
        return tuple(dict.fromkeys(_guest(prop) for prop in guests))
    if named:
        return (_from_words(props["SUMMARY"][0], named, is_guess=False),)
    if title:
        return (_from_words(props["SUMMARY"][0], title, is_guess=True), *map(_guest, props.get("ORGANIZER", ())[:1]))
    if hosts := props.get("ORGANIZER"):
        return (_guest(hosts[0]),)
    raise Fault("SUMMARY", "", "nobody is named: write “Layla Hasan (on call)”, add an attendee, or use --person")


def _from_words(prop: Property, words: str, *, is_guess: bool) -> Who:
    mail = _email(words)
    return Who("" if mail else _name(prop, words, cut=is_guess), mail, is_guess)


def _guest(prop: Property) -> Who:
    mail = _email(prop.value)
    common = " ".join(prop.params.get("CN", "").strip('"').split())
    if not mail and not common:
        raise Fault(prop.name, prop.value, "names nobody: expected mailto:layla@example.org, or a name as CN")
    return Who(_name(prop, "" if _email(common) else common, cut=bool(mail)), mail)


def _comes(prop: Property) -> bool:
    rooms, declined = {"ROOM", "RESOURCE"}, {"DECLINED", "DELEGATED"}
    words = {name: prop.params.get(name, "").upper() for name in ("CUTYPE", "PARTSTAT", "ROLE")}
    is_absent = words["CUTYPE"] in rooms or words["PARTSTAT"] in declined or words["ROLE"] == "NON-PARTICIPANT"
    return not is_absent


def _name(prop: Property, words: str, *, cut: bool = False) -> str:
    if len(words) > 150 and not cut:
        raise Fault(prop.name, words, f"too long for a name: {len(words)} characters, at most 150 are kept")
    return words[:150]


def _email(words: str) -> str:
    found = _EMAIL.fullmatch(words.strip())
    return found[1].lower() if found and len(found[1]) <= 254 else ""


def _title(words: str) -> tuple[str, str]:
    """Name and kind of a title such as “Layla (on call)”, “Layla: desk”, “On call - Layla”; two "" when it is none."""
    if not (found := _TITLE.fullmatch(words[:300])):
        return "", ""
    parts = [(found["name"], found["in"] or found["after"]), (found["whom"], found["before"])]
    # “On call - Layla - Primary” fits the first shape with the words turned round.
    parts.append((found["in"] or found["after"], found["name"]))
    for name, word in parts:
        if name and word and (kind := _kind(word)):
            return name.partition(" - ")[0].strip(), kind
    return "", ""


def _kind(word: str) -> str:
    return _KINDS.get(" ".join(word.lower().replace("_", " ").replace("-", " ").split()), "")


def _said_kind(props: Props) -> str:
    for prop in props.get("X-PLANNER-KIND", ()):
        if kind := _kind(prop.words):
            return kind
        raise Fault(prop.name, prop.words, f"expected one of {', '.join(KINDS)}")
    kinds = dict.fromkeys(filter(None, map(_kind, _categories(props))))
    if len(kinds) > 1:
        raise Fault("CATEGORIES", ",".join(kinds), "says two kinds at once: expected one of desk, on_call, leave")
    away = [prop for prop in props.get("X-MICROSOFT-CDO-BUSYSTATUS", ()) if prop.value.upper() == "OOF"]
    return next(iter(kinds), LEAVE if away else "")


def _roles(props: Props) -> list[str]:
    said = [
        word.strip().lower()
        for prop in props.get("X-PLANNER-ROLES", ())
        for word in prop.words.replace(",", ";").split(";")
    ]
    if wrong := next((word for word in said if word and word not in ROLES), ""):
        raise Fault("X-PLANNER-ROLES", wrong, f"not a role on watch: expected some of {';'.join(sorted(ROLES))}")
    return sorted({*filter(None, said), *(word.lower() for word in _categories(props) if word.lower() in ROLES)})


def _categories(props: Props) -> list[str]:
    return [word.strip() for prop in props.get("CATEGORIES", ()) for word in re.split(r"(?<!\\),", prop.value)]
