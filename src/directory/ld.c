/* ld.c: see ld.h. Members that would be empty are left out. */
#include "directory/ld.h"

#include "base/json.h"
#include "directory/rules.h"
#include "directory/tm35.h"

enum { WAYS = 20 }; /* the page itself shows them all */

struct ld {
    const struct view *v;
    struct str site;
    struct buf buf;
    struct jw w;
};

static void begin(struct ld *l, const struct view *v, struct str site)
{
    *l = (struct ld){.v = v, .site = site, .buf = buf_new(v->a, 1 << 20)};
    l->w = jw_new(&l->buf);
    jw_object(&l->w, NULL);
    jw_str(&l->w, "@context", S("https://schema.org"));
}

static struct html end(struct ld *l)
{
    jw_end_object(&l->w);
    return buf_ok(&l->buf) ? html_data(l->v->a, buf_get(&l->buf)) : (struct html){{NULL, 0}};
}

static void put(struct ld *l, const char *key, struct str s)
{
    if (s.n > 0)
        jw_str(&l->w, key, s);
}

static struct str picked(const struct ld *l, const struct dir_texts *t)
{
    return dir_pick(t, l->v->lang).text;
}

static void put_text(struct ld *l, const char *key, const struct dir_texts *t)
{
    put(l, key, picked(l, t));
}

static struct str address_of(const struct ld *l, const char *room, struct str id)
{
    return str_fmt(l->v->a, STR_FMT "/%s/%s/" STR_FMT, STR_ARG(l->site), lang_code(l->v->lang),
                   room, STR_ARG(id));
}

static void named(struct ld *l, const char *key, const char *type, struct str name)
{
    if (name.n == 0)
        return;
    jw_object(&l->w, key);
    jw_str(&l->w, "@type", str_of(type));
    jw_str(&l->w, "name", name);
    jw_end_object(&l->w);
}

static bool of_page(const struct ld *l, struct str lang)
{
    return lang.n == 0 || str_eq(lang, str_of(lang_code(l->v->lang)));
}

/* ---- hours ---- */

static void put_days(struct ld *l, unsigned days)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    jw_array(&l->w, "dayOfWeek");
    for (size_t i = 0; i < 7; i++)
        if (days & 1u << i)
            jw_str(&l->w, NULL, str_of(names[i]));
    jw_end_array(&l->w);
}

/* A day that is closed opens and closes at midnight, as search engines have it; a day and a night
 * end at 23:59. */
static void put_times(struct ld *l, const struct dir_rule *r)
{
    int to = r->to == DAY_MINUTES ? DAY_MINUTES - 1 : r->to;
    jw_str(&l->w, "opens", str_fmt(l->v->a, "%02d:%02d", r->from / 60, r->from % 60));
    jw_str(&l->w, "closes", str_fmt(l->v->a, "%02d:%02d", to / 60, to % 60));
}

static void put_rules(struct ld *l, const char *key, const struct dir_rules *rules, bool exceptions)
{
    bool any = false;
    for (size_t i = 0; i < rules->n; i++) {
        const struct dir_rule *r = &rules->p[i];
        bool shown = r->days || (r->closed && exceptions);
        if (r->exception != exceptions || !shown || r->reservation)
            continue;
        if (!any)
            jw_array(&l->w, key);
        any = true;
        jw_object(&l->w, NULL);
        jw_str(&l->w, "@type", S("OpeningHoursSpecification"));
        if (r->days)
            put_days(l, r->days);
        put_times(l, r);
        if (date_is(r->begin))
            jw_str(&l->w, "validFrom", date_iso(l->v->a, r->begin));
        if (date_is(r->end))
            jw_str(&l->w, "validThrough", date_iso(l->v->a, r->end));
        jw_end_object(&l->w);
    }
    if (any)
        jw_end_array(&l->w);
}

static void put_hours(struct ld *l, const struct dir_hours_list *hours, const char *week,
                      const char *special)
{
    struct dir_rules rules = dir_rules(l->v->a, hours);
    put_rules(l, week, &rules, false);
    if (special)
        put_rules(l, special, &rules, true);
}

