/*
 * words_web.c: what people say and the catalogue does not: the editors' own synonyms, tried in a
 * search right there, and the worklist of searches that found nothing or that nobody opened.
 */
#include "editor/editor_pages.h"
#include "editor/editor_room.h"

#include "gaps/gaps.h"
#include "web/web_pages.h"

enum { SAYS_MAX = 2000, SYNONYMS_MAX = 2000, TRIED_SHOWN = 5, GAPS_SHOWN = 200, HASH_SIZE = 16 };

/* ---- the worklist's rows by name ---- */

static bool unhex(struct arena *a, struct str text, struct str *out)
{
    char *bytes = arena_alloc(a, HASH_SIZE);
    uint64_t half[2];
    if (text.n != 2 * HASH_SIZE || !str_hex(str_sub(text, 0, 16), &half[0]) ||
        !str_hex(str_sub(text, 16, 16), &half[1]))
        return false;
    for (size_t i = 0; i < HASH_SIZE; i++)
        bytes[i] = (char)(half[i / 8] >> (56 - 8 * (i % 8)));
    *out = (struct str){bytes, HASH_SIZE};
    return true;
}

/* ---- synonyms ---- */

static struct ui_choice lang_choice(struct rq *rq, struct str chosen)
{
    static const char *const words[] = {N_("Finnish"), N_("Swedish"), N_("English")};
    struct ui_choice c = {
        .name = S("in"), .label = tr(rq_lang(rq), "Language of the words"), .row = true};
    for (int l = 0; l < LANG_COUNT; l++) {
        struct str code = str_of(lang_code((enum lang)l));
        struct ui_option o = {
            .value = code, .label = tr(rq_lang(rq), words[l]), .chosen = str_eq(code, chosen)};
        VEC_PUSH(rq->a, &c.options, o);
    }
    return c;
}

static struct said_hits try_search(struct rq *rq, enum lang l, struct str query)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct said_hits out = {0};
    if (query.n == 0 || str_utf8_len(query) > DIR_QUERY_MAX)
        return out;
    struct dir_hits hits = dir_search(rq->a, d, l, query, TRIED_SHOWN);
    out.near = hits.near;
    for (size_t i = 0; i < hits.n; i++) {
        const struct dir_service *s = hits.p[i].service;
        struct said_hit h = {dir_name(rq, &s->name),
                             editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(s->id)).p)};
        VEC_PUSH(rq->a, &out, h);
    }
    return out;
}

static struct str first_line(struct str text)
{
    struct str rest = text;
    return str_trim(str_cut(&rest, '\n'));
}

/* Before: the search as it is. After: as it will be about, the catalogue's words beside. */
static void try_words(struct rq *rq, struct synonym_view *v, enum lang l)
{
    struct str said = first_line(v->says.value), means = first_line(v->means.value);
    v->tried = said.n > 0;
    v->query = said;
    v->before = try_search(rq, l, said);
    if (means.n)
        v->after =
            try_search(rq, l, str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(said), STR_ARG(means)));
}

static void put_synonyms(struct rq *rq, struct synonym_view *v)
{
    struct dir_synonyms all = directory_synonyms(rq->a, rq->db);
    for (size_t i = 0; i < all.n; i++) {
        const struct dir_synonym *s = &all.p[i];
        struct synonym_line line = {.id = s->id,
                                    .lang = str_of(lang_code(s->lang)),
                                    .says = s->says,
                                    .means = s->means,
                                    .by = s->by,
                                    .changed = ui_time_at(&rq->page, s->changed)};
        VEC_PUSH(rq->a, &v->lines, line);
    }
}

static void synonyms_show(struct rq *rq, struct synonym_view *v)
{
    enum lang l = rq_lang(rq);
    v->says.name = S("says");
    v->says.label = tr(l, "What people say");
    v->says.hint = tr(l, "One word or short phrase a line, as they write it.");
    v->says.rows = 3;
    v->says.error = ui_error_of(&v->errors, S("says"));
    v->means.name = S("means");
    v->means.label = tr(l, "What the catalogue calls it");
    v->means.hint = tr(l, "Words that stand in the services that should be found. A line each.");
    v->means.rows = 3;
    v->means.error = ui_error_of(&v->errors, S("means"));
    put_synonyms(rq, v);
    editor_page_begin(rq, tr(l, "Synonyms"), v->errors.n > 0);
    synonyms_page(&rq->page, v);
    rq_page_end(rq);
}

