/*
 * chat_web.c: the resident's pages: which channels are open, starting a conversation, its page, and
 * its messages as a frame (without a script), as a fragment (with one) and as a stream that tells
 * when to ask.
 *
 * Nobody signs in. Who starts a conversation gets a cookie for this one (SESSION_CHAT); it opens
 * nothing else.
 */
#include "chat/chat_view.h"

#include "chat/chat_pages.h"
#include "web/web_pages.h"

#define FRAME_POLICY                                                                      \
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action " \
    "'none'; base-uri 'none'; frame-ancestors 'self'"

enum { MET_A_MINUTE = 3 };

/* ---- channels ---- */

static void list_get(struct rq *rq)
{
    struct chat_channels channels = chat_channels(rq->a, rq->db);
    struct chat_list_view v = {0};
    for (size_t i = 0; i < channels.n; i++) {
        struct chat_channel_view c;
        chat_view_channel(rq, &channels.p[i], &c);
        VEC_PUSH(rq->a, &v, c);
    }
    rq->page.active = S("chat");
    rq_page_begin(rq, tr(rq_lang(rq), "Chat with a professional"));
    chat_list(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- starting ---- */

struct starting {
    struct chat_channel channel;
    struct chat_act first;
    enum lang lang;
    enum chat_refusal no;
};

/* The language of the page, where somebody answers in it; else there is something to choose. */
static void put_langs(struct rq *rq, const struct chat_channel *c, struct str chosen,
                      struct ui_choice *v)
{
    static const char *const names[LANG_COUNT] = {N_("Finnish"), N_("Swedish"), N_("English")};
    enum lang l = rq_lang(rq);
    if (c->langs[l])
        return;
    v->name = S("lang");
    v->label = tr(l, "In which language do you write?");
    v->hint = tr(l, "Nobody answers here in the language of this page.");
    for (int i = 0; i < LANG_COUNT; i++) {
        struct ui_option o = {.value = str_of(lang_code((enum lang)i)), .label = tr(l, names[i])};
        o.chosen = str_eq(chosen, o.value) || (!chosen.n && v->options.n == 0);
        if (c->langs[i])
            VEC_PUSH(rq->a, &v->options, o);
    }
}

static void start_page(struct rq *rq, const struct chat_channel *c, struct str typed,
                       struct str error, int status)
{
    enum lang l = rq_lang(rq);
    struct chat_start_view v = {.once = rq_once(rq, rq_form(rq, "once")), .unsent = typed};
    chat_view_channel(rq, c, &v.channel);
    v.text = (struct ui_field){.name = S("text"),
                               .label = tr(l, "What can we help you with?"),
                               .hint = tr(l, "At most 2,000 characters. Do not write a personal "
                                             "identity code here."),
                               .rows = 4,
                               .longest = CHAT_TEXT_MAX,
                               .value = typed,
                               .error = error};
    put_langs(rq, c, rq_form(rq, "lang"), &v.lang);
    if (typed.n)
        v.crisis = chat_view_crisis(rq, typed);
    if (error.n)
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){v.text.name, error});
    rq->page.active = S("chat");
    rq->page.failed = error.n > 0;
    rq->page.path = str_fmt(rq->a, "/chat/to/" STR_FMT, STR_ARG(c->ref));
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, c->name[l]);
    chat_start_page(&rq->page, &v);
    rq_page_end(rq);
}

static bool asked_channel(struct rq *rq, struct chat_channel *out)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    const struct chat_channel *c = chat_channel_by_ref(&all, rq->params[0]);
    if (c)
        *out = *c;
    else
        rq_fault(rq, ERR_NOT_FOUND);
    return c != NULL;
}

static void met_commit(struct rq *rq)
{
    const struct starting *s = rq->user;
    chat_turned_away(rq->db, &s->channel, s->no, rq->now);
}

/* Somebody who could not start is counted, without who it was; the page made before stands. */
static void count_met(struct rq *rq, struct starting *s)
{
    if ((s->no != CHAT_REFUSED_CLOSED && s->no != CHAT_REFUSED_FULL) ||
        rq->http->method == HTTP_HEAD || !rq_try(rq, "chat met", MET_A_MINUTE))
        return;
    rq->user = s;
    rq_commit(rq, met_commit);
}

static struct str network_of(struct rq *rq)
{
    return rq->app->contacts_per_minute ? chat_network(rq->a, rq->app->key, rq_network(rq))
                                        : (struct str){NULL, 0};
}

static void start_get(struct rq *rq)
{
    struct starting *s = ARENA_NEW(rq->a, struct starting);
    struct str none = {NULL, 0};
    if (!asked_channel(rq, &s->channel))
        return;
    start_page(rq, &s->channel, none, none, 200);
    s->no = chat_may_start(rq->db, rq->app->law, &s->channel, none, rq->now);
    count_met(rq, s);
}

static void start_commit(struct rq *rq)
{
    struct starting *s = rq->user;
    struct chat c;
    s->no = chat_start(rq->a, rq->db, rq->app->law, &s->channel, s->lang, &s->first, &c);
    if (s->no != CHAT_REFUSED_FINE) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct str token = auth_session_start(rq->a, rq->db, SESSION_CHAT, c.id, rq->now);
    rq_redirectf(rq, "/%s/chat/talk", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_CHAT, token, AUTH_CHAT_HOURS * 3600);
}

/* What is wrong with the first message itself; NULL: nothing. */
static const char *wrong_text(struct str text)
{
    return !str_shows(text)                     ? N_("Write what we can help you with.")
           : str_utf8_len(text) > CHAT_TEXT_MAX ? chat_refusal_words(CHAT_REFUSED_LONG_TEXT)
                                                : NULL;
}

