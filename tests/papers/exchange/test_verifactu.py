"""Writing Spanish billing records, read back by hand as the schema orders them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from guilder.kernel import verifactu
from guilder.kernel.document import (
    Address,
    Delivery,
    Identifier,
    Kind,
    Party,
    PrecedingInvoice,
    Tax,
)
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats.verifactu import NAMESPACE, Before, System, write_record
from tests.kernel.test_verifactu import paper

SYSTEM = System(
    producer="Puerto SL", producer_nif="B58378431", version="1", installation="x", is_shared=False
)
BEFORE = Before(nif="B58378431", number="F1", issued_on="30-01-2027", fingerprint="A" * 64)


def record(document, *, before=BEFORE):
    """(name, text) of every element with text, in order."""
    facts = verifactu.facts_of(document)
    data = write_record(
        document,
        facts,
        before=before,
        system=SYSTEM,
        generated="2027-01-31T10:00:00+01:00",
        fingerprint="B" * 64,
    )
    root = etree.fromstring(data)
    assert root.tag == f"{{{NAMESPACE}}}RegistroAlta"
    found = [(one.tag.rpartition("}")[2], one.text) for one in root.iter() if len(one) == 0]
    return found, dict(found)


def taxed(category, rate=None, *, buyer=None):
    """The paper with its one line in another category."""
    document = paper()
    line = replace(
        document.lines[0],
        net=None,
        tax=Tax(category=category, rate=rate, exemption_reason="por ley"),
    )
    fresh = replace(document, lines=(line,), buyer=buyer or document.buyer, totals=None, taxes=())
    return calculate(fresh)


def test_an_invoice_is_written_in_the_order_of_the_schema():
    found, by_name = record(paper())

    assert [name for name, _ in found] == [
        *("IDVersion", "IDEmisorFactura", "NumSerieFactura", "FechaExpedicionFactura"),
        *("NombreRazonEmisor", "TipoFactura", "DescripcionOperacion", "NombreRazon", "NIF"),
        *("Impuesto", "ClaveRegimen", "CalificacionOperacion", "TipoImpositivo"),
        *("BaseImponibleOimporteNoSujeto", "CuotaRepercutida", "CuotaTotal", "ImporteTotal"),
        *("IDEmisorFactura", "NumSerieFactura", "FechaExpedicionFactura", "Huella"),
        *("NombreRazon", "NIF", "NombreSistemaInformatico", "IdSistemaInformatico", "Version"),
        *("NumeroInstalacion", "TipoUsoPosibleSoloVerifactu", "TipoUsoPosibleMultiOT"),
        *("IndicadorMultiplesOT", "FechaHoraHusoGenRegistro", "TipoHuella", "Huella"),
    ]
    assert by_name["TipoImpositivo"] == "21.00"
    assert by_name["ImporteTotal"] == "121.00"
    assert by_name["DescripcionOperacion"] == "Diseño"


def test_the_first_record_says_that_it_is_the_first():
    assert record(paper(), before=None)[1]["PrimerRegistro"] == "S"


def test_a_correction_is_by_difference_and_names_what_it_corrects():
    credit = paper(
        kind=Kind.CREDIT_NOTE,
        preceding=(
            PrecedingInvoice(number="F0", issued_on=date(2027, 1, 2)),
            PrecedingInvoice(number="old"),
        ),
    )

    found, by_name = record(credit)

    assert (by_name["TipoFactura"], by_name["TipoRectificativa"]) == ("R1", "I")
    assert ("NumSerieFactura", "F0") in found
    assert ("NumSerieFactura", "old") not in found
    assert by_name["BaseImponibleOimporteNoSujeto"] == "-100.00"
    assert by_name["CuotaTotal"] == "-21.00"


def test_a_simplified_one_names_no_buyer_and_a_day_of_supply_is_told():
    _, by_name = record(
        paper(buyer=Party(name="Ana"), delivery=Delivery(delivered_on=date(2027, 1, 4)))
    )

    assert by_name["FacturaSinIdentifDestinatarioArt61d"] == "S"
    assert by_name["FechaOperacion"] == "04-01-2027"


@pytest.mark.parametrize(
    ("category", "rate", "told"),
    [
        ("E", None, {"OperacionExenta": "E1", "ClaveRegimen": "01"}),
        ("G", None, {"OperacionExenta": "E2", "ClaveRegimen": "02"}),
        ("K", None, {"OperacionExenta": "E5"}),
        ("O", None, {"CalificacionOperacion": "N1"}),
        ("AE", None, {"CalificacionOperacion": "S2", "TipoImpositivo": "0.00"}),
        ("L", Decimal(7), {"Impuesto": "03", "CalificacionOperacion": "S1"}),
        ("M", Decimal(4), {"Impuesto": "02", "BaseImponibleACoste": "100.00"}),
    ],
)
def test_each_category_of_tax_has_its_place(category, rate, told):
    _, by_name = record(taxed(category, rate))

    assert told.items() <= by_name.items()
    assert ("CuotaRepercutida" in by_name) == (category in ("AE", "L", "M"))


@pytest.mark.parametrize(
    ("buyer", "kind", "text"),
    [
        (Party(name="B", vat_id="DE987654321", address=Address(country="DE")), "02", "DE987654321"),
        (
            Party(name="B", legal_registration=Identifier("12"), address=Address(country="US")),
            "04",
            "12",
        ),
    ],
)
def test_a_buyer_abroad_is_named_by_its_number_and_owes_no_tax_here(buyer, kind, text):
    _, by_name = record(taxed("AE", buyer=buyer))

    assert (by_name["IDType"], by_name["ID"]) == (kind, text)
    assert by_name["CalificacionOperacion"] == "N2"
