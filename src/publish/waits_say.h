/* waits_say.h: inside the room: of what was published, the words, pictures and tables of a page. */
#ifndef ASIALLA_PUBLISH_WAITS_SAY_H
#define ASIALLA_PUBLISH_WAITS_SAY_H

#include "publish/waits.h"
#include "publish/waits_view.h"

struct waits_telling {
    struct arena *a;
    enum lang l;
    const struct waits *w;
    struct waits_view *v;
};

/* "1,234", "hidden", or a dash where there is no such number. */
struct str waits_number(const struct waits_telling *k, struct waits_cell c);
bool waits_known(struct waits_cell c);
/* Per cent of what is known. */
struct str waits_share(const struct waits_telling *k, struct waits_cell part,
                       struct waits_cell whole);
struct waits_cell waits_plus(struct waits_cell x, struct waits_cell y);
/* The translated text with x for %1. */
struct str waits_fill(const struct waits_telling *k, const char *text, struct str x);

void waits_say_all(struct waits_telling *k); /* the whole county, before all else */
void waits_say_now(struct waits_telling *k);
void waits_say_month(struct waits_telling *k);
void waits_say_coverage(struct waits_telling *k);
void waits_say_reference(struct waits_telling *k); /* of others, beside the county's own */
void waits_say_purges(struct waits_telling *k);

void waits_put_charts(struct waits_telling *k);
void waits_put_flow(struct waits_telling *k);
void waits_put_months(struct waits_telling *k);
void waits_put_ages(struct waits_telling *k);
void waits_put_bands(struct waits_telling *k);
void waits_put_t3(struct waits_telling *k, struct db *db);

#endif
