/*
 * addition_web.c: what an editor adds to an entry, also to one that comes from PTV: words by which
 * residents find it, a text in plain language, whether it takes new people now, when somebody is to
 * look at it again; and undoing a change.
 */
#include "editor/editor_room.h"

#include "web/web_pages.h"

enum { PLAIN_MAX = 1000 };

static const char *const covers[] = {"unknown", "takes", "full", "paused"};

/* Tells one addition from another: what somebody else has saved meanwhile is not overwritten. */
static struct str addition_mark(struct arena *a, const struct dir_addition *x)
{
    struct buf b = buf_new(a, 1 << 20);
    const struct dir_texts *texts[] = {&x->synonyms, &x->plain};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < texts[k]->n; i++)
            buf_fmt(&b, "%zu " STR_FMT " " STR_FMT "\n", k, STR_ARG(texts[k]->p[i].lang),
                    STR_ARG(texts[k]->p[i].text));
    buf_fmt(&b, "%d %d %d", x->cover, x->cover_until.day, x->review.day);
    return str_fmt(a, "%016llx", (unsigned long long)str_hash(buf_get(&b)));
}

static struct dir_addition stored(struct rq *rq, struct str id)
{
    struct dir_addition x = {.cover_until = DATE_NONE, .review = DATE_NONE};
    if (!directory_addition(rq->a, rq->db, id, &x))
        x = (struct dir_addition){.cover_until = DATE_NONE, .review = DATE_NONE};
    return x;
}

static struct fields addition_fields(struct rq *rq, const struct dir_addition *x)
{
    struct fields out = {0};
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct field synonyms = {str_fmt(rq->a, "synonym.%s", code),
                                 texts_lines(rq->a, &x->synonyms, code)};
        struct field plain = {str_fmt(rq->a, "plain.%s", code), texts_get(&x->plain, code)};
        VEC_PUSH(rq->a, &out, synonyms);
        VEC_PUSH(rq->a, &out, plain);
    }
    VEC_PUSH(rq->a, &out, (struct field){S("cover"), str_of(covers[x->cover & 3])});
    if (date_is(x->cover_until))
        VEC_PUSH(rq->a, &out, (struct field){S("cover_until"), date_iso(rq->a, x->cover_until)});
    if (date_is(x->review))
        VEC_PUSH(rq->a, &out, (struct field){S("review"), date_iso(rq->a, x->review)});
    return out;
}

/* ---- showing ---- */

static struct entry_part three(struct rq *rq, const struct addition_view *v,
                               const struct fields *values, const char *name, int rows, int longest)
{
    static const char *const in[] = {N_("In Finnish"), N_("In Swedish"), N_("In English")};
    struct entry_part part = {.kind = PART_GROUP, .id = str_of(name)};
    for (int l = 0; l < LANG_COUNT; l++) {
        struct str id = str_fmt(rq->a, "%s.%s", name, lang_code((enum lang)l));
        struct ui_field f = {.name = id,
                             .label = tr(rq_lang(rq), in[l]),
                             .value = fields_get(values, str_z(rq->a, id)),
                             .error = ui_error_of(&v->errors, id),
                             .rows = rows,
                             .longest = longest};
        VEC_PUSH(rq->a, &part.group, f);
    }
    return part;
}

static struct ui_field day(struct rq *rq, const struct addition_view *v,
                           const struct fields *values, const char *name, const char *label,
                           const char *hint)
{
    return (struct ui_field){.name = str_of(name),
                             .label = tr(rq_lang(rq), label),
                             .hint = tr(rq_lang(rq), hint),
                             .value = fields_get(values, name),
                             .error = ui_error_of(&v->errors, str_of(name)),
                             .optional = true,
                             .type = "date",
                             .size = "mid"};
}

static void put_parts(struct rq *rq, struct addition_view *v, const struct fields *values)
{
    static const char *const words[] = {N_("Not told"), N_("Takes new people"),
                                        N_("Full at the moment"), N_("On a break")};
    enum lang l = rq_lang(rq);
    v->synonyms = three(rq, v, values, "synonym", 4, 0);
    v->synonyms.label = tr(l, "Synonyms");
    v->synonyms.hint = tr(
        l, "What residents call it. One word or short phrase a line. The search finds it by them.");
    v->plain = three(rq, v, values, "plain", 5, PLAIN_MAX);
    v->plain.label = tr(l, "Plain-language text");
    v->plain.hint = tr(l, "Short sentences, everyday words. It is shown first on the page.");
    v->cover = (struct ui_choice){
        .name = S("cover"), .label = tr(l, "Does it take new people"), .row = true};
    for (size_t i = 0; i < 4; i++) {
        struct str chosen = fields_get(values, "cover");
        struct ui_option o = {.value = str_of(covers[i]),
                              .label = tr(l, words[i]),
                              .chosen =
                                  str_eq(chosen.n ? chosen : S("unknown"), str_of(covers[i]))};
        VEC_PUSH(rq->a, &v->cover.options, o);
    }
    v->until = day(rq, v, values, "cover_until", N_("Until when"),
                   N_("After this day nothing is said of it any more."));
    v->review = day(rq, v, values, "review", N_("Review date"),
                    N_("From this day on it stands in the list of what is to be looked at."));
}

