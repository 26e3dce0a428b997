"""django-celery-beat: a clocked schedule a moment and a one-off task a post, as its documentation says."""

import json
import sys
from datetime import UTC, datetime

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from django_celery_beat.models import ClockedSchedule, PeriodicTask, PeriodicTasks

    call_command("migrate", verbosity=0)
    PeriodicTask.objects.all().delete()
    posts = json.load(sys.stdin)
    moments = {due: ClockedSchedule(clocked_time=datetime.fromtimestamp(due, UTC)) for _key, due in posts}
    ClockedSchedule.objects.bulk_create(moments.values())
    PeriodicTask.objects.bulk_create(
        PeriodicTask(name=key, task="bench.post", clocked=moments[due], one_off=True, args=json.dumps([key]))
        for key, due in posts
    )
    PeriodicTasks.update_changed()
