"""Pure rules of charging: merging what gateways tell, when to ask, when to try again."""

from guilder.books.charging.calc.schedule import Attempt, next_attempt_on, wait_before
from guilder.books.charging.calc.standing import Standing, joined, later

__all__ = ("Attempt", "Standing", "joined", "later", "next_attempt_on", "wait_before")
