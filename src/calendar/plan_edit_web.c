/*
 * plan_edit_web.c: a head changes a working plan. Each change goes three steps: a form, then what
 * it touches, then saved. The second form carries all that was written and a mark of what was
 * shown; if meanwhile something else is touched, or the plan has changed, it is shown again:
 * nothing is saved unseen. What is saved is worked out anew in the commit.
 */
#include "calendar/plan_view.h"

#include "calendar/calendar_pages.h"

static struct str path_of(struct rq *rq, const struct calendar *c)
{
    return str_fmt(rq->a, "/%s/staff/plans/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(c->ref));
}

/* ---- what was written ---- */

/* "8", "8.30", "08:30", "24:00" */
static bool read_clock(struct str s, int *out)
{
    int64_t h, m = 0;
    struct str rest = s;
    struct str hours = str_cut(&rest, str_find(s, '.') < s.n ? '.' : ':');
    if (!str_int(hours, &h) || (rest.p && (rest.n != 2 || !str_int(rest, &m))))
        return false;
    if (h < 0 || h > 24 || m < 0 || m > 59)
        return false;
    *out = (int)(60 * h + m);
    return true;
}

static struct str form_words(struct rq *rq, const char *name)
{
    struct buf b = buf_new(rq->a, 4096);
    struct str one;
    for (size_t i = 0; (one = fields_nth(&rq->http->form, name, i)).p; i++)
        if (one.n && str_find(one, ' ') == one.n && !team_words_have(buf_get(&b), one))
            buf_fmt(&b, "%s" STR_FMT, b.n ? " " : "", STR_ARG(one));
    return b.n ? buf_get(&b) : S("");
}

static int form_int(struct rq *rq, const char *name, int otherwise)
{
    int64_t n;
    struct str s = rq_form(rq, name);
    return s.n && str_int(s, &n) && n >= 0 && n <= 100000 ? (int)n : otherwise;
}

static struct date form_date(struct rq *rq, const char *name)
{
    struct date d;
    return date_parse(rq_form(rq, name), &d) ? d : DATE_NONE;
}

/* Those of the words that the calendar gives; all of them: none is named. */
static struct str own_types(struct rq *rq, const struct calendar *c, struct str words)
{
    struct buf b = buf_new(rq->a, 4096);
    bool all = true;
    for (struct str rest = c->types; rest.n;) {
        struct str one = str_cut(&rest, ' ');
        if (!team_words_have(words, one))
            all = false;
        else
            buf_fmt(&b, "%s" STR_FMT, b.n ? " " : "", STR_ARG(one));
    }
    return all || !b.n ? S("") : buf_get(&b);
}

/* What is wrong is told at the first field that it may be mended in. */
static const char *read_hours(struct rq *rq, int *start, int *end)
{
    bool whole = !rq_form(rq, "start").n && !rq_form(rq, "stop").n;
    *start = 0;
    *end = DAY_MINUTES;
    if (whole)
        return NULL;
    return read_clock(rq_form(rq, "start"), start) && read_clock(rq_form(rq, "stop"), end)
               ? NULL
               : N_("Write both times, such as 8:00 and 15:30.");
}

static const char *read_rule(struct rq *rq, const struct calendar *c, struct plan_rule *r)
{
    struct str days = form_words(rq, "weekdays"), modes = form_words(rq, "modes");
    *r = (struct plan_rule){.calendar = c->id,
                            .from = form_date(rq, "from"),
                            .to = form_date(rq, "to"),
                            .every = form_int(rq, "every", 1),
                            .holidays = rq_form(rq, "holidays").n > 0,
                            .on_site = team_words_have(modes, S("on-site")),
                            .remote = team_words_have(modes, S("remote")),
                            .types = own_types(rq, c, form_words(rq, "types")),
                            .release_minutes = form_int(rq, "release", 0)};
    for (unsigned d = 0; d < 7; d++)
        r->weekdays |= (unsigned)team_words_have(days, str_fmt(rq->a, "%u", d + 1)) << d;
    if (!plan_share_from(rq_form(rq, "share"), &r->share))
        r->share = SHARE_OPEN;
    if (r->share != SHARE_SAME_DAY)
        r->release_minutes = 0;
    if (rq_form(rq, "to").n && !date_is(r->to))
        return N_("Write the last day as a date, or leave it empty.");
    const char *wrong = read_hours(rq, &r->start, &r->end);
    return wrong ? wrong : plan_rule_wrong(r);
}

static const char *read_exception(struct rq *rq, const struct calendar *c, struct plan_exception *e)
{
    struct str modes = form_words(rq, "modes");
    *e = (struct plan_exception){.calendar = c->id,
                                 .from = form_date(rq, "from"),
                                 .to = form_date(rq, "to"),
                                 .on_site = team_words_have(modes, S("on-site")),
                                 .remote = team_words_have(modes, S("remote")),
                                 .types = own_types(rq, c, form_words(rq, "types"))};
    if (!plan_why_from(rq_form(rq, "why"), &e->why))
        return N_("Choose what it is.");
    if (!rq_form(rq, "to").n)
        e->to = e->from;
    if (!plan_share_from(rq_form(rq, "share"), &e->share))
        e->share = SHARE_OPEN;
    if (e->why != PLAN_EXTRA)
        e->on_site = true;
    const char *wrong = read_hours(rq, &e->start, &e->end);
    if (!wrong && e->why == PLAN_EXTRA && e->start == 0 && e->end == DAY_MINUTES &&
        !rq_form(rq, "start").n)
        wrong = N_("Write both times, such as 8:00 and 15:30.");
    return wrong ? wrong : plan_exception_wrong(e);
}

/* NULL: it could be read. *bad: it is none of our forms. */
static const char *read_edit(struct rq *rq, const struct calendar *c, struct plan_edit *e,
                             bool *bad)
{
    int64_t of = 0;
    *e = (struct plan_edit){0};
    *bad = !plan_edit_from(rq_form(rq, "what"), &e->what) || e->what == PLAN_IMPORT ||
           (rq_form(rq, "of").n && !str_int(rq_form(rq, "of"), &of));
    e->of = of;
    if (*bad)
        return NULL;
    if (e->what == PLAN_RULE_ADD || e->what == PLAN_RULE_CHANGE)
        return read_rule(rq, c, &e->rule);
    if (e->what == PLAN_EXCEPTION_ADD)
        return read_exception(rq, c, &e->exception);
    if (e->what == PLAN_RULE_END) {
        e->last = form_date(rq, "last");
        return date_is(e->last) ? NULL : N_("Write the last day.");
    }
    return NULL;
}

/* ---- the form ---- */

static void add_option(struct rq *rq, struct ui_choice *v, struct str value, struct str label,
                       bool chosen)
{
    VEC_PUSH(rq->a, &v->options, (struct ui_option){value, label, {0}, chosen});
}

static struct str clock_value(struct rq *rq, int minute)
{
    return str_fmt(rq->a, "%02d:%02d", minute / 60, minute % 60);
}

static struct str date_value(struct rq *rq, struct date d)
{
    return date_is(d) ? date_iso(rq->a, d) : S("");
}

static void put_choices(struct rq *rq, const struct plan_telling *t, const struct calendar *c,
                        const struct plan_rule *r, struct plan_form_view *v)
{
    static const char *const days[] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                       N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                       N_("Sunday")};
    v->weekdays = (struct ui_choice){
        .name = S("weekdays"), .label = tr(t->l, "Weekdays"), .many = true, .row = true};
    for (unsigned d = 0; d < 7; d++)
        add_option(rq, &v->weekdays, str_fmt(rq->a, "%u", d + 1), tr(t->l, days[d]),
                   r->weekdays >> d & 1);
    v->modes =
        (struct ui_choice){.name = S("modes"), .label = tr(t->l, "How"), .many = true, .row = true};
    add_option(rq, &v->modes, S("on-site"), tr(t->l, "On site"), r->on_site);
    add_option(rq, &v->modes, S("remote"), tr(t->l, "Remote"), r->remote);
    v->types = (struct ui_choice){.name = S("types"), .label = tr(t->l, "For what"), .many = true};
    for (struct str rest = c->types; rest.n;) {
        struct str one = str_cut(&rest, ' ');
        add_option(rq, &v->types, one, plan_types_words(t, one),
                   !r->types.n || team_words_have(r->types, one));
    }
    v->share = (struct ui_choice){.name = S("share"), .label = tr(t->l, "Kept for")};
    for (int s = 0; s < SHARES; s++)
        add_option(rq, &v->share, str_of(plan_share_code((enum plan_share)s)),
                   tr(t->l, plan_share_words((enum plan_share)s)), r->share == (enum plan_share)s);
    v->holidays = (struct ui_choice){
        .name = S("holidays"), .label = tr(t->l, "Public holidays and eves"), .many = true};
    add_option(rq, &v->holidays, S("1"), tr(t->l, "These hours hold then too"), r->holidays);
}

