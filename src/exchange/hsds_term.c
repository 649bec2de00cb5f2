/*
 * hsds_term.c: what services are classed by. PTV's service classes, target groups and life events
 * are taxonomies of their own, with codes whose parents are told by the dots (P5.10 is below P5);
 * ontology terms (KOKO) are known by their address. Only what some service uses is listed.
 */
#include "exchange/hsds.h"

#include <stdlib.h>

static const struct taxonomy {
    const char *name, *about, *uri, *link;
} taxonomies[HSDS_TAXONOMIES] = {
    [HSDS_CLASSES] = {"PTV service classes", "Palveluluokat: what a service is about",
                      "http://uri.suomi.fi/codelist/ptv/ptvserclass2", "service_class"},
    [HSDS_GROUPS] = {"PTV target groups", "Kohderyhmät: whom a service is for",
                     "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat", "target_group"},
    [HSDS_EVENTS] = {"PTV life events", "Elämäntilanteet: when in life a service is needed",
                     "http://uri.suomi.fi/codelist/ptv/ptvelti", "life_event"},
    [HSDS_ONTOLOGY] = {"KOKO ontology", "Terms of the Finnish collaborative ontology KOKO",
                       "http://www.yso.fi/onto/koko", "ontology_term"},
};

struct str hsds_taxonomy_id(struct arena *a, enum hsds_taxonomy t)
{
    return hsds_id_of(a, "taxonomy", str_of(taxonomies[t].uri), S(""));
}

const struct dir_concepts *hsds_concepts(const struct dir_service *s, enum hsds_taxonomy t)
{
    switch (t) {
    case HSDS_CLASSES:
        return &s->classes;
    case HSDS_GROUPS:
        return &s->groups;
    case HSDS_EVENTS:
        return &s->events;
    default:
        return &s->terms;
    }
}

bool hsds_under(struct str code, struct str top)
{
    return str_starts(code, top) && (code.n == top.n || code.p[top.n] == '.');
}

static struct str term_id(struct arena *a, enum hsds_taxonomy t, struct str code)
{
    return hsds_id_of(a, "term", str_of(taxonomies[t].uri), code);
}

/* ---- all that are in use ---- */

struct table {
    struct arena *a;
    size_t *slots; /* index + 1, by hash */
    size_t size;   /* a power of two */
    struct hsds_terms out;
};

static size_t slot_of(const struct table *t, enum hsds_taxonomy taxonomy, struct str code)
{
    uint64_t h = str_hash(code) * 31 + (uint64_t)taxonomy;
    return (h ^ h >> 29) & (t->size - 1);
}

/* Of two concepts of one code the one that has a name stands. False: the table is full. */
static bool note(struct table *t, enum hsds_taxonomy taxonomy, const struct dir_concept *c)
{
    size_t at = slot_of(t, taxonomy, c->code);
    for (; t->slots[at]; at = (at + 1) & (t->size - 1)) {
        struct hsds_term *x = &t->out.p[t->slots[at] - 1];
        if (x->taxonomy == taxonomy && str_eq(x->concept->code, c->code)) {
            if (x->concept->names.n == 0)
            x->concept = c;
            return true;
        }
    }
    if (t->out.n * 2 >= t->size)
        return false;
    VEC_PUSH(t->a, &t->out, (struct hsds_term){.taxonomy = taxonomy, .concept = c});
    t->slots[at] = t->out.n;
    return true;
}

/* False: the table is too small. */
static bool gather(const struct hsds *h, struct table *t)
{
    t->slots = ARENA_ARRAY(h->a, t->size, size_t);
    t->out = (struct hsds_terms){0};
    for (size_t i = 0; i < h->dir->services.n; i++)
        for (int k = 0; k < HSDS_TAXONOMIES; k++) {
            const struct dir_concepts *list =
                hsds_concepts(h->dir->services.p[i], (enum hsds_taxonomy)k);
            for (size_t j = 0; j < list->n; j++)
                if (list->p[j].code.n > 0 && !note(t, (enum hsds_taxonomy)k, &list->p[j]))
                    return false;
        }
    return true;
}

static int by_code(const void *a, const void *b)
{
    const struct hsds_term *x = a, *y = b;
    return x->taxonomy != y->taxonomy ? (int)x->taxonomy - (int)y->taxonomy
                                      : str_cmp(x->concept->code, y->concept->code);
}

static struct hsds_term *find(struct hsds_terms *all, enum hsds_taxonomy taxonomy, struct str code)
{
    struct dir_concept c = {.code = code};
    struct hsds_term key = {.taxonomy = taxonomy, .concept = &c};
    return all->n ? bsearch(&key, all->p, all->n, sizeof *all->p, by_code) : NULL;
}

