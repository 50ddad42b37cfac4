"""The people of a FatturaPA, read."""

from __future__ import annotations

from guilder.kernel.document import Address, Contact, Identifier, Party, TaxRepresentative
from guilder.papers.exchange.formats.fatturapa import codes
from guilder.papers.exchange.formats.nodes import Node

NO_OFFICE = frozenset(("0000000", "XXXXXXX"))


def seller(node: Node) -> Party:
    """BG-4."""
    found = _party(node)
    contact = node.first("Contatti")
    node.skip("DatiAnagrafici", "RegimeFiscale")
    return Party(
        name=found.name,
        vat_id=found.vat_id,
        tax_registration=node.text("DatiAnagrafici", "CodiceFiscale"),
        legal_registration=_register(node),
        address=found.address,
        contact=Contact(phone=contact.text("Telefono"), email=contact.text("Email")),
    )


def buyer(head: Node) -> Party:
    """BG-7, with the address of the exchange that the file is sent to (BT-49)."""
    node = head.first("CessionarioCommittente")
    found = _party(node)
    fiscal = node.text("DatiAnagrafici", "CodiceFiscale")
    office = head.text("DatiTrasmissione", "CodiceDestinatario")
    mail = head.text("DatiTrasmissione", "PECDestinatario")
    endpoint = Identifier(mail, codes.MAIL) if mail else None
    if office and office not in NO_OFFICE:
        endpoint = Identifier(office, codes.OFFICE)
    return Party(
        name=found.name,
        vat_id=found.vat_id,
        identifiers=(Identifier(fiscal, codes.FISCAL),) if fiscal else (),
        address=found.address,
        endpoint=endpoint,
    )


def representative(node: Node) -> TaxRepresentative | None:
    """BG-11."""
    if not node:
        return None
    found = _party(node)
    return TaxRepresentative(name=found.name, vat_id=found.vat_id)


def _party(node: Node) -> Party:
    data = node.first("DatiAnagrafici")
    person = data.first("Anagrafica")
    names = (person.text("Nome"), person.text("Cognome"))
    country, number = data.text("IdFiscaleIVA", "IdPaese"), data.text("IdFiscaleIVA", "IdCodice")
    return Party(
        name=person.text("Denominazione") or " ".join(filter(None, names)),
        vat_id=f"{country}{number}",
        address=_address(node.first("Sede")),
    )


def _address(node: Node) -> Address:
    street = (node.text("Indirizzo"), node.text("NumeroCivico"))
    return Address(
        line1=" ".join(filter(None, street)),
        postal_code=node.text("CAP"),
        city=node.text("Comune"),
        region=node.text("Provincia"),
        country=node.text("Nazione"),
    )


def _register(node: Node) -> Identifier | None:
    """The entry in the register of firms: its office and its number."""
    number = node.text("IscrizioneREA", "NumeroREA")
    office = node.text("IscrizioneREA", "Ufficio")
    node.skip("IscrizioneREA", "StatoLiquidazione")
    return Identifier(f"{office}-{number}") if number else None
