/*
 * edit_test.c: drafts, approval, additions, history and undo, and how an import goes past all of
 * them. On SQLite, and again on PostgreSQL where ASIALLA_PG names an empty database.
 */
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

static void run(struct db *db, void *arg)
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

static enum dir_refusal act(struct act *t)
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

static struct db *db(void)
{
    return store_reader(store);
}

static struct dir_kept kept(struct str id)
{
    struct dir_kept k = {0};
    CHECK(directory_kept_one(a, db(), id, &k));
    return k;
}

static const struct dir_service *shown(struct str id)
{
    return dir_service(dir_load(a, db()), id);
}

static struct str shown_name(struct str id)
{
    const struct dir_service *s = shown(id);
    return s ? dir_pick(&s->name, LANG_FI).text : S("(not shown)");
}

static int64_t generation(void)
{
    return directory_stored_generation(db());
}

static struct dir_changes changes(struct str id)
{
    return directory_changes(a, db(), id, 0, 50);
}

static struct dir_texts fi(const char *text)
{
    struct dir_texts t = {0};
    VEC_PUSH(a, &t, (struct dir_text){S("fi"), str_of(text)});
    return t;
}

/* A service that may be shown, as a form makes it. */
static struct dir_service *service(const char *name)
{
    struct dir_service *s = ARENA_NEW(a, struct dir_service);
    s->name = fi(name);
    s->summary = fi("Tule mukaan.");
    VEC_PUSH(a, &s->classes, (struct dir_concept){.code = S("P5.1")});
    VEC_PUSH(a, &s->groups, (struct dir_concept){.code = S("KR1.2")});
    s->addition = (struct dir_addition){.cover_until = DATE_NONE, .review = DATE_NONE};
    return s;
}

static struct str save_new(const struct dir_author *who, struct dir_service *s, const char *once)
{
    struct act t = {.what = SAVE,
                    .who = who,
                    .saving = {DIR_SERVICE, s, .once = str_of(once), .owner = who->organisation}};
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    return t.made;
}

