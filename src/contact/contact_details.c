/*
 * contact_details.c: about you: what was sent, read and checked; the windows of a call-back; the
 * identity code that must not be written. Pure: no store, no page, no clock but the one given.
 */
#include "contact/contact.h"

#include "base/identity.h"

enum { LONGEST_NAME = 200 };

const char *const contact_detail_fields[DETAIL_COUNT] = {
#define X(name, field) field,
    CONTACT_DETAILS(X)
#undef X
};

const struct contact_role contact_roles[CONTACT_ROLES] = {
    {"parent", N_("Parent or guardian of a child")},
    {"close", N_("Relative or other close person")},
    {"trustee", N_("Authorised person or appointed guardian")},
    {"worker", N_("Professional or authority")},
    {"role-other", N_("In another role")},
};

/* Our national languages, then those most spoken in the area, then signed ones. */
const struct contact_language contact_languages[] = {
    {"fi", "suomi", N_("Finnish")},
    {"sv", "svenska", N_("Swedish")},
    {"en", "English", N_("English")},
    {"ru", "русский", N_("Russian")},
    {"et", "eesti", N_("Estonian")},
    {"uk", "українська", N_("Ukrainian")},
    {"ar", "العربية", N_("Arabic")},
    {"so", "Soomaali", N_("Somali")},
    {"sq", "shqip", N_("Albanian")},
    {"fa", "فارسی", N_("Persian")},
    {"ku", "kurdî", N_("Kurdish")},
    {"vi", "Tiếng Việt", N_("Vietnamese")},
    {"zh", "中文", N_("Chinese")},
    {"th", "ไทย", N_("Thai")},
    {"tr", "Türkçe", N_("Turkish")},
    {"ne", "नेपाली", N_("Nepali")},
    {"bn", "বাংলা", N_("Bengali")},
    {"ur", "اردو", N_("Urdu")},
    {"tl", "Tagalog", N_("Tagalog")},
    {"es", "español", N_("Spanish")},
    {"fr", "français", N_("French")},
    {"se", "davvisámegiella", N_("Northern Sami")},
    {"fse", "suomalainen viittomakieli", N_("Finnish Sign Language")},
    {"fss", "finlandssvenskt teckenspråk", N_("Finland-Swedish Sign Language")},
};
const size_t contact_language_n = sizeof contact_languages / sizeof *contact_languages;

struct str contact_language_name(enum lang l, struct str code)
{
    for (size_t i = 0; i < contact_language_n; i++)
        if (str_eq(code, str_of(contact_languages[i].code)))
            return tr(l, contact_languages[i].english);
    return code;
}

/* ---- windows ---- */

static void add_day(struct arena *a, const struct law *law, struct date d, struct instant now,
                    struct contact_windows *out)
{
    for (int from = 0; from < DAY_MINUTES; from += CONTACT_WINDOW_MINUTES) {
        struct instant begins = instant_at(d, from);
        if (begins.ms <= now.ms || !law_office_open(law, begins))
            continue;
        struct contact_window w = {.day = d, .from = from, .to = from + CONTACT_WINDOW_MINUTES};
        w.code = str_fmt(a, STR_FMT ".%d", STR_ARG(date_iso(a, d)), from);
        VEC_PUSH(a, out, w);
    }
}

struct contact_windows contact_windows(struct arena *a, const struct law *law, struct instant now)
{
    struct contact_windows out = {0};
    struct date d = date_of(now);
    for (int days = 0; days < CONTACT_WINDOW_DAYS;) {
        size_t before = out.n;
        add_day(a, law, d, now, &out);
        days += out.n > before;
        d = law_working_days_after(law, d, 1, LAW_BREACH);
    }
    return out;
}

struct str contact_window_hours(struct arena *a, enum lang l, int from, int to)
{
    const char *form = l == LANG_EN ? "%d:%02d–%d:%02d" : "%d.%02d–%d.%02d";
    struct buf b = buf_new(a, 64);
    buf_fmt(&b, form, from / 60, from % 60, to / 60, to % 60);
    return buf_get(&b);
}

struct str contact_once(struct arena *a, struct str once, struct str body)
{
    return str_fmt(a, STR_FMT ".%016llx", STR_ARG(once), (unsigned long long)str_hash(body));
}

/* ---- the identity code ---- */

bool contact_has_identity_code(struct str text)
{
    return identity_code_in(text);
}