static void join_parents(struct hsds_terms *all)
{
    for (size_t i = 0; i < all->n; i++) {
        struct str up = all->p[i].concept->code;
        while (all->p[i].taxonomy != HSDS_ONTOLOGY && up.n > 0 && up.p[up.n - 1] != '.')
            up.n--;
        if (all->p[i].taxonomy == HSDS_ONTOLOGY || up.n < 2)
            continue;
        up.n--;
        struct hsds_term *parent = find(all, all->p[i].taxonomy, up);
        if (parent) {
            parent->children = true;
            all->p[i].parent = (size_t)(parent - all->p) + 1;
        }
    }
}

struct hsds_terms hsds_terms(const struct hsds *h)
{
    struct table t = {.a = h->a, .size = 4096};
    while (!gather(h, &t))
        t.size *= 4;
    if (t.out.n > 1)
        qsort(t.out.p, t.out.n, sizeof *t.out.p, by_code);
    for (size_t i = 0; i < t.out.n; i++)
        t.out.p[i].id = term_id(h->a, t.out.p[i].taxonomy, t.out.p[i].concept->code);
    join_parents(&t.out);
    return t.out;
}

/* ---- writing ---- */

void hsds_put_taxonomy(struct hsds *h, const char *key, enum hsds_taxonomy t)
{
    jw_object(&h->w, key);
    jw_str(&h->w, "id", hsds_taxonomy_id(h->a, t));
    jw_str(&h->w, "name", str_of(taxonomies[t].name));
    jw_str(&h->w, "description", str_of(taxonomies[t].about));
    jw_str(&h->w, "uri", str_of(taxonomies[t].uri));
    jw_end_object(&h->w);
}

static struct str term_uri(const struct hsds *h, enum hsds_taxonomy t, struct str code)
{
    if (t != HSDS_ONTOLOGY)
        return str_fmt(h->a, "%s/code/" STR_FMT, taxonomies[t].uri, STR_ARG(code));
    return str_starts(code, S("http")) ? code : S("");
}

/* PTV has no descriptions of its terms; HSDS requires one: whose term it is. */
static void put_members(struct hsds *h, enum hsds_taxonomy t, const struct dir_concept *c)
{
    struct dir_picked name = dir_pick(&c->names, h->lang);
    jw_str(&h->w, "id", term_id(h->a, t, c->code));
    jw_str(&h->w, "code", c->code);
    jw_str(&h->w, "name", name.text.n ? name.text : c->code);
    jw_str(&h->w, "description",
           str_fmt(h->a, "%s " STR_FMT, taxonomies[t].name, STR_ARG(c->code)));
    jw_str(&h->w, "taxonomy", str_of(taxonomies[t].uri));
    jw_str(&h->w, "taxonomy_id", hsds_taxonomy_id(h->a, t));
    jw_str(&h->w, "language", name.lang);
    hsds_uri(h, "term_uri", term_uri(h, t, c->code));
}

void hsds_put_term(struct hsds *h, const struct hsds_terms *all, const struct hsds_term *t)
{
    jw_object(&h->w, NULL);
    put_members(h, t->taxonomy, t->concept);
    if (t->parent)
        jw_str(&h->w, "parent_id", all->p[t->parent - 1].id);
    hsds_put_taxonomy(h, "taxonomy_detail", t->taxonomy);
    jw_end_object(&h->w);
}

void hsds_put_attributes(struct hsds *h, const struct dir_service *s, struct str id)
{
    jw_array(&h->w, "attributes");
    for (int k = 0; k < HSDS_TAXONOMIES; k++) {
        enum hsds_taxonomy t = (enum hsds_taxonomy)k;
        const struct dir_concepts *list = hsds_concepts(s, t);
        for (size_t i = 0; i < list->n; i++) {
            if (list->p[i].code.n == 0)
                continue;
            struct str term = term_id(h->a, t, list->p[i].code);
            jw_object(&h->w, NULL);
            jw_str(&h->w, "id", hsds_id_of(h->a, "attribute", id, term));
            jw_str(&h->w, "link_id", id);
            jw_str(&h->w, "link_entity", S("service"));
            jw_str(&h->w, "link_type", str_of(taxonomies[t].link));
            jw_str(&h->w, "taxonomy_term_id", term);
            jw_object(&h->w, "taxonomy_term");
            put_members(h, t, &list->p[i]);
            jw_end_object(&h->w);
            jw_end_object(&h->w);
        }
    }
    jw_end_array(&h->w);
}
