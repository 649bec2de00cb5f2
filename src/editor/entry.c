/* entry.c: an entry's row to the fields of its form, and back: see entry.h. */
#include "editor/entry.h"

#include <assert.h>

static const struct {
    enum dir_kind kind;
    const char *code, *words;
} kinds[] = {
    {DIR_SERVICE, "service", N_("Service")},
    {DIR_LOCATION, "place", N_("Place")},
    {DIR_PHONE_CHANNEL, "phone", N_("Phone")},
    {DIR_WEB_PAGE, "web", N_("Web page")},
    {DIR_ORGANISATION, "organisation", N_("Organisation")},
};

const char *entry_kind_code(enum dir_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return kinds[i].code;
    return "other";
}

bool entry_kind_from(struct str code, enum dir_kind *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(str_of(kinds[i].code), code)) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

const char *entry_kind_words(enum dir_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return kinds[i].words;
    return kind == DIR_ECHANNEL ? N_("Electronic service")
           : kind == DIR_FORM   ? N_("Printable form")
                                : N_("Entry");
}

void *entry_new(struct arena *a, enum dir_kind kind, const struct entry_known *known)
{
    if (kind == DIR_SERVICE) {
        struct dir_service *s = ARENA_NEW(a, struct dir_service);
        s->type = S("Service");
        s->modified = DATE_NONE;
        if (known->owner.n)
            VEC_PUSH(a, &s->roles,
                     (struct dir_role){S("Responsible"), known->owner, known->owner_name});
        return s;
    }
    if (kind == DIR_ORGANISATION)
        return ARENA_NEW(a, struct dir_organisation);
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    c->kind = (int32_t)kind;
    c->organisation_id = known->owner;
    c->modified = DATE_NONE;
    return c;
}

/* ---- a row as fields ---- */

struct writer {
    struct arena *a;
    const struct entry_known *known;
    struct fields *out;
};

static void put(const struct writer *w, struct str name, struct str value)
{
    if (value.n)
        VEC_PUSH(w->a, w->out, (struct field){name, value});
}

static struct str named(const struct writer *w, const char *name, const char *suffix)
{
    return str_fmt(w->a, "%s.%s", name, suffix);
}

static void put_texts(const struct writer *w, const char *name, const struct dir_texts *t)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        put(w, named(w, name, code), texts_get(t, code));
    }
}

static void put_lines(const struct writer *w, const char *name, const struct dir_texts *t)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        put(w, named(w, name, code), texts_lines(w->a, t, code));
    }
}

static void put_codes(const struct writer *w, const char *name, const struct dir_concepts *list)
{
    for (size_t i = 0; i < list->n; i++)
        put(w, str_of(name), list->p[i].code);
}

static const char *const charges[] = {"unknown", "free", "chargeable", "other"};

static bool has_text(const struct dir_texts *t, struct str text)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].text, text))
            return true;
    return false;
}

static void service_fields(const struct writer *w, const struct dir_service *s)
{
    put_texts(w, "name", &s->name);
    put_texts(w, "summary", &s->summary);
    put_texts(w, "description", &s->description);
    put_texts(w, "instruction", &s->instruction);
    put_codes(w, "class", &s->classes);
    put_codes(w, "group", &s->groups);
    put_codes(w, "event", &s->events);
    put_lines(w, "keyword", &s->keywords);
    put(w, S("charge"), str_of(charges[s->charge & 3]));
    put_texts(w, "cost", &s->charge_info);
    for (size_t i = 0; i < w->known->districts->n; i++)
        if (has_text(&s->areas, w->known->districts->p[i].name[LANG_FI]))
            put(w, S("area"), w->known->districts->p[i].ref);
    for (size_t i = 0; i < s->languages.n; i++)
        put(w, S("language"), s->languages.p[i].text);
    for (size_t i = 0; i < s->connections.n; i++)
        put(w, S("way"), s->connections.p[i].other);
}

static const char *opening_of(const struct dir_hours *h)
{
    return !h ? "none" : h->always ? "always" : h->reservation ? "appointment" : "week";
}

