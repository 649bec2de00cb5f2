/* codes.c: see codes.h. The test reads the same text, so a hole in the lists fails the build. */
#include "editor/codes.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded editor_files[];
extern const size_t editor_files_count;

static bool read_list(struct arena *a, const struct jv *all, const char *key, struct codes *out,
                      struct str *why)
{
    const struct jv *list = jv_get(all, key);
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct code c = {.code = jv_str_of(v, "code")};
        bool whole = lang_texts(v, c.name) && c.code.n > 0 && !codes_find(out, c.code);
        c.top = str_find(c.code, '.') == c.code.n;
        if (!whole || (i == 0 && !c.top)) {
            *why =
                str_fmt(a, "%s[%zu]: wants a code of its own and names in fi, sv and en", key, i);
            return false;
        }
        VEC_PUSH(a, out, c);
    }
    if (out->n == 0)
        *why = str_fmt(a, "%s: is empty", key);
    return out->n > 0;
}

bool codes_read(struct arena *a, struct str text, struct code_lists *out, struct str *why)
{
    struct json_error e;
    const struct jv *v = json_parse(a, text, &e);
    *out = (struct code_lists){.a = a};
    if (!v) {
        *why = str_fmt(a, "codes.json:%d:%d: %s", e.line, e.column, e.text);
        return false;
    }
    return read_list(a, v, "classes", &out->classes, why) &&
           read_list(a, v, "groups", &out->groups, why) &&
           read_list(a, v, "events", &out->events, why);
}

const struct code *codes_find(const struct codes *list, struct str code)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].code, code))
            return &list->p[i];
    return NULL;
}

/* ---- once for the program ---- */

static struct code_lists the_lists;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return codes_read(a, embedded_text(editor_files, editor_files_count, "codes.json"), &the_lists,
                      why);
}

static void read_once(void)
{
    embedded_load("editor", read_file);
}

const struct code_lists *editor_codes(void)
{
    pthread_once(&once, read_once);
    return &the_lists;
}
