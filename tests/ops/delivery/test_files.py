"""`dash check` finds every mistake in alerts.yaml and delivery.yaml, with its line and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dash.database import Database
from dash.knowledge import load_everything
from dash.language.reader import Reader
from dash.ops.alerts.checking import check_alerts
from dash.ops.delivery.checking import check_delivery
from dash.ops.delivery.file import DeliveryFile
from dash.ops.delivery.targets import find_targets, missing_targets
from dash.settings import REPOSITORY, Settings
from tests.conftest import with_reading

RULE = "alerts:\n  - name: a\n    label: {en: A}\n    metric: escalation_rate\n"


@pytest.fixture
def faults(tmp_path: Path, settings: Settings, server: Database) -> Callable[[str, str], list[str]]:
    """The faults of a file's text in a copy of the shipped knowledge."""
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    with_reading(settings, tmp_path / "home")

    def found(name: str, text: str) -> list[str]:
        (folder / name).write_text(text, encoding="utf-8")
        knowledge = load_everything(folder).knowledge
        if name == "delivery.yaml":
            return [str(fault) for fault in check_delivery(knowledge, "UTC")]
        return [str(fault) for fault in check_alerts(knowledge, Reader(knowledge, tmp_path / "home"))]

    return found


ALERTS = {
    "    above: 1\n    below: 2\n": "alerts.yaml:2: the alert a has both of above and below; write one of them",
    "    window: today\n": "alerts.yaml:2: the alert a has neither of above and below; write one of them",
    "    above: 10\n    clears_at: 11\n": "alerts.yaml:6: it clears at 11, which still fires above 10;",
    "    above: 10\n    windows: today\n": "alerts.yaml:6: the key windows is not known here; write window",
    "    above: 10\n    window: somewhen\n": "alerts.yaml:6: 'somewhen' is no time expression;",
    "    above: 10\n    where: {chanel: [chat]}\n": "alerts.yaml:6: there is no dimension chanel; write channel",
    "    above: 10\n    where: {channel: [chatt]}\n": "alerts.yaml:6: channel has no value chatt; write chat",
    "    above: 10\n    minimum: {metric: closed_chats, at_least: 5}\n": "alerts.yaml:6: there is no metric",
    "    above: 10\n    targets: [opps]\n": "alerts.yaml:6: delivery.yaml has no target opps;",
    "    above: ten\n": "alerts.yaml:5: the key above is the text 'ten'; write a number",
    "    above: 1\n    window: today\n    question: {en: Escalation rate yesterday}\n": (
        "alerts.yaml:7: the product does not answer this question with what the alert a measures;"
    ),
    "    above: 1\n    window: today\n    question: {en: Escalation rate today}\n": "",
}


@pytest.mark.parametrize("text", ALERTS)
def test_faults_of_alerts(faults: Callable[[str, str], list[str]], text: str) -> None:
    found = faults("alerts.yaml", RULE + text)
    if not ALERTS[text]:
        assert found == []
    else:
        assert [fault for fault in found if fault.startswith(f"knowledge/{ALERTS[text]}")], found


DELIVERY = {
    "zone: Mars\n": "delivery.yaml:1: Mars is not a time zone;",
    "targets: {ops: {language: fr}}\n": "delivery.yaml:1: messages are not written in 'fr';",
    "targets: {ops: {receives: [stuk]}}\n": "delivery.yaml:1: ",
    "targets:\n  ops_chat: {}\n  ops-chat: {}\n": "delivery.yaml:2: ops_chat stands twice, as ops-chat;",
    "schedule:\n  lunch: {cron: 0 12 * * *}\n": "delivery.yaml:2: there is no job lunch;",
    "schedule:\n  alerts: {cron: 61 * * * *}\n": "delivery.yaml:2: '61 * * * *': bad minute;",
    "zone: Asia/Tokyo\nschedule:\n  weekly_digest: {cron: 0 8 * * 1}\n": (
        "delivery.yaml:3: when it is due in Asia/Tokyo, the week is not over in the reporting zone UTC;"
    ),
    "weekly: {cards: [volumes]}\n": "delivery.yaml:1: the board has no card volumes; write volume",
    "weekly: {cards: [categories]}\n": "delivery.yaml:1: the card categories is not one number over a period;",
    "weekly: {chart: categories}\n": "delivery.yaml:1: no card categories can be drawn week by week;",
}


@pytest.mark.parametrize("text", DELIVERY)
def test_faults_of_delivery(faults: Callable[[str, str], list[str]], text: str) -> None:
    found = faults("delivery.yaml", text)
    assert [fault for fault in found if fault.startswith(f"knowledge/{DELIVERY[text]}")], found


def test_addresses_come_from_the_environment_and_a_file_and_are_routed_by_name(tmp_path: Path) -> None:
    addresses = tmp_path / "targets.yaml"
    addresses.write_text("leads_mail: mailto://secret@host\nOPS: json://elsewhere\nagain: json://here\n")
    environment = {"DASH_TARGETS": str(addresses), "DASH_TARGET_OPS": "json://here", "DASH_TARGET_EMPTY": " "}
    settings = Settings.from_env({"DASH_HOME": str(tmp_path), **environment})
    file = DeliveryFile.model_validate(
        {"targets": {"Leads_mail": {"receives": ["weekly"], "language": "ru", "names": True}, "other": {}}}
    )
    found = {target.name: target for target in find_targets(settings, file)}
    # json://here has two names and is one target, so it gets nothing twice.
    assert {name: target.url for name, target in found.items()} == {
        "again": "json://here", "leads-mail": "mailto://secret@host",
    }  # fmt: skip
    assert (found["leads-mail"].language, found["leads-mail"].receives) == ("ru", {"weekly"})
    assert found["leads-mail"].names and not found["again"].names
    assert found["again"].receives == {"stuck", "weekly", "alerts"}
    assert missing_targets(settings, file) == ("other",)
    assert "secret" not in repr(settings) and "secret" not in repr(found)
