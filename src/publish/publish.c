/* publish.c: when a publication is due, and making what is missing. */
#include "publish/publish_store.h"

bool publish_wanted(struct db *db, struct instant now)
{
    struct date until = publish_until(db), yesterday = date_add(date_of(now), -1);
    return !date_is(until) || until.day < yesterday.day;
}

struct publish_made publish_all(struct store *s, const struct law *law, struct slot_index *slots,
                                struct instant now)
{
    return (struct publish_made){0};
}

void publish_make(struct arena *a, struct db *db, const struct law *law, struct date day,
                  struct instant now)
{
}
