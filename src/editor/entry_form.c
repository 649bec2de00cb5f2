/* entry_form.c: the parts of an entry's form, in order, with what was typed and what is wrong. */
#include "editor/entry.h"

#include "i18n/week.h"

struct maker {
    struct arena *a;
    enum lang l;
    const struct fields *values;
    const struct entry_known *known;
    const struct ui_errors *errors;
    struct entry_parts *out;
};

static struct str value(const struct maker *m, struct str name)
{
    return fields_get(m->values, str_z(m->a, name));
}

static bool chosen(const struct maker *m, const char *name, struct str code)
{
    struct str v;
    for (size_t i = 0; (v = fields_nth(m->values, name, i)).p; i++)
        if (str_eq(v, code))
            return true;
    return false;
}

static void add(const struct maker *m, struct entry_part part)
{
    VEC_PUSH(m->a, m->out, part);
}

static void heading(const struct maker *m, const char *id, const char *words)
{
    add(m, (struct entry_part){.kind = PART_HEADING, .id = str_of(id), .label = tr(m->l, words)});
}

static struct ui_field field(const struct maker *m, struct str name, struct str label)
{
    return (struct ui_field){.name = name,
                             .label = label,
                             .value = value(m, name),
                             .error = ui_error_of(m->errors, name)};
}

struct trio {
    const char *name, *label, *hint;
    int rows, longest;
    const char *type;
};

/* One text in our three languages, side by side. */
static void trio(const struct maker *m, const struct trio *t)
{
    static const char *const in[] = {N_("In Finnish"), N_("In Swedish"), N_("In English")};
    struct entry_part part = {.kind = PART_GROUP,
                              .id = str_of(t->name),
                              .label = tr(m->l, t->label),
                              .hint = t->hint ? tr(m->l, t->hint) : S("")};
    for (int l = 0; l < LANG_COUNT; l++) {
        struct ui_field f =
            field(m, str_fmt(m->a, "%s.%s", t->name, lang_code((enum lang)l)), tr(m->l, in[l]));
        f.rows = t->rows;
        f.longest = t->longest;
        f.type = t->type;
        VEC_PUSH(m->a, &part.group, f);
    }
    add(m, part);
}

static void option(const struct maker *m, struct ui_choice *c, const char *name, struct str code,
                   struct str label)
{
    struct ui_option o = {.value = code, .label = label, .chosen = chosen(m, name, code)};
    VEC_PUSH(m->a, &c->options, o);
}

/* What the entry has and our lists have not: it stays unless it is unchecked. */
static void put_unknown(const struct maker *m, struct ui_choice *c, const char *name,
                        const struct codes *list)
{
    struct str v;
    for (size_t i = 0; (v = fields_nth(m->values, name, i)).p && i < 100; i++)
        if (!codes_find(list, v))
            option(m, c, name, v, v);
}

/* Classes are many: a fold for each main class, open where something in it is chosen. */
static void classes(const struct maker *m)
{
    const struct codes *list = &m->known->codes->classes;
    struct entry_part part = {
        .kind = PART_CODES,
        .id = S("class"),
        .label = tr(m->l, "Service classes"),
        .hint = tr(m->l, "Choose one to three that say best what the service is. Residents find it "
                         "under them."),
        .error = ui_error_of(m->errors, S("class"))};
    for (size_t i = 0; i < list->n; i++) {
        if (list->p[i].top) {
            struct entry_codes g = {.name = list->p[i].name[m->l]};
            VEC_PUSH(m->a, &part.codes, g);
        }
        struct entry_codes *g = &part.codes.p[part.codes.n - 1];
        option(m, &g->choice, "class", list->p[i].code, list->p[i].name[m->l]);
        g->chosen += g->choice.options.p[g->choice.options.n - 1].chosen;
    }
    struct entry_codes rest = {.name = tr(m->l, "Others")};
    put_unknown(m, &rest.choice, "class", list);
    rest.chosen = rest.choice.options.n;
    if (rest.chosen)
        VEC_PUSH(m->a, &part.codes, rest);
    for (size_t i = 0; i < part.codes.n; i++) {
        struct entry_codes *g = &part.codes.p[i];
        g->open = g->chosen > 0;
        g->choice.name = str_fmt(m->a, "class-%zu", i);
        g->choice.label = g->name;
        g->choice.many = true;
    }
    add(m, part);
}

