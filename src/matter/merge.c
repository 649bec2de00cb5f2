/*
 * merge.c: the rules of finding and joining duplicates, pure: data/merge.json, what texts, names
 * and numbers are compared by, who may be joined to whom, and the fold of the three events.
 */
#include "matter/merge.h"

#include "base/embedded.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

extern const struct embedded merge_files[];
extern const size_t merge_files_count;

/* ---- data/merge.json ---- */

static int number(const struct jv *o, const char *part, const char *key, int most)
{
    int64_t v = jv_int(jv_get(jv_get(o, part), key));
    return v > 0 && v <= most ? (int)v : 0;
}

static bool known_only(const struct jv *o)
{
    static const char *const top[] = {"reviewed", "about", "text", "closed", NULL};
    static const char *const text[] = {"alike", "days", "shortest", "mark", "note", NULL};
    static const char *const closed[] = {"days", "mark", "note", NULL};
    return !jv_unknown(o, top).n && !jv_unknown(jv_get(o, "text"), text).n &&
           !jv_unknown(jv_get(o, "closed"), closed).n;
}

bool merge_rules_read(struct arena *a, struct str text, struct merge_rules *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "merge.json:%d: %s", je.line, je.text);
        return false;
    }
    *out = (struct merge_rules){.alike = number(o, "text", "alike", 100),
                                .days = number(o, "text", "days", 366),
                                .shortest = number(o, "text", "shortest", 1000),
                                .closed_days = number(o, "closed", "days", 366)};
    if (out->alike && out->days && out->shortest && out->closed_days && known_only(o))
        return true;
    *why = S("merge.json: missing, wrong or not known: text.alike (1 to 100), text.days, "
             "text.shortest, closed.days");
    return false;
}

static struct merge_rules rules;
static pthread_once_t rules_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return merge_rules_read(a, embedded_text(merge_files, merge_files_count, "merge.json"), &rules,
                            why);
}

static void read_once(void)
{
    embedded_load("matter", read_file);
}

const struct merge_rules *merge_rules(void)
{
    pthread_once(&rules_once, read_once);
    return &rules;
}

/* ---- words ---- */

const char *merge_reason_words(enum merge_reason r)
{
    static const char *const words[] = {
#define X(name, text) text,
        MERGE_REASONS(X)
#undef X
    };
    assert((unsigned)r < MERGE_REASON_COUNT);
    return words[r];
}

const char *merge_refusal_words(enum merge_refusal r)
{
    static const char *const words[] = {
#define X(name, text) text,
        MERGE_REFUSALS(X)
#undef X
    };
    assert((unsigned)r < MERGE_REFUSAL_COUNT);
    return words[r];
}

/* ---- what is compared ---- */

struct str merge_phone(struct arena *a, struct str phone)
{
    enum { FEWEST = 5 };
    struct buf b = buf_new(a, 0);
    bool abroad = str_starts(str_trim(phone), S("+"));
    for (size_t i = 0; i < phone.n; i++)
        if (phone.p[i] >= '0' && phone.p[i] <= '9')
            buf_char(&b, phone.p[i]);
    struct str d = buf_get(&b);
    if (!abroad && str_starts(d, S("00"))) {
        d = str_sub(d, 2, d.n);
        abroad = true;
    }
    if (d.n < FEWEST)
        return (struct str){NULL, 0};
    if (!abroad)
        return d;
    if (!str_starts(d, S("358")))
        return str_fmt(a, "+" STR_FMT, STR_ARG(d));
    d = str_sub(d, 3, d.n);
    if (str_starts(d, S("0"))) /* +358 (0)40 */
        d = str_sub(d, 1, d.n);
    return str_fmt(a, "0" STR_FMT, STR_ARG(d));
}

/* Letters and digits of any script; everything else parts words. */
static bool is_letter(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c != 0xD7 && c != 0xF7);
}

static int by_text(const void *p, const void *r)
{
    return str_cmp(*(const struct str *)p, *(const struct str *)r);
}

