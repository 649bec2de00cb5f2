/* booking_words.c: see booking_words.h. */
#include "booking/booking_words.h"

#include "base/identity.h"
#include "booking/booking_ical.h"

/* ---- reasons ---- */

static void put_reasons(struct rq *rq, enum booking_why why, struct str chosen,
                        struct ui_choice *out)
{
    const struct booking_reasons *list = booking_reasons_of(why);
    for (size_t i = 0; i < list->n; i++) {
        const struct booking_reason *r = &list->p[i];
        struct ui_option o = {
            .value = r->code, .label = r->words[rq_lang(rq)], .chosen = str_eq(chosen, r->code)};
        VEC_PUSH(rq->a, &out->options, o);
    }
}

struct ui_choice booking_reasons(struct rq *rq, enum booking_why why, const char *name,
                                 struct str chosen)
{
    enum lang l = rq_lang(rq);
    struct ui_choice out = {.name = str_of(name), .label = tr(l, "Why?")};
    VEC_PUSH(rq->a, &out.options, (struct ui_option){.label = tr(l, "Choose a reason")});
    put_reasons(rq, why, chosen, &out);
    return out;
}

struct ui_choice booking_late_question(struct rq *rq, struct instant last, struct str chosen)
{
    enum lang l = rq_lang(rq);
    struct str day = fmt_date(rq->a, l, date_of((struct instant){last.ms - 1}));
    struct ui_choice out = {
        .name = S("late_reason"),
        .label = tr(l, "Why do you take a later time?"),
        .hint = tr_fill(rq->a,
                        tr(l, "By law you have the right to a time by %1. Your answer does not "
                              "change what you get: we follow whether there are enough times."),
                        &day, 1)};
    put_reasons(rq, WHY_RESIDENT_LATE, chosen, &out);
    return out;
}

struct str booking_language_words(enum lang l, struct str code)
{
    static const struct booking_code all[] = {
        {"fi", N_("Finnish")},    {"sv", N_("Swedish")},  {"en", N_("English")},
        {"ru", N_("Russian")},    {"et", N_("Estonian")}, {"uk", N_("Ukrainian")},
        {"ar", N_("Arabic")},     {"so", N_("Somali")},   {"fse", N_("Finnish Sign Language")},
        {"vi", N_("Vietnamese")}, {"fa", N_("Persian")},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(code, str_of(all[i].code)))
            return tr(l, all[i].words);
    return code;
}

struct str booking_place_words(struct rq *rq, struct str place)
{
    struct str out = place;
    struct slot_view all = slot_enter(rq->app->slots);
    for (size_t i = 0; i < all.calendars->n; i++)
        if (str_eq(all.calendars->p[i].place, place))
            out = str_dup(rq->a, all.calendars->p[i].place_name[rq_lang(rq)]);
    slot_leave(&all);
    return out;
}

/* ---- a time in words ---- */

static struct str clock_text(struct arena *a, enum lang l, int minute)
{
    struct buf b = buf_new(a, 16);
    buf_fmt(&b, l == LANG_EN ? "%d:%02d" : "%d.%02d", minute / 60, minute % 60);
    return buf_get(&b);
}

struct str booking_when(struct rq *rq, struct instant start, struct instant end)
{
    enum lang l = rq_lang(rq);
    struct date d = date_of(start);
    bool this_year = date_civil(d).year == date_civil(date_of(rq->now)).year;
    struct str day = fmt_day(rq->a, l, d);
    if (!this_year)
        day = str_fmt(rq->a, STR_FMT "%s%d", STR_ARG(day),
                      l == LANG_EN            ? " "
                      : str_ends(day, S(".")) ? ""
                                              : ".",
                      date_civil(d).year);
    struct str words[] = {day, clock_text(rq->a, l, minute_of(start)),
                          clock_text(rq->a, l, minute_of(end))};
    return end.ms > start.ms ? tr_fill(rq->a, tr(l, "%1 at %2–%3"), words, 3)
                             : tr_fill(rq->a, tr(l, "%1 at %2"), words, 2);
}

