"""What happened to charges, chargebacks and payouts: ids and values, amounts as decimal text."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeEvent:
    """What every event of a charge carries."""

    charge_id: UUID
    partner_id: UUID
    gateway_id: UUID
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeStarted(ChargeEvent):
    """A gateway is asked for money."""

    type: ClassVar[str] = "charge.started"
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeSucceeded(ChargeEvent):
    """The money is certain: it is recorded as a payment."""

    type: ClassVar[str] = "charge.succeeded"
    payment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFailed(ChargeEvent):
    """The gateway refused, or the client did not pay in time."""

    type: ClassVar[str] = "charge.failed"
    origin: str
    failure: str
    is_hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingBackFailed(ChargeEvent):
    """A gateway could not give money back: the refund is taken back, the credit stands again."""

    type: ClassVar[str] = "charge.refund_failed"
    refund_id: UUID
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackEvent:
    """What every event of a chargeback carries."""

    chargeback_id: UUID
    charge_id: UUID
    partner_id: UUID
    payment_id: UUID | None
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackOpened(ChargebackEvent):
    """The client's bank wants money back; say something by `answer_by`."""

    type: ClassVar[str] = "chargeback.opened"
    reason: str
    answer_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackAnswered(ChargebackEvent):
    """The gateway has what we say."""

    type: ClassVar[str] = "chargeback.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackClosed(ChargebackEvent):
    """Won: the money stays. Lost: it is gone, what it paid is open again."""

    type: ClassVar[str] = "chargeback.closed"
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutTold:
    """A gateway sends money to the bank."""

    type: ClassVar[str] = "payout.told"
    payout_id: UUID
    gateway_id: UUID
    amount: str
    currency: str
    stage: str
    arrives_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethodEvent:
    """What every event of a kept way to pay carries."""

    saved_method_id: UUID
    partner_id: UUID
    gateway_id: UUID
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethodKept(SavedMethodEvent):
    """A client let a gateway keep a way to pay; `collects`: what falls due is taken from it."""

    type: ClassVar[str] = "saved_method.kept"
    method: str
    collects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethodEnded(SavedMethodEvent):
    """A kept way to pay is never charged again; the gateway is told to end it too."""

    type: ClassVar[str] = "saved_method.ended"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethodForgotten(SavedMethodEvent):
    """The gateway ended it too."""

    type: ClassVar[str] = "saved_method.forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethodStillKept(SavedMethodEvent):
    """The gateway could not end it: somebody has to do that there."""

    type: ClassVar[str] = "saved_method.still_kept"
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSetupEvent:
    """What every event of leaving a way to pay without paying carries."""

    setup_id: UUID
    partner_id: UUID
    gateway_id: UUID
    method: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSetupStarted(MethodSetupEvent):
    """A client is about to leave a way to pay with a gateway; nothing is charged."""

    type: ClassVar[str] = "method_setup.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSetupFailed(MethodSetupEvent):
    """It was not left: refused, cancelled, or not done in time."""

    type: ClassVar[str] = "method_setup.failed"
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCalled:
    """A payment service called us; what it says is looked at next."""

    type: ClassVar[str] = "gateway.called"
    event_id: UUID
    gateway_id: UUID
