/*
 * morph.c: libvoikko, found at run time. A handle may be used by one thread at a time: there are
 * HANDLES of them, each behind its lock. What was found out is remembered as libvoikko said it, in
 * a store of fixed size that is emptied when it is full: a directory that is loaded again asks for
 * few words that are not in it. Nothing here allocates while a lock is held, so nothing can unwind
 * then.
 */
#include "search/morph.h"

#include "base/log.h"
#include "search/search.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    HANDLES = 4,
    SAID_MAX = 480, /* of one word; what is longer is cut between readings */
    WORD_LONGEST = 80,
    SLOTS = 1 << 18,
    MEMORY = 16 << 20, /* bytes; only what is used is ever touched */
};

struct library {
    void *(*init)(const char **error, const char *language, const char *path);
    void **(*analyse)(void *handle, const char *word);
    void (*free_analysis)(void **analysis);
    char *(*value)(const void *analysis, const char *key);
    void (*free_value)(char *value);
};

static struct {
    struct library lib;
    const char *why; /* it is not used; NULL: it is */
    struct {
        pthread_mutex_t lock;
        void *handle;
    } handles[HANDLES];
    atomic_uint turn;
    pthread_mutex_t lock;  /* of what is below */
    uint32_t slots[SLOTS]; /* where in memory the entry begins, + 1 */
    size_t entries, used;
    char memory[MEMORY]; /* an entry: lengths of word and saying, word, saying */
} voikko;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- finding it ---- */

static bool find_functions(void *so, struct library *lib)
{
    /* ISO C has no way from an object's address to a function's; POSIX (dlsym) promises it. */
    *(void **)&lib->init = dlsym(so, "voikkoInit");
    *(void **)&lib->analyse = dlsym(so, "voikkoAnalyzeWordCstr");
    *(void **)&lib->free_analysis = dlsym(so, "voikko_free_mor_analysis");
    *(void **)&lib->value = dlsym(so, "voikko_mor_analysis_value_cstr");
    *(void **)&lib->free_value = dlsym(so, "voikko_free_mor_analysis_value_cstr");
    return lib->init && lib->analyse && lib->free_analysis && lib->value && lib->free_value;
}

