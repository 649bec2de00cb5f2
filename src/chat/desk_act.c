/*
 * desk_act.c: what a professional does in a conversation. One address takes all acts (the field
 * `act` says which); each is decided in the commit, on what is true then, and every form has a
 * value of its own, so that one sent twice is done once. Nothing typed is lost by a refusal.
 *
 * A form that brings `live` comes from the script: it is answered with "ok", or with the refusal in
 * one line of text. What has come the script asks for by number, on a snapshot: a commit that read
 * it would stand in the way of the others.
 *
 * To a channel of another client register a conversation goes in two steps: the resident is asked
 * in the conversation, word by word, and has answered there; and the receiver sees those words and
 * what comes after them, nothing before (desk_view.c). Whether the answer was a yes is for the
 * professional to read, and what they did stands in the log with it.
 */
#include "chat/chat_room.h"
#include "chat/desk_view.h"

#include "directory/directory.h"
#include "matter/merge.h"

enum { PAUSE_WHY_MOST = 200 };

struct acting {
    int64_t id;
    enum desk_part part;
    /* In the commit. Why it was not done; empty: it was. */
    struct str (*run)(struct rq *rq, struct acting *k, struct chat *c);
    struct chat_act act;
    const char *field, *done; /* at which a refusal points; what is said when it is done */
    bool live;                /* from the script */
    bool leave;               /* it is not on one's desk any more */
    struct attach_file file;
};

static struct str refused(const struct rq *rq, struct acting *k, enum chat_refusal no)
{
    switch (no) {
    case CHAT_REFUSED_NO_TEXT:
    case CHAT_REFUSED_LONG_TEXT:
        k->field = "text";
        break;
    case CHAT_REFUSED_NO_CHANNEL:
        k->field = "channel";
        break;
    case CHAT_REFUSED_NO_LINK:
        k->field = "href";
        break;
    case CHAT_REFUSED_JOINED:
    case CHAT_REFUSED_OTHER_REGISTER:
        k->field = "number";
        break;
    default:
        break;
    }
    return no == CHAT_REFUSED_FINE ? (struct str){NULL, 0}
                                   : tr(rq_lang(rq), chat_refusal_words(no));
}

static struct str wrong(const struct rq *rq, struct acting *k, const char *field, const char *msgid)
{
    k->field = field;
    return tr(rq_lang(rq), msgid);
}

/* ---- the acts ---- */

