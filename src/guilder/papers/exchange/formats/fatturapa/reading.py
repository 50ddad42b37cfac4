"""Reading FatturaPA: the first body of the file, in the terms of EN 16931."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from guilder.kernel.document import (
    Attachment,
    CreditTransfer,
    Delivery,
    Document,
    Instalment,
    Kind,
    Note,
    PaymentMeans,
    PrecedingInvoice,
    Withholding,
)
from guilder.kernel.xml import Element
from guilder.papers.exchange.formats.fatturapa import codes, parties
from guilder.papers.exchange.formats.fatturapa.lines import levels_of, lines_of, tax_of
from guilder.papers.exchange.formats.nodes import Node, Sheet
from guilder.papers.exchange.formats.record import Reading, StatedTax, StatedTotals, Unreadable

HEADER, BODY = "FatturaElettronicaHeader", "FatturaElettronicaBody"
ROOTS = tuple(f"{{{namespace}}}FatturaElettronica" for namespace in (codes.NAMESPACE, *codes.OLDER))
TECHNICAL = (
    ("DatiTrasmissione", "IdTrasmittente", "IdPaese"),
    ("DatiTrasmissione", "IdTrasmittente", "IdCodice"),
    ("DatiTrasmissione", "ProgressivoInvio"),
    ("DatiTrasmissione", "FormatoTrasmissione"),
)


def read(root: Element) -> Reading:
    """The invoice under `root`; several bodies in one file are refused as Unreadable.

    Raises Unreadable too where no currency is named. All else that is wrong is in `problems`.
    """
    sheet = Sheet(frozenset(("", codes.NAMESPACE, *codes.OLDER)))
    node = Node(root, sheet)
    bodies = node.all(BODY)
    if len(bodies) != 1:
        raise Unreadable(f"This file holds {len(bodies)} invoices. Ask for one invoice a file.")
    body, head = bodies[0], node.first(HEADER)
    general = body.first("DatiGenerali", "DatiGeneraliDocumento")
    sheet.settle_currency(general.text("Divisa"))
    taxes = tuple(
        _tax_row(row, f"/taxes/{index}")
        for index, row in enumerate(body.all("DatiBeniServizi", "DatiRiepilogo"))
    )
    lines, stated_nets, less, more = lines_of(body.all("DatiBeniServizi", "DettaglioLinee"), taxes)
    whole = levels_of(general, taxes)
    document = replace(
        _document(head, body, general),
        lines=lines,
        allowances=(*less, *whole[0]),
        charges=(*more, *whole[1]),
        rounding_amount=general.money("/rounding_amount", "Arrotondamento"),
        withholdings=_withholdings(general),
    )
    for path in TECHNICAL:
        head.skip(*path)
    for name in ("AliquotaRitenuta", "ImportoRitenuta"):
        body.skip("DatiBeniServizi", "DettaglioLinee", name)
    body.skip("DatiBeniServizi", "DettaglioLinee", "Ritenuta")
    return Reading(
        document=document,
        format="fatturapa",
        profile=head.text("DatiTrasmissione", "FormatoTrasmissione"),
        stated=_stated(general, taxes),
        stated_taxes=taxes,
        stated_nets=stated_nets,
        problems=tuple(sheet.problems),
        remarks=(*sheet.remarks, *sheet.leftovers(root)),
    )


def _document(head: Node, body: Node, general: Node) -> Document:
    """All that stands on the paper once, without figures."""
    data = body.first("DatiGenerali")
    kind, type_code = codes.KINDS.get(general.text("TipoDocumento"), (Kind.INVOICE, "380"))
    order = data.first("DatiOrdineAcquisto")
    contract = data.first("DatiContratto")
    due_on, instalments, payment = _payment(body)
    return Document(
        kind=kind,
        type_code=type_code,
        currency=head.sheet.currency,
        number=general.text("Numero"),
        issued_on=general.day("/issued_on", "Data"),
        due_on=due_on,
        instalments=instalments,
        payment=payment,
        seller=parties.seller(head.first("CedentePrestatore")),
        buyer=parties.buyer(head),
        tax_representative=parties.representative(head.first("RappresentanteFiscale")),
        buyer_accounting_reference=head.text("CedentePrestatore", "RiferimentoAmministrazione"),
        order_reference=order.text("IdDocumento"),
        contract_reference=contract.text("IdDocumento"),
        receiving_advice_reference=data.text("DatiRicezione", "IdDocumento"),
        despatch_advice_reference=data.text("DatiDDT", "NumeroDDT"),
        project_reference=order.text("CodiceCUP") or contract.text("CodiceCUP"),
        tender_reference=order.text("CodiceCIG") or contract.text("CodiceCIG"),
        delivery=_delivery(data),
        preceding=tuple(
            PrecedingInvoice(
                number=entry.text("IdDocumento"),
                issued_on=entry.day(f"/preceding/{index}/issued_on", "Data"),
            )
            for index, entry in enumerate(data.all("DatiFattureCollegate"))
        ),
        notes=tuple(Note(text) for text in general.texts("Causale")),
        attachments=_attachments(body),
    )


def _delivery(data: Node) -> Delivery | None:
    day = data.day("/delivery/delivered_on", "DatiDDT", "DataDDT")
    return Delivery(delivered_on=day) if day is not None else None


def _payment(
    body: Node,
) -> tuple[date | None, tuple[Instalment, ...], tuple[PaymentMeans, ...]]:
    """Due date, instalments where there are several, and each way to pay once."""
    parts: list[Instalment] = []
    means: list[PaymentMeans] = []
    days: list[date] = []
    entries = body.all("DatiPagamento", "DettaglioPagamento")
    body.skip("DatiPagamento", "CondizioniPagamento")
    for index, entry in enumerate(entries):
        at = f"/instalments/{index}"
        due_on = entry.day(f"{at}/due_on", "DataScadenzaPagamento")
        amount = entry.money(f"{at}/amount", "ImportoPagamento")
        if due_on is not None:
            days.append(due_on)
            if amount is not None:
                parts.append(Instalment(due_on=due_on, amount=amount))
        found = _means(entry)
        if found not in means:
            means.append(found)
    due_on = max(days, default=None)
    return due_on, tuple(parts) if len(parts) > 1 else (), tuple(means)


def _means(entry: Node) -> PaymentMeans:
    account = entry.text("IBAN")
    transfer = CreditTransfer(
        account=account, account_name=entry.text("Beneficiario"), bank=entry.text("BIC")
    )
    return PaymentMeans(
        code=codes.MEANS.get(entry.text("ModalitaPagamento"), "1"),
        remittance=entry.text("CodicePagamento"),
        transfers=(transfer,) if account else (),
    )


def _withholdings(general: Node) -> tuple[Withholding, ...]:
    found = [
        Withholding(
            percent=entry.decimal(f"/withholdings/{index}/percent", "AliquotaRitenuta")
            or Decimal(0),
            amount=entry.money(f"/withholdings/{index}/amount", "ImportoRitenuta"),
            code=entry.text("TipoRitenuta"),
            reason=entry.text("CausalePagamento"),
        )
        for index, entry in enumerate(general.all("DatiRitenuta"))
    ]
    return tuple(found)


def _attachments(body: Node) -> tuple[Attachment, ...]:
    found = [
        Attachment(
            reference=entry.text("NomeAttachment"),
            description=entry.text("DescrizioneAttachment"),
            content=entry.first("Attachment").bytes(f"/attachments/{index}/content"),
            media_type=entry.text("FormatoAttachment"),
            filename=entry.text("NomeAttachment"),
        )
        for index, entry in enumerate(body.all("Allegati"))
    ]
    return tuple(found)


def _tax_row(node: Node, at: str) -> StatedTax:
    tax = tax_of(node, at, ())
    node.skip("EsigibilitaIVA")
    return StatedTax(
        category=tax.category,
        rate=tax.rate,
        taxable=node.decimal(f"{at}/taxable", "ImponibileImporto"),
        tax=node.decimal(f"{at}/tax", "Imposta"),
        exemption_reason=node.text("RiferimentoNormativo"),
    )


def _stated(general: Node, taxes: tuple[StatedTax, ...]) -> StatedTotals:
    return StatedTotals(
        net=sum((row.taxable or Decimal(0) for row in taxes), Decimal(0)),
        tax=sum((row.tax or Decimal(0) for row in taxes), Decimal(0)),
        gross=general.decimal("/totals/gross", "ImportoTotaleDocumento"),
        rounding=general.decimal("/totals/rounding", "Arrotondamento"),
    )
