/*
 * demo_figures.c: what managers and heads have made of the county's figures: all past publications,
 * targets, a plan that worked the dental queue off and one that runs, an acknowledged warning.
 */
#include "demo/demo_room.h"

#include "alarm/alarm.h"
#include "base/guard.h"
#include "base/week.h"
#include "figure/figure.h"
#include "manage/manage.h"
#include "publish/publish.h"
#include "purge/purge_room.h"
#include "slot/slot.h"

enum { PLAN_WEEKS_AGO = 8, SILENT_DAYS = 9 };

struct figuring {
    struct demo *d;
    struct arena *a;
};

static const struct demo_team *team_of(const struct demo *d, struct str ref)
{
    for (size_t i = 0; i < d->team_n; i++)
        if (str_eq(d->teams[i].ref, ref))
            return &d->teams[i];
    guard_fail(ERR_INTERNAL, "data/county/teams.json: no team " STR_FMT, STR_ARG(ref));
}

/* ---- targets ---- */

static void set_targets(struct db *db, const struct demo *d)
{
    static const struct {
        const char *figure, *rule, *source;
        double value;
        int months_ago; /* since when */
    } targets[] = {
        {"kept", "phc-treatment", "Hyvinvointialueen strategia, aluevaltuuston päätös", 90, 22},
        {"kept", "dental", "Hyvinvointialueen strategia, aluevaltuuston päätös", 90, 22},
        {"over", "dental", "Hammashoidon jonon purku, aluehallituksen päätös", 20, 10},
        {"coverage", "", "Omistajaohjauksen ohjelma", 95, 22},
        {"first-contact", "", "Hyvinvointialueen strategia, aluevaltuuston päätös", 45, 22},
        {"no-shows", "", "Budget", 4, 11},
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct date from = date_add_months(d->today, -targets[i].months_ago);
        struct manage_target t = {.figure = str_of(targets[i].figure),
                                  .rule = str_of(targets[i].rule),
                                  .value = targets[i].value,
                                  .from = from,
                                  .source = str_of(targets[i].source),
                                  .staff = d->manager,
                                  .at = instant_at(from, 9 * 60)};
        manage_target_set(db, &t);
    }
}

/* ---- purge plans ---- */

/* Changed once, when it was late: why, and with how many times a week from then on. */
struct planned {
    const char *team, *rule, *name, *profession, *why_late;
    struct date begun, changed, target, ended; /* ended: DATE_NONE where it runs */
    int64_t times, times_then, vouchers;
};

/* As its head would have counted it on that day. */
static struct purge_plan plan_on(struct figuring *f, struct db *db, const struct planned *n,
                                 const struct purge_versions *before, struct date day)
{
    const struct demo_team *t = team_of(f->d, str_of(n->team));
    struct purge_queue queue = {.team = t->id, .rule = str_of(n->rule), .exact = true};
    struct purge_now now = purge_now(f->a, db, f->d->conf.law, &queue, day);
    purge_take_off(f->d->conf.law, before, &now);
    now.base.outflow += now.base.taken / 2; /* the head knows that half of it was not done */
    now.base.taken -= now.base.taken / 2;
    struct purge_plan p = {.base = now.base, .target = n->target, .n = 2};
    p.measure[0] = (struct purge_measure){.kind = PURGE_TIMES,
                                          .profession = str_of(n->profession),
                                          .from = DATE_NONE,
                                          .to = DATE_NONE,
                                          .n = before->n ? n->times_then : n->times,
                                          .minutes = 40,
                                          .euros = 75};
    p.measure[1] = (struct purge_measure){.kind = PURGE_VOUCHER,
                                          .from = DATE_NONE,
                                          .to = DATE_NONE,
                                          .n = n->vouchers,
                                          .euros = 160,
                                          .used = 80};
    if (p.base.no_show >= 2)
        p.measure[p.n++] = (struct purge_measure){.kind = PURGE_NOSHOW,
                                                  .from = DATE_NONE,
                                                  .to = DATE_NONE,
                                                  .share = p.base.no_show / 2,
                                                  .euros = 120};
    struct purge_fault wrong = purge_wrong(&p);
    if (wrong.words)
        guard_fail(ERR_INTERNAL, "the plan \"%s\" is refused: %s: %s", n->name, wrong.field,
                   wrong.words);
    return p;
}

