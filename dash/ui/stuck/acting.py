"""What can be done about the rows that are ticked: acknowledge, assign, snooze, note, close as expected, take back.

Which rows are ticked is read when a button is pressed, not when it was drawn, and the desk writes about all of them or
none, as this person, about the check that they see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import streamlit as st

from dash.errors import DashError
from dash.ops import Action, ColleagueDecided, Deed, Done, Entry
from dash.ui.inert import label
from dash.ui.stuck.rows import snooze_words
from dash.ui.stuck.sight import Sight, tell

MORNING = time(7)
"""When a snooze ends that is to end in the morning: before the morning's check and digest, so that they tell it."""
MOST_UNASKED = 100
"""About more tickets than that nothing is done at the first click."""
_ROUND, _DONE, _ASKED = "stuck_round", "stuck_done", "stuck_asked"

Ticked = Callable[[], Sequence[Entry]]
Kind = Literal["primary", "secondary"]


def show_acts(sight: Sight, ticked: Ticked, entries: Sequence[Entry]) -> None:
    """Draw the bar. It stands there also while nothing is ticked, so that the table does not move."""
    nothing = not entries
    if _show_asked(sight):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="stuck-acts"):
        deeds = Deeds(sight, ticked)
        deeds.show(
            "acknowledge", sight.say("stuck_acknowledge"), "stuck-acknowledge", icon=":material/check:", kind="primary",
            width="content", disabled=nothing,
        )  # fmt: skip
        with _open_below("assign", ":material/person_add:", sight, nothing):
            _show_assign(deeds, entries)
        with _open_below("snooze", ":material/snooze:", sight, nothing):
            _show_snooze(deeds)
        with _open_below("note", ":material/edit_note:", sight, nothing):
            _show_words(deeds, "note", "stuck_note_label", required=True)
        with _open_below("close", ":material/task_alt:", sight, nothing):
            st.caption(sight.say("stuck_close_text"))
            _show_words(deeds, "close", "stuck_why_label", required=False)
        if any(entry.state.standing != "open" for entry in entries):
            st.button(
                sight.say("stuck_reopen"),
                icon=":material/undo:",
                key="stuck-reopen",
                help=sight.say("stuck_reopen_help"),
                on_click=_take_back,
                args=(sight, ticked),
            )
        words = sight.say("stuck_ticked", count=sight.count(len(entries))) if entries else sight.say("stuck_tick")
        with st.container(key="small-stuck-ticked", width="content"):
            st.text(words, width="content")


def round_of() -> int:
    """How often something was done here."""
    return int(st.session_state.get(_ROUND, 0))


def was_done() -> bool:
    """Whether something was just done, so that the rest of the page is out of date. Asked once."""
    return bool(st.session_state.pop(_DONE, False))


def _open_below(name: str, icon: str, sight: Sight, nothing: bool) -> st.delta_generator.DeltaGenerator:
    """What opens below a button. After something was done it is another one, so it is closed."""
    key = f"stuck-{name}-below-{round_of()}"
    return st.popover(sight.say(f"stuck_{name}"), icon=icon, disabled=nothing, key=key)


def _key(name: str) -> str:
    return f"stuck-{name}-{round_of()}"


@dataclass(frozen=True)
class Deeds:
    """Buttons, each of which does something about the rows that are ticked when it is pressed."""

    sight: Sight
    ticked: Ticked

    def show(
        self, deed: Deed, heading: str, key: str, *, icon: str | None = None, kind: Kind = "secondary",
        width: Literal["stretch", "content"] = "stretch", disabled: bool = False, **how: Any,
    ) -> None:  # fmt: skip
        """Draw one; `how` is what `_act` wants to know beside the deed."""
        st.button(
            heading, key=key, icon=icon, type=kind, width=width, disabled=disabled, on_click=_act,
            args=(self.sight, self.ticked, deed), kwargs=how,
        )  # fmt: skip


def _show_assign(deeds: Deeds, entries: Sequence[Entry]) -> None:
    sight, key = deeds.sight, _key("assignee")
    me = sight.say("stuck_assign_me")
    deeds.show("assign", me, "stuck-assign-me", icon=":material/person:", words=lambda: sight.name)
    st.text_input(sight.say("stuck_assign_to"), key=key, max_chars=120)
    deeds.show(
        "assign", sight.say("stuck_assign_save"), "stuck-assign-to", kind="primary", words=lambda: _typed(key),
        needs="stuck_assign_needs",
    )  # fmt: skip
    if any(entry.state.assignee for entry in entries):
        nobody = sight.say("stuck_assign_nobody")
        deeds.show("assign", nobody, "stuck-assign-nobody", icon=":material/person_off:")


def _show_snooze(deeds: Deeds) -> None:
    sight = deeds.sight
    for name, moment in ends_of_snooze(sight.now, sight.wording.zone):
        when = f" ({sight.wording.moment(moment)})" if moment else ""
        words = label(sight.say(f"stuck_snooze_{name}") + when)
        deeds.show("snooze", words, f"stuck-snooze-{name}", until=lambda moment=moment: moment)
    zone = ZoneInfo(sight.wording.zone)
    today = sight.now.astimezone(zone).date()
    day, clock = _key("snooze-day"), _key("snooze-time")
    with st.container(horizontal=True, gap="small"):
        st.date_input(
            sight.say("stuck_snooze_day"),
            value=today + timedelta(days=1),
            min_value=today,
            max_value=today + timedelta(days=366),
            format="YYYY-MM-DD",
            key=day,
            width=140,
        )
        st.time_input(sight.say("stuck_snooze_time"), value=MORNING, key=clock, width=110)
    deeds.show(
        "snooze", sight.say("stuck_snooze_own"), "stuck-snooze-own", kind="primary",
        until=lambda: _moment(st.session_state[day], st.session_state[clock], zone),
    )  # fmt: skip


