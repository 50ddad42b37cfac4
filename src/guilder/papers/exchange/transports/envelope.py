"""What an XML document is called on a network, and the document inside its envelope (SBDH)."""

import re
from dataclasses import dataclass
from typing import Self

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.transports.base import Refused

UBL = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
INVOICE = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
FIT = re.compile(r"[A-Za-z0-9._@:+-]{1,100}")


@dataclass(frozen=True, slots=True)
class Kind:
    """Document type and process identifier (Peppol Policy for use of identifiers, 4)."""

    document_type: str
    process: str

    @classmethod
    def invoice(cls) -> Self:
        """The invoice of Peppol BIS Billing 3.0, which everybody on Peppol takes."""
        return cls(f"{UBL.format('Invoice')}::Invoice##{INVOICE}::2.1", BILLING)


def kind_of(data: bytes) -> Kind:
    """What a document is called. Raises Refused for anything but XML that says what it is."""
    try:
        root = xml.parse(data)
    except Invalid as error:
        raise Refused("This way carries XML only. Choose an e-invoice format.") from error
    name, namespace = xml.local_name(root), xml.namespace_of(root)
    told = {xml.local_name(one): (one.text or "").strip() for one in root}
    customization = told.get("CustomizationID", "")
    if not customization:
        return cii(root, name, namespace)
    return Kind(f"{namespace}::{name}##{customization}::2.1", told.get("ProfileID") or BILLING)


def cii(root: xml.Element, name: str, namespace: str) -> Kind:
    """A Cross Industry Invoice names its guideline within."""
    for node in root.iter():
        if xml.local_name(node) == "GuidelineSpecifiedDocumentContextParameter":
            guideline = xml.text_at(node, "*").strip()
            return Kind(f"{namespace}::{name}##{guideline}::D16B", BILLING)
    raise Refused("The document does not say which rules it follows. Choose another format.")


def inner_document(data: bytes) -> tuple[str, bytes]:
    """(number, document) inside a Standard Business Document. Raises Refused."""
    try:
        root = xml.parse(data)
    except Invalid as error:
        raise Refused("The envelope cannot be read.") from error
    number, inside = "", None
    for child in root:
        if xml.local_name(child) != "StandardBusinessDocumentHeader":
            inside = child
            continue
        for node in child.iter():
            if xml.local_name(node) == "InstanceIdentifier" and not number:
                number = (node.text or "").strip()
    if inside is None or not FIT.fullmatch(number):
        raise Refused("The envelope holds no document with a number.")
    return number, xml.serialize(inside)
