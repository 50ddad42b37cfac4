"""Papers out by mail: printed once, queued, delivered, and what comes back."""

from guilder.office.dispatch.operations.accounts import (
    NothingReceived,
    print_receipt,
    print_statement,
    send_first_receipt,
    send_receipt,
    send_statement,
)
from guilder.office.dispatch.operations.alarms import tell_webhook
from guilder.office.dispatch.operations.delivery import deliver_mail
from guilder.office.dispatch.operations.einvoices import (
    EInvoice,
    NoHybrid,
    NotIssued,
    Suitability,
    print_hybrid,
    suitabilities,
    suitability,
    write_einvoice,
)
from guilder.office.dispatch.operations.inviting import mail_invitation
from guilder.office.dispatch.operations.leaving import OnlyInvented, mail_method_link
from guilder.office.dispatch.operations.letters import compose_letter, send_letter
from guilder.office.dispatch.operations.mandates import NoMandateToPrint, print_mandate
from guilder.office.dispatch.operations.notices import tell_answer, tell_question
from guilder.office.dispatch.operations.papers import Printed, print_paper
from guilder.office.dispatch.operations.past import NotInADemo, keep_past_mail
from guilder.office.dispatch.operations.personal import (
    GivenUp,
    mail_activation,
    mail_change,
    mail_reset,
)
from guilder.office.dispatch.operations.returned import collect_returns, take_return
from guilder.office.dispatch.operations.sending import (
    HOLD,
    NotSendable,
    SentMany,
    TooLarge,
    compose_paper,
    compose_quote_paper,
    send_paper,
    send_papers,
    send_quote_paper,
)
from guilder.office.dispatch.operations.settings import (
    dismiss_notice,
    set_mail_settings,
    set_template,
)
from guilder.office.dispatch.operations.stopping import cancel_mail, retry_mail
from guilder.office.dispatch.operations.trying import NoServer, send_test
from guilder.office.dispatch.operations.unsaved import compose_document
from guilder.office.dispatch.operations.verdicts import (
    JUDGED_FORMATS,
    format_of,
    judge_paper,
    require_einvoice,
    require_einvoice_of_credit,
    require_einvoice_of_new,
)
from guilder.office.dispatch.wording import NoAddress, Wish
from guilder.papers.exchange.requiring import (
    NotAnEInvoice,
    NotJudged,
    judge_document,
    problems_of,
)

__all__ = (
    "HOLD",
    "JUDGED_FORMATS",
    "EInvoice",
    "GivenUp",
    "NoAddress",
    "NoHybrid",
    "NoMandateToPrint",
    "NoServer",
    "NotAnEInvoice",
    "NotInADemo",
    "NotIssued",
    "NotJudged",
    "NotSendable",
    "NothingReceived",
    "OnlyInvented",
    "Printed",
    "SentMany",
    "Suitability",
    "TooLarge",
    "Wish",
    "cancel_mail",
    "collect_returns",
    "compose_document",
    "compose_letter",
    "compose_paper",
    "compose_quote_paper",
    "deliver_mail",
    "dismiss_notice",
    "format_of",
    "judge_document",
    "judge_paper",
    "keep_past_mail",
    "mail_activation",
    "mail_change",
    "mail_invitation",
    "mail_method_link",
    "mail_reset",
    "print_hybrid",
    "print_mandate",
    "print_paper",
    "print_receipt",
    "print_statement",
    "problems_of",
    "require_einvoice",
    "require_einvoice_of_credit",
    "require_einvoice_of_new",
    "retry_mail",
    "send_first_receipt",
    "send_letter",
    "send_paper",
    "send_papers",
    "send_quote_paper",
    "send_receipt",
    "send_statement",
    "send_test",
    "set_mail_settings",
    "set_template",
    "suitabilities",
    "suitability",
    "take_return",
    "tell_answer",
    "tell_question",
    "tell_webhook",
    "write_einvoice",
)
