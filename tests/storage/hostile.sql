-- Statements that both databases must refuse, each tried alone on the rows of tampering.py:
-- product 1 (10 on hand, 3 claimed) and 2 (4, 2 claimed) in warehouse 1, quarantine 2,
-- vendor 3, customer 4;
-- document 1 is a draft, document 2 a posted invoice; 1000000 is one piece.

-- Goods from nothing.
UPDATE level SET on_hand = on_hand + 1 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET on_hand = on_hand + 1, last_move_id = 1 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET on_hand = on_hand + 1, last_move_id = last_move_id + 1
    WHERE product_id = 1 AND place_id = 1;
UPDATE level SET on_hand = on_hand + 5000000, value_minor = value_minor + 500,
    last_move_id = 2
    WHERE product_id = 1 AND place_id = 1;
UPDATE level SET value_minor = value_minor + 1 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET claimed = 0 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET claimed = claimed - 1000000, last_claim_end_id = 1
    WHERE product_id = 1 AND place_id = 1;
UPDATE level SET claimed = claimed + 3000000, last_claim_id = 1
    WHERE product_id = 1 AND place_id = 1;
UPDATE level SET last_move_id = last_move_id - 1 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET place_id = 2 WHERE product_id = 1 AND place_id = 1;
UPDATE level SET product_id = 2 WHERE product_id = 1 AND place_id = 1;
DELETE FROM level WHERE product_id = 1 AND place_id = 1;
INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id)
    VALUES (2, 1, 5, 0, 0, 0, 0, 0);
INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id)
    VALUES (2, 1, 0, 0, 0, 9, 0, 0);
INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id)
    VALUES (2, 4, 0, 0, 0, 0, 0, 0);
INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id)
    VALUES (1, 1, 0, 0, 0, 0, 0, 0);

-- The ledger.
UPDATE move SET quantity = quantity + 1;
UPDATE move SET at = at;
DELETE FROM move;
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 4, 9000000, 0, 1, NULL, 0);
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 4, -1, 0, 1, NULL, 0);
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 4, 1, 1, -5, 1, NULL, 0);
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 99, 1, 0, 1, NULL, 0);
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 3, 1, 0, 1, 1, 0);
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 4, 10000000, 0, 1, 1, 0);

-- Claims.
UPDATE claim SET open = 0;
UPDATE claim SET open = quantity;
UPDATE claim SET open = open - 1000000, last_end_id = 1;
UPDATE claim SET quantity = quantity + 1;
UPDATE claim SET line_id = 2;
UPDATE claim SET until = 1;
DELETE FROM claim;
DELETE FROM claim WHERE id = 2;
INSERT INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 1, 1, 1000000, 0, 0, 0);
INSERT INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 1, 1, 1000000, 1000000, 7, 0);
INSERT INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 1, 1, 9000000, 9000000, 0, 0);
INSERT INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (2, 2, 1, 1000000, 1000000, 0, 0);
INSERT INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 4, 1, 1000000, 1000000, 0, 0);
UPDATE claim_end SET quantity = 1;
DELETE FROM claim_end;
INSERT INTO claim_end (claim_id, quantity, reason, note, at)
    VALUES (1, 5000000, 'released', '', 0);
INSERT INTO claim_end (claim_id, quantity, reason, note, at)
    VALUES (1, 1000000, 'stolen', '', 0);
UPDATE place SET inside = NOT inside;
UPDATE place SET role = 'loss' WHERE id = 1;

-- Posted papers, numbers and series.
UPDATE document SET total_minor = 1 WHERE number IS NOT NULL;
UPDATE document SET number = 'IN-2026-9' WHERE number IS NOT NULL;
UPDATE document SET sequence = 9, number = 'IN-2026-9' WHERE number IS NOT NULL;
UPDATE document SET hash = NULL WHERE number IS NOT NULL;
UPDATE document SET hash = 'other', total_minor = 1 WHERE number IS NOT NULL;
UPDATE document SET state = 'draft' WHERE number IS NOT NULL;
UPDATE document SET series = NULL, sequence = NULL, number = NULL WHERE number IS NOT NULL;
UPDATE document SET revision = -1 WHERE number IS NOT NULL;
UPDATE document SET revision = revision - 1;
DELETE FROM document WHERE number IS NOT NULL;
DELETE FROM document WHERE id = 3;
UPDATE document SET number = 'SO-2026-9' WHERE id = 3;
UPDATE document SET sequence = 2, number = 'SO-2026-2' WHERE id = 3;
UPDATE document SET series = 'SX-2026' WHERE id = 3;
UPDATE document SET kind = 'invoice' WHERE id = 3;
INSERT INTO document (kind, state, revision, version, series, sequence, number, reference,
    payment_mode, ships_complete, prices_include_tax, discount_percent, discount_minor, notes,
    reason, created_at)
    SELECT kind, state, revision, version, 'IN-2026', 7, 'IN-2026-7', reference,
    payment_mode, ships_complete, prices_include_tax, discount_percent, discount_minor, notes,
    reason, created_at FROM document WHERE id = 1;