/* Written by a partner, sent and approved. */
static struct str published(const struct dir_author *who, const char *name, const char *once)
{
    struct str id = save_new(who, service(name), once);
    CHECK_INT(DO(SEND, who, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(APPROVE, &editor, id, kept(id).hash), DIR_REFUSED_FINE);
    return id;
}

/* What is there now, to be changed and saved again. */
static struct act again(const struct dir_author *who, struct str id, const char *name)
{
    struct dir_kept k = kept(id);
    struct dir_service *s = k.row;
    s->name = fi(name);
    return (struct act){.what = SAVE, .who = who, .saving = {k.kind, s, .hash = k.hash}};
}

/* ---- PTV's side ---- */

static bool import(const char *text)
{
    struct str name = S("f.json"), t = str_of(text);
    bool ok = directory_import_texts(a, store, &name, &t, 1, &report);
    if (!ok)
        printf("# " STR_FMT "\n", STR_ARG(report.error));
    return ok;
}

static bool import_service(const char *id, const char *name, const char *more)
{
    return import(str_z(a, str_fmt(a,
                                   "{\"id\":\"%s\",\"serviceNames\":[{\"language\":\"fi\","
                                   "\"value\":\"%s\",\"type\":\"Name\"}]%s}",
                                   id, name, more)));
}

/* A page of all that somebody keeps is made in the memory of one request. */
static void nobody_keeps_without_end(void)
{
    enum { LONG = 60000, ENOUGH = 200 };
    struct dir_author hoarder = {.staff = ngo.staff, .organisation = S("hoarders")};
    char *text = arena_alloc(a, LONG + 1);
    enum dir_refusal no = DIR_REFUSED_FINE;
    struct arena *request = arena_new((size_t)64 << 20);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    int n = 0;
    for (; n < ENOUGH && no == DIR_REFUSED_FINE; n++) {
        struct dir_service *s = service("Pitkä");
        s->description = fi(text);
        no = DO(SAVE, &hoarder,
                .saving = {DIR_SERVICE, s, .once = str_fmt(a, "hoarder-once-%d", n),
                           .owner = hoarder.organisation});
    }
    CHECK_INT(no, DIR_REFUSED_TOO_MANY);
    CHECK(n > 50 && n < ENOUGH);
    CHECK_INT(directory_kept(request, db(), hoarder.organisation).n, n - 1);
    CHECK_INT(directory_kept_channels(request, db(), hoarder.organisation).n, 0);
    arena_free(request);
}

/* ---- drafts and approval ---- */

static void from_draft_to_shown(void)
{
    struct dir_service *s = service("Kahvila");
    s->classes.n = 0;
    struct str id = save_new(&ngo, s, "form-1");
    CHECK_INT(id.n, 36);
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_DRAFT && !k.shown && !k.shown_row && str_eq(k.owner, S(NGO_ID)));
    CHECK_STR(k.by, "Nina NGO");
    CHECK(k.lacks & 1U << DIR_LACK_DRAFT && k.lacks & 1U << DIR_LACK_NO_CLASS);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_NOT_WHOLE);
    s->id = id;
    VEC_PUSH(a, &s->classes, (struct dir_concept){.code = S("P5.1")});
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_SERVICE, s, .hash = k.hash}), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE); /* sent twice */
    CHECK_INT(directory_waiting(a, db()).n, 1);
    CHECK_INT(directory_waiting_count(db()), 1);
    CHECK(!shown(id));
    int64_t before = generation();
    struct str hash = kept(id).hash;
    CHECK_INT(DO(APPROVE, &ngo, id, hash), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(APPROVE, &editor, id, k.hash), DIR_REFUSED_CHANGED);
    size_t local = directory_shown_services(a, db()).n;
    CHECK_INT(DO(APPROVE, &editor, id, hash), DIR_REFUSED_FINE);
    CHECK_INT(directory_shown_services(a, db()).n, local + 1);
    CHECK_INT(DO(APPROVE, &editor, id, hash), DIR_REFUSED_NO_DRAFT);
    CHECK_INT(generation(), before + 1);
    CHECK_STR(shown_name(id), "Kahvila");
    const struct dir_service *there = shown(id);
    CHECK(there->local && str_eq(there->owner, S(NGO_ID)) && there->organisation);
    CHECK_STR(there->organisation->id, NGO_ID);
    CHECK_INT(directory_waiting(a, db()).n, 0);
    struct dir_changes c = changes(id);
    CHECK(c.n == 1 && c.p[0].began && !c.p[0].ended);
    CHECK_STR(c.p[0].what, "approved");
    CHECK_STR(c.p[0].by, "Eeva Editor");
    CHECK_STR(c.p[0].entry_name, "Kahvila");
}

static void returned_with_a_reason(void)
{
    struct str id = save_new(&ngo, service("Kerho"), "form-returned");
    CHECK_INT(DO(RETURN, &editor, id, S("x")), DIR_REFUSED_NO_DRAFT); /* not sent yet */
    DO(SEND, &ngo, id);
    CHECK_INT(DO(RETURN, &ngo, id, S("x")), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(RETURN, &editor, id, S(" \n")), DIR_REFUSED_NO_REASON);
    CHECK_INT(DO(RETURN, &editor, id, S("Lisää osoite.")), DIR_REFUSED_FINE);
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_RETURNED && k.lacks & 1U << DIR_LACK_RETURNED);
    CHECK_STR(k.reason, "Lisää osoite.");
    CHECK_INT(DO(APPROVE, &editor, id, k.hash), DIR_REFUSED_NO_DRAFT);
    struct act t = again(&ngo, id, "Kerho keskustassa");
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    CHECK_INT(kept(id).state, DIR_DRAFT);
    CHECK_STR(kept(id).reason, "");
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE);
}

static void a_form_sent_twice_makes_one(void)
{
    size_t before = directory_kept(a, db(), S(NGO_ID)).n;
    struct str one = save_new(&ngo, service("Kerran"), "form-twice");
    struct str two = save_new(&ngo, service("Kerran"), "form-twice");
    struct str mended = save_new(&ngo, service("Kerran vain"), "form-twice"); /* back, and again */
    CHECK(str_eq(one, two) && str_eq(one, mended));
    CHECK_INT(directory_kept(a, db(), S(NGO_ID)).n, before + 1);
    CHECK_STR(dir_pick(&((struct dir_service *)kept(one).row)->name, LANG_FI).text, "Kerran vain");
    struct str other = save_new(&parish, service("Kerran"), "form-twice");
    CHECK(!str_eq(one, other)); /* nobody's form can become another's entry */
}

