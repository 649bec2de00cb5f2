-- A partner's account keeps the entries of one organisation: its id in the service directory.
ALTER TABLE staff ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
