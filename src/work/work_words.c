/* work_words.c: see work_words.h. */
#include "work/work_words.h"

#include "work/team_words.h"

/* ---- clocks ---- */

/* The version of the rule by which the clock runs, or NULL. */
static const struct law_version *version_of(const struct law *law, const struct matter *m,
                                            const struct law_clock *c)
{
    struct law_person p = {.born = m->born, .age = -1, .conditions = UINT32_MAX};
    struct law_due due;
    if (law_due(law, c->rule, c->counted, &p, &due) == LAW_APPLIES)
        return due.version;
    const struct law_rule *r = law_rule(law, c->rule);
    for (size_t i = 0; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        if (c->counted.day >= v->from.day && (!date_is(v->to) || c->counted.day <= v->to.day))
            return v;
    }
    return NULL;
}

static struct str clock_note(struct arena *a, enum lang l, const struct law_clock *c,
                             const struct law_version *v)
{
    if (c->safe)
        return tr(l, "Age is not known: the shortest limit that may apply.");
    if (date_is(c->warn))
        return tr_fill(a, tr(l, "By another reading of the working days: %1."),
                       (struct str[]){fmt_date(a, l, c->due)}, 1);
    return v && v->mark == LAW_NOT_CONFIRMED ? tr(l, "This limit has not been confirmed.")
                                             : (struct str){NULL, 0};
}

struct work_clock clock_any(struct arena *a, const struct law *law, enum lang l,
                            const struct matter *m, const struct matter_clock *c,
                            struct instant now)
{
    struct work_clock v = {.shown = clock_running(a, law, l, &c->clock, now),
                           .running = c->stopped.ms == 0};
    if (c->clock.rule < 0) {
        v.shown.what = c->rule;
        return v;
    }
    const struct law_rule *r = law_rule(law, c->clock.rule);
    const struct law_version *version = version_of(law, m, &c->clock);
    v.todo = r->worker[l];
    if (version && r->kind == LAW_STATUTE)
        v.source = version->source;
    if (v.running) {
        v.note = clock_note(a, l, &c->clock, version);
        if (!v.note.n && r->kind == LAW_PROMISE)
            v.note = tr(l, "The county's own promise.");
        return v;
    }
    bool kept = law_kept(law, &c->clock, c->stopped);
    bool met = !str_eq(c->stopped_by, S("closed"));
    struct str at = fmt_by(a, l, c->stopped, now);
    v.shown.state = !kept ? UI_CLOCK_OVER : met ? UI_CLOCK_KEPT : UI_CLOCK_STOPPED;
    struct str words = !kept ? tr(l, "Late: %1") : met ? tr(l, "In time: %1") : tr(l, "Ended: %1");
    v.shown.when = tr_fill(a, words, &at, 1);
    return v;
}

/* ---- codes ---- */

struct str age_words(struct arena *a, enum lang l, int age)
{
    if (age < 0)
        return tr(l, "Age not known");
    struct str n = fmt_int(a, l, age);
    return tr_fill(a, tr_n(l, "%1 year", "%1 years", age), &n, 1);
}

struct str register_words(enum lang l, enum reg reg)
{
    static const char *const words[] = {
        [REG_HEALTH] = N_("health care register"),
        [REG_SOCIAL] = N_("social care register"),
        [REG_RESCUE] = N_("rescue services register"),
    };
    return tr(l, words[reg]);
}

struct str form_title(const struct forms *forms, enum lang l, struct str code)
{
    const struct form *f = form_by_code(forms, code);
    return f ? f->title[l] : code;
}

struct str reason_name(const struct law *law, enum lang l, struct str code)
{
    int reason = law_reason_find(law, code);
    return reason < 0 ? code : law_reason(law, reason)->name[l];
}

struct str urgency_words(enum lang l, struct str code)
{
    enum matter_urgency u;
    return matter_urgency_from(code, &u) ? tr(l, matter_urgency_words(u)) : (struct str){NULL, 0};
}

static struct str day_words(struct arena *a, enum lang l, struct date d, struct instant now)
{
    int ahead = d.day - date_of(now).day;
    return ahead == 0 ? tr(l, "today") : ahead == 1 ? tr(l, "tomorrow") : fmt_day(a, l, d);
}

struct str wish_words(struct arena *a, enum lang l, const struct matter_wish *w, struct instant now)
{
    if (!date_is(w->day))
        return (struct str){NULL, 0};
    struct str day = day_words(a, l, w->day, now);
    char dot = l == LANG_EN ? ':' : '.';
    return str_fmt(a, STR_FMT " %d%c%02d\xe2\x80\x93%d%c%02d", STR_ARG(day), w->from / 60, dot,
                   w->from % 60, w->to / 60, dot, w->to % 60);
}

