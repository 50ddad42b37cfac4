"""Payment initiation files: pain.008 (direct debits) and pain.001 (credit transfers)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from guilder.kernel import xml
from guilder.kernel.xml import Element

# By kind: the version that banks take today, and the one of before November 2023.
VERSIONS = {
    "debit": ("pain.008.001.08", "pain.008.001.02"),
    "transfer": ("pain.001.001.09", "pain.001.001.03"),
}
OLD = frozenset(("pain.008.001.02", "pain.001.001.03"))
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
# Countries of SEPA outside the European Economic Area: there an address must be told.
WITH_ADDRESS = frozenset(("AD", "CH", "GB", "GG", "IM", "JE", "MC", "SM", "VA", "AL", "ME", "MK",
                          "MD", "RS"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An account with its holder."""

    name: str
    iban: str
    bic: str = ""
    country: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The mandate of one direct debit, and what was agreed before it was amended."""

    reference: str
    signed_on: date
    original_reference: str = ""
    original_creditor_id: str = ""
    has_new_account: bool = False

    @property
    def is_amended(self) -> bool:
        """Whether the bank has to be told of a change."""
        return bool(self.original_reference or self.original_creditor_id or self.has_new_account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order: `amount` in euro."""

    end_to_end: str
    amount: Decimal
    other: Side
    remittance: str
    leave: Leave | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Orders that the bank books as one: alike in scheme and sequence."""

    id: str
    orders: Sequence[Order]
    scheme: str = ""
    sequence: str = ""

    @property
    def total(self) -> Decimal:
        """What they come to."""
        return sum((one.amount for one in self.orders), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A whole file."""

    id: str
    kind: str
    created_at: datetime
    due_on: date
    own: Side
    creditor_id: str = ""
    groups: Sequence[Group]


