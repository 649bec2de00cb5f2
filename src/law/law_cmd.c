/*
 * law_cmd.c: the clocks of the law on the command line.
 *
 *   asialla law due RULE DATE[THH:MM] [--born DATE|--age N] [--with CONDITION]...
 *                   [--channel CODE] [--form CODE] [--reason CODE] [--team REF] [--hours HOURS]
 *       due date TAB dates between which this version is in force TAB source [TAB warning date]
 *       Limits by a team's hours count from that time (the day's first minute, where none is
 *       given) and end at one: 2026-11-24T12:15. HOURS are as law_hours_read() has them, and the
 *       office's where they are not given.
 *   asialla law rules
 *       rule TAB in force TAB who TAB clock starts TAB clock stops TAB limit TAB mark TAB source
 *
 * Who asks for a rule by name is taken to ask for a person whom it concerns: conditions other than
 * age hold, unless an age is given to a rule that asks for age; then the age decides, and a
 * condition holds only if --with says so.
 */
#include "law/law_data.h"

#include <stdio.h>

static const char usage[] =
    "Usage: asialla law due RULE DATE [--born DATE|--age N] [--with CONDITION]\n"
    "                   [--channel CODE] [--form CODE] [--reason CODE] [--team REF]\n"
    "                   [--hours \"Mo-Th 08:00-16:00; Fr 08:00-15:00; PH off\"]\n"
    "       asialla law rules\n"
    "Dates are written as 2026-11-24, with a time as 2026-11-24T10:15.\n";

enum { EXIT_NO_ANSWER = 1, EXIT_USAGE = 2 };

struct ask {
    struct arena *a;
    const struct law *law;
    int rule;
    struct date on;
    int minute;
    struct law_person who;
    struct str channel, form, reason;
    struct law_hours hours;
};

static int wrong_use(const char *text, const char *arg)
{
    fprintf(stderr, "asialla law: %s%s%s\n%s", text, arg ? ": " : "", arg ? arg : "", usage);
    return EXIT_USAGE;
}

static int no_answer(const char *text, struct str arg, const char *hint)
{
    fprintf(stderr, "asialla law: %s: " STR_FMT "\n%s\n", text, STR_ARG(arg), hint);
    return EXIT_NO_ANSWER;
}

/* "2023-09-01..2024-12-31"; an open end is "2025-01-01..". */
static struct str span(struct arena *a, const struct law_version *v)
{
    return str_fmt(a, STR_FMT ".." STR_FMT, STR_ARG(date_iso(a, v->from)),
                   STR_ARG(date_is(v->to) ? date_iso(a, v->to) : S("")));
}

static bool in_force(const struct law_version *v, struct date d)
{
    return v->from.day <= d.day && (!date_is(v->to) || d.day <= v->to.day);
}

/* Why there is no date: the versions that come nearest, and what to do. */
static int explain(const struct ask *q, enum law_none none)
{
    const struct law_rule *r = law_rule(q->law, q->rule);
    struct str on = date_iso(q->a, q->on);
    fprintf(stderr, "asialla law: " STR_FMT " on " STR_FMT ": ", STR_ARG(r->id), STR_ARG(on));
    if (none == LAW_OUTSIDE_CALENDAR) {
        fprintf(stderr, "the calendar covers the years %d to %d only\n", LAW_FIRST_YEAR,
                LAW_LAST_YEAR);
        return EXIT_NO_ANSWER;
    }
    fprintf(stderr, "%s\n",
            none == LAW_AGE_NEEDED   ? "the limit depends on age; give --born DATE or --age N"
            : none == LAW_NO_VERSION ? "no version of the rule is in force that day"
                                     : "no version of that day applies to this person");
    for (size_t i = 0; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        if (none == LAW_NO_VERSION || in_force(v, q->on))
            fprintf(stderr, "  " STR_FMT "  " STR_FMT ": " STR_FMT "\n", STR_ARG(span(q->a, v)),
                    STR_ARG(law_who_text(q->law, v->who)), STR_ARG(law_limit_text(q->a, v->limit)));
    }
    return EXIT_NO_ANSWER;
}

static int answer(const struct ask *q)
{
    struct law_person p = q->who;
    bool aged = date_is(p.born) || p.age >= 0;
    if (!aged || !law_asks_age(q->law, q->rule, q->on))
        p.conditions = UINT32_MAX;
    struct asked asked = {
        .day = q->on,
        .at = instant_at(q->on, q->minute),
        .person = p,
        .channel = q->channel,
        .form = q->form,
        .reason = q->reason,
        .hours = &q->hours,
    };
    struct law_due due;
    enum law_none none = due_find(q->law, q->rule, &asked, &due);
    if (none != LAW_APPLIES)
        return explain(q, none);
    printf(STR_FMT, STR_ARG(date_iso(q->a, due.due)));
    if (due.at.ms) {
        int minute = date_of(due.at).day == due.due.day ? minute_of(due.at) : DAY_MINUTES;
        printf("T%02d:%02d", minute / 60, minute % 60);
    }
    printf("\t" STR_FMT "\t" STR_FMT, STR_ARG(span(q->a, due.version)),
           STR_ARG(due.version->source));
    if (date_is(due.warn))
        printf("\t" STR_FMT, STR_ARG(date_iso(q->a, due.warn)));
    printf("\n");
    return 0;
}

/* ---- arguments ---- */

static int read_hours(struct ask *q, struct str text)
{
    struct str why;
    if (law_hours_read(q->a, text, &q->hours, &why))
        return 0;
    return no_answer("not opening hours", why, "Write them as \"Mo-Fr 08:00-16:00; PH off\".");
}

