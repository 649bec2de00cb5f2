/* viewer.c: see viewer.h. */
#include "work/viewer.h"

enum { SWEPT_AT_ONCE = 200, SHOWN_AT_MOST = 200 };

enum { Q_OF_MATTER, Q_OF_TEAM, Q_ONE, Q_PUT, Q_LEAVE, Q_OVER, Q_DROP };
static const struct stmt q[] = {
    [Q_OF_MATTER] = {"viewer.of_matter",
                     "SELECT p.matter, p.staff, s.name, p.writing FROM matter_presence p "
                     "JOIN staff s ON s.id = p.staff "
                     "WHERE p.matter = $1 AND p.until > $2 AND p.staff <> $3 ORDER BY s.name, s.id",
                     0},
    [Q_OF_TEAM] = {"viewer.of_team",
                   "SELECT p.matter, p.staff, s.name, p.writing FROM matter_presence p "
                   "JOIN staff s ON s.id = p.staff "
                   "WHERE p.team = $1 AND p.until > $2 AND p.staff <> $3 ORDER BY s.name, s.id "
                   "LIMIT 200",
                   0},
    [Q_ONE] = {"viewer.one",
               "SELECT team, page, until, writing FROM matter_presence "
               "WHERE matter = $1 AND staff = $2",
               0},
    [Q_PUT] = {"viewer.put",
               "INSERT INTO matter_presence (matter, staff, team, page, since, until, writing) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7) "
               "ON CONFLICT (matter, staff) DO UPDATE SET team = excluded.team, "
               "page = excluded.page, until = excluded.until, writing = excluded.writing",
               0},
    [Q_LEAVE] = {"viewer.leave", "DELETE FROM matter_presence WHERE matter = $1 AND staff = $2", 0},
    [Q_OVER] = {"viewer.over",
                "SELECT matter, staff, team FROM matter_presence WHERE until < $1 "
                "ORDER BY until LIMIT $2",
                0},
    [Q_DROP] = {"viewer.drop",
                "DELETE FROM matter_presence WHERE matter = $1 AND staff = $2 AND until < $3", 0},
};
const struct stmt_table viewer_statements = {q, sizeof q / sizeof *q};

/* ---- who ---- */

static struct viewers load(struct arena *a, struct rows *r)
{
    struct viewers all = {0};
    while (all.n < SHOWN_AT_MOST && rows_next(r)) {
        struct viewer p = {.matter = rows_int(r, 0),
                           .staff = rows_int(r, 1),
                           .name = rows_str(r, a, 2),
                           .writing = rows_int(r, 3) != 0};
        VEC_PUSH(a, &all, p);
    }
    rows_end(r);
    return all;
}

struct viewers viewers_of_matter(struct arena *a, struct db *db, int64_t matter, int64_t but,
                                 struct instant now)
{
    struct rows r = DB_QUERY(db, &q[Q_OF_MATTER], V_INT(matter), V_INT(now.ms), V_INT(but));
    return load(a, &r);
}

struct viewers viewers_of_team(struct arena *a, struct db *db, int64_t team, int64_t but,
                               struct instant now)
{
    struct rows r = DB_QUERY(db, &q[Q_OF_TEAM], V_INT(team), V_INT(now.ms), V_INT(but));
    return load(a, &r);
}

struct str viewers_words(struct arena *a, enum lang l, const struct viewers *all)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < all->n; i++) {
        const struct viewer *p = &all->p[i];
        if (i)
            buf_char(&b, ' ');
        buf_str(&b, tr_fill(a,
                            p->writing ? tr(l, "%1 has this open and is writing.")
                                       : tr(l, "%1 has this open."),
                            &p->name, 1));
    }
    return buf_get(&b);
}

/* ---- coming and going ---- */

struct standing {
    int64_t team, page;
    struct instant until;
    bool there, writing;
};

static struct standing standing_of(struct db *db, int64_t matter, int64_t staff)
{
    struct rows r = DB_QUERY(db, &q[Q_ONE], V_INT(matter), V_INT(staff));
    struct standing s = {0};
    if (rows_next(&r))
        s = (struct standing){.there = true,
                              .team = rows_int(&r, 0),
                              .page = rows_int(&r, 1),
                              .until = {rows_int(&r, 2)},
                              .writing = rows_int(&r, 3) != 0};
    rows_end(&r);
    return s;
}

bool viewer_is(struct db *db, int64_t matter, int64_t staff, struct instant now)
{
    return standing_of(db, matter, staff).until.ms > now.ms;
}

/* Somebody who goes on having it open is no news; the queue hears of coming and going alone. */
void viewer_put(struct db *db, const struct viewer_page *p)
{
    struct standing was = standing_of(db, p->matter, p->staff);
    bool new = was.until.ms <= p->now.ms || was.team != p->team;
    if (was.there && was.page > p->page)
        return; /* a page of theirs that was opened later speaks for them */
    DB_PUT(db, &q[Q_PUT], V_INT(p->matter), V_INT(p->staff), V_INT(p->team), V_INT(p->page),
           V_INT(p->now.ms), V_INT(p->until.ms), V_INT(p->writing));
    if (new || was.writing != p->writing)
        db_notify(db, matter_topic(p->matter));
    if (new)
        db_notify(db, team_topic(p->team));
}

void viewer_leave(struct db *db, const struct viewer_page *p)
{
    struct standing was = standing_of(db, p->matter, p->staff);
    if (!was.there || was.page != p->page)
        return;
    DB_PUT(db, &q[Q_LEAVE], V_INT(p->matter), V_INT(p->staff));
    db_notify(db, matter_topic(p->matter));
    db_notify(db, team_topic(was.team));
}

/* ---- sweeping ---- */

bool viewer_sweep_wanted(struct db *db, struct instant now)
{
    struct rows r = DB_QUERY(db, &q[Q_OVER], V_INT(now.ms), V_INT(1));
    bool any = rows_next(&r);
    rows_end(&r);
    return any;
}

bool viewer_sweep(struct db *db)
{
    struct {
        int64_t matter, staff, team;
    } over[SWEPT_AT_ONCE];
    size_t n = 0;
    struct instant now = instant_now();
    struct rows r = DB_QUERY(db, &q[Q_OVER], V_INT(now.ms), V_INT(SWEPT_AT_ONCE));
    for (; n < SWEPT_AT_ONCE && rows_next(&r); n++) {
        over[n].matter = rows_int(&r, 0);
        over[n].staff = rows_int(&r, 1);
        over[n].team = rows_int(&r, 2);
    }
    rows_end(&r);
    for (size_t i = 0; i < n; i++) {
        DB_PUT(db, &q[Q_DROP], V_INT(over[i].matter), V_INT(over[i].staff), V_INT(now.ms));
        db_notify(db, matter_topic(over[i].matter));
        db_notify(db, team_topic(over[i].team));
    }
    return n == SWEPT_AT_ONCE;
}
