"""Columns that look as if they held people's data: by their name, and by what their values are like.

Being careful costs little (a column is masked and its values are in no file) and a person decides later. Columns that
hold secrets are never looked into at all.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from dash.introspection.names import listed, singular, words_of

_ALWAYS = listed(
    "email mail phone mobile telephone tel fax address street zip postcode surname firstname lastname fullname ssn "
    "passport birth birthday birthdate dob iban cardholder почта телефон адрес фамилия отчество паспорт имэйл емейл "
    "фио рождения"
)
_BORN = listed("birth birthday birthdate dob рождения")
_NUMBERED = listed("ssn passport iban паспорт")
_PEOPLE = listed(
    "customer client user contact requester caller person people member patient subscriber guest visitor buyer "
    "клиент клиента пользователь пользователя заявитель заявителя абонент абонента контакт"
)
_NAMES = listed("name login username nickname имя логин фио")
_PAIRS = (("first", "name"), ("last", "name"), ("full", "name"), ("middle", "name"), ("birth", "date"),
          ("ip", "address"), ("credit", "card"), ("card", "number"), ("on", "card"), ("e", "mail"))  # fmt: skip
# What a certain name is only about, when it ends so: email_type, phone_minutes.
_ABOUT = listed(
    "sent count type kind status channel at on opt in group queue verified confirmed minutes hours seconds duration "
    "cost price score total calls rate share"
)
_NOT = listed("sent count type kind id status channel at on is has opt group queue")

_SECRETS = listed(
    "password passwords passwd pwd passphrase secret secrets token hash salt credential credentials pin otp cookie "
    "cookies signature apikey пароль"
)
_SECRET_PAIRS = (("api", "key"), ("private", "key"), ("access", "key"))
_SHORTEST_NUMBER = 5
"""Digits below which a number is an amount or a choice, and no telephone, no postcode and no number of a document."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)  # lead@example.com
_PHONE = re.compile(r"\+?\(?\d[\d\s().-]{7,17}\d")  # +44 20 7946 0000


def why_personal(table: str, column: str, kind: str, values: Counter[str], distinct_share: float) -> str | None:
    """Why a column looks personal, in a few words; None where it does not."""
    words = words_of(column)
    if _is_certain(words, kind, values):
        return "its name says so"
    if kind == "document":
        known = {singular(word) for word in words} & _PEOPLE
        return "it is a document about people" if known else None
    if kind not in ("text", "array", "other"):
        return None
    if values:
        number = len(values)
        if sum(bool(_EMAIL.search(value)) for value in values) > number / 2:
            return "its values look like e-mail addresses"
        phones = sum(bool(_PHONE.fullmatch(value.strip())) and not re.match(r"\d{4}-\d{2}", value) for value in values)
        if phones > number / 2 and number > 10 and any(value[:1] == "+" for value in values):
            return "its values look like phone numbers"
    if set(words) & _NOT:
        return None
    people = {singular(word) for word in (*words_of(table), *words)} & _PEOPLE
    if people and set(words) & _NAMES:
        return "it names people"
    if {singular(word) for word in words} & _PEOPLE and distinct_share > 0.05 and _look_like_names(values):
        return "its values look like names of people"
    return None


def is_secret(column: str) -> bool:
    """Whether a column's name says that who knows its values could act as somebody: passwords, keys, tokens."""
    words = words_of(column)
    return not _SECRETS.isdisjoint(words) or _has_pair(words, _SECRET_PAIRS)


def _is_certain(words: tuple[str, ...], kind: str, values: Counter[str]) -> bool:
    """Whether a name alone says that a column is personal. `values` tell numbers that are none of telephones."""
    if kind in ("boolean", "interval"):
        return False
    if kind in ("time", "date"):
        return not _BORN.isdisjoint(words)
    if _ALWAYS.isdisjoint(words) and not _has_pair(words, _PAIRS):
        return False
    if words[-1] in _ABOUT or (words[-1] == "id" and _NUMBERED.isdisjoint(words)):
        return False
    if kind == "number" and values and _BORN.isdisjoint(words):
        return median(len(value.lstrip("-")) for value in values) >= _SHORTEST_NUMBER
    return True


def _has_pair(words: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> bool:
    return any(pair == words[place : place + 2] for pair in pairs for place in range(len(words)))


def _look_like_names(values: Counter[str]) -> bool:
    """Two or three words that begin with capitals."""
    named = sum(bool(re.fullmatch(r"[^\W\d_]+\.?( [^\W\d_'-]+){1,2}", value)) for value in values)
    return bool(values) and named > len(values) / 2
