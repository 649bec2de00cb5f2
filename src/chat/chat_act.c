/*
 * chat_act.c: what the resident does in the conversation: writes, tells who they are, wishes to be
 * called, sends a file, leaves, answers the question at the end.
 *
 * Each form carries a random value (`once`), so a form that is sent again does nothing again, and
 * is answered as the first. A script sends `after`, the last number that it has: it is answered
 * with what came after it, not with a page. What was typed comes back wherever it was not taken.
 */
#include "chat/chat_view.h"

#include "base/json.h"

enum { SAYS_A_MINUTE = 40, CODE_TRIES = 10 };

/* A form on its way to its commit. */
struct chat_typed {
    struct chat_act act;
    struct str text, name, born, phone, code, error;
    const char *field; /* the one that the error is about */
    int64_t after;     /* of a script; -1: a page is wanted */
    int64_t matter;    /* whose code was typed */
    bool call;
    struct attach_files files;
    const char *done; /* what the page says when it was done */
};

static struct chat_typed *typed_new(struct rq *rq, enum chat_kind kind)
{
    struct chat_typed *t = ARENA_NEW(rq->a, struct chat_typed);
    t->after = -1;
    str_int(rq_form(rq, "after"), &t->after);
    t->act = (struct chat_act){
        .kind = kind, .at = rq->now, .once = rq_once(rq, rq_form(rq, "once")), .born = DATE_NONE};
    t->text = rq_form(rq, "text");
    return t;
}

/* ---- answering ---- */

static void put_back(struct rq *rq, const struct chat_typed *t, struct chat_talk_view *v)
{
    struct ui_field *const fields[] = {&v->text, &v->name,    &v->born,
                                       &v->tel,  &v->receipt, &v->call};
    const struct str sent[] = {t->text, t->name, t->born, t->phone, t->code, t->phone};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (sent[i].n)
            fields[i]->value = sent[i];
        if (t->field && str_eq(fields[i]->name, str_of(t->field)))
            fields[i]->error = t->error;
    }
    if (t->act.kind == CHAT_SENT)
        v->file_error = t->error;
    if (!v->open)
        v->unsent = t->text;
    VEC_PUSH(rq->a, &v->errors,
             (struct ui_error){str_of(v->open && t->field ? t->field : "main"), t->error});
}

/* Refused: the page, or the script's part of it, with what was typed. */
static void refuse(struct rq *rq, const struct chat *c, const struct chat_typed *t, int status)
{
    struct chat_talk_view v;
    chat_view_talk(rq, c, t->after < 0 ? 0 : t->after, &v);
    put_back(rq, t, &v);
    if (t->after < 0)
        chat_view_page(rq, &v, status);
    else
        chat_view_part(rq, &v, status);
}

/* Done. The script only hears that: what has come it asks for by number, on a snapshot. A commit
 * that read it all would stand in the way of the others. */
static void answer(struct rq *rq, const struct chat_typed *t)
{
    if (t->after < 0)
        rq_redirectf(rq, "/%s/chat/talk%s%s", lang_code(rq_lang(rq)), t->done ? "?done=" : "",
                     t->done ? t->done : "");
    else
        rq_reply(rq, 200, "text/plain; charset=utf-8", S("ok\n"));
}

static void answer_refusal(struct rq *rq, const struct chat *c, struct chat_typed *t,
                           enum chat_refusal no)
{
    if (no == CHAT_REFUSED_FINE) {
        answer(rq, t);
        return;
    }
    t->error = tr(rq_lang(rq), chat_refusal_words(no));
    refuse(rq, c, t, 422);
    rq_refuse(rq);
}

/* The conversation of the session, in a commit. */
static bool load(struct rq *rq, struct chat *c)
{
    if (chat_view_mine(rq, c))
        return true;
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

static void act_commit(struct rq *rq)
{
    struct chat_typed *t = rq->user;
    struct chat c;
    if (load(rq, &c))
        answer_refusal(rq, &c, t, chat_do(rq->a, rq->db, &c, &t->act));
}

/* So many of one conversation, whatever the address: several residents may share that. */
static bool too_fast(struct rq *rq)
{
    struct str key = str_fmt(rq->a, "chat %lld", (long long)rq->session.chat);
    return !limits_take(rq->app->limits, key, SAYS_A_MINUTE, rq->now);
}

static void commit_typed(struct rq *rq, struct chat_typed *t, rq_fn *fn)
{
    struct chat c;
    if (!too_fast(rq)) {
        rq->user = t;
        rq_commit(rq, fn);
        return;
    }
    if (!load(rq, &c))
        return;
    t->error = tr(rq_lang(rq), "There have been too many tries. Wait a minute and try again.");
    refuse(rq, &c, t, 429);
}

/* ---- writing ---- */

static void say_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_SAID);
    t->field = "text";
    t->act.text = t->text;
    commit_typed(rq, t, act_commit);
}

