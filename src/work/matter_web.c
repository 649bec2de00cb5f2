/*
 * matter_web.c: the page of a matter, and everything that is done to it. One address takes all acts
 * (the field `act` says which). An act is checked on the snapshot, so that a mistake costs no
 * commit, and decided in the commit, on what is true then. Whoever comes second is told who came
 * first. Nothing typed is lost by a refusal.
 */
#include "work/work.h"

#include "contact/contact.h"
#include "directory/directory.h"
#include "team/team.h"
#include "tray/tray.h"
#include "work/hand.h"
#include "work/merge_view.h"
#include "work/matter_view.h"
#include "work/viewer.h"
#include "work/work_pages.h"
#include "work/work_words.h"

/* Which form an act's fields stand in, and what is said when it is done. */
static const struct acting {
    enum matter_kind kind;
    enum work_part part;
    const char *done;
} actings[] = {
    {MATTER_TAKEN, PART_TAKE, N_("You took the matter. The resident sees that you have it.")},
    {MATTER_RELEASED, PART_COUNT, N_("The matter is back in the queue.")},
    {MATTER_ASSESSED, PART_ASSESS, N_("The assessment was recorded.")},
    {MATTER_CONTACTED, PART_CALL, N_("The call was recorded.")},
    {MATTER_MISSED, PART_CALL, N_("The try was recorded.")},
    {MATTER_ANSWERED, PART_WRITE, N_("The message was sent. The resident reads it with the code.")},
    {MATTER_ASKED, PART_ASK, N_("The question was sent. The resident reads it with the code.")},
    {MATTER_CONSULT_ASKED, PART_CONSULT, N_("Your question was sent. You see the answer here.")},
    {MATTER_CONSULT_ANSWERED, PART_ADVISE, N_("Your answer was sent. Thank you.")},
    {MATTER_CONSULT_ENDED, PART_COUNT, N_("The question was taken back.")},
    {MATTER_HAND_OFFERED, PART_HAND,
     N_("Handed over. The matter stays with you until they take it; if they do not, it comes "
        "back.")},
    {MATTER_HAND_TAKEN, PART_OFFER, N_("The hand-over is complete.")},
    {MATTER_HAND_DECLINED, PART_OFFER, N_("Recorded. The sender decides how it goes on.")},
    {MATTER_HAND_WITHDRAWN, PART_OFFER, N_("The hand-over was taken back.")},
    {MATTER_GUIDED, PART_GUIDE, N_("The guidance was recorded.")},
    {MATTER_NOTED, PART_NOTE, N_("The note was saved.")},
    {MATTER_CARE_GIVEN, PART_STEP, N_("The step was recorded.")},
    {MATTER_DOCTOR_NEEDED, PART_STEP, N_("The step was recorded.")},
    {MATTER_DOCTOR_SEEN, PART_STEP, N_("The step was recorded.")},
    {MATTER_NEED_FOUND, PART_STEP, N_("The step was recorded.")},
    {MATTER_ASSESSMENT_BEGUN, PART_STEP, N_("The step was recorded.")},
    {MATTER_ASSESSMENT_DONE, PART_STEP, N_("The step was recorded.")},
    {MATTER_DECIDED, PART_STEP, N_("The step was recorded.")},
    {MATTER_SERVICE_BEGUN, PART_STEP, N_("The step was recorded.")},
    {MATTER_SUPPLEMENTED, PART_STEP, N_("The step was recorded.")},
    {MATTER_MEETING_HELD, PART_STEP, N_("The step was recorded.")},
    {MATTER_NEED_RENEWED, PART_STEP, N_("The new need was recorded. Its clocks start now.")},
    {MATTER_DETAILS, PART_DETAILS, N_("The details were saved.")},
    {MATTER_CLOSED, PART_CLOSE, N_("The matter is closed. The resident reads your text.")},
    {MATTER_REOPENED, PART_REOPEN, N_("The matter is open again.")},
};

/* NULL: not something that a professional does. */
static const struct acting *acting_of(struct str code)
{
    enum matter_kind kind;
    if (!matter_kind_from(code, &kind))
        return NULL;
    for (size_t i = 0; i < sizeof actings / sizeof *actings; i++)
        if (actings[i].kind == kind)
            return &actings[i];
    return NULL;
}

