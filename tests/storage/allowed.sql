-- What the services do in the same shop: it is allowed.
UPDATE document SET notes = 'n', revision = revision + 1 WHERE id = 1;
UPDATE document SET state = 'reversed', revision = revision + 1 WHERE id = 2;
UPDATE document_line SET quantity = 7 WHERE document_id = 1;
UPDATE approval SET state = 'granted', decided_by = 2 WHERE state = 'asked';
UPDATE company SET name = 'N', revision = revision + 1;
INSERT INTO account_entry (party_id, currency, amount_minor, document_id, reverses, booked_on, at)
    VALUES (1, 'EUR', -100, 2, 1, '2026-11-24', 0);
INSERT INTO allocation (debit_id, credit_id, amount_minor, undoes, at) VALUES (2, 2, -5, 1, 0);
UPDATE inbox SET raw = '' WHERE state = 'done';
