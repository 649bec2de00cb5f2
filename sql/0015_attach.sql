-- Attachments: what a file is stands here, its bytes in attachment_piece, so that no other table grows with them.
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL,         -- 0: a matter, 1: a conversation
    owner_id BIGINT NOT NULL,
    once BLOB NOT NULL UNIQUE,      -- BLAKE2b-128 of whom it was sent to and the form's random value: sent twice, kept once
    kind TEXT NOT NULL,             -- jpeg, png, pdf
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    hash BLOB NOT NULL,             -- BLAKE2b-256 of all bytes, checked whenever they are read
    at BIGINT NOT NULL,
    staff BIGINT REFERENCES staff (id), -- NULL: the resident
    look INTEGER NOT NULL           -- the day to look whether it is to go: before it surely not
);
CREATE INDEX attachment_owner ON attachment (owner, owner_id, id);
CREATE INDEX attachment_look ON attachment (look);
CREATE INDEX attachment_staff ON attachment (staff) WHERE staff IS NOT NULL;

-- At most 256 KiB a row.
CREATE TABLE attachment_piece (
    attachment BIGINT NOT NULL REFERENCES attachment (id),
    nr INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (attachment, nr)
);
