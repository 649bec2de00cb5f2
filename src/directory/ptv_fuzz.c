/*
 * ptv_fuzz.c: hostile answers of PTV. Besides not crashing: what is taken in has an id and a name,
 * its texts hold no control characters, its links only schemes of the web, and it reads back from
 * its stored form as the same bytes. Built as a libFuzzer target with -Dfuzz=true; the unit test
 * runs it over cut and changed copies of a real answer.
 */
#include "base/guard.h"
#include "directory/ptv.h"
#include "directory/shape.h"

#include <stdlib.h>

int ptv_fuzz(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_text(struct str s)
{
    must(str_utf8_ok(s));
    for (size_t i = 0; i < s.n; i++)
        must((unsigned char)s.p[i] >= 0x20 || s.p[i] == '\n');
    must(s.n == 0 || memmem(s.p, s.n, "\xe2\x80\xae", 3) == NULL); /* U+202E */
}

static void check_links(const struct dir_links *links)
{
    for (size_t i = 0; i < links->n; i++)
        must(ptv_url_ok(links->p[i].url));
}

static void check_texts(const struct dir_texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        check_text(t->p[i].text);
}

static void check_entry(struct arena *a, const struct dir_entry *e)
{
    check_text(e->reason);
    if (e->reason.n > 0)
        return;
    must(e->id.n > 0 && e->row != NULL && e->kind != DIR_OTHER);
    const struct dir_service *s = e->row;
    const struct dir_organisation *o = e->row;
    const struct dir_channel *c = e->row;
    if (e->kind == DIR_SERVICE || e->kind == DIR_GENERAL) {
        must(s->name.n > 0);
        check_texts(&s->name);
        check_texts(&s->description);
    } else if (e->kind == DIR_ORGANISATION) {
        must(o->name.n > 0);
        check_links(&o->links);
    } else {
        must(c->name.n > 0);
        check_texts(&c->name);
        check_links(&c->links);
        check_links(&c->files);
    }
    struct arena *scratch = arena_in(a, 0);
    struct str once = dir_encode(a, e->kind, e->row);
    struct str twice = dir_encode(a, e->kind, dir_decode(a, scratch, e->kind, once));
    must(str_eq(once, twice));
}

struct input {
    struct arena *a;
    struct str text;
};

static void run(void *arg)
{
    const struct input *in = arg;
    struct dir_batch batch = {.today = date_from(2026, 11, 21)};
    struct str why = {NULL, 0};
    bool ok = ptv_read(in->a, S("fuzz"), in->text, &batch, &why) && ptv_finish(in->a, &batch, &why);
    must(ok || why.n > 0);
    check_text(why);
    for (size_t i = 0; ok && i < batch.entries.n; i++)
        check_entry(in->a, &batch.entries.p[i]);
}

int ptv_fuzz(const uint8_t *data, size_t size)
{
    struct input in = {arena_new(0), {(const char *)data, size}};
    (void)guard_run(run, &in, NULL); /* out of memory is an answer too */
    arena_free(in.a);
    return 0;
}

#ifdef ASIALLA_FUZZ
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return ptv_fuzz(data, size);
}
#endif
