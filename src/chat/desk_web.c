/*
 * desk_web.c: the professional's desk: who waits in the channels of one's teams, one's own
 * conversations, and the one that is open. A page is rendered first; that it has been seen (and,
 * where it is joined to a matter, by whom: the access log) is committed before it is sent.
 *
 * The script (desk.js) follows one stream for the whole desk, asks for the lists and for the lines
 * after the last number that it has, and keeps the conversations that are not shown as they are.
 * Without it each conversation has its own page, and "Refresh the page" is a link.
 */
#include "chat/desk_view.h"

#include "chat/chat_pages.h"

/* What the address says has been done. */
static struct ui_notice done_notice(struct rq *rq)
{
    static const struct {
        const char *code, *words;
        enum ui_tone tone;
    } known[] = {
        {"none", N_("Nobody is waiting in a language that you serve in."), UI_INFO},
        {"enough", N_("You have as many conversations as the channel allows. End one first."),
         UI_WARN},
        {"asked", N_("The resident was asked who they are."), UI_DONE},
        {"linked", N_("The link was sent."), UI_DONE},
        {"joined", N_("The conversation is joined to the matter."), UI_DONE},
        {"made", N_("A matter was made. The resident sees its receipt code here."), UI_DONE},
        {"handed", N_("The conversation was handed over. The resident was told."), UI_DONE},
        {"consent", N_("The resident was asked. Wait for the answer."), UI_DONE},
        {"ended", N_("The conversation has ended."), UI_DONE},
        {"paused", N_("The channel is closed for now."), UI_DONE},
        {"opened", N_("The channel is open again, by its hours."), UI_DONE},
        {"no-reason", N_("Write a reason that residents can read, at most 200 characters."),
         UI_WARN},
    };
    struct ui_notice v = {.live = true};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(rq_query(rq, "done"), str_of(known[i].code))) {
            v.tone = known[i].tone;
            v.text = tr(rq_lang(rq), known[i].words);
        }
    return v;
}

static struct str page_title(struct rq *rq, const struct desk_view *v)
{
    struct str args[] = {fmt_int(rq->a, rq_lang(rq), v->unread),
                         v->talk ? v->talk->title : tr(rq_lang(rq), "Chat")};
    return v->unread ? tr_fill(rq->a, S("(%1) %2"), args, 2) : args[1];
}

static struct str error_target(struct rq *rq, const struct desk_showing *s)
{
    if (s->part == DESK_SAY)
        return S("#text");
    return *s->field ? str_fmt(rq->a, "#%s-%s", desk_part_code(s->part), s->field) : S("#main");
}