struct addition_view *addition_of(struct rq *rq, struct str id)
{
    struct addition_view *v = ARENA_NEW(rq->a, struct addition_view);
    struct dir_addition x = stored(rq, id);
    struct fields values = addition_fields(rq, &x);
    v->was = addition_mark(rq->a, &x);
    put_parts(rq, v, &values);
    return v;
}

/* ---- reading ---- */

struct adding {
    struct dir_addition x;
    struct addition_view v;
};

static void wrong(struct rq *rq, struct adding *s, struct str target, struct str text)
{
    VEC_PUSH(rq->a, &s->v.errors, (struct ui_error){target, text});
}

static struct date read_day(struct rq *rq, struct adding *s, const char *name)
{
    struct date d = DATE_NONE;
    struct str typed = rq_form(rq, name);
    if (typed.n && !date_parse(typed, &d)) {
        wrong(rq, s, str_of(name), tr(rq_lang(rq), "Choose the day, or leave it empty."));
        d = DATE_NONE;
    }
    return d;
}

static void read_texts(struct rq *rq, struct adding *s)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct str synonym = str_fmt(rq->a, "synonym.%s", code);
        struct str plain = str_fmt(rq->a, "plain.%s", code);
        if (!texts_read_lines(rq->a, fields_get(&rq->http->form, synonym.p), code, &s->x.synonyms))
            wrong(rq, s, synonym,
                  tr(rq_lang(rq), "Write one word or short phrase a line, at most 40."));
        struct str text = text_clean(rq->a, fields_get(&rq->http->form, plain.p), true);
        if (str_utf8_len(text) > PLAIN_MAX) {
            struct str most = S("1000");
            wrong(rq, s, plain,
                  tr_fill(rq->a, tr(rq_lang(rq), "Write it shorter: at most %1 characters."), &most,
                          1));
        }
        texts_put(rq->a, &s->x.plain, code, text);
    }
}

static void come_back(struct rq *rq, struct adding *s, struct ui_notice told)
{
    put_parts(rq, &s->v, &rq->http->form);
    entry_show(rq, rq->params[0], told, &s->v);
}

static void addition_commit(struct rq *rq)
{
    struct adding *s = rq->user;
    struct dir_author who = editor_author(rq);
    struct str id = rq->params[0];
    struct dir_addition now = stored(rq, id);
    struct str mark = addition_mark(rq->a, &now);
    enum dir_refusal no = DIR_REFUSED_CHANGED;
    if (str_eq(mark, addition_mark(rq->a, &s->x))) { /* sent twice: it is there */
        rq_redirectf(rq, "%s" STR_FMT "?said=added", editor_path(rq, "/entry/").p, STR_ARG(id));
        return;
    }
    if (str_eq(mark, rq_form(rq, "was")))
        no = directory_add(rq->a, rq->db, &who, rq->now, id, &s->x);
    if (no == DIR_REFUSED_NO_ENTRY) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (no) {
        s->v.was = mark; /* told: sending it again replaces theirs */
        rq_status(rq, 409);
        come_back(rq, s, editor_refused(rq, no));
        rq_refuse(rq);
        return;
    }
    rq_redirectf(rq, "%s" STR_FMT "?said=added", editor_path(rq, "/entry/").p, STR_ARG(id));
}

static void addition_post(struct rq *rq)
{
    struct adding *s = ARENA_NEW(rq->a, struct adding);
    read_texts(rq, s);
    for (int i = 0; i < 4; i++)
        if (str_eq(rq_form(rq, "cover"), str_of(covers[i])))
            s->x.cover = i;
    s->x.cover_until = read_day(rq, s, "cover_until");
    s->x.review = read_day(rq, s, "review");
    s->v.was = rq_form(rq, "was");
    if (s->v.errors.n) {
        rq_status(rq, 422);
        come_back(rq, s, (struct ui_notice){0});
        return;
    }
    rq->user = s;
    rq_commit(rq, addition_commit);
}

/* ---- undoing ---- */

static void undo_commit(struct rq *rq)
{
    struct dir_author who = editor_author(rq);
    struct str id = rq_form(rq, "entry");
    int64_t change = 0, seen = 0;
    if (!str_int(rq_form(rq, "change"), &change) || change < 1 ||
        !str_int(rq_form(rq, "seen"), &seen)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    enum dir_refusal no = directory_undo_is_late(rq->db, change, seen)
                              ? DIR_REFUSED_CHANGED
                              : directory_undo(rq->a, rq->db, &who, rq->now, change);
    if (no == DIR_REFUSED_FINE) {
        struct str rest = str_fmt(rq->a, "/entry/" STR_FMT "?said=undone", STR_ARG(id));
        rq_redirect(rq, id.n ? editor_path(rq, rest.p) : editor_path(rq, "?said=undone"));
        return;
    }
    rq_status(rq, 409);
    entry_show(rq, rq_form(rq, "of"), editor_refused(rq, no), NULL);
    rq_refuse(rq);
}

static void undo_post(struct rq *rq)
{
    rq_commit(rq, undo_commit);
}

static const struct route routes[] = {
    {HTTP_POST, "/:lang/staff/directory/entry/:id/addition", ACCESS_EDITOR, 0, addition_post},
    {HTTP_POST, "/:lang/staff/directory/undo", ACCESS_EDITOR, 0, undo_post},
};
const struct route_table addition_routes = {routes, sizeof routes / sizeof *routes};
