"""A question as tokens: words, numbers, dates, identifiers, quoted text and the few signs that mean something.

Every token keeps its place in the text, because the product shows which words it took for what. Words are compared by
stem; the stemmer follows the script, so that Russian and English mix freely in one question.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from dash.records import Token

_PATTERN = re.compile(
    r"""
    (?P<quoted>"[^"]+"|“[^”]+”|«[^»]+»|„[^“”]+[“”])       # "refund", «возврат»
  | (?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4})  # 2026-01-31, 31.01.2026
  | (?P<id>(?![\u0590-\u05ff])(?:[^\W\d_]{1,10}-\d{3,}|(?-i:[A-Z]{1,10}-\d\d)))  # T-000123; not top-10, ב-24
  | (?P<time>\d{1,2}:\d{2})                                # 14:30
  | (?P<daymonth>\d{1,2}\.\d{2}(?!\d))                     # 31.01
  | (?P<counted>\d+-?(?:х|ти|ми|мя|ёх|ех)(?![^\W_]))        # 3х, 5-ти: numbers with a Russian ending
  | (?P<scaled>\d+(?:[.,]\d+)?[kк](?![^\W_]))               # 10k, 1.5к: thousands
  | (?P<number>(?<!\S)-\d+(?:\.\d+)?|\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?  # 1,000  3.5
        |(?<![\w.,])\.\d+)                                 # .2
  | (?P<sign><=|>=|<>|!=|[<>=%&≥≤]|(?<=\d)\+|^\+$)         # >=  20+
  | (?P<inflected>[a-z][a-z\d_]*['’`-](?:а|ам|ами|ах|е|ев|ей|ем|и|ов|ой|ом|у|ы|ю|я|ям|ями|ях)(?![^\W_]))  # chat-ов
  | (?P<possessive>(?<=[\d])['’]s(?![^\W_]))               # gpt-5.2's
  | (?P<elided>(?:[b-df-hj-np-tv-z]|[a-z]{0,6}qu)['’](?=[^\W\d_]))  # l'équipe, qu'hier: two words each
  | (?P<word>[^\W\d_](?:[^\W_]|[\u0300-\u036f\u05b0-\u05bc]|['’`](?=[^\W\d_])
        |(?<=[\u05d0-\u05ea])["״׳](?=[\u05d0-\u05ea]))*)    # tickets, what's, p90, דוא"ל
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNCLEAR = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.000: a thousand to some, one to others; nobody guesses which
_SIGNS = {"≥": ">=", "≤": "<="}
_STEMMERS = {"latin": "english", "cyrillic": "russian"}
"""The stemmer of each script's own words; other languages of a script bring theirs in their file (`stems_in`)."""

OWN_STEMMERS = frozenset(_STEMMERS.values())


def tokenize(text: str) -> tuple[Token, ...]:
    """Tokens in order; what is not a token (punctuation, emoji) means nothing and is left out."""
    tokens: list[Token] = []
    for match in _PATTERN.finditer(text):
        kind = (match.lastgroup or "word").replace("elided", "word")
        written = match.group()
        if kind == "possessive" and tokens and tokens[-1].end == match.start():  # says no more than the name
            tokens[-1] = replace(tokens[-1], end=match.end())
            continue
        if kind == "inflected":  # a Russian ending on an English word says no more than the word
            kind, written = "word", re.split(r"['’`-]", written, maxsplit=1)[0]
        if kind == "number" and _UNCLEAR.fullmatch(written):
            kind = "unclear"
        stem = stem_word(written) if kind == "word" else _SIGNS.get(written, written.lower())
        if kind == "counted":
            kind, written = "number", written.rstrip("хтимяёе-")
        if kind == "quoted":
            stem = normalize(written[1:-1])
        if kind in ("number", "scaled"):
            kind, stem = "number", _in_digits(written)
        tokens.append(Token(written, match.start(), match.end(), kind, stem))
    return tuple(tokens)


def _in_digits(written: str) -> str:
    """A number as Python reads it: "1,000" is 1000, "3,5" is 3.5, "1.5k" is 1500."""
    digits = re.sub(r"[ ,\u00a0\u202f](?=\d{3})", "", written).replace(",", ".")
    return digits if digits[-1].isdigit() else f"{Decimal(digits[:-1]) * 1000:f}"


class Phrase(NamedTuple):
    """A phrase of a file: `forms` are its normalized words, `written` the words with their accents, `apart` the places
    of words behind a comma of its own; `opens` and `closes` tell of signs before its first and behind its last word."""

    forms: tuple[str, ...]
    stems: tuple[str, ...]
    written: tuple[str, ...]
    apart: frozenset[int] = frozenset()
    opens: bool = False
    closes: bool = False


def phrase_of(text: str) -> Phrase:
    """The phrase that a text is; one without words has none."""
    tokens = tokenize(text)
    if text.endswith(("'", "’")):  # «plus d'» goes on; alone its last letter would stand without the sign
        tokens = tokenize(f"{text}a")[:-1]
    if not tokens:
        signs = bool(text.strip())
        return Phrase((), (), (), opens=signs, closes=signs)
    written = tuple(token.text for token in tokens)
    stems = tuple(token.stem for token in tokens)
    opens, closes = tokens[0].start > 0, tokens[-1].end < len(text)
    return Phrase(tuple(map(normalize, written)), stems, written, places_apart(tokens), opens, closes)


def places_apart(tokens: Sequence[Token]) -> frozenset[int]:
    """Places of words with punctuation before them: more than one character stands between them and the last."""
    return frozenset(i for i in range(1, len(tokens)) if tokens[i].start - tokens[i - 1].end > 1)


def same_but_number(first: str, second: str) -> bool:
    """Whether two English words differ by no more than the plural: "escalation", "escalations"."""
    return first.rstrip("s") == second.rstrip("s")


@lru_cache(maxsize=50_000)
def normalize(text: str) -> str:
    """Lower case, composed Unicode, one kind of apostrophe; ё as е, é as e (people write either), no vowel points."""
    text = unicodedata.normalize("NFC", text).casefold()
    if text.isascii():
        return text.replace("`", "'")
    return "".join(map(_plain_letter, text)).replace("ё", "е")


@lru_cache(maxsize=4_096)
def _plain_letter(letter: str) -> str:
    if letter in "’`׳":
        return "'"
    if letter == "״":
        return '"'
    if "\u05b0" <= letter <= "\u05bc":
        return ""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def stem_word(word: str) -> str:
    """A word without its ending, by the stemmer of its script; other scripts stay as they are."""
    return _stem(normalize(word))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = _stemmer(script_of(word))
    if stemmer is None or len(word) <= 3:  # «ии» (AI) must not become «и» (and)
        return word
    stem = str(stemmer.stemWord(word.removesuffix("'s")))
    # The Russian algorithm takes one layer off at a time («каналам» → «канал» → «кана»), so that forms of one word
    # meet only at the end.
    for _ in range(3):
        shorter = str(stemmer.stemWord(stem)) if script_of(word) == "cyrillic" else stem
        if shorter == stem or len(shorter) < 3:
            break
        stem = shorter
    return stem


@lru_cache(maxsize=50_000)
def stems_in(word: str, stemmer: str) -> tuple[str, ...]:
    """A word without its ending by a named Snowball stemmer, for languages that share a script with another: as it is
    written, and without its accents, because endings are told by them where they are («envoyées») and often are not."""
    written = unicodedata.normalize("NFC", word).casefold()
    found = (normalize(str(_load(stemmer).stemWord(text))) for text in (written, normalize(word)))
    return tuple(dict.fromkeys(found))


def _stemmer(script: str) -> Any:
    name = _STEMMERS.get(script)
    return _load(name) if name else None


_loaded = threading.local()


def _load(name: str) -> Any:
    """A stemmer of this thread: Snowball's keep the word that they work on."""
    stemmers: dict[str, Any] = _loaded.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        import snowballstemmer

        stemmers[name] = snowballstemmer.stemmer(name)
    return stemmers[name]


@lru_cache(maxsize=50_000)
def script_of(text: str) -> str:
    """The script of the first letter: latin, cyrillic, hebrew, or its Unicode name in lower case."""
    for letter in text:
        if letter.isalpha():
            name = unicodedata.name(letter, "unknown")
            return name.split(" ")[0].lower()
    return "none"
