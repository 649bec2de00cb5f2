-- Chat. A channel is the county's data (`asialla import chat FILE`), kept as it was read; what happens in a conversation is an
-- event, numbered within it and never changed; chat is what lists need of them (a fold: src/chat/chat.c). The text of a conversation
-- that was joined to no matter goes some days after its end (data/chat.json); then only numbers without persons stay (chat_figure).

CREATE TABLE chat_channel (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    nth INTEGER NOT NULL,           -- the order of the settings
    team BIGINT NOT NULL REFERENCES team (id),
    settings TEXT NOT NULL,         -- JSON: names, hours, languages, limits
    retired INTEGER NOT NULL,       -- not in the settings any more; its conversations go on
    paused INTEGER NOT NULL,        -- a head has closed it for now
    paused_why TEXT NOT NULL
);
CREATE INDEX chat_channel_team ON chat_channel (team);

CREATE TABLE chat (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,       -- random: in the addresses of professionals
    once TEXT NOT NULL UNIQUE,      -- of the form that started it: sent twice, it is one conversation
    channel BIGINT NOT NULL REFERENCES chat_channel (id),
    team BIGINT NOT NULL REFERENCES team (id),
    first_channel BIGINT NOT NULL REFERENCES chat_channel (id), -- where it was started
    handed INTEGER NOT NULL,        -- to other channels, times
    state TEXT NOT NULL,            -- waiting, talking, over, left, matter
    lang TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id),
    matter BIGINT REFERENCES matter (id),
    started_at BIGINT NOT NULL,
    waiting_at BIGINT NOT NULL,     -- since when it stands in the line
    line BIGINT NOT NULL,           -- the order of the line: as waiting_at; 0: handed over, goes first
    taken_at BIGINT,                -- first
    ended_at BIGINT,
    last_at BIGINT NOT NULL,
    offered_at BIGINT,              -- nobody in time: both other ways were offered
    look_at BIGINT,                 -- when the keeper looks at it next; NULL: never
    seq BIGINT NOT NULL,            -- the last event's number
    seen_staff BIGINT NOT NULL,
    seen_resident BIGINT NOT NULL,
    said_staff INTEGER NOT NULL,    -- messages
    said INTEGER NOT NULL,
    name TEXT,                      -- as told in the conversation, like the next two
    phone TEXT,
    born INTEGER,
    asked INTEGER NOT NULL,
    told INTEGER NOT NULL,
    how TEXT,                       -- solved, matter, went
    good INTEGER NOT NULL,          -- 1 to 5; 0: not told
    network TEXT                    -- keyed hash of where it was started; NULL once it is over
);
CREATE INDEX chat_line ON chat (team, line, id) WHERE state = 'waiting';
CREATE INDEX chat_channel_line ON chat (channel, line, id) WHERE state = 'waiting';
CREATE INDEX chat_staff ON chat (staff, id) WHERE state = 'talking';
CREATE INDEX chat_talking ON chat (channel, staff) WHERE state = 'talking';
CREATE INDEX chat_matter ON chat (matter) WHERE matter IS NOT NULL;
CREATE INDEX chat_network ON chat (network) WHERE network IS NOT NULL;
CREATE INDEX chat_look ON chat (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX chat_today ON chat (first_channel, started_at);

-- postgresql:
-- Each message changes its conversation's row: in place, so that no index hears of it. And who looks one up by its id reads a page of an
-- index that others do not write to: see 0005.
ALTER TABLE chat SET (fillfactor = 60);
CREATE INDEX chat_by_id ON chat USING hash (id) WITH (fillfactor = 25);
-- all:

CREATE TABLE chat_event (
    chat BIGINT NOT NULL REFERENCES chat (id),
    seq BIGINT NOT NULL,            -- 1, 2, 3 ... in the order of the commits
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    staff BIGINT REFERENCES staff (id), -- NULL: the resident, or the program
    once TEXT,                      -- of the form that did it
    text TEXT NOT NULL,
    body TEXT NOT NULL,             -- JSON
    PRIMARY KEY (chat, seq)
);
CREATE UNIQUE INDEX chat_event_once ON chat_event (chat, once) WHERE once IS NOT NULL;

-- One row a try to chat, no person. Written when it is over; of those who met a closed or full channel at once. No hour's row is shared:
-- reading adds up.
CREATE TABLE chat_figure (
    id INTEGER PRIMARY KEY,
    channel BIGINT NOT NULL REFERENCES chat_channel (id), -- where it was started
    day INTEGER NOT NULL,           -- days since 1970-01-01, Helsinki
    hour INTEGER NOT NULL,          -- 0 to 23: when it was started, or tried
    how TEXT NOT NULL,              -- closed, full: could not start; left: went while waiting; unanswered: became a matter;
                                    -- answered: somebody talked with them
    wait INTEGER,                   -- seconds from the start to the first professional, or to giving up; NULL: closed, full
    length INTEGER,                 -- seconds from the first professional to the end; NULL: nobody answered
    messages INTEGER NOT NULL,      -- of both
    handed INTEGER NOT NULL,        -- to other channels, times
    joined INTEGER NOT NULL,        -- 1: joined to a matter
    good INTEGER NOT NULL,          -- the feedback question: 1 to 5; 0: not told
    chat BIGINT                     -- NULL once its text is erased
);
CREATE INDEX chat_figure_day ON chat_figure (channel, day);
CREATE UNIQUE INDEX chat_figure_chat ON chat_figure (chat) WHERE chat IS NOT NULL;

-- Somebody who has started a conversation.
ALTER TABLE session ADD COLUMN chat BIGINT;
CREATE INDEX session_chat ON session (chat) WHERE chat IS NOT NULL;
