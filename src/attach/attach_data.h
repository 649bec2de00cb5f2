/*
 * attach_data.h: data/attach.json as the program has it: kinds and their sizes, how many, how long.
 */
#ifndef ASIALLA_ATTACH_DATA_H
#define ASIALLA_ATTACH_DATA_H

#include "attach/attach.h"

struct attach_kind_data {
    struct str type, ending;
    int64_t most; /* bytes */
};

/* How long what belongs to a matter is kept: the first class that fits is its class. */
struct attach_class {
    struct str code;
    struct str reg; /* the matter's register; empty: any */
    struct strs {
        LIST_FIELDS(struct str);
    } forms; /* none: any */
    int years;
    bool from_birth; /* where that is known; else from closing */
};

struct attach_data {
    struct arena *a;
    struct attach_kind_data kinds[ATTACH_KINDS];
    int per_form, per_owner, conversation_days, least_years;
    int64_t pixels;
    struct {
        LIST_FIELDS(struct attach_class);
    } classes;
};

/* What is compiled in. */
const struct attach_data *attach_data(void);
/* False: *why says what is missing or wrong. */
bool attach_data_read(struct arena *a, struct str text, struct attach_data *out, struct str *why);

/* The first day on which a closed matter's attachment is no longer kept. Pure. */
struct date attach_kept_until(const struct attach_data *d, struct str reg, struct str form,
                              struct date closed, struct date born);

/* The name as people read it: no path, nothing that is not seen, with our ending. */
struct str attach_name(struct arena *a, struct str name, struct str ending);

/* The bytes, if they are what was stored; else a NULL pointer, and the log says so. */
struct str attach_bytes(struct arena *a, struct db *db, const struct attachment *f);

uint32_t png_crc(struct str s); /* also for tests, which make pictures */

#endif