struct date work_last_day(struct instant ends)
{
    return date_of((struct instant){ends.ms - 1});
}

struct str took_words(struct arena *a, enum lang l, int64_t ms)
{
    int64_t minutes = ms > 0 ? ms / 60000 : 0, hours = minutes / 60, days = hours / 24;
    struct str n[] = {fmt_int(a, l,
                              days    ? days
                              : hours ? hours
                                      : minutes),
                      fmt_int(a, l, minutes % 60)};
    return days    ? tr_fill(a, tr_n(l, "%1 day", "%1 days", days), n, 1)
           : hours ? tr_fill(a, tr(l, "%1 h %2 min"), n, 2)
                   : tr_fill(a, tr(l, "%1 min"), n, 1);
}

/* ---- events ---- */

static const char *event_icon(enum matter_kind k)
{
    switch (k) {
    case MATTER_RECEIVED:
        return "form";
    case MATTER_TAKEN:
    case MATTER_RELEASED:
    case MATTER_DETAILS:
        return "person";
    case MATTER_ASSESSED:
        return "health";
    case MATTER_CONTACTED:
    case MATTER_MISSED:
        return "phone";
    case MATTER_ANSWERED:
        return "mail";
    case MATTER_MESSAGE:
        return "chat";
    case MATTER_HANDED_OVER:
    case MATTER_HAND_OFFERED:
    case MATTER_HAND_TAKEN:
        return "next";
    case MATTER_HAND_DECLINED:
    case MATTER_HAND_RETURNED:
    case MATTER_HAND_WITHDRAWN:
        return "back";
    case MATTER_ASKED:
    case MATTER_CONSULT_ASKED:
    case MATTER_CONSULT_ANSWERED:
        return "chat";
    case MATTER_GUIDED:
        return "pin";
    case MATTER_NOTED:
        return "info";
    case MATTER_CANCELLED:
        return "pause";
    default:
        return "ok";
    }
}

/* Adds "Term: text" where there is a text. */
static void put(const struct telling *t, struct work_event *v, struct str term, struct str text)
{
    if (text.n)
        VEC_PUSH(t->a, &v->texts,
                 str_fmt(t->a, STR_FMT ": " STR_FMT, STR_ARG(term), STR_ARG(text)));
}

static struct str team_name(const struct telling *t, int64_t id)
{
    const struct team *team = teams_by_id(t->teams, id);
    return team ? team->name[t->lang] : (struct str){NULL, 0};
}

static struct str born_words(const struct telling *t, const struct jv *b)
{
    struct date d;
    return date_parse(jv_str_of(b, "born"), &d) ? fmt_date(t->a, t->lang, d)
                                                : (struct str){NULL, 0};
}

static void put_assessed(const struct telling *t, struct work_event *v, const struct jv *b)
{
    enum lang l = t->lang;
    put(t, v, tr(l, "Urgency"), urgency_words(l, jv_str_of(b, "urgency")));
    put(t, v, tr(l, "Reason"), reason_name(t->law, l, jv_str_of(b, "reason")));
    put(t, v, tr(l, "Who is needed"), named_find(t->professions, jv_str_of(b, "profession"), l));
}

static void put_details(const struct telling *t, struct work_event *v, const struct jv *b)
{
    enum lang l = t->lang;
    put(t, v, tr(l, "Name"), jv_str_of(b, "name"));
    put(t, v, tr(l, "Date of birth"), born_words(t, b));
    put(t, v, tr(l, "Phone"), jv_str_of(b, "phone"));
    if (jv_str_of(b, "conditions").n)
        VEC_PUSH(t->a, &v->texts, tr(l, "Receives the highest care allowance"));
}

/* From whom to whom; out of the register, what was told there and how the resident agreed. */
static void put_handed(const struct telling *t, struct work_event *v, const struct jv *b)
{
    enum lang l = t->lang;
    enum matter_agreed how;
    struct str organisation = jv_str_of(b, "organisationName");
    put(t, v, tr(l, "From"), team_name(t, jv_int(jv_get(b, "fromTeam"))));
    put(t, v, tr(l, "To"), organisation.n ? organisation : team_name(t, jv_int(jv_get(b, "team"))));
    struct instant ends = {jv_int(jv_get(b, "ends"))};
    if (ends.ms)
        put(t, v, tr(l, "Waits until"), fmt_day(t->a, l, work_last_day(ends)));
    if (matter_agreed_from(jv_str_of(b, "agreedHow"), &how))
        put(t, v, tr(l, "The resident agreed"), tr(l, matter_agreed_words(how)));
    else if (jv_bool(jv_get(b, "agreed")))
        VEC_PUSH(t->a, &v->texts, tr(l, "The resident agreed to the other register."));
    put(t, v, tr(l, "What was told"), jv_str_of(b, "shared"));
}

