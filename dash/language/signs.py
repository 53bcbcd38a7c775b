"""What a question says between its spans: signs, little words and endings, each by the place where it stands.

The spans of one cover do not show that "are" stands before a word, that a noun is a plural or that a longer phrase has
a word for a share in it. Composing asks for that here, so that no rule looks into the text by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dash.knowledge.language import LanguageFile
from dash.language.asides import Breaks
from dash.language.lexicon import Lexicon
from dash.language.tokens import normalize, script_of
from dash.records import Span, Token
from dash.semantics.model import SemanticModel

_ENDS, _PARTS = frozenset(".:?!…"), frozenset(",;–—")
"""Signs that end a sentence, and those between two clauses of one."""
_DASH = re.compile(r"\s[-–—]+\s")  # "tickets - id, channel"; not "high-urgency"


@dataclass(frozen=True)
class Signs:
    """What the text says between the spans, by token position; `named` are the dimensions that the tokens from one
    place to another are a value of.

    `commas`: a comma stands before the token · `copulas`: "is", "are", "that" stands before it · `singulars`,
    `plurals`: the token is one, as far as its language shows that by endings · `shares`: a word for a share · `units`:
    words for units of time, which a longer phrase may hold ("hours to send") · `measured`: ends of words for something
    measured, of which "tickets with a CSAT" is one too · `colons`: a colon, a dash or a question mark stands before the
    token · `ends`: a sentence ends before it, or a dash stands there · `numbers`: the token is one in digits ·
    `holding`: the token says that something has something ("with") ·
    `nouns`: ends of words for rows, which a longer phrase may hold ("rate of chats") · `kinds`: the dimensions whose
    word the token is · `rising`, `falling`: the token says which way something changed · `relative`: the token begins a
    clause ("where") · `past`: the token says that something was so · `lasting`: how long it was so · `per`: for each of
    what follows · `valued`: the dimensions that the token is a value of · `shares`, `counts`: a word for a share or for
    a number of begins there · `things`: the token is a word for rows · `names`: names of metrics of several words, to
    the letter · `negations`: a word that denies begins there · `averages`, `totals`: the token says that a mean or a
    sum is meant · `each`: "each", "per" · `within`: "in", "within" · `judging`: "better", "worse" ·
    `among`: "among", "came" · `making`: "is", "makes up" · `placing`: "in", "for" · `saying`: "wrote" ·
    `broad`: "reason", of whatever · `altered`: "changed", it or the number of them ·
    `ordinals`: the token is a number with letters written onto it ("2nd") ·
    `longer`: "longer", "shorter" · `rest`: "the rest", "other" · `lacking`: "without" · `often`: "often" ·
    `every`: "each", one by one · `splits`: "by", which a longer phrase may hold ("messages by agent").
    """

    commas: frozenset[int] = frozenset()
    copulas: frozenset[int] = frozenset()
    singulars: frozenset[int] = frozenset()
    plurals: frozenset[int] = frozenset()
    shares: frozenset[int] = frozenset()
    counts: frozenset[int] = frozenset()
    colons: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    holding: frozenset[int] = frozenset()
    nouns: frozenset[int] = frozenset()
    kinds: Mapping[int, frozenset[str]] = field(default_factory=dict)
    rising: frozenset[int] = frozenset()
    falling: frozenset[int] = frozenset()
    relative: frozenset[int] = frozenset()
    past: frozenset[int] = frozenset()
    lasting: frozenset[int] = frozenset()
    per: frozenset[int] = frozenset()
    valued: Mapping[int, frozenset[str]] = field(default_factory=dict)
    things: frozenset[int] = frozenset()
    names: tuple[Span, ...] = ()
    negations: frozenset[int] = frozenset()
    averages: frozenset[int] = frozenset()
    totals: frozenset[int] = frozenset()
    each: frozenset[int] = frozenset()
    within: frozenset[int] = frozenset()
    judging: frozenset[int] = frozenset()
    among: frozenset[int] = frozenset()
    making: frozenset[int] = frozenset()
    placing: frozenset[int] = frozenset()
    saying: frozenset[int] = frozenset()
    including: frozenset[int] = frozenset()
    too: frozenset[int] = frozenset()
    broad: frozenset[int] = frozenset()
    altered: frozenset[int] = frozenset()
    ordinals: frozenset[int] = frozenset()
    longer: frozenset[int] = frozenset()
    rest: frozenset[int] = frozenset()
    lacking: frozenset[int] = frozenset()
    often: frozenset[int] = frozenset()
    every: frozenset[int] = frozenset()
    splits: frozenset[int] = frozenset()
    units: Mapping[int, str] = field(default_factory=dict)
    measured: Mapping[int, int] = field(default_factory=dict)
    named: Mapping[tuple[int, int], frozenset[str]] = field(default_factory=dict)

    def names_one(self, noun: Span, order: Span) -> bool:
        """Whether one is wanted of what is ranked: "the worst channel", «la pire»; "worst *channels*" are several."""
        last = noun.end - 1
        return last in self.singulars or (order.start in self.singulars and last not in self.plurals)


NO_SIGNS = Signs()


class SignReader:
    """Reads the signs of questions; keeps nothing between them."""

    def __init__(self, lexicon: Lexicon, languages: Mapping[str, LanguageFile], model: SemanticModel) -> None:
        self._lexicon = lexicon
        self._languages = languages
        self._model = model

    def breaks(self, text: str, tokens: Sequence[Token]) -> Breaks:
        """Where the clauses of a question may begin and end."""
        forms = [normalize(token.text) for token in tokens]
        spoken = self._lexicon.detector.spoken(tokens)
        languages = [self._languages[code] for code in spoken if code in self._languages]
        gaps = {i: set(text[tokens[i - 1].end : tokens[i].start]) for i in range(1, len(tokens))}
        leads = [words for language in languages for words in language.lead_words]
        wishes, aims = _listed(forms, languages, "wish_words"), _listed(forms, languages, "aim_words")
        return Breaks(
            ends=frozenset(i for i, gap in gaps.items() if gap & _ENDS),
            asked=frozenset(i for i, gap in gaps.items() if "?" in gap),
            commas=frozenset(i for i, gap in gaps.items() if gap & _PARTS),
            leads=_phrases(forms, leads),
            turns=_phrases(forms, [words for words in leads if " " in words]),
            reasons=_listed(forms, languages, "reason_words"),
            persons=_listed(forms, languages, "person_words"),
            # "I want to understand …" says why they ask; "I want VIPs", "I want to drop duplicates" which rows.
            wishes=wishes - {i for i in wishes if {i + 1, i + 2} & aims},
            whether=_listed(forms, languages, "whether_words"),
        )

    def _is_thing(self, span: Span) -> bool:
        """Whether a word names rows and says nothing of which."""
        counts = span.kind == "metric" and self._model.counts_rows(span.meaning)
        return span.kind == "row" or (counts and not self._model.selects(span.meaning))

    def read(self, text: str, tokens: Sequence[Token], spans: Sequence[Span], skippable: Sequence[bool]) -> Signs:
        """What the spans of one cover do not show: commas, copulas, plurals, and the words inside of longer phrases."""
        forms = [normalize(token.text) for token in tokens]
        languages = [self._languages[code] for code in self._lexicon.detector.active(tokens) if code in self._languages]
        copulas = {word for language in languages for word in language.copulas}
        own = [self._languages[code] for code in (self._lexicon.detector.detect(tokens),) if code is not None]
        ones = {normalize(word) for language in languages for word in language.singular_words}
        # The sentence's own language, last, tells the plurals of its script; English those of the terms in it.
        endings = {file.script: tuple(file.plural_endings) for file in (*languages, *own) if file.plural_endings}
        gaps = {i: text[tokens[i - 1].end : tokens[i].start] for i in range(1, len(tokens))}
        after_copula = set()
        for i in range(1, len(tokens)):
            before = i - 1
            while before > 0 and skippable[before] and forms[before] not in copulas:
                before -= 1
            if forms[before] in copulas:
                after_copula.add(i)
        return Signs(
            commas=frozenset(i for i, gap in gaps.items() if set(",;") & set(gap)),
            colons=frozenset(i for i, gap in gaps.items() if set(":?") & set(gap) or _DASH.search(gap)),
            ends=frozenset(i for i, gap in gaps.items() if set(gap) & (_ENDS - {":"}) or _DASH.search(gap)),
            copulas=frozenset(after_copula),
            holding=frozenset(
                i
                for i, form in enumerate(forms)
                if self._lexicon.is_listed("holds", form, self._lexicon.detector.spoken(tokens))
            ),
            numbers=frozenset(i for i, token in enumerate(tokens) if token.kind == "number"),
            singulars=frozenset(
                i
                for i, form in enumerate(forms)
                if form in ones or ((plural := endings.get(script_of(form))) is not None and not form.endswith(plural))
            ),
            plurals=frozenset(
                i
                for i, form in enumerate(forms)
                if (plural := endings.get(script_of(form))) is not None and form.endswith(plural)
            ),
            counts=frozenset(s.start for s in spans if (s.kind, s.meaning) == ("shape", "count")),
            shares=frozenset(s.start for s in spans if s.kind == "shape" and s.meaning in ("share", "often")),
            kinds=_kinds(spans),
            rising=_listed(forms, languages, "rising_words"),
            falling=_listed(forms, languages, "falling_words"),
            relative=_listed(forms, languages, "relative_words"),
            past=_listed(forms, languages, "past_words"),
            lasting=_listed(forms, languages, "lasting_words"),
            per=_listed(forms, own, "per_words"),
            valued=_valued(spans),
            things=frozenset(s.start for s in spans if s.end - s.start == 1 and self._is_thing(s)),
            names=tuple(s for s in spans if s.kind == "metric" and s.end - s.start > 1 and s.cost == 0.0),
            negations=frozenset(s.start for s in spans if s.kind == "negation"),
            averages=_meant(spans, "mean"),
            totals=_meant(spans, "sum"),
            each=_listed(forms, languages, "each_words"),
            including=_listed(forms, languages, "including_words"),
            too=_listed(forms, languages, "too_words"),
            broad=_listed(forms, languages, "broad_words"),
            altered=_listed(forms, languages, "altered_words"),
            often=_listed(forms, languages, "often_words"),
            lacking=_listed(forms, languages, "lacking_words"),
            rest=frozenset(s.start for s in spans if s.kind == "rest"),
            longer=_listed(forms, languages, "longer_words"),
            every=_listed(forms, languages, "every_words"),
            splits=frozenset(s.start for s in spans if s.kind == "by" and s.end - s.start == 1),
            ordinals=frozenset(
                i
                for i, token in enumerate(tokens[:-1])
                if token.kind == "number" and tokens[i + 1].kind == "word" and tokens[i + 1].start == token.end
            ),
            within=_listed(forms, languages, "within_words"),
            judging=_listed(forms, languages, "judging_words"),
            among=_listed(forms, languages, "among_words"),
            making=_listed(forms, languages, "making_words"),
            placing=_listed(forms, languages, "placing_words"),
            saying=_listed(forms, languages, "saying_words"),
            nouns=frozenset(s.end for s in spans if s.kind == "row"),
            units={s.start: s.meaning for s in spans if s.kind == "unit"},
            measured={s.end: s.start for s in spans if self._measures(s)},
            named=_named(spans),
        )

    def _measures(self, span: Span) -> bool:
        """Whether a word means something that a single row has a number of."""
        if span.kind == "metric":
            return self._model.row_value(span.meaning) is not None
        return span.kind == "dimension" and self._model.is_measure(span.meaning)


def _kinds(spans: Sequence[Span]) -> dict[int, frozenset[str]]:
    """The dimensions that single words name, by their places."""
    found: dict[int, set[str]] = {}
    for span in spans:
        if span.kind == "dimension" and span.end - span.start == 1:
            found.setdefault(span.start, set()).add(span.meaning)
    return {place: frozenset(names) for place, names in found.items()}


def _named(spans: Sequence[Span]) -> dict[tuple[int, int], frozenset[str]]:
    """The dimensions of which words are a value, by where they begin and end."""
    found: dict[tuple[int, int], set[str]] = {}
    for span in spans:
        if span.kind == "value":
            found.setdefault((span.start, span.end), set()).add(span.meaning[0])
    return {place: frozenset(names) for place, names in found.items()}


def _valued(spans: Sequence[Span]) -> dict[int, frozenset[str]]:
    """The dimensions of which single words are a value, by their places."""
    found: dict[int, set[str]] = {}
    for span in spans:
        if span.kind == "value" and span.end - span.start == 1:
            found.setdefault(span.start, set()).add(span.meaning[0])
    return {place: frozenset(names) for place, names in found.items()}


def _meant(spans: Sequence[Span], aggregation: str) -> frozenset[int]:
    """Places where an aggregation is named."""
    return frozenset(span.start for span in spans if (span.kind, span.meaning) == ("aggregation", aggregation))


def _phrases(forms: Sequence[str], phrases: Sequence[str]) -> frozenset[int]:
    """Places of all the words of phrases that stand there as a whole («так что»)."""
    found: set[int] = set()
    for phrase in phrases:
        words = normalize(phrase).split()
        for i in range(len(forms) - len(words) + 1):
            if list(forms[i : i + len(words)]) == words:
                found.update(range(i, i + len(words)))
    return frozenset(found)


def _listed(forms: Sequence[str], languages: Sequence[LanguageFile], words: str) -> frozenset[int]:
    """Places of the words that one of the lists of the question's languages holds."""
    known = {normalize(word) for language in languages for word in getattr(language, words)}
    return frozenset(i for i, form in enumerate(forms) if form in known)
