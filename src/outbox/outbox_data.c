/*
 * outbox_data.c: data/outbox/windows.json: when messages may leave, how often they are tried, how
 * long their text is kept. Pure but for the reading of the data.
 */
#include "outbox/outbox_room.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded outbox_files[];
extern const size_t outbox_files_count;

static const char *const top_known[] = {"reviewed", "about", "windows", "retry",
                                        "post",     "keep",  NULL};
static const char *const window_known[] = {"hours", "anyTime", "mark", "why", NULL};

static bool number(const struct jv *v, int64_t most, int *out)
{
    *out = (int)jv_int(v);
    return jv_kind(v) == JV_NUMBER && jv_int(v) >= 1 && jv_int(v) <= most;
}

static bool read_window(struct arena *a, const struct jv *o, enum outbox_way w,
                        struct outbox_data *out, struct str *why)
{
    const struct jv *any = jv_get(o, "anyTime");
    if (jv_kind(o) != JV_OBJECT || jv_unknown(o, window_known).n || !jv_str_of(o, "why").n) {
        *why = S("hours, anyTime, mark, why are needed, and nothing else");
        return false;
    }
    if (!law_hours_read(a, jv_str_of(o, "hours"), &out->window[w], why))
        return false;
    if (law_hours_wrong(&out->window[w])) {
        *why = str_of(law_hours_wrong(&out->window[w]));
        return false;
    }
    for (size_t i = 0; i < jv_len(any); i++) {
        enum outbox_kind k;
        if (!outbox_kind_from(jv_str(jv_at(any, i)), &k)) {
            *why = S("anyTime has a kind that there is not");
            return false;
        }
        out->any_time[w] |= 1u << k;
    }
    return true;
}

static const char *read_rest(const struct jv *o, struct outbox_data *out)
{
    const struct jv *pauses = jv_get(jv_get(o, "retry"), "pauseMinutes");
    if (jv_len(pauses) == 0 || jv_len(pauses) > OUTBOX_PAUSES)
        return "retry.pauseMinutes: one to twelve are needed";
    for (; out->pauses < jv_len(pauses); out->pauses++)
        if (!number(jv_at(pauses, out->pauses), 1440, &out->pause_minutes[out->pauses]))
            return "retry.pauseMinutes: from 1 to 1440";
    if (!number(jv_get(jv_get(o, "retry"), "giveUpHours"), 24 * 14, &out->give_up_hours))
        return "retry.giveUpHours: from 1 to 336";
    if (!number(jv_get(jv_get(o, "keep"), "days"), 366, &out->keep_days))
        return "keep.days: from 1 to 366";
    if (!number(jv_get(jv_get(o, "post"), "workingDays"), 30, &out->post_days))
        return "post.workingDays: from 1 to 30";
    return jv_unknown(o, top_known).n ? "has a member that there is not" : NULL;
}

bool outbox_data_read(struct arena *a, struct str text, struct outbox_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    *out = (struct outbox_data){.pauses = 0};
    if (!o) {
        *why = str_fmt(a, "windows.json:%d: %s", je.line, je.text);
        return false;
    }
    for (int w = 0; w < OUTBOX_WAYS; w++) {
        const char *code = outbox_way_code((enum outbox_way)w);
        struct str said = {NULL, 0};
        if (!read_window(a, jv_get(jv_get(o, "windows"), code), (enum outbox_way)w, out, &said)) {
            *why = str_fmt(a, "windows.json: windows.%s: " STR_FMT, code, STR_ARG(said));
            return false;
        }
    }
    const char *wrong = read_rest(o, out);
    if (wrong)
        *why = str_fmt(a, "windows.json: %s", wrong);
    return !wrong;
}

static struct outbox_data data;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return outbox_data_read(a, embedded_text(outbox_files, outbox_files_count, "windows.json"),
                            &data, why);
}

static void read_once(void)
{
    embedded_load("outbox", read_file);
}

const struct outbox_data *outbox_data(void)
{
    pthread_once(&once, read_once);
    return &data;
}

struct instant outbox_window(const struct law *law, enum outbox_way way, struct instant t)
{
    return law_opens(law, &outbox_data()->window[way], t);
}

struct instant outbox_again(const struct outbox_data *d, int tries, struct instant first,
                            struct instant now)
{
    if (now.ms - first.ms >= (int64_t)d->give_up_hours * HOUR_MS)
        return (struct instant){0};
    size_t i = tries < 1 ? 0 : (size_t)tries - 1;
    int64_t pause = d->pause_minutes[i < d->pauses ? i : d->pauses - 1];
    return (struct instant){now.ms + pause * MINUTE_MS};
}
