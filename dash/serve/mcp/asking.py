"""Tools that answer: a question in words, a vetted query with parameters, and further rows of an answer.

All of them go the way of every question, so what an assistant asks is guarded, masked, recorded and audited like what
a person asks on the page, and stands in the same person's conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from dash.ask import answer_json
from dash.desk import AnswerDict, Job
from dash.errors import NotFoundError, UserError
from dash.knowledge.formats import QueryFile
from dash.knowledge.nearest import advise
from dash.language.reader import Reader
from dash.parameters import LONGEST_TEXT, Given, read_choices
from dash.records import Refill, Viewer
from dash.serve.mcp.answers import AnswerOut, RowsOut, answer_out, rows_out
from dash.serve.mcp.calls import Calls

ROWS = 20
MOST_ROWS = 200

Rows = Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows of the first page.")]
WithSql = Annotated[bool, Field(description="Return the SQL and its bound values too.")]
Language = Annotated[str, Field(max_length=8, description="Language of names and sentences, such as en or ru.")]


@dataclass(frozen=True)
class Asking:
    """The tools of this module."""

    calls: Calls

    async def ask(
        self,
        ctx: Context[Any, Any],
        question: Annotated[str, Field(min_length=1, max_length=2_000, description="In any language that it reads.")],
        thread_id: Annotated[
            str | None, Field(max_length=64, description="Of an earlier answer, when this question leans on it.")
        ] = None,
        rows: Rows = ROWS,
        with_sql: WithSql = False,
    ) -> AnswerOut:
        """Answer a question about the support data in plain language: a number, a trend, a comparison, a list.

        It answers, asks back (outcome clarification: put question_back to the person) or declines. Repeat numbers as
        they are given, with their caveats, and say their provenance.
        """
        dash = self.calls.dash

        def start(viewer: Viewer) -> Job:
            desk = self.calls.desk
            desk.require_place(viewer)
            if thread_id is not None:
                dash.threads.require(thread_id, owner=viewer.name)
            return desk.start(thread_id or dash.threads.start(viewer.name), question, viewer=viewer)

        return await self.calls.ask(ctx, "ask", start, self._page(rows, with_sql))

    async def run_vetted_query(
        self,
        ctx: Context[Any, Any],
        name: Annotated[str, Field(max_length=200, description="As list_vetted_queries names it.")],
        parameters: Annotated[
            dict[str, str | int | float | bool | None] | None,
            Field(description="By name; what is left out takes its default. A period is words: last 7 days."),
        ] = None,
        rows: Rows = ROWS,
        with_sql: WithSql = False,
        language: Language = "en",
    ) -> AnswerOut:
        """Run a query that a person has reviewed, with parameters of your choice within what its file allows."""
        dash = self.calls.dash

        def start(viewer: Viewer) -> Job:
            reader = dash.reader
            query = get_query(reader, name)
            now = dash.clock()
            filled = read_choices(query, parameters or {}, reader, now, dash.settings.zone)
            text = in_words(query, parameters or {}, reader, language)

            def work(job: Job, on_step: Callable[[str, float], None]) -> AnswerDict:
                answer = dash.ask(
                    text,
                    viewer=viewer,
                    now=now,
                    on_begin=lambda run_id, _thread_id: job.begun(run_id),
                    on_step=on_step,
                    cancelled=job.cancelled.is_set,
                    learns=False,
                    refill=Refill(name, filled),
                )
                return answer_json(answer)

            return self.calls.desk.start_apart(text, work, viewer=viewer)

        return await self.calls.ask(ctx, "try_query", start, self._page(rows, with_sql))

    async def read_rows(
        self,
        ctx: Context[Any, Any],
        run_id: Annotated[str, Field(max_length=64, description="Of an answer of yours.")],
        start: Annotated[int, Field(ge=0, le=1_000_000, description="`next_start` of the page before.")] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS,
    ) -> RowsOut:
        """Read further rows of an answer, as they were when it was given. Nothing is asked of the database again."""
        dash = self.calls.dash

        def work(viewer: Viewer) -> RowsOut:
            run = dash.runs.get(run_id, owner=viewer.name)
            if not run.answer or not run.answer.get("columns"):
                raise UserError("This answer has no rows.")
            return rows_out(run.answer, dash.knowledge, start=start, limit=limit)

        return await self.calls.look(ctx, "ask", work)

    def _page(self, rows: int, with_sql: bool) -> Callable[[AnswerDict], AnswerOut]:
        return lambda answer: answer_out(answer, self.calls.dash.knowledge, rows=rows, with_sql=with_sql)


def get_query(reader: Reader, name: str) -> QueryFile:
    """The vetted query of that name. Raises NotFoundError with the nearest name."""
    queries = reader.knowledge.queries
    if name not in queries:
        raise NotFoundError(
            f"There is no vetted query {name[:LONGEST_TEXT]!r}; {advise(name, queries, 'list_vetted_queries has all')}."
        )
    return queries[name]


def in_words(query: QueryFile, given: Mapping[str, Given], reader: Reader, language: str) -> str:
    """What is asked, in words for the record: an example question of the query with what was chosen in it."""
    values = {name: str(declared.default) for name, declared in query.parameters.items()}
    values |= {name: str(value)[:LONGEST_TEXT] for name, value in given.items() if value is not None}
    spoken = language if language in reader.languages else reader.default_language
    for example in reader.patterns.questions(query.name, spoken):
        try:
            return example.format(**values)
        except (KeyError, IndexError, ValueError):
            continue
    chosen = "".join(f" · {name}: {values[name]}" for name in given if name in query.parameters)
    return query.name.replace("_", " ") + chosen
