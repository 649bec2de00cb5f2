/* visits.c: visits out of the store, and what their fields may be. A part is two statements,
 * whatever its size: the visits with their matters, and the assessments that they name; and one for
 * each whose assessment stands in a matter that was joined. */
#include "report/visits.h"

#include "matter/merge.h"
#include "report/report.h"

enum { PART = STMT_IDS };

enum { Q_VISITS, Q_ASSESSMENTS };
static const struct stmt q[] = {
    [Q_VISITS] = {"report.visits",
                  "SELECT a.id, a.ref, a.start_at, a.end_at, a.remote, a.register, t.ref, c.place, "
                  "m.received_at, m.born, m.language, p.ref, p.born, f.body, a.matter "
                  "FROM appointment a JOIN booking_event f ON f.appointment = a.id "
                  "AND f.kind = 'fulfilled' JOIN matter m ON m.id = a.matter "
                  "LEFT JOIN person p ON p.id = m.person "
                  "LEFT JOIN service_type t ON t.id = a.type "
                  "LEFT JOIN calendar c ON c.id = a.calendar "
                  "WHERE a.team = $1 AND a.start_at >= $2 AND a.start_at < $3 "
                  "AND (a.start_at > $2 OR a.id > $4) AND a.state = 'fulfilled' "
                  "ORDER BY a.start_at, a.id LIMIT $5",
                  0},
    [Q_ASSESSMENTS] = {"report.assessments",
                       "SELECT e.id, e.at, e.body, s.profession, e.matter FROM matter_event e "
                       "LEFT JOIN staff s ON s.id = e.staff "
                       "WHERE e.id IN (" STMT_IDS_LIST ") AND e.kind = 'assessed'",
                       0},
};
const struct stmt_table report_visit_statements = {q, sizeof q / sizeof *q};

/* ---- one visit, before its fields ---- */

struct raw {
    int64_t id, matter, assessment, assessed_in; /* assessed_in: in which matter it stands */
    struct str ref, type, place, language, person, profession, urgency, reason, assessor;
    struct instant start, end, contact, assessed;
    struct date born;
    bool remote;
    enum reg reg;
};
struct raws {
    LIST_FIELDS(struct raw);
};

static struct date born_of(const struct rows *r)
{
    int column = rows_null(r, 9) ? 12 : 9; /* as told with the matter, else as the person's row */
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

static struct raw read_one(struct arena *a, const struct rows *r)
{
    struct json_error je;
    const struct jv *v = jv_get(json_parse(a, rows_str(r, a, 13), &je), "visit");
    struct raw x = {
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .start = {rows_int(r, 2)},
        .end = {rows_int(r, 3)},
        .remote = rows_int(r, 4),
        .type = rows_str(r, a, 6),
        .place = rows_str(r, a, 7),
        .contact = {rows_int(r, 8)},
        .born = born_of(r),
        .language = rows_str(r, a, 10),
        .person = rows_str(r, a, 11),
        .matter = rows_int(r, 14),
        .profession = jv_str_of(v, "profession"),
        .assessment = jv_int(jv_get(v, "assessment")),
    };
    if (!reg_from(rows_peek(r, 5), &x.reg))
        x.reg = REG_COUNT;
    return x;
}

static void put_assessments(struct arena *a, struct db *db, struct raws *list)
{
    int64_t ids[STMT_IDS];
    size_t n = 0;
    struct val v[STMT_IDS];
    struct json_error je;
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].assessment)
            ids[n++] = list->p[i].assessment;
    if (n == 0)
        return;
    db_ids(v, ids, n);
    struct rows r = db_query(db, &q[Q_ASSESSMENTS], v, STMT_IDS);
    while (rows_next(&r)) {
        const struct jv *b = json_parse(a, rows_str(&r, a, 2), &je);
        for (size_t i = 0; i < list->n; i++) {
            struct raw *x = &list->p[i];
            if (x->assessment != rows_int(&r, 0))
                continue;
            x->assessed_in = rows_int(&r, 4);
            x->assessed.ms = rows_int(&r, 1);
            x->urgency = jv_str_of(b, "urgency");
            x->reason = jv_str_of(b, "reason");
            x->assessor = rows_str(&r, a, 3);
        }
    }
}

/* What stands in another matter is of this one only where they are joined: nobody's assessment goes
 * out with somebody else's visit. */
static void drop_others(struct arena *a, struct db *db, struct raws *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct raw *x = &list->p[i];
        if (!x->assessed_in || x->assessed_in == x->matter)
            continue;
        struct merge_family f = merge_family(a, db, x->matter);
        if (!merge_family_has(&f, x->assessed_in)) {
            x->assessed.ms = 0;
            x->urgency = x->reason = x->assessor = (struct str){NULL, 0};
        }
    }
}

/* ---- its fields ---- */

static struct str moment(struct arena *a, struct instant t)
{
    return t.ms ? instant_iso(a, t) : (struct str){NULL, 0};
}

