"""The plan of the demo's fourteen months: which invoice when, to whom, over what, and paid when.

Days are counted from the day of the demo: 0 is that day, −7 a week before. Sales come in their
order; the last ones, and some before, are those of the house's own pictures.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from guilder.office.demo.cast import CLIENTS, GOODS, SERVICES, Client

FIRST_DAY = -426
SALES_BEFORE = 30  # those of the autumn before
SALES = 184  # those since the first of January, where day 0 is 20 November
ANCHORS = ((1, -323), (141, -112), (149, -100), (158, -77), (166, -60), (168, -56), (170, -52),
           (171, -50))  # fmt: skip
LAST_ORDINARY_PAYMENT = -20
SLOW = range(-68, -51)  # so that this month collects a little more than the one before did by now
# Some rows of the catalogue are of no use to some clients: no goods across the Union's border,
# because services to the same client are outside the scope of tax and one paper cannot be both.
ABROAD = {"GB", "CH"}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line over an item (by its code), or free text with a price."""

    quantity: str
    item: str = ""
    text: str = ""
    price: str = ""
    unit: str = "C62"


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that comes in for a sale: all that is open, or `amount`."""

    day: int
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One invoice of the plan."""

    place: int
    day: int
    client: str
    lines: tuple[PlannedLine, ...]
    due: int | None = None  # None: by the client's terms
    sent: bool = True
    viewed: int | None = None
    disputed: int | None = None
    credited: int | None = None
    payments: tuple[Paid, ...] = ()


def sales() -> list[Sale]:
    """All invoices, oldest first; those of the year before have places from −29 to 0."""
    planned = {one.place: one for one in (*before(), *ordinary())}
    planned |= {one.place: one for one in pictured()}
    return [planned[place] for place in sorted(planned)]