static struct str do_say(struct rq *rq, struct acting *k, struct chat *c)
{
    k->act.kind = CHAT_SAID;
    k->act.text = rq_form(rq, "text");
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_file(struct rq *rq, struct acting *k, struct chat *c)
{
    k->act.kind = CHAT_SENT;
    k->act.file = &k->file;
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_take(struct rq *rq, struct acting *k, struct chat *c)
{
    k->act.kind = CHAT_TAKEN;
    if (str_int(rq_form(rq, "from"), &k->act.from))
        k->act.head = desk_leads(rq);
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_who(struct rq *rq, struct acting *k, struct chat *c)
{
    k->act.kind = CHAT_ASKED_WHO;
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_guide(struct rq *rq, struct acting *k, struct chat *c)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    const struct dir_service *s = dir_service(d, rq_form(rq, "service"));
    if (!s)
        return wrong(rq, k, "service", N_("Choose a service."));
    k->act.kind = CHAT_LINKED;
    k->act.text = dir_pick(&s->name, c->lang).text;
    k->act.href = str_fmt(rq->a, "/%s/service/" STR_FMT, lang_code(c->lang), STR_ARG(s->id));
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_link(struct rq *rq, struct acting *k, struct chat *c)
{
    struct str what = rq_form(rq, "what");
    k->act.kind = CHAT_LINKED;
    k->act.href = rq_form(rq, "href");
    k->act.text = str_eq(what, S("video"))  ? tr(c->lang, "Join the video meeting")
                  : str_eq(what, S("tray")) ? tr(c->lang, "Open the services that were gathered "
                                                          "for you")
                                            : k->act.href;
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

/* By its number, or by the receipt code that the resident told. Another team's is not there. */
static bool find_matter(struct rq *rq, struct str typed, struct matter *m)
{
    struct str ref = matter_ref_typed(rq->a, typed), hash;
    bool there = ref.n && matter_load_ref(rq->a, rq->db, rq->app->law, ref, m);
    if (!there && auth_code_hash(rq->a, rq->app->key, typed, &hash))
        there = matter_load(rq->a, rq->db, rq->app->law, matter_find_code(rq->db, hash), m);
    if (there && m->into) /* joined to another: that one */
        there = matter_load(rq->a, rq->db, rq->app->law, matter_standing(rq->db, m->id), m);
    return there && matter_related(&rq->session, m);
}

static struct str do_join(struct rq *rq, struct acting *k, struct chat *c)
{
    struct matter m;
    if (!find_matter(rq, rq_form(rq, "number"), &m))
        return wrong(rq, k, "number",
                     N_("None of your teams has a matter with this number or code. Check it."));
    k->act.kind = CHAT_JOINED;
    k->act.matter = m.id;
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_make(struct rq *rq, struct acting *k, struct chat *c)
{
    struct matter m;
    struct chat_matter made = {
        .staff = rq->session.staff, .at = rq->now, .text = rq_form(rq, "text")};
    if (!made.text.n)
        return wrong(rq, k, "text", N_("Write what it is about."));
    if (str_utf8_len(made.text) > CHAT_TEXT_MAX)
        return refused(rq, k, CHAT_REFUSED_LONG_TEXT);
    int64_t id = chat_make_matter(rq->a, rq->db, rq->app->law, rq->app->key, c, &made);
    const struct matter_act take = {
        .kind = MATTER_TAKEN, .at = rq->now, .staff = rq->session.staff};
    if (matter_load(rq->a, rq->db, rq->app->law, id, &m) && !m.owner)
        matter_do(rq->a, rq->db, rq->app->law, &m, &take);
    return (struct str){NULL, 0};
}

/* The channel that was chosen, if one may hand over to it. */
static const struct chat_channel *receiver(struct rq *rq, const struct chat *c,
                                           const struct chat_channels *all, bool across)
{
    const struct chat_channel *own = chat_channel_by_id(all, c->channel);
    const struct chat_channel *to = chat_channel_by_ref(all, rq_form(rq, "channel"));
    struct instant next;
    bool fits = own && to && to != own && (own->reg != to->reg) == across &&
                chat_is_open(rq->app->law, to, rq->now, &next);
    return fits ? to : NULL;
}

static struct str hand(struct rq *rq, struct acting *k, struct chat *c, int64_t channel,
                       struct str text)
{
    k->act.kind = CHAT_HANDED;
    k->act.channel = channel;
    k->act.text = text;
    k->leave = true;
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_hand(struct rq *rq, struct acting *k, struct chat *c)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    const struct chat_channel *to = receiver(rq, c, &all, false);
    if (!to)
        return refused(rq, k, CHAT_REFUSED_NO_CHANNEL);
    return hand(rq, k, c, to->id, rq_form(rq, "text"));
}

static struct str do_consent(struct rq *rq, struct acting *k, struct chat *c)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    const struct chat_channel *to = receiver(rq, c, &all, true);
    struct str text = rq_form(rq, "text");
    if (!to)
        return refused(rq, k, CHAT_REFUSED_NO_CHANNEL);
    if (!text.n)
        return wrong(rq, k, "text", N_("Write what would be told."));
    k->act.kind = CHAT_SAID;
    k->act.text = desk_consent_ask(rq, c, to, text);
    return refused(rq, k, chat_do(rq->a, rq->db, c, &k->act));
}

static struct str do_across(struct rq *rq, struct acting *k, struct chat *c)
{
    struct desk_seen seen = desk_seen_events(rq, c);
    struct desk_consent asked = desk_consent(rq, c, &seen);
    if (!asked.to || !asked.answered || c->matter)
        return wrong(rq, k, "", N_("First ask the resident, and wait for the answer."));
    if (!rq_form(rq, "agreed").n)
        return wrong(rq, k, "agreed", N_("Nothing is told without the resident's yes."));
    return hand(rq, k, c, asked.to->id, asked.text);
}

/* ---- ending ---- */

static struct matter_act closing(struct rq *rq)
{
    return (struct matter_act){.kind = MATTER_CLOSED,
                               .at = rq->now,
                               .staff = rq->session.staff,
                               .outcome = rq_form(rq, "outcome"),
                               .text = rq_form(rq, "text")};
}

/* Can the matter be closed after the chat? It is taken first where nobody has it. */
static struct str check_closing(struct rq *rq, struct acting *k, const struct matter *m)
{
    struct matter as_mine = *m;
    const struct matter_act close = closing(rq);
    if (!as_mine.owner)
        as_mine.owner = rq->session.staff;
    enum matter_refusal no = matter_check(rq->app->law, &as_mine, &close);
    if (no == REFUSED_FINE)
        return (struct str){NULL, 0};
    return wrong(rq, k, no == REFUSED_NO_OUTCOME ? "outcome" : "text", matter_refusal_words(no));
}

static void close_matter(struct rq *rq, int64_t id)
{
    struct matter m;
    const struct matter_act close = closing(rq);
    const struct matter_act take = {
        .kind = MATTER_TAKEN, .at = rq->now, .staff = rq->session.staff};
    if (!matter_load(rq->a, rq->db, rq->app->law, matter_standing(rq->db, id), &m))
        return;
    if (!m.owner)
        matter_do(rq->a, rq->db, rq->app->law, &m, &take);
    if (m.state == MATTER_OPEN)
        matter_do(rq->a, rq->db, rq->app->law, &m, &close);
}

static struct str do_end(struct rq *rq, struct acting *k, struct chat *c)
{
    struct str how = rq_form(rq, "how");
    struct matter m;
    bool close = c->matter && rq_form(rq, "close").n &&
                 matter_load(rq->a, rq->db, rq->app->law, matter_standing(rq->db, c->matter), &m) &&
                 matter_related(&rq->session, &m);
    bool known = str_eq(how, S("solved")) || str_eq(how, S("went")) ||
                 (str_eq(how, S("matter")) && c->matter);
    if (!known)
        return wrong(rq, k, "how", N_("Choose how it ended."));
    struct str no = close ? check_closing(rq, k, &m) : (struct str){NULL, 0};
    if (no.n)
        return no;
    k->act.kind = CHAT_ENDED;
    k->act.how = how;
    k->leave = true;
    enum chat_refusal end = chat_end(rq->a, rq->db, rq->app->law, c, &k->act);
    if (end == CHAT_REFUSED_FINE && close)
        close_matter(rq, c->matter);
    return refused(rq, k, end);
}

/* ---- from the form to the commit ---- */

static const struct {
    struct str (*run)(struct rq *rq, struct acting *k, struct chat *c);
    const char *done;
} doings[DESK_PARTS_COUNT] = {
    [DESK_SAY] = {do_say, ""},
    [DESK_FILE] = {do_file, ""},
    [DESK_WHO] = {do_who, "asked"},
    [DESK_GUIDE] = {do_guide, "linked"},
    [DESK_LINK] = {do_link, "linked"},
    [DESK_JOIN] = {do_join, "joined"},
    [DESK_MAKE] = {do_make, "made"},
    [DESK_HAND] = {do_hand, "handed"},
    [DESK_CONSENT] = {do_consent, "consent"},
    [DESK_ACROSS] = {do_across, "handed"},
    [DESK_END] = {do_end, "ended"},
    [DESK_TAKE] = {do_take, ""},
};

/* In the commit or before it: the page again, or a line for the script. */
static void refuse(struct rq *rq, const struct acting *k, const struct chat *c, struct str why)
{
    int status = *k->field ? 422 : 409;
    if (k->live) {
        rq_reply(rq, status, "text/plain; charset=utf-8", why);
        return;
    }
    const struct desk_showing s = {.part = k->part, .error = why, .field = k->field};
    rq_status(rq, status);
    desk_show(rq, c, &s);
}

static void go_on(struct rq *rq, const struct acting *k, const struct chat *c)
{
    const char *lang = lang_code(rq_lang(rq)), *q = *k->done ? "?done=" : "";
    if (k->live)
        rq_reply(rq, 200, "text/plain; charset=utf-8", S("ok\n"));
    else if (k->leave)
        rq_redirectf(rq, "/%s/staff/chat%s%s", lang, q, k->done);
    else
        rq_redirectf(rq, "/%s/staff/chat/" STR_FMT "%s%s", lang, STR_ARG(c->ref), q, k->done);
}

static void talk_commit(struct rq *rq)
{
    struct acting *k = rq->user;
    struct chat c;
    if (!chat_load(rq->a, rq->db, k->id, &c) || desk_sight(rq, &c) == DESK_SEES_NOTHING) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    k->field = "";
    k->leave = false;
    /* A message that was sent again may have been kept the first time: chat_do() knows. */
    bool again = c.staff == rq->session.staff && (k->part == DESK_SAY || k->part == DESK_FILE);
    if (desk_sight(rq, &c) != DESK_HAS && k->part != DESK_TAKE && !again) {
        refuse(rq, k, &c,
               refused(rq, k,
                       c.state == CHAT_IS_WAITING   ? CHAT_REFUSED_NOT_YOURS
                       : c.state == CHAT_IS_TALKING ? CHAT_REFUSED_TAKEN
                                                    : CHAT_REFUSED_OVER));
        return;
    }
    struct str no = k->run(rq, k, &c);
    if (no.n) {
        refuse(rq, k, &c, no);
        return;
    }
    if (c.matter)
        access_log_add(rq->db, rq->now, c.matter, rq->session.staff, S("wrote"));
    chat_seen(rq->db, c.id, true, c.seq);
    go_on(rq, k, &c);
}

static bool begin(struct rq *rq, struct acting *k, struct chat *c, enum desk_part part)
{
    bool there = chat_load_ref(rq->a, rq->db, rq->params[0], c);
    if (!there || desk_sight(rq, c) == DESK_SEES_NOTHING) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    if (part == DESK_PARTS_COUNT) {
        rq_fault(rq, ERR_BAD_INPUT);
        return false;
    }
    *k = (struct acting){.id = c->id,
                         .part = part,
                         .run = doings[part].run,
                         .field = "",
                         .done = doings[part].done,
                         .live = rq_form(rq, "live").n > 0,
                         .act = {.staff = rq->session.staff,
                                 .at = rq->now,
                                 .once = rq_once(rq, rq_form(rq, "once"))}};
    rq->user = k;
    return true;
}

/* Without a script a template's text is put behind what was typed, on the page that comes back. */
static bool used_reply(struct rq *rq, const struct chat *c)
{
    struct desk_seen seen = desk_seen_events(rq, c);
    struct reply_asking asking = desk_replies(rq, c, &seen);
    struct desk_showing s = {.part = DESK_SAY, .field = ""};
    if (!reply_used(rq, &asking, &s.text))
        return false;
    desk_show(rq, c, &s);
    return true;
}

void desk_talk_post(struct rq *rq)
{
    struct acting *k = ARENA_NEW(rq->a, struct acting);
    struct chat c;
    enum desk_part part = desk_part_from(rq_form(rq, "act"));
    if (!begin(rq, k, &c, part == DESK_FILE ? DESK_PARTS_COUNT : part))
        return;
    if (k->part == DESK_SAY && desk_sight(rq, &c) == DESK_HAS && used_reply(rq, &c))
        return;
    rq_commit(rq, talk_commit);
}

/* One file: what is wrong with it is told before the commit. */
void desk_file_post(struct rq *rq)
{
    struct acting *k = ARENA_NEW(rq->a, struct acting);
    struct attach_files files;
    struct str error = {NULL, 0};
    struct chat c;
    if (!begin(rq, k, &c, DESK_FILE))
        return;
    k->field = "file";
    if (attach_take(rq, "file", k->act.once, &files, &error) && files.n == 0)
        error = tr(rq_lang(rq), "Choose a file.");
    if (error.n) {
        refuse(rq, k, &c, error);
        return;
    }
    k->file = files.p[0];
    rq_commit(rq, talk_commit);
}

/* ---- the next one ---- */

struct candidates {
    LIST_FIELDS(struct chat);
};

/* Handed over ones first, then who waits longest; over all own teams. */
static bool goes_before(const struct chat *x, const struct chat *y)
{
    bool hx = x->handed > 0, hy = y->handed > 0;
    return hx != hy ? hx : x->waiting.ms < y->waiting.ms;
}

static struct candidates waiting_for_me(struct rq *rq)
{
    struct candidates all = {0};
    struct str serves = staff_languages(rq->a, rq->db, rq->session.staff);
    for (size_t t = 0; t < rq->session.teams.n; t++) {
        struct chats list = chat_waiting(rq->a, rq->db, rq->session.teams.p[t], 30);
        for (size_t i = 0; i < list.n; i++) {
            if (serves.n && !team_words_have(serves, str_of(lang_code(list.p[i].lang))))
                continue;
            VEC_PUSH(rq->a, &all, list.p[i]);
            for (size_t n = all.n - 1; n > 0 && goes_before(&all.p[n], &all.p[n - 1]); n--) {
                struct chat later = all.p[n - 1];
                all.p[n - 1] = all.p[n];
                all.p[n] = later;
            }
        }
    }
    return all;
}

static void next_commit(struct rq *rq)
{
    const char *lang = lang_code(rq_lang(rq));
    struct candidates all = waiting_for_me(rq);
    const char *said = "none";
    for (size_t i = 0; i < all.n; i++) {
        struct chat *c = &all.p[i];
        const struct chat_act take = {.kind = CHAT_TAKEN,
                                      .staff = rq->session.staff,
                                      .at = rq->now,
                                      .once = rand_ref(rq->a, 26)};
        enum chat_refusal no = chat_do(rq->a, rq->db, c, &take);
        if (no == CHAT_REFUSED_FINE) {
            if (c->matter)
                access_log_add(rq->db, rq->now, c->matter, rq->session.staff, S("read"));
            rq_redirectf(rq, "/%s/staff/chat/" STR_FMT, lang, STR_ARG(c->ref));
            return;
        }
        said = no == CHAT_REFUSED_ENOUGH ? "enough" : said;
    }
    rq_redirectf(rq, "/%s/staff/chat?done=%s", lang, said);
}

void desk_post(struct rq *rq)
{
    rq_commit(rq, next_commit);
}

/* ---- a channel is closed for now ---- */

static void pause_commit(struct rq *rq)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    const struct chat_channel *c = chat_channel_by_ref(&all, rq->params[0]);
    bool pause = str_eq(rq_form(rq, "act"), S("pause"));
    struct str why = rq_form(rq, "why");
    if (!c || !auth_in_team(&rq->session, c->team)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (str_utf8_len(why) > PAUSE_WHY_MOST || (pause && !why.n)) {
        rq_redirectf(rq, "/%s/staff/chat/channels?done=no-reason", lang_code(rq_lang(rq)));
        return;
    }
    chat_pause(rq->db, c, pause, why);
    rq_redirectf(rq, "/%s/staff/chat/channels?done=%s", lang_code(rq_lang(rq)),
                 pause ? "paused" : "opened");
}

void desk_channel_post(struct rq *rq)
{
    rq_commit(rq, pause_commit);
}
