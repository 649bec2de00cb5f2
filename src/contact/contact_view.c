/*
 * contact_view.c: makes the views of "about you", of its lines on the page where one checks, and
 * of the promise: every text chosen in the page's language, so that templates only place them.
 */
#include "contact/contact_words.h"

#include "form/form_view.h"

/* ---- the promise ---- */

/* "A professional answers you: today by 16:00." */
static struct str promised(struct arena *a, const struct law *law, enum lang l,
                           const struct law_clock *c, struct instant now)
{
    struct str sentence = law_rule(law, c->rule)->resident[l];
    if (str_ends(sentence, S(".")))
        sentence.n--;
    struct str when = law_when(a, l, c, now);
    return str_fmt(a, STR_FMT ": " STR_FMT ".", STR_ARG(sentence), STR_ARG(when));
}

static bool running(const struct matter_clock *c)
{
    return c->stopped.ms == 0 && c->clock.rule >= 0;
}

/* Of clocks that end together only the one that came last is told, which says most ("assessed
 * today" rather than "reached today"). */
static bool told_by_another(const struct matter *m, size_t i)
{
    for (size_t j = i + 1; j < m->clocks.n; j++)
        if (running(&m->clocks.p[j]) &&
            m->clocks.p[j].clock.due_at.ms == m->clocks.p[i].clock.due_at.ms)
            return true;
    return false;
}

static struct str day_and_hours(struct arena *a, enum lang l, struct date day, int from, int to)
{
    static const char *const at[LANG_COUNT] = {" klo ", " kl. ", " "};
    struct str d = fmt_day(a, l, day), h = contact_window_hours(a, l, from, to);
    return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(d), at[l], STR_ARG(h));
}

/* A call at a wished time is told by that time, not by the end of its clock. */
static struct str clock_words(struct arena *a, const struct law *law, enum lang l,
                              const struct matter *m, const struct law_clock *c, struct instant now)
{
    bool call = date_is(m->wish.day) && instant_at(m->wish.day, m->wish.to).ms > now.ms &&
                str_eq(law_rule(law, c->rule)->id, S("call-back"));
    if (!call)
        return promised(a, law, l, c, now);
    struct str when = day_and_hours(a, l, m->wish.day, m->wish.from, m->wish.to);
    return tr_fill(a, tr(l, "We call you: %1."), &when, 1);
}

struct promise_view contact_promise(struct arena *a, const struct law *law, enum lang l,
                                    const struct matter *m, struct instant now)
{
    struct promise_view v = {0};
    const struct matter_clock *first = NULL;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (running(c) && !told_by_another(m, i) &&
            (!first || c->clock.due_at.ms < first->clock.due_at.ms))
            first = c;
    }
    if (!first)
        return v;
    v.words = clock_words(a, law, l, m, &first->clock, now);
    v.over = law_state(&first->clock, now) == LAW_OVER;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (running(c) && c != first && !told_by_another(m, i))
            VEC_PUSH(a, &v.more, clock_words(a, law, l, m, &c->clock, now));
    }
    return v;
}

/* ---- hours ---- */

static int weekday_of(struct str two)
{
    static const char codes[] = "MoTuWeThFrSaSu";
    for (int i = 0; i < 7; i++)
        if (str_eq(two, (struct str){codes + 2 * i, 2}))
            return i;
    return -1;
}

static struct str hours_days(struct arena *a, enum lang l, struct str days)
{
    static const char *const names[LANG_COUNT][7] = {
        [LANG_FI] = {"ma", "ti", "ke", "to", "pe", "la", "su"},
        [LANG_SV] = {"mån", "tis", "ons", "tors", "fre", "lör", "sön"},
        [LANG_EN] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    };
    int from = weekday_of(str_cut(&days, '-'));
    int to = days.n ? weekday_of(days) : from;
    if (from < 0 || to < 0)
        return (struct str){NULL, 0};
    return from == to ? str_of(names[l][from]) : str_fmt(a, "%s–%s", names[l][from], names[l][to]);
}

/* "08:00" as minutes; -1: something else. */
static int hours_minute(struct str s)
{
    int64_t h, m;
    struct str rest = s;
    if (!str_int(str_cut(&rest, ':'), &h) || !str_int(rest, &m))
        return -1;
    return h >= 0 && h <= 24 && m >= 0 && m < 60 ? (int)(60 * h + m) : -1;
}

struct str contact_hours_words(struct arena *a, enum lang l, struct str hours)
{
    struct buf b = buf_new(a, 1024);
    for (struct str rest = hours; rest.n;) {
        struct str times = str_trim(str_cut(&rest, ';'));
        struct str days = hours_days(a, l, str_cut(&times, ' '));
        int from = hours_minute(str_cut(&times, '-')), to = hours_minute(times);
        if (!days.n || from < 0 || to < 0)
            return hours;
        if (b.n)
            buf_lit(&b, ", ");
        buf_str(&b, days);
        buf_char(&b, ' ');
        buf_str(&b, contact_window_hours(a, l, from, to));
    }
    return buf_get(&b);
}

