/*
 * fault_server.c: the program, with a door for tests. Commands come in on standard input, one a
 * line, and each is answered with one line on standard output:
 *
 *     arm KIND N      from now on the N-th operation of that kind fails, once (base/fault.h)    ->
 * "armed" left KIND       disarms; how many operations were still to go -> "left N"; 0: it struck
 *
 * KIND is alloc, sql, commit or write. The command line is that of `asialla serve`.
 */
#include "base/fault.h"
#include "server/server.h"

#include "app/frame.h"

#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static bool kind_from(const char *word, enum fault_kind *out)
{
    static const char *const words[FAULT_KINDS] = {"alloc", "sql", "commit", "write"};
    for (int i = 0; i < FAULT_KINDS; i++)
        if (strcmp(word, words[i]) == 0) {
            *out = (enum fault_kind)i;
            return true;
        }
    return false;
}

static void *obey(void *nothing)
{
    char line[64], word[16];
    while (fgets(line, sizeof line, stdin)) {
        enum fault_kind kind;
        long n = 0;
        if (sscanf(line, "arm %15s %ld", word, &n) == 2 && kind_from(word, &kind)) {
            fault_arm(kind, n);
            puts("armed");
        } else if (sscanf(line, "left %15s", word) == 1 && kind_from(word, &kind)) {
            n = fault_left(kind);
            fault_arm(kind, 0);
            printf("left %ld\n", n);
        } else {
            puts("what?");
        }
        fflush(stdout);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 70;
    struct arena *a = arena_new((size_t)1 << 30);
    struct options o;
    if (!options_read(a, argc, argv, &o))
        return 2;
    sigset_t set; /* before the first thread, so that none but serve_command() gets them */
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_t door;
    pthread_create(&door, NULL, obey, NULL);
    pthread_detach(door);
    int rc = serve_command(a, &o);
    arena_free(a);
    return rc;
}