static const char IDENTITY[] =
    N_("Remove the personal identity code. We ask for it only when we need it, in a safe way.");

const struct form_answers *contact_answers(struct arena *a, const struct form *f,
                                           const struct fields *sent, size_t step,
                                           struct date today)
{
    const struct form_answers *read = form_answer(a, f, sent, step, today);
    struct form_answers *out = ARENA_NEW(a, struct form_answers);
    *out = *read;
    for (size_t i = 0; i < f->item_n; i++) {
        const struct form_item *it = &f->items[i];
        bool text = it->kind == FORM_STRING || it->kind == FORM_TEXT;
        if (!text || !read->of[i].enabled || (step != FORM_ALL && it->step != step))
            continue;
        for (size_t j = 0; j < read->of[i].n; j++)
            if (contact_has_identity_code(read->of[i].p[j].text)) {
                struct form_error e = {.item = i, .message = IDENTITY};
                VEC_PUSH(a, &out->errors, e);
            }
    }
    return out;
}

/* ---- reading what was sent ---- */

struct reading {
    struct arena *a;
    const struct contact_known *known;
    const struct fields *sent;
    struct contact_details *out;
};

static void wrong(struct reading *r, enum contact_detail d, const char *message)
{
    if (!r->out->errors[d])
        r->out->error_n++;
    r->out->errors[d] = message;
}

static struct str given(const struct reading *r, enum contact_detail d)
{
    return str_trim(fields_get(r->sent, contact_detail_fields[d]));
}

static bool kept_in_line(uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
                 (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
    return !control && !turns;
}

struct str contact_line(struct arena *a, struct str typed)
{
    struct buf b = buf_new(a, 0);
    for (struct str rest = typed; rest.n;) {
        const char *from = rest.p;
        if (kept_in_line(str_utf8_next(&rest)))
            buf_str(&b, (struct str){from, (size_t)(rest.p - from)});
        else
            buf_char(&b, ' ');
    }
    return str_trim(buf_get(&b));
}

static struct str read_line(struct reading *r, enum contact_detail d)
{
    struct str s = contact_line(r->a, given(r, d));
    if (str_utf8_len(s) > LONGEST_NAME)
        wrong(r, d, N_("Shorten this to 200 characters."));
    else if (contact_has_identity_code(s))
        wrong(r, d, IDENTITY);
    return s;
}

static void read_who(struct reading *r)
{
    struct contact_details *d = r->out;
    d->other = str_eq(given(r, DETAIL_WHO), S("other"));
    d->name = read_line(r, DETAIL_NAME);
    if (!d->other)
        return;
    d->whose = read_line(r, DETAIL_WHOSE);
    struct str role = given(r, DETAIL_ROLE);
    for (size_t i = 0; i < CONTACT_ROLES; i++)
        if (str_eq(role, str_of(contact_roles[i].code)))
            d->role = role;
    if (!d->role.n)
        wrong(r, DETAIL_ROLE, N_("Choose in what role you contact us."));
}

static bool read_part(const struct reading *r, const char *part, int64_t *out)
{
    struct str s = str_trim(fields_get(r->sent, part));
    return s.n && s.n <= 4 && str_int(s, out);
}

static void read_born(struct reading *r)
{
    int64_t day = 0, month = 0, year = 0;
    int parts = read_part(r, "d.born.d", &day) + read_part(r, "d.born.m", &month) +
                read_part(r, "d.born.y", &year);
    bool any = str_trim(fields_get(r->sent, "d.born.d")).n ||
               str_trim(fields_get(r->sent, "d.born.m")).n ||
               str_trim(fields_get(r->sent, "d.born.y")).n;
    r->out->born = DATE_NONE;
    if (!any)
        return;
    struct date today = date_of(r->known->now);
    struct date oldest = date_add_months(today, -12 * 120);
    if (parts == 3 && date_valid((int)year, (int)month, (int)day)) {
        struct date born = date_from((int)year, (int)month, (int)day);
        if (born.day <= today.day && born.day >= oldest.day) {
            r->out->born = born;
            return;
        }
    }
    wrong(r, DETAIL_BORN,
          N_("Write the date of birth as day, month and year, for example 3 11 1950, or leave it "
             "empty."));
}

static void read_district(struct reading *r)
{
    struct str ref = given(r, DETAIL_DISTRICT);
    for (size_t i = 0; i < r->known->districts->n; i++)
        if (str_eq(ref, r->known->districts->p[i].ref))
            r->out->district = ref;
    if (ref.n && !r->out->district.n)
        wrong(r, DETAIL_DISTRICT, N_("Choose an area from the list."));
}

static void read_window(struct reading *r)
{
    struct str code = given(r, DETAIL_WINDOW);
    if (!code.n)
        return;
    struct contact_windows all = contact_windows(r->a, r->known->law, r->known->now);
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(code, all.p[i].code))
            r->out->window = all.p[i];
    if (!date_is(r->out->window.day))
        wrong(r, DETAIL_WINDOW, N_("This time cannot be chosen any more. Choose another."));
}

