"""What proposals say to people: titles, reasons and what is left over."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.sepa import queries as sepa
from guilder.faces.web import formats
from guilder.faces.web.sentences import said
from guilder.flows.banking.queries import Part, Proposal, Reason
from guilder.kernel.money import Money


def told(amount: int, currency: str) -> str:
    """An amount in the reader's own writing."""
    return formats.money(Money(amount, currency), formats.reader())


def day(value: Any) -> str:
    """A day in the reader's own writing."""
    on = value if isinstance(value, date) else date.fromisoformat(value)
    return formats.day(on, formats.reader())


def title_of(found: Proposal) -> str:
    """What it probably is, in one line."""
    count = len(found.parts)
    if found.kind == "payout":
        words = ngettext("%(n)s card payment", "%(n)s card payments", count)
        less = ngettext("%(n)s card payment less fees", "%(n)s card payments less fees", count)
        return (less if found.difference else words) % {"n": count}
    if found.kind == "transfer":
        return _("Transfer with %(name)s") % {"name": found.parts[0].label}
    if found.kind == "rule":
        return found.parts[0].label
    if found.kind == "return" and found.parts[0].kind != "return":
        return _("Returned payment to %(name)s") % {"name": found.partner_name}
    if found.kind == "return":
        return _("Returned payment of %(name)s") % {"name": found.partner_name}
    if found.kind == "disbursement":
        return _("Payment to %(name)s") % {"name": found.partner_name}
    if found.kind == "refund":
        return _("Refund to %(name)s") % {"name": found.partner_name}
    if found.kind == "bill" and count > 1:
        words = ngettext("%(n)s bill · %(name)s", "%(n)s bills · %(name)s", count)
        return words % {"n": count, "name": found.partner_name}
    if count > 1:
        words = ngettext("%(n)s invoice · %(name)s", "%(n)s invoices · %(name)s", count)
        return words % {"n": count, "name": found.partner_name}
    if found.kind == "recorded":
        return _("Payment of %(name)s") % {"name": found.partner_name}
    return f"{found.parts[0].label} · {found.partner_name}"


def settled_of(found: Proposal) -> int:
    """What the parts come to."""
    return sum(part.amount for part in found.parts)


def hint_of(found: Proposal, currency: str) -> str:
    """The small line below the title of what is to be checked."""
    if found.kind == "rule":
        count = found.reasons[0].values["count"]
        return ngettext("Your rule, used once", "Your rule, used %(n)s times", count) % {"n": count}
    if found.difference_kind == "fee":
        total = told(settled_of(found), currency)
        named = {"total": total, "fee": told(found.difference, currency)}
        if found.kind == "payout":
            return _("Payments %(total)s, fees %(fee)s") % named
        return _("Open %(total)s, fee %(fee)s") % named
    if found.difference_kind == "credit":
        return _("%(amount)s more than is open, stays credit") % {
            "amount": told(found.difference, currency)
        }
    for reason in found.reasons:
        if reason.code == "part":
            return _("Part payment, %(amount)s stays open") % {
                "amount": told(reason.values["amount"], currency)
            }
        if reason.code in {"discount", "discount_within", "discounts"}:
            return _("Discount for paying early: %(amount)s") % {
                "amount": told(reason.values["amount"], currency)
            }
        if reason.code == "original":
            amount = told(reason.values["amount"], reason.values["currency"])
            return _("%(amount)s in the invoice's currency") % {"amount": amount}
    if len(found.parts) > 1:
        return ", ".join(part.label for part in found.parts[:4])
    return brief(found)


BRIEF: dict[str, Callable[[], str]] = {
    "number": lambda: _("number"),
    "numbers": lambda: _("numbers"),
    "reference": lambda: _("structured reference"),
    "amount": lambda: _("amount"),
    "account": lambda: _("account"),
    "name": lambda: _("name"),
    "tail": lambda: _("part of the number"),
    "recorded": lambda: _("recorded before"),
    "sum": lambda: _("sum"),
    "oldest": lambda: _("oldest of several"),
    "bills": lambda: _("numbers"),
    "payee_account": lambda: _("account"),
    "payee": lambda: _("name"),
    "bill_sum": lambda: _("sum"),
    "oldest_bill": lambda: _("oldest of several"),
    "disbursement": lambda: _("recorded before"),
    "refund": lambda: _("recorded before"),
    "own": lambda: _("own account"),
    "returned": lambda: _("same amount came in"),
    "ordered": lambda: _("your payment order"),
    "returned_order": lambda: _("direct debit that came back"),
    "discount": lambda: _("discount for paying early"),
    "discounts": lambda: _("discount for paying early"),
    "sent_order": lambda: _("your payment order"),
    "returned_transfer": lambda: _("transfer that came back"),
    "departed": lambda: _("same amount went out"),
    "cards": lambda: _("card payments of those days"),
    "only": lambda: _("only open invoice"),
}


def brief(found: Proposal) -> str:
    """Why, in single words: "number, amount, name"."""
    return ", ".join(BRIEF[one.code]() for one in found.reasons if one.code in BRIEF)


def reasons_of(found: Proposal, currency: str) -> list[str]:
    """Why, a sentence each."""
    said = [sentence_of(one, currency) for one in found.reasons]
    return [one for one in said if one]


