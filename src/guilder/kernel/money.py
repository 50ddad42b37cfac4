"""Money: whole minor units of a named currency, rounding, and splitting without loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from guilder.kernel.currencies import minor_digits

# Wide enough for 18 integer digits with 12 decimals; traps what would lose or invent digits.
WIDE = Context(prec=50, rounding=ROUND_HALF_UP)
ONE = Decimal(1)
MAX_MINOR = 9_223_372_036_854_775_807  # bigint


class UnlikeCurrencies(ValueError):
    """Two amounts of different currencies met in one sum or comparison."""


def half_up(value: Decimal) -> int:
    """The nearest whole number, ties away from zero (2.5 → 3, -2.5 → -3)."""
    return int(value.quantize(ONE, rounding=ROUND_HALF_UP, context=WIDE))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` whole minor units of the ISO 4217 `currency`."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """`amount` in major units, exactly; ValueError where it has more digits than that."""
        value = decimal_of(amount)
        scaled = value.scaleb(minor_digits(currency), context=WIDE)
        if scaled != scaled.to_integral_value():
            raise ValueError(
                f"{amount} has more decimals than {currency} has ({minor_digits(currency)})."
            )
        return cls(checked(int(scaled)), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """`amount` in major units rounded half away from zero to the minor unit."""
        return cls(checked(half_up(amount.scaleb(minor_digits(currency), context=WIDE))), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency), context=WIDE)

    def __str__(self) -> str:
        digits = minor_digits(self.currency)
        if not digits:
            return str(self.minor)
        whole, part = divmod(abs(self.minor), 10**digits)
        return f"{'-' if self.minor < 0 else ''}{whole}.{part:0{digits}}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._like(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._like(other), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        """Times a whole number or a Decimal, rounded half away from zero."""
        if isinstance(factor, int):
            return Money(self.minor * factor, self.currency)
        return Money(half_up(WIDE.multiply(Decimal(self.minor), factor)), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._like(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._like(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._like(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._like(other)

    def allocate(self, weights: Sequence[int | Decimal]) -> list[Money]:
        """Split by `weights` so that the parts add up exactly (largest remainder first).

        Weights are ≥ 0 and not all zero, else ValueError.
        """
        exact = [Decimal(weight) for weight in weights]
        total = sum(exact, Decimal(0))
        if total <= 0 or any(weight < 0 for weight in exact):
            raise ValueError("Weights must be 0 or more, and at least one above 0.")
        sign = -1 if self.minor < 0 else 1
        shares = [WIDE.divide(WIDE.multiply(abs(self.minor), weight), total) for weight in exact]
        parts = [int(share) for share in shares]
        by_remainder = sorted(
            range(len(parts)), key=lambda i: (shares[i] - parts[i], exact[i]), reverse=True
        )
        for i in by_remainder[: abs(self.minor) - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def _like(self, other: Money) -> int:
        if other.currency != self.currency:
            raise UnlikeCurrencies(f"{self.currency} and {other.currency} cannot be combined.")
        return other.minor


def add_up(amounts: Iterable[Money], currency: str = "") -> Money:
    """The sum; of no amounts at all it is zero in `currency`, which must then be given."""
    total: Money | None = Money.zero(currency) if currency else None
    for amount in amounts:
        total = amount if total is None else total + amount
    if total is None:
        raise ValueError("A sum of nothing needs a currency.")
    return total


def decimal_of(text: Decimal | int | str, *, digits: int = 18, places: int = 12) -> Decimal:
    """A plain finite decimal; ValueError for NaN, infinities, exponents and absurd lengths."""
    if isinstance(text, float):
        raise TypeError("Money and rates are never binary floats.")
    if isinstance(text, str) and (len(text) > 40 or not text.isascii()):
        raise ValueError("That is not a plain decimal number.")
    if isinstance(text, str) and any(mark in text for mark in "eE_"):
        raise ValueError("That is not a plain decimal number.")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("That is not a plain decimal number.") from None
    if not value.is_finite():
        raise ValueError("That is not a finite number.")
    if value.adjusted() >= digits or -int(value.as_tuple().exponent) > places:
        raise ValueError("That number has too many digits.")
    return value if value else abs(value)


def checked(minor: int) -> int:
    """`minor` itself; OverflowError when a database bigint could not hold it."""
    if abs(minor) > MAX_MINOR:
        raise OverflowError("The amount is too large.")
    return minor
