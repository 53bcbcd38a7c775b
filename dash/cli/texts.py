"""The few words that the command line adds to an answer, in the language of the question."""

from __future__ import annotations

_TEXTS = {
    "choices": {"en": "You could ask:", "ru": "Можно спросить:"},
    "follow_ups": {"en": "Ask next:", "ru": "Дальше можно спросить:"},
    "rows_cut": {
        "en": "The first {shown} of {count} rows; --csv and --json give all of them.",
        "ru": "Первые {shown} строк из {count}; --csv и --json дают все.",
    },
    "provenance_vetted": {"en": "vetted", "ru": "проверено"},
    "provenance_composed": {"en": "composed", "ru": "составлено"},
    "provenance_model_written": {"en": "model-written", "ru": "написано моделью"},
}


def text(name: str, language: str) -> str:
    """The words for `name`, in English when the language has none."""
    words = _TEXTS.get(name, {})
    return words.get(language) or words.get("en") or name
