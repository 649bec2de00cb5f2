-- Hand-overs that stay open, questions to colleagues, first answers and first contacts: columns of matter are a fold of its
-- events, as all of that row is, but for first_contact, which is derived from them as a whole; `asialla verify` compares both.

ALTER TABLE matter ADD COLUMN offer_open INTEGER NOT NULL DEFAULT 0;   -- 1: handed over, and nobody has taken it yet
ALTER TABLE matter ADD COLUMN offer_team BIGINT REFERENCES team (id);  -- to whom; NULL: an organisation. Its own team: a carrier
ALTER TABLE matter ADD COLUMN offer_organisation TEXT;                 -- its id in the service directory
ALTER TABLE matter ADD COLUMN offer_name TEXT;                         -- the organisation's, as it was
ALTER TABLE matter ADD COLUMN offer_staff BIGINT REFERENCES staff (id);
ALTER TABLE matter ADD COLUMN offer_from BIGINT REFERENCES team (id);
ALTER TABLE matter ADD COLUMN offer_at BIGINT;                         -- NULL: nothing is offered, nor has come back
ALTER TABLE matter ADD COLUMN offer_ends BIGINT;                       -- untaken then, it goes back
ALTER TABLE matter ADD COLUMN offer_matter BIGINT;                     -- across registers: the carrier; of a carrier: the sender's
ALTER TABLE matter ADD COLUMN offer_declined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN returned_at BIGINT;                      -- it came back, and nobody has looked since
ALTER TABLE matter ADD COLUMN origin BIGINT;                           -- a carrier, and what became of it: the matter in the other register
ALTER TABLE matter ADD COLUMN consults INTEGER NOT NULL DEFAULT 0;     -- open questions to colleagues
ALTER TABLE matter ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;        -- the resident was asked back
ALTER TABLE matter ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN responded_at BIGINT;                     -- the first answer or talk; never moved
ALTER TABLE matter ADD COLUMN first_contact INTEGER NOT NULL DEFAULT 0; -- closed: solved at first contact 1, 0; -1: not known

CREATE INDEX matter_offer_to ON matter (offer_team, offer_ends, id) WHERE offer_at IS NOT NULL;
CREATE INDEX matter_offer_by ON matter (team, offer_ends, id) WHERE offer_at IS NOT NULL;
CREATE INDEX matter_offer_ends ON matter (offer_ends, id) WHERE offer_open = 1;
CREATE INDEX matter_origin ON matter (origin, id) WHERE origin IS NOT NULL;
CREATE INDEX matter_first_contact ON matter (team, closed_at, first_contact) WHERE closed_at IS NOT NULL;

UPDATE matter SET responded_at = (
    SELECT e.at FROM matter_event e WHERE e.matter = matter.id
    AND (e.kind IN ('answered', 'contacted', 'chatted') OR (e.kind = 'closed' AND e.staff IS NOT NULL)) ORDER BY e.id LIMIT 1);
UPDATE matter SET first_contact = -1 WHERE state = 'closed';

-- Questions to colleagues, one row each; from the events consult-asked, -answered and -ended.
CREATE TABLE consult (
    event BIGINT PRIMARY KEY REFERENCES matter_event (id), -- of the asking
    matter BIGINT NOT NULL REFERENCES matter (id),
    asked_at BIGINT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    from_team BIGINT NOT NULL REFERENCES team (id),
    to_staff BIGINT REFERENCES staff (id),  -- NULL: anyone of that profession in that team
    to_profession TEXT NOT NULL,
    to_team BIGINT REFERENCES team (id),
    answered_at BIGINT,
    answered_by BIGINT REFERENCES staff (id),
    ended_at BIGINT                         -- taken back, or the matter was closed
);
CREATE INDEX consult_matter ON consult (matter, event);
CREATE INDEX consult_staff ON consult (to_staff, event) WHERE answered_at IS NULL AND ended_at IS NULL;
CREATE INDEX consult_team ON consult (to_team, event) WHERE answered_at IS NULL AND ended_at IS NULL;
CREATE INDEX consult_from ON consult (from_team, asked_at);
CREATE INDEX consult_asker ON consult (from_team, event) WHERE answered_at IS NULL AND ended_at IS NULL;
