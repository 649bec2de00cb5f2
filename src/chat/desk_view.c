/*
 * desk_view.c: conversations put into words for professionals.
 *
 * Who sees what: that somebody waits, in which channel and language, and their first words, the
 * team of the channel; everything that was written, who has the conversation, and whoever belongs
 * to the team of the matter that it is joined to. A conversation that was handed over from a
 * channel of another client register begins, for who has it now, with that hand-over: what was
 * written before belongs to the other register (703/2023).
 */
#include "chat/desk_view.h"

#include "chat/chat_room.h"

enum { WAITING_SHOWN = 30, WORDS_SHOWN = 140 };

const char *desk_part_code(enum desk_part p)
{
    static const char *const codes[] = {
#define X(name, code) code,
        DESK_PARTS(X)
#undef X
    };
    return codes[p];
}

enum desk_part desk_part_from(struct str code)
{
    int p = 0;
    while (p < DESK_PARTS_COUNT && !str_eq(code, str_of(desk_part_code((enum desk_part)p))))
        p++;
    return (enum desk_part)p;
}

/* ---- relation ---- */

static bool matter_is_ours(struct rq *rq, int64_t id)
{
    struct matter m;
    return id && matter_load(rq->a, rq->db, rq->app->law, id, &m) &&
           matter_related(&rq->session, &m);
}

enum desk_sight desk_sight(struct rq *rq, const struct chat *c)
{
    bool ours = chat_related(&rq->session, c);
    if (ours && c->staff == rq->session.staff)
        return c->state == CHAT_IS_TALKING ? DESK_HAS : DESK_SEES_ALL;
    if (c->state != CHAT_IS_WAITING && matter_is_ours(rq, c->matter))
        return DESK_SEES_ALL;
    return ours && (c->state == CHAT_IS_WAITING || c->state == CHAT_IS_TALKING) ? DESK_SEES_THAT
                                                                                : DESK_SEES_NOTHING;
}

/* ---- words ---- */

static struct str fill1(struct rq *rq, const char *msgid, struct str one)
{
    return tr_fill(rq->a, tr(rq_lang(rq), msgid), &one, 1);
}

static struct str channel_name(struct rq *rq, const struct chat_channels *all, int64_t id)
{
    const struct chat_channel *c = chat_channel_by_id(all, id);
    return c ? c->name[rq_lang(rq)] : tr(rq_lang(rq), "A channel that is no more");
}

static struct str language_words(enum lang of, enum lang l)
{
    static const char *const words[LANG_COUNT] = {N_("Finnish"), N_("Swedish"), N_("English")};
    return tr(l, words[of]);
}

static struct str minutes_since(struct rq *rq, struct instant t)
{
    int64_t n = (rq->now.ms - t.ms) / MINUTE_MS;
    struct str words = fmt_int(rq->a, rq_lang(rq), n);
    if (n < 1)
        return tr(rq_lang(rq), "under a minute");
    return tr_fill(rq->a, tr_n(rq_lang(rq), "%1 minute", "%1 minutes", n), &words, 1);
}

static struct str time_words(struct rq *rq, struct instant t)
{
    return date_of(t).day == date_of(rq->now).day ? fmt_time(rq->a, rq_lang(rq), minute_of(t))
                                                  : fmt_by(rq->a, rq_lang(rq), t, rq->now);
}

static struct ui_time time_view(struct rq *rq, struct instant t)
{
    return (struct ui_time){.iso = instant_iso(rq->a, t), .words = time_words(rq, t)};
}

/* ---- the lists ---- */

static struct str first_words(struct rq *rq, const struct chat *c)
{
    if (c->matter || c->handed)
        return (struct str){NULL, 0};
    struct chat_events first = chat_events(rq->a, rq->db, c->id, 0, 1);
    struct str text = first.n ? first.p[0].text : (struct str){NULL, 0}, rest = text;
    for (int i = 0; i < WORDS_SHOWN && rest.n; i++)
        str_utf8_next(&rest);
    return rest.n ? str_fmt(rq->a, STR_FMT "…", (int)(text.n - rest.n), text.p) : text;
}

