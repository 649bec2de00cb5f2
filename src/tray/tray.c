/*
 * tray.c: what can be done to a tray and what becomes of it: words of the kinds, the fold of the
 * events, the check before an act. Pure: no SQL, no page; the only data are those that the events
 * recorded when they happened, so that a later change of data/tray.json changes no tray.
 */
#include "tray/tray_fold.h"

#include "base/identity.h"

#include <assert.h>

/* ---- words ---- */

static const struct {
    const char *code, *words;
} kinds[TRAY_KIND_COUNT] = {
#define X(name, code, words) {code, words},
    TRAY_KINDS(X)
#undef X
};

static const char *const states[TRAY_STATES] = {"draft", "given", "ended"};

static const struct {
    const char *code, *words, *mine;
} marks[MARK_COUNT] = {
    {"suggested", N_("No answer yet"), N_("Suggested to you")},
    {"contacted", N_("Has contacted"), N_("I have contacted them")},
    {"attended", N_("Has taken part"), N_("I have taken part")},
    {"full", N_("Was full"), N_("It was full")},
    {"declined", N_("No thanks"), N_("No thanks")},
};

static const struct {
    const char *code, *words;
} ways[WAY_COUNT] = {
    {"code", N_("by code")},
    {"message", N_("by a message in the matter")},
    {"paper", N_("on paper")},
};

const char *tray_kind_code(enum tray_kind k)
{
    return kinds[k].code;
}

const char *tray_kind_words(enum tray_kind k)
{
    return kinds[k].words;
}

bool tray_kind_from(struct str code, enum tray_kind *out)
{
    for (int i = 0; i < TRAY_KIND_COUNT; i++)
        if (str_eq(code, str_of(kinds[i].code))) {
            *out = (enum tray_kind)i;
            return true;
        }
    return false;
}

const char *tray_state_code(enum tray_state s)
{
    return states[s];
}

const char *tray_mark_code(enum tray_mark m)
{
    return marks[m].code;
}

const char *tray_mark_words(enum tray_mark m)
{
    return marks[m].words;
}

const char *tray_mark_words_mine(enum tray_mark m)
{
    return marks[m].mine;
}

bool tray_mark_from(struct str code, enum tray_mark *out)
{
    for (int i = 0; i < MARK_COUNT; i++)
        if (str_eq(code, str_of(marks[i].code))) {
            *out = (enum tray_mark)i;
            return true;
        }
    return false;
}

const char *tray_way_code(enum tray_way w)
{
    return ways[w].code;
}

const char *tray_way_words(enum tray_way w)
{
    return ways[w].words;
}

bool tray_way_from(struct str code, enum tray_way *out)
{
    for (int i = 0; i < WAY_COUNT; i++)
        if (str_eq(code, str_of(ways[i].code))) {
            *out = (enum tray_way)i;
            return true;
        }
    return false;
}

const char *tray_refusal_words(enum tray_refusal r)
{
    static const char *const words[] = {
#define X(name, words) words,
        TRAY_REFUSALS(X)
#undef X
    };
    return words[r];
}

/* ---- finding ---- */

static struct tray_item *item_by(struct tray *t, int nr)
{
    for (size_t i = 0; i < t->items.n; i++)
        if (t->items.p[i].nr == nr)
            return &t->items.p[i];
    return NULL;
}

const struct tray_item *tray_item_by(const struct tray *t, int nr)
{
    for (size_t i = 0; i < t->items.n; i++)
        if (t->items.p[i].nr == nr)
            return &t->items.p[i];
    return NULL;
}

const struct tray_visit *tray_visit_by(const struct tray *t, int nr)
{
    return nr >= 1 && (size_t)nr <= t->visits.n ? &t->visits.p[nr - 1] : NULL;
}

bool tray_is_open(const struct tray *t, struct date today)
{
    return t->state == TRAY_IS_GIVEN && today.day <= t->until.day;
}

/* ---- the fold ---- */

struct folding {
    struct arena *a;
    struct tray *t;
    const struct tray_event *e;
    const struct jv *body;
};

static struct date day_of(const struct jv *body, const char *key)
{
    struct date d;
    return date_parse(jv_str_of(body, key), &d) ? d : DATE_NONE;
}

static bool fold_made(const struct folding *f)
{
    struct tray *t = f->t;
    t->theme = jv_str_of(f->body, "theme");
    t->area = jv_str_of(f->body, "area");
    t->group = jv_str_of(f->body, "group");
    t->made = date_of(f->e->at);
    t->until = day_of(f->body, "until");
    t->given = t->due = t->follow = DATE_NONE;
    return date_is(t->until);
}

