"""How somebody is on watch."""

from enum import StrEnum


class DutyKind(StrEnum):
    DESK = "desk"
    ON_CALL = "on_call"


DUTY_KINDS = [kind.value for kind in DutyKind]
