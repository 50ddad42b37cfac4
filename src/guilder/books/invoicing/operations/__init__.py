"""What can be done with invoices, quotes and credits: one verb each, one transaction each."""

from guilder.books.invoicing.building import InvalidDraft
from guilder.books.invoicing.calc import base_step, in_base
from guilder.books.invoicing.operations.answers import (
    AnswerIncomplete,
    QuestionIncomplete,
    QuoteExpired,
    accept_as_client,
    ask_about_quote,
    ask_question,
    decline_as_client,
)
from guilder.books.invoicing.operations.applying import allocate_credit, reverse_credit
from guilder.books.invoicing.operations.approvals import (
    ApprovalDue,
    NoApprovalNeeded,
    approve_invoice,
    recall_invoice,
    reject_invoice,
    submit_invoice,
)
from guilder.books.invoicing.operations.bulk import create_and_issue_many
from guilder.books.invoicing.operations.correcting import (
    CreditableLine,
    CreditSketch,
    credit_and_copy,
    sketch_credit,
)
from guilder.books.invoicing.operations.credit import (
    NotCreditable,
    NothingLeft,
    TooMuchCredit,
    credit_invoice,
)
from guilder.books.invoicing.operations.deductions import NotDeductible
from guilder.books.invoicing.operations.discounts import (
    AlreadyTakenBack,
    NotDiscountable,
    grant_discount,
    reverse_discount,
    set_discount_policy,
    short_by,
    take_back,
    take_discounts,
)
from guilder.books.invoicing.operations.drafts import (
    NotDraft,
    create_draft,
    delete_draft,
    draft_of_document,
    duplicate_invoice,
    update_draft,
)
from guilder.books.invoicing.operations.freezing import NumberTaken
from guilder.books.invoicing.operations.history import NotHistory, OldDocument, import_history
from guilder.books.invoicing.operations.issue import (
    NotIssuable,
    VerdictWanted,
    create_and_issue,
    issue_invoice,
)
from guilder.books.invoicing.operations.links import NotOut, pay_link, quote_link, revoke_links
from guilder.books.invoicing.operations.marks import mark_disputed, mark_sent, mark_viewed
from guilder.books.invoicing.operations.patterns import Tried, pattern_of, try_draft
from guilder.books.invoicing.operations.quotes import (
    QuoteStateForbids,
    accept_quote,
    create_quote,
    decline_quote,
    delete_quote,
    invoice_quote,
    send_quote,
    update_quote,
)
from guilder.books.invoicing.operations.settle import (
    Debt,
    NotOpen,
    OverOpen,
    asked_debts,
    lock_debts,
    settled_parameters,
    settled_sql,
    settlement_events,
    write_off,
)
from guilder.books.invoicing.operations.setup import open_books
from guilder.books.invoicing.operations.viewing import note_quote_view, note_view

__all__ = (
    "AlreadyTakenBack",
    "AnswerIncomplete",
    "ApprovalDue",
    "CreditSketch",
    "CreditableLine",
    "Debt",
    "InvalidDraft",
    "NoApprovalNeeded",
    "NotCreditable",
    "NotDeductible",
    "NotDiscountable",
    "NotDraft",
    "NotHistory",
    "NotIssuable",
    "NotOpen",
    "NotOut",
    "NothingLeft",
    "NumberTaken",
    "OldDocument",
    "OverOpen",
    "QuestionIncomplete",
    "QuoteExpired",
    "QuoteStateForbids",
    "TooMuchCredit",
    "Tried",
    "VerdictWanted",
    "accept_as_client",
    "accept_quote",
    "allocate_credit",
    "approve_invoice",
    "ask_about_quote",
    "ask_question",
    "asked_debts",
    "base_step",
    "create_and_issue",
    "create_and_issue_many",
    "create_draft",
    "create_quote",
    "credit_and_copy",
    "credit_invoice",
    "decline_as_client",
    "decline_quote",
    "delete_draft",
    "delete_quote",
    "draft_of_document",
    "duplicate_invoice",
    "grant_discount",
    "import_history",
    "in_base",
    "invoice_quote",
    "issue_invoice",
    "lock_debts",
    "mark_disputed",
    "mark_sent",
    "mark_viewed",
    "note_quote_view",
    "note_view",
    "open_books",
    "pattern_of",
    "pay_link",
    "quote_link",
    "recall_invoice",
    "reject_invoice",
    "reverse_credit",
    "reverse_discount",
    "revoke_links",
    "send_quote",
    "set_discount_policy",
    "settled_parameters",
    "settled_sql",
    "settlement_events",
    "short_by",
    "sketch_credit",
    "submit_invoice",
    "take_back",
    "take_discounts",
    "try_draft",
    "update_draft",
    "update_quote",
    "write_off",
)
