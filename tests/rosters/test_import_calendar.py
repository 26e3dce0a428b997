"""A calendar comes as a file: good events stay, bad ones are named, twice is once; what changed there changes here."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from planner.journal.models import Entry
from planner.people.models import User
from planner.rosters.calendars.rows import CalendarEntry
from planner.rosters.models import Leave, Shift
from planner.rosters.services import cancel_shift, restore_shift
from tests.factories import make_person, make_shift

pytestmark = pytest.mark.django_db
START = datetime(2031, 6, 9, 19, tzinfo=UTC)  # 22:00 in Baghdad; ahead of any clock that runs these tests
NOW = datetime(2031, 1, 1, tzinfo=UTC)


def event(uid="one", start="20310609T190000Z", end="20310610T030000Z", title="Layla Hasan (on call)", *more):
    lines = [f"UID:{uid}", f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{title}", *more]
    return (
        "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])
        .replace("DTSTART:TZ", "DTSTART;TZ")
        .replace("DTEND:TZ", "DTEND;TZ")
    )


def calendar(*events, head=()):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *head, *events, "END:VCALENDAR", ""])


@pytest.fixture
def bring(tmp_path):
    """Import a calendar; returns the exit code and the JSON document."""

    def importing(text, *options, name="roster.ics"):
        file, out, code = tmp_path / name, io.StringIO(), 0
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            call_command("import_roster", str(file), *options, "--json", stdout=out, stderr=io.StringIO())
        except SystemExit as leaving:
            code = leaving.code
        return code, json.loads(out.getvalue())

    return importing


def standing():
    return sorted((s.during.lower, s.during.upper) for s in Shift.objects.filter(cancelled_at=None))


def test_titles_attendees_and_categories_say_who_and_what(bring):
    code, said = bring(
        calendar(
            event("a"),
            event(
                "b",
                "20310610T190000Z",
                "20310610T200000Z",
                "Night",
                "ATTENDEE;CN=Tom Baker:mailto:tom@example.org",
                "ATTENDEE;CUTYPE=ROOM:mailto:room@example.org",
                "CATEGORIES:on_call,duty",
            ),
            event("c", "20310611", "20310613", "Layla Hasan (leave)"),
            head=["X-WR-TIMEZONE:Asia/Baghdad"],
        )
    )

    assert (code, said["rows"], said["added"]) == (0, 3, 3)
    tom = Shift.objects.get(person__email="tom@example.org")
    assert (tom.kind, tom.roles, str(tom.person)) == ("on_call", ["duty"], "Tom Baker")
    assert Shift.objects.get(person__first_name="Layla").kind == "on_call"
    assert Leave.objects.get().during.lower == datetime(2031, 6, 10, 21, tzinfo=UTC)
    assert User.objects.count() == 2


def test_the_same_calendar_twice_changes_nothing(bring):
    text = calendar(
        event(), event("s", "20310701T080000Z", "20310701T100000Z", "Tom (desk)", "RRULE:FREQ=DAILY;COUNT=9")
    )
    bring(text)
    before = (Shift.objects.count(), Entry.objects.count())

    code, said = bring(text)

    assert (code, said["added"], said["duplicates"]) == (0, 0, 2)
    assert (Shift.objects.count(), Entry.objects.count()) == before == (10, before[1])


def test_a_moved_event_moves_its_shift_and_a_removed_one_is_cancelled_and_can_be_put_back(bring):
    bring(calendar(event("one"), event("two", "20310611T190000Z", "20310611T200000Z")))
    uuid = Shift.objects.order_by("during").first().uuid

    bring(calendar(event("one", "20310609T200000Z", "20310610T040000Z")))

    assert standing() == [(START + timedelta(hours=1), START + timedelta(hours=9))]
    assert Shift.objects.get(cancelled_at=None).uuid == uuid
    acts = [(entry.actor, entry.detail["act"]) for entry in Entry.objects.filter(milestone="rostered")]
    assert acts[-2:] == [("calendar", "moved"), ("calendar", "cancelled")]
    gone = Shift.objects.exclude(cancelled_at=None).get()
    restore_shift(gone, by=make_person("Mona", roles=["manager"]), now=NOW)
    bring(calendar(event("one", "20310609T200000Z", "20310610T050000Z")))
    assert len(standing()) == 2, "put back by a hand: it stays"
    bring(calendar(event("one"), event("two", "20310611T190000Z", "20310611T200000Z")))
    assert len(standing()) == 2


def test_a_shift_that_a_hand_cancelled_stays_cancelled(bring):
    bring(calendar(event("one")))
    cancel_shift(Shift.objects.get(), by=make_person("Mona", roles=["manager"]), now=NOW)

    bring(calendar(event("one", "20310609T200000Z", "20310610T040000Z")))

    assert standing() == []


def test_exceptions_of_a_series_are_followed(bring):
    master = event(
        "s",
        "TZID=Europe/Berlin:20310324T220000",
        "TZID=Europe/Berlin:20310325T060000",
        "Tom (desk)",
        "RRULE:FREQ=DAILY;COUNT=8",
        "EXDATE;TZID=Europe/Berlin:20310325T220000",
    )
    moved = event("s", "20310326T230000Z", "20310327T010000Z", "Tom (desk)", "RECURRENCE-ID:20310326T210000Z")
    gone = event(
        "s", "20310327T210000Z", "20310328T010000Z", "Tom (desk)", "RECURRENCE-ID:20310327T210000Z", "STATUS:CANCELLED"
    )

    code, said = bring(calendar(master, moved, gone))

    assert (code, said["rows"], said["added"]) == (0, 3, 3)
    starts = [f"{start:%d %H}-{end:%H}" for start, end in standing()]
    assert starts == [
        "24 21-05",
        "26 23-01",
        "28 21-05",
        "29 21-04",
        "30 20-04",
        "31 20-04",
    ]  # clocks change on the 30th


@pytest.mark.parametrize(
    ("text", "options", "field", "reason"),
    [
        (event(start="TZID=Europe/London:20311026T013000"), [], "DTSTART", "ambiguous in Europe/London"),
        (event(start="TZID=Europe/London:20310330T013000"), [], "DTSTART", "does not exist in Europe/London"),
        (event(start="20310609T190000"), [], "DTSTART", "neither the event nor the calendar names one"),
        (event(start="TZID=Mars/Base:20310609T190000"), [], "DTSTART", "not a time zone"),
        (event(start="20310631T190000Z"), [], "DTSTART", "no such date"),
        (event(end="20310609T180000Z"), [], "DTEND", "not after the start"),
        (event(title="Somebody"), [], "SUMMARY", "nobody of that name is known"),
        (event(title="Tom (desk)").replace("DTEND", "X-NOT"), [], "DTEND", "a shift needs an end"),
        (
            event("a", "20310609T190000Z", "20310609T190100Z", "Tom (desk)", "RRULE:FREQ=SECONDLY"),
            [],
            "RRULE",
            "10,000",
        ),
        (
            event("a", "20310609T190000Z", "20310609T190100Z", "Tom (desk)", "RRULE:FREQ=NEVER"),
            [],
            "RRULE",
            "not a rule",
        ),
        (
            event("a", "20310609T190000Z", "20310610T190100Z", "Tom (desk)", "RRULE:FREQ=DAILY;COUNT=3"),
            [],
            "RRULE",
            "overlap",
        ),
        (
            event("a", "20310609T190000Z", "20310609T230000Z", "Omar"),
            [],
            "DTSTART",
            "on watch then already: desk, Mon 9 Jun 2031",
        ),
    ],
)
def test_a_bad_event_is_named_with_its_field_and_the_good_ones_stay(bring, text, options, field, reason):
    omar = make_person("Omar", roles=["duty"])
    make_shift(omar, START)
    code, said = bring(calendar(event("good", title="Nour Ali (on call)"), text), *options)

    assert (code, said["added"], said["rejected"]) == (1, 1, 1)
    (reject,) = said["rejects"]
    assert (reject["row"], reject["field"]) == (9, field)
    assert reason in reject["reason"]
    assert "event “" in reject["reason"]


def test_a_mended_rejects_file_takes_nothing_else_off(bring, tmp_path):
    rejects = tmp_path / "again.ics"
    bring(calendar(event("good"), event("bad", "20310620T190000Z", "20310620T180000Z")), "--rejects", str(rejects))
    mended = rejects.read_bytes().replace(b"DTEND:20310620T180000Z", b"DTEND:20310620T230000Z")

    code, said = bring(mended, name="again.ics")

    assert (code, said["rows"], said["added"]) == (0, 1, 1)
    assert len(standing()) == 2
    assert CalendarEntry.objects.values("source").distinct().count() == 1


def test_nothing_is_taken_off_for_a_calendar_that_is_cut_off(bring):
    whole = calendar(event("one"), event("two", "20310611T190000Z", "20310611T200000Z"))
    bring(whole)

    code, said = bring(whole[: whole.index("UID:two") + 8])

    assert (code, said["rejected"], len(standing())) == (1, 1, 2)
    assert "cut off" in said["findings"][0]


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + calendar(event()).encode(),
        calendar(event()).replace("\r\n", "\n").encode(),
        calendar(event()).replace("\r\n", "\r").encode(),
        calendar(event()).replace("Layla", "Zoë").encode().replace(b"\xc3\xab", b"\xc3\r\n \xab"),
        calendar(
            event(
                "one",
                "20310609T190000Z",
                "20310610T030000Z",
                "Layla Hasan (on call)",
                "ATTACH;ENCODING=BASE64:" + "A" * 10**7,
            )
        ).encode(),
        calendar(event(), "BEGIN:X-DEEP\r\n" * 5000 + "END:X-DEEP\r\n" * 5000).encode(),
        calendar(
            event("one", "20310609T190000Z", "20310610T030000Z", "Layla Hasan (on call)", "DESCRIPTION:caf\xe9")
        ).encode("latin-1"),
    ],
    ids=["bom", "lf", "cr", "fold in a letter", "10 MB", "deep", "latin-1 where nobody reads"],
)
def test_odd_but_honest_files_are_read(bring, raw):
    code, said = bring(raw)

    assert (code, said["added"]) == (0, 1)
    assert standing() == [(START, START + timedelta(hours=8))]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty."),
        (b"hello", "No calendar is in this file"),
        (calendar(event()).encode("utf-16"), "The file is UTF-16"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * (51 * 2**20), "larger than 50 MB"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_ends_with_two(bring, raw, said):
    code, told = bring(raw)

    assert code == 2
    assert told["error"].startswith(said) or said in told["error"]