static struct desk_row waiting_row(struct rq *rq, const struct chat_channels *all,
                                   const struct chat *c)
{
    struct str words = first_words(rq, c);
    return (struct desk_row){
        .ref = c->ref,
        .channel = channel_name(rq, all, c->channel),
        .language = language_words(c->lang, rq_lang(rq)),
        .waited = minutes_since(rq, c->waiting),
        .words = words,
        .crisis = directory_crisis_notice(rq->a, rq_lang(rq), words).s.n > 0,
        .again = c->handed > 0,
    };
}

static void put_waiting(struct rq *rq, const struct chat_channels *all, struct desk_view *v)
{
    for (size_t t = 0; t < rq->session.teams.n; t++) {
        struct chats list = chat_waiting(rq->a, rq->db, rq->session.teams.p[t], WAITING_SHOWN);
        for (size_t i = 0; i < list.n; i++)
            VEC_PUSH(rq->a, &v->waiting, waiting_row(rq, all, &list.p[i]));
    }
}

/* Messages of the resident that one has not seen: what else happens is not counted. */
static int64_t unread_of(struct rq *rq, const struct chat *c)
{
    int64_t n = 0;
    if (c->seq <= c->seen_staff)
        return 0;
    struct chat_events list = chat_events(rq->a, rq->db, c->id, c->seen_staff, CHAT_EVENTS_MAX);
    for (size_t i = 0; i < list.n; i++)
        n += !list.p[i].staff;
    return n;
}

static void put_mine(struct rq *rq, const struct chat_channels *all, struct str open,
                     struct desk_view *v)
{
    struct chats list = chat_mine(rq->a, rq->db, rq->session.staff);
    for (size_t i = 0; i < list.n; i++) {
        const struct chat *c = &list.p[i];
        struct desk_row r = {
            .ref = c->ref,
            .channel = channel_name(rq, all, c->channel),
            .language = language_words(c->lang, rq_lang(rq)),
            .since = time_view(rq, c->started),
            .seq = c->seq,
            .open = str_eq(c->ref, open),
        };
        r.unread = r.open ? 0 : unread_of(rq, c);
        v->unread += r.unread;
        VEC_PUSH(rq->a, &v->mine, r);
    }
}

bool desk_leads(const struct rq *rq)
{
    return (rq->session.roles & (ROLE_HEAD | ROLE_ADMIN)) != 0;
}

static struct desk_other other_view(struct rq *rq, const struct chat_channels *all,
                                    const struct chat *c)
{
    return (struct desk_other){.ref = c->ref,
                               .channel = channel_name(rq, all, c->channel),
                               .language = language_words(c->lang, rq_lang(rq)),
                               .name = c->staff_name,
                               .staff = c->staff};
}

/* Conversations of colleagues in whose channels one is: those whose resident waits in vain. */
static void put_others(struct rq *rq, const struct chat_channels *all, struct desk_view *v)
{
    for (size_t i = 0; i < all->n; i++) {
        if (!auth_in_team(&rq->session, all->p[i].team))
            continue;
        struct chats list = chat_to_take_over(rq->a, rq->db, all->p[i].id, rq->session.staff,
                                              desk_leads(rq), rq->now);
        for (size_t j = 0; j < list.n; j++)
            VEC_PUSH(rq->a, &v->others, other_view(rq, all, &list.p[j]));
    }
}

