"""{{ post.reason|retold }}: what a channel said, in the reader's language."""

from django import template

from planner.publishing.retold import retold

register = template.Library()
register.filter("retold", retold)
