-- What PostgreSQL alone has, and must refuse: TRUNCATE, ON CONFLICT over kept rows, replicas.
TRUNCATE move CASCADE;
TRUNCATE level CASCADE;
TRUNCATE claim CASCADE;
TRUNCATE claim_end CASCADE;
TRUNCATE document CASCADE;
TRUNCATE document_line CASCADE;
TRUNCATE counter CASCADE;
TRUNCATE series_question;
TRUNCATE operation CASCADE;
TRUNCATE history CASCADE;
TRUNCATE value_difference CASCADE;
TRUNCATE draw CASCADE;
TRUNCATE document_tax CASCADE;
TRUNCATE document_version CASCADE;
TRUNCATE account_entry CASCADE;
TRUNCATE allocation CASCADE;
TRUNCATE exchange_difference CASCADE;
TRUNCATE paper_file CASCADE;
TRUNCATE online_payment CASCADE;
TRUNCATE online_charge;
TRUNCATE company CASCADE;
TRUNCATE place CASCADE;
INSERT INTO move (id, product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at)
    VALUES (77, 1, 3, 1, 5000000, 0, 1, NULL, 0);
INSERT INTO move (id, product_id, from_place_id, to_place_id, quantity, value_minor, line_id, reverses, at) OVERRIDING SYSTEM VALUE
    VALUES (1, 1, 3, 1, 5000000, 0, 1, NULL, 0);
INSERT INTO operation (key, digest, result, at)
    VALUES ('k', 'd', 'other', 0) ON CONFLICT (key) DO UPDATE SET result = 'other';
INSERT INTO counter (series, last, head)
    VALUES ('IN-2026', 0, '') ON CONFLICT (series) DO UPDATE SET last = 0;

-- A session that says it is a replica skips ordinary triggers.
/* as a replica */ UPDATE level SET on_hand = 9
    WHERE product_id = 1 AND place_id = 1;
/* as a replica */ DELETE FROM move;
/* as a replica */ UPDATE document SET total_minor = 1;