static enum lang read_lang(const struct rq *rq, const struct chat_channel *c)
{
    enum lang l = rq_lang(rq), typed;
    if (c->langs[l])
        return l;
    if (lang_from(rq_form(rq, "lang"), &typed) && c->langs[typed])
        return typed;
    for (int i = 0; i < LANG_COUNT; i++)
        if (c->langs[i])
            return (enum lang)i;
    return l;
}

/* The form's random value with what was written: who has that value alone (from a device that
 * several use, or planted in somebody's page) does not come into their conversation by it. */
static struct str once_of(struct rq *rq, struct str text)
{
    struct str once = rq_once(rq, rq_form(rq, "once"));
    return str_fmt(rq->a, STR_FMT ".%016llx", STR_ARG(once), (unsigned long long)str_hash(text));
}

static void start_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct starting *s = ARENA_NEW(rq->a, struct starting);
    struct str text = rq_form(rq, "text"), network = network_of(rq), none = {NULL, 0};
    const char *wrong = wrong_text(text);
    if (!asked_channel(rq, &s->channel))
        return;
    if (wrong) {
        start_page(rq, &s->channel, text, tr(l, wrong), 422);
        return;
    }
    if (!rq_try(rq, "chat", rq->app->contacts_per_minute)) {
        start_page(rq, &s->channel, text,
                   tr(l, "Many have written from your network just now. Wait a minute and send "
                         "it again."),
                   429);
        return;
    }
    s->no = chat_may_start(rq->db, rq->app->law, &s->channel, network, rq->now);
    if (s->no != CHAT_REFUSED_FINE) {
        start_page(rq, &s->channel, text,
                   s->no == CHAT_REFUSED_FULL ? tr(l, chat_refusal_words(s->no)) : none, 409);
        count_met(rq, s);
        return;
    }
    s->lang = read_lang(rq, &s->channel);
    s->first = (struct chat_act){.kind = CHAT_STARTED,
                                 .at = rq->now,
                                 .once = once_of(rq, text),
                                 .text = text,
                                 .network = network};
    rq->user = s;
    rq_commit(rq, start_commit);
}

/* ---- the conversation ---- */

static void over_device(struct rq *rq)
{
    rq_redirectf(rq, "/%s/chat", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_CHAT, S(""), 0);
}

static struct ui_notice done_notice(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct ui_notice v = {.tone = UI_DONE, .live = true};
    struct str done = rq_query(rq, "done");
    if (str_eq(done, S("who")))
        v.text = tr(l, "The professional sees what you told.");
    else if (str_eq(done, S("call")))
        v.text = tr(l, "We call you. The time that we promise stands with your matter.");
    else if (str_eq(done, S("file")))
        v.text = tr(l, "The file was sent.");
    return v;
}

static void talk_get(struct rq *rq)
{
    struct chat c;
    struct chat_talk_view v;
    if (!chat_view_mine(rq, &c)) {
        over_device(rq);
        return;
    }
    chat_view_talk(rq, &c, 0, &v);
    v.done = done_notice(rq);
    chat_view_page(rq, &v, 200);
}

/* The messages alone, in a frame of our own pages and of nobody else's. */
static void log_get(struct rq *rq)
{
    struct chat c;
    struct chat_talk_view v;
    if (!chat_view_mine(rq, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    chat_view_talk(rq, &c, 0, &v);
    v.still = rq_query(rq, "still").n > 0;
    struct buf b = buf_new(rq->a, 0);
    rq->page.out = &b;
    chat_frame(&rq->page, &v);
    rq_reply(rq, 200, "text/html; charset=utf-8", buf_get(&b));
    rq_header(rq, "Content-Security-Policy", S(FRAME_POLICY));
    if (v.open && !v.still)
        rq_header(rq, "Refresh", S("10")); /* seconds; HTML, 4.2.5.3: as meta http-equiv */
}

static void seen_commit(struct rq *rq)
{
    const struct chat *c = rq->user;
    chat_seen(rq->db, c->id, false, c->seq);
}

static void after_get(struct rq *rq)
{
    int64_t after = 0;
    struct chat *c = ARENA_NEW(rq->a, struct chat);
    struct chat_talk_view v;
    if (!chat_view_mine(rq, c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!str_int(rq_query(rq, "seq"), &after) || after < 0)
        after = 0;
    if (after > c->seq)
        after = c->seq;
    chat_view_talk(rq, c, after, &v);
    chat_view_part(rq, &v, 200);
    if (c->state == CHAT_IS_TALKING && c->seen_resident < after) {
        rq->user = c;
        c->seq = after; /* who asks for what comes after it has it */
        rq_commit(rq, seen_commit);
    }
}

/* Of this conversation, and while one waits of the line. */
static void live_get(struct rq *rq)
{
    struct chat c;
    if (!chat_view_mine(rq, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const uint64_t topics[] = {chat_topic(c.id), chat_desk_topic(c.team)};
    rq_stream(rq, topics, 2);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/chat", ACCESS_PUBLIC, 0, list_get},
    {HTTP_GET, "/:lang/chat/to/:ref", ACCESS_PUBLIC, 0, start_get},
    {HTTP_POST, "/:lang/chat/to/:ref", ACCESS_PUBLIC, ROUTE_NO_TOKEN, start_post},
    {HTTP_GET, "/:lang/chat/talk", ACCESS_CHAT, 0, talk_get},
    {HTTP_GET, "/:lang/chat/talk/log", ACCESS_CHAT, 0, log_get},
    {HTTP_GET, "/:lang/chat/talk/after", ACCESS_CHAT, 0, after_get},
    {HTTP_GET, "/:lang/chat/talk/live", ACCESS_CHAT, 0, live_get},
};
const struct route_table chat_routes = {routes, sizeof routes / sizeof *routes};
