-- Booking: times that people have. booking_event is the log, appended and never changed; appointment is its fold, recomputed
-- by `asialla verify`. What of whose time is taken stands in `busy` (0022), which alone decides who gets a time.

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,       -- random: stands in addresses
    matter BIGINT NOT NULL REFERENCES matter (id), -- in which it was made; one that was joined goes along (merge_family)
    person BIGINT REFERENCES person (id),
    type BIGINT NOT NULL,
    calendar BIGINT,                -- NULL: on the waiting list
    team BIGINT NOT NULL,           -- the calendar's; of the waiting list: who keeps that
    need1 BIGINT,                   -- calendars of rooms and devices
    need2 BIGINT,
    state TEXT NOT NULL,            -- code of enum appointment_state
    register TEXT NOT NULL,
    start_at BIGINT,
    end_at BIGINT,
    remote INTEGER NOT NULL,
    sequence INTEGER NOT NULL,      -- rises with every change that others are told of
    ticket TEXT,
    moved_from BIGINT,
    moved_to BIGINT,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    offer_ends BIGINT,              -- pending: until when it can be answered
    offer_hold BIGINT,              -- pending: the hold that keeps the time, which others may be offered too; NULL: its own
    rule TEXT,                      -- the statutory clock that it was booked under, and its end
    last_at BIGINT,
    late_reason TEXT,
    medium TEXT NOT NULL,           -- code of enum outbox_way
    told INTEGER NOT NULL,
    lang TEXT NOT NULL,
    name TEXT,
    phone TEXT,
    email TEXT,
    postal TEXT,                    -- where letters go: lines
    companion TEXT,
    arrived_at BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    called_to TEXT,
    reason TEXT,
    by_resident INTEGER NOT NULL,
    wish TEXT,                      -- of the waiting list: JSON
    due_at BIGINT,                  -- the order of the waiting list; NULL: never was on it
    remind_at BIGINT                -- the next reminder
);
CREATE INDEX appointment_calendar ON appointment (calendar, start_at) WHERE calendar IS NOT NULL;
CREATE INDEX appointment_team ON appointment (team, start_at);
CREATE INDEX appointment_waiting ON appointment (type, due_at, id) WHERE state = 'waitlist';
CREATE INDEX appointment_team_waiting ON appointment (team, due_at, id) WHERE state = 'waitlist';
CREATE INDEX appointment_offered ON appointment (offer_ends) WHERE state = 'pending';
CREATE INDEX appointment_offer ON appointment (offer_hold) WHERE offer_hold IS NOT NULL;
CREATE INDEX appointment_remind ON appointment (remind_at) WHERE remind_at IS NOT NULL;
-- See 0005: who looks one up by its number, or what a matter has, does not read a page that everybody writes to.
-- postgresql:
CREATE INDEX appointment_by_id ON appointment USING hash (id) WITH (fillfactor = 10);
CREATE INDEX appointment_matter ON appointment USING hash (matter) WITH (fillfactor = 10);
-- sqlite:
CREATE INDEX appointment_matter ON appointment (matter);
-- all:

-- Ticket numbers that are given, of a place and day: unique there, drawn at random, so that no row is everybody's.
CREATE TABLE ticket (
    place TEXT NOT NULL,
    day INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    appointment BIGINT NOT NULL,
    PRIMARY KEY (day, place, ticket)
);
CREATE INDEX ticket_appointment ON ticket (appointment);

CREATE TABLE booking_event (
    id INTEGER PRIMARY KEY,
    appointment BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    staff BIGINT,                   -- who did it; NULL: the resident, or the program
    once TEXT,                      -- the form's own value: the same form again does nothing more
    body TEXT NOT NULL              -- JSON
);
CREATE INDEX booking_event_appointment ON booking_event (appointment, id);
CREATE UNIQUE INDEX booking_event_once ON booking_event (once) WHERE once IS NOT NULL;

-- A time that somebody keeps for some minutes; or that came free and is being offered to the waiting list (holder
-- 'offer'). Its intervals stand in `busy` under this id.
CREATE TABLE hold (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL,            -- hash; random
    holder TEXT NOT NULL,
    type BIGINT NOT NULL,
    calendar BIGINT NOT NULL,
    staff BIGINT,
    need1 BIGINT,
    need2 BIGINT,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    remote INTEGER NOT NULL,
    late INTEGER NOT NULL,
    own INTEGER NOT NULL,
    ends_at BIGINT NOT NULL
);
-- The table is always small: who looks for one would read the page that all others write to.
-- postgresql:
CREATE INDEX hold_token ON hold USING hash (token) WITH (fillfactor = 10);
CREATE INDEX hold_holder ON hold USING hash (holder) WITH (fillfactor = 10);
-- sqlite:
CREATE INDEX hold_token ON hold (token);
CREATE INDEX hold_holder ON hold (holder);
-- all:
CREATE INDEX hold_ends ON hold (ends_at);

-- Times that came free, until the waiting list has been asked. Written in the commit that frees; the keeper takes it on.
CREATE TABLE booking_freed (
    id INTEGER PRIMARY KEY,
    hold BIGINT NOT NULL,           -- keeps the time meanwhile
    look_at BIGINT NOT NULL,        -- when there is something to do: at once; when the offers have run out
    looked INTEGER NOT NULL DEFAULT 0, -- of the waiting list, in this round, and how many were offered it
    given INTEGER NOT NULL DEFAULT 0,
    past_due BIGINT NOT NULL DEFAULT 0, -- the last of them: due_at, id
    past_id BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX booking_freed_look ON booking_freed (look_at);
CREATE UNIQUE INDEX booking_freed_hold ON booking_freed (hold);

-- Who was offered it already.
CREATE TABLE booking_asked (
    hold BIGINT NOT NULL,
    appointment BIGINT NOT NULL,
    PRIMARY KEY (hold, appointment)
);

-- Straight bookings of a day, by the phone number, the e-mail and the postal address: its first, its second ...; gone two
-- days later.
CREATE TABLE booking_straight (
    day INTEGER NOT NULL,
    contact TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (day, contact, number)
);

-- What was due and could not be done to a time: left alone until then, so that it stands in nobody's way.
CREATE TABLE booking_aside (
    appointment BIGINT PRIMARY KEY,
    until BIGINT NOT NULL
);
CREATE INDEX booking_aside_until ON booking_aside (until);

-- The next booked time of a matter: for its next step in words. A fold of its events.
ALTER TABLE matter ADD COLUMN visit_id BIGINT;
ALTER TABLE matter ADD COLUMN visit_at BIGINT;
ALTER TABLE matter ADD COLUMN visit_end BIGINT;
ALTER TABLE matter ADD COLUMN visit_remote INTEGER;
ALTER TABLE matter ADD COLUMN visit_fi TEXT;
ALTER TABLE matter ADD COLUMN visit_sv TEXT;
ALTER TABLE matter ADD COLUMN visit_en TEXT;
CREATE INDEX matter_visit ON matter (visit_at) WHERE visit_at IS NOT NULL AND state IN ('closed', 'cancelled');

-- While there are few matters the index of 0005 has few pages, and those who book at once read what the others write: with fewer
-- rows a page there are more pages.
-- postgresql:
DROP INDEX matter_by_id;
CREATE INDEX matter_by_id ON matter USING hash (id) WITH (fillfactor = 10);
-- all:
