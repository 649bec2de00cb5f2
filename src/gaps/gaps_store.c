/*
 * gaps_store.c: the room's SQL. A row's words are written once five people have asked; an editor
 * who has dealt with one sets its counts back to nothing, so that it comes again when five more
 * have asked and still not found it.
 *
 * What the table can hold is bounded: a server begins at most GAP_NEW_A_DAY rows a day, and the
 * sweep takes away what few asked and nobody has asked again for 90 days, what was not asked for a
 * year, and the oldest of what few asked where there are more than ROWS of them.
 */
#include "gaps/gaps_words.h"

enum { ROWS = 50000, RARE_DAYS = 90, KEPT_DAYS = 365, GAP_LOADED_MAX = 500 };

enum {
    Q_ONE,
    Q_PUT,
    Q_OPENED,
    Q_EMPTY,
    Q_UNOPENED,
    Q_RARE_EMPTY,
    Q_RARE_UNOPENED,
    Q_DONE,
    Q_SWEEP,
    Q_RARE_COUNT,
    Q_RARE_DAY,
    Q_SWEEP_RARE,
    Q_COUNT
};
#define ROW "hash, lang, words, asked, empty, opened, last, done"
static const struct stmt q[] = {
    [Q_ONE] = {"gaps.one",
               "SELECT asked, empty, opened FROM search_gap WHERE hash = $1 AND lang = $2", 0},
    [Q_PUT] = {"gaps.put",
               "INSERT INTO search_gap (" ROW ") VALUES ($1, $2, $3, $4, $5, $6, $7, 0) "
               "ON CONFLICT (hash, lang) DO UPDATE SET "
               "words = COALESCE(search_gap.words, excluded.words), asked = excluded.asked, "
               "empty = excluded.empty, opened = excluded.opened, last = excluded.last, "
               "done = CASE WHEN excluded.asked >= 5 THEN 0 ELSE search_gap.done END",
               0},
    [Q_OPENED] = {"gaps.opened",
                  "UPDATE search_gap SET opened = opened + $3 WHERE hash = $1 AND lang = $2", 0},
    /* More found nothing than something. */
    [Q_EMPTY] = {"gaps.empty",
                 "SELECT " ROW " FROM search_gap WHERE asked >= 5 AND words IS NOT NULL "
                 "AND empty * 2 > asked ORDER BY asked DESC, words, lang LIMIT $1",
                 0},
    [Q_UNOPENED] =
        {"gaps.unopened",
         "SELECT " ROW " FROM search_gap WHERE asked >= 5 AND words IS NOT NULL "
         "AND empty * 2 <= asked AND opened = 0 ORDER BY asked DESC, words, lang LIMIT $1",
         0},
    [Q_RARE_EMPTY] = {"gaps.rare_empty",
                      "SELECT count(*) FROM search_gap WHERE asked < 5 AND done = 0 "
                      "AND empty * 2 > asked",
                      0},
    [Q_RARE_UNOPENED] = {"gaps.rare_unopened",
                         "SELECT count(*) FROM search_gap WHERE asked < 5 AND done = 0 "
                         "AND empty * 2 <= asked AND opened = 0",
                         0},
    [Q_DONE] = {"gaps.done",
                "UPDATE search_gap SET done = 1, asked = 0, empty = 0, opened = 0 "
                "WHERE hash = $1 AND lang = $2",
                0},
    [Q_SWEEP] = {"gaps.sweep",
                 "DELETE FROM search_gap WHERE last < $1 AND (last < $2 OR words IS NULL)", 0},
    [Q_RARE_COUNT] = {"gaps.rare_count", "SELECT count(*) FROM search_gap WHERE last >= 0", 0},
    /* The day before which enough would go. */
    [Q_RARE_DAY] = {"gaps.rare_day",
                    "SELECT last FROM search_gap WHERE last >= 0 ORDER BY last LIMIT 1 OFFSET $1",
                    0},
    [Q_SWEEP_RARE] = {"gaps.sweep_rare",
                      "DELETE FROM search_gap WHERE last <= $1 AND words IS NULL", 0},
};
_Static_assert(GAPS_SHOWN_FROM == 5, "the statements say 5");
const struct stmt_table gaps_statements = {q, Q_COUNT};

static struct str lang_str(enum lang l)
{
    return str_of(lang_code(l));
}

static struct str hash_str(const struct gap_count *c)
{
    return (struct str){(const char *)c->hash, sizeof c->hash};
}

/* False: it would be a new row, and there is no room for one. */
static bool add(struct db *db, const struct gap_count *c, bool room, bool *made)
{
    int64_t asked = c->asked, empty = c->empty, opened = c->opened;
    struct rows r = DB_QUERY(db, &q[Q_ONE], V_BLOB(hash_str(c)), V_STR(lang_str(c->lang)));
    bool there = rows_next(&r);
    if (there) {
        asked += rows_int(&r, 0);
        empty += rows_int(&r, 1);
        opened += rows_int(&r, 2);
    }
    rows_end(&r);
    if (!there && !room)
        return false;
    bool known = asked >= GAPS_SHOWN_FROM;
    struct str words = known ? (struct str){c->words, c->words_n} : (struct str){NULL, 0};
    DB_EXEC(db, &q[Q_PUT], V_BLOB(hash_str(c)), V_STR(lang_str(c->lang)), V_STR(words),
            V_INT(asked), V_INT(empty), V_INT(opened), V_INT(c->last.day));
    *made = !there;
    return true;
}

int gap_rows_add(struct db *db, const struct gap_batch *b, int room)
{
    int made = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct gap_count *c = &b->p[i];
        bool is_new = false;
        if (c->asked == 0) /* opened only, from a page that had been open: begins no row */
            DB_EXEC(db, &q[Q_OPENED], V_BLOB(hash_str(c)), V_STR(lang_str(c->lang)),
                    V_INT(c->opened));
        else if (add(db, c, made < room, &is_new))
            made += is_new;
    }
    return made;
}

static struct gap read_gap(struct arena *a, const struct rows *r)
{
    struct gap g = {
        .hash = rows_str(r, a, 0),
        .lang = LANG_FI,
        .words = rows_str(r, a, 2),
        .asked = rows_int(r, 3),
        .empty = rows_int(r, 4),
        .opened = rows_int(r, 5),
        .last = {(int32_t)rows_int(r, 6)},
        .done = rows_int(r, 7) != 0,
    };
    lang_from(rows_peek(r, 1), &g.lang);
    return g;
}

struct gap_list gaps_load(struct arena *a, struct db *db, enum gap_kind kind, size_t max)
{
    struct gap_list out = {0};
    size_t n = max < GAP_LOADED_MAX ? max : GAP_LOADED_MAX;
    struct rows r = DB_QUERY(db, &q[kind == GAP_EMPTY ? Q_EMPTY : Q_UNOPENED], V_INT((int64_t)n));
    while (rows_next(&r))
        VEC_PUSH(a, &out, read_gap(a, &r));
    rows_end(&r);
    return out;
}

int64_t gaps_rare(struct db *db, enum gap_kind kind)
{
    return db_int(db, 0, &q[kind == GAP_EMPTY ? Q_RARE_EMPTY : Q_RARE_UNOPENED], NULL, 0);
}

void gaps_done(struct db *db, struct str hash, enum lang l)
{
    DB_EXEC(db, &q[Q_DONE], V_BLOB(hash), V_STR(lang_str(l)));
}

void gaps_sweep(struct db *db, struct date today)
{
    DB_EXEC(db, &q[Q_SWEEP], V_INT(today.day - RARE_DAYS), V_INT(today.day - KEPT_DAYS));
    int64_t rows = db_int(db, 0, &q[Q_RARE_COUNT], NULL, 0);
    if (rows <= ROWS)
        return;
    int64_t day = DB_INT(db, 0, &q[Q_RARE_DAY], V_INT(rows - ROWS));
    DB_EXEC(db, &q[Q_SWEEP_RARE], V_INT(day));
}
