/*
 * ptv_parts.c: phones, links, addresses, classes and connections: the parts that rows of several
 * kinds share.
 *
 * What cannot be shown safely (a link with a strange scheme, an e-mail address without @, a phone
 * number without digits) is left out with a note; the row itself stays.
 */
#include "directory/ptv.h"

enum dir_charge ptv_charge(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, PTV_WORD);
    if (ptv_word_is(s, "FreeOfCharge", "Free"))
        return DIR_FREE;
    if (ptv_word_is(s, "Chargeable", "Charged"))
        return DIR_CHARGEABLE;
    return s.n ? DIR_CHARGE_OTHER : DIR_CHARGE_UNKNOWN;
}

struct str ptv_service_type(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, PTV_WORD);
    if (ptv_word_is(s, "PermitOrObligation", "PermissionAndObligation"))
        return S("PermitOrObligation");
    if (ptv_word_is(s, "ProfessionalQualification", "ProfessionalQualifications"))
        return S("ProfessionalQualification");
    if (s.n > 0 && !str_ieq(s, S("Service")))
        ptv_reject(r, n, "\"" STR_FMT "\" is not a type of service that we know", STR_ARG(s));
    return S("Service");
}

static struct str lang_of(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, "language");
    struct str s = ptv_word(r, &n, 35);
    return str_sub(s, 0, str_find(s, '-'));
}

/* Digits in groups, as numbers are written in Finland: 09 1234 5678, 040 123 4567, 116117. */
static void put_grouped(struct buf *b, struct str digits)
{
    if (digits.n <= 6 || digits.p[0] != '0') {
        buf_str(b, digits);
        return;
    }
    size_t area = digits.p[1] == '9' ? 2 : 3, group = area == 2 ? 4 : 3;
    buf_put(b, digits.p, area);
    for (size_t at = area; at < digits.n;) {
        size_t left = digits.n - at, take = left <= 4 ? left : group;
        buf_char(b, ' ');
        buf_put(b, digits.p + at, take);
        at += take;
    }
}

static struct str only_digits(struct arena *a, struct str s)
{
    struct buf b = buf_new(a, 64);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            buf_char(&b, s.p[i]);
    return buf_get(&b);
}

bool ptv_phone_number(struct arena *a, struct str prefix, struct str number, struct dir_phone *p)
{
    struct str country = only_digits(a, prefix), digits = only_digits(a, number);
    if (digits.n < 2 || digits.n > 20)
        return false;
    bool whole = number.n > 0 && number.p[0] == '+';
    if (country.n == 0 || whole) {
        p->uri = str_fmt(a, "tel:%s" STR_FMT, whole ? "+" : "", STR_ARG(digits));
        struct buf b = buf_new(a, 64);
        if (whole)
            buf_char(&b, '+');
        put_grouped(&b, digits);
        p->number = buf_get(&b);
        return true;
    }
    bool zero = digits.p[0] == '0';
    struct str bare = str_sub(digits, zero, digits.n);
    p->uri = str_fmt(a, "tel:+" STR_FMT STR_FMT, STR_ARG(country), STR_ARG(bare));
    if (!str_eq(country, S("358"))) {
        p->number = str_fmt(a, "+" STR_FMT " " STR_FMT, STR_ARG(country), STR_ARG(bare));
        return true;
    }
    struct buf b = buf_new(a, 64);
    put_grouped(&b, str_fmt(a, "0" STR_FMT, STR_ARG(bare)));
    p->number = buf_get(&b);
    return true;
}

struct dir_phones ptv_phones(struct ptv *r, const struct node *n)
{
    struct dir_phones out = {0};
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item))
            continue;
        struct node number = node_get(&item, "number"), prefix = node_get(&item, "prefixNumber"),
                    info = node_get(&item, "additionalInformation"),
                    charge = node_get(&item, "serviceChargeType"),
                    cost = node_get(&item, "chargeDescription"), type = node_get(&item, "type");
        struct str digits = ptv_word(r, &number, PTV_WORD), kind = ptv_word(r, &type, PTV_WORD);
        struct dir_phone p = {
            .lang = lang_of(r, &item),
            .info = ptv_text(r, &info, PTV_SHORT),
            .charge_info = ptv_text(r, &cost, PTV_SHORT),
            .charge = (int32_t)ptv_charge(r, &charge),
            .kind = str_ieq(kind, S("Sms"))   ? DIR_SMS
                    : str_ieq(kind, S("Fax")) ? DIR_FAX
                                              : DIR_PHONE,
        };
        if (ptv_phone_number(r->a, ptv_word(r, &prefix, PTV_WORD), digits, &p))
            VEC_PUSH(r->a, &out, p);
        else
            ptv_note(r, &number, "\"" STR_FMT "\" is not a phone number; left out",
                     STR_ARG(digits));
    }
    return out;
}

