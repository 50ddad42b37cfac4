"""A service without a connection: a link or words for the client; people say how it ended."""

from collections.abc import Sequence
from typing import ClassVar

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    Account,
    BadCall,
    BadKeys,
    Call,
    Key,
    Order,
    Ref,
    Report,
    Told,
)


class Manual(wire.Quiet):
    """A card terminal, a payment link of one's own, a counter."""

    title: ClassVar[str] = "Manual"
    keys: ClassVar[tuple[Key, ...]] = (Key("link", is_secret=False, is_needed=False),)
    methods: ClassVar[tuple[str, ...]] = ("card", "online", "bank_transfer", "cash")
    asks: ClassVar[bool] = False

    def __init__(self, account: Account) -> None:
        self.link = account.keys.get("link", "")
        if self.link and not self.link.startswith("https://"):
            raise BadKeys("The link begins with https://.")

    def test(self) -> str:
        """Nothing is asked, so nothing can fail."""
        return ""

    def start(self, order: Order) -> Report:
        """The client goes to the link, or stays."""
        return Report(state="pending", provider_id=f"manual-{order.key}", url=self.link)

    def ask(self, ref: Ref) -> Report | None:
        """People tell."""
        del ref
        return None

    def read(self, call: Call) -> Sequence[Told]:
        """Nobody calls."""
        del call
        raise BadCall("This gateway takes no calls.")
