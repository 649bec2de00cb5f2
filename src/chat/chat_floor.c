/*
 * chat_floor.c: where in a conversation the client register of now begins. Health care and social
 * services keep their clients' data apart (703/2023): a conversation that crossed begins, for
 * whoever has it since, with the hand-over that crossed. What was written, told and sent before is
 * not shown there, and goes into no matter of the new register.
 */
#include "chat/chat_room.h"

#include "base/json.h"

int64_t chat_floor(struct arena *a, const struct chat_channels *channels,
                   const struct chat_events *all, const struct chat *c)
{
    const struct chat_channel *at = chat_channel_by_id(channels, c->first);
    int64_t floor = 0;
    for (size_t i = 0; c->handed && i < all->n; i++) {
        const struct chat_event *e = &all->p[i];
        struct json_error je;
        if (e->kind != CHAT_HANDED)
            continue;
        int64_t id = jv_int(jv_get(json_parse(a, e->body, &je), "channel"));
        const struct chat_channel *to = chat_channel_by_id(channels, id);
        if (!at || !to || at->reg != to->reg)
            floor = e->seq;
        at = to;
    }
    return floor;
}

struct chat chat_who(struct arena *a, const struct chat_events *all, int64_t floor,
                     const struct chat *c)
{
    struct chat who = *c;
    if (!floor)
        return who;
    who.name = who.phone = (struct str){NULL, 0};
    who.born = DATE_NONE;
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].kind == CHAT_TOLD_WHO && all->p[i].seq > floor) {
            who.seq = all->p[i].seq - 1;
            chat_fold(a, &who, &all->p[i]);
        }
    return who;
}

struct chat_part chat_part_of_now(struct arena *a, struct db *db, const struct chat *c)
{
    struct chat_part p = {.who = *c};
    if (!c->handed) /* most: nothing more is read in the commit */
        return p;
    struct chat_channels channels = chat_channels(a, db);
    p.all = chat_events(a, db, c->id, 0, CHAT_EVENTS_MAX);
    p.floor = chat_floor(a, &channels, &p.all, c);
    p.who = chat_who(a, &p.all, p.floor, c);
    return p;
}

void chat_move_files(struct arena *a, struct db *db, const struct chat *c)
{
    struct chat_part p = chat_part_of_now(a, db, c);
    if (!p.floor) {
        attach_move(db, ATTACH_CHAT, c->id, ATTACH_MATTER, c->matter);
        return;
    }
    for (size_t i = 0; i < p.all.n; i++) {
        struct json_error je;
        const struct chat_event *e = &p.all.p[i];
        if (e->kind == CHAT_SENT && e->seq > p.floor)
            attach_move_one(db, ATTACH_CHAT, c->id, ATTACH_MATTER, c->matter,
                            jv_int(jv_get(json_parse(a, e->body, &je), "attachment")));
    }
}
