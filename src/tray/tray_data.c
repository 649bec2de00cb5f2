/*
 * tray_data.c: data/tray.json, compiled in: the months of validity, the follow-ups, the groups of
 * the report, the themes and the plan of a lifestyle referral. What is missing stops the program.
 */
#include "tray/tray.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded tray_files[];
extern const size_t tray_files_count;

static bool read_names(struct arena *a, const struct jv *list, struct tray_names *out)
{
    bool whole = jv_len(list) > 0;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct tray_name n = {.code = jv_str_of(o, "code")};
        whole = lang_texts(jv_get(o, "name"), n.name) && whole && n.code.n &&
                !tray_name_find(out, n.code);
        VEC_PUSH(a, out, n);
    }
    return whole;
}

static int number(const struct jv *o, const char *part, const char *key)
{
    int64_t v = jv_int(jv_get(jv_get(o, part), key));
    return v > 0 && v <= 1000 ? (int)v : 0;
}

/* The plan: months that go up, the last within the time that the tray can be opened. */
static bool read_plan(const struct jv *months, struct tray_data *out)
{
    int64_t before = 0;
    for (size_t i = 0; i < jv_len(months); i++) {
        int64_t m = jv_int(jv_at(months, i));
        if (i >= TRAY_VISITS_MAX || m <= before || m > out->valid_months)
            return false;
        out->months[out->months_n++] = (int)(before = m);
    }
    return out->months_n > 0;
}

bool tray_data_read(struct arena *a, struct str text, struct tray_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    const char *missing = NULL;
    if (!o) {
        *why = str_fmt(a, "tray.json:%d: %s", je.line, je.text);
        return false;
    }
    *out = (struct tray_data){.a = a,
                              .valid_months = number(o, "valid", "months"),
                              .keep_months = number(o, "keep", "months"),
                              .draft_days = number(o, "keep", "draftDays"),
                              .follow_weeks = number(o, "followUp", "weeks")};
    if (!out->valid_months || !out->keep_months || !out->draft_days || !out->follow_weeks)
        missing = "valid.months, keep.months, keep.draftDays or followUp.weeks";
    else if (!read_names(a, jv_get(o, "groups"), &out->groups))
        missing = "a group's code or name";
    else if (!read_names(a, jv_get(jv_get(o, "lifestyle"), "themes"), &out->themes))
        missing = "a lifestyle theme's code or name";
    else if (!read_plan(jv_get(jv_get(o, "lifestyle"), "months"), out))
        missing = "lifestyle.months: months that go up, within valid.months";
    if (missing)
        *why = str_fmt(a, "tray.json: missing or wrong: %s", missing);
    return !missing;
}

const struct tray_name *tray_name_find(const struct tray_names *list, struct str code)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].code, code))
            return &list->p[i];
    return NULL;
}

static struct tray_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return tray_data_read(a, embedded_text(tray_files, tray_files_count, "tray.json"), &data, why);
}

static void read_once(void)
{
    embedded_load("tray", read_file);
}

const struct tray_data *tray_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