struct str booking_state_words(struct rq *rq, const struct appointment *p)
{
    enum lang l = rq_lang(rq);
    return p->moved_to ? tr(l, "Moved to another time") : tr(l, appointment_state_words(p->state));
}

struct str booking_late_words(struct rq *rq, struct instant start, struct instant last)
{
    enum lang l = rq_lang(rq);
    if (!last.ms || start.ms < last.ms)
        return (struct str){NULL, 0};
    struct str day = fmt_date(rq->a, l, date_of((struct instant){last.ms - 1}));
    return tr_fill(rq->a, tr(l, "after the last day by law (%1)"), &day, 1);
}

static struct time_facts facts_of(struct rq *rq, const struct service_type *type, int64_t calendar,
                                  bool remote)
{
    enum lang l = rq_lang(rq);
    struct calendar c;
    struct time_facts out = {.remote = remote};
    if (type) {
        out.what = type->name[l];
        out.instructions = type->instructions[l];
    }
    bool known = calendar && calendar_load(rq->a, rq->db, calendar, &c);
    out.where = remote ? tr(l, "Remote, by video") : known ? c.place_name[l] : S("");
    if (known && !remote)
        out.address = c.address[l];
    return out;
}

struct time_facts booking_slot_facts(struct rq *rq, const struct service_type *type,
                                     const struct slot *slot)
{
    struct time_facts out = facts_of(rq, type, slot->calendar, slot->remote);
    out.when = booking_when(rq, slot->start, slot->end);
    return out;
}

struct time_facts booking_facts(struct rq *rq, const struct service_type *type,
                                const struct appointment *p)
{
    struct time_facts out = facts_of(rq, type, p->calendar, p->remote);
    out.when = p->start.ms ? booking_when(rq, p->start, p->end) : S("");
    out.late = p->start.ms ? booking_late_words(rq, p->start, p->last) : S("");
    return out;
}

/* ---- who comes ---- */

static const char *const detail_fields[] = {
    [DETAIL_NAME] = "name",     [DETAIL_PHONE] = "phone", [DETAIL_EMAIL] = "email",
    [DETAIL_POSTAL] = "postal", [DETAIL_BORN] = "born",   [DETAIL_COMPANION] = "companion",
};
enum { DETAILS = sizeof detail_fields / sizeof *detail_fields };

/* One line, as it is kept: no control characters, and not one that nobody sees. */
static struct str one_line(struct rq *rq, const char *field)
{
    struct buf b = buf_new(rq->a, 4096);
    for (struct str rest = rq_form(rq, field); rest.n;) {
        uint32_t c = str_utf8_next(&rest);
        bool hidden = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E ||
                      c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        buf_utf8(&b, hidden ? ' ' : c);
    }
    struct str shown = str_trim(buf_get(&b));
    return str_shows(shown) ? shown : S("");
}

bool booking_remind_from(struct str code, bool *told, enum outbox_way *way)
{
    *told = outbox_way_from(code, way);
    if (!*told)
        *way = OUTBOX_SMS;
    return *told || str_eq(code, S("none"));
}

struct str booking_letter_hint(struct rq *rq)
{
    struct str days = fmt_int(rq->a, rq_lang(rq), outbox_post_days());
    return tr_fill(rq->a,
                   tr(rq_lang(rq), "A letter also names the unit and the service. It takes up to "
                                   "%1 working days: too slow for reminders that come close to "
                                   "the time, and for offers from a waiting list."),
                   &days, 1);
}

struct ui_field booking_postal_field(struct rq *rq, struct str value)
{
    enum lang l = rq_lang(rq);
    return (struct ui_field){
        .name = S("postal"),
        .label = tr(l, "Postal address"),
        .hint = tr(l, "Street, postal code and town. Abroad: the country on the last line."),
        .value = value,
        .autocomplete = "street-address",
        .rows = 3,
        .longest = OUTBOX_POSTAL_MOST};
}

static struct str on_one_line(struct rq *rq, struct str lines)
{
    struct buf b = buf_new(rq->a, lines.n * 2 + 1);
    while (lines.n) {
        buf_str(&b, str_cut(&lines, '\n'));
        if (lines.n)
            buf_str(&b, S(", "));
    }
    return buf_get(&b);
}

struct str booking_told_words(struct rq *rq, const struct appointment *p)
{
    enum lang l = rq_lang(rq);
    if (!p->told)
        return tr(l, "No messages");
    struct str to = p->medium == OUTBOX_SMS     ? p->phone
                    : p->medium == OUTBOX_EMAIL ? p->email
                                                : on_one_line(rq, p->postal);
    return str_fmt(rq->a, STR_FMT ": " STR_FMT, STR_ARG(tr(l, outbox_way_words(p->medium))),
                   STR_ARG(to));
}

struct ui_choice booking_remind_choice(struct rq *rq, const char *name, struct str chosen)
{
    enum lang l = rq_lang(rq);
    static const struct booking_code all[] = {{"sms", N_("Text message")},
                                              {"email", N_("Email")},
                                              {"letter", N_("Letter")},
                                              {"none", N_("No messages")}};
    struct ui_choice out = {
        .name = str_of(name),
        .label = tr(l, "How do you want to get messages about this time?"),
        .hint = tr(l, "Text messages and emails say only when and where, never why.")};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct ui_option o = {.value = str_of(all[i].code),
                              .label = tr(l, all[i].words),
                              .chosen = chosen.n ? str_eq(chosen, str_of(all[i].code)) : i == 0};
        if (str_eq(o.value, S("letter")))
            o.hint = booking_letter_hint(rq);
        VEC_PUSH(rq->a, &out.options, o);
    }
    return out;
}

static struct date read_born(struct rq *rq, bool *begun)
{
    struct str s[] = {rq_form(rq, "born.d"), rq_form(rq, "born.m"), rq_form(rq, "born.y")};
    int64_t d, m, y;
    *begun = s[0].n || s[1].n || s[2].n;
    if (!str_int(s[0], &d) || !str_int(s[1], &m) || !str_int(s[2], &y) || y < 1900 || y > 2999 ||
        m < 1 || m > 12 || d < 1 || d > 31 || !date_valid((int)y, (int)m, (int)d))
        return DATE_NONE;
    struct date born = date_from((int)y, (int)m, (int)d);
    return born.day <= date_of(rq->now).day ? born : DATE_NONE;
}

static void wrong(struct booking_details *d, enum booking_detail field, const char *message)
{
    if (!d->error[field])
        d->error[field] = message;
    d->wrong = true;
}

static const char IDENTITY[] =
    N_("Remove the personal identity code. We ask for it only when we need it, in a safe way.");

static void check_line(struct booking_details *d, enum booking_detail field, struct str text)
{
    if (str_utf8_len(text) > BOOKING_NAME_MOST)
        wrong(d, field, N_("Shorten this to 200 characters."));
    else if (identity_code_in(text))
        wrong(d, field, IDENTITY);
}

static void check_ways(struct rq *rq, struct booking_details *d, bool known)
{
    bool letter = d->told && d->medium == OUTBOX_LETTER;
    const char *why = letter || d->postal.n ? outbox_postal_wrong(rq->a, d->postal) : NULL;
    if (why)
        wrong(d, DETAIL_POSTAL, why);
    else if (identity_code_in(d->postal))
        wrong(d, DETAIL_POSTAL, IDENTITY);
    if (d->phone.n && !str_is_phone(d->phone))
        wrong(d, DETAIL_PHONE, N_("Write the number that we call, for example 040 123 4567."));
    if (d->email.n && !str_is_email(d->email))
        wrong(d, DETAIL_EMAIL, N_("Check the email address. It looks like this: name@example.org"));
    if (d->told && d->medium == OUTBOX_SMS && !d->phone.n)
        wrong(d, DETAIL_PHONE, N_("Write the phone number to which we send the text message."));
    if (d->told && d->medium == OUTBOX_EMAIL && !d->email.n)
        wrong(d, DETAIL_EMAIL, N_("Write the address to which we send the email."));
    if (!known && !d->phone.n && !d->email.n && !letter)
        wrong(d, DETAIL_PHONE,
              N_("Write a phone number or an email address, so that we can tell you if something "
                 "changes."));
}

