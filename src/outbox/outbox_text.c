/*
 * outbox_text.c: data/outbox/templates.json: reading it strictly, and filling it in.
 *
 *     {when}          the field
 *     [, {place}]     left out where the field in it is empty
 *
 * Which fields a way may say is decided here and not in the data: an SMS or an e-mail that asks for
 * the name of a service is not read, whoever wrote it.
 */
#include "outbox/outbox_room.h"

#include "base/embedded.h"
#include "base/guard.h"

#include <pthread.h>

extern const struct embedded outbox_files[];
extern const size_t outbox_files_count;

enum { BODY_MAX = 8000, SMS_FIELD_MAX = 120 };

static const char *const open_fields[] = {"when",    "was",   "until",  "place", "ticket",
                                          "address", "phone", "county", NULL};
static const char *const letter_fields[] = {"name", "service", "text", NULL};

static bool is_in(const char *const *names, struct str name)
{
    for (; *names; names++)
        if (str_eq(str_of(*names), name))
            return true;
    return false;
}

static bool may_say(enum outbox_way way, struct str field)
{
    return is_in(open_fields, field) || (way == OUTBOX_LETTER && is_in(letter_fields, field));
}

/* ---- reading ---- */

/* NULL: it can be filled in. */
static const char *text_wrong(enum outbox_way way, struct str text)
{
    bool inside = false, field_inside = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '[' || c == ']') {
            if (inside == (c == '['))
                return "brackets stand in pairs, and not within one another";
            if (c == ']' && !field_inside)
                return "what is in brackets has a field";
            inside = c == '[';
            field_inside = false;
        } else if (c == '{') {
            size_t end = i + str_find(str_sub(text, i, text.n), '}');
            if (end >= text.n || !may_say(way, str_sub(text, i + 1, end - i - 1)))
                return "asks for a field that there is not, or that this way must not say";
            field_inside = true;
            i = end;
        } else if (c == '}') {
            return "braces stand in pairs";
        }
    }
    return inside ? "brackets stand in pairs" : NULL;
}

static const char *read_texts(const struct jv *o, enum outbox_way way, struct str out[LANG_COUNT])
{
    if (!lang_texts(o, out))
        return "the texts of three languages are needed";
    for (int l = 0; l < LANG_COUNT; l++)
        if (text_wrong(way, out[l]))
            return text_wrong(way, out[l]);
    return NULL;
}

static const char *read_way(const struct jv *o, enum outbox_way way, bool tail,
                            struct outbox_template *out)
{
    static const char *const known[] = {"subject", "text", NULL};
    bool subject = way != OUTBOX_SMS && !tail;
    if (jv_kind(o) != JV_OBJECT || jv_unknown(o, known).n)
        return "wants subject and text, and nothing else";
    if (subject != (jv_get(o, "subject") != NULL))
        return "an e-mail and a letter have a subject, an SMS and a tail have none";
    const char *wrong = subject ? read_texts(jv_get(o, "subject"), way, out->subject) : NULL;
    for (int l = 0; l < LANG_COUNT && subject && !wrong; l++)
        if (str_find(out->subject[l], '{') < out->subject[l].n)
            wrong = "a subject is the same for everybody";
    return wrong ? wrong : read_texts(jv_get(o, "text"), way, out->text);
}

static bool read_ways(struct arena *a, const struct jv *o, bool tail,
                      struct outbox_template out[OUTBOX_WAYS], struct str *why)
{
    static const char *const known[] = {"kind", "sms", "email", "letter", NULL};
    if (jv_unknown(o, known).n) {
        *why = S("has a member that there is not");
        return false;
    }
    for (int w = 0; w < OUTBOX_WAYS; w++) {
        const char *code = outbox_way_code((enum outbox_way)w);
        const char *wrong = read_way(jv_get(o, code), (enum outbox_way)w, tail, &out[w]);
        if (wrong) {
            *why = str_fmt(a, "%s: %s", code, wrong);
            return false;
        }
    }
    return true;
}

static bool read_messages(struct arena *a, const struct jv *list, struct outbox_templates *out,
                          struct str *why)
{
    uint32_t have = 0;
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str code = jv_str_of(jv_at(list, i), "kind"), said = {NULL, 0};
        enum outbox_kind k;
        if (!outbox_kind_from(code, &k) || have & 1u << k) {
            *why = str_fmt(a, "messages[%zu]: a kind that there is not, or a second time", i);
            return false;
        }
        have |= 1u << k;
        if (!read_ways(a, jv_at(list, i), false, out->message[k], &said)) {
            *why = str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(code), STR_ARG(said));
            return false;
        }
    }
    if (have != (1u << OUTBOX_KIND_COUNT) - 1)
        *why = S("messages: every kind is needed");
    return have == (1u << OUTBOX_KIND_COUNT) - 1;
}

bool outbox_templates_read(struct arena *a, struct str text, struct outbox_templates *out,
                           struct str *why)
{
    static const char *const known[] = {"reviewed", "about", "tail", "messages", NULL};
    struct json_error je;
    struct str said = {NULL, 0};
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "templates.json:%d: %s", je.line, je.text);
        return false;
    }
    if (jv_unknown(o, known).n)
        said = S("has a member that there is not");
    else if (!read_ways(a, jv_get(o, "tail"), true, out->tail, &said))
        said = str_fmt(a, "tail." STR_FMT, STR_ARG(said));
    else if (read_messages(a, jv_get(o, "messages"), out, &said))
        return true;
    *why = str_fmt(a, "templates.json: " STR_FMT, STR_ARG(said));
    return false;
}

