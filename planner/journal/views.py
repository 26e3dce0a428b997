"""The journal for people: everything that happened, filtered, and as a file."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.journal import selectors
from planner.journal.forms import JournalFilter
from planner.journal.models import Entry

PAGE = 50


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The journal, the last entry first, fifty at a time."""
    form = JournalFilter(request.GET, actors=selectors.actors())
    found: list[Entry] = list(selectors.entries(**form.cleaned_data)[: PAGE + 1]) if form.is_valid() else []
    page = found[:PAGE]
    context = {
        "form": form,
        "entries": page,
        "filtered": any(form.data.get(name) for name in ("claim", "milestone", "actor", "subject")),
        "older": _query(request, before=page[-1].seq) if len(found) > PAGE else "",
        "is_first": not form.data.get("before"),
        "query": _query(request),
    }
    return render(request, "journal/list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered journal as CSV, streamed, the first entry first: all that core/chain.py hashes."""
    form = JournalFilter(request.GET, actors=[])
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    rows = selectors.rows(selectors.entries(**form.cleaned_data))
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    stamp = f"{timezone.now():%Y%m%dT%H%MZ}"
    response["Content-Disposition"] = f'attachment; filename="journal-{stamp}.csv"'
    return response


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(selectors.COLUMNS)
    for row in rows:
        yield writer.writerow([value.isoformat() if isinstance(value, datetime) else value for value in row])


class _Echo:
    """A file that hands every line straight back, so that the export is never whole in memory."""

    def write(self, line: str) -> str:
        return line


def _query(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in changes.items():
        query[name] = str(value)
    return query.urlencode()
