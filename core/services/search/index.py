"""An index in memory: names by their words.  It finds what a text may mean, the best first.

Every word that was typed stands for known words: itself, those that begin with it, else those that
it may be a mistyped form of.  What has a known word for each of them is found.  Where nothing has
all of them, words are put together or taken apart, more errors are allowed, and at last one word
may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from types import MappingProxyType
from typing import NamedTuple

from core.services.search.vocabulary import Vocabulary

CONSIDERED = 48
"""How many of those found are compared in detail; they are the ones with the shortest names."""
MOST_SCANNED = 6_000
SHORTEST_NUMBER_BEGUN = 3
"""A shorter number is meant as it is: 1 is not the beginning of 14."""
LONGEST_QUERY = 12
"""How many words of a text are looked at."""


class Entry(NamedTuple):
    """Something that has names.

    Attributes:
        id: which product or party it is.
        name: how it is called by default.
        folded: all its names as `core.domain.texts.folded` gives them, the default one first.
        words: the words of its names, of its code and its barcode.
        codes: what means it exactly: its code as it is and without signs, and its barcode.
        names: its names in other languages, by language.
        marks: what a search may ask for: "customer", "vendor".  No one can type a mark.
    """

    id: int
    name: str
    folded: tuple[str, ...]
    words: frozenset[str]
    codes: tuple[str, ...] = ()
    names: Mapping[str, str] = MappingProxyType({})
    marks: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        """Under what it stands in the vocabulary."""
        return (
            self.words | {key_of_mark(each) for each in self.marks} if self.marks else self.words
        )

    def called(self, language: str) -> str:
        """Its name in a language, or its default one."""
        return self.names.get(language, self.name)


@dataclass(frozen=True)
class Match:
    """Something that was found.

    Attributes:
        distance: how far its words are from those typed, 0 for the very same.
        is_equal: its whole name is what was typed.
        is_guessed: a word was corrected, is only a part of a word, or is missing.
    """

    entry: Entry
    distance: int
    is_equal: bool
    is_guessed: bool = False


def key_of_mark(mark: str) -> str:
    """The word for a mark: short, and with a letter that no folded text has."""
    return f"\x01{mark[0]}"


_Places = Sequence[int] | set[int] | frozenset[int]
_Groups = list[Mapping[str, int]]
"""For each typed word the known words that it may mean, with how far they are from it."""

PREFIX, NEAR, INSIDE, MISSING = 1, 2, 3, 20


class Index:
    """All entries of one subject.  The shorter a name, the earlier its place."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        ordered = sorted(entries, key=lambda each: (len(each.folded[0]), each.folded[0], each.id))
        self._entries = list(ordered)
        self._keys = [each.keys for each in ordered]
        self._place_of = {each.id: place for place, each in enumerate(ordered)}
        self._vocabulary = Vocabulary()
        self._vocabulary.fill(self._keys)
        self._codes: dict[str, tuple[int, ...]] = {}
        self._equal: dict[str, tuple[int, ...]] = {}
        for each in ordered:
            self._note(each)
        self.added = 0
        """How many were added since the order of places was made."""

    def __len__(self) -> int:
        return len(self._place_of)

    def put(self, id: int, entry: Entry | None) -> None:
        """Have this entry from now on, or none."""
        place = self._place_of.get(id)
        old = None if place is None else self._entries[place]
        if old == entry:
            return
        if place is not None and old is not None:
            self._take_out(old, place)
        if entry is not None:
            place = len(self._entries)
            self._entries.append(entry)
            self._keys.append(entry.keys)
            self._place_of[id] = place
            self._vocabulary.add(self._keys[place], place)
            self._note(entry)
            self.added += 1

    def _note(self, entry: Entry) -> None:
        for names, ids in ((entry.codes, self._codes), (entry.folded, self._equal)):
            for name in names:
                ids[name] = (*ids[name], entry.id) if name in ids else (entry.id,)

    def _take_out(self, old: Entry, place: int) -> None:
        self._vocabulary.remove(old.keys, place)
        del self._place_of[old.id]
        for names, ids in ((old.codes, self._codes), (old.folded, self._equal)):
            for name in names:
                others = tuple(each for each in ids[name] if each != old.id)
                if others:
                    ids[name] = others
                else:
                    del ids[name]

    # --- Finding ------------------------------------------------------------------------------

    def by_code(self, code: str) -> Entry | None:
        """The one that has this code, if no other has it."""
        found = self._codes.get(code, ())
        return self._entries[self._place_of[found[0]]] if len(found) == 1 else None

    def find(
        self, words: Sequence[str], *, most: int, marks: frozenset[str] = frozenset()
    ) -> list[Match]:
        """What folded `words` may mean, at most so many, the best first.

        `marks` are those that all that is found must have.
        """
        typed = list(words[:LONGEST_QUERY])
        if not typed:
            return []
        asked: _Groups = [{key_of_mark(mark): 0} for mark in sorted(marks)]
        strict = [self._strict(word) for word in typed]
        found = self._matching(strict, typed, most=most, asked=asked) if all(strict) else []
        if found and (found[0].is_equal or not found[0].distance):
            return found
        for other in self._joined_and_split(typed, strict):
            groups = [self._strict(word) for word in other]
            found += self._matching(groups, other, most=most, asked=asked)
        if found:
            return _best(found, most=most)
        for groups in self._lenient_readings(typed, strict):
            found = self._matching(groups, typed, most=most, asked=asked)
            if found:
                return found
        return []

    def _lenient_readings(
        self, typed: list[str], strict: Sequence[Mapping[str, int]]
    ) -> Iterator[_Groups]:
        """Further ways to read a text, from the likely to the last one."""
        lenient = [self._lenient(word, known) for word, known in zip(typed, strict, strict=True)]
        known = [group for group in lenient if group]
        may_be_missing = max(1, len(typed) // 3)
        if known and len(typed) - len(known) <= may_be_missing:
            yield known
        # One of the words may be wrong altogether: what has all others, the short one first.
        if len(known) > 1 and len(typed) - len(known) < may_be_missing:
            for left_out in sorted(range(len(known)), key=lambda at: len(typed[at])):
                yield [group for at, group in enumerate(known) if at != left_out]

    def _strict(self, word: str) -> Mapping[str, int]:
        """What a word means if it is known, or begins a known one; else what it may be.

        A known number or a single letter is meant as it is.
        """
        known = {word: 0} if word in self._vocabulary else {}
        if word.isdecimal() and len(word) < SHORTEST_NUMBER_BEGUN:
            return known
        if known and (word.isdecimal() or len(word) == 1):
            return known
        for each in self._vocabulary.beginning_with(word):
            known[each] = PREFIX
        return known or {each: NEAR * distance for each, distance in self._vocabulary.near(word)}

    def _lenient(self, word: str, strict: Mapping[str, int]) -> Mapping[str, int]:
        """All that a word may mean."""
        found = dict(strict)
        is_begun = not word.isdecimal() or len(word) >= SHORTEST_NUMBER_BEGUN
        for each in self._vocabulary.beginning_with(word) if is_begun else ():
            found.setdefault(each, PREFIX)
        for each, distance in self._vocabulary.near(word):
            found.setdefault(each, NEAR * distance)
        for each in self._vocabulary.containing(word) if len(word) > 1 else ():
            found.setdefault(each, INSIDE)
        for each in self._vocabulary.near_beginning(word):
            found.setdefault(each, NEAR + PREFIX)
        return found

    def _joined_and_split(
        self, typed: list[str], strict: Sequence[Mapping[str, int]]
    ) -> Iterator[list[str]]:
        """The same text with two words in one, or one word in two, where that is known."""
        for at in range(len(typed) - 1):
            joined = typed[at] + typed[at + 1]
            if joined in self._vocabulary or self._vocabulary.beginning_with(joined):
                yield [*typed[:at], joined, *typed[at + 2 :]]
        for at, word in enumerate(typed):
            if 0 in strict[at].values():
                continue
            for cut in range(len(word) - 1, 1, -1):
                first, rest = word[:cut], word[cut:]
                if first in self._vocabulary and self._is_rest(rest):
                    yield [*typed[:at], first, rest, *typed[at + 1 :]]

    def _is_rest(self, rest: str) -> bool:
        """Whether the end of a glued word may be a word: a single letter is none."""
        if len(rest) == 1:
            return rest.isdigit() and rest in self._vocabulary
        return rest in self._vocabulary or bool(self._vocabulary.beginning_with(rest))

    def _matching(
        self, groups: _Groups, typed: Sequence[str], *, most: int, asked: _Groups
    ) -> list[Match]:
        """What has a word of each group: first where all words are the very ones typed."""
        whole = " ".join(typed)
        missing = MISSING * max(0, len(typed) - len(groups))
        marks = {key for group in asked for key in group}
        places = set(self._places_of_equal(whole, marks))
        exact = [[word for word, far in group.items() if far == 0] for group in groups]
        if all(exact):
            places.update(self._having_all([*asked, *(dict.fromkeys(each, 0) for each in exact)]))
        if len(places) < most:
            places.update(self._having_all([*asked, *groups]))
        found = []
        for place in places:
            entry = self._entries[place]
            far = [_distance(entry.words, group) for group in groups]
            key = _key(entry, whole, distance=missing + sum(far))
            is_guessed = key[0] and (bool(missing) or max(far) > PREFIX)
            found.append((key, Match(entry, key[1], not key[0], is_guessed)))
        return [match for _, match in nsmallest(most, found, key=lambda each: each[0])]

    def _places_of_equal(self, whole: str, marks: set[str]) -> list[int]:
        places = [self._place_of[id] for id in sorted(self._equal.get(whole, ()))[:CONSIDERED]]
        return [each for each in places if marks <= self._keys[each]]

    def _having_all(self, groups: _Groups) -> Sequence[int]:
        """The first places that have a word of each group."""
        sized = sorted(groups, key=self._size)
        rarest: _Places = self._union(sized[0])
        for group in sized[1:]:
            rarest = self._also_in(rarest, group)
        return _first(rarest)

    def _size(self, group: Mapping[str, int]) -> int:
        return sum(len(self._vocabulary.places(word)) for word in group)

    def _union(self, group: Mapping[str, int]) -> _Places:
        """Where a word of the group stands; the nearest words first, up to a number of places."""
        if len(group) == 1:
            return self._vocabulary.places(next(iter(group)))
        found = set[int]()
        for word in sorted(group, key=group.__getitem__):
            found.update(self._vocabulary.places(word))
            if len(found) > MOST_SCANNED:
                break
        return found

    def _also_in(self, places: _Places, group: Mapping[str, int]) -> _Places:
        """Those of the places that have a word of the group too."""
        if len(group) == 1:
            return self._vocabulary.place_set(next(iter(group))).intersection(places)
        # There are no more places than the group has: the rarest group came first.
        meant = frozenset(group)
        return {each for each in places if not meant.isdisjoint(self._keys[each])}


def _first(places: _Places) -> Sequence[int]:
    """The first places, as many as are considered."""
    if isinstance(places, set | frozenset):
        return nsmallest(CONSIDERED, places)
    return places[:CONSIDERED]


def _best(found: Sequence[Match], *, most: int) -> list[Match]:
    """The best matches of several readings, each entry once."""
    ranked = sorted(found, key=lambda each: (not each.is_equal, each.distance))
    return list({each.entry.id: each for each in reversed(ranked)}.values())[::-1][:most]


def _distance(words: frozenset[str], group: Mapping[str, int]) -> int:
    """How far the nearest word of an entry is from a typed one."""
    return min((group.get(word, MISSING) for word in words), default=MISSING)


def _key(entry: Entry, whole: str, *, distance: int) -> tuple[bool, int, bool, int, str, int]:
    """Equal first, then the nearest, then what begins like it, then short names."""
    begins = any(name.startswith(whole) for name in entry.folded)
    name = entry.folded[0]
    return (whole not in entry.folded, distance, not begins, len(name), name, entry.id)
