"""What can be done with charges: started, asked about, confirmed, given back, collected."""

from guilder.books.charging.gateways.base import BadCall, Call, NotOffered, Refused
from guilder.books.charging.operations.allowing import set_client_methods, withdraw_method
from guilder.books.charging.operations.applying import NoSuchCharge, WrongMode, apply
from guilder.books.charging.operations.chargebacks import NotToAnswer, answer_chargeback
from guilder.books.charging.operations.checking import check_charge, confirm_charge
from guilder.books.charging.operations.collecting import (
    MethodEnded,
    NoSuchSavedMethod,
    asks_elsewhere,
    collect_due,
    end_saved_method,
    set_collecting,
)
from guilder.books.charging.operations.forgetting import (
    forget_method,
    forgettable,
    strip_methods,
)
from guilder.books.charging.operations.giving_back import give_back, overdue, take_on
from guilder.books.charging.operations.linking import (
    MethodLink,
    end_method_links,
    make_method_link,
)
from guilder.books.charging.operations.looking import check_setup, overdue_setups
from guilder.books.charging.operations.payouts import note_payout
from guilder.books.charging.operations.receiving import handle_event, receive
from guilder.books.charging.operations.services import (
    NoSuchGateway,
    hook_address,
    hook_address_of,
)
from guilder.books.charging.operations.setting_up import InvalidSetup, start_setup
from guilder.books.charging.operations.settings import (
    GatewayTaken,
    InvalidGateway,
    save_gateway,
    try_gateway,
)
from guilder.books.charging.operations.setups import apply_setup
from guilder.books.charging.operations.starting import (
    InsideTransaction,
    InvalidCharge,
    carry_out,
    start_charge,
)

__all__ = (
    "BadCall",
    "Call",
    "GatewayTaken",
    "InsideTransaction",
    "InvalidCharge",
    "InvalidGateway",
    "InvalidSetup",
    "MethodEnded",
    "MethodLink",
    "NoSuchCharge",
    "NoSuchGateway",
    "NoSuchSavedMethod",
    "NotOffered",
    "NotToAnswer",
    "Refused",
    "WrongMode",
    "answer_chargeback",
    "apply",
    "apply_setup",
    "asks_elsewhere",
    "carry_out",
    "check_charge",
    "check_setup",
    "collect_due",
    "confirm_charge",
    "end_method_links",
    "end_saved_method",
    "forget_method",
    "forgettable",
    "give_back",
    "handle_event",
    "hook_address",
    "hook_address_of",
    "make_method_link",
    "note_payout",
    "overdue",
    "overdue_setups",
    "receive",
    "save_gateway",
    "set_client_methods",
    "set_collecting",
    "start_charge",
    "start_setup",
    "strip_methods",
    "take_on",
    "try_gateway",
    "withdraw_method",
)
