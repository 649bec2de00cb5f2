/* folder_test.h: for tests of any room that open a store in a folder of their own: away with it. */
#ifndef ASIALLA_STORE_FOLDER_TEST_H
#define ASIALLA_STORE_FOLDER_TEST_H

#include <stdio.h>
#include <unistd.h>

static inline void folder_remove(const char *folder)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock",
                                        "outbox"};
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    rmdir(folder);
}

#endif
