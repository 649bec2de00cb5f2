/*
 * first_contact.c: "solved at first contact", read from what happened: nobody ticks it, and nobody
 * can. What it means is in data/matter.json.
 */
#include "matter/matter_rows.h"

enum { Q_COUNT };
static const struct stmt q[] = {
    [Q_COUNT] = {"first_contact.count",
                 "SELECT count(*), CAST(COALESCE(sum(first_contact), 0) AS BIGINT) FROM matter "
                 "WHERE team = $1 "
                 "AND closed_at >= $2 AND closed_at < $3 AND closed_at IS NOT NULL "
                 "AND state = 'closed' AND first_contact >= 0",
                 0},
};
const struct stmt_table first_contact_statements = {q, sizeof q / sizeof *q};

/* A professional spoke or wrote to the resident; who enters a call or a visit is in the middle of
 * one. */
static bool contacts(const struct matter_event *e)
{
    if (!e->staff)
        return false;
    switch (e->kind) {
    case MATTER_RECEIVED:
    case MATTER_CONTACTED:
    case MATTER_CHATTED:
    case MATTER_ANSWERED:
    case MATTER_ASKED:
    case MATTER_GUIDED:
    case MATTER_CLOSED:
        return true;
    default:
        return false;
    }
}

static bool goes_elsewhere(enum matter_kind k)
{
    return k == MATTER_HAND_OFFERED || k == MATTER_HANDED_OVER || k == MATTER_REOPENED ||
           k == MATTER_NEED_RENEWED;
}

static bool asks_a_call(struct arena *a, const struct matter_event *e)
{
    struct json_error je;
    return e->kind == MATTER_MESSAGE && jv_get(json_parse(a, e->body, &je), "wish");
}

static size_t closing_of(const struct matter_events *events)
{
    for (size_t i = events->n; i > 0; i--) {
        if (events->p[i - 1].kind == MATTER_REOPENED)
            return events->n;
        if (events->p[i - 1].kind == MATTER_CLOSED)
            return i - 1;
    }
    return events->n;
}

static bool outcome_counts(struct arena *a, const struct matter_event *closing)
{
    struct json_error je;
    enum matter_outcome o;
    const struct jv *b = json_parse(a, closing->body, &je);
    return matter_outcome_from(jv_str_of(b, "outcome"), &o) && matter_data()->first_contact[o];
}

bool matter_first_contact(struct arena *a, const struct matter_events *events)
{
    size_t end = closing_of(events);
    if (end == events->n || !events->p[end].staff || !outcome_counts(a, &events->p[end]))
        return false;
    int64_t one = events->p[end].staff;
    const struct matter_event *first = NULL;
    for (size_t i = 0; i <= end; i++) {
        const struct matter_event *e = &events->p[i];
        bool others = e->staff && e->staff != one && e->kind != MATTER_CONSULT_ANSWERED;
        if (others || goes_elsewhere(e->kind) || (first && asks_a_call(a, e)))
            return false;
        if (!first && contacts(e))
            first = e;
    }
    struct date last = date_add(date_of(first->at), matter_data()->first_contact_days);
    return date_of(events->p[end].at).day <= last.day;
}

struct first_contacts matter_first_contacts(struct db *db, int64_t team, struct instant from,
                                            struct instant to)
{
    struct first_contacts n = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNT], V_INT(team), V_INT(from.ms), V_INT(to.ms));
    if (rows_next(&r))
        n = (struct first_contacts){rows_int(&r, 0), rows_int(&r, 1)};
    rows_end(&r);
    return n;
}
