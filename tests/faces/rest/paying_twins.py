"""The rightful requests of the routes of how clients may pay."""

from tests.faces.rest.speaking import Speaker, client_in
from tests.faces.rest.twins import Request, twin


@twin("GET", "clients/{id}/payment-methods/")
def ways_of_a_client(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]})


@twin("PUT", "clients/{id}/payment-methods/")
def changed_ways_of_a_client(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]}, body={"methods": ["card"], "most": "500.00"})
