/*
 * purge_edit_web.c: a plan is made for a queue, and changed into a new version. "Count" shows what
 * would come of it and keeps nothing; "Save" keeps it. Rules are asked again in the commit.
 */
#include "purge/purge_words.h"

#include "figure/figure.h"
#include "purge/purge_pages.h"

/* The fields of the form, by the order of purge_plan.measure: extra times, then one of each. */
static const enum purge_kind kinds[PURGE_MEASURES] = {
    PURGE_TIMES,  PURGE_TIMES,  PURGE_TIMES,   PURGE_TIMES,
    PURGE_REMOTE, PURGE_NOSHOW, PURGE_SERVICE, PURGE_VOUCHER,
};

struct form {
    struct purge_head head;   /* id 0: new */
    struct purge_plan plan;   /* with measures that were filled in */
    struct purge_base known;  /* of the queue now, where nothing was sent yet */
    int slot[PURGE_MEASURES]; /* of each measure: its place in the form */
    struct purge_fault fault;
    struct str once, note;
    int64_t was;
    bool stale; /* somebody else made a version meanwhile: shown again, to be saved over it */
    bool counted;
    bool preset; /* nothing was sent yet: fields show what stands ready */
};

/* ---- what was sent ---- */

/* "1 500" is written so, with a space that may be a hard one; what is no number is refused by
 * purge_wrong(). */
static int64_t number(struct rq *rq, const char *name)
{
    struct buf b = buf_new(rq->a, 0);
    struct str s = rq_form(rq, name);
    int64_t n;
    for (size_t i = 0; i < s.n; i++) {
        bool hard = s.n - i > 1 && s.p[i] == '\xC2' && s.p[i + 1] == '\xA0';
        i += hard;
        if (!hard && s.p[i] != ' ')
            buf_char(&b, s.p[i]);
    }
    return str_int(buf_get(&b), &n) ? n : -1;
}

static const char *part(struct rq *rq, int slot, const char *name)
{
    return str_z(rq->a, str_fmt(rq->a, "m%d.%s", slot, name));
}

static struct date day(struct rq *rq, const char *name, struct purge_fault *fault)
{
    struct date d = DATE_NONE;
    struct str s = rq_form(rq, name);
    if (s.n && !date_parse(s, &d) && !fault->words)
        *fault = (struct purge_fault){name, N_("Write the date as day, month and year.")};
    return d;
}

static bool filled(struct rq *rq, int slot)
{
    static const char *const names[] = {"n", "share"};
    bool some = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        some = some || rq_form(rq, part(rq, slot, names[i])).n > 0;
    return some;
}

static void read_measures(struct rq *rq, struct form *f)
{
    struct named_list professions = professions_load(rq->a, rq->db);
    for (int slot = 0; slot < PURGE_MEASURES; slot++) {
        if (!filled(rq, slot))
            continue;
        struct str who = rq_form(rq, part(rq, slot, "profession"));
        bool known = false;
        for (size_t i = 0; i < professions.n; i++)
            known = known || str_eq(professions.p[i].ref, who);
        f->slot[f->plan.n] = slot;
        f->plan.measure[f->plan.n++] = (struct purge_measure){
            .kind = kinds[slot],
            .profession = known ? who : S(""),
            .from = day(rq, part(rq, slot, "from"), &f->fault),
            .to = day(rq, part(rq, slot, "to"), &f->fault),
            .n = number(rq, part(rq, slot, "n")),
            .share = number(rq, part(rq, slot, "share")),
            .minutes = number(rq, part(rq, slot, "minutes")),
            .euros = number(rq, part(rq, slot, "euros")),
            .used = number(rq, part(rq, slot, "used")),
        };
    }
}

/* Of purge_wrong(), which counts measures that are there, to the form's places. */
static void place_fault(struct rq *rq, struct form *f, struct purge_fault fault)
{
    if (!fault.words || f->fault.words)
        return;
    f->fault = fault;
    if (fault.field[0] == 'm' && fault.field[2] == '.')
        f->fault.field = part(rq, f->slot[fault.field[1] - '0'], fault.field + 3);
}