static struct ui_choice *many(const struct maker *m, const char *name, const char *label,
                              const char *hint)
{
    add(m, (struct entry_part){.kind = PART_CHOICE,
                               .choice = {.name = str_of(name),
                                          .label = tr(m->l, label),
                                          .hint = hint ? tr(m->l, hint) : S(""),
                                          .error = ui_error_of(m->errors, str_of(name)),
                                          .many = true}});
    return &m->out->p[m->out->n - 1].choice;
}

static void code_list(const struct maker *m, const char *name, const char *label, const char *hint,
                      const struct codes *list)
{
    struct ui_choice *c = many(m, name, label, hint);
    for (size_t i = 0; i < list->n; i++)
        option(m, c, name, list->p[i].code, list->p[i].name[m->l]);
    put_unknown(m, c, name, list);
}

static void languages(const struct maker *m, const char *label)
{
    static const struct {
        const char *code, *name;
    } all[] = {{"fi", N_("Finnish")}, {"sv", N_("Swedish")},  {"en", N_("English")},
               {"ru", N_("Russian")}, {"et", N_("Estonian")}, {"uk", N_("Ukrainian")},
               {"ar", N_("Arabic")},  {"so", N_("Somali")},   {"fa", N_("Persian")}};
    struct ui_choice *c = many(m, "language", label, NULL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        option(m, c, "language", str_of(all[i].code), tr(m->l, all[i].name));
    struct str v;
    for (size_t i = 0; (v = fields_nth(m->values, "language", i)).p && i < 40; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            known = known || str_eq(v, str_of(all[k].code));
        if (!known)
            option(m, c, "language", v, v);
    }
}

static void areas(const struct maker *m)
{
    if (m->known->districts->n == 0)
        return;
    struct ui_choice *c =
        many(m, "area", N_("Areas"), N_("Leave empty when it is for the whole county."));
    for (size_t i = 0; i < m->known->districts->n; i++)
        option(m, c, "area", m->known->districts->p[i].ref, m->known->districts->p[i].name[m->l]);
}

static void ways(const struct maker *m)
{
    struct ui_choice *c =
        many(m, "way", N_("How to reach it"),
             N_("Your own places, phones and web pages. Make them first, then choose here."));
    for (size_t i = 0; i < m->known->ways.n; i++) {
        option(m, c, "way", m->known->ways.p[i].id, m->known->ways.p[i].name);
        c->options.p[c->options.n - 1].hint = m->known->ways.p[i].hint;
    }
    struct str v;
    for (size_t i = 0; (v = fields_nth(m->values, "way", i)).p && i < 200; i++) {
        bool known = false;
        for (size_t k = 0; k < m->known->ways.n; k++)
            known = known || str_eq(v, m->known->ways.p[k].id);
        if (!known)
            option(m, c, "way", v, tr(m->l, "A channel that is not there any more"));
    }
    if (c->options.n == 0)
        c->hint =
            tr(m->l, "You have no places, phones or web pages yet. Save this, make one from your "
                     "list, then choose it here.");
}

static void charge(const struct maker *m)
{
    static const char *const codes[] = {"free", "chargeable", "other", "unknown"};
    static const char *const words[] = {N_("Free of charge"), N_("Chargeable"),
                                        N_("Depends: see the text below"), N_("Not told")};
    struct ui_choice *c = many(m, "charge", N_("Cost"), NULL);
    c->many = false;
    bool any = false;
    for (size_t i = 0; i < 4; i++) {
        option(m, c, "charge", str_of(codes[i]), tr(m->l, words[i]));
        any = any || c->options.p[i].chosen;
    }
    if (!any)
        c->options.p[3].chosen = true;
    trio(m, &(struct trio){"cost", N_("What it costs"), N_("For example: the first visit is free."),
                           2, 500, NULL});
}

static void names(const struct maker *m)
{
    heading(m, "names", N_("Name and texts"));
    trio(m, &(struct trio){"name", N_("Name"), N_("As residents would call it."), 0, ENTRY_NAME_MAX,
                           NULL});
    trio(m, &(struct trio){
                "summary", N_("Summary"),
                N_("One or two sentences: what it is and for whom. At most 150 characters."), 3,
                ENTRY_SUMMARY_MAX, NULL});
}

static void service(const struct maker *m)
{
    names(m);
    trio(m, &(struct trio){"description", N_("Description"),
                           N_("What happens there? A line is a paragraph; lines that begin with “- "
                              "” make a list."),
                           6, ENTRY_TEXT_MAX, NULL});
    trio(m, &(struct trio){"instruction", N_("How to come along"),
                           N_("For example: just walk in, or book a time by phone."), 3,
                           ENTRY_TEXT_MAX, NULL});
    heading(m, "found", N_("How residents find it"));
    classes(m);
    code_list(m, "group", N_("Target groups"), N_("For whom is it?"), &m->known->codes->groups);
    code_list(m, "event", N_("Life events"), NULL, &m->known->codes->events);
    trio(m, &(struct trio){"keyword", N_("Search words"),
                           N_("What do people call it? One word or short phrase a line."), 4, 0,
                           NULL});
    heading(m, "ways", N_("Facts"));
    ways(m);
    charge(m);
    areas(m);
    languages(m, N_("Languages of service"));
}

/* ---- channels ---- */

static void phones(const struct maker *m)
{
    for (int i = 1; i <= ENTRY_PHONES; i++) {
        struct str n = str_fmt(m->a, "%d", i);
        struct entry_part part = {.kind = PART_GROUP,
                                  .id = str_fmt(m->a, "phones.%d", i),
                                  .label = tr_fill(m->a, tr(m->l, "Phone %1"), &n, 1)};
        struct ui_field number = field(m, str_fmt(m->a, "phone.%d", i), tr(m->l, "Number"));
        struct ui_field info =
            field(m, str_fmt(m->a, "phone_info.%d", i), tr(m->l, "What it is for"));
        number.type = "tel";
        info.longest = ENTRY_SUMMARY_MAX;
        VEC_PUSH(m->a, &part.group, number);
        VEC_PUSH(m->a, &part.group, info);
        add(m, part);
    }
}

static void exceptions(const struct maker *m)
{
    for (int i = 1; i <= ENTRY_EXCEPTIONS; i++) {
        struct str n = str_fmt(m->a, "%d", i);
        struct entry_part part = {.kind = PART_GROUP,
                                  .id = str_fmt(m->a, "exceptions.%d", i),
                                  .label = tr_fill(m->a, tr(m->l, "Exception %1"), &n, 1)};
        if (i == 1)
            part.hint = tr(m->l, "For example Christmas. No hours: closed on those days.");
        struct ui_field from = field(m, str_fmt(m->a, "except.%d", i), tr(m->l, "First day"));
        struct ui_field to = field(m, str_fmt(m->a, "until.%d", i), tr(m->l, "Last day"));
        struct ui_field at = field(m, str_fmt(m->a, "at.%d", i), tr(m->l, "Hours"));
        from.type = to.type = "date";
        at.longest = 60;
        VEC_PUSH(m->a, &part.group, from);
        VEC_PUSH(m->a, &part.group, to);
        VEC_PUSH(m->a, &part.group, at);
        add(m, part);
    }
}

static void hours(const struct maker *m)
{
    static const char *const codes[] = {"week", "appointment", "always", "none"};
    static const char *const words[] = {N_("By weekday, as below"), N_("By appointment"),
                                        N_("Day and night"), N_("No hours are told")};
    heading(m, "hours", N_("Hours"));
    struct ui_choice *c = many(m, "opening", N_("When it is open"), NULL);
    c->many = false;
    bool any = false;
    for (size_t i = 0; i < 4; i++) {
        option(m, c, "opening", str_of(codes[i]), tr(m->l, words[i]));
        any = any || c->options.p[i].chosen;
    }
    if (!any)
        c->options.p[0].chosen = true;
    struct entry_part part = {
        .kind = PART_GROUP,
        .id = S("weekdays"),
        .label = tr(m->l, "Hours by weekday"),
        .hint = tr(m->l, "For example 9–16 or 9–12, 13–15.30. Leave the day empty when closed.")};
    for (int day = 1; day <= 7; day++) {
        struct ui_field f =
            field(m, str_fmt(m->a, "hours.%d", day), tr(m->l, weekday_words(day - 1)));
        f.longest = 60;
        VEC_PUSH(m->a, &part.group, f);
    }
    add(m, part);
    trio(m, &(struct trio){"hours_info", N_("More about the hours"), NULL, 0, 200, NULL});
    exceptions(m);
}

static void address(const struct maker *m)
{
    heading(m, "address", N_("Address"));
    trio(m, &(struct trio){"street", N_("Street"), NULL, 0, ENTRY_NAME_MAX, NULL});
    struct entry_part part = {.kind = PART_GROUP, .id = S("house"), .label = tr(m->l, "House")};
    struct ui_field number = field(m, S("number"), tr(m->l, "House number"));
    struct ui_field postal = field(m, S("postal"), tr(m->l, "Postal code"));
    number.longest = 20;
    postal.longest = 5;
    VEC_PUSH(m->a, &part.group, number);
    VEC_PUSH(m->a, &part.group, postal);
    add(m, part);
    trio(m, &(struct trio){"office", N_("Post office"), NULL, 0, ENTRY_NAME_MAX, NULL});
    trio(m, &(struct trio){"address_info", N_("How to get in"),
                           N_("For example: the door is in the yard, there are no steps."), 2, 500,
                           NULL});
}

static void email(const struct maker *m)
{
    struct ui_field f = field(m, S("email"), tr(m->l, "E-mail"));
    f.optional = true;
    f.type = "email";
    f.longest = 200;
    f.size = "mid";
    add(m, (struct entry_part){.kind = PART_FIELD, .field = f});
}

static void links(const struct maker *m)
{
    heading(m, "links", N_("On the web"));
    trio(m, &(struct trio){"link", N_("Web page"), NULL, 0, 500, "text"});
    email(m);
}

static void channel(const struct maker *m, enum dir_kind kind)
{
    names(m);
    if (kind == DIR_LOCATION) {
        trio(m, &(struct trio){"description", N_("Description"), NULL, 4, ENTRY_TEXT_MAX, NULL});
        address(m);
    }
    if (kind != DIR_WEB_PAGE) {
        heading(m, "phones", N_("Phones"));
        phones(m);
        hours(m);
    }
    if (kind != DIR_PHONE_CHANNEL)
        links(m);
    heading(m, "spoken", N_("Languages"));
    languages(m, N_("Languages of service"));
}

struct entry_parts entry_parts(struct arena *a, enum dir_kind kind, const struct fields *values,
                               const struct entry_known *known, const struct ui_errors *errors)
{
    struct entry_parts out = {0};
    struct maker m = {a, known->lang, values, known, errors, &out};
    if (kind == DIR_SERVICE) {
        service(&m);
    } else if (kind == DIR_ORGANISATION) {
        names(&m);
        links(&m);
    } else {
        channel(&m, kind);
    }
    return out;
}

/* ---- as words ---- */

static void put_line(struct arena *a, struct entry_lines *out, struct str label, struct str text)
{
    VEC_PUSH(a, out, (struct entry_line){label, text});
}

static void put_chosen(struct buf *b, const struct ui_choice *c)
{
    for (size_t i = 0; i < c->options.n; i++)
        if (c->options.p[i].chosen) {
            if (b->n)
                buf_lit(b, ", ");
            buf_str(b, c->options.p[i].label);
        }
}

struct entry_lines entry_lines(struct arena *a, const struct entry_parts *parts)
{
    struct entry_lines out = {0};
    for (size_t i = 0; i < parts->n; i++) {
        const struct entry_part *p = &parts->p[i];
        struct buf b = buf_new(a, 1 << 16);
        if (p->kind == PART_FIELD)
            put_line(a, &out, p->field.label, p->field.value);
        for (size_t k = 0; p->kind == PART_GROUP && k < p->group.n; k++)
            put_line(
                a, &out,
                str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(p->label), STR_ARG(p->group.p[k].label)),
                p->group.p[k].value);
        if (p->kind == PART_CHOICE)
            put_chosen(&b, &p->choice);
        for (size_t k = 0; p->kind == PART_CODES && k < p->codes.n; k++)
            put_chosen(&b, &p->codes.p[k].choice);
        if (p->kind == PART_CHOICE || p->kind == PART_CODES)
            put_line(a, &out, p->kind == PART_CODES ? p->label : p->choice.label,
                     b.n ? buf_get(&b) : S(""));
    }
    return out;
}

const char *entry_lack_field(enum dir_kind kind, enum dir_lack lack)
{
    bool service = kind == DIR_SERVICE;
    switch (lack) {
    case DIR_LACK_NO_NAME:
        return "name.fi";
    case DIR_LACK_NO_SUMMARY:
        return "summary.fi";
    case DIR_LACK_NO_CLASS:
        return "class";
    case DIR_LACK_NO_GROUP:
        return "group.1";
    case DIR_LACK_NO_SWEDISH:
        return "name.sv";
    case DIR_LACK_NO_ENGLISH:
        return "name.en";
    case DIR_LACK_NO_PHONE:
        return service ? "ways" : "phone.1";
    case DIR_LACK_NO_HOURS:
        return service ? "ways" : "opening.1";
    case DIR_LACK_NO_WAY:
        return service                ? "ways"
               : kind == DIR_WEB_PAGE ? "link.fi"
               : kind == DIR_LOCATION ? "street.fi"
                                      : "phone.1";
    case DIR_LACK_DEAD_CONNECTION:
        return "ways";
    default:
        return NULL;
    }
}
