"""Rebuttals as values for the core and as rows for the pages. Never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from planner.claims.core.fingerprint import normalise
from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import holding
from planner.rebuttals.core import review
from planner.rebuttals.core.links import LinkWord, links
from planner.rebuttals.core.review import Bar, DraftState, Version
from planner.rebuttals.core.verdict import LONGEST, Verdict, tidy
from planner.rebuttals.models import Approval, Draft, LinkCheck, Rebuttal, ReviewRequest
from planner.rosters.selectors import on_watch
from planner.tasking.core.states import TaskState
from planner.tasking.models import Task
from planner.tasking.selectors import review_of, reviews

RECENTLY = timedelta(hours=24)


@dataclass(frozen=True)
class Reviewed:
    """A version of a text together with how it stands."""

    draft: Draft
    state: DraftState
    approval: Approval | None
    ended: Approval | None
    request: ReviewRequest | None = None

    @property
    def claim(self) -> Claim | None:
        """The claim that the text answers; None for a line."""
        return self.draft.rebuttal.claim


@dataclass(frozen=True)
class Wait:
    """A text in review: until when, who is asked for it now, and whether one of them has said that they read it."""

    item: Reviewed
    task: Task | None
    asked: list[User]
    is_past: bool

    @property
    def due_at(self) -> datetime | None:
        """Until when somebody must have decided."""
        return self.item.request.due_at if self.item.request else None

    @property
    def is_red(self) -> bool:
        """Whether its deadline passed, or nobody is left to be asked."""
        return self.is_past or (self.task is not None and self.task.state == TaskState.EXHAUSTED)

    @property
    def is_taken(self) -> bool:
        """Whether somebody said that they read it."""
        return self.task is not None and self.task.state == TaskState.ACKNOWLEDGED


def drafts() -> QuerySet[Draft]:
    """Drafts with everything that says how they stand, for one round of queries."""
    approvals = Approval.objects.select_related("approver", "ended_by").order_by("approved_at", "pk")
    return Draft.objects.select_related("author", "rebuttal__claim__narrative", "rebuttal__narrative").prefetch_related(
        Prefetch("approvals", approvals), "refusals__refused_by", "requests"
    )


def newest_drafts() -> QuerySet[Draft]:
    """The newest version of every text."""
    same = {name: OuterRef(name) for name in ("rebuttal", "language", "channel_kind")}
    return drafts().filter(~Exists(Draft.objects.filter(version__gt=OuterRef("version"), **same)))


def newest(rebuttal: Rebuttal, *, language: str, channel_kind: str) -> Draft | None:
    """The newest version of one text of a rebuttal, if there is any."""
    return newest_drafts().filter(rebuttal=rebuttal, language=language, channel_kind=channel_kind).first()


def languages_used() -> list[str]:
    """The languages in which texts have been written, the one of most texts first."""
    rows = Draft.objects.values("language").annotate(texts=Count("pk")).order_by("-texts", "language")
    return [row["language"] for row in rows]


def versions(draft: Draft) -> list[Reviewed]:
    """All versions of the text to which `draft` belongs, newest first."""
    same = {"rebuttal": draft.rebuttal_id, "language": draft.language, "channel_kind": draft.channel_kind}
    return reviewed(drafts().filter(**same).order_by("-version"))


def reviewed(found: Iterable[Draft]) -> list[Reviewed]:
    """Versions with how they stand, in the order given. Whether one is the newest is asked of the database."""
    found = list(found)
    newest_ids = set(newest_drafts().filter(rebuttal__in={d.rebuttal_id for d in found}).values_list("pk", flat=True))
    return [_reviewed(draft, is_newest=draft.pk in newest_ids) for draft in found]


def version_value(draft: Draft) -> Version:
    """One version as a value for the core, read anew from the database."""
    draft = drafts().get(pk=draft.pk)
    same = {"rebuttal": draft.rebuttal_id, "language": draft.language, "channel_kind": draft.channel_kind}
    is_newest = not Draft.objects.filter(**same, version__gt=draft.version).exists()
    return _version(draft, is_newest=is_newest)


def bars(draft: Draft, *, person: User, text_sha256: str | None = None) -> list[Bar]:
    """Every reason why `person` cannot approve `draft`; `text_sha256` is of the words they read."""
    is_approver = person.has_role(Role.APPROVER)
    return review.bars(version_value(draft), person=person.pk, is_approver=is_approver, text_sha256=text_sha256)


def before(draft: Draft) -> Draft | None:
    """The version to compare with: the last one that was approved, otherwise the one before."""
    earlier = Draft.objects.filter(
        rebuttal=draft.rebuttal_id, language=draft.language, channel_kind=draft.channel_kind, version__lt=draft.version
    ).order_by("-version")
    return earlier.filter(approvals__isnull=False).first() or earlier.first()


def headlines(claim: Claim) -> list[str]:
    """What the messages in which the claim was seen say, each once, the first ones first."""
    texts = claim.sightings.order_by("posted_at", "pk").values_list("text", flat=True)[:200]
    return list(dict.fromkeys(texts))


def dead_links(text: str) -> list[LinkCheck]:
    """Those links of a text that did not answer when they were last asked, in the order of the text."""
    urls = links(text)
    silent = LinkCheck.objects.filter(url__in=urls, checked_at__isnull=False).exclude(word=LinkWord.ANSWERS.value)
    return sorted(silent, key=lambda row: urls.index(row.url))


def first_verdict(rebuttal: Rebuttal | None, claim: Claim | None, *, language: str) -> Verdict:
    """What a new text in a language starts with: how the rebuttal rates the claim so far; the claim as we worded it.

    The claim's text only where it is in that language, and not simply what a message said.
    """
    rated = Draft.objects.none() if rebuttal is None else rebuttal.drafts.exclude(rating="").order_by("-created_at")
    last, same = rated.first(), rated.filter(language=language).first()
    words = same.claim_words if same else ""
    if not words and claim is not None and claim.language in ("", language):
        theirs = {normalise(headline) for headline in headlines(claim)}
        words = "" if normalise(claim.text) in theirs else tidy(claim.text)
    return Verdict(last.rating if last else "", words if len(words) <= LONGEST else "")


def reviewers(draft: Draft, *, now: datetime) -> list[User]:
    """Who is asked to clear a text: the approvers on watch at `now`; all approvers when none is. Never its author."""
    watching = [duty.person_id for duty in on_watch(now) if Role.APPROVER in duty.roles]
    able = holding(Role.APPROVER).exclude(pk=draft.author_id)
    return list(able.filter(pk__in=watching)) or list(able)


def waiting() -> list[Reviewed]:
    """Texts in review, the claim that broke first on top, lines for the night after the claims."""
    found = reviewed(newest_drafts().filter(submitted_at__isnull=False))
    in_review = [item for item in found if item.state is DraftState.IN_REVIEW]
    return sorted(
        in_review, key=lambda i: (i.claim is None, i.claim.broke_earliest if i.claim else i.draft.submitted_at)
    )


def waits(*, now: datetime) -> list[Wait]:
    """Texts in review with their deadline and whoever is asked for them now; past deadlines and earlier ones first."""
    tasks = {task.claim_id: task for task in reviews()}
    found = [_wait(item, tasks.get(item.claim.pk) if item.claim else None, now=now) for item in waiting()]
    return sorted(found, key=lambda wait: (not wait.is_red, wait.due_at is None, wait.due_at or now))


def asked_now(draft: Draft, *, now: datetime) -> list[User]:
    """Who is asked to clear this text at the moment."""
    claim = draft.rebuttal.claim
    return _asked(review_of(claim)) if claim else reviewers(draft, now=now)


def in_review(rebuttal: Rebuttal) -> list[Reviewed]:
    """The texts of one answer that wait to be cleared, in the order of their languages."""
    found = reviewed(newest_drafts().filter(rebuttal=rebuttal, submitted_at__isnull=False))
    return [item for item in found if item.state is DraftState.IN_REVIEW]


def is_recalled(draft: Draft) -> bool:
    """Whether review was asked for, and the request was taken back."""
    requests = list(draft.requests.all())
    return bool(requests) and all(request.recalled_at is not None for request in requests)


def unfinished(author: User) -> list[Reviewed]:
    """What this author has to take further: drafts without review, refused or withdrawn texts, newest first."""
    open_states = {DraftState.DRAFT, DraftState.REFUSED, DraftState.WITHDRAWN}
    found = reviewed(newest_drafts().filter(author=author).order_by("-created_at")[:200])
    return [item for item in found if item.state in open_states]


def recently_cleared(*, now: datetime) -> list[Approval]:
    """Approvals of the last day, standing or ended, the last one first."""
    related = ("draft__rebuttal__claim", "draft__rebuttal__narrative", "draft__author", "approver", "ended_by")
    return list(Approval.objects.filter(approved_at__gt=now - RECENTLY).select_related(*related)[:50])


def standing(draft: Draft) -> Approval | None:
    """The approval of this version that stands, if any."""
    return Approval.objects.filter(draft=draft, ended_at=None).select_related("approver").first()


def _wait(item: Reviewed, task: Task | None, *, now: datetime) -> Wait:
    is_past = item.request is not None and item.request.due_at <= now
    return Wait(item, task, _asked(task), is_past)


def _asked(task: Task | None) -> list[User]:
    """Whoever has a review, else whoever was paged in this round and may still answer, the last one first."""
    if task is None:
        return []
    if task.state == TaskState.ACKNOWLEDGED and task.assignee is not None:
        return [task.assignee]
    rungs = [rung for rung in task.rungs.all() if rung.round == task.round]
    return [rung.person for rung in sorted(rungs, key=lambda rung: -rung.position)]


def _reviewed(draft: Draft, *, is_newest: bool) -> Reviewed:
    approvals = list(draft.approvals.all())
    approval = next((a for a in approvals if a.ended_at is None), None)
    ended = next((a for a in reversed(approvals) if a.ended_at is not None), None)
    request = next((r for r in draft.requests.all() if r.recalled_at is None), None)
    return Reviewed(draft, review.state(_version(draft, is_newest=is_newest)), approval, ended, request)


def _version(draft: Draft, *, is_newest: bool) -> Version:
    approvals = draft.approvals.all()
    is_approved = any(approval.ended_at is None for approval in approvals)
    return Version(
        author=draft.author_id,
        text_sha256=draft.text_sha256,
        is_newest=is_newest,
        submitted_at=None if is_recalled(draft) else draft.submitted_at,
        is_approved=is_approved,
        was_withdrawn=bool(approvals) and not is_approved,
        refused_by=frozenset(refusal.refused_by_id for refusal in draft.refusals.all()),
    )


def ended_by_edits(approvals: Iterable[int]) -> set[int]:
    """Those of the approvals (pk) that ended because a newer version was saved, and not because somebody withdrew them.

    Told by the versions, never by the reason, which a person may word as they like: the newer one was there by then.
    """
    newer = Draft.objects.filter(
        rebuttal=OuterRef("draft__rebuttal"),
        language=OuterRef("draft__language"),
        channel_kind=OuterRef("draft__channel_kind"),
        version__gt=OuterRef("draft__version"),
        created_at__lte=OuterRef("ended_at"),
    )
    return set(Approval.objects.filter(Exists(newer), pk__in=set(approvals)).values_list("pk", flat=True))
