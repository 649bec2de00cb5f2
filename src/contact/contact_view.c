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

/* The first to come; of those that end together the one that came last into the matter, which says
 * most ("assessed today" rather than "reached today"). */
static const struct matter_clock *first_clock(const struct matter *m)
{
    const struct matter_clock *first = NULL;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (running(c) && (!first || c->clock.due_at.ms <= first->clock.due_at.ms))
            first = c;
    }
    return first;
}

struct promise_view contact_promise(struct arena *a, const struct law *law, enum lang l,
                                    const struct matter *m, struct instant now)
{
    struct promise_view v = {0};
    const struct matter_clock *first = first_clock(m);
    if (!first)
        return v;
    v.words = promised(a, law, l, &first->clock, now);
    v.over = law_state(&first->clock, now) == LAW_OVER;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (running(c) && c != first)
            VEC_PUSH(a, &v.more, promised(a, law, l, &c->clock, now));
    }
    return v;
}

/* ---- options ---- */

static void add(struct arena *a, struct contact_options *out, struct str code, struct str label,
                struct str chosen)
{
    struct contact_option o = {.code = code, .label = label, .chosen = str_eq(code, chosen)};
    VEC_PUSH(a, out, o);
}

/* A radio button has an id of its own: d.who.1, which errors lead to. */
static void add_radio(struct arena *a, struct contact_field *f, const char *code, struct str label,
                      struct str hint)
{
    add(a, &f->options, str_of(code), label, f->value);
    struct contact_option *o = &f->options.p[f->options.n - 1];
    o->id = str_fmt(a, "%s.%zu", f->name, f->options.n);
    o->hint = hint;
}

void contact_window_options(struct arena *a, enum lang l, const struct contact_windows *w,
                            struct str chosen, struct str any, struct contact_options *out)
{
    add(a, out, S(""), any, chosen);
    for (size_t i = 0; i < w->n; i++) {
        const struct contact_window *now = &w->p[i];
        bool first = i == 0 || w->p[i - 1].day.day != now->day.day;
        add(a, out, now->code, contact_window_hours(a, l, now->from, now->to), chosen);
        struct contact_option *o = &out->p[out->n - 1];
        if (first)
            o->group = fmt_day(a, l, now->day);
        o->ends_group = i + 1 == w->n || w->p[i + 1].day.day != now->day.day;
    }
}

/* ---- about you ---- */

struct making {
    struct arena *a;
    enum lang l;
    const struct contact_flow *flow;
    const struct contact_details *d;
    bool fresh;
};

static struct contact_field field(const struct making *m, enum contact_detail which,
                                  struct str label, struct str hint)
{
    const char *name = contact_detail_fields[which];
    struct contact_field f = {.name = name,
                              .label = label,
                              .hint = hint,
                              .type = "text",
                              .autocomplete = "off",
                              .value = str_trim(fields_get(m->flow->sent, name))};
    if (!m->fresh && m->d->errors[which])
        f.error = tr(m->l, m->d->errors[which]);
    return f;
}

static void view_who(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    v->who = field(m, DETAIL_WHO, tr(l, "Who is this about?"), S(""));
    if (!str_eq(v->who.value, S("other")))
        v->who.value = S("self");
    add_radio(m->a, &v->who, "self", tr(l, "Myself"), S(""));
    add_radio(m->a, &v->who, "other", tr(l, "Somebody else"),
              tr(l, "A child, a relative, a person whom I help"));
    v->role = field(m, DETAIL_ROLE, tr(l, "Your role"), S(""));
    for (size_t i = 0; i < CONTACT_ROLES; i++)
        add_radio(m->a, &v->role, contact_roles[i].code, tr(l, contact_roles[i].words), S(""));
    v->whose = field(m, DETAIL_WHOSE, tr(l, "Name of the person whom this is about"), S(""));
    v->name = field(m, DETAIL_NAME, tr(l, "Your name"),
                    tr(l, "You can stay without a name. With it we know whom to ask for."));
    v->name.autocomplete = "name";
    v->name.optional = v->whose.optional = true;
}