def sentence_of(reason: Reason, currency: str) -> str:
    """One reason as a sentence."""
    if reason.code in PLAIN:
        return PLAIN[reason.code]()
    make = SENTENCES.get(reason.code)
    return make(named_of(reason.values, currency)) if make else ""


def named_of(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The values of a sentence as people read them."""
    named = dict(values)
    if "amount" in values:
        named["amount"] = told(values["amount"], values.get("currency", currency))
    for name in ("on", "from", "to", "until"):
        if name in values:
            named[name] = day(values[name])
    return named


PLAIN: dict[str, Callable[[], str]] = {
    "amount": lambda: _("The amount is exactly what is open"),
    "tail": lambda: _("The text has a part of the number"),
    "only": lambda: _("It is the only open invoice of this client"),
    "unmatched": lambda: _("None of them is matched yet"),
}
SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "number": lambda v: _("The text names %(number)s") % v,
    "numbers": lambda v: (
        ngettext(
            "The text names %(count)s invoice", "The text names %(count)s invoices", v["count"]
        )
        % v
    ),
    "reference": lambda v: _("The structured reference is that of %(number)s") % v,
    "account": lambda v: _("%(name)s paid from this account before") % v,
    "name": lambda v: _("The payer's name is that of %(name)s") % v,
    "recorded": lambda v: _("A payment of this amount was recorded on %(on)s") % v,
    "sum": lambda v: (
        ngettext(
            "%(count)s open invoice comes to this amount",
            "%(count)s open invoices come to this amount",
            v["count"],
        )
        % v
    ),
    "oldest": lambda v: (
        ngettext(
            "%(count)s invoice has this amount; it is the oldest",
            "%(count)s invoices have this amount; this is the oldest",
            v["count"],
        )
        % v
    ),
    "bills": lambda v: (
        ngettext("The text names %(count)s bill", "The text names %(count)s bills", v["count"]) % v
    ),
    "payee_account": lambda v: _("It went to an account of %(name)s") % v,
    "payee": lambda v: _("The payee's name is that of %(name)s") % v,
    "bill_sum": lambda v: (
        ngettext(
            "%(count)s open bill comes to this amount",
            "%(count)s open bills come to this amount",
            v["count"],
        )
        % v
    ),
    "oldest_bill": lambda v: (
        ngettext(
            "%(count)s bill has this amount; it is the oldest",
            "%(count)s bills have this amount; this is the oldest",
            v["count"],
        )
        % v
    ),
    "disbursement": lambda v: _("A payment of this amount was recorded on %(on)s") % v,
    "refund": lambda v: _("A refund of this amount was paid on %(on)s") % v,
    "fee": lambda v: _("%(amount)s less than is open, as banks on the way keep") % v,
    "part": lambda v: _("%(amount)s stays open") % v,
    "discount": lambda v: (
        ngettext(
            "%(percent)s %% discount taken within %(days)s day",
            "%(percent)s %% discount taken within %(days)s days",
            v["days"],
        )
        % v
    ),
    "discount_within": lambda v: (
        _("%(amount)s kept back, within the %(percent)s %% discount until %(until)s") % v
    ),
    "discounts": lambda v: (
        ngettext(
            "A discount for paying early was taken: %(amount)s",
            "%(count)s discounts for paying early were taken: %(amount)s",
            v["count"],
        )
        % v
    ),
    "discount_late": lambda v: (
        _("The %(percent)s %% discount was for paying until %(until)s: it came too late") % v
    ),
    "grace": lambda v: (
        ngettext(
            "%(days)s day late, within your days of grace",
            "%(days)s days late, within your days of grace",
            v["days"],
        )
        % v
    ),
    "over": lambda v: _("%(amount)s more than is open") % v,
    "original": lambda v: _("The bank says that %(amount)s were sent") % v,
    "own": lambda v: _("The other side is your account %(name)s") % v,
    "returned": lambda v: _("%(name)s paid this amount on %(on)s") % v,
    "ordered": lambda v: (
        ngettext(
            "%(count)s direct debit of your payment order",
            "%(count)s direct debits of your payment order",
            v["count"],
        )
        % v
    ),
    "sent_order": lambda v: (
        ngettext(
            "%(count)s transfer of your payment order",
            "%(count)s transfers of your payment order",
            v["count"],
        )
        % v
    ),
    "returned_order": lambda v: _("The direct debit of %(name)s for %(number)s came back") % v,
    "returned_transfer": lambda v: _("Your transfer to %(name)s for %(number)s came back") % v,
    "departed": lambda v: _("%(name)s was sent this amount on %(on)s") % v,
    "return_fee": lambda v: _("%(amount)s less than was sent, as banks keep for a return") % v,
    "bank_reason": lambda v: reason_of_bank(v["code"]),
    "cards": lambda v: (
        ngettext(
            "%(count)s payment by card between %(from)s and %(to)s",
            "%(count)s payments by card between %(from)s and %(to)s",
            v["count"],
        )
        % v
    ),
    "card_fee": lambda v: _("The fee is %(share)s percent") % v,
    "rule": lambda v: _("Your rule “%(name)s” applies") % v,
}


def reason_of_bank(code: str) -> str:
    """Why the bank says that money came back."""
    words = said(sepa.words_of(code))
    return f"{words} {code}" if words else _("The bank's reason is %(code)s") % {"code": code}


def part_name(part: Part) -> str:
    """What a share is called."""
    return part.label or part.kind
