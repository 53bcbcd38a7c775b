"""One column from a sample of its values: what it holds, how much of it, and what is odd about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from dash.database.catalogue import LONGEST_TEXT, CatalogueColumn
from dash.introspection.names import listed, words_of
from dash.introspection.personal import why_personal
from dash.introspection.profile import ColumnProfile, Kind, TextKept
from dash.introspection.text_kept import OLD_DATES, find_stand_ins, read_epoch, read_text_kept

MOST_VALUES = 100
"""How many different values a column may have for all of them to be listed."""

_NUMBERS = listed("int2 int4 int8 numeric float4 float8 money oid")
_TEXTS = listed("text varchar bpchar name char citext uuid inet")
_DOCUMENTS = listed("json jsonb xml hstore bytea tsvector")
_NAMING = listed("id ids key number no num code uuid guid ref reference zip phone номер код")
_LISTED = ("text", "boolean", "number")
_PROSE = listed(
    "subject body text description comment comments message note notes title summary content question answer feedback "
    "remark details тема текст описание комментарий сообщение заметка"
)
_TIMELY = listed("at on date time timestamp created updated opened closed resolved solved дата время")
_FLAGS = listed("is has was flag active open closed breached met made escalated reopened enabled public deleted")
_COUNTING = listed("count counter total times amount число количество")
_CODE = re.compile(r"(?P<head>(?:[^\W\d_]{1,8}[-_/#]?)?)(?P<digits>\d{1,18})")
_FEW_KEYS = 20
_LEAST_DIGITS = 4
_SHORT_TEXT = 15.0
_LONG_TEXT = 40.0
_LONGEST_VALUE = 60


def kind_of(column: CatalogueColumn) -> Kind:
    """What kind of values a type holds."""
    name = column.type
    if name.endswith("[]"):
        return "array"
    if name in _NUMBERS:
        return "number"
    if name in ("timestamptz", "timestamp"):
        return "time"
    if name == "date":
        return "date"
    if name == "bool":
        return "boolean"
    if name == "interval":
        return "interval"
    if name in _DOCUMENTS:
        return "document"
    return "text" if name in _TEXTS or column.foreign_type else "other"


def names_things(column: str) -> bool:
    """Whether a column's name says that its values name things (and are no amounts)."""
    words = words_of(column)
    return bool(words) and (words[-1] in _NAMING or words[0] in ("id", "номер", "код"))


def read_column(column: CatalogueColumn, table: str, cells: Sequence[str | None]) -> ColumnProfile:
    """The profile of a column from a sample of its values; its common values are added by who can count them all."""
    kind = kind_of(column)
    present = [cell for cell in cells if cell is not None]
    counted = Counter(present)
    stand_ins = find_stand_ins(counted) if kind == "text" else ()
    real = Counter({value: number for value, number in counted.items() if value not in stand_ins})
    if kind in ("time", "date"):
        stand_ins = _odd_dates(real)
    elif kind == "number" and not names_things(column.name):
        stand_ins = _odd_number(real)
    real = Counter({value: number for value, number in real.items() if value not in stand_ins})
    numbers = sum(real.values())
    kept = _text_kept(column.name, real) if kind == "text" else None
    if kind == "number" and not _TIMELY.isdisjoint(words_of(column.name)):
        kept = read_epoch(real)
    if kind == "number" and set(real) == {"0", "1"} and not _FLAGS.isdisjoint(words_of(column.name)):
        kept = TextKept("boolean", true_values=("1",), false_values=("0",))
    length = sum(len(value) * number for value, number in real.items()) / numbers if numbers else 0.0
    distinct_share = len(real) / numbers if numbers else 0.0
    # Digits that are kept as text may be telephones as well as amounts: their name tells.
    held = kept.kind if kept is not None and kept.kind != "number" else kind
    personal = why_personal(table, column.name, held, real, distinct_share)
    kept = kept if personal is None else None
    lowest, highest = _range(kind if kept is None else kept.kind, real) if personal is None else (None, None)
    return ColumnProfile(
        name=column.name,
        type=column.type,
        kind=kind,
        foreign_type=column.foreign_type,
        domain=column.domain,
        required=column.required,
        comment=column.comment or "",
        rows=len(cells),
        null_share=1 - len(present) / len(cells) if cells else 0.0,
        empty_share=1 - numbers / len(cells) if cells else 0.0,
        distinct=len(real),
        minimum=lowest,
        maximum=highest,
        length=length,
        text_kept=kept,
        stand_ins=stand_ins,
        personal=personal,
        code_pattern=code_pattern(real)
        if personal is None and kept is None and _is_key(column.name, kind, real)
        else "",
        free_text=kind == "text"
        and kept is None
        and (_is_free_text(real, length, distinct_share) or (length > _SHORT_TEXT and _is_prose(column.name))),
    )


