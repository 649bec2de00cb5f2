/*
 * find.c: the sets behind the filters, and counting them: see find.h.
 */
#include "directory/find.h"

#include "directory/directory_data.h"

#include <pthread.h>
#include <stdlib.h>

/* Opening hours, and whether it is open by them: asked once for all that have just these. */
struct slot {
    const struct dir_hours_list *hours;
    uint32_t first, count; /* of f->members */
    bool online;           /* of an e-service: one that is always there is not "open" */
    bool open;
    struct instant until; /* what is said of it holds so long */
};

struct find {
    const struct dir *d;
    size_t n, words; /* services; words of a set */
    struct find_options by[FIND_KEYS];
    uint32_t *order[LANG_COUNT];
    struct slot *slots;
    size_t slot_n;
    uint32_t *members;
    pthread_mutex_t lock; /* of what follows, and of the slots' states */
    struct instant at;    /* when it was last made */
    struct date cover_day;
    uint64_t *open, *takes;
};

const struct find_options *find_options(const struct find *f, enum find_key key)
{
    return &f->by[key];
}

const struct find_option *find_option(const struct find *f, enum find_key key, struct str code)
{
    for (size_t i = 0; i < f->by[key].n; i++)
        if (str_eq(f->by[key].p[i].code, code))
            return &f->by[key].p[i];
    return NULL;
}

uint64_t *find_set(struct arena *a, const struct find *f)
{
    return ARENA_ARRAY(a, f->words, uint64_t);
}

const uint32_t *find_by_name(const struct find *f, enum lang l)
{
    return f->order[l];
}

size_t find_place(const struct dir *d, const struct dir_service *s)
{
    size_t low = 0, high = d->services.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(d->services.p[mid]->id, s->id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static size_t count_bits(const uint64_t *set, size_t words)
{
    size_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += (size_t)__builtin_popcountll(set[i]);
    return n;
}

/* ---- what a service says of itself ---- */

const struct dir_hours_list *find_hours(const struct dir_way *w)
{
    return w->connection && w->connection->hours.n ? &w->connection->hours : &w->channel->hours;
}

bool find_is_online(const struct dir_channel *c)
{
    return c->kind != DIR_LOCATION && c->kind != DIR_PHONE_CHANNEL;
}

enum dir_cover find_cover(const struct dir_service *s, struct date today)
{
    const struct dir_addition *x = &s->addition;
    if (date_is(x->cover_until) && x->cover_until.day > 0 && x->cover_until.day < today.day)
        return DIR_COVER_UNKNOWN;
    return (enum dir_cover)x->cover;
}

static bool is_free(const struct dir_service *s)
{
    return s->charge == DIR_FREE;
}

static bool is_remote(const struct dir_service *s)
{
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_channel *c = s->ways.p[i].channel;
        if (c->kind == DIR_PHONE_CHANNEL || c->kind == DIR_ECHANNEL || c->kind == DIR_FORM)
            return true;
    }
    return false;
}

/* ---- making the sets ---- */

/* A sentence of accessibility, and what it says. They come from a catalogue: few are different. */
enum steps { STEPS_UNSAID, STEPS_FREE, STEPS_BARRIER };
struct said {
    struct str text;
    enum steps steps;
};
enum { SAID_MAX = 4096 };

struct making {
    struct arena *a;
    struct find *f;
    struct said *said; /* SAID_MAX slots by the text's hash; what comes later takes the place */
};

static struct find_option *option_add(struct making *m, enum find_key key, struct str code)
{
    struct find_option o = {.code = code, .set = find_set(m->a, m->f)};
    VEC_PUSH(m->a, &m->f->by[key], o);
    return &m->f->by[key].p[m->f->by[key].n - 1];
}

static struct find_option *option_of(struct making *m, enum find_key key, struct str code)
{
    return (struct find_option *)find_option(m->f, key, code);
}

static void option_put(struct find_option *o, size_t service)
{
    find_put((uint64_t *)o->set, service);
}

static void set_names(struct find_option *o, const struct dir_texts *t)
{
    for (int l = 0; l < LANG_COUNT; l++)
        o->name[l] = dir_pick(t, (enum lang)l).text;
}

static void make_topics(struct making *m, enum find_key key, const struct dir_topics *topics)
{
    for (size_t t = 0; t < topics->n; t++) {
        struct find_option *o = option_add(m, key, topics->p[t].code);
        memcpy(o->name, topics->p[t].name, sizeof o->name);
        for (size_t i = 0; i < m->f->n; i++)
            if (dir_in_topic(m->f->d->services.p[i], &topics->p[t]))
                option_put(o, i);
    }
}

/* KR1, everybody, narrows nothing. Who is for KR2.1 is for KR2 too, where somebody is for that. */
static void make_groups(struct making *m)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < m->f->n; i++) {
            const struct dir_concepts *c = &m->f->d->services.p[i]->groups;
            for (size_t k = 0; k < c->n; k++) {
                struct str code = c->p[k].code;
                struct find_option *o = option_of(m, FIND_GROUP, code);
                if (!o && round == 0 && !str_eq(code, S("KR1")) && c->p[k].names.n > 0)
                    set_names(option_add(m, FIND_GROUP, code), &c->p[k].names);
                if (o && round == 1)
                    option_put(o, i);
                struct str up = code;
                while (round == 1 && up.n > 0 && up.p[up.n - 1] != '.')
                    up.n--;
                struct find_option *above =
                    up.n > 1 ? option_of(m, FIND_GROUP, str_sub(up, 0, up.n - 1)) : NULL;
                if (above)
                    option_put(above, i);
            }
        }
}

