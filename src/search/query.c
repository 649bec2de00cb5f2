/*
 * query.c: from a line of text to words and the terms that they may stand for.
 *
 * A word that some language knows stands for its own terms there (base form, parts of a compound)
 * and for little else. One that nobody knows may be misspelt, or only half written: it is compared
 * with the forms that share trigrams with it. The language of the words decides which findings
 * count whole.
 */
#include "search/query.h"

#include "search/morph.h"

#include <math.h>
#include <stdlib.h>

static const double ENOUGH = 0.35, RELATED = 0.5, JOINED = 0.95, GUESSED = 0.9, OPEN = 0.7,
                    GENERAL = 0.25, WEIGHT_POWER = 1.6, LIGHT = 0.03, SPOKEN = 1, MISSPELT = 0.8;

void matches_add(struct matches *m, uint32_t term, double like)
{
    size_t least = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (m->p[i].term == term) {
            m->p[i].like = most_of(m->p[i].like, (float)like);
            return;
        }
        if (m->p[i].like < m->p[least].like)
            least = i;
    }
    if (m->n < QUERY_MATCHES)
        m->p[m->n++] = (struct match){term, (float)like};
    else if (m->p[least].like < (float)like)
        m->p[least] = (struct match){term, (float)like};
}

/* ---- reading ---- */

static void read_words(struct arena *a, struct query *q, struct str text)
{
    struct str rest = text, span;
    char word[WORD_MAX];
    for (size_t i = 0; i < SEARCH_QUERY_MAX && rest.n > 0; i++)
        (void)str_utf8_next(&rest);
    text.n -= rest.n;
    rest = text;
    q->open = text.n > 0 && text.p[text.n - 1] != ' ';
    struct buf whole = buf_new(a, 0);
    for (size_t n; q->n < QUERY_WORDS && fold_span(&rest, word, &n, &span);) {
        if (q->n > 0)
            buf_char(&whole, ' ');
        buf_put(&whole, word, n);
        q->p[q->n].folded = str_dup(a, (struct str){word, n});
        q->p[q->n++].written = span;
    }
    q->folded = buf_get(&whole);
}

/* ---- a word that is known ---- */

static void add_form(struct matches *m, const struct lang_index *x, uint32_t form, double like)
{
    const struct form *f = &x->form[form];
    for (uint32_t k = f->first; k < f->first + f->links; k++)
        matches_add(m, x->links[k].term, like * (double)x->links[k].strength);
}

/* Terms of the senses that the language has; true: the word itself is one of them. */
static bool add_senses(struct matches *m, const struct lang_index *x, const struct senses *senses,
                       double like)
{
    bool whole = false;
    for (size_t i = 0; i < senses->n; i++) {
        const struct sense *s = &senses->p[i];
        uint32_t t = dict_find(&x->terms, (struct str){s->text, s->n});
        if (t == NONE)
            continue;
        matches_add(m, t, like * (double)s->strength);
        whole = whole || (s->whole && x->term[t].whole);
    }
    return whole;
}

static void look_up(struct arena *a, const struct search *s, struct asked *w, enum lang l)
{
    const struct lang_index *x = &s->by_lang[l];
    struct senses senses = sense_word(a, &s->conf, l, w->written, w->folded);
    uint32_t form = dict_find(&x->forms, w->folded);
    w->exact[l] = add_senses(&w->in[l], x, &senses, 1);
    if (l == LANG_FI && senses.known && senses.n > 0)
        w->lemma = str_dup(a, (struct str){senses.p[0].text, senses.p[0].n});
    w->in_dictionary = w->in_dictionary || senses.known;
    if (form != NONE && !x->form[form].phrase) {
        add_form(&w->in[l], x, form, 1);
        w->exact[l] = true;
    }
    w->known = w->known || w->exact[l] || senses.known;
}

static void look_up_guess(struct arena *a, const struct search *s, struct asked *w)
{
    struct senses senses;
    if (s->conf.no_morphology || !query_guess(a, w->written, &senses))
        return;
    w->exact[LANG_FI] = add_senses(&w->in[LANG_FI], &s->by_lang[LANG_FI], &senses, GUESSED);
    w->known = true;
}

