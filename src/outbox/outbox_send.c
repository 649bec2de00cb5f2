/*
 * outbox_send.c: what is due goes out. Three steps, none of which holds another:
 *
 *     which are due: read on a snapshot; claimed by their ids, in a commit (so two servers meet at
 *         a row and not over a range, and one of them gets it)
 *     sent, one after the other, without any transaction
 *     how it went: a second commit, for those whose claim is still ours
 *
 * A batch is given up long before its claim runs out, so that nobody else begins it while we are
 * at it: CLAIM_S is more than WORK_S, the longest try and a clock that is minutes wrong together.
 */
#include "outbox/outbox_room.h"

#include "base/guard.h"
#include "base/log.h"
#include "base/rand.h"

#include <poll.h>

enum {
    BATCH = 50,
    CHORE = 200,
    CLAIM_S = 600,
    WORK_S = 240,
    CUT_PAUSE_S = 60,
    RESULT_TRIES = 5,
    SCRATCH = 64 << 20
};

enum {
    Q_DUE,
    Q_CLAIM,
    Q_SENT,
    Q_AGAIN,
    Q_FAILED,
    Q_BACK,
    Q_RECOVER,
    Q_USELESS_ANY,
    Q_USELESS,
    Q_GONE_ANY,
    Q_GONE,
    Q_OLD_ANY,
    Q_OLD
};
static const struct stmt q[] = {
    [Q_DUE] = {"outbox.due",
               "SELECT id FROM outbox WHERE way = $1 AND urgent = $2 AND next_at <= $3 AND state "
               "= 'waiting' AND withdrawn = 0 AND (claim IS NULL OR claimed_until <= $3) ORDER BY "
               "next_at, id LIMIT $4",
               0},
    [Q_CLAIM] = {"outbox.claim",
                 "UPDATE outbox SET claim = $2, claimed_until = $3, tries = tries + 1, first_try "
                 "= COALESCE(first_try, $4) WHERE id = $1 AND ended IS NULL AND withdrawn = 0 "
                 "AND (claim IS NULL OR claimed_until <= $4) AND (until IS NULL OR until > $4) "
                 "RETURNING ref, lang, recipient, subject, body, attachment, attachment_type, "
                 "tries, first_try",
                 0},
    [Q_SENT] = {"outbox.sent",
                "UPDATE outbox SET state = 'sent', ended = $3, claim = NULL, claimed_until = "
                "NULL, reason = NULL WHERE id = $1 AND claim = $2",
                0},
    [Q_AGAIN] = {"outbox.again",
                 "UPDATE outbox SET claim = NULL, claimed_until = NULL, next_at = $3, reason = "
                 "$4, state = CASE WHEN withdrawn = 1 THEN 'withdrawn' ELSE 'waiting' END, ended "
                 "= CASE WHEN withdrawn = 1 THEN $5::bigint END WHERE id = $1 AND claim = $2",
                 0},
    [Q_FAILED] = {"outbox.give_up",
                  "UPDATE outbox SET claim = NULL, claimed_until = NULL, reason = $4, state = "
                  "CASE WHEN withdrawn = 1 THEN 'withdrawn' ELSE 'failed' END, ended = $3 WHERE "
                  "id = $1 AND claim = $2",
                  0},
    [Q_BACK] = {"outbox.back",
                "UPDATE outbox SET claim = NULL, claimed_until = NULL, tries = tries - 1, next_at "
                "= $3 WHERE id = $1 AND claim = $2",
                0},
    [Q_RECOVER] = {"outbox.recover",
                   "UPDATE outbox SET claimed_until = 0 WHERE claim >= 's:' AND claim < 's;'", 0},
    [Q_USELESS_ANY] = {"outbox.useless_any",
                       "SELECT id FROM outbox WHERE state = 'waiting' AND until <= $1 AND (claim "
                       "IS NULL OR claimed_until <= $1) LIMIT 1",
                       0},
    [Q_USELESS] = {"outbox.useless",
                   "UPDATE outbox SET state = 'expired', ended = $1, claim = NULL, claimed_until "
                   "= NULL WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND until "
                   "<= $1 AND (claim IS NULL OR claimed_until <= $1) ORDER BY until, id LIMIT $2)",
                   0},
    [Q_GONE_ANY] = {"outbox.gone_any",
                    "SELECT id FROM outbox WHERE state = 'waiting' AND withdrawn = 1 AND "
                    "claimed_until <= $1 LIMIT 1",
                    0},
    [Q_GONE] = {"outbox.gone",
                "UPDATE outbox SET state = 'withdrawn', ended = $1, claim = NULL, claimed_until "
                "= NULL WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND withdrawn "
                "= 1 AND claimed_until <= $1 ORDER BY claimed_until, id LIMIT $2)",
                0},
    [Q_OLD_ANY] = {"outbox.old_any",
                   "SELECT id FROM outbox WHERE erased = 0 AND ended IS NOT NULL AND ended <= $1 "
                   "LIMIT 1",
                   0},
    [Q_OLD] = {"outbox.old",
               "UPDATE outbox SET erased = 1, recipient = NULL, subject = NULL, body = NULL, "
               "attachment = NULL, attachment_type = NULL WHERE id IN (SELECT id FROM outbox "
               "WHERE erased = 0 AND ended IS NOT NULL AND ended <= $1 ORDER BY ended, id LIMIT "
               "$2)",
               0},
};
const struct stmt_table outbox_send_statements = {q, sizeof q / sizeof *q};

