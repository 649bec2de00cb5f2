/*
 * report_data.c: data/report, compiled in, read strictly: what is missing, unknown, mistyped or
 * named twice stops the program with its place.
 */
#include "report/report_data.h"

#include "base/embedded.h"
#include "report/report.h"

#include <pthread.h>

extern const struct embedded report_files[];
extern const size_t report_files_count;

static const char *const sources[] = {
#define X(name, code) code,
    FIELD_SOURCES(X)
#undef X
};
static const char *const types[] = {"text", "code", "date", "moment", "number"};

static bool read_names(struct arena *a, const struct jv *o, struct str name[LANG_COUNT])
{
    bool all = true;
    for (int l = 0; l < LANG_COUNT; l++) {
        name[l] = str_dup(a, jv_str_of(o, lang_code((enum lang)l)));
        all = all && str_shows(name[l]);
    }
    return all;
}

/* C and S are taken as confirmed; NC is said wherever the field or code is shown. */
static bool read_mark(const struct jv *o, bool *confirmed)
{
    static const char *const marks[] = {"C", "S", "P", "NC"};
    size_t i = str_place(jv_str_of(o, "mark"), marks, 4);
    *confirmed = i < 2;
    return i < 4;
}

/* ---- the care register's fields ---- */

static bool read_codes(struct arena *a, struct str name, const struct jv *o,
                       struct field_codes *out)
{
    static const char *const keys[] = {"mark", "note", "open", "list", NULL};
    const struct jv *list = jv_get(o, "list");
    bool ignored;
    *out = (struct field_codes){.name = str_dup(a, name), .any = jv_bool(jv_get(o, "open"))};
    if (jv_unknown(o, keys).n || !read_mark(o, &ignored) || jv_kind(list) != JV_ARRAY)
        return false;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *c = jv_at(list, i);
        struct field_code code = {.ours = str_dup(a, jv_str_of(c, "ours")),
                                  .code = str_dup(a, jv_str_of(c, "code"))};
        if (!code.ours.n || !code.code.n || !read_mark(c, &code.confirmed))
            return false;
        VEC_PUSH(a, out, code);
    }
    return out->any || out->n > 0;
}

static const struct field_codes *codes_named(const struct report_data *d, struct str name)
{
    for (size_t i = 0; i < d->codes.n; i++)
        if (str_eq(d->codes.p[i].name, name))
            return &d->codes.p[i];
    return NULL;
}

static bool read_field(struct arena *a, const struct jv *o, struct report_data *out)
{
    static const char *const keys[] = {"name", "type", "required", "from", "mark", "codes",
                                       "note", "fi",   "sv",       "en",   NULL};
    size_t type = str_place(jv_str_of(o, "type"), types, FIELD_TYPES);
    size_t from = str_place(jv_str_of(o, "from"), sources, FIELD_SOURCE_COUNT);
    struct register_field f = {.name = str_dup(a, jv_str_of(o, "name")),
                               .note = str_dup(a, jv_str_of(o, "note")),
                               .type = (enum field_type)type,
                               .from = (enum field_source)from,
                               .required = jv_bool(jv_get(o, "required")),
                               .codes = codes_named(out, jv_str_of(o, "codes"))};
    for (size_t i = 0; i < out->fields.n; i++)
        if (str_eq(out->fields.p[i].name, f.name))
            return false;
    bool well = !jv_unknown(o, keys).n && f.name.n && type < FIELD_TYPES &&
                from < FIELD_SOURCE_COUNT && jv_kind(jv_get(o, "required")) == JV_BOOL &&
                read_mark(o, &f.confirmed) && (type == TYPE_CODE) == (f.codes != NULL) &&
                read_names(a, o, f.words);
    VEC_PUSH(a, &out->fields, f);
    return well;
}

