/*
 * tray_view.c: a tray put into words. What a service is now (phones, hours, addresses, whether it
 * takes people) comes from the directory's snapshot at this moment; what it was called when it was
 * put in stands in the tray, and is told where the two differ or the service is gone.
 */
#include "tray/tray_view.h"

#include "directory/ptv.h"

enum { WAYS_SHOWN = 6, FOUND_MOST = 8, LOOKED_THROUGH = 60 };

struct tray_making tray_making(struct rq *rq, const struct tray *t, bool mine)
{
    return (struct tray_making){.rq = rq, .t = t, .v = directory_view(rq), .mine = mine};
}

static struct str fill1(struct arena *a, enum lang l, const char *msgid, struct str one)
{
    return tr_fill(a, tr(l, msgid), &one, 1);
}

struct str tray_name_shown(struct arena *a, enum lang l, int64_t id)
{
    return fill1(a, l, N_("Tray %1"), str_fmt(a, "%lld", (long long)id));
}

struct str tray_theme_name(const struct tray *t, enum lang l)
{
    const struct tray_name *n = tray_name_find(&tray_data()->themes, t->theme);
    return n ? n->name[l] : S("");
}

/* ---- suggestions ---- */

static void put_ways(const struct tray_making *k, const struct dir_service *s,
                     struct view_channels *out)
{
    for (size_t i = 0; i < s->ways.n && out->n < WAYS_SHOWN; i++)
        VEC_PUSH(k->v.a, out, view_channel(&k->v, s->ways.p[i].channel, s->ways.p[i].connection));
}

/* An editor's word that it takes nobody now, as long as it holds. */
static bool takes_nobody(const struct dir_service *s, struct date today)
{
    const struct dir_addition *add = &s->addition;
    bool holds = !date_is(add->cover_until) || add->cover_until.day >= today.day;
    return holds && (add->cover == DIR_COVER_FULL || add->cover == DIR_COVER_PAUSED);
}

static void put_service(const struct tray_making *k, const struct tray_item *item,
                        struct tray_item_view *v)
{
    struct arena *a = k->v.a;
    const struct dir_service *s = dir_service(k->v.dir, item->service);
    v->gone = !s;
    if (!s)
        return;
    struct dir_picked name = dir_pick(&s->name, k->v.lang), sum = dir_pick(&s->summary, k->v.lang);
    struct str ours = str_of(lang_code(k->v.lang));
    v->name = name.text;
    v->lang = name.lang;
    if (!name.other && !str_eq(name.text, item->name)) {
        bool known = false; /* another language's name is no other name */
        for (size_t i = 0; i < s->name.n; i++)
            known = known || str_eq(s->name.p[i].text, item->name);
        v->was = known ? (struct str){NULL, 0} : item->name;
    }
    if (!v->lang.n)
        v->lang = ours;
    v->href = str_fmt(a, "/" STR_FMT "/service/" STR_FMT, STR_ARG(ours), STR_ARG(s->id));
    v->summary = sum.text;
    v->summary_lang = sum.lang.n ? sum.lang : ours;
    if (s->organisation)
        v->by = dir_pick(&s->organisation->name, k->v.lang).text;
    v->full = takes_nobody(s, date_of(k->v.now));
    put_ways(k, s, &v->ways);
}

static void put_mark(const struct tray_making *k, const struct tray_item *item,
                     struct tray_item_view *v)
{
    struct arena *a = k->v.a;
    enum lang l = k->v.lang;
    v->mark = item->mark;
    v->mark_words = tr(l, k->mine ? tray_mark_words_mine(item->mark) : tray_mark_words(item->mark));
    if (item->marked.ms) {
        struct str when = fmt_by(a, l, item->marked, k->v.now);
        v->marked = k->mine ? when
                    : item->marked_by
                        ? fill1(a, l, N_("%1, by a professional for the person"), when)
                        : fill1(a, l, N_("%1, by the person"), when);
    }
    for (int m = 0; m < MARK_COUNT; m++) {
        enum tray_mark mark = (enum tray_mark)m;
        const char *words = k->mine ? tray_mark_words_mine(mark) : tray_mark_words(mark);
        struct ui_option o = {.value = str_of(tray_mark_code(mark)),
                              .label = tr(l, words),
                              .chosen = mark == item->mark};
        if (k->mine && mark == MARK_SUGGESTED)
            o.label = tr(l, "Take the mark away");
        VEC_PUSH(a, &v->marks, o);
    }
}

void tray_put_items(const struct tray_making *k, struct tray_item_views *out)
{
    const struct tray *t = k->t;
    for (size_t i = 0; i < t->items.n; i++) {
        const struct tray_item *item = &t->items.p[i];
        struct tray_item_view v = {.nr = item->nr,
                                   .link = !item->service.n,
                                   .href = item->url,
                                   .name = item->name,
                                   .lang = str_of(lang_code(k->v.lang)),
                                   .words = item->words,
                                   .edit = item->edit,
                                   .first = i == 0,
                                   .last = i + 1 == t->items.n};
        if (item->service.n)
            put_service(k, item, &v);
        put_mark(k, item, &v);
        VEC_PUSH(k->v.a, out, v);
    }
}

/* ---- the plan ---- */

