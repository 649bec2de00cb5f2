-- What the store keeps for itself. PostgreSQL: one row a writing connection, changed by each of its commits, by which a
-- connection that was lost while a commit was on its way finds out whether it was kept. The low fillfactor keeps the
-- changes on the row's own page.
-- postgresql:
CREATE TABLE store_mark (
    writer TEXT PRIMARY KEY,        -- 16 hex digits, drawn by the connection when it was opened
    nr BIGINT NOT NULL,             -- its last commit
    at BIGINT NOT NULL
) WITH (fillfactor = 20);
-- all:
