-- Teams: members' roles and languages, whom a team is for, duty hours, rules that tell which team gets a matter, who is in.

ALTER TABLE team ADD COLUMN duty TEXT NOT NULL DEFAULT '';             -- as data/law/README.md writes opening hours; '': the office's
ALTER TABLE team ADD COLUMN population TEXT NOT NULL DEFAULT 'none';   -- none, district, age, matter
ALTER TABLE team ADD COLUMN population_of TEXT NOT NULL DEFAULT '';    -- districts, or subjects and reasons; a blank between
ALTER TABLE team ADD COLUMN age_from INTEGER;                          -- population by age: full years, both within
ALTER TABLE team ADD COLUMN age_to INTEGER;

ALTER TABLE team_member ADD COLUMN role TEXT NOT NULL DEFAULT 'member'; -- member, substitute, head
UPDATE team_member SET role = 'head' WHERE staff IN (SELECT id FROM staff WHERE (roles & 2) <> 0);
ALTER TABLE staff ADD COLUMN languages TEXT NOT NULL DEFAULT '';       -- that they serve in: ISO 639-1, a blank between

-- Which team gets a matter: the first rule that holds. An empty list, or no age, asks for nothing.
CREATE TABLE team_rule (
    code TEXT PRIMARY KEY,
    nth INTEGER NOT NULL,           -- their order
    derived INTEGER NOT NULL,       -- 1: from the subjects and districts of the team, not written as a rule
    team INTEGER NOT NULL REFERENCES team (id),
    subjects TEXT NOT NULL,         -- lists: a blank between
    forms TEXT NOT NULL,
    districts TEXT NOT NULL,
    languages TEXT NOT NULL,
    channels TEXT NOT NULL,
    age_from INTEGER,               -- full years on the day on which it came, both within
    age_to INTEGER,
    why_fi TEXT NOT NULL,
    why_sv TEXT NOT NULL,
    why_en TEXT NOT NULL
);
INSERT INTO team_rule (code, nth, derived, team, subjects, forms, districts, languages, channels, why_fi, why_sv, why_en)
SELECT 'subject.' || subject || CASE WHEN district = '' THEN '' ELSE '.' || district END,
    row_number() OVER (ORDER BY CASE WHEN district = '' THEN 1 ELSE 0 END, subject, district),
    1, team, subject, '', district, '', '', '', '', ''
FROM team_subject;
DROP TABLE team_subject;

-- Who has said that they are in. A row is written when somebody presses a button, and is over by itself.
CREATE TABLE staff_presence (
    staff BIGINT PRIMARY KEY REFERENCES staff (id),
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,          -- the end of duty, or of the day
    away_until BIGINT NOT NULL,     -- 0: not away
    consult INTEGER NOT NULL        -- can be asked by colleagues
);
-- The day of a team: what is open by channel and due time, what came in, who wished to be called.
CREATE INDEX matter_day ON matter (team, channel, due_at, today_from, state) WHERE state = 'open';
CREATE INDEX matter_came ON matter (team, received_at);
CREATE INDEX matter_wish ON matter (team, wish_day, wish_from) WHERE wish_day IS NOT NULL;
