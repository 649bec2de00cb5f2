/*
 * demo_hand.c: what goes on between people in the sample county when it is made: questions to
 * colleagues, one of them answered; a resident who was asked back; hand-overs that wait for
 * somebody, within a register and across. Each on a matter that somebody has and nothing has
 * happened to for an hour.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "matter/matter.h"

enum { Q_QUIET };
static const struct stmt q[] = {
    [Q_QUIET] = {"demo_hand.quiet",
                 "SELECT m.id FROM matter m WHERE m.team = $1 AND m.state = 'open' "
                 "AND m.owner IS NOT NULL AND m.asked = 0 AND m.consults = 0 AND m.offer_open = 0 "
                 "AND NOT EXISTS (SELECT 1 FROM matter_event e WHERE e.matter = m.id "
                 "AND e.at > $2) ORDER BY m.due_at, m.id LIMIT 1 OFFSET $3",
                 0},
};
const struct stmt_table demo_hand_statements = {q, sizeof q / sizeof *q};

static const char *const asks[LANG_COUNT] = {
    [LANG_FI] = "Milloin oireet alkoivat, ja onko sinulla kuumetta?",
    [LANG_SV] = "När började symtomen, och har du feber?",
    [LANG_EN] = "When did it begin, and do you have a fever?",
};
static const char *const shared[LANG_COUNT] = {
    [LANG_FI] = "Rahani eivät riitä vuokraan tässä kuussa. Haluan, että joku soittaa minulle.",
    [LANG_SV] =
        "Mina pengar räcker inte till hyran den här månaden. Jag vill att någon ringer mig.",
    [LANG_EN] = "I cannot pay my rent this month. I want somebody to call me.",
};

struct meeting {
    struct demo *d;
    struct arena *a;
    struct db *db;
    int64_t matters, open, over, today; /* more than before */
};

static int team_of(const struct demo *d, const char *ref)
{
    for (size_t i = 0; i < d->team_n; i++)
        if (str_eq(d->teams[i].ref, str_of(ref)))
            return (int)i;
    guard_fail(ERR_INTERNAL, "the sample county has no team %s", ref);
}

static bool quiet(struct meeting *g, int team, int64_t nth, struct matter *m)
{
    struct instant hour_ago = {g->d->as_of.ms - HOUR_MS};
    int64_t id =
        DB_INT(g->db, 0, &q[Q_QUIET], V_INT(g->d->teams[team].id), V_INT(hour_ago.ms), V_INT(nth));
    return id && matter_load(g->a, g->db, g->d->conf.law, id, m);
}

static enum lang language_of(const struct matter *m)
{
    enum lang l;
    return lang_from(m->language, &l) ? l : LANG_FI;
}

static void count(struct meeting *g, const struct matter *m, int n)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise)
        return;
    enum law_state state = law_state(&promise->clock, g->d->as_of);
    g->open += n;
    g->over += state == LAW_OVER ? n : 0;
    g->today += state == LAW_DUE_TODAY ? n : 0;
}

/* By who has the matter, so many minutes before the county was made. */
static void act(struct meeting *g, struct matter *m, struct matter_act what, int before)
{
    what.at = (struct instant){g->d->as_of.ms - (int64_t)before * MINUTE_MS};
    if (!what.staff)
        what.staff = m->owner;
    count(g, m, -1);
    enum matter_refusal no = matter_do(g->a, g->db, g->d->conf.law, m, &what);
    if (no != REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "sample %s: %s", matter_kind_code(what.kind),
                   matter_refusal_words(no));
    count(g, m, 1);
    struct matter carrier;
    if (what.kind != MATTER_HAND_OFFERED || !m->offer.matter ||
        !matter_load(g->a, g->db, g->d->conf.law, m->offer.matter, &carrier))
        return;
    g->matters++;
    count(g, &carrier, 1);
}

/* ---- what goes on ---- */

static void asks_a_profession(struct meeting *g, const char *from, const char *to)
{
    const struct demo_team *other = &g->d->teams[team_of(g->d, to)];
    struct matter m;
    if (quiet(g, team_of(g->d, from), 0, &m))
        act(g, &m,
            (struct matter_act){.kind = MATTER_CONSULT_ASKED,
                                .team = other->id,
                                .profession = other->professions.p[0],
                                .text = S("Voiko tämän hoitaa neuvolla, vai tarvitaanko käynti?")},
            40);
}

static void asks_a_colleague(struct meeting *g, const char *from, const char *to, bool answered)
{
    const struct demo_team *other = &g->d->teams[team_of(g->d, to)];
    struct matter m;
    if (!quiet(g, team_of(g->d, from), 0, &m))
        return;
    act(g, &m,
        (struct matter_act){.kind = MATTER_CONSULT_ASKED,
                            .to_staff = other->member[1],
                            .text = S("Mitä ehdotat tälle asukkaalle seuraavaksi?")},
        35);
    struct matter_events events = matter_load_events(g->a, g->db, m.id);
    struct consults list = matter_consults(g->a, m.id, &events);
    if (answered)
        act(g, &m,
            (struct matter_act){.kind = MATTER_CONSULT_ANSWERED,
                                .staff = other->member[1],
                                .event = list.p[list.n - 1].event,
                                .text = S("Kokeiltaisiin ensin omahoitoa viikon ajan. Jos vointi "
                                          "ei kohene, varataan aika.")},
            12);
}

static void asks_back(struct meeting *g, const char *team)
{
    struct matter m;
    if (quiet(g, team_of(g->d, team), 0, &m))
        act(g, &m, (struct matter_act){.kind = MATTER_ASKED, .text = str_of(asks[language_of(&m)])},
            20);
}

static void offers_across(struct meeting *g, const char *from, const char *to)
{
    const struct demo_team *other = &g->d->teams[team_of(g->d, to)];
    struct matter m;
    if (quiet(g, team_of(g->d, from), 0, &m))
        act(g, &m,
            (struct matter_act){.kind = MATTER_HAND_OFFERED,
                                .team = other->id,
                                .team_reg = other->reg,
                                .agreed = true,
                                .agreed_how = S("phone"),
                                .told = {.name = true, .phone = true, .language = true},
                                .shared = str_of(shared[language_of(&m)])},
            15);
}

static void go_on(struct db *db, void *arg)
{
    struct meeting *g = arg;
    *g = (struct meeting){.d = g->d, .a = g->a, .db = db};
    asks_a_profession(g, "nurse-south", "mental");
    asks_a_colleague(g, "nurse-south", "nurse-north", false);
    asks_a_colleague(g, "nurse-north", "nurse-south", true);
    asks_a_profession(g, "adult-social", "family-social");
    asks_back(g, "nurse-south");
    asks_back(g, "nurse-north");
    offers_across(g, "nurse-south", "adult-social");
    offers_across(g, "mental", "adult-social");
    offers_across(g, "adult-social", "nurse-south");
}

void demo_hands_store(struct demo *d, struct store *s, struct demo_report *report)
{
    struct arena *a = arena_new((size_t)64 << 20);
    struct meeting g = {.d = d, .a = a};
    enum err err = store_write(s, go_on, &g);
    arena_free(a);
    if (err != ERR_OK)
        guard_fail(ERR_STORE, "what goes on between people could not be written");
    report->matters += g.matters;
    report->open += g.open;
    report->over += g.over;
    report->today += g.today;
}
