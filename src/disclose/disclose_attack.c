/* disclose_attack.c: see disclose_attack.h. */
#include "disclose/disclose_attack.h"

#include <stdlib.h>
#include <string.h>

/* ---- intervals ---- */

/* What the other terms leave for each; true where something changed, *ok false where nothing is. */
static bool tighten(struct attack *x, int e, bool *ok)
{
    int64_t lo = 0, hi = 0;
    bool changed = false;
    for (int i = x->from[e]; i < x->from[e + 1]; i++) {
        lo += x->sign[i] > 0 ? x->lo[x->at[i]] : -x->hi[x->at[i]];
        hi += x->sign[i] > 0 ? x->hi[x->at[i]] : -x->lo[x->at[i]];
    }
    for (int i = x->from[e]; i < x->from[e + 1]; i++) {
        int c = x->at[i];
        bool plus = x->sign[i] > 0;
        int64_t rest_lo = lo - (plus ? x->lo[c] : -x->hi[c]);
        int64_t rest_hi = hi - (plus ? x->hi[c] : -x->lo[c]);
        int64_t least = plus ? -rest_hi : rest_lo, most = plus ? -rest_lo : rest_hi;
        if (least > x->lo[c] || most < x->hi[c]) {
            changed = true;
            x->lo[c] = least > x->lo[c] ? least : x->lo[c];
            x->hi[c] = most < x->hi[c] ? most : x->hi[c];
            *ok &= x->lo[c] <= x->hi[c];
            return *ok;
        }
    }
    return changed;
}

bool attack_intervals(struct attack *x)
{
    bool ok = true, changed = true;
    for (int rounds = 0; ok && changed && rounds < 2000; rounds++) {
        changed = false;
        for (int e = 0; e < x->equations && ok; e++)
            while (ok && tighten(x, e, &ok))
                changed = true;
    }
    return ok;
}

/* ---- all whole numbers ---- */

/* Is there a solution? Branches on the narrowest cell. */
static bool solvable(struct attack *x)
{
    int open = -1;
    if (!attack_intervals(x))
        return false;
    for (int c = 0; c < x->cells; c++)
        if (x->lo[c] < x->hi[c] && (open < 0 || x->hi[c] - x->lo[c] < x->hi[open] - x->lo[open]))
            open = c;
    if (open < 0)
        return true;
    int64_t lo[64], hi[64], from = x->lo[open], to = x->hi[open];
    memcpy(lo, x->lo, sizeof lo);
    memcpy(hi, x->hi, sizeof hi);
    for (int64_t v = from; v <= to; v++) {
        memcpy(x->lo, lo, sizeof lo);
        memcpy(x->hi, hi, sizeof hi);
        x->lo[open] = x->hi[open] = v;
        if (solvable(x))
            return true;
    }
    return false;
}

bool attack_possible(const struct attack *x, int cell, int64_t value)
{
    static struct attack y;
    if (x->cells > 64)
        abort();
    if (value < x->lo[cell] || value > x->hi[cell])
        return false;
    y.cells = x->cells;
    y.equations = x->equations;
    memcpy(y.lo, x->lo, sizeof *x->lo * (size_t)x->cells);
    memcpy(y.hi, x->hi, sizeof *x->hi * (size_t)x->cells);
    memcpy(y.from, x->from, sizeof *x->from * ((size_t)x->equations + 1));
    memcpy(y.at, x->at, sizeof *x->at * (size_t)x->terms);
    memcpy(y.sign, x->sign, sizeof *x->sign * (size_t)x->terms);
    y.lo[cell] = y.hi[cell] = value;
    return solvable(&y);
}

bool attack_uncertain(const struct attack *x, int cell, int64_t width, int64_t most)
{
    int64_t least = x->lo[cell] > 0 ? x->lo[cell] : 0;
    while (least <= most && !attack_possible(x, cell, least))
        least++;
    for (int64_t v = least + width; v <= most; v++)
        if (attack_possible(x, cell, v))
            return true;
    return false;
}

/* ---- elimination ---- */

static const uint64_t prime = 2305843009213693951u; /* 2^61 - 1 */
enum { ROWS = 700, COLUMNS = 1400 };

