CREATE TABLE company (
	id BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	street TEXT COLLATE "C" NOT NULL,
	postal_code TEXT COLLATE "C" NOT NULL,
	city TEXT COLLATE "C" NOT NULL,
	country TEXT COLLATE "C" NOT NULL,
	tax_id TEXT COLLATE "C" NOT NULL,
	phone TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	bank_details TEXT COLLATE "C" NOT NULL,
	electronic_address TEXT COLLATE "C" NOT NULL,
	shows_payment_code BOOLEAN NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	zone TEXT COLLATE "C" NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	payment_days BIGINT NOT NULL,
	fixed BOOLEAN NOT NULL,
	logo BYTEA,
	revision BIGINT NOT NULL,
	CONSTRAINT pk_company PRIMARY KEY (id),
	CONSTRAINT ck_company_one_company CHECK (id = 1)
);
CREATE TABLE company_limit (
	name TEXT COLLATE "C" NOT NULL,
	value BIGINT NOT NULL,
	CONSTRAINT pk_company_limit PRIMARY KEY (name),
	CONSTRAINT ck_company_limit_value CHECK (value >= 0)
);
CREATE TABLE counter (
	series TEXT COLLATE "C" NOT NULL,
	last BIGINT NOT NULL,
	last_on TEXT COLLATE "C",
	head TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (series),
	CONSTRAINT ck_counter_last CHECK (last >= 0)
);
CREATE TABLE inbox (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	update_id BIGINT NOT NULL,
	received_day TEXT COLLATE "C" NOT NULL,
	chat_id BIGINT NOT NULL,
	raw TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	tries BIGINT NOT NULL,
	incident TEXT COLLATE "C",
	received_at BIGINT NOT NULL,
	done_at BIGINT,
	CONSTRAINT pk_inbox PRIMARY KEY (id),
	CONSTRAINT ck_inbox_state CHECK (state IN ('new', 'done', 'unreadable', 'failed')),
	CONSTRAINT uq_inbox_update_id_received_day UNIQUE (update_id, received_day)
);
CREATE INDEX inbox_open ON inbox (state, chat_id, id);
CREATE TABLE operation (
	key TEXT COLLATE "C" NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	result TEXT COLLATE "C" NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_operation PRIMARY KEY (key)
);
CREATE TABLE paper_template (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	look TEXT COLLATE "C" NOT NULL,
	archived_at BIGINT,
	created_at BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	CONSTRAINT pk_paper_template PRIMARY KEY (id),
	CONSTRAINT ck_paper_template_revision CHECK (revision >= 0)
);
CREATE TABLE person (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	telegram_id BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	zone TEXT COLLATE "C",
	blocked_at BIGINT,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT uq_person_telegram_id UNIQUE (telegram_id)
);
CREATE TABLE place (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	role TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	inside BOOLEAN NOT NULL,
	CONSTRAINT pk_place PRIMARY KEY (id),
	CONSTRAINT ck_place_role CHECK (role IN ('warehouse', 'quarantine', 'vendor', 'customer', 'loss'))
);
CREATE TABLE price_book (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT COLLATE "C" NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	valid_from TEXT COLLATE "C",
	valid_until TEXT COLLATE "C",
	is_default BOOLEAN NOT NULL,
	archived_at BIGINT,
	CONSTRAINT pk_price_book PRIMARY KEY (id),
	CONSTRAINT uq_price_book_name UNIQUE (name)
);
CREATE TABLE search_change (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	token BIGINT NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	subject_id BIGINT NOT NULL,
	CONSTRAINT pk_search_change PRIMARY KEY (id),
	CONSTRAINT ck_search_change_subject CHECK (subject IN ('product', 'party'))
);
CREATE TABLE setting (
	name TEXT COLLATE "C" NOT NULL,
	value TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (name)
);
CREATE TABLE tax (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT COLLATE "C" NOT NULL,
	category TEXT COLLATE "C" NOT NULL,
	percent BIGINT NOT NULL,
	is_default BOOLEAN NOT NULL,
	archived_at BIGINT,
	CONSTRAINT pk_tax PRIMARY KEY (id),
	CONSTRAINT uq_tax_name UNIQUE (name)
);
CREATE TABLE exchange_rate (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	currency TEXT COLLATE "C" NOT NULL,
	day TEXT COLLATE "C" NOT NULL,
	rate BIGINT NOT NULL,
	source TEXT COLLATE "C" NOT NULL,
	entered_by BIGINT,
	CONSTRAINT pk_exchange_rate PRIMARY KEY (id),
	CONSTRAINT uq_exchange_rate_currency_day UNIQUE (currency, day),
	CONSTRAINT ck_exchange_rate_positive CHECK (rate > 0),
	CONSTRAINT fk_exchange_rate_entered_by FOREIGN KEY(entered_by) REFERENCES person (id)
);
CREATE TABLE focus (
	chat_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	form TEXT COLLATE "C" NOT NULL,
	step TEXT COLLATE "C" NOT NULL,
	answers TEXT COLLATE "C" NOT NULL,
	message_id BIGINT,
	expires_at BIGINT NOT NULL,
	CONSTRAINT pk_focus PRIMARY KEY (chat_id),
	CONSTRAINT fk_focus_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE history (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	subject TEXT COLLATE "C" NOT NULL,
	subject_id BIGINT NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	person_id BIGINT,
	at BIGINT NOT NULL,
	source TEXT COLLATE "C" NOT NULL,
	facts TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_history PRIMARY KEY (id),
	CONSTRAINT fk_history_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX history_of_subject ON history (subject, subject_id, id);
CREATE TABLE import_file (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	sha256 TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	summary TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	person_id BIGINT,
	revision BIGINT NOT NULL,
	at BIGINT NOT NULL,
	done_at BIGINT,
	CONSTRAINT pk_import_file PRIMARY KEY (id),
	CONSTRAINT ck_import_file_state CHECK (state IN ('read', 'offered', 'refused', 'waiting', 'done', 'undone')),
	CONSTRAINT fk_import_file_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX import_file_by_hash ON import_file (sha256, state);
CREATE INDEX import_file_open ON import_file (state, id);
CREATE TABLE outbox (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	chat_id BIGINT NOT NULL,
	person_id BIGINT,
	form TEXT COLLATE "C" NOT NULL,
	payload TEXT COLLATE "C" NOT NULL,
	message_id BIGINT,
	reply_to BIGINT,
	dedup TEXT COLLATE "C",
	state TEXT COLLATE "C" NOT NULL,
	tries BIGINT NOT NULL,
	not_before BIGINT,
	lease_until BIGINT,
	placeholder_id BIGINT,
	sent_message_id BIGINT,
	problem TEXT COLLATE "C" NOT NULL,
	queued_at BIGINT NOT NULL,
	sent_at BIGINT,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT ck_outbox_form CHECK (form IN ('card', 'notice', 'paper', 'answer', 'request')),
	CONSTRAINT ck_outbox_state CHECK (state IN ('queued', 'sending', 'sent', 'unsure', 'dead', 'withheld', 'merged')),
	CONSTRAINT uq_outbox_dedup UNIQUE (dedup),
	CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX outbox_open ON outbox (state, chat_id, id);
CREATE TABLE party (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT COLLATE "C" NOT NULL,
	folded_name TEXT COLLATE "C" NOT NULL,
	is_customer BOOLEAN NOT NULL,
	is_vendor BOOLEAN NOT NULL,
	currency TEXT COLLATE "C",
	language TEXT COLLATE "C" NOT NULL,
	tax_id TEXT COLLATE "C" NOT NULL,
	electronic_address TEXT COLLATE "C" NOT NULL,
	tax_rule_id BIGINT,
	payment_days BIGINT,
	payment_mode TEXT COLLATE "C" NOT NULL,
	price_book_id BIGINT,
	template_id BIGINT,
	archived_at BIGINT,
	merged_into BIGINT,
	created_at BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	CONSTRAINT pk_party PRIMARY KEY (id),
	CONSTRAINT ck_party_customer_or_vendor CHECK (is_customer OR is_vendor),
	CONSTRAINT fk_party_tax_rule_id FOREIGN KEY(tax_rule_id) REFERENCES tax (id),
	CONSTRAINT fk_party_price_book_id FOREIGN KEY(price_book_id) REFERENCES price_book (id),
	CONSTRAINT fk_party_template_id FOREIGN KEY(template_id) REFERENCES paper_template (id),
	CONSTRAINT fk_party_merged_into FOREIGN KEY(merged_into) REFERENCES party (id)
);
CREATE INDEX party_by_folded_name ON party (folded_name);
CREATE TABLE person_role (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	person_id BIGINT NOT NULL,
	role TEXT COLLATE "C" NOT NULL,
	since BIGINT NOT NULL,
	CONSTRAINT pk_person_role PRIMARY KEY (id),
	CONSTRAINT uq_person_role_person_id_role UNIQUE (person_id, role),
	CONSTRAINT fk_person_role_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE product (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	sku TEXT COLLATE "C" NOT NULL,
	folded_sku TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	folded_name TEXT COLLATE "C" NOT NULL,
	nature TEXT COLLATE "C" NOT NULL,
	barcode TEXT COLLATE "C",
	unit TEXT COLLATE "C" NOT NULL,
	unit_digits BIGINT NOT NULL,
	tax_id BIGINT,
	category TEXT COLLATE "C" NOT NULL,
	shelf TEXT COLLATE "C" NOT NULL,
	list_price BIGINT,
	cost_price BIGINT,
	reorder_level BIGINT,
	photo_file_id TEXT COLLATE "C",
	archived_at BIGINT,
	merged_into BIGINT,
	created_at BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	CONSTRAINT pk_product PRIMARY KEY (id),
	CONSTRAINT ck_product_nature CHECK (nature IN ('goods', 'service')),
	CONSTRAINT ck_product_unit_digits CHECK (unit_digits BETWEEN 0 AND 6),
	CONSTRAINT fk_product_tax_id FOREIGN KEY(tax_id) REFERENCES tax (id),
	CONSTRAINT fk_product_merged_into FOREIGN KEY(merged_into) REFERENCES product (id)
);
CREATE UNIQUE INDEX product_by_barcode ON product (barcode);
CREATE UNIQUE INDEX product_by_folded_sku ON product (folded_sku);
CREATE TABLE series_question (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	series TEXT COLLATE "C" NOT NULL,
	last_known BIGINT NOT NULL,
	copied_at BIGINT NOT NULL,
	asked_at BIGINT NOT NULL,
	last_given BIGINT,
	answered_at BIGINT,
	answered_by BIGINT,
	CONSTRAINT pk_series_question PRIMARY KEY (id),
	CONSTRAINT ck_series_question_last_known CHECK (last_known >= 0),
	CONSTRAINT ck_series_question_last_given CHECK (last_given >= last_known),
	CONSTRAINT ck_series_question_answered CHECK ((last_given IS NULL) = (answered_at IS NULL)),
	CONSTRAINT fk_series_question_answered_by FOREIGN KEY(answered_by) REFERENCES person (id)
);
CREATE INDEX question_of_series ON series_question (series, id);
CREATE TABLE stored_file (
	sha256 TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	person_id BIGINT,
	at BIGINT NOT NULL,
	CONSTRAINT pk_stored_file PRIMARY KEY (sha256),
	CONSTRAINT fk_stored_file_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE template_default (
	kind TEXT COLLATE "C" NOT NULL,
	template_id BIGINT NOT NULL,
	CONSTRAINT pk_template_default PRIMARY KEY (kind),
	CONSTRAINT fk_template_default_template_id FOREIGN KEY(template_id) REFERENCES paper_template (id)
);
CREATE INDEX default_of_template ON template_default (template_id);
CREATE TABLE ui_message (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	chat_id BIGINT NOT NULL,
	message_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	screen TEXT COLLATE "C" NOT NULL,
	revision BIGINT NOT NULL,
	retired BOOLEAN NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_ui_message PRIMARY KEY (id),
	CONSTRAINT uq_ui_message_chat_id_message_id UNIQUE (chat_id, message_id),
	CONSTRAINT fk_ui_message_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ui_message_of_subject ON ui_message (subject, chat_id, id);
CREATE TABLE address (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	party_id BIGINT NOT NULL,
	use TEXT COLLATE "C" NOT NULL,
	street TEXT COLLATE "C" NOT NULL,
	postal_code TEXT COLLATE "C" NOT NULL,
	city TEXT COLLATE "C" NOT NULL,
	country TEXT COLLATE "C" NOT NULL,
	ended_at BIGINT,
	CONSTRAINT pk_address PRIMARY KEY (id),
	CONSTRAINT ck_address_use CHECK (use IN ('billing', 'delivery')),
	CONSTRAINT fk_address_party_id FOREIGN KEY(party_id) REFERENCES party (id)
);
CREATE INDEX address_of_party ON address (party_id);
CREATE TABLE contact (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	party_id BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	phone TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	person_id BIGINT,
	may_see_money BOOLEAN NOT NULL,
	may_order BOOLEAN NOT NULL,
	ended_at BIGINT,
	CONSTRAINT pk_contact PRIMARY KEY (id),
	CONSTRAINT fk_contact_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_contact_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX contact_of_party ON contact (party_id);
CREATE INDEX contact_of_person ON contact (person_id);
CREATE TABLE import_row (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	import_file_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	subject_id BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	previous TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_import_row PRIMARY KEY (id),
	CONSTRAINT uq_import_row_import_file_id_number_subject_subject_id UNIQUE (import_file_id, number, subject, subject_id),
	CONSTRAINT fk_import_row_import_file_id FOREIGN KEY(import_file_id) REFERENCES import_file (id)
);
CREATE TABLE level (
	product_id BIGINT NOT NULL,
	place_id BIGINT NOT NULL,
	on_hand BIGINT NOT NULL,
	claimed BIGINT NOT NULL,
	value_minor BIGINT NOT NULL,
	last_move_id BIGINT NOT NULL,
	last_claim_id BIGINT NOT NULL,
	last_claim_end_id BIGINT NOT NULL,
	CONSTRAINT pk_level PRIMARY KEY (product_id, place_id),
	CONSTRAINT ck_level_on_hand CHECK (on_hand >= 0),
	CONSTRAINT ck_level_claimed CHECK (claimed >= 0),
	CONSTRAINT ck_level_claimed_on_hand CHECK (claimed <= on_hand),
	CONSTRAINT ck_level_value CHECK (value_minor >= 0),
	CONSTRAINT ck_level_no_value_on_nothing CHECK (on_hand > 0 OR value_minor = 0),
	CONSTRAINT fk_level_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_level_place_id FOREIGN KEY(place_id) REFERENCES place (id)
);
CREATE TABLE price (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	price_book_id BIGINT NOT NULL,
	product_id BIGINT NOT NULL,
	from_quantity BIGINT NOT NULL,
	unit_price BIGINT NOT NULL,
	CONSTRAINT pk_price PRIMARY KEY (id),
	CONSTRAINT uq_price_price_book_id_product_id_from_quantity UNIQUE (price_book_id, product_id, from_quantity),
	CONSTRAINT ck_price_not_negative CHECK (unit_price >= 0),
	CONSTRAINT fk_price_price_book_id FOREIGN KEY(price_book_id) REFERENCES price_book (id),
	CONSTRAINT fk_price_product_id FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE product_lock (
	product_id BIGINT NOT NULL,
	CONSTRAINT pk_product_lock PRIMARY KEY (product_id),
	CONSTRAINT fk_product_lock_product_id FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE product_name (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	product_id BIGINT NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	folded_name TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_product_name PRIMARY KEY (id),
	CONSTRAINT uq_product_name_product_id_language UNIQUE (product_id, language),
	CONSTRAINT fk_product_name_product_id FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE document (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	kind TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	revision BIGINT NOT NULL,
	version BIGINT NOT NULL,
	series TEXT COLLATE "C",
	sequence BIGINT,
	number TEXT COLLATE "C",
	foreign_number TEXT COLLATE "C",
	party_id BIGINT,
	contact_id BIGINT,
	delivery_address_id BIGINT,
	currency TEXT COLLATE "C",
	rate BIGINT,
	rate_on TEXT COLLATE "C",
	rate_source TEXT COLLATE "C",
	issued_on TEXT COLLATE "C",
	delivery_on TEXT COLLATE "C",
	due_on TEXT COLLATE "C",
	valid_until BIGINT,
	reference TEXT COLLATE "C" NOT NULL,
	payment_days BIGINT,
	payment_mode TEXT COLLATE "C" NOT NULL,
	ships_complete BOOLEAN NOT NULL,
	prices_include_tax BOOLEAN NOT NULL,
	discount_percent BIGINT NOT NULL,
	discount_minor BIGINT NOT NULL,
	notes TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C",
	amount_minor BIGINT,
	received_currency TEXT COLLATE "C",
	received_minor BIGINT,
	received_rate BIGINT,
	net_minor BIGINT,
	tax_minor BIGINT,
	total_minor BIGINT,
	source_id BIGINT,
	amends_id BIGINT,
	created_by BIGINT,
	created_at BIGINT NOT NULL,
	numbered_at BIGINT,
	ended_at BIGINT,
	watched TEXT COLLATE "C",
	template_id BIGINT,
	snapshot TEXT COLLATE "C",
	previous_hash TEXT COLLATE "C",
	hash TEXT COLLATE "C",
	CONSTRAINT pk_document PRIMARY KEY (id),
	CONSTRAINT uq_document_series_sequence UNIQUE (series, sequence),
	CONSTRAINT uq_document_number UNIQUE (number),
	CONSTRAINT uq_document_kind_party_id_foreign_number UNIQUE (kind, party_id, foreign_number),
	CONSTRAINT ck_document_number_and_sequence CHECK ((number IS NULL) = (sequence IS NULL)),
	CONSTRAINT ck_document_numbered CHECK (number IS NOT NULL OR state IN ('draft', 'requested', 'declined', 'cancelled')),
	CONSTRAINT ck_document_revision CHECK (revision >= 0),
	CONSTRAINT ck_document_change_without_number CHECK (amends_id IS NULL OR number IS NULL),
	CONSTRAINT fk_document_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_document_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id),
	CONSTRAINT fk_document_delivery_address_id FOREIGN KEY(delivery_address_id) REFERENCES address (id),
	CONSTRAINT fk_document_source_id FOREIGN KEY(source_id) REFERENCES document (id),
	CONSTRAINT fk_document_amends_id FOREIGN KEY(amends_id) REFERENCES document (id),
	CONSTRAINT fk_document_created_by FOREIGN KEY(created_by) REFERENCES person (id),
	CONSTRAINT fk_document_template_id FOREIGN KEY(template_id) REFERENCES paper_template (id)
);
CREATE INDEX document_by_kind ON document (kind, state, id);
CREATE INDEX document_due ON document (kind, due_on);
CREATE INDEX document_of_party ON document (party_id, kind, id);
CREATE INDEX document_of_source ON document (source_id);
CREATE TABLE invitation (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	token_hash TEXT COLLATE "C" NOT NULL,
	role TEXT COLLATE "C" NOT NULL,
	contact_id BIGINT,
	created_by BIGINT,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_by BIGINT,
	used_at BIGINT,
	CONSTRAINT pk_invitation PRIMARY KEY (id),
	CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_invitation_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id),
	CONSTRAINT fk_invitation_created_by FOREIGN KEY(created_by) REFERENCES person (id),
	CONSTRAINT fk_invitation_used_by FOREIGN KEY(used_by) REFERENCES person (id)
);
CREATE TABLE account_entry (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	party_id BIGINT NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	amount_minor BIGINT NOT NULL,
	document_id BIGINT NOT NULL,
	reverses BIGINT,
	booked_on TEXT COLLATE "C" NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_account_entry PRIMARY KEY (id),
	CONSTRAINT ck_account_entry_not_zero CHECK (amount_minor <> 0),
	CONSTRAINT fk_account_entry_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_account_entry_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT uq_account_entry_reverses UNIQUE (reverses),
	CONSTRAINT fk_account_entry_reverses FOREIGN KEY(reverses) REFERENCES account_entry (id)
);
CREATE INDEX entry_of_document ON account_entry (document_id);
CREATE INDEX entry_of_party ON account_entry (party_id, currency, id);
CREATE TABLE allocation (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	debit_id BIGINT NOT NULL,
	credit_id BIGINT NOT NULL,
	amount_minor BIGINT NOT NULL,
	undoes BIGINT,
	person_id BIGINT,
	at BIGINT NOT NULL,
	CONSTRAINT pk_allocation PRIMARY KEY (id),
	CONSTRAINT ck_allocation_not_zero CHECK (amount_minor <> 0),
	CONSTRAINT ck_allocation_opposite CHECK ((undoes IS NULL) = (amount_minor > 0)),
	CONSTRAINT fk_allocation_debit_id FOREIGN KEY(debit_id) REFERENCES document (id),
	CONSTRAINT fk_allocation_credit_id FOREIGN KEY(credit_id) REFERENCES document (id),
	CONSTRAINT uq_allocation_undoes UNIQUE (undoes),
	CONSTRAINT fk_allocation_undoes FOREIGN KEY(undoes) REFERENCES allocation (id),
	CONSTRAINT fk_allocation_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX allocation_of_credit ON allocation (credit_id);
CREATE INDEX allocation_of_debit ON allocation (debit_id);
CREATE TABLE approval (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	document_revision BIGINT NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	limit_name TEXT COLLATE "C" NOT NULL,
	figures TEXT COLLATE "C" NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	asked_by BIGINT NOT NULL,
	asked_at BIGINT NOT NULL,
	decided_by BIGINT,
	decided_at BIGINT,
	reason TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_approval PRIMARY KEY (id),
	CONSTRAINT ck_approval_state CHECK (state IN ('asked', 'granted', 'refused', 'void', 'used')),
	CONSTRAINT fk_approval_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_approval_asked_by FOREIGN KEY(asked_by) REFERENCES person (id),
	CONSTRAINT fk_approval_decided_by FOREIGN KEY(decided_by) REFERENCES person (id)
);
CREATE INDEX approval_of_document ON approval (document_id, state);
CREATE TABLE attachment (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	mime TEXT COLLATE "C" NOT NULL,
	telegram_file_id TEXT COLLATE "C" NOT NULL,
	person_id BIGINT,
	at BIGINT NOT NULL,
	CONSTRAINT pk_attachment PRIMARY KEY (id),
	CONSTRAINT fk_attachment_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_attachment_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX attachment_of_document ON attachment (document_id);
CREATE TABLE deposit (
	payment_id BIGINT NOT NULL,
	order_id BIGINT NOT NULL,
	CONSTRAINT pk_deposit PRIMARY KEY (payment_id),
	CONSTRAINT fk_deposit_payment_id FOREIGN KEY(payment_id) REFERENCES document (id),
	CONSTRAINT fk_deposit_order_id FOREIGN KEY(order_id) REFERENCES document (id)
);
CREATE TABLE document_line (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	position BIGINT NOT NULL,
	product_id BIGINT,
	name TEXT COLLATE "C" NOT NULL,
	quantity BIGINT NOT NULL,
	rejected BIGINT NOT NULL,
	unit_price BIGINT,
	price_source TEXT COLLATE "C" NOT NULL,
	discount_percent BIGINT NOT NULL,
	tax_category TEXT COLLATE "C",
	tax_percent BIGINT,
	net_minor BIGINT,
	from_place_id BIGINT,
	to_place_id BIGINT,
	drops BOOLEAN NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	source_line_id BIGINT,
	rejected_goods BOOLEAN NOT NULL,
	credited_line_id BIGINT,
	amount_only BOOLEAN NOT NULL,
	counted BIGINT,
	level_at_count BIGINT,
	move_at_count BIGINT,
	priority BIGINT NOT NULL,
	asked_at BIGINT,
	CONSTRAINT pk_document_line PRIMARY KEY (id),
	CONSTRAINT ck_document_line_quantity CHECK (quantity >= 0),
	CONSTRAINT ck_document_line_rejected CHECK (rejected >= 0),
	CONSTRAINT ck_document_line_discount CHECK (discount_percent >= 0 AND discount_percent <= 1000000),
	CONSTRAINT fk_document_line_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_document_line_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_document_line_from_place_id FOREIGN KEY(from_place_id) REFERENCES place (id),
	CONSTRAINT fk_document_line_to_place_id FOREIGN KEY(to_place_id) REFERENCES place (id),
	CONSTRAINT fk_document_line_source_line_id FOREIGN KEY(source_line_id) REFERENCES document_line (id),
	CONSTRAINT fk_document_line_credited_line_id FOREIGN KEY(credited_line_id) REFERENCES document_line (id)
);
CREATE INDEX line_of_document ON document_line (document_id, position);
CREATE INDEX line_of_product ON document_line (product_id, document_id);
CREATE INDEX line_of_source ON document_line (source_line_id);
CREATE TABLE document_tax (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	category TEXT COLLATE "C" NOT NULL,
	percent BIGINT NOT NULL,
	base_minor BIGINT NOT NULL,
	tax_minor BIGINT NOT NULL,
	CONSTRAINT pk_document_tax PRIMARY KEY (id),
	CONSTRAINT fk_document_tax_document_id FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE INDEX tax_of_document ON document_tax (document_id);
CREATE TABLE document_version (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	net_minor BIGINT,
	tax_minor BIGINT,
	total_minor BIGINT,
	snapshot TEXT COLLATE "C" NOT NULL,
	person_id BIGINT,
	at BIGINT NOT NULL,
	CONSTRAINT pk_document_version PRIMARY KEY (id),
	CONSTRAINT uq_document_version_document_id_version UNIQUE (document_id, version),
	CONSTRAINT fk_document_version_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_document_version_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE online_payment (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	payload TEXT COLLATE "C" NOT NULL,
	document_id BIGINT NOT NULL,
	party_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	amount_minor BIGINT NOT NULL,
	at BIGINT NOT NULL,
	checkout_id TEXT COLLATE "C",
	checkout_by BIGINT,
	checkout_at BIGINT,
	CONSTRAINT pk_online_payment PRIMARY KEY (id),
	CONSTRAINT ck_online_payment_amount CHECK (amount_minor > 0),
	CONSTRAINT ck_online_payment_checkout CHECK ((checkout_id IS NULL) = (checkout_at IS NULL) AND (checkout_id IS NULL) = (checkout_by IS NULL)),
	CONSTRAINT uq_online_payment_payload UNIQUE (payload),
	CONSTRAINT fk_online_payment_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_online_payment_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_online_payment_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_online_payment_checkout_by FOREIGN KEY(checkout_by) REFERENCES person (id)
);
CREATE INDEX online_payment_of_document ON online_payment (document_id);
CREATE TABLE paper_file (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	document_id BIGINT NOT NULL,
	revision_key TEXT COLLATE "C" NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	sha256 TEXT COLLATE "C" NOT NULL,
	content BYTEA NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_paper_file PRIMARY KEY (id),
	CONSTRAINT uq_paper_file_document_id_revision_key_language UNIQUE (document_id, revision_key, language),
	CONSTRAINT fk_paper_file_document_id FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE TABLE unsettled (
	document_id BIGINT NOT NULL,
	minor BIGINT NOT NULL,
	CONSTRAINT pk_unsettled PRIMARY KEY (document_id),
	CONSTRAINT fk_unsettled_document_id FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE INDEX unsettled_left ON unsettled (minor);
CREATE TABLE claim (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	product_id BIGINT NOT NULL,
	place_id BIGINT NOT NULL,
	line_id BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	open BIGINT NOT NULL,
	until BIGINT,
	last_end_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_claim PRIMARY KEY (id),
	CONSTRAINT ck_claim_quantity CHECK (quantity > 0),
	CONSTRAINT ck_claim_open CHECK (open >= 0 AND open <= quantity),
	CONSTRAINT fk_claim_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_claim_place_id FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_claim_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
);
CREATE INDEX claim_of_line ON claim (line_id);
CREATE INDEX claim_of_product ON claim (product_id, open);
CREATE INDEX claim_until ON claim (until);
CREATE TABLE draw (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	line_id BIGINT NOT NULL,
	by_line_id BIGINT NOT NULL,
	track TEXT COLLATE "C" NOT NULL,
	quantity BIGINT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_draw PRIMARY KEY (id),
	CONSTRAINT ck_draw_not_zero CHECK (quantity <> 0),
	CONSTRAINT fk_draw_line_id FOREIGN KEY(line_id) REFERENCES document_line (id),
	CONSTRAINT fk_draw_by_line_id FOREIGN KEY(by_line_id) REFERENCES document_line (id)
);
CREATE INDEX draw_by_line ON draw (by_line_id);
CREATE INDEX draw_of_line ON draw (line_id, track);
CREATE TABLE exchange_difference (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	allocation_id BIGINT NOT NULL,
	amount_minor BIGINT NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_exchange_difference PRIMARY KEY (id),
	CONSTRAINT fk_exchange_difference_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id)
);
CREATE INDEX difference_of_allocation ON exchange_difference (allocation_id);
CREATE TABLE move (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	product_id BIGINT NOT NULL,
	from_place_id BIGINT NOT NULL,
	to_place_id BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	value_minor BIGINT NOT NULL,
	line_id BIGINT NOT NULL,
	reverses BIGINT,
	person_id BIGINT,
	at BIGINT NOT NULL,
	CONSTRAINT pk_move PRIMARY KEY (id),
	CONSTRAINT ck_move_quantity CHECK (quantity > 0),
	CONSTRAINT ck_move_value CHECK (value_minor >= 0),
	CONSTRAINT ck_move_two_places CHECK (from_place_id <> to_place_id),
	CONSTRAINT fk_move_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_move_from_place_id FOREIGN KEY(from_place_id) REFERENCES place (id),
	CONSTRAINT fk_move_to_place_id FOREIGN KEY(to_place_id) REFERENCES place (id),
	CONSTRAINT fk_move_line_id FOREIGN KEY(line_id) REFERENCES document_line (id),
	CONSTRAINT uq_move_reverses UNIQUE (reverses),
	CONSTRAINT fk_move_reverses FOREIGN KEY(reverses) REFERENCES move (id),
	CONSTRAINT fk_move_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX move_of_line ON move (line_id);
CREATE INDEX move_of_product ON move (product_id, id);
CREATE TABLE online_charge (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	telegram_charge_id TEXT COLLATE "C" NOT NULL,
	provider_charge_id TEXT COLLATE "C" NOT NULL,
	online_payment_id BIGINT,
	payload TEXT COLLATE "C" NOT NULL,
	person_id BIGINT NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	amount_minor BIGINT NOT NULL,
	at BIGINT NOT NULL,
	payment_id BIGINT,
	CONSTRAINT pk_online_charge PRIMARY KEY (id),
	CONSTRAINT ck_online_charge_amount CHECK (amount_minor > 0),
	CONSTRAINT uq_online_charge_telegram_charge_id UNIQUE (telegram_charge_id),
	CONSTRAINT fk_online_charge_online_payment_id FOREIGN KEY(online_payment_id) REFERENCES online_payment (id),
	CONSTRAINT fk_online_charge_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT uq_online_charge_payment_id UNIQUE (payment_id),
	CONSTRAINT fk_online_charge_payment_id FOREIGN KEY(payment_id) REFERENCES document (id)
);
CREATE INDEX online_charge_of_request ON online_charge (online_payment_id);
CREATE TABLE outstanding (
	line_id BIGINT NOT NULL,
	track TEXT COLLATE "C" NOT NULL,
	quantity BIGINT NOT NULL,
	CONSTRAINT pk_outstanding PRIMARY KEY (line_id),
	CONSTRAINT ck_outstanding_track CHECK (track IN ('fulfil', 'inspect')),
	CONSTRAINT fk_outstanding_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
);
CREATE INDEX outstanding_left ON outstanding (track, quantity);
CREATE TABLE value_difference (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	product_id BIGINT NOT NULL,
	line_id BIGINT NOT NULL,
	amount_minor BIGINT NOT NULL,
	cause TEXT COLLATE "C" NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_value_difference PRIMARY KEY (id),
	CONSTRAINT fk_value_difference_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_value_difference_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
);
CREATE TABLE waiting (
	line_id BIGINT NOT NULL,
	product_id BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	priority BIGINT NOT NULL,
	asked_at BIGINT NOT NULL,
	until BIGINT,
	complete_only BOOLEAN NOT NULL,
	CONSTRAINT pk_waiting PRIMARY KEY (line_id),
	CONSTRAINT ck_waiting_quantity CHECK (quantity > 0),
	CONSTRAINT fk_waiting_line_id FOREIGN KEY(line_id) REFERENCES document_line (id),
	CONSTRAINT fk_waiting_product_id FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE INDEX queue_of_product ON waiting (product_id, priority, asked_at, line_id);
CREATE TABLE claim_end (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	claim_id BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	by_line_id BIGINT,
	person_id BIGINT,
	note TEXT COLLATE "C" NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_claim_end PRIMARY KEY (id),
	CONSTRAINT ck_claim_end_quantity CHECK (quantity > 0),
	CONSTRAINT ck_claim_end_reason CHECK (reason IN ('consumed', 'released', 'expired', 'displaced', 'handed_over')),
	CONSTRAINT fk_claim_end_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_end_by_line_id FOREIGN KEY(by_line_id) REFERENCES document_line (id),
	CONSTRAINT fk_claim_end_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX claim_end_by_line ON claim_end (by_line_id);
CREATE INDEX claim_end_of_claim ON claim_end (claim_id);
CREATE FUNCTION move_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of move is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER move_not_changed BEFORE UPDATE ON move FOR EACH ROW EXECUTE FUNCTION move_not_changed();
ALTER TABLE move ENABLE ALWAYS TRIGGER move_not_changed;
CREATE FUNCTION move_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of move is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER move_not_removed BEFORE DELETE ON move FOR EACH ROW EXECUTE FUNCTION move_not_removed();
ALTER TABLE move ENABLE ALWAYS TRIGGER move_not_removed;
CREATE FUNCTION move_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'move is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER move_not_emptied BEFORE TRUNCATE ON move FOR EACH STATEMENT EXECUTE FUNCTION move_not_emptied();
ALTER TABLE move ENABLE ALWAYS TRIGGER move_not_emptied;
CREATE FUNCTION claim_end_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of claim_end is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER claim_end_not_changed BEFORE UPDATE ON claim_end FOR EACH ROW EXECUTE FUNCTION claim_end_not_changed();
ALTER TABLE claim_end ENABLE ALWAYS TRIGGER claim_end_not_changed;
CREATE FUNCTION claim_end_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of claim_end is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER claim_end_not_removed BEFORE DELETE ON claim_end FOR EACH ROW EXECUTE FUNCTION claim_end_not_removed();
ALTER TABLE claim_end ENABLE ALWAYS TRIGGER claim_end_not_removed;
CREATE FUNCTION claim_end_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'claim_end is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER claim_end_not_emptied BEFORE TRUNCATE ON claim_end FOR EACH STATEMENT EXECUTE FUNCTION claim_end_not_emptied();
ALTER TABLE claim_end ENABLE ALWAYS TRIGGER claim_end_not_emptied;
CREATE FUNCTION value_difference_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of value_difference is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER value_difference_not_changed BEFORE UPDATE ON value_difference FOR EACH ROW EXECUTE FUNCTION value_difference_not_changed();
ALTER TABLE value_difference ENABLE ALWAYS TRIGGER value_difference_not_changed;
CREATE FUNCTION value_difference_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of value_difference is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER value_difference_not_removed BEFORE DELETE ON value_difference FOR EACH ROW EXECUTE FUNCTION value_difference_not_removed();
ALTER TABLE value_difference ENABLE ALWAYS TRIGGER value_difference_not_removed;
CREATE FUNCTION value_difference_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'value_difference is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER value_difference_not_emptied BEFORE TRUNCATE ON value_difference FOR EACH STATEMENT EXECUTE FUNCTION value_difference_not_emptied();
ALTER TABLE value_difference ENABLE ALWAYS TRIGGER value_difference_not_emptied;
CREATE FUNCTION draw_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of draw is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER draw_not_changed BEFORE UPDATE ON draw FOR EACH ROW EXECUTE FUNCTION draw_not_changed();
ALTER TABLE draw ENABLE ALWAYS TRIGGER draw_not_changed;
CREATE FUNCTION draw_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of draw is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER draw_not_removed BEFORE DELETE ON draw FOR EACH ROW EXECUTE FUNCTION draw_not_removed();
ALTER TABLE draw ENABLE ALWAYS TRIGGER draw_not_removed;
CREATE FUNCTION draw_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'draw is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER draw_not_emptied BEFORE TRUNCATE ON draw FOR EACH STATEMENT EXECUTE FUNCTION draw_not_emptied();
ALTER TABLE draw ENABLE ALWAYS TRIGGER draw_not_emptied;
CREATE FUNCTION document_tax_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of document_tax is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_tax_not_changed BEFORE UPDATE ON document_tax FOR EACH ROW EXECUTE FUNCTION document_tax_not_changed();
ALTER TABLE document_tax ENABLE ALWAYS TRIGGER document_tax_not_changed;
CREATE FUNCTION document_tax_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of document_tax is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER document_tax_not_removed BEFORE DELETE ON document_tax FOR EACH ROW EXECUTE FUNCTION document_tax_not_removed();
ALTER TABLE document_tax ENABLE ALWAYS TRIGGER document_tax_not_removed;
CREATE FUNCTION document_tax_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'document_tax is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER document_tax_not_emptied BEFORE TRUNCATE ON document_tax FOR EACH STATEMENT EXECUTE FUNCTION document_tax_not_emptied();
ALTER TABLE document_tax ENABLE ALWAYS TRIGGER document_tax_not_emptied;
CREATE FUNCTION document_version_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of document_version is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_version_not_changed BEFORE UPDATE ON document_version FOR EACH ROW EXECUTE FUNCTION document_version_not_changed();
ALTER TABLE document_version ENABLE ALWAYS TRIGGER document_version_not_changed;
CREATE FUNCTION document_version_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of document_version is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER document_version_not_removed BEFORE DELETE ON document_version FOR EACH ROW EXECUTE FUNCTION document_version_not_removed();
ALTER TABLE document_version ENABLE ALWAYS TRIGGER document_version_not_removed;
CREATE FUNCTION document_version_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'document_version is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER document_version_not_emptied BEFORE TRUNCATE ON document_version FOR EACH STATEMENT EXECUTE FUNCTION document_version_not_emptied();
ALTER TABLE document_version ENABLE ALWAYS TRIGGER document_version_not_emptied;
CREATE FUNCTION account_entry_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of account_entry is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER account_entry_not_changed BEFORE UPDATE ON account_entry FOR EACH ROW EXECUTE FUNCTION account_entry_not_changed();
ALTER TABLE account_entry ENABLE ALWAYS TRIGGER account_entry_not_changed;
CREATE FUNCTION account_entry_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of account_entry is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER account_entry_not_removed BEFORE DELETE ON account_entry FOR EACH ROW EXECUTE FUNCTION account_entry_not_removed();
ALTER TABLE account_entry ENABLE ALWAYS TRIGGER account_entry_not_removed;
CREATE FUNCTION account_entry_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'account_entry is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER account_entry_not_emptied BEFORE TRUNCATE ON account_entry FOR EACH STATEMENT EXECUTE FUNCTION account_entry_not_emptied();
ALTER TABLE account_entry ENABLE ALWAYS TRIGGER account_entry_not_emptied;
CREATE FUNCTION allocation_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of allocation is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER allocation_not_changed BEFORE UPDATE ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_not_changed();
ALTER TABLE allocation ENABLE ALWAYS TRIGGER allocation_not_changed;
CREATE FUNCTION allocation_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of allocation is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER allocation_not_removed BEFORE DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_not_removed();
ALTER TABLE allocation ENABLE ALWAYS TRIGGER allocation_not_removed;
CREATE FUNCTION allocation_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'allocation is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER allocation_not_emptied BEFORE TRUNCATE ON allocation FOR EACH STATEMENT EXECUTE FUNCTION allocation_not_emptied();
ALTER TABLE allocation ENABLE ALWAYS TRIGGER allocation_not_emptied;
CREATE FUNCTION exchange_difference_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of exchange_difference is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER exchange_difference_not_changed BEFORE UPDATE ON exchange_difference FOR EACH ROW EXECUTE FUNCTION exchange_difference_not_changed();
ALTER TABLE exchange_difference ENABLE ALWAYS TRIGGER exchange_difference_not_changed;
CREATE FUNCTION exchange_difference_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of exchange_difference is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER exchange_difference_not_removed BEFORE DELETE ON exchange_difference FOR EACH ROW EXECUTE FUNCTION exchange_difference_not_removed();
ALTER TABLE exchange_difference ENABLE ALWAYS TRIGGER exchange_difference_not_removed;
CREATE FUNCTION exchange_difference_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'exchange_difference is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER exchange_difference_not_emptied BEFORE TRUNCATE ON exchange_difference FOR EACH STATEMENT EXECUTE FUNCTION exchange_difference_not_emptied();
ALTER TABLE exchange_difference ENABLE ALWAYS TRIGGER exchange_difference_not_emptied;
CREATE FUNCTION history_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of history is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER history_not_changed BEFORE UPDATE ON history FOR EACH ROW EXECUTE FUNCTION history_not_changed();
ALTER TABLE history ENABLE ALWAYS TRIGGER history_not_changed;
CREATE FUNCTION history_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of history is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER history_not_removed BEFORE DELETE ON history FOR EACH ROW EXECUTE FUNCTION history_not_removed();
ALTER TABLE history ENABLE ALWAYS TRIGGER history_not_removed;
CREATE FUNCTION history_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'history is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER history_not_emptied BEFORE TRUNCATE ON history FOR EACH STATEMENT EXECUTE FUNCTION history_not_emptied();
ALTER TABLE history ENABLE ALWAYS TRIGGER history_not_emptied;
CREATE FUNCTION operation_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of operation is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER operation_not_changed BEFORE UPDATE ON operation FOR EACH ROW EXECUTE FUNCTION operation_not_changed();
ALTER TABLE operation ENABLE ALWAYS TRIGGER operation_not_changed;
CREATE FUNCTION operation_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of operation is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER operation_not_removed BEFORE DELETE ON operation FOR EACH ROW EXECUTE FUNCTION operation_not_removed();
ALTER TABLE operation ENABLE ALWAYS TRIGGER operation_not_removed;
CREATE FUNCTION operation_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'operation is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER operation_not_emptied BEFORE TRUNCATE ON operation FOR EACH STATEMENT EXECUTE FUNCTION operation_not_emptied();
ALTER TABLE operation ENABLE ALWAYS TRIGGER operation_not_emptied;
CREATE FUNCTION paper_file_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of paper_file is not changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER paper_file_not_changed BEFORE UPDATE ON paper_file FOR EACH ROW EXECUTE FUNCTION paper_file_not_changed();
ALTER TABLE paper_file ENABLE ALWAYS TRIGGER paper_file_not_changed;
CREATE FUNCTION paper_file_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of paper_file is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER paper_file_not_removed BEFORE DELETE ON paper_file FOR EACH ROW EXECUTE FUNCTION paper_file_not_removed();
ALTER TABLE paper_file ENABLE ALWAYS TRIGGER paper_file_not_removed;
CREATE FUNCTION paper_file_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'paper_file is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER paper_file_not_emptied BEFORE TRUNCATE ON paper_file FOR EACH STATEMENT EXECUTE FUNCTION paper_file_not_emptied();
ALTER TABLE paper_file ENABLE ALWAYS TRIGGER paper_file_not_emptied;
CREATE FUNCTION move_goes_back() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.reverses IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM move AS first WHERE first.id = NEW.reverses AND first.product_id = NEW.product_id AND first.quantity = NEW.quantity AND first.from_place_id = NEW.to_place_id AND first.to_place_id = NEW.from_place_id) THEN RAISE EXCEPTION 'a move is reversed by the same goods going back' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER move_goes_back BEFORE INSERT ON move FOR EACH ROW EXECUTE FUNCTION move_goes_back();
ALTER TABLE move ENABLE ALWAYS TRIGGER move_goes_back;
CREATE FUNCTION account_entry_goes_back() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.reverses IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM account_entry AS first WHERE first.id = NEW.reverses AND first.party_id = NEW.party_id AND first.currency = NEW.currency AND first.amount_minor = -NEW.amount_minor) THEN RAISE EXCEPTION 'an entry is reversed by the opposite amount on the same account' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER account_entry_goes_back BEFORE INSERT ON account_entry FOR EACH ROW EXECUTE FUNCTION account_entry_goes_back();
ALTER TABLE account_entry ENABLE ALWAYS TRIGGER account_entry_goes_back;
CREATE FUNCTION allocation_goes_back() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.undoes IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM allocation AS first WHERE first.id = NEW.undoes AND first.debit_id = NEW.debit_id AND first.credit_id = NEW.credit_id AND first.amount_minor = -NEW.amount_minor) THEN RAISE EXCEPTION 'an allocation is undone by the opposite amount between the same papers' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER allocation_goes_back BEFORE INSERT ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_goes_back();
ALTER TABLE allocation ENABLE ALWAYS TRIGGER allocation_goes_back;
CREATE FUNCTION move_applied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id) SELECT NEW.product_id, place.id, 0, 0, 0, 0, 0, 0 FROM place WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside AND NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = place.id); UPDATE level SET on_hand = on_hand - NEW.quantity, value_minor = value_minor - NEW.value_minor, last_move_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.from_place_id; UPDATE level SET on_hand = on_hand + NEW.quantity, value_minor = value_minor + NEW.value_minor, last_move_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.to_place_id; IF EXISTS (SELECT 1 FROM place WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside AND NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = place.id AND level.last_move_id = NEW.id)) THEN RAISE EXCEPTION 'a move changes the levels of its places' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER move_applied AFTER INSERT ON move FOR EACH ROW EXECUTE FUNCTION move_applied();
ALTER TABLE move ENABLE ALWAYS TRIGGER move_applied;
CREATE FUNCTION level_starts_at_zero() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.on_hand <> 0 OR NEW.claimed <> 0 OR NEW.value_minor <> 0 OR NEW.last_move_id <> 0 OR NEW.last_claim_id <> 0 OR NEW.last_claim_end_id <> 0 OR NOT EXISTS (SELECT 1 FROM place WHERE place.id = NEW.place_id AND place.inside) OR EXISTS (SELECT 1 FROM level AS there WHERE there.product_id = NEW.product_id AND there.place_id = NEW.place_id) THEN RAISE EXCEPTION 'a level starts at zero, once, at a place inside' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER level_starts_at_zero BEFORE INSERT ON level FOR EACH ROW EXECUTE FUNCTION level_starts_at_zero();
ALTER TABLE level ENABLE ALWAYS TRIGGER level_starts_at_zero;
CREATE FUNCTION level_explained() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.product_id <> OLD.product_id OR NEW.place_id <> OLD.place_id OR NOT ( (NEW.last_move_id > OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id AND NEW.last_claim_end_id = OLD.last_claim_end_id AND NEW.claimed = OLD.claimed AND EXISTS (SELECT 1 FROM move WHERE move.id = NEW.last_move_id AND move.product_id = OLD.product_id AND ( (move.from_place_id = OLD.place_id AND NEW.on_hand = OLD.on_hand - move.quantity AND NEW.value_minor = OLD.value_minor - move.value_minor) OR (move.to_place_id = OLD.place_id AND NEW.on_hand = OLD.on_hand + move.quantity AND NEW.value_minor = OLD.value_minor + move.value_minor)))) OR (NEW.last_claim_id > OLD.last_claim_id AND NEW.last_move_id = OLD.last_move_id AND NEW.last_claim_end_id = OLD.last_claim_end_id AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor AND EXISTS (SELECT 1 FROM claim WHERE claim.id = NEW.last_claim_id AND claim.product_id = OLD.product_id AND claim.place_id = OLD.place_id AND NEW.claimed = OLD.claimed + claim.quantity)) OR (NEW.last_claim_end_id > OLD.last_claim_end_id AND NEW.last_move_id = OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor AND EXISTS (SELECT 1 FROM claim_end JOIN claim ON claim.id = claim_end.claim_id WHERE claim_end.id = NEW.last_claim_end_id AND claim.product_id = OLD.product_id AND claim.place_id = OLD.place_id AND NEW.claimed = OLD.claimed - claim_end.quantity))) THEN RAISE EXCEPTION 'a level changes by a newer move, claim or end of a claim, by exactly its quantity' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER level_explained BEFORE UPDATE ON level FOR EACH ROW EXECUTE FUNCTION level_explained();
ALTER TABLE level ENABLE ALWAYS TRIGGER level_explained;
CREATE FUNCTION level_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of level is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER level_not_removed BEFORE DELETE ON level FOR EACH ROW EXECUTE FUNCTION level_not_removed();
ALTER TABLE level ENABLE ALWAYS TRIGGER level_not_removed;
CREATE FUNCTION level_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'level is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER level_not_emptied BEFORE TRUNCATE ON level FOR EACH STATEMENT EXECUTE FUNCTION level_not_emptied();
ALTER TABLE level ENABLE ALWAYS TRIGGER level_not_emptied;
CREATE FUNCTION place_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.role IS DISTINCT FROM OLD.role OR NEW.inside IS DISTINCT FROM OLD.inside) THEN RAISE EXCEPTION 'place: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER place_stays_what_it_is BEFORE UPDATE ON place FOR EACH ROW EXECUTE FUNCTION place_stays_what_it_is();
ALTER TABLE place ENABLE ALWAYS TRIGGER place_stays_what_it_is;
CREATE FUNCTION claim_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of claim is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER claim_not_removed BEFORE DELETE ON claim FOR EACH ROW EXECUTE FUNCTION claim_not_removed();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_not_removed;
CREATE FUNCTION claim_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'claim is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER claim_not_emptied BEFORE TRUNCATE ON claim FOR EACH STATEMENT EXECUTE FUNCTION claim_not_emptied();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_not_emptied;
CREATE FUNCTION claim_starts_open() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.open <> NEW.quantity OR NEW.last_end_id <> 0 THEN RAISE EXCEPTION 'a claim starts open in full' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER claim_starts_open BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION claim_starts_open();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_starts_open;
CREATE FUNCTION claim_applied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN UPDATE level SET claimed = claimed + NEW.quantity, last_claim_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.place_id; IF NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = NEW.place_id AND level.last_claim_id = NEW.id) THEN RAISE EXCEPTION 'a claim is on goods that are there' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER claim_applied AFTER INSERT ON claim FOR EACH ROW EXECUTE FUNCTION claim_applied();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_applied;
CREATE FUNCTION claim_end_applied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN UPDATE claim SET open = open - NEW.quantity, last_end_id = NEW.id WHERE id = NEW.claim_id; UPDATE level SET claimed = claimed - NEW.quantity, last_claim_end_id = NEW.id WHERE product_id = (SELECT product_id FROM claim WHERE claim.id = NEW.claim_id) AND place_id = (SELECT place_id FROM claim WHERE claim.id = NEW.claim_id); IF NOT EXISTS (SELECT 1 FROM claim JOIN level ON level.product_id = claim.product_id AND level.place_id = claim.place_id WHERE claim.id = NEW.claim_id AND claim.last_end_id = NEW.id AND level.last_claim_end_id = NEW.id) THEN RAISE EXCEPTION 'the end of a claim changes the claim and its level' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER claim_end_applied AFTER INSERT ON claim_end FOR EACH ROW EXECUTE FUNCTION claim_end_applied();
ALTER TABLE claim_end ENABLE ALWAYS TRIGGER claim_end_applied;
CREATE FUNCTION claim_explained() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NOT (NEW.last_end_id > OLD.last_end_id AND EXISTS (SELECT 1 FROM claim_end WHERE claim_end.id = NEW.last_end_id AND claim_end.claim_id = OLD.id AND NEW.open = OLD.open - claim_end.quantity)) THEN RAISE EXCEPTION 'a claim changes by a newer end of it, by exactly its quantity' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER claim_explained BEFORE UPDATE ON claim FOR EACH ROW EXECUTE FUNCTION claim_explained();
ALTER TABLE claim ENABLE ALWAYS TRIGGER claim_explained;
CREATE FUNCTION document_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'document is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER document_not_emptied BEFORE TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION document_not_emptied();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_not_emptied;
CREATE FUNCTION document_numbered_is_kept() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF OLD.number IS NOT NULL THEN RAISE EXCEPTION 'a document with a number is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER document_numbered_is_kept BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION document_numbered_is_kept();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_numbered_is_kept;
CREATE FUNCTION document_begins_with_the_next() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.sequence IS NOT NULL AND ( NEW.series IS NULL OR (NEW.sequence <> 1 + coalesce( (SELECT max(other.sequence) FROM document AS other WHERE other.series = NEW.series), 0) AND NOT EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_given = NEW.sequence - 1)) OR EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_known < NEW.sequence AND NEW.sequence <= lost.last_given)) THEN RAISE EXCEPTION 'a number is the next one of its series' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_begins_with_the_next BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION document_begins_with_the_next();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_begins_with_the_next;
CREATE FUNCTION document_takes_the_next() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND ( NEW.series IS NULL OR (NEW.sequence <> 1 + coalesce( (SELECT max(other.sequence) FROM document AS other WHERE other.series = NEW.series), 0) AND NOT EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_given = NEW.sequence - 1)) OR EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_known < NEW.sequence AND NEW.sequence <= lost.last_given)) THEN RAISE EXCEPTION 'a number is the next one of its series' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_takes_the_next BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_takes_the_next();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_takes_the_next;
CREATE FUNCTION document_begins_in_question() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.sequence IS NOT NULL AND EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) THEN RAISE EXCEPTION 'the last number of a series is in question' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_begins_in_question BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION document_begins_in_question();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_begins_in_question;
CREATE FUNCTION document_takes_in_question() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) THEN RAISE EXCEPTION 'the last number of a series is in question' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_takes_in_question BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_takes_in_question();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_takes_in_question;
CREATE FUNCTION document_number_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.sequence IS NOT NULL) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.series IS DISTINCT FROM OLD.series OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.number IS DISTINCT FROM OLD.number) THEN RAISE EXCEPTION 'document: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_number_stays BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_number_stays();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_number_stays;
CREATE FUNCTION document_posted_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.hash IS NOT NULL) AND (NEW.kind IS DISTINCT FROM OLD.kind OR NEW.series IS DISTINCT FROM OLD.series OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.number IS DISTINCT FROM OLD.number OR NEW.foreign_number IS DISTINCT FROM OLD.foreign_number OR NEW.party_id IS DISTINCT FROM OLD.party_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.rate IS DISTINCT FROM OLD.rate OR NEW.issued_on IS DISTINCT FROM OLD.issued_on OR NEW.direction IS DISTINCT FROM OLD.direction OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.received_currency IS DISTINCT FROM OLD.received_currency OR NEW.received_minor IS DISTINCT FROM OLD.received_minor OR NEW.received_rate IS DISTINCT FROM OLD.received_rate OR NEW.net_minor IS DISTINCT FROM OLD.net_minor OR NEW.tax_minor IS DISTINCT FROM OLD.tax_minor OR NEW.total_minor IS DISTINCT FROM OLD.total_minor OR NEW.template_id IS DISTINCT FROM OLD.template_id OR NEW.snapshot IS DISTINCT FROM OLD.snapshot OR NEW.previous_hash IS DISTINCT FROM OLD.previous_hash OR NEW.hash IS DISTINCT FROM OLD.hash OR NEW.numbered_at IS DISTINCT FROM OLD.numbered_at) THEN RAISE EXCEPTION 'document: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_posted_stays BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_posted_stays();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_posted_stays;
CREATE FUNCTION document_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.revision < OLD.revision OR (OLD.number IS NOT NULL AND NEW.state = 'draft') THEN RAISE EXCEPTION 'a document goes back neither to draft nor to an older revision' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_goes_forward BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_goes_forward();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_goes_forward;
CREATE FUNCTION document_line_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'document_line is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER document_line_not_emptied BEFORE TRUNCATE ON document_line FOR EACH STATEMENT EXECUTE FUNCTION document_line_not_emptied();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_not_emptied;
CREATE FUNCTION document_line_not_added() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF EXISTS (SELECT 1 FROM document WHERE document.id = NEW.document_id AND document.hash IS NOT NULL) THEN RAISE EXCEPTION 'the lines of a posted document stay as they are' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_line_not_added BEFORE INSERT ON document_line FOR EACH ROW EXECUTE FUNCTION document_line_not_added();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_not_added;
CREATE FUNCTION document_line_not_changed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF EXISTS (SELECT 1 FROM document WHERE document.id = OLD.document_id AND document.hash IS NOT NULL) OR EXISTS (SELECT 1 FROM document WHERE document.id = NEW.document_id AND document.hash IS NOT NULL) THEN RAISE EXCEPTION 'the lines of a posted document stay as they are' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_line_not_changed BEFORE UPDATE ON document_line FOR EACH ROW EXECUTE FUNCTION document_line_not_changed();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_not_changed;
CREATE FUNCTION document_line_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF EXISTS (SELECT 1 FROM document WHERE document.id = OLD.document_id AND document.hash IS NOT NULL) THEN RAISE EXCEPTION 'the lines of a posted document stay as they are' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER document_line_not_removed BEFORE DELETE ON document_line FOR EACH ROW EXECUTE FUNCTION document_line_not_removed();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_not_removed;
CREATE FUNCTION counter_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of counter is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER counter_not_removed BEFORE DELETE ON counter FOR EACH ROW EXECUTE FUNCTION counter_not_removed();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_not_removed;
CREATE FUNCTION counter_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'counter is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER counter_not_emptied BEFORE TRUNCATE ON counter FOR EACH STATEMENT EXECUTE FUNCTION counter_not_emptied();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_not_emptied;
CREATE FUNCTION counter_starts_at_zero() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.last <> 0 THEN RAISE EXCEPTION 'a series starts at zero' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER counter_starts_at_zero BEFORE INSERT ON counter FOR EACH ROW EXECUTE FUNCTION counter_starts_at_zero();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_starts_at_zero;
CREATE FUNCTION counter_counts() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.series <> OLD.series OR NEW.last_on < OLD.last_on OR (NEW.last_on IS NULL AND OLD.last_on IS NOT NULL) OR (NEW.last <> OLD.last + 1 AND NOT (NEW.last > OLD.last AND NEW.head = OLD.head AND EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = OLD.series AND lost.last_known = OLD.last AND lost.last_given = NEW.last))) THEN RAISE EXCEPTION 'a series goes on by one or over what was lost, and its dates never fall' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER counter_counts BEFORE UPDATE ON counter FOR EACH ROW EXECUTE FUNCTION counter_counts();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_counts;
CREATE FUNCTION series_question_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of series_question is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER series_question_not_removed BEFORE DELETE ON series_question FOR EACH ROW EXECUTE FUNCTION series_question_not_removed();
ALTER TABLE series_question ENABLE ALWAYS TRIGGER series_question_not_removed;
CREATE FUNCTION series_question_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'series_question is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER series_question_not_emptied BEFORE TRUNCATE ON series_question FOR EACH STATEMENT EXECUTE FUNCTION series_question_not_emptied();
ALTER TABLE series_question ENABLE ALWAYS TRIGGER series_question_not_emptied;
CREATE FUNCTION series_question_asked_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.answered_at IS NOT NULL OR NEW.last_known <> coalesce( (SELECT counter.last FROM counter WHERE counter.series = NEW.series), 0) OR EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) THEN RAISE EXCEPTION 'a question is about the last number of a series, and is asked once' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER series_question_asked_once BEFORE INSERT ON series_question FOR EACH ROW EXECUTE FUNCTION series_question_asked_once();
ALTER TABLE series_question ENABLE ALWAYS TRIGGER series_question_asked_once;
CREATE FUNCTION series_question_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.series IS DISTINCT FROM OLD.series OR NEW.last_known IS DISTINCT FROM OLD.last_known OR NEW.copied_at IS DISTINCT FROM OLD.copied_at OR NEW.asked_at IS DISTINCT FROM OLD.asked_at) THEN RAISE EXCEPTION 'series_question: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER series_question_stays BEFORE UPDATE ON series_question FOR EACH ROW EXECUTE FUNCTION series_question_stays();
ALTER TABLE series_question ENABLE ALWAYS TRIGGER series_question_stays;
CREATE FUNCTION series_question_answered_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.answered_at IS NOT NULL) AND (NEW.last_given IS DISTINCT FROM OLD.last_given OR NEW.answered_at IS DISTINCT FROM OLD.answered_at OR NEW.answered_by IS DISTINCT FROM OLD.answered_by) THEN RAISE EXCEPTION 'series_question: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER series_question_answered_once BEFORE UPDATE ON series_question FOR EACH ROW EXECUTE FUNCTION series_question_answered_once();
ALTER TABLE series_question ENABLE ALWAYS TRIGGER series_question_answered_once;
CREATE FUNCTION company_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of company is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER company_not_removed BEFORE DELETE ON company FOR EACH ROW EXECUTE FUNCTION company_not_removed();
ALTER TABLE company ENABLE ALWAYS TRIGGER company_not_removed;
CREATE FUNCTION company_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'company is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER company_not_emptied BEFORE TRUNCATE ON company FOR EACH STATEMENT EXECUTE FUNCTION company_not_emptied();
ALTER TABLE company ENABLE ALWAYS TRIGGER company_not_emptied;
CREATE FUNCTION company_currency_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.fixed) AND (NEW.currency IS DISTINCT FROM OLD.currency OR NEW.zone IS DISTINCT FROM OLD.zone OR NEW.fixed IS DISTINCT FROM OLD.fixed) THEN RAISE EXCEPTION 'company: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER company_currency_stays BEFORE UPDATE ON company FOR EACH ROW EXECUTE FUNCTION company_currency_stays();
ALTER TABLE company ENABLE ALWAYS TRIGGER company_currency_stays;
CREATE FUNCTION invitation_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.token_hash IS DISTINCT FROM OLD.token_hash OR NEW.role IS DISTINCT FROM OLD.role OR NEW.contact_id IS DISTINCT FROM OLD.contact_id OR NEW.created_by IS DISTINCT FROM OLD.created_by) THEN RAISE EXCEPTION 'invitation: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER invitation_stays BEFORE UPDATE ON invitation FOR EACH ROW EXECUTE FUNCTION invitation_stays();
ALTER TABLE invitation ENABLE ALWAYS TRIGGER invitation_stays;
CREATE FUNCTION invitation_used_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.used_at IS NOT NULL) AND (NEW.used_by IS DISTINCT FROM OLD.used_by OR NEW.used_at IS DISTINCT FROM OLD.used_at) THEN RAISE EXCEPTION 'invitation: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER invitation_used_once BEFORE UPDATE ON invitation FOR EACH ROW EXECUTE FUNCTION invitation_used_once();
ALTER TABLE invitation ENABLE ALWAYS TRIGGER invitation_used_once;
CREATE FUNCTION approval_wish_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.document_revision IS DISTINCT FROM OLD.document_revision OR NEW.action IS DISTINCT FROM OLD.action OR NEW.limit_name IS DISTINCT FROM OLD.limit_name OR NEW.figures IS DISTINCT FROM OLD.figures OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at) THEN RAISE EXCEPTION 'approval: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER approval_wish_stays BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_wish_stays();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_wish_stays;
CREATE FUNCTION approval_asked_first() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.state <> 'asked' THEN RAISE EXCEPTION 'an approval is asked for before it is granted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER approval_asked_first BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION approval_asked_first();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_asked_first;
CREATE FUNCTION approval_granted_by_another() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF NEW.state IN ('granted', 'used') AND (NEW.decided_by IS NULL OR NEW.decided_by = NEW.asked_by) THEN RAISE EXCEPTION 'nobody approves his own' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER approval_granted_by_another BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_granted_by_another();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_granted_by_another;
CREATE FUNCTION approval_ends_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF OLD.state IN ('refused', 'void', 'used') AND NEW.state <> OLD.state THEN RAISE EXCEPTION 'an approval that has ended stays so' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER approval_ends_once BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_ends_once();
ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_ends_once;
CREATE FUNCTION inbox_done_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF OLD.state = 'done' AND NEW.state <> 'done' THEN RAISE EXCEPTION 'an update is done once' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER inbox_done_once BEFORE UPDATE ON inbox FOR EACH ROW EXECUTE FUNCTION inbox_done_once();
ALTER TABLE inbox ENABLE ALWAYS TRIGGER inbox_done_once;
CREATE FUNCTION online_payment_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of online_payment is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER online_payment_not_removed BEFORE DELETE ON online_payment FOR EACH ROW EXECUTE FUNCTION online_payment_not_removed();
ALTER TABLE online_payment ENABLE ALWAYS TRIGGER online_payment_not_removed;
CREATE FUNCTION online_payment_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'online_payment is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER online_payment_not_emptied BEFORE TRUNCATE ON online_payment FOR EACH STATEMENT EXECUTE FUNCTION online_payment_not_emptied();
ALTER TABLE online_payment ENABLE ALWAYS TRIGGER online_payment_not_emptied;
CREATE FUNCTION online_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.payload IS DISTINCT FROM OLD.payload OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.party_id IS DISTINCT FROM OLD.party_id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.at IS DISTINCT FROM OLD.at) THEN RAISE EXCEPTION 'online_payment: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER online_payment_stays BEFORE UPDATE ON online_payment FOR EACH ROW EXECUTE FUNCTION online_payment_stays();
ALTER TABLE online_payment ENABLE ALWAYS TRIGGER online_payment_stays;
CREATE FUNCTION online_charge_not_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'a row of online_charge is not removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END$body$;
CREATE TRIGGER online_charge_not_removed BEFORE DELETE ON online_charge FOR EACH ROW EXECUTE FUNCTION online_charge_not_removed();
ALTER TABLE online_charge ENABLE ALWAYS TRIGGER online_charge_not_removed;
CREATE FUNCTION online_charge_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF TRUE THEN RAISE EXCEPTION 'online_charge is not emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END$body$;
CREATE TRIGGER online_charge_not_emptied BEFORE TRUNCATE ON online_charge FOR EACH STATEMENT EXECUTE FUNCTION online_charge_not_emptied();
ALTER TABLE online_charge ENABLE ALWAYS TRIGGER online_charge_not_emptied;
CREATE FUNCTION online_charge_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.telegram_charge_id IS DISTINCT FROM OLD.telegram_charge_id OR NEW.provider_charge_id IS DISTINCT FROM OLD.provider_charge_id OR NEW.online_payment_id IS DISTINCT FROM OLD.online_payment_id OR NEW.payload IS DISTINCT FROM OLD.payload OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.at IS DISTINCT FROM OLD.at) THEN RAISE EXCEPTION 'online_charge: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER online_charge_stays BEFORE UPDATE ON online_charge FOR EACH ROW EXECUTE FUNCTION online_charge_stays();
ALTER TABLE online_charge ENABLE ALWAYS TRIGGER online_charge_stays;
CREATE FUNCTION online_charge_booked_once() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.payment_id IS NOT NULL) AND (NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN RAISE EXCEPTION 'online_charge: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER online_charge_booked_once BEFORE UPDATE ON online_charge FOR EACH ROW EXECUTE FUNCTION online_charge_booked_once();
ALTER TABLE online_charge ENABLE ALWAYS TRIGGER online_charge_booked_once;
CREATE FUNCTION product_added() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', NEW.id); RETURN NULL; END$body$;
CREATE TRIGGER product_added AFTER INSERT ON product FOR EACH ROW EXECUTE FUNCTION product_added();
ALTER TABLE product ENABLE ALWAYS TRIGGER product_added;
CREATE FUNCTION product_renamed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', NEW.id); RETURN NULL; END$body$;
CREATE TRIGGER product_renamed AFTER UPDATE OF sku, barcode, name, archived_at, merged_into ON product FOR EACH ROW EXECUTE FUNCTION product_renamed();
ALTER TABLE product ENABLE ALWAYS TRIGGER product_renamed;
CREATE FUNCTION product_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', OLD.id); RETURN NULL; END$body$;
CREATE TRIGGER product_removed AFTER DELETE ON product FOR EACH ROW EXECUTE FUNCTION product_removed();
ALTER TABLE product ENABLE ALWAYS TRIGGER product_removed;
CREATE FUNCTION product_name_added() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', NEW.product_id); RETURN NULL; END$body$;
CREATE TRIGGER product_name_added AFTER INSERT ON product_name FOR EACH ROW EXECUTE FUNCTION product_name_added();
ALTER TABLE product_name ENABLE ALWAYS TRIGGER product_name_added;
CREATE FUNCTION product_name_renamed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', NEW.product_id); RETURN NULL; END$body$;
CREATE TRIGGER product_name_renamed AFTER UPDATE OF product_id, language, name ON product_name FOR EACH ROW EXECUTE FUNCTION product_name_renamed();
ALTER TABLE product_name ENABLE ALWAYS TRIGGER product_name_renamed;
CREATE FUNCTION product_name_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'product', OLD.product_id); RETURN NULL; END$body$;
CREATE TRIGGER product_name_removed AFTER DELETE ON product_name FOR EACH ROW EXECUTE FUNCTION product_name_removed();
ALTER TABLE product_name ENABLE ALWAYS TRIGGER product_name_removed;
CREATE FUNCTION party_added() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', NEW.id); RETURN NULL; END$body$;
CREATE TRIGGER party_added AFTER INSERT ON party FOR EACH ROW EXECUTE FUNCTION party_added();
ALTER TABLE party ENABLE ALWAYS TRIGGER party_added;
CREATE FUNCTION party_renamed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', NEW.id); RETURN NULL; END$body$;
CREATE TRIGGER party_renamed AFTER UPDATE OF name, is_customer, is_vendor, archived_at, merged_into ON party FOR EACH ROW EXECUTE FUNCTION party_renamed();
ALTER TABLE party ENABLE ALWAYS TRIGGER party_renamed;
CREATE FUNCTION party_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', OLD.id); RETURN NULL; END$body$;
CREATE TRIGGER party_removed AFTER DELETE ON party FOR EACH ROW EXECUTE FUNCTION party_removed();
ALTER TABLE party ENABLE ALWAYS TRIGGER party_removed;
CREATE FUNCTION contact_added() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', NEW.party_id); RETURN NULL; END$body$;
CREATE TRIGGER contact_added AFTER INSERT ON contact FOR EACH ROW EXECUTE FUNCTION contact_added();
ALTER TABLE contact ENABLE ALWAYS TRIGGER contact_added;
CREATE FUNCTION contact_renamed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', NEW.party_id); RETURN NULL; END$body$;
CREATE TRIGGER contact_renamed AFTER UPDATE OF party_id, name, ended_at ON contact FOR EACH ROW EXECUTE FUNCTION contact_renamed();
ALTER TABLE contact ENABLE ALWAYS TRIGGER contact_renamed;
CREATE FUNCTION contact_removed() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN PERFORM pg_advisory_xact_lock(20261125); INSERT INTO search_change (token, subject, subject_id) VALUES (floor(random() * 9e18)::bigint, 'party', OLD.party_id); RETURN NULL; END$body$;
CREATE TRIGGER contact_removed AFTER DELETE ON contact FOR EACH ROW EXECUTE FUNCTION contact_removed();
ALTER TABLE contact ENABLE ALWAYS TRIGGER contact_removed;
CREATE FUNCTION document_watched() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN INSERT INTO outstanding (line_id, track, quantity) SELECT line.id, document.watched, CASE document.watched WHEN 'inspect' THEN line.rejected ELSE line.quantity END FROM document_line AS line JOIN document ON document.id = line.document_id JOIN product ON product.id = line.product_id WHERE product.nature = 'goods' AND (document.watched = 'fulfil' OR (document.watched = 'inspect' AND line.rejected > 0)) AND document.id = NEW.id AND OLD.watched IS NULL; RETURN NULL; END$body$;
CREATE TRIGGER document_watched AFTER UPDATE OF watched ON document FOR EACH ROW EXECUTE FUNCTION document_watched();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_watched;
CREATE FUNCTION document_watched_stays() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN IF (OLD.watched IS NOT NULL) AND (NEW.watched IS DISTINCT FROM OLD.watched) THEN RAISE EXCEPTION 'document: what is fixed does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$body$;
CREATE TRIGGER document_watched_stays BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_watched_stays();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_watched_stays;
CREATE FUNCTION document_line_watched() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN INSERT INTO outstanding (line_id, track, quantity) SELECT line.id, document.watched, CASE document.watched WHEN 'inspect' THEN line.rejected ELSE line.quantity END FROM document_line AS line JOIN document ON document.id = line.document_id JOIN product ON product.id = line.product_id WHERE product.nature = 'goods' AND (document.watched = 'fulfil' OR (document.watched = 'inspect' AND line.rejected > 0)) AND line.id = NEW.id; RETURN NULL; END$body$;
CREATE TRIGGER document_line_watched AFTER INSERT ON document_line FOR EACH ROW EXECUTE FUNCTION document_line_watched();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_watched;
CREATE FUNCTION document_line_watched_change() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN UPDATE outstanding SET quantity = quantity + NEW.quantity - OLD.quantity WHERE line_id = NEW.id AND track = 'fulfil'; RETURN NULL; END$body$;
CREATE TRIGGER document_line_watched_change AFTER UPDATE OF quantity ON document_line FOR EACH ROW EXECUTE FUNCTION document_line_watched_change();
ALTER TABLE document_line ENABLE ALWAYS TRIGGER document_line_watched_change;
CREATE FUNCTION draw_watched() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN UPDATE outstanding SET quantity = quantity + CASE WHEN NEW.track IN ('return', 'excess') THEN NEW.quantity ELSE -NEW.quantity END WHERE line_id = NEW.line_id AND (track = NEW.track OR (track = 'fulfil' AND NEW.track IN ('drop', 'excess', 'return'))); RETURN NULL; END$body$;
CREATE TRIGGER draw_watched AFTER INSERT ON draw FOR EACH ROW EXECUTE FUNCTION draw_watched();
ALTER TABLE draw ENABLE ALWAYS TRIGGER draw_watched;
CREATE FUNCTION account_entry_unsettled() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN INSERT INTO unsettled (document_id, minor) SELECT NEW.document_id, 0 WHERE NOT EXISTS ( SELECT 1 FROM unsettled AS there WHERE there.document_id = NEW.document_id); UPDATE unsettled SET minor = minor + NEW.amount_minor WHERE document_id = NEW.document_id; RETURN NULL; END$body$;
CREATE TRIGGER account_entry_unsettled AFTER INSERT ON account_entry FOR EACH ROW EXECUTE FUNCTION account_entry_unsettled();
ALTER TABLE account_entry ENABLE ALWAYS TRIGGER account_entry_unsettled;
CREATE FUNCTION allocation_unsettled() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN UPDATE unsettled SET minor = minor - NEW.amount_minor WHERE document_id = NEW.debit_id; UPDATE unsettled SET minor = minor + NEW.amount_minor WHERE document_id = NEW.credit_id; RETURN NULL; END$body$;
CREATE TRIGGER allocation_unsettled AFTER INSERT ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_unsettled();
ALTER TABLE allocation ENABLE ALWAYS TRIGGER allocation_unsettled;