struct dir_links ptv_pages(struct ptv *r, const struct node *n, struct dir_links links)
{
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item))
            continue;
        struct node u = node_get(&item, "url"), v = node_get(&item, "value"),
                    m = node_get(&item, "name");
        struct str url = ptv_text(r, &u, PTV_URL), name = ptv_text(r, &v, PTV_URL);
        if (url.n == 0) /* addresses of forms, and of v7: in `value` */
            url = name, name = (struct str){"", 0};
        if (name.n == 0)
            name = ptv_text(r, &m, PTV_NAME); /* an attachment */
        if (str_starts(url, S("www.")))
            url = str_fmt(r->a, "https://" STR_FMT, STR_ARG(url));
        if (url.n == 0)
            continue;
        if (ptv_url_ok(url))
            VEC_PUSH(r->a, &links, (struct dir_link){lang_of(r, &item), name, url});
        else
            ptv_note(r, &item, "the address is not one of the web (http, https); left out");
    }
    return links;
}

struct dir_links ptv_emails(struct ptv *r, const struct node *n, struct dir_links links)
{
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item))
            continue;
        struct node v = node_get(&item, "value");
        struct str mail = ptv_word(r, &v, PTV_NAME);
        struct str url = str_fmt(r->a, "mailto:" STR_FMT, STR_ARG(mail));
        size_t at = str_find(mail, '@');
        if (at > 0 && at + 1 < mail.n && ptv_url_ok(url) && str_find(mail, '?') == mail.n)
            VEC_PUSH(r->a, &links, (struct dir_link){lang_of(r, &item), mail, url});
        else if (mail.n > 0)
            ptv_note(r, &v, "is not an e-mail address; left out");
    }
    return links;
}

/* "6682737" or "6682737.123": metres; 0 where it is none. */
static int32_t metres(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, PTV_WORD);
    int64_t v;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '.' || s.p[i] == ',')
            s.n = i;
    return str_int(s, &v) && v > 0 && v < 10000000 ? (int32_t)v : 0;
}

static void read_sentences(struct ptv *r, const struct node *address, struct dir_address *out)
{
    struct node entrances = node_get(address, "entrances");
    size_t count = ptv_list(r, &entrances, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node entrance = node_at(&entrances, i),
                    groups = node_get(&entrance, "accessibilitySentences");
        size_t n = ptv_object(r, &entrance) ? ptv_list(r, &groups, PTV_PARTS) : 0;
        for (size_t g = 0; g < n && !r->failed; g++) {
            struct node group = node_at(&groups, g), list = node_get(&group, "sentences"),
                        title = node_get(&group, "sentenceGroup");
            size_t m = ptv_object(r, &group) ? ptv_list(r, &list, PTV_PARTS) : 0;
            struct dir_texts name = ptv_texts(r, &title, PTV_NAME);
            for (size_t k = 0; k < m && !r->failed; k++) {
                struct node one = node_at(&list, k), words = node_get(&one, "sentence");
                struct dir_texts text = ptv_texts(r, &words, PTV_INFO);
                if (text.n > 0)
                    VEC_PUSH(r->a, &out->access, (struct dir_sentence){name, text});
            }
        }
    }
}

