/*
 * group_act.c: what happens to groups and sign-ups, in commits; who is told; the keeper's chores.
 *
 *     a place is given back, or an offer runs out -> offer_free() -> offered to the first who waits
 *
 * Messages go to the phone where one was left, else by e-mail: one each. They never say which group
 * it is (outbox.h), only when, and where to read more.
 */
#include "group/group_room.h"

#include "base/guard.h"

#include <assert.h>

/* ---- telling ---- */

struct telling {
    struct arena *a;
    struct db *db;
    const struct group *g;
    struct str phone; /* of the team */
    struct instant now;
};

static struct telling telling_of(struct arena *a, struct db *db, const struct group *g,
                                 struct instant now)
{
    const struct team *team = team_load(a, db, g->team);
    return (struct telling){a, db, g, team ? team->phone : S(""), now};
}

struct notice {
    enum outbox_kind kind;
    struct str key;
    const struct group_session *session; /* NULL: none */
    struct instant until;                /* to answer; ms 0: not asked */
    struct instant useless;              /* after this nobody need know */
};

/* To who left a way. Where it is stands on the page and not in the message: a group's place is
 * words that somebody wrote, and may be the name of a unit. */
static void tell(const struct telling *t, const struct group_signup *s, const struct notice *n)
{
    if (!s->phone.n && !s->email.n)
        return;
    const struct outbox_field fields[] = {
        {"when", n->session ? fmt_when(t->a, s->lang, n->session->start) : S("")},
        {"until", n->until.ms ? fmt_when(t->a, s->lang, n->until) : S("")},
        {"address",
         s->site.n ? str_fmt(t->a, STR_FMT "/%s/groups/mine", STR_ARG(s->site), lang_code(s->lang))
                   : S("")},
        {"phone", t->phone},
    };
    const struct outbox_message m = {
        .key = n->key,
        .way = s->phone.n ? OUTBOX_SMS : OUTBOX_EMAIL,
        .kind = n->kind,
        .lang = s->lang,
        .team = t->g->team,
        .to = s->phone.n ? s->phone : s->email,
        .about = str_fmt(t->a, "group-signup:%lld", (long long)s->id),
        .until = n->useless,
        .field = fields,
        .field_n = sizeof fields / sizeof *fields,
    };
    outbox_put(t->a, t->db, &m, t->now);
}

static void tell_place(const struct telling *t, const struct group_signup *s,
                       const struct group_session *session)
{
    struct notice n = {.kind = OUTBOX_GROUP_PLACE,
                       .key = str_fmt(t->a, "group-place:%lld:%d", (long long)s->id, s->offers),
                       .session = session,
                       .until = s->offer_until,
                       .useless = s->offer_until.ms ? s->offer_until : session->start};
    tell(t, s, &n);
}

/* ---- the line ---- */

static struct instant sooner(struct instant a, struct instant b)
{
    return a.ms < b.ms ? a : b;
}

/* Every free place to the first who waits, as long as there is a session to come to. */
static void offer_free(const struct telling *t, int64_t session)
{
    struct group_sessions sessions = group_sessions_load(t->a, t->db, t->g->id);
    const struct group_session *next = group_next(&sessions, session, t->now);
    if (!next || t->g->state == GROUP_ENDED || (t->g->whole && next != group_first(&sessions)))
        return; /* nobody joins a series that has begun */
    struct group_counts n = group_count(t->db, t->g->id, session);
    int free = t->g->places - n.of[SIGN_PLACE] - n.of[SIGN_OFFERED];
    if (free <= 0 || !n.of[SIGN_WAITING])
        return;
    struct group_signups line = group_signups_load(t->a, t->db, t->g->id, session, SIGN_WAITING);
    for (size_t i = 0; i < line.n && free > 0; i++, free--) {
        struct group_signup *s = &line.p[i];
        s->offers++;
        s->state = t->g->offer_hours ? SIGN_OFFERED : SIGN_PLACE;
        if (t->g->offer_hours) {
            struct instant until = {t->now.ms + (int64_t)t->g->offer_hours * HOUR_MS};
            s->offer_until = sooner(until, next->start);
        }
        group_signup_update(t->db, s);
        tell_place(t, s, next);
    }
}