static const char *find_library(void)
{
    const char *set = getenv("ASIALLA_VOIKKO"), *error = NULL;
    if (set && strcmp(set, "off") == 0)
        return "switched off by ASIALLA_VOIKKO";
    void *so = dlopen("libvoikko.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!so)
        return "libvoikko is not installed (Debian: libvoikko1, voikko-fi)";
    if (!find_functions(so, &voikko.lib))
        return "libvoikko is of another version";
    for (int i = 0; i < HANDLES; i++) {
        pthread_mutex_init(&voikko.handles[i].lock, NULL);
        voikko.handles[i].handle = voikko.lib.init(&error, "fi", NULL);
        if (!voikko.handles[i].handle)
            return "libvoikko has no Finnish dictionary (Debian: voikko-fi)";
    }
    return NULL;
}

static void find_once(void)
{
    pthread_mutex_init(&voikko.lock, NULL);
    voikko.why = find_library();
}

bool morph_ready(const char **why)
{
    pthread_once(&once, find_once);
    *why = voikko.why ? voikko.why : "";
    return voikko.why == NULL;
}

bool search_has_morphology(const char **why)
{
    return morph_ready(why);
}

/* ---- asking ---- */

/* Appends "BASEFORM WORDBASES\n" where it is not there yet and there is room. */
static size_t say(char said[SAID_MAX], size_t n, const char *base, const char *parts)
{
    size_t b = strlen(base), p = strlen(parts);
    if (n + b + p + 2 > SAID_MAX)
        return n;
    memcpy(said + n, base, b);
    said[n + b] = ' ';
    memcpy(said + n + b + 1, parts, p);
    said[n + b + 1 + p] = '\n';
    size_t line = b + p + 2;
    for (size_t at = 0; at < n; at++)
        if (n - at >= line && memcmp(said + at, said + n, line) == 0)
            return n;
    return n + line;
}

/* Locks a handle: one that is free, or else waits for its turn. */
static unsigned lock_handle(void)
{
    unsigned turn = atomic_fetch_add(&voikko.turn, 1) % HANDLES;
    for (unsigned i = 0; i < HANDLES; i++)
        if (pthread_mutex_trylock(&voikko.handles[(turn + i) % HANDLES].lock) == 0)
            return (turn + i) % HANDLES;
    pthread_mutex_lock(&voikko.handles[turn].lock);
    return turn;
}

static size_t ask(const char *word, char said[SAID_MAX])
{
    unsigned turn = lock_handle();
    size_t n = 0;
    void **all = voikko.lib.analyse(voikko.handles[turn].handle, word);
    for (size_t i = 0; all && all[i]; i++) {
        char *base = voikko.lib.value(all[i], "BASEFORM");
        char *parts = voikko.lib.value(all[i], "WORDBASES");
        if (base && parts && !strchr(base, ' '))
            n = say(said, n, base, parts);
        if (base)
            voikko.lib.free_value(base);
        if (parts)
            voikko.lib.free_value(parts);
    }
    if (all)
        voikko.lib.free_analysis(all);
    pthread_mutex_unlock(&voikko.handles[turn].lock);
    return n;
}

/* ---- remembering ---- */

/* The slot of the word: its entry's, or a free one. */
static size_t slot_of(struct str word)
{
    size_t slot = (size_t)str_hash(word) & (SLOTS - 1);
    while (voikko.slots[slot]) {
        const char *e = voikko.memory + voikko.slots[slot] - 1;
        uint16_t n[2];
        memcpy(n, e, sizeof n);
        if (n[0] == word.n && memcmp(e + sizeof n, word.p, word.n) == 0)
            break;
        slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
}

static bool recall(struct str word, char said[SAID_MAX], size_t *n)
{
    pthread_mutex_lock(&voikko.lock);
    size_t slot = slot_of(word);
    bool found = voikko.slots[slot] != 0;
    if (found) {
        const char *e = voikko.memory + voikko.slots[slot] - 1;
        uint16_t sizes[2];
        memcpy(sizes, e, sizeof sizes);
        *n = sizes[1];
        memcpy(said, e + sizeof sizes + word.n, *n);
    }
    pthread_mutex_unlock(&voikko.lock);
    return found;
}

static void remember(struct str word, const char said[SAID_MAX], size_t n)
{
    uint16_t sizes[2] = {(uint16_t)word.n, (uint16_t)n};
    size_t need = sizeof sizes + word.n + n;
    pthread_mutex_lock(&voikko.lock);
    if (voikko.used + need > MEMORY || voikko.entries * 2 > SLOTS) {
        memset(voikko.slots, 0, sizeof voikko.slots);
        voikko.entries = voikko.used = 0;
    }
    size_t slot = slot_of(word);
    if (!voikko.slots[slot]) {
        char *e = voikko.memory + voikko.used;
        memcpy(e, sizes, sizeof sizes);
        memcpy(e + sizeof sizes, word.p, word.n);
        memcpy(e + sizeof sizes + word.n, said, n);
        voikko.slots[slot] = (uint32_t)voikko.used + 1;
        voikko.used += need;
        voikko.entries++;
    }
    pthread_mutex_unlock(&voikko.lock);
}

/* ---- understanding ---- */

static void add_part(struct morph_reading *r, struct str written, struct str base)
{
    if (r->n < MORPH_PARTS && base.n > 1)
        r->parts[r->n++] = (struct morph_part){written, base};
}

/* "+lasten(lapsi)+neuvola(neuvola)", "+rokot(rokottaa)+us(+us)",
 * "+vuokra(vuokra)+-+asunto(asunto)",
 * "+masen(masentaa)tu(+tua)", "+toimeentulo(toimeen=tulo)", "+sosiaali+työn(työ)". */
static void read_parts(struct morph_reading *r, struct str text)
{
    while (text.n > 0) {
        size_t n = 0;
        while (n < text.n && text.p[n] != '(' && text.p[n] != '+')
            n++;
        struct str written = str_sub(text, 0, n), base = written;
        if (n < text.n && text.p[n] == '(') {
            size_t end = n;
            while (end < text.n && text.p[end] != ')')
                end++;
            base = str_sub(text, n + 1, end - n - 1);
            n = end < text.n ? end + 1 : end;
        } else if (n < text.n) {
            n++;
        }
        text = str_sub(text, n, text.n - n);
        if (str_starts(base, S("+"))) {
            r->derived = true;
            continue;
        }
        if (base.n > 0)
            r->derived = false;
        while (str_find(base, '=') < base.n) {
            struct str first = str_cut(&base, '=');
            add_part(r, first, first);
            written = base;
        }
        add_part(r, written, base);
    }
}

struct morph morph_analyse(struct arena *a, struct str word)
{
    struct morph out = {0};
    const char *why;
    char z[WORD_LONGEST + 1], said[SAID_MAX];
    size_t n = 0;
    if (word.n == 0 || word.n > WORD_LONGEST || memchr(word.p, 0, word.n) || !morph_ready(&why))
        return out;
    if (!recall(word, said, &n)) {
        memcpy(z, word.p, word.n);
        z[word.n] = 0;
        n = ask(z, said);
        remember(word, said, n);
    }
    struct str rest = str_dup(a, (struct str){said, n});
    while (rest.n > 0 && out.n < MORPH_READINGS) {
        struct str line = str_cut(&rest, '\n');
        struct morph_reading *r = &out.p[out.n++];
        r->lemma = str_cut(&line, ' ');
        read_parts(r, line);
    }
    return out;
}