/* What is above the 61st bit counts as often as what is below: no division. */
static uint64_t times(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t sum = (uint64_t)(product & prime) + (uint64_t)(product >> 61);
    return sum >= prime ? sum - prime : sum;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a + b >= prime ? a + b - prime : a + b;
}

static uint64_t inverse(uint64_t a)
{
    uint64_t out = 1;
    for (uint64_t e = prime - 2; e; e >>= 1, a = times(a, a))
        if (e & 1)
            out = times(out, a);
    return out;
}

static void clear_column(uint64_t (*m)[COLUMNS], int rows, int columns, int row, int column)
{
    uint64_t scale = inverse(m[row][column]);
    for (int j = 0; j < columns; j++)
        m[row][j] = m[row][j] ? times(m[row][j], scale) : 0;
    for (int i = 0; i < rows; i++) {
        uint64_t factor = m[i][column];
        if (i == row || factor == 0)
            continue;
        for (int j = 0; j < columns; j++)
            if (m[row][j])
                m[i][j] = plus(m[i][j], prime - times(factor, m[row][j]));
    }
}

int attack_determined(const struct attack *x, bool *determined)
{
    static uint64_t m[ROWS][COLUMNS];
    static int column_of[ATTACK_CELLS], cell_of[COLUMNS];
    int columns = 0, row = 0, found = 0;
    for (int c = 0; c < x->cells; c++) {
        determined[c] = false;
        column_of[c] = x->lo[c] < x->hi[c] ? columns : -1;
        if (columns == COLUMNS || x->equations > ROWS)
            abort();
        if (column_of[c] >= 0)
            cell_of[columns++] = c;
    }
    memset(m, 0, sizeof m);
    for (int e = 0; e < x->equations; e++)
        for (int i = x->from[e]; i < x->from[e + 1]; i++)
            if (column_of[x->at[i]] >= 0)
                m[e][column_of[x->at[i]]] = x->sign[i] > 0 ? 1 : prime - 1;
    for (int c = 0; c < columns && row < x->equations; c++) {
        int pivot = row;
        while (pivot < x->equations && m[pivot][c] == 0)
            pivot++;
        if (pivot == x->equations)
            continue;
        for (int j = 0; j < columns && pivot != row; j++) {
            uint64_t keep = m[row][j];
            m[row][j] = m[pivot][j];
            m[pivot][j] = keep;
        }
        clear_column(m, x->equations, columns, row++, c);
    }
    for (int i = 0; i < row; i++) {
        int n = 0, last = 0;
        for (int j = 0; j < columns; j++)
            if (m[i][j]) {
                n++;
                last = j;
            }
        if (n == 1) {
            determined[cell_of[last]] = true;
            found++;
        }
    }
    return found;
}

/* ---- simplex: whole-number pivoting over one common denominator (Edmonds) ---- */

enum { LP_ROWS = 160, LP_COLUMNS = 420 };
static struct {
    int64_t t[LP_ROWS][LP_COLUMNS]; /* the last column: the right side */
    int64_t goal[LP_COLUMNS];
    int64_t den;
    int basis[LP_ROWS];
    int rows, columns, hidden; /* columns from `hidden` on are artificial */
    int column_of[ATTACK_CELLS];
    int64_t lo[ATTACK_CELLS];
    bool overflow;
} lp;

static int64_t crossed(int64_t a, int64_t b, int64_t c, int64_t d)
{
    __int128 v = (__int128)a * b - (__int128)c * d;
    v = v == (int64_t)v ? (int64_t)v / lp.den : v / lp.den; /* mostly in one word */
    lp.overflow |= v > INT64_MAX / 4 || v < -INT64_MAX / 4;
    return (int64_t)v;
}

static void pivot(int row, int column)
{
    int64_t p = lp.t[row][column];
    for (int i = 0; i <= lp.rows; i++) {
        int64_t *line = i < lp.rows ? lp.t[i] : lp.goal, f = line[column];
        if (i == row)
            continue;
        for (int j = 0; j <= lp.columns; j++)
            if (line[j] || (f && lp.t[row][j])) /* most is empty, and stays so */
                line[j] = crossed(line[j], p, f, lp.t[row][j]);
    }
    lp.den = p;
    if (p < 0) {
        lp.den = -p;
        for (int i = 0; i <= lp.rows; i++)
            for (int j = 0; j <= lp.columns; j++)
                *(i < lp.rows ? &lp.t[i][j] : &lp.goal[j]) *= -1;
    }
    lp.basis[row] = column;
}

