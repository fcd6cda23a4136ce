"""The languages Stripe's payment page speaks.

Their names are written down here: Babel would read the whole data of each language for it, which takes a third of the
time the app needs to start.
"""

from collections.abc import Mapping

LOCALES: Mapping[str, str] = {
    "bg": "Български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "en-GB": "English (United Kingdom)",
    "es": "Español",
    "es-419": "Español (Latinoamérica)",
    "et": "Eesti",
    "fi": "Suomi",
    "fil": "Filipino",
    "fr": "Français",
    "fr-CA": "Français (Canada)",
    "hi-IN": "हिन्दी (भारत)",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "ms": "Melayu",
    "mt": "Malti",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "pt-BR": "Português (Brasil)",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "vi": "Tiếng Việt",
    "zh": "中文 (简体)",
    "zh-HK": "中文 (繁體字, 中國香港特別行政區)",
    "zh-TW": "中文 (繁體, 台灣)",
}
"""Stripe's names of the languages, each with its own name for itself."""
