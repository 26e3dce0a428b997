"""Recompute the journal's hash chain and say whether it holds."""

import json
import re
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.journal import selectors
from planner.journal.core.chain import Verdict, verify


class Command(BaseCommand):
    help = "Recompute the journal's hash chain. Exit 0: it holds; 1: it is broken or unguarded; 2: bad input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="SEQ:HASH",
            help="an entry's hash noted down earlier, outside this database; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = dict(_anchor(text) for text in options["anchor"])
        began = perf_counter()
        verdict = verify(selectors.links(), anchors)
        seconds = perf_counter() - began
        missing = selectors.missing_guards()
        if options["json"]:
            self.stdout.write(json.dumps(_document(verdict, missing, seconds)))
        else:
            self._print(verdict, missing, seconds)
        if verdict.broken_seq is not None or missing:
            raise SystemExit(1)

    def _print(self, verdict: Verdict, missing: list[str], seconds: float) -> None:
        rate = verdict.count / max(seconds, 1e-9)
        self.stdout.write(f"entries    {verdict.count} that hold, in {seconds:.1f} s ({rate:,.0f}/s)")
        self.stdout.write(f"head       {verdict.head_hash}")
        if verdict.broken_seq is not None:
            self.stdout.write(self.style.ERROR(f"BROKEN     at entry {verdict.broken_seq}: {verdict.reason}"))
        for name in missing:
            self.stdout.write(self.style.ERROR(f"UNGUARDED  trigger {name} is gone or switched off"))
        if verdict.broken_seq is None and not missing:
            self.stdout.write(
                self.style.SUCCESS("The chain holds. Note the head down elsewhere; check it with --anchor.")
            )


def _document(verdict: Verdict, missing: list[str], seconds: float) -> dict[str, Any]:
    return {
        "ok": verdict.broken_seq is None and not missing,
        "count": verdict.count,
        "head_hash": verdict.head_hash,
        "broken_seq": verdict.broken_seq,
        "reason": verdict.reason,
        "missing_guards": missing,
        "seconds": round(seconds, 3),
    }


def _anchor(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"([1-9][0-9]*):([0-9a-f]{64})", text.strip().lower())
    if not found:
        raise CommandError(f"--anchor {text}: expected SEQ:HASH, a number and 64 hexadecimal digits", returncode=2)
    return int(found[1]), found[2]
