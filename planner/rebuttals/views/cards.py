"""One text on the editor's page."""

from dataclasses import dataclass, field
from functools import cached_property

from planner.rebuttals import selectors
from planner.rebuttals.advice import Suggestion, suggestions
from planner.rebuttals.core.review import DraftState
from planner.rebuttals.core.words import Segment
from planner.rebuttals.forms import CardForm
from planner.rebuttals.languages import name_of
from planner.rebuttals.models import Draft
from planner.rebuttals.selectors import Reviewed
from planner.rebuttals.words import KIND_WORDS

NEW = "new"  # the text that is not on record and whose language and kind are still chosen


@dataclass
class Card:
    """One text on the page: its form, the version on record, and what somebody else saved meanwhile."""

    form: CardForm
    current: Reviewed | None = None
    theirs: Draft | None = None
    changes: list[Segment] = field(default_factory=list)
    is_open: bool = False  # the address names it
    status: int = 200  # of what was sent in it: 400 to be mended, 409 something else stands in its way

    @property
    def key(self) -> str:
        """What its fields' names begin with."""
        return self.form.prefix or NEW

    @property
    def language(self) -> str:
        return str(self.form["language"].value() or "")

    @property
    def kind(self) -> str:
        return str(self.form["channel_kind"].value() or "")

    @property
    def name(self) -> str:
        """Language and kind, as people say it."""
        return f"{name_of(self.language)} · {KIND_WORDS.get(self.kind, self.kind)}"

    @cached_property
    def versions(self) -> list[Reviewed]:
        return selectors.versions(self.current.draft) if self.current else []

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        return suggestions(self.current.draft) if self.current else []

    @property
    def open_suggestions(self) -> int:
        """How many nobody has answered."""
        return sum(one.waiver is None for one in self.suggestions)


def is_touched(card: Card) -> bool:
    """Whether somebody wrote in it, or asks for the review of a text that nobody has reviewed."""
    if is_blank(card):
        return False
    is_unseen = card.current is None or card.current.state is DraftState.DRAFT
    return bool(_changed(card.form)) or (is_unseen and card.form.for_review())


def _changed(form: CardForm) -> list[str]:
    """The fields that were sent and say something else than what their author had before them."""
    sent = (name for name in form.changed_data if name != "base_version")
    return [
        name
        for name in sent
        if not form.fields[name].widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))
    ]


def is_blank(card: Card) -> bool:
    """A text that nobody has begun."""
    return card.current is None and not str(card.form["text"].value() or "").strip()
