"""Spanish, French and Hebrew are files: what is special about their writing and grammar, from the user's side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dash.language.reader import Reader
from dash.language.tokens import normalize, tokenize

from .test_reading import _short, assert_understood

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

CASES = [
    ("¿Cuántos tickets hubo ayer?", "tickets @yesterday"),
    ("cuantos tickets hubo ayer por categoria", "tickets /category @yesterday"),
    ("¿Cuál fue la tasa de resolución en enero?", "resolution_rate @month:2026-01"),
    ("Las 3 categorías con más tickets el mes pasado", "tickets /category ^tickets:desc #3 @last_month"),
    ("¿Qué canal tiene el mejor CSAT?", "csat /channel ^csat:desc #1"),
    ("¿Qué mes tuvo el mejor CSAT?", "csat ~month ^csat:desc #1"),
    ("tickets en los últimos 7 días", "tickets @last_n_days:7"),
    ("tickets en los 7 últimos días", "tickets @last_n_days:7"),
    ("tickets hace 3 días", "tickets @day:2026-11-17"),
    ("¿Cuántos tickets hubo entre el 1 y el 15 de octubre?", "tickets @between:2026-10-01..2026-10-15"),
    ("Compara los tickets de esta semana con la semana pasada", "tickets @this_week vs last_week"),
    ("tickets que no son de España", "tickets country!=ES"),
    ("¿Qué porcentaje de tickets son de envíos?", "tickets share category=shipping_inquiry?"),
    ("Combien de tickets l'IA a-t-elle traités la semaine dernière ?", "ai_handled_tickets @last_week"),
    ("tickets d'aujourd'hui par canal", "tickets /channel @today"),
    ("tickets par mois sur les 6 derniers mois", "tickets ~month @last_n_months:6"),
    ("Quelle catégorie a le plus de tickets ?", "tickets /category ^tickets:desc #1"),
    ("Catégories avec plus de 100 tickets le mois dernier", "tickets /category >tickets:gt:100 @last_month"),
    ("Combien de tickets entre le 1er et le 15 octobre ?", "tickets @between:2026-10-01..2026-10-15"),
    ("Quels sont les tickets ouverts de France ?", "list:open_tickets country=FR"),
    ("¿Cuáles son los tickets urgentes?", "list:tickets urgency=high"),
    ("מהן הפניות הפתוחות מישראל?", "list:open_tickets country=IL"),
    ("tickets hors France", "tickets country!=FR"),
    ("כמה פניות התקבלו בשבוע שעבר?", "tickets @last_week"),
    ("כמה פניות יש השבוע?", "tickets @this_week"),
    ("פניות לפי ערוץ ושפה אתמול", "tickets /channel /language @yesterday"),
    ("פניות דחופות מאתמול", "tickets urgency=high @yesterday"),
    ("מה ה-CSAT בחודש האחרון?", "csat @last_month"),
    ("פניות ב-24 השעות האחרונות", "tickets @last_n_hours:24"),
    ("פניות ביומיים האחרונים", "tickets @last_n_days:2"),
    ("פניות בדוא\"ל באוקטובר", "tickets channel=email @month:2026-10"),
    ("פניות בצ׳אט אתמול", "tickets channel=chat @yesterday"),
    ("השווה פניות באימייל ובוואטסאפ", "tickets /channel channel=email,whatsapp"),
    ("פניות שלא מישראל", "tickets country!=IL"),
    ("לאיזה ערוץ יש הכי הרבה פניות?", "tickets /channel ^tickets:desc #1"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "meaning"), CASES, ids=[case[0] for case in CASES])
def test_a_question_is_understood(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuántos tickets hubo ayer?", "es"),
        ("Tasa de resolución", "es"),
        ("Taux de résolution", "fr"),
        ("Tickets par canal", "fr"),
        ("Quel est le resolution rate ?", "fr"),
        ("מה ה-resolution rate?", "he"),
        ("CSAT", "en"),
        ("tickets by channel on Mon", "en"),
        ("no tickets from chat", "en"),
    ],
)
def test_the_language_of_a_question_is_told(reader: Reader, question: str, language: str) -> None:
    assert reader.detect_language(reader.ground(question, NOW, "UTC")[0]) == language


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("cuántos perros ayer", {"perros"}),
        ("combien de chiens hier", {"chiens"}),
        ("כמה ברווזים אתמול", {"ברווזים"}),
        ("tickets ayer par canal", {"par"}),  # French inside Spanish
        ("how many tickets ayer", {"ayer"}),
        ("¿Cuál fue la tesorería del mes pasado?", {"tesorería"}),
    ],
)
def test_an_unknown_word_is_never_dropped(reader: Reader, question: str, unknown: set[str]) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not read.readings, [_short(r.query) for r in read.readings]
    assert unknown <= set(read.unknown)


def test_elided_words_stand_alone_and_others_keep_their_apostrophe() -> None:
    assert [t.text for t in tokenize("l'IA d'hier qu’aujourd'hui jusqu'à")] == [
        "l'", "IA", "d'", "hier", "qu’", "aujourd'hui", "jusqu'", "à"
    ]  # fmt: skip
    assert [t.text for t in tokenize("what's I'm isn't")] == ["what's", "I'm", "isn't"]


def test_a_russian_ending_on_an_english_word_says_nothing_of_its_own() -> None:
    tokens = tokenize("chat-ов, CSAT'а: T-000123 AI-агент email-и")
    assert [token.text for token in tokens] == ["chat", "CSAT", "T-000123", "AI", "агент", "email"]
    assert tokens[0].end == len("chat-ов")


def test_joined_small_words_of_hebrew_are_words_of_their_own(reader: Reader) -> None:
    def words(text: str) -> list[str]:
        return [token.text for token in reader.lexicon.tokens(text)]

    assert words("ומהערוצים") == ["ו", "מ", "ה", "ערוצים"]
    assert words("ב-24") == ["ב", "24"]
    assert words("בשבוע") == ["ב", "שבוע"]
    assert words("השבוע") == ["השבוע"]  # "this week" is a word of its own
    assert words("בכלבים") == ["בכלבים"]  # an unknown word stays whole


def test_parts_of_a_joined_word_keep_their_places(reader: Reader) -> None:
    text = "כמה פניות בערוץ"
    assert [text[token.start : token.end] for token in reader.lexicon.tokens(text)] == ["כמה", "פניות", "ב", "ערוץ"]


def test_accents_and_kinds_of_quotes_make_no_difference() -> None:
    assert normalize("RÉSOLUTION") == normalize("resolution") == normalize("re\u0301solution")
    assert normalize("año") == "ano"
    assert normalize("צ׳אט") == normalize("צ'אט")
    assert normalize("йод") == "йод"  # a letter of its own, no accent


def test_a_shared_stem_is_not_the_same_word(reader: Reader) -> None:
    """«tickets de envíos» are about shipping, «tickets enviados» were sent; Snowball sees one stem."""
    about, sent = (
        reader.read(text, *reader.ground(text, NOW, "UTC"), NOW, "UTC").readings[0].query
        for text in ("tickets de envíos por canal", "tickets enviados por canal")
    )
    assert (_short(about), _short(sent)) == ("/channel category=shipping_inquiry tickets", "/channel sent_tickets")


def test_a_code_that_is_also_a_small_word_is_no_value(reader: Reader) -> None:
    text = "¿Cuál es el CSAT en octubre?"
    for reading in reader.read(text, *reader.ground(text, NOW, "UTC"), NOW, "UTC").readings:
        assert not reading.query.filters


def test_misspelled_words_are_looked_for_in_the_languages_of_the_question(reader: Reader) -> None:
    english, spanish = (reader.lexicon.typo_targets(frozenset({"", "en", code})) for code in ("en", "es"))
    assert "atascados" in spanish
    assert "atascados" not in english


@pytest.mark.parametrize(
    "question",
    [
        "Combien de tickets de plus que le mois dernier ?",  # "plus" is no English "and"
        "¿Cuántas suscripciones tenemos?",
        "Combien d'abonnements avons-nous ?",
        "כמה מנויים יש לנו?",
        "¿Cuántos envíos hicimos la semana pasada?",
        "כמה לקוחות חדשים היו החודש?",
    ],
)
def test_what_the_words_do_not_say_is_asked(reader: Reader, question: str) -> None:
    read = reader.read(question, *reader.ground(question, NOW, "UTC"), NOW, "UTC")
    assert not read.readings, [_short(r.query) for r in read.readings]
