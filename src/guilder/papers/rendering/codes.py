"""The code that an app for payments scans, as a drawing without inline style. Pure.

Euro to an IBAN get an EPC QR code (EPC069-12 v3), rupees to a virtual payment address a UPI link
(NPCI, UPI Linking Specifications 1.6).
"""

import io
import re
from typing import Any
from urllib.parse import quote

import segno
import segno.helpers
from stdnum import iban as ibans
from stdnum import iso11649

from guilder.kernel.money import Money
from guilder.papers.rendering.look import INK

BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")  # ISO 9362
EPC_CURRENCY, UPI_CURRENCY = "EUR", "INR"
EPC_MOST = Money(99_999_999_999, EPC_CURRENCY)  # EPC069-12: 0.01 to 999999999.99
EPC_NAME, EPC_TEXT = 70, 140
VIRTUAL_ADDRESS = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}")
UPI_NAME, UPI_NOTE, UPI_REFERENCE = 99, 80, 35
NOT_IN_REFERENCE = re.compile(r"[^A-Za-z0-9]")


def payment_code(*, holder: str, account: str, bank: str, amount: Money, reference: str) -> str:
    """The SVG of a payment code, "" where none can be made.

    A `reference` of ISO 11649 goes into the field for structured ones. The drawing has a viewBox
    and no size; its colours are attributes, which every policy lets through.
    """
    if not holder or amount.minor <= 0:
        return ""
    if amount.currency == UPI_CURRENCY and is_virtual_address(account):
        link = upi_link(holder=holder, address=account, amount=amount, reference=reference)
        return drawn(segno.make(link, error="m", micro=False))
    if amount.currency != EPC_CURRENCY or amount > EPC_MOST or not ibans.is_valid(account):
        return ""
    structured = iso11649.is_valid(reference)
    try:
        code = segno.helpers.make_epc_qr(
            name=holder[:EPC_NAME],
            iban=ibans.compact(account),
            amount=amount.amount,
            text=None if structured else reference[:EPC_TEXT] or None,
            reference=iso11649.compact(reference) if structured else None,
            bic=bank if BIC.fullmatch(bank) else None,
            encoding="utf-8",
        )
    except ValueError:
        return ""
    return drawn(code)


def is_virtual_address(account: str) -> bool:
    """Whether an account is a virtual payment address of UPI, such as `studio@okbank`."""
    return VIRTUAL_ADDRESS.fullmatch(account.strip()) is not None


def upi_link(*, holder: str, address: str, amount: Money, reference: str) -> str:
    """The link that apps of UPI open: payee, amount in rupees, note, and the reference in letters
    and digits."""
    fields = {
        "pa": address.strip(),
        "pn": holder[:UPI_NAME],
        "am": f"{amount.amount:.2f}",
        "cu": UPI_CURRENCY,
        "tn": reference[:UPI_NOTE],
        "tr": NOT_IN_REFERENCE.sub("", reference)[:UPI_REFERENCE],
    }
    told = "&".join(f"{name}={quote(text, safe='@')}" for name, text in fields.items() if text)
    return f"upi://pay?{told}"


def drawn(code: Any) -> str:
    """A QR code as SVG without a size."""
    out = io.BytesIO()
    code.save(
        out, kind="svg", border=0, dark=INK, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    return out.getvalue().decode()