static void what_is_shown_stays_until_approved(void)
{
    struct str id = published(&ngo, "Ennen", "form-stays");
    struct act t = again(&ngo, id, "Jälkeen");
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    struct dir_kept k = kept(id);
    CHECK(k.shown && k.state == DIR_DRAFT && k.shown_row);
    CHECK_INT(k.fields.n, 1);
    CHECK_STR(k.fields.p[0], "name");
    CHECK_STR(shown_name(id), "Ennen");
    DO(SEND, &ngo, id);
    CHECK_STR(shown_name(id), "Ennen");
    DO(APPROVE, &editor, id, k.hash);
    CHECK_STR(shown_name(id), "Jälkeen");
    CHECK_INT(kept(id).state, DIR_SHOWN);
    CHECK_INT(changes(id).n, 2);
    CHECK_STR(changes(id).p[0].fields.p[0], "name");
}

static void nobody_overwrites_another(void)
{
    struct str id = published(&ngo, "Yhteinen", "form-lock");
    struct act one = again(&ngo, id, "Ensin"), two = again(&ngo, id, "Sitten");
    CHECK_INT(act(&one), DIR_REFUSED_FINE);
    CHECK_INT(act(&two), DIR_REFUSED_CHANGED);
    CHECK_INT(act(&one), DIR_REFUSED_FINE); /* the same form again: nothing to do */
    struct act mending = again(&editor, id, "Toimitettu");
    DO(SEND, &ngo, id);
    CHECK_INT(act(&mending), DIR_REFUSED_FINE);
    CHECK_INT(kept(id).state, DIR_WAITING); /* an editor's mending is still waiting */
    struct act late = again(&ngo, id, "Myöhässä");
    CHECK_INT(DO(APPROVE, &editor, id, kept(id).hash), DIR_REFUSED_FINE);
    CHECK_INT(act(&late), DIR_REFUSED_FINE); /* on what it read, which is shown now */
    CHECK_INT(kept(id).state, DIR_DRAFT);
}

/* ---- whose ---- */

static void others_entries_are_closed(void)
{
    struct str id = published(&ngo, "Oma", "form-own");
    struct act t = again(&parish, id, "Kaapattu");
    CHECK_INT(act(&t), DIR_REFUSED_NOT_YOURS);
    for (enum what w = SEND; w <= CONFIRM; w++)
        CHECK_INT(DO(w, &parish, id, kept(id).hash), DIR_REFUSED_NOT_YOURS);
    for (enum what w = SEND; w <= CONFIRM; w++)
        CHECK_INT(DO(w, &editor, S("nothing"), S("x")), DIR_REFUSED_NO_ENTRY);
    CHECK_INT(DO(UNDO, &ngo, .change = changes(id).p[0].id), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(SAVE, &parish, .saving = {DIR_SERVICE, service("X"), .owner = S(NGO_ID)}),
              DIR_REFUSED_NOT_YOURS);
    struct dir_author nobody = {.staff = ngo.staff, .organisation = S("")};
    CHECK_INT(DO(SAVE, &nobody, .saving = {DIR_SERVICE, service("X")}), DIR_REFUSED_NOT_YOURS);
    CHECK_STR(shown_name(id), "Oma");
    for (size_t i = 0; i < directory_kept(a, db(), S(PARISH_ID)).n; i++)
        CHECK(!str_eq(directory_kept(a, db(), S(PARISH_ID)).p[i].id, id));
}

static void ptv_is_changed_in_ptv(void)
{
    CHECK(import_service(PTV_ID, "Neuvola", ""));
    struct dir_service *s = service("Oma neuvola");
    s->id = S(PTV_ID);
    CHECK_INT(DO(SAVE, &editor, .saving = {DIR_SERVICE, s}), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(WITHDRAW, &editor, S(PTV_ID)), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(CONFIRM, &editor, S(PTV_ID)), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_SERVICE, s}), DIR_REFUSED_NOT_YOURS);
    CHECK_STR(shown_name(S(PTV_ID)), "Neuvola");
}

