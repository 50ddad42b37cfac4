"""Addresses of one document."""

from django.urls import path

from guilder.faces.web.papers import (
    acts,
    approving,
    composer,
    crediting,
    discounts,
    formats,
    page,
    pictures,
    proof,
)

ONE = "invoices/<uuid:invoice_id>/"
urlpatterns = [
    path(ONE, page.invoice, name="invoice"),
    path(f"{ONE}pdf/", pictures.invoice_pdf, name="invoice_pdf"),
    path(f"{ONE}formats/", formats.invoice_formats, name="invoice_formats"),
    path(f"{ONE}formats/<slug:name>/", formats.invoice_einvoice, name="invoice_einvoice"),
    path(f"{ONE}pages/<int:number>.png", pictures.invoice_page, name="invoice_page"),
    path(f"{ONE}proof/", proof.invoice_proof, name="invoice_proof"),
    path(f"{ONE}proof.json", proof.invoice_proof_file, name="invoice_proof_file"),
    path(f"{ONE}issue/", acts.invoice_issue, name="invoice_issue"),
    path(f"{ONE}submit/", approving.invoice_submit, name="invoice_submit"),
    path(f"{ONE}recall/", approving.invoice_recall, name="invoice_recall"),
    path(f"{ONE}approve/", approving.invoice_approve, name="invoice_approve"),
    path(f"{ONE}reject/", approving.invoice_reject, name="invoice_reject"),
    path(f"{ONE}send/", composer.invoice_send, name="invoice_send"),
    path(f"{ONE}credit/", crediting.invoice_credit, name="invoice_credit"),
    path(f"{ONE}correct/", crediting.invoice_correct, name="invoice_correct"),
    path(f"{ONE}use-credit/", crediting.invoice_use_credit, name="invoice_use_credit"),
    path(f"{ONE}apply/", crediting.credit_apply, name="credit_apply"),
    path(
        f"{ONE}credits/<uuid:allocation_id>/take-off/",
        crediting.credit_take_off,
        name="credit_take_off",
    ),
    path(f"{ONE}discount/", discounts.invoice_grant, name="invoice_grant"),
    path(
        f"{ONE}discounts/<uuid:discount_id>/take-off/",
        discounts.discount_take_off,
        name="discount_take_off",
    ),
    path(f"{ONE}write-off/", acts.invoice_write_off, name="invoice_write_off"),
    path(f"{ONE}dispute/", acts.invoice_dispute, name="invoice_dispute"),
    path(f"{ONE}agree/", acts.invoice_agree, name="invoice_agree"),
    path(f"{ONE}link/", acts.invoice_link, name="invoice_link"),
    path(f"{ONE}duplicate/", acts.invoice_duplicate, name="invoice_duplicate"),
    path(f"{ONE}delete/", acts.invoice_delete, name="invoice_delete"),
]
