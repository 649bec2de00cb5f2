/*
 * merge_store.c: joining two matters and separating them again, each in one commit of two events;
 * and reading what belongs together.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"
#include "matter/merge.h"

#include "base/guard.h"

#include <stdlib.h>

enum { Q_INTO, Q_JOINED, Q_NEXT_VISIT };
static const struct stmt q[] = {
    [Q_INTO] = {"merge.into", "SELECT into_matter FROM matter WHERE id = $1", 0},
    [Q_JOINED] = {"merge.joined", "SELECT id FROM matter WHERE into_matter = $1 ORDER BY id", 0},
    [Q_NEXT_VISIT] = {"merge.next_visit", /* booking's rows: it has no other way to be asked here */
                      "SELECT p.id, p.start_at, p.end_at, p.remote, c.place_fi, c.place_sv, "
                      "c.place_en FROM appointment p JOIN calendar c ON c.id = p.calendar "
                      "WHERE p.matter = $1 AND p.state = 'booked' AND p.end_at > $2 "
                      "ORDER BY p.start_at, p.id LIMIT 1",
                      0},
};
const struct stmt_table merge_statements = {q, sizeof q / sizeof *q};

/* ---- two events in one commit ---- */

/* One side of it: the matter, and the body of its event as it is written. */
struct side {
    struct arena *a;
    struct db *db;
    const struct law *law;
    struct matter *m;    /* as it stands: the fold of the event changes it */
    struct matter after; /* of it the clocks, as the steps that are written leave them */
    const struct merge_act *act;
    struct buf b;
    struct jw w;
};

static void side_begin(struct side *s, int64_t other)
{
    fact_catch_up(s->a, s->db, s->law, s->m);
    s->after = *s->m;
    s->after.clocks = (struct matter_clocks){0};
    for (size_t i = 0; i < s->m->clocks.n; i++)
        VEC_PUSH(s->a, &s->after.clocks, s->m->clocks.p[i]);
    s->b = buf_new(s->a, 256 * 1024);
    s->w = jw_new(&s->b);
    jw_object(&s->w, NULL);
    jw_int(&s->w, "other", other);
}

static void side_end(struct side *s, enum matter_kind kind)
{
    const struct queue_place place = queue_place_of(s->m);
    struct matter before = *s->m;
    struct str why;
    before.clocks = clocks_copy(s->a, &s->m->clocks);
    jw_end_object(&s->w);
    struct matter_event e = {
        .at = s->act->at, .kind = kind, .staff = s->act->staff, .body = buf_get(&s->b)};
    if (!matter_fold(s->a, s->law, s->m, &e, &why))
        guard_fail(ERR_INTERNAL, "matter %lld: " STR_FMT, (long long)s->m->id, STR_ARG(why));
    rows_append_event(s->db, s->m->id, &e, false);
    rows_update(s->db, &before, s->m);
    rows_put_clocks(s->db, NULL, s->m);
    queue_moved(s->db, s->m, &place);
    queue_began(s->db, s->m, &place, before.clocks.n);
    fact_changed(s->a, s->db, s->law, &before, &e, s->m);
    access_log_add(s->db, s->act->at, s->m->id, s->act->staff, S("wrote"));
    db_notify(s->db, matter_topic(s->m->id));
    db_notify(s->db, team_topic(s->m->team));
}

/* ---- booked times ---- */

static void next_of_one(struct arena *a, struct db *db, int64_t id, struct instant now,
                        struct matter_first *first)
{
    struct rows r = DB_QUERY(db, &q[Q_NEXT_VISIT], V_INT(id), V_INT(now.ms));
    if (rows_next(&r) && (!first->appointment || rows_int(&r, 1) < first->start.ms))
        *first = (struct matter_first){
            .appointment = rows_int(&r, 0),
            .start = {rows_int(&r, 1)},
            .end = {rows_int(&r, 2)},
            .remote = rows_int(&r, 3),
            .place = {[LANG_FI] = rows_str(&r, a, 4),
                      [LANG_SV] = rows_str(&r, a, 5),
                      [LANG_EN] = rows_str(&r, a, 6)},
        };
    rows_end(&r);
}

struct matter_first matter_next_visit(struct arena *a, struct db *db, int64_t id,
                                      struct instant now)
{
    struct matter_first first = {0};
    struct merge_family f = merge_family(a, db, id);
    for (size_t i = 0; i < f.n; i++)
        next_of_one(a, db, f.p[i], now, &first);
    return first;
}