void group_offer(struct arena *a, struct db *db, const struct group *g, struct instant now)
{
    struct telling t = telling_of(a, db, g, now);
    struct group_sessions list = group_sessions_load(a, db, g->id);
    if (g->whole)
        offer_free(&t, 0);
    for (size_t i = 0; i < list.n && !g->whole; i++)
        offer_free(&t, list.p[i].id);
}

/* Nobody is reached any more by what is erased. */
static void forget(struct group_signup *s)
{
    s->state = SIGN_GONE;
    s->name = s->phone = s->email = S("");
    s->offer_until = (struct instant){0};
}

static void changed(struct db *db, const struct group *g)
{
    db_notify(db, topic_of("group", g->id));
}

enum group_refusal group_sign_up(struct arena *a, struct db *db, const struct group *g,
                                 const struct group_signing *s, struct group_signup *out)
{
    if (group_signup_by_once(a, db, s->once, out))
        return GROUP_NO_FINE;
    struct group_sessions sessions = group_sessions_load(a, db, g->id);
    struct group_counts n = group_count(db, g->id, s->session);
    *out = (struct group_signup){.group = g->id,
                                 .session = s->session,
                                 .name = g->names == GROUP_NAMES_NONE ? S("") : s->name,
                                 .phone = s->phone,
                                 .email = s->email,
                                 .site = s->site,
                                 .lang = s->lang,
                                 .made = s->at,
                                 .queued = s->at,
                                 .staff = s->staff,
                                 .matter = s->matter};
    enum group_refusal no = group_may_sign(g, &sessions, &n, s, &out->state);
    if (no != GROUP_NO_FINE)
        return no;
    out->id = group_signup_insert(db, out, s->once, s->code_hash);
    changed(db, g);
    return GROUP_NO_FINE;
}

enum group_refusal group_leave(struct arena *a, struct db *db, const struct group *g,
                               struct group_signup *s, struct instant now)
{
    if (s->state == SIGN_GONE)
        return GROUP_NO_GONE;
    struct telling t = telling_of(a, db, g, now);
    forget(s);
    group_signup_update(db, s);
    outbox_withdraw(db, str_fmt(a, "group-signup:%lld", (long long)s->id), now);
    offer_free(&t, s->session);
    changed(db, g);
    return GROUP_NO_FINE;
}

void group_erase_matter(struct arena *a, struct db *db, int64_t matter, struct instant now)
{
    struct group_signups all = group_signups_of_matter(a, db, matter);
    struct group g;
    for (size_t i = 0; i < all.n; i++)
        if (group_load_id(a, db, all.p[i].group, &g))
            group_leave(a, db, &g, &all.p[i], now); /* GONE: it is over already */
    group_signups_forget_matter(db, matter);
}

enum group_refusal group_answer(struct arena *a, struct db *db, const struct group *g,
                                struct group_signup *s, bool yes, struct instant now)
{
    if (s->state == SIGN_PLACE && yes)
        return GROUP_NO_FINE; /* sent twice */
    if (s->state != SIGN_OFFERED || s->offer_until.ms <= now.ms)
        return GROUP_NO_NOT_OFFERED;
    if (!yes)
        return group_leave(a, db, g, s, now);
    s->state = SIGN_PLACE;
    s->offer_until = (struct instant){0};
    group_signup_update(db, s);
    changed(db, g);
    return GROUP_NO_FINE;
}

/* ---- sessions ---- */

enum group_refusal group_sessions_add(struct arena *a, struct db *db, const struct group *g,
                                      const struct group_weekly *w, struct instant now)
{
    enum { AHEAD_DAYS = 550 };
    struct group_sessions have = group_sessions_load(a, db, g->id);
    if (have.n + (size_t)w->n > GROUP_SESSIONS_MOST)
        return GROUP_NO_MANY;
    for (int i = 0; i < w->n; i++) {
        struct group_session s = {.group = g->id, .calendar = w->calendar, .changed = now};
        s.start = group_weekly_start(w, i);
        s.end = (struct instant){s.start.ms + (int64_t)w->minutes * MINUTE_MS};
        if (date_of(s.start).day > date_of(now).day + AHEAD_DAYS)
            return GROUP_NO_PAST;
        s.id = group_session_insert(db, &s);
        if (!s.id)
            return GROUP_NO_THERE;
        const struct busy_want want = {BUSY_CALENDAR, w->calendar, s.start, s.end};
        if (w->calendar && !busy_take(db, &want, 1, BUSY_SESSION, s.id, (struct instant){0}, now))
            return GROUP_NO_ROOM;
    }
    changed(db, g);
    return GROUP_NO_FINE;
}

