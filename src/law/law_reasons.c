/*
 * law_reasons.c: data/law/reasons.json: which rules a reason starts at which event. Every reason
 * gives a matter a due time from its arrival on, whoever the person is.
 */
#include "law/law_read.h"

/* The versions that the event can start; an assessment already made may start one later. */
static bool can_start(const struct law_rule *r, enum law_event e)
{
    for (size_t i = 0; i < r->version_count; i++)
        if (r->versions[i].starts & BIT(e))
            return true;
    return false;
}

static uint64_t rule_set(struct load *l, const char *key, enum law_event e, const struct jv *list)
{
    uint64_t set = 0;
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str id = jv_str(jv_at(list, i));
        int rule = law_rule_find(l->law, id);
        if (rule < 0)
            bad(l, key, "\"" STR_FMT "\" is not among the rules", STR_ARG(id));
        else if (!can_start(&l->law->rules[rule], e))
            bad(l, key, "\"" STR_FMT "\" is not started by this event", STR_ARG(id));
        else
            set |= RULE_BIT(rule);
    }
    return set;
}

static void rule_sets(struct load *l, const struct jv *o, uint64_t out[LAW_EVENT_COUNT])
{
    for (size_t i = 0; i < jv_len(o); i++) {
        struct str key;
        enum law_event e;
        const struct jv *list = jv_member(o, i, &key);
        if (!law_event_from(key, &e)) {
            bad(l, "", "\"" STR_FMT "\" is not an event", STR_ARG(key));
            return;
        }
        out[e] = rule_set(l, law_event_code(e), e, list);
    }
}

/* A rule that holds for everybody and has no end. */
static bool lasting(const struct law *law, int rule)
{
    const struct law_rule *r = &law->rules[rule];
    for (size_t i = 0; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        if (!date_is(v->to) && law->who[v->who].n == 0 && !has_conditions(v))
            return true;
    }
    return false;
}

static void read_reason(struct load *l, const struct jv *o, size_t i)
{
    struct reason *r = &l->law->reasons[i];
    at(l, "reasons[%zu]", i);
    only(l, o, "code field names implies at");
    r->pub.code = text(l, o, "code");
    if (law_reason_find(l->law, r->pub.code) != (int)i)
        bad(l, "code", "\"" STR_FMT "\" stands here twice", STR_ARG(r->pub.code));
    r->pub.field = (enum law_field)word(l, o, "field", "health social common");
    texts(l, o, "names", r->pub.name);
    const struct jv *implies = jv_get(o, "implies");
    for (size_t k = 0; k < jv_len(implies); k++)
        r->implies |= BIT(condition_index(l, "implies", jv_str(jv_at(implies, k))));
    at(l, "reasons[%zu].at", i);
    rule_sets(l, jv_get(o, "at"), r->at);
    bool due = false;
    for (size_t k = 0; k < l->law->rule_n; k++)
        due |= (r->at[LAW_RECEIVED] & RULE_BIT(k)) && lasting(l->law, (int)k);
    if (!due)
        bad(l, "received", "a rule for everybody is needed, so that every matter has a due time");
}

/* The reasons that a promise asks for are there. */
static void check_reasons(struct load *l, const struct law_rule *r)
{
    at(l, "%s", "");
    for (size_t i = 0; i < r->version_count; i++)
        for (size_t k = 0; k < r->versions[i].reasons.n; k++)
            if (law_reason_find(l->law, r->versions[i].reasons.p[k]) < 0)
                bad(l, "",
                    "rule \"" STR_FMT "\" asks for the reason \"" STR_FMT "\", which is not here",
                    STR_ARG(r->id), STR_ARG(r->versions[i].reasons.p[k]));
}

void read_reasons(struct load *l, const struct jv *root)
{
    at(l, "%s", "");
    only(l, root, "about always reasons");
    at(l, "always");
    rule_sets(l, jv_get(root, "always"), l->law->always);
    const struct jv *list = jv_get(root, "reasons");
    size_t n = jv_len(list);
    at(l, "reasons");
    if (n == 0 || n > 1000)
        bad(l, "", "1 to 1000 are needed, there are %zu", n);
    if (l->failed)
        return;
    l->law->reasons = ARENA_ARRAY(l->a, n, struct reason);
    l->law->reason_n = n;
    for (size_t i = 0; i < n && !l->failed; i++)
        read_reason(l, jv_at(list, i), i);
    for (size_t i = 0; i < l->law->rule_n && !l->failed; i++)
        check_reasons(l, &l->law->rules[i]);
}
