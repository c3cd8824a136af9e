CREATE TABLE company (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	street TEXT NOT NULL,
	postal_code TEXT NOT NULL,
	city TEXT NOT NULL,
	country TEXT NOT NULL,
	tax_id TEXT NOT NULL,
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	bank_details TEXT NOT NULL,
	electronic_address TEXT NOT NULL,
	shows_payment_code INTEGER NOT NULL,
	currency TEXT NOT NULL,
	zone TEXT NOT NULL,
	language TEXT NOT NULL,
	payment_days INTEGER NOT NULL,
	fixed INTEGER NOT NULL,
	logo BLOB,
	revision INTEGER NOT NULL,
	CONSTRAINT pk_company PRIMARY KEY (id),
	CONSTRAINT ck_company_one_company CHECK (id = 1)
)
 STRICT;
CREATE TABLE company_limit (
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	CONSTRAINT pk_company_limit PRIMARY KEY (name),
	CONSTRAINT ck_company_limit_value CHECK (value >= 0)
)
 STRICT;
CREATE TABLE counter (
	series TEXT NOT NULL,
	last INTEGER NOT NULL,
	last_on TEXT,
	head TEXT NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (series),
	CONSTRAINT ck_counter_last CHECK (last >= 0)
)
 STRICT;
CREATE TABLE inbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	update_id INTEGER NOT NULL,
	received_day TEXT NOT NULL,
	chat_id INTEGER NOT NULL,
	raw TEXT NOT NULL,
	state TEXT NOT NULL,
	tries INTEGER NOT NULL,
	incident TEXT,
	received_at INTEGER NOT NULL,
	done_at INTEGER,
	CONSTRAINT ck_inbox_state CHECK (state IN ('new', 'done', 'unreadable', 'failed')),
	CONSTRAINT uq_inbox_update_id_received_day UNIQUE (update_id, received_day)
)
 STRICT;
CREATE INDEX inbox_open ON inbox (state, chat_id, id);
CREATE TABLE operation (
	"key" TEXT NOT NULL,
	digest TEXT NOT NULL,
	result TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_operation PRIMARY KEY ("key")
)
 STRICT;
CREATE TABLE paper_template (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	scope TEXT NOT NULL,
	look TEXT NOT NULL,
	archived_at INTEGER,
	created_at INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	CONSTRAINT ck_paper_template_revision CHECK (revision >= 0)
)
 STRICT;
CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	telegram_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	language TEXT NOT NULL,
	zone TEXT,
	blocked_at INTEGER,
	created_at INTEGER NOT NULL,
	CONSTRAINT uq_person_telegram_id UNIQUE (telegram_id)
)
 STRICT;
CREATE TABLE place (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	role TEXT NOT NULL,
	name TEXT NOT NULL,
	inside INTEGER NOT NULL,
	CONSTRAINT ck_place_role CHECK (role IN ('warehouse', 'quarantine', 'vendor', 'customer', 'loss'))
)
 STRICT;
CREATE TABLE price_book (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	currency TEXT NOT NULL,
	valid_from TEXT,
	valid_until TEXT,
	is_default INTEGER NOT NULL,
	archived_at INTEGER,
	CONSTRAINT uq_price_book_name UNIQUE (name)
)
 STRICT;
CREATE TABLE search_change (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	token INTEGER NOT NULL,
	subject TEXT NOT NULL,
	subject_id INTEGER NOT NULL,
	CONSTRAINT ck_search_change_subject CHECK (subject IN ('product', 'party'))
)
 STRICT;
CREATE TABLE setting (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (name)
)
 STRICT;
CREATE TABLE tax (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	category TEXT NOT NULL,
	percent INTEGER NOT NULL,
	is_default INTEGER NOT NULL,
	archived_at INTEGER,
	CONSTRAINT uq_tax_name UNIQUE (name)
)
 STRICT;
CREATE TABLE exchange_rate (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	currency TEXT NOT NULL,
	day TEXT NOT NULL,
	rate INTEGER NOT NULL,
	source TEXT NOT NULL,
	entered_by INTEGER,
	CONSTRAINT uq_exchange_rate_currency_day UNIQUE (currency, day),
	CONSTRAINT ck_exchange_rate_positive CHECK (rate > 0),
	CONSTRAINT fk_exchange_rate_entered_by FOREIGN KEY(entered_by) REFERENCES person (id)
)
 STRICT;
