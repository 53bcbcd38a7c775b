"""`knowledge/business/stuck.yaml`: when a ticket is stuck, why, and how bad that is, in one file (docs/operations.md).

What becomes of it in SQL is in stuck_condition.py and stuck_reasons.py. Expressions are fragments over the table beside
them, used to the letter.
"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from dash.knowledge.documents import Document, parse_yaml
from dash.knowledge.files import TextFile
from dash.knowledge.formats import Texts, WordLists
from dash.knowledge.one_model import read_one_model
from dash.knowledge.shapes import read_model

FILE = "stuck.yaml"
STAGE = "stage"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Relation = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$")]
Sql = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Hours = Annotated[int, Field(ge=1, le=8760)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OpeningHours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


def _sql_alone(value: Any) -> Any:
    """`step: task.task_type` is short for `step: {sql: task.task_type}`."""
    return {"sql": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    """One value is a list of one."""
    return value if isinstance(value, list) else [value]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CellFile(_Strict):
    """One thing to know of a ticket: an expression, what people call it, the dimension whose words its values have.
    SQL alone is enough."""

    sql: Sql
    label: Texts = Field(default_factory=dict)
    dimension: str | None = None
    unit: Literal["text", "time"] = "text"


Cells = dict[Name, Annotated[CellFile, BeforeValidator(_sql_alone)]]


class TicketsFile(_Strict):
    """The table of tickets: what names one, its stage, since when it has that stage, and which tickets are open.

    `facts` are what thresholds and filters may depend on, beside the stage.
    """

    table: Relation
    key: Sql
    stage: Annotated[CellFile, BeforeValidator(_sql_alone)]
    since: Sql
    open: Sql
    facts: Cells = Field(default_factory=dict)


class OverrideFile(_Strict):
    """Other hours for some tickets: `when` maps stage or a fact to a value or several; all must hold."""

    when: dict[Name, Annotated[list[str], BeforeValidator(_listed)]] = Field(min_length=1)
    hours: Hours


class ThresholdsFile(_Strict):
    """After how many hours without a change of stage a ticket is stuck. The first override that fits wins; `worse` are
    the hours after which it has become worse, each time. `note` says in answers what "more than 24 hours" leaves out,
    where there are overrides or a calendar."""

    hours: Hours
    overrides: list[OverrideFile] = Field(default_factory=list)
    worse: list[Hours] = Field(default_factory=list)
    note: Texts = Field(default_factory=dict)


class HolidaysFile(_Strict):
    """Days off: those of a country (ISO 3166, "DE") and a part of it ("BE"), with days of one's own put in or out."""

    country: str | None = None
    part: str | None = None
    also: list[date] = Field(default_factory=list)
    but_not: list[date] = Field(default_factory=list)


class BusinessHoursFile(_Strict):
    """Which hours count. `days` maps weekdays to opening hours, such as "09:00-18:00"; days that are left out are
    closed."""

    zone: str
    days: dict[Weekday, OpeningHours] = Field(min_length=1)
    holidays: HolidaysFile = HolidaysFile()


class WorkingDaysFile(_Strict):
    """On which days somebody looks at the list, whatever hours count: what changed is told from one to the next."""

    days: list[Weekday] = Field(min_length=1)
    holidays: HolidaysFile = HolidaysFile()


class BesideFile(_Strict):
    """The row of another table that says most about a ticket: the `first` one in that order, of those with its `key`.

    Inside of its expressions the row has the source's own name; `columns` are what reasons may use of it. `indexed`
    says that its key has an index, so that a row is looked up for each ticket; without one the table is read once.
    """

    table: Relation
    key: Name
    indexed: bool = False
    where: Sql | None = None
    first: Sql
    columns: dict[Name, Sql] = Field(min_length=1)


class ReasonFile(_Strict):
    """Why a ticket is stuck. Reasons are tried in order; `when` is over `ticket` and the rows beside it, and only the
    last one has none. `advice` says what to do about it; `synonyms` are what else people call it in questions."""

    name: Name
    label: Texts
    synonyms: WordLists = Field(default_factory=dict)
    advice: Texts
    when: Sql | None = None
    evidence: Cells = Field(default_factory=dict)


