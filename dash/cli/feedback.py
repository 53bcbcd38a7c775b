"""`dash feedback RUN`: say that an answer is right, or what is wrong with it; the same as the thumbs on the page."""

from __future__ import annotations

import click

from dash.settings import Settings


@click.command("feedback", short_help="Say whether an answer is right.")
@click.argument("run_id", metavar="RUN")
@click.option("--good", is_flag=True, help="The answer is right.")
@click.option("--bad", is_flag=True, help="The answer is wrong; the next three say how.")
@click.option("--meant", metavar="QUESTION", help="Another question was meant; it is asked at once.")
@click.option("--right", metavar="NUMBER", help="The right number.")
@click.option("--other", metavar="TEXT", help="Something else is wrong.")
@click.option("--note", metavar="TEXT", default="", help="Anything more about it.")
@click.pass_context
def feedback_command(
    ctx: click.Context,
    run_id: str,
    good: bool,
    bad: bool,
    meant: str | None,
    right: str | None,
    other: str | None,
    note: str,
) -> None:
    """Say whether the answer of RUN is right; an objection becomes a candidate learning that is yours alone."""
    from dash.feedback import Correction, Feedback, give

    said: dict[Correction, str | None] = {"meant": meant, "right": right, "other": other}
    words = {name: value for name, value in said.items() if value is not None}
    if len(words) > 1 or good == (bad or bool(words)):
        raise click.UsageError("Give one of --good, --bad, --meant, --right, --other.")
    from dash.ask import Dash, answer_json
    from dash.cli.show import show_answer

    settings = Settings.from_env()
    correction = next(iter(words), None)
    with Dash.open(settings) as dash:
        thread_id = dash.runs.get(run_id, owner=settings.user).thread_id
        given = Feedback(
            run_id,
            settings.user,
            "good" if good else "bad",
            correction,
            words[correction] or "" if correction else "",
            note,
        )
        given = give(dash, given)
        click.echo(f"Noted; it waits as {given.learning_id}." if given.learning_id else "Noted.", err=True)
        if correction == "meant":
            answer = dash.ask(given.said, thread_id=thread_id)
            show_answer(answer_json(answer), dash.knowledge)