void tray_put_visits(const struct tray_making *k, struct tray_visit_views *out)
{
    struct arena *a = k->v.a;
    enum lang l = k->v.lang;
    struct date today = date_of(k->v.now);
    for (size_t i = 0; i < k->t->visits.n; i++) {
        const struct tray_visit *visit = &k->t->visits.p[i];
        struct str months = str_fmt(a, "%d", visit->months);
        struct tray_visit_view v = {
            .nr = visit->nr,
            .name =
                tr_fill(a, tr_n(l, "After %1 month", "After %1 months", visit->months), &months, 1),
            .day = fmt_date(a, l, visit->day),
            .iso = date_iso(a, visit->day),
            .note = k->mine ? (struct str){NULL, 0} : visit->note,
            .open = visit->state == VISIT_OPEN,
            .moved = visit->moved,
        };
        v.tone = !v.open                       ? UI_CLOCK_KEPT
                 : visit->day.day < today.day  ? UI_CLOCK_OVER
                 : visit->day.day == today.day ? UI_CLOCK_TODAY
                                               : UI_CLOCK_TIME;
        v.state = visit->state == VISIT_IS_DONE     ? tr(l, "Done")
                  : visit->state == VISIT_IS_MISSED ? tr(l, "Did not take place")
                  : visit->moved                    ? tr(l, "Moved to this day")
                                                    : tr(l, "Coming");
        if (visit->state == VISIT_IS_MISSED)
            v.tone = UI_CLOCK_STOPPED;
        VEC_PUSH(a, out, v);
    }
}

void tray_put_words(const struct tray_making *k, struct ui_messages *out)
{
    enum lang l = k->v.lang;
    for (size_t i = 0; i < k->t->words.n; i++) {
        const struct tray_word *w = &k->t->words.p[i];
        struct ui_message m = {.own = k->mine,
                               .from = k->mine ? tr(l, "You")
                                       : w->staff
                                           ? tr(l, "The person, written down by a professional")
                                           : tr(l, "The person"),
                               .text = w->text,
                               .at = ui_time_at(&k->rq->page, w->at)};
        VEC_PUSH(k->v.a, out, m);
    }
}

/* ---- finding ---- */

static void put_found(const struct tray_making *k, const struct dir_service *s, struct str query,
                      const struct dir_topic *topic, struct tray_founds *out)
{
    if (out->n < FOUND_MOST && (!topic || dir_in_topic(s, topic)))
        VEC_PUSH(k->v.a, out, (struct tray_found){s->id, view_hit(&k->v, s, query)});
}

void tray_find(const struct tray_making *k, struct str query, const struct dir_topic *topic,
               struct tray_founds *out)
{
    const struct dir *d = k->v.dir;
    if (query.n) {
        struct dir_hits hits = dir_search(k->v.a, d, k->v.lang, query, LOOKED_THROUGH);
        for (size_t i = 0; i < hits.n; i++)
            put_found(k, hits.p[i].service, query, topic, out);
        return;
    }
    for (size_t i = 0; topic && i < d->services.n; i++)
        put_found(k, d->services.p[i], query, topic, out);
}

/* ---- events ---- */

struct str tray_event_words(struct arena *a, enum lang l, const struct tray *t,
                            const struct tray_event *e)
{
    struct json_error je;
    const struct jv *body = json_parse(a, e->body, &je);
    const struct tray_item *item = tray_item_by(t, e->item);
    enum tray_mark mark;
    enum tray_way way;
    struct str what = tr(l, tray_kind_words(e->kind)), more = {NULL, 0};
    if (e->kind == TRAY_MARKED && tray_mark_from(jv_str_of(body, "mark"), &mark))
        what = tr(l, tray_mark_words(mark));
    else if (e->kind == TRAY_GIVEN && tray_way_from(jv_str_of(body, "way"), &way))
        more = tr(l, tray_way_words(way));
    else if (e->kind == TRAY_WROTE)
        more = jv_str_of(body, "text");
    if (e->kind == TRAY_ADDED)
        more = jv_str_of(body, "name");
    else if (item && e->kind != TRAY_VISIT_DONE && e->kind != TRAY_VISIT_MISSED &&
             e->kind != TRAY_VISIT_MOVED)
        more = item->name;
    return more.n ? str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(what), STR_ARG(more)) : what;
}

/* ---- choices ---- */

static void put_option(struct rq *rq, struct ui_options *out, struct str value, struct str label,
                       struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(rq->a, out, o);
}

void tray_put_names(struct rq *rq, const struct tray_names *list, struct str none,
                    struct str chosen, struct ui_options *out)
{
    put_option(rq, out, S(""), none, chosen);
    for (size_t i = 0; i < list->n; i++)
        put_option(rq, out, list->p[i].code, list->p[i].name[rq_lang(rq)], chosen);
}

void tray_put_districts(struct rq *rq, struct str none, struct str chosen, struct ui_options *out)
{
    struct named_list list = districts_load(rq->a, rq->db);
    put_option(rq, out, S(""), none, chosen);
    for (size_t i = 0; i < list.n; i++)
        put_option(rq, out, list.p[i].ref, list.p[i].name[rq_lang(rq)], chosen);
}

void tray_put_teams(struct rq *rq, const struct teams *own, int64_t chosen, struct ui_options *out)
{
    for (size_t i = 0; i < own->n; i++) {
        struct ui_option o = {.value = str_fmt(rq->a, "%lld", (long long)own->p[i].id),
                              .label = own->p[i].name[rq_lang(rq)],
                              .chosen = own->p[i].id == chosen};
        VEC_PUSH(rq->a, out, o);
    }
}

const struct team *tray_team_asked(struct rq *rq, const struct teams *own, struct str asked)
{
    int64_t id;
    const struct team *team = str_int(asked, &id) ? teams_by_id(own, id) : NULL;
    return team ? team : own->n ? &own->p[0] : NULL;
}

struct str tray_typed(struct rq *rq, const char *name, bool one_line)
{
    return ptv_clean(rq->a, rq_form(rq, name), one_line);
}

struct str tray_once(struct rq *rq)
{
    struct str once = rq_once(rq, rq_form(rq, "once"));
    return str_fmt(rq->a, STR_FMT ".%016llx", STR_ARG(once),
                   (unsigned long long)str_hash(rq->http->body));
}