/* Codes that a promise may ask for. NULL: not such an option. */
static struct str *code_of(struct ask *q, struct str name)
{
    if (str_eq(name, S("--channel")))
        return &q->channel;
    if (str_eq(name, S("--form")))
        return &q->form;
    if (str_eq(name, S("--reason")))
        return &q->reason;
    return str_eq(name, S("--team")) ? &q->hours.team : NULL;
}

static int read_option(struct ask *q, const char *name, const char *value)
{
    int64_t age;
    struct str *code = code_of(q, str_of(name));
    struct str v = str_of(value);
    if (!value)
        return wrong_use("a value is missing after", name);
    if (code) {
        *code = v;
    } else if (str_eq(str_of(name), S("--hours"))) {
        return read_hours(q, v);
    } else if (str_eq(str_of(name), S("--born"))) {
        if (!date_parse(v, &q->who.born))
            return no_answer("not a date", v, "Write it as 1951-11-24.");
    } else if (str_eq(str_of(name), S("--age"))) {
        if (!str_int(v, &age) || age < 0 || age > 130)
            return no_answer("not an age", v, "Give full years on the day the clock starts.");
        q->who.age = (int)age;
    } else if (str_eq(str_of(name), S("--with"))) {
        uint32_t bit = law_condition_find(q->law, v);
        if (!bit)
            return no_answer("no such condition", v, "They stand in data/law/rules.json.");
        q->who.conditions |= bit;
    } else {
        return wrong_use("no such option", name);
    }
    return 0;
}

static bool read_when(struct ask *q, struct str v)
{
    struct str time = v, day = str_cut(&time, 'T'), minute = time, hour = str_cut(&minute, ':');
    int64_t h, m;
    if (!date_parse(day, &q->on))
        return false;
    if (!time.p)
        return true;
    if (!str_int(hour, &h) || !str_int(minute, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    q->minute = (int)(h * 60 + m);
    return true;
}

static int read_place(struct ask *q, int nth, const char *arg)
{
    struct str v = str_of(arg);
    if (nth == 0) {
        q->rule = law_rule_find(q->law, v);
        if (q->rule < 0)
            return no_answer("no such rule", v, "`asialla law rules` lists them.");
    } else if (nth == 1) {
        if (!read_when(q, v))
            return no_answer("not a date", v, "Write it as 2026-11-24 or 2026-11-24T10:15.");
    } else {
        return wrong_use("one word too many", arg);
    }
    return 0;
}

static int command_due(struct ask *q, int argc, char **argv)
{
    int places = 0, failed = 0;
    for (int i = 1; i < argc && !failed; i++) {
        if (str_starts(str_of(argv[i]), S("--"))) {
            failed = read_option(q, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
            i++;
        } else {
            failed = read_place(q, places++, argv[i]);
        }
    }
    if (failed)
        return failed;
    if (places < 2)
        return wrong_use("a rule and a date are needed", NULL);
    if (date_is(q->who.born) && q->who.age >= 0)
        return wrong_use("give --born or --age, not both", NULL);
    if (date_is(q->who.born) && q->who.born.day > q->on.day)
        return no_answer("not born yet on that day", date_iso(q->a, q->who.born),
                         "Check --born and the date.");
    return answer(q);
}

static void put_codes(struct buf *b, const char *what, const struct law_codes *codes)
{
    for (size_t i = 0; i < codes->n; i++) {
        buf_str(b, i ? S(" or ") : S(", "));
        buf_str(b, i ? S("") : str_of(what));
        buf_str(b, codes->p[i]);
    }
}

/* "all, by channel web, reason prescription or certificate" */
static struct str for_whom(const struct ask *q, const struct law_version *v)
{
    struct buf b = buf_new(q->a, 0);
    buf_str(&b, law_who_text(q->law, v->who));
    put_codes(&b, "by channel ", &v->channels);
    put_codes(&b, "form ", &v->forms);
    put_codes(&b, "reason ", &v->reasons);
    put_codes(&b, "team ", &v->teams);
    return buf_get(&b);
}

static int command_rules(const struct ask *q)
{
    for (int i = 0; (size_t)i < law_rule_count(q->law); i++) {
        const struct law_rule *r = law_rule(q->law, i);
        for (size_t k = 0; k < r->version_count; k++) {
            const struct law_version *v = &r->versions[k];
            const struct str fields[] = {
                r->id,
                span(q->a, v),
                for_whom(q, v),
                v->starts_text,
                v->stops_text,
                law_limit_text(q->a, v->limit),
                str_of(law_mark_code(v->mark)),
                v->source,
            };
            for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
                printf("%s" STR_FMT, f ? "\t" : "", STR_ARG(fields[f]));
            printf("\n");
        }
    }
    return 0;
}

int law_command(const struct law *law, int argc, char **argv)
{
    struct arena *a = arena_new(0);
    struct ask q = {.a = a,
                    .law = law,
                    .rule = -1,
                    .on = DATE_NONE,
                    .who = LAW_PERSON_UNKNOWN,
                    .hours = *law_office_hours(law)};
    struct str word = argc > 0 ? str_of(argv[0]) : S("");
    int code;
    if (str_eq(word, S("due")))
        code = command_due(&q, argc, argv);
    else if (str_eq(word, S("rules")) && argc == 1)
        code = command_rules(&q);
    else
        code = wrong_use("\"due\" or \"rules\" is needed", NULL);
    fflush(stdout);
    arena_free(a);
    return code;
}