def write(message: Message, *, version: str = "") -> bytes:
    """The file in that version; the newest where none is named."""
    version = version or VERSIONS[message.kind][0]
    root = xml.element("Document", NAMESPACE + version, prefixes={None: NAMESPACE + version})
    pen = Pen(NAMESPACE + version, is_old=version in OLD)
    is_debit = message.kind == "debit"
    body = pen.put(root, "CstmrDrctDbtInitn" if is_debit else "CstmrCdtTrfInitn")
    head(pen, body, message)
    for group in message.groups:
        (debits if is_debit else transfers)(pen, body, message, group)
    return xml.serialize(root)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes elements of one namespace, in the words of one version."""

    namespace: str
    is_old: bool

    def put(self, parent: Element, *path: str, text: str | None = None) -> Element:
        """New elements, one inside the other; the last one has the text."""
        for name in path[:-1]:
            parent = xml.append(parent, name, namespace=self.namespace)
        return xml.append(parent, path[-1], text, namespace=self.namespace)

    def money(self, parent: Element, amount: Decimal) -> None:
        """An instructed amount in euro."""
        xml.append(parent, "InstdAmt", str(amount), namespace=self.namespace, Ccy="EUR")

    def agent(self, parent: Element, name: str, bic: str) -> None:
        """A bank by its BIC, or as not named: the IBAN is enough."""
        place = self.put(parent, name, "FinInstnId")
        if bic:
            self.put(place, "BIC" if self.is_old else "BICFI", text=bic)
        else:
            self.put(place, "Othr", "Id", text="NOTPROVIDED")

    def party(self, parent: Element, name: str, side: Side) -> None:
        """Who holds an account; an address where the scheme wants one."""
        place = self.put(parent, name)
        self.put(place, "Nm", text=side.name)
        if side.iban[:2] in WITH_ADDRESS and side.country:
            address = self.put(place, "PstlAdr")
            if side.town and not self.is_old:
                self.put(address, "TwnNm", text=side.town)
            self.put(address, "Ctry", text=side.country)
            if side.town and self.is_old:
                self.put(address, "AdrLine", text=side.town)

    def scheme_id(self, parent: Element, name: str, creditor_id: str) -> None:
        """A creditor identifier."""
        other = self.put(parent, name, "Id", "PrvtId", "Othr")
        self.put(other, "Id", text=creditor_id)
        self.put(other, "SchmeNm", "Prtry", text="SEPA")


def head(pen: Pen, body: Element, message: Message) -> None:
    """The group header: how many, how much, from whom."""
    orders = [one for group in message.groups for one in group.orders]
    header = pen.put(body, "GrpHdr")
    pen.put(header, "MsgId", text=message.id)
    pen.put(header, "CreDtTm", text=message.created_at.strftime("%Y-%m-%dT%H:%M:%S"))
    pen.put(header, "NbOfTxs", text=str(len(orders)))
    pen.put(header, "CtrlSum", text=str(sum((one.amount for one in orders), Decimal(0))))
    pen.put(header, "InitgPty", "Nm", text=message.own.name)


def information(pen: Pen, body: Element, group: Group, method: str) -> Element:
    """What both kinds say of a group first."""
    place = pen.put(body, "PmtInf")
    pen.put(place, "PmtInfId", text=group.id)
    pen.put(place, "PmtMtd", text=method)
    pen.put(place, "BtchBookg", text="true")
    pen.put(place, "NbOfTxs", text=str(len(group.orders)))
    pen.put(place, "CtrlSum", text=str(group.total))
    return place


def debits(pen: Pen, body: Element, message: Message, group: Group) -> None:
    """A group of direct debits."""
    place = information(pen, body, group, "DD")
    kind = pen.put(place, "PmtTpInf")
    pen.put(kind, "SvcLvl", "Cd", text="SEPA")
    pen.put(kind, "LclInstrm", "Cd", text=group.scheme)
    pen.put(kind, "SeqTp", text=group.sequence)
    pen.put(place, "ReqdColltnDt", text=message.due_on.isoformat())
    pen.party(place, "Cdtr", message.own)
    pen.put(place, "CdtrAcct", "Id", "IBAN", text=message.own.iban)
    pen.agent(place, "CdtrAgt", message.own.bic)
    pen.put(place, "ChrgBr", text="SLEV")
    pen.scheme_id(place, "CdtrSchmeId", message.creditor_id)
    for one in group.orders:
        order = pen.put(place, "DrctDbtTxInf")
        pen.put(order, "PmtId", "EndToEndId", text=one.end_to_end)
        pen.money(order, one.amount)
        if one.leave is not None:
            mandate(pen, order, one.leave)
        pen.agent(order, "DbtrAgt", one.other.bic)
        pen.party(order, "Dbtr", one.other)
        pen.put(order, "DbtrAcct", "Id", "IBAN", text=one.other.iban)
        pen.put(order, "RmtInf", "Ustrd", text=one.remittance)


def mandate(pen: Pen, order: Element, leave: Leave) -> None:
    """The mandate; amended, with what was agreed before. SMNDA: the same mandate, a new account."""
    place = pen.put(order, "DrctDbtTx", "MndtRltdInf")
    pen.put(place, "MndtId", text=leave.reference)
    pen.put(place, "DtOfSgntr", text=leave.signed_on.isoformat())
    if not leave.is_amended:
        return
    pen.put(place, "AmdmntInd", text="true")
    details = pen.put(place, "AmdmntInfDtls")
    if leave.original_reference:
        pen.put(details, "OrgnlMndtId", text=leave.original_reference)
    if leave.original_creditor_id:
        pen.scheme_id(details, "OrgnlCdtrSchmeId", leave.original_creditor_id)
    if leave.has_new_account:
        pen.put(details, "OrgnlDbtrAcct", "Id", "Othr", "Id", text="SMNDA")


def transfers(pen: Pen, body: Element, message: Message, group: Group) -> None:
    """A group of credit transfers."""
    place = information(pen, body, group, "TRF")
    pen.put(place, "PmtTpInf", "SvcLvl", "Cd", text="SEPA")
    day = message.due_on.isoformat()
    if pen.is_old:
        pen.put(place, "ReqdExctnDt", text=day)
    else:
        pen.put(place, "ReqdExctnDt", "Dt", text=day)
    pen.party(place, "Dbtr", message.own)
    pen.put(place, "DbtrAcct", "Id", "IBAN", text=message.own.iban)
    pen.agent(place, "DbtrAgt", message.own.bic)
    pen.put(place, "ChrgBr", text="SLEV")
    for one in group.orders:
        order = pen.put(place, "CdtTrfTxInf")
        pen.put(order, "PmtId", "EndToEndId", text=one.end_to_end)
        pen.money(pen.put(order, "Amt"), one.amount)
        if one.other.bic:
            pen.agent(order, "CdtrAgt", one.other.bic)
        pen.party(order, "Cdtr", one.other)
        pen.put(order, "CdtrAcct", "Id", "IBAN", text=one.other.iban)
        pen.put(order, "RmtInf", "Ustrd", text=one.remittance)