static void hours_fields(const struct writer *w, const struct dir_hours_list *list, bool kept)
{
    const struct dir_hours *week = NULL;
    int n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct dir_hours *h = &list->p[i];
        if (h->kind == DIR_HOURS_WEEK && !week)
            week = h;
        if (h->kind != DIR_HOURS_EXCEPTION || ++n > ENTRY_EXCEPTIONS)
            continue;
        put(w, str_fmt(w->a, "except.%d", n), date_is(h->from) ? date_iso(w->a, h->from) : S(""));
        put(w, str_fmt(w->a, "until.%d", n), date_is(h->to) ? date_iso(w->a, h->to) : S(""));
        put(w, str_fmt(w->a, "at.%d", n), hours_words(w->a, w->known->lang, h, 0));
    }
    if (kept || list->n) /* of a new one nothing has been told yet */
        put(w, S("opening"), str_of(opening_of(week)));
    for (int day = 1; week && day <= 7; day++)
        put(w, str_fmt(w->a, "hours.%d", day), hours_words(w->a, w->known->lang, week, day));
    if (week)
        put_texts(w, "hours_info", &week->info);
}

static void links_fields(const struct writer *w, const struct dir_links *links)
{
    for (size_t i = 0; i < links->n; i++) {
        const struct dir_link *l = &links->p[i];
        if (str_starts(l->url, S("mailto:")))
            put(w, S("email"), str_sub(l->url, 7, l->url.n));
        else
            put(w, str_fmt(w->a, "link." STR_FMT, STR_ARG(l->lang.n ? l->lang : S("fi"))), l->url);
    }
}

static void channel_fields(const struct writer *w, const struct dir_channel *c)
{
    put_texts(w, "name", &c->name);
    put_texts(w, "summary", &c->summary);
    put_texts(w, "description", &c->description);
    if (c->addresses.n) {
        const struct dir_address *at = &c->addresses.p[0];
        put_texts(w, "street", &at->street);
        put(w, S("number"), at->number);
        put(w, S("postal"), at->postal_code);
        put_texts(w, "office", &at->post_office);
        put_texts(w, "address_info", &at->info);
    }
    for (size_t i = 0; i < c->phones.n && i < ENTRY_PHONES; i++) {
        put(w, str_fmt(w->a, "phone.%zu", i + 1), c->phones.p[i].number);
        put(w, str_fmt(w->a, "phone_info.%zu", i + 1), c->phones.p[i].info);
    }
    links_fields(w, &c->links);
    hours_fields(w, &c->hours, c->id.n > 0);
    for (size_t i = 0; i < c->languages.n; i++)
        put(w, S("language"), c->languages.p[i].text);
}

struct fields entry_fields(struct arena *a, enum dir_kind kind, const void *row,
                           const struct entry_known *known)
{
    struct fields out = {0};
    struct writer w = {a, known, &out};
    const struct dir_organisation *o = row;
    if (kind == DIR_SERVICE) {
        service_fields(&w, row);
    } else if (kind == DIR_ORGANISATION) {
        put_texts(&w, "name", &o->name);
        put_texts(&w, "summary", &o->summary);
        links_fields(&w, &o->links);
    } else {
        channel_fields(&w, row);
    }
    return out;
}

/* ---- fields as a row ---- */

struct reader {
    struct arena *a;
    const struct entry_known *known;
    const struct fields *sent;
    struct ui_errors *errors;
};

static struct str sent(const struct reader *r, const char *name, bool lines)
{
    return text_clean(r->a, fields_get(r->sent, name), lines);
}

static void wrong(const struct reader *r, struct str target, struct str text)
{
    VEC_PUSH(r->a, r->errors, (struct ui_error){target, text});
}

static void too_long(const struct reader *r, struct str name, int64_t most)
{
    struct str n = str_fmt(r->a, "%lld", (long long)most);
    wrong(r, name,
          tr_fill(r->a, tr(r->known->lang, "Write it shorter: at most %1 characters."), &n, 1));
}

/* Texts in our languages as the form has them; those in others stay. */
static void read_texts(const struct reader *r, const char *name, bool lines, size_t most,
                       struct dir_texts *t)
{
    struct dir_texts out = {0}, others = texts_without(r->a, t);
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct str field = str_fmt(r->a, "%s.%s", name, code);
        struct str text = sent(r, str_z(r->a, field), lines);
        if (str_utf8_len(text) > most)
            too_long(r, field, (int64_t)most);
        texts_put(r->a, &out, code, text);
    }
    for (size_t i = 0; i < others.n; i++)
        VEC_PUSH(r->a, &out, others.p[i]);
    *t = out;
}

