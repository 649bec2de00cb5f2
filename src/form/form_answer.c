/*
 * form_answer.c: from sent fields to checked answers. Items are read in their order, so that a
 * condition always asks about what has been read already; what is not enabled is not read at all.
 * A value that is not right is an error and no answer. An option that does not exist and a
 * character that no keyboard gives come from a broken or hostile client: they are errors too, never
 * guessed at.
 */
#include "form/form.h"

#include <assert.h>

struct reading {
    struct arena *a;
    const struct form *f;
    const struct fields *sent;
    struct form_answer *of;
    struct form_errors errors;
    size_t step;
    struct date today;
};

static void wrong(struct reading *r, struct form_error e)
{
    if (r->step == FORM_ALL || r->f->items[e.item].step == r->step)
        VEC_PUSH(r->a, &r->errors, e);
}

static void wrong_plain(struct reading *r, size_t item, const char *message)
{
    wrong(r, (struct form_error){.item = item, .message = message});
}

static void give(struct reading *r, size_t item, struct form_value v)
{
    VEC_PUSH(r->a, &r->of[item], v);
}

static struct str sent(const struct reading *r, size_t item)
{
    return str_trim(fields_get(r->sent, r->f->items[item].field.p));
}

/* ---- conditions ---- */

static bool holds(const struct form *f, const struct form_answer *answers,
                  const struct form_condition *c)
{
    const struct form_answer *of = &answers[c->item];
    bool choice = f->items[c->item].kind == FORM_CHOICE, found = false;
    if (c->op == FORM_EXISTS)
        return (of->n > 0) == c->yes;
    for (size_t i = 0; i < of->n && !found; i++)
        found = choice ? of->p[i].option == c->option : of->p[i].yes == c->yes;
    return c->op == FORM_IS ? found : !found; /* "!=" without an answer is true (R4) */
}

bool form_condition_holds(const struct form_answers *ans, const struct form_condition *c)
{
    return holds(ans->form, ans->of, c);
}

static bool enabled(const struct reading *r, const struct form_item *it)
{
    if (it->parent != FORM_NONE && !r->of[it->parent].enabled)
        return false;
    if (it->when_n == 0)
        return true;
    for (size_t i = 0; i < it->when_n; i++)
        if (holds(r->f, r->of, &it->when[i]) == it->when_any)
            return it->when_any;
    return !it->when_any;
}

/* ---- one question ---- */

static void read_choice(struct reading *r, size_t item)
{
    const struct form_item *it = &r->f->items[item];
    bool chosen[FORM_MAX_OPTIONS] = {false};
    size_t n = 0, exclusive = FORM_NONE;
    for (size_t i = 0; i < r->sent->n; i++) {
        const struct field *field = &r->sent->p[i];
        if (!str_eq(field->name, it->field) || field->value.n == 0)
            continue;
        size_t o = form_find_option(it, field->value);
        if (o == FORM_NONE) {
            wrong_plain(r, item, N_("This answer is not one of the choices. Choose again."));
            return;
        }
        n += !chosen[o];
        chosen[o] = true;
        if (it->options[o].exclusive)
            exclusive = o;
    }
    if (n > 1 && !it->repeats) {
        wrong_plain(r, item, N_("Choose only one answer."));
    } else if (n > 1 && exclusive != FORM_NONE) {
        wrong(r,
              (struct form_error){
                  .item = item,
                  .message = N_("You chose “%1” and something else too. Choose one or the other."),
                  .option = &it->options[exclusive]});
    } else {
        for (size_t o = 0; o < it->option_n; o++)
            if (chosen[o])
                give(r, item, (struct form_value){.option = o});
    }
}

static void read_boolean(struct reading *r, size_t item)
{
    struct str s = sent(r, item);
    if (str_eq(s, S("true")) || str_eq(s, S("false")))
        give(r, item, (struct form_value){.yes = s.n == 4});
    else if (s.n)
        wrong_plain(r, item, N_("This answer is not one of the choices. Choose again."));
}