/* Which is the next booked time of this side now; `other`: of a matter that comes along. */
static void write_visit(struct side *s, const struct matter *other)
{
    struct matter_first first = matter_next_visit(s->a, s->db, s->m->id, s->act->at);
    struct matter_first theirs = {0};
    if (other)
        theirs = matter_next_visit(s->a, s->db, other->id, s->act->at);
    if (theirs.appointment && (!first.appointment || theirs.start.ms < first.start.ms))
        first = theirs;
    if (first.appointment || s->m->visit.appointment)
        visit_write_first(&s->w, &first);
}

/* ---- joining ---- */

static bool runs(const struct matter_clock *c)
{
    return c->stopped.ms == 0;
}

/* The running clocks of the other, as they are; and which they were there. */
static void write_brought(struct side *s, const struct matter *from)
{
    bool open = from->state == MATTER_OPEN;
    jw_int(&s->w, "first", (int64_t)s->m->clocks.n);
    jw_array(&s->w, "brought");
    for (size_t i = 0; open && i < from->clocks.n; i++)
        if (runs(&from->clocks.p[i]))
            jw_int(&s->w, NULL, (int64_t)i);
    jw_end_array(&s->w);
    jw_array(&s->w, "clocks");
    for (size_t i = 0; open && i < from->clocks.n; i++) {
        const struct matter_clock *c = &from->clocks.p[i];
        if (runs(c))
            clocks_write_start(s->a, &s->w, c->rule, &c->clock, c->clock.started, c->offered);
    }
    jw_end_array(&s->w);
}

static void write_merged_in(struct side *s, const struct matter *from)
{
    bool open = from->state == MATTER_OPEN;
    bool others = s->m->owner && s->m->owner != s->act->staff; /* who has it hears of it */
    if (open && (from->news || others))
        jw_bool(&s->w, "news", true);
    if (open && from->owner && !s->m->owner)
        jw_int(&s->w, "owner", from->owner);
    if (from->name.n && !s->m->name.n)
        jw_str(&s->w, "name", from->name);
    if (from->phone.n && !s->m->phone.n)
        jw_str(&s->w, "phone", from->phone);
    if (open && !date_is(s->m->wish.day))
        wish_write(s->a, &s->w, &from->wish);
    write_visit(s, from);
    write_brought(s, from);
}

enum merge_refusal merge_do(struct arena *a, struct db *db, const struct law *law,
                            struct matter *kept, struct matter *joined, const struct merge_act *act)
{
    enum merge_refusal no = merge_check(kept, joined, act);
    if (no != MERGE_NO_FINE)
        return no;
    struct side in = {.a = a, .db = db, .law = law, .m = kept, .act = act};
    struct side gone = {.a = a, .db = db, .law = law, .m = joined, .act = act};
    side_begin(&in, joined->id);
    write_merged_in(&in, joined);
    side_end(&in, MATTER_MERGED_IN);
    side_begin(&gone, kept->id);
    side_end(&gone, MATTER_MERGED);
    return MERGE_NO_FINE;
}

/* ---- separating ---- */

/* What joined them, and what has happened since. */
struct joining {
    struct matter_events since; /* of the kept one */
    size_t first;               /* where in its clocks the brought ones begin */
    struct {
        LIST_FIELDS(size_t); /* which they are in the joined one's */
    } brought;
    struct matter_wish wish; /* that came along, as did these */
    struct str name, phone;
};

static void read_joining(struct arena *a, const struct jv *body, struct joining *j)
{
    const struct jv *brought = jv_get(body, "brought"), *wish = jv_get(body, "wish");
    *j = (struct joining){.first = (size_t)jv_int(jv_get(body, "first")),
                          .wish = {.day = DATE_NONE},
                          .name = jv_str_of(body, "name"),
                          .phone = jv_str_of(body, "phone")};
    for (size_t i = 0; i < jv_len(brought); i++)
        VEC_PUSH(a, &j->brought, (size_t)jv_int(jv_at(brought, i)));
    if (wish && date_parse(jv_str_of(wish, "day"), &j->wish.day)) {
        j->wish.from = (int)jv_int(jv_get(wish, "from"));
        j->wish.to = (int)jv_int(jv_get(wish, "to"));
    }
}