void desk_channels(struct rq *rq, struct desk_view *v)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    enum lang l = rq_lang(rq);
    struct instant next;
    for (size_t i = 0; i < all.n; i++) {
        const struct chat_channel *c = &all.p[i];
        if (!auth_in_team(&rq->session, c->team))
            continue;
        struct desk_channel row = {
            .ref = c->ref, .name = c->name[l], .paused = c->paused, .why = c->paused_why};
        row.state = c->paused                                       ? tr(l, "closed for now")
                    : chat_is_open(rq->app->law, c, rq->now, &next) ? tr(l, "open now")
                                                                    : tr(l, "closed by its hours");
        VEC_PUSH(rq->a, &v->channels, row);
    }
}

void desk_lists(struct rq *rq, struct str open, struct desk_view *v)
{
    struct chat_channels all = chat_channels(rq->a, rq->db);
    v->as_at = fmt_time(rq->a, rq_lang(rq), minute_of(rq->now));
    put_waiting(rq, &all, v);
    put_mine(rq, &all, open, v);
    put_others(rq, &all, v);
    v->leads = desk_leads(rq);
}

size_t desk_topics(struct rq *rq, uint64_t topics[DESK_TOPICS])
{
    size_t n = 0;
    for (size_t i = 0; i < rq->session.teams.n && n < DESK_TOPICS / 2; i++)
        topics[n++] = chat_desk_topic(rq->session.teams.p[i]);
    struct chats mine = chat_mine(rq->a, rq->db, rq->session.staff);
    for (size_t i = 0; i < mine.n && n < DESK_TOPICS; i++)
        topics[n++] = chat_topic(mine.p[i].id);
    return n;
}

/* ---- what happened ---- */

struct saying {
    struct rq *rq;
    const struct desk_seen *seen;
    const struct chat *c;
};

static void put_told(struct rq *rq, const struct jv *b, struct ui_facts *out)
{
    enum lang l = rq_lang(rq);
    struct date born;
    struct str name = jv_str_of(b, "name"), phone = jv_str_of(b, "phone");
    if (name.n)
        VEC_PUSH(rq->a, out, ((struct ui_fact){.term = tr(l, "Name"), .text = name}));
    if (date_parse(jv_str_of(b, "born"), &born))
        VEC_PUSH(
            rq->a, out,
            ((struct ui_fact){.term = tr(l, "Date of birth"), .text = fmt_date(rq->a, l, born)}));
    if (phone.n)
        VEC_PUSH(rq->a, out,
                 ((struct ui_fact){.term = tr(l, "Phone"), .text = phone, .phone = true}));
}

static struct str ended_words(enum lang l, const struct chat_event *e, struct str how)
{
    if (!e->staff)
        return tr(l, "The resident ended the conversation");
    return str_eq(how, S("solved"))   ? tr(l, "Ended: solved")
           : str_eq(how, S("matter")) ? tr(l, "Ended: goes on as a matter")
           : str_eq(how, S("went"))   ? tr(l, "Ended: the resident had gone")
                                      : tr(l, "Ended");
}

static struct str handed_words(const struct saying *k, const struct chat_event *e,
                               const struct jv *b)
{
    struct str to = channel_name(k->rq, &k->seen->channels, jv_int(jv_get(b, "channel")));
    struct str args[] = {e->staff_name, to, e->text};
    return tr_fill(k->rq->a,
                   e->text.n ? tr(rq_lang(k->rq), "%1 handed over to %2: %3")
                             : tr(rq_lang(k->rq), "%1 handed over to %2"),
                   args, 3);
}

