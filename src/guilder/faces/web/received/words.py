"""What is said of papers that came in: states, doubts, channels, and what was read in them."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import choices, formats
from guilder.faces.web.sentences import said
from guilder.flows.intake.models import ReceivedDocument
from guilder.kernel.document import Address, Document, Party
from guilder.kernel.errors import GuilderError
from guilder.kernel.identifiers import format_iban
from guilder.kernel.money import Money
from guilder.papers.exchange.rules import explain
from guilder.papers.exchange.rules.verdict import Verdict

CHANNELS: dict[str, str | Promise] = {
    "upload": gettext_lazy("Upload"),
    "api": gettext_lazy("API"),
    "import": gettext_lazy("Command line"),
    "folder": gettext_lazy("Folder"),
    "mail": gettext_lazy("Mail"),
    "lmtp": gettext_lazy("Mail server"),
    "sftp": gettext_lazy("SFTP"),
    "http": gettext_lazy("HTTP"),
    "as4": gettext_lazy("AS4"),
}
SIGNS: dict[str, str | Promise] = {
    "vat": gettext_lazy("Known by the VAT ID"),
    "tax": gettext_lazy("Known by the tax number"),
    "endpoint": gettext_lazy("Known by the electronic address"),
    "gln": gettext_lazy("Known by the GLN"),
    "iban": gettext_lazy("Known by the bank account"),
    "name": gettext_lazy("Known by the name"),
}
FORMATS = {
    "ubl-invoice": "UBL 2.1",
    "ubl-creditnote": "UBL 2.1",
    "cii": "CII D16B",
    "fatturapa": "FatturaPA",
    "ksef": "KSeF FA",
    "zugferd1": "ZUGFeRD 1.0",
    "json": "JSON",
    "csv": "CSV",
}
MOST_FINDINGS = 12


def format_words(row: ReceivedDocument) -> str:
    """What a paper is written in."""
    name = row.format.removeprefix("pdf-")
    title = FORMATS.get(name, name.upper())
    if row.format.startswith("pdf-"):
        return _("PDF with %(format)s inside") % {"format": title}
    return title or row.media_type


def doubt_words(doubt: dict[str, str]) -> str:
    """One doubt as a sentence."""
    values = {"ours": doubt["ours"], "theirs": doubt["theirs"]}
    sentence = {
        "hybrid.number": _("The data say number %(ours)s; the page does not show it."),
        "hybrid.amount": _("The data ask for %(ours)s; the page says %(theirs)s."),
        "hybrid.account": _("The data name account %(ours)s; the page shows %(theirs)s."),
        "new_account": _(
            "They want to be paid to %(ours)s. So far you know %(theirs)s. Ask them, by a number"
            " that you know, before you pay."
        ),
        "buyer": _("It is addressed to %(theirs)s, not to you (%(ours)s)."),
    }.get(doubt["code"], doubt["code"])
    return sentence % values


def verdict_words(verdict: Verdict | None) -> SimpleNamespace | None:
    """The official verdict: one sentence, its findings, and who judged."""
    if verdict is None:
        return None
    told = explain.told_verdict(verdict, translate=_)
    found = told["fired"]
    return SimpleNamespace(
        title=told["title"],
        valid=verdict.valid,
        sentence=verdict_sentence(verdict, len(verdict.grave)),
        findings=[SimpleNamespace(**one) for one in found[:MOST_FINDINGS]],
        more=max(0, len(found) - MOST_FINDINGS),
        packs=", ".join(verdict.packs),
        missing=", ".join(verdict.missing),
    )


def verdict_sentence(verdict: Verdict, grave: int) -> str:
    """What the rules say, in one sentence."""
    if verdict.valid is None:
        return _("No official rules for it are at hand.")
    if verdict.valid:
        return _("The official rules accept it.")
    words = ngettext(
        "The official rules refuse it: %(n)d rule is broken.",
        "The official rules refuse it: %(n)d rules are broken.",
        grave,
    )
    return words % {"n": grave}


def readable(document: Document) -> SimpleNamespace:
    """Any e-invoice as people read it."""
    locale = formats.reader()
    totals = document.totals
    return SimpleNamespace(
        number=document.number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        seller=party(document.seller),
        buyer=party(document.buyer),
        references=references(document),
        lines=[
            SimpleNamespace(
                id=one.id,
                name=one.item.name,
                description=one.item.description,
                quantity=formats.number(one.quantity, locale),
                unit=choices.unit_name(one.unit),
                price=price_words(one.price.amount, document.currency, locale),
                tax=tax(one.tax.category, one.tax.rate),
                net=one.net,
                note=one.note,
            )
            for one in document.lines
        ],
        levels=[
            *(SimpleNamespace(name=one.reason or _("Allowance"), amount=-one.amount)
              for one in document.allowances if one.amount is not None),
            *(SimpleNamespace(name=one.reason or _("Charge"), amount=one.amount)
              for one in document.charges if one.amount is not None),
        ],
        taxes=[
            SimpleNamespace(
                label=tax(one.category, one.rate), taxable=one.taxable, tax=one.tax,
                reason=one.exemption_reason,
            )
            for one in document.taxes
        ],
        totals=sums(totals) if totals is not None else [],
        due=totals.due if totals is not None else None,
        payment=payment(document),
        terms=document.payment_terms,
        notes=[one.text for one in document.notes],
        attachments=[one.filename or one.reference for one in document.attachments],
    )  # fmt: skip


def price_words(price: Decimal, currency: str, locale: Locale) -> str:
    """A unit price with the currency's decimals at least, and more where it has them."""
    try:
        return formats.bare_money(Money.of(str(price), currency), locale)
    except (ValueError, GuilderError):  # finer than a minor unit, or no currency of ours
        return formats.number(price, locale)


