/* figure_store.c: the rows that figures are summed from. */
#include "chat/figure.h"

enum { Q_ROWS };
static const struct stmt q[] = {
    [Q_ROWS] = {"chat_figure.rows",
                "SELECT hour, how, wait, length, messages, good FROM chat_figure "
                "WHERE channel = $1 AND day >= $2 AND day < $3",
                0},
};
const struct stmt_table chat_figure_statements = {q, sizeof q / sizeof *q};

static void load_channel(struct arena *a, struct db *db, int64_t channel, struct date from,
                         struct date to, struct figure_rows *out)
{
    struct rows r = DB_QUERY(db, &q[Q_ROWS], V_INT(channel), V_INT(from.day), V_INT(to.day));
    while (rows_next(&r)) {
        struct figure_row f = {.channel = channel,
                               .hour = (int)rows_int(&r, 0),
                               .wait = rows_null(&r, 2) ? -1 : rows_int(&r, 2),
                               .length = rows_null(&r, 3) ? -1 : rows_int(&r, 3),
                               .messages = rows_int(&r, 4),
                               .good = (int)rows_int(&r, 5)};
        if (figure_how_from(rows_peek(&r, 1), &f.how))
            VEC_PUSH(a, out, f);
    }
}

struct figure_rows figure_rows_load(struct arena *a, struct db *db,
                                    const struct chat_channels *channels, int64_t team,
                                    struct date from, struct date to)
{
    struct figure_rows out = {0};
    for (size_t i = 0; i < channels->n; i++)
        if (channels->p[i].team == team)
            load_channel(a, db, channels->p[i].id, from, to, &out);
    return out;
}
