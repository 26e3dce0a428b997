"""Messages to our own staff over a real SMTP server: which ends are known, and what follows."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.notices.services import deliver, send_notice
from tests.factories import make_person

NOW = datetime(2014, 6, 9, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def page(person=None, key="task:1:rung:0", **words):
    told = {"subject": "A claim broke at 01:40", "body": "Nobody is at the desk.\nhttp://127.0.0.1/", "now": NOW}
    return send_notice(key=key, person=person or make_person(), **{**told, **words})


class Script:
    """An SMTP server that plays lines: after each line of the client, the next answer. None: silence. "": hang up."""

    def __init__(self, *answers):
        self.answers, self.heard = list(answers), []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.play, daemon=True)
        self.thread.start()

    def play(self):
        link, _address = self.socket.accept()
        with link, link.makefile("rb") as lines:
            for answer in self.answers:
                if answer is None:
                    self.done.wait(10)
                if not answer:
                    return
                link.sendall(answer.encode() + b"\r\n")
                self.heard.append(self.content(lines) if answer.startswith("354") else lines.readline().strip())

    def content(self, lines):
        return b"".join(iter(lines.readline, b".\r\n"))

    def stop(self):
        self.done.set()
        self.socket.close()
        self.thread.join(5)


@pytest.fixture
def script(settings):
    """Start a scripted server and send to it."""
    servers = []

    def start(*answers):
        servers.append(Script(*answers))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", servers[-1].port, 0.5
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.mark.django_db
def test_a_notice_arrives_with_an_identity_that_stays_the_same(smtp_server):
    person = make_person("Layla Hasan")
    notice = deliver(page(person).pk, now=NOW + MINUTE)

    (mail,) = smtp_server.messages
    assert (notice.state, notice.sent_at) == ("sent", NOW + MINUTE)
    assert (mail["X-RcptTo"], mail["Subject"]) == (person.email, "A claim broke at 01:40")
    assert mail["Message-ID"] == f"<notice-{notice.uuid}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Nobody is at the desk." in mail.get_content()


@pytest.mark.django_db
def test_a_delivered_notice_is_not_delivered_again(smtp_server):
    notice = page()

    assert [deliver(notice.pk, now=NOW) is None for _try in range(3)] == [False, True, True]
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db
def test_one_event_makes_one_notice(smtp_server):
    person = make_person()

    assert page(person) == page(person)
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_arabic_words_arrive_whole(smtp_server):
    notice = page(subject="ادعاء جديد: الموصل", body="سقطت المدينة؟")
    deliver(notice.pk, now=NOW)

    (mail,) = smtp_server.messages
    assert mail["Subject"] == "ادعاء جديد: الموصل"
    assert mail.get_content().strip() == "سقطت المدينة؟"


@pytest.mark.django_db
def test_a_subject_cannot_smuggle_in_a_header(smtp_server):
    deliver(page(subject="Claim\r\nBcc: everybody@example.org").pk, now=NOW)

    (mail,) = smtp_server.messages
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Claim Bcc: everybody@example.org"


@pytest.mark.django_db
def test_a_server_that_asks_to_come_back_later_is_asked_again(smtp_server):
    notice = page()
    smtp_server.refuse_with("451 4.3.0 come back later")
    postponed = deliver(notice.pk, now=NOW)
    smtp_server.refuse_with(None)

    assert (postponed.state, postponed.next_try_at) == ("pending", NOW + timedelta(seconds=15))
    assert "451" in postponed.last_error
    assert deliver(notice.pk, now=NOW) is None, "not before its time"
    assert deliver(notice.pk, now=NOW + MINUTE).state == "sent"


@pytest.mark.django_db
def test_a_refusal_for_good_is_not_tried_again(smtp_server):
    smtp_server.refuse_with("550 5.1.1 no such person")

    notice = deliver(page().pk, now=NOW)

    assert (notice.state, notice.next_try_at) == ("failed", None)
    assert notice.last_error == "the mail server said 550 5.1.1 no such person"


@pytest.mark.django_db
def test_a_server_that_is_not_there_means_certainly_not_sent(settings):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    notice = deliver(page().pk, now=NOW)

    assert (notice.state, notice.next_try_at) == ("pending", NOW + timedelta(seconds=15))
    assert "refused" in notice.last_error


GREETING = ("220 here", "250 hello")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "state", "said"),
    [
        ((None,), "pending", "cannot be used"),
        (("421 too busy",), "pending", "cannot be used"),
        ((*GREETING, "451 greylisted"), "pending", "451 greylisted"),
        ((*GREETING, "250 ok", "550 no such person"), "failed", "550 no such person"),
        ((*GREETING, "250 ok", ""), "pending", "went away"),
        ((*GREETING, "250 ok", None), "pending", "went away"),
        ((*GREETING, "250 ok", "250 ok", "554 not now"), "failed", "554 not now"),
        ((*GREETING, "250 ok", "250 ok", "354 go", "452 disk full"), "pending", "452 disk full"),
    ],
)
def test_how_far_a_failed_try_came_decides_what_follows(script, answers, state, said):
    script(*answers)

    notice = deliver(page().pk, now=NOW)

    assert notice.state == state
    assert said in notice.last_error


@pytest.mark.django_db
@pytest.mark.parametrize("silence", [None, ""])
def test_silence_after_the_mail_was_handed_over_is_unknown_and_paged_again(script, silence):
    notice = page()
    script(*GREETING, "250 ok", "250 ok", "354 go", silence)
    first = deliver(notice.pk, now=NOW)
    server = script(*GREETING, "250 ok", "250 ok", "354 go", "250 taken", "221 bye")
    second = deliver(notice.pk, now=NOW + MINUTE)

    assert "went silent while it took the mail" in first.last_error
    assert (first.state, second.state) == ("pending", "sent")
    assert b"Nobody is at the desk.\r\nhttp" in server.heard[4]
    assert b"\n" not in server.heard[4].replace(b"\r\n", b""), "strict servers refuse a bare line feed"


@pytest.mark.django_db
def test_after_three_unknown_ends_a_notice_is_uncertain(script):
    notice = page()
    for tries in (1, 2, 3):
        Notice.objects.update(attempts=tries)
        script(*GREETING, "250 ok", "250 ok", "354 go", "")
        deliver(notice.pk, now=NOW + tries * 10 * MINUTE)

    assert Notice.objects.get().state == "uncertain"


@pytest.mark.django_db
def test_a_person_without_an_address_is_not_waited_for():
    person = make_person("Tom Baker", email="")
    person.contact_points.all().delete()

    notice = page(person)

    assert notice.state == NoticeState.FAILED
    assert notice.last_error == "Tom Baker has no e-mail address: an administrator can add one."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "kept_by"), [("state = 'lost'", "notice_state_known"), ("state = 'sent'", "notice_sent_has_a_time")]
)
def test_the_database_refuses_a_notice_that_makes_no_sense(change, kept_by):
    page()

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notices_notice SET {change}")


@pytest.mark.django_db(transaction=True)
def test_two_hands_with_the_same_message_send_one_mail(smtp_server):
    notice, start = page(), threading.Barrier(2)

    def hand():
        start.wait()
        deliver(notice.pk, now=NOW)
        connection.close()

    threads = [threading.Thread(target=hand) for _hand in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_what_gave_rise_to_a_notice_and_did_not_happen_sends_nothing(smtp_server):
    def change_of_mind():
        page()
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        change_of_mind()

    assert not Notice.objects.exists()
