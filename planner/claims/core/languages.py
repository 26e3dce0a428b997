"""Names of languages as archives write them → the codes that the rest of the house uses (ISO 639-1)."""

from functools import lru_cache

_CODES = {
    "albanian": "sq", "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "bulgarian": "bg", "catalan": "ca",
    "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et",
    "farsi (persian)": "fa", "farsi": "fa", "persian": "fa", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "gujarati": "gu", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is",
    "indonesian": "id", "italian": "it", "japanese": "ja", "kazakh": "kk", "korean": "ko", "kurdish": "ku",
    "latvian": "lv", "lithuanian": "lt", "macedonian": "mk", "malay": "ms", "norwegian": "no", "polish": "pl",
    "portuguese": "pt", "pushto": "ps", "pashto": "ps", "romanian": "ro", "russian": "ru", "serbian": "sr",
    "simplified chinese": "zh", "traditional chinese": "zh", "chinese": "zh", "slovak": "sk", "slovenian": "sl",
    "somali": "so", "spanish": "es", "swedish": "sv", "tagalog (filipino)": "tl", "thai": "th", "turkish": "tr",
    "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi",
}  # fmt: skip


@lru_cache(maxsize=512)
def language_code(name: str) -> str:
    """ "Farsi (Persian)" → "fa"; a short code stays as it is; "" for a language that nobody could name."""
    name = name.strip().lower()
    return _CODES.get(name, name if len(name) <= 3 else "")
