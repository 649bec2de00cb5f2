-- Matters: the append-only log of what happened (matter_event) and what follows from it (matter, matter_clock: projections,
-- recomputed by `asialla verify`). Who has looked (access_log), and the seals that show that neither log was changed.

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    born INTEGER NOT NULL,          -- days since 1970-01-01
    language TEXT NOT NULL,         -- ISO 639-1
    phone TEXT,
    email TEXT,
    street TEXT,
    district TEXT NOT NULL
);

CREATE TABLE matter (
    id INTEGER PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,      -- hash of the receipt code; a form sent twice has the same, and is one matter
    person INTEGER REFERENCES person (id),
    state TEXT NOT NULL,            -- open, closed, cancelled
    register TEXT NOT NULL,
    form TEXT NOT NULL,
    reason TEXT NOT NULL,
    channel TEXT NOT NULL,
    team INTEGER NOT NULL REFERENCES team (id),
    owner INTEGER REFERENCES staff (id),
    received_at BIGINT NOT NULL,
    counted INTEGER NOT NULL,       -- the day that its first clocks count from
    due_at BIGINT,                  -- of the first open clock; NULL once closed
    today_from BIGINT,              -- from when on that clock is due today
    due_rule TEXT,
    assessed_at BIGINT,
    urgency TEXT,
    closed_at BIGINT,
    outcome TEXT,
    news INTEGER NOT NULL,          -- the resident has written since a professional last looked to it
    name TEXT,
    born INTEGER,
    phone TEXT,
    email TEXT,
    reach TEXT NOT NULL,            -- call, message, none
    language TEXT NOT NULL,
    interpreter INTEGER NOT NULL,
    other TEXT,                     -- on behalf of whom, as what: free words; NULL: for oneself
    wish_day INTEGER,               -- the wished call-back window
    wish_from INTEGER,
    wish_to INTEGER,
    conditions TEXT                 -- of the person, as the law names them, a blank between
);
CREATE INDEX matter_queue ON matter (team, state, due_at);
CREATE INDEX matter_person ON matter (person) WHERE person IS NOT NULL;

CREATE TABLE matter_event (
    id INTEGER PRIMARY KEY,
    matter INTEGER NOT NULL REFERENCES matter (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    staff INTEGER,                  -- who did it; NULL: the resident, or the program
    body TEXT NOT NULL              -- JSON
);
CREATE INDEX matter_event_matter ON matter_event (matter, id);

CREATE TABLE matter_clock (
    matter INTEGER NOT NULL REFERENCES matter (id),
    nth INTEGER NOT NULL,           -- in the order in which they were started
    rule TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    counted INTEGER NOT NULL,
    due INTEGER NOT NULL,
    warn INTEGER,
    due_at BIGINT NOT NULL,
    safe INTEGER NOT NULL,
    stopped_at BIGINT,
    stopped_by TEXT,                -- the event's kind, as the law names it
    PRIMARY KEY (matter, nth)
);

CREATE TABLE access_log (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    matter INTEGER NOT NULL REFERENCES matter (id),
    staff INTEGER NOT NULL REFERENCES staff (id),
    what TEXT NOT NULL              -- read, wrote
);
CREATE INDEX access_log_matter ON access_log (matter, id);

-- hash = BLAKE2b-256 of the previous seal's hash of that log and of the rows from first to last.
CREATE TABLE seal (
    log TEXT NOT NULL,              -- matter_event or access_log
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    at BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log, last)
);
