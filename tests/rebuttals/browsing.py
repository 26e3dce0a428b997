"""What people do on the pages of rebuttals."""

from django.urls import reverse

VERDICT = {"rating": "false", "claim_words": "That the dam gave way."}


def write(client, claim, text, base_version=0, **button):
    words = {"language": "en", "channel_kind": "", "text": text, "base_version": base_version, **VERDICT, **button}
    return client.post(reverse("rebuttals:edit", args=[claim.uuid]), words, follow=True)


def decide(client, draft, act, **words):
    return client.post(reverse("rebuttals:review", args=[draft.uuid]), {"act": act, **words}, follow=True)


def text_of(response):
    return response.content.decode()


# writing --------------------------------------------------------------------------------------------------------------
