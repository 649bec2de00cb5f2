/*
 * directory_source.c: see directory_source.h. An address is asked as it stands; what answers tells
 * the rest:
 *
 * - {"pageCount": n, "itemList": [...]} (v11) or {"totalPages": n, "items": [...]} (v12): pages 2
 *   to n are asked for with page=, counted from 1;
 * - rows of ids and names only (v11: Service, ServiceChannel, Organization, GeneralDescription):
 *   the rows themselves are asked for at .../list?guids=, a hundred at a time, as PTV allows.
 */
#include "directory/directory_source.h"

#include "base/json.h"
#include "fetch/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_LIMIT = 256 << 20, FILES = 10000, PAGES = 5000, IDS = 100000, IDS_AT_ONCE = 100 };
static const size_t TOTAL_LIMIT = (size_t)1 << 30;

/* ---- files and folders ---- */

static void close_file(void *f)
{
    fclose(f);
}

static struct str too_large(struct arena *a, const char *name)
{
    return str_fmt(a, "%s: is over %d MiB; fetch it in smaller pages", name, FILE_LIMIT >> 20);
}

/* The whole file, or a NULL pointer and *why. */
static struct str read_file(struct arena *a, const char *name, struct str *why)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        *why = str_fmt(a, "%s: cannot be opened: %s", name, strerror(errno));
        return (struct str){NULL, 0};
    }
    arena_defer(a, close_file, f);
    struct stat st;
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > FILE_LIMIT) {
        *why = too_large(a, name);
        return (struct str){NULL, 0};
    }
    struct buf b = buf_new(a, (size_t)FILE_LIMIT + 1);
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0 && b.n <= FILE_LIMIT;)
        buf_put(&b, piece, n);
    if (ferror(f))
        *why = str_fmt(a, "%s: cannot be read: %s", name, strerror(errno));
    else if (b.n > FILE_LIMIT)
        *why = too_large(a, name); /* of a pipe, whose size cannot be asked */
    else if (b.n == 0)
        *why = str_fmt(a, "%s: line 1, column 1: the file is empty; fetch it again from PTV", name);
    else
        return buf_get(&b);
    return (struct str){NULL, 0};
}

static bool add(struct arena *a, struct dir_sources *out, struct str name, struct str text,
                struct str *why)
{
    size_t total = text.n;
    for (size_t i = 0; i < out->texts.n; i++)
        total += out->texts.p[i].n;
    if (total > TOTAL_LIMIT || out->texts.n >= FILES) {
        *why = str_fmt(a, STR_FMT ": is too much at once: import in parts", STR_ARG(name));
        return false;
    }
    VEC_PUSH(a, &out->names, name);
    VEC_PUSH(a, &out->texts, text);
    return true;
}

static bool add_file(struct arena *a, const char *name, struct dir_sources *out, struct str *why)
{
    struct str text = read_file(a, name, why);
    return text.p && add(a, out, str_of(name), text, why);
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void close_folder(void *d)
{
    closedir(d);
}

static bool add_folder(struct arena *a, const char *name, struct dir_sources *out, struct str *why)
{
    struct dir_strs files = {0};
    DIR *d = opendir(name);
    if (!d) {
        *why = str_fmt(a, "%s: cannot be opened: %s", name, strerror(errno));
        return false;
    }
    arena_defer(a, close_folder, d);
    for (const struct dirent *e; (e = readdir(d));)
        if (*e->d_name != '.' && str_ends(str_of(e->d_name), S(".json")) && files.n < FILES)
            VEC_PUSH(a, &files, str_fmt(a, "%s/%s", name, e->d_name));
    if (files.n == 0) {
        *why = str_fmt(a, "%s: holds no file *.json", name);
        return false;
    }
    qsort(files.p, files.n, sizeof *files.p, by_name);
    for (size_t i = 0; i < files.n; i++)
        if (!add_file(a, str_z(a, files.p[i]), out, why))
            return false;
    return true;
}

/* ---- what an answer says of itself ---- */

/* It is put into addresses and messages. */
static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '-')
            return false;
    }
    return s.n > 0 && s.n <= 64;
}

static void read_ids(struct arena *a, const struct jv *list, struct dir_strs *ids)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *row = jv_at(list, i);
        struct str id = jv_str_of(row, "id");
        bool bare = jv_kind(row) == JV_OBJECT && jv_len(row) <= 3 && jv_get(row, "name");
        if (!bare || !is_id(id)) {
            ids->n = 0;
            return;
        }
        VEC_PUSH(a, ids, str_dup(a, id));
    }
}

bool dir_page_read(struct arena *a, struct str text, struct dir_page *out, struct str *why)
{
    struct arena *own = arena_in(a, (size_t)1 << 30); /* the document goes, the ids stay */
    struct json_error e;
    const struct jv *doc = json_parse(own, text, &e);
    *out = (struct dir_page){.pages = 1};
    if (!doc) {
        *why = str_fmt(a, "line %d, column %d: %s. The answer is not whole JSON", e.line, e.column,
                       e.text);
        return false;
    }
    if (jv_kind(doc) == JV_OBJECT) {
        int64_t v11 = jv_int(jv_get(doc, "pageCount")), v12 = jv_int(jv_get(doc, "totalPages"));
        out->pages = v11 > 1 ? v11 : v12 > 1 ? v12 : 1;
        read_ids(a, jv_get(doc, "itemList"), &out->ids);
    }
    if (out->pages > PAGES)
        *why = str_fmt(a, "there are %lld pages; at most %d are fetched: ask for less",
                       (long long)out->pages, PAGES);
    arena_reset(own);
    return out->pages <= PAGES;
}

