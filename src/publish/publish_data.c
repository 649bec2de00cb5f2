/* publish_data.c: data/publish.json. Read strictly: what is missing or mistyped stops the program.
 */
#include "publish/publish_room.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded publish_files[];
extern const size_t publish_files_count;

static const char *read_bands(struct arena *a, const struct jv *list, struct publish_bands *out)
{
    static const char *const keys[] = {"code", "most", "names", "mark", "source", NULL};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        bool last = i + 1 == jv_len(list);
        struct publish_band b = {.code = str_dup(a, jv_str_of(o, "code")),
                                 .most = last ? -1 : (int)jv_int(jv_get(o, "most"))};
        for (int l = 0; l < LANG_COUNT; l++)
            b.name[l] = str_dup(a, jv_str_of(jv_get(o, "names"), lang_code((enum lang)l)));
        if (jv_unknown(o, keys).n || !b.code.n || (last && jv_get(o, "most")) ||
            (!last && b.most <= (i ? out->p[i - 1].most : 0)))
            return "bands: code, names, most going up; the last without most";
        for (int l = 0; l < LANG_COUNT; l++)
            if (!b.name[l].n)
                return "bands: names in three languages";
        VEC_PUSH(a, out, b);
    }
    return out->n >= 2 ? NULL : "bands: two at least";
}

static const char *read_visits(struct arena *a, const struct jv *o, struct publish_data *out)
{
    static const char *const keys[] = {"mark", "source", "list", NULL};
    static const char *const one[] = {"reason", "rules", NULL};
    const struct jv *list = jv_get(o, "list");
    if (jv_unknown(o, keys).n)
        return "visits: mark, source, list";
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *rules = jv_get(jv_at(list, i), "rules");
        struct publish_visit v = {.reason = str_dup(a, jv_str_of(jv_at(list, i), "reason"))};
        for (size_t r = 0; r < jv_len(rules); r++)
            VEC_PUSH(a, &v.rules, str_dup(a, jv_str(jv_at(rules, r))));
        if (jv_unknown(jv_at(list, i), one).n || !v.reason.n || !v.rules.n)
            return "visits: reason and rules";
        VEC_PUSH(a, &out->visits, v);
    }
    return NULL;
}

static const char *read_professions(struct arena *a, const struct jv *o, struct publish_data *out)
{
    static const char *const keys[] = {"mark", "source", "list", NULL};
    static const char *const one[] = {"code", "names", "says", NULL};
    const struct jv *list = jv_get(o, "list");
    if (jv_unknown(o, keys).n)
        return "professions: mark, source, list";
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *names = jv_get(jv_at(list, i), "names"),
                        *says = jv_get(jv_at(list, i), "says");
        struct publish_profession p = {.code = str_dup(a, jv_str_of(jv_at(list, i), "code"))};
        bool whole = p.code.n > 0;
        for (int l = 0; l < LANG_COUNT; l++) {
            p.name[l] = str_dup(a, jv_str_of(names, lang_code((enum lang)l)));
            p.says[l] = str_dup(a, jv_str_of(says, lang_code((enum lang)l)));
            whole = whole && p.says[l].n && (p.name[l].n || !names);
        }
        if (jv_unknown(jv_at(list, i), one).n || !whole)
            return "professions: code, says and perhaps names in three languages";
        VEC_PUSH(a, &out->professions, p);
    }
    return NULL;
}

static const char *read_references(struct arena *a, const struct jv *o, struct publish_data *out)
{
    static const char *const keys[] = {"mark", "source", "list", NULL};
    static const char *const one[] = {"rule", "from", "mark", "source", "fi", "sv", "en", NULL};
    const struct jv *list = jv_get(o, "list");
    if (jv_unknown(o, keys).n)
        return "references: mark, source, list";
    for (size_t i = 0; i < jv_len(list); i++) {
        struct publish_reference r = {.rule = str_dup(a, jv_str_of(jv_at(list, i), "rule"))};
        bool whole = lang_texts(jv_at(list, i), r.words) && r.rule.n &&
                     date_parse(jv_str_of(jv_at(list, i), "from"), &r.from);
        if (jv_unknown(jv_at(list, i), one).n || !whole)
            return "references: rule, from, and words in three languages";
        for (int l = 0; l < LANG_COUNT; l++)
            r.words[l] = str_dup(a, r.words[l]);
        VEC_PUSH(a, &out->references, r);
    }
    return NULL;
}

