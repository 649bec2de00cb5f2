/* import_types.c: service types out of the settings. */
#include "calendar/import_room.h"

enum { TYPES_MOST = 500 };

enum { Q_TYPE_PUT };
static const struct stmt q[] = {
    [Q_TYPE_PUT] = {"calendar_import.type",
                    "INSERT INTO service_type (ref, nth, name_fi, name_sv, name_en, "
                    "instructions_fi, instructions_sv, instructions_en, register, minutes, "
                    "before, after, lead_minutes, ahead_days, on_site, remote, needs, booker, "
                    "form, reason, realises, cancel_hours, move_hours, offer_hours, offer_n, "
                    "remind1, remind2, remind3, t3, child) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                    "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
                    "$23, $24, $25, $26, $27, $28, $29, $30) ON CONFLICT (ref) DO UPDATE SET "
                    "nth = excluded.nth, name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                    "name_en = excluded.name_en, instructions_fi = excluded.instructions_fi, "
                    "instructions_sv = excluded.instructions_sv, "
                    "instructions_en = excluded.instructions_en, register = excluded.register, "
                    "minutes = excluded.minutes, before = excluded.before, "
                    "after = excluded.after, lead_minutes = excluded.lead_minutes, "
                    "ahead_days = excluded.ahead_days, on_site = excluded.on_site, "
                    "remote = excluded.remote, needs = excluded.needs, booker = excluded.booker, "
                    "form = excluded.form, reason = excluded.reason, "
                    "realises = excluded.realises, cancel_hours = excluded.cancel_hours, "
                    "move_hours = excluded.move_hours, offer_hours = excluded.offer_hours, "
                    "offer_n = excluded.offer_n, remind1 = excluded.remind1, "
                    "remind2 = excluded.remind2, remind3 = excluded.remind3, t3 = excluded.t3, "
                    "child = excluded.child",
                    0},
};
const struct stmt_table import_types_statements = {q, sizeof q / sizeof *q};

static bool read_reminders(struct taking *k, const struct jv *v, struct str at,
                           struct service_type *t)
{
    const struct jv *list = jv_get(v, "remindHours");
    bool ok = jv_kind(list) == JV_MISSING || (jv_kind(list) == JV_ARRAY && jv_len(list) <= 3);
    for (size_t i = 0; ok && i < jv_len(list); i++) {
        int64_t n = jv_int(jv_at(list, i));
        ok = jv_kind(jv_at(list, i)) == JV_NUMBER && n >= 1 && n <= 24 * 30;
        t->remind_hours[i] = (int)n;
    }
    return ok || WRONG(k, STR_FMT ".remindHours: wants at most three numbers of hours, 1 to 720",
                       STR_ARG(at));
}

static bool read_type_words(struct taking *k, const struct jv *v, struct str at,
                            struct service_type *t)
{
    if (!taking_code(k, v, at, "ref", true, &t->ref) ||
        !taking_texts(k, v, at, "name", true, t->name) ||
        !taking_texts(k, v, at, "instructions", false, t->instructions) ||
        !taking_words(k, v, at, "needs", NULL, &t->needs) ||
        !taking_code(k, v, at, "form", true, &t->form) ||
        !taking_code(k, v, at, "reason", true, &t->reason) ||
        !taking_code(k, v, at, "realises", false, &t->realises) ||
        !taking_modes(k, v, at, &t->on_site, &t->remote))
        return false;
    if (!reg_from(jv_str_of(v, "register"), &t->reg))
        return WRONG(k, STR_FMT ".register: wants health, social or rescue", STR_ARG(at));
    if (!type_booker_from(jv_str_of(v, "booker"), &t->booker))
        return WRONG(k, STR_FMT ".booker: wants anybody, resident or staff", STR_ARG(at));
    if (law_reason_find(k->law, t->reason) < 0)
        return WRONG(k, STR_FMT ".reason: data/law/reasons.json has no such reason", STR_ARG(at));
    return true;
}