UPDATE document SET series = 'IN-2026', sequence = 3, number = 'IN-2026-3' WHERE id = 1;
UPDATE document SET series = 'IN-2026', sequence = 1, number = 'IN-2026-x' WHERE id = 1;
UPDATE document SET series = 'XX-2026', sequence = 2, number = 'XX-2026-2' WHERE id = 1;
UPDATE document SET sequence = 1, number = 'IN-2026-2' WHERE id = 1;
UPDATE document_line SET quantity = 1 WHERE document_id = 2;
UPDATE document_line SET document_id = 2 WHERE document_id = 1;
UPDATE document_line SET document_id = 1 WHERE document_id = 2;
DELETE FROM document_line WHERE document_id = 2;
INSERT INTO document_line (document_id, position, name, quantity, rejected, price_source, discount_percent, drops, amount_only, reason, rejected_goods, priority)
    SELECT 2, 2, name, quantity, rejected, price_source, discount_percent, drops, amount_only, reason, rejected_goods, priority FROM document_line WHERE id = 1;
UPDATE counter SET last = 0;
UPDATE counter SET last = last + 2;
UPDATE counter SET head = 'other';
UPDATE counter SET last = last + 1, last_on = '2025-01-01';
UPDATE counter SET last = last + 1, last_on = NULL;
DELETE FROM counter;
INSERT INTO counter (series, last, head) VALUES ('XX-2026', 7, '');
INSERT INTO counter (series, last, head) VALUES ('PO-2026', 3, '');

-- After an older copy: QU-2026 is in question, of PO-2026 the numbers 1 to 3 are lost.
UPDATE document SET series = 'QU-2026', sequence = 1, number = 'QU-2026-1' WHERE id = 1;
UPDATE document SET series = 'PO-2026', sequence = 1, number = 'PO-2026-1' WHERE id = 1;
UPDATE document SET series = 'PO-2026', sequence = 3, number = 'PO-2026-3' WHERE id = 1;
UPDATE document SET series = 'PO-2026', sequence = 5, number = 'PO-2026-5' WHERE id = 1;
INSERT INTO document (kind, state, revision, version, series, sequence, number, reference,
    payment_mode, ships_complete, prices_include_tax, discount_percent, discount_minor, notes,
    reason, created_at)
    SELECT kind, state, revision, version, 'QU-2026', 1, 'QU-2026-1', reference,
    payment_mode, ships_complete, prices_include_tax, discount_percent, discount_minor, notes,
    reason, created_at FROM document WHERE id = 1;
UPDATE counter SET last = 9 WHERE series = 'SX-2026';
UPDATE counter SET last = last WHERE series = 'IN-2026';
UPDATE series_question SET last_known = 1 WHERE series = 'SX-2026';
UPDATE series_question SET series = 'XX-2026';
UPDATE series_question SET last_given = 2, answered_at = 0 WHERE series = 'PO-2026';
UPDATE series_question SET last_given = -1, answered_at = 0 WHERE series = 'QU-2026';
UPDATE series_question SET last_given = 1 WHERE series = 'QU-2026';
DELETE FROM series_question;
INSERT INTO series_question (series, last_known, copied_at, asked_at) VALUES ('QU-2026', 0, 0, 0);
INSERT INTO series_question (series, last_known, copied_at, asked_at) VALUES ('IN-2026', 0, 0, 0);
INSERT INTO series_question (series, last_known, copied_at, asked_at, last_given, answered_at)
    VALUES ('XX-2026', 0, 0, 0, 5, 0);

-- Money, draws, history, keys.
UPDATE account_entry SET amount_minor = 1;
DELETE FROM account_entry;
INSERT INTO account_entry (party_id, currency, amount_minor, document_id, reverses, booked_on, at)
    VALUES (1, 'EUR', -99, 2, 1, '2026-11-24', 0);
UPDATE allocation SET amount_minor = 1;
DELETE FROM allocation;
DELETE FROM allocation WHERE id = 2;
INSERT INTO allocation (debit_id, credit_id, amount_minor, undoes, at) VALUES (2, 2, -4, 1, 0);
UPDATE value_difference SET amount_minor = 1;
DELETE FROM value_difference;
UPDATE exchange_difference SET amount_minor = 1;
DELETE FROM exchange_difference;
UPDATE paper_file SET sha256 = '';
DELETE FROM paper_file;
UPDATE draw SET quantity = 1;
DELETE FROM draw;
UPDATE document_tax SET tax_minor = 0;
DELETE FROM document_tax;
UPDATE document_version SET snapshot = 'other';
DELETE FROM document_version;
UPDATE history SET person_id = NULL;
DELETE FROM history;
UPDATE operation SET result = '';
DELETE FROM operation;
UPDATE inbox SET state = 'new';
UPDATE online_payment SET amount_minor = 1;
UPDATE online_payment SET payload = 'other';
DELETE FROM online_payment WHERE payload = 'unpaid';
UPDATE online_charge SET amount_minor = 1;
UPDATE online_charge SET telegram_charge_id = 'other';
UPDATE online_charge SET payment_id = NULL;
UPDATE online_charge SET payment_id = 1;
DELETE FROM online_charge;

-- What is looked for.
UPDATE document SET watched = NULL WHERE id = 2;

-- People.
UPDATE company SET currency = 'USD';
UPDATE company SET zone = 'Europe/Paris';
UPDATE company SET fixed = NOT fixed;
DELETE FROM company;
UPDATE invitation SET used_at = NULL;
UPDATE invitation SET used_by = 2;
UPDATE invitation SET role = 'owner';
UPDATE approval SET figures = '{}';
UPDATE approval SET state = 'granted', decided_by = asked_by WHERE state = 'asked';
UPDATE approval SET state = 'used' WHERE state = 'asked';
UPDATE approval SET state = 'asked' WHERE state = 'refused';
INSERT INTO approval (document_id, document_revision, action, limit_name, figures, digest, state, asked_by, asked_at, decided_by, reason)
    VALUES (1, 0, 'post', 'discount', '', '', 'granted', 1, 0, 2, '');
