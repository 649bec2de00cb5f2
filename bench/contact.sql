-- contact.sql: what a contact puts in, for pgbench on a county's database: the peer of bench/run. The same rows and nothing
-- read, checked or answered; BEGIN to COMMIT goes out at once.
\startpipeline
BEGIN ISOLATION LEVEL SERIALIZABLE;
INSERT INTO matter (code, state, register, form, reason, channel, team, received_at, counted, news, name, born, reach,
    language, interpreter, due_at, today_from, due_rule) VALUES (sha256(random()::text::bytea || random()::text::bytea),
    'open', 'social', 'other', 'advice', 'web', 1, 1795307008818, 20780, 0, 'Testi Henkilö', 31, 'message', 'en', 0,
    1795644000000, 1795557600000, 'answer');
INSERT INTO matter_event (matter, at, kind, body) VALUES (currval('matter_id_seq'), 1795307008818, 'received', repeat('x', 1290));
INSERT INTO matter_clock (matter, nth, rule, started_at, counted, due, due_at, safe) VALUES (currval('matter_id_seq'), 0,
    'answer', 1795307008818, 20780, 20782, 1795644000000, 0);
INSERT INTO queue_change (team, owner, due_rule, language, interpreter, due_at, today_from, n) VALUES (1, 0, 'answer', 'en',
    0, 1795644000000, 1795557600000, 1);
COMMIT;
\endpipeline
