/*
 * ptv_read.c: a file of PTV Open API v11 (and v7 to v10, whose words differ) into a batch of rows;
 * rows of version 12, which are recognised by their members, are ptv_v12.c's.
 *
 * A file holds a page {"itemList": [...]}, a list of objects, or one object. What an object is, its
 * own members tell: serviceChannelNames, serviceNames, organizationNames, or names for a general
 * description. Two outcomes are kept apart:
 *
 * - the file is broken (cut, mistyped, contradictory, too large): nothing of the import is taken;
 * - a row is sound but not for showing (a draft, expired, of an unknown type, without a name): it
 * is rejected with its place and reason, and the others go in.
 */
#include "directory/ptv.h"

#include "directory/shape.h"

#include <stdio.h>
#include <stdlib.h>

static struct str read_id(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, ptv12_is(item) ? "contentId" : "id");
    if (jv_kind(n.v) != JV_STRING) {
        ptv_fail(r, &n, "every row needs an id that is a text");
        return (struct str){"", 0};
    }
    struct str id = ptv_word(r, &n, PTV_ID);
    bool ok = id.n > 0;
    for (size_t i = 0; ok && i < id.n; i++) {
        char c = id.p[i];
        ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }
    if (!ok)
        ptv_fail(r, &n, "an id has letters, digits and hyphens only");
    return id;
}

/* Rejects what PTV does not publish. */
static void check_status(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node status = node_get(item, "publishingStatus"), until = node_get(item, "validTo");
    struct str s = ptv_word(r, &status, PTV_WORD);
    if (str_ieq(s, S("Deleted")) || str_ieq(s, S("Removed")) || str_ieq(s, S("OldPublished"))) {
        e->withdraw = true;
        ptv_reject(r, &status, "it is archived in PTV (" STR_FMT ")", STR_ARG(s));
    } else if (s.n > 0 && !str_ieq(s, S("Published"))) {
        ptv_reject(r, &status, "it is not published (" STR_FMT "); publish it in PTV", STR_ARG(s));
    }
    struct date end = ptv_date(r, &until);
    if (date_is(end) && date_is(r->batch->today) && end.day < r->batch->today.day) {
        e->withdraw = true;
        ptv_reject(r, &until, "its validity has ended");
    }
}

static void check_name(struct ptv *r, const struct node *item, const char *key,
                       const struct dir_texts *name)
{
    struct node n = node_get(item, key);
    if (!r->failed && name->n == 0)
        ptv_reject(r, &n, "it has no name in any language");
}

/* PTV repeats a short name as the summary of nothing; an empty list is fine everywhere. */
static void read_service_texts(struct ptv *r, const struct node *d, struct dir_service *s)
{
    s->summary = ptv_typed(r, d, "Summary", "ShortDescription", PTV_SUMMARY);
    s->description = ptv_typed(r, d, "Description", NULL, PTV_TEXT);
    s->instruction = ptv_typed(r, d, "UserInstruction", "ServiceUserInstruction", PTV_TEXT);
    s->charge_info = ptv_typed(r, d, "ChargeTypeAdditionalInfo", NULL, PTV_INFO);
    s->deadline = ptv_typed(r, d, "DeadLine", "DeadLineAdditionalInfo", PTV_INFO);
    s->processing = ptv_typed(r, d, "ProcessingTime", "ProcessingTimeAdditionalInfo", PTV_INFO);
    s->validity = ptv_typed(r, d, "ValidityTime", "ValidityTimeAdditionalInfo", PTV_INFO);
}

static void read_classes(struct ptv *r, const struct node *item, struct dir_service *s)
{
    struct node classes = node_get(item, "serviceClasses"), groups = node_get(item, "targetGroups"),
                events = node_get(item, "lifeEvents"), terms = node_get(item, "ontologyTerms"),
                words = node_get(item, "keywords"), needs = node_get(item, "requirements");
    s->classes = ptv_concepts(r, &classes);
    s->groups = ptv_concepts(r, &groups);
    s->events = ptv_concepts(r, &events);
    s->terms = ptv_concepts(r, &terms);
    s->keywords = ptv_texts(r, &words, PTV_NAME);
    s->requirements = ptv_texts(r, &needs, PTV_TEXT);
}

static void read_areas(struct ptv *r, const struct node *item, struct dir_service *s)
{
    struct node areas = node_get(item, "areas");
    size_t count = ptv_list(r, &areas, PTV_TEXTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node area = node_at(&areas, i), name = node_get(&area, "name");
        if (!ptv_object(r, &area))
            continue;
        struct dir_texts names = ptv_texts(r, &name, PTV_NAME);
        for (size_t k = 0; k < names.n; k++)
            VEC_PUSH(r->a, &s->areas, names.p[k]);
    }
}

