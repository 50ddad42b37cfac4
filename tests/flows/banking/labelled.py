"""Labelled bank lines with the noise of real ones: what each is, and what it pays."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from guilder.flows.banking import calc
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.identifiers import make_creditor_reference

DAY = date(2026, 11, 20)
FIRST = ("Polder", "Hafen", "Baltic", "Kestrel", "Atelier", "Linden", "Copper", "Nordic", "Villa",
         "Juniper", "Harlow", "Westmoor", "Marlow", "Oresund", "Sonnhang", "Brasa", "Licht", "Alpen",
         "Meridian", "Cobalt")  # fmt: skip
SECOND = ("Fresh", "Kontor", "Timber", "Finch", "Rosenthal", "Books", "Kettle", "Prints", "Vets",
          "Cycles", "Marguerite", "Rye", "Logistik", "Werk", "Foods", "Media", "Glas", "Garten",
          "Studios", "Textil")  # fmt: skip
LEGAL = ("GmbH", "BV", "Ltd", "SARL", "Oy", "AB", "eG", "& Co. KG", "S.p.A.", "")
WORDS = ("", "Rechnung {n}", "RNR {n} THANKS", "INV {n}/your ref", "Facture {n} du 01.11.",
         "{n}", "PAYMENT {n} KD 4711", "Re.{n} vielen Dank", "ref {n} PO 88213")  # fmt: skip
OTHER = ("MIETE BUERO 11/26", "STROM ABSCHLAG KD 77121", "SALARY NOV", "REF 1142", "LOHNSTEUER 10/26",
         "CARD 4711 PARKING", "REFUND ORDER 99120", "DIVIDENDE", "DONATION", "VERSICHERUNG 2026")  # fmt: skip


PRICES = (999, 4_900, 9_900, 11_900, 23_800, 59_500, 119_000)


@dataclass(slots=True)
class Labelled:
    """A line, its class, and the invoices that it pays; none for what must stay unmatched."""

    line: calc.Line
    kind: str
    pays: frozenset[UUID] = frozenset()


@dataclass(slots=True)
class Set:
    """Everything that a check needs."""

    known: calc.Known
    lines: list[Labelled] = field(default_factory=list)


def make_set(seed: int, *, lines: int) -> Set:
    """That many lines, at least 15 % of which nothing open explains."""
    chance = random.Random(seed)
    known = calc.Known()
    partners = [(uuid7(), name_of(chance, place)) for place in range(max(20, lines // 6))]
    accounts = {partner_id: f"DE{place:020d}" for place, (partner_id, _) in enumerate(partners)}
    made = Set(known)
    counter = 0

    def issue(partner: tuple[UUID, str], amount: int) -> calc.Debt:
        nonlocal counter
        counter += 1
        number = f"INV-2026-{counter:05d}"
        due = DAY + timedelta(days=counter % 60 - 30)
        debt = calc.Debt(
            uuid7(), number, calc.number_key(number), *partner, amount, "EUR", due, DAY
        )
        known.debts[debt.id] = debt
        known.by_key.setdefault(debt.key, []).append(debt.id)
        known.by_amount.setdefault(("EUR", amount), []).append(debt.id)
        known.by_partner.setdefault(partner[0], []).append(debt.id)
        known.partner_names[partner[0]] = partner[1]
        return debt

    names: dict[str, list[UUID]] = {}
    for partner_id, name in partners:
        names.setdefault(calc.name_key(name), []).append(partner_id)
    known.partner_by_name = {key: ids[0] for key, ids in names.items() if len(ids) == 1}
    learned = {partner_id for partner_id, _ in partners if chance.random() < 0.5}
    known.partner_by_account = {accounts[one]: one for one in learned}

    kinds = (
        ["number"] * 28 + ["reference"] * 8 + ["typo"] * 4 + ["truncated"] * 6 + ["bundle"] * 6
        + ["part"] * 5 + ["fee"] * 4 + ["over"] * 2 + ["nameless"] * 3 + ["silent"] * 6
        + ["repeat"] * 6 + ["stranger"] * 10 + ["wrong_amount"] * 3 + ["settled"] * 3
        + ["collision"] * 4 + ["twice"] * 2
    )  # fmt: skip
    for place in range(lines):
        kind = kinds[place % len(kinds)]
        partner = chance.choice(partners)
        # A fifth are the few round prices that many clients pay.
        amount = (
            chance.choice(PRICES) if chance.random() < 0.2 else chance.randint(1_000, 3_000_000)
        )
        if kind == "twice":
            made.lines += paid_twice(partner, amount, chance, issue, accounts)
            continue
        made.lines.append(one_line(kind, partner, amount, chance, issue, accounts))
    chance.shuffle(made.lines)
    return made


def name_of(chance: random.Random, place: int) -> str:
    """A company's name; some names come twice."""
    first, second = FIRST[place % 20], SECOND[(place // 20) % 20]
    tail = f" {place // 400}" if place >= 400 else ""
    return f"{first} {second}{tail} {chance.choice(LEGAL)}".strip()


def written(name: str, chance: random.Random) -> str:
    """A name as it comes through a bank."""
    shown = name.upper().replace("&", "+" if chance.random() < 0.2 else "UND")
    if chance.random() < 0.15:
        shown = shown[: max(8, len(shown) - 4)]
    if chance.random() < 0.06 and len(shown) > 8:
        at = chance.randrange(2, 7)
        shown = shown[:at] + shown[at + 1] + shown[at] + shown[at + 2 :]
    return shown


def number_in(number: str, chance: random.Random) -> str:
    """A number as payers write it."""
    bare = number.removeprefix("INV-")
    return chance.choice((number, bare, bare.replace("-", "/"), number.replace("-", " "),
                          number.replace("-", ""), f"#{bare}"))  # fmt: skip


def one_line(kind, partner, amount, chance, issue, accounts) -> Labelled:
    """One line of a class."""
    name, account = written(partner[1], chance), accounts[partner[0]]
    if kind in {"stranger", "settled"}:
        text = chance.choice(OTHER)
        if kind == "settled":
            text = f"INV-2025-{chance.randint(1, 99999):05d}"  # paid long ago, or another's
        who = {"name": f"{chance.choice(FIRST)}{chance.randint(100, 999)} HOLDING"}
        return Labelled(line(amount + 1, text, chance, **who), kind)
    debt = issue(partner, amount)
    if kind == "collision":  # somebody unknown pays for something else, just as much
        who = {"name": f"UNKNOWN {chance.randint(100, 999)} TRADING"}
        return Labelled(line(amount, chance.choice(OTHER), chance, **who), kind)
    if kind == "repeat":  # several open at the same price, one of them named
        issue(partner, amount)
        issue(partner, amount)
    text = chance.choice(WORDS[1:]).format(n=number_in(debt.number, chance))
    who = {"name": name, "account": account if chance.random() < 0.7 else ""}
    pays = frozenset((debt.id,))
    if kind == "reference":
        text = make_creditor_reference(debt.number)
        return Labelled(line(amount, text, chance, **who), kind, pays)
    if kind == "typo":
        digits = list(debt.number)
        digits[-chance.randint(1, 3)] = str(chance.randint(0, 9))
        return Labelled(line(amount, "".join(digits), chance, **who), kind, pays)
    if kind == "truncated":
        return Labelled(line(amount, f"RECHNUNG NR {debt.number[-5:]}", chance, **who), kind, pays)
    if kind == "bundle":
        others = [
            issue(partner, chance.randint(1_000, 900_000)) for _ in range(chance.randint(1, 3))
        ]
        every = [debt, *others]
        text = " ".join(one.number for one in every) if chance.random() < 0.7 else "SAMMELZAHLUNG"
        total = sum(one.left for one in every)
        return Labelled(line(total, text, chance, **who), kind, frozenset(one.id for one in every))
    if kind == "part":
        return Labelled(line(max(1, amount // 2), text, chance, **who), kind, pays)
    if kind == "fee":
        fee = min(chance.randint(100, 2_500), amount // 30)
        return Labelled(line(amount - max(1, fee), text, chance, **who), kind, pays)
    if kind == "over":
        return Labelled(line(amount + chance.randint(1, 5_000), text, chance, **who), kind, pays)
    if kind == "nameless":
        return Labelled(line(amount, text, chance), kind, pays)
    if kind == "silent":
        return Labelled(line(amount, "", chance, **who), kind, pays)
    if kind == "wrong_amount":
        # Somebody else writes an own number that happens to be one of ours.
        strange = {"name": f"QUITE OTHER {chance.randint(1, 99)}"}
        return Labelled(line(amount + 777_777, f"order {debt.key[4:]}", chance, **strange), kind)
    return Labelled(line(amount, text, chance, **who), kind, pays)


def paid_twice(partner, amount, chance, issue, accounts) -> list[Labelled]:
    """One invoice paid by two lines: one of them pays it, the other one nothing that is open."""
    first = one_line("number", partner, amount, chance, issue, accounts)
    second = calc.Line(
        **{
            name: getattr(first.line, name)
            for name in calc.Line.__struct_fields__
            if name not in {"id", "bank_reference"}
        },
        id=uuid7(),
        bank_reference=f"{first.line.bank_reference}b",
    )
    return [Labelled(first.line, "twice", first.pays), Labelled(second, "twice", first.pays)]


def line(amount: int, text: str, chance: random.Random, **who: str) -> calc.Line:
    """A line of some day."""
    on = DAY - timedelta(days=chance.randint(0, 6))
    return calc.Line(
        id=uuid7(),
        amount=amount,
        currency="EUR",
        booked_on=on,
        name=who.get("name", ""),
        account=who.get("account", ""),
        text=text,
        bank_reference=str(chance.random())[2:14],
    )
