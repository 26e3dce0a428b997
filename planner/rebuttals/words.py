"""What the core decided, in sentences for the person who asked."""

from django.utils.translation import gettext_lazy as _

from planner.claims.core.words import ClaimState
from planner.rebuttals.core.limits import Unit
from planner.rebuttals.core.pictures import Flaw
from planner.rebuttals.core.review import Bar, DraftState
from planner.rebuttals.core.scope import LineState, Outside
from planner.rebuttals.core.verdict import Rating

BAR_WORDS = {
    Bar.ROLE: _("Only an approver can clear a text."),
    Bar.AUTHOR: _("You wrote this text: somebody else has to clear it."),
    Bar.REPLACED: _("A newer version of this text exists: read that one."),
    Bar.UNSUBMITTED: _("Its author has not asked for review yet."),
    Bar.APPROVED: _("This version is already approved."),
    Bar.REFUSED: _("Another approver refused this version: a new version is needed, or their own change of mind."),
    Bar.OTHER_WORDS: _("These are not the words you read: open the page again and read them as they are now."),
}
OUTSIDE_WORDS = {
    Outside.UNAPPROVED: _("Its approval was withdrawn, or its words were edited."),
    Outside.ENDED: _("It was ended."),
    Outside.EARLY: _("Its window has not begun."),
    Outside.EXPIRED: _("It has expired."),
    Outside.USED_UP: _("It has been used as often as it was signed for."),
    Outside.USED_HERE: _("It was already released for this claim."),
    Outside.OTHER_NARRATIVE: _("It was cleared for another narrative than that of this claim."),
    Outside.OTHER_LANGUAGE: _("It was cleared for claims in another language."),
    Outside.OTHER_CHANNEL: _("It was not cleared for this kind of channel."),
    Outside.NO_CHANNEL: _("No channel for which it was cleared is open: they are held, or do not take these words."),
    Outside.OTHER_PERSON: _("You are not one of those for whom it was signed to release."),
}
LINE_STATE_WORDS = {
    LineState.EARLY: _("waits for its window"),
    LineState.READY: _("ready"),
    LineState.LAST_HOURS: _("ready, expires tonight"),
    LineState.USED_UP: _("used up"),
    LineState.EXPIRED: _("expired"),
    LineState.REVOKED: _("revoked"),
}
DRAFT_STATE_WORDS = {
    DraftState.DRAFT: _("being written"),
    DraftState.IN_REVIEW: _("waiting for review"),
    DraftState.REFUSED: _("refused"),
    DraftState.APPROVED: _("approved"),
    DraftState.WITHDRAWN: _("approval withdrawn"),
    DraftState.REPLACED: _("replaced"),
}
SILENT_WORDS = {
    ClaimState.DECLINED.value: _("This claim was declined: nobody answers it. Decide anew on its page first."),
    ClaimState.MERGED.value: _("This claim was merged into another one: answer that one."),
}
KIND_WORDS = {
    "": _("every channel"),
    "webhook": _("website (webhook)"),
    "feed": _("our own feed"),
    "mastodon": _("Mastodon"),
    "bluesky": _("Bluesky"),
    "telegram": _("Telegram channel"),
    "x": _("X"),
    "mail": _("press list by e-mail"),
}
UNIT_WORDS = {
    Unit.CHARACTERS: _("characters"),
    Unit.GRAPHEMES: _("characters as a reader sees them"),
    Unit.BYTES: _("bytes"),
    Unit.UTF16: _("characters as Telegram counts them"),
    Unit.WEIGHTED: _("characters as X counts them"),
}
RATING_WORDS = {
    Rating.FALSE: _("False: it is not so"),
    Rating.MISLEADING: _("Misleading: true in part, told so that people believe something false"),
    Rating.OUT_OF_CONTEXT: _("Out of context: real, but from another place or time"),
    Rating.UNPROVEN: _("Unproven: there is nothing to show it"),
    Rating.TRUE: _("True: it is so, and here is the whole of it"),
}
FLAW_WORDS = {
    Flaw.NOT_TAKEN: _("%(where)s takes no pictures: its entry on the register says so."),
    Flaw.COUNT: _("%(where)s takes at most %(most)s pictures; these are %(used)s."),
    Flaw.BYTES: _("Picture %(number)s has %(used)s bytes, %(where)s takes %(most)s."),
    Flaw.ALT: _("The alt text of picture %(number)s has %(used)s characters, %(where)s takes %(most)s: shorten it."),
    Flaw.RATIO: _("Picture %(number)s is too long and thin for %(where)s: cut it."),
}
NO_ALT_THERE = _("%(where)s has no place for an alt text: say in the words what matters in the picture.")
CAPTION_TOO_LONG = _("Beside pictures %(where)s takes %(most)s %(unit)s, the text has %(used)s: shorten it.")

# What the database calls it when somebody was faster, or somebody tried.
CONSTRAINT_WORDS = {
    "one_standing_approval": BAR_WORDS[Bar.APPROVED],
    "approver_is_not_the_author": BAR_WORDS[Bar.AUTHOR],
    "approval_is_of_these_words": BAR_WORDS[Bar.OTHER_WORDS],
    "draft_rates_a_claim_in_words": _("A rating is one of the list, and says in our own words what was claimed."),
    "draft_pictures_have_alt_text": _(
        "Every picture needs an alt text: say what it shows, for those who cannot see it."
    ),
    "draft_version_once": _("Somebody saved another version a moment ago: compare, then save again."),
    "line_once_per_claim": OUTSIDE_WORDS[Outside.USED_HERE],
    "cleared_line_expires": _("A line needs a window that ends after it begins."),
    "cleared_line_may_be_used": _("A line must be usable at least once."),
    "cleared_line_released_by_somebody": _("Say who may release the line: a role, or people by name."),
    "refusal_says_why": _("Say what is wrong with the text."),
}