/* A municipality's name in an address: the Finnish one in small letters without accents. */
static struct str slug(struct arena *a, struct str name)
{
    struct buf b = buf_new(a, 256);
    while (name.n > 0) {
        uint32_t c = str_utf8_next(&name);
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&b, (char)c);
        else if (c == 0xE4 || c == 0xC4 || c == 0xE5 || c == 0xC5)
            buf_char(&b, 'a');
        else if (c == 0xF6 || c == 0xD6)
            buf_char(&b, 'o');
        else if (b.n > 0 && b.p[b.n - 1] != '-')
            buf_char(&b, '-');
    }
    return buf_get(&b);
}

static struct find_option *area_of(struct making *m, const struct dir_texts *name)
{
    struct str code = slug(m->a, dir_pick(name, LANG_FI).text);
    struct find_option *o = code.n ? option_of(m, FIND_AREA, code) : NULL;
    if (!o && code.n) {
        o = option_add(m, FIND_AREA, code);
        set_names(o, name);
    }
    return o;
}

/* The municipalities of its places. */
static bool put_places(struct making *m, size_t i)
{
    const struct dir_service *s = m->f->d->services.p[i];
    bool any = false;
    for (size_t k = 0; k < s->ways.n; k++) {
        const struct dir_addresses *at = &s->ways.p[k].channel->addresses;
        for (size_t x = 0; s->ways.p[k].channel->kind == DIR_LOCATION && x < at->n; x++) {
            struct find_option *o = at->p[x].postal ? NULL : area_of(m, &at->p[x].municipality);
            if (o)
                option_put(o, i);
            any |= o != NULL;
        }
    }
    return any;
}

/* Who has no place is for its areas: those that are named as a municipality is, else for all. */
static void put_areas(struct making *m, size_t i)
{
    const struct dir_texts *areas = &m->f->d->services.p[i]->areas;
    bool named = false;
    for (size_t k = 0; k < areas->n; k++) {
        struct find_option *o = option_of(m, FIND_AREA, slug(m->a, areas->p[k].text));
        if (o)
            option_put(o, i);
        named |= o != NULL;
    }
    for (size_t k = 0; !named && k < m->f->by[FIND_AREA].n; k++)
        option_put(&m->f->by[FIND_AREA].p[k], i);
}

static void make_areas(struct making *m)
{
    bool *placed = ARENA_ARRAY(m->a, m->f->n, bool);
    for (size_t i = 0; i < m->f->n; i++)
        placed[i] = put_places(m, i);
    for (size_t i = 0; i < m->f->n; i++)
        if (!placed[i])
            put_areas(m, i);
}

static void language_names(struct find_option *o)
{
    const struct dir_names *known = &dir_data()->languages;
    for (int l = 0; l < LANG_COUNT; l++)
        o->name[l] = o->code;
    for (size_t i = 0; i < known->n; i++)
        if (str_eq(known->p[i].code, o->code))
            memcpy(o->name, known->p[i].name, sizeof o->name);
}

