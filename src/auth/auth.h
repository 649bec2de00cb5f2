/*
 * auth.h: who is asking. Sessions, passwords, receipt codes, form tokens, rate limits; what a role
 * may do. No pages here.
 *
 * A session's token is 256 random bits in a cookie; the store holds its BLAKE2b hash only. A
 * receipt code is 65 bits in Crockford base 32, shown once, stored as a keyed hash. Passwords are
 * argon2id (RFC 9106; OWASP 2023: 19 MiB, 2 passes).
 */
#ifndef ASIALLA_AUTH_AUTH_H
#define ASIALLA_AUTH_AUTH_H

#include "base/rand.h"
#include "base/time.h"
#include "base/vec.h"
#include "store/store.h"

/* Client data lives in two registers (asiakasrekisteri, potilasrekisteri; 703/2023), rescue apart
 * from both. */
enum reg { REG_HEALTH, REG_SOCIAL, REG_RESCUE, REG_COUNT };
const char *reg_code(enum reg r); /* "health" */
bool reg_from(struct str code, enum reg *out);

enum session_kind { SESSION_NONE, SESSION_RESIDENT, SESSION_STAFF, SESSION_TRAY, SESSION_CHAT };

/* An editor keeps the county's service directory; a partner (an NGO, a parish, a city) only its own
 * organisation's entries there, and has no sight of matters. A manager steers by figures of the
 * whole county, and has none either. */
enum role {
    ROLE_WORKER = 1,
    ROLE_HEAD = 2,
    ROLE_ADMIN = 4,
    ROLE_EDITOR = 8,
    ROLE_PARTNER = 16,
    ROLE_MANAGER = 32,
    ROLE_PROFESSIONAL = ROLE_WORKER | ROLE_HEAD | ROLE_ADMIN,
};

struct session {
    enum session_kind kind;
    int64_t id;
    int64_t matter; /* SESSION_RESIDENT: the one matter whose code was given */
    int64_t tray;   /* SESSION_TRAY: the one service tray whose code was given */
    int64_t chat;   /* SESSION_CHAT: the one conversation that was started */
    int64_t staff;  /* SESSION_STAFF */
    struct str staff_name, profession;
    unsigned roles;
    struct str organisation; /* a partner's: the directory's id of it */
    struct {
        int64_t *p;
        size_t n, cap;
    } teams;          /* the teams that the professional belongs to */
    struct str token; /* as in the cookie */
};

extern const char AUTH_COOKIE_STAFF[], AUTH_COOKIE_RESIDENT[], AUTH_COOKIE_TRAY[],
    AUTH_COOKIE_CHAT[];
enum {
    AUTH_STAFF_HOURS = 10,
    AUTH_RESIDENT_MINUTES = 60,
    AUTH_CHAT_HOURS = 24, /* nothing opens a conversation anew, and its end must be read */
    AUTH_SWEEP_HOURS = 24
};

/* The live session of that cookie, or kind NONE. */
struct session auth_session_load(struct arena *a, struct db *db, struct str token,
                                 struct instant now);
/* In a commit. Returns the token for the cookie. */
struct str auth_session_start(struct arena *a, struct db *db, enum session_kind kind, int64_t who,
                              struct instant now);
void auth_session_end(struct db *db, int64_t id);
/* In a commit: whoever is signed in as that professional is no longer, but for session `but` (0:
 * none stays). For a password that has changed. */
void auth_sessions_end(struct db *db, int64_t staff, int64_t but);
/* In a commit: whoever had opened that matter, or that tray, has it open no longer. Reads all
 * sessions. */
void auth_sessions_end_matter(struct db *db, int64_t matter);
void auth_sessions_end_tray(struct db *db, int64_t tray);
/* Removes those that expired a day ago: the others are over by the clock of each server that loads
 * them, and one that is some hours ahead must not take away what lives by the others' clocks. */
void auth_sessions_sweep(struct db *db, struct instant now);

bool auth_in_team(const struct session *s, int64_t team);

/* A form token bound to the session; without one, that of everybody who has none, which proves
 * nothing. Compared in constant time. */
struct str auth_form_token(struct arena *a, const unsigned char key[32], struct str session_token);
bool auth_form_token_ok(struct arena *a, const unsigned char key[32], struct str session_token,
                        struct str given);

/* A receipt code for a contact: derived from its `once` value, so that a form sent twice shows the
 * same code. "K7QF-2M9X-4TBVN": 13 characters in groups. */
struct str auth_code_make(struct arena *a, const unsigned char key[32], struct str once);
/* What is stored and looked up: 32 bytes. The code may be typed with small letters, spaces, O for
 * 0, I or L for 1. False: not a code at all. */
bool auth_code_hash(struct arena *a, const unsigned char key[32], struct str typed,
                    struct str *hash);

/* What is stored of any other secret (of an address, of a device): 32 bytes, worth nothing under
 * another label. */
struct str auth_secret_hash(struct arena *a, const unsigned char key[32], const char *label,
                            struct str secret);

/* Passwords: slow on purpose; call from the slow worker only. */
struct str auth_password_hash(struct arena *a, struct str password);
bool auth_password_ok(struct str hash, struct str password);

/* Token buckets by key ("code 192.0.2.7"): true, and one is taken, where there are any left. In
 * memory: a restart forgets. A clock that is set back gives nothing and takes nothing. `key` is the
 * installation's secret. */
struct limits;
struct limits *limits_new(struct arena *a, size_t slots, const unsigned char key[32]);
bool limits_take(struct limits *l, struct str key, int per_minute, struct instant now);
/* Several servers: what was taken here is told as a line of text (at most 28 bytes), by whoever
 * took it, and the others hear it. Once, before anything is taken. */
void limits_tell(struct limits *l, void (*tell)(void *ctx, struct str text), void *ctx);
/* A line from another server. False: it is none, and nothing was done. */
bool limits_told(struct limits *l, struct str text, struct instant now);

/* A bounded worker for slow work: one thread, at most `depth` waiting. slow_stop() finishes what
 * waits; it is also called when the arena goes, and a second time does nothing. */
struct slow;
struct slow_job {
    void (*run)(struct slow_job *job);
    struct slow_job *next;
};
struct slow *slow_start(struct arena *a, size_t depth);
bool slow_submit(struct slow *s, struct slow_job *job); /* false: too many are waiting */
void slow_stop(struct slow *s);

extern const struct stmt_table auth_statements;

#endif
