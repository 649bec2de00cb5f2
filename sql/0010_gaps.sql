-- Searches that found nothing, or nothing that was opened: words and counts, no person, no address, no time of day.

-- One row a language and words. Until five people have asked, the words are not kept, only their keyed hash.
CREATE TABLE search_gap (
    hash BLOB NOT NULL,             -- BLAKE2b-128 of the folded words, keyed with the installation's secret
    lang TEXT NOT NULL,
    words TEXT,                     -- NULL: fewer than five people have asked
    asked BIGINT NOT NULL,          -- people and days: one person counts once a day
    empty BIGINT NOT NULL,          -- of them: nothing was found that says it
    opened BIGINT NOT NULL,         -- of them: a service was opened
    last INTEGER NOT NULL,          -- the last day, in days since 1970-01-01
    done INTEGER NOT NULL DEFAULT 0, -- an editor has dealt with it
    PRIMARY KEY (hash, lang)
);
CREATE INDEX search_gap_asked ON search_gap (asked);
CREATE INDEX search_gap_last ON search_gap (last);
