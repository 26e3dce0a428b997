"""What every attack needs: the people of one night, one claim, its cleared words, a channel, and a post on its way."""

from datetime import timedelta

from planner.journal.models import Entry
from planner.publishing import services as publishing
from planner.publishing.models import Post
from planner.rebuttals import services as rebuttals
from tests.factories import NIGHT, make_channel, make_claim, make_person

DUE = NIGHT + timedelta(minutes=30)
REASON = "The ministry corrected the figure"


class Night:
    """The people of one night, one claim, its cleared words and a channel."""

    def __init__(self, url, now=NIGHT):
        self.officer = make_person("Amira Saleh", roles=["officer"])
        self.approver = make_person("Omar Aziz", roles=["approver"])
        self.claim = make_claim("The dam has burst.", at=now)
        self.channel = make_channel(url, at=now)
        rebuttal = rebuttals.start(claim=self.claim, now=now)
        self.draft = self.write("The dam stands.", rebuttal, now)
        self.approval = self.clear(self.draft, now)

    def write(self, text, rebuttal, now):
        draft = rebuttals.save_draft(rebuttal, language="en", text=text, author=self.officer, now=now)
        return rebuttals.submit(draft, by=self.officer, now=now)

    def clear(self, draft, now):
        return rebuttals.approve(draft, approver=self.approver, now=now, text_sha256=draft.text_sha256)

    def schedule(self, due_at=DUE, now=NIGHT, approval=None):
        words = {"channel": self.channel, "claim": self.claim, "by": self.officer, "now": now}
        window = {"due_at": due_at, "expires_at": due_at + timedelta(hours=2)}
        return publishing.schedule(approval or self.approval, **words, **window)

    def withdraw(self, now):
        return rebuttals.withdraw(self.approval, by=self.approver, reason=REASON, now=now)


def queued(post):
    """As the clock hands it over."""
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=DUE)
    return post


def again(post):
    return Post.objects.get(pk=post.pk)


def story(claim):
    return list(Entry.objects.filter(claim=claim.uuid).order_by("seq").values_list("milestone", flat=True))
