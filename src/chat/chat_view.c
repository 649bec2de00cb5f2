/*
 * chat_view.c: the resident's side put into words: channels, the line, the messages. What a page
 * says of waiting follows from today's waits, or it says that they are too few to tell.
 */
#include "chat/chat_view.h"

#include "base/json.h"
#include "chat/chat_pages.h"
#include "directory/directory.h"
#include "web/web_pages.h"

/* The frame's own, and that the page may hold its messages as a frame. */
#define TALK_POLICY                                                                            \
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src "       \
    "'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame" \
    "-ancestors 'none'"

enum { ONCE = 26 };

/* ---- waiting ---- */

/* "Today an answer has usually come in 4 to 8 minutes." */
static struct str wait_words(struct arena *a, enum lang l, const struct chat_place *p)
{
    struct str n[] = {fmt_int(a, l, p->least), fmt_int(a, l, p->most)};
    if (p->minutes < 0)
        return tr(l, "Too few have been answered today to tell how long it takes.");
    if (p->least == p->most)
        return tr_fill(a,
                       tr_n(l, "Today it has usually taken about a minute from here.",
                            "Today it has usually taken about %1 minutes from here.", p->most),
                       n, 1);
    return tr_fill(a, tr(l, "Today it has usually taken %1 to %2 minutes from here."), n, 2);
}

/* "2 professionals answer now."; empty: nobody is known to be there. */
static struct str staff_words(struct arena *a, enum lang l, const struct chat_place *p)
{
    struct str n = fmt_int(a, l, p->staff);
    return p->staff ? tr_fill(a,
                              tr_n(l, "One professional answers now.",
                                   "%1 professionals answer now.", p->staff),
                              &n, 1)
                    : S("");
}

static struct str place_words(struct arena *a, enum lang l, int64_t place)
{
    struct str n = fmt_int(a, l, place);
    return place == 1 ? tr(l, "You are next in line.")
                      : tr_fill(a, tr(l, "You are number %1 in the line."), &n, 1);
}

static struct str two(struct arena *a, struct str x, struct str y)
{
    if (!x.n || !y.n)
        return x.n ? x : y;
    return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(x), STR_ARG(y));
}

/* ---- channels ---- */

static struct str languages_words(struct arena *a, enum lang l, const struct chat_channel *c)
{
    static const char *const names[LANG_COUNT] = {N_("Finnish"), N_("Swedish"), N_("English")};
    struct buf b = buf_new(a, 0);
    for (int i = 0; i < LANG_COUNT; i++) {
        if (!c->langs[i])
            continue;
        if (b.n)
            buf_lit(&b, ", ");
        buf_str(&b, tr(l, names[i]));
    }
    return buf_get(&b);
}

static struct ui_open open_words(struct rq *rq, const struct chat_channel *c, bool open,
                                 struct instant next)
{
    enum lang l = rq_lang(rq);
    struct ui_open v = {.open = open};
    v.state = open ? tr(l, "Open now") : c->paused ? tr(l, "Closed for now") : tr(l, "Closed now");
    if (open) {
        struct str at = fmt_time(rq->a, l, minute_of(chat_closes(rq->app->law, c, rq->now)));
        v.more = tr_fill(rq->a, tr(l, "until %1"), &at, 1);
    } else if (next.ms) {
        struct str at = fmt_by(rq->a, l, next, rq->now);
        v.more = tr_fill(rq->a, tr(l, "opens %1"), &at, 1);
    }
    return v;
}

static struct str line_words(struct rq *rq, const struct chat_place *p)
{
    enum lang l = rq_lang(rq);
    struct str n = fmt_int(rq->a, l, p->place - 1);
    struct str waiting =
        p->place == 1
            ? tr(l, "Nobody is waiting now.")
            : tr_fill(rq->a,
                      tr_n(l, "One person is waiting.", "%1 people are waiting.", p->place - 1), &n,
                      1);
    return two(rq->a, two(rq->a, waiting, staff_words(rq->a, l, p)), wait_words(rq->a, l, p));
}

