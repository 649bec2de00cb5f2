/*
 * directory_lack.c: what keeps an entry from being shown, and what would make it better: pure, but
 * for the ages, which are data (data/directory.json).
 */
#include "directory/directory_store.h"

#include "base/embedded.h"
#include "base/guard.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded directory_files[];
extern const size_t directory_files_count;

/* ---- words ---- */

const char *dir_refusal_words(enum dir_refusal r)
{
    static const char *const words[] = {
#define X(name, text) [DIR_REFUSED_##name] = text,
        DIR_REFUSALS(X)
#undef X
    };
    return words[r];
}

const char *dir_lack_words(enum dir_lack l)
{
    static const char *const words[] = {
#define X(name, blocks, text) [DIR_LACK_##name] = text,
        DIR_LACKS(X)
#undef X
    };
    return words[l];
}

bool dir_lack_blocks(enum dir_lack l)
{
    static const bool blocks[] = {
#define X(name, yes, text) [DIR_LACK_##name] = yes,
        DIR_LACKS(X)
#undef X
    };
    return blocks[l];
}

unsigned dir_lacks_blocking(unsigned lacks)
{
    unsigned out = 0;
    for (int l = 0; l < DIR_LACK_COUNT; l++)
        if (dir_lack_blocks((enum dir_lack)l))
            out |= lacks & 1U << l;
    return out;
}

/* ---- ages ---- */

static struct dir_policy the_policy;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int64_t need(const struct jv *doc, const char *part, const char *key)
{
    int64_t v = jv_int(jv_get(jv_get(doc, part), key));
    if (v <= 0)
        guard_fail(ERR_INTERNAL, "data/directory.json: %s.%s must be over 0", part, key);
    return v;
}

static bool read_policy(struct arena *a, struct str *why)
{
    struct json_error e;
    const struct jv *doc =
        json_parse(a, embedded_text(directory_files, directory_files_count, "directory.json"), &e);
    (void)why; /* need() fails */
    the_policy = (struct dir_policy){
        .old_months = need(doc, "age", "old_months"),
        .stale_months = need(doc, "age", "stale_months"),
        .history_months = need(doc, "history", "months"),
        .history_max = need(doc, "history", "changes_an_entry"),
        .import_stale_hours = need(doc, "import", "stale_hours"),
        .import_missing_share = jv_real(jv_get(jv_get(doc, "import"), "missing_share")),
    };
    return true;
}

static void read_once(void)
{
    embedded_load("directory", read_policy);
}

const struct dir_policy *dir_policy(void)
{
    pthread_once(&once, read_once);
    return &the_policy;
}

/* ---- what is lacking ---- */

#define LACK(name) (1U << DIR_LACK_##name)

static bool has_lang(const struct dir_texts *t, const char *lang)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang)) && t->p[i].text.n > 0)
            return true;
    return false;
}

static unsigned of_state(int32_t state)
{
    static const unsigned lacks[] = {[DIR_SHOWN] = 0,
                                     [DIR_DRAFT] = LACK(DRAFT),
                                     [DIR_WAITING] = LACK(WAITING),
                                     [DIR_RETURNED] = LACK(RETURNED),
                                     [DIR_WITHDRAWN] = LACK(WITHDRAWN)};
    return lacks[state];
}

/* A date that is not known is of somebody who never looked: old, but PTV gives one for all, and a
 * local entry gets one each time that it is saved. */
static unsigned of_age(struct date modified, struct date today)
{
    const struct dir_policy *p = dir_policy();
    if (!date_is(modified))
        return LACK(OLD);
    if (date_add_months(modified, (int)p->stale_months).day < today.day)
        return LACK(STALE);
    return date_add_months(modified, (int)p->old_months).day < today.day ? LACK(OLD) : 0;
}

static unsigned of_texts(const struct dir_texts *name)
{
    return (has_lang(name, "fi") ? 0 : LACK(NO_NAME)) |
           (has_lang(name, "sv") ? 0 : LACK(NO_SWEDISH)) |
           (has_lang(name, "en") ? 0 : LACK(NO_ENGLISH));
}

static bool is_call(const struct dir_phones *phones)
{
    for (size_t i = 0; i < phones->n; i++)
        if (phones->p[i].kind == DIR_PHONE)
            return true;
    return false;
}

static bool has_visit(const struct dir_channel *c)
{
    for (size_t i = 0; i < c->addresses.n; i++)
        if (!c->addresses.p[i].postal)
            return true;
    return false;
}

static bool wants_hours(const struct dir_channel *c)
{
    return c->kind == DIR_LOCATION || c->kind == DIR_PHONE_CHANNEL;
}

/* Phones and hours may stand at the channel, or for this pair only. */
static unsigned of_ways(const struct dir_service *s)
{
    bool reached = false, phone = false, hours = true;
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_channel *c = s->ways.p[i].channel;
        const struct dir_connection *by = s->ways.p[i].connection;
        bool calls = is_call(&c->phones) || is_call(&by->phones);
        phone = phone || calls;
        reached = reached || calls || has_visit(c) || c->links.n + by->links.n + c->files.n > 0;
        if (wants_hours(c) && c->hours.n + by->hours.n == 0)
            hours = false;
    }
    return (reached ? 0 : LACK(NO_WAY)) | (phone ? 0 : LACK(NO_PHONE)) |
           (hours ? 0 : LACK(NO_HOURS));
}

static unsigned of_connections(const struct dir_service *s)
{
    for (size_t i = 0; i < s->connections.n; i++) {
        bool leads = false;
        for (size_t k = 0; k < s->ways.n && !leads; k++)
            leads = str_eq(s->ways.p[k].channel->id, s->connections.p[i].other);
        if (!leads)
            return LACK(DEAD_CONNECTION);
    }
    return 0;
}

unsigned dir_lacks(const struct dir_service *s, struct date today)
{
    unsigned out = of_state(s->state) | of_texts(&s->name) | of_age(s->modified, today) |
                   of_ways(s) | of_connections(s);
    if (s->summary.n == 0)
        out |= LACK(NO_SUMMARY);
    if (s->classes.n == 0)
        out |= LACK(NO_CLASS);
    if (s->groups.n == 0)
        out |= LACK(NO_GROUP);
    if (date_is(s->addition.review) && s->addition.review.day < today.day)
        out |= LACK(REVIEW_DUE);
    return out;
}

unsigned dir_channel_lacks(const struct dir_channel *c, struct date today)
{
    unsigned out = of_state(c->state) | of_texts(&c->name) | of_age(c->modified, today);
    bool reached = is_call(&c->phones) || has_visit(c) || c->links.n + c->files.n > 0;
    if (!reached)
        out |= LACK(NO_WAY);
    if (c->kind == DIR_PHONE_CHANNEL && !is_call(&c->phones))
        out |= LACK(NO_PHONE);
    if (wants_hours(c) && c->hours.n == 0)
        out |= LACK(NO_HOURS);
    return out;
}
