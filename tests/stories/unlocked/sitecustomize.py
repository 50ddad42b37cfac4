"""Takes the lock out of numbering, for the negative control: the next number is read, not locked.

Python runs this file at its start wherever its folder is on PYTHONPATH.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

PLACE = "guilder.registers.numbering.operations"
# The counter is read as it stood when the statement began, and moved by whoever comes last; the
# pause lets others come in between on a fast machine too.
UNLOCKED = """
numbered AS MATERIALIZED (
  SELECT n.sequence, n.previous_hash, n.number, numbering_link(n.previous_hash, %(series_code)s::text,
    n.number, %(issued_on)s::date, %(content_hash)s::bytea) AS chain_hash
  FROM (
    SELECT coalesce(c.last_value + 1, %(start_at)s::bigint) AS sequence,
      coalesce(c.chain_hash, %(genesis)s::bytea) AS previous_hash,
      numbering_text(%(prefix)s::text, coalesce(c.last_value + 1, %(start_at)s::bigint),
        %(digits)s::integer, %(suffix)s::text) AS number
    FROM (SELECT 1) AS one
    LEFT JOIN numbering_counter c ON c.organization_id = %(organization)s::uuid
      AND c.series_id = %(series_id)s::uuid AND c.period = %(period)s::text) n
), moved AS (
  INSERT INTO numbering_counter (organization_id, id, series_id, period, last_value, last_issued_on,
    chain_hash, previous_hash)
  SELECT %(organization)s::uuid, %(counter_id)s::uuid, %(series_id)s::uuid, %(period)s::text,
    sequence, %(issued_on)s::date, chain_hash, previous_hash FROM numbered, pg_sleep(0.02)
  ON CONFLICT (organization_id, series_id, period) DO UPDATE SET
    last_value = EXCLUDED.last_value, chain_hash = EXCLUDED.chain_hash,
    previous_hash = EXCLUDED.previous_hash
)"""


class Unlocking(MetaPathFinder):
    """Finds that one module, and changes its statement once it is loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != PLACE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            if "ON CONFLICT" not in module.NUMBERED:
                raise RuntimeError("the statement that numbers is another one: change this too")
            module.NUMBERED = UNLOCKED

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Unlocking())
