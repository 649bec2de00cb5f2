/*
 * directory_data.h: inside the room: what stands in data/safety.json and data/themes.json, which
 * are compiled into the program. Read once; never changes.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_DATA_H
#define ASIALLA_DIRECTORY_DIRECTORY_DATA_H

#include "directory/directory.h"

struct safety_line {
    struct str number, tel; /* tel: an address */
    struct str text[LANG_COUNT];
};
struct safety_lines {
    LIST_FIELDS(struct safety_line);
};

/* A theme or a life event: services by what they are classed as. */
struct dir_topic {
    struct str code, icon;
    struct str name[LANG_COUNT];
    struct dir_strs classes, events, words; /* words are folded */
};
struct dir_topics {
    LIST_FIELDS(struct dir_topic);
};

struct dir_name {
    struct str code;
    struct str name[LANG_COUNT];
};
struct dir_names {
    LIST_FIELDS(struct dir_name);
};

/* A service of that class is waited for under that limit of law. */
struct dir_wait {
    struct dir_strs classes; /* one */
    struct str rule;
};
struct dir_data {
    struct safety_lines safety, crisis;
    struct str crisis_title[LANG_COUNT], crisis_text[LANG_COUNT];
    struct dir_strs crisis_words; /* folded phrases; '*' at the end: any ending */
    struct dir_strs crisis_not;   /* phrases that hold such a word, and are passed over */
    struct dir_topics themes, life;
    struct dir_strs advice; /* classes of the service whose phone tells where to turn */
    struct {
        LIST_FIELDS(struct dir_wait);
    } waits;
    struct dir_strs waits_not; /* classes: what is urgent is not waited for */
    struct dir_strs examples[LANG_COUNT];
    struct dir_names languages; /* in which one is served, by code (BCP 47) */
    /* Folded phrases of a place's sentences of accessibility: one comes in without steps; something
     * is in the way. */
    struct dir_strs steps_free, steps_barrier;
};

const struct dir_data *dir_data(void);

/* Reads the two texts; false: *why. For dir_data() and the test. */
bool dir_data_read(struct arena *a, const struct str texts[2], struct dir_data *out,
                   struct str *why);

/* Does the text hold one of the folded words or phrases ('*' at the end: any ending)? */
bool dir_says(struct arena *a, struct str text, const struct dir_strs *phrases);

/* Does a query hold a word of crisis? */
bool dir_is_crisis(struct arena *a, const struct dir_data *data, struct str query);

/* NULL where there is none of that code. */
const struct dir_topic *dir_topic(const struct dir_topics *topics, struct str code);
/* One of the codes, or one below it: P5 holds P5.1 but not P51. */
bool dir_has_code(const struct dir_concepts *concepts, const struct dir_strs *codes);
bool dir_in_topic(const struct dir_service *s, const struct dir_topic *t);

#endif
