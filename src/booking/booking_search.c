/* booking_search.c: see booking_search.h. */
#include "booking/booking_search.h"

#include "booking/booking_words.h"
#include "i18n/week.h"

enum { NOON = 12 * 60, EVENING = 16 * 60, ASKED_AT_ONCE = 60 };

static const struct day_part {
    const char *code, *words;
    int from, to;
} day_parts[] = {
    {"morning", N_("Morning, before 12"), 0, NOON},
    {"afternoon", N_("Afternoon, 12 to 16"), NOON, EVENING},
    {"evening", N_("Evening, after 16"), EVENING, DAY_MINUTES},
};
enum { DAY_PARTS = sizeof day_parts / sizeof *day_parts };

static const char *const modes[] = {
    [SLOT_ANY_MODE] = "", [SLOT_ON_SITE] = "on-site", [SLOT_REMOTE] = "remote"};

/* ---- the calendars that give it ---- */

static struct calendar calendar_keep(struct arena *a, const struct calendar *c)
{
    struct calendar out = *c;
    out.ref = str_dup(a, c->ref);
    for (int l = 0; l < LANG_COUNT; l++) {
        out.name[l] = str_dup(a, c->name[l]);
        out.place_name[l] = str_dup(a, c->place_name[l]);
    }
    out.place = str_dup(a, c->place);
    out.area = str_dup(a, c->area);
    out.profession = str_dup(a, c->profession);
    out.languages = str_dup(a, c->languages);
    out.types = str_dup(a, c->types);
    return out;
}

static struct calendars calendars_giving(struct rq *rq, struct str type)
{
    struct calendars out = {0};
    struct slot_view all = slot_enter(rq->app->slots);
    for (size_t i = 0; i < all.calendars->n; i++) {
        const struct calendar *c = &all.calendars->p[i];
        bool gives = (c->kind == CALENDAR_PERSON || c->kind == CALENDAR_TEAM) && !c->ended;
        if (gives && team_words_have(c->types, type))
            VEC_PUSH(rq->a, &out, calendar_keep(rq->a, c));
    }
    slot_leave(&all);
    return out;
}

static const struct calendar *given_by(const struct booking_search *s, int64_t id)
{
    for (size_t i = 0; i < s->given.n; i++)
        if (s->given.p[i].id == id)
            return &s->given.p[i];
    return NULL;
}

static const struct calendar *given_by_ref(const struct booking_search *s, struct str ref)
{
    for (size_t i = 0; i < s->given.n; i++)
        if (str_eq(s->given.p[i].ref, ref))
            return &s->given.p[i];
    return NULL;
}

/* ---- names of areas and professions ---- */

struct booking_names {
    bool read;
    struct named_list districts, professions;
};

static const struct booking_names *names_of(struct rq *rq, const struct booking_search *s)
{
    if (!s->names->read)
        *s->names = (struct booking_names){true, districts_load(rq->a, rq->db),
                                           professions_load(rq->a, rq->db)};
    return s->names;
}

/* ---- reading ---- */

static void not_known(struct rq *rq, struct booking_search *s, const char *words, struct str value)
{
    struct str shown = str_sub(value, 0, 60);
    while (shown.n && !str_utf8_ok(shown))
        shown.n--;
    VEC_PUSH(rq->a, &s->unknown, tr_fill(rq->a, tr(rq_lang(rq), words), &shown, 1));
}

static bool is_given(const struct booking_search *s, struct str area, struct str place,
                     struct str language)
{
    for (size_t i = 0; i < s->given.n; i++) {
        const struct calendar *c = &s->given.p[i];
        if ((!area.n || str_eq(c->area, area)) && (!place.n || str_eq(c->place, place)) &&
            (!language.n || team_words_have(c->languages, language)))
            return true;
    }
    return false;
}

static bool is_district(struct rq *rq, const struct booking_search *s, struct str ref)
{
    const struct named_list *districts = &names_of(rq, s)->districts;
    for (size_t i = 0; i < districts->n; i++)
        if (str_eq(districts->p[i].ref, ref))
            return true;
    return false;
}

