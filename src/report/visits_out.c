/*
 * visits_out.c: `asialla export visits --from D --until D --to FILE`: realised visits with their
 * assessments, one a row, in the fields of data/report/care-register.json. What cannot go out
 * stands in FILE.failed.csv with the field and why: visits = written + failed, and the command says
 * the three numbers.
 *
 * Persons' data leave here, so it is the administrator's on the command line, and one row is kept
 * of it (report_log.h): when, which user of the machine, which days, how many, and the hash of the
 * file, by which a file that turns up can be told. Not a row in each matter's access log: that
 * tells the resident which professional has looked, and here nobody looks at anybody. The row, or
 * the note of it, is on disk before the file gets its name: there is no file without it.
 */
#include "report/report_log.h"
#include "report/report_row.h"
#include "report/visits.h"

#include "team/team.h"

#include <inttypes.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

struct sending {
    struct arena *a, *part;
    struct db *db;
    const struct report_ask *ask;
    struct report_out out, failed;
    struct buf b, f;
    crypto_generichash_state *hash; /* apart: GCC bug 110027 (store/copy_sum.c) */
    struct export_row row;          /* of the log */
};

static struct report_row row_of(const struct visit *v)
{
    const struct report_data *d = report_data();
    struct report_row r = {.n = 0};
    for (size_t i = 0; i < d->fields.n; i++) {
        int64_t n = 0;
        const char *name = d->fields.p[i].name.p; /* data's: ends with a NUL */
        if (d->fields.p[i].type == TYPE_NUMBER && str_int(v->value[i], &n))
            row_int(&r, name, n);
        else
            row_text(&r, name, v->value[i]);
    }
    return r;
}

static void put_failed(struct sending *x, const struct team *t, const struct visit *v)
{
    const struct report_data *d = report_data();
    for (size_t i = 0; i < d->fields.n; i++) {
        if (v->fault[i] == VISIT_FINE)
            continue;
        struct report_row r = {.n = 0};
        row_text(&r, "visit", v->value[0]);
        row_text(&r, "team", t->ref);
        row_text(&r, "day", date_iso(x->part, date_of(v->start)));
        row_text(&r, "field", d->fields.p[i].name);
        row_text(&r, "why", str_of(visit_fault_word(v->fault[i])));
        row_write(&x->f, REPORT_CSV, &r);
    }
}

static void put_heads(struct sending *x)
{
    static const char *const names[] = {"visit", "team", "day", "field", "why"};
    const struct visit none = {0};
    struct report_row r = row_of(&none);
    row_write_head(&x->b, x->ask->format, &r);
    r.n = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        row_text(&r, names[i], S(""));
    row_write_head(&x->f, REPORT_CSV, &r);
}

static void flush(struct sending *x)
{
    struct str bytes = buf_get(&x->b);
    crypto_generichash_update(x->hash, (const unsigned char *)bytes.p, bytes.n);
    report_out_put(x->a, &x->out, bytes);
    report_out_put(x->a, &x->failed, buf_get(&x->f));
    report_out_tell(&x->out, x->row.visits, "visits");
    arena_reset(x->part);
    x->b = buf_new(x->part, 0);
    x->f = buf_new(x->part, 0);
}

static void send_team(struct sending *x, const struct team *t)
{
    struct visit_walk walk = {.team = t->id,
                              .from = instant_at(x->row.from, 0),
                              .to = instant_at(date_add(x->row.to, 1), 0)};
    struct visits part;
    while ((part = visits_next(x->part, x->db, &walk)).n) {
        for (size_t i = 0; i < part.n; i++) {
            const struct visit *v = &part.p[i];
            struct report_row r = row_of(v);
            x->row.visits++;
            x->row.written += v->fine;
            if (v->fine)
                row_write(&x->b, x->ask->format, &r);
            else
                put_failed(x, t, v);
        }
        flush(x);
    }
}

static void send_all(void *arg)
{
    struct sending *x = arg;
    struct teams teams = teams_load(x->a, x->db);
    crypto_generichash_init(x->hash, NULL, 0, EXPORT_HASH);
    x->b = buf_new(x->part, 0);
    x->f = buf_new(x->part, 0);
    put_heads(x);
    flush(x);
    for (size_t i = 0; i < teams.n && !x->out.failed && !x->failed.failed; i++)
        send_team(x, &teams.p[i]);
    crypto_generichash_final(x->hash, x->row.hash, EXPORT_HASH);
}

/* ---- the log of it ---- */

static struct str user_name(struct arena *a)
{
    const struct passwd *p = getpwuid(getuid());
    return p ? str_dup(a, str_of(p->pw_name)) : str_fmt(a, "uid %u", (unsigned)getuid());
}

static bool log_it(struct sending *x, struct store *s, struct str *why)
{
    x->row.at = instant_now();
    x->row.who = user_name(x->a);
    return report_log_write(x->a, s, x->ask->folder, &x->row, why);
}

/* ---- the command ---- */

static bool read_days(const struct report_ask *ask, struct date *from, struct date *to)
{
    bool ok = ask->from_day && ask->to_day && date_parse(str_of(ask->from_day), from) &&
              date_parse(str_of(ask->to_day), to) && from->day <= to->day;
    if (!ok)
        fputs("asialla: export visits wants --from YYYY-MM-DD --until YYYY-MM-DD --to FILE\n",
              stderr);
    return ok;
}

static bool begin(struct sending *x, const char *failed_to)
{
    bool ok = report_out_begin(x->a, &x->out, x->ask->to);
    if (ok && !report_out_begin(x->a, &x->failed, failed_to)) {
        report_out_drop(&x->out);
        x->out.why = x->failed.why;
        ok = false;
    }
    if (!ok)
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(x->out.why));
    return ok;
}

static int finish(struct sending *x, struct store *s, enum err err, const char *why)
{
    bool ok = err == ERR_OK && !x->out.failed && !x->failed.failed;
    struct str told = err != ERR_OK ? str_of(why) : x->out.failed ? x->out.why : x->failed.why;
    ok = ok && log_it(x, s, &told);
    bool listed = ok && report_out_end(x->a, &x->failed);
    if (ok && (!listed || !report_out_end(x->a, &x->out))) {
        told = listed ? x->out.why : x->failed.why;
        if (listed)
            unlink(x->failed.to);
        ok = false;
    }
    report_out_drop(&x->failed);
    report_out_drop(&x->out);
    if (!ok) {
        fprintf(stderr, "asialla: " STR_FMT ". Nothing was written.\n", STR_ARG(told));
        return 1;
    }
    printf("%s: %" PRId64 " visits, %" PRId64 " written, %" PRId64 " not: see %s\n", x->ask->to,
           x->row.visits, x->row.written, x->row.visits - x->row.written, x->failed.to);
    return 0;
}

int report_visits_command(struct arena *a, struct store *s, const struct report_ask *ask)
{
    crypto_generichash_state hash;
    struct sending x = {.a = a, .ask = ask, .db = store_reader(s), .hash = &hash};
    const char *why = "";
    if (!read_days(ask, &x.row.from, &x.row.to))
        return 2;
    if (strcmp(ask->to, "-") == 0) {
        fputs("asialla: persons' data are written into a file: --to FILE\n", stderr);
        return 2;
    }
    x.part = arena_in(a, 0);
    if (!begin(&x, str_fmt(a, "%s.failed.csv", ask->to).p))
        return 1;
    enum err err = db_snapshot(x.db, send_all, &x, &why);
    return finish(&x, s, err, why);
}
