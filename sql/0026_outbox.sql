-- Messages out: SMS, e-mail, letters to print (src/outbox). A row is put in the commit in which what it says becomes true, and is
-- sent by whichever server claims it.

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,       -- random: what the ways out know it by (Message-ID, Idempotency-Key, a file's name)
    key TEXT NOT NULL UNIQUE,       -- what it is: the same key again puts nothing
    way TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    team BIGINT,                    -- whose resident it is to: its head sees it; NULL: administrators alone
    about TEXT,                     -- to withdraw it by
    made BIGINT NOT NULL,
    due BIGINT NOT NULL,
    until BIGINT,                   -- useless from then on
    urgent INTEGER NOT NULL,        -- may go outside the send window
    -- Erased some days after it has ended: the fact stays.
    recipient TEXT,
    subject TEXT,
    body TEXT,
    attachment TEXT,
    attachment_type TEXT,
    erased INTEGER NOT NULL DEFAULT 0,
    -- waiting; sent, failed, expired, withdrawn: it has ended
    state TEXT NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0, -- while it was being sent: it is not sent again
    next_at BIGINT NOT NULL,        -- due, then when it is tried again
    tries INTEGER NOT NULL DEFAULT 0,
    first_try BIGINT,
    claim TEXT,                     -- by whom it is being sent or printed just now
    claimed_until BIGINT,
    reason TEXT,                    -- why the last try failed; English, for staff and logs
    ended BIGINT,                   -- NULL as long as it waits
    staff BIGINT,                   -- who printed it, or said that a failed one was seen to
    seen BIGINT                     -- when a failed one was seen to
);
CREATE INDEX outbox_next ON outbox (way, urgent, next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (way, urgent, due) WHERE state = 'waiting';
CREATE INDEX outbox_until ON outbox (until, id) WHERE state = 'waiting' AND until IS NOT NULL;
CREATE INDEX outbox_about ON outbox (about) WHERE ended IS NULL AND about IS NOT NULL;
CREATE INDEX outbox_claim ON outbox (claim, id) WHERE claim IS NOT NULL;
CREATE INDEX outbox_withdrawn ON outbox (claimed_until, id) WHERE state = 'waiting' AND withdrawn = 1;
CREATE INDEX outbox_failed ON outbox (ended, id) WHERE (state = 'failed' OR state = 'expired') AND seen IS NULL;
CREATE INDEX outbox_keep ON outbox (ended, id) WHERE erased = 0 AND ended IS NOT NULL;

-- Whose message a professional has looked at: logged before the page is sent.
CREATE TABLE outbox_sight (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    outbox BIGINT NOT NULL,
    what TEXT NOT NULL              -- read, print, retry, seen
);
CREATE INDEX outbox_sight_outbox ON outbox_sight (outbox, id);
