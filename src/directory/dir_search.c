/*
 * dir_search.c: the directory in the search engine (src/search): which texts of a service are what
 * to it, and from its numbers of documents back to services.
 */
#include "directory/directory_store.h"

#include "search/search.h"

struct dir_index {
    struct search *search; /* documents are numbered as dir->services */
};

/* ---- feeding ---- */

struct feed {
    struct search_builder *b;
    uint32_t doc;
};

static void add_texts(const struct feed *f, const struct dir_texts *t, enum search_place place)
{
    for (size_t i = 0; i < t->n; i++) {
        enum lang l;
        if (lang_from(t->p[i].lang, &l))
            search_add(f->b, f->doc, l, place, t->p[i].text);
    }
}

/* P5.10 is a P5 too. */
static void add_code(const struct feed *f, struct str code)
{
    search_add_code(f->b, f->doc, code);
    for (size_t n = code.n; n-- > 1;)
        if (code.p[n] == '.')
            search_add_code(f->b, f->doc, str_sub(code, 0, n));
}

static void add_concepts(const struct feed *f, const struct dir_concepts *c,
                         enum search_place place)
{
    for (size_t i = 0; i < c->n; i++) {
        add_texts(f, &c->p[i].names, place);
        if (place == SEARCH_TERM)
            search_add_code(f->b, f->doc, c->p[i].code); /* an address: dots part nothing there */
        else
            add_code(f, c->p[i].code);
    }
}

static void add_service(const struct feed *f, const struct dir_service *s)
{
    add_texts(f, &s->name, SEARCH_NAME);
    add_texts(f, &s->other_name, SEARCH_OTHER_NAME);
    add_texts(f, &s->keywords, SEARCH_KEYWORD);
    add_texts(f, &s->addition.synonyms, SEARCH_KEYWORD);
    add_concepts(f, &s->terms, SEARCH_TERM);
    add_concepts(f, &s->classes, SEARCH_CLASS);
    add_concepts(f, &s->events, SEARCH_EVENT);
    add_concepts(f, &s->groups, SEARCH_GROUP);
    add_texts(f, &s->summary, SEARCH_SUMMARY);
    add_texts(f, &s->addition.plain, SEARCH_SUMMARY);
    add_texts(f, &s->description, SEARCH_TEXT);
    add_texts(f, &s->instruction, SEARCH_TEXT);
    add_texts(f, &s->requirements, SEARCH_TEXT);
    for (size_t i = 0; i < s->ways.n; i++)
        if (s->ways.p[i].channel->kind == DIR_LOCATION)
            add_texts(f, &s->ways.p[i].channel->name, SEARCH_SITE);
    if (s->organisation)
        add_texts(f, &s->organisation->name, SEARCH_TEXT);
}

struct dir_index *dir_index_new(struct arena *a, const struct dir *d,
                                const struct search_conf *conf)
{
    struct dir_index *out = ARENA_NEW(a, struct dir_index);
    struct feed f = {.b = search_begin_with(a, conf)};
    for (size_t i = 0; i < d->services.n; i++) {
        f.doc = (uint32_t)i;
        add_service(&f, d->services.p[i]);
    }
    out->search = search_end(f.b, d->services.n);
    return out;
}

/* ---- asking ---- */

struct dir_hits dir_search(struct arena *a, const struct dir *d, enum lang want, struct str query,
                           size_t max)
{
    struct search_hits hits = search_find(a, d->index->search, want, query, max);
    struct dir_hits out = {.meant = hits.meant, .near = hits.near, .worth = hits.worth};
    for (size_t i = 0; i < hits.n; i++)
        VEC_PUSH(a, &out,
                 (struct dir_hit){d->services.p[hits.p[i].doc], hits.p[i].score, hits.p[i].lang});
    return out;
}

struct dir_suggestions dir_suggest(struct arena *a, const struct dir *d, enum lang want,
                                   struct str query, size_t max)
{
    struct search_suggestions found = search_suggest(a, d->index->search, want, query, max);
    struct dir_suggestions out = {0};
    for (size_t i = 0; i < found.n; i++) {
        int64_t doc = found.p[i].doc;
        VEC_PUSH(a, &out,
                 (struct dir_suggestion){found.p[i].text, doc < 0 ? NULL : d->services.p[doc]});
    }
    return out;
}