/* The last time that they were joined. */
static struct joining joining_load(struct arena *a, struct db *db, int64_t kept, int64_t joined)
{
    struct joining j = {0};
    struct matter_events events = matter_load_events(a, db, kept);
    for (size_t i = 0; i < events.n; i++) {
        struct json_error je;
        const struct matter_event *e = &events.p[i];
        const struct jv *body = e->kind == MATTER_MERGED_IN ? json_parse(a, e->body, &je) : NULL;
        if (body && jv_int(jv_get(body, "other")) == joined)
            read_joining(a, body, &j);
        else
            VEC_PUSH(a, &j.since, *e);
    }
    return j;
}

static bool by_event(const struct matter_clock *c, enum law_event *out)
{
    return !runs(c) && law_event_from(c->stopped_by, out) && *out != LAW_CLOSED &&
           *out != LAW_NEED_RENEWED;
}

/* When the event happened, as clocks count: a visit that was written down late did so before. */
static struct instant event_at(const struct matter *m, const struct matter_event *e,
                               const struct jv *body)
{
    struct instant start = {jv_int(jv_get(jv_get(body, "visit"), "start"))};
    return start.ms && matter_kind_is_step(e->kind) ? clocks_visit_at(m, start, e->at) : e->at;
}

/* Is it by this step of the event that the clock stands? */
static bool stopped_by(const struct matter_clock *c, const struct matter_event *e,
                       const struct jv *step)
{
    enum law_event by;
    int64_t at = jv_int(jv_get(step, "at"));
    return by_event(c, &by) && by == matter_law_event(e->kind) &&
           c->stopped.ms == (at ? at : e->at.ms);
}

/* Did this event stop a clock that had been brought? Then who came with it was answered too. */
static bool answered_it(struct arena *a, const struct matter *kept, const struct joining *j,
                        const struct matter_event *e)
{
    struct json_error je;
    const struct jv *body = json_parse(a, e->body, &je), *steps = jv_get(body, "clocks");
    for (size_t i = 0; i < jv_len(steps); i++) {
        const struct jv *step = jv_at(steps, i), *stop = jv_get(step, "stop");
        size_t nth = (size_t)jv_int(stop);
        if (stop && nth >= j->first && nth - j->first < j->brought.n &&
            stopped_by(&kept->clocks.p[nth], e, step))
            return true;
    }
    return false;
}

/* Was a brought clock of that rule running then? It stood in the way of the kept one's own. */
static bool stood_in_way(const struct matter *kept, const struct joining *j, struct str rule,
                         struct instant at)
{
    for (size_t i = 0; i < j->brought.n; i++) {
        const struct matter_clock *c = &kept->clocks.p[j->first + i];
        if (str_eq(c->rule, rule) && (runs(c) || c->stopped.ms >= at.ms))
            return true;
    }
    return false;
}

/* What the event would have done to this side's clocks; `kept`: only to those that the brought ones
 * kept from beginning. */
static void replay(struct side *s, const struct matter *kept, const struct joining *j,
                   struct law_moment now)
{
    struct law_steps all, fit = {0};
    clocks_moment(s->a, s->db, s->law, &s->after, &now);
    all = law_clocks_for(s->a, s->law, &now);
    for (size_t i = 0; i < all.n; i++) {
        const struct law_step *step = &all.p[i];
        bool fits = step->act == LAW_START
                        ? stood_in_way(kept, j, law_rule(s->law, step->clock.rule)->id, now.at)
                        : step->held >= kept->clocks.n;
        if (s->m != kept || fits)
            VEC_PUSH(s->a, &fit, *step);
    }
    clocks_write_steps(s->a, &s->w, s->law, &fit, &now);
    clocks_take_steps(s->a, s->law, &s->after, &fit, &now);
}

static void replay_event(struct side *s, const struct matter *kept, const struct joining *j,
                         const struct matter_event *e)
{
    struct json_error je;
    struct date day;
    const struct jv *body = json_parse(s->a, e->body, &je), *wish = jv_get(body, "wish");
    struct law_moment now = {.event = matter_law_event(e->kind),
                             .at = event_at(&s->after, e, body)};
    struct instant end = {jv_int(jv_get(jv_get(body, "visit"), "end"))};
    if (now.event == LAW_EVENT_COUNT)
        return;
    if (e->kind == MATTER_BOOKED)
        now.wish_end = matter_visit_told_by(s->law, end);
    replay(s, kept, j, now);
    if (!wish || !date_parse(jv_str_of(wish, "day"), &day))
        return;
    now.event = LAW_CALL_ASKED;
    now.wish_end = instant_at(day, (int)jv_int(jv_get(wish, "to")));
    replay(s, kept, j, now);
}

