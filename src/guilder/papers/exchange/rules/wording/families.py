"""What rules of one kind say: a sentence and its advice, for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from guilder.papers.exchange.rules.wording.terms import gettext_noop

_ = gettext_noop


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule says; an empty `fix` is the advice of its term."""

    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the term that it is about, its words, and what fills their gaps."""

    term: str
    words: Words
    category: str = ""
    list_name: str = ""
    other: str = ""


MISSING = Words(_("%(field)s is missing."))
MISSING_EITHER = Words(
    _("%(field)s is missing, and so is %(other)s; one of them is needed."),
    _("Enter one of the two."),
)
NEGATIVE = Words(
    _("%(field)s is negative."), _("Use a negative quantity, or a credit note, instead.")
)
DECIMALS = Words(_("%(field)s has more than two decimals."), _("Round it to two decimals."))
NOT_IN_LIST = Words(
    _("%(field)s is not a code of the list %(list)s."), _("Choose a code of that list.")
)
NO_SCHEME = Words(
    _("%(field)s does not say of which kind it is."),
    _("Choose the scheme beside the identifier."),
)
BACKWARDS = Words(_("%(field)s is before %(other)s."), _("Correct one of the two dates."))
EMPTY_PERIOD = Words(
    _("%(field)s has neither a start nor an end."), _("Enter a date, or leave the period out.")
)
NO_REASON = Words(
    _("%(field)s is missing."), _("Enter why the amount is taken off or added, or its code.")
)
UNLIKE_REASONS = Words(
    _("%(field)s and %(other)s speak of different things."),
    _("Leave one of the two out, or make them agree."),
)
SUM = Words(
    _("%(field)s is not what the parts add up to."),
    _("Write the file anew: Guilder computes the sums from the lines."),
)
NOT_BOTH = Words(_("%(field)s and %(other)s exclude each other."), _("Leave one of the two out."))
FORBIDDEN = Words(_("%(field)s may not be given here."), _("Leave it out."))
RECOMMENDED = Words(_("%(field)s should be given."))
IBAN = Words(_("%(field)s is no valid IBAN."), _("Correct the IBAN."))
FORM = Words(_("%(field)s does not have the form that the network wants."), _("Correct it."))
SYNTAX = Words(
    _("The file holds an element that an e-invoice of this kind may not hold."),
    _("Leave it out; it is no part of EN 16931."),
)
SCHEMA = Words(
    _("The file is not built as its schema wants it."),
    _("Write the file anew, or ask its sender for a correct one."),
)
ABORTED = Words(
    _("A value is of a kind that the rules did not expect, so they could not be asked to the end."),
    _("Correct the values that the schema complains of first."),
)
SEVERAL = Words(
    _("Several invoices are attached to this PDF."),
    _("Ask its sender which one counts, and for a PDF with that one alone."),
)

# What the ten rules of a VAT category say; %(category)s is its name.
NO_ROW = Words(
    _("The VAT breakdown has no row for “%(category)s”, though something is taxed so."),
    _("Write the file anew: Guilder makes the breakdown from the lines."),
)
SELLER_ID = Words(
    _("“%(category)s” needs your VAT ID or your tax number."),
    _("Enter your VAT ID or tax number in the settings of your organization."),
)
SELLER_VAT = Words(
    _("“%(category)s” needs your VAT ID."),
    _("Enter your VAT ID in the settings of your organization."),
)
BOTH_IDS = Words(
    _("“%(category)s” needs your VAT ID and the client's VAT ID."),
    _("Enter your VAT ID in the settings, and the client's on the client's page."),
)
REVERSE_IDS = Words(
    _("“%(category)s” needs your VAT ID or tax number, and the client's VAT ID or registration."),
    _("Enter yours in the settings, and the client's on the client's page."),
)
NO_IDS = Words(
    _("With “%(category)s” no VAT ID may be given, neither yours nor the client's."),
    _("Choose another VAT category, such as exempt, or leave the VAT IDs out."),
)
RATE_ABOVE_ZERO = Words(
    _("“%(category)s” needs a rate above 0 %%."),
    _("Enter the rate, or choose the category that fits 0 %%."),
)
RATE_GIVEN = Words(_("“%(category)s” needs a rate."), _("Enter the rate."))
RATE_ZERO = Words(
    _("With “%(category)s” the rate is 0 %%."), _("Set the rate to 0, or choose another category.")
)
RATE_NONE = Words(_("“%(category)s” has no rate."), _("Leave the rate out."))
BASE_SUM = Words(
    _("The taxable amount for “%(category)s” is not what its lines, allowances and charges give."),
    _("Write the file anew: Guilder computes it from the lines."),
)
TAX_PRODUCT = Words(
    _("The tax for “%(category)s” is not the taxable amount times the rate."),
    _("Write the file anew: Guilder computes it from the lines."),
)
TAX_ZERO = Words(
    _("The tax for “%(category)s” must be 0."),
    _("Write the file anew: Guilder computes it from the lines."),
)
REASON_NEEDED = Words(
    _("“%(category)s” needs the reason why no VAT is charged."),
    _("Enter the reason with the tax code, in the settings under taxes."),
)
REASON_FORBIDDEN = Words(
    _("“%(category)s” may not have a reason for no VAT."),
    _("Remove the reason from the tax code, in the settings under taxes."),
)
DELIVERY_DATE = Words(
    _("“%(category)s” needs the date of delivery or the invoicing period."),
    _("Enter the date of delivery in the document."),
)
DELIVERY_COUNTRY = Words(
    _("“%(category)s” needs the country that the goods go to."),
    _("Enter the address of delivery in the document."),
)
ALONE = Words(
    _("“%(category)s” cannot stand beside other VAT categories in one document."),
    _("Put it on a document of its own, or choose another category."),
)
