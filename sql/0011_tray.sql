-- The service tray: what a professional suggests to a person, and what came of it. What happens to a tray is an event,
-- appended and never changed; tray and tray_item are what lists and the report need of them (a fold: src/tray/tray.c).
-- No name, no contact details, no identity code stands here. All of a tray goes some months after its code has ended
-- (data/tray.json); then only numbers without persons stay (tray_figure).

CREATE TABLE tray (
    id INTEGER PRIMARY KEY,
    once TEXT NOT NULL UNIQUE,      -- of the form that made it: sent twice, it is one tray
    matter BIGINT REFERENCES matter (id), -- NULL: a visitor's, a caller's
    team BIGINT NOT NULL REFERENCES team (id), -- of a matter's tray: the matter's team
    staff BIGINT NOT NULL REFERENCES staff (id), -- who made it
    state TEXT NOT NULL,            -- draft, given, ended
    theme TEXT NOT NULL,            -- of a lifestyle referral; else ''
    area TEXT NOT NULL,             -- a district's ref; '': not told
    grp TEXT NOT NULL,              -- a group of data/tray.json; '': not told
    made INTEGER NOT NULL,          -- days since 1970-01-01, as are the next three
    given INTEGER,                  -- when it was first given
    due INTEGER,                    -- of the first thing to follow up; NULL: nothing
    until INTEGER NOT NULL,         -- the last day on which it can be opened; of a draft: it is kept
    items INTEGER NOT NULL,
    answered INTEGER NOT NULL,      -- of them: marked by or for the person
    told BIGINT NOT NULL            -- the last event of the person's own; 0: none
);
CREATE INDEX tray_matter ON tray (matter) WHERE matter IS NOT NULL;
CREATE INDEX tray_team ON tray (team, id);
CREATE INDEX tray_staff ON tray (staff, id);
CREATE INDEX tray_due ON tray (team, due, id) WHERE due IS NOT NULL;
CREATE INDEX tray_told ON tray (team, told) WHERE told > 0;
CREATE INDEX tray_given ON tray (team, given) WHERE given IS NOT NULL;
CREATE INDEX tray_until ON tray (until, id);

CREATE TABLE tray_event (
    id INTEGER PRIMARY KEY,
    tray BIGINT NOT NULL REFERENCES tray (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id), -- NULL: the person
    item INTEGER NOT NULL,          -- the nth thing in the tray, or the nth follow-up; 0: none
    once TEXT NOT NULL,             -- of the form that did it, with what it said
    body TEXT NOT NULL              -- JSON
);
CREATE UNIQUE INDEX tray_event_once ON tray_event (tray, once);
CREATE INDEX tray_event_tray ON tray_event (tray, id);

CREATE TABLE tray_item (
    tray BIGINT NOT NULL REFERENCES tray (id),
    nr INTEGER NOT NULL,
    service TEXT NOT NULL,          -- its id in the directory; '': an article or a link
    name TEXT NOT NULL,             -- as it was when it was put in
    mark TEXT NOT NULL,             -- suggested, contacted, attended, full, declined
    PRIMARY KEY (tray, nr)
);

-- What opens a tray without signing in. Each giving makes its own.
CREATE TABLE tray_code (
    hash BLOB PRIMARY KEY,
    tray BIGINT NOT NULL REFERENCES tray (id)
);
CREATE INDEX tray_code_tray ON tray_code (tray);

-- Up to which event a professional has seen a tray.
CREATE TABLE tray_look (
    tray BIGINT NOT NULL REFERENCES tray (id),
    staff BIGINT NOT NULL REFERENCES staff (id),
    event BIGINT NOT NULL,
    PRIMARY KEY (tray, staff)
);

-- A need for which nothing was found: no words, no person.
CREATE TABLE tray_missing (
    id INTEGER PRIMARY KEY,
    once TEXT NOT NULL UNIQUE,
    team BIGINT NOT NULL REFERENCES team (id),
    day INTEGER NOT NULL,
    theme TEXT NOT NULL,
    area TEXT NOT NULL,
    grp TEXT NOT NULL
);
CREATE INDEX tray_missing_team ON tray_missing (team, day);

-- What stays of trays that are gone: how many of a month had which mark.
CREATE TABLE tray_figure (
    team BIGINT NOT NULL REFERENCES team (id),
    month INTEGER NOT NULL,         -- 12 * year + month - 1, of the giving
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    grp TEXT NOT NULL,
    mark TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (team, month, service, area, grp, mark)
);

-- Somebody who has given a tray's code.
ALTER TABLE session ADD COLUMN tray BIGINT;
