/*
 * directory_view.c: texts, hours and channels as they are shown: see directory_view.h.
 */
#include "directory/directory_view.h"

/* ---- texts ---- */

static struct str mark_of(const struct view *v, struct str lang)
{
    if (str_eq(lang, S("fi")))
        return tr(v->lang, "In Finnish");
    if (str_eq(lang, S("sv")))
        return tr(v->lang, "In Swedish");
    return str_eq(lang, S("en")) ? tr(v->lang, "In English") : tr(v->lang, "In another language");
}

struct view_text view_text(const struct view *v, const struct dir_texts *t)
{
    struct dir_picked p = dir_pick(t, v->lang);
    return (struct view_text){p.text, p.lang, p.other ? mark_of(v, p.lang) : S("")};
}

/* Each line is a paragraph; lines that begin with "- " are the items of one list. */
struct view_prose view_prose(const struct view *v, const struct dir_texts *t)
{
    struct view_text picked = view_text(v, t);
    struct view_prose out = {.lang = picked.lang, .mark = picked.mark};
    struct str rest = picked.text;
    while (rest.n > 0) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        bool item = str_starts(line, S("- "));
        if (line.n == 0)
            continue;
        if (!item || out.blocks.n == 0 || out.blocks.p[out.blocks.n - 1].items.n == 0)
            VEC_PUSH(v->a, &out.blocks, (struct view_block){.text = item ? S("") : line});
        if (item)
            VEC_PUSH(v->a, &out.blocks.p[out.blocks.n - 1].items, str_sub(line, 2, line.n));
    }
    return out;
}

/* ---- open now? ---- */

static struct str until(const struct view *v, struct instant t)
{
    bool today = date_of(t).day == date_of(v->now).day;
    int minute = minute_of(t);
    if (minute == 0 && date_of(t).day == date_of(v->now).day + 1)
        return tr(v->lang, "until midnight");
    struct str when = today ? fmt_time(v->a, v->lang, minute) : fmt_by(v->a, v->lang, t, v->now);
    return tr_fill(v->a, tr(v->lang, "until %1"), &when, 1);
}

struct ui_open view_state(const struct view *v, const struct dir_hours_list *hours)
{
    struct dir_opening o = dir_opening(hours, &v->calendar, v->now);
    enum lang l = v->lang;
    struct str when;
    switch (o.state) {
    case DIR_OPEN_ALWAYS:
        return (struct ui_open){.open = true, .state = tr(l, "Open day and night")};
    case DIR_OPEN:
        return (struct ui_open){
            .open = true, .state = tr(l, "Open now"), .more = until(v, o.until)};
    case DIR_OPENS:
        when = fmt_by(v->a, l, o.until, v->now);
        return (struct ui_open){.state = tr(l, "Closed now"),
                                .more = tr_fill(v->a, tr(l, "opens %1"), &when, 1)};
    case DIR_BY_APPOINTMENT:
        return (struct ui_open){.icon = "calendar", .state = tr(l, "By appointment")};
    case DIR_CLOSED:
        return (struct ui_open){.state = tr(l, "Closed now")};
    case DIR_OPEN_UNKNOWN:
        break;
    }
    return (struct ui_open){0};
}

/* 8.00-16.00 | 8:00-16:00 */
static void put_time(struct buf *b, enum lang l, int minute)
{
    buf_fmt(b, l == LANG_EN ? "%d:%02d" : "%d.%02d", minute / 60, minute % 60);
}

/* The pieces of a day: 8.00-12.00, 13.00-16.00 */
static void put_spans(struct buf *b, enum lang l, const struct dir_day *day)
{
    for (size_t i = 0; i < day->n; i++) {
        if (i > 0)
            buf_lit(b, ", ");
        put_time(b, l, day->spans[i].from);
        buf_lit(b, "\xe2\x80\x93");
        put_time(b, l, day->spans[i].to);
    }
}

static struct str day_hours(const struct view *v, const struct dir_day *day, struct date d)
{
    const struct law_holiday *holiday = v->law ? law_holiday(v->law, d) : NULL;
    struct buf b = buf_new(v->a, 1024);
    if (day->n == 1 && day->spans[0].from == 0 && day->spans[0].to == DAY_MINUTES)
        buf_str(&b, tr(v->lang, "Day and night"));
    else if (day->n == 0)
        buf_str(&b, tr(v->lang, "Closed all day"));
    else
        put_spans(&b, v->lang, day);
    if (holiday)
        buf_fmt(&b, " (" STR_FMT ")", STR_ARG(holiday->name[v->lang]));
    return buf_get(&b);
}

static bool always(const struct dir_hours_list *hours)
{
    for (size_t i = 0; i < hours->n; i++)
        if (hours->p[i].always)
            return true;
    return false;
}