/* A partner's row cannot say that it is somebody else's, nor hang itself on somebody's page. */
static void partners_speak_for_themselves(void)
{
    struct dir_service *s = service("Nimissä");
    s->source_id = S("SOTE-0001");
    s->general = S("00000000-0000-0000-0000-0000000000d1");
    VEC_PUSH(a, &s->roles, (struct dir_role){S("Responsible"), S(PARISH_ID), S("Seurakunta")});
    struct str id = save_new(&ngo, s, "form-roles");
    struct dir_kept k = kept(id);
    const struct dir_service *there = k.row;
    CHECK(there->source_id.n == 0 && there->general.n == 0 && there->roles.n == 1);
    CHECK_STR(there->roles.p[0].id, NGO_ID);
    CHECK_STR(there->roles.p[0].name, "Järjestö");
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    c->name = fi("Puhelin");
    VEC_PUSH(a, &c->links, (struct dir_link){S("fi"), S("x"), S("javascript:alert(1)")});
    VEC_PUSH(a, &c->connections, (struct dir_connection){.other = S(PTV_ID)});
    struct act t = {.what = SAVE,
                    .who = &ngo,
                    .saving = {DIR_PHONE_CHANNEL, c, .once = S("form-phone"), .owner = S(NGO_ID)}};
    CHECK_INT(act(&t), DIR_REFUSED_NOT_YOURS);
    c->connections.p[0].other = id;
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    const struct dir_channel *kept_channel = kept(t.made).row;
    CHECK_STR(kept_channel->organisation_id, NGO_ID);
    CHECK_INT(kept_channel->kind, DIR_PHONE_CHANNEL);
    CHECK_INT(kept_channel->links.n, 0);
    k = kept(id); /* the channel, a draft still, is one of the service's ways for its keeper */
    CHECK_INT(((struct dir_service *)k.row)->ways.n, 1);
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_ORGANISATION, ARENA_NEW(a, struct dir_organisation)}),
              DIR_REFUSED_NOT_YOURS);
}

/* ---- taking away ---- */

static void withdrawn_and_restored(void)
{
    struct str id = published(&ngo, "Hetki", "form-withdraw");
    CHECK_INT(DO(WITHDRAW, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(WITHDRAW, &ngo, id), DIR_REFUSED_FINE);
    CHECK(!shown(id));
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_WITHDRAWN && k.lacks & 1U << DIR_LACK_WITHDRAWN);
    CHECK_INT(changes(id).n, 2);
    CHECK(changes(id).p[0].ended && !changes(id).p[1].ended);
    CHECK_INT(DO(RESTORE, &ngo, id), DIR_REFUSED_FINE); /* to be sent again */
    CHECK(!shown(id) && kept(id).state == DIR_DRAFT);
    CHECK_INT(DO(RESTORE, &editor, id), DIR_REFUSED_FINE);
    CHECK_STR(shown_name(id), "Hetki");
    CHECK_INT(changes(id).n, 3);
    struct str draft = save_new(&ngo, service("Turha"), "form-drop");
    CHECK_INT(DO(WITHDRAW, &ngo, draft), DIR_REFUSED_FINE);
    CHECK(!directory_kept_one(a, db(), draft, &k));
    CHECK_INT(changes(draft).n, 0);
}

static void old_ones_are_not_shown(void)
{
    struct instant then = {now.ms - (int64_t)800 * 24 * HOUR_MS};
    struct act t = {
        .what = SAVE,
        .who = &ngo,
        .at = then,
        .saving = {DIR_SERVICE, service("Vanha"), .once = S("form-old"), .owner = S(NGO_ID)}};
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, t.made), DIR_REFUSED_NOT_WHOLE); /* nobody has looked at it */
    struct str id = published(&ngo, "Tuore", "form-fresh");
    struct str before = kept(id).hash;
    CHECK_INT(DO(CONFIRM, &ngo, id, .at = then), DIR_REFUSED_FINE);
    CHECK(!shown(id) && kept(id).lacks & 1U << DIR_LACK_STALE);
    CHECK_INT(DO(CONFIRM, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(CONFIRM, &ngo, id), DIR_REFUSED_FINE); /* today already */
    CHECK_STR(shown_name(id), "Tuore");
    CHECK(str_eq(kept(id).hash, before));
    CHECK_INT(changes(id).n, 3);
    CHECK_STR(changes(id).p[0].what, "confirmed");
}

