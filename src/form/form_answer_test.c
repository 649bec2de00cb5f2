/*
 * form_answer_test.c: SMALL: answers, conditions, steps, responses and pages of the form of
 * testdata, and anything at all sent to it.
 */
#include "form/form_test.h"

int form_fuzz(struct str small, const uint8_t *data, size_t size); /* form_fuzz.c */

static const struct form_answers *answer(const char *form)
{
    return form_answer(a, small, sent(form), FORM_ALL, today);
}

static const struct form_answer *of(const struct form_answers *ans, const char *link_id)
{
    return &ans->of[form_find(ans->form, str_of(link_id))];
}

/* The errors as "linkId: text" lines. */
static struct str errors(const char *form)
{
    const struct form_answers *ans = answer(form);
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < ans->errors.n; i++) {
        const struct form_error *e = &ans->errors.p[i];
        buf_fmt(&b, "%s" STR_FMT ": " STR_FMT, i ? "\n" : "",
                STR_ARG(small->items[e->item].link_id), STR_ARG(form_error_text(a, LANG_EN, e)));
    }
    return buf_get(&b);
}

static void validations(void)
{
    static const struct {
        const char *form, *errors;
    } table[] = {
        {"q.pick=y", ""},
        {"", "pick: Choose an answer."},
        {"q.pick=x", "more: Write an answer."},
        {"q.pick=x&q.more=++", "more: Write an answer."},
        {"q.pick=x&q.more=%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4", ""},
        {"q.pick=x&q.more=12345678901",
         "more: The answer is too long: at most 10 characters, now 11."},
        {"q.pick=x&q.more=a%0Ab", ""},
        {"q.pick=x&q.more=a%07b",
         "more: The answer has characters that cannot be used. Write it again."},
        {"q.pick=x&q.more=a%E2%80%AEb",
         "more: The answer has characters that cannot be used. Write it again."},
        {"q.pick=y&q.name=a%0Ab",
         "name: The answer has characters that cannot be used. Write it again."},
        {"q.pick=y&q.name=123456", "name: The answer is too long: at most 5 characters, now 6."},
        {"q.pick=z", "pick: This answer is not one of the choices. Choose again."},
        {"q.pick=x&q.pick=y", "pick: Choose only one answer."},
        {"q.pick=y&q.pick=y", ""},
        {"q.pick=y&q.many=a&q.many=b", ""},
        {"q.pick=y&q.many=a&q.many=none",
         "many: You chose “Nothing en” and something else too. Choose one or the other."},
        {"q.pick=y&q.many=a&q.many=q",
         "many: This answer is not one of the choices. Choose again."},
        {"q.pick=y&q.flag=1", "flag: This answer is not one of the choices. Choose again."},
        {"q.pick=y&q.count=four", "count: Write the answer in numbers."},
        {"q.pick=y&q.count=99999999999999999999", "count: Write the answer in numbers."},
        {"q.pick=y&q.count=10", "count: Write a number from 1 to 9."},
        {"q.pick=y&q.count=+9+", ""},
        {"q.pick=y&q.soon=2026-11-21", ""},
        {"q.pick=y&q.soon=2026-11-20",
         "soon: This day is in the past. Check the day, month and year."},
        {"q.pick=y&q.soon=21.11.2026", "soon: Write the day, for example 3 11 2026."},
        {"q.pick=y&q.soon.d=1&q.soon.m=2&q.soon.y=2027", ""},
        {"q.pick=y&q.soon.d=01&q.soon.m=02&q.soon.y=2027", ""},
        {"q.pick=y&q.soon.d=29&q.soon.m=2&q.soon.y=2027",
         "soon: This day does not exist. Check the day, month and year."},
        {"q.pick=y&q.soon.d=29&q.soon.m=2&q.soon.y=2028", ""},
        {"q.pick=y&q.soon.d=1&q.soon.m=13&q.soon.y=2027",
         "soon: This day does not exist. Check the day, month and year."},
        {"q.pick=y&q.soon.d=1&q.soon.m=2", "soon: Write the day, the month and the year."},
        {"q.pick=y&q.soon.d=1&q.soon.m=2&q.soon.y=27",
         "soon: Write the day in numbers, for example 3 11 2026."},
        {"q.pick=y&q.soon.d=x&q.soon.m=2&q.soon.y=2027",
         "soon: Write the day in numbers, for example 3 11 2026."},
        {"q.pick=y&q.soon.d=1&q.soon.m=2&q.soon.y=2077", "soon: Check the year."},
        {"q.pick=y&q.many=a&q.born.d=1&q.born.m=2&q.born.y=1866", "born: Check the year."},
        {"q.pick=y&q.many=a&q.born=2026-11-22",
         "born: This day is in the future. Check the day, month and year."},
        {"q.pick=y&q.many=b&q.born=nonsense", ""}, /* not asked: not read */
        {"q.pick=y&q.c1=yes&q.c2=yes", "c3: Choose an answer."},
        {"q.pick=y&q.c1=no&q.c2=yes", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        CHECK_STR(errors(table[i].form), table[i].errors);
}

static void one_step_only(void)
{
    const struct fields *f = sent("q.c1=yes&q.c2=yes");
    CHECK_INT(form_answer(a, small, f, 0, today)->errors.n, 1); /* pick */
    CHECK_INT(form_answer(a, small, f, 1, today)->errors.n, 0);
    CHECK_INT(form_answer(a, small, f, 2, today)->errors.n, 1); /* c3 */
    CHECK_INT(form_error_step(form_answer(a, small, f, 2, today)), 2);
    CHECK_INT(form_answer(a, small, f, FORM_ALL, today)->errors.n, 2);
}

static void conditions(void)
{
    const struct form_answers *ans = answer("q.pick=x&q.more=m&q.flag=true&q.deep=d&q.flat=f");
    CHECK_INT(of(ans, "deep")->n, 1);
    CHECK_INT(of(ans, "flat")->n, 0); /* all: pick is x */
    ans = answer("q.pick=y&q.more=m&q.flag=true&q.deep=d&q.flat=f");
    CHECK_INT(of(ans, "more")->n, 0); /* dropped, so what asks whether it exists is off too */
    CHECK_INT(of(ans, "deep")->n, 0);
    CHECK_INT(of(ans, "flat")->n, 1);
    ans = answer("q.pick=y&q.flag=true&q.count=3&q.flat=f");
    CHECK_INT(of(ans, "flat")->n, 0);
    ans = answer("q.flag=true&q.flat=f"); /* R4: "!=" holds where there is no answer */
    CHECK_INT(of(ans, "flat")->n, 1);
    ans = answer("q.pick=y&q.flag=false&q.flat=f"); /* its group is off */
    CHECK(!of(ans, "inner")->enabled && of(ans, "flat")->n == 0);
    CHECK(of(answer("q.flag=true"), "born")->enabled);
    CHECK(of(answer("q.many=a"), "born")->enabled);
    CHECK(!of(answer("q.many=b&q.flag=false"), "born")->enabled);
    CHECK(of(answer("q.c1=yes&q.c2=yes"), "c3")->enabled);
    CHECK(!of(answer("q.c1=no&q.c2=yes"), "c3")->enabled);
}

static void steps(void)
{
    const struct form_answers *ans = answer("q.pick=x&q.more=m");
    CHECK_INT(form_step_from(ans, 0), 0);
    CHECK_INT(form_step_from(ans, 1), 2); /* the second is asked only where flag is true */
    CHECK_INT(form_step_before(ans, 2), 0);
    CHECK(form_step_from(ans, 3) == FORM_NONE);
    CHECK(form_step_before(ans, 0) == FORM_NONE);
    CHECK_INT(form_step_from(answer("q.pick=x&q.more=m&q.flag=true"), 1), 1);
}

static void reasons(void)
{
    CHECK_STR(form_reason(answer("")), "health-new-problem");
    CHECK_STR(form_reason(answer("q.pick=x")), "health-new-problem");
    CHECK_STR(form_reason(answer("q.pick=y")), "certificate");
}

/* ---- kept and shown again ---- */

static const char full[] = "q.many=a&q.many=b&q.pick=x&q.more=Two%0Alines&q.flag=true"
                           "&q.born=2000-02-29&q.count=7&q.name=%3Cb%3E&q.deep=%22deep%22"
                           "&q.soon.d=24&q.soon.m=12&q.soon.y=2026&q.c1=no";

static struct str response_of(const char *form, enum lang l)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    form_response_write(&w, NULL, answer(form), l, (struct instant){1795262709123});
    return buf_get(&b);
}

/* "question=answer|..." with '!' after a raw answer and "[heading]" before a step. */
static struct str told(struct form_lines lines)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < lines.n; i++) {
        struct form_line *l = &lines.p[i];
        if (l->heading.n)
            buf_fmt(&b, "[" STR_FMT "]", STR_ARG(l->heading));
        buf_fmt(&b, STR_FMT "=" STR_FMT "%s|", STR_ARG(l->question), STR_ARG(l->answer),
                l->raw ? "!" : "");
    }
    return buf_get(&b);
}

