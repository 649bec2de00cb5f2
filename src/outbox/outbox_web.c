/*
 * outbox_web.c: the pages of heads and administrators: letters to print, and what could not be
 * sent.
 *
 * Messages are personal. A head sees those to residents of their own teams, an administrator (who
 * runs the installation, and sends what is stuck on its way) all. The list tells kind, way and time
 * and the end of a number; who opens a message or prints letters is logged before the page is sent
 * (outbox_sight). Letters are taken before they are printed, so two who print at once do not print
 * the same one.
 */
#include "outbox/outbox_room.h"

#include "outbox/outbox_pages.h"

enum { SHOWN = 100, PRINTED = 50, PRINT_MINUTES = 60 };

/* May they see it: $n is 1 for an administrator, $m the professional. */
#define OWN(n, m) "(" n " = 1 OR team IN (SELECT team FROM team_member WHERE staff = " m "))"

enum { Q_LETTERS, Q_TAKE, Q_MINE, Q_PRINTED, Q_BACK, Q_FAILED, Q_ONE, Q_RETRY, Q_SEEN, Q_SIGHT };
static const struct stmt q[] = {
    [Q_LETTERS] = {"outbox.letters",
                   "SELECT id, ref, kind, due FROM outbox WHERE way = 'letter' AND urgent >= 0 AND "
                   "next_at <= $1 AND state = 'waiting' AND withdrawn = 0 AND (claim IS NULL OR "
                   "claimed_until <= $1) AND " OWN("$3", "$4") " ORDER BY next_at, id LIMIT $2",
                   0},
    [Q_TAKE] = {"outbox.take",
                "UPDATE outbox SET claim = $2, claimed_until = $3 WHERE id = $1 AND ended IS "
                "NULL AND withdrawn = 0 AND (claim IS NULL OR claimed_until <= $4)",
                0},
    [Q_MINE] =
        {"outbox.mine",
         "SELECT id, ref, recipient, subject, body, lang FROM outbox WHERE ended IS NULL AND "
         "claim = $1 AND claimed_until > $2 AND withdrawn = 0 ORDER BY id LIMIT $3",
         0},
    [Q_PRINTED] = {"outbox.printed",
                   "UPDATE outbox SET state = 'sent', ended = $3, staff = $4, claim = NULL, "
                   "claimed_until = NULL, tries = tries + 1 WHERE ref = $1 AND claim = $2 AND "
                   "ended IS NULL",
                   0},
    [Q_BACK] = {"outbox.give_back",
                "UPDATE outbox SET claim = NULL, claimed_until = NULL, state = CASE WHEN withdrawn "
                "= 1 THEN 'withdrawn' ELSE 'waiting' END, ended = CASE WHEN withdrawn = 1 THEN "
                "$3::bigint END WHERE ref = $1 AND claim = $2 AND ended IS NULL",
                0},
    [Q_FAILED] = {"outbox.list_failed",
                  "SELECT ref, kind, way, ended, reason, recipient, state FROM outbox WHERE (state "
                  "= 'failed' OR state = 'expired') AND seen IS NULL AND ended > 0 AND " OWN(
                      "$2", "$3") " ORDER BY ended DESC, id LIMIT $1",
                  0},
    [Q_ONE] = {"outbox.one",
               "SELECT id, kind, way, ended, reason, recipient, subject, body, state, seen FROM "
               "outbox WHERE ref = $1 AND " OWN("$2", "$3"),
               0},
    [Q_RETRY] = {"outbox.retry",
                 "UPDATE outbox SET state = 'waiting', ended = NULL, next_at = $2, tries = 0, "
                 "first_try = NULL, reason = NULL WHERE ref = $1 AND "
                 "state = 'failed' AND COALESCE(seen, 0) = 0 AND erased = 0",
                 0},
    [Q_SEEN] = {"outbox.seen",
                "UPDATE outbox SET seen = $2, staff = $3 WHERE ref = $1 AND (state = 'failed' OR "
                "state = 'expired') AND COALESCE(seen, 0) = 0",
                0},
    [Q_SIGHT] = {"outbox.sight",
                 "INSERT INTO outbox_sight (at, staff, outbox, what) SELECT $1, $2, id, $4 FROM "
                 "outbox WHERE ref = $3",
                 0},
};
const struct stmt_table outbox_list_statements = {q, sizeof q / sizeof *q};

