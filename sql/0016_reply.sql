-- Reply templates. A change is a new version; the one that the template names is what it says now, the others are its history.
CREATE TABLE reply_template (
    id INTEGER PRIMARY KEY,
    version BIGINT NOT NULL,        -- the newest
    retired INTEGER NOT NULL        -- offered no more
);
CREATE INDEX reply_template_offered ON reply_template (retired, id);
CREATE TABLE reply_version (
    id INTEGER PRIMARY KEY,
    template BIGINT NOT NULL REFERENCES reply_template (id),
    at BIGINT NOT NULL,
    staff BIGINT REFERENCES staff (id), -- NULL: the sample county
    team BIGINT REFERENCES team (id),   -- NULL: for all
    uses INTEGER NOT NULL,          -- bits: 1 answer, 2 closing, 4 chat, 8 asking back
    title_fi TEXT NOT NULL,
    title_sv TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_fi TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    retired INTEGER NOT NULL
);
CREATE INDEX reply_version_template ON reply_version (template, id);
CREATE INDEX reply_version_staff ON reply_version (staff) WHERE staff IS NOT NULL;
CREATE INDEX reply_version_team ON reply_version (team) WHERE team IS NOT NULL;
