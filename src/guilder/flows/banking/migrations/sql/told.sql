-- Whether a line says anything else than the bank did; only what became of it may move.
CREATE FUNCTION banking_says_other(before banking_statementline, after banking_statementline)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  after.state := before.state;
  after.note := before.note;
  after.changed_at := before.changed_at;
  after.version := before.version;
  RETURN before IS DISTINCT FROM after;
END $$;

DROP TRIGGER line_stays_as_it_was ON banking_statementline;
CREATE TRIGGER line_stays_as_it_was BEFORE UPDATE ON banking_statementline FOR EACH ROW
WHEN (banking_says_other(OLD, NEW)) EXECUTE FUNCTION guilder_refuse();
