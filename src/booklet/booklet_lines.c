/*
 * booklet_lines.c: what an entry says today: the directory's facts or its own, whether they are
 * confirmed, and how they are divided into the pages of the pocket booklet.
 */
#include "booklet/booklet.h"

#include <sodium.h>

/* ---- texts ---- */

struct view_text booklet_text(const struct view *v, struct str text, const struct dir_texts *t)
{
    for (size_t i = 0; text.n > 0 && i < t->n; i++)
        if (str_eq(t->p[i].lang, text))
            return (struct view_text){t->p[i].text, text, S("")};
    return view_text(v, t);
}

bool booklet_rtl(struct str lang)
{
    static const char *const codes[] = {"ar", "fa", "he", "ur", "ckb", "ps"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq(lang, str_of(codes[i])))
            return true;
    return false;
}

/* ---- facts ---- */

enum { PLACES_MAX = 2, PHONES_MAX = 2 };

static struct str place_of(const struct view *v, const struct view_channel *c)
{
    struct buf b = buf_new(v->a, 1024);
    buf_str(&b, c->name.text);
    for (size_t i = 0; i < c->address.n && i < 2; i++) {
        buf_lit(&b, ", ");
        buf_str(&b, c->address.p[i]);
    }
    return buf_get(&b);
}

static void add_places(const struct view *v, const struct dir_service *s, struct booklet_line *l)
{
    size_t n = 0;
    for (size_t i = 0; i < s->ways.n; i++)
        n += s->ways.p[i].channel->kind == DIR_LOCATION;
    if (n > PLACES_MAX) {
        struct str many = fmt_int(v->a, v->lang, (int64_t)n);
        VEC_PUSH(v->a, &l->places,
                 tr_fill(v->a, tr(v->lang, "%1 places: see the web page"), &many, 1));
        return;
    }
    for (size_t i = 0; i < s->ways.n; i++)
        if (s->ways.p[i].channel->kind == DIR_LOCATION) {
            struct view_channel c = view_channel(v, s->ways.p[i].channel, s->ways.p[i].connection);
            VEC_PUSH(v->a, &l->places, place_of(v, &c));
            if (!l->hours.text.n)
                l->hours.text = view_regular_hours(v, &s->ways.p[i].channel->hours);
            for (size_t k = 0; l->phones.n == 0 && k < c.phones.n; k++)
                VEC_PUSH(v->a, &l->phones, c.phones.p[k]);
        }
}

static void from_directory(const struct view *v, struct booklet_line *l)
{
    const struct dir_service *s = dir_service_by_source(v->dir, l->entry->service);
    if (!s) {
        l->gone = true;
        l->name = (struct view_text){.text = l->entry->service};
        return;
    }
    l->name = view_text(v, &s->name);
    l->link = (struct view_link){
        str_fmt(v->a, "/%s/service/" STR_FMT, lang_code(v->lang), STR_ARG(s->id)), l->name.text};
    l->hours.lang = str_of(lang_code(v->lang));
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_channel *c = s->ways.p[i].channel;
        if (c->kind != DIR_PHONE_CHANNEL || l->phones.n > 0)
            continue;
        struct view_channel way = view_channel(v, c, s->ways.p[i].connection);
        for (size_t k = 0; k < way.phones.n && k < PHONES_MAX; k++)
            VEC_PUSH(v->a, &l->phones, way.phones.p[k]);
        l->hours.text = view_regular_hours(v, &c->hours);
    }
    add_places(v, s, l);
    l->confirmer = s->organisation ? s->organisation->id : S("");
}

static void from_entry(const struct view *v, struct str text, struct booklet_line *l)
{
    const struct booklet_entry *e = l->entry;
    l->name = booklet_text(v, text, &e->name);
    l->hours = booklet_text(v, text, &e->hours);
    if (e->phone.n > 0)
        VEC_PUSH(v->a, &l->phones,
                 (struct view_phone){.number = view_text(v, &e->phone).text,
                                     .uri = view_text(v, &e->tel).text});
    if (e->place.n > 0)
        VEC_PUSH(v->a, &l->places, booklet_text(v, text, &e->place).text);
    if (e->link.n > 0) {
        struct str href = view_text(v, &e->link).text;
        struct str shown = href;
        (void)str_cut(&shown, '/'); /* https:// goes, the rest can be typed */
        (void)str_cut(&shown, '/');
        l->link = (struct view_link){href, shown};
    }
}

static void put_facts(struct buf *b, const struct booklet_line *l)
{
    buf_str(b, l->name.text);
    buf_char(b, '\n');
    buf_str(b, l->hours.text);
    for (size_t i = 0; i < l->phones.n; i++)
        buf_fmt(b, "\n" STR_FMT, STR_ARG(l->phones.p[i].number));
    for (size_t i = 0; i < l->places.n; i++)
        buf_fmt(b, "\n" STR_FMT, STR_ARG(l->places.p[i]));
    buf_fmt(b, "\n" STR_FMT "\n", STR_ARG(l->link.name));
}

static struct booklet_line line_in(const struct view *v, const struct booklet_entry *e,
                                   struct str text)
{
    struct booklet_line l = {.entry = e, .note = booklet_text(v, text, &e->note)};
    if (e->service.n)
        from_directory(v, &l);
    else
        from_entry(v, text, &l);
    for (size_t i = 0; e->confirmer.n && i < v->dir->organisations.n; i++)
        if (str_eq(v->dir->organisations.p[i]->source_id, e->confirmer))
            l.confirmer = v->dir->organisations.p[i]->id;
    return l;
}

