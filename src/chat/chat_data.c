/* chat_data.c: data/chat.json, compiled in. What is missing or mistyped stops the program. */
#include "chat/chat_room.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded chat_files[];
extern const size_t chat_files_count;

bool chat_data_read(struct arena *a, struct str text, struct chat_data *out, struct str *why)
{
    const struct json_number numbers[] = {
        {"keep", "days", 1, 366, &out->keep_days},
        {"offer", "minutes", 1, 120, &out->offer_minutes},
        {"idle", "hours", 1, 72, &out->idle_hours},
        {"openPerAddress", "most", 1, 500, &out->open_most},
        {"estimate", "least", 1, 50, &out->estimate_least},
        {"takeOver", "minutes", 1, 120, &out->take_over_minutes},
    };
    return json_numbers(a, "chat.json", text, numbers, sizeof numbers / sizeof *numbers, why);
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
