/*
 * directory_page.c: whole pages' views: a service, a place, a list of hits.
 */
#include "directory/directory_view.h"

#include "directory/find.h"
#include "search/fold.h"

/* ---- facts of a service ---- */

static void add_fact(const struct view *v, struct view_facts *out, struct str title,
                     const struct dir_texts *text)
{
    if (text->n > 0)
        VEC_PUSH(v->a, out, (struct view_fact){title, view_prose(v, text)});
}

static void add_plain(const struct view *v, struct view_facts *out, struct str title,
                      struct str text)
{
    struct view_fact f = {.title = title, .prose = {.lang = str_of(lang_code(v->lang))}};
    VEC_PUSH(v->a, &f.prose.blocks, (struct view_block){.text = text});
    VEC_PUSH(v->a, out, f);
}

static struct str join(struct arena *a, const struct dir_strs *list)
{
    struct buf b = buf_new(a, 4096);
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0)
            buf_lit(&b, ", ");
        buf_str(&b, list->p[i]);
    }
    return buf_get(&b);
}

/* Children and families with children, Seniors ... but not "Citizens", which says nothing. */
static struct str groups(const struct view *v, const struct dir_service *s)
{
    struct dir_strs names = {0};
    for (size_t i = 0; i < s->groups.n; i++)
        if (!str_eq(s->groups.p[i].code, S("KR1")) && s->groups.p[i].names.n > 0)
            VEC_PUSH(v->a, &names, dir_pick(&s->groups.p[i].names, v->lang).text);
    return join(v->a, &names);
}

static struct str languages(const struct view *v, const struct dir_service *s)
{
    struct dir_strs names = {0};
    for (size_t i = 0; i < s->languages.n; i++) {
        const struct find_option *o =
            find_option(v->dir->find, FIND_LANGUAGE, s->languages.p[i].text);
        VEC_PUSH(v->a, &names, o ? o->name[v->lang] : s->languages.p[i].text);
    }
    return join(v->a, &names);
}

static struct str charge_word(const struct view *v, int32_t charge)
{
    if (charge == DIR_FREE)
        return tr(v->lang, "Free of charge.");
    return charge == DIR_CHARGEABLE ? tr(v->lang, "There is a charge.") : S("");
}

static struct view_facts facts(const struct view *v, const struct dir_service *s)
{
    struct view_facts out = {0};
    struct str who = groups(v, s), spoken = languages(v, s), cost = charge_word(v, s->charge);
    if (s->requirements.n > 0)
        add_fact(v, &out, tr(v->lang, "Who it is for"), &s->requirements);
    else if (who.n > 0)
        add_plain(v, &out, tr(v->lang, "Who it is for"), who);
    if (s->charge_info.n > 0)
        add_fact(v, &out, tr(v->lang, "What it costs"), &s->charge_info);
    else if (cost.n > 0)
        add_plain(v, &out, tr(v->lang, "What it costs"), cost);
    add_fact(v, &out, tr(v->lang, "What to do"), &s->instruction);
    add_fact(v, &out, tr(v->lang, "By when to apply"), &s->deadline);
    add_fact(v, &out, tr(v->lang, "How long it takes"), &s->processing);
    add_fact(v, &out, tr(v->lang, "How long it is valid"), &s->validity);
    if (spoken.n > 0)
        add_plain(v, &out, tr(v->lang, "Languages"), spoken);
    return out;
}

/* ---- who gives it ---- */

static bool listed(const struct dir_strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i], s))
            return true;
    return false;
}

static struct dir_strs given_by(const struct view *v, const struct dir_service *s)
{
    struct dir_strs out = {0};
    for (size_t i = 0; i < s->roles.n; i++) {
        const struct dir_organisation *o = dir_organisation(v->dir, s->roles.p[i].id);
        struct str name = o ? dir_pick(&o->name, v->lang).text : s->roles.p[i].name;
        if (name.n > 0 && !listed(&out, name))
            VEC_PUSH(v->a, &out, name);
    }
    return out;
}