/* From the handler to the commit. */
struct working {
    int64_t id, person, team;
    int64_t seen; /* the last event that the form's page showed; 0: not told */
    const struct merge_offer_view *same; /* what the page named beside */
    const struct acting *acting;
    struct matter_act act;
    struct matter_details details;
};

/* ---- seeing ---- */

/* Whoever reads the page has it open; it names the same person's other matters with our teams: they
 * are seen too. */
static void log_sight(struct rq *rq)
{
    const struct working *w = rq->user;
    const struct viewer_page open = {.matter = w->id,
                                     .team = w->team,
                                     .staff = rq->session.staff,
                                     .page = rq->now.ms,
                                     .now = rq->now,
                                     .until = {rq->now.ms + VIEWER_PAGE_S * 1000}};
    viewer_put(rq->db, &open);
    access_log_add(rq->db, rq->now, w->id, rq->session.staff, S("read"));
    const struct matter seen = {.id = w->id, .person = w->person};
    struct matter_others others = matter_of_person(rq->a, rq->db, &seen);
    for (size_t i = 0; i < others.n; i++)
        if (auth_in_team(&rq->session, others.p[i].team))
            access_log_add(rq->db, rq->now, matter_ref_id(others.p[i].ref), rq->session.staff,
                           S("read"));
    if (w->same)
        merge_offer_seen(rq, w->same);
}

static void show(struct rq *rq, const struct matter *m, const struct matter_showing *s)
{
    struct matter_page v = matter_page_make(rq, m, s);
    ((struct working *)rq->user)->same = v.same;
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = s->error.n > 0;
    rq_page_begin(rq,
                  str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(v.ref_shown), STR_ARG(v.subject)));
    matter_page(&rq->page, &v);
    rq_page_end(rq);
}

static bool load_asked(struct rq *rq, struct matter *m)
{
    struct str ref = matter_ref_typed(rq->a, rq->params[0]);
    return ref.n && matter_load_ref(rq->a, rq->db, rq->app->law, ref, m);
}

static bool load_seen(struct rq *rq, struct matter *m, enum matter_sight *sight)
{
    bool there = load_asked(rq, m);
    *sight = there ? matter_sight(rq->db, &rq->session, m) : SIGHT_NONE;
    return *sight != SIGHT_NONE;
}

static void keep_ids(struct working *w, const struct matter *m)
{
    w->id = m->id;
    w->person = m->person;
    w->team = m->team;
}

/* A live page that asks again for its parts was logged when it was opened; one that nobody has
 * heard of for a while is logged as opened anew. */
static bool logged_already(struct rq *rq, const struct matter *m)
{
    return rq->page.part && viewer_is(rq->db, m->id, rq->session.staff, rq->now);
}

static void matter_get(struct rq *rq)
{
    struct matter m;
    enum matter_sight sight;
    if (!load_seen(rq, &m, &sight)) {
        rq_fault(rq, ERR_NOT_FOUND); /* another team's is not there */
        return;
    }
    struct working *w = ARENA_NEW(rq->a, struct working);
    keep_ids(w, &m);
    rq->user = w;
    const struct acting *done = acting_of(rq_query(rq, "done"));
    struct matter_showing s = {.part = PART_COUNT, .field = ""};
    if (done)
        s.done = tr(rq_lang(rq), done->done);
    show(rq, &m, &s);
    if (!logged_already(rq, &m))
        rq_commit(rq, log_sight);
}

/* ---- refusing ---- */

