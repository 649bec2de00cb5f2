/*
 * view.h: small values that the shared templates are made of.
 */
#ifndef ASIALLA_WEB_VIEW_H
#define ASIALLA_WEB_VIEW_H

#include "base/vec.h"
#include "web/page.h"

/* This page in one of the languages. */
struct page_lang {
    enum lang lang;
    const char *code, *name;
    struct str href;
};
struct page_langs {
    LIST_FIELDS(struct page_lang);
};
struct page_langs page_langs(struct page *pg);

#endif