/* No control characters but line breaks and tabs in a text, and none of those that turn the order
 * of what follows around (U+202D, U+202E): an answer is read on other people's pages. */
static bool writable(struct str s, bool lines)
{
    if (!str_utf8_ok(s))
        return false;
    while (s.n) {
        uint32_t c = str_utf8_next(&s);
        if ((c < ' ' && !(lines && (c == '\n' || c == '\t'))) || (c >= 0x7f && c < 0xa0) ||
            c == 0x202d || c == 0x202e)
            return false;
    }
    return true;
}

static void read_written(struct reading *r, size_t item)
{
    const struct form_item *it = &r->f->items[item];
    struct str s = sent(r, item);
    if (!writable(s, it->kind == FORM_TEXT)) {
        wrong_plain(r, item, N_("The answer has characters that cannot be used. Write it again."));
        return;
    }
    size_t n = str_utf8_len(s);
    if (n > it->max_length)
        wrong(r, (struct form_error){
                     .item = item,
                     .message = N_("The answer is too long: at most %1 characters, now %2."),
                     .numbers = {(int64_t)it->max_length, (int64_t)n}});
    else if (n)
        give(r, item, (struct form_value){.text = s});
}

static void read_integer(struct reading *r, size_t item)
{
    const struct form_item *it = &r->f->items[item];
    struct str s = sent(r, item);
    int64_t n = 0;
    if (s.n == 0)
        return;
    if (!str_int(s, &n))
        wrong_plain(r, item, N_("Write the answer in numbers."));
    else if (n < it->min || n > it->max)
        wrong(r, (struct form_error){.item = item,
                                     .message = N_("Write a number from %1 to %2."),
                                     .numbers = {it->min, it->max}});
    else
        give(r, item, (struct form_value){.number = n});
}

static struct str date_part(const struct reading *r, size_t item, char part)
{
    struct str name = str_fmt(r->a, STR_FMT ".%c", STR_ARG(r->f->items[item].field), part);
    return str_trim(fields_get(r->sent, name.p));
}

/* The three fields, or one field in ISO 8601, as a date that exists. False: nothing was written, or
 * an error was noted. */
static bool read_day(struct reading *r, size_t item, struct date *out)
{
    struct str whole = sent(r, item);
    struct str d = date_part(r, item, 'd'), m = date_part(r, item, 'm'),
               y = date_part(r, item, 'y');
    int64_t day = 0, month = 0, year = 0;
    if (whole.n == 0 && d.n + m.n + y.n == 0)
        return false;
    if (whole.n) {
        if (date_parse(whole, out))
            return true;
        wrong_plain(r, item, N_("Write the day, for example 3 11 2026."));
    } else if (d.n == 0 || m.n == 0 || y.n == 0) {
        wrong_plain(r, item, N_("Write the day, the month and the year."));
    } else if (y.n != 4 || !str_int(d, &day) || !str_int(m, &month) || !str_int(y, &year)) {
        wrong_plain(r, item, N_("Write the day in numbers, for example 3 11 2026."));
    } else if (day < 1 || day > 31 || month < 1 || month > 12 ||
               !date_valid((int)year, (int)month, (int)day)) {
        wrong_plain(r, item, N_("This day does not exist. Check the day, month and year."));
    } else {
        *out = date_from((int)year, (int)month, (int)day);
        return true;
    }
    return false;
}

enum { OLDEST_YEARS = 120, FURTHEST_YEARS = 10 };

static void read_date(struct reading *r, size_t item)
{
    const struct form_item *it = &r->f->items[item];
    struct date d;
    if (!read_day(r, item, &d))
        return;
    if (it->days == FORM_PAST && d.day > r->today.day)
        wrong_plain(r, item, N_("This day is in the future. Check the day, month and year."));
    else if (it->days == FORM_FUTURE && d.day < r->today.day)
        wrong_plain(r, item, N_("This day is in the past. Check the day, month and year."));
    else if (d.day < date_add_months(r->today, -12 * OLDEST_YEARS).day ||
             d.day > date_add_months(r->today, 12 * FURTHEST_YEARS).day)
        wrong_plain(r, item, N_("Check the year."));
    else
        give(r, item, (struct form_value){.date = d});
}

