"""Keep pictures, once each; and what a list of them must be before a version may show it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from planner.people.models import User
from planner.rebuttals.adapters.picture_files import Prepared
from planner.rebuttals.core.pictures import MOST_ALT, MOST_PICTURES
from planner.rebuttals.core.words import Shown, is_blank, tidy
from planner.rebuttals.models import Picture
from planner.rebuttals.services.refusals import RebuttalRefused


def keep_picture(prepared: Prepared, *, by: User, now: datetime) -> Picture:
    """The picture as a row for ever, the one that is there already when somebody kept the same bytes before."""
    sha256 = hashlib.sha256(prepared.content).hexdigest()
    row = Picture(
        sha256=sha256,
        media_type=prepared.media_type,
        width=prepared.width,
        height=prepared.height,
        content=prepared.content,
        added_at=now,
        added_by=by,
    )
    Picture.objects.bulk_create([row], ignore_conflicts=True)
    return row


def checked_pictures(pictures: Iterable[Shown]) -> tuple[Shown, ...]:
    """The list with tidied alt texts. Raises RebuttalRefused for what the database would refuse, in a sentence."""
    shown = tuple(Shown(one.sha256, tidy(one.alt)) for one in pictures)
    if len(shown) > MOST_PICTURES:
        raise RebuttalRefused(_("A text takes %(most)s pictures: leave some out.") % {"most": MOST_PICTURES})
    if len({one.sha256 for one in shown}) < len(shown):
        raise RebuttalRefused(_("The same picture stands there twice: leave one of them out."))
    for number, one in enumerate(shown, 1):
        words = {"number": number, "most": MOST_ALT}
        if is_blank(one.alt) or "\0" in one.alt:
            raise RebuttalRefused(
                _("Picture %(number)s has no alt text: say in one sentence what it shows, for those who cannot see it.")
                % words
            )
        if len(one.alt) > MOST_ALT:
            raise RebuttalRefused(_("The alt text of picture %(number)s is too long: %(most)s characters fit.") % words)
    return shown
