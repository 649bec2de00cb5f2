/*
 * asset.h: styles, scripts, icons and fonts, compiled in. Their addresses (asset_url() in page.h)
 * hold a hash of the content.
 */
#ifndef ASIALLA_WEB_ASSET_H
#define ASIALLA_WEB_ASSET_H

#include "http/http.h"

/* The file of a whole path ("/static/app.3f2a91bc.css"), or NULL. */
const struct asset *asset_find(struct str path);

#endif
