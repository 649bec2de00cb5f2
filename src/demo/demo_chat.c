/*
 * demo_chat.c: chats of the sample county: those of the last two weeks, which the figures count;
 * two that go on; and two that wait now, in two languages, until somebody takes them or nobody does
 * in time. They go the way of real ones. Every person and word is made up.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "chat/chat.h"

enum { DAYS = 14, A_DAY = 4, MESSAGES = 3 };

/* Who says what, in turn; the resident begins. */
static const struct talk {
    const char *channel;
    enum lang lang;
    const char *first, *said[MESSAGES]; /* the professional, the resident, the professional */
} talks[] = {
    {"health",
     LANG_FI,
     "Kurkku on ollut kipeä kolme päivää. Pitääkö tulla käymään?",
     {"Hei! Onko kuumetta, ja pystytkö juomaan?", "37,8. Juominen onnistuu, mutta sattuu.",
      "Silloin voit odottaa vielä pari päivää. Jos kuume nousee yli 38,5 tai et pysty juomaan, "
      "soita meille heti."}},
    {"health",
     LANG_SV,
     "Jag har fått ett fästingbett. Vad ska jag göra?",
     {"Hej! Har du tagit bort fästingen, och ser du en röd ring?",
      "Den är borta. Ingen ring, bara en liten prick.",
      "Bra. Följ med i fyra veckor. Om en röd ring växer fram, kontakta oss."}},
    {"health",
     LANG_EN,
     "My prescription has run out. Can you renew it?",
     {"Hello! Which medicine is it, and when did you last see a doctor?",
      "Blood pressure medicine. Last spring.",
      "You can renew it in MyKanta. It takes up to eight days, so do it today."}},
    {"social",
     LANG_FI,
     "Mistä saan apua, kun rahat eivät riitä vuokraan?",
     {"Hei! Onko vuokra jo myöhässä?", "Kaksi viikkoa.",
      "Pyydä vuokranantajalta lisää aikaa. Kerron, mistä haet perustoimeentulotukea ja miten "
      "meidän sosiaaliohjaajamme auttaa."}},
    {"family",
     LANG_FI,
     "Lapsi ei nuku, ja me vanhemmat riitelemme siitä.",
     {"Kuulostaa raskaalta. Minkä ikäinen lapsi on?", "Puolitoista vuotta.",
      "Ehdotan perheohjaajan käyntiä. Hän tulee kotiin, ja se on maksutonta."}},
    {"youth",
     LANG_FI,
     "En jaksa koulua enkä halua puhua kotona.",
     {"Hyvä, että kirjoitit. Mikä siinä väsyttää eniten?", "Kaikki. Varsinkin aamut.",
      "Voidaanko jutella tästä lisää? Nuorten vastaanotolle voit tulla ilman aikaa, "
      "vanhemmille ei kerrota ilman lupaasi."}},
};
enum { TALKS = sizeof talks / sizeof *talks };

struct telling {
    struct demo *d;
    struct db *db;
    struct chat_channels channels;
    int nth;
};

static const struct demo_team *team_of(const struct demo *d, int64_t id)
{
    for (size_t i = 0; i < d->team_n; i++)
        if (d->teams[i].id == id)
            return &d->teams[i];
    return NULL;
}

static void act(struct telling *t, struct chat *c, struct chat_act what)
{
    what.once = str_fmt(t->d->a, "sample chat %d event %lld", t->nth, (long long)c->seq);
    enum chat_refusal no = chat_do(t->d->a, t->db, c, &what);
    if (no != CHAT_REFUSED_FINE && no != CHAT_REFUSED_ENOUGH)
        guard_fail(ERR_INTERNAL, "sample chat %d: %s", t->nth, chat_refusal_words(no));
}

static bool start(struct telling *t, const struct talk *k, struct instant at, struct chat *c,
                  const struct demo_team **team)
{
    const struct chat_channel *channel = chat_channel_by_ref(&t->channels, str_of(k->channel));
    *team = channel ? team_of(t->d, channel->team) : NULL;
    if (!*team)
        return false;
    const struct chat_act first = {.kind = CHAT_STARTED,
                                   .at = at,
                                   .once = str_fmt(t->d->a, "sample conversation %d", ++t->nth),
                                   .text = str_of(k->first)};
    return chat_start(t->d->a, t->db, t->d->conf.law, channel, k->lang, &first, c) ==
           CHAT_REFUSED_FINE;
}

