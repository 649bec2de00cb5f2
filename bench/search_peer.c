/*
 * search_peer.c: ready engines over the same texts that ours has: SQLite FTS5 (in memory) and, if
 * asked for, PostgreSQL's text search. A row a service, all three languages in it, five columns;
 * the words of a query are OR'ed and ranked by the engine's own measure with weights for columns.
 */
#include "search_bench.h"

#include "base/buf.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME, SUMMARY, DESCRIPTION, KEYWORDS, CLASSES, COLUMNS };

struct fts {
    const struct dir *d;
    sqlite3 *db;
    sqlite3_stmt *find;
    struct str (*match)(struct arena *a, struct str query);
    bool fold;
};

/* ---- texts ---- */

static void put_texts(struct buf *b, const struct dir_texts *t)
{
    for (size_t i = 0; i < t->n; i++) {
        buf_str(b, t->p[i].text);
        buf_char(b, '\n');
    }
}

static void put_concepts(struct buf *b, const struct dir_concepts *c)
{
    for (size_t i = 0; i < c->n; i++)
        put_texts(b, &c->p[i].names);
}

static struct str column(struct arena *a, const struct dir_service *s, int which)
{
    struct buf b = buf_new(a, 0);
    if (which == NAME) {
        put_texts(&b, &s->name);
        put_texts(&b, &s->other_name);
    } else if (which == SUMMARY) {
        put_texts(&b, &s->summary);
    } else if (which == DESCRIPTION) {
        put_texts(&b, &s->description);
        put_texts(&b, &s->instruction);
        put_texts(&b, &s->requirements);
    } else if (which == KEYWORDS) {
        put_texts(&b, &s->keywords);
        put_concepts(&b, &s->terms);
    } else {
        put_concepts(&b, &s->classes);
        put_concepts(&b, &s->groups);
        put_concepts(&b, &s->events);
    }
    return buf_get(&b);
}

/* Small letters without accents, as the unicode61 tokenizer makes them: the trigram tokenizer of
 * SQLite 3.40 keeps accents, which would be a weaker peer than need be. */
static struct str fold(struct arena *a, struct str s)
{
    struct buf b = buf_new(a, 0);
    while (s.n > 0) {
        uint32_t c = str_utf8_next(&s);
        if (c >= 'A' && c <= 'Z')
            c += 32;
        else if (c == 0xC4 || c == 0xC5 || c == 0xE4 || c == 0xE5)
            c = 'a';
        else if (c == 0xD6 || c == 0xF6)
            c = 'o';
        else if (c == 0xC9 || c == 0xE9)
            c = 'e';
        buf_utf8(&b, c);
    }
    return buf_get(&b);
}

static bool is_word(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
           ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static struct str next_word(struct str *s)
{
    struct str word = {NULL, 0};
    while (s->n > 0 && !is_word(s->p[0]))
        *s = str_sub(*s, 1, s->n);
    word.p = s->p;
    while (s->n > 0 && is_word(s->p[0])) {
        *s = str_sub(*s, 1, s->n);
        word.n++;
    }
    return word;
}

/* ---- FTS5 ---- */

static struct str match_words(struct arena *a, struct str query, const char *after)
{
    struct buf b = buf_new(a, 0);
    for (struct str word; (word = next_word(&query)).n > 0;)
        buf_fmt(&b, "%s\"" STR_FMT "\"%s", b.n ? " OR " : "", STR_ARG(word), after);
    return buf_get(&b);
}

static struct str match_whole(struct arena *a, struct str query)
{
    return match_words(a, query, "");
}

static struct str match_beginning(struct arena *a, struct str query)
{
    return match_words(a, query, "*");
}

/* Every three letters of every word; the query is folded, so a letter is mostly a byte. */
static struct str match_trigrams(struct arena *a, struct str query)
{
    struct buf b = buf_new(a, 0);
    query = fold(a, query);
    for (struct str word; (word = next_word(&query)).n > 0;)
        for (struct str rest = word; str_utf8_len(rest) >= 3;) {
            struct str end = rest;
            for (int i = 0; i < 3; i++)
                str_utf8_next(&end);
            buf_fmt(&b, "%s\"" STR_FMT "\"", b.n ? " OR " : "", (int)(end.p - rest.p), rest.p);
            str_utf8_next(&rest);
        }
    return buf_get(&b);
}

static void must(struct fts *f, int code, const char *what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "bench/search: FTS5: %s: %s\n", what, sqlite3_errmsg(f->db));
        exit(2);
    }
}