/* ---- additions ---- */

static struct dir_addition addition(const char *plain)
{
    struct dir_addition d = {
        .cover = DIR_COVER_FULL, .cover_until = date_from(2027, 1, 31), .review = DATE_NONE};
    d.plain = fi(plain);
    VEC_PUSH(a, &d.synonyms, (struct dir_text){S("fi"), S("lekuri")});
    VEC_PUSH(a, &d.synonyms, (struct dir_text){S("fi"), S("tk")});
    return d;
}

static void imports_leave_additions(void)
{
    CHECK(import_service(PTV_ID, "Neuvola", ""));
    struct dir_addition d = addition("Selkeästi.");
    int64_t before = generation();
    CHECK_INT(DO(ADD, &ngo, S(PTV_ID), .addition = &d), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(ADD, &editor, S("nothing"), .addition = &d), DIR_REFUSED_NO_ENTRY);
    CHECK_INT(DO(ADD, &editor, S(PTV_ID), .addition = &d), DIR_REFUSED_FINE);
    CHECK_INT(DO(ADD, &editor, S(PTV_ID), .addition = &d), DIR_REFUSED_FINE);
    CHECK_INT(generation(), before + 1);
    CHECK(import_service(PTV_ID, "Neuvola ja perhe", ""));
    CHECK(import_service(PTV_ID, "Neuvola ja perhe", ",\"publishingStatus\":\"Deleted\""));
    CHECK(!shown(S(PTV_ID)));
    CHECK(import_service(PTV_ID, "Neuvola", ""));
    const struct dir_service *s = shown(S(PTV_ID));
    CHECK(s && s->addition.synonyms.n == 2 && s->addition.cover == DIR_COVER_FULL);
    CHECK_STR(dir_pick(&s->addition.plain, LANG_FI).text, "Selkeästi.");
    CHECK_INT(s->addition.cover_until.day, date_from(2027, 1, 31).day);
    CHECK(!date_is(s->addition.review));
    struct dir_addition none = {.cover_until = DATE_NONE, .review = DATE_NONE};
    struct dir_changes c = changes(S(PTV_ID));
    int64_t added = 0;
    for (size_t i = 0; i < c.n; i++)
        if (str_eq(c.p[i].what, S("added"))) {
            added = c.p[i].id;
            CHECK_INT(c.p[i].fields.n, 4);
        }
    CHECK_INT(DO(ADD, &editor, S(PTV_ID), .addition = &none), DIR_REFUSED_FINE);
    CHECK(!directory_addition(a, db(), S(PTV_ID), &d));
    CHECK_INT(DO(UNDO, &editor, .change = changes(S(PTV_ID)).p[0].id), DIR_REFUSED_FINE);
    CHECK(directory_addition(a, db(), S(PTV_ID), &d) && d.synonyms.n == 2);
    CHECK_INT(DO(UNDO, &editor, .change = added), DIR_REFUSED_FINE);
    CHECK(!directory_addition(a, db(), S(PTV_ID), &d) && d.synonyms.n == 0);
    CHECK(!date_is(shown(S(PTV_ID))->addition.review));
}

/* ---- undoing ---- */

#define UNDONE_ID "00000000-0000-0000-0000-0000000000b2"

