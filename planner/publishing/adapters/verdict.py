"""From what truly happened on the wire to one of the four answers (docs/decisions/0013, 0030)."""

from collections.abc import Collection
from datetime import datetime

from planner.publishing.adapters.wire import Wire
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.retry import asked_to_wait, until_reset

# "Come later" that cannot mean "taken": too many requests, or not in service.
COME_LATER = frozenset({429, 503})
# The answers that leave it open whether the words were taken: the same key is being worked on; the request got lost.
LEAVES_OPEN = {408, 409}
RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")


def judge(wire: Wire, *, now: datetime, come_later: Collection[int] = COME_LATER) -> Outcome:
    """What became of words that were handed over in the last exchange; `Sent` (without id or url) for any 2xx."""
    last = wire.last
    if last.status is None:
        if last.left:
            return Unknown(wire.say(f"The request left, and no whole answer came: {last.error}"))
        return NotPosted(wire.say(f"No connection: {last.error}"))
    status, said = last.status, wire.say(f"The channel answered {last.status}{first_words(last.body)}")
    if 200 <= status < 300:
        return Sent(detail=said)
    if status in come_later:
        if "Retry-After" in last.headers:
            return NotPosted(said, asked_to_wait(last.headers["Retry-After"], now=now))
        reset = next((last.headers[name] for name in RESETS if name in last.headers), None)
        return NotPosted(said, until_reset(reset, now=now))
    if status in {307, 308}:
        moved = wire.say(last.headers.get("Location", "nowhere"))[:200]
        return RefusedForGood(f"{said}: the address has moved to {moved}")
    if 400 <= status < 500 and status not in LEAVES_OPEN:
        return RefusedForGood(said)
    return Unknown(said)


def before_posting(outcome: Outcome) -> Outcome:
    """The same, for a request that came before the words were handed over: what is unknown there is certain here."""
    if isinstance(outcome, Unknown | Sent):
        return NotPosted(f"It was not handed over yet. {outcome.detail}")
    return outcome


def not_answered(wire: Wire) -> str:
    """Why a question that publishes nothing was not answered, in a sentence."""
    if wire.last.status is None:
        return wire.say(f"The channel was asked and did not answer: {wire.last.error}")
    return wire.say(f"The channel was asked and answered {wire.last.status}{first_words(wire.last.body)}")


def first_words(body: bytes) -> str:
    """The start of an answer's explanation, after a colon."""
    words = " ".join(body[:300].decode("utf-8", "replace").split())
    return f": {words}" if words else ""
