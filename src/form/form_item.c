/*
 * form_item.c: the items of a Questionnaire: groups, display texts, questions with their options,
 * hints and conditions.
 */
#include "form/form_parse.h"

static bool is_help(const struct jv *display)
{
    const struct jv *x = form_extension(display, HL7 "questionnaire-itemControl");
    const struct jv *coding = jv_at(jv_get(jv_get(x, "valueCodeableConcept"), "coding"), 0);
    return str_eq(jv_str_of(coding, "code"), S("help"));
}

static bool read_bool(struct parse *p, struct str at, const struct jv *v, const char *key,
                      bool *out)
{
    const struct jv *b = jv_get(v, key);
    *out = jv_bool(b);
    return !b || jv_kind(b) == JV_BOOL ||
           form_fail(p, form_below(p, at, key), "must be true or false");
}

static bool read_option(struct parse *p, struct str at, const struct jv *v, struct form_item *it,
                        struct form_option *o)
{
    const struct jv *coding = jv_get(v, "valueCoding");
    struct str here = form_below(p, at, "valueCoding");
    if (!form_object_of(p, at, v, "valueCoding extension") ||
        !form_object_of(p, here, coding, "system code display _display") ||
        !form_check_extensions(p, at, v, ON_OPTION) ||
        !form_read_code(p, here, coding, "code", &o->code) ||
        !form_read_texts(p, here, coding, "display", o->label) ||
        !form_extension_code(p, at, v, OWN "form-reason", &o->reason))
        return false;
    o->exclusive =
        jv_bool(jv_get(form_extension(v, HL7 "questionnaire-optionExclusive"), "valueBoolean"));
    struct str system = jv_str_of(coding, "system");
    if (!str_starts(system, S("https://")) || !form_plain_text(system, false))
        return form_fail(p, here, "must have a system that begins with https://");
    if (it->system.n == 0)
        it->system = str_dup(p->a, system);
    if (!str_eq(system, it->system))
        return form_fail(p, here, "the options of one question must have one system");
    return true;
}

static bool read_options(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    if (!form_array_of(p, at, v, "answerOption", FORM_MAX_OPTIONS))
        return false;
    const struct jv *list = jv_get(v, "answerOption");
    if (jv_len(list) < 2)
        return form_fail(p, form_below(p, at, "answerOption"),
                         "a choice must have at least two options");
    struct form_option *o = ARENA_ARRAY(p->a, jv_len(list), struct form_option);
    it->options = o;
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str here = form_nth(p, at, "answerOption", i);
        if (!read_option(p, here, jv_at(list, i), it, &o[i]))
            return false;
        if (form_find_option(it, o[i].code) != FORM_NONE)
            return form_fail(p, here, "the code '" STR_FMT "' stands twice", STR_ARG(o[i].code));
        it->option_n++;
    }
    return true;
}

static bool read_length(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    size_t most = it->kind == FORM_STRING ? FORM_MAX_STRING : FORM_MAX_TEXT;
    const struct jv *n = jv_get(v, "maxLength");
    it->max_length = it->kind == FORM_STRING ? FORM_MAX_STRING : FORM_MAX_TEXT / 2;
    if (!n)
        return true;
    if (!form_whole(n) || jv_int(n) < 1 || jv_int(n) > (int64_t)most)
        return form_fail(p, form_below(p, at, "maxLength"), "must be from 1 to %zu", most);
    it->max_length = (size_t)jv_int(n);
    return true;
}

static bool read_range(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    const struct jv *min = jv_get(form_extension(v, HL7 "minValue"), "valueInteger");
    const struct jv *max = jv_get(form_extension(v, HL7 "maxValue"), "valueInteger");
    it->min = min ? jv_int(min) : 0;
    it->max = max ? jv_int(max) : 999999;
    if ((min && !form_whole(min)) || (max && !form_whole(max)) || it->min > it->max ||
        it->min < -999999 || it->max > 999999)
        return form_fail(p, at,
                         "minValue and maxValue must be whole numbers, six digits, in order");
    return true;
}

static bool read_days(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    struct str code = {NULL, 0};
    if (!form_extension_code(p, at, v, OWN "item-days", &code))
        return false;
    it->days = str_eq(code, S("past"))     ? FORM_PAST
               : str_eq(code, S("future")) ? FORM_FUTURE
                                           : FORM_ANY_DAY;
    return it->days != FORM_ANY_DAY || code.n == 0 ||
           form_fail(p, at, "item-days must be past or future");
}

