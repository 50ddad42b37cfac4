DROP TRIGGER line_stays_as_it_was ON banking_statementline;
CREATE TRIGGER line_stays_as_it_was BEFORE UPDATE ON banking_statementline FOR EACH ROW
WHEN (to_jsonb(OLD) - '{state,note,changed_at,version}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{state,note,changed_at,version}'::text[])
EXECUTE FUNCTION guilder_refuse();
DROP FUNCTION banking_says_other(banking_statementline, banking_statementline);
