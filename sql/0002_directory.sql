-- The service directory as PTV gives it: one row an organisation, service, channel or general description, under PTV's own
-- id, which is what links to a page and forms refer to. Content is the room's own JSON (src/directory/shape.c); pages and
-- search read it once into memory.

CREATE TABLE directory_entry (
    id TEXT PRIMARY KEY,            -- PTV's
    kind TEXT NOT NULL,             -- Organization, Service, GeneralDescription, or the type of the channel
    content TEXT NOT NULL,
    hash TEXT NOT NULL,             -- BLAKE2b-256 of content, in hex
    withdrawn INTEGER NOT NULL,     -- 1: archived in PTV; kept, not shown
    changed_at BIGINT NOT NULL
);

-- One row; goes up by one with every import that changed anything.
CREATE TABLE directory_generation (
    nr INTEGER PRIMARY KEY CHECK (nr = 1),
    generation BIGINT NOT NULL
);
INSERT INTO directory_generation (nr, generation) VALUES (1, 0);
