"""The SELECT lists of a query's text and what its aliases stand for, by the places of its tokens.

Nothing is printed from a tree, because printing can change what a query means in silence (docs/adr/0007). What is not
understood here is only not found: whoever changes a text by this has the guard and the database behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

Broken = Mapping[str, Collection[str]]
"""Table → the names of its columns that nothing may be read of; "" among them for the whole table."""

_ENDS = frozenset({"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW"})
_SETS = frozenset({"UNION", "INTERSECT", "EXCEPT"})
_LITERALS = frozenset({TokenType.STRING, TokenType.NUMBER, TokenType.NATIONAL_STRING, TokenType.HEREDOC_STRING})


@dataclass(frozen=True, eq=False)
class Item:
    """One item of a SELECT list: what it is called (`named`: by an AS of its own), the words in it, and the names that
    it uses with their qualifiers."""

    start: int
    end: int
    output: str
    named: bool
    words: set[str]
    used: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class SelectList:
    """One SELECT list; `alias` is what the query around it is called by others, None for the outermost. `counts` says
    that its items decide which rows there are: after DISTINCT, and beside UNION, INTERSECT or EXCEPT."""

    items: tuple[Item, ...]
    alias: str | None
    counts: bool = False

    def loses(self, doomed: Collection[Item]) -> bool:
        """Whether one of its items would be taken out, as far as that can be told of `*`."""
        return any(item in doomed or item.output == "*" for item in self.items)

    def cuts(self, doomed: Collection[Item]) -> Iterator[tuple[int, int]]:
        """The places of the text to take out; none where nothing would be left."""
        kept = [item for item in self.items if item not in doomed]
        if not kept:
            return
        for place, item in enumerate(self.items):
            if item not in doomed:
                continue
            if item.start < kept[0].start:  # with the comma behind it
                yield item.start, self.items[place + 1].start
            else:  # with the comma before it
                yield self.items[place - 1].end, item.end


class Statement:
    """Where the SELECT lists of a text are, and what its aliases stand for."""

    def __init__(self, sql: str) -> None:
        self.tokens = tokens_of(sql)
        self._depths = list(_depths(self.tokens))
        self.relations: dict[str, str] = {}
        self._homes: list[tuple[int, str]] = []
        self._name_relations()
        self.lists = [self._list(place) for place, token in enumerate(self.tokens) if _upper(token) == "SELECT"]

    def doomed(self, broken: Broken) -> set[Item]:
        """The items that need something broken, also by way of a query inside that does not have it any more."""
        names = {alias: set(broken.get(relation, ())) for alias, relation in self.relations.items()}
        found: set[Item] = set()
        while True:
            every = set().union(*names.values()) if names else set()
            more = {item for part in self.lists for item in part.items if _needs(item, names, every)}
            if more <= found:
                return found
            found |= more
            for part in self.lists:
                lost = {item.output for item in part.items if item in found}
                names.setdefault(part.alias or "", set()).update(lost if part.alias else ())

    def is_column_of(self, place: int, table: str) -> bool:
        """Whether the name at a place is a column of a table: by its qualifier, or because the query right around it
        reads that table."""
        if self.is_no_column(place):
            return False
        if qualifier := self.qualifier(place):
            return self.relations.get(qualifier) == table
        around = self._query_around(place)
        return any(relation == table and self._query_around(home) == around for home, relation in self._homes)

    def qualifier(self, place: int) -> str:
        """What stands before the dot before a name; "" for a name alone."""
        qualified = place > 1 and self.tokens[place - 1].token_type is TokenType.DOT
        return name_of(self.tokens[place - 2]) if qualified else ""

    def is_no_column(self, place: int) -> bool:
        """Whether a name is a qualifier, a function, an alias, a type or a placeholder."""
        follows = self.tokens[place + 1].token_type if place + 1 < len(self.tokens) else None
        before = self.tokens[place - 1] if place else None
        named = before is not None and (_upper(before) == "AS" or before.token_type is TokenType.COLON)
        return named or follows in (TokenType.DOT, TokenType.L_PAREN)

    def _query_around(self, place: int) -> int:
        """The SELECT whose query a token belongs to; brackets that hold no query of their own do not count."""
        depth, found = self._depths[place], -1
        for select in range(place, -1, -1):
            depth = min(depth, self._depths[select])
            if _upper(self.tokens[select]) == "SELECT" and self._depths[select] <= depth:
                return select
        return found

    def _name_relations(self) -> None:
        """`FROM "Service Desk".log AS r` → r is that table; one without an alias is called by its own name."""
        tokens = self.tokens
        for place in range(len(tokens) - 2):
            if tokens[place + 1].token_type is not TokenType.DOT or tokens[place].token_type in _LITERALS:
                continue
            if not place or _upper(tokens[place - 1]) not in ("FROM", "JOIN", "ONLY"):
                continue
            relation = f"{name_of(tokens[place])}.{name_of(tokens[place + 2])}"
            after = place + 3
            if after < len(tokens) and _upper(tokens[after]) == "AS":
                after += 1
            called = tokens[after] if after < len(tokens) else None
            is_alias = called is not None and called.token_type in (TokenType.VAR, TokenType.IDENTIFIER)
            self._homes.append((place, relation))
            self.relations[name_of(called) if called is not None and is_alias else name_of(tokens[place + 2])] = (
                relation
            )

    def _list(self, select: int) -> SelectList:
        depth, tokens = self._depths[select], self.tokens
        start, items = self._after_distinct(select), []
        place = begin = start
        while True:
            at_end = place == len(tokens) or self._depths[place] < depth
            ends = at_end or (self._depths[place] == depth and _upper(tokens[place]) in _ENDS)
            if ends or (self._depths[place] == depth and tokens[place].token_type is TokenType.COMMA):
                if place > begin:
                    items.append(_item(tokens[begin:place]))
                begin = place + 1
            if ends:
                break
            place += 1
        return SelectList(tuple(items), self._alias_around(select), self._counts(select))

    def _counts(self, select: int) -> bool:
        """Whether rows are compared by what a SELECT lists: DISTINCT without ON, an arm of a UNION or the like."""
        tokens, words = self.tokens, [_upper(token) for token in self.tokens]
        if words[select + 1 : select + 2] == ["DISTINCT"] and words[select + 2 : select + 3] != ["ON"]:
            return True
        first = last = select
        while True:
            depth = self._depths[first]
            while first and self._depths[first - 1] >= depth:
                first -= 1
            while last + 1 < len(tokens) and self._depths[last + 1] >= depth:
                last += 1
            if any(words[place] in _SETS and self._depths[place] == depth for place in range(first, last + 1)):
                return True
            before, after = words[first - 2] if first > 1 else "", words[last + 2 : last + 3]
            if first and (before in {*_SETS, "ALL", "DISTINCT"} or _SETS & set(after)):
                return True
            if first == 0 or before not in ("", "("):
                return False
            first, last = first - 1, last + 1  # brackets around it

    def _after_distinct(self, select: int) -> int:
        place = select + 1
        if place < len(self.tokens) and _upper(self.tokens[place]) in ("DISTINCT", "ALL"):
            place += 1
            if place < len(self.tokens) and _upper(self.tokens[place]) == "ON":
                depth = self._depths[place]
                place += 2
                while self._depths[place] > depth:
                    place += 1
        return place

    def _alias_around(self, select: int) -> str | None:
        """The name of the query in brackets that a SELECT belongs to: `(SELECT …) AS r`, `WITH r AS (SELECT …)`."""
        depth, tokens = self._depths[select], self.tokens
        if depth == 0:
            return None
        after = next((place for place in range(select, len(tokens)) if self._depths[place] < depth), len(tokens)) + 1
        if after < len(tokens) and _upper(tokens[after]) == "AS":
            after += 1
        if after < len(tokens) and tokens[after].token_type in (TokenType.VAR, TokenType.IDENTIFIER):
            return name_of(tokens[after])
        opens = next((place for place in range(select, -1, -1) if self._depths[place] < depth), 0)
        if opens >= 2 and _upper(tokens[opens - 1]) == "AS":
            return name_of(tokens[opens - 2])
        return ""


def _needs(item: Item, names: Mapping[str, Collection[str]], every: Collection[str]) -> bool:
    for qualifier, name in item.used:
        if name in (names.get(qualifier, ()) if qualifier else every) or "" in names.get(qualifier, ()):
            return True
    return False


def _item(tokens: Sequence[Token]) -> Item:
    used = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if not is_name(token) or (before is not None and _upper(before) == "AS"):
            continue
        follows = tokens[place + 1].token_type if place + 1 < len(tokens) else None
        if follows in (TokenType.DOT, TokenType.L_PAREN):
            continue
        qualified = before is not None and before.token_type is TokenType.DOT and place > 1
        used.append((name_of(tokens[place - 2]) if qualified else "", name_of(token)))
    words = {name_of(token) for token in tokens if is_name(token)}
    named = len(tokens) > 1 and _upper(tokens[-2]) == "AS"
    return Item(tokens[0].start, tokens[-1].end + 1, name_of(tokens[-1]), named, words, tuple(used))


def tokens_of(sql: str) -> list[Token]:
    try:
        return list(Postgres().tokenize(sql))
    except TokenError:
        return []


def _depths(tokens: Sequence[Token]) -> Iterator[int]:
    """How many brackets are open around each token; a bracket itself belongs to the outside."""
    depth = 0
    for token in tokens:
        if token.token_type is TokenType.R_PAREN:
            depth -= 1
        yield depth
        if token.token_type is TokenType.L_PAREN:
            depth += 1


def is_name(token: Token) -> bool:
    return token.token_type not in _LITERALS and (
        token.token_type is TokenType.IDENTIFIER or token.text[:1].isidentifier()
    )


def name_of(token: Token) -> str:
    """A name as PostgreSQL reads it: folded to lower case unless it is quoted."""
    return token.text if token.token_type is TokenType.IDENTIFIER else token.text.lower()


def _upper(token: Token) -> str:
    return "" if token.token_type is TokenType.IDENTIFIER else token.text.upper()
