"""Where the sending of a moment ago is taken back."""

from typing import Any

from django.core import signing
from django.urls import reverse

from guilder.faces.web.lists.acting import MAILS


def undo_url(mail: Any) -> str:
    """The address that stops a mail which still waits."""
    mails = signing.dumps([str(mail.id)], salt=MAILS, compress=True)
    return reverse("web:invoices_unsend", args=[mails])
