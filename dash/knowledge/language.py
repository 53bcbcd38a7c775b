"""What a language needs to be read, as data: knowledge/language/*.yaml, one file a language.

Function words, question words, comparators, order words, time words and grains live there, with the sentences in which
the product says a question back. A new language is a new file; no code knows any word of any language.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dash.errors import Fault, KnowledgeError
from dash.knowledge.alternatives import expand_phrases
from dash.settings import OWN_KNOWLEDGE


def _written_out(value: dict[str, list[str]]) -> dict[str, list[str]]:
    return {meaning: expand_phrases(phrases) for meaning, phrases in value.items()}


_Words = Annotated[dict[str, list[str]], AfterValidator(_written_out)]
"""Meaning → its phrases, in which alternatives are written out."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TimeWords(_Strict):
    """Words of time expressions, by their part in the grammar of `dash.language.times`.

    `number_first`: «5 последних дней», "les 7 derniers jours". `unit_first`: "la semaine dernière", "semana pasada".
    `ago_first` are the words for "ago" that stand before the number ("hace 3 días"), `this_unit` and `last_unit` words
    for a whole period («השבוע»), `two_units` words for two of a unit («יומיים»).
    `weekend` are words for Saturdays and Sundays, `working_days` for the others, `halves` those behind an hour ("pm"),
    `half_years` those for its first and second half,
    `fine_units` the units that durations are told in and periods are not. `plurals_of_one` are units that are one in
    the plural («сутки»). `plural_words` are words of periods that say
    "several": "last weeks" are more than one, and nobody knows how many. `about` are words that stand before a period
    in one of the `about_forms`, where they do not say until when («по октябрю», not «по октябрь»). Between "since" and
    a period stand `articles` only ("wrote *to us last month*" is no "until"). `day_parts` are
    parts of the day: nothing by themselves, and nothing new before hours ("at night, from 22:00"). A number before
    one of the `parting_words` is no day of the month behind it ("csat 5 in October"). Behind one of `before_months`, or
    with a capital inside the question, a month that is a function word as well is meant ("in May"). The `opening` words
    open a range as those of `between` do, and "and" does not close it ("*from* January and March" is no range); a
    period between one of them and one of `onward` has no end ("*from* March *on*"). Behind `before_that` stands the
    period that comes before another one of that length ("the 30 days *before that*").
    """

    today: list[str]
    yesterday: list[str]
    day_before_yesterday: list[str] = Field(default_factory=list)
    this: list[str]
    last: list[str]
    past: list[str]
    earlier: list[str] = Field(default_factory=list)
    before_last: list[str] = Field(default_factory=list)
    ago: list[str] = Field(default_factory=list)
    over: list[str]
    through: list[str] = Field(default_factory=list)
    whole_period: list[str] = Field(default_factory=list)
    since: list[str]
    after: list[str] = Field(default_factory=list)
    until: list[str]
    before: list[str]
    between: list[str]
    opening: list[str] = Field(default_factory=list)
    onward: list[str] = Field(default_factory=list)
    range_and: list[str]
    beginning_of: list[str] = Field(default_factory=list)
    before_that: list[str] = Field(default_factory=list)
    day_of_month: list[str] = Field(default_factory=list)
    year_to_date: list[str] = Field(default_factory=list)
    month_to_date: list[str] = Field(default_factory=list)
    number_first: bool = False
    unit_first: bool = False
    ago_first: list[str] = Field(default_factory=list)
    this_unit: _Words = Field(default_factory=dict)
    last_unit: _Words = Field(default_factory=dict)
    two_units: _Words = Field(default_factory=dict)
    units: _Words
    grains: _Words
    weekday_of: list[str] = Field(default_factory=list)
    hour_of_day: list[str] = Field(default_factory=list)
    months: dict[int, list[str]]
    before_months: list[str] = Field(default_factory=list)
    weekdays: dict[int, list[str]]
    every_weekday: dict[int, list[str]] = Field(default_factory=dict)
    weekend: list[str] = Field(default_factory=list)
    working_days: list[str] = Field(default_factory=list)
    halves: _Words = Field(default_factory=dict)
    half_years: dict[int, list[str]] = Field(default_factory=dict)
    fine_units: _Words = Field(default_factory=dict)
    plural_words: list[str] = Field(default_factory=list)
    plurals_of_one: list[str] = Field(default_factory=list)
    about: list[str] = Field(default_factory=list)
    about_forms: list[str] = Field(default_factory=list)
    parting_words: list[str] = Field(default_factory=list)
    articles: list[str] = Field(default_factory=list)
    day_parts: list[str] = Field(default_factory=list)
    ordinals: dict[int, list[str]] = Field(default_factory=dict)


