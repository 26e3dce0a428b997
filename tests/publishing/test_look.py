"""In a real browser: the feed that strangers read, a channel whose rehearsal failed; on a phone, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from planner.publishing import services
from planner.publishing.models import Post, Rehearsal
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_person, make_post

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> list[str]:
    """A feed with an English and an Arabic text, and the forms of a channel that cannot publish."""
    feed = make_channel("https://www.example.org/posts/feeds/x", kind="feed", name="Our feed")
    for text, language in (("The city stands.\n\nEngineers saw it.", "en"), ("المدينة صامدة.", "ar")):
        post = make_post(make_approval(make_draft(text=text, language=language)), channel=feed)
        Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NIGHT)
        services.publish(post.pk, now=NIGHT)
    broken = make_channel("https://mastodon.example.org", kind="mastodon", name="Mastodon", options={"handle": "press"})
    said = "The channel was asked and answered 401: the access token is invalid."
    Rehearsal.objects.create(channel=broken, checked_at=NIGHT, works=False, said=said)
    waiting = make_post(channel=broken)
    pages = [reverse("publishing:feed", args=[feed.uuid]), reverse("publishing:feed_item", args=[feed.uuid, post.uuid])]
    pages += [reverse("publishing:channel", args=[broken.uuid]), reverse("publishing:post", args=[waiting.uuid])]
    return [*pages, reverse("publishing:channels"), reverse("publishing:new_channel") + "?kind=x"]


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (360, "dark", "ar")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(client, page, live_server, width, scheme, language):
    addresses = everything()
    client.force_login(make_person(roles=["administrator"]))
    cookies = [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for number, address in enumerate(addresses):
        if number == 2:  # the feed's own pages are a stranger's
            page.context.add_cookies(cookies)
        page.goto(live_server.url + address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
