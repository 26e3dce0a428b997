"""Write, clear, withdraw and release words. One function an act; each is one transaction and stamps the journal last.

Every act is asked of the core first, so that the person gets all reasons in their language; the triggers of migrations
0002 and 0003 are the last word for whoever was faster, and their refusal reaches the person as a sentence, too.
"""

from planner.rebuttals.services.asking import recall, submit
from planner.rebuttals.services.drafting import save_draft, start
from planner.rebuttals.services.lines import end_line, release, sign_line
from planner.rebuttals.services.picturing import keep_picture
from planner.rebuttals.services.refusals import NewerVersion, RebuttalRefused, SomeChanged
from planner.rebuttals.services.review import approve, refuse, withdraw
from planner.rebuttals.services.together import approve_together
from planner.rebuttals.services.waiving import waive

__all__ = [
    "NewerVersion",
    "RebuttalRefused",
    "SomeChanged",
    "approve",
    "approve_together",
    "end_line",
    "keep_picture",
    "recall",
    "refuse",
    "release",
    "save_draft",
    "sign_line",
    "start",
    "submit",
    "waive",
    "withdraw",
]
