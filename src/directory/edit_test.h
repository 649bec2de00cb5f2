/*
 * edit_test.h: what the tests of editing share: acts as commits of their own, rows as forms make
 * them, PTV's side; on SQLite, and again on PostgreSQL where ASIALLA_PG names an empty database.
 */
#ifndef ASIALLA_DIRECTORY_EDIT_TEST_H
#define ASIALLA_DIRECTORY_EDIT_TEST_H

#include "directory/directory_store.h"

#include "base/guard.h"
#include "base/test.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct store *store;
static char folder[64];
static struct dir_author editor, ngo, parish;
static struct instant now;
static struct dir_report report;

#define NGO_ID    "00000000-0000-0000-0000-0000000000a1"
#define PARISH_ID "00000000-0000-0000-0000-0000000000a2"
#define PTV_ID    "00000000-0000-0000-0000-0000000000b1"
#define PTV_PHONE "00000000-0000-0000-0000-0000000000c1"

/* ---- acts, each a commit of its own ---- */

enum what { SAVE, SEND, APPROVE, RETURN, WITHDRAW, RESTORE, CONFIRM, ADD, UNDO, SYNONYM };

struct act {
    enum what what;
    const struct dir_author *who;
    struct str id, text; /* text: a hash, a reason */
    struct dir_saving saving;
    const struct dir_addition *addition;
    const struct dir_synonym *synonym;
    int64_t change;
    struct instant at;
    enum dir_refusal no;
    struct str made;
    struct arena *own; /* of its thread, as two may act at once */
};

static inline void run(struct db *db, void *arg)
{
    struct act *t = arg;
    struct arena *own = t->own;
    struct str id = {NULL, 0};
    arena_reset(own);
    switch (t->what) {
    case SAVE:
        t->no = directory_save(own, db, t->who, t->at, &t->saving, &id);
        t->made = id;
        break;
    case SEND:
        t->no = directory_send(own, db, t->who, t->at, t->id);
        break;
    case APPROVE:
        t->no = directory_approve(own, db, t->who, t->at, t->id, t->text);
        break;
    case RETURN:
        t->no = directory_return(own, db, t->who, t->at, t->id, t->text);
        break;
    case WITHDRAW:
        t->no = directory_withdraw(own, db, t->who, t->at, t->id);
        break;
    case RESTORE:
        t->no = directory_restore(own, db, t->who, t->at, t->id);
        break;
    case CONFIRM:
        t->no = directory_confirm(own, db, t->who, t->at, t->id);
        break;
    case ADD:
        t->no = directory_add(own, db, t->who, t->at, t->id, t->addition);
        break;
    case UNDO:
        t->no = directory_undo(own, db, t->who, t->at, t->change);
        break;
    case SYNONYM:
        directory_synonym_put(db, t->who, t->at, t->synonym);
    }
}

static inline enum dir_refusal act(struct act *t)
{
    if (!t->at.ms)
        t->at = now;
    if (!t->who)
        t->who = &editor;
    t->own = arena_new(0);
    CHECK_INT(store_write(store, run, t), ERR_OK);
    t->made = t->made.p ? str_dup(a, t->made) : t->made;
    arena_free(t->own);
    return t->no;
}
#define DO(...) act(&(struct act){__VA_ARGS__})

static inline struct db *db(void)
{
    return store_reader(store);
}

static inline struct dir_kept kept(struct str id)
{
    struct dir_kept k = {0};
    CHECK(directory_kept_one(a, db(), id, &k));
    return k;
}

static inline const struct dir_service *shown(struct str id)
{
    return dir_service(dir_load(a, db()), id);
}

static inline struct str shown_name(struct str id)
{
    const struct dir_service *s = shown(id);
    return s ? dir_pick(&s->name, LANG_FI).text : S("(not shown)");
}

static inline int64_t generation(void)
{
    return directory_stored_generation(db());
}

static inline struct dir_changes changes(struct str id)
{
    return directory_changes(a, db(), id, 0, 50);
}

static inline struct dir_texts fi(const char *text)
{
    struct dir_texts t = {0};
    VEC_PUSH(a, &t, (struct dir_text){S("fi"), str_of(text)});
    return t;
}