static void put_plan(struct figuring *f, struct db *db, const struct planned *n)
{
    const struct demo_team *t = team_of(f->d, str_of(n->team));
    struct purge_versions none = {0}, one = {0};
    struct purge_plan first = plan_on(f, db, n, &none, n->begun);
    VEC_PUSH(f->a, &one, (struct purge_version){.version = 1, .plan = first});
    struct purge_plan then = plan_on(f, db, n, &one, n->changed);
    struct purge_head h = {
        .team = t->id, .rule = str_of(n->rule), .name = str_of(n->name), .exact = true};
    struct purge_make make = {&first, t->member[0], S(""), instant_at(n->begun, 9 * 60)},
                      change = {&then, t->member[0], str_of(n->why_late),
                                instant_at(n->changed, 10 * 60)};
    h.id = purge_insert(f->a, db, &h, str_fmt(f->a, "sample-plan-%s-%s", n->team, n->rule), &make);
    bool done = purge_change(f->a, db, &h, 1, &change);
    if (done && date_is(n->ended))
        done = purge_end(db, h.id, t->member[0], S("Kukaan ei enää odota yli määräajan."),
                         instant_at(n->ended, 15 * 60));
    if (!done)
        guard_fail(ERR_INTERNAL, "the plan \"%s\" could not be changed or ended", n->name);
}

/* ---- a warning that the head knows of ---- */

static void acknowledge(struct figuring *f, struct db *db)
{
    const struct demo_team *t = team_of(f->d, S("mental"));
    struct session s = {
        .kind = SESSION_STAFF, .staff = t->member[0], .roles = ROLE_WORKER | ROLE_HEAD};
    VEC_PUSH(f->a, &s.teams, t->id);
    struct alarm_ack ack = {.team = t->id,
                            .rule = S("phc-treatment"),
                            .reason = S("Kaikille on varattu lisäaika ensi viikolle."),
                            .made = f->d->as_of,
                            .until = date_add(f->d->today, SILENT_DAYS)},
                     there;
    enum alarm_refusal no = alarm_ack_put(f->a, db, f->d->conf.law, &s, &ack, &there);
    if (no != ALARM_FINE && no != ALARM_THERE_IS_ONE)
        guard_fail(ERR_INTERNAL, "the warning could not be acknowledged");
}

static void store_decisions(struct db *db, void *arg)
{
    struct figuring *f = arg;
    const struct demo *d = f->d;
    set_targets(db, d);
    acknowledge(f, db);
    struct date spring = date_add_months(d->today, -10),
                lately = date_add(monday_of(d->today), -7 * PLAN_WEEKS_AGO);
    const struct planned dental = {.team = "dental",
                                   .rule = "dental",
                                   .name = "Hammashoidon jonon purku",
                                   .profession = "dentist",
                                   .why_late = "Palvelusetelien hankinta viivästyi kolme "
                                               "viikkoa. Lisäaikoja on siksi nyt enemmän.",
                                   .begun = spring,
                                   .changed = date_add(spring, 6 * 7),
                                   .target = date_add_months(spring, 5),
                                   .ended = date_add_months(spring, 6),
                                   .times = 22,
                                   .times_then = 26,
                                   .vouchers = 8},
                         care = {.team = "mental",
                                 .rule = "phc-treatment",
                                 .name = "Mielenterveyden hoito ajoissa",
                                 .profession = "psychologist",
                                 .why_late = "Yksi psykologi on ollut poissa, ja puolet "
                                             "lisäajoista jäi pitämättä. Ne pidetään nyt.",
                                 .begun = lately,
                                 .changed = date_add(lately, 4 * 7 + 2),
                                 .target = date_add_months(lately, 6),
                                 .ended = DATE_NONE,
                                 .times = 2,
                                 .times_then = 3,
                                 .vouchers = 2};
    /* The queues of which there are plans are of a long history. */
    if (!d->history.on || d->history.from.day > date_add_months(spring, -6).day)
        return;
    put_plan(f, db, &dental);
    put_plan(f, db, &care);
}

/* What the board saw: the county's first page, as it was published. */
static void take_snapshot(struct db *db, void *arg)
{
    const struct figuring *f = arg;
    const struct demo *d = f->d;
    struct civil c = date_civil(d->today);
    struct manage_snapshot s = {.page = S(""),
                                .name = str_fmt(f->a, "Aluehallitus %d/%d", c.month, c.year),
                                .staff = d->manager,
                                .made = d->as_of};
    manage_snapshot_take(f->a, db, d->conf.law, &s);
}

void demo_figures_store(struct demo *d, struct store *s)
{
    struct figuring f = {.d = d, .a = arena_new((size_t)256 << 20)};
    figure_data_read();
    publish_data_read();
    figure_recount(s, d->conf.law, NULL);
    if (store_write(s, store_decisions, &f) != ERR_OK)
        guard_fail(ERR_STORE, "the targets and plans could not be written");
    publish_all(s, d->conf.law, slot_index_open(f.a, s, d->conf.law, d->as_of), d->as_of);
    if (store_write(s, take_snapshot, &f) != ERR_OK)
        guard_fail(ERR_STORE, "the snapshot could not be written");
    arena_free(f.a);
}
