/*
 * booking_tell.c: who hears of what happens to a time: the matter's history (and by it the law's
 * clocks), the resident by the outbox, live pages.
 *
 * Messages of a time carry "appointment:ID", by which what is not true any more is withdrawn before
 * it has gone; their keys hold the sequence, so that each change is told once.
 */
#include "booking/booking_ical.h"
#include "booking/booking_rows.h"

#include "base/guard.h"
#include "matter/merge.h"

const struct calendar *booking_calendar(const struct booking_moment *now, int64_t id)
{
    if (now->calendar && now->calendar->id == id)
        return now->calendar;
    struct calendar *c = ARENA_NEW(now->a, struct calendar);
    if (!id || !calendar_load(now->a, now->db, id, c))
        *c = (struct calendar){0};
    return c;
}

/* ---- the matter ---- */

/* The next booked time of the matter. One that has just begun has this one or none. */
static struct matter_first next_visit(const struct booking_moment *now, const struct appointment *p)
{
    if (!now->m->fresh)
        return matter_next_visit(now->a, now->db, now->m->id, now->act->at);
    if (p->state != APPOINTMENT_BOOKED)
        return (struct matter_first){0};
    const struct calendar *c = booking_calendar(now, p->calendar);
    struct matter_first first = {
        .appointment = p->id, .start = p->start, .end = p->end, .remote = p->remote};
    for (int l = 0; l < LANG_COUNT; l++)
        first.place[l] = c->place_name[l];
    return first;
}

void booking_tell_matter(const struct booking_moment *now, enum matter_kind kind,
                         const struct appointment *p, const struct appointment *next)
{
    const struct booking_act *act = now->act;
    const struct booking_visit *v = act->kind == BOOKING_FULFILLED ? act->visit : NULL;
    const struct matter_first first = next_visit(now, p);
    struct matter_act told = {
        .kind = kind,
        .at = act->at,
        .staff = act->staff,
        .text = act->text,
        .reason = act->reason,
        .visit = {.appointment = p->id,
                  .moved_to = next ? next->id : 0,
                  .moved_from = kind == MATTER_BOOKED ? p->moved_from : 0,
                  .moved_start = next ? next->start : (struct instant){0},
                  .start = p->start,
                  .end = p->end,
                  .remote = p->remote,
                  .type = now->type->ref,
                  .program = act->program,
                  .undone = act->kind == BOOKING_UNDONE,
                  .first = &first},
    };
    if (v) {
        told.text = str_shows(v->next)
                        ? str_fmt(now->a, STR_FMT "\n\n" STR_FMT, STR_ARG(str_trim(v->text)),
                                  STR_ARG(str_trim(v->next)))
                        : v->text;
        told.visit.assessment = v->assessment;
        told.visit.profession = v->profession;
    }
    enum matter_refusal no = matter_do(now->a, now->db, now->law, now->m, &told);
    if (no != REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "matter %lld: '%s' of appointment %lld was refused: %s",
                   (long long)now->m->id, matter_kind_code(kind), (long long)p->id,
                   matter_refusal_words(no));
}

/* ---- live pages ---- */

void booking_tell_pages(struct db *db, const struct appointment *p)
{
    db_notify(db, appointment_topic(p->id));
    db_notify(db, matter_topic(p->matter));
    if (p->calendar)
        db_notify(db, calendar_day_topic(p->calendar, date_of(p->start)));
    else
        db_notify(db, team_topic(p->team));
}

/* ---- the resident ---- */

static struct str about(struct arena *a, const struct appointment *p)
{
    return str_fmt(a, "appointment:%lld", (long long)p->id);
}

int64_t booking_withdraw(struct arena *a, struct db *db, const struct appointment *p,
                         struct instant now)
{
    return outbox_withdraw(db, about(a, p), now);
}

static struct str when_words(struct arena *a, enum lang l, struct instant t)
{
    if (t.ms == 0)
        return (struct str){NULL, 0};
    struct str args[] = {fmt_day(a, l, date_of(t)), fmt_time(a, l, minute_of(t))};
    return tr_fill(a, tr(l, "%1 at %2"), args, 2);
}

/* Where a name is not known, the address begins with it. */
static struct str letter_to(struct arena *a, const struct appointment *p)
{
    return p->name.n ? str_fmt(a, STR_FMT "\n" STR_FMT, STR_ARG(p->name), STR_ARG(p->postal))
                     : p->postal;
}

static struct str address_of(struct arena *a, const struct booking_moment *now, enum lang l)
{
    if (!now->act->site.n)
        return (struct str){NULL, 0};
    return str_fmt(a, STR_FMT "/%s/status", STR_ARG(now->act->site), lang_code(l));
}

