"""Faults of `knowledge/board.yaml`: names that do not exist, and questions that do not mean their card.

The names are held against the knowledge alone. That a question is answered with its card's own number takes a reader,
and is proven for the range that the board opens with, in every language that the question is written in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from dash.board.asking import question_of
from dash.board.bar import opening_bar, read_window
from dash.errors import Fault
from dash.knowledge import Knowledge
from dash.knowledge.board import PERIOD, BoardFile, CardFile, read_board
from dash.knowledge.documents import Document, Path
from dash.knowledge.nearest import advise
from dash.knowledge.phrases import get_phrases
from dash.language.reader import Reader
from dash.records import Viewer
from dash.semantics.model import SemanticModel
from dash.shown.labels import Labels

_ANY_TIME = datetime(2026, 6, 17, 12, tzinfo=UTC)


def check_board(knowledge: Knowledge, reader: Reader | None = None) -> tuple[Fault, ...]:
    """All faults of the board of a knowledge folder; none when it has no board. With a reader also its questions."""
    board, document = read_board(knowledge.folder)
    if board is None:
        return tuple(sorted(document.faults))
    model = SemanticModel(knowledge)
    _check_names(board, document)
    _check_filters(board, document, model)
    for path, card in _cards(board):
        _check_card(card, path, board, document, model)
    if reader is not None and not document.faults:
        _check_periods(board, document, reader)
        _check_questions(board, document, reader)
    return tuple(sorted(set(document.faults)))


def _cards(board: BoardFile) -> Iterator[tuple[Path, CardFile]]:
    for place, section in enumerate(board.sections):
        for number, card in enumerate(section.cards):
            yield ("sections", place, "cards", number), card


def _check_names(board: BoardFile, document: Document) -> None:
    periods = [period.name for period in board.periods]
    if board.default_period not in periods:
        what = f"there is no period {board.default_period}"
        document.fault(("default_period",), what, advise(board.default_period, periods, "add it to periods"))
    named = [(("periods", index, "name"), period.name) for index, period in enumerate(board.periods)]
    for places in (named, [((*path, "name"), card.name) for path, card in _cards(board)]):
        seen: set[str] = set()
        for place, name in places:
            if name in seen:
                document.fault(place, f"the name {name} stands twice", "give each its own")
            seen.add(name)
    for word in ("{first}", "{last}"):
        for language, text in board.range.words.items():
            if word not in text:
                document.fault(("range", "words", language), f"{word} is missing", f"write {word} where the day stands")


def _check_filters(board: BoardFile, document: Document, model: SemanticModel) -> None:
    for index, one in enumerate(board.filters):
        path: Path = ("filters", index)
        _expect(document, model.dimensions, one.dimension, (*path, "dimension"), "dimension")
        if one.dimension in model.dimensions and not any(c.values for _, c in model.dimensions[one.dimension]):
            what = f"the dimension {one.dimension} lists no values to choose from"
            document.fault((*path, "dimension"), what, "list its values in its table, or take another dimension")
        for language, text in one.words.items():
            if "{values}" not in text:
                mend = "write {values} where they stand"
                document.fault((*path, "words", language), "{values} is missing", mend)


def _check_card(card: CardFile, path: Path, board: BoardFile, document: Document, model: SemanticModel) -> None:
    if (card.metric is None) == (card.query is None):
        what = f"the card {card.name} has {'neither' if card.metric is None else 'both'} of metric and query"
        document.fault((*path, "name"), what, "name one of them")
        return
    if len({PERIOD in text for text in card.question.values()}) > 1:
        what = f"only some languages of the question have {PERIOD}"
        document.fault((*path, "question"), what, "write it in all of them, or in none")
    if card.metric is not None:
        _check_metric(card, card.metric, path, board, document, model)
    elif _expect(document, model.knowledge.queries, card.query or "", (*path, "query"), "vetted query"):
        _check_query(card, path, document, model)


def _check_metric(
    card: CardFile, name: str, path: Path, board: BoardFile, document: Document, model: SemanticModel
) -> None:
    if card.column is not None:
        document.fault((*path, "column"), "only a vetted query has columns to choose", "remove column")
    if not _expect(document, model.metrics, name, (*path, "metric"), "metric"):
        return
    metric = model.metrics[name]
    if metric.table is not None and metric.table not in model.tables:
        return  # the fault is the table's
    splits = card.split is not None and _expect(document, model.dimensions, card.split, (*path, "split"), "dimension")
    if splits and not model.allows(metric, card.split or ""):
        what = f"{name} cannot be split by {card.split}"
        document.fault((*path, "split"), what, "take a dimension that the metric reaches")
    if card.is_timed and model.time_dimension(metric) is None:
        document.fault((*path, "question"), f"{name} has no time, so it has no {PERIOD}", f"leave {PERIOD} out")
    known = [one.dimension for one in board.filters]
    for index, dimension in enumerate(card.filters or ()):
        place = (*path, "filters", index)
        if _expect(document, known, dimension, place, "filter") and not model.allows(metric, dimension):
            document.fault(place, f"{name} cannot be narrowed by {dimension}", "remove the filter")


def _check_query(card: CardFile, path: Path, document: Document, model: SemanticModel) -> None:
    query = model.knowledge.queries[card.query or ""]
    for key in ("split", "aggregation", "grain", "filters"):
        if getattr(card, key) is not None:
            document.fault((*path, key), f"a vetted query takes no {key}", f"remove {key}")
    if card.column is not None:
        _expect(document, query.columns, card.column, (*path, "column"), "column")
    periods = [name for name, parameter in query.parameters.items() if parameter.type == "period"]
    if card.is_timed and len(periods) != 1:
        what = f"{query.name} has {len(periods) or 'no'} period parameters, so it cannot take the board's range"
        document.fault((*path, "question"), what, f"leave {PERIOD} out, or take another query")


def _check_periods(board: BoardFile, document: Document, reader: Reader) -> None:
    for index, period in enumerate(board.periods):
        if read_window(period.window, reader, _ANY_TIME, "UTC") is None:
            what = f"{period.window!r} is no time expression"
            document.fault(("periods", index, "window"), what, 'write one in English, such as "last 7 days"')


def _check_questions(board: BoardFile, document: Document, reader: Reader) -> None:
    if document.faults:
        return
    bar, viewer = opening_bar(board), Viewer()
    for path, card in _cards(board):
        for language in card.question:
            place = (*path, "question", language)
            if language not in reader.languages:
                document.fault(place, f"no language {language!r} is read", "write the question in one that is")
                continue
            labels = Labels(reader.knowledge, language, get_phrases(reader.knowledge.folder, language))
            if question_of(card, bar, board, reader, labels, _ANY_TIME, "UTC", viewer) is None:
                what = f"the product does not answer this question with what the card {card.name} shows"
                document.fault(place, what, "ask it with `dash ask` to see how it is understood, and write it plainer")


def _expect(document: Document, known: Iterable[str], given: str, path: Path, noun: str) -> bool:
    choices = list(known)
    if given not in choices:
        document.fault(path, f"there is no {noun} {given}", advise(given, choices, f"declare the {noun} first"))
    return given in choices
