"""Whole papers drawn by Hypothesis: every term of EN 16931, all categories, lawful as a paper is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from guilder.kernel.document import (
    Address,
    Allowance,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Document,
    EarlyDiscount,
    Identifier,
    Item,
    Kind,
    Line,
    Note,
    Party,
    Payee,
    PaymentCard,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    Tax,
    TaxRepresentative,
)
from guilder.kernel.money import Money

COUNTRIES = ("DE", "FR", "NL", "BE", "AT", "PL", "ES", "SE")
CURRENCIES = ("EUR", "EUR", "EUR", "SEK", "USD", "JPY", "KWD", "BHD")
WHOLE = {"JPY": 1, "KWD": 1000, "BHD": 1000}  # minor units: rules BR-DEC allow two decimals
SCHEMES = ("0060", "0106", "0002")  # 0088 would want a check digit
EXEMPTIONS = {
    "E": ("Exempt by Article 132", "VATEX-EU-132-1C"),
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "K": ("Intra-Community supply", "VATEX-EU-IC"),
    "G": ("Export outside the EU", "VATEX-EU-G"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
}
RATES = {"S": ("19", "7", "5.5", "21"), "L": ("7", "3"), "M": ("4", "10")}
MIXES = (
    *(("S",), ("S", "S"), ("S", "Z"), ("S", "E"), ("S", "AE"), ("S", "K"), ("S", "G")),
    *(("Z",), ("E",), ("AE",), ("K",), ("G",), ("O",), ("L",), ("M",), ("L", "S"), ("M", "S")),
)
LETTERS = st.characters(min_codepoint=32, max_codepoint=0x24FF, exclude_categories=("C", "Z"))
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
days = st.dates(date(2026, 1, 1), date(2026, 12, 30))
numbers = st.text(ALPHABET, min_size=1, max_size=12)


def words(most: int = 30) -> st.SearchStrategy[str]:
    """Text that is not white space alone, with signs that XML must escape now and then."""
    plain = st.text(LETTERS, min_size=1, max_size=most)
    fixed = st.sampled_from(["Beratung & Söhne", "Größe < 10 “XL”", "Ωμέγα", "a]]>b"])
    return st.one_of(plain, plain, fixed).map(lambda text: text.replace("#", "no "))


def maybe(strategy: st.SearchStrategy[Any], otherwise: Any = "") -> st.SearchStrategy[Any]:
    return st.one_of(strategy, st.just(otherwise))


def identifiers(schemes: tuple[str, ...] = SCHEMES) -> st.SearchStrategy[Identifier]:
    return st.builds(Identifier, numbers, st.sampled_from(schemes))


def addresses(country: str) -> st.SearchStrategy[Address]:
    return st.builds(
        Address,
        line1=words(),
        line2=maybe(words()),
        line3=maybe(words()),
        city=words(),
        postal_code=st.text("0123456789", min_size=4, max_size=5),
        region=maybe(words()),
        country=st.just(country),
    )


contacts = st.builds(
    Contact, name=words(), phone=st.just("+49 30 123456"), email=st.just("a@b.example")
)
periods = st.tuples(days, days).map(lambda two: Period(start_on=min(two), end_on=max(two)))


def parties(country: str, *, vat: bool, seller: bool) -> st.SearchStrategy[Party]:
    """A seller has a tax registration wherever a VAT id is not lawful (BR-CO-26, BR-O-2)."""
    own = st.lists(st.builds(Identifier, numbers), max_size=1)
    known = st.lists(identifiers(), max_size=1)
    both = st.tuples(known, own).map(lambda two: tuple(two[0] + two[1]))
    return st.builds(
        Party,
        name=words(),
        trading_name=maybe(words()),
        identifiers=both if seller else both.map(lambda found: found[:1]),
        legal_registration=identifiers() if seller else maybe(identifiers(), None),
        vat_id=st.just(f"{country}123456789" if vat else ""),
        tax_registration=maybe(numbers) if seller else st.just(""),
        legal_information=maybe(words()) if seller else st.just(""),
        endpoint=st.builds(Identifier, numbers, st.sampled_from(("0060", "9930"))),
        address=addresses(country),
        contact=contacts,
    )


def money(currency: str, low: int, high: int) -> st.SearchStrategy[Money]:
    unit = WHOLE.get(currency, 1)
    return st.integers(low, high).map(lambda n: Money(n * unit, currency))


def levels(
    currency: str, charge: bool, tax: st.SearchStrategy[Tax | None]
) -> st.SearchStrategy[tuple[Allowance, ...]]:
    code = st.sampled_from(("FC", "ABL", "ZZZ") if charge else ("95", "100", "64"))
    reason = st.one_of(
        st.fixed_dictionaries({"reason": words(), "reason_code": code}),
        st.fixed_dictionaries({"reason": words()}),
        st.fixed_dictionaries({"reason_code": code}),
    )
    unit = WHOLE.get(currency, 1)
    plain = st.fixed_dictionaries({"amount": money(currency, 1, 50)})
    share = st.tuples(st.integers(1, 20), st.integers(1, 20)).map(
        lambda two: {  # hundreds, so that the share is a whole amount
            "percent": Decimal(two[0]),
            "base": Money(100 * two[1] * unit, currency),
            "amount": Money(two[0] * two[1] * unit, currency),
        }
    )
    one = st.tuples(st.one_of(plain, share), reason, tax).map(
        lambda three: Allowance(**three[0], **three[1], tax=three[2])
    )
    return st.lists(one, max_size=1).map(tuple)


def prices(whole: bool) -> st.SearchStrategy[Price]:
    amount = st.integers(1, 900).map(Decimal) if whole else st.decimals(1, 900, places=2)
    fine = amount if whole else st.one_of(amount, st.decimals(1, 900, places=4))
    plain = st.builds(Price, amount=fine)
    per = st.builds(
        Price, amount=amount, base_quantity=st.just(Decimal(1)), base_unit=st.just("HUR")
    )
    tens = amount if whole else st.builds(Price, amount=amount, base_quantity=st.just(Decimal(10)))
    reduced = st.tuples(amount, st.integers(1, 20)).map(
        lambda two: Price(amount=two[0], discount=Decimal(two[1]), gross=two[0] + two[1])
    )
    return st.one_of(plain, per, reduced) if whole else st.one_of(plain, per, tens, reduced)


items = st.builds(
    Item,
    name=words(),
    description=maybe(words()),
    seller_id=maybe(numbers),
    buyer_id=maybe(numbers),
    standard_id=maybe(st.builds(Identifier, numbers, st.just("0160")), None),
    classifications=st.lists(
        st.builds(Identifier, numbers, st.just("STI"), st.sampled_from(("", "19.05"))), max_size=1
    ).map(tuple),
    origin_country=maybe(st.sampled_from(COUNTRIES)),
    attributes=st.lists(st.tuples(words(12), words(12)), max_size=2).map(tuple),
)


def lines(
    currency: str, taxes: list[Tax], credit: bool, span: Period | None
) -> st.SearchStrategy[tuple[Line, ...]]:
    whole = currency in WHOLE
    low = 1 if credit else -3
    quantity = st.integers(low, 40).filter(bool).map(Decimal)
    quantities = quantity if whole else st.one_of(quantity, st.decimals(1, 20, places=2))

    def one(index: int, tax: Tax) -> st.SearchStrategy[Line]:
        return st.builds(
            Line,
            id=st.just(str(index)),
            item=items,
            quantity=quantities,
            unit=st.just("HUR"),
            price=prices(whole),
            tax=st.just(tax),
            note=maybe(words()),
            object=maybe(st.builds(Identifier, numbers, st.sampled_from(("", "AAB"))), None),
            order_line=maybe(numbers),
            buyer_accounting_reference=maybe(numbers),
            period=maybe(st.just(span) if span else periods, None),  # R110: inside the paper's
            allowances=levels(currency, False, st.none()),
            charges=levels(currency, True, st.none()),
        )

    more = st.lists(st.sampled_from(taxes), max_size=3)
    return more.flatmap(
        lambda extra: st.tuples(*(one(i, tax) for i, tax in enumerate([*taxes, *extra], 1)))
    )


def taxes_of(mix: tuple[str, ...]) -> st.SearchStrategy[list[Tax]]:
    def one(category: str) -> st.SearchStrategy[Tax]:
        if category in EXEMPTIONS:
            reason, code = EXEMPTIONS[category]
            rate = None if category == "O" else Decimal(0)
            made = Tax(category=category, rate=rate, exemption_reason=reason, exemption_code=code)
            return st.just(made)
        rates = st.sampled_from(RATES.get(category, ("0",))).map(Decimal)
        return rates.map(lambda rate: Tax(category=category, rate=rate))

    drawn = st.tuples(*(one(category) for category in mix))
    return drawn.map(lambda several: list(dict.fromkeys(several)))


def payments(currency: str) -> st.SearchStrategy[tuple[PaymentMeans, ...]]:
    transfer = st.builds(
        CreditTransfer,
        account=st.sampled_from(("DE89370400440532013000", "NL91ABNA0417164300", "12-345 67")),
        account_name=maybe(words()),
        bank=maybe(st.just("COBADEFFXXX")),
    )
    transfers = st.builds(
        PaymentMeans,
        code=st.sampled_from(("30", "58")),
        text=maybe(words()),
        remittance=maybe(numbers),
        transfers=st.lists(transfer, min_size=1, max_size=2).map(tuple),
    )
    card = st.builds(
        PaymentMeans,
        code=st.just("54"),
        text=maybe(words()),
        remittance=maybe(numbers),
        card=st.builds(PaymentCard, number=st.just("1234"), holder=maybe(words())),
    )
    debit = st.builds(
        PaymentMeans,
        code=st.just("59"),
        text=maybe(words()),
        remittance=maybe(numbers),
        direct_debit=st.builds(
            DirectDebit,
            mandate=numbers,
            creditor=st.just("DE98ZZZ09999999999"),
            account=st.just("DE89370400440532013000"),
        ),
    )
    return st.one_of(transfers, transfers, card, debit).map(lambda means: (means,))


attachments = st.one_of(
    st.builds(
        Attachment,
        reference=numbers,
        description=maybe(words()),
        content=st.binary(min_size=1, max_size=20),
        media_type=st.just("application/pdf"),
        filename=st.just("annex.pdf"),
    ),
    st.builds(
        Attachment,
        reference=numbers,
        description=maybe(words()),
        location=st.just("https://example.com/annex"),
    ),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A paper that is lawful, as far as the rules on figures, categories and parties go."""
    mix = draw(st.sampled_from(MIXES))
    currency = draw(st.sampled_from(CURRENCIES))
    credit = draw(st.booleans())
    taxes = draw(taxes_of(mix))
    if currency in WHOLE:  # rates that keep two decimals on whole amounts
        taxes = [replace(tax, rate=Decimal(10)) if tax.rate else tax for tax in taxes]
        taxes = list(dict.fromkeys(taxes))
    outside = mix == ("O",)
    country, there = draw(st.sampled_from(COUNTRIES)), draw(st.sampled_from(COUNTRIES))
    level_tax = st.sampled_from(taxes)
    delivery = draw(
        st.builds(
            Delivery,
            party_name=maybe(words()),
            location=maybe(identifiers(), None),
            delivered_on=days,
            address=addresses(there),
        )
    )
    span = draw(maybe(periods, None))
    settled = draw(
        st.fixed_dictionaries(
            {
                "seller": parties(country, vat=not outside, seller=True),
                "buyer": parties(there, vat=not outside, seller=False),
                "lines": lines(currency, taxes, credit, span),
                "allowances": levels(currency, False, level_tax),
                "charges": levels(currency, True, level_tax),
                "payment": payments(currency),
                "payee": maybe(
                    st.builds(
                        Payee,
                        name=words().map(lambda name: f"Factor {name}"),
                        identifier=maybe(
                            identifiers().map(lambda i: replace(i, value=f"P{i.value}")), None
                        ),
                        legal_registration=maybe(
                            identifiers().map(lambda i: replace(i, value=f"R{i.value}")), None
                        ),
                    ),
                    None,
                ),
                "notes": st.lists(
                    st.builds(Note, words(), st.sampled_from(("", "AAI", "REG"))), max_size=2
                ).map(tuple),
                "preceding": st.lists(
                    st.builds(PrecedingInvoice, number=numbers, issued_on=maybe(days, None)),
                    max_size=1,
                ).map(tuple),
                "attachments": st.lists(attachments, max_size=1).map(tuple),
                "invoiced_object": maybe(
                    st.builds(Identifier, numbers, st.sampled_from(("", "AAB"))), None
                ),
                "period": st.just(span),
                **{
                    name: maybe(numbers)
                    for name in (
                        *("project_reference", "contract_reference", "order_reference"),
                        *("sales_order_reference", "receiving_advice_reference"),
                        *("despatch_advice_reference", "tender_reference"),
                        *("buyer_accounting_reference",),
                    )
                },
            }
        )
    )
    if not outside and draw(st.booleans()):
        settled["tax_representative"] = draw(
            st.builds(
                TaxRepresentative,
                name=words(),
                vat_id=st.just("FR12345678901"),
                address=addresses("FR"),
            )
        )
    if currency in ("USD", "SEK"):
        settled["tax_currency"] = "EUR"
        settled["tax_rate_to_tax_currency"] = Decimal("0.9")
    if draw(st.booleans()):
        settled["tax_point_on"] = draw(days)
    else:
        settled["tax_point_code"] = draw(st.sampled_from(("", "3", "35", "432")))
    unit = WHOLE.get(currency, 1)
    if draw(st.booleans()):
        settled["prepaid"] = Money(draw(st.integers(1, 5)) * unit, currency)
    if currency not in WHOLE and draw(st.booleans()):
        settled["rounding_amount"] = Money(draw(st.sampled_from((-2, 2))), currency)
    if draw(st.booleans()):
        settled["early_discounts"] = (EarlyDiscount(days=14, percent=Decimal("2.5")),)
    return Document(
        kind=Kind.CREDIT_NOTE if credit else Kind.INVOICE,
        type_code=draw(st.sampled_from(("381", "") if credit else ("380", "384", ""))),
        currency=currency,
        number=draw(numbers),
        issued_on=draw(days),
        due_on=draw(days),
        buyer_reference=draw(numbers),
        payment_terms=draw(words()),
        delivery=delivery,
        **settled,
    )