static bool seen_since(const struct joining *j)
{
    for (size_t i = 0; i < j->since.n; i++)
        if (matter_settles_news(j->since.p[i].kind))
            return true;
    return false;
}

static void write_stop(struct side *s, size_t nth, struct str by, struct instant at)
{
    struct matter_clock *c = &s->after.clocks.p[nth];
    jw_object(&s->w, NULL);
    jw_int(&s->w, "stop", (int64_t)nth);
    jw_str(&s->w, "by", by);
    jw_int(&s->w, "at", at.ms);
    jw_end_object(&s->w);
    c->stopped = at;
    c->stopped_by = by;
}

/* Nothing else runs of an open matter: the county's promise of a next step does. */
static void write_next_step(struct side *s, bool open)
{
    s->after.state = MATTER_OPEN;
    if (!open || matter_promise(&s->after))
        return;
    struct law_moment now = {.event = LAW_TAKEN, .at = s->act->at};
    clocks_moment(s->a, s->db, s->law, &s->after, &now);
    struct law_steps steps = law_clocks_for(s->a, s->law, &now);
    clocks_write_steps(s->a, &s->w, s->law, &steps, &now);
}

/* A time that was offered meanwhile was offered to who waits here as well. */
static void write_offered(struct side *s, const struct matter *kept, const struct joining *j)
{
    for (size_t i = 0; i < j->brought.n; i++) {
        const struct matter_clock *c = &kept->clocks.p[j->first + i];
        if (!date_is(c->offered) || date_is(s->m->clocks.p[j->brought.p[i]].offered))
            continue;
        jw_object(&s->w, NULL);
        jw_int(&s->w, "offered", (int64_t)j->brought.p[i]);
        jw_str(&s->w, "day", date_iso(s->a, c->offered));
        jw_end_object(&s->w);
    }
}

static void write_split_joined(struct side *s, const struct matter *kept, const struct joining *j)
{
    enum law_event by;
    if (seen_since(j))
        jw_bool(&s->w, "seen", true);
    write_visit(s, NULL);
    jw_array(&s->w, "clocks");
    for (size_t i = 0; i < j->since.n; i++)
        if (answered_it(s->a, kept, j, &j->since.p[i]))
            replay_event(s, kept, j, &j->since.p[i]);
    for (size_t i = 0; i < j->brought.n; i++) { /* stopped where the kept one was joined itself */
        const struct matter_clock *c = &kept->clocks.p[j->first + i];
        if (by_event(c, &by) && runs(&s->after.clocks.p[j->brought.p[i]]))
            write_stop(s, j->brought.p[i], c->stopped_by, c->stopped);
    }
    write_offered(s, kept, j);
    write_next_step(s, s->m->closed.ms == 0);
    jw_end_array(&s->w);
}

/* The brought clocks go: those that run, and those that would run again with the matter. */
static void write_gone(struct side *s, const struct joining *j)
{
    for (size_t i = 0; i < j->brought.n; i++) {
        const struct matter_clock *c = &s->after.clocks.p[j->first + i];
        if (!runs(c) && !str_eq(c->stopped_by, S("closed")))
            continue;
        write_stop(s, j->first + i, S(CLOCK_WENT), runs(c) ? s->act->at : c->stopped);
    }
}

static void write_split_kept(struct side *s, const struct matter *kept, const struct joining *j)
{
    const struct matter_wish *w = &kept->wish;
    if (date_is(j->wish.day) && w->day.day == j->wish.day.day && w->from == j->wish.from &&
        w->to == j->wish.to)
        jw_bool(&s->w, "wishGone", true);
    if (j->name.n && str_eq(j->name, kept->name))
        jw_bool(&s->w, "nameGone", true);
    if (j->phone.n && str_eq(j->phone, kept->phone))
        jw_bool(&s->w, "phoneGone", true);
    write_visit(s, NULL);
    jw_array(&s->w, "gone"); /* all that came along: figures count them in the other from now on */
    for (size_t i = 0; i < j->brought.n; i++)
        jw_int(&s->w, NULL, (int64_t)(j->first + i));
    jw_end_array(&s->w);
    jw_array(&s->w, "clocks");
    write_gone(s, j);
    for (size_t i = 0; i < j->since.n; i++)
        replay_event(s, kept, j, &j->since.p[i]);
    write_next_step(s, kept->state == MATTER_OPEN);
    jw_end_array(&s->w);
}

