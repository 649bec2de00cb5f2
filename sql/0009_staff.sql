-- A partner's account keeps the entries of one organisation: its id in the service directory.
ALTER TABLE staff ADD COLUMN organisation TEXT NOT NULL DEFAULT '';

-- A password that is changed ends the sessions that the old one began.
CREATE INDEX session_staff ON session (staff) WHERE staff IS NOT NULL;