/* ---- who it is ---- */

/* "24.11.1980", "24/11/1980" or "1980-11-24"; a day of the past. */
static bool read_born(struct str s, struct date today, struct date *out)
{
    int64_t part[3];
    struct str rest = s;
    if (date_parse(s, out))
        return out->day <= today.day;
    char between = str_find(s, '/') < s.n ? '/' : '.';
    for (int i = 0; i < 3; i++)
        if (!str_int(str_trim(i < 2 ? str_cut(&rest, between) : rest), &part[i]) || part[i] > 9999)
            return false;
    if (!date_valid((int)part[2], (int)part[1], (int)part[0]))
        return false;
    *out = date_from((int)part[2], (int)part[1], (int)part[0]);
    return out->day <= today.day;
}

static void wrong(struct rq *rq, struct chat_typed *t, const char *field, const char *words)
{
    if (t->error.n)
        return;
    t->field = field;
    t->error = tr(rq_lang(rq), words);
}

/* The matter whose code was typed, on the snapshot. */
static void read_code(struct rq *rq, struct chat_typed *t)
{
    static const char nobody[32];
    struct str hash = {nobody, sizeof nobody};
    if (!t->code.n || t->error.n)
        return;
    if (!rq_try(rq, "code", CODE_TRIES)) {
        wrong(rq, t, "code", N_("There have been too many tries. Wait a minute and try again."));
        return;
    }
    bool code = auth_code_hash(rq->a, rq->app->key, t->code, &hash);
    t->matter = matter_find_code(rq->db, hash);
    if (!t->matter)
        wrong(rq, t, "code",
              code ? N_("No matter has this code. Check every character.")
                   : N_("The code has 13 characters. Check that none is missing."));
}

static void read_who(struct rq *rq, struct chat_typed *t)
{
    t->name = rq_form(rq, "name");
    t->born = rq_form(rq, "born");
    t->phone = rq_form(rq, "phone");
    t->code = rq_form(rq, "code");
    if (str_utf8_len(t->name) > 200)
        wrong(rq, t, "name", N_("The name is too long. Shorten it to 200 characters."));
    if (t->born.n && !read_born(t->born, date_of(rq->now), &t->act.born))
        wrong(rq, t, "born", N_("Write the date of birth like this: 24.11.1980"));
    if (t->phone.n && !str_is_phone(t->phone))
        wrong(rq, t, "phone", N_("Check the phone number."));
    t->act.name = t->name;
    t->act.phone = t->phone;
    read_code(rq, t);
}

static void who_commit(struct rq *rq)
{
    struct chat_typed *t = rq->user;
    struct chat c;
    enum chat_refusal no = CHAT_REFUSED_FINE;
    if (!load(rq, &c))
        return;
    if (t->matter) {
        struct chat_act join = {.kind = CHAT_JOINED, .at = t->act.at, .matter = t->matter};
        no = chat_do(rq->a, rq->db, &c, &join);
        t->field = "code";
    }
    bool more = t->name.n || t->phone.n || date_is(t->act.born);
    if (no == CHAT_REFUSED_FINE && (more || !t->matter)) {
        t->field = "name";
        no = chat_do(rq->a, rq->db, &c, &t->act);
    }
    answer_refusal(rq, &c, t, no);
}

static void who_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_TOLD_WHO);
    struct chat c;
    t->done = "who";
    read_who(rq, t);
    if (!t->error.n)
        commit_typed(rq, t, who_commit);
    else if (load(rq, &c))
        refuse(rq, &c, t, 422);
}

/* ---- the other ways ---- */

static void call_commit(struct rq *rq)
{
    struct chat_typed *t = rq->user;
    struct chat c;
    enum chat_refusal no = CHAT_REFUSED_FINE;
    if (!load(rq, &c))
        return;
    bool open = c.state == CHAT_IS_WAITING || c.state == CHAT_IS_TALKING;
    if (!open && !c.matter)
        no = CHAT_REFUSED_OVER;
    else if (open && !c.matter && t->call)
        no = chat_do(rq->a, rq->db, &c, &t->act);
    if (no == CHAT_REFUSED_FINE && open && !c.matter) {
        struct chat_matter m = {.at = t->act.at, .call = t->call};
        chat_make_matter(rq->a, rq->db, rq->app->law, rq->app->key, &c, &m);
    }
    answer_refusal(rq, &c, t, no);
}