/* The words in small letters. */
static struct str words_of(struct arena *a, struct str text)
{
    struct buf b = buf_new(a, 0);
    for (struct str rest = str_lower(a, text); rest.n;) {
        const char *from = rest.p;
        if (is_letter(str_utf8_next(&rest)))
            buf_str(&b, (struct str){from, (size_t)(rest.p - from)});
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_char(&b, ' ');
    }
    return str_trim(buf_get(&b));
}

struct str merge_name(struct arena *a, struct str name)
{
    struct {
        LIST_FIELDS(struct str);
    } words = {0};
    struct str rest = words_of(a, name);
    while (rest.n) {
        struct str word = str_cut(&rest, ' ');
        VEC_PUSH(a, &words, word);
    }
    if (words.n > 1)
        qsort(words.p, words.n, sizeof *words.p, by_text);
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < words.n; i++) {
        if (i)
            buf_char(&b, ' ');
        buf_str(&b, words.p[i]);
    }
    return buf_get(&b);
}

/* ---- texts ---- */

/* Runs of three letters, each once, as numbers in order. */
struct runs {
    LIST_FIELDS(uint64_t);
};

enum { LONGEST_COMPARED = 4000 };

static int by_number(const void *p, const void *r)
{
    const uint64_t *x = p, *y = r;
    return (*x > *y) - (*x < *y);
}

static struct runs runs_of(struct arena *a, struct str text)
{
    struct runs runs = {0};
    uint64_t run = 0;
    size_t n = 0;
    struct str rest = words_of(a, str_sub(text, 0, LONGEST_COMPARED));
    while (rest.n) {
        run = (run << 21 | str_utf8_next(&rest)) & (((uint64_t)1 << 63) - 1);
        if (++n >= 3)
            VEC_PUSH(a, &runs, run);
    }
    if (runs.n > 1)
        qsort(runs.p, runs.n, sizeof *runs.p, by_number);
    size_t once = 0;
    for (size_t i = 0; i < runs.n; i++)
        if (i == 0 || runs.p[i] != runs.p[i - 1])
            runs.p[once++] = runs.p[i];
    runs.n = once;
    return runs;
}