static bool read_type_numbers(struct taking *k, const struct jv *v, struct str at,
                              struct service_type *t)
{
    const struct bounds buffer = {0, 120, 0}, until = {-1, 24 * 30, 24};
    bool ok =
        taking_number(k, v, at, "minutes", (struct bounds){5, 480, 0}, &t->minutes) &&
        taking_number(k, v, at, "before", buffer, &t->before) &&
        taking_number(k, v, at, "after", buffer, &t->after) &&
        taking_number(k, v, at, "leadMinutes", (struct bounds){0, 30 * DAY_MINUTES, 60},
                      &t->lead_minutes) &&
        taking_number(k, v, at, "aheadDays", (struct bounds){1, CALENDAR_AHEAD_DAYS, 90},
                      &t->ahead_days) &&
        taking_number(k, v, at, "cancelHours", until, &t->cancel_hours) &&
        taking_number(k, v, at, "moveHours", until, &t->move_hours) &&
        taking_number(k, v, at, "offerHours", (struct bounds){0, 24 * 7, 0}, &t->offer_hours) &&
        taking_number(k, v, at, "offerTo", (struct bounds){0, 20, 3}, &t->offer_n) &&
        taking_bool(k, v, at, "t3", &t->t3) && taking_bool(k, v, at, "child", &t->child) &&
        read_reminders(k, v, at, t);
    if (!ok)
        return false;
    if (!t->minutes || t->minutes % QUANTUM_MINUTES || t->before % QUANTUM_MINUTES ||
        t->after % QUANTUM_MINUTES)
        return WRONG(k, STR_FMT ".minutes, before, after: want steps of five minutes", STR_ARG(at));
    if (!t->offer_hours)
        t->offer_n = 0;
    return true;
}

static void put_type(struct taking *k, const struct service_type *t, size_t nth)
{
    const struct str *n = t->name, *i = t->instructions;
    DB_EXEC(k->db, &q[Q_TYPE_PUT], V_STR(t->ref), V_INT((int64_t)nth), V_STR(n[LANG_FI]),
            V_STR(n[LANG_SV]), V_STR(n[LANG_EN]), V_STR(i[LANG_FI]), V_STR(i[LANG_SV]),
            V_STR(i[LANG_EN]), V_STR(str_of(reg_code(t->reg))), V_INT(t->minutes), V_INT(t->before),
            V_INT(t->after), V_INT(t->lead_minutes), V_INT(t->ahead_days), V_INT(t->on_site),
            V_INT(t->remote), V_STR(t->needs), V_STR(str_of(type_booker_code(t->booker))),
            V_STR(t->form), V_STR(t->reason), V_STR(t->realises), V_INT(t->cancel_hours),
            V_INT(t->move_hours), V_INT(t->offer_hours), V_INT(t->offer_n),
            V_INT(t->remind_hours[0]), V_INT(t->remind_hours[1]), V_INT(t->remind_hours[2]),
            V_INT(t->t3), V_INT(t->child));
}

bool import_types(struct taking *k)
{
    static const char *const known[] = {
        "ref",     "name",        "instructions", "register",    "minutes",   "before",
        "after",   "modes",       "leadMinutes",  "aheadDays",   "needs",     "booker",
        "form",    "reason",      "realises",     "cancelHours", "moveHours", "offerHours",
        "offerTo", "remindHours", "t3",           "child",       "note",      NULL};
    const struct jv *list = jv_get(k->settings, "types");
    if (jv_len(list) > TYPES_MOST)
        return WRONG(k, "types: at most %d", TYPES_MOST);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str at = str_fmt(k->a, "types[%zu]", i);
        struct service_type t = {0};
        if (!taking_keys(k, jv_at(list, i), at, known) ||
            !read_type_words(k, jv_at(list, i), at, &t) ||
            !read_type_numbers(k, jv_at(list, i), at, &t))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(jv_str_of(jv_at(list, j), "ref"), t.ref))
                return WRONG(k, STR_FMT ".ref: another type has it", STR_ARG(at));
        put_type(k, &t, i);
    }
    k->types = service_types_load(k->a, k->db);
    return true;
}