static void make_languages(struct making *m)
{
    for (size_t i = 0; i < m->f->n; i++) {
        const struct dir_texts *t = &m->f->d->services.p[i]->languages;
        for (size_t k = 0; k < t->n; k++) {
            struct find_option *o = option_of(m, FIND_LANGUAGE, t->p[k].text);
            if (!o) {
                o = option_add(m, FIND_LANGUAGE, t->p[k].text);
                language_names(o);
            }
            option_put(o, i);
        }
    }
}

static void make_providers(struct making *m)
{
    const struct dir *d = m->f->d;
    for (size_t i = 0; i < d->organisations.n; i++) {
        struct find_option *o = option_add(m, FIND_PROVIDER, d->organisations.p[i]->id);
        set_names(o, &d->organisations.p[i]->name);
    }
    for (size_t i = 0; i < d->services.n; i++)
        for (size_t k = 0; k < d->services.p[i]->roles.n; k++) {
            const struct dir_organisation *g = dir_organisation(d, d->services.p[i]->roles.p[k].id);
            size_t low = 0, high = g ? d->organisations.n : 0;
            while (low < high) {
                size_t mid = (low + high) / 2;
                int order = str_cmp(d->organisations.p[mid]->id, g->id);
                if (order == 0)
                    option_put(&m->f->by[FIND_PROVIDER].p[mid], i);
                low = order < 0 ? mid + 1 : low;
                high = order < 0 ? high : mid;
            }
        }
}

static enum steps sentence_says(struct making *m, struct str text)
{
    struct said *x = &m->said[str_hash(text) % SAID_MAX];
    if (text.n == 0)
        return STEPS_UNSAID;
    if (str_eq(x->text, text))
        return x->steps;
    *x = (struct said){text, dir_says(m->a, text, &dir_data()->steps_barrier) ? STEPS_BARRIER
                             : dir_says(m->a, text, &dir_data()->steps_free)  ? STEPS_FREE
                                                                              : STEPS_UNSAID};
    return x->steps;
}

/* Does the place say that one comes in without steps, and nothing against it? */
static bool is_step_free(struct making *m, const struct dir_channel *c)
{
    bool free_of = false;
    for (size_t i = 0; c->kind == DIR_LOCATION && i < c->addresses.n; i++)
        for (size_t k = 0; k < c->addresses.p[i].access.n; k++) {
            const struct dir_texts *t = &c->addresses.p[i].access.p[k].text;
            for (size_t x = 0; x < t->n; x++) {
                enum steps steps = sentence_says(m, t->p[x].text);
                if (steps == STEPS_BARRIER)
                    return false;
                free_of |= steps == STEPS_FREE;
            }
        }
    return free_of;
}

static void make_flags(struct making *m)
{
    struct find *f = m->f;
    struct find_option *free_of = option_add(m, FIND_FREE, S("1")),
                       *remote = option_add(m, FIND_REMOTE, S("1")),
                       *steps = option_add(m, FIND_STEPS, S("1"));
    for (size_t i = 0; i < f->n; i++) {
        if (is_free(f->d->services.p[i]))
            option_put(free_of, i);
        if (is_remote(f->d->services.p[i]))
            option_put(remote, i);
    }
    for (size_t c = 0; c < f->d->channels.n; c++) {
        const struct dir_channel *channel = f->d->channels.p[c];
        if (is_step_free(m, channel))
            for (size_t i = 0; i < channel->services.n; i++)
                option_put(steps, find_place(f->d, channel->services.p[i]));
    }
    option_add(m, FIND_OPEN, S("now"));
    option_add(m, FIND_TAKES, S("1"));
    f->open = (uint64_t *)f->by[FIND_OPEN].p[0].set;
    f->takes = (uint64_t *)f->by[FIND_TAKES].p[0].set;
}

/* ---- what depends on the clock ---- */

struct way_hours {
    struct str key; /* all that dir_opening() looks at, in bytes */
    const struct dir_hours_list *hours;
    uint32_t service;
    bool online;
};

static void put_number(struct buf *b, int32_t v)
{
    buf_put(b, (const char *)&v, sizeof v);
}