static struct ui_field field(const char *name, struct str label, struct str value, const char *type)
{
    return (struct ui_field){
        .name = str_of(name), .label = label, .value = value, .type = type, .size = "mid"};
}

static void put_fields(struct rq *rq, enum lang l, const struct plan_rule *r, bool hours,
                       struct plan_form_view *v)
{
    v->from = field("from", tr(l, "First day"), date_value(rq, r->from), "date");
    v->to = field("to", tr(l, "Last day"), date_value(rq, r->to), "date");
    v->to.optional = true;
    v->start = field("start", tr(l, "Begins at"), hours ? clock_value(rq, r->start) : S(""), NULL);
    v->stop = field("stop", tr(l, "Ends at"), hours ? clock_value(rq, r->end) : S(""), NULL);
    v->every = field("every", tr(l, "Weeks between"), str_fmt(rq->a, "%d", r->every), "number");
    v->every.hint = tr(l, "1: each week. 2: every other week, counted from the week of the first "
                          "day.");
    v->release = field("release", tr(l, "Minutes before"), str_fmt(rq->a, "%d", r->release_minutes),
                       "number");
    v->release.optional = true;
    v->release.hint = tr(l, "Times kept for the same day's need are for everybody so many minutes "
                            "before they begin.");
    v->start.size = v->stop.size = v->every.size = v->release.size = "short";
    v->start.longest = v->stop.longest = 5;
    v->start.hint = v->rule || v->extra ? tr(l, "Such as 8:00")
                                        : tr(l, "Leave both times empty for whole days.");
    v->start.optional = v->stop.optional = !v->rule && !v->extra;
}

