/*
 * directory_history.c: what editors add to entries, the history of everything that is shown, and
 * undoing it. What was there after a change is what was there before the next one of the same entry
 * and part, or what is there now.
 */
#include "directory/directory_store.h"

#include "directory/shape.h"

#include <inttypes.h>

enum {
    Q_CHANGES,
    Q_CHANGES_OF,
    Q_CHANGE,
    Q_NEXT,
    Q_LATER,
    Q_SWEEP_OLD,
    Q_SYNONYMS,
    Q_SYNONYM_NEW,
    Q_SYNONYM_PUT,
    Q_SYNONYM_DROP,
    Q_COUNT
};
#define CHANGE                                                                              \
    "SELECT c.id, c.entry, c.at, c.what, c.part, c.kind, c.before_content, c.note, s.name " \
    "FROM directory_change c LEFT JOIN staff s ON s.id = c.staff "
static const struct stmt q[] = {
    [Q_CHANGES] = {"directory_history.changes",
                   CHANGE "WHERE c.id < $1 ORDER BY c.id DESC LIMIT $2", 0},
    [Q_CHANGES_OF] = {"directory_history.changes_of",
                      CHANGE "WHERE c.entry = $3 AND c.id < $1 ORDER BY c.id DESC LIMIT $2", 0},
    [Q_CHANGE] = {"directory_history.change", CHANGE "WHERE c.id = $1", 0},
    [Q_NEXT] = {"directory_history.next",
                "SELECT before_content FROM directory_change "
                "WHERE entry = $1 AND part = $2 AND id > $3 ORDER BY id LIMIT 1",
                0},
    [Q_LATER] = {"directory_history.later",
                 "SELECT count(*) FROM directory_change c JOIN directory_change n "
                 "ON n.entry = c.entry AND n.part = c.part WHERE c.id = $1 AND n.id > $2 "
                 "AND NOT (n.what = 'undone' AND n.note = CAST(c.id AS TEXT))",
                 0},
    [Q_SWEEP_OLD] = {"directory_history.sweep",
                     "DELETE FROM directory_change WHERE id IN "
                     "(SELECT id FROM directory_change WHERE at < $1 ORDER BY at LIMIT $2)",
                     0},
    [Q_SYNONYMS] = {"directory_history.synonyms",
                    "SELECT y.id, y.lang, y.says, y.means, s.name, y.changed_at "
                    "FROM directory_synonym y LEFT JOIN staff s ON s.id = y.staff ORDER BY y.id",
                    STMT_SCAN},
    [Q_SYNONYM_NEW] = {"directory_history.synonym_new",
                       "INSERT INTO directory_synonym (lang, says, means, staff, changed_at) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       0},
    [Q_SYNONYM_PUT] = {"directory_history.synonym_put",
                       "UPDATE directory_synonym SET lang = $1, says = $2, means = $3, "
                       "staff = $4, changed_at = $5 WHERE id = $6",
                       0},
    [Q_SYNONYM_DROP] = {"directory_history.synonym_drop",
                        "DELETE FROM directory_synonym WHERE id = $1", 0},
};
const struct stmt_table directory_history_statements = {q, Q_COUNT};

/* ---- additions ---- */

const struct dir_addition dir_no_addition = {.cover_until = {INT32_MIN}, .review = {INT32_MIN}};

bool directory_addition(struct arena *a, struct db *db, struct str entry, struct dir_addition *out)
{
    struct str text = directory_addition_text(a, db, entry);
    *out = dir_no_addition;
    if (text.p) {
        const struct dir_addition *there = directory_decode(a, DIR_ADDITION, text);
        *out = *there;
    }
    return text.p != NULL;
}

static bool same_text(struct str x, struct str y)
{
    return (x.p != NULL) == (y.p != NULL) && str_eq(x, y);
}

static void put_addition(struct db *db, int64_t staff, struct instant now, const char *what,
                         struct dir_past past, struct str content)
{
    directory_put_addition(db, now, past.entry, content);
    past.what = what;
    past.part = PART_ADDITION;
    past.staff = staff;
    directory_record(db, now, &past);
    directory_bump(db);
}

enum dir_refusal directory_add(struct arena *a, struct db *db, const struct dir_author *who,
                               struct instant now, struct str entry,
                               const struct dir_addition *addition)
{
    enum { ADDITION_MAX = 64 * 1024 };
    struct dir_stored s;
    if (!who->editor)
        return DIR_REFUSED_NOT_YOURS;
    if (!directory_stored(a, db, entry, &s) || s.kind != DIR_SERVICE)
        return DIR_REFUSED_NO_ENTRY;
    struct dir_addition clean = *addition;
    dir_clean(a, DIR_ADDITION, &clean);
    struct str before = directory_addition_text(a, db, entry);
    struct str content = dir_encode(a, DIR_ADDITION, &clean);
    if (str_eq(content, dir_encode(a, DIR_ADDITION, &dir_no_addition)))
        content = (struct str){NULL, 0};
    if (content.n > ADDITION_MAX)
        return DIR_REFUSED_TOO_LONG;
    if (!same_text(before, content))
        put_addition(db, who->staff, now, "added",
                     (struct dir_past){.entry = entry, .kind = s.kind, .before = before}, content);
    return DIR_REFUSED_FINE;
}

/* ---- history ---- */

/* One change with what was there before it. */
struct past {
    struct dir_change c;
    struct str before; /* a NULL pointer: nothing */
};
struct pasts {
    LIST_FIELDS(struct past);
};

static struct past read_past(struct arena *a, const struct rows *r)
{
    struct past p = {
        .c = {.id = rows_int(r, 0),
              .entry = rows_str(r, a, 1),
              .at = {rows_int(r, 2)},
              .what = rows_str(r, a, 3),
              .part = rows_str(r, a, 4),
              .kind = dir_kind_from(rows_peek(r, 5)),
              .note = rows_str(r, a, 7),
              .by = rows_str(r, a, 8)},
        .before = rows_str(r, a, 6),
    };
    if (!p.c.by.p)
        p.c.by = S("");
    p.c.began = !p.before.p;
    return p;
}

static bool is_addition(const struct dir_change *c)
{
    return str_eq(c->part, S(PART_ADDITION));
}

static struct str after(struct arena *a, struct db *db, const struct dir_change *c)
{
    struct str text = {NULL, 0};
    struct dir_stored s;
    struct rows r = DB_QUERY(db, &q[Q_NEXT], V_STR(c->entry), V_STR(c->part), V_INT(c->id));
    bool there = rows_next(&r);
    if (there)
        text = rows_str(&r, a, 0);
    rows_end(&r);
    if (there)
        return text;
    if (is_addition(c))
        return directory_addition_text(a, db, c->entry);
    return directory_stored(a, db, c->entry, &s) && !s.withdrawn ? s.content : text;
}

static struct str entry_name(struct arena *a, struct db *db, const struct past *p)
{
    struct dir_stored s;
    struct dir_texts name = {0};
    bool there = directory_stored(a, db, p->c.entry, &s);
    if (!there && is_addition(&p->c))
        return S("");
    enum dir_kind kind = there ? s.kind : p->c.kind;
    struct str content = there ? s.content : p->before;
    if (!content.p || kind >= DIR_OTHER)
        return S("");
    const void *row = directory_decode(a, kind, content);
    if (kind == DIR_ORGANISATION)
        name = ((const struct dir_organisation *)row)->name;
    else if (kind == DIR_SERVICE || kind == DIR_GENERAL)
        name = ((const struct dir_service *)row)->name;
    else
        name = ((const struct dir_channel *)row)->name;
    return dir_pick(&name, LANG_FI).text;
}

static void fill(struct arena *a, struct db *db, struct past *p)
{
    struct str text = after(a, db, &p->c);
    enum dir_kind kind = is_addition(&p->c) ? DIR_ADDITION : p->c.kind;
    p->c.entry_name = entry_name(a, db, p);
    p->c.ended = !text.p;
    if (kind == DIR_OTHER || (!is_addition(&p->c) && (!text.p || !p->before.p)))
        return;
    const void *x = p->before.p ? directory_decode(a, kind, p->before) : &dir_no_addition;
    const void *y = text.p ? directory_decode(a, kind, text) : &dir_no_addition;
    p->c.fields = dir_differences(a, kind, x, y);
}

struct dir_changes directory_changes(struct arena *a, struct db *db, struct str entry,
                                     int64_t before, size_t max)
{
    struct pasts pasts = {0};
    struct dir_changes out = {0};
    struct val v[] = {V_INT(before > 0 ? before : INT64_MAX), V_INT((int64_t)max), V_STR(entry)};
    struct rows r = db_query(db, &q[entry.n ? Q_CHANGES_OF : Q_CHANGES], v, entry.n ? 3 : 2);
    while (rows_next(&r))
        VEC_PUSH(a, &pasts, read_past(a, &r));
    rows_end(&r);
    for (size_t i = 0; i < pasts.n; i++) {
        fill(a, db, &pasts.p[i]);
        VEC_PUSH(a, &out, pasts.p[i].c);
    }
    return out;
}

/* ---- undoing ---- */

bool directory_undo_is_late(struct db *db, int64_t change, int64_t seen)
{
    return DB_INT(db, 0, &q[Q_LATER], V_INT(change), V_INT(seen)) > 0;
}

static enum dir_refusal undo_entry(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, const struct past *p)
{
    struct dir_stored s;
    if (!directory_stored(a, db, p->c.entry, &s))
        return DIR_REFUSED_NO_ENTRY;
    struct dir_past past = {.entry = s.id,
                            .what = "undone",
                            .part = PART_ENTRY,
                            .kind = s.kind,
                            .staff = who->staff,
                            .before = s.withdrawn ? (struct str){NULL, 0} : s.content,
                            .note = str_fmt(a, "%" PRId64, p->c.id)};
    if (same_text(past.before, p->before))
        return DIR_REFUSED_FINE; /* it is as it was already */
    s.withdrawn = !p->before.p;
    if (p->before.p) {
        s.kind = p->c.kind;
        s.content = p->before;
        s.hash = dir_hash(a, s.content);
    }
    directory_put(db, now, &s);
    directory_record(db, now, &past);
    directory_bump(db);
    return DIR_REFUSED_FINE;
}

static enum dir_refusal undo_addition(struct arena *a, struct db *db, const struct dir_author *who,
                                      struct instant now, const struct past *p)
{
    struct str there = directory_addition_text(a, db, p->c.entry);
    if (!same_text(there, p->before))
        put_addition(db, who->staff, now, "undone",
                     (struct dir_past){.entry = p->c.entry,
                                       .kind = p->c.kind,
                                       .before = there,
                                       .note = str_fmt(a, "%" PRId64, p->c.id)},
                     p->before);
    return DIR_REFUSED_FINE;
}

enum dir_refusal directory_undo(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, int64_t change)
{
    if (!who->editor)
        return DIR_REFUSED_NOT_YOURS;
    struct past p;
    struct rows r = DB_QUERY(db, &q[Q_CHANGE], V_INT(change));
    bool there = rows_next(&r);
    if (there)
        p = read_past(a, &r);
    rows_end(&r);
    if (!there || p.c.kind == DIR_OTHER)
        return DIR_REFUSED_NO_CHANGE;
    return is_addition(&p.c) ? undo_addition(a, db, who, now, &p) : undo_entry(a, db, who, now, &p);
}

/* ---- keeping it bounded ---- */

bool directory_history_sweep(struct db *db, struct instant now)
{
    enum { SOME = 500 };
    struct date first = date_add_months(date_of(now), (int)-dir_policy()->history_months);
    return DB_EXEC(db, &q[Q_SWEEP_OLD], V_INT(instant_at(first, 0).ms), V_INT(SOME)) == SOME;
}

/* ---- the editors' own synonyms ---- */

struct dir_synonyms directory_synonyms(struct arena *a, struct db *db)
{
    struct dir_synonyms out = {0};
    struct rows r = db_query(db, &q[Q_SYNONYMS], NULL, 0);
    while (rows_next(&r)) {
        struct dir_synonym s = {.id = rows_int(&r, 0),
                                .says = rows_str(&r, a, 2),
                                .means = rows_str(&r, a, 3),
                                .by = rows_str(&r, a, 4),
                                .changed = {rows_int(&r, 5)}};
        if (!s.by.p)
            s.by = S("");
        if (lang_from(rows_peek(&r, 1), &s.lang))
            VEC_PUSH(a, &out, s);
    }
    rows_end(&r);
    return out;
}

static void add_lines(struct arena *a, struct search_words *words, struct str lines)
{
    for (struct str rest = lines, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n'))
        if (str_trim(line).n > 0)
            VEC_PUSH(a, words, str_trim(line));
}

struct search_synonyms directory_own_synonyms(struct arena *a, struct db *db)
{
    struct search_synonyms out = {0};
    struct dir_synonyms own = directory_synonyms(a, db);
    for (size_t i = 0; i < own.n; i++) {
        struct search_synonym s = {0};
        add_lines(a, &s.says[own.p[i].lang], own.p[i].says);
        add_lines(a, &s.means[own.p[i].lang], own.p[i].means);
        VEC_PUSH(a, &out, s);
    }
    return out;
}

void directory_synonym_put(struct db *db, const struct dir_author *who, struct instant now,
                           const struct dir_synonym *s)
{
    struct val lang = V_STR(str_of(lang_code(s->lang))), staff = V_NULL;
    if (who->staff)
        staff = V_INT(who->staff);
    if (s->says.n == 0 && s->means.n == 0)
        DB_PUT(db, &q[Q_SYNONYM_DROP], V_INT(s->id));
    else if (s->id)
        DB_PUT(db, &q[Q_SYNONYM_PUT], lang, V_STR(s->says), V_STR(s->means), staff, V_INT(now.ms),
               V_INT(s->id));
    else
        DB_PUT(db, &q[Q_SYNONYM_NEW], lang, V_STR(s->says), V_STR(s->means), staff, V_INT(now.ms));
    directory_bump(db);
}
