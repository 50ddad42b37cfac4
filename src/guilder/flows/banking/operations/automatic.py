"""Posting by itself what is sure enough, as the organization set for the account."""

from datetime import datetime
from uuid import UUID

from guilder.flows.banking.models import BankAccount
from guilder.flows.banking.operations.matching import choice_of, settle, waiting
from guilder.flows.banking.queries.lines import open_lines, proposals
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError

MOST_AT_ONCE = 20_000
CHUNK = 500


def match_sure(
    account_id: UUID, *, by: Actor, at: datetime, automatic_from: int | None = None
) -> int:
    """Match the open lines whose proposal is sure enough; how many were.

    `automatic_from` percent, else what the account says; None for never. Every match is a
    transaction of its own, so whatever stops it leaves whole matches behind.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        account = BankAccount.objects.of(by.organization_id).filter(id=account_id).first()
    least = automatic_from or (account.automatic_from if account else None)
    if account is None or least is None:
        return 0
    lines = open_lines(account_id, by=by, limit=MOST_AT_ONCE)
    matched = 0
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        found = proposals(chunk, account, by=by)
        for line in chunk:
            proposal = found.get(line.id)
            if proposal is None or proposal.score < least:
                continue
            try:
                with transaction(by.organization_id):
                    row = waiting(line.id, by=by)
                    choice = choice_of(proposal)
                    settle(row, account, choice, by=by, at=at, is_automatic=True)
            except GuilderError:
                continue  # it waits, and the page shows what is known of it
            matched += 1
    return matched
