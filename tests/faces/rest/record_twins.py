"""The rightful requests of the routes of Spanish billing records."""

from guilder.foundation.tenancy.transaction import transaction
from guilder.office.verifactu.models import Chain, Record, Waiting
from tests.faces.rest.speaking import Speaker, issued_in
from tests.faces.rest.twins import Request, twin
from tests.make import NOW, TODAY


@twin("GET", "verifactu/", "verifactu/records/", "verifactu/waiting/")
def nothing_said(speaker: Speaker) -> Request:
    return Request()


@twin("PATCH", "verifactu/")
def turned_off(speaker: Speaker) -> Request:
    return Request(body={"is_on": False})


def recorded(speaker: Speaker) -> Record:
    """An issued document with its record."""
    invoice = issued_in(speaker)
    organization = speaker.actor.organization_id
    with transaction(organization):
        place = Record.objects.of(organization).count() + 1
        return Record.objects.create(
            organization_id=organization,
            position=place,
            invoice_id=invoice["id"],
            nif="B58378431",
            number=invoice["number"],
            issued_on="20-11-2026",
            kind="F1",
            tax="19.00",
            total="119.00",
            generated="2026-11-20T11:30:00+01:00",
            fingerprint="A" * 64,
            xml="<x/>",
        )


@twin("GET", "verifactu/records/{id}/")
def of_record(speaker: Speaker) -> Request:
    return Request({"id": str(recorded(speaker).id)})


@twin("POST", "verifactu/waiting/{id}/retry/")
def tried_again(speaker: Speaker) -> Request:
    made = recorded(speaker)  # in the meantime, by somebody else
    organization = speaker.actor.organization_id
    with transaction(organization):
        chain = Chain.objects.of(organization).first() or Chain(
            organization_id=organization, producer_nif="B58378431", began_at=NOW
        )
        chain.is_on = True
        chain.save()
        one = Waiting.objects.create(
            organization_id=organization,
            invoice_id=made.invoice_id,
            number=made.number,
            issued_on=TODAY,
            since_at=NOW,
            tried_at=NOW,
        )
    return Request({"id": str(one.id)}, body={})
