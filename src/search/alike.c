/*
 * alike.c: how alike two folded words are. Finnish and Swedish inflect at the end and write
 * compounds as one word, so a common beginning or a part says much; a misspelt word keeps most of
 * its letters and nearly always the first.
 */
#include "search/fold.h"

#include <math.h>

static size_t common_prefix(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

int alike_edits(struct str a, struct str b)
{
    unsigned char rows[3][WORD_MAX + 1];
    if (a.n > WORD_MAX || b.n > WORD_MAX || a.n > b.n + 2 || b.n > a.n + 2)
        return 3;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = (unsigned char)j;
    for (size_t i = 1; i <= a.n; i++) {
        unsigned char *now = rows[i % 3], *up = rows[(i + 2) % 3], *upper = rows[(i + 1) % 3];
        now[0] = (unsigned char)i;
        for (size_t j = 1; j <= b.n; j++) {
            int best = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            bool swap = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1];
            if (swap && upper[j - 2] + 1 < best)
                best = upper[j - 2] + 1;
            now[j] = (unsigned char)best;
        }
    }
    int n = rows[a.n % 3][b.n];
    return n < 3 ? n : 3;
}

double alike_beginning(struct str q, struct str w, bool alone)
{
    size_t p = common_prefix(q, w), q_rest = q.n - p, w_rest = w.n - p;
    double q_more = (double)(q_rest < 10 ? q_rest : 10),
           w_more = (double)(w_rest < 10 ? w_rest : 10);
    double best = p >= 5 ? 0.38 : 0; /* the first part of a compound at least: hammas|huolto */
    if (q_rest == 0 &&
        q.n > 3) /* still being written, inflected, or the first part of a compound */
        return 0.92 - 0.04 * w_more;
    if (q_rest == 0) /* a short word begins many others */
        return (q.n == 3 ? 0.7 : 0.5) - (alone ? 0.04 : 0.15) * w_more;
    if (w_rest == 0 && w.n >= 4)
        return q_rest <= 5 ? 0.88 - 0.05 * q_more : 0.42;
    if (p >= 4 && q_rest <= 5 && p * 5 >= q.n * 3)
        best = fmax(best, 0.88 * (double)p / (double)q.n - 0.025 * w_more);
    return best;
}

enum { LEAST_PART = 3 };

/* Compounds: the last part says what the thing is (hammas|lääkäri). */
static double alike_inside(struct str q, struct str w)
{
    const char *at;
    if (q.n >= 4 && q.n < w.n && (at = memmem(w.p, w.n, q.p, q.n))) {
        if (at - w.p < LEAST_PART)
            return 0; /* no compound begins with so short a word: alota, p|alota|rkastus */
        size_t after = w.n - q.n - (size_t)(at - w.p);
        return after == 0 ? 0.66 : after <= 4 ? 0.6 : 0.5;
    }
    if (w.n >= 5 && w.n < q.n && (at = memmem(q.p, q.n, w.p, w.n)))
        return q.n - w.n == (size_t)(at - q.p) ? 0.5 : 0.4;
    return 0;
}

double alike(struct str q, struct str w, bool alone)
{
    return str_eq(q, w) ? 1 : fmax(alike_beginning(q, w, alone), alike_inside(q, w));
}

/* What verbs and nouns of one stem end in, as letters are folded: ankyt|a, ankyt|ys. */
static bool is_derivation(struct str rest)
{
    static const char *const all[] = {"a",   "ta",  "ia",   "ea",  "ua",  "ya",  "ela",   "ila",
                                      "us",  "ys",  "tus",  "tys", "mus", "mys", "minen", "nen",
                                      "o",   "u",   "e",    "os",  "ja",  "ija", "aja",   "iminen",
                                      "ata", "eta", "inen", "va",  NULL};
    for (size_t i = 0; all[i]; i++)
        if (str_eq(rest, str_of(all[i])))
            return true;
    return false;
}

double alike_derived(struct str q, struct str w)
{
    enum { STEM_LEAST = 5 };
    size_t p = common_prefix(q, w);
    return p >= STEM_LEAST && is_derivation(str_sub(q, p, q.n - p)) &&
                   is_derivation(str_sub(w, p, w.n - p))
               ? 0.8
               : 0;
}

double alike_misspelt(struct str q, struct str w, double dice)
{
    double best = q.n >= 6 && dice >= 0.5 ? 0.8 * dice : 0;
    if (q.n < 4 || dice < 0.25)
        return best;
    int n = alike_edits(q, w);
    if (n == 1)
        return fmax(best, q.n >= 6 ? 0.86 : 0.7);
    return n == 2 && q.n >= 8 && q.p[0] == w.p[0] ? fmax(best, 0.66) : best;
}

bool search_marks(struct str q, struct str w)
{
    return alike(q, w, false) >= 0.5 || (q.n >= 6 && alike_edits(q, w) <= 1);
}
