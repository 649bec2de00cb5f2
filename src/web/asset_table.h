/*
 * asset_table.h: what tools/embed makes of the assets, ordered by name. Only asset.c reads it.
 */
#ifndef ASIALLA_WEB_ASSET_TABLE_H
#define ASIALLA_WEB_ASSET_TABLE_H

#include "http/http.h"

struct asset_entry {
    struct str name; /* "app.css" */
    struct str path; /* "/static/app.3f2a91bc.css" */
    struct asset asset;
};

extern const struct asset_entry asset_table[];
extern const size_t asset_table_count;

#endif
