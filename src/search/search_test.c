/* search_test.c: folding, likeness, senses, ranking, synonyms, data; with and without libvoikko. */
#include "base/rand.h"
#include "base/test.h"
#include "search/index.h"
#include "search/morph.h"
#include "search/query.h"

#include <pthread.h>

void search_fuzz(const struct search *s, size_t docs, const uint8_t *data, size_t size);

static struct arena *a;

static void folding(void)
{
    CHECK_STR(fold_phrase(a, S("  Hammas-LÄÄKÄRI, doctor’s  ÅÖÉß ")), "hamas lakari toctors aoes");
    CHECK_STR(fold_phrase(a, S("\xff\xfe\xc3")), "");
    CHECK_STR(fold_phrase(a, S("Привет")), "привет");
    struct str rest = S("kaksi sanaa"), span;
    char word[WORD_MAX];
    size_t n;
    CHECK(fold_span(&rest, word, &n, &span) && str_eq(span, S("kaksi")));
    CHECK(fold_span(&rest, word, &n, &span) && str_eq(span, S("sanaa")) && n == 4);
    CHECK(!fold_span(&rest, word, &n, &span));
    CHECK(search_marks(S("kipea"), S("kipean")) && !search_marks(S("kipea"), S("vauva")));
}

static void likeness(void)
{
    CHECK_INT(alike_edits(S("kissa"), S("kissa")), 0);
    CHECK_INT(alike_edits(S("lakari"), S("lakrai")), 1);
    CHECK_INT(alike_edits(S("lakari"), S("lakri")), 1);
    CHECK_INT(alike_edits(S("lakari"), S("vauva")), 3);
    CHECK(alike(S("rokot"), S("rokotus"), true) > alike(S("rokot"), S("roskat"), true));
    CHECK(alike(S("neuvola"), S("lastenneuvola"), false) > 0.5);
    CHECK(alike_misspelt(S("fysiotarapia"), S("fysioterapia"), 0.6) > 0.8);
}

/* ---- a directory of a few services ---- */

struct text {
    uint32_t doc;
    enum lang lang;
    enum search_place place;
    const char *text;
};
enum { DOCS = 6 };
static const struct text texts[] = {
    {0, LANG_FI, SEARCH_NAME, "Suun terveydenhuolto"},
    {0, LANG_FI, SEARCH_KEYWORD, "hammashuolto"},
    {0, LANG_FI, SEARCH_SUMMARY, "Hammaslääkärit hoitavat hampaita."},
    {0, LANG_SV, SEARCH_NAME, "Mun- och tandvård"},
    {0, LANG_EN, SEARCH_NAME, "Oral health care"},
    {1, LANG_FI, SEARCH_NAME, "Lastenneuvolapalvelut"},
    {1, LANG_SV, SEARCH_NAME, "Barnrådgivning"},
    {1, LANG_EN, SEARCH_NAME, "Child welfare clinics"},
    {2, LANG_FI, SEARCH_NAME, "Fysioterapia"},
    {2, LANG_FI, SEARCH_KEYWORD, "selkä on kipeä"},
    {2, LANG_EN, SEARCH_NAME, "Physiotherapy"},
    {3, LANG_FI, SEARCH_NAME, "Toimeentulotuki"},
    {3, LANG_SV, SEARCH_NAME, "Utkomststöd"},
    {3, LANG_EN, SEARCH_NAME, "Social assistance"},
    {4, LANG_FI, SEARCH_NAME, "Kotihoito"},
    {4, LANG_SV, SEARCH_NAME, "Hemvård"},
    {4, LANG_SV, SEARCH_SUMMARY, "Vård i hemmet och rådgivning om tand och barn"},
    {4, LANG_EN, SEARCH_NAME, "Home care"},
    {5, LANG_FI, SEARCH_NAME, "Rokotukset"},
    {5, LANG_EN, SEARCH_NAME, "Vaccinations"},
};

static struct search *index_with(const struct search_conf *conf)
{
    struct search_builder *b = search_begin_with(a, conf);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        search_add(b, texts[i].doc, texts[i].lang, texts[i].place, str_of(texts[i].text));
    search_add_code(b, 0, S("P5.10"));
    return search_end(b, DOCS);
}

static int64_t first(const struct search *s, enum lang l, const char *query)
{
    struct search_hits hits = search_find(a, s, l, str_of(query), 3);
    return hits.n ? (int64_t)hits.p[0].doc : -1;
}

/* What must be found however it is written, also by letters alone. */
static void finds(const struct search *s)
{
    CHECK_INT(first(s, LANG_FI, "hammashuolto"), 0);
    CHECK_INT(first(s, LANG_FI, "HAMMASHUOLTOA"), 0);
    CHECK_INT(first(s, LANG_FI, "hamaslaakari"), 0);
    CHECK_INT(first(s, LANG_FI, "neuvola"), 1);
    CHECK_INT(first(s, LANG_FI, "lastenneuvolaan"), 1);
    CHECK_INT(first(s, LANG_FI, "selkä kipeä"), 2);
    CHECK_INT(first(s, LANG_FI, "fysiotarapia"), 2);
    CHECK_INT(first(s, LANG_FI, "fysioterap"), 2);
    CHECK_INT(first(s, LANG_FI, "toimeentulotukea"), 3);
    CHECK_INT(first(s, LANG_FI, "koti hoito"), 4);
    CHECK_INT(first(s, LANG_FI, "rokote"), 5);
    CHECK_INT(first(s, LANG_SV, "tandläkare"), 0);
    CHECK_INT(first(s, LANG_SV, "rådgivning för barn"), 1);
    CHECK_INT(first(s, LANG_SV, "hemvården"), 4);
    CHECK_INT(first(s, LANG_FI, "hemvård"), 4);
    CHECK_INT(first(s, LANG_EN, "vaccination"), 5);
    CHECK_INT(first(s, LANG_EN, "vacination"), 5);
    CHECK_INT(first(s, LANG_FI, "..."), -1);
    CHECK_INT(first(s, LANG_FI, ""), -1);
}

static void with_morphology(void)
{
    const char *why;
    struct search *s = index_with(&(struct search_conf){.no_synonyms = true});
    if (!search_has_morphology(&why))
        printf("# libvoikko: %s\n", why);
    finds(s);
    if (search_has_morphology(&why)) {
        CHECK_INT(first(s, LANG_FI, "hampaan"), 0); /* consonant gradation */
        CHECK_INT(first(s, LANG_FI, "lapsille"), 1);
        CHECK_INT(first(s, LANG_FI, "rokottaa"), 5);
    }
}

static void by_letters(void)
{
    finds(index_with(&(struct search_conf){.no_synonyms = true, .no_morphology = true}));
}

static void synonyms(void)
{
    struct search_synonym one = {0};
    struct search_synonyms more = {0};
    VEC_PUSH(a, &one.says[LANG_FI], S("särkee nilkkaa"));
    VEC_PUSH(a, &one.says[LANG_FI], S("möykky"));
    VEC_PUSH(a, &one.means[LANG_FI], S("fysioterapia"));
    VEC_PUSH(a, &more, one);
    struct search *s = index_with(&(struct search_conf){.more = &more, .no_synonyms = true});
    CHECK_INT(first(s, LANG_FI, "möykky"), 2);
    CHECK_INT(first(s, LANG_FI, "nilkkaa särkee kovasti"), 2);
    CHECK_INT(first(s, LANG_FI, "fysioterapia"), 2);
    s = index_with(&(struct search_conf){0}); /* those compiled in, by their code */
    CHECK_INT(first(s, LANG_FI, "hammassärky"), 0);
    CHECK_INT(first(s, LANG_EN, "toothache"), 0);
}

static bool suggests(const struct search *s, enum lang l, const char *typed, const char *text)
{
    struct search_suggestions some = search_suggest(a, s, l, str_of(typed), 8);
    for (size_t i = 0; i < some.n; i++)
        if (str_eq(some.p[i].text, str_of(text)))
            return true;
    return false;
}

static void suggestions(void)
{
    struct search *s = index_with(&(struct search_conf){.no_synonyms = true});
    CHECK(suggests(s, LANG_FI, "toim", "toimeentulotuki"));
    CHECK(suggests(s, LANG_FI, "TERVEYDENH", "Suun terveydenhuolto"));
    CHECK(suggests(s, LANG_FI, "suun t", "Suun terveydenhuolto"));
    CHECK(!suggests(s, LANG_FI, "koti t", "Suun terveydenhuolto"));
    CHECK(suggests(s, LANG_FI, "selka k", "selkä on kipeä"));
    CHECK(suggests(s, LANG_FI, "barnr", "barnrådgivning")); /* no Finnish word begins so */
    CHECK_INT(search_suggest(a, s, LANG_FI, S("xyzq"), 8).n, 0);
    CHECK_INT(search_suggest(a, s, LANG_FI, S(""), 8).n, 0);
    CHECK_INT(search_suggest(a, s, LANG_FI, S("h"), 2).n, 2);
    struct search_suggestions name = search_suggest(a, s, LANG_EN, S("oral h"), 8);
    CHECK(name.n > 0 && name.p[0].doc == 0);
}

