/*
 * demo_visits.c: visits of the history: each takes a time of its own on a calendar of the matter's
 * team, in hours for which the calendars plan nothing (so what they plan stays as full as it is),
 * and stands as an appointment beside the matter's events, as a real one does.
 *
 * Times are given out by the thread that plans, in the order of plans: the same seed, the same
 * times.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "booking/booking_bulk.h"

enum { LONG_AGO = 100, LATER_DAYS = 8, REMOTE_OF_HUNDRED = 22 };

enum { Q_ASSESSMENT };
static const struct stmt q[] = {
    [Q_ASSESSMENT] = {"demo_visits.assessment",
                      "SELECT id FROM matter_event WHERE matter = $1 AND kind = 'assessed' "
                      "ORDER BY id DESC LIMIT 1",
                      0},
};
const struct stmt_table demo_visits_statements = {q, sizeof q / sizeof *q};

/* Minutes of the day at which a visit may begin: before the calendars have a plan, and since then
 * (demo_times.c plans 8.30 to 16). */
static const int long_ago[] = {480, 570, 660, 750, 840, 930}, beside[] = {425, 695, 965, 1050};

static const struct service_type *type_for(const struct demo_desk *desk, enum matter_kind realises,
                                           bool remote)
{
    const struct service_type *fit = NULL;
    for (size_t i = 0; i < desk->n; i++) {
        const struct service_type *t = desk->types[i];
        bool care = realises == MATTER_CARE_GIVEN || realises == MATTER_DOCTOR_SEEN;
        if (care && !str_eq(t->realises, str_of(matter_kind_code(realises))))
            continue;
        if (t->needs.n && !desk->chair)
            continue;
        if (!fit || (remote && t->remote && !fit->remote))
            fit = t;
    }
    return fit;
}

static bool take_hour(const struct demo *d, const struct demo_plan *p, struct demo_visit *v,
                      size_t desk_nth, int day)
{
    bool ago = day < DEMO_DAYS_BACK - LONG_AGO;
    const int *hours = ago ? long_ago : beside;
    size_t n = ago ? sizeof long_ago / sizeof *long_ago : sizeof beside / sizeof *beside;
    struct date date = date_add(d->calendar, day);
    unsigned char *taken = demo_hours_taken(d->timing, desk_nth, day);
    for (size_t i = 0; i < n; i++) {
        if (*taken & 1u << i)
            continue;
        if (!demo_first_that_day(d->timing, p->person + 1, date))
            return false;
        *taken = (unsigned char)(*taken | 1u << i);
        v->hour = (int)i;
        v->start = instant_at(date, hours[i] + v->type->before);
        v->end.ms = v->start.ms + v->type->minutes * (int64_t)MINUTE_MS;
        return true;
    }
    return false;
}

int demo_visit_find(const struct demo *d, struct demo_plan *p, int team, int day,
                    enum matter_kind realises)
{
    if (p->visit_n == DEMO_VISITS)
        return -1;
    struct demo_visit *v = &p->visits[p->visit_n];
    uint64_t draw = (uint64_t)(p->person * 31 + day * 7);
    bool remote = draw % 100 < REMOTE_OF_HUNDRED;
    for (int later = 0; later < LATER_DAYS && day + later < DEMO_DAYS; later++) {
        if (!d->work[day + later])
            continue;
        for (size_t i = 0; i < DEMO_MEMBERS; i++) {
            size_t member = (size_t)(draw + i) % DEMO_MEMBERS;
            const struct demo_desk *desk = demo_desk(d, team, member);
            *v = (struct demo_visit){.desk = desk, .realises = realises};
            v->type = type_for(desk, realises, remote);
            if (!v->type)
                continue;
            v->remote = v->type->remote && (!v->type->on_site || remote);
            if (take_hour(d, p, v, (size_t)team * DEMO_MEMBERS + member, day + later))
                return (int)p->visit_n++;
        }
    }
    return -1;
}

