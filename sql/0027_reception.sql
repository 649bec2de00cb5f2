-- Screens of a unit (kiosk where people say that they have come, call-in screen of a waiting room) and private calendar
-- addresses. Both are opened by an address with a secret, kept as a keyed hash of 32 bytes.
CREATE TABLE reception_screen (
    id INTEGER PRIMARY KEY,
    secret BLOB NOT NULL UNIQUE,
    kind INTEGER NOT NULL,          -- enum screen_kind
    place TEXT NOT NULL,            -- the unit, as calendars name it
    team BIGINT NOT NULL,           -- whose head made it, and can revoke it
    made BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    revoked BIGINT,                 -- NULL: in use
    revoked_by BIGINT
);
CREATE INDEX reception_screen_team ON reception_screen (team, id);

-- Wrong ticket numbers typed at a kiosk: so many within some minutes shut it for a while. Gone some minutes later.
CREATE TABLE reception_wrong (
    id INTEGER PRIMARY KEY,
    screen BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX reception_wrong_screen ON reception_wrong (screen, at);

CREATE TABLE reception_feed (
    id INTEGER PRIMARY KEY,
    secret BLOB NOT NULL UNIQUE,
    staff BIGINT NOT NULL UNIQUE,   -- a new address takes the place of the one before
    made BIGINT NOT NULL
);
