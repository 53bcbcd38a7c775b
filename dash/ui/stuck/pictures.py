"""Two pictures of what is listed: how long tickets have waited, and at which stage and in which group they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dash.knowledge.stuck import STAGE, StuckFile
from dash.ops import Entry
from dash.ui.inert import escaped
from dash.ui.stuck.address import NONE, PAGE, parameter
from dash.ui.stuck.sight import Sight

_DAYS = (7, 14, 30, 90, 180, 365)
_FEWEST_BARS = 5
MOST_GROUPS = 20


def show_ages(sight: Sight, entries: Sequence[Entry]) -> None:
    """A bar for each age; the ages begin at the thresholds."""
    from dash.ui.charts import build_chart

    st.subheader(sight.say("stuck_ages"), anchor=False)
    rows = ages(sight, entries)
    columns = [
        {"name": "age", "label": sight.say("stuck_waiting"), "unit": "text", "role": "dimension"},
        {"name": "tickets", "label": sight.say("stuck_tickets"), "unit": "count", "role": "metric"},
    ]
    chart = {"kind": "bar", "x": "age", "y": ["tickets"], "series": None, "title": ""}
    answer: dict[str, Any] = {"chart": chart, "columns": columns, "rows": rows, "language": sight.language}
    drawn = build_chart(answer, sight.wording.cells)
    if drawn is None:
        st.caption(sight.say("stuck_no_ages"))
        return
    drawn.figure.update_layout(height=300)
    if len(rows) < _FEWEST_BARS and drawn.figure.data[0].orientation == "v":  # one age would be a wall of colour
        room = (_FEWEST_BARS - len(rows)) / 2
        drawn.figure.update_xaxes(range=[-0.5 - room, len(rows) - 0.5 + room])
    st.plotly_chart(drawn.figure, key="stuck-ages-chart", config={"displayModeBar": False})


def ages(sight: Sight, entries: Sequence[Entry]) -> list[list[Any]]:
    """Names of ages with how many tickets have waited so long, from the first that has one to the last."""
    edges = _edges(sight.desk.file)
    hours = [entry.ticket.hours(sight.now) for entry in entries]
    wait = sight.wording.waiting
    bounds = [(0, edges[0]), *pairwise(edges)]
    rows = [
        [f"{wait(low)} – {wait(high)}" if low else f"< {wait(high)}", sum(low <= each < high for each in hours)]
        for low, high in bounds
    ]
    rows.append([f"> {wait(edges[-1])}", sum(each >= edges[-1] for each in hours)])
    filled = [index for index, row in enumerate(rows) if row[1]]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _edges(file: StuckFile) -> list[int]:
    limits = file.thresholds
    edges = {limits.hours, *(one.hours for one in limits.overrides), *limits.worse}
    return sorted(edges | {24 * days for days in _DAYS if 24 * days > max(edges)})


def show_places(sight: Sight, entries: Sequence[Entry]) -> None:
    """Stage by the first fact of the file as a table whose cells are the darker the more tickets they have; a cell is a
    link to its tickets."""
    name = next(iter(sight.facts), None)
    if name is None or not entries:
        return
    counts = Counter((sight.value_of(entry.ticket, name) or NONE, entry.ticket.stage) for entry in entries)
    groups = Counter[str]()
    stages = Counter[str]()
    for (group, stage), count in counts.items():
        groups[group] += count
        stages[stage] += count
    st.subheader(
        sight.say("stuck_places", stage=sight.wording.fact_label(STAGE), group=sight.wording.fact_label(name)),
        anchor=False,
    )
    st.html(_places_html(sight, name, counts, groups, stages))
    if len(groups) > MOST_GROUPS:
        st.caption(sight.say("stuck_places_cut", shown=MOST_GROUPS, count=len(groups)))


def _places_html(
    sight: Sight, name: str, counts: Counter[tuple[str, str]], groups: Counter[str], stages: Counter[str]
) -> str:
    order = [stage for stage, _ in stages.most_common()]
    largest = max(counts.values())
    heads = "".join(f"<th>{escaped(sight.wording.stage(stage))}</th>" for stage in order)
    lines = []
    for group, total in groups.most_common(MOST_GROUPS):
        words = sight.value_words(name, group)
        cells = "".join(_cell(sight, name, group, stage, counts[group, stage], largest) for stage in order)
        lines.append(f"<tr><th>{escaped(words)}</th>{cells}<td>{escaped(sight.count(total))}</td></tr>")
    whole = escaped(sight.say("stuck_all"))
    head = f"<tr><th>{escaped(sight.wording.fact_label(name))}</th>{heads}<th>{whole}</th></tr>"
    return f'<div class="stuck-places"><table><thead>{head}</thead><tbody>{"".join(lines)}</tbody></table></div>'


def _cell(sight: Sight, name: str, group: str, stage: str, count: int, largest: int) -> str:
    if not count:
        return "<td></td>"
    here = {key: st.query_params.get_all(key) for key in st.query_params if key != PAGE}
    here |= {parameter(STAGE): [stage], parameter(name): [group], "lang": [sight.language]}
    address = urlencode(here, doseq=True)
    words = escaped(sight.count(count))
    share = f"--share:{100 * count / largest:.0f}%"
    return f'<td style="{share}"><a href="stuck?{escaped(address)}" target="_self">{words}</a></td>'