/* A letter may say the unit. An SMS and an e-mail say the street alone: the name of a unit may be
 * that of an illness. */
static struct str whole_place(struct arena *a, const struct calendar *c, enum lang l)
{
    if (!c->address[l].n)
        return c->place_name[l];
    return str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(c->place_name[l]), STR_ARG(c->address[l]));
}

/* Useless once the time has begun, an offer once it cannot be answered; a letter that would not be
 * there before: it is shown as not sent in time, so that somebody calls. */
static struct instant useless_after(const struct law *law, enum outbox_kind kind,
                                    const struct appointment *p, struct instant was)
{
    struct instant t = kind == OUTBOX_OFFERED && p->offer_ends.ms ? p->offer_ends
                       : p->start.ms                              ? p->start
                                                                  : was;
    return p->medium == OUTBOX_LETTER && t.ms ? outbox_post_by(law, t) : t;
}

/* A letter that would come too late is not written where nobody needs to be called instead: who has
 * done it themself has read it on the page, and a reminder is only one. */
static bool worth_a_letter(const struct booking_moment *now, enum outbox_kind kind,
                           struct instant until)
{
    bool in_time = outbox_window(now->law, OUTBOX_LETTER, now->act->at).ms < until.ms;
    bool knows = kind == OUTBOX_REMINDER || (!now->act->staff && !now->act->program);
    return in_time || !until.ms || !knows;
}

bool booking_letter_slow(const struct booking_moment *now, bool told, enum outbox_way medium)
{
    return told && medium == OUTBOX_LETTER && now->act->kind == BOOKING_OFFERED &&
           !outbox_post_arrives(now->law, now->act->at, now->act->ends);
}

/* Does the reader's calendar change by it? */
static bool in_calendar(enum outbox_kind kind)
{
    return kind == OUTBOX_BOOKED || kind == OUTBOX_MOVED || kind == OUTBOX_CANCELLED ||
           kind == OUTBOX_CANCELLED_OWN;
}

void booking_tell_resident(const struct booking_moment *now, enum outbox_kind kind,
                           const struct appointment *p, struct instant was)
{
    enum { FIELDS = 10 };
    struct arena *a = now->a;
    enum lang l = p->lang;
    if (!p->told)
        return;
    const struct team *team = team_load(a, now->db, now->m->team);
    const struct calendar *c = booking_calendar(now, p->remote ? 0 : p->calendar);
    struct str empty = {NULL, 0};
    bool gone =
        kind == OUTBOX_CANCELLED || kind == OUTBOX_CANCELLED_OWN || kind == OUTBOX_OFFER_GONE;
    bool letter = p->medium == OUTBOX_LETTER;
    struct outbox_field fields[FIELDS] = {
        {"when", when_words(a, l, gone ? was : p->start)},
        {"was", when_words(a, l, was)},
        {"until", when_words(a, l, p->offer_ends)},
        {"place", letter ? whole_place(a, c, l) : c->address[l]},
        {"ticket", p->state == APPOINTMENT_BOOKED && !p->remote ? p->ticket : empty},
        {"address", address_of(a, now, l)},
        {"phone", team ? team->phone : empty},
        {"name", letter ? p->name : empty},
        {"service", letter ? now->type->name[l] : empty},
        {"text", letter && !gone ? now->type->instructions[l] : empty},
    };
    struct outbox_message m = {
        .key = str_fmt(a, "%s:%lld:%d:%lld", outbox_kind_code(kind), (long long)p->id, p->sequence,
                       kind == OUTBOX_REMINDER ? (long long)now->act->at.ms : 0LL),
        .way = p->medium,
        .kind = kind,
        .lang = l,
        .team = p->team,
        .to = p->medium == OUTBOX_SMS     ? p->phone
              : p->medium == OUTBOX_EMAIL ? p->email
                                          : letter_to(a, p),
        .about = about(a, p),
        .until = useless_after(now->law, kind, p, was),
        .urgent = !now->act->staff && !now->act->program,
        .field = fields,
        .field_n = letter ? FIELDS : FIELDS - 3,
    };
    if (p->medium == OUTBOX_EMAIL && in_calendar(kind)) {
        m.attachment = booking_ical_mail(a, now->db, p, now->act->site, c->address[l]);
        m.attachment_type = S("text/calendar; charset=utf-8");
    }
    if (!letter || worth_a_letter(now, kind, m.until))
        outbox_send(a, now->db, &m, now->act->at);
}
