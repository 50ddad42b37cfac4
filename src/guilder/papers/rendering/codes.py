"""The code that a banking app scans: EPC QR (EPC069-12 v3) as a drawing without inline style."""

import io

import segno.helpers
from stdnum import iban as ibans
from stdnum import iso11649

from guilder.kernel.money import Money
from guilder.papers.rendering.look import INK
from guilder.papers.rendering.paying import BIC, CODE_CURRENCY, CODE_MOST, CODE_NAME, CODE_TEXT


def epc_code(*, holder: str, account: str, bank: str, amount: Money, reference: str) -> str:
    """The SVG of a payment code, "" where none can be made: it is for euro to an IBAN.

    A `reference` of ISO 11649 goes into the field for structured ones. The drawing has a viewBox
    and no size; its colours are attributes, which every policy lets through.
    """
    if amount.currency != CODE_CURRENCY or not 0 < amount.minor <= CODE_MOST.minor:
        return ""
    if not holder or not ibans.is_valid(account):
        return ""
    structured = iso11649.is_valid(reference)
    try:
        code = segno.helpers.make_epc_qr(
            name=holder[:CODE_NAME],
            iban=ibans.compact(account),
            amount=amount.amount,
            text=None if structured else reference[:CODE_TEXT] or None,
            reference=iso11649.compact(reference) if structured else None,
            bic=bank if BIC.fullmatch(bank) else None,
            encoding="utf-8",
        )
    except ValueError:
        return ""
    out = io.BytesIO()
    code.save(
        out, kind="svg", border=0, dark=INK, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    return out.getvalue().decode()
