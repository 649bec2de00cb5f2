-- What is taken of calendars and persons: the one table that decides who gets a time (src/calendar/busy.c). No two rows of one
-- calendar or person overlap: whoever puts one in has looked, in the same serialisable transaction.
CREATE TABLE busy (
    whose INTEGER NOT NULL,         -- 0: a calendar, 1: a person
    whom BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,          -- at most 24 hours later, so that looking for overlaps is a short range
    taker INTEGER NOT NULL,         -- 0: an appointment, 1: a group's session, 2: a hold
    taker_id BIGINT NOT NULL,
    ends BIGINT,                    -- of a hold: free again from then on, also before anybody has deleted the row
    PRIMARY KEY (whose, whom, from_at),
    CHECK (from_at < to_at)
);
CREATE INDEX busy_taker ON busy (taker, taker_id);
-- Holds and appointments have rising numbers: see 0005. The planner takes this one for what one of them has.
-- postgresql:
CREATE INDEX busy_by_taker ON busy USING hash (taker_id) WITH (fillfactor = 25);
-- all:
CREATE INDEX busy_ends ON busy (ends) WHERE ends IS NOT NULL;