static void read_keywords(const struct reader *r, struct dir_texts *t)
{
    struct dir_texts out = {0}, others = texts_without(r->a, t);
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct str field = str_fmt(r->a, "keyword.%s", code);
        if (!texts_read_lines(r->a, fields_get(r->sent, str_z(r->a, field)), code, &out))
            wrong(r, field,
                  tr(r->known->lang, "Write one word or short phrase a line, at most 40."));
    }
    for (size_t i = 0; i < others.n; i++)
        VEC_PUSH(r->a, &out, others.p[i]);
    *t = out;
}

/* Codes that are in our lists, and those which the row had before. */
static void read_codes(const struct reader *r, const char *name, const struct codes *list,
                       struct dir_concepts *c)
{
    struct dir_concepts out = {0};
    struct str v;
    for (size_t i = 0; (v = fields_nth(r->sent, name, i)).p && i < list->n; i++) {
        const struct code *known = codes_find(list, v);
        struct dir_concept concept = {0};
        for (int l = 0; known && l < LANG_COUNT; l++) {
            concept.code = known->code;
            texts_put(r->a, &concept.names, lang_code((enum lang)l), known->name[l]);
        }
        for (size_t k = 0; k < c->n && !known; k++)
            if (str_eq(c->p[k].code, v))
        concept = c->p[k];
        for (size_t k = 0; k < out.n; k++)
            if (str_eq(out.p[k].code, concept.code))
        concept.code.n = 0;
        if (concept.code.n)
            VEC_PUSH(r->a, &out, concept);
    }
    *c = out;
}

static void read_areas(const struct reader *r, struct dir_texts *t)
{
    struct dir_texts out = {0};
    const struct named_list *all = r->known->districts;
    for (size_t i = 0; i < t->n; i++) { /* what is no district of ours stays */
        bool ours = false;
        for (size_t k = 0; k < all->n && !ours; k++)
            for (int l = 0; l < LANG_COUNT; l++)
                ours = ours || str_eq(all->p[k].name[l], t->p[i].text);
        if (!ours)
            VEC_PUSH(r->a, &out, t->p[i]);
    }
    struct str v;
    for (size_t i = 0; (v = fields_nth(r->sent, "area", i)).p && i < all->n; i++)
        for (size_t k = 0; k < all->n; k++)
            for (int l = 0; str_eq(all->p[k].ref, v) && l < LANG_COUNT; l++)
                texts_put(r->a, &out, lang_code((enum lang)l), all->p[k].name[l]);
    *t = out;
}

/* ISO 639: two or three small letters. */
static bool is_language(struct str s)
{
    bool letters = s.n >= 2 && s.n <= 3;
    for (size_t i = 0; letters && i < s.n; i++)
        letters = s.p[i] >= 'a' && s.p[i] <= 'z';
    return letters;
}

static struct dir_texts read_languages(const struct reader *r)
{
    struct dir_texts out = {0};
    struct str v;
    for (size_t i = 0; (v = fields_nth(r->sent, "language", i)).p && i < 40; i++)
        if (is_language(v) && !has_text(&out, v))
            VEC_PUSH(r->a, &out, (struct dir_text){S(""), v});
    return out;
}

/* A channel of the keeper's own, or one that the row had: with all that its connection says. */
static void read_ways(const struct reader *r, struct dir_connections *c)
{
    struct dir_connections out = {0};
    struct str v;
    for (size_t i = 0; (v = fields_nth(r->sent, "way", i)).p && i < 200; i++) {
        struct dir_connection one = {0};
        for (size_t k = 0; k < c->n; k++)
            if (str_eq(c->p[k].other, v))
                one = c->p[k];
        for (size_t k = 0; k < r->known->ways.n && !one.other.n; k++)
            if (str_eq(r->known->ways.p[k].id, v))
                one.other = r->known->ways.p[k].id;
        for (size_t k = 0; k < out.n; k++)
            if (str_eq(out.p[k].other, one.other))
                one.other.n = 0;
        if (one.other.n)
            VEC_PUSH(r->a, &out, one);
    }
    *c = out;
}

static void need_name(const struct reader *r, const struct dir_texts *name)
{
    if (name->n == 0)
        wrong(r, S("name.fi"),
              tr(r->known->lang, "Write a name: otherwise you cannot find it again."));
}