def ends_of_snooze(now: datetime, zone: str) -> tuple[tuple[str, datetime | None], ...]:
    """Names and moments to choose from: tomorrow morning, in three days, Monday morning where that is another day; the
    next stage has no moment."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    monday = today + timedelta(days=7 - today.weekday())
    days = {"tomorrow": today + timedelta(days=1), "three_days": today + timedelta(days=3)}
    if monday not in days.values():
        days["monday"] = monday
    return (*((name, _moment(day, MORNING, place)) for name, day in days.items()), ("stage", None))


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def _show_words(deeds: Deeds, deed: Deed, heading: str, *, required: bool) -> None:
    sight, key = deeds.sight, _key(f"words-{deed}")
    st.text_area(sight.say(heading), key=key, max_chars=2_000, height=110)
    deeds.show(
        deed, sight.say(f"stuck_{deed}_save"), f"stuck-{deed}-save", kind="primary", words=lambda: _typed(key),
        needs="stuck_note_needs" if required else None,
    )  # fmt: skip


def _typed(key: str) -> str | None:
    return str(st.session_state.get(key) or "").strip() or None


def _act(
    sight: Sight,
    ticked: Ticked,
    deed: Deed,
    *,
    until: Callable[[], datetime | None] = lambda: None,
    words: Callable[[], str | None] = lambda: None,
    needs: str | None = None,
) -> None:
    """Do it about what is ticked now, and say so. `needs` says what is missing when there are no words."""
    said = words()
    if needs and not said:
        tell(sight.say(needs), trouble=True)
        return
    entries, end = ticked(), until()
    tickets = [entry.ticket.ticket for entry in entries]
    _ask_or_record(
        sight,
        deed,
        len(tickets),
        lambda: sight.desk.act(deed, tickets, until=end, text=said, check=sight.check, seen=entries),
    )


def _take_back(sight: Sight, ticked: Ticked) -> None:
    """Snoozed ones come back as they were before; what was acknowledged or closed is open again."""
    entries = [entry for entry in ticked() if entry.state.standing != "open"]
    snoozed_alone = all(entry.state.standing == "snoozed" for entry in entries)
    _ask_or_record(
        sight,
        "unsnooze" if snoozed_alone else "reopen",
        len(entries),
        lambda: sight.desk.bring_back(entries, check=sight.check),
    )


def _ask_or_record(sight: Sight, deed: Deed, tickets: int, write: Callable[[], Done]) -> None:
    if tickets > MOST_UNASKED:
        st.session_state[_ASKED] = _Asked(deed, tickets, sight.check.check_id, write)
    else:
        _record(sight, deed, tickets, write)


@dataclass(frozen=True)
class _Asked:
    """What is to be done about many tickets once somebody says yes; about the check that they see, and no other."""

    deed: Deed
    tickets: int
    check_id: int
    write: Callable[[], Done]


def _show_asked(sight: Sight) -> bool:
    """The question before something is done about many tickets, in place of the bar; says whether it stands there."""
    asked = st.session_state.get(_ASKED)
    if asked is None or asked.check_id != sight.check.check_id:
        st.session_state.pop(_ASKED, None)
        return False
    count = sight.count(asked.tickets)
    deed = "stuck_reopen" if asked.deed in ("unsnooze", "reopen") else f"stuck_{asked.deed}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="stuck-sure"):
        st.text(sight.say("stuck_sure", deed=sight.say(deed), count=count), width="content")
        yes = sight.say("stuck_sure_yes", count=count)
        st.button(label(yes), key="stuck-sure-yes", type="primary", on_click=_answer, args=(sight, asked))
        st.button(sight.say("stuck_sure_no"), key="stuck-sure-no", on_click=_answer, args=(sight, None))
    return True


def _answer(sight: Sight, asked: _Asked | None) -> None:
    st.session_state.pop(_ASKED, None)
    if asked is not None:
        _record(sight, asked.deed, asked.tickets, asked.write)


def _record(sight: Sight, deed: Deed, tickets: int, write: Callable[[], Done]) -> None:
    if not tickets:
        tell(sight.say("stuck_tick"), trouble=True)
        return
    try:
        done = write()
    except ColleagueDecided as refused:
        tell(sight.say("stuck_undoes", what=_described(sight, refused.undone)), trouble=True)
    except DashError as error:
        tell(error.message, trouble=True)
    else:
        parts = [sight.say(f"stuck_did_{deed}", count=sight.count(done.count))] if done.count else []
        parts += [sight.say("stuck_already", count=sight.count(done.already))] if done.already else []
        parts += [sight.say("stuck_kept", what=_described(sight, done.kept))] if done.kept else []
        tell(" · ".join(parts), trouble=bool(done.kept))
        st.session_state[_ROUND] = round_of() + 1
    st.session_state[_DONE] = True


def _described(sight: Sight, decisions: Sequence[Action]) -> str:
    """What others decided, counted: "2 snoozed until Monday (Ann)"."""
    said = Counter((_decision_words(sight, one), one.who) for one in decisions)
    return ", ".join(
        sight.say("stuck_decided", count=sight.count(count), state=words, who=who)
        for (words, who), count in said.items()
    )


def _decision_words(sight: Sight, decision: Action) -> str:
    if decision.deed == "snooze":
        return snooze_words(sight, decision.until)
    if decision.deed == "assign":
        return sight.say("stuck_given", whom=decision.text or "")
    return sight.say(f"stuck_standing_{'closed' if decision.deed == 'close' else 'acknowledged'}")
