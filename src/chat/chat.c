/*
 * chat.c: the rules of a conversation: its words, what may be done to it as it stands, what its
 * events make of it, and what today's waits say of the next. Pure.
 */
#include "chat/chat_room.h"

#include "base/json.h"
#include "i18n/i18n.h"

#include <assert.h>
#include <stdlib.h>

/* ---- words ---- */

static const struct {
    const char *code, *words;
} states[CHAT_STATES] = {
    [CHAT_IS_WAITING] = {"waiting", N_("Waiting for an answer")},
    [CHAT_IS_TALKING] = {"talking", N_("Going on")},
    [CHAT_IS_OVER] = {"over", N_("Ended")},
    [CHAT_IS_LEFT] = {"left", N_("The resident left before an answer")},
    [CHAT_IS_MATTER] = {"matter", N_("Nobody answered in time: a matter was made")},
};

static const char *const kinds[CHAT_KIND_COUNT] = {
#define X(name, code) [CHAT_##name] = code,
    CHAT_KINDS(X)
#undef X
};

const char *chat_state_code(enum chat_state s)
{
    assert((unsigned)s < CHAT_STATES);
    return states[s].code;
}

const char *chat_state_words(enum chat_state s)
{
    assert((unsigned)s < CHAT_STATES);
    return states[s].words;
}

const char *chat_kind_code(enum chat_kind k)
{
    assert((unsigned)k < CHAT_KIND_COUNT);
    return kinds[k];
}

bool chat_kind_from(struct str code, enum chat_kind *out)
{
    size_t place = str_place(code, kinds, CHAT_KIND_COUNT);
    if (place == CHAT_KIND_COUNT)
        return false;
    *out = (enum chat_kind)place;
    return true;
}

const char *chat_refusal_words(enum chat_refusal r)
{
    static const char *const words[] = {
#define X(name, text) text,
        CHAT_REFUSALS(X)
#undef X
    };
    assert((unsigned)r < CHAT_REFUSED_COUNT);
    return words[r];
}

bool chat_related(const struct session *s, const struct chat *c)
{
    return s->kind == SESSION_STAFF && auth_in_team(s, c->team);
}

uint64_t chat_topic(int64_t chat)
{
    return topic_of("chat", chat);
}

uint64_t chat_desk_topic(int64_t team)
{
    return topic_of("chat-desk", team);
}

/* ---- may it be done? ---- */

static bool is_open(const struct chat *c)
{
    return c->state == CHAT_IS_WAITING || c->state == CHAT_IS_TALKING;
}

static enum chat_refusal check_text(struct str text)
{
    struct str t = str_trim(text);
    return !str_shows(t)                     ? CHAT_REFUSED_NO_TEXT
           : str_utf8_len(t) > CHAT_TEXT_MAX ? CHAT_REFUSED_LONG_TEXT
                                             : CHAT_REFUSED_FINE;
}

/* Whoever speaks: the resident in an open conversation, a professional in one that is theirs. */
static enum chat_refusal check_speaker(const struct chat *c, const struct chat_act *act)
{
    if (!is_open(c))
        return CHAT_REFUSED_OVER;
    return !act->staff || (c->state == CHAT_IS_TALKING && c->staff == act->staff)
               ? CHAT_REFUSED_FINE
               : CHAT_REFUSED_NOT_YOURS;
}

/* https, or a path of our own: no other scheme, no blank, nothing that a reader cannot see. */
static bool href_ok(struct str s)
{
    bool own = s.n > 1 && s.p[0] == '/' && s.p[1] != '/' && s.p[1] != '\\';
    if ((!own && (!str_starts(s, S("https://")) || s.n < 12)) || s.n > 500)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 127 ||
            strchr("<>\"\\", s.p[i]))
            return false;
    return true;
}