static void put_whys(struct rq *rq, enum lang l, const struct plan_exception *e,
                     struct plan_form_view *v)
{
    v->why = (struct ui_choice){.name = S("why"), .label = tr(l, "What it is")};
    for (int w = 0; w < PLAN_EXTRA; w++)
        add_option(rq, &v->why, str_of(plan_why_code((enum plan_why)w)),
                   tr(l, plan_why_words((enum plan_why)w)), e->why == (enum plan_why)w);
}

/* The form of that edit, filled in with what `e` says. */
static void show_form(struct rq *rq, const struct calendar *c, const struct plan_edit *e,
                      bool hours, const char *wrong)
{
    struct service_types types = service_types_load(rq->a, rq->db);
    struct plan_telling t = {rq->a, rq_lang(rq), &types};
    const struct plan_exception *x = &e->exception;
    struct plan_form_view v = {.ref = c->ref,
                               .name = c->name[t.l],
                               .what = str_of(plan_edit_code(e->what)),
                               .of = e->of,
                               .end = e->what == PLAN_RULE_END,
                               .exception = e->what == PLAN_EXCEPTION_ADD,
                               .rule = e->what == PLAN_RULE_ADD || e->what == PLAN_RULE_CHANGE};
    struct plan_rule r = e->rule;
    if (v.exception)
        r = (struct plan_rule){.from = x->from,
                               .to = x->to,
                               .start = x->start,
                               .end = x->end,
                               .on_site = x->on_site,
                               .remote = x->remote,
                               .types = x->types,
                               .share = x->share,
                               .every = 1};
    v.extra = v.exception && x->why == PLAN_EXTRA;
    v.heading = v.extra                       ? tr(t.l, "Add extra hours")
                : v.exception                 ? tr(t.l, "Add an absence")
                : e->what == PLAN_RULE_CHANGE ? tr(t.l, "Change hours")
                : v.end                       ? tr(t.l, "End hours")
                                              : tr(t.l, "Add hours");
    put_choices(rq, &t, c, &r, &v);
    put_fields(rq, t.l, &r, hours, &v);
    put_whys(rq, t.l, x, &v);
    if (v.end)
        v.to = field("last", tr(t.l, "Last day"), date_value(rq, e->last), "date");
    if (e->what == PLAN_RULE_CHANGE)
        v.lead = tr(t.l, "The hours until now end on the day before the first day.");
    if (wrong)
        VEC_PUSH(rq->a, &v.errors,
                 (struct ui_error){v.end ? S("last") : S("from"), tr(t.l, wrong)});
    rq->page.active = S("plans");
    rq->page.refuse_index = true;
    rq->page.failed = wrong != NULL;
    rq_status(rq, wrong ? 422 : 200);
    rq_page_begin(rq, v.heading);
    plan_form_show(&rq->page, &v);
    rq_page_end(rq);
}

