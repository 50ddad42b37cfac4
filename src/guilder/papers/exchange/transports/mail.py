"""Mail with the e-invoice attached: it goes by the house's own mail, with its retries."""

from guilder.kernel.wire import is_address
from guilder.papers.exchange.transports.base import Field, Place, Refused, Transport


class Mail(Transport):
    """Mail to the client's address, or to one that is meant for e-invoices."""

    name = "mail"
    title = "Mail"
    is_mail = True
    address_hint = "invoices@example.com"
    fields = (
        Field(
            name="with_pdf",
            label="Attach the PDF as well",
            kind="flag",
            default="yes",
        ),
    )

    def check_address(self, address: str) -> str:
        """A mail address; none is the client's own."""
        address = address.strip()
        if address and not is_address(address):
            raise Refused("Enter a mail address, for example name@example.com.")
        return address

    def try_out(self, place: Place) -> str:  # noqa: ARG002
        """Mail is tried in its own settings."""
        return "It goes by the mail server of the organization."
