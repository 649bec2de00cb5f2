/*
 * visit_web.c: the record of a visit that took place: remote or on site, who gave it, the
 * assessment it belongs to (figures of waiting count from that one: LAW.md), what it was (an event
 * of the matter, which stops what the law says it stops), what was agreed, and what happens next.
 * One form.
 */
#include "reception/day_view.h"

#include "reception/reception_pages.h"

enum { LONGEST = 2000 };

struct recording {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct appointment p;
    struct matter m;
    struct service_types types;
    const struct service_type *type;
    struct seen_matters seen;
};

/* What a visit can be, by register; besides what the type of the time says. In health care a
 * meeting is a visit that no time limit waits for. */
static const struct {
    enum reg reg;
    enum matter_kind kind;
} steps[] = {
    {REG_HEALTH, MATTER_CARE_GIVEN},       {REG_HEALTH, MATTER_DOCTOR_SEEN},
    {REG_SOCIAL, MATTER_ASSESSMENT_BEGUN}, {REG_SOCIAL, MATTER_ASSESSMENT_DONE},
    {REG_SOCIAL, MATTER_SERVICE_BEGUN},
};

static bool load(struct rq *rq, struct recording *k)
{
    *k = (struct recording){.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    if (!appointment_load_ref(rq->a, rq->db, rq->params[0], &k->p) ||
        !booking_related(rq->a, rq->db, rq->app->law, &rq->session, &k->p) ||
        !matter_load(rq->a, rq->db, rq->app->law, k->p.matter, &k->m))
        return false;
    k->types = service_types_load(rq->a, rq->db);
    k->type = service_types_by_id(&k->types, k->p.type);
    return k->type != NULL;
}

/* ---- what was sent, or how the form begins ---- */

struct sent {
    bool sent;
    struct str mode, profession, assessment, realises, text, next, then, once;
};

static struct sent read_sent(const struct rq *rq)
{
    return (struct sent){
        .sent = true,
        .mode = rq_form(rq, "mode"),
        .profession = rq_form(rq, "profession"),
        .assessment = rq_form(rq, "assessment"),
        .realises = rq_form(rq, "realises"),
        .text = rq_form(rq, "text"),
        .next = rq_form(rq, "next"),
        .then = rq_form(rq, "then"),
        .once = rq_once(rq, rq_form(rq, "once")),
    };
}

static struct sent begin_with(const struct recording *k)
{
    return (struct sent){
        .mode = k->p.remote ? S("remote") : S("on-site"),
        .profession = k->rq->session.profession,
        .realises =
            k->type->realises.n ? k->type->realises : str_of(matter_kind_code(MATTER_MEETING_HELD)),
        .then = S("stay"),
        .once = rq_once(k->rq, S("")),
    };
}

/* ---- the form ---- */

static void put(struct recording *k, struct ui_choice *c, struct str value, struct str label,
                struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(k->a, &c->options, o);
}

/* An event ASSESSED in words: its day, who, what for. */
static struct str assessed_words(struct recording *k, const struct matter_event *e)
{
    struct json_error je;
    const struct jv *body = json_parse(k->a, e->body, &je);
    int reason = law_reason_find(k->rq->app->law, jv_str_of(body, "reason"));
    struct str why = reason < 0 ? S("") : law_reason(k->rq->app->law, reason)->name[k->l];
    return str_fmt(k->a, STR_FMT "%s" STR_FMT "%s" STR_FMT,
                   STR_ARG(fmt_date(k->a, k->l, date_of(e->at))), why.n ? ", " : "", STR_ARG(why),
                   e->staff_name.n ? ", " : "", STR_ARG(e->staff_name));
}

/* Newest first, and that one chosen; that there is none is chosen on purpose. */
static void put_assessments(struct recording *k, struct ui_choice *c, const struct sent *s)
{
    struct matter_events all = matter_load_events(k->a, k->rq->db, k->m.id);
    struct str chosen = s->assessment;
    for (size_t i = all.n; i > 0; i--) {
        const struct matter_event *e = &all.p[i - 1];
        if (e->kind != MATTER_ASSESSED)
            continue;
        struct str id = str_fmt(k->a, "%lld", (long long)e->id);
        if (!s->sent && !chosen.n)
            chosen = id;
        put(k, c, id, assessed_words(k, e), chosen);
    }
    put(k, c, S("none"), tr(k->l, "No assessment was made of this need"), chosen);
}

static void put_realises(struct recording *k, struct ui_choice *c, struct str chosen)
{
    bool there = false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].reg == k->m.reg) {
            struct str code = str_of(matter_kind_code(steps[i].kind));
            there |= str_eq(code, k->type->realises);
            put(k, c, code, tr(k->l, matter_kind_words(steps[i].kind)), chosen);
        }
    enum matter_kind own;
    struct str meeting = str_of(matter_kind_code(MATTER_MEETING_HELD));
    if (!there && !str_eq(k->type->realises, meeting) && matter_kind_from(k->type->realises, &own))
        put(k, c, k->type->realises, tr(k->l, matter_kind_words(own)), chosen);
    put(k, c, meeting,
        k->m.reg == REG_SOCIAL ? tr(k->l, matter_kind_words(MATTER_MEETING_HELD))
                               : tr(k->l, "None of these: a visit that stops no time limit"),
        chosen);
}

