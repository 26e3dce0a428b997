"""Pictures on channels of our own: the press list's letter, the signed webhook, the public feed and its pictures."""

import base64
import hashlib
import hmac
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from planner.publishing import services
from planner.publishing.adapters import mail, webhook
from planner.publishing.core.outcome import Sent, Unknown
from planner.publishing.core.parcel import Address
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from planner.rebuttals.core.words import Shown
from tests.doubles.mailserver import PASSWORD, USER, PressMailServer
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_picture, make_post
from tests.publishing.platforms import TEXT, a_picture, parcel

ALT = 'The dam, whole. "Safe" <b>السد سليم</b>'
PICTURES = (a_picture("teal", ALT), a_picture("red", "A red flag."))
MEDIA = "{http://search.yahoo.com/mrss/}"


# the letter -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def mail_server(tmp_path, monkeypatch):
    running = PressMailServer(tmp_path).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))
    yield running
    running.stop()


def mail_address(server) -> Address:
    options = {"user": USER, "security": "starttls", "sender": f"Press <{USER}>", "recipients": ["desk@news.example"]}
    return Address(url=f"127.0.0.1:{server.port}", secret=PASSWORD.encode(), options=options)


def test_a_letter_holds_its_pictures_and_says_in_both_parts_what_they_show(mail_server):
    assert isinstance(mail.send(parcel(pictures=PICTURES), mail_address(mail_server)), Sent)
    [(_sender, _readers, letter)] = mail_server.letters
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain.get_content().replace("\r\n", "\n").startswith(f"{TEXT}\n\n[{ALT}]\n\n[A red flag.]\n\n-- \n")
    shown = page.get_content()
    assert 'alt="The dam, whole. &quot;Safe&quot; &lt;b&gt;السد سليم&lt;/b&gt;"' in shown
    assert "http" not in shown.replace("https://example.org/facts?a=1", "")
    inside = [part for part in letter.walk() if part.get_content_maintype() == "image"]
    assert [part.get_content() for part in inside] == [one.content for one in PICTURES]
    for part in inside:
        assert f'src="cid:{part["Content-ID"].strip("<>")}"' in shown
        assert part.get_content_disposition() == "inline"


def test_a_second_try_is_the_same_letter_with_pictures_too(mail_server):
    for _ in range(2):
        mail.send(parcel(pictures=PICTURES), mail_address(mail_server))
    first, second = (bytes(letter) for _sender, _readers, letter in mail_server.letters)
    assert first == second


def test_a_letter_with_pictures_whose_answer_is_lost_is_unknown(mail_server):
    mail_server.cut_after_data = True
    assert isinstance(mail.send(parcel(pictures=PICTURES), mail_address(mail_server)), Unknown)


# the webhook ----------------------------------------------------------------------------------------------------------
def test_a_website_gets_the_pictures_inside_the_signature(webhook_server):
    secret = b"a secret only the two of us know"
    sent = parcel(pictures=PICTURES)
    assert isinstance(webhook.send(sent, Address(webhook_server.url, secret)), Sent)
    [post] = webhook_server.posts
    got = post.json()["pictures"]
    assert [base64.b64decode(one.pop("content")) for one in got] == [one.content for one in PICTURES]
    facts = {"media_type": "image/png", "width": 64, "height": 48}
    assert got == [{**facts, "alt": one.alt, "sha256": hashlib.sha256(one.content).hexdigest()} for one in PICTURES]
    signed = post.headers["x-planner-timestamp"].encode() + b"." + post.body
    assert post.headers["x-planner-signature"] == "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def test_a_website_is_told_of_no_pictures_where_there_are_none(webhook_server):
    webhook.send(parcel(), Address(webhook_server.url, b"a secret only the two of us know"))
    assert "pictures" not in webhook_server.posts[0].json()


# the feed -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def feed(db) -> Channel:
    made = make_channel(kind="feed", name="Our feed", attribution="Ministry of Examples")
    made.address = "https://www.example.org" + reverse("publishing:feed", args=[made.uuid]).rstrip("/")
    made.save()
    return made


@pytest.fixture
def shown(db) -> list[Shown]:
    return [Shown(make_picture("teal").sha256, ALT), Shown(make_picture("red").sha256, "A red flag.")]


def publish(channel, shown, *, is_sent=True) -> Post:
    post = make_post(make_approval(make_draft(pictures=shown)), channel=channel)
    if is_sent:
        Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NIGHT)
        assert services.publish(post.pk, now=NIGHT) is PostState.PUBLISHED
    return post


def public(one: Shown, suffix="png") -> str:
    return reverse("publishing:public_picture", args=[one.sha256, suffix])


def test_the_feed_shows_the_pictures_with_their_alt_texts_everywhere(client, feed, shown, settings):
    settings.PLANNER_PUBLIC_URL = "https://www.example.org"
    post = publish(feed, shown)
    for name, args in (("feed", [feed.uuid]), ("feed_item", [feed.uuid, post.uuid]), ("answer", [post.claim.uuid])):
        page = client.get(reverse(f"publishing:{name}", args=args)).content.decode()
        assert f'src="{public(shown[0])}" alt="The dam, whole. &quot;Safe&quot; &lt;b&gt;السد سليم&lt;/b&gt;"' in page
    rss = ElementTree.fromstring(client.get(reverse("publishing:feed_rss", args=[feed.uuid])).content)
    [item] = rss.iter("item")
    here = "https://www.example.org" + public(shown[0])
    enclosure = item.find("enclosure")
    assert (enclosure.get("url"), enclosure.get("type")) == (here, "image/png")
    assert int(enclosure.get("length")) == len(bytes(make_picture("teal").content))
    assert [one.findtext(f"{MEDIA}description") for one in item.iter(f"{MEDIA}content")] == [ALT, "A red flag."]
    [entry] = client.get(reverse("publishing:feed_json", args=[feed.uuid])).json()["items"]
    assert entry["image"] == here
    assert [(one["title"], one["mime_type"]) for one in entry["attachments"]] == [
        (ALT, "image/png"),
        ("A red flag.", "image/png"),
    ]


def test_a_picture_is_public_once_words_with_it_are_and_not_before(client, feed, shown):
    publish(feed, shown[:1], is_sent=False)
    assert client.get(public(shown[0])).status_code == 404
    publish(feed, shown[1:])
    assert [client.get(public(one)).status_code for one in shown] == [404, 200]
    answer = client.get(public(shown[1]))
    assert answer.content == bytes(make_picture("red").content)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "public" in answer["Cache-Control"]
    assert client.get(public(shown[1], "jpg")).status_code == 404
    assert client.get(public(Shown("x' OR 1=1", ""))).status_code == 404
