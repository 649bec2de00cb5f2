/*
 * po.h: reading and writing gettext's PO files, the subset that catalogue.c describes.
 */
#ifndef ASIALLA_TOOLS_PO_H
#define ASIALLA_TOOLS_PO_H

#include "tool.h"

struct po_entry {
    struct str id, plural; /* plural.p is NULL where there is none */
    struct str text[2];
    struct str comments; /* the translators' own lines, "# ..." */
    bool fuzzy;
    int line;
};

struct po {
    const char *path;
    const char *language; /* "fi" */
    const char *constant; /* "LANG_FI" */
    struct po_entry *p;
    size_t n, cap;
};

/* Stops the program where the file is not well-formed or has a msgid twice. */
struct po *po_read(const char *path);
/* NULL where the file does not have it. */
const struct po_entry *po_find(const struct po *po, struct str id);
/* files: who uses it, one a line, or NULL. */
void po_write_entry(struct text *out, const struct po_entry *e, const char *files);

#endif
