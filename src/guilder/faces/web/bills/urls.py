"""Addresses of bills and suppliers."""

from django.urls import path

from guilder.faces.web.bills import acts, entering, page, suppliers
from guilder.faces.web.bills.listing import BILLS
from guilder.faces.web.lists.answers import addresses

ONE = "bills/<uuid:bill_id>/"
urlpatterns = [
    *addresses(BILLS, "bills/", section="bills", permission="bill.view"),
    path("bills/new/", entering.bill_new, name="bill_new"),
    path(ONE, page.bill, name="bill"),
    path(f"{ONE}edit/", entering.bill_edit, name="bill_edit"),
    path(f"{ONE}accounts/", acts.bill_accounts, name="bill_accounts"),
    path(f"{ONE}book/", acts.bill_book, name="bill_book"),
    path(f"{ONE}pay/", acts.bill_pay, name="bill_pay"),
    path(
        f"{ONE}payments/<uuid:disbursement_id>/reverse/",
        acts.bill_payment_reverse,
        name="bill_payment_reverse",
    ),
    path(f"{ONE}credit/<uuid:credit_note_id>/", acts.bill_credit, name="bill_credit"),
    path(f"{ONE}credit/<uuid:credit_id>/undo/", acts.bill_credit_undo, name="bill_credit_undo"),
    path(f"{ONE}submit/", acts.bill_submit, name="bill_submit"),
    path(f"{ONE}recall/", acts.bill_recall, name="bill_recall"),
    path(f"{ONE}approve/", acts.bill_approve, name="bill_approve"),
    path(f"{ONE}reject/", acts.bill_reject, name="bill_reject"),
    path(f"{ONE}cancel/", acts.bill_cancel, name="bill_cancel"),
    path(f"{ONE}delete/", acts.bill_delete, name="bill_delete"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/<uuid:supplier_id>/", suppliers.supplier, name="supplier"),
]
