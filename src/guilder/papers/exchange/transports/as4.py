"""AS4, the protocol of Peppol: signed and encrypted messages, answered by signed receipts.

The library `as4` does the cryptography. Ours are the numbers by which doubles are known, retries,
who is trusted, and where a participant is found: in a list, or in a service metadata publisher.
"""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from cryptography import x509

from guilder.foundation.edges import outbound
from guilder.kernel.errors import Problem
from guilder.papers.exchange.transports.access_points import (
    SCHEME,
    Peer,
    certificates_of,
    common_name,
    endpoint_in,
    key_of,
    lines_of,
    participant,
)
from guilder.papers.exchange.transports.base import (
    LARGEST,
    Answer,
    Arrival,
    Called,
    Field,
    Handed,
    NotGenuine,
    Parcel,
    Place,
    Refused,
    Taken,
    Temporary,
    Transport,
    failed,
    fault,
)
from guilder.papers.exchange.transports.envelope import Kind, inner_document, kind_of

LIMITS = outbound.Limits(connect=10, total=60, size=1 << 20)
DOCUMENTS = "busdox-docid-qns"
# Errors of the other side that the same message will meet again (ebMS 3.0, 6.7.1 and 6.7.2).
FOR_GOOD = frozenset(
    ("EBMS:0001", "EBMS:0003", "EBMS:0009", "EBMS:0101", "EBMS:0102", "EBMS:0103", "EBMS:0303")
)
MISSING = "AS4 needs the package “as4”: pip install --no-deps -r requirements-bare.lock"


class As4(Transport):
    """Straight to the other side's access point, or from one Guilder to another."""

    name = "as4"
    title = "Peppol (AS4)"
    is_called = True
    only_xml = True
    needs_address = True
    address_hint = "9930:DE123456789"
    fields = (
        Field(
            name="participant",
            label="Own participant",
            hint="Scheme and number, such as 9930:DE123456789.",
            is_required=True,
            most=80,
        ),
        Field(
            name="certificate",
            label="Own certificate",
            kind="lines",
            hint="PEM, of an RSA key; its common name is the name of this access point.",
            is_required=True,
            most=10_000,
        ),
        Field(
            name="private_key",
            label="Private key",
            kind="secret",
            hint="PEM, without a passphrase.",
            is_required=True,
            most=10_000,
        ),
        Field(
            name="trust",
            label="Trusted are",
            kind="choice",
            default="pinned",
            choices=(
                ("pinned", "the certificates below"),
                ("peppol", "access points of Peppol"),
                ("peppol-test", "access points of Peppol’s test network"),
            ),
        ),
        Field(
            name="certificates",
            label="Certificates of others",
            kind="lines",
            hint="PEM, one below the other.",
            most=100_000,
        ),
        Field(
            name="peers",
            label="Where participants are",
            kind="lines",
            hint="One a line: participant, address, name of the access point.",
            most=20_000,
        ),
        Field(
            name="smp",
            label="Service metadata publisher",
            hint="Asked for participants that are not listed.",
            most=500,
        ),
    )

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """Certificates and keys can be read and belong together; lines are complete."""
        found: list[Problem] = []
        own = None
        try:
            own = certificates_of(str(settings.get("certificate") or ""))[0]
        except (Refused, IndexError):
            found.append(fault("certificate", "not_a_certificate", "Enter a certificate in PEM."))
        try:
            key = key_of(str(settings.get("private_key") or ""))
            if own is not None and key.public_key() != own.public_key():
                found.append(
                    fault("private_key", "other_key", "The key does not belong to the certificate.")
                )
        except Refused as error:
            found.append(fault("private_key", "not_a_key", error.detail))
        for name, read in (("certificates", certificates_of), ("peers", lines_of)):
            try:
                read(str(settings.get(name) or ""))
            except Refused as error:
                found.append(fault(name, "unreadable", error.detail))
        try:
            participant(str(settings.get("participant") or ""))
        except Refused as error:
            found.append(fault("participant", "not_a_participant", error.detail))
        return found

    def check_address(self, address: str) -> str:
        """A participant, as scheme and number."""
        return participant(address)

    def send(self, parcel: Parcel, place: Place) -> Handed:
        """Find the receiver's access point, send, and check its signed receipt."""
        kind = kind_of(parcel.data)
        receiver = participant(parcel.address)
        peer = find(receiver, kind, place)
        message = built(parcel, kind, receiver, peer, place)
        body, boundary = message.get_request_data()
        try:
            reply = outbound.request(
                "POST",
                peer.url,
                body=body,
                headers={**message.get_http_headers(boundary)},
                limits=LIMITS,
            )
        except (outbound.BadTarget, outbound.Unreachable) as error:
            raise failed(error) from error
        return acknowledged(message, reply, peer)

    def take(self, call: Called, place: Place) -> Taken:
        """A message: checked, opened, and answered by a receipt or an error that we sign."""
        if len(call.body) > LARGEST or b"<!DOCTYPE" in call.body:
            raise Refused("This is more, or other, than an AS4 message.")
        peppol = library()
        exchange = received(peppol, call, place)
        headers, signal = exchange.build_signal()
        answer = Answer(status=200, body=signal, headers=headers)
        if not exchange.successful:
            return Taken(answer=answer)
        message = exchange.message
        number, data = inner_document(next(iter(message.decrypted_data.values())))
        return Taken(
            answer=answer,
            arrival=Arrival(
                number=number,
                filename=f"{number}.xml",
                data=data,
                sender=message.sender or "",
                recipient=message.recipient or "",
            ),
        )

    def look_up(self, address: str, place: Place) -> bool | None:
        """Whether the participant takes invoices."""
        try:
            find(participant(address), Kind.invoice(), place)
        except Refused:
            return False
        return True

    def try_out(self, place: Place) -> str:
        """The settings hold together; who trusts whom shows when a document travels."""
        library()
        own = certificates_of(place.text("certificate"))[0]
        until = own.not_valid_after_utc.date().isoformat()
        if own.not_valid_after_utc <= place.at:
            raise Refused(f"The certificate of {common_name(own)} ended on {until}.")
        return f"Access point {common_name(own)}; its certificate is valid until {until}."