static void view_born(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    v->born = field(m, DETAIL_BORN, tr(l, "Date of birth of the person whom this is about"),
                    tr(l, "For example 3 11 1950. Age decides which time limits of the law apply. "
                          "Without it we keep the shortest one that may."));
    v->born.optional = true;
    v->day = v->month = v->year = v->born;
    v->day.name = "d.born.d", v->day.label = tr(l, "Day");
    v->month.name = "d.born.m", v->month.label = tr(l, "Month");
    v->year.name = "d.born.y", v->year.label = tr(l, "Year");
    struct contact_field *parts[] = {&v->day, &v->month, &v->year};
    for (size_t i = 0; i < 3; i++)
        parts[i]->value = str_trim(fields_get(m->flow->sent, parts[i]->name));
}

static void view_district(const struct making *m, struct details_view *v)
{
    v->district = field(m, DETAIL_DISTRICT, tr(m->l, "Where do you live?"),
                        tr(m->l, "So that it goes at once to the team of your area."));
    v->district.optional = true;
    add(m->a, &v->district.options, S(""), tr(m->l, "I do not know, or elsewhere"),
        v->district.value);
    for (size_t i = 0; i < m->flow->districts.n; i++) {
        const struct named *d = &m->flow->districts.p[i];
        add(m->a, &v->district.options, d->ref, d->name[m->l], v->district.value);
    }
}

static void view_reach(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    v->reach = field(m, DETAIL_REACH, tr(l, "How do you want the answer?"), S(""));
    add_radio(m->a, &v->reach, "call", tr(l, "Call me"), S(""));
    add_radio(m->a, &v->reach, "message", tr(l, "Write to me on these pages"),
              tr(l, "You read it with the receipt code that you get."));
    add_radio(m->a, &v->reach, "none", tr(l, "I need no answer"),
              tr(l, "You still see with your receipt code how it goes on."));
    v->phone = field(m, DETAIL_PHONE, tr(l, "Phone number"), S(""));
    v->phone.type = "tel";
    v->phone.autocomplete = "tel";
    v->window = field(m, DETAIL_WINDOW, tr(l, "When can we call?"),
                      tr(l, "We call on working days during office hours."));
    v->window.optional = true;
    struct contact_windows w = contact_windows(m->a, m->flow->known.law, m->flow->known.now);
    contact_window_options(m->a, l, &w, v->window.value, tr(l, "At any time of the working day"),
                           &v->window.options);
    v->email = field(m, DETAIL_EMAIL, tr(l, "Email"),
                     tr(l, "We do not send matters of health or family by email. A professional "
                           "may use it to reach you when nothing else works."));
    v->email.type = v->email.autocomplete = "email";
    v->email.optional = true;
}

static void view_language(const struct making *m, struct details_view *v)
{
    enum lang l = m->l;
    v->language = field(m, DETAIL_LANGUAGE, tr(l, "Language in which we serve you"), S(""));
    if (!v->language.value.n)
        v->language.value = str_of(lang_code(l));
    for (size_t i = 0; i < contact_language_n; i++) {
        const struct contact_language *one = &contact_languages[i];
        struct str name = tr(l, one->english), label = str_of(one->name);
        if (!str_ieq(name, label))
            label = str_fmt(m->a, "%s, " STR_FMT, one->name, STR_ARG(name));
        add(m->a, &v->language.options, str_of(one->code), label, v->language.value);
    }
    v->interpreter = field(m, DETAIL_INTERPRETER, tr(l, "An interpreter is needed"),
                           tr(l, "It costs you nothing. Children need not interpret."));
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
    struct check_line l = {label, value};
    if (value.n)
        VEC_PUSH(a, &out->lines, l);
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
        buf_str(&b, fmt_day(a, l, d->window.day));
        buf_char(&b, ' ');
        buf_str(&b, contact_window_hours(a, l, d->window.from, d->window.to));
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
    line(a, out, tr(l, "Your role"), contact_other_words(a, l, d));
    line(a, out, tr(l, "Name of the person whom this is about"), d->whose);
    line(a, out, tr(l, "Your name"), d->name.n ? d->name : tr(l, "Not given"));
    line(a, out, tr(l, "Date of birth of the person whom this is about"),
         date_is(d->born) ? fmt_date(a, l, d->born) : tr(l, "Not given"));
    line(a, out, tr(l, "Where do you live?"), district);
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
        const char *name =
            i < DETAIL_COUNT ? contact_detail_fields[i] : parts[i - DETAIL_COUNT];
        struct field f = {str_of(name), fields_get(sent, name)};
        if (f.value.n)
            VEC_PUSH(a, out, f);
    }
}