void demo_visit_recorded(const struct demo *d, struct booking_given *g, struct str profession,
                         int64_t assessment, uint32_t draw)
{
    if (g->state != APPOINTMENT_FULFILLED)
        return;
    for (size_t i = 0; i < d->team_n; i++) {
        const struct demo_unit *u = &d->history.units[i];
        if (d->teams[i].id != g->team)
            continue;
        g->assessment = (int)(draw % 100) < u->recorded ? assessment : 0;
        g->profession = (int)(draw / 100) < u->profession ? profession : S("");
    }
}

/* ---- writing ---- */

static struct str ref_of(struct arena *a, uint64_t seed)
{
    static const char signs[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct seeded r = seeded_new(seed);
    char *s = arena_alloc(a, APPOINTMENT_REF);
    for (int i = 0; i < APPOINTMENT_REF; i++)
        s[i] = signs[seeded_below(&r, 32)];
    return (struct str){s, APPOINTMENT_REF};
}

/* What became of it is in the plan's steps. */
static enum appointment_state state_of(const struct demo_plan *p, int visit, struct instant *ended)
{
    enum appointment_state state = APPOINTMENT_BOOKED;
    for (size_t i = 0; i < p->n; i++) {
        const struct demo_step *s = &p->steps[i];
        if (s->visit != visit)
            continue;
        *ended = s->at;
        if (s->kind == MATTER_TIME_DECLINED)
            state = APPOINTMENT_CANCELLED;
        else if (s->kind == MATTER_TIME_MISSED)
            state = APPOINTMENT_NOSHOW;
        else if (s->kind != MATTER_TIME_OFFERED && s->kind != MATTER_BOOKED)
            state = APPOINTMENT_FULFILLED;
    }
    return state;
}

static int64_t give(struct arena *a, struct db *db, const struct demo_plan *p,
                    const struct demo_step *s, const struct matter *m)
{
    const struct demo_visit *v = &p->visits[s->visit - 1];
    struct booking_given g = {
        .matter = m->id,
        .person = m->person,
        .team = m->team,
        .reg = m->reg,
        .type = v->type,
        .slot = {.calendar = v->desk->id,
                 .staff = v->desk->staff,
                 .need = {v->type->needs.n ? v->desk->chair : 0},
                 .start = v->start,
                 .end = v->end,
                 .remote = v->remote},
        .place = v->desk->place,
        .ref = ref_of(a, s->draw ^ (uint64_t)v->start.ms),
        .name = m->name,
        .phone = m->phone,
        .lang = p->text->lang,
        .made = s->at,
        .staff = v->desk->staff,
        .profession = v->desk->profession,
        .realises = str_of(matter_kind_code(v->realises)),
        .by_resident = true,
    };
    struct appointment made;
    g.state = state_of(p, s->visit, &g.ended);
    if (v->recorded && g.state == APPOINTMENT_FULFILLED)
        g.assessment = DB_INT(db, 0, &q[Q_ASSESSMENT], V_INT(m->id));
    booking_give(a, db, &g, &made);
    return made.id;
}

void demo_visit_act(struct arena *a, struct db *db, const struct demo_plan *p,
                    const struct demo_step *s, const struct matter *m, int64_t *appointments,
                    struct matter_act *act)
{
    const struct demo_visit *v = &p->visits[s->visit - 1];
    int64_t *id = &appointments[s->visit - 1];
    struct matter_first *first = ARENA_NEW(a, struct matter_first);
    if (!*id)
        *id = give(a, db, p, s, m);
    if (s->kind == MATTER_BOOKED) {
        *first = (struct matter_first){
            .appointment = *id, .start = v->start, .end = v->end, .remote = v->remote};
        for (int l = 0; l < LANG_COUNT; l++)
            first->place[l] = v->desk->place_name[l];
    }
    act->visit = (struct matter_visit){.appointment = *id,
                                       .start = v->start,
                                       .end = v->end,
                                       .remote = v->remote,
                                       .type = v->type->ref,
                                       .first = first};
    if (matter_kind_is_step(s->kind)) {
        act->visit.profession = v->desk->profession;
        if (v->recorded)
            act->visit.assessment = DB_INT(db, 0, &q[Q_ASSESSMENT], V_INT(m->id));
    }
}
