"""Filling an empty planner with the demonstration, once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from planner.claims.core.words import Decision
from planner.claims.models import Claim
from planner.claims.services import decide
from planner.desk.core.scenario import Broke, chatter, claims
from planner.desk.core.scenario_texts import ORGANISATION, STORYLINES, Storyline
from planner.desk.demo import ahead, house, story
from planner.desk.demo.house import SignIn, person
from planner.desk.demo.picture import picture
from planner.desk.demo.story import verdict_of
from planner.narratives.models import Narrative
from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.publishing.models import Channel
from planner.publishing.services import change_channel, schedule
from planner.rebuttals.models import Rebuttal
from planner.rebuttals.services import approve, save_draft, sign_line, start, submit
from planner.tasking.services import acknowledge, open_task
from planner.wallclock import night_of

Say = Callable[[str], None]


def load(*, now: datetime, zone: ZoneInfo, receiver: str, say: Say) -> list[SignIn]:
    """Tell the whole fortnight that ends at `now`; return how to sign in. `receiver`: base URL that takes the posts.

    All or nothing: an interrupted load leaves an empty planner behind.
    """
    with transaction.atomic():
        began = now - timedelta(days=16)
        sign_ins = house.people(now=began, zone=zone)
        house.roster(now=now, zone=zone)
        stories, outlets = house.narratives(), house.outlets()
        channels = house.channels(receiver=receiver, organisation=ORGANISATION, now=now)
        told = claims(now, zone)
        say(f"{len(told)} claims and what was posted around them, over a fortnight …")
        said = [*chatter(now, zone), *(copy for broke in told for copy in broke.copies if copy.posted_at < now)]
        story.sight(sorted(said, key=lambda one: one.posted_at), now=now)
        for number, broke in enumerate(told):
            story.tell(
                broke,
                narrative=stories[broke.storyline.name],
                outlets=outlets,
                channel=channels[number % 2],
                zone=zone,
                now=now,
            )
        say("Tonight …")
        _tonight(told[-1], stories, channels, now=now, zone=zone)
        ahead.arrange(now=now, zone=zone)
        # Pages of past nights were sent in their night: nobody is to get them all at once today.
        old = Notice.objects.filter(state=NoticeState.PENDING.value, created_at__lt=now - timedelta(minutes=15))
        old.update(state=NoticeState.SENT.value, sent_at=F("created_at"))
    return sign_ins


def _tonight(
    last: Broke, stories: dict[str, Narrative], channels: list[Channel], *, now: datetime, zone: ZoneInfo
) -> None:
    """The claim that stands open with its text in review, a line for the small hours, follow-ups into the gap."""
    standing = Claim.objects.filter(broke_earliest=last.at).first()
    if standing is not None:
        decide(standing, decision=Decision.ANSWER, by=person("omar"), now=last.at + timedelta(minutes=10))
        task = open_task(standing, by=person("omar"), now=last.at + timedelta(minutes=11), assignee=person("nour"))
        acknowledge(task, person=person("nour"), now=last.at + timedelta(minutes=15))
        rebuttal = start(claim=standing, now=now - timedelta(minutes=20))
        _handed_in(rebuttal, last.storyline, now=now, zone=zone)
    _cleared_line(stories, now=now, zone=zone)
    _follow_up(channels, now=now, zone=zone)


def _handed_in(rebuttal: Rebuttal, storyline: Storyline, *, now: datetime, zone: ZoneInfo) -> None:
    """The answer in both languages, waiting to be cleared; the English one in its second version."""
    local, author = now.astimezone(zone), person("nour")
    time, before = f"{local:%H:%M}", f"{local - timedelta(minutes=20):%H:%M}"
    first = storyline.answer_en.format(time=before)
    save_draft(rebuttal, language="en", text=first, author=author, now=now - timedelta(minutes=14))
    for language, words in (("en", storyline.answer_en), ("ar", storyline.answer_ar)):
        text = words.format(time=time)
        rated = verdict_of(storyline, language)
        at = now - timedelta(minutes=9)
        draft = save_draft(rebuttal, language=language, text=text, author=author, now=at, verdict=rated)
        submit(draft, by=author, now=now - timedelta(minutes=6))


def _cleared_line(stories: dict[str, Narrative], *, now: datetime, zone: ZoneInfo) -> None:
    bridges = STORYLINES[0]
    rebuttal = start(narrative=stories[bridges.name], now=now - timedelta(hours=8))
    at = now - timedelta(hours=7)
    text = (
        "All five bridges are open and the cameras on our site show them live. The Interior Ministry speaks at 08:00."
    )
    sara, rated = person("sara"), verdict_of(bridges, "en")
    shown = [picture(by=sara, now=at)]
    draft = save_draft(rebuttal, language="en", text=text, author=sara, now=at, verdict=rated, pictures=shown)
    submit(draft, by=sara, now=at)
    approval = approve(draft, approver=person("hana"), now=at + timedelta(minutes=25), text_sha256=draft.text_sha256)
    morning = night_of(now, zone).start.astimezone(zone).replace(hour=3, minute=0) + timedelta(days=1)
    window = (morning, morning.replace(hour=7))
    if window[1] > now:
        sign_line(
            approval,
            narrative=stories[bridges.name],
            during=window,
            maximum_uses=3,
            channel_kinds=(),
            by=person("hana"),
            now=at + timedelta(minutes=30),
        )


def _follow_up(channels: list[Channel], *, now: datetime, zone: ZoneInfo) -> None:
    """Two posts into the coming night about the newest claim that was answered."""
    answered = Claim.objects.filter(state="answered").order_by("-broke_earliest").first()
    if answered is None:
        return
    rebuttal = start(claim=answered, now=now - timedelta(minutes=40))
    storyline = next(one for one in STORYLINES if answered.narrative and one.name == answered.narrative.name)
    for number, (hours, language) in enumerate(((2, "en"), (5, "ar"))):
        text = {
            "en": "Confirmed again: the figures and pictures on our site are current. Next update at 08:00.",
            "ar": "نؤكد مجددا هذه الليلة: الأرقام والصور على موقعنا محدثة. التحديث التالي في الثامنة صباحا.",
        }[language]
        draft = save_draft(
            rebuttal,
            language=language,
            text=text,
            author=person("nour"),
            now=now - timedelta(minutes=30),
            channel_kind="webhook",
            verdict=verdict_of(storyline, language),
        )
        submit(draft, by=person("nour"), now=now - timedelta(minutes=29))
        approval = approve(
            draft, approver=person("karim"), now=now - timedelta(minutes=25), text_sha256=draft.text_sha256
        )
        due = now + timedelta(hours=hours)
        schedule(
            approval,
            channel=channels[number],
            claim=answered,
            due_at=due,
            expires_at=due + timedelta(hours=3),
            by=person("nour"),
            now=now - timedelta(minutes=20),
        )


def readdress(*, receiver: str, now: datetime) -> None:
    """Point the demonstration's channels at the receiver of this run, whose port may have changed."""
    for name, path, _owner in house.CHANNELS:
        channel = Channel.objects.filter(name=name, retired_at=None).first()
        if channel is not None and channel.address != receiver + path:
            change_channel(channel, by=None, now=now, address=receiver + path)
