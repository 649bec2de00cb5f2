/*
 * ptv_v12.c: rows of PTV Open API version 12, which follows version 11 (v11 is to be closed in
 * 2027). Same rows for us, other words there:
 *
 * - an id is contentId, and it is the same id as before (a link to a service stays);
 * - texts stand in languageVersions.{fi,sv,en}, in Markdown; texts of parts are {fi, sv, en};
 * - classes, target groups and life events are bare codes, without names;
 * - a service does not name its channels: connection/search does, a row for each pair
 *   (serviceContentId, serviceChannelContentId), which ptv_finish() hangs on the services;
 * - pages are {"items": [...], "totalPages": n}, the key goes in x-api-key (src/fetch).
 *
 * How sure this is: no file of version 12 has been at hand. It was a beta at the time of writing
 * ("Methods for the OUT interface ... (beta version) are implemented March 2026",
 * kehittajille.suomi.fi, Technical documentation for implementers of integrations). The names of
 * members are those that public clients of it read (wunderio/ptv_api, and the PTV import of the
 * City of Tampere's site; both on GitHub, read 2026-11-22). What is only assumed is marked so. What
 * is not known is left out with a note, and what would be wrong if guessed (hours, types) rejects
 * the row, as in version 11.
 */
#include "directory/ptv.h"

#include <stdlib.h>

bool ptv12_is(const struct node *item)
{
    return jv_kind(jv_get(item->v, "contentId")) != JV_MISSING ||
           jv_kind(jv_get(item->v, "languageVersions")) != JV_MISSING ||
           jv_kind(jv_get(item->v, "serviceContentId")) != JV_MISSING;
}

/* ---- texts ---- */

static const char *const langs[] = {"fi", "sv", "en", "se", "smn", "sms"};
enum { LANGS = sizeof langs / sizeof *langs };

/* [text](address) becomes: text (address). */
static void put_md_link(struct buf *b, struct str *rest)
{
    size_t close = str_find(*rest, ']');
    size_t end = close + 1 < rest->n && rest->p[close + 1] == '(' ? close : rest->n;
    while (end < rest->n && rest->p[end] != ')')
        end++;
    if (close >= rest->n || end >= rest->n) {
        buf_char(b, '[');
        return;
    }
    struct str text = str_sub(*rest, 0, close), url = str_sub(*rest, close + 2, end - close - 2);
    buf_str(b, text);
    if (!str_eq(text, url))
        buf_fmt(b, " (" STR_FMT ")", STR_ARG(url));
    *rest = str_sub(*rest, end + 1, rest->n);
}

/* One line without its marks: emphasis, heading, list item, link, escape. */
static void put_md_line(struct buf *b, struct str line)
{
    size_t hashes = 0;
    while (hashes < line.n && line.p[hashes] == '#')
        hashes++;
    if (hashes > 0 && hashes < line.n && line.p[hashes] == ' ')
        line = str_sub(line, hashes + 1, line.n);
    if (str_starts(line, S("* ")) || str_starts(line, S("+ "))) {
        buf_lit(b, "- ");
        line = str_sub(line, 2, line.n);
    }
    while (line.n > 0) {
        char c = *line.p;
        bool twice = line.n > 1 && line.p[1] == c;
        line = str_sub(line, 1, line.n);
        if (c == '\\' && line.n > 0) {
            buf_char(b, *line.p);
            line = str_sub(line, 1, line.n);
        } else if ((c == '*' || c == '_') && twice) {
            line = str_sub(line, 1, line.n);
        } else if (c == '[') {
            put_md_link(b, &line);
        } else {
            buf_char(b, c);
        }
    }
}

struct str ptv12_plain(struct arena *a, struct str md)
{
    struct buf b = buf_new(a, 0);
    for (struct str rest = md, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n')) {
        if (b.n > 0 || line.p != md.p)
            buf_char(&b, '\n');
        put_md_line(&b, line);
    }
    return ptv_clean(a, buf_get(&b), false);
}

