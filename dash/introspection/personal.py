"""Columns that look as if they held people's data: by their name, and by what their values are like.

Being careful costs little (a column is masked and its values are in no file) and a person decides later.
"""

from __future__ import annotations

import re
from collections import Counter

from dash.introspection.names import listed, singular, words_of

_ALWAYS = listed(
    "email mail phone mobile telephone tel fax address street zip postcode surname firstname lastname fullname ssn "
    "passport birthday birthdate dob iban почта телефон адрес фамилия отчество паспорт имэйл емейл фио"
)
_PEOPLE = listed(
    "customer client user contact requester caller person people member patient subscriber guest visitor buyer "
    "клиент клиента пользователь пользователя заявитель заявителя абонент абонента контакт"
)
_NAMES = listed("name login username nickname имя логин фио")
_PAIRS = (("first", "name"), ("last", "name"), ("full", "name"), ("middle", "name"), ("birth", "date"),
          ("ip", "address"), ("credit", "card"), ("e", "mail"))  # fmt: skip
_NOT = listed("sent count type kind id status channel at on is has opt group queue")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)  # lead@example.com
_PHONE = re.compile(r"\+?\(?\d[\d\s().-]{7,17}\d")  # +44 20 7946 0000


def why_personal(table: str, column: str, kind: str, values: Counter[str], distinct_share: float) -> str | None:
    """Why a column looks personal, in a few words; None where it does not."""
    if kind not in ("text", "array", "other"):
        return None
    words = words_of(column)
    if values:
        number = len(values)
        if sum(bool(_EMAIL.search(value)) for value in values) > number / 2:
            return "its values look like e-mail addresses"
        phones = sum(bool(_PHONE.fullmatch(value.strip())) and not re.match(r"\d{4}-\d{2}", value) for value in values)
        if phones > number / 2 and number > 10 and any(value[:1] == "+" for value in values):
            return "its values look like phone numbers"
    if set(words) & _NOT:
        return None
    if set(words) & _ALWAYS or any(pair == words[i : i + 2] for pair in _PAIRS for i in range(len(words))):
        return "its name says so"
    people = {singular(word) for word in (*words_of(table), *words)} & _PEOPLE
    if people and set(words) & _NAMES:
        return "it names people"
    if {singular(word) for word in words} & _PEOPLE and distinct_share > 0.05 and _look_like_names(values):
        return "its values look like names of people"
    return None


def _look_like_names(values: Counter[str]) -> bool:
    """Two or three words that begin with capitals."""
    named = sum(bool(re.fullmatch(r"[^\W\d_]+\.?( [^\W\d_'-]+){1,2}", value)) for value in values)
    return bool(values) and named > len(values) / 2
