"""Participants of Peppol and the access points that take their documents, read and checked."""

import base64
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.transports.base import Refused

SCHEME = "iso6523-actorid-upis"
PROFILE = "peppol-transport-as4-v2_0"


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a participant's documents are taken, and by whom."""

    url: str
    certificate: x509.Certificate

    @property
    def party(self) -> str:
        """What the access point calls itself: the common name of its certificate."""
        return common_name(self.certificate)


def participant(text: str) -> str:
    """Scheme (four digits of ICD) and number of a participant. Raises Refused."""
    value = text.strip().removeprefix(f"{SCHEME}::")
    scheme, _, number = value.partition(":")
    if not (len(scheme) == 4 and scheme.isdecimal() and 0 < len(number) <= 50):
        raise Refused("Enter a participant, such as 9930:DE123456789.")
    if not all(one.isascii() and (one.isalnum() or one in "-._:") for one in number):
        raise Refused("A participant has letters, digits, dots and hyphens only.")
    return f"{scheme}:{number}"


def certificates_of(text: str) -> list[x509.Certificate]:
    """Certificates in PEM. Raises Refused."""
    if not text.strip():
        return []
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise Refused("Enter certificates in PEM, one below the other.") from error


def key_of(text: str) -> rsa.RSAPrivateKey:
    """A private RSA key in PEM. Raises Refused."""
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Refused("This is no private key in PEM without a passphrase.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Refused("AS4 needs an RSA key.")
    return key


def common_name(certificate: x509.Certificate) -> str:
    """What a certificate calls its owner."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def lines_of(text: str) -> dict[str, tuple[str, str]]:
    """Participant → (address, access point). Raises Refused."""
    found = {}
    for line in filter(str.strip, text.splitlines()):
        words = line.split()
        if len(words) != 3:
            raise Refused("Give each line a participant, an address and an access point.")
        found[participant(words[0])] = (words[1], words[2])
    return found


def endpoint_in(data: bytes) -> Peer:
    """Address and certificate of the AS4 endpoint in a publisher's answer. Raises Refused."""
    try:
        root = xml.parse(data)
    except Invalid as error:
        raise Refused("The publisher's answer cannot be read.") from error
    for node in root.iter():
        if xml.local_name(node) != "Endpoint" or node.get("transportProfile") != PROFILE:
            continue
        told = {xml.local_name(one): (one.text or "").strip() for one in node.iter()}
        try:
            certificate = x509.load_der_x509_certificate(
                base64.b64decode(told.get("Certificate", ""))
            )
        except ValueError as error:
            raise Refused("The publisher names no usable certificate.") from error
        return Peer(told.get("Address") or told.get("EndpointURI") or "", certificate)
    raise Refused("The participant has no AS4 endpoint.")
