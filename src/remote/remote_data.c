/* remote_data.c: data/remote.json, compiled in. What is missing or mistyped stops the program. */
#include "remote/remote_room.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded remote_files[];
extern const size_t remote_files_count;

static const struct part {
    const char *part, *key;
    int most;
} parts[] = {
    {"open", "minutes", 120}, {"grace", "minutes", 240}, {"link", "hours", 168},
    {"text", "most", 1000},   {"signal", "minutes", 60},
};

bool remote_data_read(struct arena *a, struct str text, struct remote_data *out, struct str *why)
{
    int *const members[] = {&out->open_minutes, &out->grace_minutes, &out->link_hours,
                            &out->text_most, &out->signal_minutes};
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "remote.json:%d: %s", je.line, je.text);
        return false;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *p = &parts[i];
        int64_t v = jv_int(jv_get(jv_get(o, p->part), p->key));
        if (v < 1 || v > p->most) {
            *why = str_fmt(a, "remote.json: %s.%s: wants a number from 1 to %d", p->part, p->key,
                           p->most);
            return false;
        }
        *members[i] = (int)v;
    }
    return true;
}

static struct remote_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return remote_data_read(a, embedded_text(remote_files, remote_files_count, "remote.json"),
                            &data, why);
}

static void read_once(void)
{
    embedded_load("remote", read_file);
}

const struct remote_data *remote_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
