/*
 * search.c: how well services are found by what people write, with ready engines beside ours, on
 * the same texts, the same queries and the same machine, in one run.
 *
 *     bench/search [--services FILE] [--judged FILE] [--set tune|held-out|all] [--size N]
 *                  [--postgresql URL] [--worst N] [--unjudged N] [--check]
 *
 * nDCG@10: gain 2^judgement - 1, discount log2(place + 1), the ideal out of everything judged.
 * recall@10: of what is judged at all (of ten, where more is), how much is among the first ten.
 * empty: queries with no answer. A query's time is that of one thread's processor, so that other
 * work on the machine disturbs little; PostgreSQL's is the clock's, as its work is elsewhere.
 *
 * --check prints TAP and fails where the quality is under what it has to be; times are only told.
 */
#include "directory/directory_test.h"
#include "search/search.h"
#include "search_bench.h"

#include <time.h>

enum { ROUNDS_MS = 600, SHOWN = 5, SLOW = 99 };

/* With synonyms, without them, and without libvoikko too. */
static const double NDCG_WITH = .80, NDCG_WITHOUT = .70, NDCG_LETTERS = .66;

struct options {
    const char *services, *judged, *set, *postgresql;
    int64_t size, worst, unjudged;
    bool check;
};

/* What one finder does with all the queries. */
struct sums {
    double ndcg, recall, ms;
    size_t n, empty, searches;
};
struct measured {
    struct finder finder;
    struct sums *kinds, all, tune, held;
    struct figures *figures; /* of each query */
    double p50, p99;
    size_t real_empty, garbage_found;
};
struct measured_list {
    LIST_FIELDS(struct measured);
};

static void stop(const char *what, struct str why)
{
    fprintf(stderr, "bench/search: %s: " STR_FMT "\n", what, STR_ARG(why));
    exit(2);
}

/* ---- measuring ---- */

