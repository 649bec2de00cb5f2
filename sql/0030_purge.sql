-- Purge plans (src/purge): how a queue that is over the limit is worked off. A change is a new version; old ones stay.
CREATE TABLE purge_plan (
    id INTEGER PRIMARY KEY,
    once TEXT NOT NULL UNIQUE,      -- the form's own: sent twice, it is one plan
    team BIGINT NOT NULL,           -- 0: the whole county
    rule TEXT NOT NULL,
    exact INTEGER NOT NULL,         -- 1: of a head, with the unit's exact numbers; 0: of a manager, with published ones
    name TEXT NOT NULL,
    version INTEGER NOT NULL,       -- the last one
    ended_at BIGINT,
    ended_by BIGINT REFERENCES staff (id),
    ended_note TEXT
);
CREATE INDEX purge_plan_team ON purge_plan (team, id);

CREATE TABLE purge_version (
    plan BIGINT NOT NULL REFERENCES purge_plan (id),
    version INTEGER NOT NULL,       -- from 1
    made_at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff (id),
    note TEXT NOT NULL,             -- why it was changed; '' of the first
    body TEXT NOT NULL,             -- JSON: what it was counted from, the target, the measures
    PRIMARY KEY (plan, version)
);
