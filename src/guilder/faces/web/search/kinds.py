"""What each kind of thing in the index is in the pages: where it stands, its picture, its group."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the URL name of its page, which takes its id."""

    route: str
    icon: str
    group: str
    has_status: bool = False


PAPER = Kind("web:invoice", "invoice", "documents", True)
KINDS = {
    "invoice": PAPER,
    "debit_note": PAPER,
    "deposit": PAPER,
    "pro_forma": PAPER,
    "credit_note": Kind("web:invoice", "credit", "documents", True),
    "quote": Kind("web:quote", "quote", "documents"),
    "payment": Kind("web:payment", "payment", "payments"),
    "client": Kind("web:client", "clients", "clients"),
    "supplier": Kind("web:supplier", "supplier", "clients"),
    "item": Kind("web:item_edit", "item", "items"),
}
