/*
 * directory_test.c: importing into a store, once and again, and the snapshot that pages see.
 * Arguments: the sample county's PTV files.
 */
#include "directory/directory_data.h"
#include "directory/directory_test.h"

#include "base/guard.h"

static char **county;
static size_t county_n;
static struct dir_report report;

static bool import(const char *text)
{
    struct str name = S("f.json"), t = str_of(text);
    return directory_import_texts(a, store, &name, &t, 1, &report);
}

static int64_t generation(void)
{
    return dir_load(a, store_reader(store))->generation;
}

#define ID(n) "\"id\":\"00000000-0000-0000-0000-00000000000" n "\","
#define NAMES(key, text) \
    "\"" key "\":[{\"language\":\"fi\",\"value\":\"" text "\",\"type\":\"Name\"}]"
#define SERVICE(n, name, more) "{" ID(n) NAMES("serviceNames", name) more "}"
#define CHANNEL(n, type, more) \
    "{" ID(n) "\"serviceChannelType\":\"" type "\"," NAMES("serviceChannelNames", "K") more "}"

static void again(void)
{
    store_new();
    struct dir_counts once = import_files(county, county_n);
    int64_t was = generation();
    struct dir_counts twice = import_files(county, county_n);
    CHECK(once.read > 100 && once.added == once.read && once.rejected == 0);
    CHECK(twice.read == once.read && twice.unchanged == once.read && twice.added == 0);
    CHECK_INT(was, 1);
    CHECK_INT(generation(), 1);
    store_end();
}

static void one_changed(void)
{
    store_new();
    CHECK(import("[" SERVICE("1", "Eka", "") "," SERVICE("2", "Toka", "") "]"));
    CHECK(import("[" SERVICE("1", "Eka", "") "," SERVICE("2", "Uusi", "") "]"));
    CHECK_INT(report.counts[DIR_SERVICE].changed, 1);
    CHECK_INT(report.counts[DIR_SERVICE].unchanged, 1);
    CHECK_INT(generation(), 2);
    const struct dir *d = dir_load(a, store_reader(store));
    CHECK_STR(dir_pick(&d->services.p[1]->name, LANG_FI).text, "Uusi");
    store_end();
}

static void all_or_nothing(void)
{
    store_new();
    CHECK(import(SERVICE("1", "Eka", "")));
    CHECK(!import("[" SERVICE("2", "Toka", "") ",{\"id\":3,\"serviceNames\":[]}]"));
    CHECK(str_starts(report.error, S("f.json: [1].id: ")));
    const struct dir *d = dir_load(a, store_reader(store));
    CHECK_INT(d->services.n, 1);
    CHECK_INT(d->generation, 1);
    struct str names[] = {S("good.json"), S("cut.json")};
    struct str texts[] = {S(SERVICE("2", "Toka", "")), S("{\"itemList\":[")};
    CHECK(!directory_import_texts(a, store, names, texts, 2, &report));
    CHECK(str_starts(report.error, S("cut.json: line 1, column ")));
    CHECK_INT(dir_load(a, store_reader(store))->services.n, 1);
    store_end();
}

static void withdrawn(void)
{
    store_new();
    CHECK(import("[" SERVICE("1", "Eka", "") "," SERVICE("2", "Toka", "") "]"));
    CHECK(import(SERVICE("1", "Eka", ",\"publishingStatus\":\"Modified\"")));
    CHECK_INT(report.counts[DIR_SERVICE].rejected, 1);
    CHECK_INT(dir_load(a, store_reader(store))->services.n, 2); /* what is published stays */
    CHECK(import(SERVICE("1", "Eka", ",\"publishingStatus\":\"Deleted\"")));
    CHECK_INT(dir_load(a, store_reader(store))->services.n, 1);
    CHECK_INT(generation(), 2);
    CHECK(import(SERVICE("1", "Eka", "")));
    CHECK_INT(report.counts[DIR_SERVICE].changed, 1); /* back again */
    CHECK_INT(dir_load(a, store_reader(store))->services.n, 2);
    store_end();
}

static void connections(void)
{
    store_new();
    static const char to_phone[] =
        ",\"serviceChannels\":[{\"serviceChannel\":{" ID("8") "\"x\":1}}]";
    static const char to_both[] =
        ",\"services\":[{\"service\":{" ID("1") "\"x\":1}},{\"service\":{" ID("7") "\"x\":1}}]";
    struct buf way = buf_new(a, 0);
    buf_fmt(&way, "[" SERVICE("1", "Eka", "%s") "," SERVICE("2", "Toka", "") ",", to_phone);
    buf_fmt(&way, CHANNEL("8", "Phone", "") "," CHANNEL("9", "ServiceLocation", "%s") "]", to_both);
    CHECK(import(str_z(a, buf_get(&way))));
    const struct dir *d = dir_load(a, store_reader(store));
    const struct dir_service *s = dir_service(d, S("00000000-0000-0000-0000-000000000001"));
    CHECK(s && s->ways.n == 2);
    CHECK_INT(d->services.p[1]->ways.n, 0);
    const struct dir_channel *c = dir_channel(d, S("00000000-0000-0000-0000-000000000009"));
    CHECK(c && c->services.n == 1 && c->services.p[0] == s);
    CHECK(dir_service(d, S("nothing")) == NULL && dir_channel(d, S("")) == NULL);
    store_end();
}

static void inherited(void)
{
    store_new();
    static const char own[] =
        SERVICE("1", "Eka",
                ",\"generalDescriptionId\":\"00000000-0000-0000-0000-000000000005\","
                "\"serviceDescriptions\":"
                "[{\"language\":\"fi\",\"type\":\"Summary\",\"value\":\"oma\"}]");
    static const char general[] = "{" ID("5") NAMES(
        "names", "Pohja") ",\"serviceChargeType\":\"FreeOfCharge\",\"descriptions\":"
                          "[{\"language\":\"fi\",\"type\":\"Summary\",\"value\":\"pohjan\"},"
                          "{\"language\":\"sv\",\"type\":\"Summary\",\"value\":\"grund\"},"
                          "{\"language\":\"fi\",\"type\":\"Description\",\"value\":\"kuvaus\"}]}";
    CHECK(import(own));
    CHECK_INT(report.notes.n, 1);
    CHECK(import(general)); /* later, in another import */
    const struct dir_service *s = dir_load(a, store_reader(store))->services.p[0];
    CHECK_STR(dir_pick(&s->summary, LANG_FI).text, "oma");
    CHECK_STR(dir_pick(&s->summary, LANG_SV).text, "grund");
    CHECK_STR(dir_pick(&s->description, LANG_FI).text, "kuvaus");
    CHECK_INT(s->charge, DIR_FREE);
    store_end();
}

static void exchange(void)
{
    store_new();
    struct arena *program = arena_new(0), *request = arena_new(0);
    CHECK(import(SERVICE("1", "Eka", "")));
    struct directory *d = directory_open(program, store);
    const struct dir *old = directory_get(request, d);
    CHECK(!directory_refresh(d));
    CHECK(import(SERVICE("2", "Toka", "")));
    CHECK(directory_refresh(d) && !directory_refresh(d));
    CHECK_INT(directory_generation(d), 2);
    CHECK_INT(old->services.n, 1); /* still whole for the request that holds it */
    arena_reset(request);
    CHECK_INT(directory_get(request, d)->services.n, 2);
    arena_free(request);
    arena_free(program);
    store_end();
}

#ifdef ASIALLA_FAULTS
#include "base/fault.h"

struct attempt {
    struct arena *a;
    bool ok;
};

static void try_import(void *arg)
{
    static const char text[] = "[" SERVICE("1", "Eka", "") "," CHANNEL("8", "Phone", "") "]";
    struct attempt *t = arg;
    struct dir_report r;
    struct str name = S("f.json"), body = str_of(text);
    t->ok = directory_import_texts(t->a, store, &name, &body, 1, &r);
}

/* The n-th allocation, SQL step or commit fails, for n in turn: the import is whole or not at all.
 */
/* What fails leaves nothing, so the next try finds the store as it was. The first places are all
 * come to, later ones by steps, until there is none left. */
static void faults(void)
{
    for (int kind = FAULT_ALLOC; kind <= FAULT_COMMIT; kind++) {
        bool left = false, stored = false;
        store_new();
        for (long n = 1; n < 1000000 && !left; n += 1 + n / 8) {
            struct attempt t = {.a = arena_new(0)};
            fault_arm((enum fault_kind)kind, n);
            enum err e = guard_run(try_import, &t, NULL);
            left = fault_left((enum fault_kind)kind) > 0;
            fault_arm((enum fault_kind)kind, 0);
            arena_reset(t.a);
            const struct dir *d = dir_load(t.a, store_reader(store));
            stored = e == ERR_OK && t.ok;
            CHECK_INT(d->services.n, stored ? 1 : 0);
            CHECK_INT(d->channels.n, d->services.n);
            CHECK_INT(d->generation, d->services.n);
            arena_free(t.a);
        }
        CHECK(left && stored); /* each place was come to, and without a fault it is done */
        store_end();
    }
}
#else
static void faults(void)
{
    printf("# skipped: this build has no points of failure (-Dfaults=true)\n");
}
#endif

/* Every theme and life event of the data has services in the sample county. */
static void topics(void)
{
    store_new();
    import_files(county, county_n);
    const struct dir *d = dir_load(a, store_reader(store));
    const struct dir_topics *all[] = {&dir_data()->themes, &dir_data()->life};
    for (size_t k = 0; k < 2; k++)
        for (size_t t = 0; t < all[k]->n; t++) {
            size_t n = 0;
            for (size_t i = 0; i < d->services.n; i++)
                n += dir_in_topic(d->services.p[i], &all[k]->p[t]);
            if (n == 0)
                printf("# nothing under " STR_FMT "\n", STR_ARG(all[k]->p[t].code));
            CHECK(n > 0);
        }
    CHECK(dir_topic(all[0], S("dental")) && !dir_topic(all[0], S("nothing")));
    store_end();
}

static bool crisis(const char *query)
{
    return dir_is_crisis(a, dir_data(), str_of(query));
}

/* What people write in an emergency, in their own words, misspelt and without dots. */
static const char *const crises[] = {
    "itsemurha",
    "Itsemurhaa ajattelen",
    "haluan KUOLLA",
    "haluun kuolla",
    "en jaksa elää enää",
    "en halua elaa",
    "tapan itseni",
    "viiltely",
    "otin liikaa lääkkeitä",
    "yliannostus",
    "lapsi söi myrkkyä",
    "mies hakkaa",
    "mun mies löi mua",
    "pahoinpideltiin",
    "raiskattu",
    "rintakippu",
    "rintakipua",
    "rinta puristaa",
    "käsi puutuu",
    "suupieli roikkuu",
    "ei hengitä",
    "isä on tajuton",
    "aivohalvauksen oireet",
    "vuoto ei lopu",
    "uhkaa tappaa",
    "lapsi nielaisi pariston",
    "synnytys käynnistyi",
    "anafylaksia",
    "talo palaa",
    "jag vill inte leva",
    "sjalvmordstankar",
    "ont i bröstet",
    "ta livet av mig",
    "våldtäkt",
    "min man slår mig",
    "våld hemma",
    "överdos",
    "andas inte",
    "medvetslös",
    "tecken på stroke",
    "blöder kraftigt",
    "det brinner",
    "barnet svalde ett batteri",
    "I want to die",
    "suicidal",
    "chest pains",
    "my husband beats me",
    "I cut myself",
    "took too many pills",
    "can't breathe",
    "unconscious",
    "stroke",
    "raped",
    "abuse",
    "substance abuse and child abuse",
    "severe bleeding",
    "choking",
    "baby is coming",
    "house fire",
    "хочу умереть",
    "муж бьёт",
    "не хочу жити",
    "tahan surra",
    "valu rinnus",
    "أريد أن أموت",
    "لا يتنفس",
};