static double now_ms(bool clock)
{
    struct timespec t;
    clock_gettime(clock ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return p < q ? -1 : p > q;
}

static size_t find(const struct finder *f, const struct judged *q,
                   const struct dir_service *found[AT], double *ms)
{
    static struct arena *request;
    if (!request)
        request = arena_new((size_t)1 << 28);
    double begin = now_ms(f->elsewhere);
    size_t n = f->find(f->ctx, request, q->lang, q->query, found);
    *ms = now_ms(f->elsewhere) - begin;
    arena_reset(request);
    return n;
}

static void add(struct sums *s, const struct figures *f)
{
    s->ndcg += f->ndcg;
    s->recall += f->recall;
    s->empty += f->empty;
    s->n++;
}

static void measure_quality(struct measured *m, const struct judged_set *set)
{
    const struct dir_service *found[AT];
    double ms;
    m->kinds = ARENA_ARRAY(a, set->kinds.n, struct sums);
    m->figures = ARENA_ARRAY(a, set->queries.n, struct figures);
    for (size_t i = 0; i < set->queries.n; i++) {
        const struct judged *q = &set->queries.p[i];
        m->figures[i] = set_judge(q, found, find(&m->finder, q, found, &ms));
        add(&m->kinds[q->kind_number], &m->figures[i]);
        add(&m->all, &m->figures[i]);
        add(str_eq(q->set, S("tune")) ? &m->tune : &m->held, &m->figures[i]);
    }
    for (size_t i = 0; i < set->real.n; i++)
        m->real_empty += find(&m->finder, &set->real.p[i], found, &ms) == 0;
    for (size_t i = 0; i < set->garbage.n; i++)
        m->garbage_found += find(&m->finder, &set->garbage.p[i], found, &ms) > 0;
}

/* All queries in turn until it has taken long enough; percentiles over every single search. */
static void measure_speed(struct measured *m, const struct judged_set *set)
{
    enum { MOST = 1 << 18 };
    const struct dir_service *found[AT];
    double *took = ARENA_ARRAY(a, MOST, double), whole = 0, ms;
    size_t n = 0;
    while (whole < ROUNDS_MS && n + set->queries.n <= MOST)
        for (size_t i = 0; i < set->queries.n; i++) {
            struct sums *kind = &m->kinds[set->queries.p[i].kind_number];
            find(&m->finder, &set->queries.p[i], found, &ms);
            kind->ms += ms;
            kind->searches++;
            whole += took[n++] = ms;
        }
    qsort(took, n, sizeof *took, by_size);
    m->all.ms = whole;
    m->all.searches = n;
    m->p50 = took[n / 2];
    m->p99 = took[n * SLOW / 100];
}

static void measure(struct measured_list *list, struct finder f, const struct judged_set *set,
                    bool speed)
{
    struct measured m = {.finder = f};
    measure_quality(&m, set);
    if (speed)
        measure_speed(&m, set);
    VEC_PUSH(a, list, m);
}

static void tell_suggestions(const struct finder *ours, const struct judged_set *set)
{
    struct measured m = {.finder = ours_suggestions(ours)};
    m.kinds = ARENA_ARRAY(a, set->kinds.n, struct sums);
    measure_speed(&m, set);
    printf("  %s: p50 %.3f ms, p99 %.3f ms\n", m.finder.says, m.p50, m.p99);
}

/* ---- printing ---- */

static double ndcg_of(const struct sums *s)
{
    return s->n ? s->ndcg / (double)s->n : 0;
}
static double recall_of(const struct sums *s)
{
    return s->n ? s->recall / (double)s->n : 0;
}
static double empty_of(const struct sums *s)
{
    return (double)s->empty;
}
static double rate_of(const struct sums *s)
{
    return s->ms > 0 ? (double)s->searches * 1e3 / s->ms : 0;
}

enum { LABEL = 24 };

/* The first column: a name and of how many it speaks (0: not said). */
static void print_label(struct str name, size_t n)
{
    struct str text = n ? str_fmt(a, "  " STR_FMT " (%zu)", STR_ARG(name), n) : name;
    printf("%-*s", LABEL, str_z(a, text));
}

static void print_heads(const char *title, const struct measured_list *list)
{
    printf("\n");
    print_label(str_of(title), 0);
    for (size_t i = 0; i < list->n; i++)
        printf("%11s", list->p[i].finder.name);
    printf("\n");
}

static void print_table(const char *title, const char *format, double (*of)(const struct sums *),
                        const struct measured_list *list, const struct judged_set *set)
{
    print_heads(title, list);
    for (size_t k = 0; k < set->kinds.n; k++) {
        print_label(set->kinds.p[k], list->p[0].kinds[k].n);
        for (size_t i = 0; i < list->n; i++)
            printf(format, of(&list->p[i].kinds[k]));
        printf("\n");
    }
    print_label(S("all"), 0);
    for (size_t i = 0; i < list->n; i++)
        printf(format, of(&list->p[i].all));
    printf("\n");
}

static void print_halves(const struct measured_list *list)
{
    if (list->p[0].tune.n == 0 || list->p[0].held.n == 0)
        return;
    print_heads("nDCG@10 by half", list);
    print_label(S("tune"), list->p[0].tune.n);
    for (size_t i = 0; i < list->n; i++)
        printf("%11.3f", ndcg_of(&list->p[i].tune));
    printf("\n");
    print_label(S("held-out"), list->p[0].held.n);
    for (size_t i = 0; i < list->n; i++)
        printf("%11.3f", ndcg_of(&list->p[i].held));
    printf("\n");
}

static void print_speed(const struct measured_list *list)
{
    print_heads("one search, ms", list);
    print_label(S("  p50"), 0);
    for (size_t i = 0; i < list->n; i++)
        printf("%11.3f", list->p[i].p50);
    printf("\n");
    print_label(S("  p99"), 0);
    for (size_t i = 0; i < list->n; i++)
        printf("%11.3f", list->p[i].p99);
    printf("\n");
}

static void print_others(const struct measured_list *list, const struct judged_set *set)
{
    print_heads("without an answer", list);
    print_label(S("real words"), set->real.n);
    for (size_t i = 0; i < list->n; i++)
        printf("%11zu", list->p[i].real_empty);
    printf("\n");
    print_label(S("garbage"), set->garbage.n);
    for (size_t i = 0; i < list->n; i++)
        printf("%11zu", set->garbage.n - list->p[i].garbage_found);
    printf("\n");
}

static void print_all(const struct measured_list *list, const struct judged_set *set)
{
    for (size_t i = 0; i < list->n; i++)
        printf("  %-12s %s\n", list->p[i].finder.name, list->p[i].finder.says);
    print_table("nDCG@10", "%11.3f", ndcg_of, list, set);
    print_halves(list);
    print_table("recall@10", "%11.3f", recall_of, list, set);
    print_table("empty answers", "%11.0f", empty_of, list, set);
    print_others(list, set);
    print_table("queries a second", "%11.0f", rate_of, list, set);
    print_speed(list);
}

static struct str name_of(const struct dir_service *s)
{
    struct str id = s->source_id.n ? s->source_id : s->id;
    return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(str_sub(id, 0, 9)),
                   STR_ARG(dir_pick(&s->name, LANG_FI).text));
}

/* The queries that ours does worst, with what it found and what it should have. */
static void print_worst(const struct measured *m, const struct judged_set *set, int64_t most)
{
    bool *told = ARENA_ARRAY(a, set->queries.n, bool);
    const struct dir_service *found[AT];
    double ms;
    for (; most > 0; most--) {
        size_t worst = set->queries.n;
        for (size_t i = 0; i < set->queries.n; i++)
            if (!told[i] &&
                (worst == set->queries.n || m->figures[i].ndcg < m->figures[worst].ndcg))
                worst = i;
        if (worst == set->queries.n)
            return;
        const struct judged *q = &set->queries.p[worst];
        told[worst] = true;
        printf("\n%.3f  " STR_FMT "  %s \"" STR_FMT "\"\n", m->figures[worst].ndcg,
               STR_ARG(q->kind), lang_code(q->lang), STR_ARG(q->query));
        size_t n = find(&m->finder, q, found, &ms);
        for (size_t i = 0; i < n && i < SHOWN; i++)
            printf("    found  %d  " STR_FMT "\n",
                   set_rel(q, found[i]) < 0 ? 0 : set_rel(q, found[i]), STR_ARG(name_of(found[i])));
        for (size_t i = 0; i < q->judged.n && i < SHOWN; i++)
            printf("    wanted %d  " STR_FMT "\n", q->judged.p[i].rel,
                   STR_ARG(name_of(q->judged.p[i].service)));
    }
}

/* For who judges: what any of the finders has among its first, and nobody has judged. */
static void print_unjudged(const struct measured_list *list, const struct judged_set *set,
                           int64_t first)
{
    for (size_t i = 0; i < set->queries.n; i++) {
        const struct judged *q = &set->queries.p[i];
        const struct dir_service *seen[64];
        size_t n = 0;
        for (size_t k = 0; k < list->n; k++) {
            const struct dir_service *found[AT];
            double ms;
            size_t got = find(&list->p[k].finder, q, found, &ms);
            for (size_t j = 0; j < got && j < (size_t)first; j++) {
                bool known = set_rel(q, found[j]) >= 0;
                for (size_t s = 0; s < n; s++)
                    known |= seen[s] == found[j];
                if (!known && n < sizeof seen / sizeof *seen)
                    seen[n++] = found[j];
            }
        }
        printf("%s|" STR_FMT "|", lang_code(q->lang), STR_ARG(q->query));
        for (size_t s = 0; s < n; s++)
            printf(" " STR_FMT ";", STR_ARG(name_of(seen[s])));
        printf("\n");
    }
}

/* ---- ten thousand ---- */

static void bench_large(const struct dir *d, const struct judged_set *set, size_t size)
{
    struct arena *mine = arena_new((size_t)4 << 30);
    struct large_counts small = large_count(mine, d);
    struct dir *many = large_make(mine, d, size);
    struct large_counts large = large_count(mine, many);
    struct measured_list list = {0};
    printf("\n%zu services: the real ones and copies of them, in which one long word in seven is "
           "another,\nnew words coming as n^0.65 (Heaps); Finnish: %zu words, %zu different "
           "(%zu services: %zu, %zu)\n",
           size, large.words, large.vocabulary, d->services.n, small.words, small.vocabulary);
    for (int mode = 0; mode < OURS_MODES; mode++) {
        double begin = now_ms(false);
        size_t used = arena_used(mine);
        struct finder f = ours(mine, many, (enum ours_mode)mode);
        printf("  index of %-10s %8.0f ms of one processor, %6.1f MiB\n", f.name,
               now_ms(false) - begin, (double)(arena_used(mine) - used) / 1048576);
        measure(&list, f, set, true);
    }
    double begin = now_ms(false);
    struct finder plain = peer_fts5(mine, many);
    printf("  index of %-10s %8.0f ms of one processor\n", plain.name, now_ms(false) - begin);
    measure(&list, plain, set, true);
    begin = now_ms(false);
    struct finder trigram = peer_trigram(mine, many);
    printf("  index of %-10s %8.0f ms of one processor\n", trigram.name, now_ms(false) - begin);
    measure(&list, trigram, set, true);
    print_table("queries a second", "%11.0f", rate_of, &list, set);
    print_speed(&list);
    tell_suggestions(&list.p[OURS_WHOLE].finder, set);
    arena_free(mine);
}

/* ---- the check ---- */

static void tap(bool ok, struct str name)
{
    test_bad = !ok;
    test_failed += test_bad;
    printf("%sok %d - " STR_FMT "\n", ok ? "" : "not ", ++test_count, STR_ARG(name));
}

static void check_answers(const struct measured *m, const struct judged_set *set)
{
    const struct dir_service *found[AT];
    double ms;
    for (size_t i = 0; i < set->real.n; i++)
        if (find(&m->finder, &set->real.p[i], found, &ms) == 0)
            printf("# nothing is found with %s \"" STR_FMT "\"\n", lang_code(set->real.p[i].lang),
                   STR_ARG(set->real.p[i].query));
    tap(m->real_empty == 0,
        str_fmt(a, "real words find something (%zu), %s", set->real.n, m->finder.says));
    tap(m->all.empty == 0,
        str_fmt(a, "no judged query is empty (%zu), %s", set->queries.n, m->finder.says));
}

static void check_ndcg(const struct measured *m, double least)
{
    printf("# nDCG@10 %.3f (tune %.3f, held-out %.3f), recall@10 %.3f\n", ndcg_of(&m->all),
           ndcg_of(&m->tune), ndcg_of(&m->held), recall_of(&m->all));
    tap(ndcg_of(&m->all) >= least,
        str_fmt(a, "nDCG@10 is at least %.2f, %s", least, m->finder.says));
}

static int check(const struct dir *d, const struct judged_set *set)
{
    struct measured_list list = {0};
    const char *why = "";
    bool morphology = search_has_morphology(&why);
    for (int mode = 0; mode < OURS_MODES; mode++)
        measure(&list, ours(a, d, (enum ours_mode)mode), set, mode == OURS_WHOLE);
    measure(&list, peer_fts5(a, d), set, true);
    const struct measured *whole = &list.p[OURS_WHOLE], *peer = &list.p[OURS_MODES];
    check_ndcg(whole, NDCG_WITH);
    if (morphology)
        check_ndcg(&list.p[OURS_NO_SYNONYMS], NDCG_WITHOUT);
    else
        printf("ok %d - nDCG@10 without synonyms # SKIP no libvoikko: %s\n", ++test_count, why);
    check_ndcg(&list.p[OURS_LETTERS], NDCG_LETTERS);
    for (int mode = 0; mode < OURS_MODES; mode++)
        check_answers(&list.p[mode], set);
    printf("# a search takes p50 %.3f, p99 %.3f ms of a processor; FTS5, nDCG@10 %.3f: %.3f, %.3f; "
           "the ratio of p99 is %.2f\n",
           whole->p50, whole->p99, ndcg_of(&peer->all), peer->p50, peer->p99,
           whole->p99 / peer->p99);
    return test_end();
}

