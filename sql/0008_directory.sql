-- Where an entry of the service directory comes from, who keeps it, what an editor has added to it, and its whole history.

-- ptv: an import gives it; local: a partner or an editor made it here, and no import touches it.
ALTER TABLE directory_entry ADD COLUMN source TEXT NOT NULL DEFAULT 'ptv';
-- The organisation (its id) whose partner accounts keep the entry; '': the county's editors only.
ALTER TABLE directory_entry ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- Hash of what the source gave last: what comes again unchanged changes nothing, even after an undo here.
ALTER TABLE directory_entry ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX directory_entry_owner ON directory_entry (owner, id);

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
    state TEXT NOT NULL,            -- draft, waiting (for approval), returned
    reason TEXT NOT NULL,           -- why it was returned, in the editor's words
    staff BIGINT REFERENCES staff (id),
    changed_at BIGINT NOT NULL
);
CREATE INDEX directory_draft_owner ON directory_draft (owner, entry);
CREATE INDEX directory_draft_state ON directory_draft (state, changed_at);

-- Every change of what is shown, oldest first; never changed. An undo is a change too.
CREATE TABLE directory_change (
    id INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,             -- import, approved, edited, added (an addition), withdrawn, restored, undone
    staff BIGINT REFERENCES staff (id), -- NULL: an import
    part TEXT NOT NULL,             -- entry or addition: what before and after are of
    kind TEXT NOT NULL,
    before_content TEXT,            -- NULL: there was none
    after_content TEXT,             -- NULL: withdrawn
    note TEXT NOT NULL
);
CREATE INDEX directory_change_entry ON directory_change (entry, id);

-- What residents say, and the catalogue's words for it: the editors' own, beside data/search.
CREATE TABLE directory_synonym (
    id INTEGER PRIMARY KEY,
    lang TEXT NOT NULL,
    says TEXT NOT NULL,             -- words or phrases, a line each
    means TEXT NOT NULL,            -- words of the catalogue, a line each
    staff BIGINT REFERENCES staff (id),
    changed_at BIGINT NOT NULL
);
