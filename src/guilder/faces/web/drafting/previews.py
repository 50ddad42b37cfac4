"""What the client will see: the PDF's pages, the mail, the page behind the link."""

import base64
from dataclasses import replace
from types import SimpleNamespace

from django.utils import translation
from django.utils.translation import gettext as _

from guilder.faces.web import choices, formats, late
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
        view=view, url="", alt="", page=1, pages=1, mail=None, hosted=None,
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
            found.hosted = hosted_of(document, desk, visit)
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


def hosted_of(document: Document, desk: Desk, visit: Visit) -> SimpleNamespace:
    """The page behind the client's link, in the client's language."""
    language = document.language or visit.organization.language
    brand = rendering.brand_of(by=visit.by)
    locale = formats.locale_of(language)
    totals = document.totals
    transfer = next((account for means in document.payment for account in means.transfers), None)
    seller = document.seller
    with translation.override(language):
        due = formats.day(document.due_on, locale) if document.due_on else ""
        return SimpleNamespace(
            language=language,
            direction="rtl" if language == "ar" else "ltr",
            title=str(choices.KINDS[document.kind.value]),
            sender=seller.trading_name or seller.name or visit.organization.name,
            logo=data_url(brand),
            color=brand.color,
            on_color=brand.on_color,
            amount=formats.money(totals.receivable or totals.due, locale) if totals else "",
            due=_("Due on %(day)s") % {"day": due} if due else "",
            client=document.buyer.name,
            is_quote=bool(desk.shelf.kind),
            labels={
                "to_pay": _("Total") if desk.shelf.kind else _("To pay"),
                "holder": _("Account holder"),
                "iban": _("IBAN"),
                "bic": _("BIC"),
                "reference": _("Reference"),
                "accept": _("Accept"),
                "decline": _("Decline"),
                "download": _("Download PDF"),
                "number": _("Number on issue"),
            },
            transfer=transfer,
            iban=grouped(transfer.account) if transfer else "",
        )


def grouped(account: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def data_url(brand: rendering.Brand) -> str:
    """The organization's logo as an address of its own; "" where there is none."""
    if not brand.logo:
        return ""
    return f"data:{brand.logo_media_type};base64,{base64.b64encode(brand.logo).decode()}"