void chat_view_channel(struct rq *rq, const struct chat_channel *c, struct chat_channel_view *v)
{
    enum lang l = rq_lang(rq);
    struct instant next;
    struct str none = {NULL, 0};
    bool open = chat_is_open(rq->app->law, c, rq->now, &next);
    bool full = open && chat_may_start(rq->db, rq->app->law, c, none, rq->now) != CHAT_REFUSED_FINE;
    *v = (struct chat_channel_view){
        .ref = c->ref,
        .name = c->name[l],
        .lead = c->lead[l],
        .open = open_words(rq, c, open, next),
        .languages = languages_words(rq->a, l, c),
        .hours = chat_hours_words(rq->a, l, c),
        .can_start = open && !full,
        .closed = full ? tr(l, chat_refusal_words(CHAT_REFUSED_FULL)) : c->closed[l],
        .paused = c->paused ? c->paused_why : none,
        .phone = c->phone,
        .form = c->form,
    };
    if (v->can_start) {
        struct chat_place p = chat_place_next(rq->a, rq->db, c, l, rq->now);
        v->wait = line_words(rq, &p);
    }
}

struct html chat_view_crisis(struct rq *rq, struct str words)
{
    return directory_crisis_notice(rq->a, rq_lang(rq), words);
}

/* ---- messages ---- */

static struct str told_words(struct arena *a, enum lang l, const struct jv *b)
{
    struct date born;
    struct buf out = buf_new(a, 0);
    struct str parts[] = {jv_str_of(b, "name"),
                          date_parse(jv_str_of(b, "born"), &born) ? fmt_date(a, l, born) : S(""),
                          jv_str_of(b, "phone")};
    for (size_t i = 0; i < 3; i++) {
        if (out.n && parts[i].n)
            buf_lit(&out, ", ");
        buf_str(&out, parts[i]);
    }
    struct str all = buf_get(&out);
    return tr_fill(a, tr(l, "You told: %1"), &all, 1);
}

static struct str handed_words(struct rq *rq, const struct chat_channels *channels,
                               const struct jv *b)
{
    enum lang l = rq_lang(rq);
    const struct chat_channel *to = chat_channel_by_id(channels, jv_int(jv_get(b, "channel")));
    struct str name = to ? to->name[l] : S("");
    return to ? tr_fill(rq->a, tr(l, "The conversation goes on in: %1. You are first in its line."),
                        &name, 1)
              : tr(l, "The conversation goes on with another team.");
}

static struct str unanswered_words(enum lang l, const struct jv *b)
{
    return jv_int(jv_get(b, "matter"))
               ? tr(l, "A matter was made of what you wrote. We answer it.")
               : tr(l, "Nobody has been able to answer you in time. We are sorry.");
}

/* The words of what is no message; empty: it is not shown. */
static struct str note_words(struct rq *rq, const struct chat_channels *channels,
                             const struct chat_event *e)
{
    enum lang l = rq_lang(rq);
    struct json_error je;
    const struct jv *b = json_parse(rq->a, e->body, &je);
    const struct str *who = &e->staff_name;
    switch (e->kind) {
    case CHAT_TAKEN:
        return tr_fill(rq->a,
                       jv_get(b, "fromStaff") ? tr(l, "%1 goes on with you from here.")
                                              : tr(l, "%1 answers you."),
                       who, 1);
    case CHAT_HANDED:
        return handed_words(rq, channels, b);
    case CHAT_ASKED_WHO:
        return tr_fill(rq->a, tr(l, "%1 asks who you are. You can tell it below the messages."),
                       who, 1);
    case CHAT_TOLD_WHO:
        return told_words(rq->a, l, b);
    case CHAT_JOINED:
        return tr(l, "This conversation was joined to a matter of yours.");
    case CHAT_LEFT:
        return tr(l, "You left the line.");
    case CHAT_ENDED:
        return tr(l, "The conversation has ended.");
    case CHAT_UNANSWERED:
        return unanswered_words(l, b);
    default:
        return (struct str){NULL, 0};
    }
}

