/* boot.c: what every command needs before it can begin: the data compiled in, the data
 * folder. */
#include "server/server.h"

#include "base/embedded.h"
#include "booklet/booklet.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct embedded law_files[], form_files[], info_files[];
extern const size_t law_files_count, form_files_count, info_files_count;

/* The data compiled in was tested; a fault in it is ours, and the program cannot be lawful without.
 */
_Noreturn static void broken(struct str why)
{
    fprintf(stderr, "asialla: the data compiled in cannot be read: " STR_FMT "\n", STR_ARG(why));
    exit(70);
}

const struct law *boot_law(struct arena *a)
{
    struct str why = {0};
    const struct law *law =
        law_load(a, embedded_text(law_files, law_files_count, "rules.json"),
                 embedded_text(law_files, law_files_count, "reasons.json"), &why);
    if (!law)
        broken(why);
    return law;
}

const struct forms *boot_forms(struct arena *a)
{
    struct form_file *files = ARENA_ARRAY(a, form_files_count, struct form_file);
    for (size_t i = 0; i < form_files_count; i++)
        files[i] = (struct form_file){str_of(form_files[i].name),
                                      {(const char *)form_files[i].p, form_files[i].n}};
    struct str why = {0};
    const struct forms *forms = forms_load(a, files, form_files_count, &why);
    if (!forms)
        broken(why);
    return forms;
}

const struct info *boot_info(struct arena *a)
{
    struct info_file *files = ARENA_ARRAY(a, info_files_count, struct info_file);
    for (size_t i = 0; i < info_files_count; i++)
        files[i] = (struct info_file){str_of(info_files[i].name),
                                      {(const char *)info_files[i].p, info_files[i].n}};
    struct str why = {0};
    const struct info *info = info_load(a, files, info_files_count, &why);
    if (!info)
        broken(why);
    return info;
}

const struct booklets *boot_booklets(struct arena *a)
{
    struct str why = {0};
    const struct booklets *all = booklets_compiled(a, &why);
    if (!all)
        broken(why);
    return all;
}

const char *boot_store_name(const struct options *o)
{
    return o->store ? "the PostgreSQL store" : o->data;
}

/* A command writes by one connection: its jobs follow one another. */
struct store *boot_store(struct arena *a, const struct options *o, enum boot_store use)
{
    struct str why = {0};
    struct store_conf conf = {.folder = o->data,
                              .url = o->store,
                              .create = use != BOOT_READ,
                              .read_only = use == BOOT_READ,
                              .writers = use == BOOT_COMMAND};
    struct store *s = store_open(a, &conf, &why);
    if (!s)
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(why));
    return s;
}
