"""What can be done with bank statements: read in, matched, undone, excluded, ruled."""

from guilder.flows.banking.operations.accounts import (
    BankAccountKnown,
    close_account,
    open_account,
    save_account,
)
from guilder.flows.banking.operations.automatic import match_sure
from guilder.flows.banking.operations.folder import import_folder
from guilder.flows.banking.operations.importing import (
    ImportOutcome,
    InvalidStatement,
    import_statement,
    preview_statement,
)
from guilder.flows.banking.operations.matching import (
    InvalidMatch,
    NothingProposed,
    NotWaiting,
    match_line,
    match_lines,
)
from guilder.flows.banking.operations.rules import (
    delete_rule,
    move_rule,
    save_profile,
    save_rule,
)
from guilder.flows.banking.operations.undoing import (
    exclude_line,
    reopen_line,
)

__all__ = (
    "BankAccountKnown",
    "ImportOutcome",
    "InvalidMatch",
    "InvalidStatement",
    "NotWaiting",
    "NothingProposed",
    "close_account",
    "delete_rule",
    "exclude_line",
    "import_folder",
    "import_statement",
    "match_line",
    "match_lines",
    "match_sure",
    "move_rule",
    "open_account",
    "preview_statement",
    "reopen_line",
    "save_account",
    "save_profile",
    "save_rule",
)
