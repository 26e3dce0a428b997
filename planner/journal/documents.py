"""Commands that answer with one JSON document, also when they are asked for what cannot be."""

import json
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

BAD_INPUT = 2


class DocumentCommand(BaseCommand):
    """A command with --json. Asked badly (exit 2) it prints its `empty` document with an "error" that says what to
    mend, as an import of an unreadable file does; people read the same on stderr.
    """

    empty: ClassVar[dict[str, Any]]

    def run_from_argv(self, argv: list[str]) -> None:
        """An option that does not parse never gets as far as `execute`."""
        if "--json" in argv:
            try:
                self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
            except CommandError as fault:
                self.refuse(str(fault).removeprefix("Error: "))
        super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Raises CommandError as every command does."""
        try:
            return super().execute(*args, **options)
        except CommandError as fault:
            if options.get("json") and fault.returncode == BAD_INPUT:
                self.refuse(str(fault))
            raise

    def refuse(self, fault: str) -> None:
        """The document of a command that could not do what it was asked for."""
        self.stdout.write(json.dumps({**self.empty, "error": fault}, ensure_ascii=False))
