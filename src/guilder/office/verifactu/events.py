"""What happens to billing records."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRecordWaiting:
    """A document was issued whose Spanish billing record cannot be made yet."""

    type: ClassVar[str] = "verifactu.waiting"
    invoice_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRecorded:
    """An issued document got its Spanish billing record."""

    type: ClassVar[str] = "verifactu.recorded"
    invoice_id: UUID
    number: str
    position: int
    fingerprint: str
