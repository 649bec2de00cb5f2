/* team_words.c: see team_words.h. */
#include "work/team_words.h"

static struct str one(const struct team_telling *t, const char *msgid, struct str arg)
{
    return tr_fill(t->a, tr(t->lang, msgid), &arg, 1);
}

static void add(struct buf *b, const char *between, struct str s)
{
    if (!s.n)
        return;
    if (b->n)
        buf_str(b, str_of(between));
    buf_str(b, s);
}

struct str languages_words(struct arena *a, enum lang l, struct str codes)
{
    struct buf b = buf_new(a, 4096);
    while (codes.n)
        add(&b, ", ", contact_language_name(l, str_cut(&codes, ' ')));
    return buf_get(&b);
}

/* ---- duty ---- */

static bool same_open(const struct law_open *x, const struct law_open *y)
{
    bool same = x->n == y->n;
    for (int i = 0; same && i < x->n; i++)
        same = x->span[i].from == y->span[i].from && x->span[i].to == y->span[i].to;
    return same;
}

static const struct law_hours *hours_of(const struct team_telling *t, const struct law_hours *h)
{
    return h ? h : law_office_hours(t->law);
}

/* As contact_hours_words() reads: days that follow each other and have the same hours are one. */
struct str duty_words(const struct team_telling *t, const struct law_hours *hours)
{
    static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    const struct law_hours *h = hours_of(t, hours);
    struct buf b = buf_new(t->a, 4096);
    for (int from = 0, to; from < 7; from = to + 1) {
        for (to = from; to < 6 && same_open(&h->week[to + 1], &h->week[from]);)
            to++;
        for (int i = 0; i < h->week[from].n; i++) {
            const struct law_span *s = &h->week[from].span[i];
            buf_fmt(&b, "%s%s", b.n ? "; " : "", days[from]);
            if (to > from)
                buf_fmt(&b, "-%s", days[to]);
            buf_fmt(&b, " %02d:%02d-%02d:%02d", s->from / 60, s->from % 60, s->to / 60, s->to % 60);
        }
    }
    return contact_hours_words(t->a, t->lang, buf_get(&b));
}

static struct str open_words(const struct team_telling *t, const struct law_open *open)
{
    struct buf b = buf_new(t->a, 1024);
    for (int i = 0; i < open->n; i++)
        add(&b, ", ", contact_window_hours(t->a, t->lang, open->span[i].from, open->span[i].to));
    return open->n ? buf_get(&b) : tr(t->lang, "closed");
}

struct str duty_other_words(const struct team_telling *t, const struct law_hours *h)
{
    struct buf b = buf_new(t->a, 8192);
    for (size_t i = 0; h && i < h->other.n; i++) {
        const struct law_other_days *d = &h->other.p[i];
        struct str from = fmt_date(t->a, t->lang, d->from), to = fmt_date(t->a, t->lang, d->to);
        if (d->to.day < date_of(t->now).day)
            continue;
        if (d->to.day > d->from.day)
            from = str_fmt(t->a, STR_FMT "–" STR_FMT, STR_ARG(from), STR_ARG(to));
        add(&b, "; ",
            str_fmt(t->a, STR_FMT ": " STR_FMT, STR_ARG(from), STR_ARG(open_words(t, &d->open))));
    }
    return buf_get(&b);
}

struct ui_open duty_now(const struct team_telling *t, const struct law_hours *h)
{
    bool open = law_is_open(t->law, h, t->now);
    struct ui_open v = {
        .open = open, .state = open ? tr(t->lang, "On duty now") : tr(t->lang, "Not on duty now")};
    if (!open) {
        struct instant next = law_opens(t->law, h, t->now);
        if (next.ms)
            v.more = one(t, N_("again %1"), fmt_by(t->a, t->lang, next, t->now));
        return v;
    }
    struct law_open today = law_open_on(t->law, h, date_of(t->now));
    for (int i = 0; i < today.n; i++)
        if (minute_of(t->now) >= today.span[i].from && minute_of(t->now) < today.span[i].to)
            v.more = one(t, N_("until %1"), fmt_time(t->a, t->lang, today.span[i].to));
    return v;
}

/* ---- rules ---- */

static struct str age_range_words(const struct team_telling *t, int from, int to)
{
    struct str n[] = {fmt_int(t->a, t->lang, from), fmt_int(t->a, t->lang, to)};
    struct str above = fmt_int(t->a, t->lang, to + 1);
    if (from < 0 && to < 0)
        return (struct str){NULL, 0};
    if (from <= 0)
        return one(t, N_("under %1 years"), above);
    if (to < 0)
        return one(t, N_("%1 years or older"), n[0]);
    return tr_fill(t->a, tr(t->lang, "%1 to %2 years"), n, 2);
}

/* The title of the form that has that subject; or the reason's name; else the code itself. */
static struct str subject_words(const struct team_telling *t, struct str code)
{
    for (size_t i = 0; t->forms && i < t->forms->n; i++)
        if (str_eq(t->forms->p[i].subject, code))
            return t->forms->p[i].title[t->lang];
    int reason = t->law ? law_reason_find(t->law, code) : -1;
    return reason < 0 ? code : law_reason(t->law, reason)->name[t->lang];
}

static struct str form_words(const struct team_telling *t, struct str code)
{
    const struct form *f = t->forms ? form_by_code(t->forms, code) : NULL;
    return f ? f->title[t->lang] : code;
}

