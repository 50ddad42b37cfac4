"""A fake of Stripe in the place of the network."""

from tests.books.charging.conftest import stripe

__all__ = ("stripe",)
