"""The press list against a real SMTP server with STARTTLS and AUTH: letters, refusals, and answers that get lost."""

import logging

import pytest

from planner.notices.models import Notice
from planner.publishing import services
from planner.publishing.adapters import mail
from planner.publishing.adapters.seal import seal
from planner.publishing.core.letter import is_address, subject
from planner.publishing.core.outcome import NotPosted, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from tests.doubles.mailserver import PASSWORD, USER, PressMailServer
from tests.factories import make_channel, make_post
from tests.publishing.platforms import DUE, NOW, TEXT, parcel

LIST = ["desk@news.example.com", "night@radio.example.net"]


@pytest.fixture
def server(tmp_path, monkeypatch):
    running = PressMailServer(tmp_path).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))  # how a house makes its own authority believed
    yield running
    running.stop()


def address_of(server, *, secret=PASSWORD, **options) -> Address:
    words = {"user": USER, "security": "starttls", "sender": f"Press office <{USER}>", "recipients": LIST, **options}
    return Address(url=f"127.0.0.1:{server.port}", secret=secret.encode(), options=words)


def send(server, **options):
    return mail.send(parcel(), address_of(server, **options))


# the letter -----------------------------------------------------------------------------------------------------------
def test_the_list_gets_one_letter_over_tls_and_nobody_sees_the_others(server):
    assert isinstance(send(server), Sent)
    [(sender, recipients, message)] = server.letters
    assert (sender, recipients) == (USER, LIST)
    assert message.get_content().replace("\r\n", "\n").startswith(TEXT)
    assert not any(reader in str(message) for reader in LIST)
    assert message["Message-ID"] == f"<{parcel().key}@example.org>"
    assert message["Date"].datetime == DUE
    assert message["Content-Language"] == "ar"
    assert message["Subject"].startswith("Ministry of Examples: المدينة صامدة.")


def test_a_second_try_is_the_same_letter(server):
    send(server)
    send(server)
    first, second = (bytes(message) for _sender, _readers, message in server.letters)
    assert first == second


def test_a_line_that_is_a_full_stop_arrives(server):
    text = "One\n.\n..two"
    assert isinstance(mail.send(parcel(text), address_of(server)), Sent)
    assert server.letters[0][2].get_content().replace("\r\n", "\n").startswith(text)


def test_a_subject_is_one_line_and_not_too_long():
    said = subject("\n\n  The\tcity " + "stands " * 40 + "\nBcc: me@example.org", "Ministry\r\nX: y")
    assert "\n" not in said
    assert "\r" not in said
    assert len(said) < 130


@pytest.mark.parametrize("wrong", ["", "me", "me@", "@example.org", "a b@example.org", "a@example.org\nBcc: b@c.de"])
def test_what_is_no_address_is_not_taken_for_one(wrong):
    assert not is_address(wrong)


# what it makes of the server ------------------------------------------------------------------------------------------
def test_some_recipients_refused_is_sent_and_says_who(server):
    server.refused[LIST[1]] = "550 No such user here"
    outcome = send(server)
    assert isinstance(outcome, Sent)
    assert outcome.missed == "night@radio.example.net (550 No such user here)"


@pytest.mark.parametrize(("answer", "kind"), [("550 no", RefusedForGood), ("450 greylisted", NotPosted)])
def test_all_recipients_refused_is_for_good_or_for_later(server, answer, kind):
    server.refused = dict.fromkeys(LIST, answer)
    assert isinstance(send(server), kind)
    assert server.letters == []


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
@pytest.mark.parametrize(
    ("answer", "kind"), [("554 no", RefusedForGood), ("451 later", NotPosted), ("421 bye", NotPosted)]
)
def test_the_servers_no_is_for_good_or_for_later(server, command, answer, kind):
    server.answers[command] = answer
    assert isinstance(send(server), kind)
    assert server.letters == []


def test_an_answer_lost_after_the_letter_leaves_it_open(server):
    server.cut_after_data = True
    assert isinstance(send(server), Unknown)
    assert len(server.letters) == 1
    assert isinstance(mail.find(parcel(), address_of(server)), Unknown)