int merge_alike(struct arena *a, struct str x, struct str y)
{
    struct runs p = runs_of(a, x), r = runs_of(a, y);
    size_t i = 0, j = 0, both = 0;
    while (i < p.n && j < r.n) {
        int order = by_number(&p.p[i], &r.p[j]);
        both += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return p.n && r.n ? (int)(200 * both / (p.n + r.n)) : 0;
}

/* ---- numbers in a text ---- */

static bool is_sign(struct str s, size_t at)
{
    return at < s.n && (unsigned char)s.p[at] < 0x80 &&
           is_letter(str_small((unsigned char)s.p[at]));
}

/* "7K2M-4Q4R" or "7K2M-Q4RD-9XWA3", as we show them: how long it is. Blanks for dashes are taken
 * where the first group is no word: has a digit. Without any digit all of it is words. */
static size_t number_at(struct str s)
{
    static const size_t groups[] = {4, 4, 5};
    size_t n = 0, whole = 0, digits = 0;
    for (size_t g = 0; g < 3; g++) {
        size_t from = n;
        for (; n - from < groups[g] && is_sign(s, n); n++)
            digits += s.p[n] <= '9';
        if (n - from < groups[g])
            return whole;
        if (g > 0 && digits && !is_sign(s, n))
            whole = n;
        if (n < s.n && (s.p[n] == '-' || (s.p[n] == ' ' && digits)))
            n++;
    }
    return whole;
}

void merge_numbers(struct str text, bool (*found)(void *ctx, struct str number), void *ctx)
{
    bool before = false; /* a letter stands before */
    for (size_t i = 0; i < text.n; i++) {
        size_t n = before ? 0 : number_at(str_sub(text, i, text.n));
        if (n && !found(ctx, str_sub(text, i, n)))
            return;
        if (n)
            i += n - 1;
        before = (unsigned char)text.p[i] >= 0x80 || is_sign(text, i);
    }
}

/* ---- keys ---- */

static void add_key(struct merge_keys *out, const unsigned char secret[32], enum merge_reason kind,
                    struct str what)
{
    if (out->n == MERGE_KEYS || !what.n)
        return;
    struct merge_key *k = &out->p[out->n++];
    unsigned char label[] = {'d', 'u', 'p', (unsigned char)('0' + (int)kind)};
    crypto_generichash_state st;
    k->kind = kind;
    crypto_generichash_init(&st, secret, 32, MERGE_KEY);
    crypto_generichash_update(&st, label, sizeof label);
    crypto_generichash_update(&st, (const unsigned char *)what.p, what.n);
    crypto_generichash_final(&st, k->key, MERGE_KEY);
}

static uint64_t mixed(uint64_t x, uint64_t seed)
{
    x = (x ^ seed) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
    return x ^ x >> 32;
}

/* Texts of which a share s of the runs is common have a band in common with the chance
 * 1 - (1 - s^2)^6 (MinHash: Broder 1997): 93 in 100 at s = 0.6. */
static void add_bands(struct arena *a, struct merge_keys *out, const unsigned char secret[32],
                      struct str text)
{
    enum { BANDS = 6, OF_BAND = 2 };
    struct runs runs = runs_of(a, text);
    for (uint64_t band = 0; band < BANDS; band++) {
        uint64_t least[OF_BAND + 1] = {UINT64_MAX, UINT64_MAX, band};
        for (uint64_t h = 0; h < OF_BAND; h++)
            for (size_t i = 0; i < runs.n; i++) {
                uint64_t x = mixed(runs.p[i], 1 + band * OF_BAND + h);
                least[h] = x < least[h] ? x : least[h];
            }
        add_key(out, secret, MERGE_TEXT, (struct str){(const char *)least, sizeof least});
    }
}

/* A matter has its own number as a key too: who wrote of it shares that with it. */
void merge_keys_of(struct arena *a, const unsigned char secret[32], const struct merge_traits *t,
                   struct merge_keys *out)
{
    struct str name = merge_name(a, t->name);
    *out = (struct merge_keys){0};
    if (t->id)
        add_key(out, secret, MERGE_NUMBER, str_fmt(a, "%lld", (long long)t->id));
    for (size_t i = 0; i < t->numbers.n && i < 8; i++)
        add_key(out, secret, MERGE_NUMBER, str_fmt(a, "%lld", (long long)t->numbers.p[i]));
    if (t->person)
        add_key(out, secret, MERGE_PERSON, str_fmt(a, "%lld", (long long)t->person));
    if (name.n && date_is(t->born))
        add_key(out, secret, MERGE_NAME,
                str_fmt(a, STR_FMT " %d", STR_ARG(name), (int)t->born.day));
    add_key(out, secret, MERGE_PHONE, merge_phone(a, t->phone));
    add_key(out, secret, MERGE_EMAIL, str_lower(a, str_trim(t->email)));
    if (str_utf8_len(t->text) >= (size_t)merge_rules()->shortest)
        add_bands(a, out, secret, t->text);
}

static bool note(void *any, struct str number)
{
    *(bool *)any = true;
    return false;
}

bool merge_changes_keys(const struct matter_act *act)
{
    bool any = act->kind == MATTER_DETAILS;
    if (act->kind == MATTER_MESSAGE)
        merge_numbers(act->text, note, &any);
    return any;
}

/* ---- what was told ---- */

static void add_told(struct buf *b, struct str s)
{
    if (!s.n)
        return;
    if (b->n)
        buf_char(b, '\n');
    buf_str(b, s);
}

static void told_in(struct buf *b, const struct jv *items)
{
    for (size_t i = 0; i < jv_len(items); i++) {
        const struct jv *item = jv_at(items, i), *answers = jv_get(item, "answer");
        for (size_t j = 0; j < jv_len(answers); j++) {
            add_told(b, jv_str_of(jv_at(answers, j), "valueString"));
            told_in(b, jv_get(jv_at(answers, j), "item"));
        }
        told_in(b, jv_get(item, "item"));
    }
}

struct str merge_text(struct arena *a, const struct jv *received)
{
    struct buf b = buf_new(a, 0);
    told_in(&b, jv_get(jv_get(received, "response"), "item"));
    if (!b.n)
        add_told(&b, jv_str_of(received, "text"));
    return buf_get(&b);
}

/* ---- may it be done ---- */

static bool others(const struct matter *m, const struct merge_act *act)
{
    return m->state == MATTER_OPEN && m->owner && m->owner != act->staff;
}

enum merge_refusal merge_check(const struct matter *kept, const struct matter *joined,
                               const struct merge_act *act)
{
    if (kept->id == joined->id)
        return MERGE_NO_SAME;
    if (kept->state == MATTER_JOINED || joined->state == MATTER_JOINED)
        return MERGE_NO_JOINED;
    if (kept->reg != joined->reg)
        return MERGE_NO_REGISTER;
    if (kept->state != MATTER_OPEN && joined->state == MATTER_OPEN)
        return MERGE_NO_CLOSED;
    if (joined->offer.open || matter_is_carrier(kept)) /* one that goes back takes nothing along */
        return MERGE_NO_OFFERED;
    if (joined->consults)
        return MERGE_NO_CONSULT;
    return (others(kept, act) || others(joined, act)) && !act->agreed ? MERGE_NO_OTHERS
                                                                      : MERGE_NO_FINE;
}

enum merge_refusal merge_check_split(const struct matter *kept, const struct matter *joined)
{
    if (joined->state != MATTER_JOINED || joined->into != kept->id)
        return MERGE_NO_APART;
    return kept->state == MATTER_JOINED ? MERGE_NO_DEEPER : MERGE_NO_FINE;
}

/* ---- the fold ---- */

/* What the matter was before it was joined: nothing of that was changed. */
static enum matter_state state_apart(const struct matter *m)
{
    return m->closed.ms == 0 ? MATTER_OPEN : m->outcome.n ? MATTER_SHUT : MATTER_WITHDRAWN;
}

static void fold_wish(struct matter *m, const struct jv *wish)
{
    struct date day;
    if (wish && date_parse(jv_str_of(wish, "day"), &day))
        m->wish = (struct matter_wish){day, (int)jv_int(jv_get(wish, "from")),
                                       (int)jv_int(jv_get(wish, "to"))};
}

static void learn(struct arena *a, struct str *known, struct str told)
{
    if (told.n)
        *known = str_dup(a, told);
}

static void fold_gone(struct matter *m, const struct jv *body)
{
    if (jv_bool(jv_get(body, "wishGone")))
        m->wish = (struct matter_wish){.day = DATE_NONE};
    if (jv_bool(jv_get(body, "nameGone")))
        m->name = (struct str){NULL, 0};
    if (jv_bool(jv_get(body, "phoneGone")))
        m->phone = (struct str){NULL, 0};
}

bool merge_fold(struct arena *a, struct matter *m, const struct matter_event *e,
                const struct jv *body)
{
    int64_t other = jv_int(jv_get(body, "other"));
    if (other <= 0)
        return false;
    if (e->kind == MATTER_MERGED) {
        bool stood = m->state != MATTER_JOINED;
        m->into = other;
        m->state = MATTER_JOINED;
        return stood;
    }
    if (e->kind == MATTER_MERGED_IN) {
        m->news = m->news || jv_bool(jv_get(body, "news"));
        if (!m->owner)
            m->owner = jv_int(jv_get(body, "owner"));
        fold_wish(m, jv_get(body, "wish"));
        learn(a, &m->name, jv_str_of(body, "name"));
        learn(a, &m->phone, jv_str_of(body, "phone"));
        return m->state != MATTER_JOINED;
    }
    if (m->into == other) { /* SPLIT, on the joined one */
        m->into = 0;
        m->state = state_apart(m);
        m->news = m->news && !jv_bool(jv_get(body, "seen"));
        return true;
    }
    fold_gone(m, body);
    return true;
}