static void an_undone_import_stays_undone(void)
{
    struct str id = S(UNDONE_ID);
    CHECK(import_service(UNDONE_ID, "Eka", ""));
    CHECK(import_service(UNDONE_ID, "Huono", ""));
    CHECK_INT(report.counts[DIR_SERVICE].changed, 1);
    struct dir_changes c = changes(id);
    CHECK(c.n == 2 && c.p[1].began && c.p[0].fields.n == 1 && c.p[0].by.n == 0);
    CHECK_INT(DO(UNDO, &editor, .change = c.p[0].id), DIR_REFUSED_FINE);
    CHECK_STR(shown_name(id), "Eka");
    CHECK(import_service(UNDONE_ID, "Huono", ""));
    CHECK_INT(report.counts[DIR_SERVICE].unchanged, 1);
    CHECK_STR(shown_name(id), "Eka"); /* what was undone does not come back */
    CHECK(import_service(UNDONE_ID, "Uusi", ""));
    CHECK_STR(shown_name(id), "Uusi"); /* but what PTV says anew does */
    c = changes(id);
    CHECK(c.n == 4);
    CHECK_STR(c.p[1].what, "undone");
    CHECK_INT(DO(UNDO, &editor, .change = c.p[1].id), DIR_REFUSED_FINE); /* the undoing itself */
    CHECK_STR(shown_name(id), "Huono");
    CHECK_INT(DO(UNDO, &editor, .change = 1000000), DIR_REFUSED_NO_CHANGE);
}

static void an_undone_withdrawal_stays_undone(void)
{
    struct str id = S(UNDONE_ID);
    CHECK(import_service(UNDONE_ID, "Viimeinen", ""));
    int64_t before = generation();
    CHECK(import_service(UNDONE_ID, "Viimeinen", ",\"publishingStatus\":\"Deleted\""));
    CHECK(!shown(id));
    CHECK_INT(generation(), before + 1);
    CHECK_INT(DO(UNDO, &editor, .change = changes(id).p[0].id), DIR_REFUSED_FINE);
    CHECK_STR(shown_name(id), "Viimeinen");
    CHECK(import_service(UNDONE_ID, "Viimeinen", ",\"publishingStatus\":\"Deleted\""));
    CHECK_STR(shown_name(id), "Viimeinen");
    struct dir_changes c = changes(id);
    CHECK_INT(DO(UNDO, &editor, .change = c.p[c.n - 1].id), DIR_REFUSED_FINE);
    CHECK(!shown(id)); /* before the first import there was nothing */
}

static void an_approval_is_undone(void)
{
    struct str id = published(&ngo, "Vanha nimi", "form-undo");
    struct act t = again(&ngo, id, "Uusi nimi");
    act(&t);
    DO(SEND, &ngo, id);
    DO(APPROVE, &editor, id, kept(id).hash);
    int64_t last = changes(id).p[0].id;
    CHECK_INT(DO(UNDO, &editor, .change = last), DIR_REFUSED_FINE);
    CHECK_INT(DO(UNDO, &editor, .change = last), DIR_REFUSED_FINE); /* as it was already */
    CHECK_STR(shown_name(id), "Vanha nimi");
    CHECK_INT(changes(id).n, 3);
    CHECK(shown(id)->local && str_eq(shown(id)->owner, S(NGO_ID)));
}

/* ---- imports beside local entries ---- */

static void an_import_cannot_take_a_local_entry(void)
{
    struct str id = published(&ngo, "Meidän", "form-import");
    CHECK(import_service(str_z(a, id), "Kaapattu", ""));
    CHECK_STR(shown_name(id), "Meidän");
    CHECK(import_service(str_z(a, id), "Kaapattu", ",\"publishingStatus\":\"Deleted\""));
    CHECK_STR(shown_name(id), "Meidän");
    CHECK_INT(changes(id).n, 1);
}

static void the_same_again_leaves_no_trace(void)
{
    CHECK(import_service(UNDONE_ID, "Sama", ""));
    size_t n = changes(S(UNDONE_ID)).n;
    int64_t before = generation();
    CHECK(import_service(UNDONE_ID, "Sama", ""));
    CHECK_INT(changes(S(UNDONE_ID)).n, n);
    CHECK_INT(generation(), before);
}

/* PTV's own date alone is taken in, but is nothing to look at in a history. */
static void a_new_date_alone_is_no_history(void)
{
    CHECK(import_service(UNDONE_ID, "Päivätty", ",\"modified\":\"2026-01-01T00:00:00Z\""));
    size_t n = changes(S(UNDONE_ID)).n;
    CHECK(import_service(UNDONE_ID, "Päivätty", ",\"modified\":\"2026-02-01T00:00:00Z\""));
    CHECK_INT(report.counts[DIR_SERVICE].changed, 1);
    CHECK_INT(changes(S(UNDONE_ID)).n, n);
    CHECK_INT(shown(S(UNDONE_ID))->modified.day, date_from(2026, 2, 1).day);
}

