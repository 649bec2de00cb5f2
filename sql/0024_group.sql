-- Groups and events with places (src/group): a group, its sessions, who has signed up, who came. "group" is a word of SQL, so
-- the first table is a series. How many places are taken is counted from the sign-ups in the commit that asks: there is no row
-- that counts, which everybody who signs up would write. Times are UTC milliseconds; 0: none.

CREATE TABLE group_series (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,       -- stands in addresses
    team BIGINT NOT NULL REFERENCES team (id),
    state TEXT NOT NULL,            -- draft, open, shut, ended
    names TEXT NOT NULL,            -- none, may, must
    whole INTEGER NOT NULL,         -- 1: one signs up for the whole series; else for each session
    remote INTEGER NOT NULL,
    places INTEGER NOT NULL,
    waiting_most INTEGER NOT NULL,
    offer_hours INTEGER NOT NULL,   -- a freed place is one's for so long; 0: given at once
    opens_at BIGINT NOT NULL,       -- sign-up; 0: at once
    closes_at BIGINT NOT NULL,      -- 0: until the start
    area TEXT NOT NULL,             -- a district's ref; '': the whole county
    languages TEXT NOT NULL,        -- ISO 639-1, a blank between
    audience TEXT NOT NULL,         -- code of data/group.json
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL,
    text_fi TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    place_fi TEXT NOT NULL,
    place_sv TEXT NOT NULL,
    place_en TEXT NOT NULL,
    price_fi TEXT NOT NULL,         -- '': free of charge
    price_sv TEXT NOT NULL,
    price_en TEXT NOT NULL
);
CREATE INDEX group_series_team ON group_series (team, id);
CREATE INDEX group_series_state ON group_series (state, id);

CREATE TABLE group_session (
    id INTEGER PRIMARY KEY,
    series BIGINT NOT NULL REFERENCES group_series (id),
    calendar BIGINT,                -- the room's; its time is taken in busy by this id
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    sequence INTEGER NOT NULL,      -- of calendar files: rises with each change
    changed_at BIGINT NOT NULL,
    cancelled INTEGER NOT NULL,
    why TEXT NOT NULL,              -- cancelled: to those who had signed up
    attended_at BIGINT NOT NULL,    -- when it was written down who came; 0: not yet
    signed INTEGER NOT NULL,        -- how many had a place then
    came INTEGER NOT NULL,
    came_without INTEGER NOT NULL,
    reminded INTEGER NOT NULL,      -- 1: reminders are with the outbox
    erased INTEGER NOT NULL         -- 1: its persons are erased; the numbers stay
);
CREATE UNIQUE INDEX group_session_series ON group_session (series, start_at);
CREATE INDEX group_session_remind ON group_session (start_at) WHERE reminded = 0;
CREATE INDEX group_session_erase ON group_session (end_at) WHERE erased = 0;

CREATE TABLE group_signup (
    id INTEGER PRIMARY KEY,
    series BIGINT NOT NULL REFERENCES group_series (id),
    session BIGINT NOT NULL,        -- 0: the whole series
    state TEXT NOT NULL,            -- place, waiting, offered, gone
    once TEXT NOT NULL UNIQUE,      -- of the form that made it: sent twice, it is one
    code BLOB NOT NULL UNIQUE,      -- keyed hash of the code that opens it
    name TEXT NOT NULL,             -- this and the next two: '' where not told, and once it is gone
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    lang TEXT NOT NULL,
    site TEXT NOT NULL,             -- where its page is, for messages
    made_at BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,      -- the order of the waiting list
    offer_until BIGINT,             -- offered: until then
    offers INTEGER NOT NULL,        -- how many it has got
    staff BIGINT REFERENCES staff (id),   -- who signed them up; NULL: they themselves
    matter BIGINT REFERENCES matter (id)  -- out of which they were signed up
);
CREATE INDEX group_signup_state ON group_signup (series, session, state, queued_at, id);
CREATE INDEX group_signup_offer ON group_signup (offer_until) WHERE offer_until IS NOT NULL;
CREATE INDEX group_signup_matter ON group_signup (matter) WHERE matter IS NOT NULL;

CREATE TABLE group_came (
    session BIGINT NOT NULL REFERENCES group_session (id),
    signup BIGINT NOT NULL REFERENCES group_signup (id),
    came INTEGER NOT NULL,
    PRIMARY KEY (session, signup)
);
CREATE INDEX group_came_signup ON group_came (signup);

-- Who has looked at which list of those who signed up: logged before the page is sent.
CREATE TABLE group_sight (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    series BIGINT NOT NULL,
    session BIGINT NOT NULL         -- 0: of the whole series
);
CREATE INDEX group_sight_series ON group_sight (series, id);