static struct str text_at(struct ptv *r, const struct node *n, size_t max)
{
    struct str s = ptv_text(r, n, max);
    return s.n > 0 ? ptv12_plain(r->a, s) : s;
}

/* {"fi": "...", "sv": "..."} */
static struct dir_texts localized(struct ptv *r, const struct node *n, size_t max)
{
    struct dir_texts out = {0};
    for (size_t i = 0; ptv_object(r, n) && i < LANGS; i++) {
        struct node one = node_get(n, langs[i]);
        struct str text = text_at(r, &one, max);
        if (text.n > 0)
            VEC_PUSH(r->a, &out, (struct dir_text){str_of(langs[i]), text});
    }
    return out;
}

/* The same member of each language version. */
static struct dir_texts versions(struct ptv *r, const struct node *item, const char *key,
                                 size_t max)
{
    struct dir_texts out = {0};
    struct node all = node_get(item, "languageVersions");
    for (size_t i = 0; ptv_object(r, &all) && i < LANGS; i++) {
        struct node one = node_get(&all, langs[i]);
        if (!ptv_object(r, &one))
            continue;
        struct node v = node_get(&one, key);
        struct str text = text_at(r, &v, max);
        if (text.n > 0)
            VEC_PUSH(r->a, &out, (struct dir_text){str_of(langs[i]), text});
    }
    return out;
}

/* ---- parts of language versions ---- */

/* Calls fn with what stands under `key` in each language version: items of a list, or an object. */
static void each_part(struct ptv *r, const struct node *row, const char *key,
                      void (*fn)(struct ptv *r, const struct node *item, const char *lang,
                                 void *out),
                      void *out)
{
    struct node all = node_get(row, "languageVersions");
    for (size_t i = 0; ptv_object(r, &all) && i < LANGS; i++) {
        struct node one = node_get(&all, langs[i]);
        struct node part = node_get(&one, key);
        if (!ptv_object(r, &one) || !node_given(&part))
            continue;
        if (jv_kind(part.v) == JV_OBJECT) {
            fn(r, &part, langs[i], out);
            continue;
        }
        size_t n = ptv_list(r, &part, PTV_PARTS);
        for (size_t k = 0; k < n && !r->failed; k++) {
            struct node item = node_at(&part, k);
            if (ptv_object(r, &item))
                fn(r, &item, langs[i], out);
        }
    }
}

static void read_phone(struct ptv *r, const struct node *item, const char *lang, void *out)
{
    struct dir_phones *phones = out;
    struct node number = node_get(item, "number"), dial = node_get(item, "dialCode"),
                info = node_get(item, "additionalInformation"),
                charge = node_get(item, "chargeType"), cost = node_get(item, "chargeDescription"),
                type = node_get(item, "type");
    struct str digits = ptv_word(r, &number, PTV_WORD), kind = ptv_word(r, &type, PTV_WORD);
    struct dir_phone p = {.lang = str_of(lang),
                          .info = text_at(r, &info, PTV_SHORT),
                          .charge_info = text_at(r, &cost, PTV_SHORT),
                          .charge = (int32_t)ptv_charge(r, &charge),
                          .kind = str_ieq(kind, S("Sms"))   ? DIR_SMS
                                  : str_ieq(kind, S("Fax")) ? DIR_FAX
                                                            : DIR_PHONE};
    if (ptv_phone_number(r->a, ptv_word(r, &dial, PTV_WORD), digits, &p))
        VEC_PUSH(r->a, phones, p);
    else
        ptv_note(r, &number, "is not a phone number; left out");
}

static void read_link(struct ptv *r, const struct node *item, const char *lang, void *out)
{
    struct node u = node_get(item, "url"), m = node_get(item, "name");
    struct str url = ptv_word(r, &u, PTV_URL), name = text_at(r, &m, PTV_NAME);
    if (str_starts(url, S("www.")))
        url = str_fmt(r->a, "https://" STR_FMT, STR_ARG(url));
    if (url.n > 0 && ptv_url_ok(url))
        VEC_PUSH(r->a, (struct dir_links *)out, (struct dir_link){str_of(lang), name, url});
    else if (url.n > 0)
        ptv_note(r, &u, "the address is not one of the web (http, https); left out");
}

static void read_mail(struct ptv *r, const struct node *item, const char *lang, void *out)
{
    struct node e = node_get(item, "email");
    struct str mail = ptv_word(r, &e, PTV_NAME);
    struct str url = str_fmt(r->a, "mailto:" STR_FMT, STR_ARG(mail));
    size_t at = str_find(mail, '@');
    if (at > 0 && at + 1 < mail.n && ptv_url_ok(url) && str_find(mail, '?') == mail.n)
        VEC_PUSH(r->a, (struct dir_links *)out, (struct dir_link){str_of(lang), mail, url});
    else if (mail.n > 0)
        ptv_note(r, &e, "is not an e-mail address; left out");
}

/* ---- addresses ---- */

static int32_t metres(struct ptv *r, const struct node *n)
{
    if (jv_kind(n->v) == JV_STRING) {
        int64_t v;
        return str_int(ptv_word(r, n, PTV_WORD), &v) && v > 0 && v < 10000000 ? (int32_t)v : 0;
    }
    double v = jv_real(n->v);
    return v > 0 && v < 1e7 ? (int32_t)v : 0;
}

static void read_point(struct ptv *r, const struct node *address, struct dir_address *out)
{
    struct node list = node_get(address, "coordinates");
    size_t n = ptv_list(r, &list, PTV_PARTS);
    for (size_t i = 0; i < n && !out->north; i++) {
        struct node point = node_at(&list, i), system = node_get(&point, "system"),
                    east = node_get(&point, "easting"), north = node_get(&point, "northing");
        if (!ptv_object(r, &point) || !str_eq(ptv_word(r, &system, PTV_WORD), S("EPSG:3067")))
            continue; /* ETRS-TM35FIN is the one that is used everywhere here */
        out->east = metres(r, &east);
        out->north = metres(r, &north);
    }
}

static void read_addresses(struct ptv *r, const struct node *at, const char *key,
                           struct dir_address kind, struct dir_addresses *out)
{
    struct node list = node_get(at, key);
    size_t n = ptv_object(r, at) ? ptv_list(r, &list, PTV_PARTS) : 0;
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node item = node_at(&list, i);
        struct node street = node_get(&item, "streetName"), box = node_get(&item, "postOfficeBox"),
                    detail = node_get(&item, "addressDetail"), code = node_get(&item, "postalCode"),
                    info = node_get(&item, "additionalInformation"),
                    office = node_get(&item, "postOffice"), /* assumed, like the next */
            town = node_get(&item, "municipality");
        if (!ptv_object(r, &item))
            continue;
        struct dir_address address = kind;
        address.street =
            node_given(&street) ? localized(r, &street, PTV_NAME) : localized(r, &box, PTV_NAME);
        address.number = ptv_word(r, &detail, PTV_WORD);
        address.postal_code = ptv_word(r, &code, PTV_WORD);
        address.info = localized(r, &info, PTV_SHORT);
        if (jv_kind(office.v) == JV_OBJECT)
            address.post_office = localized(r, &office, PTV_NAME);
        if (jv_kind(town.v) == JV_OBJECT)
            address.municipality = localized(r, &town, PTV_NAME);
        read_point(r, &item, &address);
        if (address.street.n > 0)
            VEC_PUSH(r->a, out, address);
    }
}

/* ---- codes ---- */