def party(one: Party) -> SimpleNamespace:
    """A side of a paper in a few lines."""
    return SimpleNamespace(
        name=one.name,
        lines=address_lines(one.address),
        vat=one.vat_id or one.tax_registration,
        contact=" · ".join(
            each for each in (one.contact.name, one.contact.phone, one.contact.email) if each
        ),
    )


def address_lines(one: Address) -> list[str]:
    """An address, line by line."""
    city = " ".join(each for each in (one.postal_code, one.city) if each)
    country = choices.country_name(one.country)
    return [each for each in (one.line1, one.line2, one.line3, city, country) if each]


def references(document: Document) -> list[tuple[str, str]]:
    """What a paper refers to, by name."""
    found = [
        (_("Buyer reference"), document.buyer_reference),
        (_("Order"), document.order_reference),
        (_("Contract"), document.contract_reference),
        (_("Project"), document.project_reference),
        *((_("Corrects"), one.number) for one in document.preceding),
    ]
    return [(name, value) for name, value in found if value]


def sums(totals: Any) -> list[tuple[str, Money]]:
    """The totals of a paper, those that say something."""
    rows = [
        (_("Lines"), totals.line_net),
        (_("Allowances"), -totals.allowances if totals.allowances else None),
        (_("Charges"), totals.charges or None),
        (_("Net"), totals.net),
        (_("Tax"), totals.tax),
        (_("Gross"), totals.gross),
        (_("Prepaid"), -totals.prepaid if totals.prepaid else None),
        (_("Rounding"), totals.rounding or None),
    ]
    return [(name, amount) for name, amount in rows if amount is not None]


def payment(document: Document) -> list[tuple[str, str]]:
    """How a paper wants to be paid."""
    found: list[tuple[str, str]] = []
    for means in document.payment:
        for transfer in means.transfers:
            account = transfer.account
            shown = format_iban(account) if account[:2].isalpha() else account
            found.append((_("Account"), " · ".join(x for x in (shown, transfer.bank) if x)))
        if means.remittance:
            found.append((_("Reference"), means.remittance))
    return found


def tax(category: str, rate: Any) -> str:
    """A tax in a word."""
    if rate:
        return f"{formats.number(rate, formats.reader())} %"
    return category


def problem_words(problem: dict[str, str]) -> str:
    """A contradiction in the figures, in the reader's language where there are words for it."""
    return said(problem["detail"])
