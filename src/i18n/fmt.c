/*
 * fmt.c: days, times and numbers as people write them; see i18n.h.
 *
 * Finnish as the Language Office (Kielitoimisto) advises: 24.11.2026, klo 16.00. Swedish as written
 * in Finland: 24.11.2026, kl. 16.00. English: day month year, 24-hour clock.
 */
#include "i18n/i18n.h"

#include <assert.h>

static const char *const weekdays[LANG_COUNT][7] = {
    [LANG_FI] = {"maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai",
                 "sunnuntai"},
    [LANG_SV] = {"måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"},
    [LANG_EN] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};

/* On that day: Finnish says it with a case of its own (essive), the others with the same word. */
static const char *const on_weekdays_fi[7] = {"maanantaina", "tiistaina",   "keskiviikkona",
                                              "torstaina",   "perjantaina", "lauantaina",
                                              "sunnuntaina"};

static const char *const months[LANG_COUNT][12] = {
    [LANG_FI] = {"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu",
                 "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"},
    [LANG_SV] = {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
                 "september", "oktober", "november", "december"},
    [LANG_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
                 "September", "October", "November", "December"},
};

static const char *const short_months[LANG_COUNT][12] = {
    [LANG_FI] = {"tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys",
                 "loka", "marras", "joulu"},
    [LANG_SV] = {"jan.", "feb.", "mars", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.",
                 "nov.", "dec."},
    [LANG_EN] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                 "Dec"},
};

/* Yesterday, today, tomorrow. */
static const char *const near_days[LANG_COUNT][3] = {
    [LANG_FI] = {"eilen", "tänään", "huomenna"},
    [LANG_SV] = {"i går", "i dag", "i morgon"},
    [LANG_EN] = {"yesterday", "today", "tomorrow"},
};

static const char *const days_unit[LANG_COUNT][2] = {
    [LANG_FI] = {"päivä", "päivää"},
    [LANG_SV] = {"dag", "dagar"},
    [LANG_EN] = {"day", "days"},
};

#define NO_BREAK_SPACE "\xC2\xA0"
#define MINUS          "\xE2\x88\x92"

struct str fmt_date(struct arena *a, enum lang l, struct date d)
{
    assert(l < LANG_COUNT);
    if (!date_is(d))
        return S("");
    struct civil c = date_civil(d);
    if (l == LANG_EN)
        return str_fmt(a, "%d %s %d", c.day, months[LANG_EN][c.month - 1], c.year);
    return str_fmt(a, "%d.%d.%d", c.day, c.month, c.year);
}

static struct str day_with(struct arena *a, enum lang l, struct date d, const char *weekday)
{
    struct civil c = date_civil(d);
    if (l == LANG_EN)
        return str_fmt(a, "%s %d %s", weekday, c.day, months[LANG_EN][c.month - 1]);
    return str_fmt(a, l == LANG_FI ? "%s %d.%d." : "%s %d.%d", weekday, c.day, c.month);
}

struct str fmt_day(struct arena *a, enum lang l, struct date d)
{
    assert(l < LANG_COUNT);
    return date_is(d) ? day_with(a, l, d, weekdays[l][date_weekday(d) - 1]) : S("");
}

struct str fmt_time(struct arena *a, enum lang l, int minute)
{
    static const char *const form[LANG_COUNT] = {
        [LANG_FI] = "klo %d.%02d", [LANG_SV] = "kl. %d.%02d", [LANG_EN] = "%d:%02d"};
    assert(l < LANG_COUNT && minute >= 0 && minute <= DAY_MINUTES);
    struct buf b = buf_new(a, 64);
    buf_fmt(&b, form[l], minute / 60, minute % 60);
    return buf_get(&b);
}

/* A day and a time of day, with the language's own words between. */
static struct str join(struct arena *a, struct str day, struct str time)
{
    return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(day), STR_ARG(time));
}

