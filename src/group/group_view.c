/* group_view.c: see group_view.h: groups in words. */
#include "group/group_view.h"

#include "directory/ptv.h"
#include "group/group_pages.h"

enum { PARTS_SHOWN = 5 };

struct str group_when(struct arena *a, enum lang l, const struct group_session *s)
{
    int end = minute_of(s->end);
    struct str day = fmt_day(a, l, date_of(s->start)), at = fmt_time(a, l, minute_of(s->start));
    return str_fmt(a,
                   l == LANG_EN ? STR_FMT " " STR_FMT "–%d:%02d" : STR_FMT " " STR_FMT "–%d.%02d",
                   STR_ARG(day), STR_ARG(at), end / 60, end % 60);
}

struct group_time group_time_of(struct rq *rq, const struct group_session *s)
{
    return (struct group_time){.id = s->id,
                               .iso = instant_iso(rq->a, s->start),
                               .words = group_when(rq->a, rq_lang(rq), s),
                               .cancelled = s->cancelled,
                               .past = s->end.ms <= rq->now.ms,
                               .why = s->why};
}

struct str group_places_words(struct arena *a, enum lang l, const struct group *g,
                              const struct group_counts *n)
{
    int taken = n->of[SIGN_PLACE] + n->of[SIGN_OFFERED] + n->of[SIGN_WAITING];
    struct str number = fmt_int(a, l, g->places - taken);
    if (taken < g->places)
        return tr_fill(a, tr_n(l, "%1 place free", "%1 places free", g->places - taken), &number,
                       1);
    if (n->of[SIGN_WAITING] >= g->waiting_most)
        return tr(l, "Full");
    number = fmt_int(a, l, n->of[SIGN_WAITING]);
    return n->of[SIGN_WAITING] ? tr_fill(a,
                                         tr_n(l, "Full: %1 on the waiting list",
                                              "Full: %1 on the waiting list", n->of[SIGN_WAITING]),
                                         &number, 1)
                               : tr(l, "Full: you can join the waiting list");
}

static const struct {
    const char *code, *words;
} languages[] = {
    {"fi", N_("Finnish")},  {"sv", N_("Swedish")}, {"en", N_("English")}, {"ru", N_("Russian")},
    {"et", N_("Estonian")}, {"ar", N_("Arabic")},  {"so", N_("Somali")},  {"uk", N_("Ukrainian")},
};

struct str group_language_words(struct arena *a, enum lang l, struct str words)
{
    struct buf b = buf_new(a, 0);
    for (struct str rest = words; rest.n;) {
        struct str w = str_cut(&rest, ' '), name = w;
        for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
            if (str_eq(w, str_of(languages[i].code)))
                name = tr(l, languages[i].words);
        if (b.n)
            buf_lit(&b, ", ");
        buf_str(&b, name);
    }
    return buf_get(&b);
}

struct str group_area_words(struct rq *rq, const struct group *g)
{
    struct named_list all = districts_load(rq->a, rq->db);
    return g->area.n ? named_find(&all, g->area, rq_lang(rq)) : S("");
}

static void put_fact(struct rq *rq, struct ui_facts *out, struct str term, struct str text)
{
    if (text.n)
        VEC_PUSH(rq->a, out, (struct ui_fact){.term = term, .text = text});
}

void group_put_facts(struct rq *rq, const struct group *g, const struct group_sessions *list,
                     struct ui_facts *out)
{
    enum lang l = rq_lang(rq);
    const struct group_audience *who = group_audience_find(group_data(), g->audience);
    const struct group_session *next = group_next(list, 0, rq->now);
    struct instant until = group_signs_until(g, list, g->whole || !next ? 0 : next->id);
    put_fact(rq, out, tr(l, "For whom"), who ? who->name[l] : S(""));
    put_fact(rq, out, g->remote ? tr(l, "How to join") : tr(l, "Where"), g->place_name[l]);
    put_fact(rq, out, tr(l, "Area"), group_area_words(rq, g));
    put_fact(rq, out, tr(l, "Price"), g->price[l].n ? g->price[l] : tr(l, "Free of charge"));
    put_fact(rq, out, tr(l, "Languages"), group_language_words(rq->a, l, g->languages));
    if (g->opens.ms > rq->now.ms)
        put_fact(rq, out, tr(l, "Sign-up begins"), fmt_when(rq->a, l, g->opens));
    if (g->whole && until.ms > rq->now.ms)
        put_fact(rq, out, tr(l, "Sign up by"), fmt_when(rq->a, l, until));
}