/* ---- options ---- */

static void add(struct arena *a, struct ui_options *out, struct str value, struct str label,
                struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(a, out, o);
}

struct ui_options contact_window_options(struct arena *a, enum lang l,
                                         const struct contact_windows *w, struct str chosen,
                                         struct str any)
{
    struct ui_options out = {0};
    add(a, &out, S(""), any, chosen);
    for (size_t i = 0; i < w->n; i++)
        add(a, &out, w->p[i].code, day_and_hours(a, l, w->p[i].day, w->p[i].from, w->p[i].to),
            chosen);
    return out;
}

/* ---- about you ---- */

struct making {
    struct arena *a;
    enum lang l;
    const struct contact_flow *flow;
    const struct contact_details *d;
    bool fresh;
};

static struct str sent(const struct making *m, enum contact_detail which)
{
    return str_trim(fields_get(m->flow->sent, contact_detail_fields[which]));
}

static struct str error_of(const struct making *m, enum contact_detail which)
{
    const char *message = m->fresh ? NULL : m->d->errors[which];
    return message ? tr(m->l, message) : (struct str){NULL, 0};
}

static struct ui_field field(const struct making *m, enum contact_detail which, struct str label)
{
    return (struct ui_field){.name = str_of(contact_detail_fields[which]),
                             .label = label,
                             .value = sent(m, which),
                             .error = error_of(m, which)};
}

static struct ui_choice choice(const struct making *m, enum contact_detail which, struct str label)
{
    return (struct ui_choice){
        .name = str_of(contact_detail_fields[which]), .label = label, .error = error_of(m, which)};
}

static void add_hint(struct ui_options *out, struct str hint)
{
    out->p[out->n - 1].hint = hint;
}

static void view_who(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    struct str who = sent(m, DETAIL_WHO), role = sent(m, DETAIL_ROLE);
    if (!str_eq(who, S("other")))
        who = S("self");
    v->who = choice(m, DETAIL_WHO, tr(l, "Who is this about?"));
    add(m->a, &v->who.options, S("self"), tr(l, "Myself"), who);
    add(m->a, &v->who.options, S("other"), tr(l, "Somebody else"), who);
    add_hint(&v->who.options, tr(l, "A child, a relative, a person whom I help"));
    v->role = choice(m, DETAIL_ROLE, tr(l, "Your role"));
    for (size_t i = 0; i < CONTACT_ROLES; i++)
        add(m->a, &v->role.options, str_of(contact_roles[i].code), tr(l, contact_roles[i].words),
            role);
    v->whose = field(m, DETAIL_WHOSE, tr(l, "Name of the person whom this is about"));
    v->name = field(m, DETAIL_NAME, tr(l, "Your name"));
    v->name.hint = tr(l, "You can stay without a name. With it we know whom to ask for.");
    v->name.autocomplete = "name";
    v->name.optional = v->whose.optional = true;
}

static void view_born(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    v->born = field(m, DETAIL_BORN, tr(l, "Date of birth of the person whom this is about"));
    v->born.hint = tr(l, "For example 3 11 1950. Age decides which time limits of the law apply. "
                         "Without it we keep the shortest one that may.");
    v->born.optional = true;
    struct ui_field *parts[] = {&v->day, &v->month, &v->year};
    const struct str names[] = {S("d.born.d"), S("d.born.m"), S("d.born.y")};
    const struct str labels[] = {tr(l, "Day"), tr(l, "Month"), tr(l, "Year")};
    for (size_t i = 0; i < 3; i++)
        *parts[i] = (struct ui_field){.name = names[i],
                                      .label = labels[i],
                                      .error = v->born.error,
                                      .longest = i == 2 ? 4 : 2,
                                      .value = str_trim(fields_get(m->flow->sent, names[i].p))};
}

static void view_district(const struct making *m, struct details_view *v)
{
    struct str chosen = sent(m, DETAIL_DISTRICT);
    v->district = choice(m, DETAIL_DISTRICT, tr(m->l, "Home area of the person"));
    v->district.hint = tr(m->l, "So that it goes at once to the team of that area.");
    v->district.optional = true;
    add(m->a, &v->district.options, S(""), tr(m->l, "I do not know, or elsewhere"), chosen);
    for (size_t i = 0; i < m->flow->districts.n; i++) {
        const struct named *d = &m->flow->districts.p[i];
        add(m->a, &v->district.options, d->ref, d->name[m->l], chosen);
    }
}

