"""The week of requirements as forms: a row of fields for each ask, the hours of each day in a cell."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import roles_for
from planner.coverage.core.weekgrid import Ask, Clash, Row, clashes, copied, hours_text, parse_hours
from planner.coverage.forms import LINK_CHOICES, ROLE_CHOICES, day_names
from planner.tempo.selectors import theatre
from planner.wallclock import zone as zone_named

SPARE = 2  # empty rows at the end
TARGETS = {"all": range(7), "mon-fri": range(5), "sun-thu": (6, 0, 1, 2, 3)}


class RowForm(forms.Form):
    """One row. Without any hours it asks for nothing, whatever else it says."""

    link = forms.ChoiceField(choices=LINK_CHOICES)
    role = forms.ChoiceField(choices=ROLE_CHOICES, required=False)
    language = forms.CharField(required=False, max_length=16)
    people = forms.IntegerField(min_value=1, max_value=500, initial=1)
    zone = forms.CharField(max_length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        number = int(str(self.prefix).removeprefix("row")) + 1
        for day, name in enumerate(day_names()):
            label = _("Row %(number)s, %(day)s") % {"number": number, "day": name}
            attrs = {"aria-label": label, "placeholder": "–", "size": "11"}
            self.fields[f"day{day}"] = forms.CharField(
                required=False, max_length=80, label=name, widget=forms.TextInput(attrs=attrs)
            )
        words = {"link": _("link"), "role": _("role"), "language": _("language"), "people": _("people")}
        for field, word in {**words, "zone": _("time zone")}.items():
            self.fields[field].widget.attrs["aria-label"] = _("Row %(number)s, %(field)s") % {
                "number": number,
                "field": word,
            }
        self.fields["language"].widget.attrs["placeholder"] = _("any")

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields of Monday to Sunday."""
        return [self[f"day{day}"] for day in range(7)]

    @property
    def heads(self) -> list[forms.BoundField]:
        """The fields before them."""
        return [self[name] for name in ("link", "role", "language", "people", "zone")]

    def clean(self) -> dict[str, Any]:
        """Each cell becomes its hours; the zone and the role are judged."""
        words = self.cleaned_data
        for day, name in enumerate(day_names()):
            try:
                words[f"day{day}"] = parse_hours(words.get(f"day{day}", ""))
            except ValueError as fault:
                self.add_error(f"day{day}", f"{name}: {fault}")
        try:
            words["zone"] = zone_named(words.get("zone", "")).key
        except ValueError as unknown:
            self.add_error("zone", str(unknown))
        link, role = words.get("link"), words.get("role")
        if link and role and role not in {one.value for one in roles_for(Link(link))}:
            self.add_error("role", _("This role does not do this link."))
        return words

    def row(self) -> Row:
        """The row that was filled in."""
        words = self.cleaned_data
        ask = Ask(words["link"], words["role"], words["language"].strip().lower(), words["people"], words["zone"])
        return Row(ask, [words[f"day{day}"] for day in range(7)])


class WeekForms:
    """All rows together."""

    def __init__(self, rows: Sequence[RowForm]) -> None:
        self.forms = rows
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Every row can be read, and no two ask for the same at the same time."""
        if not all([form.is_valid() for form in self.forms]):
            return False
        self.errors = [_clash_words(clash) for clash in clashes([form.row() for form in self.forms])]
        return not self.errors

    @property
    def has_errors(self) -> bool:
        """Whether something was sent that cannot be saved."""
        return bool(self.errors) or any(form.is_bound and form.errors for form in self.forms)

    def rows(self) -> list[Row]:
        """The rows, once valid."""
        return [form.row() for form in self.forms]

    def refuse(self, why: str) -> None:
        """Say why it was not saved."""
        self.errors.append(why)

    def with_copy(self, asked: str) -> "WeekForms":
        """The same texts with a day's hours copied: "2:0:all" copies Monday of the third row to every day."""
        number, _colon, rest = asked.partition(":")
        day, _colon, target = rest.partition(":")
        if not (number.isdecimal() and int(number) < len(self.forms) and day in set("0123456") and target in TARGETS):
            return self
        texts = [_texts(form) for form in self.forms]
        chosen = texts[int(number)]
        cells = copied([chosen[f"day{one}"] for one in range(7)], int(day), TARGETS[target])
        chosen |= {f"day{one}": text for one, text in enumerate(cells)}
        return WeekForms([RowForm(prefix=f"row{index}", initial=text) for index, text in enumerate(texts)])


def week_forms(rows: Sequence[Row], sent: QueryDict | None) -> WeekForms:
    """The rows that stand and some to spare; or what was sent."""
    if sent is not None:
        count = min(sum(key.endswith("-link") for key in sent), 200)
        return WeekForms([RowForm(sent, prefix=f"row{index}") for index in range(count)])
    initial: list[dict[str, Any]] = [_initial(row) for row in rows]
    initial += [{"zone": theatre().key, "people": 1}] * SPARE
    return WeekForms([RowForm(prefix=f"row{index}", initial=words) for index, words in enumerate(initial)])


def _initial(row: Row) -> dict[str, Any]:
    ask = row.ask
    words = {"link": ask.link, "role": ask.role, "language": ask.language, "people": ask.people, "zone": ask.zone}
    return words | {f"day{day}": hours_text(cell) for day, cell in enumerate(row.cells)}


def _texts(form: RowForm) -> dict[str, Any]:
    """What stands in the fields, read or not."""
    return {name: form[name].value() or "" for name in form.fields}


def _clash_words(clash: Clash) -> str:
    words = {
        "day": day_names()[clash.day],
        "one": hours_text([clash.one]),
        "other": hours_text([clash.other]),
        "first": clash.first + 1,
        "second": clash.second + 1,
    }
    if clash.first == clash.second:
        return _("Row %(first)s, %(day)s: %(other)s lies over %(one)s in the same row. Make them one.") % words
    return (
        _(
            "Row %(second)s, %(day)s: %(other)s lies over %(one)s of row %(first)s, which asks for the same. "
            "Keep one of them, with the number of people you need."
        )
        % words
    )
