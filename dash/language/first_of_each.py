"""The first of each: "the commonest category *in each channel*", "top 3 reasons *per country*".

What follows "each" is no second group of one ranking: it says within what each ranking is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.signs import Signs
from dash.records import SemanticQuery, Span

_RANKS = frozenset({"highest", "lowest", "commonest", "rarest", "best", "worst", "slowest", "fastest"})
_TOLD = frozenset({"dimension", "unit", "grain"})


def without_each(spans: Sequence[Span], signs: Signs) -> tuple[list[Span], tuple[str, bool] | None]:
    """The spans without what says within what the ranking is made, and the dimension that it names, with whether one
    of each is wanted and not so many; all of them and None for a question that ranks nothing so."""
    for place, span in enumerate(spans[:-1]):
        within = spans[place + 1]
        if span.kind != "by" or within.kind != "dimension":
            continue
        rest = [*spans[:place], *spans[place + 2 :]]
        if _ranks_one(rest, within.meaning, span.meaning, signs):
            return rest, (within.meaning, not any(one.kind == "number" for one in rest))
    return list(spans), None


def _ranks_one(spans: Sequence[Span], within: str, how: str, signs: Signs) -> bool:
    """Whether the others rank something, and just once. "Top 3 categories by channel" may be the first of all, and of
    "top categories" nobody said how many."""
    orders = [i for i, one in enumerate(spans) if one.kind == "order" or (one.kind, one.meaning) == ("limit", "top")]
    if not orders or any(one.kind == "grain" for one in spans) or how not in ("every", "each"):
        return False
    place = orders[0]
    if spans[place].kind == "order" and spans[place].meaning not in _RANKS:
        return False
    if place + 1 < len(spans) and spans[place + 1].kind == "order":  # "top 3 most common"
        return False
    who = _who_has_the_most(spans, place) if len(orders) == 1 and how == "every" else None
    if who is not None:
        if who.meaning == within:
            return False
        if not signs.names_one(who, spans[place]):
            raise Doubtful("how many of each are wanted is not said")  # "for each category *the models* with …"
        return True
    numbered = place + 1 < len(spans) and spans[place + 1].kind == "number"
    noun = spans[place + 1 + numbered] if place + 1 + numbered < len(spans) else None
    if len(orders) > 1 or noun is None or noun.kind not in _TOLD or noun.meaning == within:
        return False
    return how == "every" if numbered else signs.names_one(noun, spans[place])


def _who_has_the_most(spans: Sequence[Span], place: int) -> Span | None:
    """ "*The model with the lowest penalty* for each category", "*the agent* who sent most tickets": what is ranked
    stands before the order, by what behind it."""
    behind = [one.kind for one in spans[place + 1 : place + 3]]
    measured = behind[:1] in (["metric"], ["row"]) or behind == ["aggregation", "metric"]
    if not measured or not place:
        return None
    if spans[0].kind == "dimension" and [one.kind for one in spans[1:2]] == ["which"]:
        return spans[0]
    beside = spans[place - 1]
    by = place > 1 and spans[place - 2].kind == "by"
    return beside if beside.kind == "dimension" and not by else None


def require_one_ranking(query: SemanticQuery, fragment: Fragment) -> None:
    """Raises Doubtful where what comes first may be that of each group or of all: "the top 5 categories by month", "for
    each model the category where AI loses most"."""
    several = len(query.dimensions) + (query.grain is not None) > 1
    if query.order is None or query.of_each is not None or not several or fragment.sorted:
        return
    by_time = query.grain is not None and (query.limit is not None or fragment.which)
    if by_time or fragment.each_said:
        raise Doubtful("whether the first of each or of all are wanted is not said")


def told_of_each(query: SemanticQuery, of_each: tuple[str, bool]) -> SemanticQuery:
    """The query that ranks within each of the groups of a dimension. Raises DoesNotCompose."""
    within, one = of_each
    limit = 1 if one else query.limit
    if query.shape == "list" or len(query.dimensions) != 1 or query.order is None or limit is None:
        raise DoesNotCompose("what comes first of each is not said")
    if within in query.dimensions or any(part.dimension == within and part.values for part in query.filters):
        raise DoesNotCompose("it is ranked within itself")
    return replace(query, dimensions=(within, *query.dimensions), limit=limit, of_each=within)