static const char *missing(const struct form_item *it)
{
    switch (it->kind) {
    case FORM_CHOICE:
        return it->repeats ? N_("Choose at least one answer.") : N_("Choose an answer.");
    case FORM_BOOLEAN:
        return N_("Choose an answer.");
    case FORM_DATE:
        return N_("Write the day, for example 3 11 2026.");
    case FORM_INTEGER:
        return N_("Write the answer in numbers.");
    default:
        return N_("Write an answer.");
    }
}

static void read_item(struct reading *r, size_t item)
{
    static void (*const readers[])(struct reading *, size_t) = {
        [FORM_CHOICE] = read_choice, [FORM_BOOLEAN] = read_boolean, [FORM_STRING] = read_written,
        [FORM_TEXT] = read_written,  [FORM_DATE] = read_date,       [FORM_INTEGER] = read_integer,
    };
    const struct form_item *it = &r->f->items[item];
    if (it->kind == FORM_GROUP || it->kind == FORM_DISPLAY)
        return;
    size_t before = r->errors.n;
    readers[it->kind](r, item);
    if (it->required && r->of[item].n == 0 && r->errors.n == before)
        wrong_plain(r, item, missing(it));
}

/* ---- all of them ---- */

const struct form_answers *form_answer(struct arena *a, const struct form *f,
                                       const struct fields *sent_fields, size_t step,
                                       struct date today)
{
    struct reading r = {.a = a, .f = f, .sent = sent_fields, .step = step, .today = today};
    r.of = ARENA_ARRAY(a, f->item_n, struct form_answer);
    for (size_t i = 0; i < f->item_n; i++) {
        r.of[i].enabled = enabled(&r, &f->items[i]);
        if (r.of[i].enabled)
            read_item(&r, i);
    }
    struct form_answers *ans = ARENA_NEW(a, struct form_answers);
    *ans = (struct form_answers){.form = f, .of = r.of, .errors = r.errors};
    return ans;
}

static bool asks(const struct form_answers *ans, size_t step)
{
    const struct form *f = ans->form;
    size_t from = f->steps[step];
    for (size_t i = from; i < f->items[from].end; i++)
        if (ans->of[i].enabled && f->items[i].kind != FORM_GROUP &&
            f->items[i].kind != FORM_DISPLAY)
            return true;
    return false;
}

size_t form_step_from(const struct form_answers *ans, size_t step)
{
    while (step < ans->form->step_n && !asks(ans, step))
        step++;
    return step < ans->form->step_n ? step : FORM_NONE;
}

size_t form_step_before(const struct form_answers *ans, size_t step)
{
    assert(step <= ans->form->step_n);
    while (step > 0)
        if (asks(ans, --step))
            return step;
    return FORM_NONE;
}

size_t form_error_step(const struct form_answers *ans)
{
    return ans->errors.n ? ans->form->items[ans->errors.p[0].item].step : FORM_NONE;
}

struct str form_reason(const struct form_answers *ans)
{
    const struct form *f = ans->form;
    for (size_t i = 0; i < f->item_n; i++) {
        if (f->items[i].kind != FORM_CHOICE)
            continue;
        for (size_t k = 0; k < ans->of[i].n; k++) {
            struct str reason = f->items[i].options[ans->of[i].p[k].option].reason;
            if (reason.n)
                return reason;
        }
    }
    return f->reason;
}

struct str form_error_text(struct arena *a, enum lang l, const struct form_error *e)
{
    struct str args[2] = {e->option ? e->option->label[l] : fmt_int(a, l, e->numbers[0]),
                          fmt_int(a, l, e->numbers[1])};
    return tr_fill(a, tr(l, e->message), args, 2);
}
