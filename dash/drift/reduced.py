"""The knowledge without what is not there any more, so that everything else goes on being answered.

Only the SQL of derived tables changes: an item of a SELECT list that needs a broken column is taken out, by the places
of the text's tokens, and the rest stays to the letter. Nothing is put in its place. A question that needs the item
names a column that the query does not have then, which the guard rejects; so a part that is missed here costs an
answer and never makes a wrong one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from dash.drift.findings import Finding
from dash.knowledge import Knowledge
from dash.knowledge.check.sql import read_query

Broken = Mapping[str, Collection[str]]
"""Table → the names of its columns that nothing may be read of; "" among them for the whole table."""

_ENDS = frozenset({"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW"})
_LITERALS = frozenset({TokenType.STRING, TokenType.NUMBER, TokenType.NATIONAL_STRING, TokenType.HEREDOC_STRING})


@dataclass(frozen=True)
class Reduced:
    """The knowledge as it can be asked, and why each (table, column) of it that cannot be is broken, also those of
    derived tables; the column is "" for a whole table."""

    knowledge: Knowledge
    why: Mapping[tuple[str, str], Finding]

    def allowed(self) -> dict[str, tuple[str, ...]]:
        """What a query may read: what is there as it is described."""
        return {
            table: tuple(column for column in columns if (table, column) not in self.why)
            for table, columns in self.knowledge.allowed().items()
            if (table, "") not in self.why
        }

    def explain(self, sql: str) -> tuple[Finding, ...]:
        """Why a query cannot be run: the findings whose columns and tables its text names."""
        if not self.why:
            return ()
        words = {_name(token) for token in _tokens(sql)}
        real = self.knowledge.allowed()
        named = [
            finding
            for (table, column), finding in self.why.items()
            if (not column or column in words) and (table not in real or table.rpartition(".")[2] in words)
        ]
        return tuple(dict.fromkeys(named))


def reduce(knowledge: Knowledge, findings: Sequence[Finding]) -> Reduced:
    """The knowledge without what the findings break; the same object where they break nothing."""
    breaking = [finding for finding in findings if finding.breaks]
    if not breaking:
        return Reduced(knowledge, {})
    why = {(finding.table, finding.column): finding for finding in breaking}
    broken: dict[str, set[str]] = {}
    for finding in breaking:
        broken.setdefault(finding.table, set()).add(finding.column)
    tables = dict(knowledge.tables)
    for name, table in knowledge.tables.items():
        if table.sql is None:
            continue
        text, lost = without_columns(table.sql, broken)
        tables[name] = table.model_copy(update={"sql": text})
        whole = [why[one, ""] for one in broken if (one, "") in why and _mentions(table.sql, one)]
        why |= {(name, column.name): whole[0] for column in table.table_columns if whole}
        why |= {(name, output): _behind(breaking, words) for output, words in lost.items()}
    digest = hashlib.sha256(knowledge.fingerprint.encode())
    digest.update("\n".join(map(str, breaking)).encode())
    return Reduced(replace(knowledge, tables=tables, fingerprint=digest.hexdigest()), why)


def _behind(breaking: Sequence[Finding], words: Collection[str]) -> Finding:
    """The finding that a derived column is lost by: one whose column its item names."""
    return next((one for one in breaking if one.column in words), breaking[0])


def _mentions(sql: str, table: str) -> bool:
    return table in {relation for relation in _Statement(sql).relations.values() if relation}


def without_columns(sql: str, broken: Broken) -> tuple[str, dict[str, set[str]]]:
    """A query's text without the items that need broken columns, and what it does not have any more: each name with
    the words of its item."""
    read = _Statement(sql)
    doomed = read.doomed(broken)
    lost = {item.output: item.words for part in read.lists if part.alias is None for item in part.items if item in doomed}
    cuts = [cut for part in read.lists for cut in part.cuts(doomed)]
    text = sql
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + text[end:]
    return (text, lost) if cuts and read_query(text).tree is not None else (sql, {})


@dataclass(frozen=True, eq=False)
class _Item:
    """One item of a SELECT list: what it is called, the words in it, and the names that it uses with their qualifiers."""

    start: int
    end: int
    output: str
    words: set[str]
    used: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class _List:
    """One SELECT list; `alias` is what the query around it is called by others, None for the outermost."""

    items: tuple[_Item, ...]
    alias: str | None

    def cuts(self, doomed: Collection[_Item]) -> Iterator[tuple[int, int]]:
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


class _Statement:
    """Where the SELECT lists of a text are, and what its aliases stand for."""

    def __init__(self, sql: str) -> None:
        self._tokens = _tokens(sql)
        self._depths = list(_depths(self._tokens))
        self.relations: dict[str, str] = {}
        self._name_relations()
        self.lists = [self._list(place) for place, token in enumerate(self._tokens) if _upper(token) == "SELECT"]

    def doomed(self, broken: Broken) -> set[_Item]:
        """The items that need something broken, also by way of a query inside that does not have it any more."""
        names = {alias: set(broken.get(relation, ())) for alias, relation in self.relations.items()}
        found: set[_Item] = set()
        while True:
            every = set().union(*names.values()) if names else set()
            more = {item for part in self.lists for item in part.items if _needs(item, names, every)}
            if more <= found:
                return found
            found |= more
            for part in self.lists:
                lost = {item.output for item in part.items if item in found}
                names.setdefault(part.alias or "", set()).update(lost if part.alias else ())

    def _name_relations(self) -> None:
        """`FROM "Service Desk".log AS r` → r is that table; one without an alias is called by its own name."""
        tokens = self._tokens
        for place in range(len(tokens) - 2):
            if tokens[place + 1].token_type is not TokenType.DOT or tokens[place].token_type in _LITERALS:
                continue
            before = _upper(tokens[place - 1]) if place else ""
            if before not in ("FROM", "JOIN", ",", "ONLY") and tokens[place - 1].token_type is not TokenType.COMMA:
                continue
            relation = f"{_name(tokens[place])}.{_name(tokens[place + 2])}"
            after = place + 3
            if after < len(tokens) and _upper(tokens[after]) == "AS":
                after += 1
            called = tokens[after] if after < len(tokens) else None
            is_alias = called is not None and called.token_type in (TokenType.VAR, TokenType.IDENTIFIER)
            self.relations[_name(called) if called is not None and is_alias else _name(tokens[place + 2])] = relation

    def _list(self, select: int) -> _List:
        depth, tokens = self._depths[select], self._tokens
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
        return _List(tuple(items), self._alias_around(select))

    def _after_distinct(self, select: int) -> int:
        place = select + 1
        if place < len(self._tokens) and _upper(self._tokens[place]) in ("DISTINCT", "ALL"):
            place += 1
            if place < len(self._tokens) and _upper(self._tokens[place]) == "ON":
                depth = self._depths[place]
                place += 2
                while self._depths[place] > depth:
                    place += 1
        return place

    def _alias_around(self, select: int) -> str | None:
        """The name of the query in brackets that a SELECT belongs to: `(SELECT …) AS r`, `WITH r AS (SELECT …)`."""
        depth, tokens = self._depths[select], self._tokens
        if depth == 0:
            return None
        after = next((place for place in range(select, len(tokens)) if self._depths[place] < depth), len(tokens)) + 1
        if after < len(tokens) and _upper(tokens[after]) == "AS":
            after += 1
        if after < len(tokens) and tokens[after].token_type in (TokenType.VAR, TokenType.IDENTIFIER):
            return _name(tokens[after])
        opens = next((place for place in range(select, -1, -1) if self._depths[place] < depth), 0)
        if opens >= 2 and _upper(tokens[opens - 1]) == "AS":
            return _name(tokens[opens - 2])
        return ""


def _needs(item: _Item, names: Mapping[str, Collection[str]], every: Collection[str]) -> bool:
    for qualifier, name in item.used:
        if name in (names.get(qualifier, ()) if qualifier else every) or "" in names.get(qualifier, ()):
            return True
    return False


def _item(tokens: Sequence[Token]) -> _Item:
    used = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if not _is_name(token) or (before is not None and _upper(before) == "AS"):
            continue
        follows = tokens[place + 1].token_type if place + 1 < len(tokens) else None
        if follows in (TokenType.DOT, TokenType.L_PAREN):
            continue
        qualified = before is not None and before.token_type is TokenType.DOT and place > 1
        used.append((_name(tokens[place - 2]) if qualified else "", _name(token)))
    words = {_name(token) for token in tokens if _is_name(token)}
    return _Item(tokens[0].start, tokens[-1].end + 1, _name(tokens[-1]), words, tuple(used))


def _tokens(sql: str) -> list[Token]:
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


def _is_name(token: Token) -> bool:
    return token.token_type not in _LITERALS and (
        token.token_type is TokenType.IDENTIFIER or token.text[:1].isidentifier()
    )


def _name(token: Token) -> str:
    """A name as PostgreSQL reads it: folded to lower case unless it is quoted."""
    return token.text if token.token_type is TokenType.IDENTIFIER else token.text.lower()


def _upper(token: Token) -> str:
    return "" if token.token_type is TokenType.IDENTIFIER else token.text.upper()
