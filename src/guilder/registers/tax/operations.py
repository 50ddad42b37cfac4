"""Making and changing tax codes and their rates."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Problem, Stale
from guilder.kernel.money import decimal_of
from guilder.kernel.wire import Wire
from guilder.registers.tax import queries
from guilder.registers.tax.events import TaxCodeChanged
from guilder.registers.tax.models import TaxCode, TaxRate
from guilder.registers.tax.regimes import COUNTRIES, regime
from guilder.registers.tax.regimes.base import Regime
from guilder.registers.tax.regimes.zones import EXEMPTIONS

CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
UNTAXED = (
    ("zero", "Zero rate", "Z"),
    ("exempt", "Exempt", "E"),
    ("reverse_charge", "Reverse charge", "AE"),
    ("intra_eu", "Intra-Community supply", "K"),
    ("export", "Export", "G"),
    ("outside", "Not subject to tax", "O"),
)
EDITABLE = ("name", "exemption_code", "exemption_reason", "is_active")
RATE = ("percent", "valid_from", "source")
TEXTS = {"name": 120, "exemption_code": 40, "exemption_reason": 400, "source": 200}


class TaxCodeTaken(Conflict):
    """Another code has that name."""

    code = "tax.code_taken"


def set_up(*, by: Actor, country: str) -> None:
    """Give a new organization its country's codes; of an unknown country only the untaxed ones."""
    by.require("tax.edit")
    with transaction(by.organization_id):
        known = regime(country) if country in COUNTRIES else None
        taxed = taxed_codes(by.organization_id, known) if known else []
        untaxed = [
            TaxCode(
                organization_id=by.organization_id,
                code=code,
                name=name,
                category=category,
                exemption_code=EXEMPTIONS.get(code, ("", ""))[0],
                exemption_reason=EXEMPTIONS.get(code, ("", ""))[1],
            )
            for code, name, category in UNTAXED
        ]
        TaxCode.objects.bulk_create([*(code for code, _ in taxed), *untaxed])
        TaxRate.objects.bulk_create([rate for _, rates in taxed for rate in rates])
        audit.record(
            by=by,
            action="tax.set_up",
            table="tax_taxcode",
            row_id=by.organization_id,
            before=None,
            after={"country": country},
        )


def taxed_codes(organization_id: UUID, known: Regime) -> list[tuple[TaxCode, list[TaxRate]]]:
    """The codes of a regime with their dated rates, unsaved."""
    made = []
    for code, dated in known.rates.items():
        words = code.replace("_", " ").capitalize()
        row = TaxCode(
            organization_id=organization_id,
            code=code,
            name=f"{known.tax_name} {words.lower()}",
            category="S",
        )
        rates = [
            TaxRate(
                organization_id=organization_id,
                tax_code=row,
                percent=rate.percent,
                valid_from=rate.valid_from,
                source=rate.source,
            )
            for rate in dated
        ]
        made.append((row, rates))
    return made


def create_tax_code(*, by: Actor, data: dict[str, Any]) -> TaxCode:
    """Make a code from raw values: code, name, category, exemption_*, percent, valid_from, source.

    Raises Invalid with every fault, TaxCodeTaken.
    """
    by.require("tax.edit")
    words = read_words(data, ("code", "category", *EDITABLE[:-1], *RATE), faults_of(data))
    with transaction(by.organization_id):
        if TaxCode.objects.of(by.organization_id).filter(code=data["code"]).exists():
            raise TaxCodeTaken(f"There is already a tax code “{data['code']}”.")
        row = TaxCode.objects.create(
            organization_id=by.organization_id,
            code=data["code"],
            name=words.get("name") or data["code"],
            category=data["category"],
            exemption_code=words.get("exemption_code", ""),
            exemption_reason=words.get("exemption_reason", ""),
        )
        if data.get("percent") is not None:
            TaxRate.objects.create(
                organization_id=by.organization_id,
                tax_code=row,
                percent=decimal_of(str(data["percent"])),
                valid_from=date.fromisoformat(str(data["valid_from"])),
                source=words.get("source") or "Entered by hand",
            )
        note(row, by=by, action="tax.create", before=None)
        return row


