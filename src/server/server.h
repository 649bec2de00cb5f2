/*
 * server.h: putting the program together: the options that every command shares, the data compiled
 * in, and the commands that serve and keep a data folder. main.c calls one command and ends.
 */
#ifndef ASIALLA_SERVER_SERVER_H
#define ASIALLA_SERVER_SERVER_H

#include "app/app.h"
#include "form/form.h"
#include "info/info.h"
#include "law/law.h"
#include "matter/matter.h"

/* A command line cut into --options and the rest. A value follows its option, or an '='. */
struct options {
    const char *command;
    struct {
        LIST_FIELDS(const char *);
    } rest;             /* words that are no options, in order */
    const char *data;   /* --data, ASIALLA_DATA, or "county-data" */
    const char *store;  /* --store, ASIALLA_STORE: postgresql://...; NULL: in the data folder */
    const char *listen; /* --listen ADDR:PORT */
    const char *port;   /* --port N, ASIALLA_PORT */
    const char *to, *login, *name, *role, *team, *profession, *organisation, *seed, *scale, *thin,
        *months, *proxy, *contacts, *holds;
    const char *from;                   /* --from FILE|FOLDER|ADDRESS, or a day */
    const char *until;                  /* --until DAY */
    const char *ptv, *ptv_at, *ptv_key; /* --ptv FROM, --ptv-at HH:MM, --ptv-key FILE */
    const char *reason;                 /* --reason TEXT: why a matter is erased */
    const char *outbox;                 /* --outbox FILE: where messages go */
    const char *turn;                   /* --turn FILE */
    const char *url; /* --url, ASIALLA_URL: https://..., without a slash at its end; or NULL */
    bool demo, secure, new_key, figures, csv, ndjson, help;
};
/* False: has printed what is wrong. */
bool options_read(struct arena *a, int argc, char **argv, struct options *out);
/* postgresql://... */
bool options_is_url(const char *text);

/* The rules of law compiled in. Never NULL: a fault in them stops the program with its place. */
const struct law *boot_law(struct arena *a);
const struct forms *boot_forms(struct arena *a);
const struct info *boot_info(struct arena *a);
const struct booklets *boot_booklets(struct arena *a);
/* The relay for remote visits, if there is one. False: printed why it cannot be used. */
bool boot_turn(struct arena *a, const struct options *o, struct app *app);
/* Opens the store, or prints why not and returns NULL. */
enum boot_store { BOOT_SERVE, BOOT_COMMAND, BOOT_READ };
struct store *boot_store(struct arena *a, const struct options *o, enum boot_store use);
/* Where the store is, for messages: never with a password in it. */
const char *boot_store_name(const struct options *o);
/* The installation's secret (DIR/key, 32 bytes, mode 0600): made where neither it nor the store's
 * mark of it is there, or with --new-key. False: printed why. */
bool boot_key(struct arena *a, const struct options *o, struct store *s, unsigned char key[32]);
/* False: both folders have a secret, and not the same. */
bool boot_key_room(struct arena *a, const char *from, const char *to);
/* Copies the secret along with its store, which is open as db. Unwinds, also where `to` has one of
 * another store. */
enum boot_key_copied {
    BOOT_KEY_NONE,    /* there is no file of it */
    BOOT_KEY_OTHER,   /* the file is not the one that this store was begun with */
    BOOT_KEY_UNBEGUN, /* no server has begun the store yet: the first one makes its secret */
    BOOT_KEY_THERE,   /* `to` has it already */
    BOOT_KEY_COPIED
};
enum boot_key_copied boot_key_copy(struct arena *a, struct db *db, const char *from,
                                   const char *to);

/* What is done once a second beside the answering. NULL: no thread for it. */
struct keeper;
struct keeper *keeper_start(struct arena *a, struct app *app);
void keeper_stop(struct keeper *k);
/* The directory has changed: look at once. Any thread. */
void keeper_wake(struct keeper *k);

/* Keeps app->slots true. NULL: no thread for it. */
struct slot_keep;
struct slot_keep *slot_keep_start(struct arena *a, struct app *app);
void slot_keep_stop(struct slot_keep *k);
/* A topic was committed somewhere. Any thread. */
void slot_keep_told(struct slot_keep *k, uint64_t topic);

/* Counts the figures of a store whose matters were never counted; then its thread ends. NULL: no
 * thread for it. */
struct figure_keep;
struct figure_keep *figure_keep_start(struct arena *a, struct app *app);
void figure_keep_stop(struct figure_keep *k);

/* Daily imports of the service directory (--ptv). NULL: has printed why not. */
struct importer;
struct importer *importer_start(struct arena *a, struct app *app, const struct options *o);
void importer_stop(struct importer *im);
/* For the test: pure. "HH:MM"; the last time it was that time; whether an import is due. */
struct dir_import_state;
bool importer_time(struct str text, int *minute);
struct instant importer_last_due(struct instant now, int minute);
bool importer_is_due(const struct dir_import_state *s, struct str source, struct instant now,
                     int minute);

/* Sends what is in the outbox, until it is told to stop. NULL: has printed why not. */
struct sender;
struct sender *sender_start(struct arena *a, struct app *app, const struct options *o);
void sender_stop(struct sender *s);

extern const struct stmt_table key_statements, keeper_statements;
/* Every statement of every room, for the test that looks at their plans. */
extern const struct stmt_table *const all_statements[];
extern const size_t all_statements_n;
extern const struct route_table *const all_routes[];
extern const size_t all_routes_n;
/* Reads what rooms read once out of what is compiled in, before anybody is served: so nobody is the
 * first to need it in a moment that has no memory for it. */
void parts_read(void);
/* What waits for who is signed in: app.waits. */
void parts_waits(struct rq *rq);

int serve_command(struct arena *a, const struct options *o);
int backup_command(struct arena *a, const struct options *o);
int verify_command(struct arena *a, const struct options *o);
/* `verify --figures`, `recount`: the sums of the figures. */
int figures_verify_command(struct arena *a, const struct options *o);
int recount_command(struct arena *a, const struct options *o);
int copy_command(struct arena *a, const struct options *o);
/* From a database into one new file. */
int backup_store(struct arena *a, const char *url, const char *to);

#endif
