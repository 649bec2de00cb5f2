/*
 * dir_search_test.c: what people type, and the service that must stand first: over the sample
 * county, and over the 244 real services of November 2017 where that folder is there. Arguments:
 * the real services' file (which may not exist), the county's files.
 */
#include "directory/directory_test.h"
#include "directory/directory_data.h"
#include "directory/directory_view.h"

#include "base/rand.h"
#include "search/search.h"

#include <time.h>

static char **paths;
static size_t path_n;
static const struct dir *county, *real;

struct expected {
    const char *lang, *query, *source; /* sourceId of the first hit; "": nothing is found */
    size_t within; /* among the first so many, where more than one is right; 0: the first */
};

static const struct expected county_queries[] = {
    {"fi", "hammaslääkäri", "dental-care"},
    {"fi", "HAMMASLÄÄKÄRI", "dental-care"},
    {"fi", "hammaslaakari", "dental-care"},    /* no ä on the keyboard */
    {"fi", "hamaslääkäri", "dental-care"},     /* a letter missing */
    {"fi", "hammaslääkräi", "dental-care", 3}, /* two swapped */
    {"fi", "hammas lääkäri", "dental-care"},
    {"fi", "hammassärky", "dental-urgent"},
    {"fi", "selkä kipeä", "physiotherapy"},
    {"fi", "fysioterapeutti", "physiotherapy"},
    {"fi", "vauva ei nuku", "child-health-clinic"},
    {"fi", "minun vauvani ei nuku", "child-health-clinic"},
    {"fi", "yksinäinen", "friend-visits"},
    {"fi", "lääkäriaika", "health-centre"},
    {"fi", "resepti", "prescription-renewal"},
    {"fi", "reseptin uusiminen", "prescription-renewal"},
    {"fi", "influenssarokotus", "vaccination"},
    {"fi", "rokot", "vaccination"}, /* still being written */
    {"fi", "verikoe", "laboratory"},
    {"fi", "omaishoitaja", "informal-care"},
    {"fi", "lapsi kiusaa", "school-psychologist"},
    {"fi", "koulukuraattori", "school-psychologist"},
    {"fi", "ero", "separation-services"},
    {"fi", "rahat loppu", "adult-social-work", 3},
    {"fi", "toimeentulotuki", "income-support"},
    {"fi", "asunnoton", "housing-support"},
    {"fi", "alkoholi", "substance-clinic"},
    {"fi", "tupakka", "quit-smoking"},
    {"fi", "pelaaminen", "gambling-help"},
    {"fi", "masennus", "mental-health", 3},
    {"fi", "raskaus", "maternity-clinic"},
    {"fi", "neuvola", "child-health-clinic"},
    {"fi", "äitiysneuvola", "maternity-clinic"},
    {"fi", "ehkäisy", "contraception"},
    {"fi", "henkilökohtainen apu", "personal-assistance"},
    {"fi", "pyörätuoli", "assistive-devices"},
    {"fi", "muistisairaus", "memory-clinic"},
    {"fi", "turvapuhelin", "safety-phone"},
    {"fi", "palovaroitin", "home-safety-visit"},
    {"fi", "ruoka-apu", "food-aid"},
    {"fi", "vaimo lyö", "domestic-violence"},
    {"fi", "sukupuolitauti", "sti-tests"},
    {"fi", "puheterapia", "speech-therapy"},
    {"fi", "diabetes", "chronic-care"},
    {"fi", "dentist", "dental-care", 3}, /* another language than the page's */
    {"sv", "ont i ryggen", "physiotherapy"},
    {"sv", "ensam", "friend-visits"},
    {"sv", "tandläkare", "dental-care"},
    {"sv", "recept", "prescription-renewal"},
    {"sv", "gravid", "maternity-clinic"},
    {"sv", "skilsmässa", "separation-services"},
    {"sv", "bostadslös", "housing-support"},
    {"sv", "rullstol", "assistive-devices"},
    {"sv", "hemvård", "home-care"},
    {"sv", "spelberoende", "gambling-help"},
    {"en", "back pain", "physiotherapy"},
    {"en", "baby does not sleep", "child-health-clinic"},
    {"en", "my baby does not sleep", "child-health-clinic"},
    {"en", "lonely", "friend-visits", 3},
    {"en", "toothache", "dental-urgent"},
    {"en", "dentist", "dental-care", 3},
    {"en", "flu shot", "vaccination"},
    {"en", "blood test", "laboratory"},
    {"en", "pregnant", "maternity-clinic"},
    {"en", "quit smoking", "quit-smoking"},
    {"en", "gambling", "gambling-help"},
    {"en", "homeless", "housing-support"},
    {"en", "wheelchair", "assistive-devices"},
    {"en", "interpreter", "immigrant-social-work", 3},
    {"en", "fire alarm", "home-safety-visit"},
    {"en", "grief", "grief-group"},
    {"fi", "qwxzqwxz", ""},
    {"fi", "...", ""},
};