/* The field of the act's form at which the refusal points; "": none. */
static const char *field_of(enum matter_refusal no)
{
    switch (no) {
    case REFUSED_NO_TEXT:
    case REFUSED_LONG_TEXT:
        return "text";
    case REFUSED_NO_OUTCOME:
        return "outcome";
    case REFUSED_NO_URGENCY:
        return "urgency";
    case REFUSED_NO_REASON:
        return "reason";
    case REFUSED_NO_PROFESSION:
        return "profession";
    case REFUSED_NO_TEAM:
    case REFUSED_SAME_TEAM:
    case REFUSED_NOBODY_ASKED:
    case REFUSED_OTHER_REGISTER:
        return "to";
    case REFUSED_NOT_AGREED:
    case REFUSED_NOT_AGREED_OUT:
        return "agreed";
    case REFUSED_NO_HOW:
        return "how";
    case REFUSED_NO_SHARED:
        return "part";
    case REFUSED_NO_SERVICE:
        return "service";
    case REFUSED_NO_DETAILS:
        return "born";
    default:
        return "";
    }
}

static struct str refusal_words(struct rq *rq, const struct matter *m, enum matter_refusal no)
{
    enum lang l = rq_lang(rq);
    if (no != REFUSED_OTHERS)
        return tr(l, matter_refusal_words(no));
    struct matter_events events = matter_load_events(rq->a, rq->db, m->id);
    struct str name = matter_owner_name(&events, m->owner);
    return tr_fill(rq->a,
                   tr(l, "%1 has this matter now. Nothing was changed. Take it over only when you "
                         "have agreed on it."),
                   &name, 1);
}

static struct date read_born(struct rq *rq)
{
    int64_t d, m, y;
    bool whole = str_int(rq_form(rq, "born.d"), &d) && str_int(rq_form(rq, "born.m"), &m) &&
                 str_int(rq_form(rq, "born.y"), &y);
    if (!whole || y < 1880 || y > 2999 || m < 1 || m > 12 || d < 1 || d > 31 ||
        !date_valid((int)y, (int)m, (int)d))
        return DATE_NONE;
    struct date born = date_from((int)y, (int)m, (int)d);
    return born.day <= date_of(rq->now).day ? born : DATE_NONE;
}

enum { LONGEST_NAME = 200 };

/* What is wrong with the details as they were typed, as a message id; NULL: nothing. A date that
 * was begun but is none; a line that is too long. */
static const char *wrong_detail(struct rq *rq, const struct working *w)
{
    if (w->act.kind != MATTER_DETAILS)
        return NULL;
    bool begun = rq_form(rq, "born.d").n || rq_form(rq, "born.m").n || rq_form(rq, "born.y").n;
    if (begun && !date_is(w->details.born))
        return N_("Write the date of birth with day, month and year, like 3 4 1950.");
    if (str_utf8_len(w->details.name) > LONGEST_NAME)
        return N_("Shorten this to 200 characters.");
    if (w->details.phone.n && !str_is_phone(w->details.phone))
        return N_("Write the number that we call, for example 040 123 4567.");
    return NULL;
}

/* The page again, with what was refused and why. On the snapshot or in the commit. */
static void show_again(struct rq *rq, const struct matter *m, const struct matter_showing *s)
{
    const struct working *w = rq->user;
    rq_status(rq, *s->field && !s->overtaken ? 422 : 409);
    if (hand_leaves(m, &w->act))
        hand_show(rq, m, &w->act, s);
    else
        show(rq, m, s);
}

static void show_refusal(struct rq *rq, const struct matter *m, enum matter_refusal no)
{
    const struct working *w = rq->user;
    const char *field = field_of(no), *wrong = wrong_detail(rq, w);
    struct matter_showing s = {.part = w->acting->part, .field = field};
    s.error = wrong ? tr(rq_lang(rq), wrong) : refusal_words(rq, m, no);
    show_again(rq, m, &s);
}

/* What goes to the resident, or out of our hands, is not done over what others did meanwhile: it is
 * shown, and sending again does it. Notes and the like stand beside. */
static bool is_overtaken(struct rq *rq, const struct working *w)
{
    switch (w->act.kind) {
    case MATTER_ANSWERED:
    case MATTER_ASKED:
    case MATTER_GUIDED:
    case MATTER_CLOSED:
    case MATTER_HAND_OFFERED:
        break;
    default:
        return false;
    }
    struct matter_events events = matter_load_events(rq->a, rq->db, w->id);
    return matter_overtaken(&events, w->seen, rq->session.staff);
}

