-- Remote visits. A room is an appointment's, and there while somebody has a link of it; a seat is one person's in it. All of it goes
-- when the visit is over (data/remote.json): what stays are the appointment's events and the access log. Media never come here.

CREATE TABLE remote_room (
    appointment BIGINT PRIMARY KEY REFERENCES appointment (id),
    made_at BIGINT NOT NULL,
    dies_at BIGINT NOT NULL,        -- the room with everything in it goes from then on
    told_at BIGINT,                 -- when the resident's link was put into the outbox
    ended_at BIGINT,                -- a professional has ended it for all
    seats INTEGER NOT NULL,         -- the last seat's number
    texts INTEGER NOT NULL          -- the last text's number
);
CREATE INDEX remote_room_dies ON remote_room (dies_at);

CREATE TABLE remote_seat (
    id INTEGER PRIMARY KEY,
    appointment BIGINT NOT NULL REFERENCES remote_room (appointment),
    number INTEGER NOT NULL,        -- in the room: who gives way where two speak at once (RFC 8829, 4.1.10)
    ref TEXT NOT NULL UNIQUE,       -- random: in addresses; opens nothing without the cookie
    who TEXT NOT NULL,              -- resident, family, interpreter, colleague, staff
    name TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id),
    session BIGINT,                 -- a professional's: the sign-in with which they took it; it ends with that
    state TEXT NOT NULL,            -- linked, waiting, in, left, removed
    link BLOB UNIQUE,               -- keyed hash of the link's secret; NULL: come without a link
    cookie BLOB,                    -- keyed hash of what the device has; NULL: no device yet
    page TEXT NOT NULL,             -- which loading of the page it is: made by the browser
    seen_at BIGINT NOT NULL,        -- last heard of, some seconds exact
    inbox INTEGER NOT NULL,         -- the number of the last signal to it
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX remote_seat_number ON remote_seat (appointment, number);
CREATE INDEX remote_seat_staff ON remote_seat (staff) WHERE staff IS NOT NULL AND state = 'in';

-- What one browser says to another: descriptions and candidates, opaque to us; some minutes.
CREATE TABLE remote_signal (
    seat BIGINT NOT NULL REFERENCES remote_seat (id),
    seq INTEGER NOT NULL,
    sender INTEGER NOT NULL,        -- the number of the seat that says it
    sender_page TEXT NOT NULL,
    page TEXT NOT NULL,             -- to which loading of the receiver's page
    once TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (seat, seq)
);
CREATE UNIQUE INDEX remote_signal_once ON remote_signal (seat, once);

CREATE TABLE remote_text (
    appointment BIGINT NOT NULL REFERENCES remote_room (appointment),
    seq INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    name TEXT NOT NULL,
    once TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (appointment, seq)
);
CREATE UNIQUE INDEX remote_text_once ON remote_text (appointment, once);

-- Whose link is to be sent soon.
CREATE INDEX appointment_remote ON appointment (start_at) WHERE remote = 1 AND state = 'booked';
