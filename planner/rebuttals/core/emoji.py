"""What X takes for one emoji: sequences of several code points that it counts as two characters.

One pattern in the syntax that Python's `regex` and JavaScript (flag u) share: the editor counts with the same one. The
sequences are those of Unicode's Emoji 14, the last list that Twitter published (twemoji 14), as the rules behind its
tables; what joins otherwise counts part by part, which is the larger number. A browser's own list is the oracle of
tests/rebuttals/test_counting.py.
"""

JOINER, SHOWN = "\u200d", "\ufe0f"  # zero width joiner; "as a picture, please"
TONES = "🏻🏼🏽🏾🏿"
TONE = f"[{TONES}]"

_GROWN = "[👨👩🧑]"
_WORK = f"(?:[⚕⚖✈]{SHOWN}|[🌾🍳🍼🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯🦼🦽🦰🦱🦲🦳])"
_WHO = "[👮👰👱👳👷💁💂💆💇🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🏃🏄🏊🤦🤵🤷🤸🤹🤽🤾🦸🦹🧍🧎🧏🧔🧖🧗🧘🧙🧚🧛🧜🧝]"
_PLAIN = "[👯🤼🧞🧟]"  # they have no tones
_OLD = "[⛹🏋🏌🕵]"  # text by default: with a tone, or asked for as a picture
_SEX = f"[♀♂]{SHOWN}"
_HEART = f"{JOINER}❤{SHOWN}{JOINER}(?:💋{JOINER})?"
_HANDS = f"{JOINER}🤝{JOINER}"
_PARENTS = f"(?:👨{JOINER}[👨👩]{JOINER}|👩{JOINER}👩{JOINER}|[👨👩]{JOINER})"
_CHILDREN = f"(?:👧{JOINER}[👦👧]|👦{JOINER}👦|[👦👧])"
# The eye in a speech bubble is not here: X counts its parts.
_THINGS = (
    *(f"❤{SHOWN}{JOINER}[🔥🩹]", f"🏳{SHOWN}{JOINER}(?:🌈|⚧{SHOWN})", f"🏴{JOINER}☠{SHOWN}", f"🐈{JOINER}⬛"),
    *(f"🐕{JOINER}🦺", f"🐻{JOINER}❄{SHOWN}", f"😮{JOINER}💨", f"😵{JOINER}💫", f"😶{JOINER}🌫{SHOWN}"),
)
# Two people of two tones; of one tone, or of none, they have a code point of their own.
_TWO_TONES = tuple(
    f"(?:🧑{tone}{_HEART}🧑|👨{tone}{_HANDS}👨|👩{tone}{_HANDS}[👨👩]|🫱{tone}{JOINER}🫲)[{TONES.replace(tone, '')}]"
    for tone in TONES
)
# Regions with a flag, by first letter.
_FLAGS = (
    *("ACDEFGILMOQRSTUWXZ", "BABDEFGHIJLMNOQRSTVWYZ", "CACDFGHIKLMNOPRUVWXYZ", "DEGJKMOZ", "EACEGHRSTU", "FIJKMOR"),
    *("GABDEFGHILMNPQRSTUWY", "HKMNRTU", "ICDELMNOQRST", "JEMOP", "KEGHIMNPRWYZ", "LABCIKRSTUVY"),
    *("MACDEFGHKLMNOPQRSTUVWXYZ", "NACEFGILOPRUZ", "OM", "PAEFGHKLMNRSTWY", "QA", "REOSUW"),
    *("SABCDEGHIJKLMNORSTVXYZ", "TACDFGHJKLMNORTVWZ", "UAGMNSYZ", "VACEGINU", "WFS", "XK", "YET", "ZAMW"),
)
_PARTS_OF_BRITAIN = ("gbeng", "gbsct", "gbwls")
# Pictures anyway; X still takes the asking for a picture behind these few into the emoji.
_ASKED_TWICE = "[⌚⌛☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽⬛⬜⭐⭕❗🀄🈚🈯]"


def _flag(letters: str) -> str:
    first, *second = (chr(ord(letter) - ord("A") + 0x1F1E6) for letter in letters)
    return f"{first}[{''.join(second)}]"


def _tagged(code: str) -> str:
    return "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in code) + chr(0xE007F)


JOINED = "|".join(
    (
        *_TWO_TONES,
        *(f"👩{_HEART}[👨👩]", f"👨{_HEART}👨", f"👩{TONE}{_HEART}[👨👩]{TONE}", f"👨{TONE}{_HEART}👨{TONE}"),
        *(f"🧑{_HANDS}🧑", f"🧑{TONE}{_HANDS}🧑{TONE}"),
        *(f"{_PARENTS}{_CHILDREN}", f"{_GROWN}{TONE}?{JOINER}{_WORK}", f"🧑{TONE}?{JOINER}🎄"),
        *(f"{_WHO}{TONE}?{JOINER}{_SEX}", f"{_PLAIN}{JOINER}{_SEX}", f"{_OLD}[{SHOWN}{TONES}]{JOINER}{_SEX}"),
        *_THINGS,
    )
)
FLAGS = "|".join((*map(_flag, _FLAGS), *map(_tagged, _PARTS_OF_BRITAIN)))
SINGLE = "|".join(
    (
        rf"[0-9#*]{SHOWN}?\u20E3",
        rf"\p{{Emoji_Modifier_Base}}{SHOWN}?{TONE}",
        f"{_ASKED_TWICE}{SHOWN}",
        r"\p{Emoji_Presentation}",
        rf"\p{{Extended_Pictographic}}{SHOWN}",
    )
)
EMOJI = f"{JOINED}|{FLAGS}|{SINGLE}"
