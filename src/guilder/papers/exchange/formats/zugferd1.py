"""ZUGFeRD 1.0, the forerunner of Factur-X: its elements get the names that CII D16B gave them.

It is no EN 16931 invoice and is only read. What it has besides is told as not kept.
"""

from __future__ import annotations

from dataclasses import replace

from guilder.kernel.xml import Element, append, local_name, namespace_of
from guilder.papers.exchange.formats import cii
from guilder.papers.exchange.formats.cii.header import CII
from guilder.papers.exchange.formats.record import Reading

FERD = "urn:ferd:CrossIndustryDocument:invoice:1p0"
INVOICE = f"{{{FERD}}}CrossIndustryDocument"
UNECE = "urn:un:unece:uncefact:data:standard:"
RAM = f"{CII}ReusableAggregateBusinessInformationEntity:100"
QDT = f"{CII}QualifiedDataType:100"
NAMESPACES = {
    FERD: f"{CII}CrossIndustryInvoice:100",
    f"{UNECE}ReusableAggregateBusinessInformationEntity:12": RAM,
    f"{UNECE}UnqualifiedDataType:15": f"{CII}UnqualifiedDataType:100",
    f"{UNECE}QualifiedDataType:12": QDT,
}
NAMES = {
    "CrossIndustryDocument": "CrossIndustryInvoice",
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
# Names that depend on what they stand in: (the parent's new name, old name) → new name.
INSIDE = {
    (
        "ApplicableHeaderTradeSettlement",
        "SpecifiedTradeSettlementMonetarySummation",
    ): "SpecifiedTradeSettlementHeaderMonetarySummation",
    (
        "SpecifiedLineTradeSettlement",
        "SpecifiedTradeSettlementMonetarySummation",
    ): "SpecifiedTradeSettlementLineMonetarySummation",
}
REFERENCES = {"ID": "IssuerAssignedID", "IssueDateTime": "FormattedIssueDateTime"}
LINE = "IncludedSupplyChainTradeLineItem"
FIGURES = frozenset(("BilledQuantity", "ChargeAmount", "LineTotalAmount"))
REFERENCED = "ReferencedDocument"


def read(root: Element) -> Reading:
    """The invoice under `root`, an INVOICE element; its elements are renamed in place.

    Raises Unreadable where no currency is named. All else that is wrong is in `problems`.
    """
    _rename(root)
    _tell_texts(root)
    return replace(cii.read(root), format="zugferd1")


def _rename(root: Element) -> None:
    for node in root.iter():
        parent = node.getparent()
        above = local_name(parent) if parent is not None else ""
        old = local_name(node)
        name = NAMES.get(old) or INSIDE.get((above, old), old)
        if above.endswith(REFERENCED):
            name = REFERENCES.get(old, old)
        namespace = NAMESPACES.get(namespace_of(node), namespace_of(node))
        node.tag = f"{{{namespace}}}{name}"
        if name == "FormattedIssueDateTime" and node.text and node.text.strip():
            # D16B has the day in an element of its own.
            text, node.text = node.text.strip(), None
            append(node, "DateTimeString", text, namespace=QDT)


def _tell_texts(root: Element) -> None:
    """A line without figures is text between the lines: it goes to the notes of the paper."""
    papers = [node for node in root if local_name(node) == "ExchangedDocument"]
    for line in list(root.iter(f"{{{RAM}}}{LINE}")):
        parts = {local_name(part) for part in line.iter()}
        if papers and not parts & FIGURES:
            texts = [node.text for node in line.iter(f"{{{RAM}}}Content") if node.text]
            note = append(papers[0], "IncludedNote", namespace=RAM)
            append(note, "Content", "\n".join(texts), namespace=RAM)
            holder = line.getparent()
            if holder is not None:
                holder.remove(line)