/* ---- places and ways ---- */

static const struct dir_address *visited(const struct dir_channel *c)
{
    for (size_t i = 0; i < c->addresses.n; i++)
        if (!c->addresses.p[i].postal)
            return &c->addresses.p[i];
    return NULL;
}

static void put_address(struct ld *l, const struct dir_address *a)
{
    struct str street = picked(l, &a->street);
    jw_object(&l->w, "address");
    jw_str(&l->w, "@type", S("PostalAddress"));
    if (street.n > 0)
        put(l, "streetAddress",
            str_trim(str_fmt(l->v->a, STR_FMT " " STR_FMT, STR_ARG(street), STR_ARG(a->number))));
    put(l, "postalCode", a->postal_code);
    put_text(l, "addressLocality", a->post_office.n ? &a->post_office : &a->municipality);
    jw_str(&l->w, "addressCountry", S("FI"));
    jw_end_object(&l->w);
}

static void put_geo(struct ld *l, const struct dir_address *a)
{
    struct tm35_place p;
    if (!tm35_to_degrees(a->north, a->east, &p))
        return;
    jw_object(&l->w, "geo");
    jw_str(&l->w, "@type", S("GeoCoordinates"));
    jw_json(&l->w, "latitude", str_fmt(l->v->a, "%.6f", p.latitude));
    jw_json(&l->w, "longitude", str_fmt(l->v->a, "%.6f", p.longitude));
    jw_end_object(&l->w);
}

/* "+358912345678" where that is known. */
static struct str number_of(const struct dir_phone *p)
{
    return str_starts(p->uri, S("tel:+")) ? str_sub(p->uri, 4, p->uri.n) : p->number;
}

static const struct dir_phone *phone_of(const struct ld *l, const struct dir_phones *phones)
{
    const struct dir_phone *first = NULL;
    for (size_t i = 0; i < phones->n; i++) {
        const struct dir_phone *p = &phones->p[i];
        if (p->kind != DIR_PHONE)
            continue;
        if (of_page(l, p->lang))
            return p;
        first = first ? first : p;
    }
    return first;
}

static struct str web_of(const struct ld *l, const struct dir_links *links)
{
    struct str first = {NULL, 0};
    for (size_t i = 0; i < links->n; i++) {
        if (str_starts(links->p[i].url, S("mailto:")))
            continue;
        if (of_page(l, links->p[i].lang))
            return links->p[i].url;
        first = first.n ? first : links->p[i].url;
    }
    return first;
}

static void put_place(struct ld *l, const struct dir_channel *c)
{
    const struct dir_address *a = visited(c);
    const struct dir_phone *p = phone_of(l, &c->phones);
    struct str at = address_of(l, "place", c->id);
    jw_str(&l->w, "@type", S("Place"));
    jw_str(&l->w, "@id", at);
    jw_str(&l->w, "url", at);
    put_text(l, "name", &c->name);
    if (a) {
        put_address(l, a);
        put_geo(l, a);
    }
    if (p)
        jw_str(&l->w, "telephone", number_of(p));
}

struct html ld_place(const struct view *v, struct str site, const struct dir_channel *c)
{
    struct ld l;
    begin(&l, v, site);
    put_place(&l, c);
    put_text(&l, "alternateName", &c->other_name);
    put_text(&l, "description", &c->summary);
    put_hours(&l, &c->hours, "openingHoursSpecification", "specialOpeningHoursSpecification");
    jw_bool(&l.w, "publicAccess", true);
    return end(&l);
}

