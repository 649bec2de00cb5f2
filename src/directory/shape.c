/*
 * shape.c: see shape.h. Each struct is described once, as a table of its members; one writer and
 * one reader walk the tables. A member that is added to a struct and to its table is stored, read
 * and hashed; changing a table makes every row count as changed at the next import, no more.
 */
#include "directory/shape.h"

#include "base/guard.h"
#include "directory/ptv.h"

#include <assert.h>

enum member_kind { M_STR, M_INT, M_BOOL, M_DATE, M_LIST };

struct member {
    const char *key;
    enum member_kind kind;
    size_t offset;
    const struct shape *items; /* M_LIST */
};
struct shape {
    const struct member *members;
    size_t n, size;
};

/* What LIST_FIELDS(T) makes, for any T: copied in and out, never pointed at as another type. */
struct any_list {
    void *p;
    size_t n, cap;
};

#define SHAPE(name, type)              \
    static const struct shape name = { \
        name##_members, sizeof name##_members / sizeof *name##_members, sizeof(type)}
#define STR(t, m)                              \
    {                                          \
#m, M_STR, offsetof(struct t, m), NULL \
    }
#define INT(t, m)                              \
    {                                          \
#m, M_INT, offsetof(struct t, m), NULL \
    }
#define BOOL(t, m)                              \
    {                                           \
#m, M_BOOL, offsetof(struct t, m), NULL \
    }
#define DATE(t, m)                              \
    {                                           \
#m, M_DATE, offsetof(struct t, m), NULL \
    }
#define LIST(t, m, s)                         \
    {                                         \
#m, M_LIST, offsetof(struct t, m), &s \
    }

static const struct member texts_members[] = {STR(dir_text, lang), STR(dir_text, text)};
SHAPE(texts, struct dir_text);

static const struct member links_members[] = {STR(dir_link, lang), STR(dir_link, name),
                                              STR(dir_link, url)};
SHAPE(links, struct dir_link);

static const struct member phones_members[] = {STR(dir_phone, lang),        STR(dir_phone, number),
                                               STR(dir_phone, uri),         STR(dir_phone, info),
                                               STR(dir_phone, charge_info), INT(dir_phone, kind),
                                               INT(dir_phone, charge)};
SHAPE(phones, struct dir_phone);

static const struct member concepts_members[] = {STR(dir_concept, code),
                                                 LIST(dir_concept, names, texts)};
SHAPE(concepts, struct dir_concept);

static const struct member spans_members[] = {INT(dir_span, day_from), INT(dir_span, day_to),
                                              INT(dir_span, from), INT(dir_span, to)};
SHAPE(spans, struct dir_span);

static const struct member hours_members[] = {
    INT(dir_hours, kind),         DATE(dir_hours, from),        DATE(dir_hours, to),
    BOOL(dir_hours, closed),      BOOL(dir_hours, always),      BOOL(dir_hours, reservation),
    LIST(dir_hours, info, texts), LIST(dir_hours, spans, spans)};
SHAPE(hours, struct dir_hours);

static const struct member sentences_members[] = {LIST(dir_sentence, group, texts),
                                                  LIST(dir_sentence, text, texts)};
SHAPE(sentences, struct dir_sentence);

static const struct member addresses_members[] = {LIST(dir_address, street, texts),
                                                  STR(dir_address, number),
                                                  STR(dir_address, postal_code),
                                                  LIST(dir_address, post_office, texts),
                                                  LIST(dir_address, municipality, texts),
                                                  LIST(dir_address, info, texts),
                                                  INT(dir_address, north),
                                                  INT(dir_address, east),
                                                  BOOL(dir_address, postal),
                                                  LIST(dir_address, access, sentences)};
SHAPE(addresses, struct dir_address);

static const struct member connections_members[] = {STR(dir_connection, other),
                                                    INT(dir_connection, charge),
                                                    LIST(dir_connection, description, texts),
                                                    LIST(dir_connection, charge_info, texts),
                                                    LIST(dir_connection, hours, hours),
                                                    LIST(dir_connection, phones, phones),
                                                    LIST(dir_connection, links, links)};
SHAPE(connections, struct dir_connection);

static const struct member roles_members[] = {STR(dir_role, role), STR(dir_role, id),
                                              STR(dir_role, name)};
SHAPE(roles, struct dir_role);

static const struct member organisation_members[] = {STR(dir_organisation, id),
                                                     STR(dir_organisation, source_id),
                                                     STR(dir_organisation, parent),
                                                     LIST(dir_organisation, name, texts),
                                                     LIST(dir_organisation, other_name, texts),
                                                     LIST(dir_organisation, summary, texts),
                                                     LIST(dir_organisation, description, texts),
                                                     LIST(dir_organisation, phones, phones),
                                                     LIST(dir_organisation, links, links),
                                                     LIST(dir_organisation, addresses, addresses)};
SHAPE(organisation, struct dir_organisation);

static const struct member service_members[] = {STR(dir_service, id),
                                                STR(dir_service, source_id),
                                                STR(dir_service, general),
                                                STR(dir_service, type),
                                                INT(dir_service, charge),
                                                DATE(dir_service, modified),
                                                LIST(dir_service, name, texts),
                                                LIST(dir_service, other_name, texts),
                                                LIST(dir_service, summary, texts),
                                                LIST(dir_service, description, texts),
                                                LIST(dir_service, instruction, texts),
                                                LIST(dir_service, charge_info, texts),
                                                LIST(dir_service, requirements, texts),
                                                LIST(dir_service, deadline, texts),
                                                LIST(dir_service, processing, texts),
                                                LIST(dir_service, validity, texts),
                                                LIST(dir_service, classes, concepts),
                                                LIST(dir_service, groups, concepts),
                                                LIST(dir_service, events, concepts),
                                                LIST(dir_service, terms, concepts),
                                                LIST(dir_service, keywords, texts),
                                                LIST(dir_service, areas, texts),
                                                LIST(dir_service, languages, texts),
                                                LIST(dir_service, roles, roles),
                                                LIST(dir_service, connections, connections)};
SHAPE(service, struct dir_service);

static const struct member channel_members[] = {STR(dir_channel, id),
                                                STR(dir_channel, source_id),
                                                STR(dir_channel, organisation_id),
                                                INT(dir_channel, kind),
                                                BOOL(dir_channel, sign_in),
                                                DATE(dir_channel, modified),
                                                LIST(dir_channel, name, texts),
                                                LIST(dir_channel, other_name, texts),
                                                LIST(dir_channel, summary, texts),
                                                LIST(dir_channel, description, texts),
                                                LIST(dir_channel, form_id, texts),
                                                LIST(dir_channel, languages, texts),
                                                LIST(dir_channel, phones, phones),
                                                LIST(dir_channel, links, links),
                                                LIST(dir_channel, files, links),
                                                LIST(dir_channel, addresses, addresses),
                                                LIST(dir_channel, hours, hours),
                                                LIST(dir_channel, connections, connections)};
SHAPE(channel, struct dir_channel);

static const struct member addition_members[] = {
    LIST(dir_addition, synonyms, texts), LIST(dir_addition, plain, texts), INT(dir_addition, cover),
    DATE(dir_addition, cover_until), DATE(dir_addition, review)};
SHAPE(addition, struct dir_addition);

static const struct shape *shape_of(enum dir_kind kind)
{
    assert(kind != DIR_OTHER);
    if (kind == DIR_ADDITION)
        return &addition;
    if (kind == DIR_ORGANISATION)
        return &organisation;
    return kind == DIR_SERVICE || kind == DIR_GENERAL ? &service : &channel;
}

static void write_struct(struct jw *w, const char *key, const struct shape *s, const char *at);

static void write_member(struct jw *w, const struct member *m, const char *at)
{
    struct str s;
    struct any_list list;
    int32_t number;
    bool flag;
    switch (m->kind) {
    case M_STR:
        memcpy(&s, at, sizeof s);
        if (s.n > 0)
            jw_str(w, m->key, s);
        break;
    case M_BOOL:
        memcpy(&flag, at, sizeof flag);
        if (flag)
            jw_bool(w, m->key, true);
        break;
    case M_INT:
    case M_DATE:
        memcpy(&number, at, sizeof number);
        if (number != (m->kind == M_DATE ? DATE_NONE.day : 0))
            jw_int(w, m->key, number);
        break;
    case M_LIST:
        memcpy(&list, at, sizeof list);
        if (list.n == 0)
            break;
        jw_array(w, m->key);
        for (size_t i = 0; i < list.n; i++)
            write_struct(w, NULL, m->items, (const char *)list.p + i * m->items->size);
        jw_end_array(w);
    }
}

static void write_struct(struct jw *w, const char *key, const struct shape *s, const char *at)
{
    jw_object(w, key);
    for (size_t i = 0; i < s->n; i++)
        write_member(w, &s->members[i], at + s->members[i].offset);
    jw_end_object(w);
}

struct str dir_encode(struct arena *a, enum dir_kind kind, const void *row)
{
    struct buf b = buf_new(a, (size_t)64 << 20);
    struct jw w = jw_new(&b);
    write_struct(&w, NULL, shape_of(kind), row);
    if (!buf_ok(&b))
        guard_fail(ERR_NO_MEMORY, "a row of the directory is over 64 MiB");
    return buf_get(&b);
}

static void read_struct(struct arena *a, const struct jv *v, const struct shape *s, char *at);

static void read_member(struct arena *a, const struct jv *v, const struct member *m, char *at)
{
    struct str s = jv_str(v);
    int32_t number = v || m->kind != M_DATE ? (int32_t)jv_int(v) : DATE_NONE.day;
    bool flag = jv_bool(v);
    struct any_list list = {.n = jv_len(v)};
    switch (m->kind) {
    case M_STR:
        s = s.n ? str_dup(a, s) : (struct str){"", 0};
        memcpy(at, &s, sizeof s);
        break;
    case M_BOOL:
        memcpy(at, &flag, sizeof flag);
        break;
    case M_INT:
    case M_DATE:
        memcpy(at, &number, sizeof number);
        break;
    case M_LIST:
        list.cap = list.n;
        list.p = arena_array(a, list.n, m->items->size);
        for (size_t i = 0; i < list.n; i++)
            read_struct(a, jv_at(v, i), m->items, (char *)list.p + i * m->items->size);
        memcpy(at, &list, sizeof list);
    }
}

static void read_struct(struct arena *a, const struct jv *v, const struct shape *s, char *at)
{
    for (size_t i = 0; i < s->n; i++)
        read_member(a, jv_get(v, s->members[i].key), &s->members[i], at + s->members[i].offset);
}

void *dir_decode(struct arena *a, struct arena *scratch, enum dir_kind kind, struct str text)
{
    struct json_error e;
    const struct jv *v = json_parse(scratch, text, &e);
    const struct shape *s = shape_of(kind);
    if (jv_kind(v) != JV_OBJECT)
        guard_fail(ERR_STORE, "a row of the directory does not read back: %s", e.text);
    char *row = arena_alloc(a, s->size);
    read_struct(a, v, s, row);
    return row;
}

/* ---- what differs, what is clean ---- */

static struct str written(struct arena *a, const struct member *m, const void *row)
{
    struct buf b = buf_new(a, (size_t)64 << 20);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    write_member(&w, m, (const char *)row + m->offset);
    jw_end_object(&w);
    return buf_get(&b);
}

struct dir_strs dir_differences(struct arena *a, enum dir_kind kind, const void *x, const void *y)
{
    struct dir_strs out = {0};
    const struct shape *s = shape_of(kind);
    for (size_t i = 0; i < s->n; i++)
        if (!str_eq(written(a, &s->members[i], x), written(a, &s->members[i], y)))
            VEC_PUSH(a, &out, str_of(s->members[i].key));
    return out;
}

static void clean_struct(struct arena *a, const struct shape *s, char *at)
{
    struct str text;
    struct any_list list;
    for (size_t i = 0; i < s->n; i++) {
        const struct member *m = &s->members[i];
        if (m->kind == M_STR) {
            memcpy(&text, at + m->offset, sizeof text);
            text = text.n > 0 ? ptv_clean(a, text, false) : (struct str){"", 0};
            memcpy(at + m->offset, &text, sizeof text);
        } else if (m->kind == M_LIST) {
            memcpy(&list, at + m->offset, sizeof list);
            for (size_t k = 0; k < list.n; k++)
                clean_struct(a, m->items, (char *)list.p + k * m->items->size);
        }
    }
}

void dir_clean(struct arena *a, enum dir_kind kind, void *row)
{
    clean_struct(a, shape_of(kind), row);
}
