/* booklet_store.c: who has said what of an entry's facts: rows that are only added. */
#include "booklet/booklet.h"

enum { Q_WORDS, Q_LAST, Q_SAY };
static const struct stmt q[] = {
    [Q_WORDS] = {"booklet.words",
                 "SELECT w.entry, s.name, w.note, w.at, w.facts, w.is_right FROM booklet_word w "
                 "JOIN staff s ON s.id = w.staff WHERE w.booklet = $1 AND w.id = "
                 "(SELECT max(x.id) FROM booklet_word x WHERE x.booklet = w.booklet "
                 "AND x.entry = w.entry) ORDER BY w.entry",
                 0},
    [Q_LAST] = {"booklet.last",
                "SELECT staff, at, facts, is_right, note FROM booklet_word "
                "WHERE booklet = $1 AND entry = $2 ORDER BY id DESC LIMIT 1",
                0},
    [Q_SAY] = {"booklet.say",
               "INSERT INTO booklet_word (booklet, entry, at, staff, facts, is_right, note) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7)",
               0},
};
const struct stmt_table booklet_statements = {q, sizeof q / sizeof *q};

struct booklet_words booklet_words_load(struct arena *a, struct db *db, const struct booklet *b)
{
    struct booklet_words out = {0};
    struct rows r = DB_QUERY(db, &q[Q_WORDS], V_STR(b->name));
    while (rows_next(&r))
        VEC_PUSH(a, &out,
                 (struct booklet_word){.entry = rows_str(&r, a, 0),
                                       .by = rows_str(&r, a, 1),
                                       .note = rows_str(&r, a, 2),
                                       .at = {rows_int(&r, 3)},
                                       .facts = rows_str(&r, a, 4),
                                       .right = rows_int(&r, 5) != 0});
    rows_end(&r);
    return out;
}

void booklet_say(struct arena *a, struct db *db, const struct booklet *b, int64_t staff,
                 const struct booklet_word *w)
{
    bool again = false;
    struct rows r = DB_QUERY(db, &q[Q_LAST], V_STR(b->name), V_STR(w->entry));
    if (rows_next(&r))
        again = rows_int(&r, 0) == staff && w->at.ms - rows_int(&r, 1) < MINUTE_MS &&
                str_eq(rows_peek(&r, 2), w->facts) && (rows_int(&r, 3) != 0) == w->right &&
                str_eq(rows_peek(&r, 4), w->note);
    rows_end(&r);
    if (!again)
        DB_EXEC(db, &q[Q_SAY], V_STR(b->name), V_STR(w->entry), V_INT(w->at.ms), V_INT(staff),
                V_STR(w->facts), V_INT(w->right), V_STR(w->note));
}
