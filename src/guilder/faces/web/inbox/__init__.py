"""The inbox: what waits for a person, the bell that says so, and the jobs that they started."""

from guilder.faces.web import shell
from guilder.faces.web.inbox.counting import waiting

shell.COUNTS["inbox"] = waiting
