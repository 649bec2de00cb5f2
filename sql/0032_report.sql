-- Reports: who took a file of visits out, and the half-yearly tables as they were published.

-- One row an export of persons' data: written in the command that makes the file, before the file gets its name.
CREATE TABLE report_export (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,             -- visits
    who TEXT NOT NULL,              -- the machine's user who gave the command
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    visits BIGINT NOT NULL,         -- in the period
    written BIGINT NOT NULL,        -- of these in the file; the others were listed with why
    hash BLOB NOT NULL              -- BLAKE2b-256 of the file's bytes
);

-- Never changed. Hidden cells have no number.
CREATE TABLE half_year (
    code TEXT NOT NULL,             -- table: data/report/half-year.json
    first INTEGER NOT NULL,         -- the half's first day
    rule TEXT NOT NULL,             -- '': the row that says that it was made
    measure INTEGER NOT NULL,       -- enum fact_measure
    team BIGINT NOT NULL,           -- 0: the county
    n BIGINT,                       -- NULL: hidden; of the row that says so: when, Unix time in ms
    PRIMARY KEY (code, first, rule, measure, team)
-- sqlite:
) WITHOUT ROWID;
-- postgresql:
);
-- all:
