/*
 * search_set.c: the judged queries. The file names a service by its sourceId, or by its id where it
 * has none; a name that no service has is an error, or a figure would be wrong and nobody saw it.
 */
#include "search_bench.h"

#include "base/json.h"

#include <math.h>

static const struct dir_service *named(const struct dir *d, struct str id)
{
    const struct dir_service *s = dir_service_by_source(d, id);
    return s ? s : dir_service(d, id);
}

static size_t kind_number(struct arena *a, struct dir_strs *kinds, struct str kind)
{
    for (size_t i = 0; i < kinds->n; i++)
        if (str_eq(kinds->p[i], kind))
            return i;
    VEC_PUSH(a, kinds, kind);
    return kinds->n - 1;
}

static bool read_judged(struct arena *a, const struct dir *d, const struct jv *judged,
                        struct judged *q, struct str *why)
{
    for (size_t i = 0; i < jv_len(judged); i++) {
        struct str id = {NULL, 0};
        int64_t rel = jv_int(jv_member(judged, i, &id));
        struct judgement one = {.service = named(d, id), .rel = (int)rel};
        if (!one.service || rel < 1 || rel > 3) {
            *why = str_fmt(a, "\"" STR_FMT "\": " STR_FMT " is %s", STR_ARG(q->query), STR_ARG(id),
                           one.service ? "not judged 1, 2 or 3" : "no service");
            return false;
        }
        VEC_PUSH(a, &q->judged, one);
    }
    if (q->judged.n == 0) {
        *why = str_fmt(a, "\"" STR_FMT "\" has no judgement", STR_ARG(q->query));
        return false;
    }
    return true;
}

static struct judged read_query(const struct jv *v)
{
    struct judged q = {.kind = jv_str_of(v, "kind"),
                       .set = jv_str_of(v, "set"),
                       .query = jv_str_of(v, "query"),
                       .lang = LANG_FI};
    lang_from(jv_str_of(v, "lang"), &q.lang);
    return q;
}

static void read_plain(struct arena *a, const struct jv *list, struct judged_list *out)
{
    for (size_t i = 0; i < jv_len(list); i++)
        VEC_PUSH(a, out, read_query(jv_at(list, i)));
}

bool set_read(struct arena *a, const struct dir *d, struct str text, const char *set,
              struct judged_set *out, struct str *why)
{
    struct json_error e;
    const struct jv *top = json_parse(a, text, &e), *queries = jv_get(top, "queries");
    *out = (struct judged_set){0};
    if (!top) {
        *why = str_fmt(a, "line %d: %s", e.line, e.text);
        return false;
    }
    for (size_t i = 0; i < jv_len(queries); i++) {
        struct judged q = read_query(jv_at(queries, i));
        if (set && !str_eq(q.set, str_of(set)))
            continue;
        if (q.kind.n == 0)
            q.kind = S("no kind");
        q.kind_number = kind_number(a, &out->kinds, q.kind);
        if (!read_judged(a, d, jv_get(jv_at(queries, i), "judged"), &q, why))
            return false;
        VEC_PUSH(a, &out->queries, q);
    }
    read_plain(a, jv_get(top, "real"), &out->real);
    read_plain(a, jv_get(top, "garbage"), &out->garbage);
    if (out->queries.n == 0)
        *why = S("there are no queries in it");
    return out->queries.n > 0;
}

int set_rel(const struct judged *q, const struct dir_service *s)
{
    for (size_t i = 0; i < q->judged.n; i++)
        if (q->judged.p[i].service == s)
            return q->judged.p[i].rel;
    return -1;
}

/* Gain 2^rel - 1, discount log2(place + 1); the ideal is everything judged, best first. */
static double gain(int rel, size_t place)
{
    return rel > 0 ? (exp2(rel) - 1) / log2((double)place + 2) : 0;
}

struct figures set_judge(const struct judged *q, const struct dir_service *const *found, size_t n)
{
    double got = 0, ideal = 0;
    size_t hits = 0, place = 0;
    for (size_t i = 0; i < n && i < AT; i++) {
        int rel = set_rel(q, found[i]);
        got += gain(rel, i);
        hits += rel > 0;
    }
    for (int rel = 3; rel > 0; rel--)
        for (size_t i = 0; i < q->judged.n; i++)
            if (q->judged.p[i].rel == rel && place < AT)
                ideal += gain(rel, place++);
    return (struct figures){
        .ndcg = got / ideal, .recall = (double)hits / (double)place, .empty = n == 0};
}
