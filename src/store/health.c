/* health.c: see health.h. */
#include "store/health.h"

#include "base/log.h"
#include "base/time.h"

#include <assert.h>

static const struct {
    const char *word, *text;
} words[STORE_TROUBLES] = {
    [STORE_WELL] = {"well", "all is well"},
    [STORE_SLOW] = {"slow", "a commit took seconds: the disk, or the standby, is slow"},
    [STORE_FULL] = {"full", "the disk is full: nothing can be written until there is room"},
    [STORE_READ_ONLY] = {"read-only", "the store takes no writes: its disk or server is read-only"},
    [STORE_AWAY] = {"away", "the database server cannot be reached"},
    [STORE_DAMAGED] = {"damaged", "what is on disk is not what was written there: stop, and restore "
                                  "from a backup (`asialla verify` tells more)"},
    [STORE_FAILING] = {"failing", "the store fails"},
};

const char *store_trouble_word(enum store_trouble t)
{
    assert((unsigned)t < STORE_TROUBLES);
    return words[t].word;
}

void health_note(struct health *h, enum health_side side, enum store_trouble t)
{
    if (t == STORE_DAMAGED)
        side = HEALTH_READING; /* whoever met it: it stays for all */
    int before = atomic_load(&h->trouble[side]);
    do {
        if (before == (int)t || before == STORE_DAMAGED)
            return;
    } while (!atomic_compare_exchange_weak(&h->trouble[side], &before, (int)t));
    atomic_store(&h->since[side], t == STORE_WELL ? 0 : instant_now().ms);
    const char *doing = side == HEALTH_WRITING ? "writing" : "reading";
    if (t == STORE_WELL)
        log_info("store", "%s succeeds again", doing);
    else
        log_error("store", "%s: %s", doing, words[t].text);
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