static void read_form(struct rq *rq, struct form *f)
{
    struct purge_base *b = &f->plan.base;
    f->head.name = rq_form(rq, "name");
    f->note = rq_form(rq, "change");
    f->once = rq_once(rq, rq_form(rq, "once"));
    f->was = number(rq, "was");
    f->plan.target = day(rq, "target", &f->fault);
    b->over = number(rq, "over");
    b->inflow = number(rq, "inflow");
    b->outflow = number(rq, "outflow");
    b->workdays = number(rq, "workdays");
    b->visits = rq_form(rq, "visits").n ? number(rq, "visits") : 0;
    b->per_ten = number(rq, "perTen");
    b->visit_minutes = number(rq, "visitMinutes");
    b->no_show = number(rq, "noShow");
    read_measures(rq, f);
    if (!str_shows(f->head.name) || str_utf8_len(f->head.name) > PURGE_NAME_MOST)
        f->fault =
            (struct purge_fault){"name", N_("Give the plan a name, at most 120 characters.")};
    if (f->head.id && (!str_shows(f->note) || str_utf8_len(f->note) > PURGE_NOTE_MOST))
        place_fault(rq, f,
                    (struct purge_fault){
                        "change", N_("Write what was changed and why, at most 500 characters.")});
    /* The queue may be known until some days ago only. */
    if (date_is(f->plan.target) && f->plan.target.day <= date_of(rq->now).day)
        place_fault(rq, f, (struct purge_fault){"target", N_("The target date has passed.")});
    place_fault(rq, f, purge_wrong(&f->plan));
}

/* ---- the form ---- */

static struct str shown(struct rq *rq, const struct form *f, const char *name, int64_t ready)
{
    if (!f->preset)
        return rq_form(rq, name);
    return ready >= 0 ? str_fmt(rq->a, "%lld", (long long)ready) : S("");
}

static struct str error_of(struct rq *rq, const struct form *f, const char *name)
{
    bool here = f->fault.words && strcmp(f->fault.field, name) == 0;
    return here ? tr(rq_lang(rq), f->fault.words) : S("");
}

static struct ui_field field(struct rq *rq, const struct form *f, const char *name,
                             struct str label, int64_t ready)
{
    return (struct ui_field){.name = str_of(name),
                             .label = label,
                             .value = shown(rq, f, name, ready),
                             .error = error_of(rq, f, name),
                             .size = "short",
                             .longest = 10};
}

static struct ui_field day_field(struct rq *rq, const struct form *f, const char *name,
                                 struct str label, struct date ready)
{
    struct str iso = date_is(ready) ? date_iso(rq->a, ready) : S("");
    return (struct ui_field){.name = str_of(name),
                             .label = label,
                             .value = f->preset ? iso : rq_form(rq, name),
                             .error = error_of(rq, f, name),
                             .type = "date",
                             .size = "mid"};
}

/* The measure that stands in that place; else what stands ready: no number, so it is none. */
static struct purge_measure measure_at(const struct form *f, int slot)
{
    const struct purge_data *d = purge_data();
    for (size_t i = 0; i < f->plan.n; i++)
        if (f->slot[i] == slot)
            return f->plan.measure[i];
    struct purge_measure m = {.kind = kinds[slot], .from = DATE_NONE, .to = DATE_NONE};
    m.n = m.share = -1;
    m.minutes = d->other.minutes;
    m.euros = d->other.euros;
    m.used = m.kind == PURGE_VOUCHER ? d->voucher_used : d->service_used;
    if (m.kind == PURGE_SERVICE || m.kind == PURGE_VOUCHER)
        m.euros = m.kind == PURGE_VOUCHER ? d->voucher_euros : d->service_euros;
    if (m.kind == PURGE_REMOTE || m.kind == PURGE_NOSHOW)
        m.euros = 0;
    if (m.kind == PURGE_REMOTE)
        m.minutes = 5;
    if (m.kind == PURGE_TIMES && (size_t)slot < d->times.n) {
        m.profession = d->times.p[slot].profession;
        m.minutes = d->times.p[slot].minutes;
        m.euros = d->times.p[slot].euros;
    }
    return m;
}