static struct outbox_templates templates;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return outbox_templates_read(
        a, embedded_text(outbox_files, outbox_files_count, "templates.json"), &templates, why);
}

static void read_once(void)
{
    embedded_load("outbox", read_file);
}

const struct outbox_templates *outbox_templates(void)
{
    pthread_once(&once, read_once);
    return &templates;
}

/* ---- filling ---- */

static struct str field_of(const struct outbox_message *m, struct str name)
{
    for (size_t i = 0; i < m->field_n; i++)
        if (str_eq(str_of(m->field[i].name), name))
            return str_trim(m->field[i].text);
    return S("");
}

/* In an SMS: plain marks for those that are not in GSM 03.38 and mean the same. */
static const char *plain_mark(uint32_t c)
{
    switch (c) {
    case 0xA0:
    case 0x2009:
    case 0x202F:
        return " ";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return "-";
    case 0x2018:
    case 0x2019:
        return "'";
    case 0x201C:
    case 0x201D:
        return "\"";
    case 0x2026:
        return "...";
    default:
        return NULL;
    }
}

/* One line, but in a letter: what somebody typed into a name of a place makes no lines of its own.
 */
static void put_field(struct buf *b, enum outbox_way way, struct str text)
{
    size_t n = 0;
    for (struct str rest = text; rest.n && (way != OUTBOX_SMS || n < SMS_FIELD_MAX); n++) {
        uint32_t c = str_utf8_next(&rest);
        const char *plain = way == OUTBOX_SMS ? plain_mark(c) : NULL;
        if (plain)
            buf_str(b, str_of(plain));
        else if ((c < ' ' && !(c == '\n' && way == OUTBOX_LETTER)) || c == 0x7F)
            buf_char(b, ' ');
        else
            buf_utf8(b, c);
    }
}

/* False: in brackets, and a field in them is empty. */
static bool put_part(struct buf *b, const struct outbox_message *m, struct str text, bool inside)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '{') {
            buf_char(b, text.p[i]);
            continue;
        }
        size_t n = str_find(str_sub(text, i, text.n), '}');
        struct str name = str_sub(text, i + 1, n - 1), value = field_of(m, name);
        if (!value.n && inside)
            return false;
        if (!value.n)
            guard_fail(ERR_INTERNAL, "outbox: %s by %s wants the field " STR_FMT,
                       outbox_kind_code(m->kind), outbox_way_code(m->way), STR_ARG(name));
        put_field(b, m->way, value);
        i += n;
    }
    return true;
}

static void put_text(struct buf *b, const struct outbox_message *m, struct str text)
{
    while (text.n) {
        size_t open = str_find(text, '[');
        put_part(b, m, str_sub(text, 0, open), false);
        if (open == text.n)
            return;
        size_t close = str_find(text, ']'), before = b->n;
        if (!put_part(b, m, str_sub(text, open + 1, close - open - 1), true))
            b->n = before;
        text = str_sub(text, close + 1, text.n);
    }
}

struct outbox_filled outbox_fill(struct arena *a, const struct outbox_templates *t,
                                 const struct outbox_message *m)
{
    const struct outbox_template *of = &t->message[m->kind][m->way];
    struct buf b = buf_new(a, BODY_MAX);
    put_text(&b, m, of->text[m->lang]);
    put_text(&b, m, t->tail[m->way].text[m->lang]);
    if (!buf_ok(&b))
        guard_fail(ERR_INTERNAL, "outbox: %s is longer than a message may be",
                   outbox_kind_code(m->kind));
    return (struct outbox_filled){
        .subject = m->way == OUTBOX_SMS ? S("") : of->subject[m->lang],
        .body = buf_get(&b),
    };
}

/* ---- septets ---- */

/* 3GPP TS 23.038, 6.2.1: beside the letters and digits of ASCII. */
static bool is_gsm(uint32_t c)
{
    static const uint32_t others[] = {'@',   0xA3,  '$',   0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  0xF2,
                                      0xC7,  '\n',  0xD8,  0xF8,  '\r',  0xC5,  0xE5,  0x394, '_',
                                      0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E,
                                      0xC6,  0xE6,  0xDF,  0xC9,  0xA4,  0xA1,  0xC4,  0xD6,  0xD1,
                                      0xDC,  0xA7,  0xBF,  0xE4,  0xF6,  0xF1,  0xFC,  0xE0};
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= ' ' && c <= '?' && c != '$'))
        return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == c)
            return true;
    return false;
}

int outbox_septets(struct str text)
{
    int n = 0;
    while (text.n) {
        uint32_t c = str_utf8_next(&text);
        bool extended = c == 0x20AC || (c < 128 && c && strchr("^{}\\[~]|", (int)c));
        if (!extended && !is_gsm(c))
            return -1;
        n += extended ? 2 : 1;
    }
    return n;
}
