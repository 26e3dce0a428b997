"""People, what they may do, and where they can be reached."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.people.core.roles import ROLES, Role

ROLE_WORDS = {
    Role.ANALYST: _("analyst"),
    Role.OFFICER: _("press officer"),
    Role.APPROVER: _("approver"),
    Role.DUTY: _("duty officer"),
    Role.MANAGER: _("roster manager"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}


class User(AbstractUser):
    """A member of the team, in their own time zone, with the languages they can answer in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    languages = ArrayField(models.CharField(max_length=16), default=list, blank=True, verbose_name=_("languages"))
    roles = ArrayField(models.CharField(max_length=16), default=list, blank=True, verbose_name=_("roles"))

    class Meta:
        ordering = ["last_name", "first_name", "username"]
        constraints = [
            models.CheckConstraint(condition=models.Q(roles__contained_by=ROLES), name="user_roles_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_role(self, *roles: Role) -> bool:
        """Whether this person is active and holds at least one of the roles."""
        return self.is_active and any(role.value in self.roles for role in roles)


class ContactPoint(models.Model):
    """A way to reach a person, tried in order of position."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.EMAIL)
    address = models.CharField(max_length=254)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "address"], name="contact_point_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}"
