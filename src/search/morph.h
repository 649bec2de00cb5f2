/*
 * morph.h: inside the room: Finnish word by word, by libvoikko where it and its dictionary are
 * installed. They are looked for once, at run time (their data is under the GPL and no part of this
 * program); without them morph_analyse() knows no word. Any thread.
 */
#ifndef ASIALLA_SEARCH_MORPH_H
#define ASIALLA_SEARCH_MORPH_H

#include "base/arena.h"
#include "base/str.h"

enum { MORPH_READINGS = 3, MORPH_PARTS = 6 };

/* One reading of a word: "lastenneuvolan" is lastenneuvola, of lapsi (written "lasten") and
 * neuvola; "rokotus" is rokotus, of rokottaa, derived. */
struct morph_part {
    struct str written, base;
};
struct morph_reading {
    struct str lemma;
    struct morph_part parts[MORPH_PARTS];
    size_t n;
    bool derived; /* the last part has an ending that makes another word of it */
};
struct morph {
    struct morph_reading p[MORPH_READINGS];
    size_t n;
};

bool morph_ready(const char **why);
/* The readings of a word, written as in a text; n == 0: it is not a word. */
struct morph morph_analyse(struct arena *a, struct str word);

#endif
