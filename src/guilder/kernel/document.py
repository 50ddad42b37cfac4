"""The paper: one commercial document in the terms of EN 16931, frozen, without a table in sight.

Every room speaks this record: drafts become it, `totals.calculate` completes it, templates print
it, formats read and write it, and an issued invoice keeps it as its snapshot. Comments name the
business term (BT) or group (BG) of EN 16931-1.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guilder.kernel.money import Money


class Kind(StrEnum):
    """What a paper is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    DEPOSIT = "deposit"
    PRO_FORMA = "pro_forma"
    QUOTE = "quote"


class Rounding(StrEnum):
    """Where tax is rounded: once per category and rate (EN 16931, BT-117), or on each line."""

    GROUP = "group"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value with the scheme that issued it (ISO 6523 ICD, EAS or UNTDID 1153/7143 code)."""

    value: str
    scheme: str = ""
    version: str = ""  # BT-158-2, list version of an item classification


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15: a postal address; `country` is ISO 3166-1 alpha-2."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """BG-6, BG-9: whom to ask."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """BG-4 seller, BG-7 buyer."""

    name: str = ""  # BT-27, BT-44
    trading_name: str = ""  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46
    legal_registration: Identifier | None = None  # BT-30, BT-47
    vat_id: str = ""  # BT-31, BT-48
    tax_registration: str = ""  # BT-32
    legal_information: str = ""  # BT-33
    endpoint: Identifier | None = None  # BT-34, BT-49
    address: Address = field(default_factory=Address)  # BG-5, BG-8
    contact: Contact = field(default_factory=Contact)  # BG-6, BG-9
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """BG-10: who is paid, where that is not the seller."""

    name: str = ""  # BT-59
    identifier: Identifier | None = None  # BT-60
    legal_registration: Identifier | None = None  # BT-61


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """BG-11: the seller's tax representative."""

    name: str = ""  # BT-62
    vat_id: str = ""  # BT-63
    address: Address = field(default_factory=Address)  # BG-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """BG-14, BG-26: from and to, both included; either may be missing."""

    start_on: date | None = None  # BT-73, BT-134
    end_on: date | None = None  # BT-74, BT-135


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """BG-13: what was delivered where and when."""

    party_name: str = ""  # BT-70
    location: Identifier | None = None  # BT-71
    delivered_on: date | None = None  # BT-72
    address: Address | None = None  # BG-15


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer:
    """BG-17: an account to pay to."""

    account: str = ""  # BT-84
    account_name: str = ""  # BT-85
    bank: str = ""  # BT-86


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard:
    """BG-18: the card that was charged."""

    number: str = ""  # BT-87, masked
    holder: str = ""  # BT-88


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """BG-19: how the amount is collected."""

    mandate: str = ""  # BT-89
    creditor: str = ""  # BT-90
    account: str = ""  # BT-91


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """BG-16: one way to pay; `code` is of UNTDID 4461."""

    code: str = ""  # BT-81
    text: str = ""  # BT-82
    remittance: str = ""  # BT-83
    reference_scheme: str = (
        ""  # of kernel.references: BT-83 is made of the number once there is one
    )
    transfers: tuple[CreditTransfer, ...] = ()
    card: PaymentCard | None = None
    direct_debit: DirectDebit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyDiscount:
    """A discount for paying within `days` of the issue date; `percent` of the gross total."""

    days: int
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One part of the amount due."""

    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Note:
    """BG-1: a note; `subject` is of UNTDID 4451 (BT-21)."""

    text: str  # BT-22
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """BG-3: the document that this one follows, such as the invoice that a credit note corrects."""

    number: str  # BT-25
    issued_on: date | None = None  # BT-26


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """BG-24: a supporting document, enclosed or by address."""

    reference: str = ""  # BT-122
    description: str = ""  # BT-123
    location: str = ""  # BT-124
    content: bytes | None = None  # BT-125
    media_type: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax category with its rate: what stands on a line, an allowance or a charge.

    `category` is of UNTDID 5305: S Z E AE K G O L M; `rate` is in percent, None where none applies
    (category O). The exemption says why no tax is charged and ends in the breakdown.
    """

    category: str  # BT-95, BT-102, BT-151
    rate: Decimal | None = None  # BT-96, BT-103, BT-152
    exemption_code: str = ""  # BT-121, VATEX
    exemption_reason: str = ""  # BT-120
    code: str = ""  # the organization's own tax code, such as "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """BG-20, BG-27: less; on a charge (BG-21, BG-28): more. `amount` is always positive in sense.

    Where `percent` is given and `amount` is None, the amount is `base` × percent; `base` None is
    what the allowance stands on (the line's price × quantity, or the sum of the lines).
    """

    amount: Money | None = None  # BT-92, BT-99, BT-136, BT-141
    base: Money | None = None  # BT-93, BT-100, BT-137, BT-142
    percent: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    reason: str = ""  # BT-97, BT-104, BT-139, BT-144
    reason_code: str = ""  # BT-98, BT-105, BT-140, BT-145
    tax: Tax | None = None  # document level only


Charge = Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """BG-29: what `base_quantity` of the item costs, in the document's currency.

    `amount` is after the price discount. With `tax_inclusive` the amount contains the tax of the
    line, and the net is derived per tax group.
    """

    amount: Decimal  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str = ""  # BT-150
    tax_inclusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """BG-31: what is sold."""

    name: str = ""  # BT-153
    description: str = ""  # BT-154
    seller_id: str = ""  # BT-155
    buyer_id: str = ""  # BT-156
    standard_id: Identifier | None = None  # BT-157
    classifications: tuple[Identifier, ...] = ()  # BT-158
    origin_country: str = ""  # BT-159
    attributes: tuple[tuple[str, str], ...] = ()  # BG-32: BT-160, BT-161


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """BG-25: one line. `net` is None until `totals.calculate` fills it."""

    id: str  # BT-126
    item: Item
    quantity: Decimal  # BT-129
    unit: str  # BT-130, UNECE Rec 20/21
    price: Price
    tax: Tax  # BG-30
    net: Money | None = None  # BT-131
    note: str = ""  # BT-127
    object: Identifier | None = None  # BT-128
    order_line: str = ""  # BT-132
    buyer_accounting_reference: str = ""  # BT-133
    period: Period | None = None  # BG-26
    allowances: tuple[Allowance, ...] = ()  # BG-27
    charges: tuple[Charge, ...] = ()  # BG-28


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBreakdown:
    """BG-23: one row for each category and rate."""

    category: str  # BT-118
    rate: Decimal | None  # BT-119
    taxable: Money  # BT-116
    tax: Money  # BT-117
    exemption_reason: str = ""  # BT-120
    exemption_code: str = ""  # BT-121


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Tax that the buyer keeps back and pays to the state; outside BT-115."""

    percent: Decimal
    reason: str = ""
    code: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """BG-22, all in the document's currency but `tax_in_tax_currency`."""

    line_net: Money  # BT-106
    allowances: Money  # BT-107
    charges: Money  # BT-108
    net: Money  # BT-109
    tax: Money  # BT-110
    gross: Money  # BT-112
    prepaid: Money  # BT-113
    rounding: Money  # BT-114
    due: Money  # BT-115
    tax_in_tax_currency: Money | None = None  # BT-111
    withheld: Money | None = None
    receivable: Money | None = None  # due − withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole commercial paper. Amounts are in `currency` unless a field says otherwise."""

    kind: Kind
    currency: str  # BT-5
    seller: Party  # BG-4
    buyer: Party  # BG-7
    lines: tuple[Line, ...] = ()  # BG-25
    number: str = ""  # BT-1, empty on a draft
    issued_on: date | None = None  # BT-2
    type_code: str = ""  # BT-3, UNTDID 1001; empty means the kind's own
    tax_currency: str = ""  # BT-6
    tax_point_on: date | None = None  # BT-7
    tax_point_code: str = ""  # BT-8
    due_on: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    project_reference: str = ""  # BT-11
    contract_reference: str = ""  # BT-12
    order_reference: str = ""  # BT-13
    sales_order_reference: str = ""  # BT-14
    receiving_advice_reference: str = ""  # BT-15
    despatch_advice_reference: str = ""  # BT-16
    tender_reference: str = ""  # BT-17
    invoiced_object: Identifier | None = None  # BT-18
    buyer_accounting_reference: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    notes: tuple[Note, ...] = ()  # BG-1
    business_process: str = ""  # BT-23
    specification: str = ""  # BT-24
    preceding: tuple[PrecedingInvoice, ...] = ()  # BG-3
    payee: Payee | None = None  # BG-10
    tax_representative: TaxRepresentative | None = None  # BG-11
    delivery: Delivery | None = None  # BG-13
    period: Period | None = None  # BG-14
    payment: tuple[PaymentMeans, ...] = ()  # BG-16
    allowances: tuple[Allowance, ...] = ()  # BG-20
    charges: tuple[Charge, ...] = ()  # BG-21
    prepaid: Money | None = None  # BT-113, an input
    rounding_amount: Money | None = None  # BT-114, an input where given
    attachments: tuple[Attachment, ...] = ()  # BG-24
    rounding: Rounding = Rounding.GROUP
    cash_rounding: Money | None = None  # the coin that the amount due is rounded to, such as 0.05
    tax_rate_to_tax_currency: Decimal | None = None  # 1 unit of currency in tax_currency
    withholdings: tuple[Withholding, ...] = ()
    early_discounts: tuple[EarlyDiscount, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    language: str = ""  # BCP 47, what the paper is written in
    custom_fields: tuple[tuple[str, str], ...] = ()
    taxes: tuple[TaxBreakdown, ...] = ()  # BG-23, filled by totals.calculate
    totals: Totals | None = None  # BG-22, filled by totals.calculate