/* What people say for a word of the written language, as that word too. */
static void look_up_spoken(struct arena *a, const struct search *s, struct asked *w, enum lang l)
{
    const struct lang_index *x = &s->by_lang[l];
    struct str said = w->folded, written;
    if (l == LANG_FI && w->lemma.n > 0)
        said = w->lemma;
    for (size_t at = 0; (written = word_spoken(l, said, !w->known, &at)).n > 0;) {
        struct str folded = fold_phrase(a, written);
        struct senses senses = sense_word(a, &s->conf, l, written, folded);
        w->spoken = add_senses(&w->in[l], x, &senses, SPOKEN) || w->spoken;
        w->exact[l] = w->exact[l] || w->spoken;
    }
}

/* A compound of which only parts are known. */
static void look_up_parts(const struct search *s, struct asked *w, enum lang l)
{
    const struct lang_index *x = &s->by_lang[l];
    struct senses parts = {0}, stem = sense_word(NULL, &(struct search_conf){.no_morphology = true},
                                                 l, (struct str){NULL, 0}, w->folded);
    if (stem.n > 0)
        sense_parts(x, l, (struct str){stem.p[0].text, stem.p[0].n}, &parts);
    add_senses(&w->in[l], x, &parts, 1);
}

/* ---- a word that is compared ---- */

struct candidate {
    uint32_t form;
    float like;
};
struct candidates {
    struct candidate p[64];
    size_t n, least; /* least: the one least like, once all places are taken */
};

static void keep(struct candidates *c, uint32_t form, double like)
{
    enum { ROOM = sizeof c->p / sizeof *c->p };
    if (c->n == ROOM && (double)c->p[c->least].like >= like)
        return;
    c->p[c->n < ROOM ? c->n++ : c->least] = (struct candidate){form, (float)like};
    for (size_t i = 0; c->n == ROOM && i < ROOM; i++)
        if (c->p[i].like < c->p[c->least].like)
            c->least = i;
}

/* Of a form: how many trigrams it shares with the word in hand. All are 0 between words. */
struct counters {
    unsigned char *shared[LANG_COUNT];
    uint32_t *touched[LANG_COUNT];
};

/* Forms that share enough trigrams with the word. Where the word is known, others are only related
 * to it: misspellings of it are not looked for. */
static void compare_forms(const struct lang_index *x, const struct asked *asked, bool alone,
                          unsigned char *shared, uint32_t *touched, struct candidates *out)
{
    uint16_t grams[FOLD_TRIGRAMS];
    struct str q = asked->folded;
    bool known = asked->known;
    size_t n = fold_trigrams(q, grams), touched_n = 0;
    size_t least = n * 2 / 5 > 1 ? n * 2 / 5 : 1;
    for (size_t g = 0; g < n; g++)
        for (uint32_t i = x->bucket_start[grams[g]]; i < x->bucket_start[grams[g] + 1]; i++)
            if (shared[x->bucket_forms[i]]++ == 0)
                touched[touched_n++] = x->bucket_forms[i];
    for (size_t i = 0; i < touched_n; i++) {
        size_t common = shared[touched[i]];
        shared[touched[i]] = 0;
        if (common < least)
            continue;
        struct str w = form_text(x, touched[i]);
        /* a word inside the other shares all of its trigrams but those of its ends */
        size_t lesser = n < x->form[touched[i]].trigrams ? n : x->form[touched[i]].trigrams;
        double like = common + 3 >= lesser ? alike(q, w, alone) : alike_beginning(q, w, alone);
        if (!known && like < 0.85)
            like = fmax(like,
                        alike_misspelt(
                            q, w, 2 * (double)common / (double)(n + x->form[touched[i]].trigrams)));
        if (like >= ENOUGH)
            keep(out, touched[i], like);
    }
}

/* Is the form clearly what was meant? A letter more or less, or two swapped, in a word that is not
 * short; another letter only in a long one, and two faults in a longer one yet: a short word is
 * more likely one that we do not know. */
static bool is_correction(struct str q, struct str form)
{
    enum { SHORT = 6, LONG = 7, LONGEST = 9 };
    int edits = alike_edits(q, form);
    if (q.n < SHORT || q.p[0] != form.p[0] || edits == 0 || edits > 2 || str_starts(form, q) ||
        str_starts(q, form))
        return false;
    return edits == 1 ? q.n != form.n || q.n >= LONG : q.n >= LONGEST && form.n >= LONGEST - 1;
}

/* The form that a misspelt word most likely is. One that begins others may be only half written. */
static void correct(struct asked *w, const struct lang_index *x, const struct candidates *c,
                    bool open)
{
    const struct form *best = NULL;
    float like = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct form *f = &x->form[c->p[i].form];
        struct str text = form_text(x, c->p[i].form);
        if (open && str_starts(text, w->folded))
            return;
        if (!is_correction(w->folded, text) || f->written.n == 0)
            continue;
        if (c->p[i].like > like || (c->p[i].like >= like && best && f->count > best->count))
            best = f, like = c->p[i].like;
    }
    if (best)
        w->correct = best->written;
}