class StuckFile(_Strict):
    """The whole file. `draft` says why it was proposed and that nobody has reviewed it."""

    tickets: TicketsFile
    thresholds: ThresholdsFile
    business_hours: BusinessHoursFile | None = None
    working_days: WorkingDaysFile | None = None
    beside: dict[Name, BesideFile] = Field(default_factory=dict)
    reasons: list[ReasonFile] = Field(min_length=1)
    draft: str | None = None

    def fingerprint(self) -> str:
        """A hash of what the file says of tickets, so that it is known which checks used the same definition."""
        unsaid: Any = {"draft": True, "working_days": True, "reasons": {"__all__": {"synonyms"}}}
        return hashlib.sha256(self.model_dump_json(exclude=unsaid).encode()).hexdigest()[:16]

    @property
    def catch_all(self) -> str:
        """The last reason, which holds where no other does and explains nothing."""
        return self.reasons[-1].name

    def reason(self, name: str) -> ReasonFile | None:
        """The reason of that name; one that was stored long ago may be gone."""
        return next((reason for reason in self.reasons if reason.name == name), None)


def is_stuck_file(file: TextFile) -> bool:
    """Whether a file of `business/` is this one."""
    return file.path.endswith(f"/business/{FILE}")


def read_stuck(folder: Path) -> tuple[StuckFile | None, Document]:
    """The file of a knowledge folder, with the document that knows its lines and faults; (None, …) without one."""
    return _of_right_shape(*read_one_model(folder, f"business/{FILE}", StuckFile))


def parse_stuck(text: str, shown: str) -> tuple[StuckFile | None, Document]:
    """The text of such a file."""
    document = parse_yaml(text, shown)
    return _of_right_shape(None if document.faults else read_model(document, StuckFile), document)


def _of_right_shape(file: StuckFile | None, document: Document) -> tuple[StuckFile | None, Document]:
    if file is not None:
        _check_shape(file, document)
    return (None if document.faults else file), document


def _check_shape(file: StuckFile, document: Document) -> None:
    """What the shape alone cannot say."""
    _check_reasons(file, document)
    _check_thresholds(file, document)
    if file.business_hours is not None:
        _check_business_hours(file.business_hours, document)
    if file.working_days is not None:
        _check_holidays(file.working_days.holidays, document, "working_days")


def _check_reasons(file: StuckFile, document: Document) -> None:
    seen: set[str] = set()
    for place, reason in enumerate(file.reasons):
        if reason.name in seen:
            document.fault(
                ("reasons", place, "name"), f"the reason {reason.name} stands twice", "give each its own name"
            )
        seen.add(reason.name)
        is_last = place == len(file.reasons) - 1
        if is_last and reason.when is not None:
            what = "the last reason has a condition, so some tickets would have none"
            document.fault(("reasons", place, "when"), what, "end with a reason without when, for all other tickets")
        elif not is_last and reason.when is None:
            what = f"{reason.name} has no condition, so the reasons after it never apply"
            document.fault(("reasons", place, "name"), what, "write its when, or move it to the end")


def _check_thresholds(file: StuckFile, document: Document) -> None:
    known = {STAGE, *file.tickets.facts}
    for place, override in enumerate(file.thresholds.overrides):
        for name in override.when:
            if name not in known:
                what = f"thresholds cannot depend on {name}"
                mend = f"known are {', '.join(sorted(known))}"
                document.fault(("thresholds", "overrides", place, "when", name), what, mend)
    worse = [file.thresholds.hours, *file.thresholds.worse]
    if any(later <= earlier for earlier, later in pairwise(worse)):
        document.fault(("thresholds", "worse"), "these hours do not rise from hours on", "write them in rising order")
    if (file.thresholds.overrides or file.business_hours) and not file.thresholds.note:
        what = "nothing tells people that other hours count than the question says"
        document.fault(("thresholds",), what, "write note: {en: …, ru: …}, which answers show beside the number")


def _check_business_hours(file: BusinessHoursFile, document: Document) -> None:
    try:
        ZoneInfo(file.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"{file.zone!r} is no time zone"
        document.fault(("business_hours", "zone"), what, "use a name such as Europe/Berlin")
    for day, hours in file.days.items():
        opens, _, closes = hours.partition("-")
        if closes <= opens:
            document.fault(("business_hours", "days", day), f"{hours} ends before it begins", "write it as 09:00-18:00")
    _check_holidays(file.holidays, document, "business_hours")


def _check_holidays(file: HolidaysFile, document: Document, under: str) -> None:
    try:
        days_off(file, 2026, 2026)
    except NotImplementedError:
        what = f"the holidays of {'-'.join(filter(None, (file.country, file.part)))} are not known"
        document.fault((under, "holidays"), what, "write an ISO 3166 code such as DE, and a part such as BE")


def days_off(file: HolidaysFile, first_year: int, last_year: int) -> tuple[date, ...]:
    """The days off of some years, in order. Raises NotImplementedError for a country or part that is not known."""
    found: set[date] = set()
    if file.country is not None:
        from holidays import country_holidays

        years = range(first_year, last_year + 1)
        found |= set(country_holidays(file.country, subdiv=file.part, years=years))
    found |= set(file.also)
    return tuple(sorted(found - set(file.but_not)))
