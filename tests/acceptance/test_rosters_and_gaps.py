"""Rosters and requirements as people write them, and their gaps: against a grid of minutes and a plain sum."""

from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from planner.publishing.services import register_channel
from planner.rosters import selectors as rosters
from planner.rosters.models import Shift
from tests.acceptance.stranger import ask, ask_json, written

pytestmark = pytest.mark.django_db
ROSTER = "person,email,zone,roles,languages,kind,start,end,rule\n"
NEEDS = "link,language,days,from,to,zone,people\n"
MINUTE = timedelta(minutes=1)
BAGHDAD, BERLIN = ZoneInfo("Asia/Baghdad"), ZoneInfo("Europe/Berlin")
START, END = datetime(2027, 3, 25, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC)  # Berlin's clocks change on the 28th
WATCH = ROSTER + (
    "Layla,layla@example.org,Asia/Baghdad,analyst;officer,ar;en,desk,2027-03-25T08:00,2027-03-25T16:30,\n"
    "Layla,layla@example.org,Asia/Baghdad,analyst;officer,ar;en,desk,2027-03-26T08:00,2027-03-26T16:30,\n"
    "Layla,layla@example.org,Asia/Baghdad,,,leave,2027-03-26T12:00,2027-03-26T14:00,\n"
    "Omar,omar@example.org,Europe/Berlin,approver,ar,on_call,2027-03-25T10:00,2027-03-26T10:00,\n"
    "Anna,anna@example.org,Europe/Berlin,officer;duty,de,on_call,2027-03-27T22:00,2027-03-28T06:00,\n"
)
REQUIRED = NEEDS + (
    "seen,,mon-sun,00:00,24:00,Asia/Baghdad,1\n"
    "drafted,ar,fri;sat,22:00,04:00,Asia/Baghdad,\n"
    "cleared,,Mon-Fri,08:00,18:00,Europe/Berlin,1\n"
    "drafted,,sat-sun,00:00,08:00,Europe/Berlin,1\n"
)


def local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def brought_in(tmp_path) -> None:
    assert ask_json("import_roster", written(tmp_path, WATCH, "roster.csv")).counts == (5, 5, 0, 0)
    assert ask_json("import_requirements", written(tmp_path, REQUIRED, "needs.csv")).counts == (4, 4, 0, 0)