static struct str hours_key(struct arena *a, const struct dir_hours_list *list, bool online)
{
    struct buf b = buf_new(a, 0);
    put_number(&b, online);
    for (size_t i = 0; i < list->n; i++) {
        const struct dir_hours *h = &list->p[i];
        put_number(&b, h->kind);
        put_number(&b, h->from.day);
        put_number(&b, h->to.day);
        put_number(&b, h->closed | h->always << 1 | h->reservation << 2);
        put_number(&b, (int32_t)h->spans.n);
        for (size_t k = 0; k < h->spans.n; k++) {
            put_number(&b, h->spans.p[k].day_from);
            put_number(&b, h->spans.p[k].day_to);
            put_number(&b, h->spans.p[k].from);
            put_number(&b, h->spans.p[k].to);
        }
    }
    return buf_get(&b);
}

static int by_hours(const void *x, const void *y)
{
    return str_cmp(((const struct way_hours *)x)->key, ((const struct way_hours *)y)->key);
}

struct all_hours {
    LIST_FIELDS(struct way_hours);
};

static void add_hours(struct making *m, struct all_hours *all, const struct dir_way *w,
                      uint32_t service)
{
    bool online = find_is_online(w->channel);
    VEC_PUSH(
        m->a, all,
        (struct way_hours){hours_key(m->a, find_hours(w), online), find_hours(w), service, online});
}

static void make_slots(struct making *m)
{
    struct find *f = m->f;
    struct all_hours all = {0};
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->d->services.p[i]->ways.n; k++) {
            const struct dir_way *w = &f->d->services.p[i]->ways.p[k];
            if (find_hours(w)->n > 0)
                add_hours(m, &all, w, (uint32_t)i);
        }
    if (all.n > 1)
        qsort(all.p, all.n, sizeof *all.p, by_hours);
    f->slots = ARENA_ARRAY(m->a, all.n, struct slot);
    f->members = ARENA_ARRAY(m->a, all.n, uint32_t);
    for (size_t i = 0; i < all.n; i++) {
        if (i == 0 || !str_eq(all.p[i].key, all.p[i - 1].key))
            f->slots[f->slot_n++] = (struct slot){
                .hours = all.p[i].hours, .first = (uint32_t)i, .online = all.p[i].online};
        f->slots[f->slot_n - 1].count++;
        f->members[i] = all.p[i].service;
    }
}

/* What dir_opening() says holds until an opening begins or ends, else for the day. */
static void look_at(struct slot *s, const struct dir_calendar *cal, struct instant now)
{
    struct dir_opening o = dir_opening(s->hours, cal, now);
    s->open = o.state == DIR_OPEN || (o.state == DIR_OPEN_ALWAYS && !s->online);
    s->until = o.state == DIR_OPEN || o.state == DIR_OPENS ? o.until
                                                           : instant_at(date_of(now), DAY_MINUTES);
}

static void see_open(struct find *f, const struct dir_calendar *cal, struct instant now)
{
    bool back = now.ms < f->at.ms; /* the clock was set back: nothing holds */
    f->at = now;
    memset(f->open, 0, f->words * sizeof *f->open);
    for (size_t i = 0; i < f->slot_n; i++) {
        struct slot *s = &f->slots[i];
        if (back || now.ms >= s->until.ms)
            look_at(s, cal, now);
        for (size_t k = 0; s->open && k < s->count; k++)
            find_put(f->open, f->members[s->first + k]);
    }
}

static void see_takes(struct find *f, struct date today)
{
    f->cover_day = today;
    memset(f->takes, 0, f->words * sizeof *f->takes);
    for (size_t i = 0; i < f->n; i++)
        if (find_cover(f->d->services.p[i], today) == DIR_COVER_TAKES)
            find_put(f->takes, i);
}

/* The two sets as they are at `now`, copied: the next page may find them otherwise. */
static void see(struct find *f, const struct dir_calendar *cal, struct instant now,
                uint64_t *sets[FIND_KEYS])
{
    struct date today = date_of(now);
    pthread_mutex_lock(&f->lock);
    if (f->at.ms / MINUTE_MS != now.ms / MINUTE_MS)
        see_open(f, cal, now);
    if (f->cover_day.day != today.day)
        see_takes(f, today);
    memcpy(sets[FIND_OPEN], f->open, f->words * sizeof *f->open);
    memcpy(sets[FIND_TAKES], f->takes, f->words * sizeof *f->takes);
    pthread_mutex_unlock(&f->lock);
}