static void round_trip(void)
{
    struct json_error e;
    CHECK_STR(errors(full), "");
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct jv *response = json_parse(a, response_of(full, LANG_SV), &e);
        struct str there = told(form_response_lines(a, small, response, (enum lang)l));
        struct str here = told(form_lines(a, answer(full), (enum lang)l));
        CHECK(there.n > 100 && str_eq(there, here));
    }
    CHECK_STR(told(form_lines(a, answer(full), LANG_EN)),
              "[One en]Many en=Apple en\nBread en|Pick en=Ex en|More en=Two\nlines|Flag en=Yes|"
              "Born en=29 February 2000|Count en=7|Name? en=<b>|[Two en]Deep en=\"deep\"|"
              "[Three en]Soon en=24 December 2026|C1 en=No en|");
}

static void response_json(void)
{
    struct json_error e;
    const struct jv *r = json_parse(a, response_of(full, LANG_SV), &e), *one, *deep;
    CHECK_STR(jv_str_of(r, "resourceType"), "QuestionnaireResponse");
    CHECK_STR(jv_str_of(r, "questionnaire"), "https://asialla.example/fhir/Questionnaire/small|1");
    CHECK_STR(jv_str_of(r, "language"), "sv");
    CHECK_STR(jv_str_of(r, "authored"), "2026-11-21T12:05:09.123Z");
    one = jv_get(jv_at(jv_get(r, "item"), 0), "item");
    CHECK_INT(jv_len(one), 7); /* the safety text is no answer */
    const struct jv *coding = jv_get(jv_at(jv_get(jv_at(one, 0), "answer"), 1), "valueCoding");
    CHECK_STR(jv_str_of(coding, "code"), "b");
    CHECK_STR(jv_str_of(coding, "display"), "Bread sv");
    CHECK_STR(jv_str_of(coding, "system"), "https://asialla.example/fhir/CodeSystem/small-many");
    deep = jv_at(jv_get(jv_at(jv_get(jv_at(jv_get(r, "item"), 1), "item"), 0), "item"), 0);
    CHECK_STR(jv_str_of(deep, "linkId"), "deep");
    r = json_parse(a, response_of("", LANG_FI), &e);
    CHECK(jv_get(r, "item") == NULL); /* FHIR has no empty lists */
}

