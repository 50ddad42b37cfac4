"""The rules of XRechnung and Peppol that people meet, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from guilder.papers.exchange.rules.wording import families as f
from guilder.papers.exchange.rules.wording.families import Rule, Words
from guilder.papers.exchange.rules.wording.terms import gettext_noop

_ = gettext_noop

SKONTO = Words(
    _("A discount for early payment is not written as XRechnung wants it."),
    _("Enter the discount in the terms of the document; Guilder writes the line."),
)
NAMES_TWICE = Words(_("Two attachments have the same file name."), _("Rename one of them."))
TWO_OF_KIND = Words(
    _("The means of payment does not fit the account, card or mandate that is given with it."),
    _("Give only what belongs to the chosen means of payment."),
)
TYPE_CODE = Words(
    _("A document of this type is not expected."),
    _("Choose invoice, credit note, corrected or partial invoice."),
)
PHONE = Words(
    _("The contact's telephone number has fewer than three digits."),
    _("Enter a telephone number in the settings of your organization."),
)
MAIL = Words(
    _("The contact's mail address is no mail address."),
    _("Enter a mail address in the settings of your organization."),
)
DELIVERED = Words(
    _("The date of delivery or the invoicing period should be given."),
    _("Enter one of them in the document."),
)
URL = Words(
    _("The address of an attachment is no complete URL."),
    _("Begin it with https://."),
)
# German rules by their number: the same hold for XRechnung and, between Germans, for Peppol.
GERMAN: dict[str, Rule] = {
    "1": Rule("BG-16", f.MISSING),
    "2": Rule("BG-6", f.MISSING),
    "3": Rule("BT-37", f.MISSING),
    "4": Rule("BT-38", f.MISSING),
    "5": Rule("BT-41", f.MISSING),
    "6": Rule("BT-42", f.MISSING),
    "7": Rule("BT-43", f.MISSING),
    "8": Rule("BT-52", f.MISSING),
    "9": Rule("BT-53", f.MISSING),
    "10": Rule("BT-77", f.MISSING),
    "11": Rule("BT-78", f.MISSING),
    "14": Rule("BT-119", f.MISSING),
    "15": Rule("BT-10", f.MISSING),
    "16": Rule("BT-31", f.MISSING_EITHER, other="BT-32"),
    "17": Rule("BT-3", TYPE_CODE),
    "18": Rule("BT-20", SKONTO),
    "19": Rule("BT-84", f.IBAN),
    "20": Rule("BT-91", f.IBAN),
    "21": Rule("BT-24", f.FORM),
    "22": Rule("BT-125", NAMES_TWICE),
    "26": Rule("BG-3", f.RECOMMENDED),
    "27": Rule("BT-42", PHONE),
    "28": Rule("BT-43", MAIL),
    "30": Rule("BT-90", f.MISSING),
    "31": Rule("BT-91", f.MISSING),
}
BRANCHES = {
    "23": ("BG-17", f.MISSING),
    "24": ("BG-18", f.MISSING),
    "25": ("BG-19", f.MISSING),
}
PEPPOL: dict[str, Rule] = {
    "R001": Rule("BT-23", f.MISSING),
    "R002": Rule(
        "BT-22",
        Words(_("More than one note is not allowed."), _("Put all of it into one note.")),
    ),
    "R003": Rule("BT-10", f.MISSING_EITHER, other="BT-13"),
    "R004": Rule("BT-24", f.FORM),
    "R005": Rule(
        "BT-6",
        Words(
            _("The currency for VAT is that of the document."),
            _("Leave the currency for VAT out."),
        ),
    ),
    "R007": Rule("BT-23", f.FORM),
    "R008": Rule(
        "BT-24",
        Words(_("The file has empty elements."), _("Leave out what has no value.")),
    ),
    "R010": Rule("BT-49", f.MISSING),
    "R020": Rule("BT-34", f.MISSING),
    "R040": Rule(
        "BT-92",
        Words(
            _("The amount of an allowance or charge is not its base amount times its percentage."),
            _("Enter the percentage alone; Guilder computes the amount."),
        ),
    ),
    "R041": Rule("BT-93", f.MISSING),
    "R042": Rule("BT-94", f.MISSING),
    "R043": Rule("BT-92", f.FORM),
    "R044": Rule("BT-148", f.FORBIDDEN),
    "R046": Rule(
        "BT-146",
        Words(
            _("The price is not the price before discount less the discount."),
            _("Correct one of the three."),
        ),
    ),
    "R051": Rule("BT-5", f.FORM),
    "R053": Rule("BT-110", f.FORM),
    "R054": Rule("BT-111", f.FORM),
    "R055": Rule("BT-111", f.SUM),
    "R061": Rule("BT-89", f.MISSING),
    "R080": Rule("BT-11", f.FORM),
    "R100": Rule("BT-128", f.FORM),
    "R101": Rule("BT-128", f.FORM),
    "R110": Rule(
        "BT-134",
        Words(
            _("A line's period begins outside the invoicing period."),
            _("Correct the dates of the line or of the document."),
        ),
    ),
    "R111": Rule(
        "BT-135",
        Words(
            _("A line's period ends outside the invoicing period."),
            _("Correct the dates of the line or of the document."),
        ),
    ),
    "R120": Rule("BT-131", f.SUM),
    "R121": Rule(
        "BT-149",
        Words(_("The base quantity of a price must be above 0."), _("Enter 1, or leave it out.")),
    ),
    "R130": Rule(
        "BT-150",
        Words(
            _("The price is for another unit than the quantity."),
            _("Use the same unit for both."),
        ),
    ),
    "P0100": Rule("BT-3", TYPE_CODE),
    "P0101": Rule("BT-3", TYPE_CODE),
    "P0112": Rule("BT-3", TYPE_CODE),
    "F001": Rule("BT-2", f.FORM),
    "CL001": Rule("BT-125", f.NOT_IN_LIST, list_name="IANA"),
    "CL002": Rule("BT-98", f.NOT_IN_LIST, list_name="UNTDID 5189"),
    "CL003": Rule("BT-105", f.NOT_IN_LIST, list_name="UNTDID 7161"),
    "CL006": Rule("BT-8", f.NOT_IN_LIST, list_name="UNTDID 2005"),
    "CL007": Rule("BT-5", f.NOT_IN_LIST, list_name="ISO 4217"),
    "CL008": Rule("BT-49", f.NOT_IN_LIST, list_name="EAS"),
}
# VATEX codes that belong to one category: P0104 to P0111.
VATEX = Words(
    _("The code of the reason for no VAT belongs to “%(category)s”."),
    _("Choose the matching VAT category, or another code."),
)
VATEX_RULES = {4: "G", 5: "O", 6: "IC", 7: "AE", 8: "E", 9: "E", 10: "E", 11: "E"}
NUMBERS = {
    "R040": "GLN",
    "R041": "0192",
    "R042": "0184",
    "R043": "0208",
    "R044": "0201",
    "R045": "0210",
    "R046": "9907",
    "R047": "0211",
    "R049": "0007",
    "R050": "0151",
    "R052": "0096",
    "R053": "0198",
    "R054": "0106",
    "R055": "0190",
}
NUMBER = Words(
    _("An identifier does not have the form or the check digit of its scheme (%(list)s)."),
    _("Correct the identifier, or choose its scheme."),
)


def _all() -> Iterator[tuple[str, Rule]]:
    for number, rule in GERMAN.items():
        yield f"BR-DE-{number}", rule
        yield f"DE-R-{number:0>3}", rule
    for number, (term, words) in BRANCHES.items():
        for old, new, told in (("a", "1", words), ("b", "2", TWO_OF_KIND)):
            yield f"BR-DE-{number}-{old}", Rule(term, told)
            yield f"DE-R-0{number}-{new}", Rule(term, told)
    yield "BR-DE-TMP-32", Rule("BT-72", DELIVERED)
    yield "BR-TMP-2", Rule("BT-124", URL)
    yield "DE-R-T02", Rule("BT-124", URL)
    yield "BR-DE-CVD-01", Rule("BT-12", f.MISSING)
    yield "BR-DE-CVD-02", Rule("BT-17", f.MISSING)
    yield from ((f"PEPPOL-EN16931-{name}", rule) for name, rule in PEPPOL.items())
    for number, category in VATEX_RULES.items():
        yield f"PEPPOL-EN16931-P{100 + number:04}", Rule("BT-121", VATEX, category=category)
    for name, scheme in NUMBERS.items():
        yield f"PEPPOL-COMMON-{name}", Rule("BT-49", NUMBER, list_name=scheme)
    yield "NL-R-001", Rule("BT-25", f.MISSING)
    yield "NL-R-003", Rule("BT-30", f.FORM)
    yield "NL-R-005", Rule("BT-47", f.FORM)
    yield "NL-R-007", Rule("BG-16", f.MISSING)
    yield "IT-R-002", Rule("BT-35", f.MISSING)
    yield "IT-R-003", Rule("BT-37", f.MISSING)
    yield "IT-R-004", Rule("BT-38", f.MISSING)
    yield "SE-R-013", Rule("BT-30", f.FORM)
    yield "DK-R-002", Rule("BT-30", f.MISSING)
    yield "NO-R-001", Rule("BT-31", f.FORM)


RULES: dict[str, Rule] = dict(_all())
