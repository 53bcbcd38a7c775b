"""What was learned, handed to a model through Agno's LearningMachine: one custom store over our own table.

Agno's own stores keep whatever a model says about a conversation. This one recalls the lines of reviewed learnings
about the tables in question, and nothing else: it takes nothing out of conversations, gives a model no tools, and its
data goes into the prompt by line, within the budget of the prompt and into the record of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from agno.learn.machine import LearningMachine

from dash.llm.calling import silence

STORE = "dash_learnings"

Recall = Callable[[Collection[str]], Sequence[str]]
"""Relations → the lines of what was learned about them, best first."""


class LearnedLines:
    """A store as Agno's protocol wants it (agno.learn.stores.protocol.LearningStore)."""

    learning_type = STORE
    schema = str
    was_updated = False

    def __init__(self, recall: Recall) -> None:
        self._recall = recall
        self.failure: Exception | None = None

    def recall(self, *, relations: Collection[str] = (), **_: Any) -> list[str]:
        """The lines about these relations. Agno logs what a store raises and goes on, so it is kept here."""
        try:
            return list(self._recall(relations))
        except Exception as error:
            self.failure = error
            raise

    async def arecall(self, *, relations: Collection[str] = (), **_: Any) -> list[str]:
        """The same."""
        return self.recall(relations=relations)

    def process(self, messages: list[Any], **_: Any) -> None:
        """Nothing: what a run teaches comes from its facts (dash.steps.learn), not from what was said in it."""

    async def aprocess(self, messages: list[Any], **_: Any) -> None:
        """Nothing, likewise."""

    def build_context(self, data: Sequence[str] | None) -> str:
        """The lines as a text, for whoever lets Agno write the prompt."""
        return "\n".join(["Learned from mistakes:", *(f"- {line}" for line in data)]) if data else ""

    def instructions(self) -> str:
        """None: there are no tools to explain."""
        return ""

    def get_tools(self, **_: Any) -> list[Callable[..., Any]]:
        """None: a model writes no learning."""
        return []

    async def aget_tools(self, **_: Any) -> list[Callable[..., Any]]:
        """None, likewise."""
        return []


def recalled(recall: Recall, relations: Collection[str]) -> tuple[str, ...]:
    """What the machine recalls about these relations. Raises what `recall` does."""
    store = LearnedLines(recall)
    machine = LearningMachine(custom_stores={STORE: store})
    with silence():
        lines = tuple(machine.recall(relations=relations).get(STORE) or ())
    if store.failure is not None:
        raise store.failure
    return lines
