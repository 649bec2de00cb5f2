-- PostgreSQL keeps rows that were gathered until it vacuums: they are stepped over by the index, and it vacuums often.
-- postgresql:
CREATE INDEX queue_change_team ON queue_change (team);
ALTER TABLE queue_change SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
-- all:
