/*
 * catalogue.h: the table that tools/catalogue makes from po/. Open addressing by the hash of the
 * msgid; hash 0 is an empty slot.
 */
#ifndef ASIALLA_I18N_CATALOGUE_H
#define ASIALLA_I18N_CATALOGUE_H

#include "i18n/i18n.h"

struct catalogue_entry {
    uint64_t hash;
    struct str text[LANG_COUNT]
                   [2]; /* the form for one (or the only one), the form for many; p NULL: none */
};

extern const struct catalogue_entry catalogue_table[];
extern const size_t catalogue_mask;

#endif
