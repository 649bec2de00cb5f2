/*
 * group_staff_web.c: groups as those who lead them see them: the team's groups, a group, its
 * sessions, sign-ups and attendance, figures. A group is seen by its team; to others it is not
 * there. Who reads a name here reads a sign-up, not a client record: no matter is opened by it.
 */
#include "group/group_view.h"

#include "group/group_pages.h"

/* ---- whose ---- */

static const struct team *team_asked(struct rq *rq, const struct teams *own)
{
    int64_t id;
    const struct team *t = str_int(rq_query(rq, "team"), &id) ? teams_by_id(own, id) : NULL;
    return t ? t : own->n ? &own->p[0] : NULL;
}

static void put_teams(struct rq *rq, const struct teams *own, const struct team *chosen,
                      struct ui_options *out)
{
    for (size_t i = 0; i < own->n; i++)
        VEC_PUSH(rq->a, out,
                 (struct ui_option){.value = str_fmt(rq->a, "%lld", (long long)own->p[i].id),
                                    .label = own->p[i].name[rq_lang(rq)],
                                    .chosen = &own->p[i] == chosen});
}

bool group_load_own(struct rq *rq, struct group *g)
{
    return group_load(rq->a, rq->db, rq->params[0], g) && auth_in_team(&rq->session, g->team);
}

static void begin(struct rq *rq, struct str title)
{
    rq->page.active = S("groups");
    rq->page.refuse_index = true;
    rq_page_begin(rq, title);
}

