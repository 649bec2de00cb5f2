-- Who has a matter's page open now, so that two people do not work on it unknowingly. A row lives as long as the page says that
-- it is open, some seconds; nothing follows from it, and no other table is referred to: it may outlive what it is about by that.
CREATE TABLE matter_presence (
    matter BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    team BIGINT NOT NULL,           -- the matter's: whose queue shows it
    page BIGINT NOT NULL,           -- which of their pages: the instant when it was made
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,          -- gone from then on, if nothing is heard
    writing INTEGER NOT NULL,
    PRIMARY KEY (matter, staff)
);
CREATE INDEX matter_presence_team ON matter_presence (team, until);
CREATE INDEX matter_presence_until ON matter_presence (until);