def test_a_time_out_while_the_server_holds_the_letter_leaves_it_open(server, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.5)
    server.hang_after_data = True
    assert isinstance(send(server), Unknown)
    assert len(server.letters) == 1


def test_a_server_too_slow_for_the_list_gets_nothing(server, monkeypatch):
    monkeypatch.setattr(mail, "SECONDS", 0.1)
    server.too_slow = 0.2
    assert isinstance(send(server), NotPosted)
    assert server.letters == []


def test_a_wrong_password_is_refused_for_good_and_never_shown(server, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = "another password entirely"
    said = mail.send(parcel(), address_of(server, secret=wrong))
    assert isinstance(said, RefusedForGood)
    checked = mail.check(address_of(server, secret=wrong), now=NOW)
    assert not checked.works
    assert wrong not in said.detail + checked.said + caplog.text


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    said = send(server)
    assert isinstance(said, NotPosted)
    assert "certificate" in said.detail.lower()


def test_no_server_at_all_posted_nothing():
    nowhere = Address(url="127.0.0.1:9", secret=b"", options={"sender": USER, "recipients": LIST, "security": "none"})
    assert isinstance(mail.send(parcel(), nowhere), NotPosted)
    assert not mail.check(nowhere, now=NOW).works


def test_a_rehearsal_signs_in_and_sends_nothing(server):
    checked = mail.check(address_of(server), now=NOW)
    assert checked.works, checked
    assert server.letters == []


@pytest.mark.parametrize(
    ("url", "options", "words"),
    [
        ("smtp.example.org", {}, "a name and a port"),
        ("smtp.example.org:25", {"security": "none"}, "over TLS"),
        ("smtp.example.org:587", {"sender": "press"}, "sender must be an address"),
        ("smtp.example.org:587", {"recipients": []}, "press list is empty"),
        ("smtp.example.org:587", {"recipients": ["a@b.c", "nobody"]}, "Not an address: nobody"),
        ("smtp.example.org:587", {"recipients": ["a@b.c"] * 501}, "too many"),
    ],
)
def test_what_cannot_work_is_said_when_it_is_registered(url, options, words):
    given = {"sender": USER, "recipients": LIST, **options}
    assert words in mail.faults(Address(url=url, secret=b"x", options=given))


# the whole path -------------------------------------------------------------------------------------------------------
def queued(server) -> Post:
    address = address_of(server)
    channel = make_channel(address.url, kind="mail", options=address.options)
    channel.secret_sealed = seal(PASSWORD)
    channel.save()
    post = make_post(channel=channel)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NOW)
    return post


@pytest.mark.django_db
def test_a_partial_refusal_is_published_and_a_person_is_told_who_has_to_be_told_otherwise(server):
    server.refused[LIST[1]] = "550 No such user here"
    post = queued(server)
    assert services.publish(post.pk, now=NOW) is PostState.PUBLISHED
    notice = Notice.objects.get(key__contains=":partly:")
    assert "night@radio.example.net" in notice.body
    assert Post.objects.get(pk=post.pk).reason == ""


@pytest.mark.django_db
def test_a_letter_whose_answer_was_lost_is_never_sent_again(server):
    server.cut_after_data = True
    post = queued(server)
    assert services.publish(post.pk, now=NOW) is PostState.UNCERTAIN
    server.cut_after_data = False
    services.publish(post.pk, now=NOW)
    services.recover(post.pk, now=NOW)
    assert len(server.letters) == 1


def test_a_server_that_drips_while_it_lets_us_in_costs_no_more_than_the_whole_time(server, monkeypatch):
    monkeypatch.setattr(mail, "SECONDS", 0.0)
    assert isinstance(send(server), NotPosted)
    assert not mail.check(address_of(server), now=NOW).works
    assert server.letters == []


def test_the_posts_own_story_names_whom_the_server_refused(server):
    server.refused[LIST[1]] = "550 No such user here"
    assert "Not taken for: night@radio.example.net" in send(server).detail