/* Who confirms does so for every language. */
static struct str hash_facts(const struct view *v, const struct booklet_entry *e)
{
    unsigned char hash[16];
    struct buf b = buf_new(v->a, 65536);
    for (int l = 0; l < LANG_COUNT; l++) {
        struct view in = *v;
        in.lang = (enum lang)l;
        struct booklet_line line = line_in(&in, e, S(""));
        put_facts(&b, &line);
    }
    crypto_generichash(hash, sizeof hash, (const unsigned char *)b.p, b.n, NULL, 0);
    return str_to_hex(v->a, hash, sizeof hash);
}

/* ---- confirmed? ---- */

static const struct booklet_word *word_on(const struct booklet_words *words, struct str entry)
{
    for (size_t i = 0; words && i < words->n; i++)
        if (str_eq(words->p[i].entry, entry))
            return &words->p[i];
    return NULL;
}

static void judge(const struct view *v, const struct booklet *b, const struct booklet_word *w,
                  struct booklet_line *l)
{
    if (!w) {
        l->state = BOOKLET_NEVER;
        l->mark = tr(v->lang, "Not confirmed yet");
        return;
    }
    struct str day = fmt_date(v->a, v->lang, date_of(w->at));
    int64_t age = date_of(v->now).day - date_of(w->at).day;
    l->said = w->at;
    l->state = !w->right                     ? BOOKLET_WRONG
               : !str_eq(w->facts, l->facts) ? BOOKLET_CHANGED
               : age > b->confirm_days       ? BOOKLET_OVERDUE
                                             : BOOKLET_CONFIRMED;
    if (l->state == BOOKLET_WRONG)
        l->mark = tr_fill(v->a, tr(v->lang, "Something has changed (told %1): call before you go"),
                          &day, 1);
    else if (l->state == BOOKLET_CHANGED)
        l->mark = tr_fill(v->a, tr(v->lang, "Changed after it was confirmed on %1"), &day, 1);
    else if (l->state == BOOKLET_OVERDUE)
        l->mark = tr_fill(v->a, tr(v->lang, "Not confirmed since %1"), &day, 1);
}

struct booklet_lines booklet_lines(const struct view *v, const struct booklet_asking *ask)
{
    const struct booklet *b = ask->booklet;
    struct booklet_lines out = {0};
    uint32_t bit = ask->view ? 1U << (ask->view - b->views.p) : UINT32_MAX;
    for (size_t s = 0; s < b->sections.n; s++)
        for (size_t i = 0; i < b->entries.n; i++) {
            const struct booklet_entry *e = &b->entries.p[i];
            if (e->section != s || !(e->views & bit))
                continue;
            struct booklet_line l = line_in(v, e, ask->text);
            l.facts = hash_facts(v, e);
            judge(v, b, word_on(ask->words, e->id), &l);
            if (!l.gone || !ask->view)
                VEC_PUSH(v->a, &out, l);
        }
    return out;
}

/* ---- the pocket booklet ---- */

static int lines_of(struct str s, int chars)
{
    return s.n ? ((int)str_utf8_len(s) + chars - 1) / chars : 0;
}

static int height(const struct booklet_line *l)
{
    int n = 1 + lines_of(l->name.text, POCKET_CHARS - 6) + lines_of(l->hours.text, POCKET_CHARS) +
            lines_of(l->note.text, POCKET_CHARS) + lines_of(l->mark, POCKET_CHARS) +
            (int)l->phones.n + (l->entry->service.n ? 0 : lines_of(l->link.name, POCKET_CHARS));
    for (size_t i = 0; i < l->places.n; i++)
        n += lines_of(l->places.p[i], POCKET_CHARS);
    return n;
}

/* Pages 2 to 7 of the first sheet are free, and all of those after it. */
struct filling {
    struct arena *a;
    struct pocket *pocket;
    int page, used;
};

static void next_page(struct filling *f)
{
    if (f->pocket->n == 0 || f->page == (f->pocket->n == 1 ? POCKET_PAGES - 1 : POCKET_PAGES)) {
        struct pocket_sheet s = {0};
        for (int i = 0; i < POCKET_PAGES; i++)
            VEC_PUSH(f->a, &s, (struct pocket_panel){.page = i + 1});
        VEC_PUSH(f->a, f->pocket, s);
        f->page = f->pocket->n == 1 ? 1 : 0;
    }
    f->page++;
    f->used = 0;
}

static void place_item(struct filling *f, struct pocket_item item, int lines)
{
    struct pocket_panel *p = &f->pocket->p[f->pocket->n - 1].p[f->page - 1];
    VEC_PUSH(f->a, &p->items, item);
    f->used += lines;
}

struct pocket booklet_pocket(struct arena *a, const struct booklet *b,
                             const struct booklet_lines *lines, const struct view *v,
                             struct str text)
{
    enum { TITLE = 2 };
    struct pocket out = {0};
    struct filling f = {.a = a, .pocket = &out};
    next_page(&f);
    for (size_t i = 0; i < lines->n; i++) {
        const struct booklet_line *l = &lines->p[i];
        bool first = i == 0 || lines->p[i - 1].entry->section != l->entry->section;
        int wants = height(l) + (first ? TITLE : 0);
        if (f.used > 0 && f.used + wants > POCKET_LINES)
            next_page(&f);
        if (first)
            place_item(&f,
                       (struct pocket_item){
                           .title = booklet_text(v, text, &b->sections.p[l->entry->section].title)},
                       TITLE);
        place_item(&f, (struct pocket_item){.line = l}, height(l));
    }
    return out;
}
