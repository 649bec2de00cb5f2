/*
 * fetch.h: getting what an address of the web answers. Nothing else of the program speaks HTTP
 * outwards, and libcurl is known here only.
 *
 * What always holds: certificates are checked; https never goes on to http; a key is sent to the
 * host that it was given for and over https alone (or to this machine); an answer has a size, a
 * time and a number of tries that it cannot pass. Blocks: for a thread that may wait.
 */
#ifndef ASIALLA_FETCH_FETCH_H
#define ASIALLA_FETCH_FETCH_H

#include "base/arena.h"
#include "base/str.h"

#include <stdatomic.h>

struct fetch_conf {
    struct str key;          /* sent as x-api-key; empty: none */
    const atomic_bool *stop; /* set: give up at once; NULL: never */
    size_t max_bytes;        /* of one answer, unpacked; 0: 64 MiB */
    int total_s, idle_s;     /* an answer's whole time; without a byte. 0: 300 and 30 */
    int tries, wait_ms;      /* 0: 4 tries, with 1 s, 4 s and 16 s between */
};

struct fetch;
/* Keeps its connection open from one get to the next. Lives in `a`. */
struct fetch *fetch_open(struct arena *a, const struct fetch_conf *conf);

/* The body of a 200. False: *why, for people; nothing of the key is in it. Again after what passes
 * by itself: no connection, 429, 500 to 599. */
bool fetch_get(struct arena *a, struct fetch *f, struct str url, struct str *body, struct str *why);

/* Does it begin with http:// or https://? */
bool fetch_is_url(struct str s);

#endif
