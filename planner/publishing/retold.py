"""What a channel, or the last moment, said: kept in English in the record, told in the reader's language.

An outcome is written down by a hand, which has no reader; so the words are recognised again when they are shown.
`tests/publishing/test_retold.py` reads the adapters and finds every sentence that stands in no template here.
"""

import re
from functools import cache

from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_noop as _

DEEPEST = 4  # "Not handed over. The channel was asked and did not answer: no connection (…)"
TEMPLATES = (
    # an entry of the register that cannot work
    _("The address must be a full URL, such as https://www.example.org/hooks/planner."),
    _("The address must not contain a password: put it in the secret."),
    _("The secret must have at least 16 characters; the receiver uses the same one to check the signature."),
    _("The address must be a full URL under which readers find the feed."),
    _("The server must be a name and a port, such as smtp.example.org:587."),
    _("Passwords and letters go over TLS: choose STARTTLS or TLS."),
    _("The sender must be an address, such as press@example.org."),
    _("Not an address: %(address)s"),
    _("The press list is empty: one address a line."),
    _("%(count)s addresses are too many for one letter; %(most)s fit."),
    _("The server must be a plain address, such as %(example)s."),
    _("The server must be a full address, such as %(example)s."),
    _("The access token is missing: make one on the server under Preferences, Development."),
    _("The handle must be a full one, such as press.example.org."),
    _("The app password is missing: make one in Bluesky under Settings, Privacy and security."),
    _("The channel must be its public name, such as @ministry_example, or its number."),
    _("This is not a bot's token: @BotFather gives one that looks like 123456789:AAE…"),
    _("Missing: %(names)s. All four stand in X's developer portal under Keys and tokens."),
    _(
        "No key opens the secret of this channel: put the key it was sealed with into PLANNER_SEAL_KEYS, or enter the "
        "secret again."
    ),
    _("PLANNER_SEAL_KEYS must hold Fernet keys: 32 bytes, url-safe base64."),
    # a rehearsal
    _("It cannot be asked; its address and secret look right."),
    _("It was asked and answers."),
    _("It is a page of our own."),
    _("It answers as @%(account)s."),
    _("%(server)s lets us in; %(people)s on the list."),
    _("The token belongs to @%(account)s, not to @%(wanted)s."),
    _("The keys belong to @%(account)s, not to @%(wanted)s."),
    _("The keys of @%(account)s may only read: set the app to read and write, make them anew."),
    _("The account @%(account)s is not active: %(status)s."),
    _("@%(bot)s may post in %(chat)s."),
    _("@%(bot)s may not post in %(chat)s: make it an administrator that may post messages."),
    _("The answer is not that of a Mastodon server: %(error)s"),
    _("%(said)s. Make a new app password and enter it here."),
    _("%(said)s. Make a new access token and enter it here."),
    _("%(said)s. Make the keys anew and enter them here."),
    _("%(said)s. Is the token right, and the bot an administrator of %(chat)s?"),
    # what became of a post
    _("The part of the thread before it is gone from the channel."),
    _("The text has %(used)s %(unit)s; %(most)s fit."),
    _("The text has %(used)s characters as Telegram counts them; %(most)s fit."),
    _("The address cannot be used: %(error)s"),
    _("No connection: %(error)s"),
    _("The request left, and no whole answer came: %(error)s"),
    _("The channel answered %(answer)s"),
    _("%(said)s: the address has moved to %(address)s"),
    _("It was not handed over yet. %(said)s"),
    _("X says that these words stand there already. %(said)s"),
    _("The mail server was asked: %(answer)s"),
    _("The mail server refused: %(answer)s"),
    _("The mail server did not let us in: %(answer)s"),
    _("The mail server answered %(answer)s"),
    _("The letter was not handed over: %(answer)s"),
    _("The letter left, and no answer came: %(answer)s"),
    _("%(said)s. Not taken for: %(addresses)s"),
    _("all recipients: %(addresses)s"),
    _("the server is too slow, or the list too long for it"),
    _("Our own feed shows it."),
    _("%(channel)s does not take these pictures any more."),
    _("The server still works on a picture: nothing was posted."),
    _("The server answered with another picture than it was given: nothing was posted."),
    _("X took a picture and did not say which: %(error)s"),
    _("no connection in time"),
    _("no connection"),
    _("no answer in time"),
    _("no answer"),
    _("the connection was cut, or the answer was not HTTP"),
    _("the connection was cut"),
    _("nothing was asked"),
    _("No time was left"),
    _("%(said)s (%(error)s)"),
    # asked afterwards
    _("This channel cannot be asked whether it has a post."),
    _("A mail server cannot be asked whether it has a letter."),
    _("Telegram cannot be asked whether it has a post."),
    _("The channel was asked and has it."),
    _("The channel was asked and says that it does not have it."),
    _("The channel was asked and did not answer: %(error)s"),
    _("The channel was asked and answered %(answer)s"),
    _("The account has it among its latest statuses."),
    _("The account has it among its latest posts."),
    _("None of the account's latest %(count)s statuses says these words."),
    _("None of the account's latest posts says these words."),
    _("The record stands at the post's key."),
    _("Another text stands at the post's record key."),
    _("Nothing stands at the post's record key."),
    # stopped at the last moment
    _("Its approval was withdrawn, or the words were edited."),
    _("Its approval was withdrawn, or the words were edited. %(why)s"),
    _("Its claim was taken back by its source, or declined."),
    _("Its claim was taken back by its source, or declined. %(why)s"),
    _("Its channel was held when its moment came."),
    _("Its channel was held when its moment came. %(why)s"),
    _("The person who approved it may no longer approve."),
    _("Its channel was taken off the register."),
    _("Its last moment passed while the channel was held."),
    _("Its last moment passed while the channel could not take it."),
    _("It was late, nobody decided to send it all the same, and its last moment passed."),
    _("Its last moment passed and nothing had handed it over: the clock or the hands did not run."),
    _("The part of the thread before it did not come out: the rest is not sent."),
    _("The part of the thread before it is public, but its address is not known: the rest is not sent."),
    _("A person stopped it."),
    _("It was late, and a person decided not to send it any more."),
)
FIRST_STRONG, POP = "\u2068", "\u2069"  # isolates: a server's English does not turn an Arabic sentence around


def retold(text: str) -> str:
    """The sentence in the language that is active; what no template knows (a server's own words) stays as it is."""
    return _told(" ".join(text.split()), DEEPEST)


def template_of(text: str) -> str:
    """The template that a sentence is made of, in English; "" when none is known."""
    return next((template for pattern, template in _patterns() if pattern.fullmatch(text)), "")


def _told(text: str, depth: int) -> str:
    for pattern, template in _patterns() if depth else ():
        if found := pattern.fullmatch(text):
            return gettext(template) % {name: _told(part, depth - 1) for name, part in found.groupdict().items()}
    return f"{FIRST_STRONG}{text}{POP}" if depth < DEEPEST and get_language_bidi() else text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The most particular first: "no connection in time" before "no connection"."""
    particular = sorted(TEMPLATES, key=lambda template: -len(re.sub(r"%\(\w+\)s", "", template)))
    return [(_pattern(template), template) for template in particular]


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", template)
    made = [f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)
