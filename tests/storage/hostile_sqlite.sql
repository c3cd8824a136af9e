-- What SQLite alone has, and must refuse: conflict clauses, chosen ids, other types.

-- The conflict clause of a statement holds inside the triggers that it fires.
INSERT OR IGNORE INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 4, 9000000, 0, 1, NULL, 0);
INSERT OR REPLACE INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 4, 9000000, 0, 1, NULL, 0);
INSERT OR IGNORE INTO claim (product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 1, 1, 9000000, 9000000, 0, 0);
INSERT OR IGNORE INTO claim_end (claim_id, quantity, reason, note, at)
    VALUES (1, 5000000, 'released', '', 0);

-- REPLACE removes rows.
-- A move between places outside takes no level along.
INSERT OR REPLACE INTO move (id, product_id, from_place_id, to_place_id, quantity, value_minor,
    line_id, at) VALUES (1, 1, 3, 4, 5000000, 0, 1, 0);
INSERT OR REPLACE INTO move (id, product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 3, 1, 5000000, 0, 1, NULL, 0);
INSERT OR REPLACE INTO claim (id, product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (1, 1, 1, 1, 1000000, 1000000, 0, 0);
INSERT OR REPLACE INTO counter (series, last, head) VALUES ('IN-2026', 0, '');
INSERT OR REPLACE INTO series_question (id, series, last_known, copied_at, asked_at)
    VALUES (1, 'XX-2026', 0, 0, 0);
INSERT OR REPLACE INTO operation (key, digest, result, at) VALUES ('k', 'd', 'other', 0);
INSERT OR REPLACE INTO document SELECT * FROM document WHERE number IS NOT NULL;
INSERT OR REPLACE INTO document_line SELECT * FROM document_line WHERE document_id = 2;
INSERT OR REPLACE INTO history SELECT * FROM history;
INSERT OR REPLACE INTO claim_end SELECT * FROM claim_end;
INSERT OR REPLACE INTO value_difference SELECT * FROM value_difference;
INSERT OR REPLACE INTO draw SELECT * FROM draw;
INSERT OR REPLACE INTO document_tax SELECT * FROM document_tax;
INSERT OR REPLACE INTO document_version SELECT * FROM document_version;
INSERT OR REPLACE INTO account_entry SELECT * FROM account_entry;
INSERT OR REPLACE INTO allocation SELECT * FROM allocation;
INSERT OR REPLACE INTO exchange_difference SELECT * FROM exchange_difference;
INSERT OR REPLACE INTO paper_file SELECT * FROM paper_file;
INSERT OR REPLACE INTO online_payment SELECT * FROM online_payment;
INSERT OR REPLACE INTO online_charge SELECT * FROM online_charge;
INSERT OR REPLACE INTO company SELECT * FROM company;
-- By one of another product, whose level knows nothing of it.
INSERT OR REPLACE INTO claim (id, product_id, place_id, line_id, quantity, open, last_end_id, at)
    VALUES (3, 1, 1, 1, 1000000, 1000000, 0, 0);
INSERT OR REPLACE INTO claim_end (id, claim_id, quantity, reason, note, at)
    VALUES (1, 3, 1000000, 'released', '', 0);
INSERT OR REPLACE INTO document SELECT * FROM document WHERE id = 1;
INSERT OR REPLACE INTO document_line (id, document_id, position, name, quantity, rejected,
    price_source, discount_percent, drops, amount_only, reason, rejected_goods, priority)
    SELECT 3, 1, 1, name, quantity, rejected, price_source, discount_percent, drops, amount_only, reason,
    rejected_goods, priority FROM document_line WHERE id = 1;
UPDATE OR REPLACE move SET id = 2 WHERE id = 1;
INSERT OR REPLACE INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id)
    VALUES (1, 1, 0, 0, 0, 0, 0, 0);

-- An id that was not the database's to give.
INSERT INTO move (id, product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 1, 3, 1, 5000000, 0, 1, NULL, 0);

-- STRICT.
UPDATE document SET notes = 1.5, revision = 'many' WHERE id = 1;
INSERT INTO move (product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (1, 3, 1, 0.5, 0, 1, NULL, 0);
