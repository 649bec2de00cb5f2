/*
 * group_data.c: data/group.json, compiled in: how long sign-ups are kept, when people are reminded,
 * for whom a group can be. What is missing stops the program.
 */
#include "group/group_room.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded group_files[];
extern const size_t group_files_count;

static int number(const struct jv *o, const char *part, const char *key)
{
    int64_t v = jv_int(jv_get(jv_get(o, part), key));
    return v > 0 && v <= 1000 ? (int)v : 0;
}

static bool read_audiences(struct arena *a, const struct jv *list, struct group_data *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        struct group_audience x = {.code = jv_str_of(jv_at(list, i), "code")};
        if (!lang_texts(jv_get(jv_at(list, i), "name"), x.name) || !x.code.n ||
            group_audience_find(out, x.code))
            return false;
        VEC_PUSH(a, &out->audiences, x);
    }
    return out->audiences.n > 0;
}

bool group_data_read(struct arena *a, struct str text, struct group_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "group.json:%d: %s", je.line, je.text);
        return false;
    }
    *out = (struct group_data){.keep_days = number(o, "keep", "days"),
                               .remind_hours = number(o, "remind", "hours")};
    const char *missing = NULL;
    if (!out->keep_days || !out->remind_hours)
        missing = "keep.days or remind.hours";
    else if (!read_audiences(a, jv_get(o, "audiences"), out))
        missing = "an audience's code or name";
    if (missing)
        *why = str_fmt(a, "group.json: missing or wrong: %s", missing);
    return !missing;
}

const struct group_audience *group_audience_find(const struct group_data *d, struct str code)
{
    for (size_t i = 0; i < d->audiences.n; i++)
        if (str_eq(d->audiences.p[i].code, code))
            return &d->audiences.p[i];
    return NULL;
}

static struct group_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return group_data_read(a, embedded_text(group_files, group_files_count, "group.json"), &data,
                           why);
}

static void read_once(void)
{
    embedded_load("group", read_file);
}

const struct group_data *group_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
