"""Pairing rows of two results one to one, when "equal" means "near": near is not transitive, so keys alone cannot.

Every cell becomes a key that agreeing cells share: text its own, a number the chain of neighbours that it is near to.
Rows with different keys never agree, so one pass of counting settles nearly everything; only rows whose chain is
longer than the tolerance are compared with each other, by sorting where one number decides and as a bipartite graph
where several do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from dash.evals.columns import Agreement, Column

Vector = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Link:
    """A golden column and the answer column that may stand for it. `scale` is what golden numbers are multiplied by.

    `golden` and `answer` are keys, one per row; `loose` holds the keys of chains longer than the tolerance.
    """

    column: int
    scale: float
    agreement: Agreement
    golden: tuple[Hashable, ...]
    answer: tuple[Hashable, ...]
    loose: frozenset[Hashable]
    golden_cells: tuple[Hashable, ...]
    answer_cells: tuple[Hashable, ...]


def link(golden: Column, answer: Column, place: int, scale: float) -> Link | None:
    """The link of two columns, None when their cells cannot be paired at all, whatever the other columns say."""
    agreement = answer.agreement(golden)
    scaled = golden.numbers if scale == 1.0 else [number * scale for number in golden.numbers]
    if len(scaled) != len(answer.numbers) or golden.others != answer.others:
        return None
    if not all(map(agreement, scaled, answer.numbers)):
        return None
    chains, loose = _chains(scaled, answer.numbers, agreement)
    cells = golden.cells
    if scale != 1.0:
        cells = tuple(cell * scale if type(cell) is float else cell for cell in cells)
    return Link(
        column=place,
        scale=scale,
        agreement=agreement,
        golden=tuple(chains[cell] if type(cell) is float else cell for cell in cells),
        answer=tuple(chains[cell] if type(cell) is float else cell for cell in answer.cells),
        loose=loose,
        golden_cells=cells,
        answer_cells=answer.cells,
    )


def _chains(
    golden: Sequence[float], answer: Sequence[float], agreement: Agreement
) -> tuple[Mapping[float, Hashable], frozenset[Hashable]]:
    """The chain of each number: neighbours that are near belong to one. Two numbers that agree share theirs, because
    every number between them is nearer still."""
    chains: dict[float, Hashable] = {}
    loose = set()
    first = previous = None
    key: Hashable = None
    for number in sorted({*golden, *answer}):
        if first is None or previous is None or not agreement(previous, number):
            first, key = number, ("chain", len(chains))
        elif not agreement(first, number):
            loose.add(key)
        chains[number] = key
        previous = number
    return chains, frozenset(loose)


def pairable(links: Sequence[Link], segments: Sequence[int]) -> bool:
    """Whether rows can be paired one to one so that all links agree; `segments` says which rows may be paired: those
    at places with the same number."""
    golden, answer = keys(links, segments)
    if Counter(golden) != Counter(answer):
        return False
    loose = [each for each in links if each.loose]
    if not loose:
        return True
    groups: defaultdict[Hashable, tuple[list[Vector], list[Vector]]] = defaultdict(lambda: ([], []))
    wanted: dict[Hashable, list[Link]] = {}
    for side, keyed in enumerate((golden, answer)):
        for row, key in enumerate(keyed):
            if key not in wanted:
                wanted[key] = [each for each in loose if (each.answer if side else each.golden)[row] in each.loose]
            if wanted[key]:
                cells = tuple((each.answer_cells if side else each.golden_cells)[row] for each in wanted[key])
                groups[key][side].append(cells)  # type: ignore[arg-type]  # a loose key belongs to numbers
    return all(
        _vectors_pair(left, right, [each.agreement for each in wanted[key]]) for key, (left, right) in groups.items()
    )


def keys(links: Sequence[Link], segments: Sequence[int]) -> tuple[list[Hashable], list[Hashable]]:
    """One key per golden row and per answer row."""
    return (
        list(zip(segments, *(each.golden for each in links), strict=True)),
        list(zip(segments, *(each.answer for each in links), strict=True)),
    )


def _vectors_pair(golden: list[Vector], answer: list[Vector], agreements: Sequence[Agreement]) -> bool:
    golden.sort()
    answer.sort()
    if all(_agree(one, other, agreements) for one, other in zip(golden, answer, strict=True)):
        return True
    for place, agreement in enumerate(agreements):
        if not all(map(agreement, sorted(row[place] for row in golden), sorted(row[place] for row in answer))):
            return False
    # With one number the sorted rows have settled it above, so this is for several that disagree on the order.
    return perfect_matching(_edges(golden, answer, agreements), len(answer))


def _agree(golden: Vector, answer: Vector, agreements: Sequence[Agreement]) -> bool:
    return all(agreement(a, b) for agreement, a, b in zip(agreements, golden, answer, strict=True))


def _edges(golden: list[Vector], answer: list[Vector], agreements: Sequence[Agreement]) -> list[list[int]]:
    """Which answer rows each golden row agrees with, looked up by the number that leaves the fewest."""
    best: tuple[int, list[int], list[tuple[int, int]]] | None = None
    for place, agreement in enumerate(agreements):
        order = sorted(range(len(answer)), key=lambda row: answer[row][place])
        values = [answer[row][place] for row in order]
        spans = [_span(row[place], values, agreement) for row in golden]
        total = sum(end - start for start, end in spans)
        if best is None or total < best[0]:
            best = (total, order, spans)
    assert best is not None, "there is a column to look up by"
    _, order, spans = best
    return [
        [other for other in order[start:end] if _agree(row, answer[other], agreements)]
        for row, (start, end) in zip(golden, spans, strict=True)
    ]


def _span(number: float, values: Sequence[float], agreement: Agreement) -> tuple[int, int]:
    """Where in the sorted `values` those may lie that agree with `number`; a little wider, never narrower."""
    reach = max(abs(number) * agreement.relative / (1 - agreement.relative), agreement.absolute) * (1 + 1e-9)
    return bisect_left(values, number - reach), bisect_right(values, number + reach)


def perfect_matching(edges: Sequence[Sequence[int]], others: int) -> bool:
    """Whether every left node gets a right node of its own (Hopcroft and Karp); `others` is how many right ones are."""
    partner: list[int] = [-1] * len(edges)
    owner: list[int] = [-1] * others
    matched = 0
    while True:
        depth = _layers(edges, partner, owner)
        if depth is None:
            return matched == len(edges)
        matched += sum(_augment(node, edges, partner, owner, depth) for node in range(len(edges)) if partner[node] < 0)


def _layers(edges: Sequence[Sequence[int]], partner: Sequence[int], owner: Sequence[int]) -> list[int] | None:
    """How many steps each left node is from a free one, by alternating paths; None when no path reaches a free right
    node."""
    depth = [0 if other < 0 else -1 for other in partner]
    queue = deque(node for node, steps in enumerate(depth) if steps == 0)
    reaches = False
    while queue:
        node = queue.popleft()
        for other in edges[node]:
            following = owner[other]
            if following < 0:
                reaches = True
            elif depth[following] < 0:
                depth[following] = depth[node] + 1
                queue.append(following)
    return depth if reaches else None


def _augment(
    start: int, edges: Sequence[Sequence[int]], partner: list[int], owner: list[int], depth: list[int]
) -> bool:
    """Find one path from `start` to a free right node along the layers and flip it. A stack, since paths are long."""
    path = [(start, iter(edges[start]))]
    taken: list[int] = []
    while path:
        node, rest = path[-1]
        for other in rest:
            following = owner[other]
            if following < 0:
                taken.append(other)
                for (each, _), right in zip(path, taken, strict=True):
                    partner[each], owner[right] = right, each
                return True
            if depth[following] == depth[node] + 1:
                taken.append(other)
                path.append((following, iter(edges[following])))
                break
        else:
            depth[node] = -2
            path.pop()
            if taken:
                taken.pop()
    return False
