DROP TRIGGER match_only_undone ON banking_match;
CREATE TRIGGER match_only_undone BEFORE UPDATE ON banking_match FOR EACH ROW
WHEN (NOT OLD.is_active OR
  to_jsonb(OLD) - '{is_active,undone_at,payment_id}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{is_active,undone_at,payment_id}'::text[])
EXECUTE FUNCTION guilder_refuse();