static void synonyms_get(struct rq *rq)
{
    struct synonym_view v = {.done = editor_said(rq)};
    struct str in = rq_query(rq, "in");
    enum lang l = rq_lang(rq);
    int64_t id = 0;
    v.says.value = rq_query(rq, "says");
    v.gap = rq_query(rq, "gap");
    if (!lang_from(in, &l))
        in = str_of(lang_code(l));
    if (str_int(rq_query(rq, "id"), &id) && id > 0) {
        struct dir_synonyms all = directory_synonyms(rq->a, rq->db);
        for (size_t i = 0; i < all.n; i++)
            if (all.p[i].id == id) {
                v.id = rq_query(rq, "id");
                v.says.value = all.p[i].says;
                v.means.value = all.p[i].means;
                l = all.p[i].lang;
                in = str_of(lang_code(l));
            }
    }
    v.lang = lang_choice(rq, in);
    if (v.says.value.n)
        try_words(rq, &v, l);
    synonyms_show(rq, &v);
}

struct putting {
    struct dir_synonym s;
    struct str gap;
    const char *said;
};

static void synonym_commit(struct rq *rq)
{
    const struct putting *p = rq->user;
    struct dir_author who = editor_author(rq);
    struct dir_synonyms all = directory_synonyms(rq->a, rq->db);
    bool there = false, known = p->s.id == 0, full = all.n >= SYNONYMS_MAX;
    for (size_t i = 0; i < all.n; i++) {
        there = there || (p->s.id == 0 && all.p[i].lang == p->s.lang &&
                          str_eq(all.p[i].says, p->s.says) && str_eq(all.p[i].means, p->s.means));
        known = known || all.p[i].id == p->s.id;
    }
    if (full && !there && p->s.says.n && (p->s.id == 0 || !known)) {
        struct synonym_view v = {.done = editor_refused(rq, DIR_REFUSED_TOO_MANY),
                                 .lang = lang_choice(rq, str_of(lang_code(p->s.lang)))};
        v.says.value = p->s.says;
        v.means.value = p->s.means;
        rq_status(rq, 409);
        synonyms_show(rq, &v);
        rq_refuse(rq);
        return;
    }
    if (!known && p->s.says.n) { /* it was removed meanwhile: what was typed makes a new one */
        struct dir_synonym fresh = p->s;
        fresh.id = 0;
        directory_synonym_put(rq->db, &who, rq->now, &fresh);
    } else if (!there && known) { /* sent twice makes one */
        directory_synonym_put(rq->db, &who, rq->now, &p->s);
    }
    if (p->gap.n)
        gaps_done(rq->db, p->gap, p->s.lang);
    rq_redirect(rq, editor_path(rq, str_fmt(rq->a, "/synonyms?said=%s", p->said).p));
}

static void check_words(struct rq *rq, struct synonym_view *v, const char *name, struct str value)
{
    struct dir_texts lines = {0};
    struct str id = str_of(name);
    if (value.n == 0)
        VEC_PUSH(
            rq->a, &v->errors,
            (struct ui_error){id, str_eq(id, S("says"))
                                      ? tr(rq_lang(rq), "Write what people say.")
                                      : tr(rq_lang(rq), "Write what the catalogue calls it.")});
    else if (value.n > SAYS_MAX || !texts_read_lines(rq->a, value, "fi", &lines))
        VEC_PUSH(rq->a, &v->errors,
                 (struct ui_error){id, tr(rq_lang(rq), "Write one word or short phrase a line, at "
                                                       "most 40.")});
}