static void the_last_import_is_remembered(void)
{
    CHECK(import_service(UNDONE_ID, "Muistettu", ""));
    struct dir_import_state s = directory_import_state(a, db());
    CHECK(s.succeeded.ms >= now.ms && s.tried.ms == s.succeeded.ms && s.error.n == 0);
    CHECK(s.counts.read == 1 && s.counts.changed == 1 && s.failures == 0);
    struct str from = S("/tmp/there-is-no-such-file.json");
    struct dir_import_conf conf = {.from = &from, .n = 1};
    CHECK(!directory_import_from(a, store, &conf, &report));
    CHECK(!directory_import_from(a, store, &conf, &report));
    struct dir_import_state failed = directory_import_state(a, db());
    CHECK(failed.failures == 2 && failed.error.n > 0 && failed.tried.ms >= s.tried.ms);
    CHECK(failed.succeeded.ms == s.succeeded.ms && failed.counts.read == 1);
    CHECK_STR(failed.source, "/tmp/there-is-no-such-file.json");
    CHECK(import_service(UNDONE_ID, "Muistettu", ""));
    CHECK_INT(directory_import_state(a, db()).failures, 0);
    struct instant later = {s.succeeded.ms + (int64_t)51 * HOUR_MS};
    CHECK(directory_import_is_stale(&s, now, later));
    CHECK(!directory_import_is_stale(&s, now, (struct instant){s.succeeded.ms + HOUR_MS}));
}

/* ---- at once ---- */

static void *act_in_thread(void *arg)
{
    struct act *t = arg;
    t->own = arena_new(0);
    if (store_write(store, run, t) != ERR_OK)
        t->no = DIR_REFUSED_COUNT;
    arena_free(t->own);
    return NULL;
}

static void at_once(struct act *x, struct act *y)
{
    pthread_t one, two;
    x->at = y->at = now;
    CHECK(pthread_create(&one, NULL, act_in_thread, x) == 0);
    CHECK(pthread_create(&two, NULL, act_in_thread, y) == 0);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
}

static void two_at_once(void)
{
    for (int i = 0; i < 20; i++) {
        char once[32];
        snprintf(once, sizeof once, "race-%d", i);
        struct str id = save_new(&ngo, service("Kilpa"), once);
        DO(SEND, &ngo, id);
        struct str hash = kept(id).hash;
        struct act x = {APPROVE, &editor, id, hash};
        struct act y = i % 2 ? x : (struct act){RETURN, &editor, id, S("ei näin")};
        at_once(&x, &y);
        CHECK((x.no == DIR_REFUSED_FINE) + (y.no == DIR_REFUSED_FINE) == 1);
        CHECK((x.no == DIR_REFUSED_NO_DRAFT) + (y.no == DIR_REFUSED_NO_DRAFT) == 1);
        CHECK_INT(changes(id).n, x.no == DIR_REFUSED_FINE || i % 2);
        DO(WITHDRAW, &ngo, id);
    }
}

static void the_same_form_at_once(void)
{
    size_t before = directory_kept(a, db(), S(PARISH_ID)).n;
    struct act x = {.what = SAVE,
                    .who = &parish,
                    .saving = {DIR_SERVICE, service("Yhtä aikaa"), .once = S("form-at-once"),
                               .owner = S(PARISH_ID)}};
    struct act y = x;
    y.saving.row = service("Yhtä aikaa");
    at_once(&x, &y);
    CHECK(x.no == DIR_REFUSED_FINE && y.no == DIR_REFUSED_FINE);
    CHECK_INT(directory_kept(a, db(), S(PARISH_ID)).n, before + 1);
}

/* ---- synonyms, and what is swept ---- */