static enum chat_refusal check_body(const struct chat *c, const struct chat_act *act)
{
    switch (act->kind) {
    case CHAT_SAID:
        return check_text(act->text);
    case CHAT_HANDED:
        return act->channel && act->channel != c->channel && act->staff ? CHAT_REFUSED_FINE
                                                                        : CHAT_REFUSED_NO_CHANNEL;
    case CHAT_LINKED:
        return !act->staff          ? CHAT_REFUSED_NOT_YOURS
               : href_ok(act->href) ? CHAT_REFUSED_FINE
                                    : CHAT_REFUSED_NO_LINK;
    case CHAT_ASKED_WHO:
        return act->staff ? CHAT_REFUSED_FINE : CHAT_REFUSED_NOT_YOURS;
    case CHAT_TOLD_WHO:
        return act->name.n || act->phone.n || date_is(act->born) ? CHAT_REFUSED_FINE
                                                                 : CHAT_REFUSED_NOBODY;
    case CHAT_JOINED:
        return c->matter && c->matter != act->matter ? CHAT_REFUSED_JOINED : CHAT_REFUSED_FINE;
    case CHAT_ENDED:
        return c->state == CHAT_IS_TALKING ? CHAT_REFUSED_FINE : CHAT_REFUSED_NOT_YOURS;
    case CHAT_LEFT:
        return c->state == CHAT_IS_WAITING ? CHAT_REFUSED_FINE : CHAT_REFUSED_TAKEN;
    default:
        return CHAT_REFUSED_FINE;
    }
}

static enum chat_refusal check_taken(const struct chat *c, const struct chat_act *act)
{
    if (!is_open(c))
        return CHAT_REFUSED_OVER;
    bool over = act->from && act->from == c->staff; /* else somebody was quicker */
    return c->state == CHAT_IS_WAITING || c->staff == act->staff || over ? CHAT_REFUSED_FINE
                                                                         : CHAT_REFUSED_TAKEN;
}

enum chat_refusal chat_check(const struct chat *c, const struct chat_act *act)
{
    if (act->kind == CHAT_TAKEN)
        return check_taken(c, act);
    if (act->kind == CHAT_JUDGED)
        return !is_open(c) && !c->good && act->good >= 1 && act->good <= 5 ? CHAT_REFUSED_FINE
                                                                           : CHAT_REFUSED_NOT_ASKED;
    enum chat_refusal no = check_speaker(c, act);
    if (no != CHAT_REFUSED_FINE)
        return no;
    if (c->seq >= CHAT_EVENTS_MAX && act->kind != CHAT_ENDED && act->kind != CHAT_LEFT)
        return CHAT_REFUSED_TOO_MANY;
    return check_body(c, act);
}

/* ---- what the events make of it ---- */

static struct date read_day(struct str s)
{
    struct date d;
    return date_parse(s, &d) ? d : DATE_NONE;
}

static void fold_start(struct chat *c, const struct chat_event *e, const struct jv *b)
{
    c->state = CHAT_IS_WAITING;
    c->started = c->waiting = e->at;
    c->channel = c->first = jv_int(jv_get(b, "channel"));
    c->team = jv_int(jv_get(b, "team"));
    c->born = DATE_NONE;
    c->said = 1;
}

static void fold_told(struct arena *a, struct chat *c, const struct jv *b)
{
    struct str name = jv_str_of(b, "name"), phone = jv_str_of(b, "phone");
    struct date born = read_day(jv_str_of(b, "born"));
    c->told = true;
    if (name.n)
        c->name = str_dup(a, name);
    if (phone.n)
        c->phone = str_dup(a, phone);
    if (date_is(born))
        c->born = born;
}

static void fold_end(struct chat *c, enum chat_state s, struct instant at)
{
    c->state = s;
    c->ended = at;
}

static void fold_handed(struct chat *c, const struct chat_event *e, const struct jv *b)
{
    c->state = CHAT_IS_WAITING;
    c->channel = jv_int(jv_get(b, "channel"));
    c->team = jv_int(jv_get(b, "team"));
    c->waiting = e->at;
    c->offered = (struct instant){0};
    c->staff = 0;
    c->handed++;
}

static void fold_unanswered(struct chat *c, const struct chat_event *e, const struct jv *b)
{
    int64_t matter = jv_int(jv_get(b, "matter"));
    if (!matter) {
        c->offered = e->at;
        return;
    }
    c->matter = matter;
    fold_end(c, CHAT_IS_MATTER, e->at);
}

static void fold_kind(struct arena *a, struct chat *c, const struct chat_event *e,
                      const struct jv *b)
{
    switch (e->kind) {
    case CHAT_STARTED:
        fold_start(c, e, b);
        break;
    case CHAT_SAID:
        *(e->staff ? &c->said_staff : &c->said) += 1;
        break;
    case CHAT_TAKEN:
        c->state = CHAT_IS_TALKING;
        c->staff = e->staff;
        if (!c->taken.ms)
            c->taken = e->at;
        break;
    case CHAT_HANDED:
        fold_handed(c, e, b);
        break;
    case CHAT_ASKED_WHO:
        c->asked = true;
        break;
    case CHAT_TOLD_WHO:
        fold_told(a, c, b);
        break;
    case CHAT_JOINED:
        c->matter = jv_int(jv_get(b, "matter"));
        break;
    case CHAT_LEFT:
        fold_end(c, CHAT_IS_LEFT, e->at);
        break;
    case CHAT_ENDED:
        fold_end(c, CHAT_IS_OVER, e->at);
        c->how = str_dup(a, jv_str_of(b, "how"));
        break;
    case CHAT_UNANSWERED:
        fold_unanswered(c, e, b);
        break;
    case CHAT_JUDGED:
        c->good = (int)jv_int(jv_get(b, "good"));
        break;
    case CHAT_SENT:
    case CHAT_LINKED:
    case CHAT_KIND_COUNT:
        break;
    }
}

void chat_fold(struct arena *a, struct chat *c, const struct chat_event *e)
{
    struct json_error je;
    assert(e->seq == c->seq + 1);
    fold_kind(a, c, e, json_parse(a, e->body, &je));
    c->seq = e->seq;
    c->last = e->at;
}

struct instant chat_waits_since(const struct chat_events *all)
{
    struct instant since = {0};
    for (size_t i = 0; i < all->n; i++) {
        const struct chat_event *e = &all->p[i];
        bool resident = !e->staff && (e->kind == CHAT_STARTED || e->kind == CHAT_SAID ||
                                      e->kind == CHAT_SENT || e->kind == CHAT_TOLD_WHO);
        bool answer = e->staff && (e->kind == CHAT_SAID || e->kind == CHAT_SENT ||
                                   e->kind == CHAT_LINKED || e->kind == CHAT_ASKED_WHO);
        if (answer)
            since = (struct instant){0};
        else if ((resident && !since.ms) || (e->kind == CHAT_TAKEN && since.ms))
            since = e->at;
    }
    return since;
}

/* ---- today's waits ---- */

/* How many stood before it in the line when it began, itself counted. */
static int64_t place_then(const struct chat_waits *day, const struct chat_wait *w)
{
    int64_t place = 1;
    for (size_t i = 0; i < day->n; i++) {
        const struct chat_wait *other = &day->p[i];
        if (other->started.ms < w->started.ms &&
            (!other->left.ms || other->left.ms > w->started.ms))
            place++;
    }
    return place;
}

static int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static int minutes_up(int64_t ms)
{
    int64_t m = (ms + MINUTE_MS - 1) / MINUTE_MS;
    return m < 1 ? 1 : m > DAY_MINUTES ? DAY_MINUTES : (int)m;
}

void chat_estimate(struct arena *a, const struct chat_waits *day, int64_t place, int least,
                   struct chat_place *out)
{
    struct {
        LIST_FIELDS(int64_t);
    } per = {0};
    for (size_t i = 0; i < day->n; i++) {
        const struct chat_wait *w = &day->p[i];
        if (w->answered)
            VEC_PUSH(a, &per, (w->left.ms - w->started.ms) / place_then(day, w));
    }
    out->place = place;
    out->minutes = out->least = out->most = -1;
    if (per.n < (size_t)least || per.n == 0)
        return;
    qsort(per.p, per.n, sizeof *per.p, by_size);
    out->least = minutes_up(per.p[per.n / 4] * place);
    out->minutes = minutes_up(per.p[per.n / 2] * place);
    out->most = minutes_up(per.p[per.n - 1 - per.n / 4] * place);
}