static struct str value_of(struct arena *a, const struct raw *x, enum field_source from)
{
    switch (from) {
    case FIELD_VISIT:
        return x->ref;
    case FIELD_UNIT:
        return x->place;
    case FIELD_PERSON:
        return x->person;
    case FIELD_BORN:
        return date_is(x->born) ? date_iso(a, x->born) : (struct str){NULL, 0};
    case FIELD_LANGUAGE:
        return x->language;
    case FIELD_CONTACT:
        return moment(a, x->contact);
    case FIELD_ASSESSED:
        return moment(a, x->assessed);
    case FIELD_ASSESSOR:
        return x->assessor;
    case FIELD_URGENCY:
        return x->urgency;
    case FIELD_REASON:
        return x->reason;
    case FIELD_START:
        return moment(a, x->start);
    case FIELD_END:
        return moment(a, x->end);
    case FIELD_MODE:
        return x->remote ? S("remote") : S("on-site");
    case FIELD_PROFESSION:
        return x->profession;
    case FIELD_SERVICE:
        return x->type;
    case FIELD_WAIT:
        return x->assessed.ms ? str_fmt(a, "%d", date_of(x->start).day - date_of(x->assessed).day)
                              : (struct str){NULL, 0};
    default:
        return (struct str){NULL, 0};
    }
}

/* What codes are written with. */
static bool is_code(struct str s)
{
    bool ok = s.n > 0;
    for (size_t i = 0; i < s.n; i++)
        ok = ok && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
                    s.p[i] == '-');
    return ok;
}

/* It may be written down on the day of the visit itself. */
static bool assessed_by_then(const struct raw *x)
{
    return !x->assessed.ms || date_of(x->assessed).day <= date_of(x->start).day;
}

/* What stands in order of time, and what is possible at all. */
static bool sound(const struct raw *x, enum field_source from)
{
    switch (from) {
    case FIELD_BORN:
        return !date_is(x->born) ||
               (x->born.day <= date_of(x->start).day && date_age(x->born, date_of(x->start)) < 130);
    case FIELD_CONTACT:
        return x->contact.ms <= x->start.ms;
    case FIELD_ASSESSED: /* a matter that was joined may have been assessed before this one came */
        return assessed_by_then(x) &&
               (x->assessed_in != x->matter || x->assessed.ms >= x->contact.ms);
    case FIELD_WAIT:
        return assessed_by_then(x);
    case FIELD_LANGUAGE:
        return x->language.n <= 3 && is_code(x->language);
    case FIELD_END:
        return x->end.ms > x->start.ms;
    default:
        return true;
    }
}

static bool encode(const struct field_codes *codes, struct str *value)
{
    for (size_t i = 0; i < codes->n; i++)
        if (str_eq(codes->p[i].ours, *value)) {
            *value = codes->p[i].code;
            return true;
        }
    return codes->any && is_code(*value);
}

static struct visit visit_of(struct arena *a, const struct raw *x)
{
    const struct report_data *d = report_data();
    struct visit v = {.id = x->id, .start = x->start, .fine = true};
    for (size_t i = 0; i < d->fields.n; i++) {
        const struct register_field *f = &d->fields.p[i];
        struct str value = value_of(a, x, f->from);
        if (!value.n)
            v.fault[i] = f->required ? VISIT_MISSING : VISIT_FINE;
        else if (f->codes && !encode(f->codes, &value))
            v.fault[i] = VISIT_NO_CODE;
        else if (!sound(x, f->from))
            v.fault[i] = VISIT_NOT_SOUND;
        v.value[i] = value;
        v.fine = v.fine && v.fault[i] == VISIT_FINE;
    }
    return v;
}

const char *visit_fault_word(enum visit_fault f)
{
    static const char *const words[] = {"", "missing", "no-code", "not-sound"};
    return words[f];
}

/* ---- walking ---- */

struct visits visits_next(struct arena *a, struct db *db, struct visit_walk *walk)
{
    struct visits list = {0};
    struct raws raws = {0};
    while (raws.n == 0) {
        size_t seen = 0;
        struct rows r = DB_QUERY(db, &q[Q_VISITS], V_INT(walk->team), V_INT(walk->from.ms),
                                 V_INT(walk->to.ms), V_INT(walk->last_id), V_INT(PART));
        while (rows_next(&r)) {
            struct raw x = read_one(a, &r);
            walk->from = x.start;
            walk->last_id = x.id;
            seen++;
            if (x.reg != REG_COUNT && report_data()->registers[x.reg])
                VEC_PUSH(a, &raws, x);
        }
        if (seen < PART)
            break;
    }
    put_assessments(a, db, &raws);
    drop_others(a, db, &raws);
    for (size_t i = 0; i < raws.n; i++)
        VEC_PUSH(a, &list, visit_of(a, &raws.p[i]));
    return list;
}

struct visit_sums visits_sum(struct arena *a, struct db *db, int64_t team, struct date from,
                             struct date to, int64_t most)
{
    struct visit_sums sums = {0};
    struct arena *scratch = arena_in(a, 0);
    struct visit_walk walk = {
        .team = team, .from = instant_at(from, 0), .to = instant_at(date_add(to, 1), 0)};
    struct visits part;
    while (!sums.more && (part = visits_next(scratch, db, &walk)).n) {
        for (size_t i = 0; i < part.n; i++) {
            sums.visits++;
            sums.written += part.p[i].fine;
            for (size_t f = 0; f < report_data()->fields.n; f++)
                sums.fault[f][part.p[i].fault[f]]++;
        }
        sums.more = sums.visits >= most;
        arena_reset(scratch);
    }
    return sums;
}
