"""A week of nights on a page of its own: what coverage knows, drawn by the desk's pens."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from planner.coverage.core import bands
from planner.coverage.selectors import PricedGap, Reading
from planner.desk.core import night
from planner.desk.core.night_stack import WIDTHS, draw_night
from planner.desk.selectors import drawn_gap
from planner.desk.templatetags.drawings import tongue
from planner.spans import Span
from planner.wallclock import night_of
from planner.wallclock import zone as zone_named

register = template.Library()


@register.simple_tag
def week_of_nights(reading: Reading, now: datetime, viewer_zone: str = "") -> SafeString:
    """The nights of a reading, noon to noon in the theatre, stacked; each at two sizes, of which CSS shows one.

    Gaps carry the audiences that they lose. The tempo has one scale for all of them.
    """
    zone = zone_named(reading.forecast.zone)
    spans, at = [], reading.start
    while at < reading.end:
        spans.append(night_of(at, zone))
        at = spans[-1].end
    chain = {str(link): [night.Watch(*piece) for piece in held] for link, held in bands.chain(reading.watch).items()}
    tempo = [night.Hour(hour.start, hour.expected, hour.rate_low, hour.rate_high) for hour in reading.forecast.hours]
    gaps = [_gap(one) for one in reading.gaps]
    highest = max((hour.expected for hour in tempo), default=0.0)
    drawn = []
    for index, span in enumerate(spans):
        one = night.Night(
            start=span.start,
            end=span.end,
            now=now,
            zone=zone.key,
            viewer_zone=viewer_zone or zone.key,
            tempo=tempo,
            chain=chain,
            gaps=[gap for gap in gaps if span.overlaps(Span(gap.start, gap.end))],
        )
        drawn.append(_row(one, index, len(spans), highest))
    return mark_safe(f'<div class="nights">{"".join(drawn)}</div>')  # the pen escaped every text


def _row(one: night.Night, index: int, count: int, highest: float) -> str:
    evening = one.start.astimezone(zone_named(one.zone))
    drawings = [
        draw_night(
            one,
            name=date_format(evening, "D j M" if size == "wide" else "D j"),
            above=index == 0,
            beneath=index == count - 1 and one.viewer_zone != one.zone,
            size=size,
            rtl=get_language_bidi(),
            tongue=tongue(),
            prefix=f"stack-{index}-{size}",
            highest=highest,
        ).svg
        for size in WIDTHS
    ]
    return f'<div class="strip">{"".join(drawings)}</div>'


def _gap(priced: PricedGap) -> night.Gap:
    return drawn_gap(priced)._replace(loss=priced.cost.loss)
