"""Papers out by mail: printed once, queued, delivered, and what comes back."""

from guilder.office.dispatch.operations.delivery import deliver_mail
from guilder.office.dispatch.operations.papers import Printed, print_paper
from guilder.office.dispatch.operations.returned import collect_returns, take_return
from guilder.office.dispatch.operations.sending import (
    NoAddress,
    NotSendable,
    cancel_mail,
    retry_mail,
    send_paper,
    send_quote_paper,
)
from guilder.office.dispatch.operations.settings import (
    dismiss_notice,
    set_mail_settings,
    set_template,
)
from guilder.office.dispatch.operations.trying import NoServer, send_test

__all__ = (
    "NoAddress",
    "NoServer",
    "NotSendable",
    "Printed",
    "cancel_mail",
    "collect_returns",
    "deliver_mail",
    "dismiss_notice",
    "print_paper",
    "retry_mail",
    "send_paper",
    "send_quote_paper",
    "send_test",
    "set_mail_settings",
    "set_template",
    "take_return",
)
