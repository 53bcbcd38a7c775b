"""What a query may call, cast to and compute with: one list, with the reason for each group.

A function is allowed by the name that PostgreSQL will look up, never by what a parser makes of it. A function that is
not here is rejected, so a new PostgreSQL version or an extension adds nothing to what a query can do. Left out on
purpose, whatever their volatility says: everything that reads files, catalogues, settings, locks, sequences or other
sessions, everything that runs SQL from a string, everything that makes a value of any size from a small one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FunctionGroup:
    """Function names that are allowed for one reason."""

    reason: str
    names: frozenset[str]


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as prose: words("a b") is {"a", "b"}."""
    return frozenset(text.split())


def _group(reason: str, names: str) -> FunctionGroup:
    return FunctionGroup(reason, words(names))


AGGREGATES = _group(
    "summarise rows that were read anyway; their size is bounded by what they read",
    "count sum avg min max bool_and bool_or every string_agg array_agg json_agg jsonb_agg json_object_agg "
    "jsonb_object_agg stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_slope "
    "regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_syy regr_sxy bit_and bit_or any_value "
    "percentile_cont percentile_disc mode",
)
WINDOWS = _group(
    "look at neighbouring rows of the same result",
    "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value",
)
CONDITIONALS = _group(
    "choose among their arguments",
    "coalesce nullif greatest least grouping num_nulls num_nonnulls",
)
MATHEMATICS = _group(
    "compute one number from a few numbers of bounded size; no factorial and no random numbers",
    "abs ceil ceiling floor round trunc sign mod div power sqrt cbrt exp ln log log10 width_bucket degrees radians pi "
    "gcd lcm scale trim_scale",
)
TEXTS = _group(
    "give a text no longer than its arguments together; lpad, rpad, replace, translate and format have further bounds",
    "lower upper initcap length char_length character_length octet_length trim btrim ltrim rtrim left right substr "
    "substring position strpos split_part replace translate reverse concat concat_ws starts_with lpad rpad format "
    "overlay ascii chr",
)
PATTERNS = _group(
    "match a pattern that the query spells out, within bounds, so that no pattern runs for ever",
    "regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_split_to_table regexp_count regexp_substr "
    "regexp_instr regexp_like",
)
TIMES = _group(
    "compute with moments and spans; the clock is the transaction's",
    "date_trunc date_part date_bin extract age justify_days justify_hours justify_interval make_date make_time "
    "make_timestamp make_timestamptz make_interval to_char to_date to_timestamp to_number isfinite timezone now date",
)
ARRAYS = _group(
    "read or recombine the elements of arrays that were read anyway; no array_fill",
    "array_length cardinality array_position array_positions array_to_string string_to_array array_append "
    "array_prepend array_cat array_remove array_replace array_upper array_lower array_ndims unnest string_to_table "
    "generate_subscripts array_dims",
)
JSON = _group(
    "read json or build it from values of the query; jsonpath and SQL/JSON are languages of their own and left out",
    "to_json to_jsonb row_to_json array_to_json json_build_object jsonb_build_object json_build_array "
    "jsonb_build_array json_array_length jsonb_array_length json_typeof jsonb_typeof json_extract_path "
    "json_extract_path_text jsonb_extract_path jsonb_extract_path_text json_array_elements json_array_elements_text "
    "jsonb_array_elements jsonb_array_elements_text json_each json_each_text jsonb_each jsonb_each_text "
    "json_object_keys jsonb_object_keys json_strip_nulls jsonb_strip_nulls jsonb_pretty",
)
SERIES = _group(
    "fills gaps in a calendar or a scale; only between bounds that are known before it runs",
    "generate_series",
)

GROUPS = (
    AGGREGATES, WINDOWS, CONDITIONALS, MATHEMATICS, TEXTS, PATTERNS, TIMES, ARRAYS, JSON, SERIES,
)  # fmt: skip
FUNCTIONS = frozenset[str]().union(*(group.names for group in GROUPS))

WITHOUT_PARENTHESES = frozenset({"current_date", "current_timestamp", "localtimestamp"})
"""Functions that are called without parentheses and say nothing but the time."""

ROW_SOURCES: dict[str, tuple[str, ...]] = {
    "generate_series": (),
    "generate_subscripts": (),
    "unnest": (),
    "string_to_table": (),
    "regexp_split_to_table": (),
    "regexp_matches": (),
    "json_object_keys": (),
    "jsonb_object_keys": (),
    "json_array_elements": ("value",),
    "jsonb_array_elements": ("value",),
    "json_array_elements_text": ("value",),
    "jsonb_array_elements_text": ("value",),
    "json_each": ("key", "value"),
    "json_each_text": ("key", "value"),
    "jsonb_each": ("key", "value"),
    "jsonb_each_text": ("key", "value"),
}
"""Functions that may stand in FROM, with the columns that they name themselves; () takes the alias's name."""

TYPES = words(
    "smallint integer int bigint int2 int4 int8 numeric decimal dec real float float4 float8 double boolean bool text "
    "varchar char character bpchar date time timetz timestamp timestamptz interval json jsonb uuid"
)
"""Types that a value may be cast to: plain values. Types whose input reads the catalogue (regclass, regrole …), runs a
language (jsonpath, tsquery, xml) or has a size of its own (bit, bytea) are left out."""

OPERATORS = words("+ - * / % ^ = <> != < > <= >= || -> ->> #> #>> @> <@ ? ?| ?& && ~ ~* !~ !~* => ::")
"""Operators by their spelling. PostgreSQL looks operators up like functions, so an unknown one is rejected too."""

KEEPS_PERSONAL = words(
    "coalesce min max array_agg json_agg jsonb_agg lower upper initcap length char_length character_length reverse "
    "concat concat_ws to_json to_jsonb row_to_json json_build_object jsonb_build_object json_build_array "
    "jsonb_build_array array_to_json array position strpos starts_with first_value last_value row"
)
"""Functions through which a personal value may flow into an output column that is then masked: none of them fails on
some values or makes NULL of some, which would be seen through the mask. (nullif would tell a guess from the rest.)"""

KEEPS_FIRST_PERSONAL = words(
    "string_agg trim btrim ltrim rtrim left right substr substring split_part replace array_to_string regexp_replace "
    "lag lead"
)
"""The same for the first argument only: lag(1, strpos(email, 'a')) is NULL where an address has no "a", and
split_part('x', 'y', strpos(email, 'a')) fails there."""

GIVES_NUMBER = words(
    "length char_length character_length strpos position greatest least round floor ceil ceiling abs mod div count "
    "coalesce array_length cardinality nullif"
)
"""Functions that are used to compute a position, so that substring() of them is not a pattern."""
