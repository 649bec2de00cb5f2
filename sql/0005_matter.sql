-- Under SERIALIZABLE (PostgreSQL) who looks up a matter by its id, as every row that points to it does, reads the page of
-- the index where the id stands; and all new matters stand on the last page of the primary key, so that those who make
-- them at the same time would seem to read what the others write. A hash index spreads them, and the planner prefers
-- it for one id. The low fillfactor gives many pages to few rows.
-- postgresql:
CREATE INDEX matter_by_id ON matter USING hash (id) WITH (fillfactor = 25);
-- all:
