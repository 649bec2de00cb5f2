/*
 * form_test.c: SMALL REASONS TEAMS FORM...: the forms that we ship against the law's reason codes
 * and the sample county's teams; what the parser refuses.
 */
#include "form/form_test.h"

static struct str reasons_text, teams_text;
static struct form_file files[FORM_MAX_FORMS];
static size_t file_n;

/* ---- the forms that we ship ---- */

static bool reason_known(const struct jv *reasons, struct str code)
{
    const struct jv *list = jv_get(reasons, "reasons");
    for (size_t i = 0; i < jv_len(list); i++)
        if (str_eq(jv_str_of(jv_at(list, i), "code"), code))
            return true;
    return false;
}

static size_t questions(const struct form *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->item_n; i++)
        n += f->items[i].kind != FORM_GROUP && f->items[i].kind != FORM_DISPLAY &&
             f->items[i].when_n == 0;
    return n;
}

static void shipped(void)
{
    struct json_error e;
    struct str why = {NULL, 0};
    const struct jv *reasons = json_parse(a, reasons_text, &e);
    const struct forms *forms = forms_load(a, files, file_n, &why);
    CHECK_STR(why, "");
    CHECK(forms != NULL && forms->n == 13);
    for (size_t i = 0; forms && i < forms->n; i++) {
        const struct form *f = &forms->p[i];
        CHECK(i == 0 || forms->p[i - 1].order < f->order);
        CHECK(form_by_code(forms, f->code) == f);
        CHECK(questions(f) >= 2 && questions(f) <= 8);
        CHECK(f->step_n == 2);
        CHECK(reason_known(reasons, f->reason));
        for (size_t k = 0; k < f->item_n; k++) {
            const struct form_item *it = &f->items[k];
            CHECK(it->look != FORM_SAFETY || k == 1); /* the fixed safety words stand first */
            for (size_t o = 0; o < it->option_n; o++)
                CHECK(it->options[o].reason.n == 0 || reason_known(reasons, it->options[o].reason));
        }
    }
    CHECK(forms && form_by_code(forms, S("nothing")) == NULL);
}

static bool has_team(const struct jv *county, struct str subject)
{
    const struct jv *teams = jv_get(county, "teams");
    for (size_t i = 0; i < jv_len(teams); i++) {
        const struct jv *subjects = jv_get(jv_at(teams, i), "subjects");
        for (size_t k = 0; k < jv_len(subjects); k++)
            if (str_eq(jv_str(jv_at(subjects, k)), subject))
                return true;
    }
    return false;
}

/* The sample county has a team for each subject. */
static void shipped_teams(void)
{
    struct json_error e;
    struct str why;
    const struct jv *county = json_parse(a, teams_text, &e);
    const struct forms *forms = forms_load(a, files, file_n, &why);
    for (size_t i = 0; forms && i < forms->n; i++)
        CHECK(has_team(county, forms->p[i].subject));
}

/* A form opened and sent without an answer: asks for what is required, in each language. */
static void shipped_empty(void)
{
    struct str why;
    const struct forms *forms = forms_load(a, files, file_n, &why);
    for (size_t i = 0; forms && i < forms->n; i++) {
        const struct form_answers *ans = form_answer(a, &forms->p[i], sent(""), FORM_ALL, today);
        CHECK(ans->errors.n > 0);
        CHECK(form_error_step(ans) == 0);
        CHECK(form_step_from(ans, 0) == 0);
        CHECK(form_lines(a, ans, LANG_FI).n == 0);
    }
}

static void two_of_one_code(void)
{
    struct str why = {NULL, 0};
    struct form_file two[] = {files[0], files[0]};
    CHECK(forms_load(a, two, 2, &why) == NULL);
    CHECK(holds(why, "another form has the id"));
}

/* ---- what is refused ---- */

static struct str replaced(struct str text, const char *from, const char *to)
{
    const char *at = memmem(text.p, text.n, from, strlen(from));
    struct buf b = buf_new(a, 0);
    CHECK(at != NULL);
    if (!at)
        return text;
    size_t before = (size_t)(at - text.p);
    buf_put(&b, text.p, before);
    buf_str(&b, str_of(to));
    buf_put(&b, at + strlen(from), text.n - before - strlen(from));
    return buf_get(&b);
}

static void refused(void)
{
    static const struct {
        const char *from, *to, *why;
    } table[] = {
        {"\"Questionnaire\"", "\"Patient\"", "resourceType: must be Questionnaire"},
        {"\"status\": \"active\"", "\"status\": \"draft\"", "status: must be active"},
        {"\"name\"", "\"contained\"", "document: 'contained' is not in the subset"},
        {"\"id\": \"small\"", "\"id\": \"../x\"", "id: must be a code"},
        {"\"version\": \"1\"", "\"version\": \"\"", "version: must have 1 to 32"},
        {"form-register\", \"valueCode\": \"health\"", "form-register\", \"valueCode\": \"x\"",
         "form-register must be"},
        {"form-icon", "form-order", "document.extension[3]: 'valueCode' is not in"},
        {"\"Small sv\"", "\"  \"", "_title.extension[0]: is missing"},
        {"\"valueCode\": \"sv\"", "\"valueCode\": \"xx\"", "language that is not in use"},
        {"\"valueCode\": \"sv\"", "\"valueCode\": \"en\"", "repeats the language en"},
        {"\"valueCode\": \"sv\"", "\"valueCode\": \"fi\"", "repeats the language fi"},
        {"\"type\": \"group\"", "\"type\": \"quantity\"", "item[0].type: is not in the subset"},
        {"\"type\": \"group\"", "\"type\": \"group\", \"repeats\": true",
         "item[0]: 'repeats' is not in the subset"},
        {"\"linkId\": \"one\"", "\"linkId\": \"One\"", "item[0].linkId: must be a code"},
        {"\"linkId\": \"pick\"", "\"linkId\": \"many\"", "the linkId 'many' stands twice"},
        {"\"linkId\": \"pick\"", "\"linkId\": \"pick-help\"", "kept for hints"},
        {"\"linkId\": \"many-help\"", "\"linkId\": \"help\"", "the hint's linkId"},
        {"\"code\": \"help\"", "\"code\": \"flyover\"", "itemControl help"},
        {"\"code\": \"b\"", "\"code\": \"a\"", "the code 'a' stands twice"},
        {"CodeSystem/small-many\"", "CodeSystem/small-pick\"", "must have one system"},
        {"\"code\": \"x\"", "\"code\": \"z\"", "the question has no such option"},
        {"\"question\": \"pick\"", "\"question\": \"count\"", "must ask about an earlier"},
        {"\"question\": \"pick\"", "\"question\": \"one\"", "must ask about an earlier"},
        {"\"question\": \"pick\"", "\"question\": \"safety\"", "must ask about an earlier"},
        {"\"operator\": \"=\"", "\"operator\": \">\"", "must be =, != or exists"},
        {"\"enableBehavior\": \"any\"", "\"enableBehavior\": \"some\"", "must be all or any"},
        {"\"enableBehavior\": \"any\"", "\"required\": false", "needs enableBehavior"},
        {"\"answerBoolean\": true", "\"answerInteger\": 1", "'answerInteger' is not in the subset"},
        {"\"maxLength\": 10", "\"maxLength\": 90000", "maxLength: must be from 1 to 8000"},
        {"\"maxLength\": 10", "\"maxLength\": 1.5", "maxLength: must be from 1 to 8000"},
        {"\"valueInteger\": 9", "\"valueInteger\": 0", "in order"},
        {"\"valueCode\": \"past\"", "\"valueCode\": \"now\"", "must be past or future"},
        {"\"valueCode\": \"safety\"", "\"valueCode\": \"loud\"", "item-look must be safety"},
        {"\"required\": true", "\"required\": \"yes\"", "required: must be true or false"},
        {"\"text\": \"Pick fi\"", "\"text\": \"Pick\\u0007\"", "has control characters"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct str why = {NULL, 0};
        struct str text = replaced(small_text, table[i].from, table[i].to);
        CHECK(form_parse(a, S("small.json"), text, &why) == NULL);
        CHECK(str_starts(why, S("small.json:")));
        if (!holds(why, table[i].why)) {
            CHECK_STR(why, table[i].why);
        }
    }
}

/* The text cut at every place: always a reason, never a form. */
static void truncated(void)
{
    for (size_t n = 0; n + 2 < small_text.n; n += 7) {
        struct arena *one = arena_new(0);
        struct str why = {NULL, 0};
        CHECK(form_parse(one, S("cut"), (struct str){small_text.p, n}, &why) == NULL);
        CHECK(why.n > 0);
        arena_free(one);
    }
}

static struct str many_items(size_t n, size_t depth)
{
    const struct str head = str_sub(small_text, 0, 0);
    const char *from = memmem(small_text.p, small_text.n, "\"item\": [", 9);
    struct buf b = buf_new(a, 0);
    static const char texts[] =
        "\"text\":\"t\",\"_text\":{\"extension\":[{\"url\":\"http://hl7.org/fhir/"
        "StructureDefinition/"
        "translation\",\"extension\":[{\"url\":\"lang\",\"valueCode\":\"sv\"},{\"url\":\"content\","
        "\"valueString\":\"t\"}]},{\"url\":\"http://hl7.org/fhir/StructureDefinition/translation\","
        "\"extension\":[{\"url\":\"lang\",\"valueCode\":\"en\"},{\"url\":\"content\","
        "\"valueString\":"
        "\"t\"}]}]}";
    buf_str(&b, head);
    buf_put(&b, small_text.p, (size_t)(from - small_text.p));
    buf_lit(&b, "\"item\": [");
    for (size_t d = 0; d < depth; d++)
        buf_fmt(&b, "{\"linkId\":\"g%zu\",%s,\"type\":\"group\",\"item\":[", d, texts);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s{\"linkId\":\"i%zu\",%s,\"type\":\"string\"}", i ? "," : "", i, texts);
    for (size_t d = 0; d < depth; d++)
        buf_lit(&b, "]}");
    buf_lit(&b, "]}");
    return buf_get(&b);
}

static void limits(void)
{
    struct str why = {NULL, 0};
    CHECK(form_parse(a, S("x"), many_items(99, 1), &why) != NULL);
    CHECK(form_parse(a, S("x"), many_items(100, 1), &why) == NULL);
    CHECK(holds(why, "more than 100 items"));
    CHECK(form_parse(a, S("x"), many_items(1, 3), &why) != NULL);
    CHECK(form_parse(a, S("x"), many_items(1, 4), &why) == NULL);
    CHECK(holds(why, "nested more than 3 deep"));
    struct str large = {arena_alloc(a, FORM_MAX_FILE + 1), FORM_MAX_FILE + 1};
    CHECK(form_parse(a, S("x"), large, &why) == NULL);
    CHECK(holds(why, "larger than"));
}

int main(int argc, char **argv)
{
    struct arena *whole = arena_new(0);
    if (argc < 5)
        return 2;
    small_load(whole, argv[1]);
    reasons_text = test_file(whole, argv[2]);
    teams_text = test_file(whole, argv[3]);
    for (int i = 4; i < argc; i++)
        files[file_n++] = (struct form_file){str_of(argv[i]), test_file(whole, argv[i])};
    RUN(shipped);
    RUN(shipped_teams);
    RUN(shipped_empty);
    RUN(two_of_one_code);
    RUN(refused);
    RUN(truncated);
    RUN(limits);
    arena_free(whole);
    return test_end();
}
