/* tray_report.c: see tray_report.h. Pure. */
#include "tray/tray_report.h"

int64_t tray_publish(int64_t n)
{
    return n - n % TRAY_FEWEST;
}

static void count(struct tray_line_counts *line, enum tray_mark mark, int64_t n)
{
    line->all += n;
    if (mark == MARK_CONTACTED || mark == MARK_ATTENDED)
        line->taken += n;
    else if (mark == MARK_FULL)
        line->full += n;
    else if (mark == MARK_DECLINED)
        line->declined += n;
}

static struct tray_line_counts published(const struct tray_line_counts *line)
{
    struct tray_line_counts out = *line;
    out.all = tray_publish(line->all);
    out.taken = tray_publish(line->taken);
    out.full = tray_publish(line->full);
    out.declined = tray_publish(line->declined);
    out.missing = tray_publish(line->missing);
    return out;
}

static struct tray_line_counts *line_of(struct arena *a, struct tray_table *t, struct str key)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].key, key))
            return &t->p[i];
    VEC_PUSH(a, t, (struct tray_line_counts){.key = key});
    return &t->p[t->n - 1];
}

static struct str key_of(enum tray_by by, struct str service, struct str area, struct str group,
                         struct str theme)
{
    const struct str keys[] = {[TRAY_BY_SERVICE] = service,
                               [TRAY_BY_AREA] = area,
                               [TRAY_BY_GROUP] = group,
                               [TRAY_BY_THEME] = theme};
    return keys[by];
}

/* By what is shown, so that the order tells no more than the figures; then by name. */
static bool before(const struct tray_line_counts *x, const struct tray_line_counts *y)
{
    if (x->all != y->all)
        return x->all > y->all;
    if (x->missing != y->missing)
        return x->missing > y->missing;
    int names = str_cmp(x->name, y->name);
    return names ? names < 0 : str_cmp(x->key, y->key) < 0;
}

static void insert(struct arena *a, struct tray_table *out, struct tray_line_counts line)
{
    VEC_PUSH(a, out, line);
    size_t i = out->n - 1;
    for (; i > 0 && before(&line, &out->p[i - 1]); i--)
        out->p[i] = out->p[i - 1];
    out->p[i] = line;
}

struct tray_table tray_report_by(struct arena *a, const struct tray_figures *f,
                                 const struct tray_lacks *lacks, enum tray_by by)
{
    struct tray_table all = {0}, out = {0};
    for (size_t i = 0; by != TRAY_BY_THEME && i < f->n; i++) {
        const struct tray_figure *x = &f->p[i];
        struct tray_line_counts *line =
            line_of(a, &all, key_of(by, x->service, x->area, x->group, S("")));
        line->name = by == TRAY_BY_SERVICE ? x->name : line->key;
        count(line, x->mark, x->n);
    }
    for (size_t i = 0; by != TRAY_BY_SERVICE && i < lacks->n; i++) {
        const struct tray_lack *x = &lacks->p[i];
        struct tray_line_counts *line =
            line_of(a, &all, key_of(by, S(""), x->area, x->group, x->theme));
        line->name = line->key;
        line->missing += x->n;
    }
    for (size_t i = 0; i < all.n; i++) {
        struct tray_line_counts line = published(&all.p[i]);
        if (line.all || line.missing)
            insert(a, &out, line);
    }
    return out;
}

struct tray_line_counts tray_report_all(const struct tray_figures *f,
                                        const struct tray_lacks *lacks)
{
    struct tray_line_counts all = {0};
    for (size_t i = 0; i < f->n; i++)
        count(&all, f->p[i].mark, f->p[i].n);
    for (size_t i = 0; i < lacks->n; i++)
        all.missing += lacks->p[i].n;
    return published(&all);
}

struct tray_periods tray_periods(struct arena *a, struct date today)
{
    struct tray_periods list = {0};
    struct civil now = date_civil(today);
    for (int year = now.year; year >= now.year - 1; year--) {
        struct tray_period whole = {.code = str_fmt(a, "%d", year),
                                    .year = year,
                                    .from = date_from(year, 1, 1),
                                    .to = date_from(year + 1, 1, 1)};
        VEC_PUSH(a, &list, whole);
        for (int q = year == now.year ? (now.month + 2) / 3 : 4; q >= 1; q--) {
            struct date from = date_from(year, 3 * q - 2, 1);
            struct tray_period p = {str_fmt(a, "%d-%d", year, q), year, q, from,
                                    date_add_months(from, 3)};
            VEC_PUSH(a, &list, p);
        }
    }
    return list;
}
