-- Who may sign in, in which teams, and the sessions that live now. Times are UTC milliseconds; booleans 0 or 1.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The county's districts and the professions of its staff, as its settings file names them.
CREATE TABLE district (
    ref TEXT PRIMARY KEY,
    nth INTEGER NOT NULL,
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL
);

CREATE TABLE profession (
    ref TEXT PRIMARY KEY,
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL
);

CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    register TEXT NOT NULL,         -- health, social or rescue
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    hours TEXT NOT NULL
);

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    profession TEXT NOT NULL,
    password TEXT,                  -- argon2id; NULL: cannot sign in by password
    roles INTEGER NOT NULL,         -- bits: 1 worker, 2 head, 4 administrator
    active INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE team_member (
    team INTEGER NOT NULL REFERENCES team (id),
    staff INTEGER NOT NULL REFERENCES staff (id),
    PRIMARY KEY (team, staff)
);
CREATE INDEX team_member_staff ON team_member (staff);

-- Which team gets a contact about a subject from a district; '' is any district.
CREATE TABLE team_subject (
    subject TEXT NOT NULL,
    district TEXT NOT NULL,
    team INTEGER NOT NULL REFERENCES team (id),
    PRIMARY KEY (subject, district)
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL UNIQUE,     -- BLAKE2b-256 of the cookie's value
    staff INTEGER REFERENCES staff (id),
    matter INTEGER,                 -- a resident's: the matter whose code was given
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_expires ON session (expires_at);