void group_put_option(struct rq *rq, struct ui_choice *c, struct str value, struct str label,
                      bool chosen)
{
    VEC_PUSH(rq->a, &c->options,
             (struct ui_option){.value = value, .label = label, .chosen = chosen});
}

struct str group_typed(struct rq *rq, const char *name, bool one_line)
{
    return ptv_clean(rq->a, rq_form(rq, name), one_line);
}

void group_error(struct rq *rq, struct ui_errors *errors, struct ui_field *f, struct str words)
{
    if (f)
        f->error = words;
    VEC_PUSH(rq->a, errors, (struct ui_error){f ? f->name : S("main"), words});
}

/* ---- signing up ---- */

static struct str label_of(struct arena *a, const struct group *g, int64_t session, struct str once)
{
    return str_fmt(a, "group %lld %lld " STR_FMT, (long long)g->id, (long long)session,
                   STR_ARG(once));
}

struct str group_code_for(struct rq *rq, const struct group *g, int64_t session, struct str once,
                          struct str *hash)
{
    struct str code = auth_code_make(rq->a, rq->app->key, label_of(rq->a, g, session, once));
    auth_code_hash(rq->a, rq->app->key, code, hash);
    return code;
}

struct group_signing group_read_signing(struct rq *rq, const struct group *g)
{
    struct group_signing s = {
        .name = g->names == GROUP_NAMES_NONE ? S("") : group_typed(rq, "name", true),
        .phone = group_typed(rq, "phone", true),
        .email = group_typed(rq, "email", true),
        .lang = rq_lang(rq),
        .site = rq_site(rq),
        .at = rq->now,
    };
    if (!g->whole)
        str_int(rq_form(rq, "session"), &s.session);
    s.once = label_of(rq->a, g, s.session, rq_once(rq, rq_form(rq, "once")));
    return s;
}

struct ui_field *group_refused_field(enum group_refusal no, struct ui_field *name,
                                     struct ui_field *phone, struct ui_field *email)
{
    switch (no) {
    case GROUP_NO_NO_NAME:
    case GROUP_NO_LONG_NAME:
    case GROUP_NO_IDENTITY:
        return name;
    case GROUP_NO_BAD_PHONE:
    case GROUP_NO_NO_WAY:
        return phone;
    case GROUP_NO_BAD_EMAIL:
        return email;
    default:
        return NULL;
    }
}

void group_put_person_fields(struct rq *rq, const struct group *g, struct ui_field *name,
                             struct ui_field *phone, struct ui_field *email)
{
    enum lang l = rq_lang(rq);
    bool staff = rq->session.kind == SESSION_STAFF;
    *name = (struct ui_field){.name = S("name"),
                              .label = tr(l, "Name"),
                              .value = group_typed(rq, "name", true),
                              .optional = g->names == GROUP_NAMES_MAY,
                              .autocomplete = staff ? NULL : "name",
                              .longest = GROUP_NAME_MAX};
    if (g->names == GROUP_NAMES_MAY && !staff)
        name->hint = tr(l, "You may leave it out, or write what you wish to be called.");
    *phone =
        (struct ui_field){.name = S("phone"),
                          .label = tr(l, "Phone number"),
                          .value = group_typed(rq, "phone", true),
                          .hint = tr(l, "Only to tell of changes, and when a place becomes free."),
                          .optional = true,
                          .type = "tel",
                          .autocomplete = staff ? NULL : "tel",
                          .longest = 40,
                          .size = "mid"};
    *email = (struct ui_field){.name = S("email"),
                               .label = tr(l, "E-mail address"),
                               .value = group_typed(rq, "email", true),
                               .hint = tr(l, "For the same. If there is a phone number, "
                                             "we use that."),
                               .optional = true,
                               .type = "email",
                               .autocomplete = staff ? NULL : "email",
                               .longest = 254};
}