static void read_service(const struct reader *r, struct dir_service *s)
{
    read_texts(r, "name", false, ENTRY_NAME_MAX, &s->name);
    need_name(r, &s->name);
    read_texts(r, "summary", false, ENTRY_SUMMARY_MAX, &s->summary);
    read_texts(r, "description", true, ENTRY_TEXT_MAX, &s->description);
    read_texts(r, "instruction", true, ENTRY_TEXT_MAX, &s->instruction);
    read_codes(r, "class", &r->known->codes->classes, &s->classes);
    read_codes(r, "group", &r->known->codes->groups, &s->groups);
    read_codes(r, "event", &r->known->codes->events, &s->events);
    read_keywords(r, &s->keywords);
    s->charge = DIR_CHARGE_UNKNOWN;
    for (int i = 0; i < 4; i++)
        if (str_eq(fields_get(r->sent, "charge"), str_of(charges[i])))
            s->charge = i;
    read_texts(r, "cost", true, 500, &s->charge_info);
    read_areas(r, &s->areas);
    s->languages = read_languages(r);
    read_ways(r, &s->connections);
}

static void read_address(const struct reader *r, struct dir_channel *c)
{
    struct dir_address at = c->addresses.n ? c->addresses.p[0] : (struct dir_address){0};
    struct str was = texts_get(&at.street, "fi"), number = at.number;
    read_texts(r, "street", false, ENTRY_NAME_MAX, &at.street);
    at.number = sent(r, "number", false);
    at.postal_code = sent(r, "postal", false);
    read_texts(r, "office", false, ENTRY_NAME_MAX, &at.post_office);
    read_texts(r, "address_info", true, 500, &at.info);
    int64_t digits;
    if (at.number.n > 20)
        too_long(r, S("number"), 20);
    if (at.postal_code.n &&
        (at.postal_code.n != 5 || !str_int(at.postal_code, &digits) || digits < 0))
        wrong(r, S("postal"),
              tr(r->known->lang, "A postal code has five digits, for example 01300."));
    if (!str_eq(was, texts_get(&at.street, "fi")) || !str_eq(number, at.number))
        at.north = at.east = 0; /* the point was that of the former address */
    struct dir_addresses out = {0};
    if (at.street.n || at.postal_code.n || at.post_office.n || at.info.n)
        VEC_PUSH(r->a, &out, at);
    for (size_t i = 1; i < c->addresses.n; i++)
        VEC_PUSH(r->a, &out, c->addresses.p[i]);
    c->addresses = out;
}

static void read_phones(const struct reader *r, struct dir_phones *phones)
{
    struct dir_phones out = {0};
    for (int i = 1; i <= ENTRY_PHONES; i++) {
        struct str name = str_fmt(r->a, "phone.%d", i);
        struct str typed = sent(r, str_z(r->a, name), false);
        struct dir_phone p = {0};
        for (size_t k = 0; k < phones->n; k++) /* its charge and language stay */
            if (str_eq(phones->p[k].number, typed))
                p = phones->p[k];
        p.info = sent(r, str_z(r->a, str_fmt(r->a, "phone_info.%d", i)), false);
        if (typed.n == 0)
            continue;
        if (!phone_read(r->a, typed, &p))
            wrong(r, name,
                  tr(r->known->lang, "Write the number in digits, for example 09 123 4567."));
        VEC_PUSH(r->a, &out, p);
    }
    for (size_t k = ENTRY_PHONES; k < phones->n; k++)
        VEC_PUSH(r->a, &out, phones->p[k]);
    *phones = out;
}

static void read_links(const struct reader *r, struct dir_links *links)
{
    struct dir_links out = {0};
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct str field = str_fmt(r->a, "link.%s", code);
        struct str typed = sent(r, str_z(r->a, field), false), url = typed;
        if (typed.n == 0)
            continue;
        if (!link_read(r->a, typed, &url))
            wrong(r, field,
                  tr(r->known->lang,
                     "Write the whole address, for example https://www.example.org."));
        struct dir_link link = {.lang = str_of(code), .url = url};
        for (size_t k = 0; k < links->n; k++)
            if (str_eq(links->p[k].url, url))
                link.name = links->p[k].name;
        VEC_PUSH(r->a, &out, link);
    }
    struct str email = sent(r, "email", false);
    if (email.n && !email_ok(email))
        wrong(r, S("email"),
              tr(r->known->lang, "Write the e-mail address, for example name@example.org."));
    if (email.n)
        VEC_PUSH(r->a, &out,
                 (struct dir_link){S(""), email, str_fmt(r->a, "mailto:" STR_FMT, STR_ARG(email))});
    *links = out;
}

