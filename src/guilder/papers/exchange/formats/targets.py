"""The formats that are written, each with what it calls itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guilder.kernel.errors import NotFound

Syntax = Literal["ubl", "cii", "fatturapa", "ksef", "json", "csv"]

EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PEPPOL = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PEPPOL_SELF = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
SELF_BILLING = "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0"
PINT = "urn:peppol:pint:billing-1@{}-1"
PINT_SELF = "urn:peppol:pint:selfbilling-1@{}-1"
SELF_BILLED = frozenset(("389", "261"))  # UNTDID 1001: the buyer writes it for the seller


class UnknownFormat(NotFound):
    """There is no format of that name."""

    code = "exchange.unknown_format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One format to write.

    `profile` is what Factur-X calls the level; a target that has one may stand inside a PDF.
    """

    name: str
    title: str
    syntax: Syntax
    specification: str = ""  # BT-24
    self_billed: str = ""  # BT-24 of papers that the buyer writes
    process: str = ""  # BT-23
    process_self_billed: str = ""
    profile: str = ""
    gst: bool = False  # PINT AUNZ, SG: goods and services tax
    country: str = ""  # PINT: jurisdiction
    extension: str = ".xml"
    media_type: str = "application/xml"

    @property
    def attachment(self) -> str:
        """The name of the XML inside a PDF (Factur-X 1.0, 6.2)."""
        return "xrechnung.xml" if self.profile == "XRECHNUNG" else "factur-x.xml"


def _pint(region: str, title: str, *, gst: bool = False) -> Target:
    return Target(
        name=f"pint-{region}",
        title=title,
        syntax="ubl",
        specification=PINT.format(region),
        self_billed=PINT_SELF.format(region),
        process="urn:peppol:bis:billing",
        process_self_billed="urn:peppol:bis:selfbilling",
        gst=gst,
        country=region,
    )


def _facturx(name: str, profile: str, specification: str) -> Target:
    title = f"Factur-X / ZUGFeRD {profile}"
    return Target(
        name=name, title=title, syntax="cii", specification=specification, profile=profile
    )


TARGETS = {
    target.name: target
    for target in (
        Target(name="ubl", title="EN 16931 (UBL)", syntax="ubl", specification=EN16931),
        Target(name="cii", title="EN 16931 (CII)", syntax="cii", specification=EN16931),
        Target(
            name="xrechnung-ubl",
            title="XRechnung (UBL)",
            syntax="ubl",
            specification=XRECHNUNG,
            process=BILLING,
        ),
        Target(
            name="xrechnung-cii",
            title="XRechnung (CII)",
            syntax="cii",
            specification=XRECHNUNG,
            process=BILLING,
        ),
        Target(
            name="peppol",
            title="Peppol BIS Billing 3.0",
            syntax="ubl",
            specification=PEPPOL,
            self_billed=PEPPOL_SELF,
            process=BILLING,
            process_self_billed=SELF_BILLING,
        ),
        _pint("eu", "Peppol PINT EU"),
        _pint("aunz", "Peppol PINT Australia and New Zealand", gst=True),
        _pint("jp", "Peppol PINT Japan"),
        _pint("sg", "Peppol PINT Singapore", gst=True),
        _facturx("facturx-minimum", "MINIMUM", "urn:factur-x.eu:1p0:minimum"),
        _facturx("facturx-basic-wl", "BASIC WL", "urn:factur-x.eu:1p0:basicwl"),
        _facturx("facturx-basic", "BASIC", f"{EN16931}#compliant#urn:factur-x.eu:1p0:basic"),
        _facturx("facturx", "EN 16931", EN16931),
        _facturx(
            "facturx-extended", "EXTENDED", f"{EN16931}#conformant#urn:factur-x.eu:1p0:extended"
        ),
        Target(
            name="facturx-xrechnung",
            title="Factur-X / ZUGFeRD XRECHNUNG",
            syntax="cii",
            specification=XRECHNUNG,
            process=BILLING,
            profile="XRECHNUNG",
        ),
        Target(name="fatturapa", title="FatturaPA 1.2", syntax="fatturapa"),
        Target(name="ksef", title="KSeF FA(3)", syntax="ksef"),
        Target(
            name="json",
            title="JSON",
            syntax="json",
            extension=".json",
            media_type="application/json",
        ),
        Target(name="csv", title="CSV", syntax="csv", extension=".csv", media_type="text/csv"),
    )
}


def target_of(name: str) -> Target:
    """The format called `name`; UnknownFormat otherwise."""
    target = TARGETS.get(name)
    if target is None:
        raise UnknownFormat(f"“{name[:40]}” is no format. Choose one of {', '.join(TARGETS)}.")
    return target
