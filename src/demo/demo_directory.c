/*
 * demo_directory.c: who keeps the sample county's service directory, and what they have done: an
 * editor, two partners with entries in every state, additions, synonyms, searches that did not
 * help, facts of booklets confirmed (data/county/local.json). Entries are read as the pages' own
 * forms are, and go the way of real ones, so what the sample shows is what the program does.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "booklet/booklet.h"
#include "directory/directory_edit.h"
#include "editor/entry.h"
#include "gaps/gaps.h"

/* ---- people ---- */

/* PTV's id of what stands in that file of the sample by this key. */
static struct str id_by_source(const struct demo *d, const char *file, struct str source_id)
{
    const struct jv *list = jv_get(demo_file(d, file), "itemList");
    for (size_t i = 0; i < jv_len(list); i++)
        if (str_eq(jv_str_of(jv_at(list, i), "sourceId"), source_id))
            return jv_str_of(jv_at(list, i), "id");
    guard_fail(ERR_INTERNAL, "data/county/local.json: %s has no " STR_FMT, file,
               STR_ARG(source_id));
}

static struct str organisation_id(const struct demo *d, struct str source_id)
{
    return id_by_source(d, "organizations.json", source_id);
}

void demo_keepers_store(struct demo *d, struct db *db, struct demo_report *report, int64_t *number)
{
    static const struct {
        const char *organisation, *words;
        unsigned roles;
    } keepers[DEMO_KEEPERS] = {
        {"", "editor of the service directory", ROLE_EDITOR},
        {"ngo-mind", "partner, an association", ROLE_PARTNER},
        {"parish-k", "partner, a parish", ROLE_PARTNER},
        {"", "manager: figures of the whole county", ROLE_MANAGER},
    };
    report->keepers.n = 0; /* the commit may be run again */
    for (size_t i = 0; i < DEMO_KEEPERS; i++) {
        struct str source = str_of(keepers[i].organisation);
        struct demo_persona p;
        struct demo_hiring h = {.organisation = source.n ? organisation_id(d, source) : S(""),
                                .profession = S(""),
                                .roles = keepers[i].roles};
        int64_t id = demo_hire(d, db, &h, number, &p);
        if (keepers[i].roles & ROLE_MANAGER)
            d->manager = id;
        p.profession = str_of(keepers[i].words);
        VEC_PUSH(d->a, &report->keepers, p);
        report->staff++;
    }
}

/* ---- entries ---- */

struct keeping {
    struct demo *d;
    const struct jv *data;
    struct dir_author editor;
    struct colleagues keepers;
    struct named_list districts;
    struct fields made; /* key: id */
};

static struct instant ago(const struct demo *d, int64_t days, int hours)
{
    return (struct instant){d->as_of.ms - days * 24 * HOUR_MS + (int64_t)hours * HOUR_MS};
}

static struct dir_author author_of(const struct keeping *k, struct str organisation)
{
    for (size_t i = 0; i < k->keepers.n; i++) {
        const struct colleague *c = &k->keepers.p[i];
        if (str_eq(c->organisation, organisation))
            return (struct dir_author){.staff = c->id,
                                       .name = c->name,
                                       .editor = (c->roles & ROLE_EDITOR) != 0,
                                       .organisation = organisation};
    }
    guard_fail(ERR_INTERNAL, "data/county/local.json: nobody keeps " STR_FMT,
               STR_ARG(organisation));
}

static void put_value(const struct keeping *k, struct fields *out, struct str name, struct str v)
{
    if (v.n > 1 && v.p[0] == '@')
        v = fields_get(&k->made, str_z(k->d->a, str_sub(v, 1, v.n)));
    VEC_PUSH(k->d->a, out, (struct field){name, v});
}

static struct fields read_fields(const struct keeping *k, const struct jv *v)
{
    struct fields out = {0};
    for (size_t i = 0; i < jv_len(v); i++) {
        struct str name;
        const struct jv *value = jv_member(v, i, &name);
        if (jv_kind(value) == JV_STRING)
            put_value(k, &out, name, jv_str(value));
        for (size_t j = 0; jv_kind(value) == JV_ARRAY && j < jv_len(value); j++)
            put_value(k, &out, name, jv_str(jv_at(value, j)));
    }
    return out;
}