/* What is told of it in one line; empty: it is a message. */
static struct str note_words(const struct saying *k, const struct chat_event *e, const struct jv *b)
{
    enum lang l = rq_lang(k->rq);
    switch (e->kind) {
    case CHAT_TAKEN:
        return fill1(k->rq,
                     jv_get(b, "fromStaff") ? N_("%1 took over the conversation")
                                            : N_("%1 joined the conversation"),
                     e->staff_name);
    case CHAT_HANDED:
        return handed_words(k, e, b);
    case CHAT_ASKED_WHO:
        return fill1(k->rq, N_("%1 asked who it is"), e->staff_name);
    case CHAT_TOLD_WHO:
        return tr(l, "The resident told who they are");
    case CHAT_JOINED:
        return tr(l, "Joined to a matter");
    case CHAT_LEFT:
        return tr(l, "The resident left");
    case CHAT_ENDED:
        return ended_words(l, e, jv_str_of(b, "how"));
    case CHAT_UNANSWERED:
        return jv_int(jv_get(b, "matter")) ? tr(l, "Nobody answered in time: a matter was made")
                                           : tr(l, "Nobody answered in time: other ways offered");
    case CHAT_JUDGED:
        return tr(l, "The resident answered the feedback question");
    default:
        return (struct str){NULL, 0};
    }
}

static void put_attachment(const struct saying *k, const struct jv *b, struct desk_line *v)
{
    struct attachment f;
    v->kind = LINE_FILE;
    v->file = jv_int(jv_get(b, "attachment"));
    bool there = attach_find(k->rq->a, k->rq->db, ATTACH_CHAT, k->c->id, v->file, &f) ||
                 (k->c->matter &&
                  attach_find(k->rq->a, k->rq->db, ATTACH_MATTER, k->c->matter, v->file, &f));
    v->text = there ? f.name : tr(rq_lang(k->rq), "The attachment is gone");
    if (there && f.kind != ATTACH_PDF)
        v->kind = LINE_PICTURE;
}

static struct desk_line line_view(const struct saying *k, const struct chat_event *e)
{
    struct rq *rq = k->rq;
    struct json_error je;
    const struct jv *b = json_parse(rq->a, e->body, &je);
    struct desk_line v = {.seq = e->seq, .own = e->staff > 0, .at = time_view(rq, e->at)};
    v.text = note_words(k, e, b);
    v.kind = v.text.n ? LINE_NOTE : LINE_MESSAGE;
    v.from = e->staff ? e->staff_name : tr(rq_lang(rq), "The resident");
    if (e->kind == CHAT_TOLD_WHO)
        put_told(rq, b, &v.told);
    if (v.kind == LINE_NOTE)
        return v;
    v.text = e->text;
    if (e->kind == CHAT_SENT)
        put_attachment(k, b, &v);
    if (e->kind == CHAT_LINKED) {
        v.kind = LINE_LINK;
        v.href = jv_str_of(b, "href");
        v.text = e->text.n ? e->text : v.href;
    }
    return v;
}

struct desk_lines desk_lines_after(struct rq *rq, const struct chat *c,
                                   const struct desk_seen *seen, int64_t after)
{
    struct desk_lines out = {.ref = c->ref};
    const struct saying k = {rq, seen, c};
    for (size_t i = 0; i < seen->all.n; i++) {
        const struct chat_event *e = &seen->all.p[i];
        if (e->seq > after && e->seq >= seen->floor)
            VEC_PUSH(rq->a, &out, line_view(&k, e));
    }
    return out;
}

/* ---- an open conversation ---- */

static void put_fact(struct rq *rq, struct ui_facts *out, const char *term, struct str text)
{
    if (text.n)
        VEC_PUSH(rq->a, out, ((struct ui_fact){.term = tr(rq_lang(rq), term), .text = text}));
}

static void put_head(struct rq *rq, const struct chat *c, const struct desk_seen *seen,
                     struct desk_talk *v)
{
    enum lang l = rq_lang(rq);
    v->head.wide = false;
    put_fact(rq, &v->head, N_("Language"), language_words(c->lang, l));
    if (c->staff && c->staff != rq->session.staff)
        put_fact(rq, &v->head, N_("Who has it"), c->staff_name);
    if (!seen->told)
        return;
    put_fact(rq, &v->head, N_("Name, as told"), seen->who.name);
    if (date_is(seen->who.born))
        put_fact(rq, &v->head, N_("Date of birth, as told"), fmt_date(rq->a, l, seen->who.born));
    put_fact(rq, &v->head, N_("Phone, as told"), seen->who.phone);
}