static bool fold_details(const struct folding *f)
{
    f->t->area = jv_str_of(f->body, "area");
    f->t->group = jv_str_of(f->body, "group");
    f->t->follow = day_of(f->body, "day");
    f->t->follow_set = date_is(f->t->follow) || f->t->state != TRAY_DRAFT;
    return true;
}

static bool fold_added(const struct folding *f)
{
    struct tray_item item = {.nr = f->e->item,
                             .service = jv_str_of(f->body, "service"),
                             .name = jv_str_of(f->body, "name"),
                             .url = jv_str_of(f->body, "url"),
                             .words = jv_str_of(f->body, "text"),
                             .edit = f->e->id};
    if (item.nr <= f->t->items_ever)
        return false;
    f->t->items_ever = item.nr;
    VEC_PUSH(f->a, &f->t->items, item);
    return true;
}

static bool fold_words(const struct folding *f)
{
    struct tray_item *item = item_by(f->t, f->e->item);
    if (!item)
        return false;
    item->words = jv_str_of(f->body, "text");
    item->edit = f->e->id;
    return true;
}

static bool fold_moved(const struct folding *f)
{
    struct tray_item *item = item_by(f->t, f->e->item);
    if (!item)
        return false;
    size_t at = (size_t)(item - f->t->items.p);
    bool later = jv_bool(jv_get(f->body, "later"));
    if (later ? at + 1 == f->t->items.n : at == 0)
        return true;
    struct tray_item *other = later ? item + 1 : item - 1, kept = *other;
    *other = *item;
    *item = kept;
    return true;
}

static bool fold_removed(const struct folding *f)
{
    struct tray_item *item = item_by(f->t, f->e->item);
    if (!item)
        return false;
    size_t after = f->t->items.n - (size_t)(item - f->t->items.p) - 1;
    memmove(item, item + 1, after * sizeof *item);
    f->t->items.n--;
    return true;
}

static void begin_plan(const struct folding *f)
{
    const struct jv *plan = jv_get(f->body, "plan");
    for (size_t i = 0; i < jv_len(plan) && i < TRAY_VISITS_MAX; i++) {
        const struct jv *v = jv_at(plan, i);
        struct tray_visit visit = {
            .nr = (int)i + 1, .months = (int)jv_int(jv_get(v, "months")), .day = day_of(v, "day")};
        VEC_PUSH(f->a, &f->t->visits, visit);
    }
}

static bool fold_given(const struct folding *f)
{
    struct tray *t = f->t;
    struct str full = jv_str_of(f->body, "full");
    if (t->state == TRAY_DRAFT) {
        t->state = TRAY_IS_GIVEN;
        t->given = date_of(f->e->at);
        if (!t->follow_set)
            t->follow = day_of(f->body, "follow");
        begin_plan(f);
    }
    t->until = day_of(f->body, "until");
    while (full.p) {
        int64_t nr;
        struct tray_item *item = str_int(str_cut(&full, ' '), &nr) ? item_by(t, (int)nr) : NULL;
        if (item)
            item->full_then = true;
    }
    return date_is(t->until);
}

static bool fold_marked(const struct folding *f)
{
    struct tray_item *item = item_by(f->t, f->e->item);
    if (!item || !tray_mark_from(jv_str_of(f->body, "mark"), &item->mark))
        return false;
    item->marked = f->e->at;
    item->marked_by = f->e->staff;
    return true;
}

static bool fold_wrote(const struct folding *f)
{
    struct tray_word w = {f->e->at, f->e->staff, jv_str_of(f->body, "text")};
    VEC_PUSH(f->a, &f->t->words, w);
    return true;
}

static bool fold_followed(const struct folding *f)
{
    f->t->follow = day_of(f->body, "day");
    f->t->follow_set = true;
    return true;
}

static bool fold_visit(const struct folding *f)
{
    if (!tray_visit_by(f->t, f->e->item))
        return false;
    struct tray_visit *v = &f->t->visits.p[f->e->item - 1];
    v->note = jv_str_of(f->body, "text");
    if (f->e->kind == TRAY_VISIT_MOVED) {
        v->day = day_of(f->body, "day");
        v->moved = true;
        return date_is(v->day);
    }
    v->state = f->e->kind == TRAY_VISIT_DONE ? VISIT_IS_DONE : VISIT_IS_MISSED;
    return true;
}

static bool fold_ended(const struct folding *f)
{
    struct date day = date_of(f->e->at);
    f->t->state = TRAY_IS_ENDED;
    if (f->t->until.day > day.day)
        f->t->until = day;
    return true;
}