class SayWords(_Strict):
    """Templates for saying a query as a question that the reader reads back."""

    opening: str = ""
    metric: str
    count: str
    rows: str
    change: str
    by: str
    grain: str
    filter: str
    not_filter: str
    window: str
    lowest: str
    highest: str
    and_: str = Field(alias="and")
    windows: dict[str, str]
    grains: dict[str, str]


class SideWords(_Strict):
    """Names of the two sides that an answer sets against each other, and of the column that tells them apart."""

    column: str
    present: str
    without: str
    rest: str
    weekend: str
    working_days: str


class ColumnWords(_Strict):
    """Names of result columns that no knowledge file defines."""

    sample: str
    share: str
    before: str
    change: str
    change_percent: str
    aggregated: str
    running: str
    average: str
    place: str = "#"
    grains: dict[str, str]
    derived: dict[str, str]
    aggregations: dict[str, str]
    sides: SideWords


class LanguageFile(_Strict):
    """One language. `words` maps kind → meaning → phrases; kinds are those that `dash.language.compose` knows.

    `holding_words` ("with", "had") are never passed over inside of a phrase: "chats had errors" are no "chat errors".
    `singular_words` say of the word behind them that it is one («самая частая»), for languages whose nouns do not show
    it by `plural_endings`. `prefixes` are words that are written together with the next one («ב», «ה»): read as words
    of their own where the whole is no known word. Before `passive_words` ("been") a holding word holds nothing.
    `kept_words` are function words that are never passed over inside of a phrase either: «сообщений *на* клиента» are
    not his. What stands behind one of the `including_words` or before one of the `too_words` is added and leaves
    nothing out ("*including* the unassigned"). The `broad_words` ("reason") name a dimension only of the rows that are
    counted; `altered_words` ("tickets *changed* yesterday") may say which rows and what became of their number; the
    `adding_words` ("with", "also") at the beginning of a turn name one more number.
    `longer_words` ("longer") compare lengths and no numbers of rows, `often_words` ("more often") rates; behind one of
    the `lacking_words` ("without") stands what is not there. One of the `moment_words` ("when") before what happened
    asks at what time it did, and alone among the
    columns of a list for the time of its rows, as one of the `time_column_words` ("date") does; behind one of the
    `every_words` ("each") nobody is none of the people. `past_words` say that something was so ("were
    stuck"), of which the present state says nothing, `lasting_words` how long ("open *for* 2 days"), `per_words` for
    each of what («сообщений *на* агента»).
    `modal_words` ("should") say that something is not so yet, except beside one of the `polite_words` ("could you");
    behind one of the `infinitive_words` ("to assign") a verb is no other form of itself ("assigned").
    `each_words` ("per"), `within_words` ("in 5 minutes") and `judging_words` ("better") stand beside what may then mean
    two things, as a rate does with one of the `among_words` ("what share of escalated chats *came* from WhatsApp").
    Of a share, "each" behind one of the `making_words` ("what % of open tickets *is* each category") makes up what was
    named, and behind one of the `placing_words` ("*in* each category") it is what a part is told of.
    What somebody said, by one of the `saying_words` ("wrote"), stands in the text of messages and in no column of the
    thing they belong to.
    A clause with one of the `person_words` ("I", "we"), behind one of the `reason_words` or before one of the
    `lead_words` ("so"; of several words also without a sign before them) may say only why somebody asks; one with
    `wish_words` ("need") may say what, except before one of the `aim_words` ("want to understand"). In one with
    `whether_words` "not" denies nothing.
    Words with one of `adverb_endings` are no forms of words without it ("completely", "completed"),
    `whole_words` of no other at all ("rating", "rate").
    `rising_words` and `falling_words` tell which way a change goes,
    `number_words` say a number as well, and are not read as one: nobody but the data may put one into an answer.
    `relative_words` begin a clause that says which rows are meant ("where", "in which"). `question_words` are function
    words only where they do not open the question: "tickets where the customer …", but "where do the tickets come
    from?". `quotes` stand around a word that is repeated from the question, the opening one first.
    """

    language: str
    name: str
    script: str
    quotes: tuple[str, str] = ("“", "”")
    stemmer: str | None = None
    prefixes: list[str] = Field(default_factory=list)
    function_words: str
    question_words: str = ""
    words: dict[str, _Words]
    plural_endings: list[str] = Field(default_factory=list)
    copulas: list[str] = Field(default_factory=list)
    singular_words: list[str] = Field(default_factory=list)
    holding_words: list[str] = Field(default_factory=list)
    passive_words: list[str] = Field(default_factory=list)
    kept_words: list[str] = Field(default_factory=list)
    adverb_endings: list[str] = Field(default_factory=list)
    whole_words: list[str] = Field(default_factory=list)
    including_words: list[str] = Field(default_factory=list)
    too_words: list[str] = Field(default_factory=list)
    broad_words: list[str] = Field(default_factory=list)
    altered_words: list[str] = Field(default_factory=list)
    longer_words: list[str] = Field(default_factory=list)
    lacking_words: list[str] = Field(default_factory=list)
    often_words: list[str] = Field(default_factory=list)
    adding_words: list[str] = Field(default_factory=list)
    moment_words: list[str] = Field(default_factory=list)
    time_column_words: list[str] = Field(default_factory=list)
    every_words: list[str] = Field(default_factory=list)
    past_words: list[str] = Field(default_factory=list)
    lasting_words: list[str] = Field(default_factory=list)
    per_words: list[str] = Field(default_factory=list)
    modal_words: list[str] = Field(default_factory=list)
    polite_words: list[str] = Field(default_factory=list)
    infinitive_words: list[str] = Field(default_factory=list)
    each_words: list[str] = Field(default_factory=list)
    within_words: list[str] = Field(default_factory=list)
    judging_words: list[str] = Field(default_factory=list)
    among_words: list[str] = Field(default_factory=list)
    making_words: list[str] = Field(default_factory=list)
    placing_words: list[str] = Field(default_factory=list)
    saying_words: list[str] = Field(default_factory=list)
    person_words: list[str] = Field(default_factory=list)
    wish_words: list[str] = Field(default_factory=list)
    reason_words: list[str] = Field(default_factory=list)
    lead_words: list[str] = Field(default_factory=list)
    whether_words: list[str] = Field(default_factory=list)
    aim_words: list[str] = Field(default_factory=list)
    rising_words: list[str] = Field(default_factory=list)
    falling_words: list[str] = Field(default_factory=list)
    relative_words: list[str] = Field(default_factory=list)
    time: TimeWords
    numbers: dict[int, list[str]]
    number_words: list[str] = Field(default_factory=list)
    say: SayWords
    messages: dict[str, str]
    columns: ColumnWords


@lru_cache(maxsize=8)
def load_languages(folder: Path) -> dict[str, LanguageFile]:
    """Every language of `folder`/language, by its code; a folder without `language/` uses the product's own. Raises
    KnowledgeError with a fault per broken file."""
    loaded: dict[str, LanguageFile] = {}
    faults: list[Fault] = []
    folder = folder if (folder / "language").is_dir() else OWN_KNOWLEDGE
    for path in sorted((folder / "language").glob("*.yaml")):
        shown = f"{folder.name}/language/{path.name}"
        try:
            parsed = LanguageFile.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            faults.append(
                Fault(shown, mark.line + 1 if mark else 1, "is not YAML", "mend the line, or its indentation")
            )
        except ValidationError as error:
            for detail in error.errors():
                place = ".".join(str(part) for part in detail["loc"])
                faults.append(
                    Fault(shown, 1, f"{place}: {detail['msg'].lower()}", "compare with knowledge/language/en.yaml")
                )
        else:
            loaded[parsed.language] = parsed
    if faults:
        raise KnowledgeError(tuple(faults))
    return loaded
