/*
 * bench.h: what the programs of this folder share: how they give up, and their dice, which fall the
 * same each time. bench_store.h has what those need beside that work on a store themselves.
 */
#ifndef ASIALLA_BENCH_BENCH_H
#define ASIALLA_BENCH_BENCH_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn static inline void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
    exit(1);
}

/* Of what the system refused: with its reason. */
_Noreturn static inline void die_of(const char *call)
{
    perror(call);
    exit(1);
}

static uint64_t dice = 20261122;

static inline int rolled(int n)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (int)((dice >> 33) % (uint64_t)n);
}

#endif