static void put_profession(struct rq *rq, const struct form *f, int slot, struct str ready,
                           struct purge_part *p)
{
    enum lang l = rq_lang(rq);
    struct named_list all = professions_load(rq->a, rq->db);
    struct str name = str_of(part(rq, slot, "profession"));
    struct str chosen = f->preset ? ready : rq_form(rq, str_z(rq->a, name));
    p->profession = (struct ui_choice){.name = name, .label = tr(l, "Profession")};
    for (size_t i = 0; i < all.n; i++)
        VEC_PUSH(rq->a, &p->profession.options,
                 (struct ui_option){.value = all.p[i].ref,
                                    .label = all.p[i].name[l],
                                    .chosen = str_eq(all.p[i].ref, chosen)});
}

static void put_part(struct rq *rq, const struct form *f, int slot, struct purge_form_view *v)
{
    enum lang l = rq_lang(rq);
    struct purge_measure m = measure_at(f, slot);
    struct purge_part p = {.legend = tr(l, purge_kind_words(m.kind))};
    struct str nth = fmt_int(rq->a, l, slot + 1);
    bool counted = m.kind == PURGE_TIMES || m.kind == PURGE_SERVICE || m.kind == PURGE_VOUCHER;
    bool bought = m.kind == PURGE_SERVICE || m.kind == PURGE_VOUCHER;
    if (m.kind == PURGE_TIMES) {
        p.legend = tr_fill(rq->a, tr(l, "Extra times, %1"), &nth, 1);
        put_profession(rq, f, slot, m.profession, &p);
    }
#define PUT(name, label, ready) \
    VEC_PUSH(rq->a, &p.fields, field(rq, f, part(rq, slot, name), label, ready))
    if (counted)
        PUT("n", tr(l, "How many a week"), m.n);
    if (m.kind == PURGE_REMOTE)
        PUT("share", tr(l, "Of a hundred visits, so many more remotely"), m.share);
    if (m.kind == PURGE_NOSHOW)
        PUT("share", tr(l, "Of a hundred times, so many missed from then on"), m.share);
    if (m.kind == PURGE_TIMES)
        PUT("minutes", tr(l, "Length, minutes"), m.minutes);
    if (m.kind == PURGE_REMOTE)
        PUT("minutes", tr(l, "Minutes that each frees"), m.minutes);
    PUT("euros", counted ? tr(l, "Price of each, €") : tr(l, "Cost a week, €"), m.euros);
    if (bought)
        PUT("used", tr(l, "Of a hundred, so many are used"), m.used);
#undef PUT
    VEC_PUSH(rq->a, &p.fields,
             day_field(rq, f, part(rq, slot, "from"), tr(l, "First day"), m.from));
    VEC_PUSH(rq->a, &p.fields, day_field(rq, f, part(rq, slot, "to"), tr(l, "Last day"), m.to));
    p.hint = slot ? S("")
                  : tr(l, "Leave the number empty where you do not need a measure. Without days it "
                          "lasts as long as the plan.");
    VEC_PUSH(rq->a, &v->parts, p);
}

static void put_base(struct rq *rq, const struct form *f, struct purge_form_view *v)
{
    enum lang l = rq_lang(rq);
    const struct purge_base *b = &f->plan.base;
    struct str weeks = fmt_int(rq->a, l, b->weeks);
#define PUT(name, label, ready) VEC_PUSH(rq->a, &v->base, field(rq, f, name, label, ready))
    PUT("over", tr(l, "Over the limit now"), b->over);
    PUT("inflow", tr_fill(rq->a, tr(l, "Went over the limit in %1 weeks"), &weeks, 1), b->inflow);
    PUT("outflow", tr_fill(rq->a, tr(l, "Treated of those over it in %1 weeks"), &weeks, 1),
        b->outflow);
    struct str taken = fmt_int(rq->a, l, b->taken);
    if (b->taken)
        v->taken = tr_fill(rq->a,
                           tr(l, "From those who were treated, %1 are taken off, as this plan's "
                                 "measures were to treat so many. If fewer times were held, raise "
                                 "the number treated."),
                           &taken, 1);
    PUT("workdays", tr_fill(rq->a, tr(l, "Days on which the unit worked in %1 weeks"), &weeks, 1),
        b->workdays);
    PUT("visits", tr_fill(rq->a, tr(l, "Visits in %1 weeks"), &weeks, 1), b->visits);
    PUT("perTen", tr(l, "Visits that ten matters need"), b->per_ten);
    PUT("visitMinutes", tr(l, "Length of a visit, minutes"), b->visit_minutes);
    PUT("noShow", tr(l, "Of a hundred booked times, so many missed"), b->no_show);
#undef PUT
}

