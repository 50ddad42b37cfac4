"""What the bank's routes take, and the lists that they answer with."""

from typing import Literal

import msgspec

from guilder.faces.rest.wire import Amount, Currency, Id, Whole
from guilder.flows.banking.schemas import BankGapOut, BankRuleOut, HouseAccountOut

PartKind = Literal[
    "invoice", "payment", "card", "return", "transfer", "rule", "account", "credit", "bill",
    "disbursement", "refund", "disbursement_return", "refund_return",
]  # fmt: skip


class HouseAccountsOut(msgspec.Struct):
    """All accounts; there are never many."""

    data: list[HouseAccountOut]
    next: str | None


class BankRulesOut(msgspec.Struct):
    """All rules, in the order in which they are tried."""

    data: list[BankRuleOut]
    next: str | None


class BankGapsOut(msgspec.Struct):
    """Every gap between two statements."""

    data: list[BankGapOut]
    next: str | None


class HouseAccountIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An account at a bank: its IBAN, or a number where there is none."""

    name: str
    iban: str = ""
    number: str = ""
    currency: Currency = "EUR"
    ledger_account: Id | None = None
    difference_account: Id | None = None
    automatic_from: Whole | None = None


class HouseAccountPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    name: str = ""
    difference_account: Id | None = None
    automatic_from: Whole | None = None


class BankStatementIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A file of the bank in base64: camt.052/053/054, MT940/942, OFX, QFX, QIF, CSV or XLSX."""

    content: str
    filename: str = ""
    account: Id | None = None
    match: bool = True


class BankPartIn(msgspec.Struct, forbid_unknown_fields=True):
    """A share of a line: the thing that it is, and how much of it, without a sign."""

    kind: PartKind
    id: Id
    amount: Amount


class BankMatchIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Shares that come to the line; none takes what is proposed. `difference`: fee or credit."""

    parts: list[BankPartIn] = []
    difference: Literal["", "fee", "credit"] = ""


class BankExcludeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why it is left out."""

    note: str = ""


class BankSureIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """From which percent on; what the account says when left out."""

    automatic_from: Whole | None = None


class BankMatchedOut(msgspec.Struct):
    """How many lines were matched."""

    matched: int


class BankConditionIn(msgspec.Struct, forbid_unknown_fields=True):
    """One condition; amounts are whole cents without a sign."""

    field: Literal["name", "text", "account", "code", "amount"]
    op: Literal["is", "contains", "starts", "at_least", "at_most"]
    value: str


class BankRuleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A rule: where all conditions hold, the line is posted to `account`."""

    name: str
    conditions: list[BankConditionIn]
    account: Id
    direction: Literal["in", "out", "any"] = "any"
    is_automatic: bool = False
    is_active: bool = True


class BankRulePatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    name: str = ""
    conditions: list[BankConditionIn] = []
    account: Id | None = None
    direction: Literal["in", "out", "any"] = "any"
    is_automatic: bool = False
    is_active: bool = True