/* ---- the whole ---- */

static void bench(const struct options *o, const struct dir *d, const struct judged_set *set)
{
    struct measured_list list = {0};
    const char *why = "";
    printf("%zu services, %zu judged queries in %zu kinds; Finnish morphology: %s\n", d->services.n,
           set->queries.n, set->kinds.n, search_has_morphology(&why) ? "libvoikko" : why);
    for (int mode = 0; mode < OURS_MODES; mode++)
        measure(&list, ours(a, d, (enum ours_mode)mode), set, true);
    measure(&list, peer_fts5(a, d), set, true);
    measure(&list, peer_fts5_begins(a, d), set, true);
    measure(&list, peer_trigram(a, d), set, true);
    if (o->postgresql) {
        struct finder pg = peer_postgresql(a, d, o->postgresql, &why);
        if (pg.name)
            measure(&list, pg, set, true);
        else
            printf("PostgreSQL is left out: %s\n", why);
    }
    if (o->unjudged > 0) {
        print_unjudged(&list, set, o->unjudged);
        return;
    }
    print_all(&list, set);
    tell_suggestions(&list.p[OURS_WHOLE].finder, set);
    print_worst(&list.p[0], set, o->worst);
    if (o->size > 0)
        bench_large(d, set, (size_t)o->size);
}

static struct options read_options(int argc, char **argv)
{
    struct options o = {0};
    struct {
        const char *name, **text;
        int64_t *number;
    } known[] = {
        {"--services", &o.services, NULL}, {"--judged", &o.judged, NULL},
        {"--set", &o.set, NULL},           {"--postgresql", &o.postgresql, NULL},
        {"--size", NULL, &o.size},         {"--worst", NULL, &o.worst},
        {"--unjudged", NULL, &o.unjudged},
    };
    for (int i = 1; i < argc; i++) {
        size_t k = 0, n = sizeof known / sizeof *known;
        if (strcmp(argv[i], "--check") == 0) {
            o.check = true;
            continue;
        }
        while (k < n && strcmp(known[k].name, argv[i]) != 0)
            k++;
        if (k == n || i + 1 == argc ||
            (known[k].number && !str_int(str_of(argv[i + 1]), known[k].number)))
            stop("what is this", str_of(argv[i]));
        if (known[k].text)
            *known[k].text = argv[i + 1];
        i++;
    }
    if (!o.services || !o.judged)
        stop("wanted", S("--services FILE --judged FILE"));
    if (o.set && strcmp(o.set, "all") == 0)
        o.set = NULL;
    return o;
}

static const struct dir *load(const char *file)
{
    char *files[] = {(char *)(uintptr_t)file};
    store_new();
    struct dir_counts counts = import_files(files, 1);
    const struct dir *d = dir_load(a, store_reader(store));
    store_end();
    if (counts.read == 0 || d->services.n == 0)
        stop(file, S("there are no services in it"));
    return d;
}

int main(int argc, char **argv)
{
    struct options o = read_options(argc, argv);
    struct judged_set set;
    struct str why = {NULL, 0};
    a = arena_new((size_t)4 << 30);
    if (access(o.services, R_OK) != 0) {
        if (!o.check)
            stop(o.services, S("it is not there"));
        printf("ok 1 - how well services are found # SKIP the real services are not there: %s\n"
               "1..1\n",
               o.services);
        return 0;
    }
    const struct dir *d = load(o.services);
    struct str text = test_file(a, o.judged);
    if (!text.p)
        stop(o.judged, S("it cannot be read"));
    if (!set_read(a, d, text, o.set, &set, &why))
        stop(o.judged, why);
    int code = 0;
    if (o.check)
        code = check(d, &set);
    else
        bench(&o, d, &set);
    arena_free(a);
    return code;
}
