/*
 * undo_test.c: history and undo, and how an import goes past drafts, additions and what was
 * undone; two who act at once.
 */
#include "directory/edit_test.h"

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

/* ---- what is swept ---- */

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

static void all(void)
{
    TEST(begins);
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
    TEST(history_has_an_end);
}

int main(void)
{
    return edit_test_main(all);
}