static void own_synonyms(void)
{
    struct dir_synonym s = {.lang = LANG_SV, .says = S("tandis\ntandläkar"), .means = S("munvård")};
    int64_t before = generation();
    DO(SYNONYM, .synonym = &s);
    struct dir_synonyms all = directory_synonyms(a, db());
    CHECK(all.n == 1 && all.p[0].lang == LANG_SV);
    CHECK_STR(all.p[0].says, "tandis\ntandläkar");
    CHECK_STR(all.p[0].by, "Eeva Editor");
    CHECK_INT(generation(), before + 1);
    const struct dir *d = dir_load(a, db());
    CHECK(d->synonyms.n == 1 && d->synonyms.p[0].says[LANG_SV].n == 2);
    CHECK_STR(d->synonyms.p[0].says[LANG_SV].p[1], "tandläkar");
    s.id = all.p[0].id;
    s.means = S("tandvård");
    DO(SYNONYM, .synonym = &s);
    CHECK_STR(directory_synonyms(a, db()).p[0].means, "tandvård");
    DO(SYNONYM, .synonym = &(struct dir_synonym){.id = s.id});
    CHECK_INT(directory_synonyms(a, db()).n, 0);
}

struct sweep {
    struct instant at;
    int64_t runs;
};

static void sweep(struct db *w, void *arg)
{
    struct sweep *s = arg;
    s->runs = 0;
    while (directory_history_sweep(w, s->at))
        s->runs++;
}

static void history_has_an_end(void)
{
    size_t n = directory_changes(a, db(), S(""), 0, 1000).n;
    CHECK(n > 20);
    struct sweep s = {.at = {now.ms + (int64_t)200 * 24 * HOUR_MS}};
    CHECK_INT(store_write(store, sweep, &s), ERR_OK);
    CHECK_INT(directory_changes(a, db(), S(""), 0, 1000).n, n);
    s.at.ms = now.ms + (int64_t)38 * 31 * 24 * HOUR_MS;
    CHECK_INT(store_write(store, sweep, &s), ERR_OK);
    CHECK_INT(directory_changes(a, db(), S(""), 0, 1000).n, 0);
}

/* ---- the whole ---- */

static const struct stmt add_staff = {
    "test.staff",
    "INSERT INTO staff (login, name, profession, roles) VALUES ($1, $2, '', 0) RETURNING id", 0};

static void people(struct db *w, void *arg)
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

static void begins(void)
{
    CHECK_INT(store_write(store, people, NULL), ERR_OK);
    CHECK(
        import("[" ORGANISATION(NGO_ID, "Järjestö") "," ORGANISATION(PARISH_ID, "Seurakunta") "]"));
}

static void on(struct store_conf conf)
{
    struct str why = {0};
    store = store_open(a, &conf, &why);
    if (!store) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
    printf("# %s\n", store_engine(store));
    now = instant_now();
    TEST(begins);
    TEST(from_draft_to_shown);
    TEST(returned_with_a_reason);
    TEST(a_form_sent_twice_makes_one);
    TEST(what_is_shown_stays_until_approved);
    TEST(nobody_overwrites_another);
    TEST(others_entries_are_closed);
    TEST(ptv_is_changed_in_ptv);
    TEST(partners_speak_for_themselves);
    TEST(withdrawn_and_restored);
    TEST(old_ones_are_not_shown);
    TEST(imports_leave_additions);
    TEST(an_undone_import_stays_undone);
    TEST(an_undone_withdrawal_stays_undone);
    TEST(an_approval_is_undone);
    TEST(an_import_cannot_take_a_local_entry);
    TEST(the_same_again_leaves_no_trace);
    TEST(a_new_date_alone_is_no_history);
    TEST(the_last_import_is_remembered);
    TEST(two_at_once);
    TEST(the_same_form_at_once);
    TEST(own_synonyms);
    TEST(nobody_keeps_without_end);
    TEST(history_has_an_end);
    store_close(store);
}

static void folder_remove(void)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(void)
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new((size_t)1 << 30);
    snprintf(folder, sizeof folder, "/tmp/edit-test-XXXXXX");
    if (!mkdtemp(folder))
        return 70;
    on((struct store_conf){.folder = folder, .create = true});
    if (getenv("ASIALLA_PG"))
        on((struct store_conf){.folder = folder, .url = getenv("ASIALLA_PG"), .create = true});
    folder_remove();
    arena_free(a);
    return test_end();
}