/* Makes the goal row's value least over the first n columns, by Bland's rule; false: no end. */
static bool minimise(int n)
{
    for (int steps = 0; steps < 20000 && !lp.overflow; steps++) {
        int in = 0, out = -1;
        while (in < n && lp.goal[in] >= 0)
            in++;
        if (in == n)
            return true;
        for (int i = 0; i < lp.rows; i++) {
            if (lp.t[i][in] <= 0)
                continue;
            __int128 a = (__int128)lp.t[i][lp.columns] * (out < 0 ? 1 : lp.t[out][in]);
            __int128 b = out < 0 ? 0 : (__int128)lp.t[out][lp.columns] * lp.t[i][in];
            if (out < 0 || a < b || (a == b && lp.basis[i] < lp.basis[out]))
                out = i;
        }
        if (out < 0)
            return false;
        pivot(out, in);
    }
    lp.overflow = true;
    return true;
}

/* Rows of shown cells only say nothing. */
static bool load_row(const struct attack *x, int e)
{
    int64_t right = 0, *line = lp.t[lp.rows];
    bool any = false;
    memset(line, 0, sizeof lp.t[0]);
    for (int i = x->from[e]; i < x->from[e + 1]; i++) {
        int c = x->at[i];
        right -= x->sign[i] * x->lo[c];
        if (lp.column_of[c] < 0)
            continue;
        any = true;
        line[lp.column_of[c]] += x->sign[i];
    }
    for (int j = 0; j < lp.hidden && right < 0; j++)
        line[j] = -line[j];
    lp.t[lp.rows][LP_COLUMNS - 1] = right < 0 ? -right : right;
    return any;
}

bool attack_simplex_load(const struct attack *x)
{
    memset(&lp, 0, sizeof lp);
    lp.den = 1;
    for (int c = 0; c < x->cells; c++) {
        lp.column_of[c] = x->lo[c] < x->hi[c] ? lp.hidden++ : -1;
        lp.lo[c] = x->lo[c];
    }
    if (lp.hidden > LP_COLUMNS - LP_ROWS - 1)
        return false;
    for (int e = 0; e < x->equations; e++) {
        if (lp.rows == LP_ROWS)
            return false;
        lp.rows += load_row(x, e);
    }
    lp.columns = lp.hidden + lp.rows;
    for (int i = 0; i < lp.rows; i++) {
        int64_t right = lp.t[i][LP_COLUMNS - 1];
        lp.t[i][LP_COLUMNS - 1] = 0;
        lp.t[i][lp.hidden + i] = 1;
        lp.t[i][lp.columns] = right;
        lp.basis[i] = lp.hidden + i;
        for (int j = 0; j <= lp.columns; j++)
            if (j < lp.hidden || j == lp.columns)
                lp.goal[j] -= lp.t[i][j];
    }
    minimise(lp.hidden);
    /* Artificial columns that stayed at 0 leave, or their row says nothing. */
    for (int i = 0; i < lp.rows; i++)
        for (int j = 0; j < lp.hidden && lp.basis[i] >= lp.hidden; j++)
            if (lp.t[i][j])
                pivot(i, j);
    return !lp.overflow && lp.goal[lp.columns] == 0;
}

bool attack_simplex(int cell, int64_t *least, int64_t *most)
{
    int column = lp.column_of[cell];
    for (int sign = 1; sign >= -1; sign -= 2) {
        memset(lp.goal, 0, sizeof lp.goal);
        lp.goal[column] = sign * lp.den;
        for (int i = 0; i < lp.rows; i++)
            for (int j = 0; j <= lp.columns && lp.basis[i] == column; j++)
                lp.goal[j] -= sign * lp.t[i][j];
        if (!minimise(lp.hidden)) {
            *most = ATTACK_FAR; /* nothing is below 0, so only upwards */
            continue;
        }
        int64_t value = -lp.goal[lp.columns];
        if (lp.overflow)
            return false;
        if (sign > 0)
            *least = lp.lo[cell] + (value + lp.den - 1) / lp.den;
        else
            *most = lp.lo[cell] + -value / lp.den;
    }
    return true;
}