static const struct plan_rule *rule_of(const struct plan *p, int64_t id)
{
    for (size_t i = 0; i < p->rules.n; i++)
        if (p->rules.p[i].id == id)
            return &p->rules.p[i];
    return NULL;
}

static void edit_get(struct rq *rq)
{
    struct calendar c;
    struct plan_edit e = {0};
    struct date today = date_of(rq->now);
    bool extra = str_eq(rq_query(rq, "why"), S("extra"));
    if (!plan_calendar_of(rq, &c))
        return;
    if (!plan_edit_from(rq_query(rq, "what"), &e.what) || e.what == PLAN_IMPORT ||
        e.what == PLAN_EXCEPTION_REMOVE) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    e.rule = (struct plan_rule){.from = date_add(today, 1),
                                .to = DATE_NONE,
                                .weekdays = 31,
                                .every = 1,
                                .start = 8 * 60,
                                .end = 16 * 60,
                                .on_site = true};
    e.last = today;
    if (e.what == PLAN_RULE_CHANGE || e.what == PLAN_RULE_END) {
        struct plan p = plan_load(rq->a, rq->db, c.id);
        const struct plan_rule *r = str_int(rq_query(rq, "of"), &e.of) ? rule_of(&p, e.of) : NULL;
        if (!r) {
            rq_fault(rq, ERR_NOT_FOUND);
            return;
        }
        e.rule = *r;
        e.rule.from = r->from.day > today.day ? r->from : date_add(today, 1);
    }
    e.exception = (struct plan_exception){.why = extra ? PLAN_EXTRA : PLAN_HOLIDAY,
                                          .from = date_add(today, 1),
                                          .to = date_add(today, 1),
                                          .start = 8 * 60,
                                          .end = 16 * 60,
                                          .on_site = true};
    show_form(rq, &c, &e, e.what != PLAN_EXCEPTION_ADD || extra, NULL);
}

/* ---- what it touches, and saving ---- */

struct trying {
    struct calendar c;
    struct plan_edit e;
    struct plan_touched touched;
    struct str mark;
};

/* The mark also knows the last change of the plan: a form that is sent twice saves once. */
static bool try_edit(struct rq *rq, struct trying *k)
{
    struct plan before = plan_load(rq->a, rq->db, k->c.id), after;
    struct plan_changes last = plan_changes_load(rq->a, rq->db, k->c.id, 1);
    if (!plan_edit_apply(rq->a, &before, &k->e, &after))
        return false;
    k->touched = plan_touches(rq->a, rq->db, rq->app->law, k->c.id, &before, &after, rq->now);
    struct str of = plan_touched_mark(rq->a, &k->touched);
    k->mark = str_fmt(rq->a, STR_FMT "-%lld", STR_ARG(of), (long long)(last.n ? last.p[0].id : 0));
    return true;
}

static void put_about(struct rq *rq, const struct plan_telling *t, const struct trying *k,
                      struct plan_preview *v)
{
    const struct plan_edit *e = &k->e;
    struct plan p = plan_load(rq->a, rq->db, k->c.id);
    struct plan_rule r = e->rule;
    struct plan_exception x = e->exception;
    v->about = tr(t->l, plan_edit_words(e->what));
    if (e->what == PLAN_RULE_END) {
        r = *rule_of(&p, e->of);
        r.to = e->last;
    }
    for (size_t i = 0; e->what == PLAN_EXCEPTION_REMOVE && i < p.exceptions.n; i++)
        if (p.exceptions.p[i].id == e->of)
            x = p.exceptions.p[i];
    if (e->what <= PLAN_RULE_END) {
        struct str args[] = {plan_days_words(t, r.weekdays), plan_hours_words(t, r.start, r.end)};
        v->hours = str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(args[0]), STR_ARG(args[1]));
        v->days = e->what == PLAN_RULE_END && r.to.day < r.from.day
                      ? tr(t->l, "Never begins")
                      : plan_dates_words(t, r.from, r.to);
        v->more = plan_more_words(t, &r);
    } else {
        v->hours = plan_hours_words(t, x.start, x.end);
        v->days = plan_dates_words(t, x.from, x.to);
        v->more = tr(t->l, plan_why_words(x.why));
    }
}