def _is_key(column: str, kind: Kind, values: Counter[str]) -> bool:
    """Whether values may tell things apart: there are many, and it is no amount."""
    return len(values) > _FEW_KEYS and (kind == "text" or (kind == "number" and names_things(column)))


def code_pattern(values: Counter[str]) -> str:
    """What every value fits where all have one form: letters that are the same in each, and a number of digits ("")."""
    read = [_CODE.fullmatch(value) for value in values]
    found = [one for one in read if one is not None]
    if not found or len(found) < len(read) or len({one["head"] for one in found}) > 1:
        return ""
    head, lengths = found[0]["head"], {len(one["digits"]) for one in found}
    if head != head.upper():  # what people write is compared in capitals
        return ""
    least, most = min(lengths), max(lengths)
    if not head and least < _LEAST_DIGITS:
        return ""  # any number would be one
    # Numbers grow: tomorrow's may be a digit longer, and one that is padded with zeros stays as long as it is.
    return f"^{re.escape(head)}\\d{{{least},{most + 1}}}$"


def _text_kept(column: str, values: Counter[str]) -> TextKept | None:
    counts = not _COUNTING.isdisjoint(words_of(column))
    return read_text_kept(values, is_name=names_things(column), counts=counts)


def _is_prose(column: str) -> bool:
    return not _PROSE.isdisjoint(words_of(column))


def _is_free_text(values: Counter[str], length: float, distinct_share: float) -> bool:
    """Sentences: long, of several words, hardly ever the same."""
    if not values or distinct_share < 0.2 or len(values) < 10:
        return any(len(value) >= LONGEST_TEXT for value in values)
    spaced = sum(" " in value.strip() for value in values) / len(values)
    return length > _LONG_TEXT or (length > 15 and spaced > 0.8 and len(values) > 30)


def is_listed(column: ColumnProfile) -> bool:
    """Whether all values of a column belong into its profile: few, short, not personal."""
    if column.personal or column.free_text or column.text_kept or column.kind not in ("text", "boolean", "number"):
        return False
    few = 0 < column.distinct <= MOST_VALUES and (column.distinct <= 20 or column.distinct < column.rows * 0.3)
    return few and column.length <= _LONGEST_VALUE and not (column.kind == "number" and "." in (column.maximum or ""))


def _range(kind: str, values: Counter[str]) -> tuple[str | None, str | None]:
    if not values:
        return None, None
    if kind == "number":
        numbers = [number for value in values if (number := as_number(value)) is not None]
        return (str(min(numbers)), str(max(numbers))) if numbers else (None, None)
    if kind in ("time", "date") and min(values)[:4].isdigit():  # only then texts are in the order of time
        return min(values), max(values)
    return None, None


def as_number(value: str) -> Decimal | None:
    """A number as PostgreSQL writes it, also money."""
    try:
        number = Decimal(value.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _odd_dates(values: Counter[str]) -> tuple[str, ...]:
    odd = tuple(sorted(value for value in values if value[:10] in OLD_DATES))
    return odd if len(odd) < len(values) else ()


def _odd_number(values: Counter[str]) -> tuple[str, ...]:
    """-1 among numbers that are never negative otherwise."""
    negative = [value for value in values if value.startswith("-")]
    return ("-1",) if negative == ["-1"] and len(values) > 2 else ()
