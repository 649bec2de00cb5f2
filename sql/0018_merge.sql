-- Probable duplicates of one matter, and matters that were joined.

-- To which matter this one was joined; NULL: it stands for itself. A fold of the events, as all of the row is.
ALTER TABLE matter ADD COLUMN into_matter BIGINT;
CREATE INDEX matter_into ON matter (into_matter) WHERE into_matter IS NOT NULL;

-- What a matter is known by: a phone number, a name with a birth date, the beginning of what its text is like. Each as a keyed
-- hash of 16 bytes (src/matter/merge.c), so that nobody reads from this table who has a matter; two matters that share a
-- key are looked at. It follows from the events, and is no part of what `asialla verify` compares.
CREATE TABLE matter_key (
    key BLOB NOT NULL,
    matter BIGINT NOT NULL,
    kind INTEGER NOT NULL,          -- enum merge_reason
    PRIMARY KEY (key, matter)
-- sqlite:
) WITHOUT ROWID;
-- postgresql:
);
-- all:
CREATE INDEX matter_key_matter ON matter_key (matter);

-- Matters whose keys are to be made (again). Who changes a matter adds a row; a moment later the keeper makes the keys and
-- takes the row away. So nobody but the keeper needs the secret, and those that came before this step get theirs too.
CREATE TABLE matter_unkeyed (
    id INTEGER PRIMARY KEY,
    matter BIGINT NOT NULL
);
INSERT INTO matter_unkeyed (matter) SELECT id FROM matter ORDER BY id;
-- postgresql:
ALTER TABLE matter_unkeyed SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
-- all:
