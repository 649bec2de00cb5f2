/*
 * matter_act.c: doing. One way for every act: the law says which clocks start and stop, the event's
 * body records that and what was said, and the fold of that very event is what the rows become. So
 * the rows cannot say anything that the log does not.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"
#include "matter/merge.h"

#include "base/guard.h"

#include <assert.h>

void wish_write(struct arena *a, struct jw *w, const struct matter_wish *wish)
{
    if (!date_is(wish->day))
        return;
    jw_object(w, "wish");
    jw_str(w, "day", date_iso(a, wish->day));
    jw_int(w, "from", wish->from);
    jw_int(w, "to", wish->to);
    jw_end_object(w);
}

/* ---- a booked time ---- */

void visit_write_first(struct jw *w, const struct matter_first *f)
{
    jw_object(w, "nextTime");
    jw_int(w, "appointment", f->appointment);
    if (f->appointment) {
        jw_int(w, "start", f->start.ms);
        jw_int(w, "end", f->end.ms);
        jw_bool(w, "remote", f->remote);
        for (int l = 0; l < LANG_COUNT; l++)
            jw_str(w, lang_code((enum lang)l), empty_as_none(f->place[l]));
    }
    jw_end_object(w);
}

static void write_visit(struct jw *w, const struct matter_visit *v)
{
    if (!v->appointment)
        return;
    jw_object(w, "visit");
    jw_int(w, "appointment", v->appointment);
    if (v->start.ms) {
        jw_int(w, "start", v->start.ms);
        jw_int(w, "end", v->end.ms);
        jw_bool(w, "remote", v->remote);
    }
    jw_str(w, "type", empty_as_none(v->type));
    jw_str(w, "profession", empty_as_none(v->profession));
    if (v->moved_to)
        jw_int(w, "movedTo", v->moved_to);
    if (v->moved_start.ms)
        jw_int(w, "movedStart", v->moved_start.ms);
    if (v->moved_from)
        jw_int(w, "movedFrom", v->moved_from);
    if (v->assessment)
        jw_int(w, "assessment", v->assessment);
    if (v->program)
        jw_bool(w, "program", true);
    if (v->undone)
        jw_bool(w, "undone", true);
    jw_end_object(w);
    if (v->first)
        visit_write_first(w, v->first);
}

static void write_details(struct arena *a, struct jw *w, const struct matter *m,
                          const struct matter_details *d)
{
    jw_str(w, "name", empty_as_none(d->name));
    jw_str(w, "phone", empty_as_none(d->phone));
    if (date_is(d->born))
        jw_str(w, "born", date_iso(a, d->born));
    if (d->conditions.n)
        jw_str(w, "conditions", conditions_join(a, m->conditions, d->conditions));
}

/* Of which clock somebody is told. */
static void write_alarm(struct jw *w, const struct matter *m)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise)
        return;
    jw_str(w, "rule", promise->rule);
    jw_int(w, "due", promise->clock.due_at.ms);
    if (m->owner)
        jw_int(w, "owner", m->owner);
}

/* ---- acts on a matter ---- */

static bool is_consult(enum matter_kind k)
{
    return k == MATTER_CONSULT_ASKED || k == MATTER_CONSULT_ANSWERED || k == MATTER_CONSULT_ENDED;
}

static struct str act_body(struct arena *a, const struct law *law, const struct matter *m,
                           const struct matter_act *act, uint32_t happened)
{
    struct buf b = buf_new(a, 256 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "text", empty_as_none(str_trim(act->text)));
    jw_str(&w, "reason", empty_as_none(act->reason));
    jw_str(&w, "urgency", empty_as_none(act->urgency));
    jw_str(&w, "profession", empty_as_none(act->profession));
    jw_str(&w, "outcome", empty_as_none(act->outcome));
    jw_str(&w, "service", empty_as_none(act->service));
    jw_str(&w, "serviceName", empty_as_none(act->service_name));
    if (matter_law_event(act->kind) == LAW_HANDED_BACK || act->kind == MATTER_HAND_OFFERED ||
        act->kind == MATTER_HAND_TAKEN)
        offer_write(&w, m, act);
    if (is_consult(act->kind))
        consult_write(&w, act);
    if ((act->kind == MATTER_TAKEN || act->kind == MATTER_HAND_TAKEN) && m->owner && act->staff)
        jw_int(&w, "fromStaff", m->owner);
    if (act->kind == MATTER_DETAILS)
        write_details(a, &w, m, act->details);
    if (act->kind == MATTER_ATTACHED)
        jw_int(&w, "attachment", act->other);
    if (act->kind == MATTER_ALARMED || act->kind == MATTER_ESCALATED)
        write_alarm(&w, m);
    wish_write(a, &w, &act->wish);
    write_visit(&w, &act->visit);
    clocks_write_act(a, &w, law, m, act, happened);
    jw_end_object(&w);
    return buf_get(&b);
}

static bool same_wish(struct arena *a, const struct jv *body, const struct matter_wish *wish)
{
    const struct jv *w = jv_get(body, "wish");
    if (!w || !date_is(wish->day))
        return !w && !date_is(wish->day);
    return str_eq(jv_str_of(w, "day"), date_iso(a, wish->day)) &&
           jv_int(jv_get(w, "from")) == wish->from;
}

static bool same_words(struct arena *a, const struct jv *body, const struct matter_act *act)
{
    return str_eq(jv_str_of(body, "text"), str_trim(act->text)) &&
           str_eq(jv_str_of(body, "service"), act->service) &&
           str_eq(jv_str_of(body, "urgency"), act->urgency) &&
           str_eq(jv_str_of(body, "reason"), act->reason) &&
           str_eq(jv_str_of(body, "profession"), act->profession) &&
           jv_int(jv_get(body, "team")) == act->team &&
           (act->kind != MATTER_MESSAGE || same_wish(a, body, &act->wish));
}

bool matter_done_already(struct arena *a, struct db *db, int64_t id, const struct matter_act *act)
{
    enum { AGAIN_MS = 60 * 1000 };
    struct matter_event last;
    struct json_error je;
    bool told_by_state = act->kind == MATTER_CLOSED || act->kind == MATTER_CANCELLED;
    if (told_by_state || act->kind == MATTER_DETAILS || !rows_last_event(a, db, id, &last) ||
        last.kind != act->kind || last.staff != act->staff)
        return false;
    int64_t since = act->at.ms - last.at.ms;
    const struct jv *body = json_parse(a, last.body, &je);
    return body && since < AGAIN_MS && since > -AGAIN_MS && same_words(a, body, act);
}

/* When it goes back untaken: by the clock that the offering starts. ms 0: the county promises no
 * such thing, and it stands until somebody takes it. */
static struct instant offer_ends(struct arena *a, struct db *db, const struct law *law,
                                 const struct matter *m, const struct matter_act *act)
{
    struct law_moment moment = clocks_moment_of(a, law, m, act, clocks_happened(a, db, m->id));
    struct law_clock clock;
    int rule = law_rule_find(law, S("take-over"));
    moment.event = LAW_HANDED_OVER;
    return rule >= 0 && law_clock_start(law, rule, &moment, &clock) ? clock.due_at
                                                                    : (struct instant){0};
}

enum matter_refusal matter_do(struct arena *a, struct db *db, const struct law *law,
                              struct matter *m, const struct matter_act *act)
{
    enum matter_refusal no = matter_check(law, m, act);
    if (no == REFUSED_FINE && is_consult(act->kind))
        no = consult_check(a, db, m, act);
    if (no != REFUSED_FINE)
        return no;
    struct matter_act done = *act;
    if (done.wish.day.day == 0 && done.wish.to == 0)
        done.wish.day = DATE_NONE; /* an act without a wish is all zeros there */
    done.hours = team_hours(a, db, m->team);
    if (act->kind == MATTER_HAND_OFFERED) {
        done.ends = offer_ends(a, db, law, m, &done);
        done.other = act->team && offer_leaves(m, act) ? offer_carry(a, db, law, m, &done) : 0;
    }
    matter_happen(a, db, law, m, &done);
    return REFUSED_FINE;
}

/* Solved at first contact is told by all that has happened, so it is looked at when it is over. */
static void judge_first_contact(struct arena *a, struct db *db, struct matter *m,
                                enum matter_kind kind)
{
    if (kind == MATTER_CLOSED) {
        struct matter_events events = matter_load_events(a, db, m->id);
        m->first_contact = matter_first_contact(a, &events);
    } else if (m->state == MATTER_OPEN) {
        m->first_contact = 0;
    }
}

/* Every page that it concerns hears of it. */
static void tell_pages(struct db *db, const struct matter *before, const struct matter *m)
{
    const int64_t teams[] = {m->team, before->team, m->offer.team, before->offer.team};
    db_notify(db, matter_topic(m->id));
    for (size_t i = 0; i < sizeof teams / sizeof *teams; i++) {
        bool told = teams[i] == 0;
        for (size_t j = 0; j < i; j++)
            told = told || teams[j] == teams[i];
        if (!told)
            db_notify(db, team_topic(teams[i]));
    }
}

static uint32_t happened_to(struct arena *a, struct db *db, const struct matter *m)
{
    if (m->fresh)
        return (uint32_t)1 << matter_law_event(MATTER_RECEIVED);
    return clocks_happened(a, db, m->id);
}

void matter_happen(struct arena *a, struct db *db, const struct law *law, struct matter *m,
                   const struct matter_act *act)
{
    struct matter_event e = {.at = act->at, .kind = act->kind, .staff = act->staff};
    e.body = act_body(a, law, m, act, happened_to(a, db, m));
    m->fresh = false;
    fact_catch_up(a, db, law, m);
    const struct matter_clocks had = clocks_copy(a, &m->clocks);
    const struct queue_place place = queue_place_of(m);
    struct matter before = *m;
    struct str why;
    before.clocks = had;
    if (!matter_fold(a, law, m, &e, &why))
        guard_fail(ERR_INTERNAL, "matter %lld: %.*s", (long long)m->id, STR_ARG(why));
    e.id = rows_append_event(db, m->id, &e, act->kind == MATTER_CONSULT_ASKED);
    judge_first_contact(a, db, m, act->kind);
    rows_update(db, &before, m);
    rows_put_clocks(db, &had, m);
    queue_moved(db, m, &place);
    queue_began(db, m, &place, had.n);
    fact_changed(a, db, law, &before, &e, m);
    if (is_consult(act->kind) || (before.consults && !m->consults))
        consult_rows(a, db, &before, act, e.id);
    if (act->staff)
        access_log_add(db, act->at, m->id, act->staff, S("wrote"));
    if (merge_changes_keys(act))
        merge_unkeyed(db, m->id);
    tell_pages(db, &before, m);
    if (m->owner && m->owner != act->staff && act->kind == MATTER_CHATTED)
        db_notify(db, staff_topic(m->owner)); /* a colleague talked with their resident */
    offer_follow(a, db, law, &before, m, act);
}