def missing_by_the_minute() -> list[tuple[datetime, frozenset[str]]]:
    """For each minute what is asked for and not there, by looking at two clocks and a list of stretches."""
    layla = [
        (local("2027-03-25T08:00", BAGHDAD), local("2027-03-25T16:30", BAGHDAD)),
        (local("2027-03-26T08:00", BAGHDAD), local("2027-03-26T12:00", BAGHDAD)),
        (local("2027-03-26T14:00", BAGHDAD), local("2027-03-26T16:30", BAGHDAD)),
    ]
    omar = [(local("2027-03-25T10:00", BERLIN), local("2027-03-26T10:00", BERLIN))]
    anna = [(local("2027-03-27T22:00", BERLIN), local("2027-03-28T06:00", BERLIN))]

    def there(stretches, at) -> bool:
        return any(start <= at < end for start, end in stretches)

    found = []
    for number in range((END - START) // MINUTE):
        at = START + number * MINUTE
        here, abroad = at.astimezone(BAGHDAD), at.astimezone(BERLIN)
        missing = set()
        if not there(layla + anna, at):
            missing.add("seen")
        night = (here.hour >= 22 and here.weekday() in (4, 5)) or (here.hour < 4 and here.weekday() in (5, 6))
        if night and not there(layla, at):
            missing.add("drafted")
        if abroad.weekday() < 5 and 8 <= abroad.hour < 18 and not there(omar, at):
            missing.add("cleared")
        if abroad.weekday() >= 5 and abroad.hour < 8 and not there(layla + anna, at):
            missing.add("drafted")
        found.append((at, frozenset(missing)))
    return found


def test_every_gap_begins_and_ends_at_the_minute_that_a_grid_shows(tmp_path):
    brought_in(tmp_path)
    expected = []
    for missing, group in groupby(missing_by_the_minute(), key=lambda pair: pair[1]):
        minutes = [at for at, _ in group]
        if missing:
            expected.append((minutes[0].isoformat(), (minutes[-1] + MINUTE).isoformat(), sorted(missing)))
    answer = ask_json("gaps", "--from", "2027-03-25T00:00Z", "--to", "2027-03-31T00:00Z")
    assert answer.code == 1
    document = answer.document
    assert [(gap["start"], gap["end"], sorted(gap["missing"])) for gap in document["gaps"]] == expected
    assert {"from", "to", "covered_share", "weighted_covered_share", "gaps"} <= set(document)
    assert {"start", "end", "missing", "expected_claims", "loss", "accepted"} <= set(document["gaps"][0])
    asked = [missing for _, missing in missing_by_the_minute()]  # seen is asked for at every minute
    assert document["covered_share"] == pytest.approx(sum(not missing for missing in asked) / len(asked), abs=1e-6)


def test_the_loss_of_a_gap_is_what_adding_up_its_minutes_gives(tmp_path):
    brought_in(tmp_path)
    words = {"owner": "Press office", "attribution": "Ministry of Examples", "address": "https://www.example.org/hook"}
    register_channel(name="Website", kind="webhook", secret="s" * 32, now=START, by=None, **words)
    claims = "external_id,text,broke_earliest,severity\n"
    hours = ((day, hour) for day in range(1, 29) for hour in (1, 9, 19, 20, 21, 22))
    claims += "".join(f"{day}-{hour},Something,2016-02-{day:02}T{hour:02}:10Z,high\n" for day, hour in hours)
    assert ask("import_claims", written(tmp_path, claims)).code == 0
    document = ask_json("gaps", "--from", "2027-03-25T00:00Z", "--to", "2027-03-31T00:00Z").document
    rates = ask_json("forecast", "--at", "2027-03-25T00:00Z", "--days", 6).document["hours"]
    rate_at = {datetime.fromisoformat(hour["start"]): hour["expected"] for hour in rates}
    priced = 0
    for gap in document["gaps"]:
        start, end = datetime.fromisoformat(gap["start"]), datetime.fromisoformat(gap["end"])
        instants = [start + (number + 0.5) * MINUTE for number in range(round((end - start) / MINUTE))]
        per_minute = [rate_at[at.replace(minute=0, second=0)] / 60 for at in instants]
        assert gap["expected_claims"] == pytest.approx(sum(per_minute), rel=1e-4)
        if gap["whole_again"] is None:
            assert gap["loss"] == gap["expected_claims"]
            continue
        answered = datetime.fromisoformat(gap["whole_again"]) + gap["reaction"] * MINUTE
        assert gap["reaction"] == document["assumptions"]["reactions"][gap["stand"]]["minutes"]
        lost = (
            rate * (1 - 2 ** -((answered - at) / MINUTE / gap["half_life"]))
            for rate, at in zip(per_minute, instants, strict=True)
        )
        assert gap["loss"] == pytest.approx(sum(lost), rel=1e-4)
        priced += 1
    assert priced > 1


def test_the_chain_is_whole_again_when_all_four_links_hold(tmp_path):
    brought_in(tmp_path)
    words = {"owner": "Press office", "attribution": "Ministry of Examples", "address": "https://www.example.org/hook"}
    register_channel(name="Website", kind="webhook", secret="s" * 32, now=START, by=None, **words)
    [first, *_] = ask_json("gaps", "--from", "2027-03-25T00:00Z", "--to", "2027-03-25T05:00Z").document["gaps"]
    # Layla sits down at 05:00 UTC, Omar can be woken from 10:00 in Berlin, which is 09:00 UTC.
    assert (first["end"], first["whole_again"]) == ("2027-03-25T05:00:00+00:00", "2027-03-25T09:00:00+00:00")


def test_a_week_that_is_covered_leaves_with_zero(tmp_path):
    roster = ROSTER + "Layla,,Asia/Baghdad,analyst,,desk,2027-03-25T00:00,2027-03-26T00:00,\n"
    assert ask("import_roster", written(tmp_path, roster)).code == 0
    assert ask("import_requirements", written(tmp_path, NEEDS + "seen,,thu,00:00,24:00,Asia/Baghdad,1\n")).code == 0
    answer = ask_json("gaps", "--from", "2027-03-25", "--to", "2027-03-26")
    assert (answer.code, answer.document["gaps"], answer.document["covered_share"]) == (0, [], 1.0)


@pytest.mark.parametrize(
    ("zone", "start", "end", "nights"),
    [
        ("Europe/Berlin", "2026-10-23T22:00", "2026-10-24T06:00", ("20:00", "04:00", "20:00", "05:00", "21:00")),
        ("America/New_York", "2027-03-12T22:00", "2027-03-13T06:00", ("03:00", "11:00", "03:00", "10:00", "02:00")),
    ],
)
def test_a_rule_keeps_to_the_persons_wall_when_the_clocks_change(tmp_path, zone, start, end, nights):
    roster = ROSTER + f"Clara,,{zone},duty,en,on_call,{start},{end},FREQ=DAILY;COUNT=3\n"
    path = written(tmp_path, roster)
    assert ask_json("import_roster", path).counts == (1, 1, 0, 0)
    assert ask_json("import_roster", path).counts == (1, 0, 1, 0)
    spans = [(shift.during.lower, shift.during.upper) for shift in Shift.objects.order_by("during")]
    assert [f"{moment.astimezone(UTC):%H:%M}" for span in spans for moment in span][:5] == list(nights)
    assert {f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" for span in spans for moment in span} == {"22:00", "06:00"}


ROSTER_FAULTS = {
    "wizard,Asia/Baghdad,desk,2026-12-30T08:00,2026-12-30T16:00,": ("roles", "analyst;officer;approver;duty;manager"),
    "auditor,Asia/Baghdad,desk,2026-12-30T08:00,2026-12-30T16:00,": ("roles", "not a role on watch"),
    "duty,Mars/X,desk,2026-12-30T08:00,2026-12-30T16:00,": ("zone", "expected a name like"),
    "duty,Asia/Bagdad,desk,2026-12-30T08:00,2026-12-30T16:00,": ("zone", "did you mean Asia/Baghdad"),
    "duty,Asia/Baghdad,desk,2026-12-30T16:00,2026-12-30T08:00,": ("end", "not after the start"),
    "duty,Asia/Baghdad,desk,2026-12-30T16:00,2036-12-30T18:00,": ("end", "is the year right"),
    "duty,Asia/Baghdad,sleep,2026-12-30T08:00,2026-12-30T16:00,": ("kind", "desk, on_call, leave"),
    "duty,,desk,2026-12-30T08:00,2026-12-30T16:00,": ("start", "no offset"),
    "duty,Europe/Berlin,desk,2026-10-25T02:30,2026-10-25T10:00,": ("start", "ambiguous in Europe/Berlin"),
    "duty,Europe/Berlin,desk,2027-03-27T22:00,2027-03-28T02:30,": ("end", "does not exist in Europe/Berlin"),
    "duty,Asia/Baghdad,desk,2026-12-30T08:00,2026-12-30T16:00,FREQ=SOMETIMES": ("rule", "expected one such as"),
    "duty,Asia/Baghdad,desk,2026-12-30T08:00,2026-12-31T16:00,FREQ=DAILY": ("rule", "overlap one another"),
    "duty,Asia/Baghdad,leave,2026-12-30T08:00,2026-12-30T16:00,FREQ=DAILY": ("rule", "leave does not recur"),
    "duty,Asia/Baghdad,desk,2026-12-20T15:00,2026-12-20T18:00,": ("start", "is on watch then already"),
}


def test_each_fault_of_a_roster_names_its_row_and_field_and_the_mended_rejects_come_in(tmp_path):
    good = "Bob,,Asia/Baghdad,duty,,desk,2026-12-20T08:00,2026-12-20T16:00,\n"
    faulty = "".join(
        f"Bob,,{zone},{roles},,{rest}\n" for roles, zone, rest in (row.split(",", 2) for row in ROSTER_FAULTS)
    )
    rejects = tmp_path / "rejects.csv"
    answer = ask_json("import_roster", written(tmp_path, ROSTER + good + faulty), "--rejects", rejects)
    assert (answer.code, answer.counts) == (1, (len(ROSTER_FAULTS) + 1, 1, 0, len(ROSTER_FAULTS)))
    for number, (told, (field, words)) in enumerate(
        zip(answer.document["rejects"], ROSTER_FAULTS.values(), strict=True), start=3
    ):
        assert (told["row"], told["field"]) == (number, field)
        assert words in told["reason"]
    lines = rejects.read_text().splitlines()
    mended = "\n".join([lines[0], lines[1].replace("wizard", "duty")])
    again = ask_json("import_roster", written(tmp_path, mended, "mended.csv"))
    assert (again.code, again.counts, again.document["notes"]) == (0, (1, 1, 0, 0), [])


def test_somebody_on_leave_is_never_on_watch(tmp_path):
    brought_in(tmp_path)
    during = local("2027-03-26T13:00", BAGHDAD)
    assert [duty.name for duty in rosters.on_watch(during)] == []
    assert [duty.name for duty in rosters.on_watch(during + timedelta(hours=1))] == ["Layla"]


def test_a_language_too_long_to_be_kept_is_refused_not_cut(tmp_path):
    row = "Bob,,Asia/Baghdad,duty,ar;the-language-of-the-old-kingdom,desk,2026-12-30T08:00,2026-12-30T16:00,\n"
    [reject] = ask_json("import_roster", written(tmp_path, ROSTER + row)).document["rejects"]
    assert (reject["field"], "such as ar;en" in reject["reason"]) == ("languages", True)


@pytest.mark.parametrize("team", ["", "  ", "x" * 81])
def test_a_team_needs_a_name(tmp_path, team):
    answer = ask_json("import_roster", written(tmp_path, WATCH), "--team", team)
    assert (answer.code, "A team needs a name" in answer.document["error"]) == (2, True)


def test_a_calendar_that_is_cut_off_is_said_to_be_cut_off(tmp_path):
    answer = ask_json("import_roster", written(tmp_path, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "roster.ics"))
    assert (answer.code, answer.document["added"]) == (1, 0)
    assert "END:VCALENDAR" in answer.document["findings"][0]


NEED_FAULTS = {
    "seem,,mon,00:00,24:00,,1": ("link", "seen, drafted, cleared, published"),
    "seen,,moo,00:00,24:00,,1": ("days", "is not a day"),
    "seen,,,00:00,24:00,,1": ("days", "missing value"),
    "seen,,mon,25:00,24:00,,1": ("from", "00:00 to 24:00"),
    "seen,,mon,24:00,08:00,,1": ("from", "a day starts at 00:00"),
    "seen,,mon,08:00,08:00,,1": ("to", "for the whole day write 00:00 to 24:00"),
    "seen,,mon,08:00,12:00,Mars/X,1": ("zone", "not a time zone"),
    "seen,,mon,08:00,12:00,,0": ("people", "a whole number from 1"),
    "seen,,mon,08:00,12:00,,many": ("people", "a whole number from 1"),
}


def test_each_fault_of_requirements_names_its_row_and_field(tmp_path):
    path = written(tmp_path, NEEDS + "seen,,mon,08:00,12:00,,1\n" + "".join(f"{row}\n" for row in NEED_FAULTS))
    answer = ask_json("import_requirements", path)
    assert (answer.code, answer.counts) == (1, (len(NEED_FAULTS) + 1, 1, 0, len(NEED_FAULTS)))
    for told, (field, words) in zip(answer.document["rejects"], NEED_FAULTS.values(), strict=True):
        assert told["field"] == field
        assert words in told["reason"]
    assert ask_json("import_requirements", path).counts[1:3] == (0, 1)


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("gaps", ("--from", "junk"), "--from “junk”: not a date and time"),
        ("gaps", ("--from", "2016-01-02", "--to", "2016-01-01"), "--to must be after --from"),
        ("gaps", ("--from", "2016-01-01", "--to", "2016-01-01"), "--to must be after --from"),
        ("gaps", ("--from", "9999-12-30"), "expected a year from"),
        ("gaps", ("--from", "1971-01-01", "--to", "2099-01-01"), "days at most"),
        ("gaps", ("--from", "1458633480"), "not a date and time"),
        ("forecast", ("--days", "0"), "--days must be 1 to"),
        ("forecast", ("--days", "-1"), "--days must be 1 to"),
        ("forecast", ("--days", "99999"), "--days must be 1 to"),
        ("forecast", ("--at", "2007-10-01T03:30"), "ambiguous in Asia/Baghdad"),
        ("forecast", ("--at", "9999-12-31"), "expected a year from"),
        ("latency", ("--from", "0001-01-01"), "--from “0001-01-01”"),
        ("latency", ("--by", "shoe_size"), "is not a grouping: expected off_hours"),
        ("verify_journal", ("--anchor", "x"), "expected SEQ:HASH"),
    ],
)
def test_an_option_that_cannot_be_understood_leaves_with_two_and_a_sentence(command, options, words):
    answer = ask_json(command, *options)
    assert answer.code == 2
    assert words in (answer.document["error"] if answer.out else answer.err)


@pytest.mark.parametrize("given", ["2027-03-25T00:00+03:00", "2027-03-25", "2027-03-25T00:00", "2027-03-24T21:00Z"])
def test_a_moment_may_be_an_instant_a_wall_time_or_a_date(given):
    document = ask_json("gaps", "--from", given, "--to", "2027-03-26").document
    assert (document["from"], document["to"]) == ("2027-03-24T21:00:00+00:00", "2027-03-25T21:00:00+00:00")
    assert ask_json("forecast", "--at", given, "--days", 1).document["hours"][0]["start"] == document["from"]
