"""Every address of the product: what it is called, which row it shows, who opens it, who may only ask for it.

The names stand here by hand on purpose: a page that is new in the urls and missing here fails
test_every_address_of_the_product_is_in_the_catalogue.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from planner.claims.models import Claim
from planner.coverage.models import AcceptedGap, Requirement
from planner.narratives.models import Narrative
from planner.people.core.roles import Role
from planner.planning.models import Plan
from planner.publishing.models import Channel, Post
from planner.rebuttals.models import Approval, ClearedLine, Draft
from planner.rosters.models import Act, CalendarSource, Leave, Override, Rotation, Shift, Swap, Team
from planner.tasking.models import Rung, Task
from planner.tasking.services.links import token
from planner.tempo.models import KnownDate

Argument = Callable[[], object]  # what stands in the address
EVERYBODY = frozenset(Role)
ANSWERERS = frozenset({Role.OFFICER, Role.APPROVER, Role.DUTY, Role.AUDITOR})
TRIAGE = frozenset({Role.ANALYST, Role.OFFICER, Role.DUTY, Role.AUDITOR})
STORYTELLERS = frozenset({Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.AUDITOR})
DATE_KEEPERS = frozenset({Role.ANALYST, Role.OFFICER, Role.MANAGER, Role.AUDITOR})
SCHEDULERS = frozenset({Role.OFFICER, Role.DUTY, Role.AUDITOR})
MANAGERS = frozenset({Role.MANAGER, Role.AUDITOR})
HOLDERS = frozenset({Role.OFFICER, Role.APPROVER, Role.DUTY, Role.ADMINISTRATOR, Role.AUDITOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Shown:
    """A page that is opened with GET, and the username of who looks at it in the browser ("": somebody signed out)."""

    name: str
    actor: str
    argument: Argument | None = None
    query: str = ""
    readers: frozenset[Role] = field(default=EVERYBODY)
    label: str = ""
    is_like_another: bool = False  # the same template as a page beside it: the browser need not look twice
    asks_by_post: bool = False  # a question too large for an address: answered with POST, and nothing is stored

    def __str__(self) -> str:
        return self.label or self.name

    def address(self) -> str:
        return reverse(self.name, args=[self.argument()] if self.argument else []) + self.query


def _claim(state: str) -> Argument:
    return lambda: Claim.objects.filter(state=state).order_by("-broke_earliest")[0].uuid


def _post(state: str) -> Argument:
    return lambda: Post.objects.filter(state=state).order_by("-due_at")[0].uuid


def _latest(model: type[Model]) -> Argument:
    return lambda: model.objects.latest("pk").uuid


def _words_for_a_narrative() -> object:
    return ClearedLine.objects.latest("pk").approval.draft.rebuttal.uuid


def _words_of_a_line() -> object:
    return ClearedLine.objects.latest("pk").approval.draft.uuid


def _draft_in_review() -> object:
    drafts = Draft.objects.exclude(submitted_at=None).filter(rebuttal__claim__state="taken_up")
    return drafts.filter(approvals=None).latest("pk").uuid


def _approval() -> object:
    return Approval.objects.filter(ended_at=None).exclude(draft__rebuttal__claim=None).latest("pk").uuid


def _standing_shift() -> object:
    return Shift.objects.filter(cancelled_at=None, taken_from=None, person__username="karim").latest("during").uuid


def _with_a_picture() -> object:
    return Draft.objects.exclude(pictures=[]).latest("pk").uuid


def _answer_in_review() -> object:
    return Draft.objects.get(uuid=_draft_in_review()).rebuttal.uuid


def _link_of_tonight() -> object:
    return token(Rung.objects.filter(task__claim__state="taken_up", task__purpose="answer").latest("pk"))


def _link_of_a_review() -> object:
    return token(Rung.objects.filter(task__claim__state="taken_up", task__purpose="review").latest("pk"))


PAGES = [
    Shown("desk:board", "nour"),
    Shown("desk:readiness", "mina"),
    Shown("claims:inbox", "omar"),
    Shown("claims:inbox", "omar", query="?state=all&severity=critical", label="claims:inbox all"),
    Shown("claims:floods", "omar"),
    Shown("claims:sightings", "omar"),
    Shown("claims:new", "omar", readers=TRIAGE),
    Shown("claims:detail", "omar", _claim("taken_up"), label="claims:detail open"),
    Shown("claims:detail", "omar", _claim("answered"), label="claims:detail answered"),
    Shown("narratives:list", "sara"),
    Shown("narratives:new", "sara", readers=STORYTELLERS, is_like_another=True),
    Shown("narratives:edit", "sara", _latest(Narrative), readers=STORYTELLERS),
    Shown("tasking:mine", "nour"),
    Shown("rebuttals:list", "hana"),
    Shown("rebuttals:edit", "nour", _claim("taken_up"), readers=ANSWERERS),
    Shown("rebuttals:review", "hana", _draft_in_review, readers=ANSWERERS),
    Shown("rebuttals:look", "hana", _answer_in_review, readers=ANSWERERS),
    Shown("rebuttals:review", "hana", _with_a_picture, readers=ANSWERERS, label="rebuttals:review with a picture"),
    Shown("rebuttals:pictures", "nour", _with_a_picture, readers=ANSWERERS),
    Shown("rebuttals:lines", "nour", readers=ANSWERERS),
    Shown("rebuttals:sign", "hana", _words_of_a_line, readers=ANSWERERS),
    Shown("rebuttals:edit_line", "sara", _words_for_a_narrative, readers=ANSWERERS),
    Shown("publishing:calendar", "nour"),
    Shown("publishing:post", "nour", _post("scheduled"), label="publishing:post scheduled"),
    Shown("publishing:post", "nour", _post("published"), label="publishing:post published"),
    Shown("publishing:answer", "", _claim("answered")),
    Shown("publishing:schedule", "nour", _approval),
    Shown("publishing:move", "nour", _post("scheduled"), readers=SCHEDULERS),
    Shown("publishing:channels", "zaid"),
    Shown("publishing:hold_everything", "nour", readers=HOLDERS),
    Shown("publishing:let_go_everything", "nour", readers=HOLDERS),
    Shown("publishing:new_channel", "zaid", readers=ADMINISTRATORS),
    Shown(
        "publishing:new_channel",
        "zaid",
        query="?kind=mail",
        readers=ADMINISTRATORS,
        label="publishing:new_channel mail",
    ),
    Shown("publishing:channel", "zaid", _latest(Channel), readers=ADMINISTRATORS),
    Shown("rosters:week", "mina"),
    Shown("rosters:add_shift", "mina", readers=MANAGERS, is_like_another=True),
    Shown("rosters:add_leave", "mina", readers=MANAGERS, is_like_another=True),
    Shown("rosters:feed", "nour"),
    Shown("tempo:week", "mina"),
    Shown("tempo:week", "mina", query="?language=ar", label="tempo:week of a part"),
    Shown("tempo:new_date", "mina", readers=DATE_KEEPERS, is_like_another=True),
    Shown("tempo:date", "mina", _latest(KnownDate), readers=DATE_KEEPERS),
    Shown("rosters:calendars", "mina", readers=MANAGERS),
    Shown("rosters:add_calendar", "mina", readers=MANAGERS),
    Shown("rosters:calendar", "mina", _latest(CalendarSource), readers=MANAGERS, is_like_another=True),
    Shown("rosters:add_override", "mina", readers=MANAGERS, query="?act=replace"),
    Shown("rosters:shift", "mina", _standing_shift),
    Shown("rosters:leave", "mina", _latest(Leave)),
    Shown("rosters:override", "mina", _latest(Override)),
    Shown("rosters:watch", "nour"),
    Shown("rosters:mine", "nour"),
    Shown("rosters:rotations", "mina"),
    Shown("coverage:gaps", "mina"),
    Shown("coverage:accept", "mina", readers=MANAGERS),
    Shown("coverage:week", "mina", readers=MANAGERS),
    Shown("coverage:new_requirement", "mina", readers=MANAGERS, is_like_another=True),
    Shown("coverage:requirement", "mina", _latest(Requirement), readers=MANAGERS),
    Shown("planning:plan", "mina"),
    Shown("planning:shown", "mina", _latest(Plan), is_like_another=True),
    Shown("planning:replay", "mina", asks_by_post=True),
    Shown("planning:replay", "mina", query="?roster=stood", label="planning:replay stood", asks_by_post=True),
    Shown("latency:report", "adam"),
    Shown("journal:list", "adam"),
    Shown("people:password", "nour"),
    Shown("desk:sign_in", ""),
    Shown("tasking:answer", "", _link_of_tonight),
    Shown("rebuttals:answer", "", _link_of_a_review),
]
FILES = ["latency:export", "journal:export"]


# Addresses that only take a POST, with what stands in them.
ACTS: dict[str, Argument | None] = {
    "claims:decide": _claim("unread"),
    "claims:correct": _claim("unread"),
    "claims:merge": _claim("unread"),
    "claims:pickup": _claim("unread"),
    "claims:retract": _claim("unread"),
    "tasking:open": _claim("unread"),
    "tasking:take": _latest(Task),
    "tasking:hand_over": _latest(Task),
    "tasking:wake": _claim("unread"),
    "rebuttals:waive": _latest(Draft),
    "rebuttals:places": None,
    "rebuttals:release": _latest(ClearedLine),
    "rebuttals:end_line": _latest(ClearedLine),
    "publishing:release_now": _latest(ClearedLine),
    "publishing:hold": _latest(Channel),
    "publishing:unhold": _latest(Channel),
    "publishing:retire": _latest(Channel),
    "publishing:check": _latest(Channel),
    "publishing:stop": _post("scheduled"),
    "publishing:undo_move": _post("scheduled"),
    "publishing:settle": _post("scheduled"),
    "publishing:late": None,
    "rosters:cancel_shift": _latest(Shift),
    "rosters:restore_shift": _latest(Shift),
    "rosters:end_series": _latest(Shift),
    "rosters:cancel_leave": _latest(Leave),
    "rosters:restore_leave": _latest(Leave),
    "tempo:end_date": _latest(KnownDate),
    "rosters:ask_calendar": _latest(CalendarSource),
    "rosters:end_calendar": _latest(CalendarSource),
    "rosters:cancel_override": _latest(Override),
    "rosters:move_shift": _standing_shift,
    "rosters:add_rotation": None,
    "rosters:undo": _latest(Act),
    "rosters:offer_swap": _standing_shift,
    "rosters:accept_swap": _latest(Swap),
    "rosters:approve_swap": _latest(Swap),
    "rosters:end_swap": _latest(Swap),
    "rosters:end_rotation": _latest(Rotation),
    "rosters:swaps_approval": lambda: Team.objects.latest("pk").pk,
    "planning:ask": None,
    "planning:accept": _latest(Plan),
    "planning:undo": _latest(Plan),
    "coverage:end_acceptance": _latest(AcceptedGap),
    "coverage:end_requirement": _latest(Requirement),
    "coverage:assume": None,
    "coverage:undo": None,
}
# Our own public feeds: the demonstration has none, tests/publishing/test_feed.py reads them.
FEEDS = [
    "publishing:feed",
    "publishing:feed_rss",
    "publishing:feed_json",
    "publishing:feed_item",
    "publishing:feed_check",
    "publishing:public_picture",
]
# A picture beside words: who may see it, and how it is served, stands in tests/rebuttals/test_picture_pages.py.
PICTURES = ["rebuttals:picture"]
# What a stranger may ask for: the door, the watchers' addresses, one's own signed links, the language.
OPEN = [
    "desk:sign_in",
    "clock:healthz",
    "clock:livez",
    "set_language",
    "tasking:answer",
    "tasking:wake_by_link",
    "rebuttals:answer",
    "publishing:release_by_link",
    "people:set_password",
    "desk:feed",
    "publishing:answer",
    "publishing:answer_checks",
    *FEEDS,
]
# A person's own account: not a matter of roles.
OWN = ["people:password", "logout", "rosters:feed", "rosters:end_feed"]


def act_address(name: str) -> str:
    """Where the act is posted to."""
    argument = ACTS[name]
    return reverse(name, args=[argument()] if argument else [])


def names_in_urls() -> set[str]:
    """Every name in the urls, as "package:name", without Django's admin."""
    return set(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        elif pattern.app_name != "admin":
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)


def names_in_catalogue() -> set[str]:
    return {*chain((page.name for page in PAGES), FILES, PICTURES, ACTS, OPEN, OWN)}
