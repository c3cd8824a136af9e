-- What services do with the same rows: it is allowed.
UPDATE document SET notes = 'n', revision = revision + 1 WHERE id = 1;
UPDATE document SET state = 'reversed', revision = revision + 1 WHERE id = 2;
UPDATE document_line SET quantity = 7 WHERE document_id = 1;
UPDATE approval SET state = 'granted', decided_by = 2 WHERE state = 'asked';
UPDATE company SET name = 'N', revision = revision + 1;
INSERT INTO account_entry (party_id, currency, amount_minor, document_id, reverses, booked_on, at)
    VALUES (1, 'EUR', -100, 2, 1, '2026-11-24', 0);
INSERT INTO allocation (debit_id, credit_id, amount_minor, undoes, at) VALUES (2, 2, -5, 1, 0);
UPDATE online_payment SET checkout_id = 'q', checkout_by = 1, checkout_at = 0 WHERE payload = 'p';
UPDATE inbox SET raw = '' WHERE state = 'done';
UPDATE series_question SET last_given = 2, answered_at = 0, answered_by = 1 WHERE series = 'QU-2026';
INSERT INTO counter (series, last, head) VALUES ('QU-2026', 0, '');
UPDATE counter SET last = 2 WHERE series = 'QU-2026';
INSERT INTO series_question (series, last_known, copied_at, asked_at) VALUES ('QU-2026', 2, 0, 0);
UPDATE series_question SET last_given = 2, answered_at = 0, answered_by = 1 WHERE id = 4;