CREATE TABLE focus (
	chat_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	form TEXT NOT NULL,
	step TEXT NOT NULL,
	answers TEXT NOT NULL,
	message_id INTEGER,
	expires_at INTEGER NOT NULL,
	CONSTRAINT pk_focus PRIMARY KEY (chat_id),
	CONSTRAINT fk_focus_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE TABLE history (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	subject TEXT NOT NULL,
	subject_id INTEGER NOT NULL,
	action TEXT NOT NULL,
	person_id INTEGER,
	at INTEGER NOT NULL,
	source TEXT NOT NULL,
	facts TEXT NOT NULL,
	CONSTRAINT fk_history_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX history_of_subject ON history (subject, subject_id, id);
CREATE TABLE import_file (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	summary TEXT NOT NULL,
	content BLOB NOT NULL,
	person_id INTEGER,
	revision INTEGER NOT NULL,
	at INTEGER NOT NULL,
	done_at INTEGER,
	CONSTRAINT ck_import_file_state CHECK (state IN ('read', 'offered', 'refused', 'waiting', 'done', 'undone')),
	CONSTRAINT fk_import_file_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX import_file_by_hash ON import_file (sha256, state);
CREATE INDEX import_file_open ON import_file (state, id);
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	chat_id INTEGER NOT NULL,
	person_id INTEGER,
	form TEXT NOT NULL,
	payload TEXT NOT NULL,
	message_id INTEGER,
	reply_to INTEGER,
	dedup TEXT,
	state TEXT NOT NULL,
	tries INTEGER NOT NULL,
	not_before INTEGER,
	lease_until INTEGER,
	placeholder_id INTEGER,
	sent_message_id INTEGER,
	problem TEXT NOT NULL,
	queued_at INTEGER NOT NULL,
	sent_at INTEGER,
	CONSTRAINT ck_outbox_form CHECK (form IN ('card', 'notice', 'paper', 'answer', 'request')),
	CONSTRAINT ck_outbox_state CHECK (state IN ('queued', 'sending', 'sent', 'unsure', 'dead', 'withheld', 'merged')),
	CONSTRAINT uq_outbox_dedup UNIQUE (dedup),
	CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX outbox_open ON outbox (state, chat_id, id);
CREATE TABLE party (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	is_customer INTEGER NOT NULL,
	is_vendor INTEGER NOT NULL,
	currency TEXT,
	language TEXT NOT NULL,
	tax_id TEXT NOT NULL,
	electronic_address TEXT NOT NULL,
	tax_rule_id INTEGER,
	payment_days INTEGER,
	payment_mode TEXT NOT NULL,
	price_book_id INTEGER,
	template_id INTEGER,
	archived_at INTEGER,
	merged_into INTEGER,
	created_at INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	CONSTRAINT ck_party_customer_or_vendor CHECK (is_customer OR is_vendor),
	CONSTRAINT fk_party_tax_rule_id FOREIGN KEY(tax_rule_id) REFERENCES tax (id),
	CONSTRAINT fk_party_price_book_id FOREIGN KEY(price_book_id) REFERENCES price_book (id),
	CONSTRAINT fk_party_template_id FOREIGN KEY(template_id) REFERENCES paper_template (id),
	CONSTRAINT fk_party_merged_into FOREIGN KEY(merged_into) REFERENCES party (id)
)
 STRICT;
CREATE INDEX party_by_folded_name ON party (folded_name);
CREATE TABLE person_role (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	person_id INTEGER NOT NULL,
	role TEXT NOT NULL,
	since INTEGER NOT NULL,
	CONSTRAINT uq_person_role_person_id_role UNIQUE (person_id, role),
	CONSTRAINT fk_person_role_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE TABLE product (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	sku TEXT NOT NULL,
	folded_sku TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	nature TEXT NOT NULL,
	barcode TEXT,
	unit TEXT NOT NULL,
	unit_digits INTEGER NOT NULL,
	tax_id INTEGER,
	category TEXT NOT NULL,
	shelf TEXT NOT NULL,
	list_price INTEGER,
	cost_price INTEGER,
	reorder_level INTEGER,
	photo_file_id TEXT,
	archived_at INTEGER,
	merged_into INTEGER,
	created_at INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	CONSTRAINT ck_product_nature CHECK (nature IN ('goods', 'service')),
	CONSTRAINT ck_product_unit_digits CHECK (unit_digits BETWEEN 0 AND 6),
	CONSTRAINT fk_product_tax_id FOREIGN KEY(tax_id) REFERENCES tax (id),
	CONSTRAINT fk_product_merged_into FOREIGN KEY(merged_into) REFERENCES product (id)
)
 STRICT;
CREATE UNIQUE INDEX product_by_barcode ON product (barcode);
CREATE UNIQUE INDEX product_by_folded_sku ON product (folded_sku);
CREATE TABLE series_question (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	series TEXT NOT NULL,
	last_known INTEGER NOT NULL,
	copied_at INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	last_given INTEGER,
	answered_at INTEGER,
	answered_by INTEGER,
	CONSTRAINT ck_series_question_last_known CHECK (last_known >= 0),
	CONSTRAINT ck_series_question_last_given CHECK (last_given >= last_known),
	CONSTRAINT ck_series_question_answered CHECK ((last_given IS NULL) = (answered_at IS NULL)),
	CONSTRAINT fk_series_question_answered_by FOREIGN KEY(answered_by) REFERENCES person (id)
)
 STRICT;
CREATE INDEX question_of_series ON series_question (series, id);
CREATE TABLE stored_file (
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	content BLOB NOT NULL,
	person_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT pk_stored_file PRIMARY KEY (sha256),
	CONSTRAINT fk_stored_file_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE TABLE template_default (
	kind TEXT NOT NULL,
	template_id INTEGER NOT NULL,
	CONSTRAINT pk_template_default PRIMARY KEY (kind),
	CONSTRAINT fk_template_default_template_id FOREIGN KEY(template_id) REFERENCES paper_template (id)
)
 STRICT;
CREATE INDEX default_of_template ON template_default (template_id);
CREATE TABLE ui_message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	chat_id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	subject TEXT NOT NULL,
	screen TEXT NOT NULL,
	revision INTEGER NOT NULL,
	retired INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT uq_ui_message_chat_id_message_id UNIQUE (chat_id, message_id),
	CONSTRAINT fk_ui_message_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX ui_message_of_subject ON ui_message (subject, chat_id, id);
CREATE TABLE address (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	party_id INTEGER NOT NULL,
	use TEXT NOT NULL,
	street TEXT NOT NULL,
	postal_code TEXT NOT NULL,
	city TEXT NOT NULL,
	country TEXT NOT NULL,
	ended_at INTEGER,
	CONSTRAINT ck_address_use CHECK (use IN ('billing', 'delivery')),
	CONSTRAINT fk_address_party_id FOREIGN KEY(party_id) REFERENCES party (id)
)
 STRICT;
CREATE INDEX address_of_party ON address (party_id);
CREATE TABLE contact (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	party_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	person_id INTEGER,
	may_see_money INTEGER NOT NULL,
	may_order INTEGER NOT NULL,
	ended_at INTEGER,
	CONSTRAINT fk_contact_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_contact_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX contact_of_party ON contact (party_id);
CREATE INDEX contact_of_person ON contact (person_id);
CREATE TABLE import_row (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	import_file_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	subject TEXT NOT NULL,
	subject_id INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	previous TEXT NOT NULL,
	CONSTRAINT uq_import_row_import_file_id_number_subject_subject_id UNIQUE (import_file_id, number, subject, subject_id),
	CONSTRAINT fk_import_row_import_file_id FOREIGN KEY(import_file_id) REFERENCES import_file (id)
)
 STRICT;
CREATE TABLE level (
	product_id INTEGER NOT NULL,
	place_id INTEGER NOT NULL,
	on_hand INTEGER NOT NULL,
	claimed INTEGER NOT NULL,
	value_minor INTEGER NOT NULL,
	last_move_id INTEGER NOT NULL,
	last_claim_id INTEGER NOT NULL,
	last_claim_end_id INTEGER NOT NULL,
	CONSTRAINT pk_level PRIMARY KEY (product_id, place_id),
	CONSTRAINT ck_level_on_hand CHECK (on_hand >= 0),
	CONSTRAINT ck_level_claimed CHECK (claimed >= 0),
	CONSTRAINT ck_level_claimed_on_hand CHECK (claimed <= on_hand),
	CONSTRAINT ck_level_value CHECK (value_minor >= 0),
	CONSTRAINT ck_level_no_value_on_nothing CHECK (on_hand > 0 OR value_minor = 0),
	CONSTRAINT fk_level_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_level_place_id FOREIGN KEY(place_id) REFERENCES place (id)
)
 STRICT;
CREATE TABLE price (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	price_book_id INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	from_quantity INTEGER NOT NULL,
	unit_price INTEGER NOT NULL,
	CONSTRAINT uq_price_price_book_id_product_id_from_quantity UNIQUE (price_book_id, product_id, from_quantity),
	CONSTRAINT ck_price_not_negative CHECK (unit_price >= 0),
	CONSTRAINT fk_price_price_book_id FOREIGN KEY(price_book_id) REFERENCES price_book (id),
	CONSTRAINT fk_price_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;
CREATE TABLE product_lock (
	product_id INTEGER NOT NULL,
	CONSTRAINT pk_product_lock PRIMARY KEY (product_id),
	CONSTRAINT fk_product_lock_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;
CREATE TABLE product_name (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	product_id INTEGER NOT NULL,
	language TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	CONSTRAINT uq_product_name_product_id_language UNIQUE (product_id, language),
	CONSTRAINT fk_product_name_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;
CREATE TABLE document (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	revision INTEGER NOT NULL,
	version INTEGER NOT NULL,
	series TEXT,
	sequence INTEGER,
	number TEXT,
	foreign_number TEXT,
	party_id INTEGER,
	contact_id INTEGER,
	delivery_address_id INTEGER,
	currency TEXT,
	rate INTEGER,
	rate_on TEXT,
	rate_source TEXT,
	issued_on TEXT,
	delivery_on TEXT,
	due_on TEXT,
	valid_until INTEGER,
	reference TEXT NOT NULL,
	payment_days INTEGER,
	payment_mode TEXT NOT NULL,
	ships_complete INTEGER NOT NULL,
	prices_include_tax INTEGER NOT NULL,
	discount_percent INTEGER NOT NULL,
	discount_minor INTEGER NOT NULL,
	notes TEXT NOT NULL,
	reason TEXT NOT NULL,
	direction TEXT,
	amount_minor INTEGER,
	received_currency TEXT,
	received_minor INTEGER,
	received_rate INTEGER,
	net_minor INTEGER,
	tax_minor INTEGER,
	total_minor INTEGER,
	source_id INTEGER,
	amends_id INTEGER,
	created_by INTEGER,
	created_at INTEGER NOT NULL,
	numbered_at INTEGER,
	ended_at INTEGER,
	watched TEXT,
	template_id INTEGER,
	snapshot TEXT,
	previous_hash TEXT,
	hash TEXT,
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
)
 STRICT;
CREATE INDEX document_by_kind ON document (kind, state, id);
CREATE INDEX document_due ON document (kind, due_on);
CREATE INDEX document_of_party ON document (party_id, kind, id);
CREATE INDEX document_of_source ON document (source_id);
CREATE TABLE invitation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	token_hash TEXT NOT NULL,
	role TEXT NOT NULL,
	contact_id INTEGER,
	created_by INTEGER,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_by INTEGER,
	used_at INTEGER,
	CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_invitation_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id),
	CONSTRAINT fk_invitation_created_by FOREIGN KEY(created_by) REFERENCES person (id),
	CONSTRAINT fk_invitation_used_by FOREIGN KEY(used_by) REFERENCES person (id)
)
 STRICT;
CREATE TABLE account_entry (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	party_id INTEGER NOT NULL,
	currency TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	document_id INTEGER NOT NULL,
	reverses INTEGER,
	booked_on TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT ck_account_entry_not_zero CHECK (amount_minor <> 0),
	CONSTRAINT fk_account_entry_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_account_entry_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT uq_account_entry_reverses UNIQUE (reverses),
	CONSTRAINT fk_account_entry_reverses FOREIGN KEY(reverses) REFERENCES account_entry (id)
)
 STRICT;
CREATE INDEX entry_of_document ON account_entry (document_id);
CREATE INDEX entry_of_party ON account_entry (party_id, currency, id);
CREATE TABLE allocation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	debit_id INTEGER NOT NULL,
	credit_id INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	undoes INTEGER,
	person_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT ck_allocation_not_zero CHECK (amount_minor <> 0),
	CONSTRAINT ck_allocation_opposite CHECK ((undoes IS NULL) = (amount_minor > 0)),
	CONSTRAINT fk_allocation_debit_id FOREIGN KEY(debit_id) REFERENCES document (id),
	CONSTRAINT fk_allocation_credit_id FOREIGN KEY(credit_id) REFERENCES document (id),
	CONSTRAINT uq_allocation_undoes UNIQUE (undoes),
	CONSTRAINT fk_allocation_undoes FOREIGN KEY(undoes) REFERENCES allocation (id),
	CONSTRAINT fk_allocation_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX allocation_of_credit ON allocation (credit_id);
CREATE INDEX allocation_of_debit ON allocation (debit_id);
CREATE TABLE approval (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	document_revision INTEGER NOT NULL,
	action TEXT NOT NULL,
	limit_name TEXT NOT NULL,
	figures TEXT NOT NULL,
	digest TEXT NOT NULL,
	state TEXT NOT NULL,
	asked_by INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	decided_by INTEGER,
	decided_at INTEGER,
	reason TEXT NOT NULL,
	CONSTRAINT ck_approval_state CHECK (state IN ('asked', 'granted', 'refused', 'void', 'used')),
	CONSTRAINT fk_approval_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_approval_asked_by FOREIGN KEY(asked_by) REFERENCES person (id),
	CONSTRAINT fk_approval_decided_by FOREIGN KEY(decided_by) REFERENCES person (id)
)
 STRICT;
CREATE INDEX approval_of_document ON approval (document_id, state);
CREATE TABLE attachment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	mime TEXT NOT NULL,
	telegram_file_id TEXT NOT NULL,
	person_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT fk_attachment_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_attachment_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX attachment_of_document ON attachment (document_id);
CREATE TABLE deposit (
	payment_id INTEGER NOT NULL,
	order_id INTEGER NOT NULL,
	CONSTRAINT pk_deposit PRIMARY KEY (payment_id),
	CONSTRAINT fk_deposit_payment_id FOREIGN KEY(payment_id) REFERENCES document (id),
	CONSTRAINT fk_deposit_order_id FOREIGN KEY(order_id) REFERENCES document (id)
)
 STRICT;
CREATE TABLE document_line (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	product_id INTEGER,
	name TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	unit_price INTEGER,
	price_source TEXT NOT NULL,
	discount_percent INTEGER NOT NULL,
	tax_category TEXT,
	tax_percent INTEGER,
	net_minor INTEGER,
	from_place_id INTEGER,
	to_place_id INTEGER,
	drops INTEGER NOT NULL,
	reason TEXT NOT NULL,
	source_line_id INTEGER,
	rejected_goods INTEGER NOT NULL,
	credited_line_id INTEGER,
	amount_only INTEGER NOT NULL,
	counted INTEGER,
	level_at_count INTEGER,
	move_at_count INTEGER,
	priority INTEGER NOT NULL,
	asked_at INTEGER,
	CONSTRAINT ck_document_line_quantity CHECK (quantity >= 0),
	CONSTRAINT ck_document_line_rejected CHECK (rejected >= 0),
	CONSTRAINT ck_document_line_discount CHECK (discount_percent >= 0 AND discount_percent <= 1000000),
	CONSTRAINT fk_document_line_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_document_line_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_document_line_from_place_id FOREIGN KEY(from_place_id) REFERENCES place (id),
	CONSTRAINT fk_document_line_to_place_id FOREIGN KEY(to_place_id) REFERENCES place (id),
	CONSTRAINT fk_document_line_source_line_id FOREIGN KEY(source_line_id) REFERENCES document_line (id),
	CONSTRAINT fk_document_line_credited_line_id FOREIGN KEY(credited_line_id) REFERENCES document_line (id)
)
 STRICT;
CREATE INDEX line_of_document ON document_line (document_id, position);
CREATE INDEX line_of_product ON document_line (product_id, document_id);
CREATE INDEX line_of_source ON document_line (source_line_id);
CREATE TABLE document_tax (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	category TEXT NOT NULL,
	percent INTEGER NOT NULL,
	base_minor INTEGER NOT NULL,
	tax_minor INTEGER NOT NULL,
	CONSTRAINT fk_document_tax_document_id FOREIGN KEY(document_id) REFERENCES document (id)
)
 STRICT;
CREATE INDEX tax_of_document ON document_tax (document_id);
CREATE TABLE document_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	net_minor INTEGER,
	tax_minor INTEGER,
	total_minor INTEGER,
	snapshot TEXT NOT NULL,
	person_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT uq_document_version_document_id_version UNIQUE (document_id, version),
	CONSTRAINT fk_document_version_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_document_version_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE TABLE online_payment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	payload TEXT NOT NULL,
	document_id INTEGER NOT NULL,
	party_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	currency TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	checkout_id TEXT,
	checkout_by INTEGER,
	checkout_at INTEGER,
	CONSTRAINT ck_online_payment_amount CHECK (amount_minor > 0),
	CONSTRAINT ck_online_payment_checkout CHECK ((checkout_id IS NULL) = (checkout_at IS NULL) AND (checkout_id IS NULL) = (checkout_by IS NULL)),
	CONSTRAINT uq_online_payment_payload UNIQUE (payload),
	CONSTRAINT fk_online_payment_document_id FOREIGN KEY(document_id) REFERENCES document (id),
	CONSTRAINT fk_online_payment_party_id FOREIGN KEY(party_id) REFERENCES party (id),
	CONSTRAINT fk_online_payment_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_online_payment_checkout_by FOREIGN KEY(checkout_by) REFERENCES person (id)
)
 STRICT;
CREATE INDEX online_payment_of_document ON online_payment (document_id);
CREATE TABLE paper_file (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	document_id INTEGER NOT NULL,
	revision_key TEXT NOT NULL,
	language TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	content BLOB NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT uq_paper_file_document_id_revision_key_language UNIQUE (document_id, revision_key, language),
	CONSTRAINT fk_paper_file_document_id FOREIGN KEY(document_id) REFERENCES document (id)
)
 STRICT;
CREATE TABLE unsettled (
	document_id INTEGER NOT NULL,
	minor INTEGER NOT NULL,
	CONSTRAINT pk_unsettled PRIMARY KEY (document_id),
	CONSTRAINT fk_unsettled_document_id FOREIGN KEY(document_id) REFERENCES document (id)
)
 STRICT;
CREATE INDEX unsettled_left ON unsettled (minor);
CREATE TABLE claim (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	product_id INTEGER NOT NULL,
	place_id INTEGER NOT NULL,
	line_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	open INTEGER NOT NULL,
	until INTEGER,
	last_end_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT ck_claim_quantity CHECK (quantity > 0),
	CONSTRAINT ck_claim_open CHECK (open >= 0 AND open <= quantity),
	CONSTRAINT fk_claim_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_claim_place_id FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_claim_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
)
 STRICT;
CREATE INDEX claim_of_line ON claim (line_id);
CREATE INDEX claim_of_product ON claim (product_id, open);
CREATE INDEX claim_until ON claim (until);
CREATE TABLE draw (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	line_id INTEGER NOT NULL,
	by_line_id INTEGER NOT NULL,
	track TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT ck_draw_not_zero CHECK (quantity <> 0),
	CONSTRAINT fk_draw_line_id FOREIGN KEY(line_id) REFERENCES document_line (id),
	CONSTRAINT fk_draw_by_line_id FOREIGN KEY(by_line_id) REFERENCES document_line (id)
)
 STRICT;
CREATE INDEX draw_by_line ON draw (by_line_id);
CREATE INDEX draw_of_line ON draw (line_id, track);
CREATE TABLE exchange_difference (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	allocation_id INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT fk_exchange_difference_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id)
)
 STRICT;
CREATE INDEX difference_of_allocation ON exchange_difference (allocation_id);
CREATE TABLE move (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	product_id INTEGER NOT NULL,
	from_place_id INTEGER NOT NULL,
	to_place_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	value_minor INTEGER NOT NULL,
	line_id INTEGER NOT NULL,
	reverses INTEGER,
	person_id INTEGER,
	at INTEGER NOT NULL,
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
)
 STRICT;
CREATE INDEX move_of_line ON move (line_id);
CREATE INDEX move_of_product ON move (product_id, id);
CREATE TABLE online_charge (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	telegram_charge_id TEXT NOT NULL,
	provider_charge_id TEXT NOT NULL,
	online_payment_id INTEGER,
	payload TEXT NOT NULL,
	person_id INTEGER NOT NULL,
	currency TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	payment_id INTEGER,
	CONSTRAINT ck_online_charge_amount CHECK (amount_minor > 0),
	CONSTRAINT uq_online_charge_telegram_charge_id UNIQUE (telegram_charge_id),
	CONSTRAINT fk_online_charge_online_payment_id FOREIGN KEY(online_payment_id) REFERENCES online_payment (id),
	CONSTRAINT fk_online_charge_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT uq_online_charge_payment_id UNIQUE (payment_id),
	CONSTRAINT fk_online_charge_payment_id FOREIGN KEY(payment_id) REFERENCES document (id)
)
 STRICT;
CREATE INDEX online_charge_of_request ON online_charge (online_payment_id);
CREATE TABLE outstanding (
	line_id INTEGER NOT NULL,
	track TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	CONSTRAINT pk_outstanding PRIMARY KEY (line_id),
	CONSTRAINT ck_outstanding_track CHECK (track IN ('fulfil', 'inspect')),
	CONSTRAINT fk_outstanding_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
)
 STRICT;
CREATE INDEX outstanding_left ON outstanding (track, quantity);
CREATE TABLE value_difference (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	product_id INTEGER NOT NULL,
	line_id INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	cause TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT fk_value_difference_product_id FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_value_difference_line_id FOREIGN KEY(line_id) REFERENCES document_line (id)
)
 STRICT;
CREATE TABLE waiting (
	line_id INTEGER NOT NULL,
	product_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	priority INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	until INTEGER,
	complete_only INTEGER NOT NULL,
	CONSTRAINT pk_waiting PRIMARY KEY (line_id),
	CONSTRAINT ck_waiting_quantity CHECK (quantity > 0),
	CONSTRAINT fk_waiting_line_id FOREIGN KEY(line_id) REFERENCES document_line (id),
	CONSTRAINT fk_waiting_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;
CREATE INDEX queue_of_product ON waiting (product_id, priority, asked_at, line_id);
CREATE TABLE claim_end (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	claim_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	reason TEXT NOT NULL,
	by_line_id INTEGER,
	person_id INTEGER,
	note TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT ck_claim_end_quantity CHECK (quantity > 0),
	CONSTRAINT ck_claim_end_reason CHECK (reason IN ('consumed', 'released', 'expired', 'displaced', 'handed_over')),
	CONSTRAINT fk_claim_end_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_end_by_line_id FOREIGN KEY(by_line_id) REFERENCES document_line (id),
	CONSTRAINT fk_claim_end_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
 STRICT;
CREATE INDEX claim_end_by_line ON claim_end (by_line_id);
CREATE INDEX claim_end_of_claim ON claim_end (claim_id);
CREATE TRIGGER move_not_changed BEFORE UPDATE ON move WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of move is not changed'); END;
CREATE TRIGGER move_not_removed BEFORE DELETE ON move WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of move is not removed'); END;
CREATE TRIGGER move_not_replaced BEFORE INSERT ON move WHEN EXISTS (SELECT 1 FROM move AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.reverses = NEW.reverses) BEGIN SELECT RAISE(ABORT, 'a row of move is not replaced'); END;
CREATE TRIGGER claim_end_not_changed BEFORE UPDATE ON claim_end WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of claim_end is not changed'); END;
CREATE TRIGGER claim_end_not_removed BEFORE DELETE ON claim_end WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of claim_end is not removed'); END;
CREATE TRIGGER claim_end_not_replaced BEFORE INSERT ON claim_end WHEN EXISTS (SELECT 1 FROM claim_end AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of claim_end is not replaced'); END;
CREATE TRIGGER value_difference_not_changed BEFORE UPDATE ON value_difference WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of value_difference is not changed'); END;
CREATE TRIGGER value_difference_not_removed BEFORE DELETE ON value_difference WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of value_difference is not removed'); END;
CREATE TRIGGER value_difference_not_replaced BEFORE INSERT ON value_difference WHEN EXISTS (SELECT 1 FROM value_difference AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of value_difference is not replaced'); END;
CREATE TRIGGER draw_not_changed BEFORE UPDATE ON draw WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of draw is not changed'); END;
CREATE TRIGGER draw_not_removed BEFORE DELETE ON draw WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of draw is not removed'); END;
CREATE TRIGGER draw_not_replaced BEFORE INSERT ON draw WHEN EXISTS (SELECT 1 FROM draw AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of draw is not replaced'); END;
CREATE TRIGGER document_tax_not_changed BEFORE UPDATE ON document_tax WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of document_tax is not changed'); END;
CREATE TRIGGER document_tax_not_removed BEFORE DELETE ON document_tax WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of document_tax is not removed'); END;
CREATE TRIGGER document_tax_not_replaced BEFORE INSERT ON document_tax WHEN EXISTS (SELECT 1 FROM document_tax AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of document_tax is not replaced'); END;
CREATE TRIGGER document_version_not_changed BEFORE UPDATE ON document_version WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of document_version is not changed'); END;
CREATE TRIGGER document_version_not_removed BEFORE DELETE ON document_version WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of document_version is not removed'); END;
CREATE TRIGGER document_version_not_replaced BEFORE INSERT ON document_version WHEN EXISTS (SELECT 1 FROM document_version AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of document_version is not replaced'); END;
CREATE TRIGGER account_entry_not_changed BEFORE UPDATE ON account_entry WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of account_entry is not changed'); END;
CREATE TRIGGER account_entry_not_removed BEFORE DELETE ON account_entry WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of account_entry is not removed'); END;
CREATE TRIGGER account_entry_not_replaced BEFORE INSERT ON account_entry WHEN EXISTS (SELECT 1 FROM account_entry AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.reverses = NEW.reverses) BEGIN SELECT RAISE(ABORT, 'a row of account_entry is not replaced'); END;
CREATE TRIGGER allocation_not_changed BEFORE UPDATE ON allocation WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of allocation is not changed'); END;
CREATE TRIGGER allocation_not_removed BEFORE DELETE ON allocation WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of allocation is not removed'); END;
CREATE TRIGGER allocation_not_replaced BEFORE INSERT ON allocation WHEN EXISTS (SELECT 1 FROM allocation AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.undoes = NEW.undoes) BEGIN SELECT RAISE(ABORT, 'a row of allocation is not replaced'); END;
CREATE TRIGGER exchange_difference_not_changed BEFORE UPDATE ON exchange_difference WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of exchange_difference is not changed'); END;
CREATE TRIGGER exchange_difference_not_removed BEFORE DELETE ON exchange_difference WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of exchange_difference is not removed'); END;
CREATE TRIGGER exchange_difference_not_replaced BEFORE INSERT ON exchange_difference WHEN EXISTS (SELECT 1 FROM exchange_difference AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of exchange_difference is not replaced'); END;
CREATE TRIGGER history_not_changed BEFORE UPDATE ON history WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of history is not changed'); END;
CREATE TRIGGER history_not_removed BEFORE DELETE ON history WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of history is not removed'); END;
CREATE TRIGGER history_not_replaced BEFORE INSERT ON history WHEN EXISTS (SELECT 1 FROM history AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of history is not replaced'); END;
CREATE TRIGGER operation_not_changed BEFORE UPDATE ON operation WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of operation is not changed'); END;
CREATE TRIGGER operation_not_removed BEFORE DELETE ON operation WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of operation is not removed'); END;
CREATE TRIGGER operation_not_replaced BEFORE INSERT ON operation WHEN EXISTS (SELECT 1 FROM operation AS there WHERE there.key = NEW.key) BEGIN SELECT RAISE(ABORT, 'a row of operation is not replaced'); END;
CREATE TRIGGER paper_file_not_changed BEFORE UPDATE ON paper_file WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of paper_file is not changed'); END;
CREATE TRIGGER paper_file_not_removed BEFORE DELETE ON paper_file WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of paper_file is not removed'); END;
CREATE TRIGGER paper_file_not_replaced BEFORE INSERT ON paper_file WHEN EXISTS (SELECT 1 FROM paper_file AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of paper_file is not replaced'); END;
CREATE TRIGGER move_goes_back BEFORE INSERT ON move WHEN NEW.reverses IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM move AS first WHERE first.id = NEW.reverses AND first.product_id = NEW.product_id AND first.quantity = NEW.quantity AND first.from_place_id = NEW.to_place_id AND first.to_place_id = NEW.from_place_id) BEGIN SELECT RAISE(ABORT, 'a move is reversed by the same goods going back'); END;
CREATE TRIGGER account_entry_goes_back BEFORE INSERT ON account_entry WHEN NEW.reverses IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM account_entry AS first WHERE first.id = NEW.reverses AND first.party_id = NEW.party_id AND first.currency = NEW.currency AND first.amount_minor = -NEW.amount_minor) BEGIN SELECT RAISE(ABORT, 'an entry is reversed by the opposite amount on the same account'); END;
CREATE TRIGGER allocation_goes_back BEFORE INSERT ON allocation WHEN NEW.undoes IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM allocation AS first WHERE first.id = NEW.undoes AND first.debit_id = NEW.debit_id AND first.credit_id = NEW.credit_id AND first.amount_minor = -NEW.amount_minor) BEGIN SELECT RAISE(ABORT, 'an allocation is undone by the opposite amount between the same papers'); END;
CREATE TRIGGER move_applied AFTER INSERT ON move BEGIN INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor, last_move_id, last_claim_id, last_claim_end_id) SELECT NEW.product_id, place.id, 0, 0, 0, 0, 0, 0 FROM place WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside AND NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = place.id); UPDATE level SET on_hand = on_hand - NEW.quantity, value_minor = value_minor - NEW.value_minor, last_move_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.from_place_id; UPDATE level SET on_hand = on_hand + NEW.quantity, value_minor = value_minor + NEW.value_minor, last_move_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.to_place_id; SELECT RAISE(ABORT, 'a move changes the levels of its places') WHERE EXISTS (SELECT 1 FROM place WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside AND NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = place.id AND level.last_move_id = NEW.id)); END;
CREATE TRIGGER level_starts_at_zero BEFORE INSERT ON level WHEN NEW.on_hand <> 0 OR NEW.claimed <> 0 OR NEW.value_minor <> 0 OR NEW.last_move_id <> 0 OR NEW.last_claim_id <> 0 OR NEW.last_claim_end_id <> 0 OR NOT EXISTS (SELECT 1 FROM place WHERE place.id = NEW.place_id AND place.inside) OR EXISTS (SELECT 1 FROM level AS there WHERE there.product_id = NEW.product_id AND there.place_id = NEW.place_id) BEGIN SELECT RAISE(ABORT, 'a level starts at zero, once, at a place inside'); END;
CREATE TRIGGER level_explained BEFORE UPDATE ON level WHEN NEW.product_id <> OLD.product_id OR NEW.place_id <> OLD.place_id OR NOT ( (NEW.last_move_id > OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id AND NEW.last_claim_end_id = OLD.last_claim_end_id AND NEW.claimed = OLD.claimed AND EXISTS (SELECT 1 FROM move WHERE move.id = NEW.last_move_id AND move.product_id = OLD.product_id AND ( (move.from_place_id = OLD.place_id AND NEW.on_hand = OLD.on_hand - move.quantity AND NEW.value_minor = OLD.value_minor - move.value_minor) OR (move.to_place_id = OLD.place_id AND NEW.on_hand = OLD.on_hand + move.quantity AND NEW.value_minor = OLD.value_minor + move.value_minor)))) OR (NEW.last_claim_id > OLD.last_claim_id AND NEW.last_move_id = OLD.last_move_id AND NEW.last_claim_end_id = OLD.last_claim_end_id AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor AND EXISTS (SELECT 1 FROM claim WHERE claim.id = NEW.last_claim_id AND claim.product_id = OLD.product_id AND claim.place_id = OLD.place_id AND NEW.claimed = OLD.claimed + claim.quantity)) OR (NEW.last_claim_end_id > OLD.last_claim_end_id AND NEW.last_move_id = OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor AND EXISTS (SELECT 1 FROM claim_end JOIN claim ON claim.id = claim_end.claim_id WHERE claim_end.id = NEW.last_claim_end_id AND claim.product_id = OLD.product_id AND claim.place_id = OLD.place_id AND NEW.claimed = OLD.claimed - claim_end.quantity))) BEGIN SELECT RAISE(ABORT, 'a level changes by a newer move, claim or end of a claim, by exactly its quantity'); END;
CREATE TRIGGER level_not_removed BEFORE DELETE ON level WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of level is not removed'); END;
CREATE TRIGGER place_stays_what_it_is BEFORE UPDATE ON place WHEN (TRUE) AND (NEW.role IS DISTINCT FROM OLD.role OR NEW.inside IS DISTINCT FROM OLD.inside) BEGIN SELECT RAISE(ABORT, 'place: what is fixed does not change'); END;
CREATE TRIGGER claim_not_removed BEFORE DELETE ON claim WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of claim is not removed'); END;
CREATE TRIGGER claim_not_replaced BEFORE INSERT ON claim WHEN EXISTS (SELECT 1 FROM claim AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of claim is not replaced'); END;
CREATE TRIGGER claim_starts_open BEFORE INSERT ON claim WHEN NEW.open <> NEW.quantity OR NEW.last_end_id <> 0 BEGIN SELECT RAISE(ABORT, 'a claim starts open in full'); END;
CREATE TRIGGER claim_applied AFTER INSERT ON claim BEGIN UPDATE level SET claimed = claimed + NEW.quantity, last_claim_id = NEW.id WHERE product_id = NEW.product_id AND place_id = NEW.place_id; SELECT RAISE(ABORT, 'a claim is on goods that are there') WHERE NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id AND level.place_id = NEW.place_id AND level.last_claim_id = NEW.id); END;
CREATE TRIGGER claim_end_applied AFTER INSERT ON claim_end BEGIN UPDATE claim SET open = open - NEW.quantity, last_end_id = NEW.id WHERE id = NEW.claim_id; UPDATE level SET claimed = claimed - NEW.quantity, last_claim_end_id = NEW.id WHERE product_id = (SELECT product_id FROM claim WHERE claim.id = NEW.claim_id) AND place_id = (SELECT place_id FROM claim WHERE claim.id = NEW.claim_id); SELECT RAISE(ABORT, 'the end of a claim changes the claim and its level') WHERE NOT EXISTS (SELECT 1 FROM claim JOIN level ON level.product_id = claim.product_id AND level.place_id = claim.place_id WHERE claim.id = NEW.claim_id AND claim.last_end_id = NEW.id AND level.last_claim_end_id = NEW.id); END;
CREATE TRIGGER claim_explained BEFORE UPDATE ON claim WHEN NOT (NEW.last_end_id > OLD.last_end_id AND EXISTS (SELECT 1 FROM claim_end WHERE claim_end.id = NEW.last_end_id AND claim_end.claim_id = OLD.id AND NEW.open = OLD.open - claim_end.quantity)) BEGIN SELECT RAISE(ABORT, 'a claim changes by a newer end of it, by exactly its quantity'); END;
CREATE TRIGGER document_not_replaced BEFORE INSERT ON document WHEN EXISTS (SELECT 1 FROM document AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.number = NEW.number) BEGIN SELECT RAISE(ABORT, 'a row of document is not replaced'); END;
CREATE TRIGGER document_numbered_is_kept BEFORE DELETE ON document WHEN OLD.number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a document with a number is not removed'); END;
CREATE TRIGGER document_begins_with_the_next BEFORE INSERT ON document WHEN NEW.sequence IS NOT NULL AND ( NEW.series IS NULL OR (NEW.sequence <> 1 + coalesce( (SELECT max(other.sequence) FROM document AS other WHERE other.series = NEW.series), 0) AND NOT EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_given = NEW.sequence - 1)) OR EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_known < NEW.sequence AND NEW.sequence <= lost.last_given)) BEGIN SELECT RAISE(ABORT, 'a number is the next one of its series'); END;
CREATE TRIGGER document_takes_the_next BEFORE UPDATE ON document WHEN OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND ( NEW.series IS NULL OR (NEW.sequence <> 1 + coalesce( (SELECT max(other.sequence) FROM document AS other WHERE other.series = NEW.series), 0) AND NOT EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_given = NEW.sequence - 1)) OR EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series AND lost.last_known < NEW.sequence AND NEW.sequence <= lost.last_given)) BEGIN SELECT RAISE(ABORT, 'a number is the next one of its series'); END;
CREATE TRIGGER document_begins_in_question BEFORE INSERT ON document WHEN NEW.sequence IS NOT NULL AND EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) BEGIN SELECT RAISE(ABORT, 'the last number of a series is in question'); END;
CREATE TRIGGER document_takes_in_question BEFORE UPDATE ON document WHEN OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) BEGIN SELECT RAISE(ABORT, 'the last number of a series is in question'); END;
CREATE TRIGGER document_number_stays BEFORE UPDATE ON document WHEN (OLD.sequence IS NOT NULL) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.series IS DISTINCT FROM OLD.series OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.number IS DISTINCT FROM OLD.number) BEGIN SELECT RAISE(ABORT, 'document: what is fixed does not change'); END;
CREATE TRIGGER document_posted_stays BEFORE UPDATE ON document WHEN (OLD.hash IS NOT NULL) AND (NEW.kind IS DISTINCT FROM OLD.kind OR NEW.series IS DISTINCT FROM OLD.series OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.number IS DISTINCT FROM OLD.number OR NEW.foreign_number IS DISTINCT FROM OLD.foreign_number OR NEW.party_id IS DISTINCT FROM OLD.party_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.rate IS DISTINCT FROM OLD.rate OR NEW.issued_on IS DISTINCT FROM OLD.issued_on OR NEW.direction IS DISTINCT FROM OLD.direction OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.received_currency IS DISTINCT FROM OLD.received_currency OR NEW.received_minor IS DISTINCT FROM OLD.received_minor OR NEW.received_rate IS DISTINCT FROM OLD.received_rate OR NEW.net_minor IS DISTINCT FROM OLD.net_minor OR NEW.tax_minor IS DISTINCT FROM OLD.tax_minor OR NEW.total_minor IS DISTINCT FROM OLD.total_minor OR NEW.template_id IS DISTINCT FROM OLD.template_id OR NEW.snapshot IS DISTINCT FROM OLD.snapshot OR NEW.previous_hash IS DISTINCT FROM OLD.previous_hash OR NEW.hash IS DISTINCT FROM OLD.hash OR NEW.numbered_at IS DISTINCT FROM OLD.numbered_at) BEGIN SELECT RAISE(ABORT, 'document: what is fixed does not change'); END;
CREATE TRIGGER document_goes_forward BEFORE UPDATE ON document WHEN NEW.revision < OLD.revision OR (OLD.number IS NOT NULL AND NEW.state = 'draft') BEGIN SELECT RAISE(ABORT, 'a document goes back neither to draft nor to an older revision'); END;
CREATE TRIGGER document_line_not_replaced BEFORE INSERT ON document_line WHEN EXISTS (SELECT 1 FROM document_line AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of document_line is not replaced'); END;
CREATE TRIGGER document_line_not_added BEFORE INSERT ON document_line WHEN EXISTS (SELECT 1 FROM document WHERE document.id = NEW.document_id AND document.hash IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the lines of a posted document stay as they are'); END;
CREATE TRIGGER document_line_not_changed BEFORE UPDATE ON document_line WHEN EXISTS (SELECT 1 FROM document WHERE document.id = OLD.document_id AND document.hash IS NOT NULL) OR EXISTS (SELECT 1 FROM document WHERE document.id = NEW.document_id AND document.hash IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the lines of a posted document stay as they are'); END;
CREATE TRIGGER document_line_not_removed BEFORE DELETE ON document_line WHEN EXISTS (SELECT 1 FROM document WHERE document.id = OLD.document_id AND document.hash IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the lines of a posted document stay as they are'); END;
CREATE TRIGGER counter_not_removed BEFORE DELETE ON counter WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of counter is not removed'); END;
CREATE TRIGGER counter_not_replaced BEFORE INSERT ON counter WHEN EXISTS (SELECT 1 FROM counter AS there WHERE there.series = NEW.series) BEGIN SELECT RAISE(ABORT, 'a row of counter is not replaced'); END;
CREATE TRIGGER counter_starts_at_zero BEFORE INSERT ON counter WHEN NEW.last <> 0 BEGIN SELECT RAISE(ABORT, 'a series starts at zero'); END;
CREATE TRIGGER counter_counts BEFORE UPDATE ON counter WHEN NEW.series <> OLD.series OR NEW.last_on < OLD.last_on OR (NEW.last_on IS NULL AND OLD.last_on IS NOT NULL) OR (NEW.last <> OLD.last + 1 AND NOT (NEW.last > OLD.last AND NEW.head = OLD.head AND EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = OLD.series AND lost.last_known = OLD.last AND lost.last_given = NEW.last))) BEGIN SELECT RAISE(ABORT, 'a series goes on by one or over what was lost, and its dates never fall'); END;
CREATE TRIGGER series_question_not_removed BEFORE DELETE ON series_question WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of series_question is not removed'); END;
CREATE TRIGGER series_question_not_replaced BEFORE INSERT ON series_question WHEN EXISTS (SELECT 1 FROM series_question AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of series_question is not replaced'); END;
CREATE TRIGGER series_question_asked_once BEFORE INSERT ON series_question WHEN NEW.answered_at IS NOT NULL OR NEW.last_known <> coalesce( (SELECT counter.last FROM counter WHERE counter.series = NEW.series), 0) OR EXISTS (SELECT 1 FROM series_question AS asked WHERE asked.series = NEW.series AND asked.answered_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a question is about the last number of a series, and is asked once'); END;
CREATE TRIGGER series_question_stays BEFORE UPDATE ON series_question WHEN (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.series IS DISTINCT FROM OLD.series OR NEW.last_known IS DISTINCT FROM OLD.last_known OR NEW.copied_at IS DISTINCT FROM OLD.copied_at OR NEW.asked_at IS DISTINCT FROM OLD.asked_at) BEGIN SELECT RAISE(ABORT, 'series_question: what is fixed does not change'); END;
CREATE TRIGGER series_question_answered_once BEFORE UPDATE ON series_question WHEN (OLD.answered_at IS NOT NULL) AND (NEW.last_given IS DISTINCT FROM OLD.last_given OR NEW.answered_at IS DISTINCT FROM OLD.answered_at OR NEW.answered_by IS DISTINCT FROM OLD.answered_by) BEGIN SELECT RAISE(ABORT, 'series_question: what is fixed does not change'); END;
CREATE TRIGGER company_not_removed BEFORE DELETE ON company WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of company is not removed'); END;
CREATE TRIGGER company_not_replaced BEFORE INSERT ON company WHEN EXISTS (SELECT 1 FROM company AS there WHERE (there.id >= NEW.id AND NEW.id > 0)) BEGIN SELECT RAISE(ABORT, 'a row of company is not replaced'); END;
CREATE TRIGGER company_currency_stays BEFORE UPDATE ON company WHEN (OLD.fixed) AND (NEW.currency IS DISTINCT FROM OLD.currency OR NEW.zone IS DISTINCT FROM OLD.zone OR NEW.fixed IS DISTINCT FROM OLD.fixed) BEGIN SELECT RAISE(ABORT, 'company: what is fixed does not change'); END;
CREATE TRIGGER invitation_stays BEFORE UPDATE ON invitation WHEN (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.token_hash IS DISTINCT FROM OLD.token_hash OR NEW.role IS DISTINCT FROM OLD.role OR NEW.contact_id IS DISTINCT FROM OLD.contact_id OR NEW.created_by IS DISTINCT FROM OLD.created_by) BEGIN SELECT RAISE(ABORT, 'invitation: what is fixed does not change'); END;
CREATE TRIGGER invitation_used_once BEFORE UPDATE ON invitation WHEN (OLD.used_at IS NOT NULL) AND (NEW.used_by IS DISTINCT FROM OLD.used_by OR NEW.used_at IS DISTINCT FROM OLD.used_at) BEGIN SELECT RAISE(ABORT, 'invitation: what is fixed does not change'); END;
CREATE TRIGGER approval_wish_stays BEFORE UPDATE ON approval WHEN (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.document_revision IS DISTINCT FROM OLD.document_revision OR NEW.action IS DISTINCT FROM OLD.action OR NEW.limit_name IS DISTINCT FROM OLD.limit_name OR NEW.figures IS DISTINCT FROM OLD.figures OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_at IS DISTINCT FROM OLD.asked_at) BEGIN SELECT RAISE(ABORT, 'approval: what is fixed does not change'); END;
CREATE TRIGGER approval_asked_first BEFORE INSERT ON approval WHEN NEW.state <> 'asked' BEGIN SELECT RAISE(ABORT, 'an approval is asked for before it is granted'); END;
CREATE TRIGGER approval_granted_by_another BEFORE UPDATE ON approval WHEN NEW.state IN ('granted', 'used') AND (NEW.decided_by IS NULL OR NEW.decided_by = NEW.asked_by) BEGIN SELECT RAISE(ABORT, 'nobody approves his own'); END;
CREATE TRIGGER approval_ends_once BEFORE UPDATE ON approval WHEN OLD.state IN ('refused', 'void', 'used') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'an approval that has ended stays so'); END;
CREATE TRIGGER inbox_done_once BEFORE UPDATE ON inbox WHEN OLD.state = 'done' AND NEW.state <> 'done' BEGIN SELECT RAISE(ABORT, 'an update is done once'); END;
CREATE TRIGGER online_payment_not_removed BEFORE DELETE ON online_payment WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of online_payment is not removed'); END;
CREATE TRIGGER online_payment_not_replaced BEFORE INSERT ON online_payment WHEN EXISTS (SELECT 1 FROM online_payment AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.payload = NEW.payload) BEGIN SELECT RAISE(ABORT, 'a row of online_payment is not replaced'); END;
CREATE TRIGGER online_payment_stays BEFORE UPDATE ON online_payment WHEN (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.payload IS DISTINCT FROM OLD.payload OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.party_id IS DISTINCT FROM OLD.party_id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.at IS DISTINCT FROM OLD.at) BEGIN SELECT RAISE(ABORT, 'online_payment: what is fixed does not change'); END;
CREATE TRIGGER online_charge_not_removed BEFORE DELETE ON online_charge WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a row of online_charge is not removed'); END;
CREATE TRIGGER online_charge_not_replaced BEFORE INSERT ON online_charge WHEN EXISTS (SELECT 1 FROM online_charge AS there WHERE (there.id >= NEW.id AND NEW.id > 0) OR there.telegram_charge_id = NEW.telegram_charge_id OR there.payment_id = NEW.payment_id) BEGIN SELECT RAISE(ABORT, 'a row of online_charge is not replaced'); END;
CREATE TRIGGER online_charge_stays BEFORE UPDATE ON online_charge WHEN (TRUE) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.telegram_charge_id IS DISTINCT FROM OLD.telegram_charge_id OR NEW.provider_charge_id IS DISTINCT FROM OLD.provider_charge_id OR NEW.online_payment_id IS DISTINCT FROM OLD.online_payment_id OR NEW.payload IS DISTINCT FROM OLD.payload OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.at IS DISTINCT FROM OLD.at) BEGIN SELECT RAISE(ABORT, 'online_charge: what is fixed does not change'); END;
CREATE TRIGGER online_charge_booked_once BEFORE UPDATE ON online_charge WHEN (OLD.payment_id IS NOT NULL) AND (NEW.payment_id IS DISTINCT FROM OLD.payment_id) BEGIN SELECT RAISE(ABORT, 'online_charge: what is fixed does not change'); END;
CREATE TRIGGER product_added AFTER INSERT ON product BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', NEW.id); END;
CREATE TRIGGER product_renamed AFTER UPDATE OF sku, barcode, name, archived_at, merged_into ON product BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', NEW.id); END;
CREATE TRIGGER product_removed AFTER DELETE ON product BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', OLD.id); END;
CREATE TRIGGER product_name_added AFTER INSERT ON product_name BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', NEW.product_id); END;
CREATE TRIGGER product_name_renamed AFTER UPDATE OF product_id, language, name ON product_name BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', NEW.product_id); END;
CREATE TRIGGER product_name_removed AFTER DELETE ON product_name BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'product', OLD.product_id); END;
CREATE TRIGGER party_added AFTER INSERT ON party BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', NEW.id); END;
CREATE TRIGGER party_renamed AFTER UPDATE OF name, is_customer, is_vendor, archived_at, merged_into ON party BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', NEW.id); END;
CREATE TRIGGER party_removed AFTER DELETE ON party BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', OLD.id); END;
CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', NEW.party_id); END;
CREATE TRIGGER contact_renamed AFTER UPDATE OF party_id, name, ended_at ON contact BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', NEW.party_id); END;
CREATE TRIGGER contact_removed AFTER DELETE ON contact BEGIN INSERT INTO search_change (token, subject, subject_id) VALUES (random(), 'party', OLD.party_id); END;
CREATE TRIGGER document_watched AFTER UPDATE OF watched ON document BEGIN INSERT INTO outstanding (line_id, track, quantity) SELECT line.id, document.watched, CASE document.watched WHEN 'inspect' THEN line.rejected ELSE line.quantity END FROM document_line AS line JOIN document ON document.id = line.document_id JOIN product ON product.id = line.product_id WHERE product.nature = 'goods' AND (document.watched = 'fulfil' OR (document.watched = 'inspect' AND line.rejected > 0)) AND document.id = NEW.id AND OLD.watched IS NULL; END;
CREATE TRIGGER document_watched_stays BEFORE UPDATE ON document WHEN (OLD.watched IS NOT NULL) AND (NEW.watched IS DISTINCT FROM OLD.watched) BEGIN SELECT RAISE(ABORT, 'document: what is fixed does not change'); END;
CREATE TRIGGER document_line_watched AFTER INSERT ON document_line BEGIN INSERT INTO outstanding (line_id, track, quantity) SELECT line.id, document.watched, CASE document.watched WHEN 'inspect' THEN line.rejected ELSE line.quantity END FROM document_line AS line JOIN document ON document.id = line.document_id JOIN product ON product.id = line.product_id WHERE product.nature = 'goods' AND (document.watched = 'fulfil' OR (document.watched = 'inspect' AND line.rejected > 0)) AND line.id = NEW.id; END;
CREATE TRIGGER document_line_watched_change AFTER UPDATE OF quantity ON document_line BEGIN UPDATE outstanding SET quantity = quantity + NEW.quantity - OLD.quantity WHERE line_id = NEW.id AND track = 'fulfil'; END;
CREATE TRIGGER draw_watched AFTER INSERT ON draw BEGIN UPDATE outstanding SET quantity = quantity + CASE WHEN NEW.track IN ('return', 'excess') THEN NEW.quantity ELSE -NEW.quantity END WHERE line_id = NEW.line_id AND (track = NEW.track OR (track = 'fulfil' AND NEW.track IN ('drop', 'excess', 'return'))); END;
CREATE TRIGGER account_entry_unsettled AFTER INSERT ON account_entry BEGIN INSERT INTO unsettled (document_id, minor) SELECT NEW.document_id, 0 WHERE NOT EXISTS ( SELECT 1 FROM unsettled AS there WHERE there.document_id = NEW.document_id); UPDATE unsettled SET minor = minor + NEW.amount_minor WHERE document_id = NEW.document_id; END;
CREATE TRIGGER allocation_unsettled AFTER INSERT ON allocation BEGIN UPDATE unsettled SET minor = minor - NEW.amount_minor WHERE document_id = NEW.debit_id; UPDATE unsettled SET minor = minor + NEW.amount_minor WHERE document_id = NEW.credit_id; END;