static void read_exception(const struct reader *r, int i, struct dir_hours_list *out)
{
    struct str from_name = str_fmt(r->a, "except.%d", i), to_name = str_fmt(r->a, "until.%d", i);
    struct str at_name = str_fmt(r->a, "at.%d", i);
    struct str from = sent(r, str_z(r->a, from_name), false);
    struct str to = sent(r, str_z(r->a, to_name), false);
    struct str at = sent(r, str_z(r->a, at_name), false);
    struct dir_hours h = {.kind = DIR_HOURS_EXCEPTION, .from = DATE_NONE, .to = DATE_NONE};
    if (!from.n && !to.n && !at.n)
        return;
    if (!date_parse(from, &h.from))
        wrong(r, from_name, tr(r->known->lang, "Choose the first day of the exception."));
    h.to = h.from;
    if (to.n && (!date_parse(to, &h.to) || h.to.day < h.from.day))
        wrong(r, to_name, tr(r->known->lang, "The last day cannot be before the first."));
    if (!hours_read(r->a, at, 0, &h))
        wrong(r, at_name, tr(r->known->lang, "Write the hours like this: 9–16 or 9–12, 13–15.30."));
    h.closed = h.spans.n == 0;
    VEC_PUSH(r->a, out, h);
}

static void read_hours(const struct reader *r, struct dir_hours_list *list)
{
    struct dir_hours_list out = {0};
    struct dir_hours week = {.kind = DIR_HOURS_WEEK, .from = DATE_NONE, .to = DATE_NONE};
    for (size_t i = list->n; i-- > 0;)
        if (list->p[i].kind == DIR_HOURS_WEEK)
            week = list->p[i];
    struct str opening = fields_get(r->sent, "opening");
    week.spans.n = 0;
    week.always = str_eq(opening, S("always"));
    week.reservation = str_eq(opening, S("appointment"));
    read_texts(r, "hours_info", false, 200, &week.info);
    struct dir_hours fresh = week; /* spans in a list of their own */
    memset(&fresh.spans, 0, sizeof fresh.spans);
    for (int day = 1; day <= 7; day++) {
        struct str name = str_fmt(r->a, "hours.%d", day);
        if (!hours_read(r->a, sent(r, str_z(r->a, name), false), day, &fresh))
            wrong(r, name,
                  tr(r->known->lang, "Write the hours like this: 9–16 or 9–12, 13–15.30."));
    }
    /* Hours that are written hold, whatever was chosen above them. */
    bool week_wanted = str_eq(opening, S("week")) || week.reservation || fresh.spans.n > 0;
    if (str_eq(opening, S("week")) && fresh.spans.n == 0 && r->errors->n == 0)
        wrong(r, S("hours.1"),
              tr(r->known->lang,
                 "Write the hours of at least one day, or choose another answer above."));
    if (week.always)
        fresh.spans.n = 0;
    if (week_wanted || week.always)
        VEC_PUSH(r->a, &out, fresh);
    for (int i = 1; i <= ENTRY_EXCEPTIONS; i++)
        read_exception(r, i, &out);
    *list = out;
}

static void read_channel(const struct reader *r, struct dir_channel *c)
{
    read_texts(r, "name", false, ENTRY_NAME_MAX, &c->name);
    need_name(r, &c->name);
    read_texts(r, "summary", false, ENTRY_SUMMARY_MAX, &c->summary);
    if (c->kind == DIR_LOCATION) {
        read_texts(r, "description", true, ENTRY_TEXT_MAX, &c->description);
        read_address(r, c);
    }
    if (c->kind != DIR_WEB_PAGE) {
        read_phones(r, &c->phones);
        read_hours(r, &c->hours);
    }
    if (c->kind != DIR_PHONE_CHANNEL)
        read_links(r, &c->links);
    c->languages = read_languages(r);
}

void *entry_read(struct arena *a, enum dir_kind kind, const void *base, const struct fields *form,
                 const struct entry_known *known, struct ui_errors *errors)
{
    struct reader r = {a, known, form, errors};
    if (kind == DIR_SERVICE) {
        struct dir_service *s = ARENA_NEW(a, struct dir_service);
        *s = *(const struct dir_service *)base;
        read_service(&r, s);
        return s;
    }
    if (kind == DIR_ORGANISATION) {
        struct dir_organisation *o = ARENA_NEW(a, struct dir_organisation);
        *o = *(const struct dir_organisation *)base;
        read_texts(&r, "name", false, ENTRY_NAME_MAX, &o->name);
        need_name(&r, &o->name);
        read_texts(&r, "summary", false, ENTRY_SUMMARY_MAX, &o->summary);
        read_links(&r, &o->links);
        return o;
    }
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    *c = *(const struct dir_channel *)base;
    read_channel(&r, c);
    return c;
}
