/* hsds_service.c: a service, a place, and a service at a place. */
#include "directory/tm35.h"
#include "exchange/hsds.h"

/* ---- a place ---- */

static bool is_place(const struct dir_channel *c)
{
    return c->kind == DIR_LOCATION;
}

static struct str place_id(const struct hsds *h, const struct dir_channel *c)
{
    return hsds_id(h->a, "location", c->id);
}

static struct str organisation_id(const struct hsds *h, const struct dir_organisation *o)
{
    return o ? hsds_id(h->a, "organization", o->id) : S("");
}

static struct str street_of(const struct hsds *h, const struct dir_address *a)
{
    struct str street = dir_pick(&a->street, h->lang).text;
    return str_trim(str_fmt(h->a, STR_FMT " " STR_FMT, STR_ARG(street), STR_ARG(a->number)));
}

/* HSDS requires every line of an American address; Finland has no states, and what is not known is
 * empty. */
static void put_addresses(struct hsds *h, const struct dir_channel *c, struct str id)
{
    jw_array(&h->w, "addresses");
    for (size_t i = 0; i < c->addresses.n; i++) {
        const struct dir_address *a = &c->addresses.p[i];
        struct str town = dir_pick(&a->post_office, h->lang).text;
        if (town.n == 0)
            town = dir_pick(&a->municipality, h->lang).text;
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id_of(h->a, "address", id, str_fmt(h->a, "%zu", i)));
        jw_str(&h->w, "location_id", id);
        jw_str(&h->w, "address_1", street_of(h, a));
        hsds_text(h, "address_2", &a->info);
        jw_str(&h->w, "city", town.n ? town : S(""));
        hsds_text(h, "region", &a->municipality);
        jw_str(&h->w, "state_province", S(""));
        jw_str(&h->w, "postal_code", a->postal_code.n ? a->postal_code : S(""));
        jw_str(&h->w, "country", S("FI"));
        jw_str(&h->w, "address_type", a->postal ? S("postal") : S("physical"));
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
}

static void put_accessibility(struct hsds *h, const struct dir_channel *c, struct str id)
{
    size_t n = 0;
    jw_array(&h->w, "accessibility");
    for (size_t i = 0; i < c->addresses.n; i++)
        for (size_t k = 0; k < c->addresses.p[i].access.n; k++) {
            const struct dir_sentence *s = &c->addresses.p[i].access.p[k];
            jw_object(&h->w, NULL);
            jw_str(&h->w, "id", hsds_id_of(h->a, "accessibility", id, str_fmt(h->a, "%zu", n++)));
            jw_str(&h->w, "location_id", id);
            hsds_text(h, "description", &s->text);
            hsds_text(h, "details", &s->group);
            jw_end_object(&h->w);
        }
    jw_end_array(&h->w);
}

static void put_degrees(struct hsds *h, const struct dir_channel *c)
{
    for (size_t i = 0; i < c->addresses.n; i++) {
        struct tm35_place p;
        const struct dir_address *a = &c->addresses.p[i];
        if (a->postal || !tm35_to_degrees(a->north, a->east, &p))
            continue;
        jw_json(&h->w, "latitude", str_fmt(h->a, "%.6f", p.latitude));
        jw_json(&h->w, "longitude", str_fmt(h->a, "%.6f", p.longitude));
        return;
    }
}

void hsds_put_location(struct hsds *h, const char *key, const struct dir_channel *c,
                       enum hsds_depth depth)
{
    struct str id = place_id(h, c);
    struct hsds_owner owner = {.id = id};
    jw_object(&h->w, key);
    jw_str(&h->w, "id", id);
    jw_str(&h->w, "location_type", S("physical"));
    hsds_str(h, "organization_id", organisation_id(h, c->organisation));
    hsds_text(h, "name", &c->name);
    hsds_text(h, "alternate_name", &c->other_name);
    hsds_prose(h, "description", &c->summary, &c->description);
    put_degrees(h, c);
    if (depth == HSDS_FULL) {
        hsds_languages(h, owner, &c->languages);
        put_addresses(h, c, id);
        put_accessibility(h, c, id);
        jw_array(&h->w, "phones");
        hsds_phones(h, owner, &c->phones, S(""));
        jw_end_array(&h->w);
        jw_array(&h->w, "schedules");
        hsds_schedules(h, owner, &c->hours);
        jw_end_array(&h->w);
    }
    jw_end_object(&h->w);
}

