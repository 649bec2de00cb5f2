-- Calendars: whose time there is to give, what a time is for, and working plans (src/calendar). Days count from 1970-01-01,
-- minutes of a day by the wall clock; lists of words have a blank between.

CREATE TABLE service_type (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    nth INTEGER NOT NULL,
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL,
    instructions_fi TEXT NOT NULL,
    instructions_sv TEXT NOT NULL,
    instructions_en TEXT NOT NULL,
    register TEXT NOT NULL,         -- health, social or rescue
    minutes INTEGER NOT NULL,
    before INTEGER NOT NULL,        -- buffers, minutes
    after INTEGER NOT NULL,
    lead_minutes INTEGER NOT NULL,
    ahead_days INTEGER NOT NULL,
    on_site INTEGER NOT NULL,
    remote INTEGER NOT NULL,
    needs TEXT NOT NULL,            -- words of rooms and devices
    booker TEXT NOT NULL,           -- anybody, resident, staff
    form TEXT NOT NULL,
    reason TEXT NOT NULL,
    realises TEXT NOT NULL,         -- the matter's event that a realised visit is; '': none
    cancel_hours INTEGER NOT NULL,  -- -1: not at all
    move_hours INTEGER NOT NULL,
    offer_hours INTEGER NOT NULL,   -- 0: a freed time is not offered
    offer_n INTEGER NOT NULL,
    remind1 INTEGER NOT NULL,       -- hours before; 0: none
    remind2 INTEGER NOT NULL,
    remind3 INTEGER NOT NULL,
    t3 INTEGER NOT NULL,
    child INTEGER NOT NULL
);

CREATE TABLE calendar (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,             -- person, room, device, team
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    name_en TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id),
    team BIGINT NOT NULL REFERENCES team (id),
    place TEXT NOT NULL,
    place_fi TEXT NOT NULL,
    place_sv TEXT NOT NULL,
    place_en TEXT NOT NULL,
    address_fi TEXT NOT NULL DEFAULT '', -- the place's street: what messages say; '': it has none, or nothing is said
    address_sv TEXT NOT NULL DEFAULT '',
    address_en TEXT NOT NULL DEFAULT '',
    area TEXT NOT NULL,
    profession TEXT NOT NULL,
    languages TEXT NOT NULL,
    types TEXT NOT NULL,
    ended INTEGER NOT NULL          -- 1: gives no new times
);
CREATE INDEX calendar_team ON calendar (team);
CREATE INDEX calendar_staff ON calendar (staff);
CREATE INDEX calendar_place ON calendar (place);

CREATE TABLE plan_rule (
    id INTEGER PRIMARY KEY,
    calendar BIGINT NOT NULL REFERENCES calendar (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER,                 -- NULL: until further notice
    weekdays INTEGER NOT NULL,      -- bit 0: Monday
    every INTEGER NOT NULL,         -- n-th week from that of from_day
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    holidays INTEGER NOT NULL,
    on_site INTEGER NOT NULL,
    remote INTEGER NOT NULL,
    types TEXT NOT NULL,            -- '': all of the calendar's
    share TEXT NOT NULL,            -- open, staff, same-day
    release_minutes INTEGER NOT NULL
);
CREATE INDEX plan_rule_calendar ON plan_rule (calendar);

CREATE TABLE plan_exception (
    id INTEGER PRIMARY KEY,         -- their order: a later one stands over an earlier
    calendar BIGINT NOT NULL REFERENCES calendar (id),
    why TEXT NOT NULL,              -- holiday, leave, sick, training, other, extra
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    on_site INTEGER NOT NULL,       -- of extra hours, like the next two
    remote INTEGER NOT NULL,
    types TEXT NOT NULL,
    share TEXT NOT NULL
);
CREATE INDEX plan_exception_calendar ON plan_exception (calendar);

-- What was changed in plans, by whom; never changed itself.
CREATE TABLE plan_change (
    id INTEGER PRIMARY KEY,
    calendar BIGINT NOT NULL REFERENCES calendar (id),
    staff BIGINT REFERENCES staff (id), -- NULL: taken in with the county's settings
    at BIGINT NOT NULL,
    what TEXT NOT NULL,             -- rule-added, rule-changed, rule-ended, exception-added, exception-removed, imported
    body TEXT NOT NULL,             -- JSON: how the rule or exception stands after it
    touched INTEGER NOT NULL        -- booked times that it left without hours
);
CREATE INDEX plan_change_calendar ON plan_change (calendar, id);

-- A booked time that a change left without its hours: open until it is moved, cancelled or confirmed.
CREATE TABLE plan_task (
    id INTEGER PRIMARY KEY,
    calendar BIGINT NOT NULL REFERENCES calendar (id),
    appointment BIGINT NOT NULL,    -- of a group's session: its id
    session INTEGER NOT NULL,       -- 1: a group's session
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    why TEXT NOT NULL,
    ended_at BIGINT,
    ended_by BIGINT REFERENCES staff (id) -- who confirmed it; NULL: moved or cancelled
);
CREATE INDEX plan_task_open ON plan_task (calendar, start_at) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX plan_task_appointment ON plan_task (appointment, session) WHERE ended_at IS NULL;