static struct dir_texts read_languages(struct ptv *r, const struct node *item)
{
    struct dir_texts out = {0};
    struct node n = node_get(item, "languages");
    size_t count = ptv_list(r, &n, PTV_TEXTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node one = node_at(&n, i);
        VEC_PUSH(r->a, &out, (struct dir_text){{"", 0}, ptv_word(r, &one, 35)});
    }
    return out;
}

static void read_roles(struct ptv *r, const struct node *item, struct dir_service *s)
{
    struct node list = node_get(item, "organizations");
    size_t count = ptv_list(r, &list, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node one = node_at(&list, i), who = node_get(&one, "organization");
        struct node role = node_get(&one, "roleType"), id = node_get(&who, "id"),
                    name = node_get(&who, "name");
        if (!ptv_object(r, &one) || !ptv_object(r, &who))
            continue;
        VEC_PUSH(r->a, &s->roles,
                 (struct dir_role){ptv_word(r, &role, PTV_WORD), ptv_word(r, &id, PTV_ID),
                                   ptv_text(r, &name, PTV_NAME)});
    }
}

static void read_service(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    bool general = e->kind == DIR_GENERAL;
    const char *key = general ? "names" : "serviceNames";
    struct node names = node_get(item, key), type = node_get(item, "type"),
                source = node_get(item, "sourceId"), from = node_get(item, "generalDescriptionId"),
                changed = node_get(item, "modified"),
                texts = node_get(item, general ? "descriptions" : "serviceDescriptions"),
                charge = node_get(item, "serviceChargeType"),
                ways = node_get(item, "serviceChannels");
    struct dir_service *s = ARENA_NEW(r->a, struct dir_service);
    *s = (struct dir_service){
        .id = e->id,
        .source_id = ptv_word(r, &source, PTV_WORD),
        .general = ptv_word(r, &from, PTV_ID),
        .type = ptv_service_type(r, &type),
        .charge = (int32_t)ptv_charge(r, &charge),
        .name = ptv_typed(r, &names, "Name", NULL, PTV_NAME),
        .other_name = ptv_typed(r, &names, "AlternativeName", "AlternateName", PTV_NAME),
        .languages = read_languages(r, item),
        .modified = ptv_date(r, &changed),
    };
    read_service_texts(r, &texts, s);
    read_classes(r, item, s);
    read_areas(r, item, s);
    read_roles(r, item, s);
    if (!general)
        s->connections = ptv_connections(r, &ways, "serviceChannel");
    check_name(r, item, key, &s->name);
    e->row = s;
}

static void read_channel_contacts(struct ptv *r, const struct node *item, struct dir_channel *c)
{
    struct node phones = node_get(item, "phoneNumbers"), pages = node_get(item, "webPages"),
                support = node_get(item, "supportPhones"), mails = node_get(item, "emails"),
                help = node_get(item, "supportEmails"), page = node_get(item, "webPage"),
                forms = node_get(item, "channelUrls"), files = node_get(item, "attachments"),
                addresses = node_get(item, "addresses");
    c->phones = ptv_phones(r, node_given(&phones) ? &phones : &support);
    c->links = ptv_pages(r, node_given(&pages) ? &pages : &page, (struct dir_links){0});
    c->links = ptv_emails(r, node_given(&mails) ? &mails : &help, c->links);
    c->files = ptv_pages(r, &files, ptv_pages(r, &forms, (struct dir_links){0}));
    c->addresses = ptv_addresses(r, &addresses);
}

static void read_channel(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node names = node_get(item, "serviceChannelNames"), source = node_get(item, "sourceId"),
                texts = node_get(item, "serviceChannelDescriptions"),
                owner = node_get(item, "organizationId"), hours = node_get(item, "serviceHours"),
                changed = node_get(item, "modified"), form = node_get(item, "formIdentifier"),
                sign_in = node_get(item, "requiresAuthentication"),
                services = node_get(item, "services");
    struct dir_channel *c = ARENA_NEW(r->a, struct dir_channel);
    *c = (struct dir_channel){
        .id = e->id,
        .source_id = ptv_word(r, &source, PTV_WORD),
        .organisation_id = ptv_word(r, &owner, PTV_ID),
        .kind = (int32_t)e->kind,
        .name = ptv_typed(r, &names, "Name", NULL, PTV_NAME),
        .other_name = ptv_typed(r, &names, "AlternativeName", "AlternateName", PTV_NAME),
        .summary = ptv_typed(r, &texts, "Summary", "ShortDescription", PTV_SUMMARY),
        .description = ptv_typed(r, &texts, "Description", NULL, PTV_TEXT),
        .languages = read_languages(r, item),
        .form_id = ptv_texts(r, &form, PTV_NAME),
        .hours = ptv_hours(r, &hours),
        .sign_in = ptv_bool(r, &sign_in),
        .modified = ptv_date(r, &changed),
        .connections = ptv_connections(r, &services, "service"),
    };
    read_channel_contacts(r, item, c);
    check_name(r, item, "serviceChannelNames", &c->name);
    e->row = c;
}