/* ---- words ---- */

static const char *const kind_words[] = {
    [OUTBOX_BOOKED] = N_("A time was booked"),
    [OUTBOX_MOVED] = N_("A time was moved"),
    [OUTBOX_CANCELLED] = N_("A time was cancelled"),
    [OUTBOX_REMINDER] = N_("Reminder of a time"),
    [OUTBOX_CANCELLED_OWN] = N_("A time was cancelled by the resident"),
    [OUTBOX_OFFERED] = N_("A time is offered"),
    [OUTBOX_OFFER_GONE] = N_("An offered time has gone to somebody else"),
    [OUTBOX_GROUP_CHANGED] = N_("A group's meeting has changed"),
    [OUTBOX_GROUP_PLACE] = N_("A place in a group"),
    [OUTBOX_REMOTE_LINK] = N_("Link to a remote visit"),
};

static struct str words_of(enum lang l, struct str kind)
{
    enum outbox_kind k;
    return outbox_kind_from(kind, &k) ? tr(l, kind_words[k]) : kind;
}

static struct str way_of(enum lang l, struct str way)
{
    enum outbox_way w;
    return outbox_way_from(way, &w) ? tr(l, outbox_way_words(w)) : way;
}

/* The end of a number, the host of an address. */
static struct str hint_of(struct rq *rq, struct str way, struct str to)
{
    if (str_eq(way, S("sms")) && to.n > 4 && str_is_phone(to))
        return str_fmt(rq->a, "…" STR_FMT, STR_ARG(str_sub(to, to.n - 4, 4)));
    size_t at = str_find(to, '@');
    if (str_eq(way, S("email")) && at < to.n)
        return str_fmt(rq->a, "…" STR_FMT, STR_ARG(str_sub(to, at, to.n)));
    return S("");
}

/* What an address lacks is a text of ours; what a server answered is told by its number. The whole
 * is in the row, in English, for who runs the server. */
static struct str why_of(struct rq *rq, struct str state, struct str reason)
{
    enum lang l = rq_lang(rq);
    static const struct str answered = S_INIT(" answered ");
    if (str_eq(state, S("expired")))
        return tr(l, "It could not be sent in time.");
    for (size_t i = 0; i + answered.n <= reason.n; i++)
        if (memcmp(reason.p + i, answered.p, answered.n) == 0) {
            struct str number = str_sub(reason, i + answered.n, 3);
            return tr_fill(rq->a, tr(l, "The receiving side refused it (%1)."), &number, 1);
        }
    struct str words = tr(l, str_z(rq->a, reason));
    if (l == LANG_EN || !str_eq(words, reason))
        return words;
    return tr(l, "It could not be handed over for a day.");
}

static bool may(struct rq *rq)
{
    if (rq->session.roles & (ROLE_HEAD | ROLE_ADMIN))
        return true;
    rq_fault(rq, ERR_FORBIDDEN);
    return false;
}

static struct val is_admin(struct rq *rq)
{
    return V_INT((rq->session.roles & ROLE_ADMIN) != 0);
}

static struct rows letter_rows(struct rq *rq)
{
    return DB_QUERY(rq->db, &q[Q_LETTERS], V_INT(rq->now.ms), V_INT(PRINTED), is_admin(rq),
                    V_INT(rq->session.staff));
}

static struct rows one_row(struct rq *rq)
{
    return DB_QUERY(rq->db, &q[Q_ONE], V_STR(rq->params[0]), is_admin(rq),
                    V_INT(rq->session.staff));
}

static struct str own_claim(struct rq *rq)
{
    return str_fmt(rq->a, "p:%lld", (long long)rq->session.staff);
}

static void log_sight(struct rq *rq, struct str ref, const char *what)
{
    DB_EXEC(rq->db, &q[Q_SIGHT], V_INT(rq->now.ms), V_INT(rq->session.staff), V_STR(ref),
            V_STR(str_of(what)));
}

/* ---- the list ---- */

