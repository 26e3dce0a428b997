"""Claims that look like one another are found by their trigrams."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_initial")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="claim",
            index=GinIndex(fields=["text"], name="claim_text_trigrams", opclasses=["gin_trgm_ops"]),
        ),
    ]
