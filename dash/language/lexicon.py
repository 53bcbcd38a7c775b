"""Every phrase that means something, from the language files and the knowledge, in one trie over stems.

Kinds of entries and what `meaning` holds:

    metric       name of a metric                     value        (dimension, (values …))
    dimension    name of a dimension                  row          name of a table
    unanswerable topic                                which, shape, by, order, limit, comparator, aggregation,
                                                      negation, conjunction, only, follow_up, percent: the
                                                      meaning's key in the language file
    time_…       a part of a time expression (`times` reads these), grain, unit, number

Two entries for the same words are two candidate spans; which one is meant is for the reading to find out, or to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Literal

from dash.knowledge import Knowledge
from dash.knowledge.language import LanguageFile
from dash.language.detect import LanguageDetector
from dash.language.entries import TERMS, Entry, knowledge_phrases, pack_entries
from dash.language.phrasings import Keys, Phrasing, Way, Word, phrasing_of
from dash.language.tokens import (
    OWN_STEMMERS,
    Phrase,
    normalize,
    phrase_of,
    same_but_number,
    script_of,
    stem_word,
    stems_in,
    tokenize,
)
from dash.language.trie import Node, child_nodes, keys_of
from dash.language.written_out import WrittenOut
from dash.records import Token

_ENDING = 2
"""Letters of an ending of number or gender: «abierto», «abiertas»."""

_SHORT = 3
"""Letters of a stem that two words may share by chance."""

_LONG = 4
"""Letters that a word has that may be misspelled."""

_LONGEST_CODE = 3
_MOST_PREFIXES = 3
"""Words that may be written together before one: «ומהערוצים» is "and from the channels"."""


WordUse = Literal[
    "asks", "several", "one", "about", "parts", "holds", "limits", "passive", "joins", "months", "dates", "modals",
    "polite", "before_verbs", "numbers", "directions", "moments", "time_columns", "openers", "articles",
]  # fmt: skip
"""What a listed word tells: it asks when it opens a question ("where"), and for a moment ("when"); it says that a
period is more than one, that it is in a form that never says until when, that a number before it is no day of the
month behind it ("5 in October"); it may stand between "since" and a period ("since *the* 1st"); it says that
something has something ("had", "with"), and so divides what stands on its sides; it joins two ("and"); it is a
month, or a month may stand behind it; it says that something is not so yet ("should"), or of a neighbour that it is
only polite ("could you"); the form of a verb behind it is no other form of it ("to assign", "assigned")."""


class Lexicon:
    """All entries of a knowledge in all its languages. Built once; lookups touch only the words of the question."""

    def __init__(self, knowledge: Knowledge, languages: Mapping[str, LanguageFile]) -> None:
        self.languages = languages
        self.function_words: dict[str, set[str]] = {}
        self._whole_words = {word for language in languages.values() for word in language.whole_words}
        self._adverb_endings = tuple(end for language in languages.values() for end in language.adverb_endings)
        self._listed = {
            (use, code): frozenset(map(normalize, words))
            for code, language in languages.items()
            for use, words in _listed_words(language).items()
        }
        self.detector = LanguageDetector(languages)
        self._stemmers = {
            code: (file.script, file.stemmer)
            for code, file in languages.items()
            if file.stemmer is not None and file.stemmer not in OWN_STEMMERS
        }
        self.root = Node()
        self._pack: list[Entry] = []
        for code, language in languages.items():
            for word in language.function_words.split():
                self.function_words.setdefault(normalize(word), set()).add(code)
        self._known: dict[str, set[str]] = {}
        self._whole: dict[str, set[str]] = {}
        pack = list(pack_entries(languages))
        written = _Written(self)
        phrasings = [found for said in knowledge_phrases(knowledge) if (found := written.phrasing(*said)) is not None]
        self._learn_words(pack, phrasings)
        for entry in pack:
            self._add(entry)
            for form in entry.forms:
                self.detector.add_form_word(form, entry.language)
        self.phrasings = [self._unprefixed(phrasing) for phrasing in phrasings]
        for phrasing in self.phrasings:
            for term in phrasing.words:
                self.detector.add_term_word(term.form, phrasing.entry.language)
        formal = frozenset(entry.forms for entry in pack)
        self._written_out = WrittenOut(self.phrasings, self.is_function_word, self._variants, formal)
        self._codes = frozenset(
            str(value)
            for phrasing in phrasings
            if phrasing.entry.kind == "value"
            for value in phrasing.entry.meaning[1][:1]
            if is_code(value)
        )
        self._typo_targets: dict[frozenset[str], Mapping[str, str]] = {}
        self.dimension_names = self._dimension_names()
        """The single words for each dimension, as the trie spells them."""

    def _dimension_names(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for phrasing in self.phrasings:
            if phrasing.entry.kind == "dimension":
                dimension = phrasing.entry.meaning
                keys = {key for word in phrasing.said_alone() for key in word.keys}
                found.setdefault(dimension, set()).update(key for key in keys if self._is_name(key, dimension))
        return {dimension: frozenset(words) for dimension, words in found.items()}

    def _is_name(self, key: str, dimension: str) -> bool:
        """Whether a word is a name of a dimension by itself, and not only what is left of "where is the ticket"."""
        node = self.phrases({key}).children.get(key)
        return node is not None and any((e.kind, e.meaning) == ("dimension", dimension) for e in node.entries)

    def _learn_words(self, pack: Iterable[Entry], phrasings: Iterable[Phrasing]) -> None:
        """Which words there are, and which of them are said by themselves."""
        for entry in pack:
            for variant in self._restemmed(entry):
                known = entry.forms if entry.by_form else variant.stems
                self._known.setdefault(entry.language, set()).update(known)
            self._whole.setdefault(entry.language, set()).update(entry.forms)
        for phrasing in phrasings:
            language = phrasing.entry.language
            self._known.setdefault(language, set()).update(phrasing.keys)
            whole = self._whole.setdefault(language, set())
            whole.update(word.form for word in phrasing.said_alone())
            whole.update(word.form for word in phrasing.words if self._looks_joined(word.form, language))

    def _looks_joined(self, form: str, code: str) -> bool:
        """Whether a word of a phrase only looks like two, of which the second says nothing: «כשל» (failure), and not
        «כ» and «של»."""
        language = self.languages.get(code)
        prefixes = language.prefixes if language is not None else []
        rests = [form[len(prefix) :] for prefix in prefixes if form.startswith(prefix) and len(form) > len(prefix) + 1]
        return any(self.is_function_word(rest, frozenset({code})) for rest in rests)

    def phrases(self, keys: Set[str]) -> Node:
        """The root of the phrases of the knowledge that have no other words than those with these keys."""
        return self._written_out.having(keys)

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The tokens of a question, words that are written together with the next one as words of their own."""
        return tuple(part for token in tokenize(text) for part in self._parts(token, _MOST_PREFIXES))

    def _parts(self, token: Token, most: int) -> tuple[Token, ...]:
        if token.kind != "word" or token.text.isascii() or most == 0:
            return (token,)
        script, form = script_of(token.text), normalize(token.text)
        for code, language in self.languages.items():
            if language.script != script or not language.prefixes or self._is_whole(form, code):
                continue
            for prefix in language.prefixes:
                if not token.text.startswith(prefix) or len(token.text) < len(prefix) + 2:
                    continue
                place, text = token.start + len(prefix), token.text[len(prefix) :]
                rest = self._parts(Token(text, place, token.end, "word", stem_word(text)), most - 1)
                if len(rest) > 1 or self._stands_alone(rest[0], code):
                    return (Token(prefix, token.start, place, "word", prefix), *rest)
        return (token,)

    def _is_whole(self, form: str, code: str) -> bool:
        """Words that are said by themselves are never taken apart: «השבוע» is "this week", not "the week"."""
        return form in self._whole.get(code, ()) or self.is_function_word(form, frozenset({code}))

    def _stands_alone(self, token: Token, code: str) -> bool:
        form, spoken = normalize(token.text), frozenset({"", TERMS, code})
        return self.knows(form, (token.stem,), spoken) or self.is_function_word(form, frozenset({code}))

    def _unprefixed(self, phrasing: Phrasing) -> Phrasing:
        """A phrasing without the small words that are joined to others in it; a question may have others there."""
        language = self.languages.get(phrasing.entry.language)
        if language is None or not language.prefixes:
            return phrasing

        def bare(word: Word) -> Word:
            form = self._bare(word.form)
            stem = stem_word(form)
            return Word(form, stem, (stem,), word.idle)

        cells = tuple(tuple(Way(way.phrase, tuple(map(bare, way.words))) for way in cell) for cell in phrasing.cells)
        return Phrasing(phrasing.entry, cells)

    def _bare(self, form: str) -> str:
        return self._parts(Token(form, 0, len(form), "word", form), _MOST_PREFIXES)[-1].text

    def _variants(self, entry: Entry) -> tuple[Entry, ...]:
        """An entry of the knowledge by all the stems that it is found by."""
        language = self.languages.get(entry.language)
        if language is not None and language.prefixes:
            forms = tuple(map(self._bare, entry.forms))
            entry = replace(entry, forms=forms, stems=tuple(map(stem_word, forms)), written=())
        return self._restemmed(entry)

    def knows(self, form: str, stems: Iterable[str], active: frozenset[str]) -> bool:
        """Whether a word is part of a phrase of one of these languages."""
        known = [self._known[code] for code in active if code in self._known]
        return any(key in words for words in known for key in (form, *stems))

    def typo_targets(self, active: frozenset[str]) -> Mapping[str, str]:
        """Correctly spelled words of these languages → stem, for finding what a misspelled word may be. Languages
        that share the script of terms resemble them («perros», "errors"), so that there only their own words count."""
        alike = frozenset(active & self._stemmers.keys())
        return self._targets(alike or active)

    def _targets(self, active: frozenset[str]) -> Mapping[str, str]:
        if active not in self._typo_targets:
            function_words = {form for form in self.function_words if self.is_function_word(form, active)}
            entries = [entry for entry in self._pack if entry.language in active]
            found = {form: key for entry in entries for form, key in zip(entry.forms, keys_of(entry), strict=True)}
            phrasings = (phrasing for phrasing in self.phrasings if phrasing.entry.language in active)
            found |= {word.form: word.keys[-1] for phrasing in phrasings for word in phrasing.words}
            self._typo_targets[active] = {
                form: key for form, key in found.items() if len(form) >= _LONG and form not in function_words
            }
        return self._typo_targets[active]

    def is_function_word(self, form: str, active: frozenset[str] | None = None) -> bool:
        """Whether a word says nothing about the data, in one of the active languages (or in any)."""
        languages = self.function_words.get(form, ())
        return bool(languages) if active is None else any(code in active for code in languages)

    def is_code(self, text: str) -> bool:
        """Whether a word in capitals is a short code that some column has as its value: "US" is not "us"."""
        return text in self._codes

    def aggregation(self, form: str, stems: Iterable[str], active: frozenset[str]) -> str | None:
        """The aggregation that a single word names ("median"), in languages that are read; None for any other word."""
        entries = (entry for node in child_nodes(self.root, form, stems) for entry in node.entries)
        found = (entry.meaning for entry in entries if entry.kind == "aggregation" and entry.language in active)
        return next(found, None)

    def is_listed(self, use: WordUse, form: str, active: frozenset[str]) -> bool:
        """Whether a language has a word in one of its lists of words that only say how others are meant."""
        return any(form in self._listed.get((use, code), ()) for code in active)

    def stems(self, token: Token) -> tuple[str, ...]:
        """What a word is matched by: its own stem, and that of every other language of its script."""
        if token.kind != "word" or not self._stemmers:
            return (token.stem,)
        script = script_of(token.text)
        others = (
            f"{code}:{stem}"
            for code, (own, name) in self._stemmers.items()
            if own == script
            for stem in stems_in(token.text, name)
        )
        return (token.stem, *others)

    def _restemmed(self, entry: Entry) -> tuple[Entry, ...]:
        """An entry of a language with a stemmer of its own, its stems marked so that they meet no other language's:
        once by its accents and once without them."""
        if entry.language not in self._stemmers:
            return (entry,)
        words = zip(entry.forms, entry.stems, entry.written or entry.forms, strict=True)
        keys = [self.keys(form, stem, written, entry.language) for form, stem, written in words]
        ways = [tuple(found[which] for found in keys) for which in (0, -1)]
        return tuple(replace(entry, stems=stems) for stems in dict.fromkeys(ways))

    def keys(self, form: str, stem: str, written: str, language: str) -> Keys:
        """What a word of a phrase in this language is matched by: by its accents first, without them last."""
        if language not in self._stemmers or script_of(form) != self._stemmers[language][0]:
            return (stem,)
        return tuple(f"{language}:{found}" for found in stems_in(written, self._stemmers[language][1]))

    def is_inflection(self, entry: Entry, words: tuple[str, ...], active: frozenset[str]) -> bool:
        """Whether an entry's words differ from these by short endings only. Stemmers of other languages than English
        and Russian are not trusted further: to Spanish «envíos» and «enviados» are one stem. English terms in such a
        language are meant to the letter: French «pays» is no form of "pay"."""
        if entry.by_form:
            return True
        for form, word in zip(entry.forms, words, strict=True):
            if not self._whole_words.isdisjoint((form, word)) and not same_but_number(form, word):
                return False  # a "rating" is no "rate"
            if form.endswith(self._adverb_endings) != word.endswith(self._adverb_endings):
                return False  # "completely" is no form of "completed"
        if entry.language not in self._stemmers:
            alike = not active.isdisjoint(self._stemmers) and entry.language in ("", TERMS)
            pairs = zip(entry.forms, words, entry.stems, strict=True)
            return all(not _meet_by_chance(*pair) for pair in pairs) and (not alike or entry.forms == words)
        return all(_differ_at_the_end(form, word) for form, word in zip(entry.forms, words, strict=True))

    def _add(self, entry: Entry) -> None:
        for variant in self._restemmed(entry):
            if variant.forms and self.root.add(keys_of(variant), variant):
                self._pack.append(variant)