static struct outbox_lines letters_of(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct outbox_lines list = {0};
    struct rows r = letter_rows(rq);
    while (rows_next(&r))
        VEC_PUSH(rq->a, &list,
                 (struct outbox_line){
                     .ref = rows_str(&r, rq->a, 1),
                     .kind = words_of(l, rows_str(&r, rq->a, 2)),
                     .when = fmt_when(rq->a, l, (struct instant){rows_int(&r, 3)}),
                 });
    rows_end(&r);
    return list;
}

static struct outbox_lines failed_of(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct outbox_lines list = {0};
    struct rows r =
        DB_QUERY(rq->db, &q[Q_FAILED], V_INT(SHOWN), is_admin(rq), V_INT(rq->session.staff));
    while (rows_next(&r)) {
        struct str way = rows_str(&r, rq->a, 2);
        VEC_PUSH(rq->a, &list,
                 (struct outbox_line){
                     .ref = rows_str(&r, rq->a, 0),
                     .kind = words_of(l, rows_str(&r, rq->a, 1)),
                     .way = way_of(l, way),
                     .when = fmt_when(rq->a, l, (struct instant){rows_int(&r, 3)}),
                     .reason = why_of(rq, rows_str(&r, rq->a, 6), rows_str(&r, rq->a, 4)),
                     .hint = hint_of(rq, way, rows_str(&r, rq->a, 5)),
                 });
    }
    rows_end(&r);
    return list;
}

static struct outbox_sheets mine_of(struct rq *rq)
{
    struct outbox_sheets v = {0};
    struct buf refs = buf_new(rq->a, PRINTED * 64);
    struct rows r =
        DB_QUERY(rq->db, &q[Q_MINE], V_STR(own_claim(rq)), V_INT(rq->now.ms), V_INT(PRINTED));
    while (rows_next(&r)) {
        struct outbox_sheet m = {.ref = rows_str(&r, rq->a, 1),
                                 .to = rows_str(&r, rq->a, 2),
                                 .subject = rows_str(&r, rq->a, 3),
                                 .body = rows_str(&r, rq->a, 4),
                                 .lang = rows_str(&r, rq->a, 5)};
        buf_fmt(&refs, "%s" STR_FMT, v.n ? " " : "", STR_ARG(m.ref));
        VEC_PUSH(rq->a, &v, m);
    }
    rows_end(&r);
    v.refs = buf_get(&refs);
    return v;
}

static void list_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    if (!may(rq))
        return;
    struct outbox_view v = {
        .letters = letters_of(rq), .failed = failed_of(rq), .mine = mine_of(rq).n > 0};
    struct str arg = fmt_int(rq->a, l, (int64_t)v.failed.n);
    v.told = tr_fill(rq->a,
                     tr_n(l, "%1 message could not be sent.", "%1 messages could not be sent.",
                          (int64_t)v.failed.n),
                     &arg, 1);
    rq->page.active = S("outbox");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Messages out"));
    outbox_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- printing ---- */

static void take(struct rq *rq)
{
    int64_t id[PRINTED];
    size_t n = 0;
    struct rows r = letter_rows(rq);
    while (n < PRINTED && rows_next(&r))
        id[n++] = rows_int(&r, 0);
    rows_end(&r);
    for (size_t i = 0; i < n; i++)
        DB_EXEC(rq->db, &q[Q_TAKE], V_INT(id[i]), V_STR(own_claim(rq)),
                V_INT(rq->now.ms + PRINT_MINUTES * MINUTE_MS), V_INT(rq->now.ms));
    rq_redirectf(rq, "/%s/staff/outbox/print", lang_code(rq_lang(rq)));
}

static void take_post(struct rq *rq)
{
    if (may(rq))
        rq_commit(rq, take);
}

static void print_sight(struct rq *rq)
{
    const struct outbox_sheets *v = rq->user;
    for (size_t i = 0; i < v->n; i++)
        log_sight(rq, v->p[i].ref, "print");
}

static void print_get(struct rq *rq)
{
    if (!may(rq))
        return;
    struct outbox_sheets *v = ARENA_NEW(rq->a, struct outbox_sheets);
    *v = mine_of(rq);
    if (!v->n) {
        rq_redirectf(rq, "/%s/staff/outbox", lang_code(rq_lang(rq)));
        return;
    }
    rq->page.active = S("outbox");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(rq_lang(rq), "Letters to print"));
    outbox_print_page(&rq->page, v);
    rq_page_end(rq);
    rq->user = v;
    rq_commit(rq, print_sight);
}