static void put_option(struct rq *rq, struct ui_options *list, struct str value, struct str label,
                       struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(rq->a, list, o);
}

/* What was chosen in a form that comes back. */
static struct str kept(struct rq *rq, const struct desk_showing *s, enum desk_part part,
                       const char *field)
{
    return s->part == part ? rq_form(rq, field) : (struct str){NULL, 0};
}

/* Only channels in which somebody is there to take it. */
static void put_receivers(struct rq *rq, const struct chat *c, const struct desk_seen *seen,
                          const struct desk_showing *s, struct desk_talk *v)
{
    const struct chat_channel *own = chat_channel_by_id(&seen->channels, c->channel);
    struct instant next;
    for (size_t i = 0; i < seen->channels.n; i++) {
        const struct chat_channel *to = &seen->channels.p[i];
        if (to->id == c->channel || !chat_is_open(rq->app->law, to, rq->now, &next))
            continue;
        bool same = own && own->reg == to->reg;
        enum desk_part part = same ? DESK_HAND : DESK_CONSENT;
        put_option(rq, same ? &v->channels : &v->across, to->ref, to->name[rq_lang(rq)],
                   kept(rq, s, part, "channel"));
    }
}

static void put_choices(struct rq *rq, const struct desk_showing *s, struct desk_talk *v)
{
    enum lang l = rq_lang(rq);
    struct str what = kept(rq, s, DESK_LINK, "what"), how = kept(rq, s, DESK_END, "how");
    put_option(rq, &v->links, S("video"), tr(l, "A video meeting"), what.n ? what : S("video"));
    put_option(rq, &v->links, S("tray"), tr(l, "A service tray"), what);
    put_option(rq, &v->links, S("page"), tr(l, "Another page"), what);
    put_option(rq, &v->ends, S("solved"), tr(l, "It was solved"), how);
    if (v->joined)
        put_option(rq, &v->ends, S("matter"), tr(l, "It goes on as a matter"), how);
    put_option(rq, &v->ends, S("went"), tr(l, "The resident went"), how);
    for (int o = 0; o < OUTCOME_COUNT; o++)
        put_option(rq, &v->outcomes, str_of(matter_outcome_code((enum matter_outcome)o)),
                   tr(l, matter_outcome_words((enum matter_outcome)o)),
                   kept(rq, s, DESK_END, "outcome"));
}

static struct reply_fill desk_fill(struct rq *rq, const struct chat *c,
                                   const struct desk_seen *seen)
{
    const struct chat_channel *own = chat_channel_by_id(&seen->channels, c->channel);
    return (struct reply_fill){.name = seen->who.name,
                               .team = own ? own->name[c->lang] : (struct str){NULL, 0},
                               .phone = own ? own->phone : (struct str){NULL, 0},
                               .me = rq->session.staff_name};
}

struct reply_asking desk_replies(struct rq *rq, const struct chat *c, const struct desk_seen *seen)
{
    return (struct reply_asking){.team = c->team,
                                 .use = REPLY_CHAT,
                                 .shown = rq_lang(rq),
                                 .written = c->lang,
                                 .into = S("text"),
                                 .fill = desk_fill(rq, c, seen)};
}

static void put_forms(struct rq *rq, const struct desk_showing *s, struct desk_talk *v)
{
    for (int i = 0; i < DESK_PARTS_COUNT; i++) {
        struct desk_form *f = &v->forms[i];
        f->code = desk_part_code((enum desk_part)i);
        if (s->part != (enum desk_part)i)
            continue;
        f->open = true;
        f->text = s->text.n ? s->text : rq_form(rq, "text");
        f->error = s->error;
        f->field = str_of(s->field);
    }
    if (s->part == DESK_ACROSS) { /* its form stands in the same fold */
        v->forms[DESK_CONSENT].open = true;
        v->forms[DESK_CONSENT].error = s->error;
        v->forms[DESK_CONSENT].field = str_of(s->field);
    }
    v->href = kept(rq, s, DESK_LINK, "href");
    v->url = kept(rq, s, DESK_JOIN, "number");
}