static void read_mode(struct rq *rq, struct booking_search *s, struct str v)
{
    for (enum slot_mode m = SLOT_ON_SITE; m <= SLOT_REMOTE; m++)
        if (str_eq(v, str_of(modes[m])))
            s->mode = m;
    if (s->mode == SLOT_ANY_MODE)
        not_known(rq, s, N_("“%1” is neither on-site nor remote."), v);
}

static void read_part(struct rq *rq, struct booking_search *s, struct str v)
{
    for (size_t i = 0; i < DAY_PARTS; i++)
        if (str_eq(v, str_of(day_parts[i].code)))
            s->part = str_of(day_parts[i].code);
    if (!s->part.n)
        not_known(rq, s, N_("We know no time of day “%1”."), v);
}

static void read_weekday(struct rq *rq, struct booking_search *s, struct str v)
{
    int64_t day;
    if (str_int(v, &day) && day >= 1 && day <= 7)
        s->weekdays |= 1u << (day - 1);
    else
        not_known(rq, s, N_("“%1” is no day of the week: they are 1 to 7."), v);
}

static void read_from(struct rq *rq, struct booking_search *s, struct str v)
{
    struct date d;
    if (date_parse(v, &d))
        s->from = d;
    else
        not_known(rq, s, N_("“%1” is no day. Write it like 2026-11-24."), v);
}

static void read_after(struct rq *rq, struct booking_search *s, struct str v)
{
    int64_t ms;
    if (str_int(v, &ms) && ms > 0)
        s->after = (struct instant){ms};
    else
        not_known(rq, s, N_("“%1” is no moment."), v);
}

static void read_field(struct rq *rq, struct booking_search *s, struct str name, struct str v)
{
    static const struct str none = {NULL, 0};
    if (str_eq(name, S("area"))) {
        s->area = is_district(rq, s, v) ? v : none;
        if (!s->area.n)
            not_known(rq, s, N_("We know no area “%1”."), v);
    } else if (str_eq(name, S("place"))) {
        s->place = is_given(s, none, v, none) ? v : none;
        if (!s->place.n)
            not_known(rq, s, N_("This is not given in a place “%1”."), v);
    } else if (str_eq(name, S("language"))) {
        s->language = is_given(s, none, none, v) ? v : none;
        if (!s->language.n)
            not_known(rq, s, N_("This is not given in the language “%1”."), v);
    } else if (str_eq(name, S("mode"))) {
        read_mode(rq, s, v);
    } else if (str_eq(name, S("part"))) {
        read_part(rq, s, v);
    } else if (str_eq(name, S("weekday"))) {
        read_weekday(rq, s, v);
    } else if (str_eq(name, S("from"))) {
        read_from(rq, s, v);
    } else if (str_eq(name, S("after"))) {
        read_after(rq, s, v);
    } else if (!str_eq(name, S("type")) && !str_eq(name, S("done")) && !str_eq(name, S("since"))) {
        not_known(rq, s, N_("We know no choice “%1”."), name);
    }
}

void booking_search_read(struct rq *rq, const struct service_type *type, struct booking_search *out)
{
    *out = (struct booking_search){.type = type, .from = DATE_NONE};
    out->names = ARENA_NEW(rq->a, struct booking_names);
    out->given = calendars_giving(rq, type->ref);
    for (size_t i = 0; i < rq->http->query.n && i < 40; i++) {
        const struct field *f = &rq->http->query.p[i];
        if (str_trim(f->value).n)
            read_field(rq, out, f->name, str_trim(f->value));
    }
}

/* ---- the address ---- */

static void add_pair(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_fmt(b, "%c%s=", b->n ? '&' : '?', name);
    url_encode(b, value);
}

struct str booking_search_query(struct arena *a, const struct booking_search *s,
                                struct instant after)
{
    struct buf b = buf_new(a, 4096);
    if (s->also.n)
        buf_fmt(&b, "?" STR_FMT, STR_ARG(s->also));
    add_pair(&b, "area", s->area);
    add_pair(&b, "place", s->place);
    add_pair(&b, "mode", str_of(modes[s->mode]));
    if (date_is(s->from))
        add_pair(&b, "from", date_iso(a, s->from));
    add_pair(&b, "part", s->part);
    for (int d = 0; d < 7; d++)
        if (s->weekdays & 1u << d)
            add_pair(&b, "weekday", str_fmt(a, "%d", d + 1));
    add_pair(&b, "language", s->language);
    if (after.ms)
        add_pair(&b, "after", str_fmt(a, "%lld", (long long)after.ms));
    return buf_get(&b);
}