static void show_overtaken(struct rq *rq, const struct matter *m)
{
    const struct working *w = rq->user;
    struct matter_showing s = {
        .part = w->acting->part,
        .field = "text",
        .overtaken = w->seen,
        .error =
            tr(rq_lang(rq), "Something happened in this matter while you were writing. Nothing "
                            "was sent, and your text is kept. Read what happened; then send "
                            "again, or change your text first.")};
    show_again(rq, m, &s);
}

/* ---- doing ---- */

static void read_details(struct rq *rq, struct working *w)
{
    struct str conditions = rq_form(rq, "conditions");
    w->details = (struct matter_details){.name = contact_line(rq->a, rq_form(rq, "name")),
                                         .phone = rq_form(rq, "phone"),
                                         .born = read_born(rq)};
    if (law_condition_find(rq->app->law, conditions))
        w->details.conditions = conditions;
    w->act.details = &w->details;
}

/* "staff:ID", or "any:TEAM:PROFESSION". */
static void read_asked(struct rq *rq, struct working *w)
{
    struct str to = rq_form(rq, "to");
    int64_t id;
    if (str_starts(to, S("staff:")) && str_int(str_sub(to, 6, to.n), &id))
        w->act.to_staff = id;
    if (!str_starts(to, S("any:")))
        return;
    struct str rest = str_sub(to, 4, to.n);
    size_t colon = str_find(rest, ':');
    struct teams teams = teams_load(rq->a, rq->db);
    const struct team *team =
        str_int(str_sub(rest, 0, colon), &id) ? teams_by_id(&teams, id) : NULL;
    if (!team || colon == rest.n)
        return;
    w->act.team = team->id;
    w->act.team_reg = team->reg;
    w->act.profession = str_sub(rest, colon + 1, rest.n);
}

static void read_service(struct rq *rq, struct working *w)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    const struct dir_service *s = dir_service(d, rq_form(rq, "service"));
    if (!s)
        return;
    w->act.service = s->id;
    w->act.service_name = dir_pick(&s->name, rq_lang(rq)).text;
}

static void read_act(struct rq *rq, const struct matter *m, struct working *w)
{
    str_int(rq_form(rq, "seen"), &w->seen);
    w->act = (struct matter_act){.kind = w->acting->kind,
                                 .at = rq->now,
                                 .staff = rq->session.staff,
                                 .text = rq_form(rq, "text"),
                                 .agreed = rq_form(rq, "agreed").n > 0};
    str_int(rq_form(rq, "event"), &w->act.event);
    if (w->act.kind == MATTER_ASSESSED) {
        w->act.reason = rq_form(rq, "reason");
        w->act.urgency = rq_form(rq, "urgency");
        struct named_list known = professions_load(rq->a, rq->db);
        for (size_t i = 0; i < known.n; i++)
            if (str_eq(known.p[i].ref, rq_form(rq, "profession")))
                w->act.profession = known.p[i].ref;
    } else if (w->act.kind == MATTER_CLOSED) {
        w->act.outcome = rq_form(rq, "outcome");
    } else if (w->act.kind == MATTER_HAND_OFFERED) {
        hand_read(rq, m, &w->act);
    } else if (w->act.kind == MATTER_CONSULT_ASKED) {
        read_asked(rq, w);
    } else if (w->act.kind == MATTER_GUIDED) {
        read_service(rq, w);
    } else if (w->act.kind == MATTER_DETAILS) {
        read_details(rq, w);
    }
}

static void go_on(struct rq *rq, const struct matter *m, const struct working *w)
{
    const char *lang = lang_code(rq_lang(rq)), *code = matter_kind_code(w->act.kind);
    if (matter_sight(rq->db, &rq->session, m) != SIGHT_NONE)
        rq_redirectf(rq, "/%s/staff/matter/" STR_FMT "?done=%s", lang, STR_ARG(m->ref), code);
    else
        rq_redirectf(rq, "/%s/staff/?done=%s", lang, code);
}