/* A compound that nobody writes, a letter from one that there is: hamas|lääkäri. */
static bool is_odd_compound(const struct asked *w, struct str form)
{
    enum { LONG = 10 };
    return w->in_dictionary && !w->exact[LANG_FI] && w->folded.n >= LONG && form.n >= LONG &&
           w->folded.p[0] == form.p[0] && alike_edits(w->folded, form) == 1 && w->folded.n < form.n;
}

static void compare(struct arena *a, const struct search *s, struct query *q, size_t nth,
                    enum lang l, struct counters *counters)
{
    struct asked *w = &q->p[nth];
    const struct lang_index *x = &s->by_lang[l];
    struct candidates c = {0};
    bool last = nth + 1 == q->n && q->open, alone = q->n == 1 || last;
    double factor = !w->known ? 1 : last && !w->exact[l] ? OPEN : RELATED;
    if (x->forms.keys.n == 0)
        return;
    if (!counters->shared[l]) {
        counters->shared[l] = ARENA_ARRAY(a, x->forms.keys.n, unsigned char);
        counters->touched[l] = ARENA_ARRAY(a, x->forms.keys.n, uint32_t);
    }
    compare_forms(x, w, alone, counters->shared[l], counters->touched[l], &c);
    for (size_t i = 0; i < c.n; i++) {
        double like = (double)c.p[i].like * factor;
        if (l == LANG_FI && w->lemma.n > 0)
            like = fmax(like, alike_derived(w->lemma, form_text(x, c.p[i].form)));
        if (l == LANG_FI && is_odd_compound(w, form_text(x, c.p[i].form))) {
            like = fmax(like, MISSPELT);
            w->correct = x->form[c.p[i].form].written;
        }
        add_form(&w->in[l], x, c.p[i].form, like);
    }
    if (!w->known && w->correct.n == 0)
        correct(w, x, &c, last);
}

/* ---- letters doubled ---- */

/* Lower case without accents, but with all letters: what folding would not tell apart. */
static struct str all_letters(struct arena *a, struct str written)
{
    struct buf b = buf_new(a, 512);
    while (written.n > 0) {
        const char *from = written.p;
        char one[WORD_MAX];
        size_t n;
        (void)str_utf8_next(&written);
        struct str letter = {from, (size_t)(written.p - from)};
        if (letter.n == 1 && (*from == 'd' || *from == 'D'))
            buf_char(&b, 'd');
        else if (fold_word(&letter, one, &n))
            buf_put(&b, one, n);
    }
    return buf_get(&b);
}

/* masenus, vacination, rokotuss: found all the same, as a doubled letter counts once; but no word
 * is written so. */
static void correct_doubled(struct arena *a, const struct search *s, struct asked *w)
{
    enum { SHORT = 6 };
    if (w->folded.n < SHORT || w->in_dictionary)
        return;
    struct str asked = all_letters(a, w->written);
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct lang_index *x = &s->by_lang[l];
        uint32_t form = dict_find(&x->forms, w->folded);
        if (form == NONE || x->form[form].phrase || x->form[form].written.n == 0)
            continue;
        if (str_eq(all_letters(a, x->form[form].written), asked)) {
            w->correct = (struct str){NULL, 0};
            return;
        }
        w->correct = x->form[form].written;
    }
}

/* ---- the query as a whole ---- */

/* Two neighbours written together are one word: hammas lääkäri. */
static void join(struct arena *a, const struct search *s, struct query *q, size_t i)
{
    struct asked *one = &q->p[i], *two = &q->p[i + 1];
    struct str folded = str_fmt(a, STR_FMT STR_FMT, STR_ARG(one->folded), STR_ARG(two->folded));
    if (one->small || two->small)
        return;
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct lang_index *x = &s->by_lang[l];
        uint32_t form = dict_find(&x->forms, folded);
        uint32_t term = dict_find(&x->terms, folded);
        if (form != NONE && !x->form[form].phrase) {
            add_form(&one->in[l], x, form, JOINED);
            add_form(&two->in[l], x, form, JOINED);
        }
        if (term != NONE) {
            matches_add(&one->in[l], term, JOINED);
            matches_add(&two->in[l], term, JOINED);
        }
    }
}

/* How telling a word is: as rare as the commonest of its languages has it; one that nobody holds as
 * the rarest. */