enum merge_refusal merge_split(struct arena *a, struct db *db, const struct law *law,
                               struct matter *kept, struct matter *joined,
                               const struct merge_act *act)
{
    enum merge_refusal no = merge_check_split(kept, joined);
    if (no != MERGE_NO_FINE)
        return no;
    struct joining j = joining_load(a, db, kept->id, joined->id);
    struct side back = {.a = a, .db = db, .law = law, .m = joined, .act = act};
    side_begin(&back, kept->id);
    write_split_joined(&back, kept, &j);
    side_end(&back, MATTER_SPLIT);
    struct side stays = {.a = a, .db = db, .law = law, .m = kept, .act = act};
    side_begin(&stays, joined->id);
    write_split_kept(&stays, kept, &j);
    side_end(&stays, MATTER_SPLIT);
    return MERGE_NO_FINE;
}

/* ---- what belongs together ---- */

enum { DEEPEST = 64, WIDEST = 200 };

int64_t matter_standing(struct db *db, int64_t id)
{
    for (int i = 0; id && i < DEEPEST; i++) {
        int64_t into = DB_INT(db, 0, &q[Q_INTO], V_INT(id));
        if (!into)
            return id;
        id = into;
    }
    return id;
}

static int by_age(const void *p, const void *r)
{
    const int64_t *x = p, *y = r;
    return (*x > *y) - (*x < *y);
}

struct merge_family merge_family(struct arena *a, struct db *db, int64_t id)
{
    struct merge_family f = {0};
    VEC_PUSH(a, &f, id);
    for (size_t i = 0; i < f.n && f.n < WIDEST; i++) {
        struct rows r = DB_QUERY(db, &q[Q_JOINED], V_INT(f.p[i]));
        while (rows_next(&r))
            VEC_PUSH(a, &f, rows_int(&r, 0));
    }
    if (f.n > 2)
        qsort(f.p + 1, f.n - 1, sizeof *f.p, by_age);
    return f;
}

bool merge_family_has(const struct merge_family *f, int64_t id)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->p[i] == id)
            return true;
    return false;
}

size_t merge_family_add_carried(struct arena *a, struct db *db, struct merge_family *f)
{
    size_t joined = f->n;
    for (size_t i = 0; i < f->n; i++) {
        struct matter_ids carried = matter_carried(a, db, f->p[i]);
        for (size_t j = 0; j < carried.n; j++)
            if (!merge_family_has(f, carried.p[j]))
                VEC_PUSH(a, f, carried.p[j]);
    }
    return f->n - joined;
}

struct owned {
    struct matter_event event;
    int64_t whose;
};

static int by_time(const void *p, const void *r)
{
    const struct matter_event *x = &((const struct owned *)p)->event;
    const struct matter_event *y = &((const struct owned *)r)->event;
    int order = (x->at.ms > y->at.ms) - (x->at.ms < y->at.ms);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

struct matter_events merge_events(struct arena *a, struct db *db, const struct merge_family *f,
                                  const int64_t **whose)
{
    struct {
        LIST_FIELDS(struct owned);
    } all = {0};
    for (size_t i = 0; i < f->n; i++) {
        struct matter_events own = matter_load_events(a, db, f->p[i]);
        for (size_t j = 0; j < own.n; j++)
            VEC_PUSH(a, &all, (struct owned){own.p[j], f->p[i]});
    }
    if (f->n > 1 && all.n > 1) /* one matter's own stand in the order in which they happened */
        qsort(all.p, all.n, sizeof *all.p, by_time);
    struct matter_events events = {0};
    int64_t *ids = ARENA_ARRAY(a, all.n + 1, int64_t);
    for (size_t i = 0; i < all.n; i++) {
        VEC_PUSH(a, &events, all.p[i].event);
        ids[i] = all.p[i].whose;
    }
    *whose = ids;
    return events;
}

static int newest_first(const void *p, const void *r)
{
    const struct access_row *x = p, *y = r;
    return (x->at.ms < y->at.ms) - (x->at.ms > y->at.ms);
}

struct access_rows merge_access(struct arena *a, struct db *db, const struct merge_family *f)
{
    struct access_rows all = {0};
    for (size_t i = 0; i < f->n; i++) {
        struct access_rows own = access_log_load(a, db, f->p[i]);
        for (size_t j = 0; j < own.n; j++)
            VEC_PUSH(a, &all, own.p[j]);
    }
    if (f->n > 1 && all.n > 1)
        qsort(all.p, all.n, sizeof *all.p, newest_first);
    return all;
}
