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

static void write_slot(struct jw *w, const struct booking_given *g)
{
    const struct slot *s = &g->slot;
    jw_object(w, "slot");
    jw_int(w, "calendar", s->calendar);
    jw_int(w, "team", g->team);
    if (s->need[0])
        jw_int(w, "need1", s->need[0]);
    if (s->need[1])
        jw_int(w, "need2", s->need[1]);
    jw_int(w, "start", s->start.ms);
    jw_int(w, "end", s->end.ms);
    jw_bool(w, "remote", s->remote);
    jw_end_object(w);
    if (g->ticket.n)
        jw_str(w, "ticket", g->ticket);
}

static struct str first_body(struct arena *a, const struct booking_given *g)
{
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
    if (g->state == APPOINTMENT_WAITLIST) {
        jw_int(&w, "team", g->team);
        jw_int(&w, "due", g->due.ms);
    } else {
        write_slot(&w, g);
    }
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
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_object(&w, "visit");
    jw_bool(&w, "remote", g->slot.remote);
    if (g->profession.n)
        jw_str(&w, "profession", g->profession);
    jw_str(&w, "realises", g->realises.n ? g->realises : g->type->realises);
    if (g->assessment)
        jw_int(&w, "assessment", g->assessment);
    jw_end_object(&w);
    jw_end_object(&w);
    return buf_get(&b);
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
    bool listed = g->state == APPOINTMENT_WAITLIST;
    struct booking_event first = {.at = g->made,
                                  .kind = listed ? BOOKING_LISTED : BOOKING_BOOKED,
                                  .staff = g->staff,
                                  .body = first_body(a, g)};
    happen(a, db, out, &first);
    if (g->state != APPOINTMENT_BOOKED && !listed)
        end(a, db, g, out);
    rows_keep(db, out);
    if (g->state != APPOINTMENT_CANCELLED && !g->moved_on && !listed)
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
