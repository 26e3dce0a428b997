"""The language of a text is a tag as RFC 5646 writes it. Drafts never change, so only new ones are held to it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

WRITTEN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$"


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0011_links")]

    operations = [
        AddConstraintNotValid(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__regex", WRITTEN)), name="draft_language_is_a_tag"
            ),
        ),
    ]