void booking_search_moves(struct booking_search *s, const struct appointment *p)
{
    if (p->state != APPOINTMENT_BOOKED)
        return;
    s->old = p->start;
    s->spare = (struct slot_spare){.calendar = {p->calendar, p->need[0], p->need[1]},
                                   .from = {p->start.ms - (int64_t)s->type->before * MINUTE_MS},
                                   .to = {p->end.ms + (int64_t)s->type->after * MINUTE_MS}};
}

bool booking_search_touches(const struct booking_search *s, const struct slot *x)
{
    bool touches = false;
    for (size_t i = 0; i < sizeof s->spare.calendar / sizeof *s->spare.calendar; i++) {
        int64_t c = s->spare.calendar[i];
        touches |= c && (c == x->calendar || c == x->need[0] || c == x->need[1]);
    }
    return touches && x->start.ms - (int64_t)s->type->before * MINUTE_MS < s->spare.to.ms &&
           x->end.ms + (int64_t)s->type->after * MINUTE_MS > s->spare.from.ms;
}

struct slot_ask booking_search_ask(const struct booking_search *s, struct instant now)
{
    struct slot_ask ask = {.type = s->type->id,
                           .area = s->area,
                           .place = s->place,
                           .language = s->language,
                           .mode = s->mode,
                           .from = now,
                           .weekdays = s->weekdays,
                           .by_staff = s->staff,
                           .last = s->last,
                           .spare = s->spare,
                           .after = s->after,
                           .limit = ASKED_AT_ONCE,
                           .now = now};
    for (size_t i = 0; i < DAY_PARTS; i++)
        if (str_eq(s->part, str_of(day_parts[i].code))) {
            ask.day_from = day_parts[i].from;
            ask.day_to = day_parts[i].to;
        }
    if (date_is(s->from) && instant_at(s->from, 0).ms > now.ms)
        ask.from = instant_at(s->from, 0);
    for (size_t i = 0; !s->after.ms && i < 3; i++)
        ask.own[i] = s->own[i];
    return ask;
}

/* ---- the fields ---- */

static void option(struct rq *rq, struct ui_choice *c, struct str value, struct str label,
                   struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(rq->a, &c->options, o);
}

static bool has_option(const struct ui_choice *c, struct str value)
{
    for (size_t i = 0; i < c->options.n; i++)
        if (str_eq(c->options.p[i].value, value))
            return true;
    return false;
}

static void put_where(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    enum lang l = rq_lang(rq);
    v->area = (struct ui_choice){.name = S("area"), .label = tr(l, "Area")};
    v->place = (struct ui_choice){.name = S("place"), .label = tr(l, "Place")};
    option(rq, &v->area, S(""), tr(l, "Any area"), S("-"));
    option(rq, &v->place, S(""), tr(l, "Any place"), S("-"));
    const struct named_list *districts = &names_of(rq, s)->districts;
    for (size_t i = 0; i < districts->n; i++) {
        const struct named *d = &districts->p[i];
        if (is_given(s, d->ref, S(""), S("")) || str_eq(d->ref, s->area))
            option(rq, &v->area, d->ref, d->name[l], s->area);
    }
    for (size_t i = 0; i < s->given.n && v->place.options.n < 100; i++) {
        const struct calendar *c = &s->given.p[i];
        if (c->place.n && !has_option(&v->place, c->place))
            option(rq, &v->place, c->place, c->place_name[l], s->place);
    }
}

static void put_language(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    enum lang l = rq_lang(rq);
    v->language = (struct ui_choice){.name = S("language"), .label = tr(l, "Language")};
    option(rq, &v->language, S(""), tr(l, "Any language"), S("-"));
    for (size_t i = 0; i < s->given.n; i++)
        for (struct str rest = s->given.p[i].languages; rest.n;) {
            struct str code = str_cut(&rest, ' ');
            if (code.n && v->language.options.n < 30 && !has_option(&v->language, code))
                option(rq, &v->language, code, booking_language_words(l, code), s->language);
        }
}