static void put_line(struct rq *rq, const struct chat_channels *channels,
                     const struct chat_event *e, struct chat_lines_view *out)
{
    enum lang l = rq_lang(rq);
    struct json_error je;
    struct chat_line m = {.seq = e->seq,
                          .own = e->staff == 0,
                          .at = ui_time_at(&rq->page, e->at),
                          .from = e->staff ? e->staff_name : tr(l, "You"),
                          .text = e->text};
    if (e->kind == CHAT_SENT) {
        m.kind = CHAT_LINE_FILE;
        m.file = jv_int(jv_get(json_parse(rq->a, e->body, &je), "attachment"));
    } else if (e->kind == CHAT_LINKED) {
        m.kind = CHAT_LINE_LINK;
        m.href = jv_str_of(json_parse(rq->a, e->body, &je), "href");
    } else if (e->kind != CHAT_STARTED && e->kind != CHAT_SAID) {
        m.kind = CHAT_LINE_NOTE;
        m.text = note_words(rq, channels, e);
        if (e->text.n && m.text.n)
            m.text = two(rq->a, m.text, e->text);
    }
    if (m.text.n || m.kind == CHAT_LINE_LINK)
        VEC_PUSH(rq->a, out, m);
}

/* ---- the conversation ---- */

static struct str matter_code(struct rq *rq, const struct chat *c)
{
    struct str hash, code = chat_code(rq->a, rq->app->key, c);
    bool made = c->matter && auth_code_hash(rq->a, rq->app->key, code, &hash) &&
                matter_find_code(rq->db, hash) == c->matter;
    return made ? code : (struct str){NULL, 0};
}

static void put_state(struct rq *rq, const struct chat *c, struct chat_talk_view *v)
{
    enum lang l = rq_lang(rq);
    if (c->state == CHAT_IS_WAITING) {
        struct chat_place p = chat_place(rq->a, rq->db, c, rq->now);
        v->state = place_words(rq->a, l, p.place);
        v->more = v->late ? tr(l, "Nobody has been able to answer you in time. We are sorry.")
                          : two(rq->a, staff_words(rq->a, l, &p), wait_words(rq->a, l, &p));
    } else if (c->state == CHAT_IS_TALKING) {
        v->state = tr_fill(rq->a, tr(l, "%1 answers you."), &c->staff_name, 1);
    } else if (c->state == CHAT_IS_LEFT) {
        v->state = tr(l, "You left the line.");
        v->more = tr(l, "If you still need help, start a new conversation or write to us.");
    } else if (c->state == CHAT_IS_MATTER) {
        v->state = tr(l, "This conversation became a matter, which we answer.");
    } else {
        v->state = tr(l, "The conversation has ended.");
    }
}

static struct ui_field field(struct rq *rq, const char *name, const char *label, int longest)
{
    return (struct ui_field){
        .name = str_of(name), .label = tr(rq_lang(rq), label), .longest = longest, .size = "mid"};
}