static void put_professions(struct recording *k, struct ui_choice *c, struct str chosen)
{
    struct named_list all = professions_load(k->a, k->rq->db);
    for (size_t i = 0; i < all.n; i++)
        put(k, c, all.p[i].ref, all.p[i].name[k->l], chosen);
    if (!chosen.n)
        put(k, c, S(""), tr(k->l, "Choose"), chosen);
}

static void put_choices(struct recording *k, struct record_view *v, const struct sent *s)
{
    enum lang l = k->l;
    v->mode =
        (struct ui_choice){.name = S("mode"), .label = tr(l, "How it took place"), .row = true};
    put(k, &v->mode, S("on-site"), tr(l, "On site"), s->mode);
    put(k, &v->mode, S("remote"), tr(l, "Remote"), s->mode);
    v->profession = (struct ui_choice){.name = S("profession"), .label = tr(l, "Who gave it")};
    put_professions(k, &v->profession, s->profession);
    v->realises = (struct ui_choice){.name = S("realises"), .label = tr(l, "What it was")};
    put_realises(k, &v->realises, s->realises);
    v->assessment = (struct ui_choice){.name = S("assessment"),
                                       .label = tr(l, "The assessment that it belongs to"),
                                       .hint = tr(l, "Waiting is counted from it.")};
    put_assessments(k, &v->assessment, s);
    v->then = (struct ui_choice){.name = S("then"), .label = tr(l, "After this"), .row = true};
    put(k, &v->then, S("stay"), tr(l, "Back to my day"), s->then);
    put(k, &v->then, S("book"), tr(l, "Book the next time"), s->then);
    put(k, &v->then, S("close"), tr(l, "Close the matter"), s->then);
}

static struct record_view make_view(struct recording *k, const struct sent *s)
{
    enum lang l = k->l;
    struct record_view v = {
        .ref = k->p.ref,
        .matter = k->m.ref,
        .matter_shown = matter_ref_shown(k->a, k->m.ref),
        .when = fmt_by(k->a, l, k->p.start, k->rq->now),
        .what = k->type->name[l],
        .name = k->p.name,
        .once = s->once,
        .day = str_fmt(k->a, "/%s/staff/my-day", lang_code(l)),
        .text = {.name = S("text"),
                 .label = tr(l, "What was agreed, to the resident"),
                 .value = s->text,
                 .rows = 4,
                 .longest = LONGEST},
        .next = {.name = S("next"),
                 .label = tr(l, "What happens next, and who does it"),
                 .hint = tr(l, "May be left empty where you book the next time or close the "
                               "matter now."),
                 .value = s->next,
                 .longest = LONGEST},
    };
    put_choices(k, &v, s);
    return v;
}

/* ---- what is wrong ---- */

static void complain(struct recording *k, struct record_view *v, enum booking_refusal no)
{
    struct str words = tr(k->l, booking_refusal_words(no));
    struct ui_error e = {.target = S("text"), .text = words};
    if (no == BOOKING_REFUSED_NO_ASSESSMENT) {
        v->assessment.error = words;
        e.target = S("assessment.1");
    } else if (no == BOOKING_REFUSED_NO_NEXT_STEP) {
        v->next.error = words;
        e.target = S("next");
    } else if (no == BOOKING_REFUSED_NO_TEXT || no == BOOKING_REFUSED_LONG_TEXT) {
        v->text.error = words;
    }
    VEC_PUSH(k->a, &v->errors, e);
}

