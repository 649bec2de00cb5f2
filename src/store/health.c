/* health.c: see health.h. */
#include "store/health.h"

#include "base/log.h"
#include "base/time.h"

#include <assert.h>

static const struct {
    const char *word, *text;
} words[STORE_TROUBLES] = {
    [STORE_WELL] = {"well", "all is well"},
    [STORE_SLOW] = {"slow", "a commit takes seconds: the disk, or the standby, is slow"},
    [STORE_FULL] = {"full", "the disk is full: nothing can be written until there is room"},
    [STORE_READ_ONLY] = {"read-only",
                         "its disk or server is read-only: nothing can be written until that "
                         "is over"},
    [STORE_AWAY] = {"away", "the database server cannot be reached"},
    [STORE_DAMAGED] = {"damaged",
                       "what is on disk is not what was written there; what does not need "
                       "it goes on. Stop, keep the files, run `asialla verify`, and "
                       "restore from a backup"},
    [STORE_FAILING] = {"failing", "the store fails: look into the system's log, and at the disk"},
    [STORE_MOVED] = {"moved", "its files are not in the folder any more, or others are: nothing "
                              "is written. Put them back, or stop, and start with the right ones"},
    [STORE_HANGING] = {"hanging",
                       "commits are not answered: the standby that must have them is away, "
                       "or the database hangs; nothing is answered as saved meanwhile"},
};

const char *store_trouble_word(enum store_trouble t)
{
    assert((unsigned)t < STORE_TROUBLES);
    return words[t].word;
}

static bool is_silent(int trouble)
{
    return trouble == STORE_AWAY || trouble == STORE_HANGING;
}

void health_note(struct health *h, enum health_side side, enum store_trouble t, const char *why)
{
    static const char *const doing[HEALTH_SIDES] = {"writing", "reading", "emptying its log"};
    if (t == STORE_DAMAGED)
        side = HEALTH_READING; /* whoever met it: it stays for all */
    /* Who could write, could reach the server; nobody is sent here to read while it is away. */
    if (side == HEALTH_WRITING && t == STORE_WELL &&
        is_silent(atomic_load(&h->trouble[HEALTH_READING])))
        health_note(h, HEALTH_READING, STORE_WELL, NULL);
    int before = atomic_load(&h->trouble[side]);
    do {
        if (before == (int)t || before == STORE_DAMAGED)
            return;
    } while (!atomic_compare_exchange_weak(&h->trouble[side], &before, (int)t));
    atomic_store(&h->since[side], t == STORE_WELL ? 0 : instant_now().ms);
    if (t == STORE_WELL)
        log_info("store", "%s succeeds again", doing[side]);
    else
        log_error("store", "%s: %s%s%s%s", doing[side], words[t].text, why ? " (" : "",
                  why ? why : "", why ? ")" : "");
}

struct store_health health_now(const struct health *h)
{
    return (struct store_health){
        .writing = (enum store_trouble)atomic_load(&h->trouble[HEALTH_WRITING]),
        .reading = (enum store_trouble)atomic_load(&h->trouble[HEALTH_READING]),
        .writing_since = atomic_load(&h->since[HEALTH_WRITING]),
        .reading_since = atomic_load(&h->since[HEALTH_READING]),
    };
}
