-- The database of fristd, as a new file has it. PRAGMA user_version is the schema version, application_id the letters
-- 'fris'. What changes here after a release is also a step in store.c, for the files that there are.
-- Times are seconds since 1970-01-01 UTC. Lists in one column are separated by line feeds, which no item can hold.
-- Bodies are never kept; subjects and addresses are masked before they get here.

-- When each mailbox was first read: reminders of the time before stay silent.
CREATE TABLE mailbox (
	name TEXT PRIMARY KEY,
	started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each folder has been read. A changed UIDVALIDITY sets seen_uid to 0: the rescan acts on content identity.
CREATE TABLE folder (
	id INTEGER PRIMARY KEY,
	mailbox TEXT NOT NULL,
	name TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	seen_uid INTEGER NOT NULL DEFAULT 0,		-- every UID up to this one has a sighting or never existed
	UNIQUE (mailbox, name)
) STRICT;

-- One mail by its content identity, wherever and however often it lies. Everything that a decision rested on.
CREATE TABLE mail (
	id INTEGER PRIMARY KEY,
	identity BLOB NOT NULL UNIQUE,
	mailbox TEXT NOT NULL,				-- where it was seen first
	message_id TEXT,
	frist_id TEXT,
	from_address TEXT, from_name TEXT, sender_address TEXT,
	to_list TEXT NOT NULL, cc_list TEXT NOT NULL,	-- addresses
	subject TEXT, bare_subject TEXT NOT NULL,
	sent_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	-- of our house; IN with more than two words would cost SQLite a table for every row that is stored
	way TEXT NOT NULL CHECK (way = 'in' OR way = 'out' OR way = 'within'),
	automatic INTEGER NOT NULL, forward INTEGER NOT NULL, reply INTEGER NOT NULL,
	tags TEXT NOT NULL, keys TEXT NOT NULL,
	lead_key TEXT, lead_round INTEGER NOT NULL,
	first_line TEXT,				-- only when it is a word that approves
	case_link TEXT,
	asker TEXT, addressed_to TEXT,			-- only while it waits: whose letter it is, and to whom
	trust_grade TEXT NOT NULL, trusted INTEGER NOT NULL, trust_evidence TEXT NOT NULL,
	inquiry INTEGER REFERENCES inquiry (id),
	found_by TEXT NOT NULL,
	outcome TEXT NOT NULL, reason TEXT NOT NULL,
	rule TEXT, tag TEXT, acting_role TEXT, actor TEXT,
	decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_message_id ON mail (message_id, inquiry);
CREATE INDEX mail_inquiry ON mail (inquiry);
CREATE INDEX mail_volume ON mail (mailbox, arrived_at, way, outcome);
CREATE INDEX mail_waiting ON mail (mailbox, arrived_at) WHERE outcome IN ('waiting', 'set-aside');

-- The ids that a mail names, oldest first: References, then In-Reply-To.
CREATE TABLE reference (
	mail INTEGER NOT NULL REFERENCES mail (id),
	position INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	direct INTEGER NOT NULL,			-- 1: In-Reply-To
	PRIMARY KEY (mail, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_message_id ON reference (message_id);

-- Every UID that was looked at, with exactly one outcome. Messages that could not be read have no mail.
CREATE TABLE sighting (
	id INTEGER PRIMARY KEY,
	folder INTEGER NOT NULL REFERENCES folder (id),
	uidvalidity INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	mail INTEGER REFERENCES mail (id),
	at INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	UNIQUE (folder, uidvalidity, uid)
) STRICT;
CREATE INDEX sighting_mail ON sighting (mail);
CREATE INDEX sighting_waiting ON sighting (folder, at) WHERE outcome = 'waiting';
CREATE INDEX sighting_set_aside ON sighting (folder, at) WHERE outcome = 'set-aside' AND mail IS NULL;

-- Mails that are not registered (D1): that one came is all that is known. What it was is only recognised, by hashes
-- under a key that is made once for this database: its content identity, and its Message-ID where others refer to it.
CREATE TABLE confidential (
	identity BLOB PRIMARY KEY,
	message_id BLOB,
	mailbox TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX confidential_message_id ON confidential (message_id);
CREATE INDEX confidential_at ON confidential (mailbox, at);

-- Tries at a message that brought us down or could not be fetched; recorded before each try.
CREATE TABLE poison (
	folder INTEGER NOT NULL REFERENCES folder (id),
	uidvalidity INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	PRIMARY KEY (folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;

-- Where each inquiry stands: a cache of its last transition. image is the whole struct inquiry as JSON.
CREATE TABLE inquiry (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,
	workflow TEXT NOT NULL,
	mailbox TEXT NOT NULL,
	step TEXT NOT NULL,
	subject TEXT,
	received_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,			-- 0 while open
	image TEXT NOT NULL,
	same_as TEXT,					-- key of the one that it was the same matter as
	part_of TEXT,					-- of each part of a letter that was split: the first one's key
	asker_hash BLOB,				-- who asked, under the secret 'asker': while it is open, and not too long
	-- the key with its number in ten digits: MT-2026-10000 comes after MT-2026-9999
	sort TEXT NOT NULL GENERATED ALWAYS AS (substr(key, 1, instr(key, '-') + 5)
		|| printf('%010d', substr(key, instr(key, '-') + 6))) VIRTUAL
) STRICT;
CREATE INDEX inquiry_sort ON inquiry (sort);
CREATE INDEX inquiry_open_sort ON inquiry (sort) WHERE ended_at = 0;
CREATE INDEX inquiry_received ON inquiry (mailbox, received_at);
CREATE INDEX inquiry_open ON inquiry (mailbox, received_at) WHERE ended_at = 0;
CREATE INDEX inquiry_same_as ON inquiry (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX inquiry_part_of ON inquiry (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX inquiry_asker ON inquiry (asker_hash) WHERE asker_hash IS NOT NULL;

-- Random keys, made once with the database: without 'asker' nobody can tell from a hash whose address it is of.
CREATE TABLE secret (
	name TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to an inquiry, for ever: who, by which rule, on which evidence, from what to what.
CREATE TABLE transition (
	id INTEGER PRIMARY KEY,
	inquiry INTEGER NOT NULL REFERENCES inquiry (id),
	at INTEGER NOT NULL,
	mail INTEGER REFERENCES mail (id),
	rule TEXT NOT NULL,				-- cite or verb
	step_before TEXT, step_after TEXT NOT NULL,	-- step_before NULL: the inquiry was opened
	round INTEGER NOT NULL,
	actor TEXT, acting_role TEXT,
	evidence TEXT NOT NULL,				-- why the sender was believed
	before TEXT, after TEXT NOT NULL,		-- images
	conf_hash BLOB NOT NULL
) STRICT;
CREATE INDEX transition_inquiry ON transition (inquiry);
CREATE TRIGGER transition_no_update BEFORE UPDATE ON transition
  BEGIN SELECT RAISE(ABORT, 'transitions are for ever'); END;
CREATE TRIGGER transition_no_delete BEFORE DELETE ON transition
  BEGIN SELECT RAISE(ABORT, 'transitions are for ever'); END;

-- Addresses that take part in an inquiry: who may be believed when he names its key.
CREATE TABLE participant (
	inquiry INTEGER NOT NULL REFERENCES inquiry (id),
	address TEXT NOT NULL,
	PRIMARY KEY (inquiry, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_counter (
	prefix TEXT NOT NULL,
	year INTEGER NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (prefix, year)
) STRICT, WITHOUT ROWID;

-- The mails we send. pending: wanted; sending: claimed; sent; refused: the addressee's server said
-- no; uncertain: the server never answered the final dot; withdrawn: no longer wanted.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('morning', 'single')),
	mailbox TEXT NOT NULL,				-- From; as long as it was never claimed: where it was wanted first
	person TEXT,					-- morning: whose
	local_date TEXT,				-- morning: of which day, 2026-03-30
	address TEXT NOT NULL,				-- To
	template TEXT NOT NULL,				-- single: which
	mail INTEGER REFERENCES mail (id),		-- single: about which
	inquiry INTEGER REFERENCES inquiry (id),	-- single: about which
	frist_id TEXT NOT NULL UNIQUE,
	message_id TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'uncertain', 'withdrawn')),
	created_at INTEGER NOT NULL,
	next_at INTEGER NOT NULL,			-- not before
	tries INTEGER NOT NULL DEFAULT 0,
	resend INTEGER NOT NULL,			-- 1: goes again when it stays uncertain; 0: waits for a person
	subject TEXT,					-- as it was sent
	overview INTEGER NOT NULL DEFAULT 0,		-- 1: it shows more than one thing
	uncertain_at INTEGER NOT NULL DEFAULT 0,	-- when it last became so
	seen_at INTEGER NOT NULL DEFAULT 0,		-- when its copy was seen in a mailbox
	settled_at INTEGER NOT NULL DEFAULT 0,		-- when it was sent, refused or withdrawn
	told_in INTEGER REFERENCES outbox (id),		-- refused: the owner's morning mail that says so
	secret INTEGER NOT NULL DEFAULT 0		-- 1: once it is settled nobody is to know whom it went to
) STRICT;
CREATE UNIQUE INDEX outbox_morning ON outbox (person, local_date) WHERE kind = 'morning';
CREATE UNIQUE INDEX outbox_single ON outbox (mail, template, address) WHERE kind = 'single';
CREATE INDEX outbox_told ON outbox (address, template, created_at) WHERE kind = 'single';
CREATE INDEX outbox_about ON outbox (inquiry, template, address) WHERE kind = 'single' AND mail IS NULL;
CREATE INDEX outbox_open ON outbox (state, next_at) WHERE settled_at = 0;
CREATE INDEX outbox_refused ON outbox (mailbox, settled_at) WHERE state = 'refused';

-- Why a morning mail is sent: a rung that was called. What was called once is not called again.
CREATE TABLE intent (
	id INTEGER PRIMARY KEY,
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	inquiry INTEGER NOT NULL REFERENCES inquiry (id),
	person TEXT NOT NULL,
	round INTEGER NOT NULL,
	clock TEXT NOT NULL,
	rung INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	step TEXT NOT NULL,				-- where the inquiry stood: moved on, the intent is no longer wanted
	template TEXT NOT NULL,
	copy INTEGER NOT NULL,				-- 1: the person is on cc of the rung
	withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX intent_once ON intent (inquiry, person, round, clock, due_at, rung) WHERE withdrawn = 0;
CREATE INDEX intent_outbox ON intent (outbox);
CREATE INDEX intent_withdrawn ON intent (inquiry, person) WHERE withdrawn = 1;

-- Whom each mail goes to, the copy included, and what the server said of it.
CREATE TABLE recipient (
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	address TEXT NOT NULL,
	copy INTEGER NOT NULL,				-- copy_to: not shown in the header
	state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'refused', 'uncertain')),
	reply TEXT,
	PRIMARY KEY (outbox, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	outcome TEXT NOT NULL,				-- done, retry, rejected, unsure
	reply TEXT NOT NULL
) STRICT;
CREATE INDEX attempt_outbox ON attempt (outbox);

CREATE TRIGGER outbox_secret AFTER UPDATE OF settled_at ON outbox WHEN new.secret AND new.settled_at > 0
  BEGIN
  UPDATE outbox SET address = '', subject = NULL WHERE id = new.id;
  DELETE FROM recipient WHERE outbox = new.id;
  DELETE FROM attempt WHERE outbox = new.id;
  END;

-- Ids that our mails got from servers on the way, learnt from the copy; and which inquiries each mail was about.
CREATE TABLE own_id (
	message_id TEXT PRIMARY KEY,
	outbox INTEGER NOT NULL REFERENCES outbox (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_inquiry (
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	inquiry INTEGER NOT NULL REFERENCES inquiry (id),
	PRIMARY KEY (outbox, inquiry)
) STRICT, WITHOUT ROWID;

-- Mornings that are done: everything called later waits for the next.
CREATE TABLE morning (
	local_date TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Who began the mandatory course, and completed it (B1). fristctl writes it, from files; fristd never does.
CREATE TABLE course_record (
	person TEXT NOT NULL,				-- id in people.conf
	course TEXT NOT NULL,				-- as the course file calls it
	started_on TEXT NOT NULL,			-- local date, 2026-03-30, here and below
	completed_on TEXT,				-- NULL: not yet
	format TEXT NOT NULL CHECK (format IN ('e-learning', 'attendance')),
	unit TEXT NOT NULL,				-- of the person then
	changed_at INTEGER NOT NULL,			-- when a file last said something new
	PRIMARY KEY (person, course, started_on)
) STRICT, WITHOUT ROWID;
