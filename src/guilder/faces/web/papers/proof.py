"""Proof that an issued document never changed: checked now, and to take along."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord, Proof
from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit


def hashes_of(record: InvoiceRecord, visit: Visit, *, checked: bool) -> SimpleNamespace | None:
    """The hashes of what was issued; None for a draft. With `checked` they are reckoned anew."""
    if record.content_hash is None:
        return None
    frozen = queries.get_issued(record.id, by=visit.by)
    proof = queries.prove(record.id, by=visit.by) if checked else None
    return SimpleNamespace(
        content=frozen.content_hash.hex(),
        chain=frozen.chain_hash.hex() if frozen.chain_hash else "",
        previous=frozen.previous_hash.hex() if frozen.previous_hash else "",
        steps=[step_of(one) for one in proof.steps] if proof else [],
        verdict=verdict_of(proof, visit) if proof else "",
        holds=proof.holds if proof else True,
        url=reverse("web:invoice_proof", args=[record.id]),
        file_url=reverse("web:invoice_proof_file", args=[record.id]),
    )


def step_of(step: queries.ProofStep) -> SimpleNamespace:
    """One check in words."""
    good = {
        "content": _("The document's bytes give its content hash."),
        "register": _("The books name the same number and day."),
        "chain": _("Number, day and content give its chain hash."),
        "previous": _("It follows on %(number)s."),
        "next": _("%(number)s follows on it."),
        "first": _("It is the first of its series."),
    }
    bad = {
        "content": _("The document's bytes do not give its content hash: they were changed."),
        "register": _("The books name another number or day."),
        "chain": _("Number, day and content do not give its chain hash."),
        "previous": _("It does not follow on %(number)s."),
        "next": _("%(number)s does not follow on it."),
        "first": _("It claims a document before it that is not there."),
    }
    words = (good if step.holds else bad)[step.name]
    return SimpleNamespace(text=words % {"number": step.number}, holds=step.holds)


def verdict_of(proof: Proof, visit: Visit) -> str:
    """The outcome in one sentence."""
    at = visit.now.astimezone(visit.zone).strftime("%H:%M")
    if proof.holds:
        return _("Checked at %(time)s: nothing was touched.") % {"time": at}
    return _("Checked at %(time)s: this document was changed after it was issued.") % {"time": at}


@page("invoices", "invoice.view", methods="GET")
def invoice_proof(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Reckon the hashes anew and say what came out."""
    if not answers.swaps(request):
        return redirect(f"{reverse('web:invoice', args=[invoice_id])}?prove=1#proof")
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        proof = hashes_of(record, visit, checked=True)
    return render(request, "invoices/detail.html#proof", {"proof": proof})


@page("invoices", "invoice.view", methods="GET")
def invoice_proof_file(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Document, hashes and method in one file, for whoever wants to reckon them elsewhere."""
    del request
    with visit.reading():
        proof = queries.prove(invoice_id, by=visit.by)
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in proof.frozen.number)
    answer = JsonResponse(proof.as_data(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{name}-proof.json"'
    return answer
