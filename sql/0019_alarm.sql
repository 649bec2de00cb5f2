-- Alarms: what tells in time that a promise is about to break, and whom (src/alarm).

-- Of which due time the owner or the team was reminded, and which was raised to the unit's head: once each. A fold of the
-- events, as all of the row is. 0: of none.
ALTER TABLE matter ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN raised BIGINT NOT NULL DEFAULT 0;

-- The alarms that stand: the clock that was told of is still the first one. By owner, of a team's that nobody has, and
-- those that were raised.
CREATE INDEX matter_alarm_own ON matter (owner, team, due_at, id) WHERE state = 'open' AND reminded = due_at;
CREATE INDEX matter_alarm_team ON matter (team, due_at, id) WHERE state = 'open' AND owner IS NULL AND reminded = due_at;
CREATE INDEX matter_alarm_raised ON matter (team, due_at, id) WHERE state = 'open' AND raised = due_at;

-- When to look at a matter next. The keeper alone writes it; what it says is checked against the matter when the time comes,
-- so a clock that has stopped or moved meanwhile is silent.
CREATE TABLE alarm_look (
    matter BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX alarm_look_at ON alarm_look (at, matter);

-- Matters whose first clock is another one than it was, or their team, within the last moments: who changes a matter adds a
-- row here, and the keeper takes it away.
CREATE TABLE alarm_fresh (
    id INTEGER PRIMARY KEY,
    matter BIGINT NOT NULL
);
INSERT INTO alarm_fresh (matter) SELECT id FROM matter WHERE state = 'open' ORDER BY id;
-- postgresql:
ALTER TABLE alarm_fresh SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
