DROP INDEX invoice_open_by_partner;
DROP INDEX invoice_open_by_amount;
DROP INDEX invoice_open_by_digits;
DROP TRIGGER matches_stay ON banking_match;
DROP TRIGGER match_stays ON banking_match;
DROP TRIGGER match_only_undone ON banking_match;
DROP TRIGGER lines_stay ON banking_statementline;
DROP TRIGGER line_stays ON banking_statementline;
DROP TRIGGER line_stays_as_it_was ON banking_statementline;