static void put_fields(struct rq *rq, const struct form *f, struct purge_form_view *v)
{
    enum lang l = rq_lang(rq);
    VEC_PUSH(rq->a, &v->fields,
             (struct ui_field){.name = S("name"),
                               .label = tr(l, "Name of the plan"),
                               .value = f->preset ? f->head.name : rq_form(rq, "name"),
                               .error = error_of(rq, f, "name"),
                               .longest = PURGE_NAME_MOST});
    VEC_PUSH(rq->a, &v->fields,
             day_field(rq, f, "target",
                       tr(l, "Target date: when nobody is over the limit any more"),
                       f->plan.target));
    if (f->head.id)
        VEC_PUSH(rq->a, &v->fields,
                 (struct ui_field){.name = S("change"),
                                   .label = tr(l, "What is changed, and why"),
                                   .value = f->preset ? S("") : rq_form(rq, "change"),
                                   .error = error_of(rq, f, "change"),
                                   .rows = 2,
                                   .longest = PURGE_NOTE_MOST});
    put_base(rq, f, v);
    for (int slot = 0; slot < PURGE_MEASURES; slot++)
        put_part(rq, f, slot, v);
}

/* The queues that may be chosen: of one's own teams, or all and the county; each rule of the law.
 */
static void put_choosing(struct rq *rq, const struct form *f, struct purge_form_view *v)
{
    enum lang l = rq_lang(rq);
    bool manager = rq->session.roles & ROLE_MANAGER;
    struct teams teams =
        manager ? teams_load(rq->a, rq->db) : teams_of(rq->a, rq->db, &rq->session);
    v->choosing = true;
    v->team = (struct ui_choice){.name = S("team"), .label = tr(l, "Team")};
    if (manager)
        VEC_PUSH(rq->a, &v->team.options,
                 (struct ui_option){.value = S("0"), .label = tr(l, "The whole county")});
    for (size_t i = 0; i < teams.n; i++)
        VEC_PUSH(rq->a, &v->team.options,
                 (struct ui_option){.value = str_fmt(rq->a, "%lld", (long long)teams.p[i].id),
                                    .label = teams.p[i].name[l],
                                    .chosen = teams.p[i].id == f->head.team});
    v->rule = (struct ui_choice){.name = S("rule"), .label = tr(l, "Rule")};
    for (size_t i = 0; i < law_rule_count(rq->app->law); i++) {
        const struct law_rule *r = law_rule(rq->app->law, (int)i);
        if (r->kind == LAW_STATUTE)
            VEC_PUSH(rq->a, &v->rule.options,
                     (struct ui_option){.value = r->id,
                                        .label = r->name[l],
                                        .chosen = str_eq(r->id, f->head.rule)});
    }
}

static void put_counted(struct rq *rq, const struct form *f, struct purge_form_view *v)
{
    struct named_list professions = professions_load(rq->a, rq->db);
    struct purge_result result = purge_count(rq->a, rq->app->law, &f->plan);
    struct purge_telling t = {rq->a, rq_lang(rq), &f->plan, &result, &professions, true};
    purge_put_outcome(&t, &v->outcome);
    v->counted = true;
}

