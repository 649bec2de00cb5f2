/*
 * disclose_attack.h: for tests: three ways of finding out what is hidden. They know nothing of how
 * cells were chosen: only equations, what is shown, and that counts are whole and not below a
 * bound.
 */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_ATTACK_H
#define ASIALLA_DISCLOSE_DISCLOSE_ATTACK_H

#include <stdbool.h>
#include <stdint.h>

enum { ATTACK_CELLS = 4096, ATTACK_EQUATIONS = 4096, ATTACK_TERMS = 32768, ATTACK_FAR = 1 << 20 };

/* What is public. `lo` and `hi` are what is known of a cell: the same where it is shown. */
struct attack {
    int cells, equations, terms;
    int64_t lo[ATTACK_CELLS], hi[ATTACK_CELLS];
    int from[ATTACK_EQUATIONS + 1]; /* terms of equation e: from[e] to from[e + 1] */
    int at[ATTACK_TERMS], sign[ATTACK_TERMS];
};

/* Tightens lo and hi until nothing changes; false where there is no solution. */
bool attack_intervals(struct attack *x);

/* Tries all whole numbers: could the cell be `value`? Slow. */
bool attack_possible(const struct attack *x, int cell, int64_t value);
/* The same for two values `width` or more apart, up to `most`. */
bool attack_uncertain(const struct attack *x, int cell, int64_t width, int64_t most);

/* Gauss' elimination over a prime field: is the cell given by the equations alone? For all hidden
 * cells at once; gives how many are. */
int attack_determined(const struct attack *x, bool *determined);

/* The simplex method over the rationals, exactly: the least and the most that a cell can be.
 * Loads the equations once; false where the numbers outgrow it or it is too large. */
bool attack_simplex_load(const struct attack *x);
bool attack_simplex(int cell, int64_t *least, int64_t *most); /* rounded inwards */

#endif