static void put_when(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    enum lang l = rq_lang(rq);
    v->from = (struct ui_field){.name = S("from"),
                                .label = tr(l, "Not before"),
                                .type = "date",
                                .size = "mid",
                                .value = date_is(s->from) ? date_iso(rq->a, s->from) : S("")};
    v->part = (struct ui_choice){.name = S("part"), .label = tr(l, "Time of day")};
    option(rq, &v->part, S(""), tr(l, "Any time of day"), S("-"));
    for (size_t i = 0; i < DAY_PARTS; i++)
        option(rq, &v->part, str_of(day_parts[i].code), tr(l, day_parts[i].words), s->part);
    v->weekdays = (struct ui_choice){
        .name = S("weekday"), .label = tr(l, "Days of the week"), .many = true, .row = true};
    for (int d = 0; d < 7; d++) {
        struct ui_option o = {.value = str_fmt(rq->a, "%d", d + 1),
                              .label = tr(l, weekday_short(d)),
                              .chosen = s->weekdays & 1u << d};
        VEC_PUSH(rq->a, &v->weekdays.options, o);
    }
}

static void put_fields(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    enum lang l = rq_lang(rq);
    put_where(rq, s, v);
    put_when(rq, s, v);
    put_language(rq, s, v);
    if (s->type->on_site && s->type->remote) {
        v->mode = (struct ui_choice){.name = S("mode"), .label = tr(l, "How")};
        option(rq, &v->mode, S(""), tr(l, "On site or by video"), S("-"));
        option(rq, &v->mode, S("on-site"), tr(l, "On site"), str_of(modes[s->mode]));
        option(rq, &v->mode, S("remote"), tr(l, "Remote, by video"), str_of(modes[s->mode]));
    }
    v->asked = s->area.n || s->place.n || s->mode || date_is(s->from) || s->part.n || s->weekdays ||
               s->language.n;
    v->page = s->page;
    if (s->also.n) {
        struct str rest = s->also;
        v->also_name = str_cut(&rest, '=');
        v->also = rest;
    }
    if (!s->unknown.n)
        return;
    struct buf b = buf_new(rq->a, 0);
    for (size_t i = 0; i < s->unknown.n && i < 10; i++) {
        buf_str(&b, s->unknown.p[i]);
        buf_char(&b, ' ');
    }
    buf_str(&b, tr(l, "The times below were looked for without it."));
    v->unknown = (struct ui_notice){.tone = UI_WARN, .live = true, .text = buf_get(&b)};
}

/* ---- the times ---- */

struct str booking_slot_value(struct arena *a, const struct booking_search *s,
                              const struct slot *slot)
{
    const struct calendar *c = given_by(s, slot->calendar);
    return str_fmt(a, STR_FMT ".%lld.%c", STR_ARG(c ? c->ref : S("")),
                   (long long)(slot->start.ms / MINUTE_MS), slot->remote ? 'r' : 's');
}

struct str booking_slot_who(struct rq *rq, const struct booking_search *s, const struct slot *slot)
{
    enum lang l = rq_lang(rq);
    const struct calendar *c = given_by(s, slot->calendar);
    struct buf b = buf_new(rq->a, 512);
    if (!c)
        return (struct str){NULL, 0};
    if (s->staff)
        buf_str(&b, c->name[l]);
    else if (c->profession.n)
        buf_str(&b, named_find(&names_of(rq, s)->professions, c->profession, l));
    struct str where = slot->remote ? tr(l, "remote, by video") : c->place_name[l];
    if (b.n && where.n)
        buf_lit(&b, ", ");
    buf_str(&b, where);
    return buf_get(&b);
}

static struct time_choice choice_of(struct rq *rq, const struct booking_search *s,
                                    const struct slot *slot, bool with_day)
{
    enum lang l = rq_lang(rq);
    struct time_choice out = {.value = booking_slot_value(rq->a, s, slot),
                              .time = with_day ? fmt_by(rq->a, l, slot->start, rq->now)
                                               : fmt_time(rq->a, l, minute_of(slot->start)),
                              .who = booking_slot_who(rq, s, slot),
                              .late = slot->late,
                              .own = slot->own,
                              .remote = slot->remote};
    struct date last = date_of((struct instant){s->last.ms - 1});
    struct str day = s->last.ms ? fmt_date(rq->a, l, last) : S("");
    if (slot->late)
        out.note = tr_fill(rq->a, tr(l, "after the last day by law (%1)"), &day, 1);
    return out;
}

