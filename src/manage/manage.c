/* manage.c: the arithmetic of manage.h. Pure: no store, no pages. */
#include "manage/manage.h"

#include <math.h>

/* ---- shares ---- */

static const double Z95 = 1.959963984540054;

bool manage_wilson(int64_t k, int64_t n, struct manage_share *out)
{
    if (n <= 0 || k < 0 || k > n)
        return false;
    double m = (double)n, p = (double)k / m, zz = Z95 * Z95;
    double middle = (p + zz / (2 * m)) / (1 + zz / m);
    double half = Z95 / (1 + zz / m) * sqrt(p * (1 - p) / m + zz / (4 * m * m));
    *out = (struct manage_share){
        .v = p, .low = k == 0 ? 0 : middle - half, .high = k == n ? 1 : middle + half};
    return true;
}

double manage_chance(int64_t k1, int64_t n1, int64_t k2, int64_t n2)
{
    enum { EXPECTED_LEAST = 5 };
    if (n1 <= 0 || n2 <= 0 || k1 < 0 || k2 < 0 || k1 > n1 || k2 > n2)
        return -1;
    double a = (double)n1, b = (double)n2, p = (double)(k1 + k2) / (a + b);
    double fewest = fmin(fmin(a * p, a * (1 - p)), fmin(b * p, b * (1 - p)));
    if (fewest < EXPECTED_LEAST)
        return -1;
    double z = ((double)k1 / a - (double)k2 / b) / sqrt(p * (1 - p) * (1 / a + 1 / b));
    return erfc(fabs(z) / sqrt(2.0));
}

/* Student's t with m degrees of freedom: how often |T| is at least t. By the finite sums of
 * Abramowitz and Stegun 26.7.3 and 26.7.4. */
static double student(double t, int m)
{
    double angle = atan(fabs(t) / sqrt(m)), c = cos(angle), term = m % 2 ? c : 1, sum = 0;
    for (int i = m % 2 ? 3 : 2; i <= m; i += 2) {
        sum += term;
        term *= c * c * (i - 1) / i;
    }
    double inside = m % 2 ? 2 / M_PI * (angle + (m > 1 ? sin(angle) * sum : 0)) : sin(angle) * sum;
    return 1 - inside;
}

bool manage_mean(const double *x, size_t n, struct manage_mean *out)
{
    double sum = 0, squares = 0, low = 0, high = 1000;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - sum / (double)n) * (x[i] - sum / (double)n);
    if (n < 2 || squares <= 0)
        return false;
    double v = sum / (double)n, error = sqrt(squares / (double)(n - 1) / (double)n);
    int m = (int)n - 1;
    for (int i = 0; i < 60; i++) /* the t that 5 % of all go beyond */
        *(student((low + high) / 2, m) > 0.05 ? &low : &high) = (low + high) / 2;
    *out = (struct manage_mean){v, v - low * error, v + low * error, student(v / error, m)};
    return true;
}

size_t manage_holm(const double *p, size_t n, double level, bool *differs)
{
    size_t compared = 0;
    for (size_t i = 0; i < n; i++) {
        differs[i] = false;
        compared += p[i] >= 0;
    }
    /* The smallest left is held against level / how many are left, until one does not pass. */
    for (size_t left = compared; left > 0; left--) {
        size_t least = n;
        for (size_t i = 0; i < n; i++)
            if (p[i] >= 0 && !differs[i] && (least == n || p[i] < p[least]))
                least = i;
        if (p[least] > level / (double)left)
            break;
        differs[least] = true;
    }
    return compared;
}

/* ---- sums ---- */

struct manage_value manage_add(struct manage_value x, struct manage_value y)
{
    if (x.state == MANAGE_NONE || y.state == MANAGE_NONE)
        return (struct manage_value){0};
    if (x.state == MANAGE_HIDDEN || y.state == MANAGE_HIDDEN)
        return (struct manage_value){.state = MANAGE_HIDDEN};
    bool few = x.few || y.few;
    return (struct manage_value){
        .state = MANAGE_SHOWN, .few = few, .n = x.n + y.n, .total = few ? 0 : x.total + y.total};
}

struct manage_missing manage_missing_of(const struct manage_pair *pairs, size_t n)
{
    struct manage_missing m = {0};
    for (size_t i = 0; i < n; i++) {
        const struct manage_pair *p = &pairs[i];
        if (p->base.state != MANAGE_SHOWN || p->now.state != MANAGE_SHOWN) {
            m.left_out++;
            continue;
        }
        m.expected += p->base.n;
        m.received += p->now.n;
        m.months++;
    }
    m.missing = m.expected - m.received;
    return m;
}

/* ---- equal definitions ---- */

/* All versions that begin within the days of the span mean what its first day means. */
static bool one_throughout(const struct figure_def *d, struct manage_span s)
{
    for (size_t i = 0; i < d->versions.n; i++) {
        struct date from = d->versions.p[i].from;
        if (from.day > s.from.day && from.day <= s.to.day && !figure_equal(d, s.from, from))
            return false;
    }
    return true;
}

bool manage_equal(const struct figure_def *d, struct manage_span x, struct manage_span y)
{
    return one_throughout(d, x) && one_throughout(d, y) && figure_equal(d, x.from, y.from);
}

/* ---- the debt ---- */

enum manage_debt manage_debt_of(const struct law_rule *rule)
{
    const uint32_t assessment =
        1u << LAW_ASSESSED | 1u << LAW_ASSESSMENT_BEGUN | 1u << LAW_ASSESSMENT_DONE;
    return rule->stops & assessment    ? MANAGE_ASSESSMENT
           : rule->field == LAW_SOCIAL ? MANAGE_DECISION
                                       : MANAGE_CARE;
}

/* ---- targets ---- */

const struct manage_target *manage_target_on(const struct manage_targets *all, struct str figure,
                                             struct str rule, int64_t team, struct date on)
{
    const struct manage_target *own = NULL, *county = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct manage_target *t = &all->p[i];
        if (!str_eq(t->figure, figure) || !str_eq(t->rule, rule) || t->from.day > on.day)
            continue;
        const struct manage_target **best = t->team == team ? &own : t->team == 0 ? &county : NULL;
        if (best && (!*best || t->from.day >= (*best)->from.day))
            *best = t;
    }
    const struct manage_target *held = own ? own : county;
    return held && !held->none ? held : NULL;
}
