"""Each report as a table: records of the room with words, totals, and addresses behind figures."""
