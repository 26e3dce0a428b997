"""Make a person known and print the single-use link with which they choose a password; also the first administrator."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from planner.people.core.refusals import Refused
from planner.people.core.roles import ROLES
from planner.people.models import User
from planner.people.services import ensure_person


def password_link(person: User) -> str:
    """The address at which this person chooses a password; it works once and for three days."""
    parts = [urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)]
    return settings.PLANNER_PUBLIC_URL + reverse("people:set_password", args=parts)


class Command(BaseCommand):
    help = "Add a person, or add roles and languages to one, and print a single-use link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="full name, as on the roster")
        parser.add_argument("--email", required=True, help="where pages and links go")
        parser.add_argument(
            "--role", action="append", default=[], dest="roles", help=f"one of {', '.join(ROLES)}; repeat"
        )
        parser.add_argument("--language", action="append", default=[], dest="languages", help="code such as ar; repeat")
        parser.add_argument("--zone", default=settings.PLANNER_ZONE, help="IANA time zone (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = {key: options[key] for key in ("name", "email", "zone", "languages", "roles")}
        try:
            person, is_new = ensure_person(**chosen, now=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        link = password_link(person)
        if options["json"]:
            said = {"username": person.username, "added": is_new, "roles": person.roles, "password_link": link}
            self.stdout.write(json.dumps(said))
            return
        words = _("%(person)s is new.") if is_new else _("%(person)s was known already.")
        self.stdout.write(words % {"person": person})
        self.stdout.write(
            _("Username: %(name)s; roles: %(roles)s")
            % {"name": person.username, "roles": ", ".join(person.roles) or "–"}
        )
        self.stdout.write(_("To choose a password (works once): %(link)s") % {"link": link})