/* ---- what a list tells of one ---- */

struct group_card group_card_of(struct rq *rq, const struct group *g, const struct group_book *book)
{
    enum lang l = rq_lang(rq);
    const struct group_sessions list = group_book_sessions(book, g->id);
    const struct group_audience *who = group_audience_find(group_data(), g->audience);
    const struct group_session *next = group_next(&list, 0, rq->now);
    int64_t of = g->whole || !next ? 0 : next->id;
    struct group_counts n = group_book_count(book, g->id, of);
    struct group_signing ask = {
        .session = of, .at = rq->now, .phone = S("0400000000"), .name = S("x")};
    enum group_sign state = SIGN_GONE;
    enum group_refusal no = group_may_sign(g, &list, &n, &ask, &state);
    int coming = 0;
    for (size_t i = 0; i < list.n; i++)
        coming += !list.p[i].cancelled && list.p[i].start.ms > rq->now.ms;
    struct str more = fmt_int(rq->a, l, coming - 1);
    return (struct group_card){
        .href = str_fmt(rq->a, "/%s/groups/" STR_FMT, lang_code(l), STR_ARG(g->ref)),
        .name = g->name[l],
        .when = next ? group_when(rq->a, l, next) : tr(l, "No sessions just now"),
        .more = coming > 1
                    ? tr_fill(rq->a, tr_n(l, "and one more", "and %1 more", coming - 1), &more, 1)
                    : S(""),
        .where = g->place_name[l],
        .price = g->price[l].n ? g->price[l] : tr(l, "Free of charge"),
        .audience = who ? who->name[l] : S(""),
        .languages = group_language_words(rq->a, l, g->languages),
        .places = no == GROUP_NO_FINE || no == GROUP_NO_FULL ? group_places_words(rq->a, l, g, &n)
                                                             : tr(l, group_refusal_words(no)),
        .room = no == GROUP_NO_FINE && state == SIGN_PLACE,
        .open = no == GROUP_NO_FINE || no == GROUP_NO_FULL,
    };
}

/* ---- on a matter's pages: the groups of its team with a place ---- */

static struct group_cards with_places(struct rq *rq, const struct matter *m, bool staff)
{
    struct group_cards out = {0};
    if (!m->team || m->state != MATTER_OPEN)
        return out;
    struct groups all = groups_open_of_team(rq->a, rq->db, m->team);
    struct group_book book =
        all.n ? group_book_open_of_team(rq->a, rq->db, m->team) : (struct group_book){0};
    for (size_t i = 0; i < all.n && out.n < PARTS_SHOWN; i++) {
        struct group_card c = group_card_of(rq, &all.p[i], &book);
        struct str ref = all.p[i].ref, lang = str_of(lang_code(rq_lang(rq)));
        if (!c.room)
            continue;
        c.href =
            staff ? str_fmt(rq->a, "/" STR_FMT "/staff/group/" STR_FMT "/sign-up?matter=" STR_FMT,
                            STR_ARG(lang), STR_ARG(ref), STR_ARG(m->ref))
                  : c.href;
        VEC_PUSH(rq->a, &out, c);
    }
    return out;
}

static struct html part(struct rq *rq, const struct group_cards *cards,
                        void (*write)(struct page *pg, const struct group_cards *cards))
{
    struct buf b = buf_new(rq->a, 0), *before = rq->page.out;
    if (!cards->n)
        return (struct html){0};
    rq->page.out = &b;
    write(&rq->page, cards);
    rq->page.out = before;
    return (struct html){buf_get(&b)};
}

struct html group_resident_part(struct rq *rq, const struct matter *m)
{
    struct group_cards cards = with_places(rq, m, false);
    return part(rq, &cards, group_resident_offer);
}

struct html group_staff_part(struct rq *rq, const struct matter *m)
{
    struct group_cards cards = with_places(rq, m, true);
    return part(rq, &cards, group_staff_offer);
}
