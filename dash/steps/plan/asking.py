"""Questions back and declines: what is not understood is named, and every choice offered can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dash.language.fragment import VAGUE
from dash.language.patterns import Fit
from dash.language.reader import Read, Reader
from dash.language.readings import Cover, Reading
from dash.language.say import say_query
from dash.language.tokens import normalize
from dash.records import Choice, Clarification, Decline, Grounding, Question, Span, Understood
from dash.semantics.dimensions import text_in
from dash.steps.plan.teaching import taught, taught_by_correction, taught_by_reading
from dash.steps.plan.understood import explain

_THINGS = (
    r"(table|(materialized\s+)?view|schema|database|(unique\s+)?index|role|user|(or\s+replace\s+)?function|extension|policy|"
    r"sequence|trigger|type|publication|owned)"
)
_SQL = re.compile(
    r"^\s*(select\b.+\bfrom|with\b.+\bselect|insert\s+into|update\b.+\bset|delete\s+from|drop\s+" + _THINGS + r"|"
    r"alter\s+" + _THINGS + r"|create\s+(or\s+replace\s+)?(temp(orary)?\s+)?" + _THINGS + r"|truncate\s+\w+|"
    r"explain\s+(analy[sz]e|verbose|select|with|insert|update|delete)|copy\s+\S+\s+(from|to))\b",
    re.IGNORECASE | re.DOTALL,
)  # select * from x, drop table x; "drop the rows without an assignee" is none
_SUBJECTS = frozenset({"metric", "row", "dimension", "value", "order", "aggregation", "shape", "which"})
"""Kinds of words of which one has to be known before a model is asked what the others mean."""
_LEANING = frozenset({"follow_up", "refer", "only", "replaced"})
"""Kinds of words that say that a question goes on from the turn before it."""
_MAXIMUM_CHOICES = 3
_MESSAGE_WORDS = 6
_NEAR_SPELLING = 80
"""How alike two words are (0–100) of which one may be the other misspelled."""


class Asker:
    """Says what is missing in one question's words and language."""

    def __init__(self, question: Question, grounding: Grounding, reader: Reader) -> None:
        self._question = question
        self._grounding = grounding
        self._reader = reader
        self._language = reader.languages[grounding.language]

    # declines

    def decline_early(self) -> Decline | Clarification | None:
        """SQL typed in, a wish to change data, a language that nobody here reads, no words at all."""
        names = ", ".join(language.name for language in self._reader.languages.values())
        if _SQL.match(self._question.text):
            return self._decline("sql")
        if not any(token.kind in ("word", "id", "quoted") for token in self._grounding.tokens):
            return Clarification(self._grounding.language, self._say("no_words", languages=names), self._starters())
        if not self._grounding.readable:
            return Decline(self._grounding.language, self._say("unreadable", languages=names), self._starters())
        first = min((s for s in self._grounding.spans if s.kind == "change_data"), key=lambda s: s.start, default=None)
        if first is not None and self._opens(first):
            return self._decline("changes")
        return None

    def _opens(self, span: Span) -> bool:
        """Whether only function words stand before it: then it is what the person wants done."""
        return all(
            self._reader.lexicon.is_function_word(normalize(token.text))
            for token in self._grounding.tokens[: span.start]
        )

    def unanswerable(self, cover: Cover | None) -> Decline | None:
        """A topic that the data does not hold, if the question's best reading names one."""
        for span in cover.spans if cover else ():
            if span.kind == "unanswerable":
                topic = next(t for t in self._reader.knowledge.unanswerable if t.topic == span.meaning)
                code = self._grounding.language
                nearest = topic.nearest.get(code) or topic.nearest.get("") or topic.nearest.get("en") or []
                message = self._say("unanswerable", reason=text_in(topic.reason, code, topic.topic))
                choices = tuple(Choice(text) for text in nearest[:_MAXIMUM_CHOICES]) or self._starters()
                understood = self._explain([span])
                return Decline(code, message, choices, understood)
        return None

    def _decline(self, message: str) -> Decline:
        return Decline(self._grounding.language, self._say(message), self._starters())

    # questions back

    def several_vetted(self, fits: Sequence[Fit]) -> Clarification:
        """The question is an example of more than one vetted query: a fault of the knowledge, so it is asked."""
        questions = [self._example(fit.example.query) for fit in fits]
        return self._clarify("ambiguous", [Choice(q) for q in questions if q])

    def ambiguous(self, readings: Sequence[Reading]) -> Clarification:
        """Equally good readings: each is offered as a question of its own."""
        said = [(say_query(r.query, self._reader.model, self._language), r) for r in readings]
        choices = [Choice(text) for text, _ in said if text]
        differing = [span for span in readings[0].spans if span not in readings[1].spans]
        if len(differing) == 1:
            words = self._words(differing[0])
            choices = [Choice(text, teaches=taught_by_reading(words, differing[0], r)) for text, r in said if text]
            words, spans = self._quoted([words]), readings[0].spans
            return self._clarify("ambiguous_word", choices, words=words, spans=spans, alternatives=True)
        return self._clarify("ambiguous", choices, spans=readings[0].spans, alternatives=True)

    def guessed_value(self, reading: Reading) -> Clarification:
        """A value that was only guessed from a misspelled word is asked about."""
        guessed = next(span for span in reading.spans if span.kind.endswith("?"))
        nearest = explain([guessed], self._question, self._grounding.tokens, self._reader, self._grounding.language)
        written = self._words(guessed)
        label = nearest[0].meaning.rpartition(": ")[2]
        corrected = Choice(self._question.text.replace(written, label), teaches=taught(written, guessed))
        return self._clarify("guessed_value", [corrected], nearest=self._quoted([label]), spans=reading.spans)

    def out_of_range(self, name: str, minimum: float | None, maximum: float | None) -> Clarification:
        """A number outside of what a vetted query allows."""
        shown = [f"{edge:g}" if edge is not None else "…" for edge in (minimum, maximum)]
        message = self._say("out_of_range", name=name, minimum=shown[0], maximum=shown[1])
        return Clarification(self._grounding.language, message, ())

    def no_follow_up(self) -> Clarification:
        """Words that change nothing of the turn before."""
        return self._clarify("no_follow_up", self._starters())

    def not_answered_before(self) -> Clarification:
        """ "And the chats?", where the turn before was asked back or declined."""
        return self._clarify("not_answered_before", self._starters())

    def nothing_to_refer_to(self) -> Clarification:
        """ "Those tickets", and no turn before."""
        return self._clarify("nothing_to_refer_to", self._starters())

    def does_not_fit(self, read: Read) -> Clarification:
        """Every word is known, and together they ask for something that is not defined."""
        known = read.best_cover.spans if read.best_cover else ()
        return self._clarify("does_not_fit", self._related(known), spans=known, for_model=self._is_open(known))

    def not_understood(self, read: Read) -> Clarification | Decline:
        """Nothing composes: unknown words are named with the nearest known ones, else the parts that do not fit."""
        known = read.best_cover.spans if read.best_cover else ()
        return replace(self._not_understood(read), for_model=self._is_open(known))

    def _is_open(self, known: Sequence[Span]) -> bool:
        """Whether a language model may understand what the planners do not: nothing that nobody is shown is named, a
        subject is, and no word waits for a number that only the person knows ("low")."""
        hidden = any(span.kind == "dimension" and self._reader.model.is_hidden(span.meaning) for span in known)
        vague = any(span.kind == "vague" for span in known)
        leans = self._question.previous is not None and goes_on(known, self._grounding.spans)
        return not hidden and not vague and (leans or any(span.kind in _SUBJECTS for span in known))

    def _not_understood(self, read: Read) -> Clarification | Decline:
        unknown = read.unknown
        known = read.best_cover.spans if read.best_cover else ()
        if unknown and not any(span.kind in ("metric", "row", "dimension", "value", "time") for span in known):
            return Decline(
                self._grounding.language,
                self._say("nothing_known", words=self._quoted(unknown)),
                self._starters(),
                self._explain(known),
            )
        if unknown:
            return self._unknown_words(read, unknown, known)
        hidden = next((s for s in known if s.kind == "dimension" and self._reader.model.is_personal(s.meaning)), None)
        if hidden is not None:
            message = self._say("not_shown", words=self._words(hidden))
            return Decline(self._grounding.language, message, self._starters(), self._explain(known))
        cheapest = min(read.failures, key=lambda found: found[0], default=None)
        if cheapest is not None and cheapest[1] == VAGUE:
            return self._vague(cheapest[2])
        if read.failures:
            return self._clarify("does_not_fit", self._related(read.failures[0][2]), spans=read.failures[0][2])
        return self._clarify("incomplete", self._related(known), spans=known)

    def _vague(self, spans: Sequence[Span]) -> Clarification:
        """ "Low CSAT": how low is for the person to say; what can be answered is the question without the word."""
        vague = [span for span in spans if span.kind == "vague"]
        text = self._question.text
        for span in sorted(vague, key=lambda s: s.start, reverse=True):
            tokens = self._grounding.tokens
            text = text[: tokens[span.start].start] + text[tokens[span.end - 1].end :]
        said = self._said(text)
        choices = ([Choice(said)] if said else []) + self._related(spans)
        words = self._quoted([self._words(span) for span in vague])
        return self._clarify("vague", choices, words=words, spans=spans)

    def _unknown_words(self, read: Read, unknown: Sequence[str], known: Sequence[Span]) -> Clarification | Decline:
        """A word that may only be misspelled is asked about, with the whole question as it would then be. Any other one
        stands for something that nothing here explains: that part is named, and what can be answered without it."""
        corrected = self._corrected(read)
        if corrected is not None:
            nearest, choices = corrected
            return self._clarify(
                "unknown_suggest",
                choices,
                words=self._quoted(unknown),
                nearest=self._quoted(nearest),
                spans=known,
                unknown=unknown,
            )
        choices = [Choice(text) for text in [self._said_without(read)] if text] + self._related(known)
        message = self._say("unknown_words", words=self._quoted(unknown))
        return Decline(self._grounding.language, message, _distinct(choices), self._explain(known))

    def _corrected(self, read: Read) -> tuple[list[str], list[Choice]] | None:
        """The near spellings and the questions that they make whole; None unless each unknown word has one."""
        nearest = [self._nearest(read.tokens[i].text) for i in self._unknown_places(read)]
        if not nearest or not all(nearest):
            return None
        words = [word for word in nearest if word]
        text = self._text_with(read, words)
        again = self._read(text)
        said = self._said_in(again)
        teaches = taught_by_correction(read, words[0], text, again)
        return (words, [Choice(said, teaches=teaches)]) if said else None

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz import fuzz, process

        lexicon = self._reader.lexicon
        targets = lexicon.typo_targets(lexicon.detector.active(self._grounding.tokens))
        match = process.extractOne(normalize(word), targets.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_SPELLING)
        return str(match[0]) if match and match[0] != normalize(word) and len(word) >= 4 else None

    def _said_without(self, read: Read) -> str | None:
        """What the question would mean without its unknown words, said in full, so that nobody mistakes it."""
        return self._said(self._text_with(read, [""] * len(self._unknown_places(read))))

    @staticmethod
    def _unknown_places(read: Read) -> tuple[int, ...]:
        return read.best_cover.unknown if read.best_cover else ()

    def _text_with(self, read: Read, words: Sequence[str]) -> str:
        """The question with other words in the places of the unknown ones."""
        text = self._question.text
        for position, word in sorted(zip(self._unknown_places(read), words, strict=True), reverse=True):
            token = read.tokens[position]
            text = text[: token.start] + word + text[token.end :]
        return text

    def _said(self, text: str) -> str | None:
        """What a changed question means, in full; None if it still is none."""
        return self._said_in(self._read(text))

    def _read(self, text: str) -> Read:
        return self._reader.read_text(text, self._question.now, self._question.zone)

    def _said_in(self, again: Read) -> str | None:
        said = [say_query(r.query, self._reader.model, self._language) for r in again.readings[:1]]
        return said[0] if said else None

    def _related(self, spans: Iterable[Span]) -> list[Choice]:
        """Vetted questions and starters that speak of the same things, those with most in common first."""
        wanted = {repr(span.meaning) for span in spans if span.kind in ("metric", "row", "dimension", "value")}
        if not wanted:
            return list(self._starters())
        scored = []
        for text in self._reader.patterns.plain_questions(self._grounding.language):
            common = len(wanted & self._reader.patterns.meanings_of(text))
            if common:
                scored.append((-common, len(text), text))
        return [Choice(text) for _, _, text in sorted(scored)[:_MAXIMUM_CHOICES]] or list(self._starters())

    # pieces

    def _clarify(
        self,
        message: str,
        choices: Sequence[Choice],
        *,
        spans: Sequence[Span] = (),
        unknown: Sequence[str] = (),
        alternatives: bool = False,
        for_model: bool = False,
        **slots: str,
    ) -> Clarification:
        return Clarification(
            self._grounding.language,
            self._say(message, **slots),
            _distinct(choices),
            tuple(unknown),
            self._explain(spans),
            for_model,
            alternatives,
        )

    def _explain(self, spans: Sequence[Span]) -> tuple[Understood, ...]:
        return explain(spans, self._question, self._grounding.tokens, self._reader, self._grounding.language)

    def _say(self, message: str, **slots: str) -> str:
        return self._language.messages[message].format(**slots)

    def _words(self, span: Span) -> str:
        tokens = self._grounding.tokens
        return self._question.text[tokens[span.start].start : tokens[span.end - 1].end]

    def _starters(self) -> tuple[Choice, ...]:
        code = self._grounding.language
        texts = [text_in(s.question, code, "") for s in self._reader.knowledge.starters]
        return tuple(Choice(text) for text in texts if text)[:_MAXIMUM_CHOICES]

    def _example(self, query: str) -> str | None:
        return self._reader.patterns.plain_question(query, self._grounding.language)

    def _quoted(self, words: Sequence[str]) -> str:
        opening, closing = self._language.quotes
        shown = [f"{opening}{word}{closing}" for word in words[:_MESSAGE_WORDS]]
        return ", ".join(shown) + (" …" if len(words) > _MESSAGE_WORDS else "")


def goes_on(known: Iterable[Span], possible: Iterable[Span]) -> bool:
    """Whether words of a question say that it goes on from the turn before ("only the …", "and the …")."""
    opens = any(span.kind == "follow_up" and span.start == 0 for span in possible)
    return opens or any(span.kind in _LEANING for span in known)


def _distinct(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple({choice.question: choice for choice in choices}.values())[:_MAXIMUM_CHOICES]