static void unknown_responses(void)
{
    static const struct {
        const char *json, *told;
    } table[] = {
        {"{}", ""},
        {"[]", ""},
        {"7", ""},
        {"{\"item\":7}", ""},
        {"{\"item\":[7,null,{\"item\":[[]]},{\"answer\":{}},{\"linkId\":\"pick\",\"answer\":[]}]}",
         ""},
        {"{\"item\":[{\"linkId\":\"gone\",\"text\":\"Old?\",\"answer\":[{\"valueString\":\"a\"}]}]"
         "}",
         "Old?=a!|"},
        {"{\"item\":[{\"linkId\":\"gone\",\"answer\":[{\"valueCoding\":{\"code\":\"c\"}}]}]}",
         "gone=c!|"},
        {"{\"item\":[{\"linkId\":\"pick\",\"answer\":[{\"valueCoding\":{\"code\":\"c\","
         "\"display\":\"Sea\"}}]}]}",
         "[One en]Pick en=Sea!|"},
        {"{\"item\":[{\"linkId\":\"pick\",\"answer\":[{\"valueString\":\"s\"}]}]}",
         "[One en]Pick en=s!|"},
        {"{\"item\":[{\"linkId\":\"soon\",\"answer\":[{\"valueDate\":\"2026-13-01\"}]}]}",
         "[Three en]Soon en=2026-13-01!|"},
        {"{\"item\":[{\"linkId\":\"count\",\"answer\":[{\"valueInteger\":12}]}]}",
         "[One en]Count en=12|"},
    };
    struct json_error e;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct jv *r = json_parse(a, str_of(table[i].json), &e);
        CHECK_STR(told(form_response_lines(a, small, r, LANG_EN)), table[i].told);
    }
    const struct jv *r = json_parse(a, response_of("q.pick=y", LANG_SV), &e);
    CHECK_STR(told(form_response_lines(a, NULL, r, LANG_EN)), "Pick sv=Why sv!|");
    struct forms one = {.p = small, .n = 1};
    CHECK(form_of_response(&one, r) == small);
    CHECK(form_of_response(&one, NULL) == NULL);
}

