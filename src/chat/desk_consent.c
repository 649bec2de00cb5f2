/*
 * desk_consent.c: client registers in a conversation. Health care and social services keep their
 * clients' data apart (703/2023), so a conversation that goes from a channel of the one to a
 * channel of the other does not take along what was written: for who gets it, it begins with the
 * hand-over, whose text is what the resident was asked about, word by word, and has answered to in
 * the conversation itself. All of that follows from the events; nothing is kept beside them.
 */
#include "chat/chat_room.h"
#include "chat/desk_view.h"

struct desk_seen desk_seen_events(struct rq *rq, const struct chat *c)
{
    struct desk_seen seen = {.channels = chat_channels(rq->a, rq->db)};
    seen.all = chat_events(rq->a, rq->db, c->id, 0, CHAT_EVENTS_MAX);
    seen.floor = chat_floor(rq->a, &seen.channels, &seen.all, c);
    seen.who = chat_who(rq->a, &seen.all, seen.floor, c);
    for (size_t i = 0; i < seen.all.n; i++) {
        const struct chat_event *e = &seen.all.p[i];
        seen.told = seen.told || (e->kind == CHAT_TOLD_WHO && e->seq > seen.floor);
        seen.asked = seen.asked || (e->kind == CHAT_ASKED_WHO && e->seq > seen.floor);
    }
    return seen;
}

struct str desk_consent_ask(struct rq *rq, const struct chat *c, const struct chat_channel *to,
                            struct str text)
{
    struct str args[] = {to->name[c->lang], text};
    return tr_fill(rq->a,
                   tr(c->lang, "May I tell this to %1? They see these words and nothing that we "
                               "have written before:\n\n“%2”\n\nPlease answer yes or no."),
                   args, 2);
}

/* Was that the question about that channel? Then *text is what would be told. */
static bool is_question(struct rq *rq, const struct chat *c, const struct chat_channel *to,
                        struct str said, struct str *text)
{
    struct str whole = desk_consent_ask(rq, c, to, S("\001")), tail = whole;
    struct str head = str_cut(&tail, '\001');
    if (said.n <= head.n + tail.n || !str_starts(said, head) || !str_ends(said, tail))
        return false;
    *text = str_sub(said, head.n, said.n - head.n - tail.n);
    return true;
}

struct desk_consent desk_consent(struct rq *rq, const struct chat *c, const struct desk_seen *seen)
{
    struct desk_consent found = {0};
    const struct chat_channel *own = chat_channel_by_id(&seen->channels, c->channel);
    for (size_t i = 0; i < seen->all.n; i++) {
        const struct chat_event *e = &seen->all.p[i];
        if (e->kind != CHAT_SAID || e->seq <= seen->floor)
            continue;
        if (!e->staff)
            found.answered = true;
        for (size_t n = 0; n < seen->channels.n && e->staff; n++) {
            const struct chat_channel *to = &seen->channels.p[n];
            struct str text;
            if (own && own->reg != to->reg && is_question(rq, c, to, e->text, &text))
                found = (struct desk_consent){.to = to, .text = text};
        }
    }
    return found;
}