/* Of a session: who signed up for it, or for the whole series. */
static void tell_changed(const struct telling *t, const struct group_session *s)
{
    static const enum group_sign whom[] = {SIGN_PLACE, SIGN_OFFERED, SIGN_WAITING};
    for (size_t w = 0; w < sizeof whom / sizeof *whom; w++) {
        struct group_signups list =
            group_signups_load(t->a, t->db, t->g->id, t->g->whole ? 0 : s->id, whom[w]);
        for (size_t i = 0; i < list.n; i++) {
            const struct notice n = {
                .kind = OUTBOX_GROUP_CHANGED,
                .key = str_fmt(t->a, "group:%lld:%lld", (long long)s->id, (long long)list.p[i].id),
                .session = s,
                .useless = s->start};
            tell(t, &list.p[i], &n);
        }
    }
}

static enum group_refusal text_wrong(struct str text)
{
    if (!str_shows(text))
        return GROUP_NO_NO_TEXT;
    return str_utf8_len(text) > GROUP_TEXT_MAX ? GROUP_NO_LONG_TEXT : GROUP_NO_FINE;
}

static void cancel(const struct telling *t, struct group_session *s, struct str text)
{
    s->cancelled = true;
    s->why = text;
    s->changed = t->now;
    group_session_end(t->db, s);
    busy_give(t->db, BUSY_SESSION, s->id);
    tell_changed(t, s);
    /* who was offered a place in it has nothing to answer any more */
    struct group_signups offered = group_signups_load(t->a, t->db, t->g->id, s->id, SIGN_OFFERED);
    for (size_t i = 0; i < offered.n; i++) {
        offered.p[i].state = SIGN_WAITING;
        offered.p[i].offer_until = (struct instant){0};
        group_signup_update(t->db, &offered.p[i]);
    }
}

enum group_refusal group_session_cancel(struct arena *a, struct db *db, const struct group *g,
                                        int64_t session, struct str text, struct instant now)
{
    struct group_sessions list = group_sessions_load(a, db, g->id);
    const struct group_session *found = group_session_by(&list, session);
    enum group_refusal no = text_wrong(text);
    if (!found || found->cancelled)
        return GROUP_NO_CANCELLED;
    if (found->start.ms <= now.ms)
        return GROUP_NO_BEGUN;
    if (no != GROUP_NO_FINE)
        return no;
    struct telling t = telling_of(a, db, g, now);
    struct group_session s = *found;
    cancel(&t, &s, text);
    changed(db, g);
    return GROUP_NO_FINE;
}

enum group_refusal group_cancel(struct arena *a, struct db *db, const struct group *g,
                                struct str text, struct instant now)
{
    struct group_sessions list = group_sessions_load(a, db, g->id);
    enum group_refusal no = text_wrong(text);
    if (no != GROUP_NO_FINE)
        return no;
    struct telling t = telling_of(a, db, g, now);
    bool told = false;
    for (size_t i = 0; i < list.n; i++) {
        struct group_session *s = &list.p[i];
        if (s->cancelled || s->start.ms <= now.ms)
            continue;
        if (g->whole && told) { /* one message is enough for a series */
            s->cancelled = true;
            s->why = text;
            s->changed = now;
            group_session_end(db, s);
            busy_give(db, BUSY_SESSION, s->id);
            continue;
        }
        cancel(&t, s, text);
        told = true;
    }
    group_state_set(db, g->id, GROUP_ENDED);
    changed(db, g);
    return GROUP_NO_FINE;
}

enum group_refusal group_attend(struct arena *a, struct db *db, const struct group *g,
                                int64_t session, const struct group_marks *marks, int others,
                                struct instant now)
{
    struct group_sessions list = group_sessions_load(a, db, g->id);
    const struct group_session *found = group_session_by(&list, session);
    if (!found || found->cancelled)
        return GROUP_NO_CANCELLED;
    if (found->end.ms + (int64_t)group_data()->keep_days * 24 * HOUR_MS < now.ms)
        return GROUP_NO_ERASED;
    if (others < 0 || others > 1000)
        return GROUP_NO_NUMBER;
    struct group_signups have =
        group_signups_load(a, db, g->id, g->whole ? 0 : session, SIGN_PLACE);
    struct group_marks known = {0};
    struct group_session s = *found;
    s.attended = now;
    s.signed_up = (int)have.n;
    s.came = 0;
    s.came_without = others;
    for (size_t i = 0; i < have.n; i++)
        for (size_t j = 0; j < marks->n; j++)
            if (marks->p[j].signup == have.p[i].id) {
                VEC_PUSH(a, &known, marks->p[j]);
                s.came += marks->p[j].came == 1;
            }
    group_attendance_put(db, &s, &known);
    changed(db, g);
    return GROUP_NO_FINE;
}

