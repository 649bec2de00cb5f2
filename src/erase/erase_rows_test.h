/*
 * erase_rows_test.h: which columns lead to a matter, and a row of each such table, put in by hand:
 * for erase_test.c.
 */
#ifndef ASIALLA_ERASE_ERASE_ROWS_TEST_H
#define ASIALLA_ERASE_ERASE_ROWS_TEST_H

#include "store/store.h"

enum which { A_MATTER, A_TIME, A_CHAT, A_TRAY, A_FILE, A_SIGNUP, A_SEAT, WHICHES };
enum { CHAT = 9001, TRAY, FILE_ID, SIGNUP, SEAT };

/* Columns by which something of a matter is found. None leads to one that was erased, but where it
 * stays: why. Who adds a table adds a line here, and what it needs to src/erase. */
static const struct known {
    const char *table, *column;
    enum which which;
    const char *stays;
} known[] = {
    {"matter_clock", "matter", A_MATTER, NULL},
    {"matter_key", "matter", A_MATTER, NULL},
    {"matter_unkeyed", "matter", A_MATTER, NULL},
    {"consult", "matter", A_MATTER, NULL},
    {"consult", "event", A_MATTER, "goes with the row of its matter"},
    {"session", "matter", A_MATTER, NULL},
    {"session", "tray", A_TRAY, NULL},
    {"session", "chat", A_CHAT, NULL},
    {"alarm_ahead", "matter", A_MATTER, NULL},
    {"alarm_look", "matter", A_MATTER, NULL},
    {"attachment", "owner_id", A_MATTER, NULL},
    {"attachment_piece", "attachment", A_FILE, NULL},
    {"chat", "matter", A_MATTER, NULL},
    {"chat_event", "chat", A_CHAT, NULL},
    {"chat_figure", "chat", A_CHAT, NULL},
    {"tray", "matter", A_MATTER, NULL},
    {"tray_event", "tray", A_TRAY, NULL},
    {"tray_item", "tray", A_TRAY, NULL},
    {"tray_code", "tray", A_TRAY, NULL},
    {"tray_look", "tray", A_TRAY, NULL},
    {"group_signup", "matter", A_MATTER, NULL},
    {"group_came", "signup", A_SIGNUP, "of a sign-up that has no person: attendance is counted"},
    {"appointment", "matter", A_MATTER, NULL},
    {"appointment", "moved_from", A_TIME, "of the same matter: goes with it"},
    {"appointment", "moved_to", A_TIME, "of the same matter: goes with it"},
    {"booking_event", "appointment", A_TIME, NULL},
    {"booking_aside", "appointment", A_TIME, NULL},
    {"booking_asked", "appointment", A_TIME, NULL},
    {"ticket", "appointment", A_TIME, NULL},
    {"busy", "taker_id", A_TIME, NULL},
    {"plan_task", "appointment", A_TIME, "a change of a calendar: tells no person"},
    {"remote_room", "appointment", A_TIME, NULL},
    {"remote_seat", "appointment", A_TIME, NULL},
    {"remote_text", "appointment", A_TIME, NULL},
    {"remote_signal", "seat", A_SEAT, NULL},
    {"outbox", "about", A_TIME, "withdrawn; the outbox erases what ended"},
    {"matter_event", "matter", A_MATTER, "empty rows, and the one that says who erased it"},
    {"access_log", "matter", A_MATTER, "who has looked is kept as long as the law asks"},
    {"alarm_fresh", "matter", A_MATTER, "some seconds: what the keeper is to look at"},
    {"matter_presence", "matter", A_MATTER, "some minutes: who has the page open"},
    {"matter", "into_matter", A_MATTER, "no other's: those that are joined are erased with it"},
    {"matter", "offer_matter", A_MATTER, "a number that is found no more"},
    {"matter", "origin", A_MATTER, "a number that is found no more"},
    {"matter", "visit_id", A_TIME, "its own: empty"},
};
enum { KNOWN = sizeof known / sizeof *known };

