"""The rarely touched tables of people: accounts, roles, contact points."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.people import services
from planner.people.administration import AdministratorAdmin, AdministratorInline
from planner.people.forms import PersonForm
from planner.people.models import ROLE_WORDS, ContactPoint, User

admin.site.unregister(Group)  # roles are the only way to be allowed something


class ContactPointInline(AdministratorInline):
    model = ContactPoint
    fields = ["position", "kind", "address"]


@admin.register(User)
class UserAdmin(AdministratorAdmin):
    """People. A password is never set by somebody else: `manage.py add_person` prints a link for it."""

    form = PersonForm
    inlines = [ContactPointInline]
    list_display = ["username", "full_name", "email", "zone", "role_words", "is_active"]
    list_filter = ["is_active", "zone"]
    search_fields = ["username", "first_name", "last_name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email", "is_active"]}),
        (_("On watch"), {"fields": ["zone", "languages", "given_roles"]}),
    ]

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return str(person)

    @admin.display(description=_("roles"))
    def role_words(self, person: User) -> str:
        return ", ".join(str(ROLE_WORDS[role]) for role in ROLE_WORDS if role.value in person.roles)

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        """Save the plain fields; roles go through the service, which journals them."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        assert isinstance(request.user, User)
        services.grant_roles(obj, roles=form.cleaned_data["given_roles"], by=request.user, now=timezone.now())