void booking_details_read(struct rq *rq, const struct service_type *type,
                          const struct matter *known, struct booking_details *out)
{
    bool begun;
    *out = (struct booking_details){.name = one_line(rq, "name"),
                                    .phone = one_line(rq, "phone"),
                                    .email = one_line(rq, "email"),
                                    .postal = outbox_postal(rq->a, rq_form(rq, "postal")),
                                    .companion = one_line(rq, "companion"),
                                    .born = read_born(rq, &begun)};
    struct str remind = rq_form(rq, "remind");
    booking_remind_from(remind.n ? remind : S("sms"), &out->told, &out->medium);
    if (known && !out->name.n)
        out->name = known->name;
    if (!known && !out->name.n)
        wrong(out, DETAIL_NAME,
              type->child ? N_("Write the child's name.") : N_("Write the name of who comes."));
    check_line(out, DETAIL_NAME, out->name);
    check_line(out, DETAIL_PHONE, out->phone);
    check_line(out, DETAIL_EMAIL, out->email);
    check_line(out, DETAIL_COMPANION, out->companion);
    check_ways(rq, out, known != NULL);
    if (type->child && !out->companion.n)
        wrong(out, DETAIL_COMPANION, N_("Write who comes along with the child."));
    bool born_known = known && date_is(known->born);
    if (!date_is(out->born) && (begun || (type->child && !born_known)))
        wrong(out, DETAIL_BORN,
              N_("Write the date of birth with day, month and year, like 3 4 2019."));
}

static struct ui_field field(struct rq *rq, enum booking_detail d, const char *label,
                             struct str value, const char *autocomplete)
{
    return (struct ui_field){.name = str_of(detail_fields[d]),
                             .label = tr(rq_lang(rq), label),
                             .value = value,
                             .autocomplete = autocomplete,
                             .longest = BOOKING_NAME_MOST};
}

void booking_details_show(struct rq *rq, const struct service_type *type,
                          const struct booking_details *d, bool fresh, struct details_fields *out,
                          struct ui_errors *errors)
{
    enum lang l = rq_lang(rq);
    out->child = type->child;
    out->name =
        field(rq, DETAIL_NAME, type->child ? N_("The child's name") : N_("Name of who comes"),
              d->name, type->child ? "off" : "name");
    out->companion = field(rq, DETAIL_COMPANION, N_("Who comes along?"), d->companion, "name");
    out->companion.hint = tr(l, "A parent or another adult: their name.");
    out->phone = field(rq, DETAIL_PHONE, N_("Phone number"), d->phone, "tel");
    out->email = field(rq, DETAIL_EMAIL, N_("Email"), d->email, "email");
    out->phone.type = "tel";
    out->phone.size = out->email.size = "mid";
    out->phone.optional = out->email.optional = true;
    out->phone.hint = tr(l, "Give a phone number or an email address, or both.");
    out->postal = booking_postal_field(rq, d->postal);
    static const char *const parts[] = {N_("Day"), N_("Month"), N_("Year")};
    struct ui_field *born[] = {&out->day, &out->month, &out->year};
    static const char *const names[] = {"born.d", "born.m", "born.y"};
    for (int i = 0; i < 3; i++)
        *born[i] = (struct ui_field){.name = str_of(names[i]),
                                     .label = tr(l, parts[i]),
                                     .value = rq_form(rq, names[i]),
                                     .longest = i == 2 ? 4 : 2};
    out->born_label = tr(l, "The child's date of birth");
    out->remind = booking_remind_choice(rq, "remind", rq_form(rq, "remind"));
    struct ui_field *of[DETAILS] = {[DETAIL_NAME] = &out->name,
                                    [DETAIL_PHONE] = &out->phone,
                                    [DETAIL_EMAIL] = &out->email,
                                    [DETAIL_POSTAL] = &out->postal,
                                    [DETAIL_COMPANION] = &out->companion};
    static const enum booking_detail order[] = {DETAIL_NAME,  DETAIL_BORN,  DETAIL_COMPANION,
                                                DETAIL_PHONE, DETAIL_EMAIL, DETAIL_POSTAL};
    for (size_t i = 0; !fresh && i < DETAILS; i++) {
        enum booking_detail k = order[i];
        if (!d->error[k])
            continue;
        struct str why = tr(l, d->error[k]);
        if (of[k])
            of[k]->error = why;
        else
            out->born_error = out->day.error = why;
        VEC_PUSH(rq->a, errors,
                 (struct ui_error){k == DETAIL_BORN ? S("born.d") : str_of(detail_fields[k]), why});
    }
}

