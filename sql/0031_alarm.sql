-- Warnings days ahead of a breach, of each running clock, by rule; and acknowledgements that silence them (src/alarm).

-- Who was told of which clock, when: once. What a page shows of it follows from the matter as it stands.
CREATE TABLE alarm_ahead (
    matter BIGINT NOT NULL,
    rule TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    team BIGINT NOT NULL,           -- where the matter is now
    told_at BIGINT NOT NULL,
    told_team BIGINT NOT NULL,      -- whose head was told
    told_owner BIGINT,              -- and who had it; NULL: nobody, so the team
    ended INTEGER NOT NULL DEFAULT 0, -- 1: the clock runs no more, or it is over
    PRIMARY KEY (matter, rule, due_at)
);
CREATE INDEX alarm_ahead_team ON alarm_ahead (team, due_at, matter) WHERE ended = 0;

-- Somebody knows of a rule's warnings and says why nothing more needs to be said until that day. Never of a breach.
CREATE TABLE alarm_ack (
    id INTEGER PRIMARY KEY,
    team BIGINT NOT NULL,
    rule TEXT NOT NULL,
    own INTEGER NOT NULL,           -- 0: a head, for the unit; 1: a professional, for the matters that they have
    staff BIGINT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    until INTEGER NOT NULL,         -- the last day on which it is silent
    reason TEXT NOT NULL,
    ended_at BIGINT,                -- taken back before that day
    ended_by BIGINT REFERENCES staff (id)
);
CREATE INDEX alarm_ack_team ON alarm_ack (team, rule, until);
CREATE INDEX alarm_ack_until ON alarm_ack (until, team) WHERE ended_at IS NULL;

-- Those that are open are looked at once.
INSERT INTO alarm_fresh (matter) SELECT id FROM matter WHERE state = 'open' ORDER BY id;