/* ---- a service ---- */

static struct str service_id(const struct hsds *h, const struct dir_service *s)
{
    return hsds_id(h->a, "service", s->id);
}

static struct str charge_words(const struct hsds *h, const struct dir_service *s)
{
    struct str words = dir_pick(&s->charge_info, h->lang).text;
    if (words.n > 0)
        return words;
    if (s->charge == DIR_FREE)
        return tr(h->lang, "Free of charge.");
    return s->charge == DIR_CHARGEABLE ? tr(h->lang, "There is a charge.") : S("");
}

/* What it asks for; else whom it is for. */
static struct str eligibility(const struct hsds *h, const struct dir_service *s)
{
    struct str words = dir_pick(&s->requirements, h->lang).text;
    struct buf b = buf_new(h->a, 16384);
    for (size_t i = 0; words.n == 0 && i < s->groups.n; i++) {
        struct str name = dir_pick(&s->groups.p[i].names, h->lang).text;
        if (name.n > 0 && b.n > 0)
            buf_lit(&b, ", ");
        buf_str(&b, name);
    }
    return words.n ? words : buf_get(&b);
}

static void put_dates(struct hsds *h, const struct dir_service *s)
{
    if (!date_is(s->modified))
        return;
    jw_str(&h->w, "assured_date", date_iso(h->a, s->modified));
    jw_str(&h->w, "last_modified", instant_iso(h->a, instant_at(s->modified, 0)));
}

/* The first way that has one: PTV gives services no addresses of their own. */
static void put_email(struct hsds *h, const struct dir_service *s)
{
    for (size_t i = 0; i < s->ways.n; i++) {
        size_t before = h->buf->n;
        hsds_email(h, "email", &s->ways.p[i].channel->links);
        if (h->buf->n > before)
            return;
    }
}

static void put_basic(struct hsds *h, const struct dir_service *s, struct str id)
{
    bool paused = s->addition.cover == DIR_COVER_PAUSED;
    jw_str(&h->w, "id", id);
    hsds_str(h, "organization_id", organisation_id(h, s->organisation));
    jw_str(&h->w, "name", dir_pick(&s->name, h->lang).text);
    hsds_text(h, "alternate_name", &s->other_name);
    hsds_prose(h, "description", &s->summary, &s->description);
    hsds_uri(h, "url",
             str_fmt(h->a, STR_FMT "/%s/service/" STR_FMT, STR_ARG(h->base), lang_code(h->lang),
                     STR_ARG(s->id)));
    put_email(h, s);
    jw_str(&h->w, "status", paused ? S("temporarily closed") : S("active"));
    hsds_text(h, "application_process", &s->instruction);
    hsds_str(h, "fees_description", charge_words(h, s));
    hsds_str(h, "eligibility_description", eligibility(h, s));
    put_dates(h, s);
}

static const struct dir_phones *phones_of(const struct dir_way *w)
{
    bool own = w->connection && w->connection->phones.n > 0;
    return own ? &w->connection->phones : &w->channel->phones;
}

static const struct dir_hours_list *hours_of(const struct dir_way *w)
{
    bool own = w->connection && w->connection->hours.n > 0;
    return own ? &w->connection->hours : &w->channel->hours;
}

static struct hsds_owner owner_of(const struct hsds *h, const struct dir_service *s,
                                  const struct dir_way *w)
{
    bool phone = w->channel->kind == DIR_PHONE_CHANNEL;
    return (struct hsds_owner){.id = hsds_way_id(h, s, w->channel),
                               .attending = phone                  ? "phone"
                                            : is_place(w->channel) ? NULL
                                                                   : "online"};
}

static void put_urls(struct hsds *h, const struct dir_service *s, struct str id)
{
    jw_array(&h->w, "additional_urls");
    for (size_t i = 0; i < s->ways.n; i++) {
        const struct dir_channel *c = s->ways.p[i].channel;
        const struct dir_links *links = c->files.n ? &c->files : &c->links;
        if (is_place(c) || !hsds_has_website(h, links))
            continue;
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id_of(h->a, "url", id, c->id));
        hsds_text(h, "label", &c->name);
        hsds_website(h, "url", links);
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
}