static void read_organisation(struct ptv *r, const struct node *item, struct dir_entry *e)
{
    struct node names = node_get(item, "organizationNames"), source = node_get(item, "sourceId"),
                texts = node_get(item, "organizationDescriptions"),
                parent = node_get(item, "parentOrganizationId"),
                phones = node_get(item, "phoneNumbers"), pages = node_get(item, "webPages"),
                mails = node_get(item, "emails"), addresses = node_get(item, "addresses");
    struct dir_organisation *o = ARENA_NEW(r->a, struct dir_organisation);
    *o = (struct dir_organisation){
        .id = e->id,
        .source_id = ptv_word(r, &source, PTV_WORD),
        .parent = ptv_word(r, &parent, PTV_ID),
        .name = ptv_typed(r, &names, "Name", NULL, PTV_NAME),
        .other_name = ptv_typed(r, &names, "AlternativeName", "AlternateName", PTV_NAME),
        .summary = ptv_typed(r, &texts, "Summary", "ShortDescription", PTV_SUMMARY),
        .description = ptv_typed(r, &texts, "Description", NULL, PTV_TEXT),
        .phones = ptv_phones(r, &phones),
        .links = ptv_emails(r, &mails, ptv_pages(r, &pages, (struct dir_links){0})),
        .addresses = ptv_addresses(r, &addresses),
    };
    check_name(r, item, "organizationNames", &o->name);
    e->row = o;
}

static enum dir_kind channel_kind(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, "serviceChannelType");
    struct str s = ptv_word(r, &n, PTV_WORD);
    for (int k = DIR_LOCATION; k <= DIR_FORM; k++)
        if (str_ieq(s, str_of(dir_kind_name((enum dir_kind)k))))
            return (enum dir_kind)k;
    ptv_reject(r, &n, "\"" STR_FMT "\" is not a type of channel that we know", STR_ARG(s));
    return DIR_OTHER;
}

static bool has(const struct node *item, const char *key)
{
    return jv_kind(jv_get(item->v, key)) != JV_MISSING;
}

static enum dir_kind kind_of(struct ptv *r, const struct node *item)
{
    if (has(item, "serviceChannelNames") || has(item, "serviceChannelType"))
        return channel_kind(r, item);
    if (has(item, "serviceNames"))
        return DIR_SERVICE;
    if (has(item, "organizationNames"))
        return DIR_ORGANISATION;
    if (has(item, "names") && (has(item, "descriptions") || has(item, "generalDescriptionType")))
        return DIR_GENERAL;
    if (has(item, "id") && has(item, "name"))
        ptv_fail(r, item,
                 "this is a list of ids only; ask PTV for Service/list, "
                 "ServiceChannel/list or Organization/list");
    else
        ptv_fail(r, item,
                 "this is neither a service, a channel, an organisation nor a general "
                 "description of PTV");
    return DIR_OTHER;
}

static void read_entry(struct ptv *r, const struct node *item)
{
    r->rejected = false;
    if (!ptv_object(r, item)) {
        ptv_fail(r, item, "must be an object of PTV, but is missing or null");
        return;
    }
    if (ptv12_is_join(item)) {
        ptv12_join(r, item);
        return;
    }
    struct str path = node_path(r->a, item);
    struct dir_entry e = {
        .kind = ptv12_is(item) ? ptv12_kind(r, item) : kind_of(r, item),
        .where = str_fmt(r->a, STR_FMT ": " STR_FMT, STR_ARG(r->file), STR_ARG(path)),
        .id = r->failed ? S("") : read_id(r, item),
    };
    check_status(r, item, &e);
    if (ptv12_is(item))
        ptv12_row(r, item, &e);
    else if (e.kind == DIR_SERVICE || e.kind == DIR_GENERAL)
        read_service(r, item, &e);
    else if (e.kind == DIR_ORGANISATION)
        read_organisation(r, item, &e);
    else if (e.kind != DIR_OTHER)
        read_channel(r, item, &e);
    if (r->rejected)
        e.reason = r->reason;
    if (!r->failed)
        VEC_PUSH(r->a, &r->batch->entries, e);
}

