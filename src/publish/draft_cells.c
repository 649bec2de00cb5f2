/* draft_cells.c: cells of a publication as numbers of a run, and the equations between them. */
#include "publish/draft.h"

struct publish_cells *draft_list(struct drafting *k, const struct publish_key *key)
{
    return key->cut == CUT_DAY ? &k->out->daily : &k->out->monthly;
}

bool draft_is_cut(const struct publish_key *key)
{
    return key->cut != CUT_DAY && key->cut != CUT_MONTH;
}

static int weight_of(const struct publish_key *key, int64_t n)
{
    const struct publish_data *p = publish_data();
    bool band = key->measure == PUBLISH_BAND || key->measure == PUBLISH_WITHIN;
    int w = draft_is_cut(key) || (band && key->team) ? p->weight_part
            : key->team                              ? p->weight_team
            : band                                   ? p->weight_band
            : key->measure == FACT_KEPT              ? p->weight_kept
                                                     : p->weight_county;
    w *= n == 0 ? p->weight_zero : 1;
    return w < 1000 ? w : 1000;
}

static void put_cell(struct drafting *k, const struct publish_key *key, int64_t n, int64_t total,
                     int at)
{
    struct publish_cell c = {.key = *key, .n = n, .total = total, .at = at};
    VEC_PUSH(k->a, draft_list(k, key), c);
}

/* A cell of the run, under its key: one, however often it is asked for. */
int draft_node(struct drafting *k, const struct publish_key *key, int64_t n, int64_t total)
{
    bool whole = k->out->level >= 2 && draft_is_cut(key);
    uint64_t h = publish_hash(key);
    int at = whole ? disclose_implicit(k->d, h, n) : disclose_cell(k->d, h, n);
    if (at < k->known)
        return at;
    k->known = at + 1;
    while (k->n.n <= (size_t)at)
        VEC_PUSH(k->a, &k->n, n);
    disclose_weight(k->d, at, weight_of(key, n));
    put_cell(k, key, n, total, at);
    return at;
}

/* Of a sum that figures have. Zero where it is not there: and then no cell either, if `sparse`. */
int draft_sum_node(struct drafting *k, const struct publish_key *key, bool sparse)
{
    const struct publish_sum *s = publish_map_get(&k->f->sums, key);
    if (sparse && (!s || s->n == 0))
        return DRAFT_NONE;
    return draft_node(k, key, s ? s->n : 0, s ? s->total : 0);
}

void draft_push(struct drafting *k, struct draft_ints *list, int cell)
{
    if (cell != DRAFT_NONE)
        VEC_PUSH(k->a, list, cell);
}

void draft_sum_up(struct drafting *k, int total, const struct draft_ints *parts)
{
    if (total != DRAFT_NONE && parts->n)
        disclose_sum(k->d, total, parts->p, parts->n);
}

/* A part beside its total: the rest is as telling. */
int draft_rest(struct drafting *k, int total, int part)
{
    bool there = total != DRAFT_NONE && part != DRAFT_NONE && total != part;
    return there ? disclose_rest(k->d, total, part) : DRAFT_NONE;
}

/* Figures of what is open were read a moment later than the day ended: what differs is a constant
 * that everybody may know. */
void draft_tie(struct drafting *k, int whole, const struct draft_ints *parts)
{
    int64_t sum = 0, n = whole == DRAFT_NONE ? 0 : k->n.p[whole];
    struct draft_ints left = {0}, right = {0};
    for (size_t i = 0; i < parts->n; i++) {
        draft_push(k, &right, parts->p[i]);
        sum += k->n.p[parts->p[i]];
    }
    if (whole == DRAFT_NONE || (n == sum && parts->n == 0))
        return;
    draft_push(k, &left, whole);
    if (n != sum) {
        int64_t apart = n > sum ? n - sum : sum - n, base = 1000 + apart, other = base + n - sum;
        int x = disclose_implicit(k->d, disclose_key(str_fmt(k->a, "base %d", whole)), base);
        int y = disclose_implicit(k->d, disclose_key(str_fmt(k->a, "other %d", whole)), other);
        disclose_bounds(k->d, x, base, base);
        disclose_bounds(k->d, y, other, other);
        draft_push(k, &left, x);
        draft_push(k, &right, y);
    }
    disclose_balance(k->d, left.p, left.n, right.p, right.n);
}

int64_t draft_sum(const struct drafting *k, const struct publish_key *key)
{
    const struct publish_sum *s = publish_map_get(&k->f->sums, key);
    return s ? s->n : 0;
}

struct publish_key draft_month_key(int measure, const struct publish_series *s, struct date month)
{
    return (struct publish_key){measure, CUT_MONTH, s->team, s->rule, S(""), month.day};
}
