/*
 * reply.c: the rules of templates: what is complete, how places are filled, what a form that offers
 * them does.
 */
#include "reply/reply.h"

#include "reply/reply_room.h"
#include "team/team.h"

/* ---- places ---- */

static const struct {
    struct str place;
    size_t at;
} places[] = {
    {S_INIT("{name}"), offsetof(struct reply_fill, name)},
    {S_INIT("{team}"), offsetof(struct reply_fill, team)},
    {S_INIT("{phone}"), offsetof(struct reply_fill, phone)},
    {S_INIT("{due}"), offsetof(struct reply_fill, due)},
    {S_INIT("{me}"), offsetof(struct reply_fill, me)},
};
enum { PLACES = sizeof places / sizeof *places };

/* Which place begins here; PLACES: none that we know. */
static size_t place_at(struct str rest)
{
    size_t i = 0;
    while (i < PLACES && !str_starts(rest, places[i].place))
        i++;
    return i;
}

struct str reply_text(struct arena *a, const struct reply *r, enum lang l,
                      const struct reply_fill *fill)
{
    struct buf b = buf_new(a, 0);
    struct str rest = r->text[l];
    while (rest.n) {
        size_t i = place_at(rest);
        if (i == PLACES) {
            buf_char(&b, rest.p[0]);
            rest = str_sub(rest, 1, rest.n);
            continue;
        }
        struct str value = *(const struct str *)((const char *)fill + places[i].at);
        if (!value.n && b.n && b.p[b.n - 1] == ' ')
            b.n--;
        buf_str(&b, value);
        rest = str_sub(rest, places[i].place.n, rest.n);
    }
    return buf_get(&b);
}

static bool places_known(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '{' && place_at(str_sub(text, i, text.n)) == PLACES)
            return false;
    return true;
}

const char *reply_fault(const struct reply *r, enum lang *where)
{
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        *where = l;
        if (!r->title[l].n || !r->text[l].n)
            return N_("A template needs a title and a text in Finnish, Swedish and English.");
        if (str_utf8_len(r->title[l]) > REPLY_TITLE_MOST)
            return N_("The title is too long. Shorten it to 100 characters.");
        if (str_utf8_len(r->text[l]) > REPLY_TEXT_MOST)
            return N_("The text is too long. Shorten it to 4,000 characters.");
        if (!places_known(r->text[l]))
            return N_("The text has a place that is not known. These can be used: {name}, {team}, "
                      "{phone}, {due}, {me}.");
    }
    return (r->uses & REPLY_ALL) ? NULL : N_("Choose where the template is offered.");
}

/* ---- in forms ---- */

static struct str label_of(struct arena *a, enum lang shown, enum lang written)
{
    static const char *const labels[LANG_COUNT] = {
        [LANG_FI] = N_("Template, in Finnish"),
        [LANG_SV] = N_("Template, in Swedish"),
        [LANG_EN] = N_("Template, in English"),
    };
    return str_dup(a, tr(shown, labels[written]));
}

struct reply_pick reply_pick_make(struct arena *a, struct db *db, const struct reply_asking *q)
{
    struct reply_pick pick = {.into = q->into, .label = label_of(a, q->shown, q->written)};
    struct replies all = reply_list(a, db, q->team, q->use, q->shown);
    for (size_t i = 0; i < all.n; i++)
        VEC_PUSH(a, &pick.choices,
                 (struct reply_choice){all.p[i].id, all.p[i].title[q->shown],
                                       reply_text(a, &all.p[i], q->written, &q->fill)});
    return pick;
}

bool reply_used(struct rq *rq, const struct reply_asking *q, struct str *text)
{
    struct str typed = rq_form(rq, str_z(rq->a, q->name.n ? q->name : q->into));
    struct reply r;
    int64_t id;
    if (!str_eq(rq_form(rq, "reply.use"), q->into))
        return false;
    *text = typed;
    struct str field = str_fmt(rq->a, STR_FMT ".reply", STR_ARG(q->into));
    if (!str_int(rq_form(rq, str_z(rq->a, field)), &id) || !reply_find(rq->a, rq->db, id, &r) ||
        r.retired || (r.team && r.team != q->team) || !(r.uses & q->use))
        return true;
    struct str filled = reply_text(rq->a, &r, q->written, &q->fill);
    *text =
        typed.n ? str_fmt(rq->a, STR_FMT "\n\n" STR_FMT, STR_ARG(typed), STR_ARG(filled)) : filled;
    return true;
}

/* ---- files ---- */

static const struct {
    const char *code;
    enum reply_use use;
} use_codes[] = {
    {"answer", REPLY_ANSWER}, {"close", REPLY_CLOSE}, {"chat", REPLY_CHAT}, {"ask", REPLY_ASK}};

static bool read_uses(const struct jv *list, unsigned *uses)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        size_t k = 0, n = sizeof use_codes / sizeof *use_codes;
        while (k < n && !str_eq(jv_str(jv_at(list, i)), str_of(use_codes[k].code)))
            k++;
        if (k == n)
            return false;
        *uses |= (unsigned)use_codes[k].use;
    }
    return true;
}

static const char *read_one(struct arena *a, struct db *db, const struct jv *o, struct reply *r)
{
    static const char *const known[] = {"title", "text", "uses", "team", NULL};
    struct teams teams = teams_load(a, db);
    struct str ref = jv_str_of(o, "team");
    const struct team *team = ref.n ? teams_by_ref(&teams, ref) : NULL;
    enum lang where;
    *r = (struct reply){.team = team ? team->id : 0};
    if (jv_unknown(o, known).n)
        return "an unknown key";
    if (!lang_texts(jv_get(o, "title"), r->title) || !lang_texts(jv_get(o, "text"), r->text))
        return "title or text is missing in a language";
    if (!read_uses(jv_get(o, "uses"), &r->uses))
        return "uses: answer, close, chat, ask";
    if (ref.n && !team)
        return "no such team";
    return reply_fault(r, &where);
}

bool reply_take(struct arena *a, struct db *db, const struct jv *file, struct instant at,
                struct str *why)
{
    const struct jv *list = jv_get(file, "replies");
    for (size_t i = 0; i < jv_len(list); i++) {
        struct reply r;
        const char *fault = read_one(a, db, jv_at(list, i), &r);
        if (fault) {
            *why = str_fmt(a, "replies[%zu]: %s", i, fault);
            return false;
        }
        reply_save(db, &r, 0, at);
    }
    if (!jv_len(list))
        *why = S("replies: none");
    return jv_len(list) > 0;
}