/* The coming seven days; nothing where every day is the same. */
static struct view_days week(const struct view *v, const struct dir_hours_list *hours)
{
    struct view_days out = {0};
    struct date today = date_of(v->now);
    for (int i = 0; hours->n > 0 && !always(hours) && i < 7; i++) {
        struct date d = date_add(today, i);
        struct dir_day day = dir_day(hours, &v->calendar, d);
        struct str name = fmt_day(v->a, v->lang, d);
        if (i == 0)
            name = tr_fill(v->a, tr(v->lang, "Today, %1"), &name, 1);
        VEC_PUSH(v->a, &out, (struct view_day){name, day_hours(v, &day, d), i == 0});
    }
    return out;
}

static bool same_day(const struct dir_day *a, const struct dir_day *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = a->spans[i].from == b->spans[i].from && a->spans[i].to == b->spans[i].to;
    return same;
}

/* No holidays, no exceptions: what holds in a week like any other, as it is from tomorrow on. */
static void ordinary_week(const struct view *v, const struct dir_hours_list *hours,
                          struct dir_day days[7])
{
    struct dir_hours_list weekly = {0};
    for (size_t i = 0; i < hours->n; i++)
        if (hours->p[i].kind == DIR_HOURS_WEEK)
            VEC_PUSH(v->a, &weekly, hours->p[i]);
    for (int i = 1; i <= 7; i++) {
        struct date d = date_add(date_of(v->now), i);
        days[date_weekday(d) - 1] = dir_day(&weekly, &(struct dir_calendar){0}, d);
    }
}

struct str view_regular_hours(const struct view *v, const struct dir_hours_list *hours)
{
    static const char *const names[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                        N_("Fri"), N_("Sat"), N_("Sun")};
    struct dir_day days[7];
    struct buf b = buf_new(v->a, 1024);
    if (always(hours))
        return tr(v->lang, "Open day and night");
    ordinary_week(v, hours, days);
    for (int i = 0, last; i < 7; i = last + 1) {
        last = i;
        while (last < 6 && same_day(&days[i], &days[last + 1]))
            last++;
        if (days[i].n == 0)
            continue;
        if (b.n > 0)
            buf_lit(&b, ", ");
        buf_str(&b, tr(v->lang, names[i]));
        if (last > i) {
            buf_lit(&b, "\xe2\x80\x93");
            buf_str(&b, tr(v->lang, names[last]));
        }
        buf_char(&b, ' ');
        put_spans(&b, v->lang, &days[i]);
    }
    return buf_get(&b);
}

/* ---- channels ---- */

static bool same_lang(struct str lang, struct str want)
{
    return lang.n == 0 || str_eq(lang, want);
}

/* Phones and links come once a language. Those of the page's; where there are none, Finnish ones;
 * else all. */
static struct str best_language(const struct view *v, const struct str *langs, size_t n)
{
    const char *order[] = {lang_code(v->lang), "fi", "sv", "en"};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < n; i++)
            if (same_lang(langs[i], str_of(order[k])))
                return str_of(order[k]);
    return n ? langs[0] : S("");
}

static void add_phones(const struct view *v, const struct dir_phones *phones,
                       struct view_phones *out)
{
    struct str *langs = ARENA_ARRAY(v->a, phones->n, struct str);
    for (size_t i = 0; i < phones->n; i++)
        langs[i] = phones->p[i].lang;
    struct str lang = best_language(v, langs, phones->n);
    for (size_t i = 0; i < phones->n; i++) {
        const struct dir_phone *p = &phones->p[i];
        if (!same_lang(p->lang, lang) || p->kind == DIR_FAX)
            continue;
        struct str cost = p->charge_info;
        if (cost.n == 0 && p->charge == DIR_FREE)
            cost = tr(v->lang, "The call is free of charge.");
        VEC_PUSH(v->a, out,
                 (struct view_phone){p->number, p->uri, p->info, cost, p->kind == DIR_SMS});
    }
}

static void add_links(const struct view *v, const struct dir_links *links, struct view_links *out)
{
    struct str *langs = ARENA_ARRAY(v->a, links->n, struct str);
    for (size_t i = 0; i < links->n; i++)
        langs[i] = links->p[i].lang;
    struct str lang = best_language(v, langs, links->n);
    for (size_t i = 0; i < links->n; i++) {
        const struct dir_link *l = &links->p[i];
        if (same_lang(l->lang, lang))
            VEC_PUSH(v->a, out, (struct view_link){l->url, l->name.n ? l->name : l->url});
    }
}

static struct str pick(const struct view *v, const struct dir_texts *t)
{
    return dir_pick(t, v->lang).text;
}

