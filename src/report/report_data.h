/*
 * report_data.h: data/report: the fields and code sets of the care-register style file, and the
 * half-yearly tables. The room's own.
 */
#ifndef ASIALLA_REPORT_DATA_H
#define ASIALLA_REPORT_DATA_H

#include "auth/auth.h"
#include "base/json.h"
#include "i18n/i18n.h"

/* Where a field's value comes from. */
#define FIELD_SOURCES(X)        \
    X(VISIT, "visit")           \
    X(UNIT, "unit")             \
    X(PERSON, "person")         \
    X(BORN, "born")             \
    X(LANGUAGE, "language")     \
    X(CONTACT, "contact")       \
    X(ASSESSED, "assessed")     \
    X(ASSESSOR, "assessor")     \
    X(URGENCY, "urgency")       \
    X(REASON, "reason")         \
    X(START, "start")           \
    X(END, "end")               \
    X(MODE, "mode")             \
    X(PROFESSION, "profession") \
    X(SERVICE, "service")       \
    X(WAIT, "wait")

enum field_source {
#define X(name, code) FIELD_##name,
    FIELD_SOURCES(X)
#undef X
        FIELD_SOURCE_COUNT
};

enum field_type { TYPE_TEXT, TYPE_CODE, TYPE_DATE, TYPE_MOMENT, TYPE_NUMBER, FIELD_TYPES };

struct field_code {
    struct str ours, code;
    bool confirmed;
};
struct field_codes {
    LIST_FIELDS(struct field_code);
    struct str name;
    bool any; /* what is not in the list goes out as it is */
};
struct register_field {
    struct str name, words[LANG_COUNT], note;
    enum field_type type;
    enum field_source from;
    bool required, confirmed;
    const struct field_codes *codes; /* TYPE_CODE */
};
enum { FIELDS_MOST = 32 };

struct half_table {
    struct str code, name[LANG_COUNT], source[LANG_COUNT], note[LANG_COUNT];
    int months[2]; /* in which the halves begin */
    struct {
        LIST_FIELDS(struct str);
    } rules;
};

struct report_data {
    struct {
        LIST_FIELDS(struct register_field);
    } fields;
    struct {
        LIST_FIELDS(struct field_codes);
    } codes;
    bool registers[REG_COUNT];
    struct {
        LIST_FIELDS(struct half_table);
    } halves;
};
/* Compiled in. */
const struct report_data *report_data(void);
/* False: *why names the file and what is wrong. For report_data() and the test. */
bool report_data_take(struct arena *a, struct str care, struct str halves, struct report_data *out,
                      struct str *why);

#endif
