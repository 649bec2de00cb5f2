/*
 * build.c: from texts to an index. Texts are folded into forms as they come; what the forms mean is
 * found once for each at the end (finish.c). What only the building needs lives in an arena of its
 * own, and goes with it.
 *
 * A place weighs as PLACES says, less in a long text than in a short one: a word of a name of two
 * words says more than one of ten.
 */
#include "search/build.h"

static const struct {
    float weight, usual; /* usual: how many words such a text has */
} PLACES[SEARCH_PLACES] = {
    [SEARCH_NAME] = {7, 2.5F},   [SEARCH_OTHER_NAME] = {8, 2.5F}, [SEARCH_KEYWORD] = {7, 2},
    [SEARCH_TERM] = {6, 1.5F},   [SEARCH_SUMMARY] = {2.5F, 16},   [SEARCH_CLASS] = {3, 2.5F},
    [SEARCH_EVENT] = {2.5F, 3},  [SEARCH_GROUP] = {1.5F, 2},      [SEARCH_SITE] = {2, 3},
    [SEARCH_TEXT] = {0.8F, 120},
};
static const float PHRASE = 20, LENGTH = 0.6F, MOST_IN_TEXT = 4;

void build_free(void *arg)
{
    struct search_builder *b = arg;
    arena_free(b->scratch);
    arena_free(b->work);
    b->scratch = b->work = NULL;
}

struct search_builder *search_begin_with(struct arena *a, const struct search_conf *conf)
{
    static const size_t SCRATCH_LIMIT = (size_t)4 << 30;
    struct search_builder *b = ARENA_NEW(a, struct search_builder);
    arena_defer(a, build_free, b); /* first: this may unwind at any point after it */
    b->scratch = arena_new(SCRATCH_LIMIT);
    b->work = arena_new(0);
    b->a = a;
    b->s = ARENA_NEW(a, struct search);
    b->s->conf = *conf;
    return b;
}

struct search_builder *search_begin(struct arena *a, const struct search_synonyms *more)
{
    return search_begin_with(a, &(struct search_conf){.more = more});
}

uint32_t build_form(struct search_builder *b, enum lang l, struct str folded, struct str written)
{
    struct lang_builder *x = &b->lang[l];
    bool fresh;
    uint32_t form = dict_put(b->a, &b->s->by_lang[l].forms, folded, &fresh);
    if (fresh) {
        VEC_PUSH(b->scratch, &x->forms, (struct form){.written = str_dup(b->a, written)});
        VEC_PUSH(b->scratch, &x->latest, 0);
    }
    return form;
}

static void occur(struct search_builder *b, enum lang l, uint32_t form, uint32_t doc, float weight)
{
    struct lang_builder *x = &b->lang[l];
    uint32_t last = x->latest.p[form];
    if (last && x->occurrences.p[last - 1].doc == doc) {
        x->occurrences.p[last - 1].weight += weight;
        return;
    }
    VEC_PUSH(b->scratch, &x->occurrences, (struct occurrence){form, doc, weight});
    x->latest.p[form] = (uint32_t)x->occurrences.n;
    x->forms.p[form].count++;
    b->unordered = b->unordered || doc < b->last;
    b->last = doc;
    b->newest = doc > b->newest ? doc : b->newest;
}

static size_t count_words(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == ' ' || text.p[i] == '\n';
    return n;
}

static void add_label(struct search_builder *b, uint32_t doc, enum lang l, enum search_place place,
                      struct str text, const struct found_words *words)
{
    struct lang_builder *x = &b->lang[l];
    struct build_label label = {.doc = doc,
                                .place = place,
                                .text = str_dup(b->a, text),
                                .folded = fold_phrase(b->a, text),
                                .first = (uint32_t)x->label_forms.n,
                                .n = (uint32_t)words->n};
    for (size_t i = 0; i < words->n; i++)
        VEC_PUSH(b->scratch, &x->label_forms, words->p[i]);
    VEC_PUSH(b->scratch, &x->labels, label);
    if (words->n > 1) {
        uint32_t whole = build_form(b, l, label.folded, text);
        x->forms.p[whole].phrase = true;
        occur(b, l, whole, doc, PHRASE);
    }
}

/* "dental care (health services)": what stands in brackets only tells terms apart. */
static struct str without_brackets(enum search_place place, struct str text)
{
    size_t at = str_find(text, '(');
    return place == SEARCH_TERM && at > 1 && at < text.n ? str_trim(str_sub(text, 0, at)) : text;
}

void search_add(struct search_builder *b, uint32_t doc, enum lang l, enum search_place place,
                struct str text)
{
    enum { LABEL_WORDS = 12 };
    char word[WORD_MAX];
    struct found_words words = {0};
    struct str span;
    bool is_label = place <= SEARCH_TERM;
    text = without_brackets(place, text);
    float share = (1 - LENGTH) + LENGTH * (float)count_words(text) / PLACES[place].usual;
    float weight = PLACES[place].weight / share;
    struct str rest = text;
    for (size_t n; fold_span(&rest, word, &n, &span);) {
        uint32_t form = build_form(b, l, (struct str){word, n}, span);
        struct lang_builder *x = &b->lang[l];
        uint32_t last = x->latest.p[form];
        bool again = place == SEARCH_TEXT && last && x->occurrences.p[last - 1].doc == doc &&
                     x->occurrences.p[last - 1].weight >= MOST_IN_TEXT * PLACES[place].weight;
        if (!again)
            occur(b, l, form, doc, weight);
        if (is_label && words.n < LABEL_WORDS)
            words.p[words.n++] = form;
    }
    if (is_label && words.n > 0 && words.n < LABEL_WORDS)
        add_label(b, doc, l, place, text, &words);
}

void search_add_code(struct search_builder *b, uint32_t doc, struct str code)
{
    bool fresh;
    uint32_t nr = dict_put(b->a, &b->s->codes, code, &fresh);
    for (size_t i = b->codes.n; i-- > 0 && b->codes.p[i].doc == doc;)
        if (b->codes.p[i].form == nr)
            return;
    VEC_PUSH(b->scratch, &b->codes, (struct occurrence){nr, doc, 1});
}