static void put_ways(struct hsds *h, const struct dir_service *s)
{
    jw_array(&h->w, "phones");
    for (size_t i = 0; i < s->ways.n; i++)
        if (!is_place(s->ways.p[i].channel))
            hsds_phones(h, owner_of(h, s, &s->ways.p[i]), phones_of(&s->ways.p[i]),
                        dir_pick(&s->ways.p[i].channel->name, h->lang).text);
    jw_end_array(&h->w);
    jw_array(&h->w, "schedules");
    for (size_t i = 0; i < s->ways.n; i++)
        if (!is_place(s->ways.p[i].channel))
            hsds_schedules(h, owner_of(h, s, &s->ways.p[i]), hours_of(&s->ways.p[i]));
    jw_end_array(&h->w);
}

static void put_areas(struct hsds *h, const struct dir_service *s, struct str id)
{
    struct str lang = dir_pick(&s->areas, h->lang).lang;
    jw_array(&h->w, "service_areas");
    for (size_t i = 0; i < s->areas.n; i++) {
        if (!str_eq(s->areas.p[i].lang, lang))
            continue;
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id_of(h->a, "area", id, s->areas.p[i].text));
        jw_str(&h->w, "name", s->areas.p[i].text);
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
}

static void put_costs(struct hsds *h, const struct dir_service *s, struct str id)
{
    struct str words = charge_words(h, s);
    jw_array(&h->w, "cost_options");
    if (words.n > 0) {
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id_of(h->a, "cost", id, S("")));
        jw_str(&h->w, "option", words);
        if (s->charge == DIR_FREE) {
            jw_int(&h->w, "amount", 0);
            jw_str(&h->w, "currency", S("EUR"));
        }
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
}

static void put_service(struct hsds *h, const char *key, const struct dir_service *s,
                        enum hsds_depth depth, bool places)
{
    struct str id = service_id(h, s);
    jw_object(&h->w, key);
    put_basic(h, s, id);
    if (s->organisation)
        hsds_put_organisation_basic(h, "organization", s->organisation);
    if (depth == HSDS_FULL) {
        put_urls(h, s, id);
        put_ways(h, s);
        put_areas(h, s, id);
        hsds_languages(h, (struct hsds_owner){.id = id}, &s->languages);
        put_costs(h, s, id);
        hsds_put_attributes(h, s, id);
    }
    if (depth == HSDS_FULL && places) {
        jw_array(&h->w, "service_at_locations");
        for (size_t i = 0; i < s->ways.n; i++)
            if (is_place(s->ways.p[i].channel))
                hsds_put_way(h, s, &s->ways.p[i], HSDS_FULL, false);
        jw_end_array(&h->w);
    }
    jw_end_object(&h->w);
}

void hsds_put_service(struct hsds *h, const char *key, const struct dir_service *s,
                      enum hsds_depth depth)
{
    put_service(h, key, s, depth, true);
}

/* ---- a service at a place ---- */

struct str hsds_way_id(const struct hsds *h, const struct dir_service *s,
                       const struct dir_channel *c)
{
    return hsds_id_of(h->a, HSDS_WAY, s->id, c->id);
}

void hsds_put_way(struct hsds *h, const struct dir_service *s, const struct dir_way *way,
                  enum hsds_depth depth, bool whole)
{
    const struct dir_connection *by = way->connection;
    struct hsds_owner owner = owner_of(h, s, way);
    jw_object(&h->w, NULL);
    jw_str(&h->w, "id", owner.id);
    jw_str(&h->w, "service_id", service_id(h, s));
    jw_str(&h->w, "location_id", place_id(h, way->channel));
    if (by)
        hsds_text(h, "description", &by->description);
    hsds_put_location(h, "location", way->channel, depth);
    if (whole)
        put_service(h, "service", s, depth, false);
    if (depth == HSDS_FULL) {
        jw_array(&h->w, "phones"); /* of the two together; the place's own are with the place */
        if (by)
            hsds_phones(h, owner, &by->phones, S(""));
        jw_end_array(&h->w);
        jw_array(&h->w, "schedules");
        if (by)
            hsds_schedules(h, owner, &by->hours);
        jw_end_array(&h->w);
    }
    jw_end_object(&h->w);
}
