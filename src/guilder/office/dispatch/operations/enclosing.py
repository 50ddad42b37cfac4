"""The e-invoice that goes with a mail, where the client wants one."""

from datetime import datetime

from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch import queries
from guilder.office.dispatch.models import Mail, MailFile
from guilder.office.dispatch.operations.einvoices import print_hybrid, write_einvoice
from guilder.office.dispatch.operations.verdicts import format_of
from guilder.papers.exchange.formats.targets import TARGETS

LAST = 1000  # behind the files that a person chose


def with_einvoice(mail: Mail, *, by: Actor, at: datetime) -> None:
    """Lay the document into the mail in its client's format, with the first try: every further one
    carries the same bytes. Raises the refusals of the writers, RenderFailed.

    A Factur-X stands inside the PDF and goes in its place; XML goes beside it.
    """
    if mail.invoice_id is None or not mail.has_paper:
        return
    with transaction(by.organization_id):
        name = format_of(mail.partner_id, by=by)
        enclosed = queries.files_of(mail, by=by)
    if name not in TARGETS:
        return
    if TARGETS[name].profile:
        printed = print_hybrid(mail.invoice_id, by=by, at=at, name=name)
        data, filename, media_type = printed.pdf, printed.filename, "application/pdf"
    else:
        made = write_einvoice(mail.invoice_id, by=by, at=at, name=name)
        data, filename, media_type = made.data, made.filename, made.media_type
    if filename in {one.filename for one in enclosed}:
        return
    with transaction(by.organization_id):
        file = files.store(data, by=by, filename=filename, media_type=media_type)
        MailFile.objects.create(
            organization_id=by.organization_id, mail=mail, file=file, position=LAST
        )
