DROP TRIGGER series_in_use ON numbering_series;
DROP TRIGGER counters_stay ON numbering_counter;
DROP TRIGGER counter_stays ON numbering_counter;
DROP TRIGGER counter_goes_forward ON numbering_counter;
DROP FUNCTION numbering_series_in_use();
DROP FUNCTION numbering_text(text, bigint, integer, text);
DROP FUNCTION numbering_link(bytea, text, text, date, bytea);
DROP FUNCTION guilder_refuse_delete();
DROP FUNCTION guilder_refuse();