static struct str base_of(struct rq *rq, const struct group *g)
{
    return str_fmt(rq->a, "/%s/staff/group/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(g->ref));
}

static struct str of_words(struct rq *rq, int64_t n, int64_t of)
{
    struct str parts[] = {fmt_int(rq->a, rq_lang(rq), n), fmt_int(rq->a, rq_lang(rq), of)};
    return tr_fill(rq->a, tr(rq_lang(rq), "%1 of %2"), parts, 2);
}

/* ---- the list ---- */

static struct group_line line_of(struct rq *rq, const struct group *g,
                                 const struct group_book *book)
{
    enum lang l = rq_lang(rq);
    struct group_sessions list = group_book_sessions(book, g->id);
    const struct group_session *next = group_next(&list, 0, rq->now);
    struct group_counts n = group_book_count(book, g->id, g->whole || !next ? 0 : next->id);
    return (struct group_line){
        .href = base_of(rq, g),
        .name = g->name[l],
        .state = tr(l, group_state_words(g->state)),
        .next = next ? group_when(rq->a, l, next) : tr(l, "none"),
        .taken = of_words(rq, n.of[SIGN_PLACE] + n.of[SIGN_OFFERED], g->places),
        .waiting = fmt_int(rq->a, l, n.of[SIGN_WAITING]),
    };
}

static void list_get(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = team_asked(rq, &own);
    struct group_staff_list v = {.team = team ? team->id : 0};
    put_teams(rq, &own, team, &v.teams);
    struct groups all = groups_of_team(rq->a, rq->db, v.team);
    struct group_book book = group_book_of_team(rq->a, rq->db, v.team);
    for (size_t i = 0; i < all.n; i++)
        VEC_PUSH(rq->a, &v.rows, line_of(rq, &all.p[i], &book));
    begin(rq, tr(rq_lang(rq), "Groups and events"));
    group_staff_list(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- people ---- */

struct sight {
    int64_t group, session; /* 0: the whole series */
};

static void sight_commit(struct rq *rq)
{
    const struct sight *s = rq->user;
    group_sight_add(rq->db, rq->session.staff, s->group, s->session, rq->now);
}

/* The page that was made shows who has signed up: logged before it is sent. */
static void log_sight(struct rq *rq, int64_t group, int64_t session)
{
    struct sight *s = ARENA_NEW(rq->a, struct sight);
    *s = (struct sight){group, session};
    rq->user = s;
    rq_commit(rq, sight_commit);
}

/* Of a series for which one signs up as a whole its own page has the list. */
static void log_group_sight(struct rq *rq, const struct group *g)
{
    if (g->whole)
        log_sight(rq, g->id, 0);
}

static struct group_person person_of(struct rq *rq, const struct group_signup *s, size_t nr)
{
    enum lang l = rq_lang(rq);
    struct buf way = buf_new(rq->a, 0);
    buf_str(&way, s->phone);
    if (s->phone.n && s->email.n)
        buf_lit(&way, ", ");
    buf_str(&way, s->email);
    return (struct group_person){
        .id = s->id,
        .nr = (int)nr + 1,
        .who = s->name.n ? s->name : tr(l, "No name"),
        .way = way.n ? buf_get(&way) : tr(l, "not told"),
        .since = fmt_date(rq->a, l, date_of(s->made)),
        .state = s->state == SIGN_OFFERED ? tr(l, group_sign_words(SIGN_OFFERED)) : S(""),
        .by = s->staff ? tr(l, "by a professional") : S(""),
        .matter = s->matter ? matter_ref(rq->a, s->matter) : S(""),
        .came = -1,
    };
}

static void put_people(struct rq *rq, const struct group *g, int64_t session, enum group_sign state,
                       struct group_persons *out)
{
    struct group_signups list = group_signups_load(rq->a, rq->db, g->id, session, state);
    for (size_t i = 0; i < list.n; i++) {
        struct group_person p = person_of(rq, &list.p[i], out->n);
        VEC_PUSH(rq->a, out, p);
    }
}

/* ---- a group ---- */

struct acting { /* what was sent, and what came of it */
    struct group_weekly w;
    struct str act, text;
    int64_t session, signup;
    int others;
    struct group_marks marks;
    enum group_refusal no;
    bool bad; /* the form for new sessions cannot be read */
};

static struct str room_name(struct rq *rq, const struct calendars *rooms, int64_t id)
{
    for (size_t i = 0; i < rooms->n; i++)
        if (rooms->p[i].id == id)
            return rooms->p[i].name[rq_lang(rq)];
    return S("");
}

static void put_times(struct rq *rq, const struct group *g, const struct group_book *book,
                      const struct calendars *rooms, struct group_times *out)
{
    enum lang l = rq_lang(rq);
    for (size_t i = 0; i < book->sessions.n; i++) {
        const struct group_session *s = &book->sessions.p[i];
        struct group_time t = group_time_of(rq, s);
        struct group_counts n = group_book_count(book, g->id, g->whole ? 0 : s->id);
        t.href = str_fmt(rq->a, STR_FMT "/session/%lld", STR_ARG(base_of(rq, g)), (long long)s->id);
        int64_t taken = s->attended.ms ? s->signed_up : n.of[SIGN_PLACE] + n.of[SIGN_OFFERED];
        t.places = of_words(rq, taken, g->places); /* once they are erased the number stays */
        t.room = room_name(rq, rooms, s->calendar);
        if (s->attended.ms) {
            struct str parts[] = {fmt_int(rq->a, l, s->came), fmt_int(rq->a, l, s->came_without)};
            t.numbers =
                s->came_without ? tr_fill(rq->a, tr(l, "%1, others %2"), parts, 2) : parts[0];
        } else {
            t.numbers = t.past && !t.cancelled ? tr(l, "not written down") : S("");
        }
        VEC_PUSH(rq->a, out, t);
    }
}

static void put_adding(struct rq *rq, const struct calendars *rooms, struct group_staff_view *v)
{
    enum lang l = rq_lang(rq);
    struct str n = rq_form(rq, "n"), every = rq_form(rq, "every"), lasts = rq_form(rq, "minutes");
    v->first = (struct ui_field){.name = S("first"),
                                 .label = tr(l, "First day"),
                                 .value = rq_form(rq, "first"),
                                 .type = "date",
                                 .size = "mid"};
    v->minute = (struct ui_field){.name = S("minute"),
                                  .label = tr(l, "Begins at"),
                                  .value = rq_form(rq, "minute"),
                                  .hint = tr(l, "By the clock, for example 13:00. It stays the "
                                                "same when the clocks change."),
                                  .type = "time",
                                  .size = "mid"};
    v->minutes = (struct ui_field){.name = S("minutes"),
                                   .label = tr(l, "Lasts, minutes"),
                                   .value = lasts.n ? lasts : S("60"),
                                   .size = "short"};
    v->n = (struct ui_field){.name = S("n"),
                             .label = tr(l, "How many sessions"),
                             .value = n.n ? n : S("1"),
                             .size = "short"};
    v->every = (struct ui_field){.name = S("every"),
                                 .label = tr(l, "Every how many weeks"),
                                 .value = every.n ? every : S("1"),
                                 .size = "short"};
    v->room = (struct ui_choice){.name = S("room"), .label = tr(l, "Room")};
    group_put_option(rq, &v->room, S(""), tr(l, "No room is reserved"), false);
    for (size_t i = 0; i < rooms->n; i++)
        if (rooms->p[i].kind == CALENDAR_ROOM && !rooms->p[i].ended)
            group_put_option(rq, &v->room, rooms->p[i].ref, rooms->p[i].name[l],
                             str_eq(rooms->p[i].ref, rq_form(rq, "room")));
}

static struct str done_words(struct rq *rq)
{
    static const struct {
        const char *code, *words;
    } done[] = {
        {"state", N_("Saved.")},
        {"add", N_("The sessions were added.")},
        {"made", N_("The group was made. Add its sessions, then open it.")},
        {"edit", N_("The group was changed.")},
        {"cancel", N_("Cancelled. Everybody who left a way to be told is told.")},
        {"leave", N_("The sign-up was cancelled. The place is offered to the next.")},
        {"attend", N_("Attendance was saved.")},
    };
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (str_eq(rq_query(rq, "done"), str_of(done[i].code)))
            return tr(rq_lang(rq), done[i].words);
    return S("");
}

static struct ui_field text_field(struct rq *rq)
{
    return (struct ui_field){.name = S("text"),
                             .label = tr(rq_lang(rq), "Why, and what they can do"),
                             .hint = tr(rq_lang(rq), "The text stands on their page, in all "
                                                     "languages as you write it."),
                             .value = group_typed(rq, "text", false),
                             .rows = 4,
                             .longest = GROUP_TEXT_MAX};
}

static void show_group(struct rq *rq, const struct group *g, const struct acting *k)
{
    enum lang l = rq_lang(rq);
    struct group_book book = group_book_of(rq->a, rq->db, g->id);
    struct calendars rooms = calendars_of_team(rq->a, rq->db, g->team);
    struct group_staff_view v = {
        .base = base_of(rq, g),
        .name = g->name[l],
        .state = tr(l, group_state_words(g->state)),
        .once = rand_ref(rq->a, 26),
        .done = {.tone = UI_DONE, .live = true, .text = k ? S("") : done_words(rq)},
        .whole = g->whole,
        .ended = g->state == GROUP_ENDED,
        .text = text_field(rq),
        .states = {.name = S("state"), .label = tr(l, "Sign-up")},
    };
    for (int s = 0; s < GROUP_STATES; s++)
        group_put_option(rq, &v.states, str_of(group_state_code((enum group_state)s)),
                         tr(l, group_state_words((enum group_state)s)),
                         g->state == (enum group_state)s);
    group_put_facts(rq, g, &book.sessions, &v.facts);
    v.facts.wide = true;
    put_times(rq, g, &book, &rooms, &v.times);
    put_adding(rq, &rooms, &v);
    if (g->whole) {
        put_people(rq, g, 0, SIGN_PLACE, &v.place);
        put_people(rq, g, 0, SIGN_OFFERED, &v.waiting);
        put_people(rq, g, 0, SIGN_WAITING, &v.waiting);
    }
    if (k) {
        v.opened = str_eq(k->act, S("add"));
        v.cancelling = str_eq(k->act, S("cancel"));
        v.error = k->bad ? tr(l, "Write the day, the time, the length in minutes, and how many "
                                 "sessions: at most 60, at most eight weeks apart.")
                         : tr(l, group_refusal_words(k->no));
        v.error_target = v.opened ? S("add") : v.cancelling ? S("cancel") : S("act-h");
        rq_status(rq, 422);
    }
    rq->page.failed = v.error.n > 0;
    rq->page.path = str_sub(v.base, 3, v.base.n);
    begin(rq, g->name[l]);
    group_staff_page(&rq->page, &v);
    rq_page_end(rq);
}

static void group_get(struct rq *rq)
{
    struct group g;
    if (!group_load_own(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    show_group(rq, &g, NULL);
    log_group_sight(rq, &g);
}

static enum group_refusal do_leave(struct rq *rq, const struct group *g, const struct acting *k)
{
    struct group_signup s;
    if (!group_signup_load(rq->a, rq->db, k->signup, &s) || s.group != g->id)
        return GROUP_NO_GONE;
    enum group_refusal no = group_leave(rq->a, rq->db, g, &s, rq->now);
    return no == GROUP_NO_GONE ? GROUP_NO_FINE : no;
}

static void group_commit(struct rq *rq)
{
    struct acting *k = rq->user;
    struct group g;
    enum group_state state;
    if (!group_load_own(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (str_eq(k->act, S("add")))
        k->no = group_sessions_add(rq->a, rq->db, &g, &k->w, rq->now);
    else if (str_eq(k->act, S("cancel")))
        k->no = group_cancel(rq->a, rq->db, &g, k->text, rq->now);
    else if (str_eq(k->act, S("leave")))
        k->no = do_leave(rq, &g, k);
    else if (group_state_from(rq_form(rq, "state"), &state))
        group_state_set(rq->db, g.id, state);
    if (k->no == GROUP_NO_FINE) {
        rq_redirectf(rq, STR_FMT "?done=" STR_FMT, STR_ARG(base_of(rq, &g)), STR_ARG(k->act));
        return;
    }
    show_group(rq, &g, k);
    rq_refuse(rq);
}

static int number_typed(struct rq *rq, const char *name)
{
    int64_t n;
    return str_int(rq_form(rq, name), &n) && n >= 0 && n <= 100000 ? (int)n : -1;
}

static void read_weekly(struct rq *rq, const struct group *g, struct acting *k)
{
    struct str time = rq_form(rq, "minute"), hour = str_cut(&time, ':');
    struct calendar room = {0};
    int64_t h = -1, m = -1;
    k->w = (struct group_weekly){.first = DATE_NONE,
                                 .minutes = number_typed(rq, "minutes"),
                                 .n = number_typed(rq, "n"),
                                 .every = number_typed(rq, "every")};
    date_parse(rq_form(rq, "first"), &k->w.first);
    bool whole = str_int(hour, &h) && str_int(str_sub(time, 0, 2), &m) && h >= 0 && h < 24 &&
                 m >= 0 && m < 60;
    k->w.minute = whole ? (int)(h * 60 + m) : -1;
    if (rq_form(rq, "room").n && calendar_load_ref(rq->a, rq->db, rq_form(rq, "room"), &room) &&
        room.team == g->team)
        k->w.calendar = room.id;
    k->bad = group_weekly_wrong(&k->w);
}

static void group_post(struct rq *rq)
{
    struct group g;
    struct acting *k = ARENA_NEW(rq->a, struct acting);
    *k = (struct acting){.act = rq_form(rq, "act"), .text = group_typed(rq, "text", false)};
    if (!group_load_own(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    str_int(rq_form(rq, "signup"), &k->signup);
    if (str_eq(k->act, S("add")))
        read_weekly(rq, &g, k);
    else if (!str_eq(k->act, S("cancel")) && !str_eq(k->act, S("leave")))
        k->act = S("state");
    rq->user = k;
    if (!k->bad) {
        rq_commit(rq, group_commit);
        return;
    }
    show_group(rq, &g, k);
    log_group_sight(rq, &g);
}

/* ---- a session ---- */

static bool load_session(struct rq *rq, struct group *g, struct group_session *s)
{
    int64_t id;
    return group_load_own(rq, g) && str_int(rq->params[1], &id) &&
           group_session_load(rq->a, rq->db, id, s) && s->group == g->id;
}

static void put_marks(struct rq *rq, const struct group_session *s, struct group_persons *people)
{
    struct group_marks marks = group_marks_load(rq->a, rq->db, s->id);
    for (size_t i = 0; i < people->n; i++)
        for (size_t j = 0; j < marks.n; j++)
            if (marks.p[j].signup == people->p[i].id)
                people->p[i].came = marks.p[j].came;
}

static struct str told_words(struct rq *rq, const struct group_session *s)
{
    enum lang l = rq_lang(rq);
    struct str parts[] = {fmt_int(rq->a, l, s->came), fmt_int(rq->a, l, s->signed_up),
                          fmt_int(rq->a, l, s->came_without), fmt_when(rq->a, l, s->attended)};
    if (!s->attended.ms)
        return S("");
    return tr_fill(rq->a, tr(l, "Came: %1 of %2 who had a place, and %3 others. Written down %4."),
                   parts, 4);
}

static void show_session(struct rq *rq, const struct group *g, const struct group_session *s,
                         const struct acting *k)
{
    enum lang l = rq_lang(rq);
    bool erased = s->end.ms + (int64_t)group_data()->keep_days * 24 * HOUR_MS < rq->now.ms;
    struct group_session_view v = {
        .group = base_of(rq, g),
        .name = g->name[l],
        .when = group_when(rq->a, l, s),
        .once = rand_ref(rq->a, 26),
        .done = {.tone = UI_DONE, .live = true, .text = k ? S("") : done_words(rq)},
        .cancelled = s->cancelled,
        .begun = s->start.ms <= rq->now.ms,
        .can_tell = s->start.ms - HOUR_MS <= rq->now.ms && !erased,
        .erased = erased ? tr(l, group_refusal_words(GROUP_NO_ERASED)) : S(""),
        .whole = g->whole,
        .why = s->why,
        .told = told_words(rq, s),
        .text = text_field(rq),
        .others = {.name = S("others"),
                   .label = tr(l, "How many others came"),
                   .hint = tr(l, "Who came without signing up."),
                   .value = k ? rq_form(rq, "others") : fmt_int(rq->a, l, s->came_without),
                   .size = "short"},
    };
    v.base = str_fmt(rq->a, STR_FMT "/session/%lld", STR_ARG(v.group), (long long)s->id);
    put_people(rq, g, g->whole ? 0 : s->id, SIGN_PLACE, &v.place);
    put_people(rq, g, g->whole ? 0 : s->id, SIGN_OFFERED, &v.waiting);
    put_people(rq, g, g->whole ? 0 : s->id, SIGN_WAITING, &v.waiting);
    put_marks(rq, s, &v.place);
    if (k) {
        v.error = tr(l, group_refusal_words(k->no));
        v.error_target = str_eq(k->act, S("cancel")) ? S("text") : S("attendance");
        rq_status(rq, 422);
    }
    rq->page.failed = k != NULL;
    rq->page.path = str_sub(v.base, 3, v.base.n);
    begin(rq, g->name[l]);
    group_session_page(&rq->page, &v);
    rq_page_end(rq);
}

static void session_get(struct rq *rq)
{
    struct group g;
    struct group_session s;
    if (!load_session(rq, &g, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    show_session(rq, &g, &s, NULL);
    log_sight(rq, g.id, g.whole ? 0 : s.id);
}

static void session_commit(struct rq *rq)
{
    struct acting *k = rq->user;
    struct group g;
    struct group_session s;
    if (!load_session(rq, &g, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (str_eq(k->act, S("cancel")))
        k->no = group_session_cancel(rq->a, rq->db, &g, s.id, k->text, rq->now);
    else if (str_eq(k->act, S("leave")))
        k->no = do_leave(rq, &g, k);
    else
        k->no = group_attend(rq->a, rq->db, &g, s.id, &k->marks, k->others, rq->now);
    if (k->no == GROUP_NO_FINE) {
        rq_redirectf(rq, STR_FMT "/session/%lld?done=" STR_FMT, STR_ARG(base_of(rq, &g)),
                     (long long)s.id, STR_ARG(k->act));
        return;
    }
    show_session(rq, &g, &s, k);
    rq_refuse(rq);
}

static void session_post(struct rq *rq)
{
    struct group g;
    struct group_session s;
    struct acting *k = ARENA_NEW(rq->a, struct acting);
    *k = (struct acting){.act = rq_form(rq, "act"), .text = group_typed(rq, "text", false)};
    if (!load_session(rq, &g, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    str_int(rq_form(rq, "signup"), &k->signup);
    if (!str_eq(k->act, S("cancel")) && !str_eq(k->act, S("leave"))) {
        struct str others = rq_form(rq, "others");
        k->act = S("attend");
        k->others = others.n ? number_typed(rq, "others") : 0;
        struct group_signups have =
            group_signups_load(rq->a, rq->db, g.id, g.whole ? 0 : s.id, SIGN_PLACE);
        for (size_t i = 0; i < have.n; i++) {
            const char *name = str_z(rq->a, str_fmt(rq->a, "came.%lld", (long long)have.p[i].id));
            struct str came = rq_form(rq, name);
            if (came.n)
                VEC_PUSH(rq->a, &k->marks, (struct group_mark){have.p[i].id, str_eq(came, S("1"))});
        }
    }
    rq->user = k;
    rq_commit(rq, session_commit);
}

/* ---- figures ---- */

struct counting {
    const struct team *team;
    struct teams own;
    int year;
    struct group_figures figures;
};

static bool count(struct rq *rq, struct counting *c)
{
    int64_t year = date_civil(date_of(rq->now)).year;
    c->own = teams_of(rq->a, rq->db, &rq->session);
    c->team = team_asked(rq, &c->own);
    if (!c->team)
        return false;
    str_int(rq_query(rq, "year"), &year);
    if (year < 2020 || year > 2999)
        return false;
    c->year = (int)year;
    c->figures = group_figures(rq->a, rq->db, c->team->id, instant_at(date_from(c->year, 1, 1), 0),
                               instant_at(date_from(c->year + 1, 1, 1), 0));
    return true;
}

static void figures_get(struct rq *rq)
{
    struct counting c;
    if (!count(rq, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    enum lang l = rq_lang(rq);
    struct group_figures_view v = {.team = c.team->id};
    int this_year = date_civil(date_of(rq->now)).year;
    put_teams(rq, &c.own, c.team, &v.teams);
    for (int y = this_year + 1; y >= this_year - 4; y--) {
        struct str year = str_fmt(rq->a, "%d", y);
        VEC_PUSH(rq->a, &v.years,
                 (struct ui_option){.value = year, .label = year, .chosen = y == c.year});
    }
    v.csv = str_fmt(rq->a, "/%s/staff/groups/figures/csv?team=%lld&year=%d", lang_code(l),
                    (long long)v.team, c.year);
    for (size_t i = 0; i < c.figures.n; i++) {
        const struct group_figure *f = &c.figures.p[i];
        struct group_figure_row row = {
            .name = f->name[l],
            .href = str_fmt(rq->a, "/%s/staff/group/" STR_FMT, lang_code(l), STR_ARG(f->ref)),
            .sessions = f->sessions,
            .cancelled = f->cancelled,
            .told = f->told,
            .signed_up = f->signed_up,
            .came = f->came,
            .came_without = f->came_without};
        VEC_PUSH(rq->a, &v.rows, row);
    }
    begin(rq, tr(l, "Attendance in figures"));
    group_figures_page(&rq->page, &v);
    rq_page_end(rq);
}

static void csv_get(struct rq *rq)
{
    struct counting c;
    enum lang l = rq_lang(rq);
    if (!count(rq, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct buf b = buf_new(rq->a, 0);
    const struct str heads[] = {tr(l, "Group"),           tr(l, "Sessions"),    tr(l, "Cancelled"),
                                tr(l, "With attendance"), tr(l, "Had a place"), tr(l, "Came"),
                                tr(l, "Others")};
    enum { HEADS = sizeof heads / sizeof *heads };
    for (size_t i = 0; i < HEADS; i++)
        buf_csv(&b, heads[i], i + 1 == HEADS);
    for (size_t i = 0; i < c.figures.n; i++) {
        const struct group_figure *f = &c.figures.p[i];
        const int64_t numbers[] = {f->sessions,  f->cancelled, f->told,
                                   f->signed_up, f->came,      f->came_without};
        buf_csv(&b, f->name[l], false);
        for (size_t k = 0; k < 6; k++)
            buf_csv(&b, str_fmt(rq->a, "%lld", (long long)numbers[k]), k == 5);
    }
    rq_reply(rq, 200, "text/csv; charset=utf-8", buf_get(&b));
    rq_header(rq, "Content-Disposition",
              str_fmt(rq->a, "attachment; filename=\"groups-%d.csv\"", c.year));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/groups", ACCESS_STAFF, 0, list_get},
    {HTTP_GET, "/:lang/staff/groups/new", ACCESS_STAFF, 0, group_new_get},
    {HTTP_POST, "/:lang/staff/groups/new", ACCESS_STAFF, 0, group_new_post},
    {HTTP_GET, "/:lang/staff/groups/figures", ACCESS_STAFF, 0, figures_get},
    {HTTP_GET, "/:lang/staff/groups/figures/csv", ACCESS_STAFF, 0, csv_get},
    {HTTP_GET, "/:lang/staff/group/:ref", ACCESS_STAFF, 0, group_get},
    {HTTP_POST, "/:lang/staff/group/:ref", ACCESS_STAFF, 0, group_post},
    {HTTP_GET, "/:lang/staff/group/:ref/edit", ACCESS_STAFF, 0, group_edit_get},
    {HTTP_POST, "/:lang/staff/group/:ref/edit", ACCESS_STAFF, 0, group_edit_post},
    {HTTP_GET, "/:lang/staff/group/:ref/sign-up", ACCESS_STAFF, 0, group_sign_get},
    {HTTP_POST, "/:lang/staff/group/:ref/sign-up", ACCESS_STAFF, 0, group_sign_post},
    {HTTP_GET, "/:lang/staff/group/:ref/session/:id", ACCESS_STAFF, 0, session_get},
    {HTTP_POST, "/:lang/staff/group/:ref/session/:id", ACCESS_STAFF, 0, session_post},
};
const struct route_table group_staff_routes = {routes, sizeof routes / sizeof *routes};