/* The value that an "=" or "!=" compares with. */
static bool read_wanted(struct parse *p, struct str at, const struct jv *v,
                        const struct form_item *asked, struct form_condition *c)
{
    if (asked->kind == FORM_BOOLEAN) {
        c->yes = jv_bool(jv_get(v, "answerBoolean"));
        return jv_kind(jv_get(v, "answerBoolean")) == JV_BOOL ||
               form_fail(p, at, "the question is a boolean: answerBoolean is needed");
    }
    if (asked->kind != FORM_CHOICE)
        return form_fail(p, at, "only a choice or a boolean can be compared; others take 'exists'");
    const struct jv *coding = jv_get(v, "answerCoding");
    if (!form_object_of(p, form_below(p, at, "answerCoding"), coding, "system code"))
        return false;
    if (!str_eq(jv_str_of(coding, "system"), asked->system))
        return form_fail(p, at, "answerCoding.system is not that of the question's options");
    c->option = form_find_option(asked, jv_str_of(coding, "code"));
    return c->option != FORM_NONE || form_fail(p, at, "the question has no such option");
}

/* A condition of the item that was added last: it may ask about those before it. */
static bool read_condition(struct parse *p, struct str at, const struct jv *v,
                           struct form_condition *c)
{
    if (!form_object_of(p, at, v, "question operator answerBoolean answerCoding"))
        return false;
    if ((jv_get(v, "answerBoolean") != NULL) == (jv_get(v, "answerCoding") != NULL))
        return form_fail(p, at, "must have one of answerBoolean, answerCoding");
    struct str link_id = jv_str_of(v, "question"), op = jv_str_of(v, "operator");
    c->item = 0;
    while (c->item + 1 < p->items.n && !str_eq(p->items.p[c->item].link_id, link_id))
        c->item++;
    const struct form_item *asked = &p->items.p[c->item];
    if (c->item + 1 == p->items.n || asked->kind == FORM_GROUP || asked->kind == FORM_DISPLAY)
        return form_fail(p, at, "must ask about an earlier question");
    if (str_eq(op, S("exists"))) {
        c->op = FORM_EXISTS;
        c->yes = jv_bool(jv_get(v, "answerBoolean"));
        return jv_kind(jv_get(v, "answerBoolean")) == JV_BOOL ||
               form_fail(p, at, "'exists' needs answerBoolean");
    }
    if (!str_eq(op, S("=")) && !str_eq(op, S("!=")))
        return form_fail(p, at, "the operator must be =, != or exists");
    c->op = str_eq(op, S("=")) ? FORM_IS : FORM_IS_NOT;
    return read_wanted(p, at, v, asked, c);
}

static bool read_conditions(struct parse *p, struct str at, const struct jv *v,
                            struct form_item *it)
{
    if (!form_array_of(p, at, v, "enableWhen", FORM_MAX_CONDITIONS))
        return false;
    const struct jv *list = jv_get(v, "enableWhen");
    struct str behavior = jv_str_of(v, "enableBehavior");
    it->when_any = str_eq(behavior, S("any"));
    if (jv_get(v, "enableBehavior") && !it->when_any && !str_eq(behavior, S("all")))
        return form_fail(p, at, "enableBehavior must be all or any");
    if (jv_len(list) > 1 && behavior.n == 0) /* R4 constraint que-12 */
        return form_fail(p, at, "more than one enableWhen needs enableBehavior");
    struct form_condition *c = ARENA_ARRAY(p->a, jv_len(list), struct form_condition);
    for (size_t i = 0; i < jv_len(list); i++)
        if (!read_condition(p, form_nth(p, at, "enableWhen", i), jv_at(list, i), &c[i]))
            return false;
    it->when = c;
    it->when_n = jv_len(list);
    return true;
}

#define COMMON_KEYS "linkId text _text type extension enableWhen enableBehavior"
static const struct {
    const char *type, *allowed;
} kinds[] = {
    [FORM_GROUP] = {"group", COMMON_KEYS " item"},
    [FORM_DISPLAY] = {"display", COMMON_KEYS},
    [FORM_CHOICE] = {"choice", COMMON_KEYS " required repeats answerOption item"},
    [FORM_BOOLEAN] = {"boolean", COMMON_KEYS " required item"},
    [FORM_STRING] = {"string", COMMON_KEYS " required maxLength item"},
    [FORM_TEXT] = {"text", COMMON_KEYS " required maxLength item"},
    [FORM_DATE] = {"date", COMMON_KEYS " required item"},
    [FORM_INTEGER] = {"integer", COMMON_KEYS " required item"},
};

static bool read_kind(struct parse *p, struct str at, const struct jv *v, enum form_kind *out)
{
    const size_t n = sizeof kinds / sizeof *kinds;
    if (jv_kind(v) != JV_OBJECT)
        return form_fail(p, at, "must be an object");
    size_t k = 0;
    while (k < n && !str_eq(jv_str_of(v, "type"), str_of(kinds[k].type)))
        k++;
    if (k == n)
        return form_fail(p, form_below(p, at, "type"), "is not in the subset");
    *out = (enum form_kind)k;
    return form_object_of(p, at, v, kinds[k].allowed);
}