void desk_show(struct rq *rq, const struct chat *c, const struct desk_showing *s)
{
    struct desk_view v = {.done = done_notice(rq)};
    if (c)
        v.talk = desk_talk_make(rq, c, s);
    v.error = s->error;
    v.error_target = str_sub(error_target(rq, s), 1, SIZE_MAX);
    v.here = c ? str_fmt(rq->a, "/%s/staff/chat/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(c->ref))
               : str_fmt(rq->a, "/%s/staff/chat", lang_code(rq_lang(rq)));
    v.by_itself = !c && rq_query(rq, "auto").n > 0; /* nothing is typed on the lists */
    desk_lists(rq, c ? c->ref : (struct str){NULL, 0}, &v);
    rq->page.active = S("chat");
    rq->page.refuse_index = true;
    rq->page.failed = s->error.n > 0;
    rq_page_begin(rq, page_title(rq, &v));
    chat_desk_page(&rq->page, &v);
    rq_page_end(rq);
    if (v.by_itself)
        rq_header(rq, "Refresh", S("20"));
}

static void desk_get(struct rq *rq)
{
    desk_show(rq, NULL, &(struct desk_showing){.part = DESK_PARTS_COUNT, .field = ""});
}

static void channels_get(struct rq *rq)
{
    struct desk_view v = {.done = done_notice(rq)};
    desk_channels(rq, &v);
    rq->page.active = S("chat");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(rq_lang(rq), "Chat channels"));
    desk_channels_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- a conversation ---- */

static void saw_commit(struct rq *rq)
{
    const struct chat *c = rq->user;
    if (c->staff == rq->session.staff)
        chat_seen(rq->db, c->id, true, c->seq);
    if (c->matter)
        access_log_add(rq->db, rq->now, c->matter, rq->session.staff, S("read"));
}

/* False: it is not there for this professional. */
static bool load_asked(struct rq *rq, struct chat *c, enum desk_sight *sight)
{
    bool there = chat_load_ref(rq->a, rq->db, rq->params[0], c);
    *sight = there ? desk_sight(rq, c) : DESK_SEES_NOTHING;
    if (*sight == DESK_SEES_NOTHING)
        rq_fault(rq, ERR_NOT_FOUND);
    return *sight != DESK_SEES_NOTHING;
}

static void talk_get(struct rq *rq)
{
    struct chat *c = ARENA_NEW(rq->a, struct chat);
    enum desk_sight sight;
    if (!load_asked(rq, c, &sight))
        return;
    desk_show(rq, c, &(struct desk_showing){.part = DESK_PARTS_COUNT, .field = ""});
    rq->user = c;
    bool fresh = c->staff == rq->session.staff && c->seen_staff < c->seq;
    if (sight != DESK_SEES_THAT && (fresh || c->matter))
        rq_commit(rq, saw_commit);
}

/* ---- for the script ---- */

/* A piece of a page, made by the page's own templates. */
static void reply_piece(struct rq *rq, struct buf *whole, struct buf *piece)
{
    rq->page.out = whole;
    rq_reply(rq, 200, "text/html; charset=utf-8", buf_get(piece));
}

static void reply_lines(struct rq *rq, const struct chat *c, int64_t after)
{
    struct desk_seen seen = desk_seen_events(rq, c);
    struct desk_lines lines = desk_lines_after(rq, c, &seen, after);
    struct buf piece = buf_new(rq->a, 0), *whole = rq->page.out;
    rq->page.out = &piece;
    desk_talk_lines(&rq->page, &lines);
    reply_piece(rq, whole, &piece);
}

/* ?seq=N: what came after. The conversation is in sight, so that it has been seen. */
static void after_get(struct rq *rq)
{
    struct chat *c = ARENA_NEW(rq->a, struct chat);
    enum desk_sight sight;
    int64_t after = 0;
    if (!load_asked(rq, c, &sight))
        return;
    if (sight == DESK_SEES_THAT || !str_int(rq_query(rq, "seq"), &after)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    reply_lines(rq, c, after);
    rq->user = c;
    if (c->staff == rq->session.staff && c->seen_staff < c->seq && rq_query(rq, "seen").n)
        rq_commit(rq, saw_commit);
}

static void lists_get(struct rq *rq)
{
    struct desk_view v = {0};
    struct buf piece = buf_new(rq->a, 0), *whole = rq->page.out;
    desk_lists(rq, rq_query(rq, "open"), &v);
    rq->page.out = &piece;
    desk_side(&rq->page, &v);
    reply_piece(rq, whole, &piece);
}

static void stream_get(struct rq *rq)
{
    uint64_t topics[DESK_TOPICS];
    size_t n = desk_topics(rq, topics);
    if (n == 0)
        rq_fault(rq, ERR_NOT_FOUND);
    else
        rq_stream(rq, topics, n);
}

/* ---- attachments ---- */

static bool is_in_sight(struct rq *rq, const struct chat *c, int64_t file)
{
    struct desk_seen seen = desk_seen_events(rq, c);
    struct desk_lines lines = desk_lines_after(rq, c, &seen, 0);
    for (size_t i = 0; i < lines.n; i++)
        if (lines.p[i].file == file)
            return true;
    return false;
}

static void file_get(struct rq *rq)
{
    struct chat *c = ARENA_NEW(rq->a, struct chat);
    enum desk_sight sight;
    struct attachment f;
    int64_t id = 0;
    if (!load_asked(rq, c, &sight))
        return;
    bool there = sight != DESK_SEES_THAT && str_int(rq->params[1], &id) && id > 0 &&
                 is_in_sight(rq, c, id) &&
                 (attach_find(rq->a, rq->db, ATTACH_CHAT, c->id, id, &f) ||
                  (c->matter && attach_find(rq->a, rq->db, ATTACH_MATTER, c->matter, id, &f)));
    if (!there) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    attach_reply(rq, &f);
    rq->user = c;
    if (c->matter)
        rq_commit(rq, saw_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/chat", ACCESS_STAFF, 0, desk_get},
    {HTTP_POST, "/:lang/staff/chat", ACCESS_STAFF, 0, desk_post},
    {HTTP_GET, "/:lang/staff/chat/stream", ACCESS_STAFF, 0, stream_get},
    {HTTP_GET, "/:lang/staff/chat/lists", ACCESS_STAFF, 0, lists_get},
    {HTTP_GET, "/:lang/staff/chat/channels", ACCESS_HEAD, 0, channels_get},
    {HTTP_POST, "/:lang/staff/chat/channel/:channel", ACCESS_HEAD, 0, desk_channel_post},
    {HTTP_GET, "/:lang/staff/chat/:ref", ACCESS_STAFF, 0, talk_get},
    {HTTP_POST, "/:lang/staff/chat/:ref", ACCESS_STAFF, 0, desk_talk_post},
    {HTTP_GET, "/:lang/staff/chat/:ref/after", ACCESS_STAFF, 0, after_get},
    {HTTP_POST, "/:lang/staff/chat/:ref/file", ACCESS_STAFF, ROUTE_FILES, desk_file_post},
    {HTTP_GET, "/:lang/staff/chat/:ref/file/:id", ACCESS_STAFF, 0, file_get},
};
const struct route_table chat_desk_routes = {routes, sizeof routes / sizeof *routes};
