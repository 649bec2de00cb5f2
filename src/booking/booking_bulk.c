/* booking_bulk.c: see booking_bulk.h. */
#include "booking/booking_bulk.h"

#include "base/guard.h"
#include "booking/booking_rows.h"

enum { Q_TICKET };
static const struct stmt q[] = {
    [Q_TICKET] = {"booking_bulk.ticket",
                  "INSERT INTO ticket (place, day, ticket, appointment) VALUES ($1, $2, $3, $4)",
                  0},
};
const struct stmt_table booking_bulk_statements = {q, sizeof q / sizeof *q};

static void take(struct db *db, const struct booking_given *g, const struct appointment *p)
{
    struct busy_want want[BOOKING_TAKES];
    size_t n = booking_wants(g->type, &g->slot, booking_busy_person(p), want);
    busy_put(db, want, n, BUSY_APPOINTMENT, p->id);
}

static struct str booked_body(struct arena *a, const struct booking_given *g)
{
    const struct slot *s = &g->slot;
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_object(&w, "made");
    jw_int(&w, "matter", g->matter);
    if (g->person)
        jw_int(&w, "person", g->person);
    jw_int(&w, "type", g->type->id);
    jw_str(&w, "register", str_of(reg_code(g->reg)));
    if (g->moved_from)
        jw_int(&w, "movedFrom", g->moved_from);
    jw_end_object(&w);
    jw_object(&w, "who");
    jw_str(&w, "name", g->name);
    jw_str(&w, "phone", g->phone);
    jw_str(&w, "medium", str_of(outbox_way_code(OUTBOX_SMS)));
    jw_bool(&w, "told", false);
    jw_str(&w, "lang", str_of(lang_code(g->lang)));
    jw_end_object(&w);
    jw_object(&w, "slot");
    jw_int(&w, "calendar", s->calendar);
    jw_int(&w, "team", g->team);
    if (s->need[0])
        jw_int(&w, "need1", s->need[0]);
    if (s->need[1])
        jw_int(&w, "need2", s->need[1]);
    jw_int(&w, "start", s->start.ms);
    jw_int(&w, "end", s->end.ms);
    jw_bool(&w, "remote", s->remote);
    jw_end_object(&w);
    jw_str(&w, "ticket", g->ticket);
    jw_end_object(&w);
    return buf_get(&b);
}

/* The row is written when all that happened to it has been folded. */
static void happen(struct arena *a, struct db *db, struct appointment *p,
                   const struct booking_event *e)
{
    struct str why;
    if (!booking_fold(a, p, e, &why))
        guard_fail(ERR_INTERNAL, "appointment %lld: " STR_FMT, (long long)p->id, STR_ARG(why));
    rows_put_event(db, p, e, (struct str){NULL, 0});
}

static struct str visit_body(struct arena *a, const struct booking_given *g)
{
    return str_fmt(a, "{\"visit\":{\"remote\":%s,\"realises\":\"" STR_FMT "\"}}",
                   g->slot.remote ? "true" : "false", STR_ARG(g->type->realises));
}

/* What became of it. */
static void end(struct arena *a, struct db *db, const struct booking_given *g,
                struct appointment *p)
{
    struct booking_event e = {.at = g->ended, .staff = g->staff, .body = S("{}")};
    if (g->state == APPOINTMENT_FULFILLED) {
        e.kind = BOOKING_FULFILLED;
        e.body = visit_body(a, g);
    } else if (g->state == APPOINTMENT_NOSHOW) {
        e.kind = BOOKING_NOSHOW;
    } else {
        e.kind = BOOKING_CANCELLED;
        e.staff = g->by_resident ? 0 : g->staff;
        e.body = g->by_resident ? S("{\"reason\":\"other\",\"byResident\":true}")
                                : S("{\"reason\":\"absent\"}");
    }
    happen(a, db, p, &e);
}

void booking_give(struct arena *a, struct db *db, const struct booking_given *g,
                  struct appointment *out)
{
    *out = (struct appointment){.ref = g->ref,
                                .matter = g->matter,
                                .person = g->person,
                                .type = g->type->id,
                                .team = g->team,
                                .reg = g->reg,
                                .made = g->made,
                                .moved_from = g->moved_from};
    out->id = rows_make(db, out);
    out->made.ms = 0; /* the fold of its first event says when */
    if (g->ticket.n)
        DB_PUT(db, &q[Q_TICKET], V_STR(g->place), V_INT(date_of(g->slot.start).day),
               V_STR(g->ticket), V_INT(out->id));
    struct booking_event booked = {
        .at = g->made, .kind = BOOKING_BOOKED, .staff = g->staff, .body = booked_body(a, g)};
    happen(a, db, out, &booked);
    if (g->state != APPOINTMENT_BOOKED)
        end(a, db, g, out);
    rows_keep(db, out);
    if (g->state != APPOINTMENT_CANCELLED && !g->moved_on)
        take(db, g, out);
}

void booking_give_moved(struct arena *a, struct db *db, struct appointment *p, int64_t to,
                        struct instant at)
{
    struct booking_event e = {
        .at = at,
        .kind = BOOKING_MOVED,
        .body = str_fmt(a, "{\"movedTo\":%lld,\"byResident\":true}", (long long)to)};
    happen(a, db, p, &e);
    rows_keep(db, p);
}
