"""The editor beside what it answers: every text of a rebuttal in a card of its own, all of them kept by one press."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.claims.models import Claim
from planner.people.permissions import may
from planner.rebuttals import selectors, services
from planner.rebuttals.core import deadline
from planner.rebuttals.core.limits import fits
from planner.rebuttals.core.threads import THREADING, numbered, propose
from planner.rebuttals.core.words import compare, tidy
from planner.rebuttals.forms import AddForm, AskForm, CardForm, tie
from planner.rebuttals.languages import name_of
from planner.rebuttals.models import Draft, Rebuttal
from planner.rebuttals.selectors import Reviewed
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import SCHEDULERS, WRITERS, address, key_of
from planner.rebuttals.views.cards import NEW, Card, is_blank, is_touched
from planner.rebuttals.words import KIND_WORDS


@dataclass
class Editor:
    """One request to the editor, over a claim or over words for a narrative."""

    request: SignedIn
    rebuttal: Rebuttal | None
    claim: Claim | None
    now: datetime

    def response(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._page(self._asked())
        if "add" in self.request.POST:
            return self._added()
        if "look" in self.request.POST:  # without JavaScript: the same words, looked at and not kept
            return self._page(self._sent())
        if "split" in self.request.POST:
            return self._split(self.request.POST["split"])
        return self._save()

    def _split(self, key: str) -> HttpResponse:
        """The page as it was typed, one text divided into a thread. Nothing is kept: the writer may move the lines."""
        data: Any = self.request.POST.copy()
        prefix = "" if key == NEW else f"{key}-"
        kind, text = data.get(f"{prefix}channel_kind", ""), tidy(data.get(f"{prefix}text", ""))
        if kind in THREADING:
            data[f"{prefix}text"] = divided = propose(text, lambda part: fits(kind, part))
            posts = len(numbered(divided))
            said = _("One post holds it: nothing was divided.") if posts == 1 else _("Divided into %(posts)s posts.")
            messages.info(self.request, said % {"posts": posts})
        self.request.POST = data
        return self._page(self._sent())

    def _asked(self) -> list[Card]:
        """Every text on record; an empty one when there is none, or when the address asks for it."""
        query, cards = self.request.GET, [self._standing(text) for text in self._texts()]
        language, kind = query.get("language", ""), query.get("kind", "")
        for card in cards:
            card.is_open = "new" not in query and (card.language, card.kind) == (language, kind)
        if not cards or "new" in query:
            cards.append(self._new(language, kind))
        return cards

    def _standing(self, text: Reviewed) -> Card:
        draft = text.draft
        return Card(CardForm(initial=self._initial(draft), prefix=key_of(draft.language, draft.channel_kind)), text)

    def _new(self, language: str, kind: str, text: str = "", prefix: str | None = None) -> Card:
        language = language or (self.claim.language if self.claim else "") or "en"
        start = {"language": language, "channel_kind": kind, "text": text, "base_version": 0}
        return Card(CardForm(initial={**start, **self._verdict(language)}, prefix=prefix))

    def _initial(self, draft: Draft) -> dict[str, Any]:
        """What the form of a version shows before anybody types."""
        start = {"language": draft.language, "channel_kind": draft.channel_kind, "text": draft.text}
        verdict = asdict(draft.verdict) if draft.rating else self._verdict(draft.language)
        return {**start, **verdict, "base_version": draft.version}

    def _verdict(self, language: str) -> dict[str, Any]:
        return asdict(selectors.first_verdict(self.rebuttal, self.claim, language=language))

    def _sent(self) -> list[Card]:
        """The texts that the page sent, as they were typed, and those that have come on record since."""
        data, texts = self.request.POST, self._texts()
        on_record = {key_of(text.draft.language, text.draft.channel_kind): text for text in texts}
        cards = []
        for prefix in dict.fromkeys(data.getlist("texts")):
            form = CardForm(data, prefix=prefix, initial=self._read(data, f"{prefix}-", on_record.get(prefix)))
            cards.append(Card(form, on_record.pop(prefix, None)))
        if "language" in data:
            key = key_of(data["language"].strip(), data.get("channel_kind", ""))
            current = on_record.pop(key, None)
            cards.append(Card(CardForm(data, initial=self._read(data, "", current)), current))
        return [*(self._standing(text) for text in on_record.values()), *cards]

    def _read(self, data: Any, prefix: str, current: Reviewed | None) -> dict[str, Any]:
        """What the author had before them: the version on which the words are based."""
        base = data.get(f"{prefix}base_version", "")
        if current is None or not base.isdecimal():
            return {"language": data.get(f"{prefix}language"), "channel_kind": data.get(f"{prefix}channel_kind")}
        draft = current.draft
        same = {"rebuttal": draft.rebuttal_id, "language": draft.language, "channel_kind": draft.channel_kind}
        read = draft if draft.version == int(base) else Draft.objects.filter(**same, version=int(base)).first()
        return self._initial(read) if read else {}

    def _added(self) -> HttpResponse:
        """The page as it was typed, with one text more, begun as asked."""
        cards = self._sent()
        asked = self._add_form(cards)
        if asked.is_valid():
            language, kind = asked.cleaned_data["language"], asked.cleaned_data["channel_kind"]
            key = key_of(language, kind)
            if key in {key_of(card.language, card.kind) for card in cards}:
                asked.add_error("language", _("There is such a text already: it stands on this page."))
            else:
                begun = {card.key: card.form["text"].value() for card in cards}
                cards.append(self._new(language, kind, begun.get(asked.cleaned_data["copied"], ""), key))
                cards[-1].is_open = True
                return self._page(cards)
        return self._page(cards, add_form=asked, status=400)

    def _add_form(self, cards: list[Card]) -> AddForm:
        data = self.request.POST if "add" in self.request.POST else None
        texts = [(card.key, card.name) for card in cards]
        return AddForm(data, texts=texts, initial={"copied": texts[0][0]} if texts else {})

    def _save(self) -> HttpResponse:
        """Keep what was changed, each text in a transaction of its own: a bad one does not take a good one with it."""
        cards = self._sent()
        sent = [card for card in cards if card.form.is_bound]
        sent = [card for card in sent if len(sent) == 1 or not is_blank(card)]
        touched = [card for card in sent if len(sent) == 1 or is_touched(card)]
        kept = [(card, self._keep(card)) for card in touched]
        for card, draft in kept:
            if draft:
                self._say(draft, card.form.cleaned_data.get("base_version"), among=len(sent))
        if not touched:
            messages.info(self.request, _("Nothing changed."))
        if all(draft for _card, draft in kept):
            return redirect(self._next(kept))
        status = max(card.status for card in touched)
        done = [card for card, draft in kept if draft]
        return self._page(self._after(cards, done), status=status)

    def _next(self, kept: list[tuple[Card, Draft | None]]) -> str:
        """The text that was kept first, or the pictures that were asked for."""
        wanted = self.request.POST.get("pictures")
        texts = {key_of(text.draft.language, text.draft.channel_kind): text.draft for text in self._texts()}
        if wanted in texts:
            return reverse("rebuttals:pictures", args=[texts[wanted].uuid])
        first = next((draft for _card, draft in kept if draft), None)
        if first and wanted:
            return reverse("rebuttals:pictures", args=[first.uuid])
        return address(first) if first else self.request.get_full_path()

    def _keep(self, card: Card) -> Draft | None:
        """The version that was written; None when the card says what stands in its way."""
        form = card.form
        if not form.is_valid():
            card.status = 400
            return None
        card.status = 409
        try:
            draft = self._write(form)
        except services.NewerVersion as conflict:
            self._set_beside(card, conflict.newest)
        except services.RebuttalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            card.status, self.rebuttal = 200, draft.rebuttal
            return draft
        return None

    @transaction.atomic
    def _write(self, form: CardForm) -> Draft:
        now, author = self.now, self.request.user
        rebuttal = self.rebuttal or services.start(claim=self.claim, now=now)
        draft = services.save_draft(rebuttal, author=author, now=now, **form.cleaned_data)
        if not form.for_review():
            return draft
        asked = self._ask_form(self.request.POST)
        if not asked.is_valid():
            raise services.RebuttalRefused(_("Choose a deadline from the list."))
        return services.submit(draft, by=author, now=now, minutes=asked.cleaned_data["minutes"])

    def _ask_form(self, data: Any = None) -> AskForm:
        severity = self.claim.severity if self.claim else None
        usual = deadline.usual(settings.PLANNER_REVIEW_MINUTES, severity)
        form = AskForm(data, usual=int(usual / timedelta(minutes=1)))
        tie(form)
        return form

    def _set_beside(self, card: Card, theirs: Draft) -> None:
        """Somebody was faster: their words beside these, which are saved on the next press on top of theirs."""
        data = self.request.POST.copy()
        data[card.form.add_prefix("base_version")] = str(theirs.version)
        card.theirs, card.changes = theirs, compare(theirs.text, card.form.cleaned_data["text"])
        card.form = CardForm(data, prefix=card.form.prefix)

    def _after(self, cards: list[Card], done: list[Card]) -> list[Card]:
        """The cards with those that were kept as they stand on record now."""
        texts = {key_of(text.draft.language, text.draft.channel_kind): text for text in self._texts()}
        return [self._standing(texts[key_of(card.language, card.kind)]) if card in done else card for card in cards]

    def _say(self, draft: Draft, base_version: int | None, *, among: int) -> None:
        name = f"{name_of(draft.language)} · {KIND_WORDS.get(draft.channel_kind, draft.channel_kind)}: "
        words: dict[str, object] = {"version": draft.version}
        level, said = messages.SUCCESS, _("Version %(version)s is saved. Nobody has been asked to review it.")
        if draft.requests.filter(asked_at=self.now).exists():
            asked = ", ".join(str(person) for person in selectors.asked_now(draft, now=self.now))
            words["asked"] = asked or _("nobody: no other active person is an approver")
            said = _("Version %(version)s waits for somebody else to clear it. Asked by e-mail: %(asked)s.")
        elif draft.version == base_version:
            level, said = messages.INFO, _("Nothing changed since version %(version)s.")
        messages.add_message(self.request, level, (name if among > 1 else "") + said % words)

    def _texts(self) -> list[Reviewed]:
        if self.rebuttal is None:
            return []
        return selectors.reviewed(selectors.newest_drafts().filter(rebuttal=self.rebuttal))

    def _page(self, cards: list[Card], status: int = 200, **more: object) -> HttpResponse:
        context = {
            "now": self.now,
            "claim": self.claim,
            "rebuttal": self.rebuttal,
            "narrative": self.rebuttal.narrative if self.rebuttal and self.rebuttal.narrative_id else None,
            "cards": cards,
            "add_form": self._add_form(cards),
            "ask_form": self._ask_form(self.request.POST or None),
            "may_write": may(self.request.user, *WRITERS),
            "may_schedule": may(self.request.user, *SCHEDULERS),
            "sightings": self.claim.sightings.count() if self.claim else 0,
        }
        return render(self.request, "rebuttals/edit.html", {**context, **more}, status=status)