/* A word that is clearly another misspelt is put right as it is written; others are left alone. */
static void corrections(void)
{
    struct search *s = index_with(&(struct search_conf){.no_synonyms = true});
    CHECK_STR(search_find(a, s, LANG_FI, S("fysiotarapia lapselle"), 3).meant,
              "fysioterapia lapselle");
    CHECK_STR(search_find(a, s, LANG_EN, S("vacination"), 3).meant, "");
    CHECK_STR(search_find(a, s, LANG_EN, S("vaccinatoin"), 3).meant, "vaccinations");
    CHECK_STR(search_find(a, s, LANG_FI, S("fysioter"), 3).meant, "");
    CHECK_STR(search_find(a, s, LANG_FI, S("hammashuolto"), 3).meant, "");
    CHECK_STR(search_find(a, s, LANG_SV, S("barnrodgivning"), 3).meant, "barnrådgivning");
}

/* Real words find something, if only the nearest; what is no word may find nothing. */
static void nearest(void)
{
    struct search *s = index_with(&(struct search_conf){.no_synonyms = true});
    static const char *const words[] = {"juhannus", "sukellus", "tietokone", "mitä", "weather"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK(search_find(a, s, LANG_FI, str_of(words[i]), 3).n > 0);
    CHECK(search_find(a, s, LANG_FI, S("juhannus"), 3).near);
    CHECK(!search_find(a, s, LANG_FI, S("hammashuolto"), 3).near);
    CHECK_INT(search_find(a, s, LANG_FI, S("qqxzv"), 3).n, 0);
}

static void readings(void)
{
    const char *why;
    if (!search_has_morphology(&why)) {
        printf("# skipped: %s\n", why);
        return;
    }
    struct morph m = morph_analyse(a, S("lastenneuvolan"));
    CHECK(m.n > 0 && m.p[0].n == 2);
    CHECK_STR(m.p[0].lemma, "lastenneuvola");
    CHECK_STR(m.p[0].parts[0].base, "lapsi");
    CHECK_STR(m.p[0].parts[1].base, "neuvola");
    m = morph_analyse(a, S("rokotukset"));
    CHECK(m.n > 0 && m.p[0].n == 1 && m.p[0].derived);
    CHECK_STR(m.p[0].parts[0].base, "rokottaa");
    CHECK_INT(morph_analyse(a, S("hammaslaakari")).n, 0);
    CHECK_INT(morph_analyse(a, S("")).n, 0);
    struct senses s;
    CHECK(query_guess(a, S("hammaslaakari"), &s)); /* hammaslääkäri: the dots change at the seam */
    CHECK(query_guess(a, S("vasyny"), &s) && query_guess(a, S("kipee"), &s));
    CHECK(!query_guess(a, S("qqxzv"), &s));
}

/* What the program is built with, and what is refused. */
static void data(void)
{
    struct word_data d;
    struct str why = {NULL, 0};
    CHECK(word_data()->synonyms.n > 0 && word_data()->endings.n > 0);
    CHECK(word_is_small(LANG_FI, S("ja")) && !word_is_small(LANG_FI, S("hamas")));
    CHECK(!word_data_read(a, S("{"), S("{}"), &d, &why) && why.n > 0);
    static const char words[] =
        "{\"small\": {\"fi\": [\"ja\"], \"sv\": [\"och\"], \"en\": [\"and\"]},"
        "\"general\": {\"fi\": [\"apu\"], \"sv\": [\"hjälp\"], \"en\": [\"help\"]},"
        "\"guide\": {\"fi\": [\"a\"], \"sv\": [\"b\"], \"en\": [\"c\"]}, "
        "\"spoken\": {\"fi\": [[\"äiti\", \"mutsi\"]], \"sv\": [[\"mamma\", \"morsa\"]], "
        "\"en\": [[\"mother\", \"mum\"]]}, \"modifiers\": [\"tand\"], "
        "\"endings\": [[\"nu\", \"nut\"]]}";
    static const char *const good = "{\"synonyms\": [{\"id\": \"x\", \"says\": {\"fi\": [\"a\"], "
                                    "\"sv\": [\"b\"], \"en\": [\"c\"]}, \"means\": {\"fi\": "
                                    "[\"a\"], \"sv\": [\"b\"], \"en\": [\"c\"]}}]}";
    CHECK(word_data_read(a, str_of(words), str_of(good), &d, &why) && d.synonyms.n == 1);
    static const char *const bad[] = {
        "{\"synonyms\": [{\"id\": \"x\"}]}",
        "{\"synonyms\": [{\"id\": \"x\", \"says\": {\"fi\": [\"a\"], \"sv\": [\"b\"], \"en\": "
        "[]}, \"means\": {\"fi\": [\"a\"], \"sv\": [\"b\"], \"en\": [\"c\"]}}]}",
        "{\"synonyms\": [{\"id\": \"x\", \"says\": {\"fi\": [\"a\"], \"sv\": [\"b\"], \"en\": "
        "[\"c\"]}, \"means\": {\"fi\": [\"a\"], \"sv\": [\"b\"], \"en\": [\"c\"]}, \"codes\": "
        "[\"X1\"]}]}",
        "{\"synonyms\": [], \"more\": 1}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!word_data_read(a, str_of(words), str_of(bad[i]), &d, &why));
        CHECK(why.n > 0);
    }
}

static void any_bytes(void)
{
    static const char *const pieces[] = {"hammas",  " ",    "ä",
                                         "\xc3",    "\xff", "'",
                                         "%",       "a",    "\n",
                                         "lääkäri", "\0",   "\xf0\x9f\x98\x80",
                                         "-",       "och",  "aaaaaaaaaaaaaaaaaaaa"};
    struct search *s = index_with(&(struct search_conf){0});
    struct seeded r = seeded_new(11);
    for (int i = 0; i < 300; i++) {
        struct buf b = buf_new(a, 0);
        buf_char(&b, (char)seeded_below(&r, 3));
        for (uint32_t k = seeded_below(&r, 40); k-- > 0;)
            buf_str(&b, str_of(pieces[seeded_below(&r, sizeof pieces / sizeof *pieces)]));
        search_fuzz(s, DOCS, (const uint8_t *)b.p, b.n);
    }
    char *huge = arena_alloc(a, 100000);
    memset(huge, 'a', 100000);
    search_fuzz(s, DOCS, (const uint8_t *)huge, 100000);
    struct search *none = search_end(search_begin(a, NULL), 0);
    search_fuzz(none, 0, (const uint8_t *)"\0hammas", 7);
}

/* ---- many at once ---- */

enum { THREADS = 4, ROUNDS = 20 };
static const char *const asked[] = {"hammaslaakari", "rokotuss", "selkä kipee",
                                    "tandvård",      "qqxzv",    "social assistance mutsille"};

struct asker {
    pthread_t thread;
    const struct search *s;
    struct arena *a;
    struct str found; /* every hit of every round */
};

static void *ask(void *arg)
{
    struct asker *who = arg;
    struct buf b = buf_new(who->a, 0);
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
            struct search_hits h = search_find(who->a, who->s, LANG_FI, str_of(asked[i]), 5);
            for (size_t k = 0; k < h.n; k++)
                buf_fmt(&b, "%zu:%u:%.4f ", i, h.p[k].doc, h.p[k].score);
            (void)search_suggest(who->a, who->s, LANG_FI, str_of(asked[i]), 5);
        }
    who->found = buf_get(&b);
    return NULL;
}

/* One index, many threads: each finds what one alone finds. (With -Db_sanitize=thread too.) */
static void threads(void)
{
    const struct search *s = index_with(&(struct search_conf){0});
    struct asker alone = {.s = s, .a = a}, all[THREADS];
    (void)ask(&alone);
    CHECK(alone.found.n > 0);
    for (int i = 0; i < THREADS; i++) {
        all[i] = (struct asker){.s = s, .a = arena_new(0)};
        CHECK(pthread_create(&all[i].thread, NULL, ask, &all[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(all[i].thread, NULL);
        CHECK(str_eq(all[i].found, alone.found));
        arena_free(all[i].a);
    }
}

int main(void)
{
    a = arena_new((size_t)1 << 30);
    TEST(folding);
    TEST(likeness);
    TEST(readings);
    TEST(with_morphology);
    TEST(by_letters);
    TEST(synonyms);
    TEST(suggestions);
    TEST(corrections);
    TEST(nearest);
    TEST(data);
    TEST(any_bytes);
    TEST(threads);
    arena_free(a);
    return test_end();
}
