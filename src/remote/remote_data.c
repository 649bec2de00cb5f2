/* remote_data.c: data/remote.json, compiled in. What is missing or mistyped stops the program. */
#include "remote/remote_room.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded remote_files[];
extern const size_t remote_files_count;

bool remote_data_read(struct arena *a, struct str text, struct remote_data *out, struct str *why)
{
    const struct json_number numbers[] = {
        {"open", "minutes", 1, 120, &out->open_minutes},
        {"grace", "minutes", 1, 240, &out->grace_minutes},
        {"link", "hours", 1, 168, &out->link_hours},
        {"text", "most", 1, 1000, &out->text_most},
        {"signal", "minutes", 1, 60, &out->signal_minutes},
    };
    return json_numbers(a, "remote.json", text, numbers, sizeof numbers / sizeof *numbers, why);
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
