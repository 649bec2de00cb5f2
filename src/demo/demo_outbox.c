/*
 * demo_outbox.c: a few messages out of the sample county: two that the server writes into files of
 * DIR/outbox as soon as it runs, letters that a head can print, and one that could not be sent.
 * Nothing leaves the machine.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "outbox/outbox.h"

enum { TEXTS = 64 * 1024 };

struct sample {
    const char *key, *to;
    enum outbox_way way;
    enum outbox_kind kind;
    enum lang lang;
};

static const struct sample samples[] = {
    {"sample:1", "+358 40 000 0001", OUTBOX_SMS, OUTBOX_BOOKED, LANG_FI},
    {"sample:2", "siiri@asialla.example", OUTBOX_EMAIL, OUTBOX_CANCELLED, LANG_SV},
    {"sample:3", "Martta Mallinen\nEsimerkkikatu 1\n01600 Vantaa", OUTBOX_LETTER, OUTBOX_REMINDER,
     LANG_FI},
    {"sample:4", "Erik Exempel\nExempelgatan 2\n01600 Vanda", OUTBOX_LETTER, OUTBOX_MOVED, LANG_SV},
    {"sample:5", "ask my daughter", OUTBOX_SMS, OUTBOX_OFFERED, LANG_EN},
};

static void put_samples(struct db *db, void *arg)
{
    const struct demo *d = arg;
    struct arena *a = arena_new(TEXTS * 16);
    struct instant time = instant_at(date_add(d->today, 7), 9 * 60);
    struct instant before = instant_at(date_add(d->today, 3), 9 * 60);
    struct instant until = instant_at(date_add(d->today, 2), 12 * 60);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *s = &samples[i];
        struct outbox_field f[] = {{"when", fmt_by(a, s->lang, time, d->as_of)},
                                   {"was", fmt_by(a, s->lang, before, d->as_of)},
                                   {"until", fmt_by(a, s->lang, until, d->as_of)},
                                   {"place", S("Esimerkkikatu 10")},
                                   {"phone", S("09 000 0001")}};
        struct outbox_message m = {.key = str_of(s->key),
                                   .way = s->way,
                                   .kind = s->kind,
                                   .lang = s->lang,
                                   .team = d->teams[0].id,
                                   .to = str_of(s->to),
                                   .urgent = s->way != OUTBOX_LETTER,
                                   .field = f,
                                   .field_n = sizeof f / sizeof *f};
        outbox_put(a, db, &m, d->as_of);
    }
    arena_free(a);
}

void demo_outbox_store(struct demo *d, struct store *s)
{
    if (store_write(s, put_samples, d) != ERR_OK)
        guard_fail(ERR_STORE, "the messages out could not be written");
}