/* Street, post office box and "other" have the same members, each in its own object. */
static bool read_place(struct ptv *r, const struct node *place, struct dir_address *out)
{
    if (!ptv_object(r, place))
        return false;
    struct node street = node_get(place, "street"), box = node_get(place, "postOfficeBox"),
                number = node_get(place, "streetNumber"), code = node_get(place, "postalCode"),
                office = node_get(place, "postOffice"), town = node_get(place, "municipality"),
                info = node_get(place, "additionalInformation"),
                north = node_get(place, "latitude"), east = node_get(place, "longitude");
    struct node town_name = node_get(&town, "name");
    out->street =
        node_given(&street) ? ptv_texts(r, &street, PTV_NAME) : ptv_texts(r, &box, PTV_NAME);
    out->number = ptv_word(r, &number, PTV_WORD);
    out->postal_code = ptv_word(r, &code, PTV_WORD);
    out->post_office = ptv_texts(r, &office, PTV_NAME);
    if (ptv_object(r, &town))
        out->municipality = ptv_texts(r, &town_name, PTV_NAME);
    out->info = ptv_texts(r, &info, PTV_SHORT);
    out->north = metres(r, &north);
    out->east = metres(r, &east);
    return true;
}

struct dir_addresses ptv_addresses(struct ptv *r, const struct node *n)
{
    struct dir_addresses out = {0};
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item))
            continue;
        struct node street = node_get(&item, "streetAddress"),
                    other = node_get(&item, "otherAddress"),
                    box = node_get(&item, "postOfficeBoxAddress"), type = node_get(&item, "type"),
                    abroad = node_get(&item, "locationAbroad");
        struct dir_address address = {.postal = str_ieq(ptv_word(r, &type, PTV_WORD), S("Postal"))};
        bool found = read_place(r, &street, &address) || read_place(r, &other, &address) ||
                     read_place(r, &box, &address);
        if (!found)
            address.street = ptv_texts(r, &abroad, PTV_INFO);
        read_sentences(r, &item, &address);
        if (found || address.street.n > 0)
            VEC_PUSH(r->a, &out, address);
    }
    return out;
}

struct dir_concepts ptv_concepts(struct ptv *r, const struct node *n)
{
    struct dir_concepts out = {0};
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item))
            continue;
        struct node code = node_get(&item, "code"), uri = node_get(&item, "uri"),
                    now = node_get(&item, "newUri"), name = node_get(&item, "name");
        struct dir_concept c = {.code = ptv_word(r, &code, PTV_WORD),
                                .names = ptv_texts(r, &name, PTV_NAME)};
        if (c.code.n == 0 && node_given(&now))
            c.code = ptv_code_of_uri(ptv_word(r, &now, PTV_URL));
        if (c.code.n == 0)
            c.code = ptv_code_of_uri(ptv_word(r, &uri, PTV_URL));
        if (c.code.n > 0 || c.names.n > 0)
            VEC_PUSH(r->a, &out, c);
    }
    return out;
}

static void read_contacts(struct ptv *r, const struct node *item, struct dir_connection *c)
{
    struct node details = node_get(item, "contactDetails");
    if (!ptv_object(r, &details))
        return;
    struct node phones = node_get(&details, "phoneNumbers"), mails = node_get(&details, "emails"),
                pages = node_get(&details, "webPages");
    c->phones = ptv_phones(r, &phones);
    c->links = ptv_emails(r, &mails, ptv_pages(r, &pages, (struct dir_links){0}));
}

struct dir_connections ptv_connections(struct ptv *r, const struct node *n, const char *other)
{
    struct dir_connections out = {0};
    size_t count = ptv_list(r, n, PTV_CONNECTIONS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i), to = node_get(&item, other), id = node_get(&to, "id");
        struct node charge = node_get(&item, "serviceChargeType"),
                    text = node_get(&item, "description"), hours = node_get(&item, "serviceHours");
        if (!ptv_object(r, &item) || !ptv_object(r, &to))
            continue;
        struct dir_connection c = {
            .other = ptv_word(r, &id, PTV_ID),
            .charge = (int32_t)ptv_charge(r, &charge),
            .description = ptv_typed(r, &text, "Description", NULL, PTV_INFO),
            .charge_info = ptv_typed(r, &text, "ChargeTypeAdditionalInfo", NULL, PTV_INFO),
            .hours = ptv_hours(r, &hours),
        };
        read_contacts(r, &item, &c);
        if (c.other.n > 0)
            VEC_PUSH(r->a, &out, c);
    }
    return out;
}
