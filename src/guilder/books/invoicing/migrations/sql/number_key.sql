-- The digits of a number without leading zeros. A column, for under row level security an index
-- over this expression serves nobody: only comparisons known not to leak may go before the wall.
CREATE FUNCTION invoicing_number_key(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE RETURN ltrim(regexp_replace(number, '\D', '', 'g'), '0');

-- A change of type writes what stands there anew past all guards, for it changes no fact.
ALTER TABLE invoicing_invoice ALTER COLUMN number_key TYPE varchar(80)
  USING invoicing_number_key(number);

CREATE FUNCTION invoicing_keep_number_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.number_key := invoicing_number_key(NEW.number);
  RETURN NEW;
END $$;
CREATE TRIGGER key_of_first_number BEFORE INSERT ON invoicing_invoice FOR EACH ROW
WHEN (NEW.number IS NOT NULL OR NEW.number_key IS NOT NULL)
EXECUTE FUNCTION invoicing_keep_number_key();
CREATE TRIGGER key_of_number BEFORE UPDATE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'draft'
  AND (NEW.number IS DISTINCT FROM OLD.number OR NEW.number_key IS DISTINCT FROM OLD.number_key))
EXECUTE FUNCTION invoicing_keep_number_key();