static void *read_entry(struct keeping *k, const struct jv *v, enum dir_kind kind, struct str owner)
{
    struct entry_known known = {.lang = LANG_FI,
                                .codes = editor_codes(),
                                .districts = &k->districts,
                                .owner = owner,
                                .owner_name = S("")};
    for (size_t i = 0; i < k->made.n; i++)
        VEC_PUSH(k->d->a, &known.ways, (struct entry_way){.id = k->made.p[i].value});
    struct ui_errors errors = {0};
    struct fields fields = read_fields(k, jv_get(v, "fields"));
    void *row =
        entry_read(k->d->a, kind, entry_new(k->d->a, kind, &known), &fields, &known, &errors);
    if (errors.n)
        guard_fail(ERR_INTERNAL, "data/county/local.json: " STR_FMT ", " STR_FMT ": " STR_FMT,
                   STR_ARG(jv_str_of(v, "key")), STR_ARG(errors.p[0].target),
                   STR_ARG(errors.p[0].text));
    return row;
}

static void must(const struct jv *v, enum dir_refusal no)
{
    if (no != DIR_REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "data/county/local.json: " STR_FMT ": %s",
                   STR_ARG(jv_str_of(v, "key")), dir_refusal_words(no));
}

/* Approved long ago, and nobody has looked at it since. */
static void age(struct keeping *k, struct db *db, const struct jv *v, struct str id)
{
    struct dir_author keeper = author_of(k, organisation_id(k->d, jv_str_of(v, "organization")));
    must(v,
         directory_confirm(k->d->a, db, &keeper, ago(k->d, jv_int(jv_get(v, "daysAgo")), 4), id));
}

static void store_entry(struct keeping *k, struct db *db, const struct jv *v)
{
    struct demo *d = k->d;
    struct str owner = organisation_id(d, jv_str_of(v, "organization")), id = {0};
    struct str state = jv_str_of(v, "state");
    struct dir_author keeper = author_of(k, owner);
    int64_t days = jv_int(jv_get(v, "daysAgo"));
    bool stale = str_eq(state, S("stale"));
    struct dir_saving saving = {.owner = owner, .once = jv_str_of(v, "key"), .hash = S("")};
    struct dir_kept kept;
    if (!entry_kind_from(jv_str_of(v, "kind"), &saving.kind))
        guard_fail(ERR_INTERNAL, "data/county/local.json: kind of " STR_FMT, STR_ARG(saving.once));
    saving.row = read_entry(k, v, saving.kind, owner);
    must(v, directory_save(d->a, db, &keeper, stale ? d->as_of : ago(d, days, 0), &saving, &id));
    VEC_PUSH(d->a, &k->made, (struct field){saving.once, id});
    if (str_eq(state, S("draft")))
        return;
    must(v, directory_send(d->a, db, &keeper, ago(d, days, 1), id));
    if (str_eq(state, S("waiting")))
        return;
    if (str_eq(state, S("returned"))) {
        must(v,
             directory_return(d->a, db, &k->editor, ago(d, days, 3), id, jv_str_of(v, "reason")));
        return;
    }
    if (!directory_kept_one(d->a, db, id, &kept))
        guard_fail(ERR_INTERNAL, "the entry " STR_FMT " is not there", STR_ARG(saving.once));
    must(v, directory_approve(d->a, db, &k->editor, ago(d, days, 3), id, kept.hash));
    if (stale)
        age(k, db, v, id);
}

/* ---- additions and words ---- */

static void put_texts(struct demo *d, struct dir_texts *out, const struct jv *v)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        const struct jv *of = jv_get(v, code);
        texts_put(d->a, out, code, jv_kind(of) == JV_STRING ? jv_str(of) : S(""));
        for (size_t i = 0; jv_kind(of) == JV_ARRAY && i < jv_len(of); i++)
            texts_put(d->a, out, code, jv_str(jv_at(of, i)));
    }
}

/* "cover": does it take new people, for so many days from today on ("coverForDays")? */
static void put_cover(const struct demo *d, struct dir_addition *x, const struct jv *v)
{
    struct str word = jv_str_of(v, "cover");
    int64_t days = jv_int(jv_get(v, "coverForDays"));
    x->cover = str_eq(word, S("takes"))    ? DIR_COVER_TAKES
               : str_eq(word, S("full"))   ? DIR_COVER_FULL
               : str_eq(word, S("paused")) ? DIR_COVER_PAUSED
                                           : DIR_COVER_UNKNOWN;
    if (days > 0)
        x->cover_until = date_add(d->today, (int)days);
}

static void store_addition(struct keeping *k, struct db *db, const struct jv *v)
{
    struct demo *d = k->d;
    struct dir_addition x = {.cover_until = DATE_NONE,
                             .review = date_add(d->today, (int)jv_int(jv_get(v, "reviewInDays")))};
    struct str id = id_by_source(d, str_z(d->a, jv_str_of(v, "file")), jv_str_of(v, "service"));
    put_texts(d, &x.synonyms, jv_get(v, "synonyms"));
    put_texts(d, &x.plain, jv_get(v, "plain"));
    put_cover(d, &x, v);
    must(v, directory_add(d->a, db, &k->editor, ago(d, 20, 0), id, &x));
}