static double weight_of(const struct search *s, const struct asked *w)
{
    double rarity = 1;
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct lang_index *x = &s->by_lang[l];
        for (size_t i = 0; w->exact[l] && i < w->in[l].n; i++) {
            const struct term *t = &x->term[w->in[l].p[i].term];
            if ((double)w->in[l].p[i].like > 0.95 && t->count > 0 && (double)t->rarity < rarity)
                rarity = (double)t->rarity;
        }
    }
    double weight = LIGHT + pow(rarity, WEIGHT_POWER);
    return w->small ? 0.02 : w->general ? GENERAL * weight : weight;
}

static void weigh(const struct search *s, enum lang want, struct query *q)
{
    static const double OWN = 0.6;
    static const float OTHER = 0.6F, PAGE = 0.85F;
    for (size_t i = 0; i < q->n; i++) {
        q->p[i].weight = weight_of(s, &q->p[i]);
        q->total += q->p[i].weight;
        for (int l = 0; l < LANG_COUNT; l++)
            q->fit[l] += word_is_small((enum lang)l, q->p[i].folded) ? 0.7 : q->p[i].exact[l];
    }
    int best = want;
    double most = q->fit[want] + OWN;
    for (int l = 0; l < LANG_COUNT; l++)
        if (q->fit[l] > most)
            best = l, most = q->fit[l];
    for (int l = 0; l < LANG_COUNT; l++)
        q->factor[l] = l == best ? 1 : l == (int)want ? PAGE : OTHER;
}

/* Said in many needs and telling little of any: help, a place, to apply. */
static bool is_general(struct asked *w)
{
    bool general = false;
    for (int l = 0; l < LANG_COUNT; l++)
        general = general || word_is_general((enum lang)l, w->folded) ||
                  (w->lemma.n > 0 && word_is_general((enum lang)l, w->lemma));
    return general;
}

/* Is it found as a word, or as all parts of one, and not by one part or some letters? */
static bool is_clear(const struct asked *w)
{
    static const float CLEAR = 0.6F, ALL_PARTS = 0.9F;
    float best = 0, parts = 0;
    for (int l = 0; l < LANG_COUNT; l++) {
        float sum = 0;
        for (size_t i = 0; i < w->in[l].n; i++) {
            best = most_of(best, w->in[l].p[i].like);
            sum += w->in[l].p[i].like;
        }
        parts = most_of(parts, w->in_dictionary ? sum : 0);
    }
    return w->correct.n > 0 || best >= CLEAR || parts >= ALL_PARTS;
}

struct query query_read(struct arena *a, const struct search *s, enum lang want, struct str text)
{
    struct query q = {0};
    struct counters counters = {0};
    const char *why;
    bool by_letters = s->conf.no_morphology || !morph_ready(&why); /* then stems are rough */
    read_words(a, &q, text);
    bool all_small = true;
    for (size_t i = 0; i < q.n; i++) {
        struct asked *w = &q.p[i];
        for (int l = 0; l < LANG_COUNT; l++)
            w->small = w->small || word_is_small((enum lang)l, w->folded);
        all_small = all_small && w->small;
        for (int l = 0; l < LANG_COUNT; l++)
            look_up(a, s, w, (enum lang)l);
    }
    for (size_t i = 0; i < q.n; i++) {
        struct asked *w = &q.p[i];
        w->small = w->small && !all_small;
        w->general = is_general(w);
        if (w->small)
            continue;
        if (!w->known)
            look_up_guess(a, s, w);
        for (int l = 0; l < LANG_COUNT; l++)
            look_up_spoken(a, s, w, (enum lang)l);
        w->known = w->known || w->spoken;
        bool last = i + 1 == q.n && q.open, found = false;
        for (int l = 0; l < LANG_COUNT; l++) {
            if (!w->exact[l])
                look_up_parts(s, w, (enum lang)l);
            found = found || w->exact[l];
        }
        for (int l = 0; l < LANG_COUNT; l++)
            if (!w->known || !found || last || (by_letters && w->exact[l]))
                compare(a, s, &q, i, (enum lang)l, &counters);
    }
    for (size_t i = 0; i < q.n; i++) {
        if (!q.p[i].small)
            correct_doubled(a, s, &q.p[i]);
        q.p[i].clear = is_clear(&q.p[i]);
    }
    for (size_t i = 0; i + 1 < q.n; i++)
        join(a, s, &q, i);
    weigh(s, want, &q);
    synonyms_match(s, &q);
    return q;
}
