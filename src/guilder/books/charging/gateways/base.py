"""The protocol of a gateway: what it is asked, and the words in which it answers.

A gateway holds no row and opens no transaction. Amounts are Money; each file translates the units,
states and signatures of its service. `Refused` is a definite no; anything without a clear answer is
foundation's `Unreachable`, and the caller takes the outcome as unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Protocol
from uuid import UUID

from guilder.kernel.errors import Conflict, Invalid, NotAllowed
from guilder.kernel.money import Money


class Refused(Conflict):
    """The service said no, for good; `failure` is its own code, hard: never with this method."""

    code = "charging.refused"

    def __init__(
        self, detail: str = "", *, failure: str = "refused", is_hard: bool = False
    ) -> None:
        super().__init__(detail or "The payment service refused.")
        self.failure = failure[:80]
        self.is_hard = is_hard


class NotOffered(Conflict):
    """The service cannot do that, or not by itself."""

    code = "charging.not_offered"


class BadCall(NotAllowed):
    """A call to us that is not the service's: signature, age or mode are wrong."""

    code = "charging.bad_call"


class BadKeys(Invalid):
    """The keys are incomplete or not what the service gives out."""

    code = "charging.bad_keys"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to enter in the settings; `form` is a beginning that it must have."""

    name: str
    is_secret: bool = True
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An organization's account at a service; `base` is the operator's own address of it."""

    keys: Mapping[str, str]
    is_live: bool
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A way to pay that the service keeps for us, by its names."""

    customer: str
    token: str
    method: str = "card"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for. `key` makes the same order once, however often it is sent."""

    key: UUID
    amount: Money
    description: str
    method: str = ""
    name: str = ""
    email: str = ""
    country: str = ""
    language: str = "en"
    back_url: str = ""
    hook_url: str = ""
    keeps_method: bool = False
    kept: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A way to pay that is to be kept without a payment. `key` makes the same one once, however
    often it is sent; `provider_id` is the service's name of it, where that is known. `currency` is
    what will be charged by it later."""

    key: UUID
    currency: str
    method: str = ""
    provider_id: str = ""
    description: str = ""
    name: str = ""
    email: str = ""
    country: str = ""
    language: str = "en"
    back_url: str = ""
    hook_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A charge as both sides name it; `provider_payment` is what refunds are made on."""

    key: UUID
    provider_id: str
    provider_payment: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money given back; `key` is ours where the service knows it."""

    provider_id: str
    amount: Money
    state: str = "succeeded"
    key: UUID | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A dispute or chargeback."""

    provider_id: str
    amount: Money
    stage: str
    reason: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a service says of a charge. Empty or None: it says nothing of that."""

    state: str
    provider_id: str = ""
    provider_payment: str = ""
    amount: Money | None = None
    is_live: bool | None = None
    method: str = ""
    url: str = ""
    fee: Money | None = None
    failure: str = ""
    is_hard: bool = False
    backs: Sequence[Back] = ()
    chargebacks: Sequence[Contest] = ()
    kept: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOut:
    """A payout; `amount` reaches the bank, `gross` and `fee` where the service splits them."""

    provider_id: str
    amount: Money
    stage: str
    arrives_on: date | None = None
    reference: str = ""
    gross: int | None = None
    fee: int | None = None
    charge_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing of a call: about a charge ("charge"; or a setup, which some services do not tell
    apart), a setup, a payout, or nothing of ours ("other").

    `subject` names it as the service does, `key` as we do. A service that cannot be asked puts all
    it says in `report`.
    """

    event_id: str
    about: str = "other"
    subject: str = ""
    key: UUID | None = None
    is_live: bool | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it came in: raw body, headers with lower-case names, and when."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    at: datetime


class Gateway(Protocol):
    """A payment service. `methods` are ours: card, direct_debit, bank_transfer, online."""

    title: ClassVar[str]
    keys: ClassVar[tuple[Key, ...]]
    methods: ClassVar[tuple[str, ...]]
    refunds: ClassVar[bool]  # whether it gives back when asked
    keeps: ClassVar[bool]  # whether a method can be kept and charged later
    # Methods that can be kept without a payment, each with the currencies of it: none for all.
    sets_up: ClassVar[Mapping[str, Sequence[str]]]
    asks: ClassVar[bool]  # whether it can be asked; else only its calls tell
    answer: ClassVar[bytes]  # the body with which its calls are answered

    def __init__(self, account: Account) -> None: ...

    def test(self) -> str:
        """The name of the account, from the service itself. Raises Refused, Unreachable."""
        ...

    def start(self, order: Order) -> Report:
        """Ask for money: with `kept` at once, else by a page at the service (`url`)."""
        ...

    def ask(self, ref: Ref) -> Report | None:
        """How a charge stands; None where the service does not know it."""
        ...

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """Give money back; the same `key` once."""
        ...

    def begin_setup(self, setup: Setup) -> Report:
        """Have the client leave a way to pay on a page at the service (`url`): nothing is charged.
        Raises NotOffered, Refused, Unreachable."""
        ...

    def ask_setup(self, setup: Setup) -> Report | None:
        """How a setup stands, with `kept` where it is done; None where the service does not know
        it."""
        ...

    def forget(self, kept: Kept) -> None:
        """End a kept method there; gone already is done. Raises NotOffered, Refused,
        Unreachable."""
        ...

    def answer_chargeback(self, chargeback_id: str, *, text: str) -> None:
        """Hand in what we say to a dispute. Raises NotOffered where people must do it there."""
        ...

    def ask_payout(self, provider_id: str) -> PaidOut | None:
        """A payout of that name."""
        ...

    def read(self, call: Call) -> Sequence[Told]:
        """What a call says, its signature and age judged. Raises BadCall."""
        ...