static void store_synonym(struct keeping *k, struct db *db, const struct jv *v)
{
    struct dir_synonym s = {.says = jv_str_of(v, "says"), .means = jv_str_of(v, "means")};
    if (!lang_from(jv_str_of(v, "lang"), &s.lang))
        guard_fail(ERR_INTERNAL, "data/county/local.json: a synonym's lang");
    directory_synonym_put(db, &k->editor, ago(k->d, 15, 0), &s);
}

/* Each asks once, from an address of its own (192.0.2.0/24 is for examples, RFC 5737). */
static void store_gaps(struct keeping *k, struct db *db, const struct jv *list)
{
    struct gaps *g = gaps_new(k->d->a, k->d->conf.key);
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        enum lang l = LANG_FI;
        lang_from(jv_str_of(v, "lang"), &l);
        for (int64_t n = 1; n <= jv_int(jv_get(v, "people")); n++)
            gaps_asked(g, str_fmt(k->d->a, "192.0.2.%lld", (long long)n), l, jv_str_of(v, "words"),
                       jv_bool(jv_get(v, "found")), ago(k->d, 1, 0));
    }
    gaps_flush(g, db);
    gaps_kept(g);
}

/* ---- facts in booklets ---- */

/* The word that the sample has on that entry, else the one on all others ("*"). */
static const struct jv *word_on(const struct jv *list, struct str booklet, struct str entry)
{
    const struct jv *rest = NULL;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        if (!str_eq(jv_str_of(v, "booklet"), booklet))
            continue;
        if (str_eq(jv_str_of(v, "entry"), entry))
            return v;
        if (str_eq(jv_str_of(v, "entry"), S("*")))
            rest = v;
    }
    return rest;
}

static void store_words(struct keeping *k, struct db *db, const struct jv *list)
{
    struct demo *d = k->d;
    struct str why = {0};
    const struct booklets *all = booklets_compiled(d->a, &why);
    struct view v = {.a = d->a, .dir = dir_load(d->a, db), .lang = LANG_FI, .now = d->as_of};
    if (!all)
        guard_fail(ERR_INTERNAL, "data/booklets: " STR_FMT, STR_ARG(why));
    for (size_t i = 0; i < all->n; i++) {
        struct booklet_lines lines =
            booklet_lines(&v, &(struct booklet_asking){.booklet = all->p[i]});
        for (size_t n = 0; n < lines.n; n++) {
            const struct jv *said = word_on(list, all->p[i]->name, lines.p[n].entry->id);
            struct str organisation = jv_str_of(said, "organization");
            struct booklet_word word = {.entry = lines.p[n].entry->id,
                                        .note = jv_str_of(said, "note"),
                                        .facts = lines.p[n].facts,
                                        .at = ago(d, jv_int(jv_get(said, "daysAgo")), 2)};
            word.right = word.note.n == 0;
            if (!jv_get(said, "daysAgo"))
                continue; /* nobody has confirmed it */
            word.note = word.note.n ? word.note : S("");
            struct dir_author by =
                author_of(k, organisation.n ? organisation_id(d, organisation) : S(""));
            booklet_say(d->a, db, all->p[i], by.staff, &word);
        }
    }
}

static void store_all(struct db *db, void *arg)
{
    struct demo *d = arg;
    struct keeping k = {.d = d,
                        .data = demo_file(d, "local.json"),
                        .keepers = staff_keepers(d->a, db),
                        .districts = districts_load(d->a, db)};
    k.editor = author_of(&k, S(""));
    const struct jv *entries = jv_get(k.data, "entries"), *adds = jv_get(k.data, "additions"),
                    *synonyms = jv_get(k.data, "synonyms");
    for (size_t i = 0; i < jv_len(entries); i++)
        store_entry(&k, db, jv_at(entries, i));
    for (size_t i = 0; i < jv_len(adds); i++)
        store_addition(&k, db, jv_at(adds, i));
    for (size_t i = 0; i < jv_len(synonyms); i++)
        store_synonym(&k, db, jv_at(synonyms, i));
    store_gaps(&k, db, jv_get(k.data, "gaps"));
    store_words(&k, db, jv_get(k.data, "booklets"));
}

void demo_directory_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_all, d) != ERR_OK)
        guard_fail(ERR_STORE, "the directory's local entries could not be written");
}