static bool read_care(struct arena *a, const struct jv *doc, struct report_data *out,
                      struct str *why)
{
    const struct jv *codes = jv_get(doc, "codes"), *fields = jv_get(doc, "fields");
    const struct jv *registers = jv_get(doc, "registers");
    for (size_t i = 0; i < jv_len(codes); i++) {
        struct str name;
        struct field_codes c;
        const struct jv *o = jv_member(codes, i, &name);
        if (!read_codes(a, name, o, &c)) {
            *why = str_fmt(a, "care-register.json: codes." STR_FMT " is not right", STR_ARG(name));
            return false;
        }
        VEC_PUSH(a, &out->codes, c);
    }
    for (size_t i = 0; i < jv_len(fields); i++)
        if (i >= FIELDS_MOST || !read_field(a, jv_at(fields, i), out)) {
            *why = str_fmt(a, "care-register.json: fields[%zu] is not right", i);
            return false;
        }
    for (size_t i = 0; i < jv_len(registers); i++) {
        enum reg reg;
        if (!reg_from(jv_str(jv_at(registers, i)), &reg)) {
            *why = S("care-register.json: registers names one that is none");
            return false;
        }
        out->registers[reg] = true;
    }
    *why = S("care-register.json: fields and registers are needed");
    return out->fields.n && jv_len(registers);
}

/* ---- half-years ---- */

/* Halves of two tables overlap: of a rule in both, sums of less than a half could be calculated. */
static bool has_rule(const struct report_data *d, struct str rule)
{
    for (size_t i = 0; i < d->halves.n; i++)
        for (size_t r = 0; r < d->halves.p[i].rules.n; r++)
            if (str_eq(d->halves.p[i].rules.p[r], rule))
                return true;
    return false;
}

static bool read_half(struct arena *a, const struct jv *o, struct report_data *out)
{
    static const char *const keys[] = {"code", "months", "rules", "mark", "basis", "source",
                                       "note", "fi",     "sv",    "en",   NULL};
    const struct jv *months = jv_get(o, "months"), *rules = jv_get(o, "rules");
    bool ignored, once = true;
    struct half_table t = {.code = str_dup(a, jv_str_of(o, "code"))};
    bool said = jv_str_of(o, "basis").n && read_names(a, jv_get(o, "source"), t.source) &&
                read_names(a, jv_get(o, "note"), t.note);
    for (size_t i = 0; i < 2; i++)
        t.months[i] = (int)jv_int(jv_at(months, i));
    for (size_t i = 0; i < jv_len(rules); i++) {
        once = once && !has_rule(out, jv_str(jv_at(rules, i)));
        VEC_PUSH(a, &t.rules, str_dup(a, jv_str(jv_at(rules, i))));
    }
    bool well = !jv_unknown(o, keys).n && once && said && t.code.n && jv_len(months) == 2 &&
                t.months[0] >= 1 && t.months[0] <= 6 && t.months[1] == t.months[0] + 6 &&
                t.rules.n && read_mark(o, &ignored) && read_names(a, o, t.name);
    VEC_PUSH(a, &out->halves, t);
    return well;
}

bool report_data_take(struct arena *a, struct str care, struct str halves, struct report_data *out,
                      struct str *why)
{
    struct json_error je;
    *out = (struct report_data){0};
    const struct jv *doc = json_parse(a, care, &je);
    if (!doc) {
        *why = str_fmt(a, "care-register.json:%d: %s", je.line, je.text);
        return false;
    }
    if (!read_care(a, doc, out, why))
        return false;
    doc = json_parse(a, halves, &je);
    if (!doc) {
        *why = str_fmt(a, "half-year.json:%d: %s", je.line, je.text);
        return false;
    }
    const struct jv *tables = jv_get(doc, "tables");
    for (size_t i = 0; i < jv_len(tables); i++)
        if (!read_half(a, jv_at(tables, i), out)) {
            *why = str_fmt(a, "half-year.json: tables[%zu] is not right", i);
            return false;
        }
    return true;
}

static struct report_data data;

static bool take(struct arena *a, struct str *why)
{
    return report_data_take(
        a, embedded_text(report_files, report_files_count, "care-register.json"),
        embedded_text(report_files, report_files_count, "half-year.json"), &data, why);
}

static void load(void)
{
    embedded_load("report", take);
}

const struct report_data *report_data(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return &data;
}

void report_data_read(void)
{
    report_data();
}