static struct time_day *day_for(struct rq *rq, struct times_view *v, struct str heading)
{
    if (!v->days.n || !str_eq(v->days.p[v->days.n - 1].heading, heading)) {
        struct time_day day = {.heading = heading};
        VEC_PUSH(rq->a, &v->days, day);
    }
    return &v->days.p[v->days.n - 1];
}

static struct str day_heading(struct rq *rq, struct date d)
{
    enum lang l = rq_lang(rq);
    struct str day = fmt_day(rq->a, l, d);
    int year = date_civil(d).year;
    return year == date_civil(date_of(rq->now)).year ? day
           : l == LANG_EN ? str_fmt(rq->a, STR_FMT " %d", STR_ARG(day), year)
                          : str_fmt(rq->a, STR_FMT "%s%d", STR_ARG(day),
                                    str_ends(day, S(".")) ? "" : ".", year);
}

static void put_slot(struct rq *rq, const struct booking_search *s, const struct slot *slot,
                     bool first, struct times_view *v)
{
    bool mine = s->staff && s->own[0] == rq->session.staff;
    struct str heading = !first ? day_heading(rq, date_of(slot->start))
                         : mine ? tr(rq_lang(rq), "With you")
                                : tr(rq_lang(rq), "With the person who has this matter");
    if (s->old.ms == slot->start.ms && s->spare.calendar[0] == slot->calendar)
        return; /* itself */
    struct time_day *day = day_for(rq, v, heading);
    VEC_PUSH(rq->a, day, choice_of(rq, s, slot, first));
}

/* What to give up where nothing was found, the narrowest first. */
static void put_widen(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    enum lang l = rq_lang(rq);
    const struct {
        bool asked;
        const char *words;
    } all[] = {
        {s->part.n || s->weekdays, N_("Take any time of day and any day of the week.")},
        {s->place.n || s->area.n, N_("Take any area and any place.")},
        {s->language.n, N_("Take any language: ask for an interpreter, it costs you nothing.")},
        {s->mode != SLOT_ANY_MODE, N_("Take both times on site and times by video.")},
        {s->after.ms || date_is(s->from), N_("Take an earlier day.")},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].asked)
            VEC_PUSH(rq->a, &v->widen, tr(l, all[i].words));
    if (!v->widen.n)
        VEC_PUSH(rq->a, &v->widen,
                 tr(l, s->staff ? N_("Put the person on the waiting list: freed times are offered "
                                     "in due order.")
                                : N_("New times are opened every day. Look again tomorrow, or "
                                     "contact us and tell what you need.")));
}

void booking_search_find(struct rq *rq, const struct booking_search *s, struct times_view *v)
{
    struct slot_ask ask = booking_search_ask(s, rq->now);
    struct slots found = slot_find(rq->a, rq->app->slots, &ask);
    size_t own = 0, shown = 0;
    put_fields(rq, s, v);
    while (ask.own[0] && own < found.n && own < 3 && found.p[own].own)
        put_slot(rq, s, &found.p[own++], true, v);
    size_t i = own;
    for (; i < found.n; i++, shown++) {
        /* Those that begin together stand on one page: the next one begins after them. */
        if (shown >= BOOKING_PAGE && found.p[i].start.ms != found.p[i - 1].start.ms)
            break;
        put_slot(rq, s, &found.p[i], false, v);
    }
    if (shown && (i < found.n || found.more))
        v->later = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(s->page),
                           STR_ARG(booking_search_query(rq->a, s, found.p[i - 1].start)));
    if (s->after.ms)
        v->earlier = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(s->page),
                             STR_ARG(booking_search_query(rq->a, s, (struct instant){0})));
    if (!found.n)
        put_widen(rq, s, v);
}

