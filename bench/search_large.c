/*
 * search_large.c: many services out of the real ones, with a vocabulary that grows as it would.
 *
 * Copy k of a service (k = 1 ...) has its texts, but one long word in seven is put in the place of
 * another: drawn evenly from V(k) words, where V grows as Heaps' law says of Finnish and Swedish
 * text, V(k) = V0 (k + 1)^0.65. The first V0 are the real words; a new one is made of the beginning
 * of one real word and the whole of another, as a compound would be. So an index of 41 times as
 * many services has a dictionary of about ten times as many words, in which rare ones are most.
 * Names are changed as all texts are; codes, groups and events stay, as there is but one code list.
 */
#include "search_bench.h"

#include "base/buf.h"

#include <math.h>

enum { LONG_WORD = 6, CHANGED_OF = 7, TABLE = 1 << 20 };

struct words {
    LIST_FIELDS(struct str);
};

struct varying {
    struct arena *a;
    struct words known[LANG_COUNT];
    size_t copy;
    uint64_t random;
};

static uint64_t next(struct varying *v) /* xorshift64* */
{
    v->random ^= v->random >> 12;
    v->random ^= v->random << 25;
    v->random ^= v->random >> 27;
    return v->random * 0x2545F4914F6CDD1DULL;
}

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The next run of letters or of other bytes. */
static struct str next_run(struct str *s, bool *letters)
{
    struct str run = {s->p, 0};
    *letters = is_letter(s->p[0]);
    while (run.n < s->n && is_letter(s->p[run.n]) == *letters)
        run.n++;
    *s = str_sub(*s, run.n, s->n);
    return run;
}

static bool is_long(struct str word)
{
    return str_utf8_len(word) >= LONG_WORD;
}

/* ---- the real words ---- */

struct seen {
    struct arena *a;
    struct str *table; /* open addressing */
    struct words *out;
    size_t words;
};

static void see(struct seen *seen, struct str text)
{
    while (text.n > 0) {
        bool letters;
        struct str word = next_run(&text, &letters);
        if (!letters)
            continue;
        seen->words++;
        size_t at = (size_t)str_hash(word) & (TABLE - 1);
        while (seen->table[at].n > 0 && !str_eq(seen->table[at], word))
            at = (at + 1) & (TABLE - 1);
        if (seen->table[at].n == 0) {
            seen->table[at] = word;
            VEC_PUSH(seen->a, seen->out, word);
        }
    }
}

static void see_texts(struct seen *seen, const struct dir_texts *t, enum lang l)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang_code(l))))
            see(seen, t->p[i].text);
}

static struct words all_words(struct arena *a, const struct dir *d, enum lang l, size_t *words)
{
    struct words out = {0};
    struct seen seen = {.a = a, .table = ARENA_ARRAY(a, TABLE, struct str), .out = &out};
    for (size_t i = 0; i < d->services.n; i++) {
        see_texts(&seen, &d->services.p[i]->name, l);
        see_texts(&seen, &d->services.p[i]->summary, l);
        see_texts(&seen, &d->services.p[i]->description, l);
    }
    *words = seen.words;
    return out;
}

struct large_counts large_count(struct arena *a, const struct dir *d)
{
    struct large_counts c = {0};
    c.vocabulary = all_words(a, d, LANG_FI, &c.words).n;
    return c;
}

/* ---- a copy ---- */

static struct str beginning(struct str word)
{
    struct str rest = word;
    for (int i = 0; i < LONG_WORD && rest.n > 0; i++)
        str_utf8_next(&rest);
    return (struct str){word.p, word.n - rest.n};
}

/* Word number n of the growing vocabulary. */
static void put_word(struct varying *v, struct buf *b, const struct words *known, size_t n)
{
    if (n >= known->n) {
        uint64_t mixed = n * 0x9E3779B97F4A7C15ULL;
        buf_str(b, beginning(known->p[(mixed >> 40) % known->n]));
        n = (size_t)(mixed >> 8) % known->n;
    }
    buf_str(b, known->p[n]);
    (void)v;
}

static struct str vary(struct varying *v, struct str text, enum lang l)
{
    const struct words *known = &v->known[l];
    size_t size = (size_t)((double)known->n * pow((double)v->copy + 1, 0.65));
    struct buf b = buf_new(v->a, 0);
    while (text.n > 0) {
        bool letters;
        struct str run = next_run(&text, &letters);
        if (letters && is_long(run) && next(v) % CHANGED_OF == 0)
            put_word(v, &b, known, (size_t)(next(v) >> 16) % size);
        else
            buf_str(&b, run);
    }
    return buf_get(&b);
}

static struct dir_texts vary_texts(struct varying *v, const struct dir_texts *t)
{
    struct dir_texts out = {.p = ARENA_ARRAY(v->a, t->n, struct dir_text), .n = t->n, .cap = t->n};
    for (size_t i = 0; i < t->n; i++) {
        enum lang l = LANG_FI;
        out.p[i] = t->p[i];
        if (lang_from(t->p[i].lang, &l) && v->known[l].n > 0)
            out.p[i].text = vary(v, t->p[i].text, l);
    }
    return out;
}

static struct dir_service *vary_service(struct varying *v, const struct dir_service *from)
{
    struct dir_service *s = ARENA_NEW(v->a, struct dir_service);
    *s = *from;
    s->id = str_fmt(v->a, STR_FMT "-%zu", STR_ARG(from->id), v->copy);
    s->name = vary_texts(v, &from->name);
    s->other_name = vary_texts(v, &from->other_name);
    s->summary = vary_texts(v, &from->summary);
    s->description = vary_texts(v, &from->description);
    s->instruction = vary_texts(v, &from->instruction);
    s->keywords = vary_texts(v, &from->keywords);
    return s;
}

struct dir *large_make(struct arena *a, const struct dir *d, size_t n)
{
    struct dir *out = ARENA_NEW(a, struct dir);
    struct varying v = {.a = a, .random = 0x9E3779B97F4A7C15ULL};
    size_t words;
    for (int l = 0; l < LANG_COUNT; l++)
        v.known[l] = all_words(a, d, (enum lang)l, &words);
    *out = *d;
    out->services.p = ARENA_ARRAY(a, n, struct dir_service *);
    out->services.n = out->services.cap = n;
    for (size_t i = 0; i < n; i++) {
        struct dir_service *real = d->services.p[i % d->services.n];
        v.copy = i / d->services.n;
        out->services.p[i] = v.copy == 0 ? real : vary_service(&v, real);
    }
    out->index = NULL;
    return out;
}
