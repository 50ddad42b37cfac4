"""Words of channels: what transports call their settings, what statuses and codes mean."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

# What a transmission is, by the words of statuses.py; and in a sentence.
STATES = {
    "queued": "queued",
    "sending": "sending",
    "sent": "sent",
    "delivered": "delivered",
    "accepted": "accepted",
    "rejected": "rejected",
    "failed": "failed",
    "stopped": "stopped",
    "received": "received",
    "taken": "document_read",
    "refused": "document_refused",
}
CODES: dict[str, str | Promise] = {
    "AB": _("Taken note of"),
    "IP": _("In process"),
    "UQ": _("Under query"),
    "CA": _("Accepted with conditions"),
    "RE": _("Rejected"),
    "AP": _("Accepted"),
    "PD": _("Paid"),
}
REASONS: dict[str, str | Promise] = {
    "": _("No particular reason"),
    "REF": _("References are wrong"),
    "LEG": _("Legal information is wrong"),
    "REC": _("The receiver is unknown"),
    "QUA": _("Quality of the goods"),
    "DEL": _("Delivery is missing or wrong"),
    "PRI": _("Prices are wrong"),
    "QTY": _("Quantity is wrong"),
    "ITM": _("Items are wrong"),
    "PAY": _("Payment terms are wrong"),
    "UNR": _("The transaction is unknown"),
    "FIN": _("Finance terms are wrong"),
    "PPD": _("Partly paid"),
    "OTH": _("Another reason"),
}
KINDS: Mapping[str, str | Promise] = {
    "mail": _("The e-invoice as an attachment, to an address for e-invoices."),
    "as4": _("To every participant of Peppol that you name, or to another Guilder."),
    "sftp": _("Drop on a server, and pick up from it."),
    "http": _("A signed call to a URL; others call you."),
    "folder": _("A folder on the server, for other programs."),
    "imap": _("Mails of your suppliers, picked up every minute."),
}
# What our transports say of themselves in English, so that it is collected for translation.
SAID = (
    _("Mail"),
    _("Folder"),
    _("Attach the PDF as well"),
    _("What was picked up"),
    _("is moved to “done”"),
    _("is deleted"),
    pgettext_lazy("of a channel", "Address"),
    _("Address"),
    _("Documents are posted there. Leave it empty to receive only."),
    _("Secret"),
    _("Both sides sign with it: whsec_ and base64. Left empty, one is made."),
    _("Server"),
    _("Port"),
    _("User name"),
    _("Password"),
    _("Private key"),
    _("In OpenSSH or PEM form, without a passphrase; in the place of the password."),
    _("Key of the server"),
    _("Its fingerprint (SHA256:…) or the whole public key. Test the channel to see it."),
    _("Folder for documents out"),
    _("Folder to pick up from"),
    _("Left empty, nothing is picked up."),
    _("Own participant"),
    _("Scheme and number, such as 9930:DE123456789."),
    _("Own certificate"),
    _("PEM, of an RSA key; its common name is the name of this access point."),
    _("PEM, without a passphrase."),
    _("Trusted are"),
    _("the certificates below"),
    _("access points of Peppol"),
    _("access points of Peppol’s test network"),
    _("Certificates of others"),
    _("PEM, one below the other."),
    _("Where participants are"),
    _("One a line: participant, address, name of the access point."),
    _("Service metadata publisher"),
    _("Asked for participants that are not listed."),
    _("Mailbox (IMAP)"),
    _("Encryption"),
    _("Every mail in it is taken. Use a mailbox or a folder of its own."),
    _("is moved to the folder below"),
    _("stays there, with a flag"),
    _("Folder for what was picked up"),
)


def told(text: str) -> str:
    """What a transport says, in the reader's language."""
    return gettext(text) if text else ""