static void put_fields(struct rq *rq, const struct chat *c, struct chat_talk_view *v)
{
    enum lang l = rq_lang(rq);
    static const char *const good[] = {N_("Very badly"), N_("Badly"), N_("Neither well nor badly"),
                                       N_("Well"), N_("Very well")};
    v->text = field(rq, "text", N_("Your message"), CHAT_TEXT_MAX);
    v->text.rows = 3;
    v->text.size = NULL;
    v->text.hint = tr(l, "Do not write a personal identity code here.");
    v->name = field(rq, "name", N_("Name"), 200);
    v->name.value = c->name;
    v->born = field(rq, "born", N_("Date of birth"), 20);
    v->born.hint = tr(l, "For example 24.11.1980");
    v->born.value = date_is(c->born) ? fmt_date(rq->a, LANG_FI, c->born) : S("");
    v->tel = field(rq, "phone", N_("Phone number"), 30);
    v->tel.type = "tel";
    v->tel.autocomplete = "tel";
    v->tel.value = c->phone;
    v->receipt = field(rq, "code", N_("Receipt code of an earlier matter"), 40);
    v->receipt.hint = tr(l, "If you have one: the professional then sees what has been done.");
    v->call = field(rq, "call", N_("Phone number to call"), 30);
    v->call.type = "tel";
    v->call.autocomplete = "tel";
    v->call.value = c->phone;
    v->good.name = S("good");
    v->good.label = tr(l, "How well did this conversation help you?");
    for (int i = 5; i >= 1; i--) {
        struct ui_option o = {.value = str_fmt(rq->a, "%d", i), .label = tr(l, good[i - 1])};
        VEC_PUSH(rq->a, &v->good.options, o);
    }
    for (size_t i = 0; i < sizeof v->once / sizeof *v->once; i++)
        v->once[i] = rand_ref(rq->a, ONCE);
}

static void put_crisis(struct rq *rq, const struct chat_events *events, struct chat_talk_view *v)
{
    for (size_t i = events->n; i-- > 0 && !v->crisis.s.n;)
        if (!events->p[i].staff &&
            (events->p[i].kind == CHAT_SAID || events->p[i].kind == CHAT_STARTED))
            v->crisis = chat_view_crisis(rq, events->p[i].text);
}

void chat_view_talk(struct rq *rq, const struct chat *c, int64_t after, struct chat_talk_view *v)
{
    struct chat_channels channels = chat_channels(rq->a, rq->db);
    struct chat_channel channel = {0};
    struct chat_events all = chat_events(rq->a, rq->db, c->id, 0, CHAT_EVENTS_MAX + 50);
    chat_channel_load(rq->a, rq->db, c->channel, &channel);
    *v = (struct chat_talk_view){
        .channel = channel.name[rq_lang(rq)],
        .open = c->state == CHAT_IS_WAITING || c->state == CHAT_IS_TALKING,
        .waiting = c->state == CHAT_IS_WAITING,
        .late = c->state == CHAT_IS_WAITING && c->offered.ms,
        .seq = c->seq,
        .joined = c->matter != 0,
        .asked = c->asked,
        .told = c->told,
        .judged = c->good > 0,
        .code = matter_code(rq, c),
        .phone = channel.phone,
        .form = channel.form,
    };
    v->may_judge = c->state == CHAT_IS_OVER && !c->good;
    int takes = 0; /* another one answers */
    for (size_t i = 0; i < all.n; i++) {
        takes += all.p[i].kind == CHAT_TAKEN;
        if (all.p[i].seq > after)
            put_line(rq, &channels, &all.p[i], &v->lines);
    }
    v->mark = str_fmt(rq->a, "%s%d%d%d%d%d%d", chat_state_code(c->state), v->late, v->joined,
                      v->asked, v->told, v->judged, takes);
    put_state(rq, c, v);
    put_fields(rq, c, v);
    put_crisis(rq, &all, v);
}

bool chat_view_mine(struct rq *rq, struct chat *c)
{
    return chat_load(rq->a, rq->db, rq->session.chat, c);
}

void chat_view_page(struct rq *rq, struct chat_talk_view *v, int status)
{
    rq->page.active = S("chat");
    rq->page.refuse_index = true;
    rq->page.failed = v->errors.n > 0;
    rq->page.path = S("/chat/talk");
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, tr(rq_lang(rq), "Chat with a professional"));
    chat_talk_page(&rq->page, v);
    rq_page_end(rq);
    rq_header(rq, "Content-Security-Policy", S(TALK_POLICY));
}

void chat_view_part(struct rq *rq, struct chat_talk_view *v, int status)
{
    struct buf b = buf_new(rq->a, 0), *before = rq->page.out;
    rq->page.out = &b;
    chat_part(&rq->page, v);
    rq->page.out = before;
    rq_reply(rq, status, "text/html; charset=utf-8", buf_get(&b));
}