static const char *read_rest(struct arena *a, const struct jv *o, struct publish_data *out)
{
    static const char *const keys[] = {
        "reviewed",    "about",        "rule",          "weights",  "memory", "days",
        "bands",       "monthlySince", "monthlySource", "digital",  "purge",  "visits",
        "professions", "ages",         "references",    "reported", NULL};
    const struct jv *channels = jv_get(jv_get(o, "digital"), "channels");
    const struct jv *reported = jv_get(jv_get(o, "reported"), "rules");
    struct str zeros = jv_str_of(jv_get(o, "rule"), "zeros");
    out->rule.zeros = str_eq(zeros, S("shown"))      ? DISCLOSE_ZEROS_SHOWN
                      : str_eq(zeros, S("may-hide")) ? DISCLOSE_ZEROS_MAY_HIDE
                                                     : DISCLOSE_ZEROS_SMALL;
    if (jv_unknown(o, keys).n)
        return "an unknown key";
    if (!str_eq(zeros, S("shown")) && !str_eq(zeros, S("may-hide")) && !str_eq(zeros, S("small")))
        return "rule.zeros: shown, may-hide or small";
    if (!date_parse(jv_str_of(o, "monthlySince"), &out->monthly_since))
        return "monthlySince: a day";
    for (size_t i = 0; i < jv_len(channels); i++)
        VEC_PUSH(a, &out->digital, str_dup(a, jv_str(jv_at(channels, i))));
    for (size_t i = 0; i < jv_len(reported); i++)
        VEC_PUSH(a, &out->reported, str_dup(a, jv_str(jv_at(reported, i))));
    const char *wrong = read_visits(a, jv_get(o, "visits"), out);
    if (!wrong)
        wrong = read_professions(a, jv_get(o, "professions"), out);
    if (!wrong)
        wrong = read_references(a, jv_get(o, "references"), out);
    return wrong ? wrong : read_bands(a, jv_get(o, "bands"), &out->bands);
}

bool publish_data_parse(struct arena *a, struct str text, struct publish_data *out, struct str *why)
{
    int few = 0, width = 0, few_mean = 0;
    *out = (struct publish_data){0};
    const struct json_number want[] = {
        {"rule", "few", 2, 100, &few},
        {"rule", "width", 1, 100, &width},
        {"rule", "fewMean", 2, 1000, &few_mean},
        {"weights", "county", 1, 1000, &out->weight_county},
        {"weights", "kept", 1, 1000, &out->weight_kept},
        {"weights", "band", 1, 1000, &out->weight_band},
        {"weights", "part", 1, 1000, &out->weight_part},
        {"weights", "zero", 1, 1000, &out->weight_zero},
        {"weights", "team", 1, 1000, &out->weight_team},
        {"memory", "months", 1, 120, &out->memory_months},
        {"days", "shown", 7, 800, &out->days_shown},
        {"ages", "edge", 1, 100, &out->age_edge},
        {"purge", "months", 1, 12, &out->purge_months},
        {"purge", "realisedRises", 1, 1000, &out->purge_realised},
        {"purge", "debtFalls", 1, 100, &out->purge_debt},
        {"purge", "least", 1, 10000, &out->purge_least},
    };
    const struct jv *o =
        json_numbers(a, "publish.json", text, want, sizeof want / sizeof *want, why);
    if (!o)
        return false;
    out->rule = (struct disclose_rule){.few = few, .width = width, .few_mean = few_mean};
    const char *wrong = read_rest(a, o, out);
    if (wrong)
        *why = str_fmt(a, "publish.json: %s", wrong);
    return !wrong;
}

static struct publish_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return publish_data_parse(a, embedded_text(publish_files, publish_files_count, "publish.json"),
                              &data, why);
}

static void read_once(void)
{
    embedded_load("publish", read_file);
}

const struct publish_data *publish_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}

const struct disclose_rule *publish_rule(void)
{
    return &publish_data()->rule;
}

void publish_data_read(void)
{
    publish_data();
}

const struct publish_bands *publish_bands(void)
{
    return &publish_data()->bands;
}

int publish_few(void)
{
    return (int)publish_data()->rule.few;
}

size_t publish_band_of(const struct publish_bands *bands, int64_t days)
{
    size_t i = 0;
    while (i + 1 < bands->n && days > bands->p[i].most)
        i++;
    return i;
}