static struct instant after(struct instant t, uint32_t seconds)
{
    return (struct instant){t.ms + (int64_t)seconds * 1000};
}

/* Taken, and talked as far as `n` messages. Returns when the last was written. */
static struct instant talk(struct telling *t, const struct talk *k, struct chat *c, int64_t staff,
                           struct instant at, int n)
{
    act(t, c, (struct chat_act){.kind = CHAT_TAKEN, .staff = staff, .at = at});
    for (int i = 0; i < n; i++) {
        at = after(at, 50 + 35 * (uint32_t)(t->nth % 3) + 20 * (uint32_t)i);
        act(t, c,
            (struct chat_act){.kind = CHAT_SAID,
                              .staff = i % 2 ? 0 : staff,
                              .at = at,
                              .text = str_of(k->said[i])});
    }
    return at;
}

/* One of the past: most are answered, some go before, some are ended without a word. */
static void tell_past(struct telling *t, struct instant day, struct seeded *r)
{
    const struct talk *k = &talks[seeded_below(r, TALKS)];
    struct instant at = after(day, (9 * 60 + seeded_below(r, 340)) * 60);
    uint32_t wait = 20 + seeded_below(r, 400), kind = seeded_below(r, 10);
    const struct demo_team *team;
    struct chat c;
    if (!start(t, k, at, &c, &team))
        return;
    if (kind == 0) {
        act(t, &c, (struct chat_act){.kind = CHAT_LEFT, .at = after(at, wait)});
        return;
    }
    int64_t staff = team->member[seeded_below(r, DEMO_MEMBERS)];
    at = after(talk(t, k, &c, staff, after(at, wait), MESSAGES), 40);
    act(t, &c,
        (struct chat_act){.kind = CHAT_ENDED,
                          .staff = staff,
                          .at = at,
                          .how = kind < 8 ? S("solved") : S("went")});
    if (kind < 7)
        act(t, &c,
            (struct chat_act){
                .kind = CHAT_JUDGED, .at = after(at, 15), .good = 3 + (int)(kind % 3)});
}

/* Somebody who came when it was closed or full. */
static void turn_away(struct telling *t, struct instant day, struct seeded *r)
{
    const struct chat_channel *c = &t->channels.p[seeded_below(r, (uint32_t)t->channels.n)];
    bool full = seeded_below(r, 4) == 0;
    chat_turned_away(t->db, c, full ? CHAT_REFUSED_FULL : CHAT_REFUSED_CLOSED,
                     after(day, (full ? 12 : 19) * 3600));
}

static void tell_now(struct telling *t, struct instant now)
{
    const struct demo_team *team;
    struct chat c;
    for (int i = 0; i < 2; i++)
        if (start(t, &talks[i], now, &c, &team))
            talk(t, &talks[i], &c, team->member[1], now, 2 - i);
    for (int i = 2; i < 4; i++)
        (void)start(t, &talks[i], now, &c, &team);
}

static void store_chats(struct db *db, void *arg)
{
    struct demo *d = arg;
    struct telling t = {.d = d, .db = db};
    struct str why;
    if (!chat_channels_store(d->a, db, d->conf.law, demo_file(d, "chat.json"), &why))
        guard_fail(ERR_INTERNAL, "data/county/chat.json: " STR_FMT, STR_ARG(why));
    t.channels = chat_channels(d->a, db);
    struct seeded r = demo_seeded(d, "chat", 0);
    for (int back = DAYS; back > 0; back--) {
        struct date day = date_add(d->today, -back);
        if (date_weekday(day) > 5)
            continue;
        for (int i = 0; i < A_DAY; i++)
            tell_past(&t, instant_at(day, 0), &r);
        turn_away(&t, instant_at(day, 0), &r);
    }
    tell_now(&t, d->conf.now.ms ? d->conf.now : instant_now());
}

void demo_chats_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_chats, d) != ERR_OK)
        guard_fail(ERR_STORE, "the chats could not be written");
}