class _Written:
    """Phrases of files as phrasings. A way to say something is read once, however many phrases have it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._ways: dict[tuple[str, str], Way] = {}

    def phrasing(self, text: str, entry: Entry) -> Phrasing | None:
        return phrasing_of(text, entry, self._way)

    def _way(self, text: str, language: str) -> Way:
        way = self._ways.get((text, language))
        if way is None:
            way = self._ways[text, language] = self._read(phrase_of(text), language)
        return way

    def _read(self, phrase: Phrase, language: str) -> Way:
        spoken = frozenset({language or TERMS, TERMS})
        return Way(
            phrase,
            tuple(
                Word(form, stem, self._lexicon.keys(form, stem, written, language), self._idle(form, spoken))
                for form, stem, written in zip(phrase.forms, phrase.stems, phrase.written, strict=True)
            ),
        )

    def _idle(self, form: str, spoken: frozenset[str]) -> bool:
        return self._lexicon.is_function_word(form, spoken)


def _listed_words(language: LanguageFile) -> dict[WordUse, Iterable[str]]:
    return {
        "asks": language.question_words.split(),
        "moments": language.moment_words,
        "time_columns": language.time_column_words,
        "openers": language.adding_words,
        "several": language.time.plural_words,
        "one": language.time.plurals_of_one,
        "about": language.time.about_forms,
        "parts": language.time.parting_words,
        "articles": language.time.articles,
        "holds": language.holding_words,
        "limits": [*language.words.get("only", {}).get("only", ()), *language.kept_words],
        "passive": language.passive_words,
        "modals": language.modal_words,
        "polite": language.polite_words,
        "before_verbs": language.infinitive_words,
        "months": [word for words in language.time.months.values() for word in words],
        "dates": language.time.before_months,
        "joins": language.words.get("conjunction", {}).get("and", ()),
        "numbers": [*language.number_words, *(word for n, said in language.numbers.items() if n > 1 for word in said)],
        "directions": [*language.rising_words, *language.falling_words],
    }


def is_code(value: object) -> bool:
    """Short codes in capitals ("BY", "IN") are meant only when they are written so."""
    return isinstance(value, str) and len(value) <= _LONGEST_CODE and value.isupper()


def _differ_at_the_end(first: str, second: str) -> bool:
    return max(len(first), len(second)) - _shared(first, second) <= _ENDING


def _meet_by_chance(first: str, second: str, stem: str) -> bool:
    """Whether two words have only a short stem in common: «писем» are letters, «писали» is "wrote"."""
    shared = _shared(first, second)
    short = len(stem) <= _SHORT and shared < min(len(first), len(second))
    return short and max(len(first), len(second)) - shared > _ENDING


def _shared(first: str, second: str) -> int:
    """How many letters two words begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))
