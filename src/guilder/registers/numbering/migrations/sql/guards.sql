-- What counters and series promise, kept by the database.

-- Refuses the statement or row; the table is append-only or the row is finished.
CREATE FUNCTION guilder_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = format('%s of %s is refused: what is booked stays.', TG_OP, TG_TABLE_NAME),
    HINT = 'Correct by a new document or a new entry.';
END $$;

-- Refuses to delete a finished row, but for a demo organization that its owner role takes away.
CREATE FUNCTION guilder_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('guilder.deleting_demo', true) = 'on'
     AND has_table_privilege(TG_RELID, 'TRUNCATE')
     AND (SELECT is_demo FROM identity_organization WHERE id = OLD.organization_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = format('DELETE of %s is refused: what is booked stays.', TG_TABLE_NAME),
    HINT = 'Correct by a new document or a new entry.';
END $$;

-- The next link of a chain; the byte layout is that of kernel.canonical.chain_hash.
CREATE FUNCTION numbering_link(previous bytea, series text, number text, issued_on date,
                               content_hash bytea)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(
  convert_to(E'guilder-chain-1\n', 'UTF8') || previous
  || int4send(octet_length(convert_to(series, 'UTF8'))) || convert_to(series, 'UTF8')
  || int4send(octet_length(convert_to(number, 'UTF8'))) || convert_to(number, 'UTF8')
  || convert_to(to_char(issued_on, 'YYYY-MM-DD'), 'UTF8') || content_hash);

-- The text of a number: the counter with leading zeros between what stands before and after it.
CREATE FUNCTION numbering_text(prefix text, value bigint, digits integer, suffix text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  prefix || lpad(value::text, greatest(digits, length(value::text)), '0') || suffix;

CREATE TRIGGER counter_goes_forward BEFORE UPDATE ON numbering_counter FOR EACH ROW
WHEN (NEW.last_value <= OLD.last_value OR NEW.last_issued_on < OLD.last_issued_on
      OR NEW.series_id <> OLD.series_id OR NEW.period <> OLD.period OR NEW.id <> OLD.id
      OR NEW.organization_id <> OLD.organization_id OR NEW.chain_hash = OLD.chain_hash)
EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER counter_stays BEFORE DELETE ON numbering_counter FOR EACH ROW
EXECUTE FUNCTION guilder_refuse_delete();

CREATE TRIGGER counters_stay BEFORE TRUNCATE ON numbering_counter FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();

-- Once a series has given a number, what its numbers rest on stays.
CREATE FUNCTION numbering_series_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM numbering_counter
             WHERE organization_id = OLD.organization_id AND series_id = OLD.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'The series has given numbers already: code, kind, period and start stay.',
      HINT = 'Make a new series.';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER series_in_use BEFORE UPDATE ON numbering_series FOR EACH ROW
WHEN (ROW(NEW.code, NEW.kind, NEW.period, NEW.start_at, NEW.organization_id, NEW.id)
      IS DISTINCT FROM ROW(OLD.code, OLD.kind, OLD.period, OLD.start_at, OLD.organization_id, OLD.id))
EXECUTE FUNCTION numbering_series_in_use();