#define ITS_TIME "(SELECT min(id) FROM appointment WHERE matter = $1)"
/* $1: the matter; $2: bytes that nobody else has. */
static const struct stmt plants[] = {
    {"test.plant1",
     "INSERT INTO chat_channel (id, ref, nth, team, settings, retired, paused, paused_why) SELECT "
     "9000, 'x', 1, team, '{}', 0, 0, '' FROM matter WHERE id = $1",
     0},
    {"test.plant2",
     "INSERT INTO chat (id, ref, once, channel, team, first_channel, handed, state, lang, matter, "
     "started_at, waiting_at, line, last_at, seq, seen_staff, seen_resident, said_staff, said, "
     "asked, told, good) SELECT 9001, 'x', 'x', 9000, team, 9000, 0, 'over', 'fi', id, 1, 1, 1, 1, "
     "1, 0, 0, 0, 0, 0, 0, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant3",
     "INSERT INTO chat_event (chat, seq, at, kind, text, body) SELECT 9001, 1, 1, 'x', 'x', '{}' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant4",
     "INSERT INTO chat_figure (channel, day, hour, how, messages, handed, joined, good, chat) "
     "SELECT 9000, 1, 1, 'answered', 1, 0, 0, 0, 9001 FROM matter WHERE id = $1",
     0},
    {"test.plant5",
     "INSERT INTO tray (id, once, matter, team, staff, state, theme, area, grp, made, until, "
     "items, "
     "answered, told) SELECT 9002, 'x', id, team, 1, 'draft', '', '', '', 1, 1, 1, 0, 0 FROM "
     "matter WHERE id = $1",
     0},
    {"test.plant6",
     "INSERT INTO tray_event (tray, at, kind, item, once, body) SELECT 9002, 1, 'x', 0, 'x', '{}' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant7",
     "INSERT INTO tray_item (tray, nr, service, name, mark) SELECT 9002, 1, '', 'x', 'suggested' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant8", "INSERT INTO tray_code (hash, tray) SELECT $2, 9002 FROM matter WHERE id = $1",
     0},
    {"test.plant9",
     "INSERT INTO tray_look (tray, staff, event) SELECT 9002, 1, 1 FROM matter WHERE id = $1", 0},
    {"test.plant10",
     "INSERT INTO session (token, matter, started_at, expires_at) SELECT $2, id, 1, "
     "99999999999999 FROM matter WHERE id = $1",
     0},
    {"test.plant11",
     "INSERT INTO session (token, tray, started_at, expires_at) SELECT $2, 9002, 1, 99999999999999 "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant12",
     "INSERT INTO session (token, chat, started_at, expires_at) SELECT $2, 9001, 1, 99999999999999 "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant13",
     "INSERT INTO alarm_ahead (matter, rule, due_at, team, told_at, told_team) SELECT id, 'x', 1, "
     "team, 1, team FROM matter WHERE id = $1",
     0},
    {"test.plant14", "INSERT INTO alarm_look (matter, at) SELECT id, 1 FROM matter WHERE id = $1",
     0},
    {"test.plant15",
     "INSERT INTO attachment (id, owner, owner_id, once, kind, name, size, hash, at, look) SELECT "
     "9003, 0, id, $2, 'pdf', 'x.pdf', 1, $2, 1, 99999 FROM matter WHERE id = $1",
     0},
    {"test.plant16",
     "INSERT INTO attachment_piece (attachment, nr, bytes) SELECT 9003, 1, $2 FROM matter WHERE id "
     "= $1",
     0},
    {"test.plant17",
     "INSERT INTO group_series (id, ref, team, state, names, whole, remote, places, waiting_most, "
     "offer_hours, opens_at, closes_at, area, languages, audience, name_fi, name_sv, name_en, "
     "text_fi, text_sv, text_en, place_fi, place_sv, place_en, price_fi, price_sv, price_en) "
     "SELECT 9000, 'x', team, 'open', 'may', 1, 0, 1, 5, 0, 0, 0, '', 'fi', '', 'x', 'x', 'x', '', "
     "'', '', '', '', '', '', '', '' FROM matter WHERE id = $1",
     0},
    {"test.plant18",
     "INSERT INTO group_session (id, series, start_at, end_at, sequence, changed_at, cancelled, "
     "why, attended_at, signed, came, came_without, reminded, erased) SELECT 9000, 9000, "
     "1800000000000, 1800003600000, 0, 0, 0, '', 0, 0, 0, 0, 0, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant19",
     "INSERT INTO group_signup (id, series, session, state, once, code, name, phone, email, lang, "
     "site, made_at, queued_at, offers, matter) SELECT 9004, 9000, 0, 'place', 'x', $2, 'Erased', "
     "'0401112222', '', 'fi', '', 1, 1, 0, id FROM matter WHERE id = $1",
     0},
    {"test.plant20",
     "INSERT INTO group_signup (id, series, session, state, once, code, name, phone, email, lang, "
     "site, made_at, queued_at, offers) SELECT 9006, 9000, 0, 'waiting', 'y', $2, 'Waits', "
     "'0403334444', '', 'fi', '', 2, 2, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant21",
     "INSERT INTO remote_room (appointment, made_at, dies_at, seats, texts) SELECT " ITS_TIME
     ", 1, 99999999999999, 1, 1",
     0},
    {"test.plant22",
     "INSERT INTO remote_seat (id, appointment, number, ref, who, name, state, page, seen_at, "
     "inbox, made_at) SELECT 9005, " ITS_TIME ", 1, 'x', 'resident', 'x', 'in', '', 1, 1, 1",
     0},
    {"test.plant23",
     "INSERT INTO remote_signal (seat, seq, sender, sender_page, page, once, at, body) SELECT "
     "9005, 1, 1, '', '', 'x', 1, 'x' FROM matter WHERE id = $1",
     0},
    {"test.plant24",
     "INSERT INTO remote_text (appointment, seq, sender, name, once, at, body) SELECT " ITS_TIME
     ", 1, 1, 'x', 'x', 1, 'x'",
     0},
    {"test.plant25",
     "INSERT INTO booking_aside (appointment, until) SELECT " ITS_TIME ", 99999999999999", 0},
    {"test.plant26", "INSERT INTO booking_asked (hold, appointment) SELECT 1, " ITS_TIME, 0},
    {"test.plant27",
     "INSERT INTO ticket (place, day, ticket, appointment) SELECT 'x', 1, 'x', " ITS_TIME, 0},
    {"test.plant28",
     "INSERT INTO consult (event, matter, asked_at, asked_by, from_team, to_profession) SELECT "
     "(SELECT min(e.id) FROM matter_event e WHERE e.matter = $1), id, 1, 1, team, 'doctor' FROM "
     "matter WHERE id = $1",
     0},
    {"test.plant29", "INSERT INTO matter_unkeyed (matter) SELECT id FROM matter WHERE id = $1", 0},
    {"test.plant30",
     "INSERT INTO matter_key (key, matter, kind) SELECT $2, id, 0 FROM matter WHERE id = $1", 0},
};
enum { PLANTS = sizeof plants / sizeof *plants };

#endif