static void synonyms_post(struct rq *rq)
{
    struct putting *p = ARENA_NEW(rq->a, struct putting);
    struct str act = rq_form(rq, "act");
    struct synonym_view v = {.id = rq_form(rq, "id"), .gap = rq_form(rq, "gap")};
    enum lang l = rq_lang(rq);
    if (!lang_from(rq_form(rq, "in"), &l))
        l = rq_lang(rq);
    if (v.id.n && (!str_int(v.id, &p->s.id) || p->s.id < 1)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    v.says.value = text_clean(rq->a, fields_get(&rq->http->form, "says"), true);
    v.means.value = text_clean(rq->a, fields_get(&rq->http->form, "means"), true);
    p->s.lang = l;
    p->said = "removed";
    rq->user = p;
    p->s.says = p->s.means = S("");
    if (str_eq(act, S("remove")) && p->s.id) {
        rq_commit(rq, synonym_commit);
        return;
    }
    check_words(rq, &v, "says", v.says.value);
    if (!str_eq(act, S("try")))
        check_words(rq, &v, "means", v.means.value);
    if (v.errors.n || str_eq(act, S("try"))) {
        rq_status(rq, v.errors.n ? 422 : 200);
        v.lang = lang_choice(rq, str_of(lang_code(l)));
        try_words(rq, &v, l);
        synonyms_show(rq, &v);
        return;
    }
    p->s.says = v.says.value;
    p->s.means = v.means.value;
    p->said = "synonym";
    if (v.gap.n && !unhex(rq->a, v.gap, &p->gap))
        p->gap.n = 0;
    rq_commit(rq, synonym_commit);
}

/* ---- searches without a hit, or without a click ---- */

static struct str lang_words(enum lang of, enum lang l)
{
    return of == LANG_FI ? tr(l, "Finnish") : of == LANG_SV ? tr(l, "Swedish") : tr(l, "English");
}

static void put_gap(struct rq *rq, struct gaps_view *v, const struct gap *g)
{
    struct str hash = str_to_hex(rq->a, g->hash.p, g->hash.n);
    struct buf href = buf_new(rq->a, 4096), search = buf_new(rq->a, 4096);
    buf_fmt(&href, "%s?in=%s&gap=" STR_FMT "&says=", editor_path(rq, "/synonyms").p,
            lang_code(g->lang), STR_ARG(hash));
    url_encode(&href, g->words);
    buf_fmt(&search, "/%s/search?q=", lang_code(g->lang));
    url_encode(&search, g->words);
    struct gap_line line = {.hash = hash,
                            .lang = str_of(lang_code(g->lang)),
                            .lang_name = lang_words(g->lang, rq_lang(rq)),
                            .words = g->words,
                            .synonym_href = buf_get(&href),
                            .search_href = buf_get(&search),
                            .asked = g->asked,
                            .empty = g->empty,
                            .opened = g->opened,
                            .last = fmt_date(rq->a, rq_lang(rq), g->last)};
    VEC_PUSH(rq->a, &v->lines, line);
}

static void gaps_get(struct rq *rq)
{
    static const char *const codes[] = {"empty", "unopened"};
    static const char *const words[] = {N_("found nothing"), N_("found, but not opened")};
    enum lang l = rq_lang(rq);
    bool unopened = str_eq(rq_query(rq, "kind"), S("unopened"));
    enum gap_kind kind = unopened ? GAP_UNOPENED : GAP_EMPTY;
    struct gaps_view v = {.done = editor_said(rq), .kind = str_of(codes[kind])};
    for (int k = 0; k < 2; k++) {
        struct gap_list list = gaps_load(rq->a, rq->db, k ? GAP_UNOPENED : GAP_EMPTY, GAPS_SHOWN);
        struct str rest = str_fmt(rq->a, "/gaps?kind=%s", codes[k]);
        struct count_line tab = {(int64_t)list.n, tr(l, words[k]), editor_path(rq, rest.p),
                                 k == (int)unopened};
        VEC_PUSH(rq->a, &v.tabs, tab);
        for (size_t i = 0; i < list.n && tab.current; i++)
            put_gap(rq, &v, &list.p[i]);
    }
    int64_t rare = gaps_rare(rq->db, kind);
    struct str n = fmt_int(rq->a, l, rare);
    if (rare)
        v.rare = tr_fill(rq->a,
                         tr_n(l, "One rarer search is not shown: fewer than five people made it.",
                              "%1 rarer searches are not shown: fewer than five people made each.",
                              rare),
                         &n, 1);
    editor_page_begin(rq, tr(l, "Searches that did not help"), false);
    gaps_page(&rq->page, &v);
    rq_page_end(rq);
}

static void gaps_commit(struct rq *rq)
{
    const struct putting *p = rq->user;
    gaps_done(rq->db, p->gap, p->s.lang);
    bool unopened = str_eq(rq_form(rq, "kind"), S("unopened"));
    rq_redirect(rq,
                editor_path(rq, unopened ? "/gaps?kind=unopened&said=done" : "/gaps?said=done"));
}

static void gaps_post(struct rq *rq)
{
    struct putting *p = ARENA_NEW(rq->a, struct putting);
    if (!unhex(rq->a, rq_form(rq, "gap"), &p->gap) || !lang_from(rq_form(rq, "in"), &p->s.lang)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq->user = p;
    rq_commit(rq, gaps_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/directory/synonyms", ACCESS_EDITOR, 0, synonyms_get},
    {HTTP_POST, "/:lang/staff/directory/synonyms", ACCESS_EDITOR, 0, synonyms_post},
    {HTTP_GET, "/:lang/staff/directory/gaps", ACCESS_EDITOR, 0, gaps_get},
    {HTTP_POST, "/:lang/staff/directory/gaps", ACCESS_EDITOR, 0, gaps_post},
};
const struct route_table editor_word_routes = {routes, sizeof routes / sizeof *routes};