/* ---- chores ---- */

static struct instant days_ago(struct instant now, int days)
{
    return (struct instant){now.ms - (int64_t)days * 24 * HOUR_MS};
}

static struct instant remind_until(struct instant now)
{
    return (struct instant){now.ms + (int64_t)group_data()->remind_hours * HOUR_MS};
}

bool group_chores_wanted(struct db *db, struct instant now)
{
    return group_offers_over(db, now).n || group_to_remind(db, now, remind_until(now)).n ||
           group_to_erase(db, days_ago(now, group_data()->keep_days)).n || group_over(db, now).n;
}

static void offer_over(struct arena *a, struct db *db, int64_t signup, struct instant now)
{
    struct group_signup s;
    struct group g;
    if (!group_signup_load(a, db, signup, &s) || !group_load_id(a, db, s.group, &g))
        return;
    struct telling t = telling_of(a, db, &g, now);
    if (group_after_silence(&s) == SIGN_GONE) {
        forget(&s);
    } else {
        s.state = SIGN_WAITING;
        s.queued = now;
        s.offer_until = (struct instant){0};
    }
    group_signup_update(db, &s);
    offer_free(&t, s.session);
    changed(db, &g);
}

static void remind(struct arena *a, struct db *db, int64_t session, struct instant now)
{
    struct group_session s;
    struct group g;
    if (!group_session_load(a, db, session, &s) || !group_load_id(a, db, s.group, &g))
        return;
    group_reminded(db, session);
    struct telling t = telling_of(a, db, &g, now);
    struct group_signups list = group_signups_load(a, db, g.id, g.whole ? 0 : s.id, SIGN_PLACE);
    for (size_t i = 0; i < list.n && !s.cancelled; i++) {
        struct notice n = {
            .kind = OUTBOX_REMINDER,
            .key = str_fmt(a, "group-reminder:%lld:%lld", (long long)s.id, (long long)list.p[i].id),
            .session = &s,
            .useless = s.start};
        if (list.p[i].made.ms < s.start.ms - (int64_t)group_data()->remind_hours * HOUR_MS)
            tell(&t, &list.p[i], &n); /* who signed up just now knows */
    }
}

/* The numbers of a session stay; its persons go, and those of the series with the last one. */
static void erase(struct arena *a, struct db *db, int64_t session, struct instant before)
{
    struct group_session s;
    struct group g;
    if (!group_session_load(a, db, session, &s) || !group_load_id(a, db, s.group, &g))
        return;
    struct group_sessions all = group_sessions_load(a, db, g.id);
    bool last = true;
    for (size_t i = 0; i < all.n; i++)
        last = last && all.p[i].end.ms < before.ms;
    int signed_up = group_count(db, g.id, g.whole ? 0 : s.id).of[SIGN_PLACE];
    group_erase(db, &s, last, signed_up);
}

bool group_chores(struct arena *a, struct db *db, const struct law *law, struct instant now)
{
    struct instant before = days_ago(now, group_data()->keep_days);
    struct group_due offers = group_offers_over(db, now);
    for (size_t i = 0; i < offers.n; i++)
        offer_over(a, db, offers.id[i], now);
    struct group_due sessions = group_to_remind(db, now, remind_until(now));
    for (size_t i = 0; i < sessions.n; i++)
        remind(a, db, sessions.id[i], now);
    struct group_due over = group_over(db, now);
    for (size_t i = 0; i < over.n; i++)
        group_state_set(db, over.id[i], GROUP_ENDED);
    struct group_due old = group_to_erase(db, before);
    for (size_t i = 0; i < old.n; i++)
        erase(a, db, old.id[i], before);
    size_t most = sizeof old.id / sizeof *old.id;
    return offers.n == most || sessions.n == most || old.n == most || over.n == most;
}
