/*
 * fault.h: points at which a test makes the n-th operation fail. Compiled in only with the build
 * option `faults`; without it fault_hit() is the constant false. Armed for the whole process:
 * fault_arm(FAULT_SQL, 3) makes the third statement step from now fail, once.
 */
#ifndef ASIALLA_BASE_FAULT_H
#define ASIALLA_BASE_FAULT_H

#include <stdbool.h>

enum fault_kind { FAULT_ALLOC, FAULT_SQL, FAULT_COMMIT, FAULT_WRITE, FAULT_KINDS };

#ifdef ASIALLA_FAULTS
void fault_arm(enum fault_kind kind, long n); /* n == 0 disarms */
bool fault_hit(enum fault_kind kind);
long fault_left(
    enum fault_kind kind); /* operations still to go; 0: it has struck, or was never armed */
#else
#define fault_hit(kind) false
#endif

#endif
