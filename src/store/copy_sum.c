/*
 * copy_sum.c: the checksum of a table's rows, as copy.h defines it.
 */
#include "store/copy_sum.h"

#include <sodium.h>

/* Small values are gathered, so that a row is hashed in few pieces. The state stands apart: it asks
 * for more alignment than GCC's address sanitizer gives what is on the stack (GCC bug 110027). */
struct gather {
    crypto_generichash_state *state;
    unsigned char b[1024];
    size_t n;
};

static void gather_put(struct gather *g, const void *p, size_t n)
{
    if (n > sizeof g->b - g->n) {
        crypto_generichash_update(g->state, g->b, g->n);
        g->n = 0;
    }
    if (n > sizeof g->b) {
        crypto_generichash_update(g->state, p, n);
    } else if (n > 0) {
        memcpy(g->b + g->n, p, n);
        g->n += n;
    }
}

static void put_number(struct gather *g, uint64_t x)
{
    x = __builtin_bswap64(x);
    gather_put(g, &x, sizeof x);
}

static void put_value(struct gather *g, const struct val *v)
{
    static const char letters[] = {
        [VAL_NULL] = 'n', [VAL_INT] = 'i', [VAL_REAL] = 'r', [VAL_STR] = 't', [VAL_BLOB] = 'b'};
    gather_put(g, &letters[v->kind], 1);
    if (v->kind == VAL_INT) {
        put_number(g, (uint64_t)v->i);
    } else if (v->kind == VAL_REAL) {
        double d = v->d == 0.0 ? 0.0 : v->d; /* SQLite has no negative zero */
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        put_number(g, bits);
    } else if (v->kind != VAL_NULL) {
        put_number(g, v->s.n);
        gather_put(g, v->s.p, v->s.n);
    }
}

void copy_sum_add(struct copy_sum *sum, const struct val *v, int n)
{
    crypto_generichash_state state;
    struct gather g = {.state = &state};
    unsigned char hash[COPY_SUM];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (int i = 0; i < n; i++)
        put_value(&g, &v[i]);
    crypto_generichash_update(&state, g.b, g.n);
    crypto_generichash_final(&state, hash, sizeof hash);
    unsigned carry = 0;
    for (int i = COPY_SUM; i-- > 0;) {
        carry += (unsigned)sum->sum[i] + hash[i];
        sum->sum[i] = (unsigned char)carry;
        carry >>= 8;
    }
    sum->rows++;
}

bool copy_sum_same(const struct copy_sum *a, const struct copy_sum *b)
{
    return a->rows == b->rows && memcmp(a->sum, b->sum, COPY_SUM) == 0;
}
