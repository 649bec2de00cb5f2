/*
 * asset.c: see asset.h. A dozen files: looking at each is as fast as anything else.
 */
#include "web/asset.h"

#include "web/asset_table.h"
#include "web/page.h"

#include <assert.h>

const struct asset *asset_find(struct str path)
{
    for (size_t i = 0; i < asset_table_count; i++)
        if (str_eq(asset_table[i].path, path))
            return &asset_table[i].asset;
    return NULL;
}

struct str asset_url(const char *name)
{
    struct str wanted = str_of(name);
    for (size_t i = 0; i < asset_table_count; i++)
        if (str_eq(asset_table[i].name, wanted))
            return asset_table[i].path;
    assert(false && "an asset that is not in src/web/static");
    return S("#");
}
