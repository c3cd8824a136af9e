"""The words that there are, each with where it stands, and the ones that a typed word may mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

NEAREST = 6
"""How many known words one mistyped word may stand for."""
MOST_BEGINNINGS = 200
"""How many known words one beginning of a word may stand for."""
SHORTEST_CORRECTED = 3
LAST_LETTER = "\U0010ffff"
LONGER = 16
"""A mistyped beginning may be so much shorter than its word."""
TWO_EDITS_FROM = 5
"""From how many letters on a word may have two typing errors, else one."""


def may_be_mistyped(word: str) -> bool:
    """Whether a word is corrected at all: letters are mistyped, while numbers are meant."""
    return len(word) >= SHORTEST_CORRECTED and word.isalpha()


class Vocabulary:
    """Words and the places where each stands, in rising order."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {}
        self._sorted: list[str] = []
        self._letters: dict[str, dict[int, list[str]]] = {}
        """Words that may be mistyped, by their first letter and their length."""
        self._joined: str | None = None
        self._sets: dict[str, frozenset[int]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._places

    def fill(self, words_by_place: Iterable[Iterable[str]]) -> None:
        """Learn many words at once; the first words stand at place 0, and so on."""
        for place, words in enumerate(words_by_place):
            for word in words:
                self._places.setdefault(word, []).append(place)
        self._sorted = sorted(self._places)
        for word in self._sorted:
            self._learn(word)

    def _learn(self, word: str) -> None:
        if may_be_mistyped(word):
            its_letter = self._letters.setdefault(word[0], {})
            its_letter.setdefault(len(word), []).append(word)

    def add(self, words: Iterable[str], place: int) -> None:
        """Learn that these words stand at `place`, which is behind all others."""
        for word in words:
            there = self._places.get(word)
            if there is not None:
                there.append(place)
            else:
                self._places[word] = [place]
                insort(self._sorted, word)
                self._learn(word)
                self._joined = None
            self._sets.pop(word, None)

    def remove(self, words: Iterable[str], place: int) -> None:
        """Forget that these words stand at `place`."""
        for word in words:
            there = self._places[word]
            there.remove(place)
            self._sets.pop(word, None)
            if not there:
                del self._places[word]
                del self._sorted[bisect_left(self._sorted, word)]
                if may_be_mistyped(word):
                    self._letters[word[0]][len(word)].remove(word)
                self._joined = None

    def places(self, word: str) -> Sequence[int]:
        """Where a word stands, in rising order; nowhere when it is not known."""
        return self._places.get(word, ())

    def place_set(self, word: str) -> frozenset[int]:
        """Where a word stands, as a set that is kept as long as it is true."""
        found = self._sets.get(word)
        if found is None:
            found = self._sets[word] = frozenset(self._places.get(word, ()))
        return found

    def beginning_with(self, part: str) -> list[str]:
        """Known words that begin with `part` and are longer, in the order of the alphabet."""
        begin = bisect_right(self._sorted, part)
        end = bisect_left(self._sorted, part + LAST_LETTER, begin)
        return self._sorted[begin : min(end, begin + MOST_BEGINNINGS)]

    def containing(self, part: str) -> list[str]:
        """Known words that have `part` inside, not at their beginning."""
        if self._joined is None:
            self._joined = "\n".join(["", *self._sorted, ""])
        text, found = self._joined, dict[str, None]()
        at = text.find(part)
        while at >= 0 and len(found) < MOST_BEGINNINGS:
            begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            if begin != at:
                found[text[begin:end]] = None
            at = text.find(part, end)
        return list(found)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Known words with how many typing errors away they are, the nearest first.

        An error is a letter too much, missing or wrong, or two that are swapped.
        """
        if not may_be_mistyped(word):
            return []
        most = 1 if len(word) < TWO_EDITS_FROM else 2
        lengths = range(len(word) - most, len(word) + most + 1)
        # Hardly anybody errs in the first letter, unless it is swapped or missing.
        likely = dict.fromkeys(word[:2])
        found = _nearest(word, self._words_of(likely, lengths), most=most)
        if not found or found[0][1] > 1:
            others = [letter for letter in self._letters if letter not in likely]
            found += _nearest(word, self._words_of(others, lengths), most=most)
            found.sort(key=lambda each: each[1])
        return found[:NEAREST]

    def near_beginning(self, word: str) -> list[str]:
        """Known words whose beginning is one typing error away from `word`."""
        if len(word) <= SHORTEST_CORRECTED or not may_be_mistyped(word):
            return []
        longer = range(len(word) + 1, len(word) + LONGER)
        likely = self._words_of(dict.fromkeys(word[:2]), longer)
        cut = {each: each[: len(word)] for each in likely}
        near = process.extract(
            word, cut, scorer=OSA.distance, score_cutoff=1, limit=MOST_BEGINNINGS
        )
        return [str(each[2]) for each in near]

    def _words_of(self, letters: Iterable[str], lengths: Iterable[int]) -> list[str]:
        """Words that may be mistyped with one of these first letters and lengths."""
        found: list[str] = []
        for letter in letters:
            its_words = self._letters.get(letter)
            for length in lengths if its_words else ():
                found += its_words.get(length, ()) if its_words else ()
        return found


def _nearest(word: str, known: Sequence[str], *, most: int) -> list[tuple[str, int]]:
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=NEAREST)
    return [(each[0], int(each[1])) for each in near]