/* A service that may be shown, as a form makes it. */
static inline struct dir_service *service(const char *name)
{
    struct dir_service *s = ARENA_NEW(a, struct dir_service);
    s->name = fi(name);
    s->summary = fi("Tule mukaan.");
    VEC_PUSH(a, &s->classes, (struct dir_concept){.code = S("P5.1")});
    VEC_PUSH(a, &s->groups, (struct dir_concept){.code = S("KR1.2")});
    s->addition = (struct dir_addition){.cover_until = DATE_NONE, .review = DATE_NONE};
    return s;
}

static inline struct str save_new(const struct dir_author *who, struct dir_service *s,
                                  const char *once)
{
    struct act t = {.what = SAVE,
                    .who = who,
                    .saving = {DIR_SERVICE, s, .once = str_of(once), .owner = who->organisation}};
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    return t.made;
}

/* Written by a partner, sent and approved. */
static inline struct str published(const struct dir_author *who, const char *name, const char *once)
{
    struct str id = save_new(who, service(name), once);
    CHECK_INT(DO(SEND, who, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(APPROVE, &editor, id, kept(id).hash), DIR_REFUSED_FINE);
    return id;
}

/* What is there now, to be changed and saved again. */
static inline struct act again(const struct dir_author *who, struct str id, const char *name)
{
    struct dir_kept k = kept(id);
    struct dir_service *s = k.row;
    s->name = fi(name);
    return (struct act){.what = SAVE, .who = who, .saving = {k.kind, s, .hash = k.hash}};
}

/* ---- PTV's side ---- */

static inline bool import(const char *text)
{
    struct str name = S("f.json"), t = str_of(text);
    bool ok = directory_import_texts(a, store, &name, &t, 1, &report);
    if (!ok)
        printf("# " STR_FMT "\n", STR_ARG(report.error));
    return ok;
}

static inline bool import_service(const char *id, const char *name, const char *more)
{
    return import(str_z(a, str_fmt(a,
                                   "{\"id\":\"%s\",\"serviceNames\":[{\"language\":\"fi\","
                                   "\"value\":\"%s\",\"type\":\"Name\"}]%s}",
                                   id, name, more)));
}
/* ---- the whole ---- */

static const struct stmt add_staff = {
    "test.staff",
    "INSERT INTO staff (login, name, profession, roles) VALUES ($1, $2, '', 0) RETURNING id", 0};

static inline void people(struct db *w, void *arg)
{
    editor = (struct dir_author){.name = S("Eeva Editor"), .editor = true};
    ngo = (struct dir_author){.name = S("Nina NGO"), .organisation = S(NGO_ID)};
    parish = (struct dir_author){.name = S("Pasi Parish"), .organisation = S(PARISH_ID)};
    struct dir_author *all[] = {&editor, &ngo, &parish};
    for (size_t i = 0; i < 3; i++)
        all[i]->staff = DB_INT(w, 0, &add_staff, V_STR(all[i]->name), V_STR(all[i]->name));
}

#define ORGANISATION(id, name)                                                         \
    "{\"id\":\"" id "\",\"organizationNames\":[{\"language\":\"fi\",\"value\":\"" name \
    "\",\"type\":\"Name\"}]}"

static inline void begins(void)
{
    CHECK_INT(store_write(store, people, NULL), ERR_OK);
    CHECK(
        import("[" ORGANISATION(NGO_ID, "Järjestö") "," ORGANISATION(PARISH_ID, "Seurakunta") "]"));
}

static inline void folder_remove(void)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* `all` runs once an engine; it begins with TEST(begins). */
static inline void edit_test_on(struct store_conf conf, void (*all)(void))
{
    struct str why = {0};
    store = store_open(a, &conf, &why);
    if (!store) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
    printf("# %s\n", store_engine(store));
    now = instant_now();
    all();
    store_close(store);
}

static inline int edit_test_main(void (*all)(void))
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new((size_t)1 << 30);
    snprintf(folder, sizeof folder, "/tmp/edit-test-XXXXXX");
    if (!mkdtemp(folder))
        return 70;
    edit_test_on((struct store_conf){.folder = folder, .create = true}, all);
    if (getenv("ASIALLA_PG"))
        edit_test_on(
            (struct store_conf){.folder = folder, .url = getenv("ASIALLA_PG"), .create = true},
            all);
    folder_remove();
    arena_free(a);
    return test_end();
}

#endif
