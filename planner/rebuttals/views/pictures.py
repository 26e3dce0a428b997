"""The pictures of a text: brought, described, put in order, and shown to those who may read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import condition, require_http_methods, require_safe

from planner.people.permissions import may, needs
from planner.rebuttals import selectors, services
from planner.rebuttals.models import Draft, Picture
from planner.rebuttals.pictureforms import PictureFormSet, forms_from, forms_of
from planner.rebuttals.showing import served
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import READERS, WRITERS, address

ASK_AGAIN = (
    "private, no-cache"  # kept by the browser, shown only after we were asked whether that person may still see it
)


def _etag(request: HttpRequest, sha256: str) -> str:
    return f'"{sha256}"'


@require_safe
@needs(*READERS)
@condition(etag_func=_etag)
def picture(request: SignedIn, sha256: str) -> HttpResponse:
    """One picture, for those who may read the texts."""
    return served(get_object_or_404(Picture, pk=sha256), kept=ASK_AGAIN, whose="same-origin")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def pictures(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The pictures of the newest version of a text; saving them makes the next version, with the same words."""
    draft = get_object_or_404(selectors.drafts(), uuid=uuid)
    newest = selectors.newest(draft.rebuttal, language=draft.language, channel_kind=draft.channel_kind) or draft
    if request.method != "POST":
        return _page(request, newest, forms_of(newest.shown))
    form = forms_from(request.POST, request.FILES)
    is_valid = form.is_valid()
    digests = _kept(request, form)
    if not is_valid:
        return _page(request, newest, _again(request, digests), status=400)
    try:
        saved = _save(request, draft, newest, form.shown(digests))
    except services.NewerVersion as conflict:
        return _page(request, newest, _again(request, digests), problem=str(conflict), theirs=newest, status=409)
    except services.RebuttalRefused as refusal:
        return _page(request, newest, _again(request, digests), problem=str(refusal), status=409)
    return _saved(request, newest, saved)


def _kept(request: SignedIn, form: PictureFormSet) -> dict[str, str]:
    """Every good file is kept, also beside a row that is wrong: nobody has to look for it again. Hashes by row."""
    rows = [(str(row.prefix), getattr(row, "cleaned_data", {}).get("prepared")) for row in form.forms]
    brought = {prefix: prepared for prefix, prepared in rows if prepared is not None}
    now = timezone.now()
    return {
        prefix: services.keep_picture(prepared, by=request.user, now=now).sha256 for prefix, prepared in brought.items()
    }


def _again(request: SignedIn, digests: dict[str, str]) -> PictureFormSet:
    """What was sent, with the files that were good as kept pictures."""
    data = request.POST.copy()
    for prefix, sha256 in digests.items():
        data[f"{prefix}-sha256"] = sha256
    form = forms_from(data, request.FILES)
    form.is_valid()
    return form


def _save(request: SignedIn, draft: Draft, newest: Draft, shown: list[Any]) -> Draft:
    return services.save_draft(
        draft.rebuttal,
        language=draft.language,
        channel_kind=draft.channel_kind,
        text=newest.text,
        base_version=draft.version,
        pictures=shown,
        author=request.user,
        now=timezone.now(),
    )


def _saved(request: SignedIn, before: Draft, saved: Draft) -> HttpResponse:
    count = len(saved.pictures)
    words = {"version": saved.version, "count": count}
    if saved.pk == before.pk:
        messages.info(request, _("Nothing changed since version %(version)s.") % words)
    else:
        text = ngettext(
            "Version %(version)s is saved, with one picture. Nobody has been asked to review it.",
            "Version %(version)s is saved, with %(count)s pictures. Nobody has been asked to review it.",
            count,
        )
        messages.success(request, text % words)
    return redirect(address(saved)) if "back" in request.POST else redirect("rebuttals:pictures", saved.uuid)


def _page(
    request: SignedIn,
    draft: Draft,
    form: PictureFormSet,
    *,
    problem: str = "",
    theirs: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    (current,) = selectors.reviewed([draft])
    rebuttal = draft.rebuttal
    context = {
        "now": timezone.now(),
        "draft": draft,
        "current": current,
        "claim": rebuttal.claim,
        "narrative": rebuttal.narrative,
        "edit_url": address(draft),
        "form": form,
        "problem": problem,
        "theirs": theirs,
        "versions": selectors.versions(draft),
        "may_write": may(request.user, *WRITERS),
    }
    return render(request, "rebuttals/pictures.html", context, status=status)