static void line(struct rq *rq, struct ui_facts *out, const char *term, struct str text)
{
    if (text.n)
        VEC_PUSH(rq->a, out, (struct ui_fact){.term = tr(rq_lang(rq), term), .text = text});
}

void booking_details_lines(struct rq *rq, const struct service_type *type,
                           const struct booking_details *d, struct ui_facts *out)
{
    enum lang l = rq_lang(rq);
    line(rq, out, type->child ? N_("The child's name") : N_("Name of who comes"), d->name);
    line(rq, out, N_("The child's date of birth"),
         type->child && date_is(d->born) ? fmt_date(rq->a, l, d->born) : S(""));
    line(rq, out, N_("Who comes along?"), type->child ? d->companion : S(""));
    line(rq, out, N_("Phone number"), d->phone);
    line(rq, out, N_("Email"), d->email);
    line(rq, out, N_("Messages about this time"),
         d->told ? tr(l, outbox_way_words(d->medium)) : tr(l, "No messages"));
    line(rq, out, N_("Postal address"), on_one_line(rq, d->postal));
}

void booking_details_carry(struct rq *rq, struct fields *out)
{
    static const char *const names[] = {"name",   "phone",  "email",  "postal", "companion",
                                        "born.d", "born.m", "born.y", "remind"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct field f = {str_of(names[i]), rq_form(rq, names[i])};
        if (f.value.n)
            VEC_PUSH(rq->a, out, f);
    }
}

/* ---- several pages ---- */

struct str booking_calendar_file(struct rq *rq, const struct service_type *type,
                                 const struct appointment *p)
{
    struct buf b = buf_new(rq->a, 0);
    struct str site = rq_site(rq);
    struct time_facts f = booking_facts(rq, type, p);
    enum lang l = rq_lang(rq);
    struct ical_event e = booking_ical_event(rq->a, rq->db, p);
    struct str number = booking_ical_number(rq->a, l, p); /* first: it is needed at the door */
    e.summary = f.what;
    e.description = str_fmt(rq->a, STR_FMT "%s" STR_FMT, STR_ARG(number), number.n ? "\n" : "",
                            STR_ARG(f.instructions));
    e.location = f.address.n
                     ? str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(f.where), STR_ARG(f.address))
                     : f.where;
    if (site.n)
        e.url = str_fmt(rq->a, STR_FMT "/%s/status", STR_ARG(site), lang_code(l));
    struct ical_calendar c = {.method = ICAL_PUBLISH};
    VEC_PUSH(rq->a, &c.events, e);
    ical_write(&b, &c);
    return buf_get(&b);
}

void booking_send_calendar(struct rq *rq, const struct service_type *type,
                           const struct appointment *p)
{
    rq_reply(rq, 200, "text/calendar; charset=utf-8", booking_calendar_file(rq, type, p));
    rq_header(rq, "Content-Disposition", S("attachment; filename=\"asialla.ics\""));
}

void booking_piece_begin(struct rq *rq, struct booking_piece *p)
{
    p->buf = buf_new(rq->a, 0);
    p->before = rq->page.out;
    rq->page.out = &p->buf;
}

struct html booking_piece_end(struct rq *rq, struct booking_piece *p)
{
    rq->page.out = p->before;
    return (struct html){buf_get(&p->buf)};
}