/* Those that were shown, and no others that were taken meanwhile. */
static void printed(struct rq *rq)
{
    struct str rest = rq_form(rq, "refs");
    bool done = str_eq(rq_form(rq, "act"), S("done"));
    for (int i = 0; i < PRINTED && rest.p && rest.n; i++) {
        struct val v[] = {V_STR(str_cut(&rest, ' ')), V_STR(own_claim(rq)), V_INT(rq->now.ms),
                          V_INT(rq->session.staff)};
        db_exec(rq->db, &q[done ? Q_PRINTED : Q_BACK], v, done ? 4 : 3);
    }
    rq_redirectf(rq, "/%s/staff/outbox", lang_code(rq_lang(rq)));
}

static void printed_post(struct rq *rq)
{
    if (may(rq))
        rq_commit(rq, printed);
}

/* ---- one that failed ---- */

static bool load(struct rq *rq, struct outbox_sheet *m)
{
    enum lang l = rq_lang(rq);
    struct rows r = one_row(rq);
    bool found = rows_next(&r);
    if (found) {
        struct str state = rows_str(&r, rq->a, 8);
        bool failed = str_eq(state, S("failed")) || str_eq(state, S("expired"));
        *m = (struct outbox_sheet){
            .ref = rq->params[0],
            .kind = words_of(l, rows_str(&r, rq->a, 1)),
            .way = way_of(l, rows_str(&r, rq->a, 2)),
            .when = fmt_when(rq->a, l, (struct instant){rows_int(&r, 3)}),
            .reason = why_of(rq, state, rows_str(&r, rq->a, 4)),
            .to = rows_str(&r, rq->a, 5),
            .subject = rows_str(&r, rq->a, 6),
            .body = rows_str(&r, rq->a, 7),
            .failed = failed && rows_null(&r, 9),
        };
        found = failed;
    }
    rows_end(&r);
    return found;
}

static void message_sight(struct rq *rq)
{
    log_sight(rq, rq->params[0], "read");
}

static void message_get(struct rq *rq)
{
    struct outbox_sheet m;
    if (!may(rq))
        return;
    if (!load(rq, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq->page.active = S("outbox");
    rq->page.refuse_index = true;
    rq_page_begin(rq, m.kind);
    outbox_message_page(&rq->page, &m);
    rq_page_end(rq);
    rq_commit(rq, message_sight);
}

static void see_to(struct rq *rq)
{
    struct str act = rq_form(rq, "act");
    bool retry = str_eq(act, S("retry"));
    struct rows r = one_row(rq);
    bool own = rows_next(&r);
    rows_end(&r);
    if (!own) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (retry)
        DB_EXEC(rq->db, &q[Q_RETRY], V_STR(rq->params[0]), V_INT(rq->now.ms));
    else
        DB_EXEC(rq->db, &q[Q_SEEN], V_STR(rq->params[0]), V_INT(rq->now.ms),
                V_INT(rq->session.staff));
    log_sight(rq, rq->params[0], retry ? "retry" : "seen");
    rq_redirectf(rq, "/%s/staff/outbox", lang_code(rq_lang(rq)));
}

static void message_post(struct rq *rq)
{
    if (may(rq))
        rq_commit(rq, see_to);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/outbox", ACCESS_STAFF, 0, list_get},
    {HTTP_GET, "/:lang/staff/outbox/print", ACCESS_STAFF, 0, print_get},
    {HTTP_POST, "/:lang/staff/outbox/print", ACCESS_STAFF, 0, take_post},
    {HTTP_POST, "/:lang/staff/outbox/printed", ACCESS_STAFF, 0, printed_post},
    {HTTP_GET, "/:lang/staff/outbox/message/:ref", ACCESS_STAFF, 0, message_get},
    {HTTP_POST, "/:lang/staff/outbox/message/:ref", ACCESS_STAFF, 0, message_post},
};
const struct route_table outbox_routes = {routes, sizeof routes / sizeof *routes};
