"""The demonstration's fortnight, claim by claim, each step at its own past moment."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.claims.core.observed import Observed, identity
from planner.claims.core.words import Decision, SourceKind
from planner.claims.models import Claim, Flood, Source
from planner.claims.services import decide, ingest, make_claim, record_pickup
from planner.desk.core.scenario import SEED, Broke, Said
from planner.desk.core.scenario_texts import AMPLIFIERS, Storyline
from planner.desk.demo.house import person
from planner.narratives.models import Narrative
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from planner.publishing.services import publish, schedule
from planner.rebuttals.core.verdict import Verdict
from planner.rebuttals.models import Approval
from planner.rebuttals.services import approve, save_draft, start, submit
from planner.tasking.services import acknowledge, open_task

LIFE = timedelta(hours=4)


def sight(said: Sequence[Said], *, now: datetime) -> None:
    """Take the messages in as a feed would have."""
    ingest([_observed(one) for one in said], now=now)


def _observed(said: Said) -> Observed:
    return Observed(
        source=said.account,
        external_id=identity(said.account, said.posted_at.isoformat(), said.text),
        posted_at=said.posted_at,
        text=said.text,
        author=said.account,
        language=said.language,
        hashtags=[said.hashtag] if said.hashtag else [],
        kind=(SourceKind.AMPLIFIER if said.account in AMPLIFIERS else SourceKind.ADVERSARY).value,
    )


def tell(
    broke: Broke, *, narrative: Narrative, outlets: Sequence[Source], channel: Channel, zone: ZoneInfo, now: datetime
) -> Claim | None:
    """Let one claim run its course as far as `now`; None when nobody had seen it by then."""
    if broke.seen_after is None or broke.at + broke.seen_after > now:
        return None
    seen = broke.at + broke.seen_after
    analyst = person("layla" if 8 <= seen.astimezone(zone).hour < 16 else "omar")
    flood = Flood.objects.filter(
        started_at__gte=broke.at - timedelta(minutes=1), started_at__lte=broke.at + timedelta(minutes=1), claim=None
    ).first()
    claim = make_claim(
        text=broke.text,
        broke_earliest=broke.at,
        broke_latest=broke.copies[1].posted_at,
        now=seen,
        by=analyst,
        flood=flood,
        source=Source.objects.get(name=broke.copies[0].account),
        narrative=narrative,
        severity=broke.storyline.severity,
        language=broke.language,
        evidence=f"first copy by {broke.copies[0].account}; {len(broke.copies)} copies followed",
    )
    _picked_up(claim, broke, outlets, now)
    if broke.declined_after is not None and broke.at + broke.declined_after <= now:
        decide(
            claim,
            decision=Decision.DECLINE,
            by=analyst,
            now=broke.at + broke.declined_after,
            reason="Nobody repeated it by the morning; an answer would have spread it.",
        )
    elif broke.answered_after is not None and broke.at + broke.answered_after <= now:
        _answer(claim, broke, channel, seen=seen, at=broke.at + broke.answered_after, zone=zone)
    return claim


def _picked_up(claim: Claim, broke: Broke, outlets: Sequence[Source], now: datetime) -> None:
    rng = random.Random(f"{SEED}{broke.at.isoformat()}")
    if claim.severity in {"critical", "high"} and rng.random() < 0.6:
        at = broke.at + timedelta(minutes=rng.randint(25, 180))
        if at < now:
            carried = broke.answered_after is not None and at > broke.at + broke.answered_after
            record_pickup(claim, source=rng.choice(outlets), at=at, carried=carried, by=person("layla"), now=at)


def _answer(claim: Claim, broke: Broke, channel: Channel, *, seen: datetime, at: datetime, zone: ZoneInfo) -> None:
    """Task, draft, approval by somebody else, post: spread over the time from `seen` to the official word at `at`."""
    left = at - seen
    officer = person("sara" if 8 <= at.astimezone(zone).hour < 20 else "nour")
    approver = person("hana" if 8 <= at.astimezone(zone).hour < 18 else "karim")
    task = open_task(claim, by=person("layla"), now=seen + left * 0.05)
    acknowledge(task, person=officer, now=seen + left * 0.15)
    approval = words(claim, broke, officer.username, approver.username, seen + left * 0.6, seen + left * 0.9, zone)
    due = at - timedelta(seconds=2)
    post = schedule(
        approval, channel=channel, claim=claim, due_at=due, expires_at=due + LIFE, by=officer, now=seen + left * 0.92
    )
    # What the clock does when a post falls due; here its moment has passed, so the hand is told at once.
    Post.objects.filter(pk=post.pk).update(state=PostState.QUEUED.value, queued_at=due)
    publish(post.pk, now=due)


def words(
    claim: Claim, broke: Broke, officer: str, approver: str, written: datetime, cleared: datetime, zone: ZoneInfo
) -> Approval:
    """An answer in the claim's language, written by one person and cleared by another."""
    rebuttal = start(claim=claim, now=written)
    template = broke.storyline.answer_ar if broke.language == "ar" else broke.storyline.answer_en
    text = template.format(time=f"{cleared.astimezone(zone):%H:%M}")
    draft = save_draft(
        rebuttal,
        language=broke.language,
        text=text,
        author=person(officer),
        now=written,
        verdict=verdict_of(broke.storyline, broke.language),
    )
    submit(draft, by=person(officer), now=written + (cleared - written) * 0.2)
    return approve(draft, approver=person(approver), now=cleared, text_sha256=draft.text_sha256)


def verdict_of(storyline: Storyline, language: str) -> Verdict:
    """How the demonstration rates a storyline's claims, in a language."""
    return Verdict(storyline.rating, storyline.claim_ar if language == "ar" else storyline.claim_en)