static size_t fts_find(void *ctx, struct arena *a, enum lang want, struct str query,
                       const struct dir_service *found[AT])
{
    struct fts *f = ctx;
    struct str match = f->match(a, query);
    size_t n = 0;
    (void)want;
    if (match.n == 0)
        return 0;
    sqlite3_bind_text(f->find, 1, match.p, (int)match.n, SQLITE_STATIC);
    int code;
    while ((code = sqlite3_step(f->find)) == SQLITE_ROW && n < AT)
        found[n++] = f->d->services.p[sqlite3_column_int64(f->find, 0)];
    must(f, code, "searching");
    sqlite3_reset(f->find);
    return n;
}

static void fts_close(void *ctx)
{
    struct fts *f = ctx;
    sqlite3_finalize(f->find);
    sqlite3_close(f->db);
}

static void fts_fill(struct arena *a, struct fts *f, const char *create)
{
    sqlite3_stmt *insert;
    must(f, sqlite3_exec(f->db, create, NULL, NULL, NULL), "the table");
    must(f, sqlite3_exec(f->db, "BEGIN", NULL, NULL, NULL), "begin");
    must(f,
         sqlite3_prepare_v2(f->db,
                            "INSERT INTO t (rowid, name, summary, description, keywords, classes) "
                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                            -1, &insert, NULL),
         "insert");
    for (size_t i = 0; i < f->d->services.n; i++) {
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)i);
        for (int k = 0; k < COLUMNS; k++) {
            struct str text = column(a, f->d->services.p[i], k);
            if (f->fold)
                text = fold(a, text);
            sqlite3_bind_text(insert, k + 2, text.p, (int)text.n, SQLITE_STATIC);
        }
        must(f, sqlite3_step(insert), "insert");
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    must(f, sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL), "commit");
}

static struct fts *fts_new(struct arena *a, const struct dir *d, const char *tokenizer, bool folded)
{
    struct fts *f = ARENA_NEW(a, struct fts);
    f->d = d;
    f->fold = folded;
    must(f, sqlite3_open(":memory:", &f->db), "memory");
    struct str create =
        str_fmt(a,
                "CREATE VIRTUAL TABLE t USING fts5 (name, summary, description, keywords, classes, "
                "tokenize = '%s')",
                tokenizer);
    fts_fill(a, f, str_z(a, create));
    must(f,
         sqlite3_prepare_v2(f->db,
                            "SELECT rowid FROM t WHERE t MATCH ?1 "
                            "ORDER BY bm25(t, 8, 3, 1, 5, 3) LIMIT 10",
                            -1, &f->find, NULL),
         "select");
    arena_defer(a, fts_close, f);
    return f;
}

struct finder peer_fts5(struct arena *a, const struct dir *d)
{
    struct fts *f = fts_new(a, d, "unicode61", false);
    f->match = match_whole;
    return (struct finder){.name = "fts5",
                           .says = "SQLite FTS5, unicode61, words OR'ed, bm25",
                           .ctx = f,
                           .find = fts_find};
}

struct finder peer_fts5_begins(struct arena *a, const struct dir *d)
{
    struct fts *f = fts_new(a, d, "unicode61", false);
    f->match = match_beginning;
    return (struct finder){
        .name = "fts5 x*", .says = "the same, the words as beginnings", .ctx = f, .find = fts_find};
}

