"""The rightful requests of the routes of Spanish billing records."""

from guilder.foundation.tenancy.transaction import transaction
from guilder.office.verifactu.models import Record
from tests.faces.rest.speaking import Speaker, issued_in
from tests.faces.rest.twins import Request, twin


@twin("GET", "verifactu/", "verifactu/records/")
def nothing_said(speaker: Speaker) -> Request:
    return Request()


@twin("PATCH", "verifactu/")
def turned_off(speaker: Speaker) -> Request:
    return Request(body={"is_on": False})


@twin("GET", "verifactu/records/{id}/")
def of_record(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    organization = speaker.actor.organization_id
    with transaction(organization):
        place = Record.objects.of(organization).count() + 1
        made = Record.objects.create(
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
    return Request({"id": str(made.id)})