def update_tax_code(
    tax_code_id: UUID, *, by: Actor, data: dict[str, Any], version: int | None = None
) -> TaxCode:
    """Change the words of a code or retire it; code and category stay.

    Raises Invalid with every fault, Stale, NotFound.
    """
    by.require("tax.edit")
    words = read_words(data, EDITABLE)
    with transaction(by.organization_id):
        row = locked(tax_code_id, by=by, version=version)
        before = audited(row)
        for name, value in words.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        note(row, by=by, action="tax.update", before=before)
        return row


def add_rate(
    tax_code_id: UUID, *, by: Actor, data: dict[str, Any], version: int | None = None
) -> TaxCode:
    """A new rate from a day on (raw percent, valid_from, source); what was before stays."""
    by.require("tax.edit")
    words = read_words(data, RATE, rate_faults(data))
    with transaction(by.organization_id):
        row = locked(tax_code_id, by=by, version=version)
        before = audited(row)
        since = date.fromisoformat(str(data["valid_from"]))
        if row.rates.filter(organization_id=by.organization_id, valid_from=since).exists():
            raise TaxCodeTaken(f"A rate from {since} on is already there.")
        TaxRate.objects.create(
            organization_id=by.organization_id,
            tax_code=row,
            percent=decimal_of(str(data["percent"])),
            valid_from=since,
            source=words.get("source") or "Entered by hand",
        )
        row.version += 1
        row.save(update_fields=["version"])
        note(row, by=by, action="tax.add_rate", before=before)
        return row


def locked(tax_code_id: UUID, *, by: Actor, version: int | None) -> TaxCode:
    """The row under lock, in the version that the caller read."""
    queries.get_tax_code(by.organization_id, tax_code_id)
    row = TaxCode.objects.of(by.organization_id).lock().get(id=tax_code_id)
    if version is not None and version != row.version:
        raise Stale("This tax code was changed in the meantime. Read it again.")
    return row


def read_words(
    data: dict[str, Any], known: Sequence[str], problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """The texts and the flag that were sent; Invalid with their faults and `problems`."""
    wire = Wire(data, problems=list(problems))
    wire.known(known)
    words: dict[str, Any] = {
        name: wire.text(name, most=most) for name, most in TEXTS.items() if wire.has(name)
    }
    if wire.has("is_active"):
        words["is_active"] = wire.flag("is_active", default=True)
    wire.done()
    return words


def faults_of(data: dict[str, Any]) -> list[Problem]:
    """Everything wrong with a new code."""
    problems = []
    code = data.get("code")
    if not isinstance(code, str) or not code.isidentifier() or len(code) > 40:
        problems.append(
            Problem("/code", "tax.bad_code", "Enter a short code of letters, digits and _.")
        )
    if data.get("category") not in CATEGORIES:
        problems.append(
            Problem("/category", "tax.bad_category", f"Category is one of {', '.join(CATEGORIES)}.")
        )
    elif data["category"] in {"S", "L", "M"} and data.get("percent") is None:
        problems.append(Problem("/percent", "tax.rate_missing", "Enter the rate in percent."))
    if data.get("percent") is not None:
        problems += rate_faults(data)
    return problems


def rate_faults(data: dict[str, Any]) -> list[Problem]:
    """Everything wrong with a rate."""
    problems = []
    try:
        percent = decimal_of(str(data.get("percent")), places=6)
        if not 0 <= percent <= 100:
            raise ValueError
    except ValueError:
        problems.append(
            Problem("/percent", "tax.bad_percent", "Enter a percentage between 0 and 100.")
        )
    try:
        if len(str(data.get("valid_from"))) != 10:
            raise ValueError
        date.fromisoformat(str(data.get("valid_from")))
    except ValueError:
        problems.append(
            Problem("/valid_from", "tax.bad_date", "Enter the first day as YYYY-MM-DD.")
        )
    return problems


def audited(row: TaxCode) -> dict[str, Any]:
    """What the audit trail keeps of a code."""
    return {
        "code": row.code,
        "category": row.category,
        **{name: getattr(row, name) for name in EDITABLE},
        "rates": [
            [f"{rate.percent.normalize():f}", rate.valid_from.isoformat()]
            for rate in row.rates.filter(organization_id=row.organization_id).order_by("valid_from")
        ],
    }


def note(row: TaxCode, *, by: Actor, action: str, before: dict[str, Any] | None) -> None:
    """Audit and tell."""
    audit.record(
        by=by,
        action=action,
        table="tax_taxcode",
        row_id=row.id,
        before=before,
        after=audited(row),
    )
    bus.publish(TaxCodeChanged(tax_code_id=row.id, code=row.code), by=by)
