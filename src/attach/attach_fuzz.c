/*
 * attach_fuzz.c: hostile files through the readers. Besides not crashing: what is taken is no
 * larger than what came (but for the orientation), is taken again, and comes out unchanged.
 */
#include "attach/attach.h"
#include "base/guard.h"

#include <stdlib.h>

struct input {
    struct arena *a;
    struct str bytes;
};

static void prepare(void *arg)
{
    struct input *in = arg;
    struct attach_file f = {.once = S("x")}, again = f;
    if (attach_prepare(in->a, S("x"), in->bytes, &f) != ATTACH_REFUSED_FINE)
        return;
    if (f.bytes.n > in->bytes.n + 8 ||
        attach_prepare(in->a, in->bytes, f.bytes, &again) != ATTACH_REFUSED_FINE ||
        !str_eq(f.bytes, again.bytes) || !str_utf8_ok(again.name))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {arena_new(0), {(const char *)data, size}};
    if (guard_run(prepare, &in, NULL) != ERR_OK)
        abort();
    arena_free(in.a);
    return 0;
}