static struct dir_concepts codes(struct ptv *r, const struct node *item, const char *key)
{
    struct dir_concepts out = {0};
    struct node list = node_get(item, key);
    size_t n = ptv_list(r, &list, PTV_PARTS);
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node one = node_at(&list, i);
        struct str code = ptv_word(r, &one, PTV_URL);
        if (code.n > 0)
            VEC_PUSH(r->a, &out, (struct dir_concept){.code = ptv_code_of_uri(code)});
    }
    return out;
}

static struct dir_texts words(struct ptv *r, const struct node *item, const char *key)
{
    struct dir_texts out = {0};
    struct node list = node_get(item, key);
    size_t n = ptv_list(r, &list, PTV_TEXTS);
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node one = node_at(&list, i);
        VEC_PUSH(r->a, &out, (struct dir_text){{"", 0}, ptv_word(r, &one, 35)});
    }
    return out;
}

static void read_roles(struct ptv *r, const struct node *item, const char *key, const char *role,
                       struct dir_service *s)
{
    struct node list = node_get(item, key);
    if (jv_kind(list.v) == JV_STRING) {
        VEC_PUSH(r->a, &s->roles,
                 (struct dir_role){str_of(role), ptv_word(r, &list, PTV_ID), S("")});
        return;
    }
    size_t n = ptv_list(r, &list, PTV_PARTS);
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node one = node_at(&list, i);
        struct str id = ptv_word(r, &one, PTV_ID);
        if (id.n > 0)
            VEC_PUSH(r->a, &s->roles, (struct dir_role){str_of(role), id, S("")});
    }
}

/* ---- rows ---- */

static struct date row_date(struct ptv *r, const struct node *item)
{
    struct node one = node_get(item, "modified"), two = node_get(item, "modifiedAt"); /* assumed */
    return ptv_date(r, node_given(&one) ? &one : &two);
}

static void check_name(struct ptv *r, const struct node *item, const struct dir_texts *name)
{
    struct node n = node_get(item, "languageVersions");
    if (!r->failed && name->n == 0)
        ptv_reject(r, &n, "it has no name in any language");
}

static void read_service(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node charge = node_get(item, "chargeType"), producers = node_get(item, "producers"),
                general = node_get(item, "generalDescriptionContentId"), /* assumed */
        type = node_get(item, "serviceType"), /* assumed: version 11's words */
        own = node_get(&producers, "selfProducedProducers"),
                bought = node_get(&producers, "procuredProducers"),
                other = node_get(&producers, "otherProducers");
    struct dir_service *s = ARENA_NEW(r->a, struct dir_service);
    *s = (struct dir_service){
        .id = e->id,
        .general = ptv_word(r, &general, PTV_ID),
        .type = ptv_service_type(r, &type),
        .charge = (int32_t)ptv_charge(r, &charge),
        .name = versions(r, item, "name", PTV_NAME),
        .other_name = versions(r, item, "alternativeName", PTV_NAME),
        .summary = versions(r, item, "summary", PTV_SUMMARY),
        .description = versions(r, item, "description", PTV_TEXT),
        .instruction = versions(r, item, "userInstructions", PTV_TEXT),
        .requirements = versions(r, item, "conditions", PTV_TEXT),
        .charge_info = versions(r, item, "chargeTypeAdditionalInformation", PTV_INFO),
        .classes = codes(r, item, "serviceClasses"),
        .groups = codes(r, item, "targetGroups"),
        .events = codes(r, item, "lifeEvents"),
        .terms = codes(r, item, "ontologyTerms"),
        .languages = words(r, item, "serviceLanguages"),
        .modified = row_date(r, item),
    };
    read_roles(r, item, "organizationContentId", "Responsible", s);
    read_roles(r, item, "otherResponsibleOrganizations", "OtherResponsible", s);
    read_roles(r, &own, "organizations", "Producer", s);
    read_roles(r, &bought, "organizations", "Producer", s);
    read_roles(r, &other, "organizations", "Producer", s);
    check_name(r, item, &s->name);
    e->row = s;
}