struct str dir_page_url(struct arena *a, struct str url, int64_t n)
{
    struct buf b = buf_new(a, 0);
    url = str_sub(url, 0, str_find(url, '#'));
    size_t mark = str_find(url, '?');
    struct str rest = str_sub(url, mark + (mark < url.n), url.n);
    buf_str(&b, str_sub(url, 0, mark));
    char join = '?';
    for (struct str part = str_cut(&rest, '&'); part.p; part = str_cut(&rest, '&')) {
        if (part.n == 0 || str_starts(part, S("page=")))
            continue;
        buf_char(&b, join);
        buf_str(&b, part);
        join = '&';
    }
    buf_fmt(&b, "%cpage=%lld", join, (long long)n);
    return buf_get(&b);
}

struct str dir_list_url(struct arena *a, struct str url)
{
    static const struct str ends[] = {S_INIT("/Service"), S_INIT("/ServiceChannel"),
                                      S_INIT("/Organization"), S_INIT("/GeneralDescription")};
    struct str path = str_sub(url, 0, str_find(url, '?'));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(path, ends[i]))
            return str_fmt(a, STR_FMT "/list?guids=", STR_ARG(path));
    return (struct str){NULL, 0};
}

/* ---- addresses ---- */

struct getting {
    struct arena *a;
    struct fetch *f;
    struct dir_sources *out;
    struct str *why;
};

static bool get(struct getting *g, struct str url, struct str *text)
{
    return fetch_get(g->a, g->f, url, text, g->why);
}

static bool get_rows(struct getting *g, struct str list, const struct dir_strs *ids)
{
    for (size_t at = 0; at < ids->n; at += IDS_AT_ONCE) {
        struct buf b = buf_new(g->a, 0);
        struct str text;
        buf_str(&b, list);
        for (size_t i = at; i < ids->n && i < at + IDS_AT_ONCE; i++)
            buf_fmt(&b, "%s" STR_FMT, i > at ? "," : "", STR_ARG(ids->p[i]));
        struct str name = str_fmt(g->a, STR_FMT "... (%zu)", STR_ARG(list), at);
        if (!get(g, buf_get(&b), &text) || !add(g->a, g->out, name, text, g->why))
            return false;
    }
    return true;
}

/* One page: its rows, or its ids. */
static bool take_page(struct getting *g, struct str url, struct str text,
                      const struct dir_page *page, struct dir_strs *ids)
{
    for (size_t i = 0; i < page->ids.n && ids->n < IDS; i++)
        VEC_PUSH(g->a, ids, page->ids.p[i]);
    return page->ids.n > 0 || add(g->a, g->out, url, text, g->why);
}

static bool read_page(struct getting *g, struct str url, struct str *text, struct dir_page *page)
{
    struct str fault = {NULL, 0};
    if (!get(g, url, text))
        return false;
    if (dir_page_read(g->a, *text, page, &fault))
        return true;
    *g->why = str_fmt(g->a, STR_FMT ": " STR_FMT, STR_ARG(url), STR_ARG(fault));
    return false;
}

static bool add_address(struct getting *g, struct str url)
{
    struct str text;
    struct dir_page first, page;
    struct dir_strs ids = {0};
    if (!read_page(g, url, &text, &first) || !take_page(g, url, text, &first, &ids))
        return false;
    for (int64_t n = 2; n <= first.pages; n++) {
        struct str at = dir_page_url(g->a, url, n);
        if (!read_page(g, at, &text, &page) || !take_page(g, at, text, &page, &ids))
            return false;
    }
    if (ids.n == 0)
        return true;
    struct str list = dir_list_url(g->a, url);
    if (list.p)
        return get_rows(g, list, &ids);
    *g->why = str_fmt(g->a, STR_FMT " answers with ids only: ask for .../list/...", STR_ARG(url));
    return false;
}

bool directory_source(struct arena *a, const struct dir_import_conf *conf, struct str word,
                      struct dir_sources *out, struct str *why)
{
    struct stat st;
    if (!fetch_is_url(word)) {
        const char *name = str_z(a, word);
        return stat(name, &st) == 0 && S_ISDIR(st.st_mode) ? add_folder(a, name, out, why)
                                                           : add_file(a, name, out, why);
    }
    struct str key = {"", 0};
    if (conf->key_file) {
        key = read_file(a, conf->key_file, why);
        if (!key.p)
            return false;
        key = str_trim(key);
        if (str_find(key, '\n') < key.n || str_find(key, '\r') < key.n) {
            *why = str_fmt(a, "%s: a key is one line", conf->key_file);
            return false;
        }
    }
    struct fetch_conf f = {.key = key, .stop = conf->stop, .wait_ms = conf->wait_ms};
    struct getting g = {a, fetch_open(a, &f), out, why};
    out->all_pages = true;
    return add_address(&g, word);
}
