/* slot_bits.c: a day as bits of five minutes; see slot_index.h. */
#include "slot/slot_index.h"

void bits_set(struct bits *b, int from, int to)
{
    from = from < 0 ? 0 : from;
    to = to > QUANTA_MOST ? QUANTA_MOST : to;
    for (int w = from / 64; w < WORDS && w * 64 < to; w++) {
        int low = from > w * 64 ? from - w * 64 : 0, high = to < w * 64 + 64 ? to - w * 64 : 64;
        if (low < high)
            b->w[w] |= (high - low == 64 ? ~(uint64_t)0 : (((uint64_t)1 << (high - low)) - 1))
                       << low;
    }
}

struct bits bits_earlier(const struct bits *b, int n)
{
    struct bits out = {0};
    int words = n / 64, rest = n % 64;
    for (int i = 0; i + words < WORDS; i++) {
        out.w[i] = b->w[i + words] >> rest;
        if (rest && i + words + 1 < WORDS)
            out.w[i] |= b->w[i + words + 1] << (64 - rest);
    }
    return out;
}

struct bits bits_later(const struct bits *b, int n)
{
    struct bits out = {0};
    int words = n / 64, rest = n % 64;
    for (int i = WORDS - 1; i >= words; i--) {
        out.w[i] = b->w[i - words] << rest;
        if (rest && i - words > 0)
            out.w[i] |= b->w[i - words - 1] >> (64 - rest);
    }
    return out;
}

/* By doubling: a run of 2k begins where runs of k begin twice. */
struct bits bits_runs(const struct bits *free, int n)
{
    struct bits runs = *free;
    for (int have = 1; have < n && bits_any(&runs);) {
        int step = have < n - have ? have : n - have;
        struct bits shifted = bits_earlier(&runs, step);
        bits_and(&runs, &shifted);
        have += step;
    }
    return runs;
}

int bits_next(const struct bits *b, int i)
{
    for (int w = i / 64; w < WORDS; w++) {
        uint64_t rest = b->w[w] & (w == i / 64 ? ~(uint64_t)0 << (i % 64) : ~(uint64_t)0);
        if (rest)
            return w * 64 + __builtin_ctzll(rest);
    }
    return -1;
}

int bits_count(const struct bits *b)
{
    int n = 0;
    for (int w = 0; w < WORDS; w++)
        n += __builtin_popcountll(b->w[w]);
    return n;
}

struct bits bits_apart(const struct bits *starts, int n)
{
    struct bits out = {0};
    for (int i = bits_next(starts, 0); i >= 0; i = bits_next(starts, i + n)) {
        out.w[i / 64] |= (uint64_t)1 << (i % 64);
        if (i + n >= WORDS * 64)
            break;
    }
    return out;
}
