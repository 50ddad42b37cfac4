"""The rules of EN 16931 in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from guilder.papers.exchange.rules.wording import families as f
from guilder.papers.exchange.rules.wording.families import Rule, Words
from guilder.papers.exchange.rules.wording.terms import gettext_noop

_ = gettext_noop

MISSING = {
    "BR-01": "BT-24",
    "BR-02": "BT-1",
    "BR-03": "BT-2",
    "BR-04": "BT-3",
    "BR-05": "BT-5",
    "BR-06": "BT-27",
    "BR-07": "BT-44",
    "BR-08": "BG-5",
    "BR-09": "BT-40",
    "BR-10": "BG-8",
    "BR-11": "BT-55",
    "BR-12": "BT-106",
    "BR-13": "BT-109",
    "BR-14": "BT-112",
    "BR-15": "BT-115",
    "BR-17": "BT-59",
    "BR-18": "BT-62",
    "BR-19": "BG-12",
    "BR-20": "BT-69",
    "BR-21": "BT-126",
    "BR-22": "BT-129",
    "BR-23": "BT-130",
    "BR-24": "BT-131",
    "BR-25": "BT-153",
    "BR-26": "BT-146",
    "BR-31": "BT-92",
    "BR-32": "BT-95",
    "BR-36": "BT-99",
    "BR-37": "BT-102",
    "BR-41": "BT-136",
    "BR-43": "BT-141",
    "BR-45": "BT-116",
    "BR-46": "BT-117",
    "BR-47": "BT-118",
    "BR-48": "BT-119",
    "BR-49": "BT-81",
    "BR-50": "BT-84",
    "BR-52": "BT-122",
    "BR-53": "BT-111",
    "BR-54": "BG-32",
    "BR-55": "BT-25",
    "BR-56": "BT-63",
    "BR-57": "BT-80",
    "BR-61": "BT-84",
    "BR-CO-04": "BT-151",
    "BR-CO-18": "BG-23",
}
REASONS = {
    "BR-33": "BT-97",
    "BR-38": "BT-104",
    "BR-42": "BT-139",
    "BR-44": "BT-144",
    "BR-CO-21": "BT-97",
    "BR-CO-22": "BT-104",
    "BR-CO-23": "BT-139",
    "BR-CO-24": "BT-144",
}
SCHEMES = {"BR-62": "BT-34", "BR-63": "BT-49", "BR-64": "BT-157", "BR-65": "BT-158"}
SUMS = {
    "BR-CO-10": "BT-106",
    "BR-CO-11": "BT-107",
    "BR-CO-12": "BT-108",
    "BR-CO-13": "BT-109",
    "BR-CO-14": "BT-110",
    "BR-CO-15": "BT-112",
    "BR-CO-16": "BT-115",
    "BR-CO-17": "BT-117",
}
UNLIKE = {
    "BR-CO-05": ("BT-98", "BT-97"),
    "BR-CO-06": ("BT-105", "BT-104"),
    "BR-CO-07": ("BT-140", "BT-139"),
    "BR-CO-08": ("BT-145", "BT-144"),
}
DECIMALS = {
    "01": "BT-92",
    "02": "BT-93",
    "05": "BT-99",
    "06": "BT-100",
    "09": "BT-106",
    "10": "BT-107",
    "11": "BT-108",
    "12": "BT-109",
    "13": "BT-110",
    "14": "BT-112",
    "15": "BT-111",
    "16": "BT-113",
    "17": "BT-114",
    "18": "BT-115",
    "19": "BT-116",
    "20": "BT-117",
    "23": "BT-131",
    "24": "BT-136",
    "25": "BT-137",
    "27": "BT-141",
    "28": "BT-142",
}
LISTS = {
    "01": ("BT-3", "UNTDID 1001"),
    "03": ("BT-5", "ISO 4217"),
    "04": ("BT-5", "ISO 4217"),
    "05": ("BT-6", "ISO 4217"),
    "06": ("BT-8", "UNTDID 2005"),
    "07": ("BT-18", "UNTDID 1153"),
    "08": ("BT-21", "UNTDID 4451"),
    "10": ("BT-29", "ISO 6523 ICD"),
    "11": ("BT-30", "ISO 6523 ICD"),
    "13": ("BT-158", "UNTDID 7143"),
    "14": ("BT-55", "ISO 3166-1"),
    "15": ("BT-159", "ISO 3166-1"),
    "16": ("BT-81", "UNTDID 4461"),
    "17": ("BT-118", "UNTDID 5305"),
    "18": ("BT-151", "UNTDID 5305"),
    "19": ("BT-98", "UNTDID 5189"),
    "20": ("BT-105", "UNTDID 7161"),
    "21": ("BT-157", "ISO 6523 ICD"),
    "22": ("BT-121", "VATEX"),
    "23": ("BT-130", "UN/ECE 20, 21"),
    "24": ("BT-125", "IANA"),
    "25": ("BT-49", "EAS"),
    "26": ("BT-71", "ISO 6523 ICD"),
}
SINGLE = {
    "BR-16": Rule("BG-25", Words(_("The document has no lines."), _("Add at least one line."))),
    "BR-27": Rule("BT-146", f.NEGATIVE),
    "BR-28": Rule("BT-148", f.NEGATIVE),
    "BR-29": Rule("BT-74", f.BACKWARDS, other="BT-73"),
    "BR-30": Rule("BT-135", f.BACKWARDS, other="BT-134"),
    "BR-51": Rule(
        "BT-87",
        Words(
            _("A whole card number may not stand in an invoice."),
            _("Give the last four to six digits only."),
        ),
    ),
    "BR-CO-03": Rule("BT-7", f.NOT_BOTH, other="BT-8"),
    "BR-CO-09": Rule(
        "BT-48",
        Words(
            _("A VAT ID does not begin with a country's letters."),
            _("Write the VAT ID with its country in front, such as DE123456789."),
        ),
    ),
    "BR-CO-19": Rule("BG-14", f.EMPTY_PERIOD),
    "BR-CO-20": Rule("BG-26", f.EMPTY_PERIOD),
    "BR-CO-25": Rule("BT-9", f.MISSING_EITHER, other="BT-20"),
    "BR-CO-26": Rule(
        "BT-31",
        Words(
            _("Nothing identifies you: no VAT ID, no registration number, no identifier."),
            _("Enter one of them in the settings of your organization."),
        ),
    ),
    "BR-B-01": Rule(
        "BT-151",
        Words(
            _("Split payment is for invoices within Italy only."),
            _("Choose another VAT category."),
        ),
        category="B",
    ),
    "BR-B-02": Rule("BT-151", f.ALONE, category="B"),
    "BR-IC-11": Rule("BT-72", f.DELIVERY_DATE, category="IC"),
    "BR-IC-12": Rule("BT-80", f.DELIVERY_COUNTRY, category="IC"),
    **{f"BR-O-{number}": Rule("BT-118", f.ALONE, category="O") for number in (11, 12, 13, 14)},
}
# For each category: who must be identified, the rate, the tax, the reason for no tax.
TAXED = (f.SELLER_ID, f.RATE_ABOVE_ZERO, f.TAX_PRODUCT, f.REASON_FORBIDDEN)
ISLANDS = (f.SELLER_ID, f.RATE_GIVEN, f.TAX_PRODUCT, f.REASON_FORBIDDEN)
CATEGORY_RULES = {
    "S": TAXED,
    "Z": (f.SELLER_ID, f.RATE_ZERO, f.TAX_ZERO, f.REASON_FORBIDDEN),
    "E": (f.SELLER_ID, f.RATE_ZERO, f.TAX_ZERO, f.REASON_NEEDED),
    "AE": (f.REVERSE_IDS, f.RATE_ZERO, f.TAX_ZERO, f.REASON_NEEDED),
    "IC": (f.BOTH_IDS, f.RATE_ZERO, f.TAX_ZERO, f.REASON_NEEDED),
    "G": (f.SELLER_VAT, f.RATE_ZERO, f.TAX_ZERO, f.REASON_NEEDED),
    "O": (f.NO_IDS, f.RATE_NONE, f.TAX_ZERO, f.REASON_NEEDED),
    "AF": ISLANDS,
    "AG": ISLANDS,
    # The same two under the names that some sheets use.
    "IG": ISLANDS,
    "IP": ISLANDS,
}
ALIASES = {"IG": "AF", "IP": "AG"}


def _of_categories() -> Iterator[tuple[str, Rule]]:
    for code, (identified, rate, tax, reason) in CATEGORY_RULES.items():
        category = ALIASES.get(code, code)
        told = (
            (1, "BG-23", f.NO_ROW),
            *((number, "BT-31", identified) for number in (2, 3, 4)),
            (5, "BT-152", rate),
            (6, "BT-96", rate),
            (7, "BT-103", rate),
            (8, "BT-116", f.BASE_SUM),
            (9, "BT-117", tax),
            (10, "BT-120", reason),
        )
        for number, term, words in told:
            yield f"BR-{code}-{number:02}", Rule(term, words, category=category)


def _all() -> Iterator[tuple[str, Rule]]:
    yield from ((rule, Rule(term, f.MISSING)) for rule, term in MISSING.items())
    yield from ((rule, Rule(term, f.NO_REASON)) for rule, term in REASONS.items())
    yield from ((rule, Rule(term, f.NO_SCHEME)) for rule, term in SCHEMES.items())
    yield from ((rule, Rule(term, f.SUM)) for rule, term in SUMS.items())
    for rule, (term, other) in UNLIKE.items():
        yield rule, Rule(term, f.UNLIKE_REASONS, other=other)
    yield from ((f"BR-DEC-{n}", Rule(term, f.DECIMALS)) for n, term in DECIMALS.items())
    for number, (term, name) in LISTS.items():
        yield f"BR-CL-{number}", Rule(term, f.NOT_IN_LIST, list_name=name)
    yield from _of_categories()
    yield from SINGLE.items()


RULES: dict[str, Rule] = dict(_all())
