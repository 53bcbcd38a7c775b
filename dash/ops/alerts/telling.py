"""An alert as a message: what is measured, what it is now, what it was set to, and how to ask for it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from html import escape
from urllib.parse import urlencode

from dash.ask import Dash
from dash.ops.alerts.episodes import Change, Episode
from dash.ops.alerts.file import RuleFile
from dash.ops.alerts.judging import Reading
from dash.ops.alerts.reading import window_of
from dash.ops.delivery.messages import Message, link, page
from dash.ops.delivery.targets import Target
from dash.ops.delivery.words import say
from dash.records import Column
from dash.shown import Cells, cells_in
from dash.shown.labels import text_of, within
from dash.shown.moments import show_moment
from dash.shown.numbers import show_number, shown_unit
from dash.steps.interpret.periods import name_period


def show_value(dash: Dash, cells: Cells, metric: str, value: float) -> str:
    """A value of a metric with its unit."""
    declared = dash.knowledge.metrics[metric]
    column = Column(metric, metric, declared.unit, "metric", declared.better)
    return show_number(Decimal(repr(value)), shown_unit(column), cells.phrases)


def key_of(episode: Episode, state: str) -> str:
    """What an announcement is called in the ledger."""
    return f"alert:{episode.name}:{state}"


def tell(dash: Dash, rule: RuleFile, reading: Reading | None, episode: Episode, change: Change, to: Target) -> Message:
    """The message of a change, for one target."""
    cells = cells_in(to.language, dash.knowledge)
    label = text_of(rule.label, to.language)
    value = change.value if change.state == "cleared" or reading is None or reading.value is None else reading.value
    shown = show_value(dash, cells, rule.metric, value)
    lines = _cleared(dash, rule, cells, episode, shown, to) if change.state == "cleared" else _fired(
        dash, rule, reading, cells, shown, to
    )  # fmt: skip
    name = "alert_cleared" if change.state == "cleared" else "alert_fired"
    html = [f"<p>{escape(line)}</p>" for line in lines]
    words, address = _where_to_look(dash, rule, to)
    if words:
        html.append(f"<p>{link(address, words)}</p>")
        lines += [words, address] if address else [words]
    severity = "success" if change.state == "cleared" else "warning"
    title = say(name, to.language, label=label, value=shown)
    return Message(key_of(episode, change.state), title, "\n".join(lines), page(html), severity)  # type: ignore[arg-type]


def _where_to_look(dash: Dash, rule: RuleFile, to: Target) -> tuple[str, str | None]:
    """Words and address: the question whose answer is this number, else the board. Without a page there is no address,
    and of the board nothing to say."""
    root, question = dash.settings.page_url, text_of(rule.question, to.language)
    if question:
        address = f"{root}/?{urlencode({'ask': question, 'lang': to.language})}" if root else None
        return say("alert_ask", to.language, question=question), address
    return (say("open_board", to.language), f"{root}/board") if root else ("", None)


def _fired(dash: Dash, rule: RuleFile, reading: Reading | None, cells: Cells, shown: str, to: Target) -> list[str]:
    way = "above" if rule.above is not None else "below"
    bound = show_value(dash, cells, rule.metric, rule.bound)
    metric, window = _named(dash, rule, cells)
    lines = [say(f"alert_{way}", to.language, metric=metric, window=window, value=shown, bound=bound)]
    if rule.minimum is not None and reading is not None and reading.volume is not None:
        volume = show_value(dash, cells, rule.minimum.metric, reading.volume)
        counted = within(cells.labels.metric_label(rule.minimum.metric))
        lines.append(say("alert_volume", to.language, volume=f"{volume} ({counted})"))
    if rule.back != rule.bound:
        lines.append(say("alert_clears", to.language, back=show_value(dash, cells, rule.metric, rule.back)))
    return [" ".join(line.split()) for line in lines]


def _cleared(dash: Dash, rule: RuleFile, cells: Cells, episode: Episode, shown: str, to: Target) -> list[str]:
    metric, window = _named(dash, rule, cells)
    fired = show_value(dash, cells, rule.metric, episode.fired.value)
    moment = show_moment(episode.fired.changed_at, cells.phrases, dash.settings.zone)
    line = say("alert_back", to.language, metric=metric, window=window, value=shown, fired=fired, moment=moment)
    return [" ".join(line.split())]


def _named(dash: Dash, rule: RuleFile, cells: Cells) -> tuple[str, str]:
    """The metric with its conditions, and the window, in words."""
    metric = cells.labels.metric_label(rule.metric)
    chosen = [
        cells.labels.find_value_label(dimension, value) or value
        for dimension, values in rule.where.items()
        for value in values
    ]
    window = window_of(rule, dash.reader, _any_time(dash), dash.settings.zone)
    words = name_period(window.phrase, cells.phrases) if window is not None else None
    return metric + (f" ({', '.join(chosen)})" if chosen else ""), words or ""


def _any_time(dash: Dash) -> datetime:
    return dash.clock()
