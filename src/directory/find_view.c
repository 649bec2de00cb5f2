/*
 * find_view.c: filters in words, with their counts and addresses: see find_view.h.
 */
#include "directory/find_view.h"

#include <stdlib.h>

enum { SHOWN = 30 }; /* options of one filter */

static struct str key_words(enum lang l, enum find_key key)
{
    switch (key) {
    case FIND_THEME:
        return tr(l, "Theme");
    case FIND_LIFE:
        return tr(l, "Situation in life");
    case FIND_GROUP:
        return tr(l, "For whom");
    case FIND_AREA:
        return tr(l, "Area");
    case FIND_LANGUAGE:
        return tr(l, "Language of service");
    case FIND_PROVIDER:
        return tr(l, "Who gives it");
    case FIND_OPEN:
        return tr(l, "Open now");
    case FIND_FREE:
        return tr(l, "Free of charge");
    case FIND_REMOTE:
        return tr(l, "By phone or on the web");
    case FIND_STEPS:
        return tr(l, "No steps at the door");
    case FIND_TAKES:
        return tr(l, "Takes new people");
    case FIND_KEYS:
        break;
    }
    return S("");
}

/* The choice with one filter set, or without it: the first page of what that gives. */
static struct str with(const struct view *v, const char *room, const struct find_choice *c,
                       enum find_key key, const struct find_option *o)
{
    struct find_choice next = *c;
    next.by[key] = o;
    next.page = 1;
    next.all = false;
    return find_address(v->a, v->lang, room, &next);
}

struct view_chips view_chips(const struct view *v, const char *room, const struct find_choice *c)
{
    struct view_chips out = {0};
    for (int k = 0; k < FIND_KEYS; k++) {
        enum find_key key = (enum find_key)k;
        if (!c->by[k])
            continue;
        struct str word = key_words(v->lang, key);
        VEC_PUSH(v->a, &out,
                 (struct view_chip){find_is_flag(key) ? S("") : word,
                                    find_is_flag(key) ? word : c->by[k]->name[v->lang],
                                    with(v, room, c, key, NULL)});
    }
    return out;
}

/* Most services first; themes and life events stand in the order of their data. */
static int by_count(const void *a, const void *b)
{
    const struct view_option *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return str_cmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    const struct view_option *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

static void sort_options(struct view_options *o, enum find_key key)
{
    if (o->n > 1 && key >= FIND_GROUP && key < FIND_OPEN)
        qsort(o->p, o->n, sizeof *o->p, key == FIND_AREA ? by_name : by_count);
}

static struct view_facet facet(const struct view *v, const struct find_choice *c, enum find_key key,
                               const size_t *counts)
{
    const struct find_options *all = find_options(v->dir->find, key);
    struct view_facet out = {.name = key_words(v->lang, key), .open = c->by[key] != NULL};
    for (size_t i = 0; i < all->n; i++) {
        const struct find_option *o = &all->p[i];
        bool chosen = c->by[key] == o;
        if (counts[i] == 0 && !chosen)
            continue;
        VEC_PUSH(v->a, &out.options,
                 (struct view_option){o->name[v->lang],
                                      with(v, "search", c, key, chosen ? NULL : o), counts[i],
                                      chosen});
    }
    sort_options(&out.options, key);
    if (out.options.n > SHOWN) {
        out.more = out.options.n - SHOWN;
        out.options.n = SHOWN;
    }
    return out;
}

static struct view_fields kept(const struct view *v, const struct find_choice *c)
{
    struct view_fields out = {0};
    for (int k = 0; k < FIND_KEYS; k++)
        if (c->by[k])
            VEC_PUSH(v->a, &out,
                     (struct view_field){str_of(find_key_name((enum find_key)k)), c->by[k]->code});
    return out;
}

void view_filters(const struct view *v, const struct find_choice *c,
                  const struct find_counts *counts, struct view_list *out)
{
    for (int k = 0; k < FIND_KEYS; k++) {
        enum find_key key = (enum find_key)k;
        struct view_facet f = facet(v, c, key, counts->by[k]);
        if (find_is_flag(key)) {
            for (size_t i = 0; i < f.options.n; i++) {
                f.options.p[i].name = f.name;
                VEC_PUSH(v->a, &out->flags, f.options.p[i]);
            }
        } else if (f.options.n > 1 || f.open) {
            VEC_PUSH(v->a, &out->facets, f); /* one option that all have narrows nothing */
        }
    }
    struct find_choice none = {.q = c->q, .page = 1};
    out->choice = *c;
    out->query = c->q;
    out->found = counts->n;
    out->chips = view_chips(v, "search", c);
    out->kept = kept(v, c);
    if (out->chips.n > 0)
        out->clear = find_address(v->a, v->lang, "search", &none);
    struct find_choice map = *c;
    map.page = 1;
    map.all = false;
    out->map = find_address(v->a, v->lang, "map", &map);
}

struct view_options view_entrances(const struct view *v, enum find_key key)
{
    const struct find_options *all = find_options(v->dir->find, key);
    struct find_choice none = {.page = 1};
    struct view_options out = {0};
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].n > 0)
            VEC_PUSH(v->a, &out,
                     (struct view_option){all->p[i].name[v->lang],
                                          with(v, "search", &none, key, &all->p[i]), all->p[i].n,
                                          false});
    sort_options(&out, key);
    return out;
}
