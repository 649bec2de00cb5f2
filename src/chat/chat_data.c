/* chat_data.c: data/chat.json, compiled in. What is missing or mistyped stops the program. */
#include "chat/chat_room.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded chat_files[];
extern const size_t chat_files_count;

static const struct part {
    const char *part, *key;
    int most;
} parts[] = {
    {"keep", "days", 366},           {"offer", "minutes", 120}, {"idle", "hours", 72},
    {"openPerAddress", "most", 500}, {"estimate", "least", 50}, {"takeOver", "minutes", 120},
};

bool chat_data_read(struct arena *a, struct str text, struct chat_data *out, struct str *why)
{
    int *const members[] = {&out->keep_days, &out->offer_minutes,  &out->idle_hours,
                            &out->open_most, &out->estimate_least, &out->take_over_minutes};
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "chat.json:%d: %s", je.line, je.text);
        return false;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *p = &parts[i];
        int64_t v = jv_int(jv_get(jv_get(o, p->part), p->key));
        if (v < 1 || v > p->most) {
            *why = str_fmt(a, "chat.json: %s.%s: wants a number from 1 to %d", p->part, p->key,
                           p->most);
            return false;
        }
        *members[i] = (int)v;
    }
    return true;
}

static struct chat_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return chat_data_read(a, embedded_text(chat_files, chat_files_count, "chat.json"), &data, why);
}

static void read_once(void)
{
    embedded_load("chat", read_file);
}

const struct chat_data *chat_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
