"""Mandates and payment orders for tests, and a bank to hand them to."""

from datetime import date
from typing import Any

from tests import make

IBAN = "DE02120300000000202051"
OTHER_IBAN = "NL91ABNA0417164300"
CREDITOR = "DE98ZZZ09999999999"
# Friday, 2026-11-20; the first day that the bank keeps is Monday.
MONDAY = date(2026, 11, 23)


def creditor(by: Any) -> None:
    """The organization has a creditor identifier."""
    from guilder.registers.parties import operations as parties

    parties.set_seller_profile(by=by, data={"creditor_id": CREDITOR})


def mandate(by: Any, client: Any, **changes: Any) -> Any:
    """A signed mandate of a client, told of what is collected on the same day."""
    from guilder.books.sepa import operations

    data = {
        "client": str(client.id),
        "iban": IBAN,
        "signed_on": "2026-11-02",
        "notice_days": 0,
        **changes,
    }
    return operations.save_mandate(by=by, data=data, at=make.NOW)


def due(by: Any, client: Any, **changes: Any) -> Any:
    """An issued invoice over 119.00 that is due at once."""
    return make.issued_invoice(by, client_id=client.id, due_on="2026-11-20", **changes)


def collection(by: Any, **changes: Any) -> Any:
    """A batch of all that can be collected."""
    from guilder.books.sepa import operations

    return operations.create_collection(by=by, data=changes, at=make.NOW)


def items(by: Any, batch: Any) -> list[Any]:
    """The orders of a batch."""
    from guilder.books.sepa import queries

    return queries.items_of(batch.id, by=by)


def handed(by: Any, batch: Any) -> Any:
    """The same batch closed and handed to the bank."""
    from guilder.books.sepa import operations

    operations.close(batch.id, by=by, at=make.NOW)
    return operations.hand_over(batch.id, by=by, at=make.NOW)


def answer(batch: Any, *verdicts: str, status: str = "PART", name: str = "ANSWER-1") -> bytes:
    """A status report about a batch, with verdicts as XML."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-11-20T12:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.message_id}</OrgnlMsgId>
<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>
{"".join(verdicts)}</CstmrPmtStsRpt></Document>""".encode()


def refusal(item: Any, code: str) -> str:
    """One refused order in a status report."""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{item.group}</OrgnlPmtInfId><TxInfAndSts>"
        f"<OrgnlEndToEndId>{item.end_to_end}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
    )
