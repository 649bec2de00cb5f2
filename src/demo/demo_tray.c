/*
 * demo_tray.c: a dozen service trays of the sample county: suggestions given and marked, a plan
 * that runs, one to follow up now, one of a matter, needs for which nothing was found. They go the
 * way of real ones, so what the sample shows is what the program does.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "tray/tray.h"

enum { TRAYS = 12, SUGGESTIONS = 3, OF_MATTERS = 3 };

static const struct stmt q[] = {
    {"demo_tray.matters",
     "SELECT id, team, owner FROM matter WHERE state = 'open' AND owner IS NOT NULL "
     "ORDER BY id LIMIT $1",
     STMT_SCAN},
};
const struct stmt_table demo_tray_statements = {q, sizeof q / sizeof *q};

/* What is in a tray, how long ago it was given (-1: not yet), what was marked, said and followed.
 */
static const struct sample {
    int days;
    const char *theme, *group;
    enum tray_mark marks[SUGGESTIONS];
    const char *words, *said;
    bool visit;
} samples[TRAYS] = {
    {40,
     "",
     "older",
     {MARK_ATTENDED, MARK_CONTACTED, MARK_DECLINED},
     "Ryhmässä on muitakin, jotka ovat jääneet yksin.",
     "Ryhmä on ollut mukava. Kiitos!",
     false},
    {35,
     "activity",
     "adults",
     {MARK_ATTENDED, MARK_SUGGESTED, MARK_SUGGESTED},
     "Aloita kevyesti: puoli tuntia kerrallaan riittää.",
     NULL,
     true},
    {28,
     "",
     "children",
     {MARK_FULL, MARK_CONTACTED, MARK_SUGGESTED},
     NULL,
     "Ensimmäinen oli täynnä.",
     false},
    {21, "", "older", {MARK_ATTENDED, MARK_ATTENDED, MARK_SUGGESTED}, NULL, NULL, false},
    {14,
     "sleep",
     "adults",
     {MARK_CONTACTED, MARK_SUGGESTED, MARK_SUGGESTED},
     "Kirjoita viikon ajan, milloin menet nukkumaan.",
     NULL,
     false},
    {12, "", "young", {MARK_DECLINED, MARK_ATTENDED, MARK_SUGGESTED}, NULL, NULL, false},
    {9,
     "",
     "newcomers",
     {MARK_CONTACTED, MARK_SUGGESTED, MARK_SUGGESTED},
     "You can call in English.",
     NULL,
     false},
    {7, "weight", "adults", {MARK_SUGGESTED, MARK_SUGGESTED, MARK_SUGGESTED}, NULL, NULL, false},
    {5, "", "older", {MARK_ATTENDED, MARK_SUGGESTED, MARK_SUGGESTED}, NULL, NULL, false},
    {3, "", "disability", {MARK_SUGGESTED, MARK_SUGGESTED, MARK_SUGGESTED}, NULL, NULL, false},
    {1, "", "adults", {MARK_CONTACTED, MARK_SUGGESTED, MARK_SUGGESTED}, NULL, NULL, false},
    {-1, "", "", {MARK_SUGGESTED, MARK_SUGGESTED, MARK_SUGGESTED}, NULL, NULL, false},
};

struct gathering {
    struct demo *d;
    struct db *db;
    const struct sample *sample;
    struct tray t;
    struct instant at;
    int64_t staff;
    int nth, act; /* of the tray; of what happens to it */
};

static void act(struct gathering *g, struct tray_act what)
{
    what.at = g->at;
    what.once = str_fmt(g->d->a, "sample tray %d act %d", g->nth, g->act++);
    enum tray_refusal no = tray_do(g->d->a, g->db, &g->t, &what);
    if (no != TRAY_NO_FINE && no != TRAY_NO_NOTHING_NEW)
        guard_fail(ERR_INTERNAL, "sample tray %d: %s", g->nth, tray_refusal_words(no));
}

static void fill(struct gathering *g, const struct demo_team *team)
{
    for (size_t i = 0; i < SUGGESTIONS && i < team->services.n; i++) {
        const struct demo_service *s = &team->services.p[i];
        act(g, (struct tray_act){.kind = TRAY_ADDED,
                                 .staff = g->staff,
                                 .service = s->id,
                                 .name = s->name[LANG_FI],
                                 .text = i == 0 ? str_of(g->sample->words) : S("")});
    }
}

