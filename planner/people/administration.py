"""The base of every page in the admin: for administrators only, and nothing is ever deleted there."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from planner.people.core.roles import Role
from planner.people.permissions import may


class AdministratorsOnly:
    """Permission by role alone: Django's own permissions and the superuser flag open nothing."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Role.ADMINISTRATOR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Role.ADMINISTRATOR)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Role.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Role.ADMINISTRATOR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AdministratorAdmin(AdministratorsOnly, ModelAdmin):
    """What people, channels and sources inherit. Drafts, approvals, posts and the journal are never registered."""


class AdministratorInline(AdministratorsOnly, TabularInline):
    """Rows that belong to one such row; a single one may be removed with it."""

    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Role.ADMINISTRATOR)
