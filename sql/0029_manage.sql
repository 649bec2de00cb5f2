-- Targets of figures, and what a board was shown. Rows are added, and never changed.

CREATE TABLE manage_target (
    id INTEGER PRIMARY KEY,
    figure TEXT NOT NULL,
    rule TEXT NOT NULL,             -- '': of matters
    team BIGINT NOT NULL,           -- 0: the county
    value DOUBLE PRECISION,         -- NULL: no target from then on
    from_day INTEGER NOT NULL,
    source TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id),
    made_at BIGINT NOT NULL
);

CREATE TABLE manage_snapshot (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    page TEXT NOT NULL,
    team BIGINT NOT NULL,           -- 0: the county
    exact INTEGER NOT NULL,         -- of a team's own numbers, small ones too
    until_day INTEGER NOT NULL,     -- the last day that it tells of
    staff BIGINT REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    seal BLOB NOT NULL              -- hash of the row and of its pieces
);
CREATE TABLE manage_piece (
    snapshot BIGINT NOT NULL REFERENCES manage_snapshot (id),
    seq INTEGER NOT NULL,
    lang TEXT NOT NULL,
    chart TEXT NOT NULL,            -- '': the page's HTML; else a chart's table as CSV
    content TEXT NOT NULL,
    PRIMARY KEY (snapshot, seq)
);