/* A page of version 11, or of 12. */
static void read_page(struct ptv *r, const struct node *top)
{
    bool v12 = !has(top, "itemList");
    struct node items = node_get(top, v12 ? "items" : "itemList"),
                number = node_get(top, v12 ? "page" : "pageNumber"),
                pages = node_get(top, v12 ? "totalPages" : "pageCount");
    if (!node_given(&items)) {
        ptv_fail(r, &items, "the page has no list of rows");
        return;
    }
    size_t n = ptv_list(r, &items, PTV_ROWS);
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node item = node_at(&items, i);
        read_entry(r, &item);
    }
    if (v12 && n == 0)
        r->batch->joined = true; /* somebody asked for connections, and there are none */
    if (jv_int(pages.v) > 1 && !r->batch->all_pages)
        ptv_note(r, &number, "this is page %lld of %lld; import the other pages too",
                 (long long)jv_int(number.v), (long long)jv_int(pages.v));
}

bool ptv_read(struct arena *a, struct str file, struct str text, struct dir_batch *batch,
              struct str *why)
{
    struct ptv r = {.a = a, .file = file, .batch = batch};
    struct json_error e;
    if (str_starts(text, S("\xef\xbb\xbf"))) /* a byte order mark, which PTV's own files have */
        text = str_sub(text, 3, text.n);
    const struct jv *doc = json_parse(a, text, &e);
    if (!doc) {
        *why = str_fmt(a,
                       STR_FMT ": line %d, column %d: %s. The file is not whole JSON; "
                               "fetch it again from PTV.",
                       STR_ARG(file), e.line, e.column, e.text);
        *why = ptv_clean(a, *why, true);
        return false;
    }
    struct node top = {.v = doc};
    if (jv_kind(doc) == JV_ARRAY) {
        size_t n = ptv_list(&r, &top, PTV_ROWS);
        for (size_t i = 0; i < n && !r.failed; i++) {
            struct node item = node_at(&top, i);
            read_entry(&r, &item);
        }
    } else if (ptv_object(&r, &top) && (has(&top, "itemList") || has(&top, "items"))) {
        read_page(&r, &top);
    } else {
        read_entry(&r, &top);
    }
    *why = r.why;
    return !r.failed;
}

/* ---- rows that stand twice ---- */

struct by_id {
    struct dir_entry *e;
};

static int compare(const void *a, const void *b)
{
    const struct dir_entry *x = ((const struct by_id *)a)->e, *y = ((const struct by_id *)b)->e;
    int order = str_cmp(x->id, y->id);
    return order ? order : x < y ? -1 : x > y;
}

static bool same(struct arena *a, const struct dir_entry *x, const struct dir_entry *y)
{
    if (x->kind != y->kind || (x->reason.n > 0) != (y->reason.n > 0))
        return false;
    if (!x->row || !y->row)
        return true; /* both of an unknown type */
    return str_eq(dir_encode(a, x->kind, x->row), dir_encode(a, y->kind, y->row));
}

bool ptv_finish(struct arena *a, struct dir_batch *batch, struct str *why)
{
    size_t n = batch->entries.n;
    struct by_id *order = ARENA_ARRAY(a, n, struct by_id);
    for (size_t i = 0; i < n; i++)
        order[i].e = &batch->entries.p[i];
    qsort(order, n, sizeof *order, compare);
    for (size_t i = 1; i < n; i++) {
        struct dir_entry *first = order[i - 1].e, *second = order[i].e;
        if (!str_eq(first->id, second->id))
            continue;
        if (!same(a, first, second)) {
            *why = str_fmt(a,
                           STR_FMT ": the id " STR_FMT " stands also at " STR_FMT
                                   ", with other content; remove one of them.",
                           STR_ARG(second->where), STR_ARG(second->id), STR_ARG(first->where));
            return false;
        }
        if (second->reason.n == 0)
            second->reason = str_fmt(a, STR_FMT ": the same row stands already at " STR_FMT,
                                     STR_ARG(second->where), STR_ARG(first->where));
        order[i].e = first; /* so that a third one is compared with the first */
    }
    return ptv12_finish(a, batch, why);
}
