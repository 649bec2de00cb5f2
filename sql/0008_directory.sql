-- Where an entry of the service directory comes from, who keeps it, what an editor has added to it, and its whole history.

-- ptv: an import gives it; local: a partner or an editor made it here, and no import touches it.
ALTER TABLE directory_entry ADD COLUMN source TEXT NOT NULL DEFAULT 'ptv';
-- The organisation (its id) whose partner accounts keep the entry; '': the county's editors only.
ALTER TABLE directory_entry ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- Hash of what the source gave last ('withdrawn': that it is gone): what comes again unchanged changes nothing, even after an
-- undo here.
ALTER TABLE directory_entry ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';
UPDATE directory_entry SET source_hash = CASE WHEN withdrawn = 1 THEN 'withdrawn' ELSE hash END;
CREATE INDEX directory_entry_local ON directory_entry (owner, id) WHERE source = 'local';

-- What an editor of the county adds to an entry: synonyms, plain-language text, cover, review date. Imports never touch it.
CREATE TABLE directory_addition (
    entry TEXT PRIMARY KEY,
    content TEXT NOT NULL,          -- JSON (src/directory/shape.c, struct dir_addition)
    changed_at BIGINT NOT NULL
);

-- An entry as somebody is writing it, before it is approved: what is shown stays as it was.
CREATE TABLE directory_draft (
    entry TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,             -- of content, as directory_entry's
    state TEXT NOT NULL,            -- draft, waiting (for approval), returned
    reason TEXT NOT NULL,           -- why it was returned, in the editor's words
    staff BIGINT REFERENCES staff (id), -- who wrote it last
    changed_at BIGINT NOT NULL
);
CREATE INDEX directory_draft_owner ON directory_draft (owner, entry);
CREATE INDEX directory_draft_state ON directory_draft (state, changed_at);

-- Every change of what is shown, oldest first; never changed. An undo is a change too. What was shown after a change is what
-- the next one of the same entry and part was before, or what is shown now: it is not written twice. So a row that an import
-- brought for the first time costs a line and no text, and the oldest can be dropped without harm to the others.
CREATE TABLE directory_change (
    id INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,             -- import, approved, confirmed, added (an addition), withdrawn, restored, undone
    staff BIGINT REFERENCES staff (id), -- NULL: an import
    part TEXT NOT NULL,             -- entry or addition: what before is of
    kind TEXT NOT NULL,             -- the entry's, as it was
    before_content TEXT,            -- NULL: nothing was shown, or added
    note TEXT NOT NULL
);
CREATE INDEX directory_change_entry ON directory_change (entry, part, id);
CREATE INDEX directory_change_at ON directory_change (at);

-- The last try to take in what PTV has, and what came of it: one row.
CREATE TABLE directory_import (
    nr INTEGER PRIMARY KEY CHECK (nr = 1),
    source TEXT NOT NULL,           -- of the last try: an address, a folder, or 'files'
    tried_at BIGINT NOT NULL,
    succeeded_at BIGINT NOT NULL,   -- 0: never
    failures BIGINT NOT NULL,       -- since then
    error TEXT NOT NULL,            -- of the last try; '': it succeeded
    seen BIGINT NOT NULL,           -- this and the rest: of the last that succeeded
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    missing BIGINT NOT NULL         -- shown here, of the kinds that came, but not among what came
);

-- What residents say, and the catalogue's words for it: the editors' own, beside data/search.
CREATE TABLE directory_synonym (
    id INTEGER PRIMARY KEY,
    lang TEXT NOT NULL,
    says TEXT NOT NULL,             -- words or phrases, a line each
    means TEXT NOT NULL,            -- words of the catalogue, a line each
    staff BIGINT REFERENCES staff (id),
    changed_at BIGINT NOT NULL
);