static struct str district_name(const struct team_telling *t, struct str code)
{
    return t->districts ? named_find(t->districts, code, t->lang) : code;
}

static struct str language_name(const struct team_telling *t, struct str code)
{
    return contact_language_name(t->lang, code);
}

static struct str channel_name(const struct team_telling *t, struct str code)
{
    for (size_t i = 0; i < team_channel_n; i++)
        if (str_eq(code, str_of(team_channels[i].code)))
            return tr(t->lang, team_channels[i].words);
    return code;
}

static struct str names_of(const struct team_telling *t, struct str codes,
                           struct str (*name)(const struct team_telling *, struct str))
{
    struct buf b = buf_new(t->a, 8192);
    while (codes.n)
        add(&b, ", ", name(t, str_cut(&codes, ' ')));
    return buf_get(&b);
}

static void add_list(const struct team_telling *t, struct buf *b, const char *msgid,
                     struct str codes, struct str (*name)(const struct team_telling *, struct str))
{
    if (codes.n)
        add(b, "; ", one(t, msgid, names_of(t, codes, name)));
}

struct str rule_words(const struct team_telling *t, const struct team_rule *r)
{
    struct buf b = buf_new(t->a, 16384);
    add_list(t, &b, N_("subject: %1"), r->subjects, subject_words);
    add_list(t, &b, N_("form: %1"), r->forms, form_words);
    add_list(t, &b, N_("district: %1"), r->districts, district_name);
    add(&b, "; ", age_range_words(t, r->age_from, r->age_to));
    add_list(t, &b, N_("language: %1"), r->languages, language_name);
    add_list(t, &b, N_("came by: %1"), r->channels, channel_name);
    return b.n ? buf_get(&b) : tr(t->lang, "everything else");
}

struct str rule_odd_words(const struct team_telling *t, const struct team_rule *r)
{
    struct buf b = buf_new(t->a, 4096);
    for (struct str rest = r->subjects; rest.n;) {
        struct str code = str_cut(&rest, ' ');
        bool known = false;
        for (size_t i = 0; i < t->forms->n; i++)
            known = known || str_eq(t->forms->p[i].subject, code);
        if (!known)
            add(&b, ", ", code);
    }
    for (struct str rest = r->forms; rest.n;) {
        struct str code = str_cut(&rest, ' ');
        if (!form_by_code(t->forms, code))
            add(&b, ", ", code);
    }
    return b.n ? one(t, N_("No form has this: %1"), buf_get(&b)) : S("");
}

struct str population_words(const struct team_telling *t, const struct team_population *p)
{
    switch (p->by) {
    case TEAM_BY_DISTRICT:
        return one(t, N_("those who live in: %1"), names_of(t, p->of, district_name));
    case TEAM_BY_AGE:
        return age_range_words(t, p->age_from, p->age_to);
    case TEAM_BY_MATTER:
        return one(t, N_("matters about: %1"), names_of(t, p->of, subject_words));
    default:
        return tr(t->lang, "everybody");
    }
}

/* ---- presence ---- */

struct str presence_words(const struct team_telling *t, const struct presence *p)
{
    struct str at[] = {fmt_time(t->a, t->lang, minute_of(p->since)),
                       fmt_time(t->a, t->lang, minute_of(p->until))};
    bool midnight = date_of(p->until).day > date_of(t->now).day;
    switch (presence_state(p, t->now)) {
    case PRESENCE_OUT:
        return tr(t->lang, "Not in");
    case PRESENCE_AWAY:
        return one(t, N_("Away until %1"), fmt_time(t->a, t->lang, minute_of(p->away)));
    default:
        return midnight ? one(t, N_("In since %1"), at[0])
                        : tr_fill(t->a, tr(t->lang, "In since %1, until %2 at the latest"), at, 2);
    }
}

struct here_me presence_mine(const struct team_telling *t, const struct presence *p,
                             struct str back)
{
    struct here_me v = {.state = (enum here_state)presence_state(p, t->now),
                        .consult = p->consult,
                        .back = back,
                        .words = tr(t->lang, "You have not said that you are in.")};
    struct str words = presence_words(t, p);
    if (v.state == HERE_OUT)
        return v;
    bool consult = v.state == HERE_IN && v.consult;
    v.words = consult ? one(t, N_("You: %1. Colleagues can consult you."), words)
                      : one(t, N_("You: %1."), words);
    return v;
}

struct here_lines present_lines(const struct team_telling *t, const struct presents *list,
                                int64_t me)
{
    struct here_lines lines = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct present *p = &list->p[i];
        struct here_line v = {.name = p->name,
                              .profession = named_find(t->professions, p->profession, t->lang),
                              .languages = languages_words(t->a, t->lang, p->languages),
                              .state = (enum here_state)presence_state(&p->presence, t->now),
                              .words = presence_words(t, &p->presence),
                              .consultable = p->consultable,
                              .me = p->staff == me};
        VEC_PUSH(t->a, &lines, v);
    }
    return lines;
}

struct team_telling team_telling_of(struct rq *rq)
{
    struct named_list *lists = ARENA_ARRAY(rq->a, 2, struct named_list);
    lists[0] = districts_load(rq->a, rq->db);
    lists[1] = professions_load(rq->a, rq->db);
    return (struct team_telling){.a = rq->a,
                                 .lang = rq_lang(rq),
                                 .now = rq->now,
                                 .law = rq->app->law,
                                 .forms = rq->app->forms,
                                 .districts = &lists[0],
                                 .professions = &lists[1]};
}