/* ---- pages ---- */

static struct page new_page(struct buf *out)
{
    *out = buf_new(a, 0);
    return (struct page){.a = a, .out = out, .lang = LANG_EN};
}

static struct str rendered(const char *form, size_t step)
{
    struct buf out;
    struct page pg = new_page(&out);
    const struct fields *f = sent(form);
    struct form_input in = {.sent = f, .answers = form_answer(a, small, f, step, today)};
    form_render_error_summary(&pg, small, &in);
    form_render_hidden(&pg, small, step, &in);
    form_render_step(&pg, small, step, &in);
    return buf_get(&out);
}

static void page_fresh(void)
{
    struct buf out;
    struct page pg = new_page(&out);
    struct form_input in = form_input_new(a, small, today);
    form_render_error_summary(&pg, small, &in);
    form_render_step(&pg, small, 0, &in);
    struct str s = buf_get(&out);
    CHECK(!holds(s, "class=\"errors\"") && !holds(s, "field__error"));
    CHECK(holds(s, "<h1>One en</h1>"));
    CHECK(holds(s, "notice--bad"));
    CHECK(holds(s, "type=\"checkbox\" id=\"q.many.1\" name=\"q.many\" value=\"a\""));
    CHECK(holds(s, "type=\"radio\" id=\"q.pick.2\" name=\"q.pick\" value=\"y\""));
    CHECK(holds(s, "autocomplete=\"given-name\""));
    /* right under its option, and one that depends on two questions in its own place */
    CHECK(holds(s, "data-show-when=\"all q.pick=x\""));
    CHECK(holds(s, "If you chose “Ex en”:"));
    CHECK(holds(s, "data-show-when=\"any q.many=a q.flag=true\""));
    CHECK(holds(s, "If you chose any of these: Apple en · Yes"));
}

static void page_errors(void)
{
    struct str s = rendered("q.many=a&q.many=none&q.name=%22%3E%3Cscript%3E&q.soon.d=4", 0);
    CHECK(holds(s, "Please check 3 answers"));
    CHECK(holds(s, "<a href=\"#q.pick.1\">Pick en: Choose an answer.</a>"));
    CHECK(holds(s, "<a href=\"#q.name\">Name? en: The answer is too long"));
    CHECK(holds(s, "aria-describedby=\"q.many.hint q.many.error\""));
    CHECK(holds(s, "value=\"a\" checked"));
    CHECK(holds(s, "value=\"&quot;&gt;&lt;script&gt;\"") && !holds(s, "<script>"));
    CHECK(holds(s, "<input type=\"hidden\" name=\"q.soon.d\" value=\"4\">"));
    CHECK(!holds(s, "<input type=\"hidden\" name=\"q.many\""));
    CHECK(holds(rendered("", 0), "Please check one answer"));
}

static void page_known(void)
{
    struct str s = rendered("q.pick=x&q.more=m&q.flag=true&q.bogus=1", 1);
    CHECK(holds(s, "name=\"q.deep\"") && !holds(s, "name=\"q.flat\""));
    CHECK(!holds(s, "data-show-when") && !holds(s, "bogus"));
    s = rendered("", 2); /* c3 stands under c2, which stands under c1 */
    CHECK(holds(s, "data-show-when=\"all q.c1=yes\"") &&
          holds(s, "data-show-when=\"all q.c2=yes\""));
    CHECK(holds(rendered("q.soon=2026-12-24", 2),
                "maxlength=\"4\" autocomplete=\"off\" value=\"2026\""));
}

static void page_answers(void)
{
    struct buf out;
    struct page pg = new_page(&out);
    struct form_lines lines = form_lines(a, answer(full), LANG_EN);
    form_render_answers(&pg, &lines, S("go"));
    struct str s = buf_get(&out);
    CHECK(holds(s, "<h2>Two en</h2>") && holds(s, "<dd>&lt;b&gt;</dd>"));
    CHECK(holds(s, "name=\"go\" value=\"2\">Change<span class=\"vh\">: Soon en</span>"));
    pg = new_page(&out);
    form_render_answers(&pg, &lines, S(""));
    CHECK(!holds(buf_get(&out), "<button"));
    lines.n = 0;
    pg = new_page(&out);
    form_render_answers(&pg, &lines, S("go"));
    CHECK_STR(str_trim(buf_get(&out)), "");
}