/* Words that look alike, or hold a word of crisis and tell of none. */
static const char *const calm[] = {
    "",
    "hammaslääkäri",
    "haluan kuollakseni tietää",
    "resepti",
    "ensam",
    "back pain",
    "rintamaito",
    "rintaruokinta",
    "psykoterapia",
    "psykososial",
    "valtakirja",
    "päättää päivähoidosta",
    "lopettaa itse tupakointi",
    "avaimet hukkunut",
    "kuukautiskivut",
    "myrkylliset jätteet",
    "tuli palautetta",
    "synnytysvalmennus",
    "halvin vuokra",
    "palovaroitin",
    "itsehoito",
    "lyömäsoittimet",
    "Hakaniemi",
    "hakemus",
    "giftigt avfall",
    "har valt fel läkare",
    "blöder tandkött",
    "rehabilitering efter stroke",
    "brandvarnare",
    "slår upp en tid",
    "substance abuse",
    "alcohol abuse clinic",
    "bleeding gums",
    "flu shot",
    "stroke rehabilitation",
    "violin lessons",
    "drapes",
    "smoke alarm",
};

static void crisis_words(void)
{
    for (size_t i = 0; i < sizeof crises / sizeof *crises; i++) {
        if (!crisis(crises[i]))
            printf("# not seen: %s\n", crises[i]);
        CHECK(crisis(crises[i]));
    }
    for (size_t i = 0; i < sizeof calm / sizeof *calm; i++) {
        if (crisis(calm[i]))
            printf("# a false alarm: %s\n", calm[i]);
        CHECK(!crisis(calm[i]));
    }
}

static void safety_notice(void)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct str s = directory_safety_notice(a, (enum lang)l).s;
        CHECK(memmem(s.p, s.n, "\"tel:112\"", 9) != NULL);
        CHECK(memmem(s.p, s.n, "\"tel:116117\"", 12) != NULL);
        CHECK(memmem(s.p, s.n, "tel:+358925250111", 17) != NULL);
    }
    struct dir_data data;
    struct str why = {NULL, 0};
    CHECK(!dir_data_read(a, (struct str[]){S("{}"), S("{}")}, &data, &why));
    CHECK(!dir_data_read(a, (struct str[]){S("{}"), S("{")}, &data, &why));
    CHECK(str_starts(why, S("themes.json: line 1: ")));
}

/* Every statement is sound, and none reads a whole table unless it says so. */
static void statements(void)
{
    store_new();
    for (size_t i = 0; i < directory_statements.n; i++) {
        struct str why = {NULL, 0};
        const struct stmt *q = &directory_statements.stmts[i];
        struct str plan = db_plan(a, store_reader(store), q, &why);
        CHECK(plan.p != NULL);
        bool scan = plan.n > 0 && memmem(plan.p, plan.n, "SCAN", 4) != NULL;
        CHECK(!scan || (q->flags & STMT_SCAN));
    }
    store_end();
}

int main(int argc, char **argv)
{
    a = arena_new((size_t)1 << 30);
    county = argv + 1;
    county_n = (size_t)argc - 1;
    TEST(again);
    TEST(one_changed);
    TEST(all_or_nothing);
    TEST(withdrawn);
    TEST(connections);
    TEST(inherited);
    TEST(exchange);
    TEST(faults);
    TEST(topics);
    TEST(crisis_words);
    TEST(safety_notice);
    TEST(statements);
    arena_free(a);
    return test_end();
}
