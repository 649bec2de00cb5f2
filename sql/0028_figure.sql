-- Figures: what is summed (fact), the sums, what has been published, and what goes with them. All follows from matter_event but
-- targets, snapshots, plans and acknowledgements; `asialla verify --figures` recounts it.

-- Folds of a matter's events, as all of the row is; `again` is looked up when the matter comes, and stands in its event.
ALTER TABLE matter ADD COLUMN district TEXT;                           -- of the resident, as far as it was told; NULL: not known
ALTER TABLE matter ADD COLUMN step TEXT NOT NULL DEFAULT '';           -- where it stands: code of data/fact.json
ALTER TABLE matter ADD COLUMN step_was TEXT NOT NULL DEFAULT '';       -- and where before it began to wait for somebody's answer
ALTER TABLE matter ADD COLUMN step_at BIGINT NOT NULL DEFAULT 0;       -- since when
ALTER TABLE matter ADD COLUMN touched_at BIGINT NOT NULL DEFAULT 0;    -- when a professional last did something
ALTER TABLE matter ADD COLUMN touch INTEGER NOT NULL DEFAULT 0;        -- minutes that professionals have given it
ALTER TABLE matter ADD COLUMN handoffs INTEGER NOT NULL DEFAULT 0;     -- how often it went to another team or professional
ALTER TABLE matter ADD COLUMN again INTEGER;                           -- days since the person's contact before; -1: none in 30 days; NULL: not known who

-- Of a clock: where it stopped, and the first day on which a time was offered or booked while it ran.
ALTER TABLE matter_clock ADD COLUMN team BIGINT;                       -- NULL: it runs; counted where the matter is
ALTER TABLE matter_clock ADD COLUMN offered INTEGER;
ALTER TABLE matter_clock ADD COLUMN went INTEGER NOT NULL DEFAULT 0;   -- came with another matter, and went with it again: counted there

-- What a commit changed in the sums: one row, some lines of text (matter/fact.h). Gathered a moment later.
CREATE TABLE figure_change (
    id INTEGER PRIMARY KEY,
    facts TEXT NOT NULL
);
-- postgresql:
ALTER TABLE figure_change SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
-- all:

-- The sums. Each cut adds up to the same whole; team 0 is the county.
CREATE TABLE figure_sum (
    measure INTEGER NOT NULL,       -- enum fact_measure
    cut INTEGER NOT NULL,           -- enum figure_cut
    team BIGINT NOT NULL,
    rule TEXT NOT NULL,             -- '': of matters, not of clocks
    part TEXT NOT NULL,
    day INTEGER NOT NULL,           -- of cuts by month: its first
    n BIGINT NOT NULL,
    total BIGINT NOT NULL,          -- days or minutes, as the measure says
    PRIMARY KEY (measure, cut, team, day, rule, part) -- a span of days is one stretch
-- sqlite:
) WITHOUT ROWID;
-- postgresql:
) WITH (fillfactor = 80); -- today's are changed once a second
-- all:
-- A store whose matters were never counted: the first server that starts does it (src/figure), and removes this row.
INSERT INTO meta (name, value) SELECT 'figures', 'recount' WHERE EXISTS (SELECT 1 FROM matter);

-- What has been published, as it was then: never changed. Hidden cells have no number here.
CREATE TABLE publication (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,             -- day, month; half-year: src/report
    day INTEGER NOT NULL,           -- the last day that it tells of
    made_at BIGINT NOT NULL,
    cells BIGINT NOT NULL,
    hidden BIGINT NOT NULL,
    UNIQUE (kind, day)
);
CREATE TABLE published (
    measure INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    team BIGINT NOT NULL,
    rule TEXT NOT NULL,
    part TEXT NOT NULL,
    day INTEGER NOT NULL,
    publication BIGINT NOT NULL REFERENCES publication (id),
    n BIGINT,                       -- NULL: hidden
    total BIGINT,                   -- NULL: hidden, or of too few
    PRIMARY KEY (measure, cut, team, day, rule, part)
-- sqlite:
) WITHOUT ROWID;
-- postgresql:
);
-- all:
CREATE INDEX published_publication ON published (publication);