def library() -> Any:
    """The library, imported with its first use. Raises Refused where it is not installed."""
    try:
        from as4 import peppol
    except ImportError as error:
        raise Refused(MISSING) from error
    return peppol


def find(receiver: str, kind: Kind, place: Place) -> Peer:
    """The access point of a participant: of the list, else of the publisher. Raises Refused,
    Temporary."""
    listed = lines_of(place.text("peers")).get(receiver)
    if listed is not None:
        url, party = listed
        for certificate in certificates_of(place.text("certificates")):
            if common_name(certificate) == party:
                return Peer(url, certificate)
        raise Refused(f"There is no certificate of {party} among those of others.")
    if not place.text("smp"):
        raise Refused(f"Nobody knows the participant {receiver}. Add where it is.")
    return published(receiver, kind, place)


def published(receiver: str, kind: Kind, place: Place) -> Peer:
    """What the publisher says of a participant (Peppol SMP 1.3). Raises Refused, Temporary."""
    who = quote(f"{SCHEME}::{receiver}", safe="")
    what = quote(f"{DOCUMENTS}::{kind.document_type}", safe="")
    url = f"{place.text('smp').rstrip('/')}/{who}/services/{what}"
    try:
        reply = outbound.request("GET", url, limits=LIMITS)
    except (outbound.BadTarget, outbound.Unreachable) as error:
        raise failed(error) from error
    if reply.status == 404:
        raise Refused(f"{receiver} does not take this kind of document by Peppol.")
    if reply.status != 200:
        raise Temporary(f"The publisher answered {reply.status}.")
    peer = endpoint_in(reply.body)
    require_trusted(peer.certificate, place)
    return peer


