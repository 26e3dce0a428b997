"""The words by which the linter recognises a warning, a reason or a promise, in the languages that it reads.

Stems, matched at the start of a word; Arabic ones anywhere in it, after a prefix such as و or ال, too. Lists of ours,
kept short: a missed word costs a suggestion that can be overridden, a wrong one hides a suggestion.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Markers:
    """What announces that a claim is false, what explains why, what promises the next word."""

    warning: tuple[str, ...]
    reason: tuple[str, ...]
    next_update: tuple[str, ...]


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem.strip() for stem in text.split(","))


ENGLISH = Markers(
    warning=_stems(
        "false, untrue, not true, mislead, fabricat, fake, hoax, rumour, rumor, disinformation, incorrect, wrong, "
        "manipulat, doctored, no truth, baseless, unfounded, invented, staged"
    ),
    reason=_stems(
        "because, since the, in fact, in reality, actually, was taken in, was filmed, dates from, is from, was from, "
        "originally, out of context, shows instead, evidence, records show, confirmed by"
    ),
    next_update=_stems(
        "next update, update at, updates at, will update, next statement, further information, more information at, "
        "next briefing, briefing at, we will report"
    ),
)
ARABIC = Markers(
    warning=_stems(
        "كاذب, كذب, غير صحيح, لا صحة, مضلل, تضليل, شائع, إشاع, اشاع, مفبرك, ملفق, مزيف, زائف, عار عن الصحة, غير دقيق, "
        "مزعوم, باطل"
    ),
    reason=_stems(
        "لأن, لان, في الواقع, في الحقيقة, الحقيقة, التقط, صور في, يعود إلى, تعود إلى, خارج سياق, من سياق, تؤكد, أكد, "
        "الدليل, بدليل, حيث إن"
    ),
    next_update=_stems(
        "التحديث التالي, التحديث القادم, تحديث عند, البيان التالي, البيان القادم, سنوافيكم, سنعلن, الإحاطة التالية, "
        "الإحاطة القادمة, مزيد من المعلومات, تابعونا"
    ),
)
MARKERS = {"en": ENGLISH, "ar": ARABIC}
