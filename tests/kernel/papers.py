"""Papers for the kernel's tests: built by hand, and drawn by Hypothesis."""

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
    Instalment,
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
    Rounding,
    Tax,
    TaxRepresentative,
    Withholding,
)
from guilder.kernel.money import Money

STANDARD = Tax(category="S", rate=Decimal(19))
REDUCED = Tax(category="S", rate=Decimal(7))
EXEMPT = Tax(category="E", rate=Decimal(0), exemption_reason="Article 132")


def line(quantity: str = "1", price: str = "100", tax: Tax = STANDARD, **more: Any) -> Line:
    """A line; `gross=True` says that the price contains tax, `per` is its base quantity."""
    inclusive, per = more.pop("gross", False), more.pop("per", None)
    return Line(
        id=more.pop("id", "1"),
        item=Item(name="Work"),
        quantity=Decimal(quantity),
        unit="HUR",
        price=Price(
            amount=Decimal(price),
            tax_inclusive=inclusive,
            base_quantity=None if per is None else Decimal(per),
        ),
        tax=tax,
        **more,
    )


def paper(*lines: Line, currency: str = "EUR", **more: Any) -> Document:
    """An invoice of `lines`."""
    return Document(
        kind=more.pop("kind", Kind.INVOICE),
        currency=currency,
        seller=Party(name="Northlight Studio"),
        buyer=Party(name="Harbour Books"),
        lines=lines,
        **more,
    )


def eur(amount: str) -> Money:
    """An amount of euros."""
    return Money.of(amount, "EUR")


def full_paper() -> Document:
    """A paper on which every field of every record is filled."""
    address = Address(
        line1="1", line2="2", line3="3", city="C", postal_code="P", region="R", country="DE"
    )
    party = Party(
        name="N",
        trading_name="T",
        identifiers=(Identifier("4000001000005", "0088"), Identifier("x")),
        legal_registration=Identifier("HRB 1", "0198"),
        vat_id="DE136695976",
        tax_registration="12/345",
        legal_information="AG",
        endpoint=Identifier("a@b.example", "EM"),
        address=address,
        contact=Contact(name="A", phone="1", email="a@b.example"),
        website="https://b.example",
    )
    level = Allowance(
        amount=eur("1.00"),
        base=eur("10.00"),
        percent=Decimal("10.0"),
        reason="r",
        reason_code="95",
        tax=STANDARD,
    )
    one = Line(
        id="1",
        item=Item(
            name="Überblick \U0001f9fe “quoted”\n",
            description="d",
            seller_id="s",
            buyer_id="b",
            standard_id=Identifier("4006381333931", "0160"),
            classifications=(Identifier("c", "STI", "1"),),
            origin_country="NL",
            attributes=(("colour", "red"), ("colour", "blue")),
        ),
        quantity=Decimal("-1.50"),
        unit="HUR",
        price=Price(
            amount=Decimal("9.90"),
            discount=Decimal("0.10"),
            gross=Decimal("1E+1"),
            base_quantity=Decimal(1),
            base_unit="HUR",
            tax_inclusive=True,
        ),
        tax=Tax(
            category="S", rate=Decimal("19.00"), exemption_code="c", exemption_reason="r", code="s"
        ),
        note="n",
        object=Identifier("o", "AAJ"),
        order_line="7",
        buyer_accounting_reference="4711",
        period=Period(start_on=date(2026, 1, 1), end_on=date(2026, 1, 31)),
        allowances=(Allowance(amount=eur("0.50")),),
        charges=(Allowance(percent=Decimal("0.5")),),
    )
    return Document(
        kind=Kind.CREDIT_NOTE,
        currency="EUR",
        seller=party,
        buyer=party,
        lines=(one, line("2", "5", REDUCED, id="2")),
        number="INV-1",
        issued_on=date(2026, 2, 1),
        type_code="381",
        tax_currency="SEK",
        tax_point_on=date(2026, 2, 2),
        tax_point_code="3",
        due_on=date(2026, 3, 1),
        **{
            name: name
            for name in (
                *("buyer_reference", "project_reference", "contract_reference"),
                *("order_reference", "sales_order_reference", "receiving_advice_reference"),
                *("despatch_advice_reference", "tender_reference"),
                *("buyer_accounting_reference", "payment_terms", "business_process"),
                *("specification", "language"),
            )
        },
        invoiced_object=Identifier("o", "ABT"),
        notes=(Note("Thanks", "AAI"), Note("Again")),
        preceding=(PrecedingInvoice(number="INV-0", issued_on=date(2026, 1, 1)),),
        payee=Payee(name="P", identifier=Identifier("p"), legal_registration=Identifier("l")),
        tax_representative=TaxRepresentative(name="R", vat_id="FR1", address=address),
        delivery=Delivery(
            party_name="D",
            location=Identifier("d", "0088"),
            delivered_on=date(2026, 1, 30),
            address=address,
        ),
        period=Period(start_on=date(2026, 1, 1)),
        payment=(
            PaymentMeans(
                code="58",
                text="SEPA",
                reference_scheme="RF",
                remittance="INV-1",
                transfers=(
                    CreditTransfer(account="DE89370400440532013000", account_name="N", bank="B"),
                ),
                card=PaymentCard(number="1234", holder="H"),
                direct_debit=DirectDebit(mandate="m", creditor="c", account="a"),
            ),
        ),
        allowances=(level,),
        charges=(level,),
        prepaid=eur("0.00"),
        rounding_amount=eur("0.01"),
        attachments=(
            Attachment(
                reference="a",
                description="d",
                location="https://b.example/a",
                content=b"\x00\xff",
                media_type="application/pdf",
                filename="a.pdf",
            ),
        ),
        rounding=Rounding.LINE,
        cash_rounding=eur("0.05"),
        tax_rate_to_tax_currency=Decimal("11.25"),
        withholdings=(
            Withholding(percent=Decimal(20), reason="w", code="RT01", amount=eur("1.00")),
        ),
        early_discounts=(EarlyDiscount(days=0, percent=Decimal(2)),),
        instalments=(Instalment(due_on=date(2026, 3, 1), amount=eur("1.00")),),
        custom_fields=(("Cost centre", "7"),),
    )


