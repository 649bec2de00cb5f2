/*
 * demo_group.c: groups of the sample county (data/county/groups.json): one that is full with a
 * waiting list, one with past sessions and who came, one without names. They go the way of real
 * ones; every person is made up.
 */
#include "demo/demo_room.h"

#include "auth/auth.h"
#include "base/guard.h"
#include "group/group_room.h"

/* How full, of a session or of the series: sign-ups, of a hundred who came, others who came. */
static const struct fill {
    const char *ref;
    int signups, past, others; /* past: sign-ups of each session that is over */
} fills[] = {
    {"pain-management", 15, 0, 0}, {"parents-evening", 21, 24, 3}, {"exercise-seniors", 16, 12, 2},
    {"stress-remote", 6, 0, 0},    {"pool-introduction", 9, 0, 0}, {"bereavement", 5, 0, 0},
};
enum { LATER = 3 }; /* sign-ups of the sessions after the next */

struct filling {
    struct demo *d;
    struct arena *a;
    struct db *db;
    struct seeded r;
    int64_t nr;
};

static int64_t sign_up(struct filling *f, const struct group *g, int64_t session, struct instant at)
{
    struct demo_person p = demo_person(
        f->d, demo_person_find(f->d, &f->r, LANG_FI, str_eq(g->audience, S("older")) ? 70 : 25,
                               str_eq(g->audience, S("older")) ? 90 : 60, 0));
    struct group_signup made;
    struct group_signing s = {.session = session, .lang = LANG_FI, .at = at};
    s.once = str_fmt(f->a, "demo-group-%lld", (long long)f->nr++);
    struct str code = auth_code_make(f->a, f->d->conf.key, s.once);
    auth_code_hash(f->a, f->d->conf.key, code, &s.code_hash);
    if (g->names == GROUP_NAMES_MUST || (g->names == GROUP_NAMES_MAY && seeded_below(&f->r, 2)))
        s.name = demo_person_name(f->a, &p);
    else
        s.name = S("");
    s.phone = g->names != GROUP_NAMES_NONE || seeded_below(&f->r, 2) ? demo_person_phone(f->a, &p)
                                                                     : S("");
    return group_sign_up(f->a, f->db, g, &s, &made) == GROUP_NO_FINE ? made.id : 0;
}

static struct instant hours_before(struct instant t, int64_t hours)
{
    return (struct instant){t.ms - hours * HOUR_MS};
}

static void past_session(struct filling *f, const struct group *g, const struct fill *k,
                         const struct group_session *s)
{
    struct group_marks marks = {0};
    for (int i = 0; i < k->past - (int)seeded_below(&f->r, 4); i++) {
        int64_t id = sign_up(f, g, s->id, hours_before(s->start, 200 - 5 * i));
        if (id)
            VEC_PUSH(f->a, &marks, (struct group_mark){id, seeded_below(&f->r, 8) != 0});
    }
    group_attend(f->a, f->db, g, s->id, &marks, (int)seeded_below(&f->r, (uint32_t)k->others + 1),
                 (struct instant){s->end.ms + HOUR_MS});
}

static void fill_group(struct filling *f, const struct fill *k)
{
    struct group g;
    if (!group_load(f->a, f->db, str_of(k->ref), &g))
        return;
    struct group_sessions list = group_sessions_load(f->a, f->db, g.id);
    const struct group_session *next = group_next(&list, 0, f->d->as_of);
    for (int i = 0; g.whole && i < k->signups; i++)
        sign_up(f, &g, 0, hours_before(f->d->as_of, 100 - 5 * i));
    for (size_t i = 0; !g.whole && i < list.n; i++) {
        const struct group_session *s = &list.p[i];
        int n = s == next ? k->signups : LATER;
        if (s->end.ms + HOUR_MS < f->d->as_of.ms)
            past_session(f, &g, k, s);
        for (int j = 0; s->start.ms > f->d->as_of.ms && j < n; j++)
            sign_up(f, &g, s->id, hours_before(f->d->as_of, 120 - 5 * j));
    }
}

static void store_groups(struct db *db, void *arg)
{
    struct demo *d = arg;
    struct filling f = {.d = d, .a = arena_new(0), .db = db, .r = demo_seeded(d, "group", 0)};
    struct str why = {NULL, 0};
    if (!group_settings_store(f.a, db, demo_file(d, "groups.json"), d->as_of, &why))
        guard_fail(ERR_INTERNAL, "groups.json: " STR_FMT, STR_ARG(why));
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++)
        fill_group(&f, &fills[i]);
    arena_free(f.a);
}

void demo_groups_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_groups, d) != ERR_OK)
        guard_fail(ERR_STORE, "the groups could not be stored");
}