/* The one display item under a question is its hint. */
static bool read_hint(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    if (!form_array_of(p, at, v, "item", 1))
        return false;
    const struct jv *hint = jv_at(jv_get(v, "item"), 0);
    if (!hint)
        return true;
    struct str here = form_nth(p, at, "item", 0), link_id;
    if (!form_object_of(p, here, hint, "linkId text _text type extension") ||
        !form_check_extensions(p, here, hint, ON_DISPLAY) ||
        !form_read_code(p, here, hint, "linkId", &link_id))
        return false;
    if (!str_eq(jv_str_of(hint, "type"), S("display")) || !is_help(hint))
        return form_fail(p, here, "under a question only a display item with itemControl help");
    if (!str_eq(link_id, str_fmt(p->a, STR_FMT "-help", STR_ARG(it->link_id))))
        return form_fail(p, here, "the hint's linkId must be the question's and -help");
    return form_read_texts(p, here, hint, "text", it->hint);
}

static bool read_question(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    if (!read_bool(p, at, v, "required", &it->required) ||
        !read_bool(p, at, v, "repeats", &it->repeats) || !read_hint(p, at, v, it) ||
        !form_extension_code(p, at, v, OWN "item-autocomplete", &it->autocomplete))
        return false;
    switch (it->kind) {
    case FORM_CHOICE:
        return read_options(p, at, v, it);
    case FORM_STRING:
    case FORM_TEXT:
        return read_length(p, at, v, it);
    case FORM_INTEGER:
        return read_range(p, at, v, it);
    case FORM_DATE:
        return read_days(p, at, v, it);
    default:
        return true;
    }
}

static bool read_display(struct parse *p, struct str at, const struct jv *v, struct form_item *it)
{
    struct str look = {NULL, 0};
    if (is_help(v))
        return form_fail(p, at, "a help text stands under its question");
    if (!form_extension_code(p, at, v, OWN "item-look", &look))
        return false;
    it->look = str_eq(look, S("safety")) ? FORM_SAFETY : FORM_PLAIN;
    return it->look == FORM_SAFETY || look.n == 0 || form_fail(p, at, "item-look must be safety");
}

static bool read_group(struct parse *p, struct str at, const struct jv *v, size_t self,
                       size_t depth)
{
    if (depth == FORM_MAX_DEPTH)
        return form_fail(p, at, "groups are nested more than %d deep", FORM_MAX_DEPTH - 1);
    if (!form_array_of(p, at, v, "item", FORM_MAX_ITEMS))
        return false;
    const struct jv *list = jv_get(v, "item");
    if (!list) /* R4 constraint que-1 */
        return form_fail(p, at, "a group must have items");
    for (size_t i = 0; i < jv_len(list); i++)
        if (!form_read_item(p, form_nth(p, at, "item", i), jv_at(list, i), self, depth + 1))
            return false;
    return true;
}

bool form_read_item(struct parse *p, struct str at, const struct jv *v, size_t parent, size_t depth)
{
    struct form_item it = {.parent = parent};
    size_t self = p->items.n;
    if (self == FORM_MAX_ITEMS)
        return form_fail(p, at, "more than %d items", FORM_MAX_ITEMS);
    if (!read_kind(p, at, v, &it.kind) || !form_read_code(p, at, v, "linkId", &it.link_id) ||
        !form_read_texts(p, at, v, "text", it.text))
        return false;
    for (size_t i = 0; i < self; i++)
        if (str_eq(p->items.p[i].link_id, it.link_id))
            return form_fail(p, at, "the linkId '" STR_FMT "' stands twice", STR_ARG(it.link_id));
    if (str_ends(it.link_id, S("-help")))
        return form_fail(p, at, "a linkId that ends in -help is kept for hints");
    if (parent == FORM_NONE && it.kind != FORM_GROUP)
        return form_fail(p, at, "at the top only groups: each is a step");
    unsigned place = it.kind == FORM_DISPLAY ? ON_DISPLAY : it.kind == FORM_GROUP ? 0 : ON_QUESTION;
    it.field = str_fmt(p->a, "q." STR_FMT, STR_ARG(it.link_id));
    it.step = parent == FORM_NONE ? p->form->step_n : p->items.p[parent].step;
    VEC_PUSH(p->a, &p->items, it);
    if (!form_check_extensions(p, at, v, place) || !read_conditions(p, at, v, &it))
        return false;
    bool ok = it.kind == FORM_GROUP     ? read_group(p, at, v, self, depth)
              : it.kind == FORM_DISPLAY ? read_display(p, at, v, &it)
                                        : read_question(p, at, v, &it);
    it.end = p->items.n;
    p->items.p[self] = it;
    return ok;
}