def before() -> list[Sale]:
    """The autumn of the year before."""
    return [
        sale(place, FIRST_DAY + (place + SALES_BEFORE - 1) * 100 // (SALES_BEFORE - 1))
        for place in range(1 - SALES_BEFORE, 1)
    ]


def ordinary() -> list[Sale]:
    """What was sold, sent and paid without anything to tell."""
    return [sale(place, day_of(place)) for place in range(1, ANCHORS[-1][0] + 1)]


def day_of(place: int) -> int:
    """The issue day between the anchors."""
    for (low, first), (high, last) in pairwise(ANCHORS):
        if low <= place <= high:
            return first + (last - first) * (place - low) // (high - low)
    raise ValueError(place)


def sale(place: int, day: int) -> Sale:
    """An ordinary sale, paid in full."""
    who = CLIENTS[(place * 5 + place // 7) % len(CLIENTS)]
    paid = min(paid_on(day, place), LAST_ORDINARY_PAYMENT)
    return Sale(
        place=place,
        day=day,
        client=who.key,
        lines=ordinary_lines(place, who),
        viewed=day + 1 if place % 3 else None,
        payments=(Paid(paid),),
    )


def paid_on(day: int, place: int) -> int:
    """One to five weeks after; what came late in the month before last waited for the next."""
    usual = day + 9 + place * 5 % 24
    return usual + 17 if usual in SLOW else usual


def ordinary_lines(place: int, who: Client) -> tuple[PlannedLine, ...]:
    """Two to four lines from the catalogue."""
    items = SERVICES if who.country in ABROAD else (*SERVICES, *GOODS)
    found: list[PlannedLine] = []
    for index in range(2 + place % 3):
        item = items[(place * 3 + index * 4) % len(items)]
        most = 24 if item.unit == "HUR" else 9
        quantity = 1 + (place * (index + 2) + index) % most
        found.append(PlannedLine(str(quantity), item=item.code))
    return tuple(found)


def project(net: str, *, hours: int, price: str, subject: str) -> tuple[PlannedLine, ...]:
    """Three lines of work that come to `net`."""
    concept = Decimal(net) / 4
    concept = concept.quantize(Decimal("0.01"))
    rest = Decimal(net) - hours * Decimal(price) - concept
    return (
        PlannedLine("1", text=f"Lighting concept: {subject}", price=str(concept), unit="LS"),
        PlannedLine(str(hours), text="Senior lighting designer", price=price, unit="HUR"),
        PlannedLine("1", text="Plans, samples and coordination", price=str(rest), unit="LS"),
    )


def pictured() -> list[Sale]:
    """The invoices that the pictures of the house show, in every state."""
    bremen = (PlannedLine("2", text="Quay lighting, monthly fee", price="625.00", unit="MON"),)
    return [
        Sale(place=141, day=-112, client="hafenkontor", lines=bremen, payments=(Paid(-82),)),
        Sale(place=149, day=-100, client="hafenkontor", lines=bremen, due=-70, viewed=-99),
        Sale(place=158, day=-77, client="marguerite", due=-47,
             lines=project("3120.00", hours=10, price="128.00", subject="terrace")),
        Sale(place=166, day=-60, client="kestrel", viewed=-59, payments=(Paid(-25),),
             lines=project("9980.00", hours=32, price="110.00", subject="flagship shop")),
        Sale(place=168, day=-56, client="hafenkontor", due=34, viewed=-50,
             lines=project("12000.00", hours=40, price="128.00", subject="warehouse 7")),
        Sale(place=170, day=-52, client="alpengluehn", due=38, viewed=-51,
             lines=project("7400.00", hours=24, price="128.00", subject="spa")),
        Sale(place=172, day=-49, client="lac", due=-19, viewed=-48,
             lines=project("6842.50", hours=22, price="128.00", subject="grand staircase")),
        Sale(place=173, day=-45, client="brasa", due=-15, credited=-40,
             lines=(PlannedLine("3.5", text="Site visit", price="340.00"),)),
        Sale(place=174, day=-42, client="lumiere", due=-12, viewed=-41, disputed=-10,
             lines=project("5282.63", hours=16, price="128.00", subject="two rooms and bar")),
        Sale(place=175, day=-37, client="polder", due=-7, payments=(Paid(-1),),
             lines=project("23202.59", hours=80, price="128.00", subject="market hall")),
        Sale(place=176, day=-34, client="ferrante", due=11, sent=False,
             lines=project("2569.27", hours=8, price="128.00", subject="entrance")),
        Sale(place=177, day=-32, client="linden", due=-2, viewed=-30,
             lines=project("1481.46", hours=5, price="128.00", subject="reading corner")),
        Sale(place=178, day=-25, client="brasa", due=5, payments=(Paid(-1),),
             lines=project("3694.88", hours=12, price="128.00", subject="kitchen")),
        Sale(place=179, day=-21, client="nordhavn", due=-7, viewed=0,
             lines=project("9095.09", hours=30, price="128.00", subject="ward 3")),
        Sale(place=180, day=-9, client="kestrel", due=21, viewed=-7,
             lines=project("10184.13", hours=34, price="110.00", subject="second shop")),
        Sale(place=181, day=-8, client="baltic", due=6, viewed=-8, payments=(Paid(0, "7714.05"),),
             lines=project("15428.10", hours=50, price="128.00", subject="show room")),
        Sale(place=182, day=-4, client="rosenthal", due=26, payments=(Paid(0),),
             lines=project("18963.46", hours=60, price="128.00", subject="gallery")),
        Sale(place=183, day=-2, client="oresund", due=28, viewed=0,
             lines=project("24310.00", hours=14, price="1180.00", subject="terminal 2")),
        Sale(place=184, day=0, client="ticino", due=30,
             lines=project("6417.07", hours=20, price="145.00", subject="assembly line")),
    ]  # fmt: skip


def rate(base: str, day: int) -> str:
    """A rate that wanders a little around `base`: never more than 1.2 % away."""
    week = -day // 7
    swing = (week * 37 % 25) - 12  # tenths of a percent, as like chance as a demo needs
    if day > -8:
        swing = 0
    return str((Decimal(base) * (1000 + swing) / 1000).quantize(Decimal("0.000001")))


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