/* ---- anything at all ---- */

static struct str junk(struct seeded *r)
{
    static const char *const some[] = {
        "",
        "x",
        "y",
        "a",
        "none",
        "true",
        "false",
        "yes",
        "no",
        "2026-12-24",
        "2026-02-30",
        "1",
        "31",
        "12",
        "-1",
        "2027",
        "99999999999999999",
        "<b>\"'&",
        "\xc3\xa4\xe2\x80\xae",
        "\t\n",
    };
    uint32_t k = seeded_below(r, 24);
    if (k < 20)
        return str_of(some[k]);
    char *p = arena_alloc(a, 64);
    size_t n = seeded_below(r, 64);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(1 + seeded_below(r, 126));
    return (struct str){p, n};
}

static const char *const names[] = {
    "q.many",   "q.pick",   "q.more", "q.flag", "q.born", "q.born.d", "q.born.m",
    "q.born.y", "q.count",  "q.name", "q.deep", "q.flat", "q.soon",   "q.soon.d",
    "q.soon.m", "q.soon.y", "q.c1",   "q.c2",   "q.c3",   "q.one",    "q."};

static void check_random(const struct fields *f, size_t round)
{
    const struct form_answers *ans = form_answer(a, small, f, FORM_ALL, today);
    struct form_lines lines = form_lines(a, ans, LANG_FI);
    for (size_t i = 0; i < small->item_n; i++)
        CHECK(ans->of[i].n == 0 || ans->of[i].enabled);
    if (round % 20 || test_bad)
        return;
    struct json_error e;
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    form_response_write(&w, NULL, ans, LANG_FI, (struct instant){0});
    const struct jv *response = json_parse(a, buf_get(&b), &e);
    CHECK(response != NULL);
    CHECK(str_eq(told(lines), told(form_response_lines(a, small, response, LANG_FI))));
    struct buf out;
    struct page pg = new_page(&out);
    struct form_input in = {.sent = f, .answers = ans};
    form_render_error_summary(&pg, small, &in);
    form_render_hidden(&pg, small, round % 3, &in);
    form_render_step(&pg, small, round % 3, &in);
    CHECK(buf_ok(&out) && !holds(buf_get(&out), "<b>"));
}

static void random_fields(void)
{
    struct seeded r = seeded_new(42);
    struct arena *outer = a, *inner = arena_new(0);
    a = inner;
    for (size_t round = 0; round < 100000 && !test_bad; round++) {
        struct fields f = {0};
        for (uint32_t n = seeded_below(&r, 30); n > 0; n--)
            VEC_PUSH(
                a, &f,
                (struct field){.name = str_of(names[seeded_below(&r, 21)]), .value = junk(&r)});
        check_random(&f, round);
        arena_reset(inner);
    }
    a = outer;
    arena_free(inner);
}

/* Our own form and response with a few bytes changed, through the fuzz target. */
static void broken_copies(void)
{
    struct seeded r = seeded_new(7);
    const struct str texts[] = {small_text, str_of(full), response_of(full, LANG_FI)};
    static const char bytes[] = "{}[]\",:&=.%\\0x\x01\xc3";
    for (size_t round = 0; round < 1500; round++) {
        uint8_t what = (uint8_t)(round % 3);
        uint8_t *copy = arena_alloc(a, texts[what].n + 1);
        copy[0] = what;
        memcpy(copy + 1, texts[what].p, texts[what].n);
        for (uint32_t n = 1 + seeded_below(&r, 4); n > 0; n--)
            copy[1 + seeded_below(&r, (uint32_t)texts[what].n)] =
                (uint8_t)bytes[seeded_below(&r, sizeof bytes - 1)];
        CHECK_INT(form_fuzz(small_text, copy, texts[what].n + 1), 0);
    }
}

int main(int argc, char **argv)
{
    struct arena *whole = arena_new(0);
    if (argc != 2)
        return 2;
    small_load(whole, argv[1]);
    RUN(validations);
    RUN(one_step_only);
    RUN(conditions);
    RUN(steps);
    RUN(reasons);
    RUN(round_trip);
    RUN(response_json);
    RUN(unknown_responses);
    RUN(page_fresh);
    RUN(page_errors);
    RUN(page_known);
    RUN(page_answers);
    RUN(random_fields);
    RUN(broken_copies);
    arena_free(whole);
    return test_end();
}
