"""The roles a person may hold. One person may hold several; author and approver of a text are always two people."""

from enum import StrEnum


class Role(StrEnum):
    ANALYST = "analyst"
    OFFICER = "officer"
    APPROVER = "approver"
    DUTY = "duty"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLES = [role.value for role in Role]