void booking_search_nearest(struct rq *rq, const struct booking_search *s, struct str taken,
                            struct instant wanted, struct times_view *v)
{
    struct slot_ask ask = booking_search_ask(s, rq->now);
    memset(ask.own, 0, sizeof ask.own);
    ask.after = (struct instant){0};
    struct slots found = slot_nearest(rq->a, rq->app->slots, &ask, wanted, BOOKING_NEAREST + 1);
    put_fields(rq, s, v);
    v->nearest = true;
    for (size_t i = 0; i < found.n; i++) { /* in order of time for reading: few, so by insertion */
        struct slot x = found.p[i];
        size_t at = i;
        for (; at > 0 && found.p[at - 1].start.ms > x.start.ms; at--)
            found.p[at] = found.p[at - 1];
        found.p[at] = x;
    }
    for (size_t i = 0, shown = 0; i < found.n && shown < BOOKING_NEAREST; i++)
        if (!str_eq(booking_slot_value(rq->a, s, &found.p[i]), taken)) {
            put_slot(rq, s, &found.p[i], false, v);
            shown++;
        }
    if (!v->days.n)
        put_widen(rq, s, v);
}

/* ---- the time that was chosen ---- */

bool booking_chosen(struct rq *rq, const struct booking_search *s, struct str value,
                    struct slot *out, struct instant *when)
{
    struct str rest = value;
    const struct calendar *c = given_by_ref(s, str_cut(&rest, '.'));
    int64_t minutes;
    struct slot_ask ask = booking_search_ask(s, rq->now);
    *when = (struct instant){0};
    if (!str_int(str_cut(&rest, '.'), &minutes) || minutes <= 0 ||
        minutes > rq->now.ms / MINUTE_MS + (int64_t)2 * CALENDAR_AHEAD_DAYS * DAY_MINUTES)
        return false;
    *when = (struct instant){minutes * MINUTE_MS};
    if (!str_eq(rest, S("r")) && !str_eq(rest, S("s")))
        return false;
    /* The time itself is asked for: the choices that led to it do not matter any more. */
    struct slot_ask plain = {.type = ask.type,
                             .mode = str_eq(rest, S("r")) ? SLOT_REMOTE : SLOT_ON_SITE,
                             .from = rq->now,
                             .by_staff = ask.by_staff,
                             .last = ask.last,
                             .spare = ask.spare,
                             .limit = 1,
                             .now = rq->now};
    return c && slot_fits(rq->a, rq->app->slots, &plain, c->id, *when, out);
}

/* ---- wishes ---- */

struct str booking_wish_write(struct arena *a, const struct booking_search *s)
{
    struct buf b = buf_new(a, 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    if (s->area.n)
        jw_str(&w, "area", s->area);
    if (s->place.n)
        jw_str(&w, "place", s->place);
    if (s->mode != SLOT_ANY_MODE)
        jw_str(&w, "mode", str_of(modes[s->mode]));
    if (s->weekdays)
        jw_int(&w, "weekdays", s->weekdays);
    if (s->part.n)
        jw_str(&w, "part", s->part);
    if (s->language.n)
        jw_str(&w, "language", s->language);
    jw_end_object(&w);
    return buf_get(&b);
}

static void say(struct buf *b, struct str words)
{
    if (!words.n)
        return;
    if (b->n)
        buf_lit(b, ", ");
    buf_str(b, words);
}

struct str booking_wish_words(struct rq *rq, struct str wish)
{
    enum lang l = rq_lang(rq);
    struct json_error e;
    const struct jv *w = wish.n ? json_parse(rq->a, wish, &e) : NULL;
    struct named_list districts = districts_load(rq->a, rq->db);
    struct buf b = buf_new(rq->a, 1024);
    struct str area = jv_str_of(w, "area"), place = jv_str_of(w, "place");
    int64_t days = jv_int(jv_get(w, "weekdays"));
    if (area.n)
        say(&b, named_find(&districts, area, l));
    say(&b, place.n ? booking_place_words(rq, place) : place);
    if (str_eq(jv_str_of(w, "mode"), S("remote")))
        say(&b, tr(l, "Remote, by video"));
    if (str_eq(jv_str_of(w, "mode"), S("on-site")))
        say(&b, tr(l, "On site"));
    for (int d = 0; d < 7; d++)
        if (days & 1 << d)
            say(&b, tr(l, weekday_words(d)));
    for (size_t i = 0; i < DAY_PARTS; i++)
        if (str_eq(jv_str_of(w, "part"), str_of(day_parts[i].code)))
            say(&b, tr(l, day_parts[i].words));
    if (jv_str_of(w, "language").n)
        say(&b, booking_language_words(l, jv_str_of(w, "language")));
    return b.n ? buf_get(&b) : tr(l, "Any time that fits");
}