static struct view_link theme_of(const struct view *v, const struct dir_service *s)
{
    const struct dir_topics *themes = &dir_data()->themes;
    for (size_t i = 0; i < themes->n; i++)
        if (dir_in_topic(s, &themes->p[i]))
            return (struct view_link){
                str_fmt(v->a, "/%s/theme/" STR_FMT, lang_code(v->lang), STR_ARG(themes->p[i].code)),
                themes->p[i].name[v->lang]};
    return (struct view_link){0};
}

/* ---- what editors have added ---- */

struct view_cover view_cover(const struct view *v, const struct dir_service *s)
{
    struct date until = s->addition.cover_until;
    struct str day = until.day > 0 ? fmt_date(v->a, v->lang, until) : S("");
    switch (find_cover(s, date_of(v->now))) {
    case DIR_COVER_TAKES:
        return (struct view_cover){tr(v->lang, "Takes new people"), true};
    case DIR_COVER_FULL:
        if (day.n == 0)
            return (struct view_cover){tr(v->lang, "Full now"), false};
        return (struct view_cover){tr_fill(v->a, tr(v->lang, "Full now, until %1"), &day, 1),
                                   false};
    case DIR_COVER_PAUSED:
        if (day.n == 0)
            return (struct view_cover){tr(v->lang, "Not given just now"), false};
        return (struct view_cover){
            tr_fill(v->a, tr(v->lang, "Not given just now, until %1"), &day, 1), false};
    case DIR_COVER_UNKNOWN:
        break;
    }
    return (struct view_cover){0};
}

static const struct dir_wait *wait_of(const struct dir_service *s)
{
    const struct dir_data *d = dir_data();
    for (size_t i = 0; i < d->waits.n && !dir_has_code(&s->classes, &d->waits_not); i++)
        if (dir_has_code(&s->classes, &d->waits.p[i].classes))
            return &d->waits.p[i];
    return NULL;
}

static struct view_link wait_link(const struct view *v, const struct dir_service *s)
{
    const struct dir_wait *w = wait_of(s);
    int rule = w && v->law ? law_rule_find(v->law, w->rule) : -1;
    if (rule < 0)
        return (struct view_link){0};
    return (struct view_link){
        str_fmt(v->a, "/%s/waits/" STR_FMT, lang_code(v->lang), STR_ARG(w->rule)),
        law_rule(v->law, rule)->name[v->lang]};
}

struct view_service view_service(const struct view *v, const struct dir_service *s)
{
    struct view_service out = {
        .id = s->id,
        .cover = view_cover(v, s),
        .plain = view_prose(v, &s->addition.plain),
        .name = view_text(v, &s->name),
        .summary = view_text(v, &s->summary),
        .description = view_prose(v, &s->description),
        .facts = facts(v, s),
        .given_by = given_by(v, s),
        .updated = date_is(s->modified) ? fmt_date(v->a, v->lang, s->modified) : S(""),
        .theme = theme_of(v, s),
        .wait = wait_link(v, s),
    };
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_way *w = &s->ways.p[i];
        struct view_channel c = view_channel(v, w->channel, w->connection);
        if (w->channel->kind == DIR_LOCATION)
            VEC_PUSH(v->a, &out.places, c);
        else
            VEC_PUSH(v->a, &out.ways, c);
    }
    return out;
}

/* ---- hits ---- */

struct words {
    struct str p[16];
    size_t n;
};

static struct words fold_query(struct arena *a, struct str query)
{
    struct words out = {0};
    char word[WORD_MAX];
    for (size_t n; out.n < 16 && fold_word(&query, word, &n);)
        if (n > 2)
            out.p[out.n++] = str_dup(a, (struct str){word, n});
    return out;
}

/* The text in pieces, those marked that a word of the query found. */
static struct view_pieces pieces(const struct view *v, struct str text, const struct words *words)
{
    struct view_pieces out = {0};
    const char *done = text.p, *end = text.p + text.n;
    char word[WORD_MAX];
    struct str span;
    for (size_t n; text.n > 0 && fold_span(&text, word, &n, &span);) {
        bool marked = false;
        for (size_t i = 0; i < words->n && !marked; i++)
            marked = search_marks(words->p[i], (struct str){word, n});
        if (!marked)
            continue;
        VEC_PUSH(v->a, &out, (struct view_piece){{done, (size_t)(span.p - done)}, false});
        VEC_PUSH(v->a, &out, (struct view_piece){span, true});
        done = span.p + span.n;
    }
    VEC_PUSH(v->a, &out, (struct view_piece){{done, (size_t)(end - done)}, false});
    return out;
}

