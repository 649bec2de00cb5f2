/*
 * remote.c: what holds of a remote visit, pure: who takes part, when its room is open, how its
 * secrets are made.
 */
#include "remote/remote_room.h"

static const struct {
    const char *code, *words;
} whos[] = {
#define X(name, code, words, link) [REMOTE_##name] = {code, words},
    REMOTE_WHO_LIST(X)
#undef X
};

const char *remote_who_code(enum remote_who w)
{
    return whos[w].code;
}

const char *remote_who_words(enum remote_who w)
{
    return whos[w].words;
}

bool remote_who_from(struct str code, enum remote_who *out)
{
    for (int i = 0; i < REMOTE_WHOS; i++)
        if (str_eq(code, str_of(whos[i].code))) {
            *out = (enum remote_who)i;
            return true;
        }
    return false;
}

static const char *const states[] = {
    [REMOTE_LINKED] = "linked", [REMOTE_WAITING] = "waiting", [REMOTE_IN] = "in",
    [REMOTE_LEFT] = "left",     [REMOTE_REMOVED] = "removed",
};

const char *remote_state_code(enum remote_state s)
{
    return states[s];
}

bool remote_state_from(struct str code, enum remote_state *out)
{
    size_t place = str_place(code, states, REMOTE_STATES);
    if (place == REMOTE_STATES)
        return false;
    *out = (enum remote_state)place;
    return true;
}

/* ---- when ---- */

struct instant remote_opens(const struct appointment *p)
{
    return (struct instant){p->start.ms - remote_data()->open_minutes * (int64_t)MINUTE_MS};
}

struct instant remote_dies(const struct appointment *p)
{
    return (struct instant){p->end.ms + remote_data()->grace_minutes * (int64_t)MINUTE_MS};
}

/* Recorded while people are still saying goodbye, it is open yet. */
static bool takes_place(enum appointment_state s)
{
    return s == APPOINTMENT_BOOKED || s == APPOINTMENT_ARRIVED || s == APPOINTMENT_STARTED ||
           s == APPOINTMENT_FULFILLED;
}

enum remote_when remote_when(const struct appointment *p, struct instant now)
{
    if (!p->remote || !p->start.ms || !takes_place(p->state) || now.ms >= remote_dies(p).ms)
        return REMOTE_OVER;
    return now.ms < remote_opens(p).ms ? REMOTE_EARLY : REMOTE_OPEN;
}

bool remote_is_here(const struct remote_seat *s, struct instant now)
{
    return (s->state == REMOTE_WAITING || s->state == REMOTE_IN) && s->page.n &&
           now.ms - s->seen.ms < REMOTE_HERE_MS;
}

const struct remote_seat *remote_seat_of(const struct remote_seats *all, enum remote_who who,
                                         int64_t staff)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].who == who && all->p[i].staff == staff && all->p[i].state != REMOTE_REMOVED)
            return &all->p[i];
    return NULL;
}

/* ---- secrets ---- */

struct str remote_device(struct arena *a, const unsigned char key[32], struct str ref,
                         struct str once)
{
    struct str h = auth_secret_hash(
        a, key, "remote device:", str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(ref), STR_ARG(once)));
    return base32(a, h.p, h.n, REMOTE_SECRET);
}

struct str remote_link_address(struct arena *a, struct str site, enum lang l, struct str secret)
{
    return str_fmt(a, STR_FMT "/%s/video/" STR_FMT, STR_ARG(site), lang_code(l), STR_ARG(secret));
}

struct str remote_link_make(struct arena *a, struct db *db, const unsigned char key[32],
                            const struct appointment *p, enum remote_who who, struct str name,
                            struct instant now)
{
    struct str secret = rand_ref(a, REMOTE_SECRET);
    struct remote_seats all = remote_seats(a, db, p->id);
    struct remote_seat made;
    for (size_t i = 0; who == REMOTE_RESIDENT && i < all.n; i++)
        if (all.p[i].who == REMOTE_RESIDENT && all.p[i].state != REMOTE_REMOVED)
            remote_seat_set(db, &all.p[i], REMOTE_REMOVED);
    struct remote_new n = {
        .who = who, .name = name, .link = auth_secret_hash(a, key, "remote link:", secret)};
    return remote_seat_make(a, db, p, &n, now, &made) ? secret : (struct str){NULL, 0};
}
