"""What rebuttals will not do, and how a refusal of the database becomes a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from planner.people.core.refusals import Refused
from planner.rebuttals.models import Draft
from planner.rebuttals.words import CONSTRAINT_WORDS


class RebuttalRefused(Refused):
    """Words were not saved, cleared, withdrawn, signed or released; the text says why."""


class NewerVersion(RebuttalRefused):
    """Somebody saved a newer version since this one was read. `newest` is theirs; nothing was overwritten."""

    def __init__(self, newest: Draft) -> None:
        words = {"author": newest.author, "version": newest.version}
        super().__init__(_("%(author)s saved version %(version)s while you were writing.") % words)
        self.newest = newest


class SomeChanged(RebuttalRefused):
    """Of several texts read together some can no longer be approved as they were read; so none was.

    `texts` are (the version that was read, every reason) in the order in which they were given.
    """

    def __init__(self, texts: Sequence[tuple[Draft, list[str]]]) -> None:
        super().__init__(_("Nothing was approved: not every text is as you read it."))
        self.texts = list(texts)


def refuse_if(reasons: Iterable[object]) -> None:
    """Raise RebuttalRefused with all reasons in one text, when there is any."""
    if sentences := [str(reason) for reason in reasons]:
        raise RebuttalRefused(" ".join(sentences))


@contextmanager
def last_word() -> Iterator[None]:
    """Around the write itself: what PostgreSQL refuses after all is raised as RebuttalRefused, the rest is kept."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise RebuttalRefused(_in_words(error)) from error


def _in_words(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    if constraint in CONSTRAINT_WORDS:
        return str(CONSTRAINT_WORDS[constraint])
    sentence = getattr(diagnosis, "message_primary", None) or str(error)
    return f"{sentence[:1].upper()}{sentence[1:]}."