/* Of its ways, by phone first and a visit next: one that is open now, else the first that says. */
static struct ui_open hit_state(const struct view *v, const struct dir_service *s)
{
    static const int32_t order[] = {DIR_PHONE_CHANNEL, DIR_LOCATION, DIR_ECHANNEL};
    struct ui_open first = {0};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < s->ways.n; i++) {
            if (s->ways.p[i].channel->kind != order[k])
                continue;
            const struct dir_hours_list *hours = find_hours(&s->ways.p[i]);
            if (find_is_online(s->ways.p[i].channel) &&
                dir_opening(hours, &v->calendar, v->now).state == DIR_OPEN_ALWAYS)
                continue;
            struct ui_open o = view_state(v, hours);
            if (o.open)
                return o;
            if (first.state.n == 0)
                first = o;
        }
    return first;
}

/* "Korson terveysasema, Kotipolku 1, 01450 Vantaa, ma-pe 8.00-16.00" */
static struct str place_line(const struct view *v, const struct view_channel *c, struct str hours)
{
    struct dir_strs parts = {0};
    VEC_PUSH(v->a, &parts, c->name.text);
    for (size_t i = 0; i < c->address.n && i < 2; i++)
        VEC_PUSH(v->a, &parts, c->address.p[i]);
    if (hours.n > 0)
        VEC_PUSH(v->a, &parts, hours);
    return join(v->a, &parts);
}

/* What somebody with only the paper needs. */
static void add_paper(const struct view *v, const struct dir_service *s, struct view_hit *out)
{
    enum { PLACES = 3 };
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_way *w = &s->ways.p[i];
        bool phone = w->channel->kind == DIR_PHONE_CHANNEL && out->phones.n == 0;
        bool place = w->channel->kind == DIR_LOCATION && out->places.n < PLACES;
        if (!phone && !place)
            continue;
        struct view_channel c = view_reach(v, w->channel, w->connection);
        struct str hours = find_hours(w)->n ? view_regular_hours(v, find_hours(w)) : S("");
        if (phone) {
            out->phones = c.phones;
            out->phone_hours = hours;
        } else {
            VEC_PUSH(v->a, &out->places, place_line(v, &c, hours));
        }
    }
}

struct view_hit view_hit(const struct view *v, const struct dir_service *s, struct str query)
{
    struct words words = fold_query(v->a, query);
    struct view_text name = view_text(v, &s->name), summary = view_text(v, &s->summary);
    struct dir_strs by = given_by(v, s);
    struct view_hit out = {
        .href = str_fmt(v->a, "/%s/service/" STR_FMT, lang_code(v->lang), STR_ARG(s->id)),
        .lang = name.lang,
        .mark = name.mark,
        .given_by = by.n ? by.p[0] : S(""),
        .charge = s->charge == DIR_FREE ? tr(v->lang, "free of charge") : S(""),
        .state = hit_state(v, s),
        .cover = view_cover(v, s),
        .name = pieces(v, name.text, &words),
        .summary = pieces(v, summary.text, &words),
    };
    add_paper(v, s, &out);
    return out;
}

struct view_place view_place(const struct view *v, const struct dir_channel *c)
{
    struct view_place out = {
        .channel = view_channel(v, c, NULL),
        .description = view_prose(v, &c->description),
        .given_by = c->organisation ? dir_pick(&c->organisation->name, v->lang).text : S(""),
    };
    bool waited = false;
    for (size_t i = 0; i < c->services.n; i++) {
        VEC_PUSH(v->a, &out.services, view_hit(v, c->services.p[i], S("")));
        waited = waited || wait_of(c->services.p[i]);
    }
    if (waited) {
        struct buf to = buf_new(v->a, 0);
        buf_fmt(&to, "/%s/waits/to?q=", lang_code(v->lang));
        url_encode(&to, out.channel.name.text);
        out.wait = buf_get(&to);
    }
    return out;
}