/* ---- a batch ---- */

enum went { WENT_BACK, WENT_SENT, WENT_AGAIN, WENT_FAILED };
struct batch {
    struct arena *a;
    struct store *store;
    const struct law *law;
    const struct outbox_ways *ways;
    enum outbox_way way;
    int64_t began; /* sending; of the steady clock */
    bool cut;      /* the line: others would fail too */
    struct str claim;
    struct instant now;
    int64_t due[BATCH];
    size_t due_n;
    struct outbox_row row[BATCH];
    struct {
        enum went went;
        struct instant at; /* sent, failed; AGAIN, BACK: when next */
        struct str why;
    } how[BATCH];
    size_t n;
};

static void find_due(struct batch *b, struct db *db, bool urgent)
{
    struct rows r = DB_QUERY(db, &q[Q_DUE], V_STR(str_of(outbox_way_code(b->way))), V_INT(urgent),
                             V_INT(b->now.ms), V_INT((int64_t)(BATCH - b->due_n)));
    while (b->due_n < BATCH && rows_next(&r))
        b->due[b->due_n++] = rows_int(&r, 0);
    rows_end(&r);
}

static struct outbox_row row_of(struct arena *a, struct rows *r, int64_t id, enum outbox_way way)
{
    struct outbox_row m = {
        .id = id,
        .way = way,
        .ref = rows_str(r, a, 0),
        .to = rows_str(r, a, 2),
        .subject = rows_str(r, a, 3),
        .body = rows_str(r, a, 4),
        .attachment = rows_str(r, a, 5),
        .attachment_type = rows_str(r, a, 6),
        .tries = (int)rows_int(r, 7),
        .first = {rows_int(r, 8)},
    };
    lang_from(rows_str(r, a, 1), &m.lang);
    return m;
}

static void claim(struct db *db, void *arg)
{
    struct batch *b = arg;
    b->n = 0;
    for (size_t i = 0; i < b->due_n; i++) {
        struct rows r = DB_QUERY(db, &q[Q_CLAIM], V_INT(b->due[i]), V_STR(b->claim),
                                 V_INT(b->now.ms + CLAIM_S * 1000), V_INT(b->now.ms));
        if (rows_next(&r))
            b->row[b->n++] = row_of(b->a, &r, b->due[i], b->way);
        rows_end(&r);
    }
}

