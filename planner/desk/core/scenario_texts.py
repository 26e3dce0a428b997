"""The words of the demonstration. Written by us; simulated; no real message is quoted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Storyline:
    """A narrative of the scenario: what they say in two languages, what we answer, and how grave it is."""

    name: str
    summary: str
    severity: str
    said: tuple[tuple[str, str], ...]  # (language, text)
    answer_en: str
    answer_ar: str
    hashtag: str
    rating: str
    claim_en: str  # what they claim, in our words
    claim_ar: str


ORGANISATION = "Riverland press office (simulated)"

STORYLINES: tuple[Storyline, ...] = (
    Storyline(
        "The bridges have fallen",
        "Says that the river bridges are lost and nobody can leave the city.",
        "critical",
        (
            ("en", "BREAKING the northern bridge is ours, the garrison left without a shot"),
            ("ar", "عاجل: سقط الجسر الشمالي والحامية انسحبت دون قتال"),
            ("en", "All five bridges are closed, the city is cut in two"),
            ("ar", "أغلقت الجسور الخمسة والمدينة مقطوعة إلى نصفين"),
        ),
        "All five bridges are open. Traffic cameras show them live on our site. The Interior Ministry spoke at {time}; "
        "next update in two hours.",
        "الجسور الخمسة مفتوحة، ويمكن مشاهدتها مباشرة على موقعنا. تحدثت وزارة الداخلية الساعة {time}، والتحديث التالي بعد ساعتين.",
        "bridges",
        "false",
        "That the river bridges of the city are lost or closed.",
        "أن جسور المدينة سقطت أو أغلقت.",
    ),
    Storyline(
        "The army has fled",
        "Says that units abandoned their posts; aims at soldiers and their families.",
        "high",
        (
            ("en", "Officers have taken off their uniforms, barracks at the airport are empty"),
            ("ar", "الضباط خلعوا بزاتهم وثكنات المطار فارغة"),
            ("en", "Third brigade refuses orders, commanders gone since noon"),
        ),
        "The third brigade is at its posts. Its commander spoke to reporters at the airport at {time}. "
        "Families can call the line on our site.",
        "اللواء الثالث في مواقعه، وقد تحدث قائده إلى الصحفيين في المطار الساعة {time}. يمكن للعائلات الاتصال بالخط المنشور على موقعنا.",
        "brigade",
        "false",
        "That soldiers of the third brigade have left their posts.",
        "أن جنود اللواء الثالث تركوا مواقعهم.",
    ),
    Storyline(
        "Bread and fuel run out",
        "Says that stores are empty, to start queues and panic buying.",
        "medium",
        (
            ("en", "Depots are empty, petrol ends tomorrow at six"),
            ("ar", "المستودعات فارغة والوقود ينتهي غدا في السادسة"),
            ("en", "Bakeries were told to close from tonight"),
        ),
        "Depots hold fuel for 24 days. Bakeries open as usual. Figures by district are on our site, updated at {time}.",
        "المستودعات فيها وقود يكفي 24 يوما، والمخابز تعمل كالمعتاد. الأرقام حسب المناطق على موقعنا، حدثت الساعة {time}.",
        "bread",
        "misleading",
        "That fuel and bread are about to run out.",
        "أن الوقود والخبز على وشك النفاد.",
    ),
    Storyline(
        "The water is poisoned",
        "Says that the waterworks were tampered with.",
        "high",
        (
            ("en", "Do not drink: the eastern waterworks were hit, hospitals are full"),
            ("ar", "لا تشربوا الماء: محطة الشرق ضربت والمستشفيات ممتلئة"),
        ),
        "The water is safe. Hourly tests from all four works are on our site; the last was at {time}. "
        "Hospitals report an ordinary night.",
        "الماء آمن. نتائج الفحص كل ساعة من المحطات الأربع على موقعنا، وآخرها الساعة {time}. المستشفيات تسجل ليلة عادية.",
        "water",
        "false",
        "That drinking water in the city is not safe.",
        "أن ماء الشرب في المدينة غير آمن.",
    ),
)

CHATTER: tuple[str, ...] = (
    "Our men are patient, the morning is near",
    "Listen to the new recording, share it with your brothers",
    "They will not tell you this on television",
    "Pictures from the northern road, see for yourselves",
    "Who is still at the checkpoint tonight?",
    "Count the lights that went out in the governor's house",
    "A new song for the victory, link below",
    "Ask your officers where their families are",
)

ADVERSARY_ACCOUNTS = (
    "north_dispatch", "river_voice", "dawn_reports", "city_of_truth", "the_eighth_gate", "lions_of_the_ford",
    "plain_news_24", "morning_is_near", "harbour_watch", "free_quarter", "mid_night_wire", "the_last_bulletin",
)  # fmt: skip
AMPLIFIERS = ("copycat_01", "copycat_02", "copycat_03", "copycat_04", "copycat_05", "copycat_06")
MEDIA = ("Evening Standard-Bearer (simulated)", "Radio Delta (simulated)", "Gulf Ledger (simulated)")


@dataclass(frozen=True)
class Member:
    """One invented person of the demonstration's team."""

    username: str
    first: str
    last: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]


TEAM: tuple[Member, ...] = (
    Member("layla", "Layla", "Haddad", ("analyst",), ("ar", "en")),
    Member("omar", "Omar", "Aziz", ("analyst", "officer"), ("ar", "en")),
    Member("sara", "Sara", "Khalil", ("officer",), ("ar", "en")),
    Member("yusuf", "Yusuf", "Naji", ("officer",), ("ar",)),
    Member("hana", "Hana", "Salim", ("approver",), ("ar", "en")),
    Member("karim", "Karim", "Jabbar", ("approver",), ("ar", "en")),
    Member("nour", "Nour", "Rashid", ("duty", "officer"), ("ar", "en")),
    Member("tariq", "Tariq", "Faris", ("duty", "analyst"), ("ar", "en")),
    Member("mina", "Mina", "Boutros", ("manager",), ("ar", "en")),
    Member("adam", "Adam", "Reed", ("auditor",), ("en",)),
    Member("zaid", "Zaid", "Younis", ("administrator",), ("ar", "en")),
)