static void view_reach(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    struct str reach = sent(m, DETAIL_REACH);
    v->reach = choice(m, DETAIL_REACH, tr(l, "How do you want the answer?"));
    add(m->a, &v->reach.options, S("call"), tr(l, "Call me"), reach);
    add(m->a, &v->reach.options, S("message"), tr(l, "Write to me on these pages"), reach);
    add_hint(&v->reach.options, tr(l, "You read it with the receipt code that you get."));
    add(m->a, &v->reach.options, S("none"), tr(l, "I need no answer"), reach);
    add_hint(&v->reach.options, tr(l, "You still see with your receipt code how it goes on."));
    v->phone = field(m, DETAIL_PHONE, tr(l, "Phone number"));
    v->phone.type = v->phone.autocomplete = "tel";
    v->phone.size = "mid";
    struct contact_windows w = contact_windows(m->a, m->flow->known.law, m->flow->known.now);
    v->window = choice(m, DETAIL_WINDOW, tr(l, "When can we call?"));
    v->window.hint = tr(l, "We call on working days during office hours.");
    v->window.options = contact_window_options(m->a, l, &w, sent(m, DETAIL_WINDOW),
                                               tr(l, "At any time of the working day"));
    v->email = field(m, DETAIL_EMAIL, tr(l, "Email"));
    v->email.hint = tr(l, "We do not write about health or family by email. A professional may use "
                          "it to reach you when nothing else works.");
    v->email.type = v->email.autocomplete = "email";
    v->email.optional = true;
}

static void view_language(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    struct str chosen = sent(m, DETAIL_LANGUAGE);
    if (!chosen.n)
        chosen = str_of(lang_code(l));
    v->language = choice(m, DETAIL_LANGUAGE, tr(l, "Language in which we serve you"));
    for (size_t i = 0; i < contact_language_n; i++) {
        const struct contact_language *one = &contact_languages[i];
        struct str name = tr(l, one->english), label = str_of(one->name);
        if (!str_ieq(name, label))
            label = str_fmt(m->a, "%s (" STR_FMT ")", one->name, STR_ARG(name));
        add(m->a, &v->language.options, str_of(one->code), label, chosen);
    }
    v->interpreter = m->d->interpreter;
}

void contact_details_view(struct page *pg, const struct contact_flow *flow,
                          const struct contact_details *d, bool fresh, struct details_view *out)
{
    struct making m = {pg->a, pg->lang, flow, d, fresh};
    *out = (struct details_view){0};
    view_who(&m, out);
    view_born(&m, out);
    view_district(&m, out);
    view_reach(&m, out);
    view_language(&m, out);
}

/* ---- checking ---- */

static void line(struct arena *a, struct check_view *out, struct str label, struct str value)
{
    struct ui_fact fact = {label, value};
    if (value.n)
        VEC_PUSH(a, &out->facts, fact);
}

static struct str reach_words(struct arena *a, enum lang l, const struct contact_details *d)
{
    if (str_eq(d->reach, S("message")))
        return tr(l, "Write to me on these pages");
    if (str_eq(d->reach, S("none")))
        return tr(l, "I need no answer");
    struct buf b = buf_new(a, 0);
    buf_str(&b, tr(l, "Call me"));
    buf_lit(&b, ": ");
    buf_str(&b, d->phone);
    buf_lit(&b, ", ");
    if (date_is(d->window.day)) {
        buf_str(&b, day_and_hours(a, l, d->window.day, d->window.from, d->window.to));
    } else {
        buf_str(&b, tr(l, "At any time of the working day"));
    }
    return buf_get(&b);
}

void contact_details_lines(struct arena *a, const struct contact_flow *flow,
                           const struct contact_details *d, struct check_view *out)
{
    enum lang l = flow->known.lang;
    struct str district =
        d->district.n ? named_find(&flow->districts, d->district, l) : (struct str){NULL, 0};
    struct str about = d->other ? tr(l, "Somebody else") : tr(l, "Myself");
    line(a, out, tr(l, "Who is this about?"), about);
    line(a, out, tr(l, "Your role"), contact_role_words(l, d->role));
    line(a, out, tr(l, "Name of the person whom this is about"), d->whose);
    line(a, out, tr(l, "Your name"), d->name.n ? d->name : tr(l, "Not given"));
    line(a, out, tr(l, "Date of birth of the person whom this is about"),
         date_is(d->born) ? fmt_date(a, l, d->born) : tr(l, "Not given"));
    line(a, out, tr(l, "Home area of the person"), district);
    line(a, out, tr(l, "How do you want the answer?"), reach_words(a, l, d));
    line(a, out, tr(l, "Email"), d->email);
    line(a, out, tr(l, "Language in which we serve you"), contact_language_name(l, d->language));
    if (d->interpreter)
        line(a, out, tr(l, "An interpreter is needed"), tr(l, "Yes"));
}

void contact_details_carry(struct arena *a, const struct fields *sent, struct fields *out)
{
    static const char *const parts[] = {"d.born.d", "d.born.m", "d.born.y"};
    for (size_t i = 0; i < DETAIL_COUNT + 3; i++) {
        const char *name = i < DETAIL_COUNT ? contact_detail_fields[i] : parts[i - DETAIL_COUNT];
        struct field f = {str_of(name), fields_get(sent, name)};
        if (f.value.n)
            VEC_PUSH(a, out, f);
    }
}
