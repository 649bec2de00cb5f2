/*
 * directory_source.h: inside the room: where an import's texts come from: files, folders of
 * *.json, and addresses of PTV's Open API, whose pages are followed.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_SOURCE_H
#define ASIALLA_DIRECTORY_DIRECTORY_SOURCE_H

#include "directory/directory.h"

struct dir_sources {
    struct dir_strs names, texts;
    bool all_pages; /* pages were followed to the end */
};
/* Appends what `word` names. False: *why. */
bool directory_source(struct arena *a, const struct dir_import_conf *conf, struct str word,
                      struct dir_sources *out, struct str *why);

/* ---- for the test: pure ---- */

/* What an answer says of itself. */
struct dir_page {
    int64_t pages;       /* of how many it is one; at least 1 */
    struct dir_strs ids; /* it holds ids only, whose rows are to be asked for */
};
bool dir_page_read(struct arena *a, struct str text, struct dir_page *out, struct str *why);
/* The address with its page= set to n. */
struct str dir_page_url(struct arena *a, struct str url, int64_t n);
/* .../Service?page=1 -> .../Service/list?guids=; a NULL pointer: rows cannot be asked for there. */
struct str dir_list_url(struct arena *a, struct str url);

#endif