static void tell(struct db *db, void *arg)
{
    static const int by[] = {[WENT_BACK] = Q_BACK,
                             [WENT_SENT] = Q_SENT,
                             [WENT_AGAIN] = Q_AGAIN,
                             [WENT_FAILED] = Q_FAILED};
    const struct batch *b = arg;
    for (size_t i = 0; i < b->n; i++) {
        struct val v[] = {V_INT(b->row[i].id), V_STR(b->claim), V_INT(b->how[i].at.ms),
                          v_opt_str(b->how[i].why), V_INT(b->now.ms)};
        enum went went = b->how[i].went;
        db_put(db, &q[by[went]], v, went == WENT_AGAIN ? 5 : went == WENT_FAILED ? 4 : 3);
    }
}

/* ---- sending ---- */

static enum fetch_sent send_one(struct batch *b, struct fetch_sender *f, const struct outbox_row *m,
                                struct str *why)
{
    const struct outbox_way_out *out = &b->ways->out[b->way];
    const char *wrong = outbox_address_wrong(b->way, m->to);
    if (wrong) {
        *why = str_of(wrong);
        return FETCH_NEVER;
    }
    if (out->to == OUTBOX_TO_FOLDER)
        return outbox_folder_put(b->a, out, m, b->now, why) ? FETCH_SENT : FETCH_AGAIN;
    if (out->to == OUTBOX_TO_GATEWAY) {
        struct fetch_post p = {
            .url = out->url, .key = out->key, .once = m->ref, .body = outbox_gateway_body(b->a, m)};
        return fetch_post(b->a, f, &p, why);
    }
    struct fetch_mail mail = {.host = out->host,
                              .port = out->port,
                              .tls = out->tls,
                              .user = out->user,
                              .password = out->password,
                              .from = out->from,
                              .to = m->to,
                              .message = outbox_mail(b->a, out, m, b->now)};
    return fetch_mail(b->a, f, &mail, why);
}

static struct instant later(const struct batch *b)
{
    return (struct instant){b->now.ms + steady_ms() - b->began};
}

static void note(struct batch *b, size_t i, enum fetch_sent sent, struct str why)
{
    struct instant now = later(b);
    struct instant again = outbox_again(outbox_data(), b->row[i].tries, b->row[i].first, now);
    bool failed = sent == FETCH_NEVER || !again.ms;
    b->how[i].why = str_sub(why, 0, 300);
    b->how[i].went = sent == FETCH_SENT ? WENT_SENT : failed ? WENT_FAILED : WENT_AGAIN;
    b->how[i].at = b->how[i].went == WENT_AGAIN ? again : now;
}

static bool is_stopped(const struct outbox_ways *ways)
{
    return ways->stop && atomic_load(ways->stop);
}

/* What is in a folder and not on disk has not been sent. */
static void sync_folder(struct batch *b)
{
    if (b->ways->out[b->way].to != OUTBOX_TO_FOLDER || outbox_folder_sync(&b->ways->out[b->way]))
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->how[i].went == WENT_SENT)
            note(b, i, FETCH_AGAIN, S("the folder cannot be written to disk"));
}

/* Each is noted as failed before it is tried: what fails on the way (no memory) counts as a try.
 * What is not tried goes back, where the line is cut for a moment later. */
static void send_batch(void *arg)
{
    struct batch *b = arg;
    struct fetch_sender_conf conf = {.stop = b->ways->stop,
                                     .ca_file = b->ways->out[b->way].ca_file};
    struct fetch_sender *f = fetch_sender_open(b->a, &conf);
    bool folder = b->ways->out[b->way].to == OUTBOX_TO_FOLDER;
    for (size_t i = 0; i < b->n && !b->cut && steady_ms() - b->began < WORK_S * 1000; i++) {
        struct str why = {"", 0};
        if (is_stopped(b->ways))
            break;
        note(b, i, FETCH_AGAIN, S("something went wrong here"));
        enum fetch_sent sent = send_one(b, f, &b->row[i], &why);
        b->cut = sent == FETCH_AGAIN && (folder || fetch_sender_is_cut(f));
        if (sent == FETCH_AGAIN && is_stopped(b->ways))
            b->how[i].went = WENT_BACK; /* not its fault */
        else
            note(b, i, sent, why);
        if (b->cut)
            log_warn("outbox", "%s: " STR_FMT, outbox_way_code(b->way), STR_ARG(why));
    }
    sync_folder(b);
}

