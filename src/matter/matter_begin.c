/*
 * matter_begin.c: a contact: a matter as it begins. Prepared on any thread, stored in the commit.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"
#include "matter/merge.h"

#include "base/guard.h"

#include <assert.h>

/* The matter as it begins: what the fold of its first event gives, without the way through JSON. */
static struct matter contact_begins(const struct law *law, const struct matter_contact *c)
{
    struct matter m = {
        .person = c->person,
        .state = MATTER_OPEN,
        .reg = c->reg,
        .form = c->form,
        .reason = c->reason,
        .channel = c->channel,
        .team = c->team,
        .received = c->at,
        .counted = law_counted_from(law, c->at, LAW_WARN),
        .name = empty_as_none(c->name),
        .phone = empty_as_none(c->phone),
        .email = empty_as_none(c->email),
        .reach = c->reach,
        .language = c->language,
        .other = empty_as_none(c->other),
        .born = c->born,
        .conditions = empty_as_none(c->conditions),
        .district = empty_as_none(c->district),
        .interpreter = c->interpreter,
        .wish = c->wish,
        .origin = c->offer ? c->offer->matter : 0,
        .offer = c->offer ? *c->offer : (struct matter_offer){0},
    };
    fact_begin(&m, c->staff, c->noted.ms ? c->noted : c->at);
    return m;
}

static void write_contact(struct arena *a, struct jw *w, const struct matter *m)
{
    jw_str(w, "form", m->form);
    jw_str(w, "reason", m->reason);
    jw_str(w, "register", str_of(reg_code(m->reg)));
    jw_str(w, "channel", str_of(matter_channel_code(m->channel)));
    jw_int(w, "team", m->team);
    if (m->person)
        jw_int(w, "person", m->person);
    jw_str(w, "name", m->name);
    if (date_is(m->born))
        jw_str(w, "born", date_iso(a, m->born));
    jw_str(w, "conditions", m->conditions);
    jw_str(w, "district", m->district);
    jw_str(w, "phone", m->phone);
    jw_str(w, "email", m->email);
    jw_str(w, "reach", m->reach);
    jw_str(w, "language", m->language);
    if (m->interpreter)
        jw_bool(w, "interpreter", true);
    jw_str(w, "other", m->other);
    jw_str(w, "counted", date_iso(a, m->counted));
    offer_write_carrier(w, m);
    wish_write(a, w, &m->wish);
}

static struct str contact_body(struct arena *a, const struct law *law, struct matter_contact *c)
{
    struct buf b = buf_new(a, 512 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    write_contact(a, &w, &c->first);
    if (c->noted.ms)
        jw_int(&w, "notedAt", c->noted.ms);
    jw_str(&w, "text", empty_as_none(str_trim(c->text)));
    clocks_write_contact(a, &w, law, &c->first, c->hours);
    if (c->routed.n)
        jw_json(&w, "why", c->routed);
    if (c->response.n)
        jw_json(&w, "response", c->response);
    jw_end_object(&w);
    if (!buf_ok(&b))
        guard_fail(ERR_TOO_LARGE, "a contact over its limit");
    return buf_get(&b);
}

/* In builds for tests each contact is folded too: the rows must be what the event says. */
static void check_fold(struct arena *a, const struct law *law, const struct matter_contact *c)
{
#ifdef ASIALLA_FAULTS
    struct matter folded = {0};
    struct matter_event e = {
        .at = c->at, .kind = MATTER_RECEIVED, .staff = c->staff, .body = c->body};
    struct str why;
    bool ok = matter_fold(a, law, &folded, &e, &why);
    assert(ok && !matter_difference(&c->first, &folded));
#endif
}

void contact_make(struct arena *a, const struct law *law, struct matter_contact *c)
{
    assert(c->team && law_reason_find(law, c->reason) >= 0);
    c->law = law;
    c->first = contact_begins(law, c);
    c->body = contact_body(a, law, c);
    check_fold(a, law, c);
}

struct str matter_contact_prepare(struct arena *a, const struct law *law,
                                  const unsigned char key[32], struct matter_contact *c)
{
    assert(c->once.n >= 16);
    if (c->wish.day.day == 0 && c->wish.to == 0)
        c->wish.day = DATE_NONE;
    struct str code = auth_code_make(a, key, c->once);
    bool ok = auth_code_hash(a, key, code, &c->code_hash);
    assert(ok);
    contact_make(a, law, c);
    return code;
}

/* When the person was here before is known in the commit alone: it is written into the event, so
 * that the log tells it for ever. */
static struct str body_with_again(struct arena *a, const struct matter_contact *c)
{
    if (c->first.again == MATTER_AGAIN_UNKNOWN)
        return c->body;
    return str_fmt(a, STR_FMT ",\"again\":%d}", (int)c->body.n - 1, c->body.p, c->first.again);
}

int64_t matter_contact_store(struct arena *a, struct db *db, struct matter_contact *c, bool *again)
{
    struct matter *m = &c->first;
    m->id = rows_insert(db, m, c->code_hash);
    *again = m->id == 0;
    if (*again)
        return matter_find_code(db, c->code_hash);
    m->ref = matter_ref(a, m->id);
    struct matter_event e = {
        .at = c->at, .kind = MATTER_RECEIVED, .staff = c->staff, .body = body_with_again(a, c)};
    rows_append_event(db, m->id, &e, false);
    merge_unkeyed(db, m->id);
    if (m->origin)
        rows_update(db, NULL, m);
    rows_put_clocks(db, NULL, m);
    queue_moved(db, m, &(struct queue_place){0});
    fact_changed(a, db, c->law, NULL, &e, m);
    if (c->staff)
        access_log_add(db, c->noted.ms ? c->noted : c->at, m->id, c->staff, S("wrote"));
    db_notify(db, team_topic(m->team));
    return m->id;
}

struct matter matter_contact_began(struct arena *a, const struct matter_contact *c)
{
    struct matter m = c->first;
    m.clocks = clocks_copy(a, &c->first.clocks); /* the commit may be run again, from the start */
    m.fresh = true;
    return m;
}
