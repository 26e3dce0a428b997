"""The queue of texts, and the editor beside what it answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.permissions import may, needs
from planner.rebuttals import selectors, services
from planner.rebuttals.advice import suggestions
from planner.rebuttals.core import deadline
from planner.rebuttals.core.limits import HOUSE_MOST, counts
from planner.rebuttals.core.words import compare
from planner.rebuttals.forms import AskForm, TextForm
from planner.rebuttals.models import Draft, Rebuttal
from planner.rebuttals.selectors import Reviewed
from planner.rebuttals.views import SignedIn

WRITERS = (Role.OFFICER, Role.APPROVER, Role.DUTY)
SCHEDULERS = (Role.OFFICER, Role.DUTY)
READERS = (*WRITERS, Role.ANALYST, Role.MANAGER, Role.ADMINISTRATOR)


@require_safe
@needs(*READERS)
def queue(request: SignedIn) -> HttpResponse:
    """Texts that wait for me, mine that wait for others, mine to take further, and what was cleared lately."""
    now, me = timezone.now(), request.user
    waiting = selectors.waits(now=now)
    is_approver = may(me, Role.APPROVER)
    for_me = [wait for wait in waiting if is_approver and wait.item.draft.author_id != me.pk]
    context = {
        "now": now,
        "is_approver": is_approver,
        "for_me": for_me,
        "for_others": [wait for wait in waiting if wait not in for_me],
        "unfinished": selectors.unfinished(me),
        "cleared": selectors.recently_cleared(now=now),
        "may_schedule": may(me, *SCHEDULERS),
    }
    return render(request, "rebuttals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def edit(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The answer to one claim: its texts, one per language and kind of channel."""
    claim = get_object_or_404(Claim.objects.select_related("narrative", "source"), uuid=uuid)
    rebuttal = Rebuttal.objects.filter(claim=claim).first()
    return _Editor(request, rebuttal, claim, timezone.now()).response()


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def edit_line(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Words kept ready for a narrative."""
    rebuttals = Rebuttal.objects.select_related("narrative").filter(narrative__isnull=False)
    return _Editor(request, get_object_or_404(rebuttals, uuid=uuid), None, timezone.now()).response()


@require_POST
@needs(*WRITERS)
def waive(request: SignedIn, uuid: UUID) -> HttpResponse:
    """A suggestion does not hold for this text, and why."""
    draft = get_object_or_404(selectors.drafts(), uuid=uuid)
    answer = {"advice": request.POST.get("advice", ""), "note": request.POST.get("note", "")}
    try:
        services.waive(draft, **answer, by=request.user, now=timezone.now())
    except services.RebuttalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted. The approver reads why."))
    return back_to(draft)


@dataclass
class _Editor:
    """One request to the editor, over a claim or over words for a narrative."""

    request: SignedIn
    rebuttal: Rebuttal | None
    claim: Claim | None
    now: datetime

    def response(self) -> HttpResponse:
        return self._save() if self.request.method == "POST" else self._page(*self._asked())

    def _asked(self) -> tuple[Reviewed | None, TextForm]:
        """The text that the address names, or the first one; with ?new=1 an empty one."""
        query, texts = self.request.GET, self._texts()
        wanted = (query.get("language"), query.get("kind", ""))
        named = [text for text in texts if (text.draft.language, text.draft.channel_kind) == wanted]
        current = next(iter(named or texts), None) if "new" not in query else None
        if current is None:
            language = query.get("language") or (self.claim.language if self.claim else "") or "en"
            start = {"language": language, "channel_kind": query.get("kind", ""), "base_version": 0}
            return None, TextForm(initial={**start, **self._verdict(language)})
        draft = current.draft
        start = {"language": draft.language, "channel_kind": draft.channel_kind, "text": draft.text}
        verdict = asdict(draft.verdict) if draft.rating else self._verdict(draft.language)
        return current, TextForm(initial={**start, **verdict, "base_version": draft.version})

    def _verdict(self, language: str) -> dict[str, Any]:
        return asdict(selectors.first_verdict(self.rebuttal, self.claim, language=language))

    def _save(self) -> HttpResponse:
        form = TextForm(self.request.POST)
        if not form.is_valid():
            return self._page(self._current(form.data), form, status=400)
        try:
            draft = self._write(form.cleaned_data)
        except services.NewerVersion as conflict:
            return self._both(form, conflict.newest)
        except services.RebuttalRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(self._current(form.data), form, status=409)
        return self._saved(draft, form.cleaned_data["base_version"])

    @transaction.atomic
    def _write(self, cleaned: dict[str, Any]) -> Draft:
        now, author = self.now, self.request.user
        rebuttal = self.rebuttal or services.start(claim=self.claim, now=now)
        draft = services.save_draft(rebuttal, author=author, now=now, **cleaned)
        if "submit" not in self.request.POST:
            return draft
        asked = self._ask_form(self.request.POST)
        if not asked.is_valid():
            raise services.RebuttalRefused(_("Choose a deadline from the list."))
        return services.submit(draft, by=author, now=now, minutes=asked.cleaned_data["minutes"])

    def _ask_form(self, data: Any = None) -> AskForm:
        severity = self.claim.severity if self.claim else None
        usual = deadline.usual(settings.PLANNER_REVIEW_MINUTES, severity)
        return AskForm(data, usual=int(usual / timedelta(minutes=1)))

    def _saved(self, draft: Draft, base_version: int | None) -> HttpResponse:
        words: dict[str, object] = {"version": draft.version}
        if draft.requests.filter(asked_at=self.now).exists():
            asked = ", ".join(str(person) for person in selectors.asked_now(draft, now=self.now))
            words["asked"] = asked or _("nobody: no other active person is an approver")
            messages.success(
                self.request,
                _("Version %(version)s waits for somebody else to clear it. Asked by e-mail: %(asked)s.") % words,
            )
        elif draft.version == base_version:
            messages.info(self.request, _("Nothing changed since version %(version)s.") % words)
        else:
            messages.success(
                self.request, _("Version %(version)s is saved. Nobody has been asked to review it.") % words
            )
        return (
            redirect("rebuttals:pictures", draft.uuid) if "pictures" in self.request.POST else redirect(address(draft))
        )

    def _both(self, form: TextForm, theirs: Draft) -> HttpResponse:
        """Somebody was faster: their words beside these, which are saved on the next press on top of theirs."""
        data = {**self.request.POST.dict(), "base_version": theirs.version}
        again = TextForm(data)
        current = self._current(data)
        changes = compare(theirs.text, form.cleaned_data["text"])
        return self._page(current, again, status=409, theirs=theirs, changes=changes)

    def _texts(self) -> list[Reviewed]:
        if self.rebuttal is None:
            return []
        return selectors.reviewed(selectors.newest_drafts().filter(rebuttal=self.rebuttal))

    def _current(self, data: Mapping[str, Any]) -> Reviewed | None:
        wanted = (data.get("language", "").strip(), data.get("channel_kind", ""))
        texts = (text for text in self._texts() if (text.draft.language, text.draft.channel_kind) == wanted)
        return next(texts, None)

    def _page(self, current: Reviewed | None, form: TextForm, status: int = 200, **more: object) -> HttpResponse:
        count = counts(form["channel_kind"].value() or "", form["text"].value() or "")[0]
        context = {
            "now": self.now,
            "claim": self.claim,
            "rebuttal": self.rebuttal,
            "narrative": self.rebuttal.narrative if self.rebuttal and self.rebuttal.narrative_id else None,
            "texts": self._texts(),
            "current": current,
            "versions": selectors.versions(current.draft) if current else [],
            "suggestions": suggestions(current.draft) if current else [],
            "form": form,
            "ask_form": self._ask_form(self.request.POST or None),
            "limit": count.most or HOUSE_MOST,
            "length": count.used,
            "may_write": may(self.request.user, *WRITERS),
            "may_schedule": may(self.request.user, *SCHEDULERS),
            "sightings": self.claim.sightings.count() if self.claim else 0,
        }
        return render(self.request, "rebuttals/edit.html", {**context, **more}, status=status)


def address(draft: Draft) -> str:
    """Where this text is edited."""
    rebuttal = draft.rebuttal
    where = ("rebuttals:edit", rebuttal.claim.uuid) if rebuttal.claim else ("rebuttals:edit_line", rebuttal.uuid)
    return f"{reverse(where[0], args=[where[1]])}?{urlencode({'language': draft.language, 'kind': draft.channel_kind})}"


def back_to(draft: Draft) -> HttpResponseRedirect:
    """Back to the editor of this text."""
    return HttpResponseRedirect(address(draft))