static void show(struct recording *k, const struct sent *s, enum booking_refusal no)
{
    struct rq *rq = k->rq;
    struct record_view v = make_view(k, s);
    if (no != BOOKING_REFUSED_FINE) {
        complain(k, &v, no);
        rq->page.failed = true;
        rq_status(rq, 422);
    }
    rq->page.active = S("my-day");
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(k->l, "Record the visit"));
    record_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- handlers ---- */

static void record_get(struct rq *rq)
{
    struct recording k;
    if (!load(rq, &k)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct sent s = begin_with(&k);
    if (booking_related(rq->a, rq->db, rq->app->law, &rq->session, &k.p))
        reception_saw(rq, &k.seen, &k.p);
    show(&k, &s, BOOKING_REFUSED_FINE);
    reception_log(rq, &k.seen);
}

/* One of the matter's assessments, or none on purpose. */
static bool assessment_of(struct recording *k, struct str value, int64_t *out)
{
    *out = 0;
    if (str_eq(value, S("none")))
        return true;
    struct matter_events all = matter_load_events(k->a, k->rq->db, k->m.id);
    int64_t id = 0;
    for (size_t i = 0; str_int(value, &id) && i < all.n; i++)
        if (all.p[i].id == id && all.p[i].kind == MATTER_ASSESSED)
            *out = id;
    return *out != 0;
}

/* Where the next time is booked at once, that need not be typed. */
static struct str next_words(const struct recording *k, const struct sent *s)
{
    return !s->next.n && str_eq(s->then, S("book")) ? tr(k->p.lang, "We book your next time.")
                                                    : s->next;
}

static enum booking_refusal record(struct recording *k, const struct sent *s)
{
    struct rq *rq = k->rq;
    struct booking_visit visit = {.remote = str_eq(s->mode, S("remote")),
                                  .profession = s->profession,
                                  .realises = s->realises,
                                  .text = s->text,
                                  .closing = str_eq(s->then, S("close")),
                                  .next = next_words(k, s)};
    if (str_utf8_len(s->text) > LONGEST || str_utf8_len(s->next) > LONGEST)
        return BOOKING_REFUSED_LONG_TEXT;
    if (!assessment_of(k, s->assessment, &visit.assessment))
        return BOOKING_REFUSED_NO_ASSESSMENT;
    const struct booking_act act = {.kind = BOOKING_FULFILLED,
                                    .at = rq->now,
                                    .staff = rq->session.staff,
                                    .once = s->once,
                                    .visit = &visit,
                                    .site = rq_site(rq)};
    return booking_do(rq->a, rq->db, rq->app->law, &k->m, &k->p, &act, &(struct appointment){0});
}

static void go_on(struct recording *k, const struct sent *s)
{
    const char *l = lang_code(k->l);
    if (str_eq(s->then, S("close")))
        rq_redirectf(k->rq, "/%s/staff/matter/" STR_FMT "#act-close", l, STR_ARG(k->m.ref));
    else if (str_eq(s->then, S("book")))
        rq_redirectf(k->rq, "/%s/staff/matter/" STR_FMT "/time", l, STR_ARG(k->m.ref));
    else
        rq_redirectf(k->rq, "/%s/staff/my-day?done=fulfilled&date=" STR_FMT "#t-" STR_FMT, l,
                     STR_ARG(date_iso(k->a, date_of(k->p.start))), STR_ARG(k->p.ref));
}

static void record_commit(struct rq *rq)
{
    struct recording k;
    struct calendar c;
    struct sent s = read_sent(rq);
    if (!load(rq, &k) || !calendar_load(rq->a, rq->db, k.p.calendar, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    enum booking_refusal no = record(&k, &s);
    if (no != BOOKING_REFUSED_FINE) {
        show(&k, &s, no);
        rq_refuse(rq);
        return;
    }
    db_notify(rq->db, place_topic(c.place));
    go_on(&k, &s);
}

static void record_post(struct rq *rq)
{
    enum matter_kind kind;
    struct str realises = rq_form(rq, "realises");
    if (!matter_kind_from(realises, &kind)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq_commit(rq, record_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/record/:ref", ACCESS_STAFF, 0, record_get},
    {HTTP_POST, "/:lang/staff/record/:ref", ACCESS_STAFF, 0, record_post},
};
const struct route_table reception_visit_routes = {routes, sizeof routes / sizeof *routes};