struct finder peer_trigram(struct arena *a, const struct dir *d)
{
    struct fts *f = fts_new(a, d, "trigram", true);
    f->match = match_trigrams;
    return (struct finder){.name = "trigram",
                           .says = "SQLite FTS5, trigram tokenizer, accents folded, trigrams OR'ed",
                           .ctx = f,
                           .find = fts_find};
}

/* ---- PostgreSQL ---- */

struct pg {
    const struct dir *d;
    PGconn *c;
};

static void pg_close(void *ctx)
{
    struct pg *p = ctx;
    PQfinish(p->c);
}

static PGresult *pg_run(struct pg *p, const char *sql, int n, const char *const *values)
{
    PGresult *r = PQexecParams(p->c, sql, n, NULL, values, NULL, NULL, 0);
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK) {
        fprintf(stderr, "bench/search: PostgreSQL: %s", PQerrorMessage(p->c));
        exit(2);
    }
    return r;
}

static size_t pg_find(void *ctx, struct arena *a, enum lang want, struct str query,
                      const struct dir_service *found[AT])
{
    static const char *const names[] = {"finnish", "swedish", "english"};
    struct pg *p = ctx;
    struct buf words = buf_new(a, 0);
    for (struct str word; (word = next_word(&query)).n > 0;) {
        buf_str(&words, word);
        buf_lit(&words, " or ");
    }
    const char *values[] = {names[want], str_z(a, buf_get(&words))};
    PGresult *r = pg_run(p,
                         "SELECT t.i FROM bench_search t, "
                         "websearch_to_tsquery($1::regconfig, $2) q WHERE t.v @@ q "
                         "ORDER BY ts_rank(t.v, q) DESC, t.i LIMIT 10",
                         2, values);
    size_t n = (size_t)PQntuples(r);
    for (size_t i = 0; i < n; i++)
        found[i] = p->d->services.p[strtoul(PQgetvalue(r, (int)i, 0), NULL, 10)];
    PQclear(r);
    return n;
}

static void pg_fill(struct arena *a, struct pg *p)
{
    PQclear(pg_run(p, "CREATE TEMPORARY TABLE bench_search (i integer, v tsvector)", 0, NULL));
    for (size_t i = 0; i < p->d->services.n; i++) {
        const char *values[1 + COLUMNS];
        values[0] = str_z(a, str_fmt(a, "%zu", i));
        for (int k = 0; k < COLUMNS; k++)
            values[k + 1] = str_z(a, column(a, p->d->services.p[i], k));
        PQclear(
            pg_run(p,
                   "INSERT INTO bench_search SELECT $1, string_agg("
                   "(setweight(to_tsvector(l, $2), 'A') || setweight(to_tsvector(l, $5), 'B') || "
                   "setweight(to_tsvector(l, $3), 'C') || setweight(to_tsvector(l, $6), 'C') || "
                   "setweight(to_tsvector(l, $4), 'D'))::text, ' ')::tsvector FROM "
                   "unnest(ARRAY['finnish', 'swedish', 'english']::regconfig[]) l",
                   1 + COLUMNS, values));
    }
    PQclear(pg_run(p, "CREATE INDEX ON bench_search USING gin (v)", 0, NULL));
    PQclear(pg_run(p, "ANALYZE bench_search", 0, NULL));
}

struct finder peer_postgresql(struct arena *a, const struct dir *d, const char *url,
                              const char **why)
{
    struct pg *p = ARENA_NEW(a, struct pg);
    p->d = d;
    p->c = PQconnectdb(url);
    arena_defer(a, pg_close, p);
    if (PQstatus(p->c) != CONNECTION_OK) {
        *why = PQerrorMessage(p->c);
        return (struct finder){0};
    }
    PQclear(pg_run(p, "SET client_min_messages = error", 0, NULL));
    pg_fill(a, p);
    return (struct finder){.name = "pg",
                           .says = "PostgreSQL tsvector with the stemmer of the page's language, "
                                   "words OR'ed, ts_rank (wall clock)",
                           .ctx = p,
                           .find = pg_find,
                           .elsewhere = true};
}