static bool (*const folds[TRAY_KIND_COUNT])(const struct folding *f) = {
    [TRAY_MADE] = fold_made,         [TRAY_DETAILS] = fold_details,
    [TRAY_ADDED] = fold_added,       [TRAY_WORDS] = fold_words,
    [TRAY_MOVED] = fold_moved,       [TRAY_REMOVED] = fold_removed,
    [TRAY_GIVEN] = fold_given,       [TRAY_MARKED] = fold_marked,
    [TRAY_WROTE] = fold_wrote,       [TRAY_FOLLOWED] = fold_followed,
    [TRAY_VISIT_DONE] = fold_visit,  [TRAY_VISIT_MISSED] = fold_visit,
    [TRAY_VISIT_MOVED] = fold_visit, [TRAY_ENDED] = fold_ended,
};

/* The first thing that is to be followed up. */
static struct date first_due(const struct tray *t)
{
    struct date due = t->state == TRAY_IS_GIVEN ? t->follow : DATE_NONE;
    for (size_t i = 0; t->state == TRAY_IS_GIVEN && i < t->visits.n; i++) {
        const struct tray_visit *v = &t->visits.p[i];
        if (v->state == VISIT_OPEN && (!date_is(due) || v->day.day < due.day))
            due = v->day;
    }
    return due;
}

bool tray_fold(struct arena *a, struct tray *t, const struct tray_event *e, struct str *why)
{
    struct json_error je;
    struct folding f = {a, t, e, json_parse(a, e->body, &je)};
    bool first = t->events == 0;
    if (!f.body || first != (e->kind == TRAY_MADE) || !folds[e->kind](&f)) {
        *why =
            str_fmt(a, "event %lld (%s) makes no sense", (long long)e->id, tray_kind_code(e->kind));
        return false;
    }
    t->events++;
    t->last = e->id;
    if (!e->staff)
        t->told = e->id;
    t->due = first_due(t);
    return true;
}

/* ---- checking ---- */

static enum tray_refusal text_fault(struct str text, size_t most, enum tray_refusal too_long)
{
    if (str_utf8_len(text) > most)
        return too_long;
    return identity_code_in(text) ? TRAY_NO_IDENTITY : TRAY_NO_FINE;
}

/* An address of the web as a person reads it: nothing that hides where it leads (a name before the
 * host, characters that are not seen), nothing that has no place in one. */
static bool url_ok(struct str url)
{
    if (url.n == 0)
        return true;
    struct str host = str_starts(url, S("https://"))  ? str_sub(url, 8, url.n)
                      : str_starts(url, S("http://")) ? str_sub(url, 7, url.n)
                                                      : S("");
    bool web = host.n > 3 && url.n <= TRAY_URL_MAX;
    for (size_t i = 0; i < url.n; i++)
        web = web && (unsigned char)url.p[i] > ' ' && !strchr("\x7f\"<>\\", url.p[i]);
    for (size_t i = 0; i < host.n && !strchr("/?#", host.p[i]); i++)
        web = web && host.p[i] != '@';
    return web;
}

static enum tray_refusal check_added(const struct tray *t, const struct tray_act *act)
{
    if (t->items.n >= TRAY_ITEMS_MAX)
        return TRAY_NO_TOO_MANY;
    for (size_t i = 0; act->service.n && i < t->items.n; i++)
        if (str_eq(t->items.p[i].service, act->service))
            return TRAY_NO_THERE;
    if (!act->name.n)
        return TRAY_NO_NO_TITLE;
    if (!act->service.n && str_utf8_len(act->name) > TRAY_TITLE_MAX)
        return TRAY_NO_LONG_TITLE;
    if (!url_ok(act->url))
        return TRAY_NO_BAD_URL;
    if (identity_code_in(act->name))
        return TRAY_NO_IDENTITY;
    return text_fault(act->text, TRAY_TEXT_MAX, TRAY_NO_LONG_TEXT);
}

static enum tray_refusal check_item(const struct tray *t, const struct tray_act *act)
{
    const struct tray_item *item = tray_item_by(t, act->item);
    if (!item)
        return TRAY_NO_GONE;
    if (act->kind == TRAY_WORDS) {
        if (str_eq(item->words, act->text))
            return TRAY_NO_NOTHING_NEW;
        if (item->edit != act->edit)
            return TRAY_NO_CHANGED;
        return text_fault(act->text, TRAY_TEXT_MAX, TRAY_NO_LONG_TEXT);
    }
    if (act->kind == TRAY_MARKED) {
        if (t->state == TRAY_DRAFT)
            return TRAY_NO_NOT_GIVEN;
        return item->mark == act->mark ? TRAY_NO_NOTHING_NEW : TRAY_NO_FINE;
    }
    return TRAY_NO_FINE;
}

static bool day_ok(struct date day, struct instant now)
{
    int32_t today = date_of(now).day;
    return day.day >= today && day.day <= today + 731;
}