static void read_reach(struct reading *r)
{
    struct contact_details *d = r->out;
    struct str reach = given(r, DETAIL_REACH);
    d->window.day = DATE_NONE;
    if (str_eq(reach, S("call")) || str_eq(reach, S("message")) || str_eq(reach, S("none")))
        d->reach = reach;
    else
        wrong(r, DETAIL_REACH, N_("Choose how you want the answer."));
    d->email = given(r, DETAIL_EMAIL);
    if (d->email.n && !str_is_email(d->email))
        wrong(r, DETAIL_EMAIL, N_("Check the email address. It looks like this: name@example.org"));
    if (!str_eq(reach, S("call")))
        return;
    d->phone = given(r, DETAIL_PHONE);
    if (contact_has_identity_code(d->phone))
        wrong(r, DETAIL_PHONE, IDENTITY);
    else if (!str_is_phone(d->phone))
        wrong(r, DETAIL_PHONE, N_("Write the number that we call, for example 040 123 4567."));
    read_window(r);
}

static void read_language(struct reading *r)
{
    struct str code = given(r, DETAIL_LANGUAGE);
    for (size_t i = 0; i < contact_language_n; i++)
        if (str_eq(code, str_of(contact_languages[i].code)))
            r->out->language = code;
    if (!r->out->language.n)
        wrong(r, DETAIL_LANGUAGE, N_("Choose a language from the list."));
    r->out->interpreter = str_eq(given(r, DETAIL_INTERPRETER), S("yes"));
}

void contact_details_read(struct arena *a, const struct contact_known *known,
                          const struct fields *sent, struct contact_details *out)
{
    *out = (struct contact_details){0};
    struct reading r = {a, known, sent, out};
    read_who(&r);
    read_born(&r);
    read_district(&r);
    read_reach(&r);
    read_language(&r);
}

struct str contact_role_words(enum lang l, struct str code)
{
    for (size_t i = 0; i < CONTACT_ROLES; i++)
        if (str_eq(code, str_of(contact_roles[i].code)))
            return tr(l, contact_roles[i].words);
    return (struct str){NULL, 0};
}

struct str contact_other_words(struct arena *a, enum lang l, const struct contact_details *d)
{
    if (!d->other)
        return (struct str){NULL, 0};
    struct buf b = buf_new(a, 0);
    buf_str(&b, contact_role_words(l, d->role));
    if (d->name.n) {
        buf_lit(&b, ": ");
        buf_str(&b, d->name);
    }
    return buf_get(&b);
}

/* ---- from a service to a form ---- */

const char *contact_form_of_class(struct str class_code)
{
    /* The national service classes (PTV, P..), the nearer ones first. A class that two subjects
     * share (P5.7: mind and substances) leads to none: the resident chooses. */
    static const char *const table[][2] = {
        {"P5.10", "dental"},
        {"P5.2", "maternity-child"},
        {"P3.2", "maternity-child"},
        {"P5.9", "youth"},
        {"P4.9", "youth"},
        {"P28", "youth"},
        {"P5.7", NULL},
        {"P5.17", NULL},
        {"P5", "health"},
        {"P3", "family"},
        {"P4.2", "older"},
        {"P4.3", "older"},
        {"P4.4", "disability"},
        {"P4.5", "disability"},
        {"P4.7", "disability"},
        {"P4.12", NULL},
        {"P4", "adult-social"},
        {"P1.4", "adult-social"},
        {"P15", "adult-social"},
        {"P22", "adult-social"},
        {"P19", "rescue"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct str code = str_of(table[i][0]);
        bool below =
            str_starts(class_code, code) && (class_code.n == code.n || class_code.p[code.n] == '.');
        if (below)
            return table[i][1];
    }
    return NULL;
}
