/* fault.c: see fault.h. */
#include "base/fault.h"

#ifdef ASIALLA_FAULTS

#include <stdatomic.h>

static atomic_long left[FAULT_KINDS];

void fault_arm(enum fault_kind kind, long n)
{
    atomic_store(&left[kind], n);
}

long fault_left(enum fault_kind kind)
{
    return atomic_load(&left[kind]);
}

bool fault_hit(enum fault_kind kind)
{
    long n = atomic_load(&left[kind]);
    while (n > 0)
        if (atomic_compare_exchange_weak(&left[kind], &n, n - 1))
            return n == 1;
    return false;
}

#else
extern int fault_nothing_here; /* ISO C wants a declaration in every file */
#endif
