/*
 * booklet.h: booklets: a choice of services for people in one situation, from one source
 * (data/booklets), shown on the web and printed as a pocket booklet (A4 folded to A7).
 *
 * An entry says which service, under which symbol, for which views (own use, somebody close, the
 * young, at work), with a note. Phone, hours and place are the service directory's of that very
 * day; national services that are not in it bring their own. Both pages are made from the same
 * lines (booklet_lines), so they cannot differ. A confirmer (a partner, else the county's editors)
 * confirms each entry's facts half-yearly; an entry whose facts are not confirmed, or have changed
 * since, says so.
 */
#ifndef ASIALLA_BOOKLET_BOOKLET_H
#define ASIALLA_BOOKLET_BOOKLET_H

#include "app/app.h"
#include "directory/directory_view.h"

struct booklet_view { /* for whom: "own", "close", "young", "worker" */
    struct str code, symbol;
    struct dir_texts name, lead;
};
struct booklet_section {
    struct str code;
    struct dir_texts title;
};
struct booklet_entry {
    struct str id, symbol; /* symbol: of src/web/static/icons.svg */
    size_t section;
    uint32_t views;                /* bits: the nth view */
    struct str service, confirmer; /* sourceIds; empty: own facts; the service's organisation */
    struct dir_texts name, phone, tel, hours, place, link, note;
};
struct booklet {
    struct str name;
    int64_t edition, confirm_days;
    struct date date; /* of the edition */
    struct dir_texts title, lead;
    struct {
        LIST_FIELDS(struct booklet_view);
    } views;
    struct {
        LIST_FIELDS(struct booklet_section);
    } sections;
    struct {
        LIST_FIELDS(struct booklet_entry);
    } entries;
    struct dir_strs languages; /* beside the page's three: those that its title is in */
};
struct booklets {
    LIST_FIELDS(const struct booklet *);
};

/* A file of data/booklets (README there). NULL: *why names the place. Lives in `a`, as does what it
 * was read from. Pure. */
const struct booklet *booklet_read(struct arena *a, struct str name, struct str json,
                                   struct str *why);
/* Those compiled in. NULL: *why. */
const struct booklets *booklets_compiled(struct arena *a, struct str *why);
const struct booklet *booklet_find(const struct booklets *all, struct str name);
const struct booklet_view *booklet_find_view(const struct booklet *b, struct str code);

/* ---- what is shown ---- */

/* What somebody has said of an entry's facts last. */
struct booklet_word {
    struct str entry, by, note; /* note: what has changed, where something has */
    struct instant at;
    struct str facts; /* hash of what was confirmed */
    bool right;
};
struct booklet_words {
    LIST_FIELDS(struct booklet_word);
};

enum booklet_state {
    BOOKLET_CONFIRMED,
    BOOKLET_NEVER,   /* nobody has confirmed it */
    BOOKLET_OVERDUE, /* longer ago than confirm_days */
    BOOKLET_CHANGED, /* the facts are other ones than those confirmed */
    BOOKLET_WRONG    /* somebody has said that something has changed */
};

/* An entry as it is that day, in one language. */
struct booklet_line {
    const struct booklet_entry *entry;
    struct view_text name, note, hours;
    struct view_phones phones;
    struct dir_strs places;
    struct view_link link; /* of an own entry; else the service's page */
    struct str facts;      /* hash of the facts, in every language: what is confirmed */
    struct str confirmer;  /* organisation id; empty: the county's editors */
    struct str mark;       /* "Not confirmed since 3 May 2026": empty where it is */
    enum booklet_state state;
    struct instant said; /* when; ms 0: never */
    bool gone;           /* the service is not in the directory: not shown to residents */
};
struct booklet_lines {
    LIST_FIELDS(struct booklet_line);
};
/* Those of the view (NULL: all), in the booklet's order of sections. `text`: a language beside the
 * page's that is wanted first (BCP 47; empty: none). */
struct booklet_asking {
    const struct booklet *booklet;
    const struct booklet_view *view;
    struct str text;
    const struct booklet_words *words;
};
struct booklet_lines booklet_lines(const struct view *v, const struct booklet_asking *ask);

/* The text in the wanted language, else in the page's, else marked. */
struct view_text booklet_text(const struct view *v, struct str text, const struct dir_texts *t);
/* Is it written from right to left? */
bool booklet_rtl(struct str lang);

/* ---- the pocket booklet ---- */

/* One sheet is A4, printed on one side, folded to eight pages of A7 and cut in the middle. Page 1
 * is the cover, 8 the back; a second sheet has eight pages of entries. */
enum { POCKET_PAGES = 8, POCKET_LINES = 28, POCKET_CHARS = 38 };
struct pocket_item { /* a section's title, or a line */
    struct view_text title;
    const struct booklet_line *line;
};
struct pocket_panel {
    int page; /* 1 to 8 on its sheet */
    struct {
        LIST_FIELDS(struct pocket_item);
    } items;
};
struct pocket_sheet { /* its eight pages, in order */
    LIST_FIELDS(struct pocket_panel);
};
struct pocket {
    LIST_FIELDS(struct pocket_sheet);
};
/* Divides the lines into pages by how many lines of print each takes at least: nothing is cut off,
 * no entry is divided, no title stands last on a page. Pure. */
struct pocket booklet_pocket(struct arena *a, const struct booklet *b,
                             const struct booklet_lines *lines, const struct view *v,
                             struct str text);

/* ---- confirming ---- */

/* The last word on each entry. */
struct booklet_words booklet_words_load(struct arena *a, struct db *db, const struct booklet *b);
/* In a commit. The same word twice within a minute is one. */
void booklet_say(struct arena *a, struct db *db, const struct booklet *b, int64_t staff,
                 const struct booklet_word *word);

extern const struct stmt_table booklet_statements;
extern const struct route_table booklet_routes;

#endif
