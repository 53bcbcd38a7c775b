"""The shapes of the files in `knowledge/`, as pydantic models: what a person may write, and nothing else.

Agno Dash's table and business files load unchanged; keys that it does not have are ours and optional. A key that
neither knows is a fault (`extra="forbid"`), so a typo is never ignored in silence.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from dash.knowledge.alternatives import cells_of
from dash.records.semantic_query import Scalar


def _texts(value: Any) -> Any:
    """A bare string is text in every language: {"": text}."""
    return {"": value} if isinstance(value, str) else value


def _word_lists(value: Any) -> Any:
    """A bare list holds words of any language: {"": [...]}."""
    return {"": value} if isinstance(value, list) else value


def _readable(value: dict[str, list[str]]) -> dict[str, list[str]]:
    """Phrases may hold alternatives, which stay as they are written; whoever needs one phrase for each expands them."""
    for words in value.values():
        for phrase in words:
            cells_of(phrase)
    return value


Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
WordLists = Annotated[dict[str, list[str]], BeforeValidator(_word_lists), AfterValidator(_readable)]

Unit = Literal[
    "count",
    "percent",
    "hours",
    "minutes",
    "seconds",
    "milliseconds",
    "usd",
    "score",
    "number",
    "tokens",
    "text",
    "date",
    "time",
    "boolean",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ValueFile(_Strict):
    """One known value of a dimension, with the words that people use for it and how to show it. `spoken` false: people
    know its label and synonyms, and what the database calls it means something else to them."""

    value: str | bool | int
    label: Texts = Field(default_factory=dict)
    synonyms: WordLists = Field(default_factory=dict)
    description: str = ""
    spoken: bool = True


class ColumnFile(_Strict):
    """A column. `dimension` is its name in questions: equal names in two tables mean the same thing to people.

    `progress`: rows pass its values in the order of the list and never go back, so that "reached" a value means it or a
    later one. `only_where` is the SQL condition of the rows that have the column at all (only escalated chats have a
    reason): elsewhere it is NULL, which is none of its groups. `missing` are values that stand for none, beside NULL
    ('', 'N/A'). `never_null`: each row has a value; `always_where`: each row that passes this SQL condition has
    one. `range` is the least and the greatest number that a measure can have. `open_values`: the values are only some
    of those that there may be, so that another one is no news.

    `words_beside_name` are words for values that mean them only beside the dimension's name: "low" in "low urgency".
    `only_metrics` are the only ones that are split and limited by it: only stuck tickets have a reason to be stuck.
    """

    name: str
    type: str = ""
    description: str = ""
    role: Literal["entity", "dimension", "time", "measure", "text"] | None = None
    dimension: str | None = None
    label: Texts = Field(default_factory=dict)
    synonyms: WordLists = Field(default_factory=dict)
    values: list[ValueFile] = Field(default_factory=list)
    open_values: bool = False
    words_beside_name: list[str] = Field(default_factory=list)
    only_metrics: list[str] = Field(default_factory=list)
    value_pattern: str | None = None
    progress: bool = False
    missing: list[str] = Field(default_factory=list)
    never_null: bool = False
    only_where: str | None = None
    always_where: str | None = None
    unit: Unit | None = None
    range: tuple[float, float] | None = None
    personal: bool = False
    untrusted: bool = False


class JoinFile(_Strict):
    """How this table reaches another: `columns` maps our column to theirs. Only *_to_one joins are ever followed
    when composing, so that no join can multiply rows."""

    to: str
    columns: dict[str, str]
    type: Literal["many_to_one", "one_to_one", "one_to_many"]
    description: str = ""


class GuidanceFile(_Strict):
    """What the company itself says about a value of a dimension: `sql` is one SELECT that gives the text for `:value`.
    A model that writes SQL is given its beginning, as background."""

    dimension: str
    sql: str


class TableFile(_Strict):
    """knowledge/tables/*.json. `sql` makes it a table defined by a query (a derived table).

    `row_name` are words for its rows, `context` words that only say that something is of it ("in the pipeline").

    `draft` says why the file was proposed and that nobody has reviewed it; whoever has takes the key away."""

    table_name: str
    table_description: str = ""
    use_cases: list[str] = Field(default_factory=list)
    data_quality_notes: list[str] = Field(default_factory=list)
    table_columns: list[ColumnFile] = Field(default_factory=list)
    # ours
    grain: str = ""
    primary_key: list[str] = Field(default_factory=list)
    time_dimension: str | None = None
    joins: list[JoinFile] = Field(default_factory=list)
    row_name: WordLists = Field(default_factory=dict)
    context: WordLists = Field(default_factory=dict)
    count_metric: str | None = None
    duration_metric: str | None = None
    list_columns: list[str] = Field(default_factory=list)
    text_columns: list[str] = Field(default_factory=list)  # shown beside them when the rows of one thing are listed
    list_order: str | None = None
    sql: str | None = None
    guidance: GuidanceFile | None = None
    draft: str | None = None


class PartFile(_Strict):
    """Numerator or denominator of a ratio: an SQL aggregate over the metric's table, over rows that pass `filter`."""

    calculation: str = "COUNT(*)"
    filter: str | None = None
    label: Texts = Field(default_factory=dict)


class ParameterFile(_Strict):
    """A typed parameter of a metric or a vetted query. `values` names a column whose values are allowed, or lists them.

    Type `period` is a time window: it binds `:NAME_start` and `:NAME_end` (NULL when open) and, if the SQL uses
    them, `:NAME_previous_start` and `:NAME_previous_end`; its default is a time expression in English ("last 7 days").
    """

    type: Literal["integer", "number", "text", "boolean", "date", "timestamp", "period"]
    default: Scalar | None = None
    minimum: float | None = None
    maximum: float | None = None
    values: str | list[str] | None = None
    unit: str | None = None
    description: str = ""


class MetricFile(_Strict):
    """A governed metric: either `calculation` (one SQL aggregate) or `numerator` and `denominator` (a ratio).

    `always_by` names a dimension without which the metric says nothing ("agent usage": of which agent?).

    `since` names a column of the table: the moment since when the rows of a count metric are as they are.

    `actor` is the dimension of those who do what is counted or measured: who "sent the most tickets".

    `taking` are words behind a length of time that this metric measures: "took more than 2 days *to send*". Elsewhere
    they do not mean it: "tickets to send".

    `like` names a metric that is the same of the rows of another table: the resolution rate of chats and of tickets.

    `filter` is an SQL condition on the table's own columns that says which rows belong to the metric. SQL may use
    `:now` and the metric's own `parameters`.

    `draft` is the evidence of a definition that was proposed from the data; answers say that it is not reviewed for as
    long as the key is there.
    """

    name: str
    definition: Texts
    table: str | None = None
    calculation: str | None = None
    # ours
    label: Texts = Field(default_factory=dict)
    synonyms: WordLists = Field(default_factory=dict)
    numerator: PartFile | None = None
    denominator: PartFile | None = None
    filter: str | None = None
    parameters: dict[str, ParameterFile] = Field(default_factory=dict)
    dimensions: list[str] | None = None
    time_dimension: str | None = None
    unit: Unit = "count"
    better: Literal["higher", "lower"] | None = None
    present_state: bool = False
    beside: list[str] = Field(default_factory=list)
    minimum_sample: int = 30
    default_dimension: str | None = None
    always_by: str | None = None
    like: str | None = None
    since: str | None = None
    actor: str | None = None
    taking: WordLists = Field(default_factory=dict)
    caution: Texts = Field(default_factory=dict)
    owner: str | None = None
    draft: str | None = None


class MeaningFile(_Strict):
    """What a word of the vocabulary stands for: values of a dimension, a metric, a dimension, or several of these."""

    dimension: str | None = None
    values: list[Scalar] = Field(default_factory=list)
    metric: str | None = None


class VocabularyFile(_Strict):
    """Words of the company that are not names of anything: "retention" is two request types. Several meanings mean
    that the word is ambiguous and the product asks."""

    term: str
    synonyms: WordLists
    meanings: list[MeaningFile]
    definition: Texts = Field(default_factory=dict)


class UnanswerableFile(_Strict):
    """A topic that the data cannot answer: recognised by its words, declined with the nearest answerable questions."""

    topic: str
    synonyms: WordLists
    reason: Texts
    nearest: dict[str, list[str]] = Field(default_factory=dict)


class GotchaFile(_Strict):
    """A trap in the data, written by hand (Agno Dash's key names)."""

    issue: str
    solution: str
    tables_affected: list[str] = Field(default_factory=list)


class StarterFile(_Strict):
    """A question to begin with, shown on an empty page."""

    question: Texts


class BusinessFile(_Strict):
    """knowledge/business/*.yaml (or Agno Dash's *.json)."""

    metrics: list[MetricFile] = Field(default_factory=list)
    business_rules: list[str] = Field(default_factory=list)
    common_gotchas: list[GotchaFile] = Field(default_factory=list)
    vocabulary: list[VocabularyFile] = Field(default_factory=list)
    unanswerable: list[UnanswerableFile] = Field(default_factory=list)
    starters: list[StarterFile] = Field(default_factory=list)


class OutputColumnFile(_Strict):
    """How one output column of a vetted query is shown."""

    label: Texts = Field(default_factory=dict)
    unit: Unit = "text"
    role: Literal["time", "dimension", "metric", "sample", "share", "previous", "change", "attribute", "hidden"] = (
        "attribute"
    )
    better: Literal["higher", "lower"] | None = None
    dimension: str | None = None


class ChartFile(_Strict):
    """The picture of a vetted query, in terms of its output columns."""

    kind: Literal["line", "bar", "stacked_bar", "number", "table"]
    x: str | None = None
    y: list[str] = Field(default_factory=list)
    series: str | None = None


class QueryFile(_Strict):
    """knowledge/queries/*.sql after its comment tags were read. `questions` are example questions with {parameters}.

    `headline` is a sentence per language whose {…} are cells or declared arithmetic on cells:
    {rows} number of rows · {first.COLUMN} {last.COLUMN} · {sum.COLUMN} {max.COLUMN} {min.COLUMN} · {period.NAME} the
    words for a period parameter · {parameter.NAME} without its unit. `empty` is the sentence for no rows. Behind a
    colon stands the noun in the plural forms of the language, {rows:ticket|tickets} or {rows:тикет|тикета|тикетов}; a
    sentence with a slot that has nothing to show (NULL, text of strangers) is not used, and the generic one is told
    instead. `caution` says what to be careful about, in place of the cautions of its metrics.
    """

    name: str
    description: str = ""
    questions: list[str] = Field(default_factory=list)
    parameters: dict[str, ParameterFile] = Field(default_factory=dict)
    vetted: str | None = None
    columns: dict[str, OutputColumnFile] = Field(default_factory=dict)
    headline: Texts = Field(default_factory=dict)
    empty: Texts = Field(default_factory=dict)
    chart: ChartFile | None = None
    metrics: list[str] = Field(default_factory=list)
    follow_ups: dict[str, list[str]] = Field(default_factory=dict)
    caution: Texts = Field(default_factory=dict)
    sql: str


class EvalFile(_Strict):
    """One golden case of knowledge/evals/*.yaml. `sql` is written by hand, never by a planner; its `:now` is the
    moment of the question. `outcome` other than answered needs no sql. `turns` replaces `question` for follow-ups: the
    last turn is the one that is scored."""

    id: str
    question: str | None = None
    turns: list[str] = Field(default_factory=list)
    kind: Literal["answerable", "unanswerable", "ambiguous"] = "answerable"
    language: str = "en"
    sql: str | None = None
    ordered: bool = False
    also_accept: list[str] = Field(default_factory=list)
    now: str | None = None
    tags: list[str] = Field(default_factory=list)