rates = st.sampled_from([Decimal(n) for n in ("19", "7", "19.00", "5.5", "0.1", "21", "25.5")])
taxes = st.one_of(
    st.builds(Tax, category=st.sampled_from(["S", "L", "M"]), rate=rates),
    st.builds(
        Tax,
        category=st.sampled_from(["Z", "E", "AE", "K", "G"]),
        rate=st.sampled_from([Decimal(0), None]),
        exemption_reason=st.sampled_from(["", "Article 132", "Article 44"]),
        exemption_code=st.sampled_from(["", "VATEX-EU-132", "VATEX-EU-AE"]),
    ),
    st.just(Tax(category="O")),
)
amounts = st.integers(-50_000, 500_000)


def papers(currency: str = "EUR", most_lines: int = 8) -> st.SearchStrategy[Document]:
    """Papers with lines, allowances, charges, prices with and without tax, coins and all."""
    money = amounts.map(lambda minor: Money(minor, currency))
    maybe_money = st.one_of(st.none(), money)
    percent = st.decimals(0, 100, places=2)

    def levels(of_document: bool, most: int) -> st.SearchStrategy[tuple[Allowance, ...]]:
        tax = st.one_of(st.none(), taxes) if of_document else st.none()
        level = st.one_of(
            st.builds(Allowance, amount=money, tax=tax),
            st.builds(Allowance, percent=percent, base=maybe_money, tax=tax),
        )
        return st.lists(level, max_size=most).map(tuple)

    price = st.builds(
        Price,
        amount=st.decimals(0, 5000, places=4),
        base_quantity=st.one_of(st.none(), st.sampled_from([Decimal(3), Decimal(100)])),
        tax_inclusive=st.booleans(),
    )
    one = st.builds(
        Line,
        id=st.just("1"),
        item=st.just(Item(name="Work")),
        quantity=st.decimals(-20, 1000, places=3),
        unit=st.just("C62"),
        price=price,
        tax=taxes,
        allowances=levels(False, 2),
        charges=levels(False, 1),
    )
    return st.builds(
        Document,
        kind=st.sampled_from(Kind),
        currency=st.just(currency),
        seller=st.just(Party(name="A")),
        buyer=st.just(Party(name="B")),
        lines=st.lists(one, min_size=1, max_size=most_lines).map(tuple),
        allowances=levels(True, 2),
        charges=levels(True, 2),
        prepaid=maybe_money,
        rounding_amount=st.one_of(st.none(), st.just(Money(-3, currency))),
        cash_rounding=st.sampled_from([None, Money(5, currency)]),
        rounding=st.sampled_from(Rounding),
        withholdings=st.sampled_from([(), (Withholding(percent=Decimal(20)),)]),
    )