static enum tray_refusal check_visit(const struct tray *t, const struct tray_act *act)
{
    const struct tray_visit *v = tray_visit_by(t, act->item);
    if (!v || v->state != VISIT_OPEN)
        return TRAY_NO_NO_VISIT;
    if (act->kind == TRAY_VISIT_MOVED && !(date_is(act->day) && day_ok(act->day, act->at)))
        return TRAY_NO_BAD_DAY;
    return text_fault(act->text, TRAY_WORD_MAX, TRAY_NO_LONG_WORD);
}

static enum tray_refusal check_kind(const struct tray *t, const struct tray_act *act)
{
    switch (act->kind) {
    case TRAY_ADDED:
        return check_added(t, act);
    case TRAY_WORDS:
    case TRAY_MOVED:
    case TRAY_REMOVED:
    case TRAY_MARKED:
        return check_item(t, act);
    case TRAY_GIVEN:
        return t->items.n ? TRAY_NO_FINE : TRAY_NO_EMPTY;
    case TRAY_WROTE:
        if (t->state == TRAY_DRAFT)
            return TRAY_NO_NOT_GIVEN;
        return act->text.n ? text_fault(act->text, TRAY_WORD_MAX, TRAY_NO_LONG_WORD)
                           : TRAY_NO_NO_TEXT;
    case TRAY_DETAILS:
    case TRAY_FOLLOWED:
        return !date_is(act->day) || day_ok(act->day, act->at) ? TRAY_NO_FINE : TRAY_NO_BAD_DAY;
    case TRAY_VISIT_DONE:
    case TRAY_VISIT_MISSED:
    case TRAY_VISIT_MOVED:
        return check_visit(t, act);
    default:
        return TRAY_NO_FINE;
    }
}

enum tray_refusal tray_check(const struct tray *t, const struct tray_act *act)
{
    assert(act->kind != TRAY_MADE);
    if (t->state == TRAY_IS_ENDED)
        return act->kind == TRAY_ENDED ? TRAY_NO_NOTHING_NEW : TRAY_NO_ENDED;
    /* The last events are kept for ending it. */
    if (t->events >= TRAY_EVENTS_MAX && act->kind != TRAY_ENDED)
        return TRAY_NO_TOO_MUCH;
    return check_kind(t, act);
}

/* ---- what an event records ---- */

static struct str none_if_empty(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}

static void put_day(struct arena *a, struct jw *w, const char *key, struct date d)
{
    if (date_is(d))
        jw_str(w, key, date_iso(a, d));
}

static void put_giving(struct arena *a, struct jw *w, const struct tray *t,
                       const struct tray_act *act, const struct tray_data *data)
{
    struct date today = date_of(act->at);
    jw_str(w, "way", str_of(tray_way_code(act->way)));
    jw_str(w, "full", none_if_empty(act->full));
    put_day(a, w, "until", date_add_months(today, data->valid_months));
    if (t->state != TRAY_DRAFT)
        return;
    put_day(a, w, "follow", date_add(today, 7 * data->follow_weeks));
    if (!t->theme.n)
        return;
    jw_array(w, "plan");
    for (size_t i = 0; i < data->months_n; i++) {
        jw_object(w, NULL);
        jw_int(w, "months", data->months[i]);
        put_day(a, w, "day", date_add_months(today, data->months[i]));
        jw_end_object(w);
    }
    jw_end_array(w);
}

struct str tray_body(struct arena *a, const struct tray *t, const struct tray_act *act,
                     const struct tray_data *data)
{
    struct buf b = buf_new(a, 64 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "theme", none_if_empty(act->theme));
    jw_str(&w, "area", none_if_empty(act->area));
    jw_str(&w, "group", none_if_empty(act->group));
    jw_str(&w, "service", none_if_empty(act->service));
    jw_str(&w, "name", none_if_empty(act->name));
    jw_str(&w, "url", none_if_empty(act->url));
    jw_str(&w, "text", none_if_empty(act->text));
    if (act->kind == TRAY_MADE)
        put_day(a, &w, "until", date_add(date_of(act->at), data->draft_days));
    else if (act->kind == TRAY_GIVEN)
        put_giving(a, &w, t, act, data);
    else if (act->kind == TRAY_MARKED)
        jw_str(&w, "mark", str_of(tray_mark_code(act->mark)));
    else if (act->kind == TRAY_MOVED)
        jw_bool(&w, "later", act->later);
    else if (act->kind == TRAY_DETAILS || act->kind == TRAY_FOLLOWED ||
             act->kind == TRAY_VISIT_MOVED)
        put_day(a, &w, "day", act->day);
    jw_end_object(&w);
    return buf_get(&b);
}
