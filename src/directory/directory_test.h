/*
 * directory_test.h: what the room's tests with a store share: a folder of their own, and files.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_TEST_H
#define ASIALLA_DIRECTORY_DIRECTORY_TEST_H

#include "base/test_given.h"
#include "directory/directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct store *store;
static char folder[64];

static inline void store_new(void)
{
    struct str why = {NULL, 0};
    snprintf(folder, sizeof folder, "/tmp/directory-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    store = store_open(a, &(struct store_conf){.folder = folder, .create = true}, &why);
    if (!store) {
        printf("# " STR_FMT "\n", STR_ARG(why));
        abort();
    }
}

static inline void store_end(void)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock",
                                        ""};
    char path[128];
    store_close(store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (unlink(path) != 0)
            rmdir(path);
    }
}

/* All files into the store; counted over all kinds. */
static inline struct dir_counts import_files(char **paths, size_t n)
{
    struct str *names = ARENA_ARRAY(a, n, struct str), *texts = ARENA_ARRAY(a, n, struct str);
    struct dir_report report;
    struct dir_counts all = {0};
    for (size_t i = 0; i < n; i++) {
        names[i] = str_of(paths[i]);
        texts[i] = test_file(a, paths[i]);
    }
    if (!directory_import_texts(a, store, names, texts, n, &report))
        printf("# " STR_FMT "\n", STR_ARG(report.error));
    for (int k = 0; k < DIR_KINDS; k++) {
        all.read += report.counts[k].read;
        all.added += report.counts[k].added;
        all.changed += report.counts[k].changed;
        all.unchanged += report.counts[k].unchanged;
        all.rejected += report.counts[k].rejected;
    }
    return all;
}

#endif