/* A day after the giving the person marks, and says something. */
static void answer(struct gathering *g)
{
    g->at.ms += 24 * (int64_t)HOUR_MS;
    for (int i = 0; i < SUGGESTIONS && i < g->t.items_ever; i++)
        act(g, (struct tray_act){.kind = TRAY_MARKED, .item = i + 1, .mark = g->sample->marks[i]});
    if (g->sample->said)
        act(g, (struct tray_act){.kind = TRAY_WROTE, .text = str_of(g->sample->said)});
}

static void gather(struct gathering *g, const struct demo_team *team, int64_t matter)
{
    struct demo *d = g->d;
    const struct tray_new made = {.once = str_fmt(d->a, "sample tray %d", g->nth),
                                  .matter = matter,
                                  .team = team->id,
                                  .staff = g->staff,
                                  .theme = str_of(g->sample->theme),
                                  .area = d->districts.p[(size_t)g->nth % d->districts.n].ref,
                                  .group = str_of(g->sample->group),
                                  .at = g->at};
    int64_t id = tray_make(d->a, g->db, &made);
    if (!tray_load(d->a, g->db, id, &g->t))
        guard_fail(ERR_INTERNAL, "sample tray %d is not there", g->nth);
    fill(g, team);
    if (g->sample->days < 0 || g->t.items.n == 0)
        return;
    act(g, (struct tray_act){.kind = TRAY_GIVEN, .staff = g->staff, .way = WAY_PAPER});
    if (g->sample->days > 1)
        answer(g);
    if (g->sample->visit)
        act(g, (struct tray_act){.kind = TRAY_VISIT_DONE,
                                 .staff = g->staff,
                                 .item = 1,
                                 .text = S("Kävelee kolmesti viikossa.")});
}

static const struct demo_team *team_by(const struct demo *d, int64_t id)
{
    for (size_t i = 0; i < d->team_n; i++)
        if (d->teams[i].id == id)
            return &d->teams[i];
    return &d->teams[0];
}

/* Given just now, each by who has the matter. */
static void store_of_matters(struct demo *d, struct db *db)
{
    struct rows r = DB_QUERY(db, &q[0], V_INT(OF_MATTERS));
    struct {
        int64_t matter, team, owner;
    } found[OF_MATTERS];
    int n = 0;
    while (n < OF_MATTERS && rows_next(&r)) {
        found[n].matter = rows_int(&r, 0);
        found[n].team = rows_int(&r, 1);
        found[n++].owner = rows_int(&r, 2);
    }
    rows_end(&r);
    for (int i = 0; i < n; i++) {
        struct gathering g = {.d = d, .db = db, .sample = &samples[TRAYS - 2], .nth = TRAYS + i};
        g.at = d->as_of;
        g.staff = found[i].owner;
        access_log_add(db, g.at, found[i].matter, g.staff, S("wrote"));
        gather(&g, team_by(d, found[i].team), found[i].matter);
    }
}

static void store_trays(struct db *db, void *arg)
{
    struct demo *d = arg;
    const struct demo_team *team = &d->teams[0];
    for (size_t i = 0; i < d->team_n; i++)
        if (d->teams[i].services.n > team->services.n)
            team = &d->teams[i];
    for (int i = 0; i < TRAYS; i++) {
        const struct sample *s = &samples[i];
        int days = s->days < 0 ? 0 : s->days;
        struct gathering g = {.d = d, .db = db, .sample = s, .nth = i};
        g.at = (struct instant){d->as_of.ms - days * 24 * (int64_t)HOUR_MS};
        g.staff = team->member[i % DEMO_MEMBERS];
        gather(&g, team, 0);
    }
    store_of_matters(d, db);
    for (int i = 0; i < 6; i++)
        tray_missing_add(db, &(struct tray_need){.once = str_fmt(d->a, "sample need %d", i),
                                                 .theme = S("mental"),
                                                 .area = d->districts.p[0].ref,
                                                 .group = S("young"),
                                                 .team = team->id,
                                                 .day = d->today});
}

void demo_trays_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_trays, d) != ERR_OK)
        guard_fail(ERR_STORE, "the trays could not be written");
}