def policy(place: Place) -> Any:
    """Whose signatures count."""
    peppol = library()
    from as4 import SecurityPolicy, pinned_certificates

    named = {
        "peppol": peppol.PEPPOL_PROD_SECURITY_POLICY,
        "peppol-test": peppol.PEPPOL_TEST_SECURITY_POLICY,
    }.get(place.text("trust"))
    if named is None:
        others = certificates_of(place.text("certificates"))
        if not others:
            raise Refused("Nobody is trusted yet. Add the certificates of others.")
        named = SecurityPolicy(signer_resolver=pinned_certificates(*others))
    return named.model_copy(update={"maximum_decompressed_size": LARGEST})


def require_trusted(certificate: x509.Certificate, place: Place) -> None:
    """Raise Refused where a published certificate is nobody's that is trusted."""
    from as4 import UntrustedSignerError

    party: Any = SimpleNamespace(party_id=SimpleNamespace(value=common_name(certificate)))
    try:
        policy(place).signer_resolver(party, certificate)
    except UntrustedSignerError as error:
        raise Refused(f"The published certificate is not trusted: {error}.") from error


def own_party(peppol: Any, place: Place) -> Any:
    """This channel as the library has it."""
    from as4 import AS4LocalPrivateKey

    certificate = certificates_of(place.text("certificate"))[0]
    key = AS4LocalPrivateKey(key_of(place.text("private_key")))
    return peppol.create_peppol_internal_party(common_name(certificate), certificate, key)


def built(parcel: Parcel, kind: Kind, receiver: str, peer: Peer, place: Place) -> Any:
    """The message; its document has the parcel's number, whichever try it is."""
    peppol = library()
    return peppol.build_peppol_message(
        payload=parcel.data,
        local_party=own_party(peppol, place),
        remote_party=peppol.create_peppol_external_party(peer.party, peer.certificate),
        sender=participant(place.text("participant")),
        recipient=receiver,
        document_type_identifier_scheme=DOCUMENTS,
        document_type_identifier_value=kind.document_type,
        process_identifier=kind.process,
        sender_country_id=parcel.country or "ZZ",
        document_identification_instance_identifier=parcel.number,
    )


def acknowledged(message: Any, reply: outbound.Reply, peer: Peer) -> Handed:
    """What the answer proves. Raises Temporary, Refused."""
    from as4 import ReceiptVerificationError

    if not reply.body:
        raise Temporary(f"The access point answered {reply.status} without a receipt.")
    try:
        receipt = library().parse_peppol_receipt(reply.body, peer.certificate)
        if receipt.error is not None:
            refuse(receipt.error)
        if receipt.original_message_id != message.message_id:
            raise Temporary("The receipt is for another message.")
        receipt.verify_non_repudiation(message.signed_references)
    except (ReceiptVerificationError, ValueError, SyntaxError) as error:
        raise Temporary(f"The answer {reply.status} holds no valid receipt: {error}.") from error
    return Handed(state="delivered", reference=message.message_id, evidence=reply.body)


def refuse(error: Any) -> None:
    """Raise what an error signal means."""
    code = str(getattr(error, "error_code", "") or getattr(error, "code", ""))
    said = getattr(error, "description", None) or getattr(error, "short_description", "")
    text = str(getattr(said, "value", said) or code)
    if code in FOR_GOOD or "not serviced" in text.lower().replace("_", " "):
        raise Refused(f"The access point refuses it: {code} {text}.".replace("..", "."))
    raise Temporary(f"The access point cannot take it now: {code} {text}.".replace("..", "."))


def received(peppol: Any, call: Called, place: Place) -> Any:
    """The exchange of a message that came in; faults of the sender end in its error signal."""
    from as4 import BaseAS4ReceiptableError, ParticipantNotServicedError

    ours = participant(place.text("participant"))

    def serviced(who: str) -> None:
        if who.lower() != ours.lower():
            raise ParticipantNotServicedError(who)

    try:
        return peppol.parse_peppol_message(
            request_headers={"Content-Type": call.headers.get("content-type", "")},
            request_body=call.body,
            local_party=own_party(peppol, place),
            accept_participant=serviced,
            security_policy=policy(place),
        )
    except (BaseAS4ReceiptableError, ValueError, SyntaxError, KeyError) as error:
        raise NotGenuine("This is no AS4 message of anybody who is trusted here.") from error