static void act_commit(struct rq *rq)
{
    const struct working *w = rq->user;
    struct matter m;
    bool there = matter_load(rq->a, rq->db, rq->app->law, w->id, &m);
    if (there && matter_done_already(rq->a, rq->db, w->id, &w->act)) {
        go_on(rq, &m, w);
        return;
    }
    enum matter_sight sight = there ? matter_sight(rq->db, &rq->session, &m) : SIGHT_NONE;
    if (!matter_may(&rq->session, &m, sight, w->act.kind)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (is_overtaken(rq, w)) {
        show_overtaken(rq, &m);
        log_sight(rq);
        return;
    }
    int64_t team = m.team;
    enum matter_refusal no = matter_do(rq->a, rq->db, rq->app->law, &m, &w->act);
    if (no == REFUSED_FINE && m.team != team)
        tray_follow_matter(rq->db, m.id, m.team);
    if (no == REFUSED_FINE || no == REFUSED_MINE) {
        go_on(rq, &m, w);
        return;
    }
    show_refusal(rq, &m, no);
    log_sight(rq);
}

/* No act came: the radio buttons or the list that choose it were left open. */
static void ask_what(struct rq *rq, const struct matter *m)
{
    bool call = str_eq(rq_form(rq, "part"), S("call"));
    if (!call && !str_eq(rq_form(rq, "part"), S("step"))) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct matter_showing s = {.part = call ? PART_CALL : PART_STEP,
                               .field = "act",
                               .error = tr(rq_lang(rq), "Choose what has been done.")};
    rq_status(rq, 422);
    show(rq, m, &s);
    rq_commit(rq, log_sight);
}

/* A form sent twice is done once; also when the matter cannot be seen any more. */
static bool sent_twice(struct rq *rq, const struct matter *m, struct working *w)
{
    if (!w->acting)
        return false;
    read_act(rq, m, w);
    if (!matter_done_already(rq->a, rq->db, m->id, &w->act))
        return false;
    go_on(rq, m, w);
    return true;
}

/* A template was added to a text, without a script: the page again, nothing is done. */
static bool template_added(struct rq *rq, const struct matter *m)
{
    if (!rq_form(rq, "reply.use").n)
        return false;
    struct matter_showing s = {.part = PART_COUNT, .field = ""};
    show(rq, m, &s);
    rq_commit(rq, log_sight);
    return true;
}

/* Out of the register: what is told is shown before it is sent. */
static bool told_first(struct rq *rq, const struct matter *m, const struct working *w)
{
    if (!hand_leaves(m, &w->act) || (hand_sent(rq, &w->act)))
        return false;
    hand_show(rq, m, &w->act, &(struct matter_showing){.part = PART_HAND, .field = ""});
    rq_commit(rq, log_sight);
    return true;
}

static void decide(struct rq *rq, const struct matter *m, struct working *w)
{
    enum matter_refusal no = matter_check(rq->app->law, m, &w->act);
    if (no == REFUSED_FINE && wrong_detail(rq, w))
        no = REFUSED_NO_DETAILS;
    if (no == REFUSED_FINE || no == REFUSED_MINE) {
        rq_commit(rq, act_commit);
        return;
    }
    show_refusal(rq, m, no);
    rq_commit(rq, log_sight);
}

static void act_post(struct rq *rq)
{
    struct matter m;
    enum matter_sight sight = SIGHT_NONE;
    struct working *w = ARENA_NEW(rq->a, struct working);
    bool there = load_asked(rq, &m);
    rq->user = w;
    w->acting = acting_of(rq_form(rq, "act"));
    if (there && !rq_form(rq, "reply.use").n && sent_twice(rq, &m, w))
        return;
    if (there)
        sight = matter_sight(rq->db, &rq->session, &m);
    if (sight == SIGHT_NONE ||
        (w->acting && !matter_may(&rq->session, &m, sight, w->acting->kind))) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    keep_ids(w, &m);
    if (template_added(rq, &m))
        return;
    if (!w->acting)
        ask_what(rq, &m);
    else if (!told_first(rq, &m, w))
        decide(rq, &m, w);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/matter/:ref", ACCESS_STAFF, 0, matter_get},
    {HTTP_POST, "/:lang/staff/matter/:ref", ACCESS_STAFF, 0, act_post},
};
const struct route_table work_matter_routes = {routes, sizeof routes / sizeof *routes};