/* ---- making it ---- */

struct named {
    struct str name;
    uint32_t place;
};

static int by_name(const void *x, const void *y)
{
    const struct named *p = x, *q = y;
    int order = str_cmp(p->name, q->name);
    return order ? order : (p->place > q->place) - (p->place < q->place);
}

static void make_order(struct making *m, enum lang l)
{
    size_t n = m->f->n;
    struct named *all = ARENA_ARRAY(m->a, n, struct named);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct named){dir_pick(&m->f->d->services.p[i]->name, l).text, (uint32_t)i};
    if (n > 1)
        qsort(all, n, sizeof *all, by_name);
    m->f->order[l] = ARENA_ARRAY(m->a, n, uint32_t);
    for (size_t i = 0; i < n; i++)
        m->f->order[l][i] = all[i].place;
}

static void end(void *arg)
{
    pthread_mutex_destroy(&((struct find *)arg)->lock);
}

struct find *find_new(struct arena *a, const struct dir *d)
{
    struct find *f = ARENA_NEW(a, struct find);
    struct making m = {a, f, ARENA_ARRAY(a, SAID_MAX, struct said)};
    f->d = d;
    f->n = d->services.n;
    f->words = f->n / 64 + 1;
    f->at.ms = INT64_MIN;
    f->cover_day = DATE_NONE;
    make_topics(&m, FIND_THEME, &dir_data()->themes);
    make_topics(&m, FIND_LIFE, &dir_data()->life);
    make_groups(&m);
    make_areas(&m);
    make_languages(&m);
    make_providers(&m);
    make_flags(&m);
    make_slots(&m);
    for (int l = 0; l < LANG_COUNT; l++)
        make_order(&m, (enum lang)l);
    for (int k = 0; k < FIND_KEYS; k++)
        for (size_t i = 0; i < f->by[k].n; i++)
            f->by[k].p[i].n = count_bits(f->by[k].p[i].set, f->words);
    pthread_mutex_init(&f->lock, NULL);
    arena_defer(a, end, f);
    return f;
}

/* ---- counting ---- */

static size_t count_both(const uint64_t *x, const uint64_t *y, size_t words)
{
    size_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += (size_t)__builtin_popcountll(x[i] & y[i]);
    return n;
}

/* What all the filters leave, but for one (FIND_KEYS: none is left out). */
static void narrow(const struct find *f, const struct find_choice *c, const uint64_t *among,
                   uint64_t *const now[FIND_KEYS], enum find_key but, uint64_t *out)
{
    memcpy(out, among, f->words * sizeof *out);
    for (int k = 0; k < FIND_KEYS; k++) {
        const uint64_t *set = c->by[k] && k != (int)but ? c->by[k]->set : NULL;
        if (set && now[k])
            set = now[k];
        for (size_t i = 0; set && i < f->words; i++)
            out[i] &= set[i];
    }
}

static uint64_t *everything(struct arena *a, const struct find *f)
{
    uint64_t *all = find_set(a, f);
    for (size_t i = 0; i < f->n; i++)
        find_put(all, i);
    return all;
}

struct find_counts find_count(struct arena *a, struct find *f, const struct find_choice *c,
                              const uint64_t *among, const struct dir_calendar *cal,
                              struct instant now)
{
    uint64_t *seen[FIND_KEYS] = {[FIND_OPEN] = find_set(a, f), [FIND_TAKES] = find_set(a, f)};
    uint64_t *others = find_set(a, f);
    struct find_counts out = {.set = find_set(a, f)};
    see(f, cal, now, seen);
    if (!among)
        among = everything(a, f);
    narrow(f, c, among, seen, FIND_KEYS, out.set);
    out.n = count_bits(out.set, f->words);
    for (int k = 0; k < FIND_KEYS; k++) {
        const uint64_t *from = out.set;
        if (c->by[k]) {
            narrow(f, c, among, seen, (enum find_key)k, others);
            from = others;
        }
        out.by[k] = ARENA_ARRAY(a, f->by[k].n, size_t);
        for (size_t i = 0; i < f->by[k].n; i++)
            out.by[k][i] = count_both(from, seen[k] ? seen[k] : f->by[k].p[i].set, f->words);
    }
    return out;
}
