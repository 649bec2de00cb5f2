-- What somebody has said of the facts of a booklet's entry: that they are right, or what has changed. Never changed: the last
-- row of an entry counts.
CREATE TABLE booklet_word (
    id INTEGER PRIMARY KEY,
    booklet TEXT NOT NULL,
    entry TEXT NOT NULL,
    at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff (id),
    facts TEXT NOT NULL,            -- BLAKE2b-128 of what was shown, in hex
    is_right INTEGER NOT NULL,      -- 0: something has changed; note says what
    note TEXT NOT NULL
);
CREATE INDEX booklet_word_entry ON booklet_word (booklet, entry, id);