static void add_address(const struct view *v, const struct dir_address *a, struct view_channel *out)
{
    struct str street = pick(v, &a->street), office = pick(v, &a->post_office);
    struct str info = pick(v, &a->info);
    if (street.n > 0)
        VEC_PUSH(v->a, &out->address,
                 str_trim(str_fmt(v->a, STR_FMT " " STR_FMT, STR_ARG(street), STR_ARG(a->number))));
    if (a->postal_code.n > 0 || office.n > 0)
        VEC_PUSH(
            v->a, &out->address,
            str_trim(str_fmt(v->a, STR_FMT " " STR_FMT, STR_ARG(a->postal_code), STR_ARG(office))));
    if (info.n > 0)
        VEC_PUSH(v->a, &out->address, info);
    if (a->north > 0 && a->east > 0) /* the National Land Survey's map */
        out->map = str_fmt(v->a,
                           "https://asiointi.maanmittauslaitos.fi/karttapaikka/"
                           "?lang=%s&share=customMarker&n=%d&e=%d&zoom=10",
                           v->lang == LANG_SV   ? "sv"
                           : v->lang == LANG_EN ? "en"
                                                : "fi",
                           a->north, a->east);
    for (size_t i = 0; i < a->access.n; i++)
        VEC_PUSH(v->a, &out->access, pick(v, &a->access.p[i].text));
}

static const char *icon_of(int32_t kind)
{
    switch (kind) {
    case DIR_LOCATION:
        return "pin";
    case DIR_PHONE_CHANNEL:
        return "phone";
    case DIR_FORM:
        return "print";
    case DIR_ECHANNEL:
        return "form";
    default:
        return "globe";
    }
}

struct view_channel view_reach(const struct view *v, const struct dir_channel *c,
                               const struct dir_connection *by)
{
    struct view_channel out = {
        .icon = icon_of(c->kind),
        .id = c->id,
        .name = view_text(v, &c->name),
        .note = view_text(v, by && by->description.n ? &by->description : &c->summary),
        .sign_in = c->sign_in,
        .by_phone = c->kind == DIR_PHONE_CHANNEL,
    };
    if (c->kind == DIR_LOCATION)
        out.href = str_fmt(v->a, "/%s/place/" STR_FMT, lang_code(v->lang), STR_ARG(c->id));
    add_phones(v, by && by->phones.n ? &by->phones : &c->phones, &out.phones);
    add_links(v, c->kind == DIR_FORM && c->files.n ? &c->files : &c->links, &out.links);
    if (by)
        add_links(v, &by->links, &out.links);
    for (size_t i = 0; i < c->addresses.n; i++)
        if (!c->addresses.p[i].postal) {
            add_address(v, &c->addresses.p[i], &out);
            break; /* the first is where to go */
        }
    return out;
}

struct view_channel view_channel(const struct view *v, const struct dir_channel *c,
                                 const struct dir_connection *by)
{
    struct view_channel out = view_reach(v, c, by);
    bool own_hours = by && by->hours.n > 0; /* what holds for this service only goes first */
    const struct dir_hours_list *hours = own_hours ? &by->hours : &c->hours;
    out.state = view_state(v, hours);
    out.days = week(v, hours);
    if (hours->n > 0)
        out.regular = view_regular_hours(v, hours);
    for (size_t i = 0; i < hours->n; i++) {
        struct str info = pick(v, &hours->p[i].info);
        if (info.n > 0)
            VEC_PUSH(v->a, &out.hours_notes, info);
    }
    return out;
}

static size_t services_of(const struct dir *d, const struct dir_organisation *o)
{
    size_t n = 0;
    for (size_t i = 0; o && i < d->services.n; i++)
        n += d->services.p[i]->organisation == o;
    return n;
}

static const struct dir_channel *phone_of(const struct dir_service *s)
{
    for (size_t i = 0; i < s->ways.n; i++)
        if (s->ways.p[i].channel->kind == DIR_PHONE_CHANNEL && s->ways.p[i].channel->phones.n > 0)
            return s->ways.p[i].channel;
    return NULL;
}

/* Of the advisory services, that of the organisation that gives most: the county itself. */
struct view_channel view_advice(const struct view *v)
{
    const struct dir_channel *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < v->dir->services.n; i++) {
        const struct dir_service *s = v->dir->services.p[i];
        const struct dir_channel *phone = phone_of(s);
        if (!phone || !dir_has_code(&s->classes, &dir_data()->advice))
            continue;
        size_t n = services_of(v->dir, s->organisation);
        if (!best || n > most)
            best = phone, most = n;
    }
    return best ? view_channel(v, best, NULL) : (struct view_channel){0};
}
