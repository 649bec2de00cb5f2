/*
 * group_data.c: data/group.json, compiled in: how long sign-ups are kept, when people are reminded,
 * for whom a group can be. What is missing stops the program.
 */
#include "group/group_room.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded group_files[];
extern const size_t group_files_count;

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
    *out = (struct group_data){0};
    const struct json_number numbers[] = {
        {"keep", "days", 1, 1000, &out->keep_days},
        {"remind", "hours", 1, 1000, &out->remind_hours},
    };
    const struct jv *o = json_numbers(a, "group.json", text, numbers, 2, why);
    if (o && read_audiences(a, jv_get(o, "audiences"), out))
        return true;
    if (o)
        *why = S("group.json: missing or wrong: an audience's code or name");
    return false;
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