static void put_say(struct rq *rq, struct desk_talk *v)
{
    const struct desk_form *f = &v->forms[DESK_SAY];
    v->say = (struct ui_field){.name = S("text"),
                               .label = tr(rq_lang(rq), "Message"),
                               .hint = v->language,
                               .error = f->error,
                               .value = f->text,
                               .rows = 3,
                               .longest = CHAT_TEXT_MAX};
}

static void put_matter(struct rq *rq, const struct chat *c, struct desk_talk *v)
{
    struct matter m;
    v->joined = c->matter != 0;
    if (!v->joined || !matter_load(rq->a, rq->db, rq->app->law, c->matter, &m) ||
        !matter_related(&rq->session, &m))
        return;
    v->matter = m.ref;
    v->matter_shown = matter_ref_shown(rq->a, m.ref);
    v->matter_open = m.state == MATTER_OPEN;
}

static void put_consent(struct rq *rq, const struct chat *c, const struct desk_seen *seen,
                        struct desk_talk *v)
{
    struct desk_consent k = desk_consent(rq, c, seen);
    if (!k.to)
        return;
    v->consent_asked = true;
    v->consent_text = k.text;
    v->consent_to = k.to->name[rq_lang(rq)];
    v->consent_given = k.answered;
}

struct desk_talk *desk_talk_make(struct rq *rq, const struct chat *c, const struct desk_showing *s)
{
    struct desk_talk *v = ARENA_NEW(rq->a, struct desk_talk);
    enum desk_sight sight = desk_sight(rq, c);
    struct desk_seen seen = desk_seen_events(rq, c);
    struct str title[] = {channel_name(rq, &seen.channels, c->channel), time_words(rq, c->started)};
    *v = (struct desk_talk){
        .ref = c->ref,
        .title = tr_fill(rq->a, tr(rq_lang(rq), "%1, began %2"), title, 2),
        .state = tr(rq_lang(rq), chat_state_words(c->state)),
        .once = rand_ref(rq->a, 26),
        .seq = c->seq,
        .mine = sight == DESK_HAS,
        .waiting = c->state == CHAT_IS_WAITING,
        .asked_who = seen.asked,
        .may_send = true,
        .language =
            fill1(rq, N_("The resident writes in: %1"), language_words(c->lang, rq_lang(rq))),
    };
    if (!v->mine && c->state == CHAT_IS_TALKING) {
        v->with = c->staff_name;
        if (chat_related(&rq->session, c) &&
            chat_may_take_over(rq->a, rq->db, c, rq->session.staff, desk_leads(rq), rq->now))
            v->other = other_view(rq, &seen.channels, c);
    }
    if (sight == DESK_SEES_THAT) {
        put_fact(rq, &v->head, N_("Language"), language_words(c->lang, rq_lang(rq)));
        put_fact(rq, &v->head, N_("Who has it"), c->staff ? c->staff_name : S(""));
        return v;
    }
    put_head(rq, c, &seen, v);
    put_matter(rq, c, v);
    v->lines = desk_lines_after(rq, c, &seen, 0);
    put_forms(rq, s, v);
    if (v->mine) {
        put_receivers(rq, c, &seen, s, v);
        put_choices(rq, s, v);
        struct reply_asking asking = desk_replies(rq, c, &seen);
        v->pick = reply_pick_make(rq->a, rq->db, &asking);
        put_say(rq, v);
        v->guide =
            service_pick(rq, s->part == DESK_GUIDE ? rq_form(rq, "find") : rq_query(rq, "find"));
        put_consent(rq, c, &seen, v);
    }
    return v;
}
