"""Texts that were handed in before deadlines were kept get the one that they would have had: an hour."""

from django.db import migrations

ASKED = """
INSERT INTO rebuttals_reviewrequest (draft_id, asked_by_id, asked_at, due_at)
SELECT id, author_id, submitted_at, submitted_at + interval '1 hour' FROM rebuttals_draft WHERE submitted_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("rebuttals", "0009_review_requests")]

    operations = [migrations.RunSQL(ASKED, migrations.RunSQL.noop)]