static void call_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_TOLD_WHO);
    struct chat c;
    t->call = !str_eq(rq_form(rq, "way"), S("write"));
    t->field = "call";
    if (t->call) {
        t->phone = t->act.phone = rq_form(rq, "call");
        t->done = "call";
        if (!str_is_phone(t->phone))
            wrong(rq, t, "call", N_("Write the number where we reach you."));
    }
    if (!t->error.n)
        commit_typed(rq, t, call_commit);
    else if (load(rq, &c))
        refuse(rq, &c, t, 422);
}

/* ---- files ---- */

static void files_commit(struct rq *rq)
{
    struct chat_typed *t = rq->user;
    struct chat c;
    enum chat_refusal no = CHAT_REFUSED_FINE;
    if (!load(rq, &c))
        return;
    for (size_t i = 0; i < t->files.n && no == CHAT_REFUSED_FINE; i++) {
        struct chat_act act = t->act;
        act.file = &t->files.p[i];
        act.once = act.file->once;
        no = chat_do(rq->a, rq->db, &c, &act);
    }
    answer_refusal(rq, &c, t, no);
}

static void file_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_SENT);
    struct chat c;
    t->done = "file";
    t->field = "file";
    if (attach_take(rq, "file", t->act.once, &t->files, &t->error) && t->files.n == 0)
        wrong(rq, t, "file", N_("Choose a file."));
    if (!t->error.n)
        commit_typed(rq, t, files_commit);
    else if (load(rq, &c))
        refuse(rq, &c, t, 422);
}

/* Was it sent in this conversation, by either? The matter that it went to may have others, which
 * are not for who has only this. */
static bool sent_here(struct rq *rq, const struct chat *c, int64_t id)
{
    struct json_error je;
    struct chat_events all = chat_events(rq->a, rq->db, c->id, 0, CHAT_EVENTS_MAX);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].kind == CHAT_SENT &&
            jv_int(jv_get(json_parse(rq->a, all.p[i].body, &je), "attachment")) == id)
            return true;
    return false;
}

static void file_get(struct rq *rq)
{
    struct chat c;
    struct attachment f;
    int64_t id;
    if (!str_int(rq->params[0], &id) || !chat_view_mine(rq, &c) || !sent_here(rq, &c, id) ||
        (!attach_find(rq->a, rq->db, ATTACH_CHAT, c.id, id, &f) &&
         (!c.matter || !attach_find(rq->a, rq->db, ATTACH_MATTER, c.matter, id, &f)))) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    attach_reply(rq, &f);
}

/* ---- the end ---- */

static void end_commit(struct rq *rq)
{
    struct chat_typed *t = rq->user;
    struct chat c;
    if (!load(rq, &c))
        return;
    bool open = c.state == CHAT_IS_WAITING || c.state == CHAT_IS_TALKING;
    t->act.kind = c.state == CHAT_IS_WAITING ? CHAT_LEFT : CHAT_ENDED;
    answer_refusal(rq, &c, t,
                   open ? chat_end(rq->a, rq->db, rq->app->law, &c, &t->act) : CHAT_REFUSED_FINE);
}

static void end_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_ENDED);
    t->act.how = S("went");
    commit_typed(rq, t, end_commit);
}

static void judge_post(struct rq *rq)
{
    struct chat_typed *t = typed_new(rq, CHAT_JUDGED);
    int64_t good = 0;
    t->field = "good.1";
    t->act.good = str_int(rq_form(rq, "good"), &good) && good >= 1 && good <= 5 ? (int)good : 0;
    commit_typed(rq, t, act_commit);
}

static void forget_commit(struct rq *rq)
{
    auth_session_end(rq->db, rq->session.id);
    rq_redirectf(rq, "/%s/chat", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_CHAT, S(""), 0);
}

static void forget_post(struct rq *rq)
{
    rq_commit(rq, forget_commit);
}

static const struct route routes[] = {
    {HTTP_POST, "/:lang/chat/talk/say", ACCESS_CHAT, 0, say_post},
    {HTTP_POST, "/:lang/chat/talk/who", ACCESS_CHAT, 0, who_post},
    {HTTP_POST, "/:lang/chat/talk/call", ACCESS_CHAT, 0, call_post},
    {HTTP_POST, "/:lang/chat/talk/file", ACCESS_CHAT, ROUTE_FILES, file_post},
    {HTTP_GET, "/:lang/chat/talk/file/:id", ACCESS_CHAT, 0, file_get},
    {HTTP_POST, "/:lang/chat/talk/end", ACCESS_CHAT, 0, end_post},
    {HTTP_POST, "/:lang/chat/talk/judge", ACCESS_CHAT, 0, judge_post},
    {HTTP_POST, "/:lang/chat/talk/forget", ACCESS_CHAT, 0, forget_post},
};
const struct route_table chat_act_routes = {routes, sizeof routes / sizeof *routes};