static const struct expected real_queries[] = {
    {"fi", "rokotus", "SOTE-0025"},
    {"fi", "äitiysneuvola", "SOTE-0026"},
    {"fi", "fysioterapia", "SOTE-0042"},
    {"fi", "fysiotarapia", "SOTE-0042"},
    {"fi", "puheterapia", "SOTE-0044"},
    {"fi", "kotihoito", "SOTE-0088"},
    {"fi", "omaishoitaja", "SOTE-0091"},
    {"fi", "mielenterveys", "SOTE-0062"},
    {"fi", "röntgen", "SOTE-0069"},
    {"fi", "rontgen", "SOTE-0069"},
    {"fi", "laboratorio", "SOTE-0070"},
    {"fi", "verikoe", "SOTE-0070"},
    {"fi", "ehkäisy", "SOTE-0028"},
    {"fi", "pyörätuoli", "SOTE-0047"},
    {"fi", "tulkki", "SOTE-0101"},
    {"fi", "huostaanotto", "SOTE-0084", 3},
    {"fi", "perheneuvola", "SOTE-0029"},
    {"fi", "turvakoti", "SOTE-0008"},
    {"fi", "väkivalta", "SOTE-0008"},
    {"fi", "saattohoito", "SOTE-0036"},
    {"fi", "lääkäri", "SOTE-0035"},
    {"fi", "lääkärin vastaanotto", "SOTE-0035"},
    {"fi", "hammassärky", "SOTE-0004"},
    {"fi", "henkilökohtainen apu", "SOTE-0048"},
    {"fi", "henkilökohtanen apu", "SOTE-0048"},
    {"fi", "kuljetuspalvelu", "SOTE-0049"},
    {"fi", "adoptio", "SOTE-0079"},
    {"fi", "elatusapu", "SOTE-0081"},
    {"fi", "isyys", "SOTE-0080"},
    {"fi", "lastenvalvoja", "SOTE-0082"},
    {"fi", "perhehoito", "SOTE-0075"},
    {"fi", "velkaneuvonta", "GD103"},
    {"fi", "kirjasto", "GD102"},
    {"en", "home care", "SOTE-0088"},
    {"en", "mental health", "SOTE-0062"},
    {"en", "doctor", "SOTE-0035"},
    {"en", "interpreter", "SOTE-0101"},
    {"en", "vaccination", "SOTE-0025"},
    {"en", "maternity clinic", "SOTE-0026"},
    {"en", "shelter", "SOTE-0008"},
    {"en", "adoption", "SOTE-0079"},
    {"sv", "hemvård", "SOTE-0088"},
    {"sv", "tolk", "SOTE-0101"},
    {"sv", "barnrådgivning", "SOTE-0027"},
    {"sv", "skyddshem", "SOTE-0008"},
};

static void check(const struct dir *d, const struct expected *e)
{
    enum lang l = LANG_FI;
    lang_from(str_of(e->lang), &l);
    const char *why;
    size_t within = e->within ? e->within : search_has_morphology(&why) ? 1 : 3; /* by letters */
    struct dir_hits hits = dir_search(a, d, l, str_of(e->query), within);
    struct str got = hits.n ? hits.p[0].service->source_id : S("");
    for (size_t i = 0; i < hits.n; i++)
        if (str_eq(hits.p[i].service->source_id, str_of(e->source)))
            return;
    if (hits.n == 0 && *e->source == 0)
        return;
    test_bad++;
    printf("# %s \"%s\": first is " STR_FMT ", not %s\n", e->lang, e->query, STR_ARG(got),
           e->source);
}

static void first_in_county(void)
{
    for (size_t i = 0; i < sizeof county_queries / sizeof *county_queries; i++)
        check(county, &county_queries[i]);
}

static void first_in_real(void)
{
    if (!real) {
        printf("# skipped: %s is not there\n", paths[0]);
        return;
    }
    CHECK_INT(real->services.n, 244);
    for (size_t i = 0; i < sizeof real_queries / sizeof *real_queries; i++)
        check(real, &real_queries[i]);
}

