"""What the client will see: the PDF's pages, the mail, the page behind the link itself."""

import base64
from dataclasses import replace
from types import SimpleNamespace

from django.utils.translation import gettext as _

from guilder.faces.web import choices, late
from guilder.faces.web.drafting.desk import Desk
from guilder.faces.web.shell import Visit
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks

PPI = 110
VIEWS = ("pdf", "mail", "page")


def preview_of(
    document: Document | None, *, view: str, page: int, desk: Desk, visit: Visit
) -> SimpleNamespace:
    """One of the three views of a paper; an empty one where there is nothing to show yet.

    Where nobody looks (view "none") nothing is drawn; a page that is only being opened fetches
    its picture when it stands.
    """
    is_drawn = view in VIEWS or not (view or late.is_on())
    is_hidden = view == "none"
    view = view if view in VIEWS else "pdf"
    found = SimpleNamespace(
        view=view, url="", alt="", page=1, pages=1, mail=None, frame="",
        is_hidden=is_hidden, is_late=False,
    )  # fmt: skip
    if document is None or not document.buyer.name or not document.lines:
        return found
    if not is_drawn:
        found.is_late = True
        return found
    try:
        if view == "mail":
            found.mail = mail_of(document, visit)
        elif view == "page":
            found.frame = frame_of(desk)
        else:
            draw_page(found, document, page=page, visit=visit)
    except GuilderError:
        return found
    return found


def draw_page(found: SimpleNamespace, document: Document, *, page: int, visit: Visit) -> None:
    """A page as a picture inside the page: what is typed is nowhere to be fetched from."""
    pages = rendering.render_pages(document, look=looks.look_of(by=visit.by), ppi=PPI)
    found.pages = len(pages)
    found.page = min(max(page, 1), found.pages)
    found.url = f"data:image/png;base64,{base64.b64encode(pages[found.page - 1]).decode()}"
    found.alt = _("Page %(page)s of %(pages)s as it would be sent") % {
        "page": found.page,
        "pages": found.pages,
    }


def mail_of(document: Document, visit: Visit) -> SimpleNamespace:
    """The usual mail with it, in the client's language; the number is not known yet."""
    shown = document if document.number else replace(document, number="…")
    mail = dispatch.compose_document(shown, by=visit.by, at=visit.now)
    settings = mails.mail_settings(visit.by.organization_id)
    language = mail.language or "en"
    return SimpleNamespace(
        to=mail.to,
        sender=settings.sender_name or visit.organization.name,
        subject=mail.subject,
        paragraphs=[block.splitlines() for block in mail.text.strip().split("\n\n")],
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        attachment=f"{choices.KINDS[document.kind.value]}.pdf",
    )


def frame_of(desk: Desk) -> str:
    """The address of the very page that the client will see, of the draft as it is kept; "" until
    it is kept for the first time."""
    if desk.record is None:
        return ""
    return f"{desk.shelf.url('as_client', desk.record.id)}?version={desk.record.version}"