static void set_back(struct batch *b)
{
    struct instant at = {later(b).ms + (b->cut ? CUT_PAUSE_S * 1000 : 0)};
    for (size_t i = 0; i < b->n; i++)
        if (b->how[i].went == WENT_BACK)
            b->how[i].at = at;
}

/* What was sent and cannot be told is sent again once the claim has run out, so it is tried for a
 * while: telling it twice changes nothing. */
static void tell_all(struct store *s, struct batch *b)
{
    for (int i = 0; i < RESULT_TRIES; i++) {
        if (store_write(s, tell, b) == ERR_OK)
            return;
        poll(NULL, 0, 500);
    }
    log_warn("outbox",
             "%zu messages were handed over, and it could not be written down: they go "
             "again in %d minutes, under the same names",
             b->n, CLAIM_S / 60);
}

static void run_batch(struct arena *a, void *batch)
{
    struct batch *b = batch;
    const char *why = "";
    b->a = a;
    b->claim = str_fmt(a, "s:" STR_FMT, STR_ARG(rand_ref(a, 16)));
    find_due(b, store_reader(b->store), true);
    if (outbox_window(b->law, b->way, b->now).ms == b->now.ms)
        find_due(b, store_reader(b->store), false);
    if (!b->due_n || store_write(b->store, claim, b) != ERR_OK || !b->n)
        return;
    b->began = steady_ms();
    if (guard_run(send_batch, b, &why) != ERR_OK) {
        log_warn("outbox", "%s: %s", outbox_way_code(b->way), why);
        b->cut = true;
    }
    set_back(b);
    tell_all(b->store, b);
}

bool outbox_ways_sends(const struct outbox_ways *ways, enum outbox_way way)
{
    enum outbox_to to = ways->out[way].to;
    return to != OUTBOX_TO_NONE && to != OUTBOX_TO_PRINT;
}

static void run_in_arena(void *batch)
{
    arena_run(SCRATCH, run_batch, batch);
}

bool outbox_run(struct store *s, const struct law *law, const struct outbox_ways *ways,
                enum outbox_way way, struct instant now)
{
    const char *why = "";
    if (!outbox_ways_sends(ways, way))
        return false;
    struct batch b = {.store = s, .law = law, .ways = ways, .way = way, .now = now};
    bool failed = guard_run(run_in_arena, &b, &why) != ERR_OK;
    if (failed)
        log_warn("outbox", "%s: %s", outbox_way_code(way), why);
    return !failed && !b.cut && b.due_n == BATCH;
}

/* ---- chores ---- */

struct chore {
    const struct stmt *q;
    int64_t until;
};

static void do_chore(struct db *db, void *arg)
{
    const struct chore *c = arg;
    DB_EXEC(db, c->q, V_INT(c->until), V_INT(CHORE));
}

void outbox_chores(struct store *s, struct instant now)
{
    int64_t old = now.ms - (int64_t)outbox_data()->keep_days * 24 * HOUR_MS;
    const struct {
        int any;
        struct chore chore;
    } all[] = {{Q_USELESS_ANY, {&q[Q_USELESS], now.ms}},
               {Q_GONE_ANY, {&q[Q_GONE], now.ms}},
               {Q_OLD_ANY, {&q[Q_OLD], old}}};
    if (!store_leads(s))
        return;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (DB_INT(store_reader(s), 0, &q[all[i].any], V_INT(all[i].chore.until))) {
            struct chore c = all[i].chore;
            store_write(s, do_chore, &c);
        }
}

static void recover(struct db *db, void *arg)
{
    DB_EXEC(db, &q[Q_RECOVER]);
}

void outbox_recover(struct store *s)
{
    if (!store_shared(s))
        store_write(s, recover, NULL);
}
