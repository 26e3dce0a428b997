"""What a plan may ask of people. Each value has a default with its source, and can be set by the organisation."""

from dataclasses import dataclass

from planner.rosters.core.kinds import DutyKind

NIGHT = (22, 4)  # the hours on the theatre's clocks that make a duty a night


@dataclass(frozen=True, slots=True)
class Policy:
    """Minutes and whole per cent, so that every sum is exact. docs/plan.md says where each default comes from."""

    step: int = 30  # duties begin and end on this grid
    rest: int = 11 * 60  # between any two duties of one person: Directive 2003/88/EC, article 3
    weekly: int = 48 * 60  # Monday to Sunday: Directive 2003/88/EC, article 6
    on_call_pay: int = 25  # per cent of an hour at the desk
    on_call_counts: int = 25  # per cent of an on-call hour that counts towards the weekly maximum
    nights: int = 20  # a person and quarter, those already done included
    wake_ups: float = 2.0  # expected for one on-call duty, as `waking` counts them: PRODUCT, Google SRE
    desk_shortest: int = 4 * 60
    desk_longest: int = 10 * 60
    on_call_shortest: int = 2 * 60
    on_call_longest: int = 12 * 60

    def __post_init__(self) -> None:
        """Raises ValueError with the value that cannot hold."""
        if self.step < 5 or 1440 % self.step:
            raise ValueError(f"step: {self.step} minutes do not divide a day into steps of five minutes or more")
        for name in ("rest", "weekly", "nights", "wake_ups"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: {getattr(self, name)} is below zero")
        for name in ("on_call_pay", "on_call_counts"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"{name}: {getattr(self, name)} is not a share of 0 to 100 per cent")
        for kind in DutyKind:
            if not 0 < self.shortest(kind) <= self.longest(kind) <= 1440:
                raise ValueError(f"{kind}: the shortest duty must not outlast the longest, nor that a day")

    def shortest(self, kind: DutyKind) -> int:
        """The least length of a duty, in minutes."""
        return self.desk_shortest if kind is DutyKind.DESK else self.on_call_shortest

    def longest(self, kind: DutyKind) -> int:
        """The greatest length of a duty, in minutes."""
        return self.desk_longest if kind is DutyKind.DESK else self.on_call_longest

    def pay(self, kind: DutyKind) -> int:
        """Per cent of an hour that an hour of this duty costs."""
        return 100 if kind is DutyKind.DESK else self.on_call_pay

    def counts(self, kind: DutyKind) -> int:
        """Per cent of an hour of this duty that counts towards the weekly maximum."""
        return 100 if kind is DutyKind.DESK else self.on_call_counts