struct str fmt_when(struct arena *a, enum lang l, struct instant t)
{
    return join(a, fmt_date(a, l, date_of(t)), fmt_time(a, l, minute_of(t)));
}

struct str fmt_by(struct arena *a, enum lang l, struct instant t, struct instant now)
{
    assert(l < LANG_COUNT);
    struct date d = date_of(t), today = date_of(now);
    int days = d.day - today.day, nth = date_weekday(d) - 1;
    const char *weekday = l == LANG_FI ? on_weekdays_fi[nth] : weekdays[l][nth];
    struct str day;
    if (days >= -1 && days <= 1)
        day = str_of(near_days[l][days + 1]);
    else if (date_civil(d).year == date_civil(today).year)
        day = day_with(a, l, d, weekday);
    else
        day = join(a, str_of(weekday), fmt_date(a, l, d));
    return join(a, day, fmt_time(a, l, minute_of(t)));
}

struct str fmt_month(struct arena *a, enum lang l, struct date d)
{
    assert(l < LANG_COUNT);
    if (!date_is(d))
        return S("");
    struct civil c = date_civil(d);
    return str_fmt(a, "%s %d", months[l][c.month - 1], c.year);
}

struct str fmt_month_short(enum lang l, struct date d)
{
    assert(l < LANG_COUNT && date_is(d));
    return str_of(short_months[l][date_civil(d).month - 1]);
}

/* A week belongs to the year of its Thursday, and the first has the year's first one (ISO 8601). */
static int week_of(struct date d, int *year)
{
    struct date thursday = date_add(d, 4 - date_weekday(d));
    *year = date_civil(thursday).year;
    return (thursday.day - date_from(*year, 1, 1).day) / 7 + 1;
}

struct str fmt_week(struct arena *a, enum lang l, struct date d)
{
    static const char *const word[LANG_COUNT] = {
        [LANG_FI] = "viikko", [LANG_SV] = "vecka", [LANG_EN] = "week"};
    assert(l < LANG_COUNT);
    if (!date_is(d))
        return S("");
    int year, week = week_of(d, &year);
    return str_fmt(a, "%s %d/%d", word[l], week, year);
}

struct str fmt_week_short(struct arena *a, enum lang l, struct date d)
{
    static const char *const word[LANG_COUNT] = {
        [LANG_FI] = "vk", [LANG_SV] = "v.", [LANG_EN] = "wk"};
    assert(l < LANG_COUNT && date_is(d));
    int year, week = week_of(d, &year);
    return str_fmt(a, "%s" NO_BREAK_SPACE "%d", word[l], week);
}

struct str fmt_int(struct arena *a, enum lang l, int64_t v)
{
    assert(l < LANG_COUNT);
    struct buf digits = buf_new(a, 64), b = buf_new(a, 64);
    buf_int(&digits, v);
    struct str s = buf_get(&digits);
    if (v < 0) {
        buf_lit(&b, MINUS);
        s = str_sub(s, 1, s.n);
    }
    for (size_t i = 0; i < s.n; i++) {
        if (i > 0 && (s.n - i) % 3 == 0)
            buf_str(&b, l == LANG_EN ? S(",") : S(NO_BREAK_SPACE));
        buf_char(&b, s.p[i]);
    }
    return buf_get(&b);
}

struct str fmt_days(struct arena *a, enum lang l, int64_t days)
{
    return join(a, fmt_int(a, l, days), str_of(days_unit[l][days != 1]));
}

struct str fmt_percent(struct arena *a, enum lang l, int64_t percent)
{
    return str_fmt(a, l == LANG_EN ? STR_FMT "%%" : STR_FMT NO_BREAK_SPACE "%%",
                   STR_ARG(fmt_int(a, l, percent)));
}

struct str fmt_share(struct arena *a, enum lang l, int64_t part, int64_t whole)
{
    return whole > 0 && part >= 0 ? fmt_percent(a, l, (part * 100 + whole / 2) / whole) : S("–");
}