/* What the rule asked for that brought the matter to its first team; empty: not told. */
static struct str routed_words(const struct telling *t, const struct jv *why)
{
    struct team_rule r;
    struct team_telling telling = {.a = t->a,
                                   .lang = t->lang,
                                   .now = t->now,
                                   .law = t->law,
                                   .forms = t->forms,
                                   .districts = t->districts,
                                   .professions = t->professions};
    return team_routed_read(why, &r) ? rule_words(&telling, &r) : (struct str){NULL, 0};
}

static void put_texts(const struct telling *t, struct work_event *v, const struct matter_event *e,
                      const struct jv *b)
{
    enum lang l = t->lang;
    enum matter_channel channel;
    enum matter_outcome outcome;
    if (e->kind == MATTER_RECEIVED && matter_channel_from(jv_str_of(b, "channel"), &channel))
        VEC_PUSH(t->a, &v->texts, tr(l, matter_channel_words(channel)));
    put(t, v, tr(l, "Why this team"), routed_words(t, jv_get(b, "why")));
    struct instant noted = {jv_int(jv_get(b, "notedAt"))};
    if (noted.ms)
        put(t, v, tr(l, "Entered"), fmt_by(t->a, l, noted, t->now));
    if (e->kind == MATTER_ASSESSED)
        put_assessed(t, v, b);
    if (e->kind == MATTER_DETAILS)
        put_details(t, v, b);
    if (e->kind == MATTER_TIME_MOVED && matter_move_words(t->a, l, b).n)
        VEC_PUSH(t->a, &v->texts, matter_move_words(t->a, l, b));
    if (e->kind == MATTER_HANDED_OVER || e->kind == MATTER_HAND_OFFERED)
        put_handed(t, v, b);
    put(t, v, tr(l, "Service"), jv_str_of(b, "serviceName"));
    if (e->kind == MATTER_CLOSED && matter_outcome_from(jv_str_of(b, "outcome"), &outcome))
        put(t, v, tr(l, "Outcome"), tr(l, matter_outcome_words(outcome)));
    struct str text = jv_str_of(b, "text");
    if (text.n && e->kind != MATTER_RECEIVED)
        VEC_PUSH(t->a, &v->texts, text);
}

static struct str who_words(const struct telling *t, const struct matter_event *e,
                            const struct jv *b)
{
    bool program = jv_bool(jv_get(jv_get(b, "visit"), "program")) || e->kind == MATTER_ALARMED ||
                   e->kind == MATTER_ESCALATED ||
                   (e->kind >= MATTER_HAND_OFFERED && e->kind <= MATTER_HAND_WITHDRAWN);
    if (!e->staff)
        return program ? tr(t->lang, "Noted by the program") : tr(t->lang, "The resident");
    struct str profession = named_find(t->professions, e->profession, t->lang);
    return str_fmt(t->a, STR_FMT ", " STR_FMT, STR_ARG(e->staff_name), STR_ARG(profession));
}

struct work_event event_words(const struct telling *t, const struct matter_event *e)
{
    struct json_error je;
    const struct jv *b = json_parse(t->a, e->body, &je);
    struct work_event v = {.icon = event_icon(e->kind),
                           .what = tr(t->lang, matter_kind_words(e->kind)),
                           .who = who_words(t, e, b),
                           .when = fmt_by(t->a, t->lang, e->at, t->now),
                           .when_iso = instant_iso(t->a, e->at)};
    if (b)
        put_texts(t, &v, e, b);
    return v;
}

/* ---- pages of a list ---- */

struct work_pager pager_of(int64_t page, size_t got, int64_t total)
{
    bool more = got > QUEUE_PAGE;
    int64_t shown = more ? QUEUE_PAGE : (int64_t)got, before = (page - 1) * QUEUE_PAGE;
    return (struct work_pager){.first = shown ? before + 1 : 0,
                               .last = shown ? before + shown : 0,
                               .total = total,
                               .previous = page > 1 ? page - 1 : 0,
                               .next = more ? page + 1 : 0};
}
