"""Writing a Spanish billing record (RegistroAlta), in the order of its schema. Pure.

Source: Order HAC/1177/2024, annex; AEAT, SuministroInformacion.xsd 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from guilder.kernel import verifactu
from guilder.kernel.document import Document, Party, TaxBreakdown
from guilder.kernel.verifactu import SPAIN, Facts, day, figure
from guilder.papers.exchange.formats.pen import Pen

NAMESPACE = (
    "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat"
    "/tike/cont/ws/SuministroInformacion.xsd"
)
NAME, DESCRIPTION, IDENTIFIER = 120, 500, 20
VAT, IPSI, IGIC = "01", "02", "03"
GENERAL, EXPORT = "01", "02"
VAT_NUMBER, REGISTRATION = "02", "04"
# Category of EN 16931 → why it is exempt: article 20, 21 or 25 of the Spanish VAT act.
EXEMPT = {"E": "E1", "G": "E2", "K": "E5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The record before in the chain."""

    nif: str
    number: str
    issued_on: str  # as the tax office writes it
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Whose program made the record, and which installation of it."""

    producer: str
    producer_nif: str
    version: str
    installation: str
    is_shared: bool  # by several organizations


def write_record(
    document: Document,
    facts: Facts,
    *,
    before: Before | None,
    system: System,
    generated: str,
    fingerprint: str,
) -> bytes:
    """The record of a complete, issued document as XML. Raises NotWritable."""
    pen = Pen()
    with pen.root("sf:RegistroAlta", {"sf": NAMESPACE}):
        pen.put("sf:IDVersion", "1.0")
        with pen.within("sf:IDFactura"):
            _identity(pen, nif=facts.nif, number=facts.number, issued_on=day(facts.issued_on))
        pen.put("sf:NombreRazonEmisor", document.seller.name[:NAME])
        pen.put("sf:TipoFactura", facts.kind)
        _corrected(pen, document, facts)
        delivered = document.delivery.delivered_on if document.delivery else None
        if delivered is not None and delivered != facts.issued_on:
            pen.put("sf:FechaOperacion", day(delivered))
        pen.put("sf:DescripcionOperacion", described(document))
        if facts.kind in (verifactu.SIMPLE, verifactu.SIMPLE_CORRECTION):
            pen.put("sf:FacturaSinIdentifDestinatarioArt61d", "S")
        else:
            with pen.within("sf:Destinatarios"), pen.within("sf:IDDestinatario"):
                _buyer(pen, document.buyer)
        with pen.within("sf:Desglose"):
            for row in document.taxes:
                with pen.within("sf:DetalleDesglose"):
                    _breakdown(pen, row, document, facts)
        pen.put("sf:CuotaTotal", figure(facts.tax))
        pen.put("sf:ImporteTotal", figure(facts.total))
        with pen.within("sf:Encadenamiento"):
            _chained(pen, before)
        with pen.within("sf:SistemaInformatico"):
            _system(pen, system)
        pen.put("sf:FechaHoraHusoGenRegistro", generated)
        pen.put("sf:TipoHuella", "01")
        pen.put("sf:Huella", fingerprint)
    return pen.bytes()


def described(document: Document) -> str:
    """What was supplied: the names of the lines' items."""
    names = dict.fromkeys(line.item.name.strip() for line in document.lines)
    return "; ".join(name for name in names if name)[:DESCRIPTION] or document.kind.value


def _identity(pen: Pen, *, nif: str, number: str, issued_on: str) -> None:
    pen.put("sf:IDEmisorFactura", nif)
    pen.put("sf:NumSerieFactura", number)
    pen.put("sf:FechaExpedicionFactura", issued_on)


def _corrected(pen: Pen, document: Document, facts: Facts) -> None:
    """A correction is by difference (I), and names what it corrects where that has a day."""
    if not facts.kind.startswith("R"):
        return
    pen.put("sf:TipoRectificativa", "I")
    with pen.within("sf:FacturasRectificadas"):
        for one in document.preceding:
            if one.issued_on is not None:
                with pen.within("sf:IDFacturaRectificada"):
                    on = day(one.issued_on)
                    _identity(pen, nif=facts.nif, number=one.number, issued_on=on)


def _buyer(pen: Pen, buyer: Party) -> None:
    pen.put("sf:NombreRazon", buyer.name[:NAME])
    nif = verifactu.nif_of(buyer) if buyer.address.country in ("", SPAIN) else ""
    if nif:
        pen.put("sf:NIF", nif)
        return
    registration = buyer.legal_registration.value if buyer.legal_registration else ""
    with pen.within("sf:IDOtro"):
        pen.put("sf:CodigoPais", buyer.address.country)
        pen.put("sf:IDType", VAT_NUMBER if buyer.vat_id else REGISTRATION)
        text = buyer.vat_id or buyer.tax_registration or registration
        pen.put("sf:ID", text[:IDENTIFIER])


def _breakdown(pen: Pen, row: TaxBreakdown, document: Document, facts: Facts) -> None:
    pen.put("sf:Impuesto", {"L": IGIC, "M": IPSI}.get(row.category, VAT))
    if row.category != "M":
        pen.put("sf:ClaveRegimen", EXPORT if row.category == "G" else GENERAL)
    if row.category in EXEMPT:
        pen.put("sf:OperacionExenta", EXEMPT[row.category])
    else:
        pen.put("sf:CalificacionOperacion", qualified(row, document))
    for name, text in _figures(row, document, facts):
        pen.put(f"sf:{name}", text)


def qualified(row: TaxBreakdown, document: Document) -> str:
    """S1: taxed. S2: the buyer owes the tax. N1: not subject. N2: not subject in this country."""
    if row.category == "AE":
        return "S2" if document.buyer.address.country in ("", SPAIN) else "N2"
    return "N1" if row.category == "O" else "S1"


def _figures(row: TaxBreakdown, document: Document, facts: Facts) -> Iterator[tuple[str, str]]:
    sign = -1 if facts.kind.startswith("R") else 1
    taxable = figure(verifactu.in_euro(row.taxable, facts.rate) * sign)
    is_taxed = row.category not in EXEMPT and qualified(row, document).startswith("S")
    if is_taxed:
        yield "TipoImpositivo", f"{row.rate or Decimal(0):.2f}"
    yield "BaseImponibleOimporteNoSujeto", taxable
    if row.category == "M":
        yield "BaseImponibleACoste", taxable
    if is_taxed:
        yield "CuotaRepercutida", figure(verifactu.in_euro(row.tax, facts.rate) * sign)


def _chained(pen: Pen, before: Before | None) -> None:
    if before is None:
        pen.put("sf:PrimerRegistro", "S")
        return
    with pen.within("sf:RegistroAnterior"):
        _identity(pen, nif=before.nif, number=before.number, issued_on=before.issued_on)
        pen.put("sf:Huella", before.fingerprint)


def _system(pen: Pen, system: System) -> None:
    pen.put("sf:NombreRazon", system.producer[:NAME])
    pen.put("sf:NIF", system.producer_nif)
    for name, text in (
        ("NombreSistemaInformatico", "Guilder"),
        ("IdSistemaInformatico", "GU"),
        ("Version", system.version),
        ("NumeroInstalacion", system.installation),
        ("TipoUsoPosibleSoloVerifactu", "N"),
        ("TipoUsoPosibleMultiOT", "S"),
        ("IndicadorMultiplesOT", "S" if system.is_shared else "N"),
    ):
        pen.put(f"sf:{name}", text)