static void show_preview(struct rq *rq, const struct trying *k, bool again)
{
    static const char *const names[] = {"what",     "of",    "from",    "to",    "start",
                                        "stop",     "every", "release", "share", "why",
                                        "holidays", "last",  NULL};
    static const char *const many[] = {"weekdays", "modes", "types", NULL};
    struct service_types types = service_types_load(rq->a, rq->db);
    struct plan_telling t = {rq->a, rq_lang(rq), &types};
    struct plan_preview v = {
        .ref = k->c.ref, .name = k->c.name[t.l], .mark = k->mark, .again = again};
    put_about(rq, &t, k, &v);
    for (size_t i = 0; names[i]; i++)
        if (rq_form(rq, names[i]).n)
            VEC_PUSH(rq->a, &v.hidden,
                     (struct plan_hidden){str_of(names[i]), rq_form(rq, names[i])});
    for (size_t i = 0; many[i]; i++) {
        struct str one;
        for (size_t n = 0; (one = fields_nth(&rq->http->form, many[i], n)).p; n++)
            VEC_PUSH(rq->a, &v.hidden, (struct plan_hidden){str_of(many[i]), one});
    }
    for (size_t i = 0; i < k->touched.n; i++) {
        const struct busy *b = &k->touched.p[i];
        struct plan_touched_line line = {.when = fmt_by(rq->a, t.l, b->from, rq->now)};
        if (b->by == BUSY_APPOINTMENT)
            line.ref = plan_appointment_ref(rq->a, rq->db, b->of);
        VEC_PUSH(rq->a, &v.touched, line);
    }
    v.heading = tr(t.l, "Check and save");
    rq->page.active = S("plans");
    rq->page.refuse_index = true;
    rq_page_begin(rq, v.heading);
    plan_preview_show(&rq->page, &v);
    rq_page_end(rq);
}

static void edit_commit(struct rq *rq)
{
    struct trying *k = rq->user;
    if (!try_edit(rq, k)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!str_eq(k->mark, rq_form(rq, "seen"))) {
        show_preview(rq, k, true);
        return;
    }
    plan_edit_store(rq->a, rq->db, &k->c, &k->e, &k->touched, rq->session.staff, rq->now);
    rq_redirectf(rq, STR_FMT "?done=%s", STR_ARG(path_of(rq, &k->c)), plan_edit_code(k->e.what));
}

static void edit_post(struct rq *rq)
{
    struct trying *k = ARENA_NEW(rq->a, struct trying);
    bool bad;
    if (!plan_calendar_of(rq, &k->c))
        return;
    const char *wrong = read_edit(rq, &k->c, &k->e, &bad);
    if (bad) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct plan p = plan_load(rq->a, rq->db, k->c.id);
    if (p.rules.n >= PLAN_RULES_MOST && k->e.what == PLAN_RULE_ADD)
        wrong = N_("The plan has too many rules. End some first.");
    if (p.exceptions.n >= PLAN_EXCEPTIONS_MOST && k->e.what == PLAN_EXCEPTION_ADD)
        wrong = N_("The plan has too many exceptions. Remove some first.");
    if (wrong) {
        show_form(rq, &k->c, &k->e, rq_form(rq, "start").n > 0, wrong);
        return;
    }
    if (!try_edit(rq, k)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct str seen = rq_form(rq, "seen");
    if (!str_eq(seen, k->mark)) {
        show_preview(rq, k, seen.n > 0);
        return;
    }
    rq->user = k;
    rq_commit(rq, edit_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/plans/:ref/edit", ACCESS_HEAD, 0, edit_get},
    {HTTP_POST, "/:lang/staff/plans/:ref/edit", ACCESS_HEAD, 0, edit_post},
};
const struct route_table plan_edit_routes = {routes, sizeof routes / sizeof *routes};
