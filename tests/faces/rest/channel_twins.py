"""The rightful requests of channels' and transmissions' routes."""

import itertools

from tests.faces.cli.papers import ubl
from tests.faces.rest.speaking import Speaker, client_in
from tests.faces.rest.twins import Request, twin

counter = itertools.count(1)


def channel_in(speaker: Speaker) -> str:
    """A folder, over the API."""
    body = {"name": f"Folder {next(counter)}", "transport": "folder"}
    return speaker.ok("POST", "channels/", body)["id"]


def transmission_in(speaker: Speaker) -> str:
    """An invoice on its way by a folder."""
    from tests import make

    client = client_in(speaker)["id"]
    agreed = {"channel": channel_in(speaker), "format": "ubl"}
    speaker.ok("PUT", f"clients/{client}/channel/", agreed)
    draft = {"client": client, "currency": "EUR", "lines": [make.line()]}
    invoice = speaker.ok("POST", "invoices/", draft)["id"]
    speaker.ok("POST", f"invoices/{invoice}/issue/", {})
    return speaker.ok("POST", f"invoices/{invoice}/send/", {})["transmission"]


def received_in(speaker: Speaker) -> str:
    """A bill that came in by a folder and was read."""
    from datetime import timedelta

    from guilder.foundation.identity import operations as identity
    from guilder.office.channels import operations, queries
    from guilder.office.channels.operations.arriving import keep_arrival
    from guilder.papers.exchange.transports.base import Arrival
    from tests import make

    assert speaker.actor is not None
    by = identity.system_actor(speaker.actor.organization_id, "job")
    channel = operations.create_channel(
        by=by,
        data={"name": f"In {next(counter)}", "transport": "folder"},
        at=make.NOW,
    )[0]
    number = f"B-{next(counter)}"
    arrival = Arrival(number=number, filename=f"{number}.xml", data=ubl(number=number))
    assert keep_arrival(channel, arrival, by=by, at=make.NOW)
    [row] = queries.list_transmissions(by=by, channel_id=channel.id)
    operations.hand_on(row.id, by=by, at=make.NOW + timedelta(seconds=1))
    return str(row.id)


@twin("GET", "channels/", "channels/transports/", "transmissions/")
def nothing_to_say(speaker: Speaker) -> Request:
    return Request()


@twin("POST", "channels/")
def new_channel(speaker: Speaker) -> Request:
    return Request(body={"name": f"Folder {next(counter)}", "transport": "folder"})


@twin("GET", "channels/{id}/")
@twin("DELETE", "channels/{id}/")
def one_channel(speaker: Speaker) -> Request:
    return Request({"id": channel_in(speaker)})


@twin("PATCH", "channels/{id}/")
def changed_channel(speaker: Speaker) -> Request:
    return Request({"id": channel_in(speaker)}, body={"is_active": False})


@twin("POST", "channels/{id}/try/")
def tried_channel(speaker: Speaker) -> Request:
    return Request({"id": channel_in(speaker)}, body={})


@twin("GET", "clients/{id}/channel/")
def agreed_channel(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]})


@twin("PUT", "clients/{id}/channel/")
def new_agreement(speaker: Speaker) -> Request:
    body = {"channel": channel_in(speaker), "format": "ubl"}
    return Request({"id": client_in(speaker)["id"]}, body=body)


@twin("GET", "transmissions/{id}/")
def one_transmission(speaker: Speaker) -> Request:
    return Request({"id": transmission_in(speaker)})


@twin("GET", "transmissions/{id}/bytes/")
def bytes_of_one(speaker: Speaker) -> Request:
    return Request({"id": received_in(speaker)})


@twin("POST", "transmissions/{id}/cancel/")
def cancelled(speaker: Speaker) -> Request:
    return Request({"id": transmission_in(speaker)}, body={})


@twin("POST", "transmissions/{id}/retry/")
def retried(speaker: Speaker) -> Request:
    one = transmission_in(speaker)
    speaker.ok("POST", f"transmissions/{one}/cancel/", {})
    return Request({"id": one}, body={})


@twin("POST", "transmissions/{id}/answer/")
def answered(speaker: Speaker) -> Request:
    return Request({"id": received_in(speaker)}, body={"code": "AP"})
