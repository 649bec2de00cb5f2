-- The queue where a team has ten thousand open matters: its pages read as much as where it has thirty.

-- Open matters alone, in the order in which the queue shows them, with all that it can be filtered by: which matters stand on
-- a page is found here, and only those are read. (State is in it because SQLite 3.40 would look at the row for it.)
DROP INDEX matter_queue;
CREATE INDEX matter_queue ON matter (team, due_at, id, today_from, owner, language, interpreter, state) WHERE state = 'open';
-- The same for a language that few have.
CREATE INDEX matter_queue_language ON matter (team, language, due_at, id, today_from, state) WHERE state = 'open';
-- Which has waited longest.
CREATE INDEX matter_waiting ON matter (team, received_at, id) WHERE state = 'open';

-- The days of the first clock, as today_from is: so that a line of the queue is read from one row.
ALTER TABLE matter ADD COLUMN due INTEGER;
ALTER TABLE matter ADD COLUMN warn INTEGER;
UPDATE matter SET
    due = (SELECT c.due FROM matter_clock c WHERE c.matter = matter.id AND c.rule = matter.due_rule
        AND c.due_at = matter.due_at AND c.stopped_at IS NULL ORDER BY c.nth LIMIT 1),
    warn = (SELECT c.warn FROM matter_clock c WHERE c.matter = matter.id AND c.rule = matter.due_rule
        AND c.due_at = matter.due_at AND c.stopped_at IS NULL ORDER BY c.nth LIMIT 1)
WHERE state = 'open';

-- How many open matters there are, by what a team's figures are told by and its queue is filtered by. Due times are ends of
-- days, all but a few, so a team has some hundred of these numbers, however many matters.
CREATE TABLE queue_count (
    team INTEGER NOT NULL,
    facet INTEGER NOT NULL,         -- 0: all; 1: by owner and rule; 2: by language
    owner INTEGER NOT NULL,         -- facet 1; 0: nobody
    word TEXT NOT NULL,             -- facet 1: the rule that is due first; 2: the language, and once more 'interpreter'
    due_at BIGINT NOT NULL,
    today_from BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (team, facet, owner, word, due_at, today_from)
-- sqlite:
) WITHOUT ROWID;
-- postgresql:
);
-- all:
CREATE INDEX queue_count_empty ON queue_count (n) WHERE n = 0;

-- What these numbers do not hold yet. Who changes a matter adds a row of -1 and one of 1 and touches nobody else's, so writers
-- do not meet at one number; a moment later the rows are gathered into queue_count. A figure is the sum of both. It follows
-- from the matters, and is compared with them by `asialla verify`.
CREATE TABLE queue_change (
    id INTEGER PRIMARY KEY,
    team INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    due_rule TEXT NOT NULL,
    language TEXT NOT NULL,
    interpreter INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    today_from BIGINT NOT NULL,
    n INTEGER NOT NULL
);

INSERT INTO queue_change (team, owner, due_rule, language, interpreter, due_at, today_from, n)
SELECT team, COALESCE(owner, 0), due_rule, language, interpreter, due_at, today_from, 1 FROM matter WHERE state = 'open';

-- A person's matters in their order. (With the order in it, PostgreSQL takes it also while the table is empty.)
DROP INDEX matter_person;
CREATE INDEX matter_person ON matter (person, id) WHERE person IS NOT NULL;
