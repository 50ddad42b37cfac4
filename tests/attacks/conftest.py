"""Who attacks, and what there is to attack: the speakers and browsers of the faces' own tests."""

from tests.faces.rest.conftest import alice, bob, mallory, stranger, throttled
from tests.faces.web.conftest import browsing, known_host

__all__ = ("alice", "bob", "browsing", "known_host", "mallory", "stranger", "throttled")
