-- What came in stays as it came: its bytes, its way, and who sent it.
CREATE TRIGGER received_stays_as_it_came BEFORE UPDATE ON intake_receiveddocument FOR EACH ROW
WHEN ((OLD.file_id, OLD.sha256, OLD.place, OLD.size, OLD.filename, OLD.media_type, OLD.channel,
       OLD.sender, OLD.received_at, OLD.created_by_id)
  IS DISTINCT FROM
      (NEW.file_id, NEW.sha256, NEW.place, NEW.size, NEW.filename, NEW.media_type, NEW.channel,
       NEW.sender, NEW.received_at, NEW.created_by_id))
EXECUTE FUNCTION guilder_refuse();
-- What a bill was made of is kept.
CREATE TRIGGER billed_paper_stays BEFORE DELETE ON intake_receiveddocument FOR EACH ROW
WHEN (OLD.state = 'billed') EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER received_papers_stay BEFORE TRUNCATE ON intake_receiveddocument
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