static void show_form(struct rq *rq, const struct form *f, bool queue, bool hidden)
{
    enum lang l = rq_lang(rq);
    bool fresh = !f->head.id;
    struct str list = str_fmt(rq->a, "/%s/staff/figures/purge", lang_code(l));
    struct purge_form_view v = {
        .heading = fresh ? tr(l, "New purge plan") : tr(l, "Change the plan"),
        .back =
            fresh ? list : str_fmt(rq->a, STR_FMT "/%lld", STR_ARG(list), (long long)f->head.id),
        .back_words = fresh ? tr(l, "Purge plans") : f->head.name,
        .once = f->once.n ? f->once : rand_ref(rq->a, 26),
        .was = str_fmt(rq->a, "%d", f->head.version),
        .team_id = str_fmt(rq->a, "%lld", (long long)f->head.team),
        .rule_id = f->head.rule,
    };
    v.action = str_fmt(rq->a, STR_FMT "%s", STR_ARG(v.back), fresh ? "/new" : "/edit");
    if (fresh)
        put_choosing(rq, f, &v);
    if (queue) {
        v.queue = purge_queue_words(rq, f->head.team, f->head.rule);
        if (f->preset)
            purge_put_now(rq->a, l, &f->known, &v.now);
        if (hidden)
            v.hidden = tr(l, "Something is so small that it may not be told, or was not published "
                             "yet. Write your own estimate.");
        put_fields(rq, f, &v);
    }
    if (f->fault.words) {
        VEC_PUSH(rq->a, &v.errors,
                 (struct ui_error){str_of(f->fault.field), tr(l, f->fault.words)});
        rq_status(rq, f->stale ? 409 : 422);
    } else if (f->counted) {
        put_counted(rq, f, &v);
    }
    rq->page.active = S("manage");
    rq->page.refuse_index = true;
    rq->page.failed = v.errors.n > 0;
    rq->page.path = str_sub(v.action, 3, v.action.n);
    rq_page_begin(rq, v.heading);
    figure_counting_notice(rq);
    purge_form_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- a new plan ---- */

/* The queue that was chosen. False: none, or one that is not theirs. */
static bool queue_chosen(struct rq *rq, struct str team, struct str rule, struct purge_head *h)
{
    int64_t id;
    if (!str_int(team, &id) || id < 0 || law_rule_find(rq->app->law, rule) < 0)
        return false;
    bool head = purge_head_of(rq, id), manager = rq->session.roles & ROLE_MANAGER;
    if (!head && !(manager && (!id || team_load(rq->a, rq->db, id))))
        return false;
    h->team = id;
    h->rule = rule;
    h->exact = head;
    return true;
}

static struct purge_now now_of(struct rq *rq, const struct purge_head *h)
{
    struct purge_queue q = {h->team, h->rule, h->exact};
    return purge_now(rq->a, rq->db, rq->app->law, &q, date_of(rq->now));
}

static void new_get(struct rq *rq)
{
    struct form f = {.preset = true};
    struct str team = rq_query(rq, "team"), rule = rq_query(rq, "rule");
    bool asked = team.n || rule.n;
    if (asked && !queue_chosen(rq, team, rule, &f.head)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct purge_now now = {.hidden = false};
    if (asked)
        now = now_of(rq, &f.head);
    f.known = now.base;
    f.plan = (struct purge_plan){.base = now.base, .target = DATE_NONE};
    show_form(rq, &f, asked, now.hidden);
}

static struct purge_make made_by(const struct rq *rq, const struct form *f, struct str note)
{
    return (struct purge_make){
        .plan = &f->plan, .staff = rq->session.staff, .note = note, .at = rq->now};
}

static void new_commit(struct rq *rq)
{
    struct form *f = rq->user;
    if (!queue_chosen(rq, rq_form(rq, "team"), f->head.rule, &f->head)) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    struct purge_make make = made_by(rq, f, S(""));
    int64_t id = purge_insert(rq->a, rq->db, &f->head, f->once, &make);
    rq_redirectf(rq, "/%s/staff/figures/purge/%lld?done=saved", lang_code(rq_lang(rq)),
                 (long long)id);
}

static bool to_save(const struct rq *rq)
{
    return str_eq(rq_form(rq, "do"), S("save"));
}

static void new_post(struct rq *rq)
{
    struct form *f = ARENA_NEW(rq->a, struct form);
    *f = (struct form){0};
    if (!queue_chosen(rq, rq_form(rq, "team"), rq_form(rq, "rule"), &f->head)) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    struct purge_now now = now_of(rq, &f->head);
    f->plan.base = now.base; /* of which day, weeks and working days are not the form's */
    read_form(rq, f);
    f->counted = !f->fault.words;
    rq->user = f;
    if (f->fault.words || !to_save(rq))
        show_form(rq, f, true, now.hidden);
    else
        rq_commit(rq, new_commit);
}

/* ---- a new version ---- */

/* What is known of the queue now; of the outflow what is done without the plan's measures. */
static struct purge_now now_without(struct rq *rq, const struct purge_versions *all,
                                    const struct form *f)
{
    struct purge_now now = now_of(rq, &f->head);
    purge_take_off(rq->app->law, all, &now);
    return now;
}

/* The plan that is asked for, to be changed. False: a fault was answered. */
static bool change_asked(struct rq *rq, struct purge_head *h)
{
    if (!purge_asked(rq, h))
        return false;
    if (purge_may_change(rq, h))
        return true;
    rq_fault(rq, h->ended.ms ? ERR_CONFLICT : ERR_FORBIDDEN);
    return false;
}

/* Measures to their places in the form; a kind has as many as it has places. */
static void place_measures(struct form *f)
{
    bool taken[PURGE_MEASURES] = {false};
    for (size_t i = 0; i < f->plan.n; i++)
        for (int slot = 0; slot < PURGE_MEASURES; slot++)
            if (!taken[slot] && kinds[slot] == f->plan.measure[i].kind) {
                taken[slot] = true;
                f->slot[i] = slot;
                break;
            }
}

/* What is known anew takes the place of what was: the new version begins now. What may not be told
 * stays what somebody wrote, of as many weeks; how many are over the limit today does not. */
static void keep_estimates(const struct purge_base *was, struct purge_base *now)
{
    if (was->weeks != now->weeks)
        return;
    now->inflow = now->inflow < 0 ? was->inflow : now->inflow;
    now->outflow = now->outflow < 0 ? was->outflow : now->outflow;
    now->visits = now->visits < 0 ? was->visits : now->visits;
}

static void edit_get(struct rq *rq)
{
    struct form f = {.preset = true};
    if (!change_asked(rq, &f.head))
        return;
    struct purge_versions all = purge_versions_load(rq->a, rq->db, f.head.id);
    if (!all.n) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    f.plan = all.p[all.n - 1].plan;
    struct purge_now now = now_without(rq, &all, &f);
    struct purge_base was = f.plan.base;
    f.known = f.plan.base = now.base;
    f.plan.base.per_ten = was.per_ten;
    f.plan.base.visit_minutes = was.visit_minutes;
    keep_estimates(&was, &f.plan.base);
    place_measures(&f);
    show_form(rq, &f, true, now.hidden);
}

/* Of two who change a plan at once the second reads so, with what they wrote. */
static bool is_stale(struct form *f, const struct purge_head *h)
{
    f->stale = f->was != h->version;
    if (f->stale) {
        f->head.version = h->version;
        f->fault = (struct purge_fault){
            "change", N_("Somebody else has changed the plan meanwhile. Read the newest version; "
                         "if you save once more, yours takes its place.")};
    }
    return f->stale;
}

static void edit_commit(struct rq *rq)
{
    struct form *f = rq->user;
    struct purge_head h;
    if (!change_asked(rq, &h))
        return;
    if (is_stale(f, &h)) {
        show_form(rq, f, true, false);
        return;
    }
    h.name = f->head.name;
    struct purge_make make = made_by(rq, f, f->note);
    if (purge_change(rq->a, rq->db, &h, h.version, &make))
        rq_redirectf(rq, "/%s/staff/figures/purge/%lld?done=saved", lang_code(rq_lang(rq)),
                     (long long)h.id);
    else
        rq_fault(rq, ERR_CONFLICT);
}

static void edit_post(struct rq *rq)
{
    struct form *f = ARENA_NEW(rq->a, struct form);
    *f = (struct form){0};
    if (!change_asked(rq, &f->head))
        return;
    struct purge_head there = f->head;
    struct purge_versions all = purge_versions_load(rq->a, rq->db, f->head.id);
    struct purge_now now = now_without(rq, &all, f);
    f->plan.base = now.base;
    read_form(rq, f);
    bool refused = f->fault.words || (to_save(rq) && is_stale(f, &there));
    f->counted = !refused;
    rq->user = f;
    if (refused || !to_save(rq))
        show_form(rq, f, true, now.hidden);
    else
        rq_commit(rq, edit_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/figures/purge/new", ACCESS_FIGURES, 0, new_get},
    {HTTP_POST, "/:lang/staff/figures/purge/new", ACCESS_FIGURES, 0, new_post},
    {HTTP_GET, "/:lang/staff/figures/purge/:id/edit", ACCESS_FIGURES, 0, edit_get},
    {HTTP_POST, "/:lang/staff/figures/purge/:id/edit", ACCESS_FIGURES, 0, edit_post},
};
const struct route_table purge_edit_routes = {routes, sizeof routes / sizeof *routes};