static void put_way(struct ld *l, const struct dir_way *way)
{
    const struct dir_channel *c = way->channel;
    const struct dir_connection *by = way->connection;
    const struct dir_phone *p = phone_of(l, by && by->phones.n ? &by->phones : &c->phones);
    const struct dir_hours_list *hours = by && by->hours.n ? &by->hours : &c->hours;
    jw_object(&l->w, NULL);
    jw_str(&l->w, "@type", S("ServiceChannel"));
    put_text(l, "name", &c->name);
    if (c->kind != DIR_LOCATION)
        put(l, "serviceUrl", web_of(l, &c->links));
    if (p) {
        jw_object(&l->w, "servicePhone");
        jw_str(&l->w, "@type", S("ContactPoint"));
        jw_str(&l->w, "telephone", number_of(p));
        if (c->kind != DIR_LOCATION)
            put_hours(l, hours, "hoursAvailable", NULL);
        jw_end_object(&l->w);
    }
    if (c->kind == DIR_LOCATION) {
        jw_object(&l->w, "serviceLocation");
        put_place(l, c);
        put_hours(l, hours, "openingHoursSpecification", "specialOpeningHoursSpecification");
        jw_end_object(&l->w);
    }
    if (c->languages.n > 0) {
        jw_array(&l->w, "availableLanguage");
        for (size_t i = 0; i < c->languages.n; i++)
            jw_str(&l->w, NULL, c->languages.p[i].text);
        jw_end_array(&l->w);
    }
    jw_end_object(&l->w);
}

/* ---- a service ---- */

static void put_areas(struct ld *l, const struct dir_texts *areas)
{
    struct str lang = dir_pick(areas, l->v->lang).lang;
    bool any = false;
    for (size_t i = 0; i < areas->n; i++) {
        if (!str_eq(areas->p[i].lang, lang))
            continue;
        if (!any)
            jw_array(&l->w, "areaServed");
        any = true;
        named(l, NULL, "AdministrativeArea", areas->p[i].text);
    }
    if (any)
        jw_end_array(&l->w);
}

static void put_concepts(struct ld *l, const char *key, const char *type,
                         const struct dir_concepts *concepts)
{
    if (concepts->n == 0)
        return;
    jw_array(&l->w, key);
    for (size_t i = 0; i < concepts->n; i++) {
        struct str name = picked(l, &concepts->p[i].names);
        if (name.n == 0)
            continue;
        if (!type) {
            jw_str(&l->w, NULL, name);
            continue;
        }
        jw_object(&l->w, NULL);
        jw_str(&l->w, "@type", str_of(type));
        jw_str(&l->w, "audienceType", name);
        jw_end_object(&l->w);
    }
    jw_end_array(&l->w);
}

static void put_offer(struct ld *l, const struct dir_service *s)
{
    if (s->charge != DIR_FREE)
        return;
    jw_object(&l->w, "offers");
    jw_str(&l->w, "@type", S("Offer"));
    jw_int(&l->w, "price", 0);
    jw_str(&l->w, "priceCurrency", S("EUR"));
    jw_end_object(&l->w);
}

struct html ld_service(const struct view *v, struct str site, const struct dir_service *s)
{
    struct ld l;
    struct str at;
    begin(&l, v, site);
    at = address_of(&l, "service", s->id);
    /* What an association or a parish gives is no authority's service. */
    jw_str(&l.w, "@type", s->owner.n ? S("Service") : S("GovernmentService"));
    jw_str(&l.w, "@id", at);
    jw_str(&l.w, "url", at);
    put_text(&l, "name", &s->name);
    put_text(&l, "alternateName", &s->other_name);
    put_text(&l, "description", &s->summary);
    if (s->organisation)
        named(&l, "provider", s->owner.n ? "Organization" : "GovernmentOrganization",
              picked(&l, &s->organisation->name));
    put_concepts(&l, "serviceType", NULL, &s->classes);
    put_concepts(&l, "audience", "Audience", &s->groups);
    put_areas(&l, &s->areas);
    put_offer(&l, s);
    if (s->ways.n > 0) {
        jw_array(&l.w, "availableChannel");
        for (size_t i = 0; i < s->ways.n && i < WAYS; i++)
            put_way(&l, &s->ways.p[i]);
        jw_end_array(&l.w);
    }
    return end(&l);
}
