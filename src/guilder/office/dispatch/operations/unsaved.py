"""The mail of a paper that nobody has stored yet, to be looked at while it is written."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Problem
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.wording import Wish, about_document, mail_of, words_of

NOBODY = UUID(int=0)


def compose_document(
    document: Document, *, by: Actor, at: datetime, link: str = "", message: str = ""
) -> Mail:
    """The usual mail with a document, drafts included; nothing is stored, and nobody's address is
    no fault: then `to` is empty. `link` is the path of the client's page. Raises Invalid."""
    by.require("quote.view" if document.kind.value == "quote" else "invoice.view")
    with transaction(by.organization_id):
        about = about_document(document, by=by, partner_id=NOBODY, link=link)
        wish = Wish(message=message)
        if about.email:
            return mail_of(about, wish, by=by, at=at)
        problems: list[Problem] = []
        subject, text = words_of(about, wish, by=by, problems=problems)
    return Mail(
        organization_id=by.organization_id,
        kind=about.kind,
        language=about.language,
        subject=subject,
        text=text,
        queued_at=at,
    )
