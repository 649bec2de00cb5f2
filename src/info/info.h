/*
 * info.h: pages that are the same for everybody and belong to no sub-system: the accessibility
 * statement, privacy, what Asialla is, and the style guide. Their texts are data, one file a page
 * in data/info, the three languages side by side, with the day on which somebody last held it
 * against the truth (`reviewed`) and the sources.
 *
 * A file that lacks a language, has a member that is not known or no place for it, is refused with
 * its place. Nothing of it changes while the program runs: any thread may read.
 */
#ifndef ASIALLA_INFO_INFO_H
#define ASIALLA_INFO_INFO_H

#include "app/app.h"
#include "base/vec.h"

/* A text in every language; never empty. */
struct info_text {
    struct str in[LANG_COUNT];
};
struct info_texts {
    LIST_FIELDS(struct info_text);
};

enum info_only { INFO_ALWAYS, INFO_SAMPLE, INFO_REAL };

enum info_kind { INFO_PARAGRAPH, INFO_NOTICE, INFO_LIST, INFO_LINK };
struct info_part {
    enum info_kind kind;
    struct info_text text;
    struct info_texts items; /* INFO_LIST */
    /* INFO_LINK: "https:..." as it is, or an own page as it stands after the language */
    struct info_text href;
};

struct info_section {
    struct str id; /* also its address in the page: #id */
    enum info_only only;
    struct info_text title;
    struct {
        LIST_FIELDS(struct info_part);
    } parts;
};

struct info_page {
    struct str name; /* the file's, and the address: "privacy" */
    struct date reviewed;
    struct info_texts sources;
    struct info_text title, lead;
    struct {
        LIST_FIELDS(struct info_section);
    } sections;
};

/* One file. NULL: *why tells where and what. */
const struct info_page *info_read(struct arena *a, struct str name, struct str json,
                                  struct str *why);

struct info_file {
    struct str name, text; /* "privacy.json" */
};
struct info; /* all of them */
const struct info *info_load(struct arena *a, const struct info_file *files, size_t n,
                             struct str *why);
const struct info_page *info_find(const struct info *all, const char *name); /* NULL: none */

extern const struct route_table info_routes;

#endif
