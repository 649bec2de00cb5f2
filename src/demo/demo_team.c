/*
 * demo_team.c: the teams' people as the team pages show them: what each is in the team, in which
 * languages they serve, who is in on the day on which the county was made.
 */
#include "demo/demo_room.h"

enum { AWAY_MINUTES = 90 };

/* Finnish, mostly Swedish or English, and their own mother tongue. */
static struct str languages_of(const struct demo *d, const struct demo_member *m, size_t nth)
{
    struct buf b = buf_new(d->a, 64);
    buf_lit(&b, "fi");
    if (nth % 2 == 0 || str_eq(m->language, S("sv")))
        buf_lit(&b, " sv");
    if (nth % 3 != 2)
        buf_lit(&b, " en");
    if (!team_words_have(buf_get(&b), m->language)) {
        buf_char(&b, ' ');
        buf_str(&b, m->language);
    }
    return buf_get(&b);
}

/* The second and third of a team are in, the fourth is away for a while. */
static void store_presence(struct demo *d, struct db *db, const struct demo_team *t, size_t nth)
{
    struct presence p = {0};
    struct instant until = presence_ends(d->conf.law, &t->duty, 1, d->as_of),
                   away = {d->as_of.ms + (int64_t)AWAY_MINUTES * MINUTE_MS};
    if (nth < 1 || nth > 3)
        return;
    presence_act(&p, nth == 1 ? PRESENCE_COMES_CONSULT : PRESENCE_COMES, d->as_of, until, away);
    if (nth == 3)
        presence_act(&p, PRESENCE_AWAY_UNTIL, d->as_of, until, away);
    presence_store(d->a, db, t->member[nth], &p);
}

void demo_member_store(struct demo *d, struct db *db, const struct demo_team *t,
                       const struct demo_member *m)
{
    bool last = m->nth + 1 == DEMO_MEMBERS;
    enum team_role role = m->nth == 0 ? TEAM_HEAD : last ? TEAM_SUBSTITUTE : TEAM_MEMBER;
    staff_join_as(db, t->member[m->nth], t->id, role);
    staff_speaks(db, t->member[m->nth], languages_of(d, m, m->nth));
    store_presence(d, db, t, m->nth);
}
