/*
 * editor.h: the pages of those who keep the service directory. An editor (ACCESS_EDITOR) sees all
 * of it: what waits for approval, the quality list, history and undo, additions, synonyms, searches
 * that found nothing. A partner (ACCESS_PARTNER) sees and changes only its own organisation's
 * entries and is told why one is not shown. What may be done and how it is kept is decided in the
 * directory (directory/directory_edit.h); here are forms and words.
 */
#ifndef ASIALLA_EDITOR_EDITOR_H
#define ASIALLA_EDITOR_EDITOR_H

#include "app/app.h"

extern const struct stmt_table editor_statements;
extern const struct route_table entry_routes, addition_routes, editor_desk_routes,
    editor_word_routes, editor_account_routes;

#endif
