/*
 * team_rule.c: which team gets a matter, and why. Rules stand in an order, and the first that holds
 * is it. What is not known of the matter (an age, a district) is never guessed: a rule that asks
 * for it does not hold, and a later one takes the matter.
 */
#include "team/team.h"

enum { Q_ALL };
static const struct stmt q[] = {
    [Q_ALL] = {"team_rule.all",
               "SELECT code, team, subjects, forms, districts, languages, channels, age_from, "
               "age_to, derived, why_fi, why_sv, why_en FROM team_rule ORDER BY nth, code",
               STMT_SCAN},
};
const struct stmt_table team_rule_statements = {q, sizeof q / sizeof *q};

const struct team_channel team_channels[] = {
    {"web", N_("Web form")},  {"phone", N_("Phone call")}, {"visit", N_("Visit")},
    {"letter", N_("Letter")}, {"chat", N_("Chat")},
};
const size_t team_channel_n = sizeof team_channels / sizeof *team_channels;

/* ---- words of data ---- */

static const char *const kinds[] = {"none", "district", "age", "matter"};

const char *team_by_code(enum team_by by)
{
    return kinds[by];
}

bool team_by_from(struct str code, enum team_by *out)
{
    size_t place = str_place(code, kinds, TEAM_BY_COUNT);
    if (place == TEAM_BY_COUNT)
        return false;
    *out = (enum team_by)place;
    return true;
}

static const struct {
    const char *code, *words;
} roles[] = {
    {"member", N_("Member")},
    {"substitute", N_("Substitute")},
    {"head", N_("Head of unit")},
};

const char *team_role_code(enum team_role r)
{
    return roles[r].code;
}

const char *team_role_words(enum team_role r)
{
    return roles[r].words;
}

bool team_role_from(struct str code, enum team_role *out)
{
    for (int i = 0; i < TEAM_ROLE_COUNT; i++)
        if (str_eq(code, str_of(roles[i].code))) {
            *out = (enum team_role)i;
            return true;
        }
    return false;
}

bool team_words_have(struct str words, struct str word)
{
    while (words.n)
        if (str_eq(str_cut(&words, ' '), word))
            return word.n > 0;
    return false;
}

static void add_word(struct buf *b, struct str word)
{
    if (!word.n || team_words_have(buf_get(b), word))
        return;
    if (b->n)
        buf_char(b, ' ');
    buf_str(b, word);
}

struct str team_languages(struct arena *a, const struct colleagues *members)
{
    struct buf own = buf_new(a, 4096), all = buf_new(a, 4096);
    for (size_t i = 0; i < members->n; i++)
        for (struct str rest = members->p[i].languages; rest.n;)
            add_word(&all, str_cut(&rest, ' '));
    for (int l = 0; l < LANG_COUNT; l++)
        if (team_words_have(buf_get(&all), str_of(lang_code((enum lang)l))))
            add_word(&own, str_of(lang_code((enum lang)l)));
    for (struct str rest = buf_get(&all); rest.n;)
        add_word(&own, str_cut(&rest, ' '));
    return buf_get(&own);
}

/* ---- rules ---- */

struct team_rules team_rules_load(struct arena *a, struct db *db)
{
    struct team_rules list = {0};
    struct rows r = DB_QUERY(db, &q[Q_ALL]);
    while (rows_next(&r)) {
        struct team_rule one = {.code = rows_str(&r, a, 0),
                                .team = rows_int(&r, 1),
                                .subjects = rows_str(&r, a, 2),
                                .forms = rows_str(&r, a, 3),
                                .districts = rows_str(&r, a, 4),
                                .languages = rows_str(&r, a, 5),
                                .channels = rows_str(&r, a, 6),
                                .age_from = rows_null(&r, 7) ? -1 : (int)rows_int(&r, 7),
                                .age_to = rows_null(&r, 8) ? -1 : (int)rows_int(&r, 8),
                                .derived = rows_int(&r, 9)};
        for (int l = 0; l < LANG_COUNT; l++)
            one.why[l] = rows_str(&r, a, 10 + l);
        VEC_PUSH(a, &list, one);
    }
    return list;
}

static bool asks_for(struct str words, struct str known)
{
    return !words.n || team_words_have(words, known);
}

/* Full years on that day; -1: not known. Somebody is a year older on the birthday itself. */
static int age_on(const struct team_asking *ask)
{
    if (!date_is(ask->born) || ask->born.day > ask->on.day)
        return -1;
    return date_age(ask->born, ask->on);
}

static bool holds(const struct team_rule *r, const struct team_asking *ask)
{
    int age = age_on(ask);
    bool aged = r->age_from < 0 && r->age_to < 0;
    if (age >= 0)
        aged = age >= r->age_from && (r->age_to < 0 || age <= r->age_to);
    return aged && asks_for(r->subjects, ask->subject) && asks_for(r->forms, ask->form) &&
           asks_for(r->districts, ask->district) && asks_for(r->languages, ask->language) &&
           asks_for(r->channels, ask->channel);
}

const struct team_rule *team_rule_pick(const struct team_rules *rules,
                                       const struct team_asking *ask)
{
    for (size_t i = 0; i < rules->n; i++)
        if (holds(&rules->p[i], ask))
            return &rules->p[i];
    return NULL;
}

/* ---- why ---- */

static void write_asked(struct jw *w, const char *key, struct str words, struct str known)
{
    if (words.n)
        jw_str(w, key, known);
}

struct str team_routed_why(struct arena *a, const struct team_rule *r,
                           const struct team_asking *ask)
{
    struct buf b = buf_new(a, 4096);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "rule", r->code);
    write_asked(&w, "subject", r->subjects, ask->subject);
    write_asked(&w, "form", r->forms, ask->form);
    write_asked(&w, "district", r->districts, ask->district);
    write_asked(&w, "language", r->languages, ask->language);
    write_asked(&w, "channel", r->channels, ask->channel);
    if (r->age_from >= 0)
        jw_int(&w, "ageFrom", r->age_from);
    if (r->age_to >= 0)
        jw_int(&w, "ageTo", r->age_to);
    jw_end_object(&w);
    return buf_get(&b);
}

static int age_member(const struct jv *why, const char *key)
{
    const struct jv *v = jv_get(why, key);
    return v ? (int)jv_int(v) : -1;
}

bool team_routed_read(const struct jv *why, struct team_rule *out)
{
    *out = (struct team_rule){.code = jv_str_of(why, "rule"),
                              .subjects = jv_str_of(why, "subject"),
                              .forms = jv_str_of(why, "form"),
                              .districts = jv_str_of(why, "district"),
                              .languages = jv_str_of(why, "language"),
                              .channels = jv_str_of(why, "channel"),
                              .age_from = age_member(why, "ageFrom"),
                              .age_to = age_member(why, "ageTo")};
    return out->code.n > 0;
}

bool team_route(struct arena *a, struct db *db, const struct team_asking *ask,
                struct team_routed *out)
{
    struct team_rules rules = team_rules_load(a, db);
    const struct team_rule *r = team_rule_pick(&rules, ask);
    const struct team *t = r ? team_load(a, db, r->team) : NULL;
    if (!t)
        return false;
    *out = (struct team_routed){.team = *t, .rule = *r, .why = team_routed_why(a, r, ask)};
    return true;
}
