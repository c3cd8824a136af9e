"""The oracle of the walks: a plain list of wishes, one for each piece that somebody wants.

A wish has its goods or not, and its bill or not.  Pieces and bills that belong to no wish are
spare: they have to go back, or be credited.  Nothing here knows the rules of links.
"""

from dataclasses import dataclass


@dataclass
class Wish:
    """One wanted piece."""

    goods: bool = False
    bill: bool = False


class Trade:
    """What has happened, piece by piece."""

    def __init__(self, ordered: int, *, service: bool = False) -> None:
        self.service = service
        self.wishes = [Wish() for _ in range(ordered)]
        self.given_up = 0
        self.spare_goods = 0
        self.spare_bills = 0

    # --- How things are --------------------------------------------------------------------

    @property
    def kept(self) -> int:
        return self.spare_goods + sum(wish.goods for wish in self.wishes)

    @property
    def billed(self) -> int:
        return self.spare_bills + sum(wish.bill for wish in self.wishes)

    @property
    def without_goods(self) -> int:
        return sum(not wish.goods for wish in self.wishes)

    @property
    def without_bill(self) -> int:
        return sum(not wish.bill for wish in self.wishes)

    # --- What happens ----------------------------------------------------------------------

    def goods_come(self, pieces: int, *, approved: bool = False) -> None:
        for _ in range(pieces):
            if approved and not self.without_goods:
                self.wishes.append(Wish())
            self.spare_goods += 1
            self._settle()

    def bill_comes(self, pieces: int) -> None:
        self.spare_bills += pieces
        self._settle()

    def goods_go_back(self, pieces: int, *, replaced: bool) -> None:
        for _ in range(pieces):
            if self.spare_goods:
                self.spare_goods -= 1
                if replaced and self.given_up:
                    self.given_up -= 1
                    self.wishes.append(Wish())
            else:
                wish = next(each for each in self.wishes if each.goods)
                wish.goods = False
                if not replaced:
                    self._give_up(wish)
        # Only now, because pieces that go back together do not replace each other.
        self._settle()

    def bill_is_credited(self, pieces: int, *, still_wanted: bool) -> None:
        for _ in range(pieces):
            if self.spare_bills:
                self.spare_bills -= 1
            else:
                wish = next(each for each in self.wishes if each.bill)
                wish.bill = False
                if not still_wanted:
                    self._give_up(wish)
            self._settle()

    def nothing_more_is_wanted(self, pieces: int | None = None) -> None:
        """Give up wishes without goods (for a service: without a bill), all or so many."""
        for wish in [each for each in self.wishes if not self._has(each)][:pieces]:
            self._give_up(wish)
        self._settle()

    def goods_never_came(self, pieces: int) -> None:
        """Reverse a delivery."""
        for _ in range(pieces):
            if self.spare_goods:
                self.spare_goods -= 1
            else:
                next(each for each in self.wishes if each.goods).goods = False

    def goods_never_went_back(self, pieces: int) -> None:
        """Reverse a return."""
        self.spare_goods += pieces
        self._settle()

    def wishes_as_before(self, more: int, *, approved: int = 0) -> None:
        """Undo a change of the number of wishes by `more`, some of which were newly approved."""
        for _ in range(-more):
            self.given_up -= 1
            self.wishes.append(Wish())
        for at in range(more):
            if self.wishes:
                self._give_up(self.wishes[-1])
                self.given_up -= at < approved
            elif at < approved:
                self.given_up -= 1
        self._settle()

    def _has(self, wish: Wish) -> bool:
        return wish.bill if self.service else wish.goods

    def _give_up(self, wish: Wish) -> None:
        self.wishes.remove(wish)
        self.given_up += 1
        self.spare_goods += wish.goods
        self.spare_bills += wish.bill

    def _settle(self) -> None:
        """Give spare pieces and bills to wishes without any: one piece is like another."""
        for wish in self.wishes:
            if self.spare_goods and not wish.goods:
                wish.goods, self.spare_goods = True, self.spare_goods - 1
            if self.spare_bills and not wish.bill:
                wish.bill, self.spare_bills = True, self.spare_bills - 1