/* All of the words before one of them; what is found in the asked language before another. */
static void order(void)
{
    struct dir_hits hits = dir_search(a, county, LANG_EN, S("help with gambling"), 5);
    CHECK(hits.n > 0 && str_eq(hits.p[0].service->source_id, S("gambling-help")));
    hits = dir_search(a, county, LANG_FI, S("tandläkare"), 5);
    CHECK(hits.n > 0 && hits.p[0].lang == LANG_SV);
    hits = dir_search(a, county, LANG_SV, S("tandläkare"), 5);
    CHECK(hits.n > 0 && hits.p[0].lang == LANG_SV);
    for (int i = 0; i < 3; i++) { /* the same each time */
        struct dir_hits again = dir_search(a, county, LANG_FI, S("apua"), 10);
        CHECK(again.n > 1);
        for (size_t k = 1; k < again.n; k++)
            CHECK(again.p[k - 1].score >= again.p[k].score);
    }
    CHECK_INT(dir_search(a, county, LANG_FI, S("apua"), 2).n, 2);
    CHECK_INT(dir_search(a, county, LANG_FI, S(""), 2).n, 0);
}

/* Hits are shown, with what the query found marked, whatever bytes it has. */
static void show(struct str query)
{
    struct arena *request = arena_new(0);
    struct view v = {.a = request, .dir = county, .lang = LANG_FI};
    struct dir_hits hits = dir_search(request, county, v.lang, query, 10);
    CHECK(hits.n <= 10);
    for (size_t i = 0; i < hits.n; i++) {
        struct view_hit h = view_hit(&v, hits.p[i].service, query);
        size_t n = 0;
        for (size_t k = 0; k < h.name.n; k++)
            n += h.name.p[k].text.n;
        CHECK_INT(n, dir_pick(&hits.p[i].service->name, v.lang).text.n);
    }
    (void)dir_is_crisis(request, dir_data(), query);
    arena_free(request);
}

static void any_bytes(void)
{
    static const char *const pieces[] = {"hammas",
                                         " ",
                                         "ä",
                                         "\xc3",
                                         "\xff",
                                         "'",
                                         "%",
                                         "a",
                                         "\n",
                                         "lääkäri",
                                         "\xf0\x9f\x98\x80",
                                         "-",
                                         "aaaaaaaaaaaaaaaaaaaa"};
    struct seeded r = seeded_new(11);
    for (int i = 0; i < 200; i++) {
        struct buf b = buf_new(a, 0);
        buf_char(&b, (char)seeded_below(&r, 3));
        for (uint32_t k = seeded_below(&r, 40); k-- > 0;)
            buf_str(&b, str_of(pieces[seeded_below(&r, sizeof pieces / sizeof *pieces)]));
        show(buf_get(&b));
    }
    char *huge = arena_alloc(a, 100000);
    memset(huge, 'a', 100000);
    show((struct str){huge, 100000});
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return p < q ? -1 : p > q;
}

/* Only told: how fast it is depends on the machine. */
static void tell_speed(const struct dir *d)
{
    enum { N = sizeof county_queries / sizeof *county_queries };
    double took[N];
    for (size_t i = 0; i < N; i++) {
        struct arena *request = arena_new(0);
        double begin = now_ms();
        dir_search(request, d, LANG_FI, str_of(county_queries[i].query), 40);
        took[i] = now_ms() - begin;
        arena_free(request);
    }
    qsort(took, N, sizeof *took, by_size);
    printf("# a search of %zu services: p50 %.3f ms, p99 %.3f ms of CPU\n", d->services.n,
           took[N / 2], took[N * 99 / 100]);
}

static const struct dir *load(char **files, size_t n)
{
    store_new();
    import_files(files, n);
    double begin = now_ms();
    const struct dir *d = dir_load(a, store_reader(store));
    printf("# %zu services loaded in %.1f ms of CPU\n", d->services.n, now_ms() - begin);
    store_end();
    return d;
}

int main(int argc, char **argv)
{
    a = arena_new((size_t)1 << 30);
    paths = argv + 1;
    path_n = (size_t)argc - 1;
    county = load(paths + 1, path_n - 1);
    if (access(paths[0], R_OK) == 0)
        real = load(paths, 1);
    TEST(first_in_county);
    TEST(first_in_real);
    TEST(order);
    TEST(any_bytes);
    tell_speed(real ? real : county);
    arena_free(a);
    return test_end();
}