static void read_channel(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node owner = node_get(item, "organizationContentId"),
                location = node_get(item, "location"), post = node_get(item, "contactAddresses"),
                hours = node_get(item, "serviceHours"),
                sign_in = node_get(item, "electronicIdentification");
    struct dir_channel *c = ARENA_NEW(r->a, struct dir_channel);
    *c = (struct dir_channel){
        .id = e->id,
        .organisation_id = ptv_word(r, &owner, PTV_ID),
        .kind = (int32_t)e->kind,
        .name = versions(r, item, "name", PTV_NAME),
        .other_name = versions(r, item, "alternativeName", PTV_NAME),
        .summary = versions(r, item, "summary", PTV_SUMMARY),
        .description = versions(r, item, "description", PTV_TEXT),
        .languages = words(r, item, "serviceLanguages"),
        .hours = ptv12_hours(r, &hours),
        .sign_in = str_eq(ptv_word(r, &sign_in, PTV_WORD), S("Required")),
        .modified = row_date(r, item),
    };
    each_part(r, item, "phoneNumbers", read_phone, &c->phones);
    each_part(r, item, "contactPhoneNumbers", read_phone, &c->phones);
    each_part(r, item, "supportPhoneNumbers", read_phone, &c->phones);
    each_part(r, item, "webAddress", read_link, &c->links);
    each_part(r, item, "contactWebPages", read_link, &c->links);
    each_part(r, item, "contactEmails", read_mail, &c->links);
    each_part(r, item, "supportEmails", read_mail, &c->links);
    each_part(r, item, "formFiles", read_link, &c->files);
    each_part(r, item, "attachmentLinks", read_link, &c->files);
    read_addresses(r, &location, "streetAddresses", (struct dir_address){0}, &c->addresses);
    read_addresses(r, &post, "postOfficeBoxAddresses", (struct dir_address){.postal = true},
                   &c->addresses);
    read_addresses(r, &post, "streetAddresses", (struct dir_address){.postal = true},
                   &c->addresses);
    check_name(r, item, &c->name);
    e->row = c;
}

static void read_organisation(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node parent = node_get(item, "parentOrganizationContentId"); /* assumed */
    struct dir_organisation *o = ARENA_NEW(r->a, struct dir_organisation);
    *o = (struct dir_organisation){
        .id = e->id,
        .parent = ptv_word(r, &parent, PTV_ID),
        .name = versions(r, item, "name", PTV_NAME),
        .other_name = versions(r, item, "alternativeName", PTV_NAME),
        .summary = versions(r, item, "summary", PTV_SUMMARY),
        .description = versions(r, item, "description", PTV_TEXT),
    };
    each_part(r, item, "contactPhoneNumbers", read_phone, &o->phones);
    each_part(r, item, "contactWebPages", read_link, &o->links);
    each_part(r, item, "contactEmails", read_mail, &o->links);
    check_name(r, item, &o->name);
    e->row = o;
}

static bool has(const struct node *item, const char *key)
{
    return jv_kind(jv_get(item->v, key)) != JV_MISSING;
}

static enum dir_kind channel_kind(struct ptv *r, const struct node *item)
{
    static const struct {
        const char *word;
        enum dir_kind kind;
    } kinds[] = {{"ServiceLocation", DIR_LOCATION},
                 {"TelephoneService", DIR_PHONE_CHANNEL},
                 {"EService", DIR_ECHANNEL},
                 {"WebPage", DIR_WEB_PAGE},
                 {"PrintableForm", DIR_FORM}};
    struct node n = node_get(item, "serviceChannelType");
    struct str s = ptv_word(r, &n, PTV_WORD);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_ieq(s, str_of(kinds[i].word)))
            return kinds[i].kind;
    ptv_reject(r, &n, "\"" STR_FMT "\" is not a type of channel that we know", STR_ARG(s));
    return DIR_OTHER;
}

