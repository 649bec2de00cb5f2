/*
 * fact_data.c: data/fact.json, compiled in: bands of age, languages, steps and which kind of event
 * leads to each, how the time that professionals give is estimated. Read strictly: what is missing,
 * unknown, named twice or out of bounds stops the program.
 */
#include "matter/fact.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded fact_files[];
extern const size_t fact_files_count;

enum { MOST_CODES = 32, LONGEST_CODE = 24, OLDEST = 150 };

/* Small letters, digits, '-' and '+': what fact_write() can write, and addresses hold. */
static bool code_fits(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '+')
            return false;
    }
    return code.n > 0 && code.n <= LONGEST_CODE;
}

static bool read_names(struct arena *a, const struct jv *o, struct str name[LANG_COUNT])
{
    for (int l = 0; l < LANG_COUNT; l++) {
        name[l] = str_dup(a, jv_str_of(o, lang_code((enum lang)l)));
        if (!str_shows(name[l]))
            return false;
    }
    return true;
}

/* ---- ages ---- */

static bool read_band(struct arena *a, const struct jv *o, struct fact_band *out)
{
    static const char *const keys[] = {"code", "from", "to", "fi", "sv", "en", NULL};
    const struct jv *from = jv_get(o, "from"), *to = jv_get(o, "to");
    *out = (struct fact_band){.code = str_dup(a, jv_str_of(o, "code")),
                              .from = from ? (int)jv_int(from) : -1,
                              .to = to ? (int)jv_int(to) : -1};
    bool bounds = from ? jv_kind(from) == JV_NUMBER &&
                             (!to || (jv_kind(to) == JV_NUMBER && out->to >= out->from))
                       : !to && str_eq(out->code, S("unknown"));
    return !jv_unknown(o, keys).n && code_fits(out->code) && bounds && read_names(a, o, out->name);
}

/* Bands follow one another without a gap from 0 on, the last of them without an end; then the one
 * without years. */
static bool read_ages(struct arena *a, const struct jv *part, struct fact_data *out)
{
    static const char *const keys[] = {"mark", "note", "bands", NULL};
    const struct jv *list = jv_get(part, "bands");
    size_t n = jv_len(list);
    int next = 0;
    if (jv_unknown(part, keys).n || n < 2 || n > MOST_CODES)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct fact_band b;
        if (!read_band(a, jv_at(list, i), &b))
            return false;
        bool last = i + 1 == n, open = i + 2 == n;
        if (last ? b.from >= 0 : b.from != next || open != (b.to < 0) || b.to > OLDEST)
            return false;
        next = b.to + 1;
        VEC_PUSH(a, &out->ages, b);
    }
    return true;
}

/* ---- languages and steps ---- */

static bool read_code(struct arena *a, const struct jv *o, const char *const *keys,
                      struct fact_step *out)
{
    out->code = str_dup(a, jv_str_of(o, "code"));
    return !jv_unknown(o, keys).n && code_fits(out->code) && read_names(a, o, out->name);
}

static bool read_languages(struct arena *a, const struct jv *part, struct fact_data *out)
{
    static const char *const keys[] = {"mark", "note", "list", NULL};
    static const char *const of_one[] = {"code", "fi", "sv", "en", NULL};
    const struct jv *list = jv_get(part, "list");
    size_t n = jv_len(list);
    if (jv_unknown(part, keys).n || n == 0 || n > MOST_CODES)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct fact_step s;
        if (!read_code(a, jv_at(list, i), of_one, &s))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(out->languages.p[j].code, s.code))
                return false;
        VEC_PUSH(a, &out->languages, s);
    }
    return str_eq(out->languages.p[n - 1].code, S("other"));
}

/* Each kind once. */
static bool read_kinds(const struct jv *list, int step, struct fact_data *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        enum matter_kind k;
        if (!matter_kind_from(jv_str(jv_at(list, i)), &k) || out->step_of[k] != FACT_STEP_STAYS)
            return false;
        out->step_of[k] = step;
    }
    return jv_len(list) > 0;
}

static bool read_steps(struct arena *a, const struct jv *part, struct fact_data *out)
{
    static const char *const keys[] = {"mark", "note", "list", "back", NULL};
    static const char *const of_one[] = {"code", "kinds", "fi", "sv", "en", NULL};
    static const enum matter_kind needed[] = {MATTER_RECEIVED,     MATTER_TAKEN,
                                              MATTER_ASKED,        MATTER_CONSULT_ASKED,
                                              MATTER_HAND_OFFERED, MATTER_BOOKED};
    const struct jv *list = jv_get(part, "list");
    size_t n = jv_len(list);
    for (int k = 0; k < MATTER_KIND_COUNT; k++)
        out->step_of[k] = FACT_STEP_STAYS;
    if (jv_unknown(part, keys).n || n == 0 || n > MOST_CODES)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct fact_step s;
        if (!read_code(a, jv_at(list, i), of_one, &s) ||
            !read_kinds(jv_get(jv_at(list, i), "kinds"), (int)i, out))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(out->steps.p[j].code, s.code))
                return false;
        VEC_PUSH(a, &out->steps, s);
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (out->step_of[needed[i]] < 0)
            return false;
    return read_kinds(jv_get(part, "back"), FACT_STEP_BACK, out);
}

/* ---- touch ---- */

static bool read_minutes(const struct jv *part, const char *key, int *out)
{
    const struct jv *v = jv_get(part, key);
    int64_t n = jv_int(v);
    *out = (int)n;
    return jv_kind(v) == JV_NUMBER && n >= 0 && n <= DAY_MINUTES;
}

static bool read_touch(const struct jv *part, struct fact_data *out)
{
    static const char *const keys[] = {"mark", "note", "gapMinutes", "leastMinutes", NULL};
    return !jv_unknown(part, keys).n && read_minutes(part, "gapMinutes", &out->touch_gap_minutes) &&
           read_minutes(part, "leastMinutes", &out->touch_least_minutes);
}

/* ---- the whole ---- */

/* What is wrong; NULL: nothing. */
static const char *read_parts(struct arena *a, const struct jv *o, struct fact_data *out)
{
    static const char *const parts[] = {"reviewed", "about", "ages", "languages",
                                        "steps",    "touch", NULL};
    struct date reviewed;
    if (jv_unknown(o, parts).n || !date_parse(jv_str_of(o, "reviewed"), &reviewed))
        return "an unknown part, or reviewed, which is a date";
    if (!read_ages(a, jv_get(o, "ages"), out))
        return "ages: bands without a gap from 0 to no end, then \"unknown\"";
    if (!read_languages(a, jv_get(o, "languages"), out))
        return "languages: codes and names, \"other\" the last";
    if (!read_steps(a, jv_get(o, "steps"), out))
        return "steps: codes, names and kinds of events, each kind once; back";
    return read_touch(jv_get(o, "touch"), out) ? NULL : "touch: gapMinutes and leastMinutes";
}

bool fact_data_read(struct arena *a, struct str text, struct fact_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    *out = (struct fact_data){0};
    if (!o) {
        *why = str_fmt(a, "fact.json:%d: %s", je.line, je.text);
        return false;
    }
    const char *wrong = read_parts(a, o, out);
    if (wrong)
        *why = str_fmt(a, "fact.json: missing or wrong: %s", wrong);
    return !wrong;
}

static struct fact_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return fact_data_read(a, embedded_text(fact_files, fact_files_count, "fact.json"), &data, why);
}

static void read_once(void)
{
    embedded_load("fact", read_file);
}

const struct fact_data *fact_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
