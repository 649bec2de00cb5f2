/*
 * team_owner.c: who answers for the figures, as the county's settings name them (figureOwners of
 * data/county/teams.json): a unit or a role, and how it is reached, never a person. Kept as one row
 * of meta, replaced whole by a file that names any; a file without it leaves it as it was.
 */
#include "team/team_settings.h"

enum { NAME_MOST = 200, FIGURES_MOST = 200 };

enum { Q_PUT, Q_GET };
static const struct stmt q[] = {
    [Q_PUT] = {"team_owner.put",
               "INSERT INTO meta (name, value) VALUES ('county.owners', $1) "
               "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
               0},
    [Q_GET] = {"team_owner.get", "SELECT value FROM meta WHERE name = 'county.owners'", 0},
};
const struct stmt_table team_owner_statements = {q, sizeof q / sizeof *q};

/* ---- taking in ---- */

static bool short_texts(const struct jv *v)
{
    struct str text[LANG_COUNT];
    bool ok = lang_texts(v, text);
    for (int l = 0; ok && l < LANG_COUNT; l++)
        ok = text[l].n <= NAME_MOST;
    return ok;
}

static bool ids_fit(const struct jv *list)
{
    bool ok = jv_len(list) > 0 && jv_len(list) <= FIGURES_MOST;
    for (size_t i = 0; ok && i < jv_len(list); i++)
        ok = team_is_code(jv_str(jv_at(list, i)));
    return ok;
}

static void put_texts(struct jw *w, const char *key, const struct jv *v)
{
    jw_object(w, key);
    for (int l = 0; l < LANG_COUNT; l++)
        jw_str(w, lang_code((enum lang)l), jv_str_of(v, lang_code((enum lang)l)));
    jw_end_object(w);
}

static void put_owner(struct jw *w, const struct jv *o)
{
    const struct jv *figures = jv_get(o, "figures");
    jw_object(w, NULL);
    jw_array(w, "figures");
    for (size_t i = 0; i < jv_len(figures); i++)
        jw_str(w, NULL, jv_str(jv_at(figures, i)));
    jw_end_array(w);
    put_texts(w, "name", jv_get(o, "name"));
    put_texts(w, "contact", jv_get(o, "contact"));
    jw_end_object(w);
}

bool team_owners_store(struct arena *a, struct db *db, const struct jv *list, struct str *why)
{
    static const char *const known[] = {"figures", "name", "contact", "note", NULL};
    size_t rest = 0;
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_array(&w, NULL);
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i), *figures = jv_get(o, "figures");
        bool all = jv_kind(figures) == JV_MISSING;
        const char *wrong = jv_unknown(o, known).n               ? "figures, name and contact alone"
                            : !short_texts(jv_get(o, "name"))    ? "a name in fi, sv and en"
                            : !short_texts(jv_get(o, "contact")) ? "a contact in fi, sv and en"
                            : !all && !ids_fit(figures)          ? "ids of figures"
                                                                 : NULL;
        if (wrong) {
            *why = str_fmt(a, "figureOwners[%zu]: wants %s", i, wrong);
            return false;
        }
        rest += all;
        put_owner(&w, o);
    }
    jw_end_array(&w);
    if (jv_len(list) && rest != 1) {
        *why = S("figureOwners: wants one without figures, who answers for all the others");
        return false;
    }
    if (jv_len(list))
        DB_EXEC(db, &q[Q_PUT], V_STR(buf_get(&b)));
    return true;
}

/* ---- asking ---- */

static bool names(const struct jv *figures, struct str figure)
{
    for (size_t i = 0; i < jv_len(figures); i++)
        if (str_eq(jv_str(jv_at(figures, i)), figure))
            return true;
    return false;
}

bool county_owner_load(struct arena *a, struct db *db, struct str figure, enum lang l,
                       struct county_owner *out)
{
    struct str text = {NULL, 0};
    struct json_error je;
    struct rows r = DB_QUERY(db, &q[Q_GET]);
    if (rows_next(&r))
        text = rows_str(&r, a, 0);
    rows_end(&r);
    const struct jv *list = text.n ? json_parse(a, text, &je) : NULL, *found = NULL;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *figures = jv_get(jv_at(list, i), "figures");
        if (names(figures, figure) || (!found && !jv_len(figures)))
            found = jv_at(list, i);
    }
    *out = (struct county_owner){jv_str_of(jv_get(found, "name"), lang_code(l)),
                                 jv_str_of(jv_get(found, "contact"), lang_code(l))};
    return found != NULL;
}