enum dir_kind ptv12_kind(struct ptv *r, const struct node *item)
{
    if (has(item, "serviceChannelType"))
        return channel_kind(r, item);
    if (has(item, "serviceClasses") || has(item, "targetGroups") || has(item, "serviceLanguages"))
        return DIR_SERVICE;
    if (has(item, "organizationType") || has(item, "businessCode") || has(item, "businessId"))
        return DIR_ORGANISATION; /* assumed: what only an organisation has */
    ptv_fail(r, item,
             "this is neither a service, a channel, an organisation nor a connection of PTV's "
             "version 12 that we know");
    return DIR_OTHER;
}

void ptv12_row(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    if (e->kind == DIR_SERVICE) {
        r->batch->v12_services++;
        read_service(r, item, e);
    } else if (e->kind == DIR_ORGANISATION) {
        read_organisation(r, item, e);
    } else if (e->kind != DIR_OTHER) {
        read_channel(r, item, e);
    }
}

/* ---- connections ---- */

bool ptv12_is_join(const struct node *item)
{
    return has(item, "serviceContentId") && has(item, "serviceChannelContentId");
}

void ptv12_join(struct ptv *r, const struct node *item)
{
    struct node service = node_get(item, "serviceContentId"),
                channel = node_get(item, "serviceChannelContentId"),
                charge = node_get(item, "chargeType"), /* this and the rest: assumed to be */
        hours = node_get(item, "serviceHours");        /* called as a channel's own are */
    struct dir_join j = {
        .service = ptv_word(r, &service, PTV_ID),
        .connection = {.other = ptv_word(r, &channel, PTV_ID),
                       .charge = (int32_t)ptv_charge(r, &charge),
                       .description = versions(r, item, "description", PTV_INFO),
                       .charge_info =
                           versions(r, item, "chargeTypeAdditionalInformation", PTV_INFO),
                       .hours = ptv12_hours(r, &hours)},
    };
    each_part(r, item, "contactPhoneNumbers", read_phone, &j.connection.phones);
    each_part(r, item, "contactWebPages", read_link, &j.connection.links);
    each_part(r, item, "contactEmails", read_mail, &j.connection.links);
    r->batch->joined = true;
    if (j.service.n > 0 && j.connection.other.n > 0 && !r->rejected)
        VEC_PUSH(r->a, &r->batch->joins, j);
}

static int by_service(const void *x, const void *y)
{
    const struct dir_join *one = x, *two = y;
    int order = str_cmp(one->service, two->service);
    return order ? order : str_cmp(one->connection.other, two->connection.other);
}

/* In the order of the channels' ids, so that the same pairs in another order change nothing. */
static void hang_on(struct arena *a, const struct dir_batch *b, struct dir_service *s)
{
    size_t low = 0, high = b->joins.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(b->joins.p[mid].service, s->id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < b->joins.n && str_eq(b->joins.p[low].service, s->id); low++) {
        const struct dir_connection *c = &b->joins.p[low].connection;
        if (s->connections.n > 0 && str_eq(s->connections.p[s->connections.n - 1].other, c->other))
            continue; /* the same pair twice */
        VEC_PUSH(a, &s->connections, *c);
    }
}

bool ptv12_finish(struct arena *a, struct dir_batch *b, struct str *why)
{
    if (b->v12_services > 0 && !b->joined) {
        *why = S("services of PTV's version 12 came without their connections to channels, and "
                 "would lose their places and phones: add the pages of connection/search");
        return false;
    }
    if (b->joins.n > 1)
        qsort(b->joins.p, b->joins.n, sizeof *b->joins.p, by_service);
    for (size_t i = 0; i < b->entries.n && b->joins.n > 0; i++)
        if (b->entries.p[i].kind == DIR_SERVICE && b->entries.p[i].row)
            hang_on(a, b, b->entries.p[i].row);
    b->joins.n = 0;
    return true;
}
