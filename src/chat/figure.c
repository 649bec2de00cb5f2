/* figure.c: sums of tries to chat. Pure. */
#include "chat/figure.h"

#include <stdlib.h>

bool figure_how_from(struct str code, enum figure_how *out)
{
    static const char *const codes[FIGURE_HOWS] = {[FIGURE_ANSWERED] = "answered",
                                                   [FIGURE_LEFT] = "left",
                                                   [FIGURE_UNANSWERED] = "unanswered",
                                                   [FIGURE_CLOSED] = "closed",
                                                   [FIGURE_FULL] = "full"};
    size_t place = str_place(code, codes, FIGURE_HOWS);
    if (place == FIGURE_HOWS)
        return false;
    *out = (enum figure_how)place;
    return true;
}

struct figure_sum figure_sum(struct arena *a, const struct figure_rows *rows, int64_t channel,
                             int hour)
{
    struct figure_sum sum = {0};
    for (size_t i = 0; i < rows->n; i++) {
        const struct figure_row *r = &rows->p[i];
        if ((channel && r->channel != channel) || (hour >= 0 && r->hour != hour))
            continue;
        sum.tries++;
        sum.by[r->how]++;
        sum.messages += r->messages;
        sum.good += r->good;
        sum.judged += r->good > 0;
        if (r->how == FIGURE_ANSWERED && r->wait >= 0)
            VEC_PUSH(a, &sum.waits, r->wait);
        if (r->how == FIGURE_ANSWERED && r->length >= 0)
            VEC_PUSH(a, &sum.lengths, r->length);
    }
    return sum;
}

static int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

int64_t figure_percentile(struct figure_numbers *n, int percent)
{
    if (n->n == 0)
        return -1;
    qsort(n->p, n->n, sizeof *n->p, by_size);
    size_t rank = (n->n * (size_t)percent + 99) / 100; /* nearest rank, from 1 */
    return n->p[rank ? rank - 1 : 0];
}
