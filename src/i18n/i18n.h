/*
 * i18n.h: the languages, the catalogue, and how numbers, days and times are written. A message id
 * is its English text; po/fi.po and po/sv.po hold the others and are compiled in; a text without a
 * translation fails the build. Adding a language is adding a catalogue and a line in i18n.c.
 *
 * Placeholders are %1 ... %9, so that a translation may order them freely; %% is a percent sign.
 */
#ifndef ASIALLA_I18N_I18N_H
#define ASIALLA_I18N_I18N_H

#include "base/json.h"
#include "base/time.h"

/* One byte, so that the compiler can tell it from a number where a template writes it (html.h). */
enum __attribute__((packed)) lang { LANG_FI, LANG_SV, LANG_EN, LANG_COUNT };

const char *lang_code(enum lang l); /* "fi": BCP 47, also the first segment of every address */
const char *lang_name(enum lang l); /* the language's name in itself: "Suomi" */
bool lang_from(struct str code, enum lang *out);
/* The texts of {"fi": ..., "sv": ..., "en": ...}; false where one is missing or empty. */
bool lang_texts(const struct jv *object, struct str out[LANG_COUNT]);
/* The best of ours for an Accept-Language header (RFC 9110 12.5.4); Finnish where nothing fits. */
enum lang lang_negotiate(struct str accept_language);

/* The text in that language. msgid must be a literal, so that the catalogue compiler finds it. tr()
 * never fails: a text that is not in the catalogue (impossible after a full build) is returned as
 * it is. */
struct str tr(enum lang l, const char *msgid);
/* The form for n: tr_n(l, "%1 day", "%1 days", n). */
struct str tr_n(enum lang l, const char *one, const char *many, int64_t n);
/* What templates call: the hash was computed at build. */
struct str tr_hashed(enum lang l, uint64_t hash, const char *msgid);
struct str tr_n_hashed(enum lang l, uint64_t hash_of_one, const char *one, const char *many,
                       int64_t n);
/* Marks a literal for the catalogue where tr() is called elsewhere: {"queue", N_("Queue")}. */
#define N_(msgid) msgid

/* Fills placeholders with plain strings; for pages, the template's own filling escapes. */
struct str tr_fill(struct arena *a, struct str text, const struct str *args, size_t n);

/* ---- writing days, times, numbers as people do ---- */

struct str fmt_date(struct arena *a, enum lang l,
                    struct date d); /* 24.11.2026 | 24.11.2026 | 24 November 2026 */
struct str fmt_day(struct arena *a, enum lang l,
                   struct date d); /* tiistai 24.11. | tisdag 24.11 | Tuesday 24 November */
struct str fmt_time(struct arena *a, enum lang l, int minute); /* klo 16.00 | kl. 16.00 | 16:00 */
struct str fmt_when(struct arena *a, enum lang l, struct instant t); /* 24.11.2026 klo 16.05 */
/* Relative to now by calendar days: today, tomorrow, yesterday, else the weekday and date; with the
 * time: "tänään klo 16.00", "torstaina 3.12. klo 16.00", "i morgon kl. 12.00". */
struct str fmt_by(struct arena *a, enum lang l, struct instant t, struct instant now);
struct str fmt_month(struct arena *a, enum lang l,
                     struct date d);                    /* toukokuu 2026 | maj 2026 | May 2026 */
struct str fmt_month_short(enum lang l, struct date d); /* touko | maj | May */
/* Weeks of ISO 8601: viikko 48/2026 | vecka 48/2026 | week 48/2026; and short: vk 48 | v. 48 | wk
 * 48 */
struct str fmt_week(struct arena *a, enum lang l, struct date d);
struct str fmt_week_short(struct arena *a, enum lang l, struct date d);
struct str fmt_int(struct arena *a, enum lang l, int64_t v); /* 12 345 (no-break space) | 12,345 */
struct str fmt_days(struct arena *a, enum lang l, int64_t days); /* 3 päivää | 3 dagar | 3 days */
/* Part of whole in whole per cent: 88 % (no-break space) | 88%; a dash where there is no whole. */
struct str fmt_share(struct arena *a, enum lang l, int64_t part, int64_t whole);
struct str fmt_percent(struct arena *a, enum lang l, int64_t percent);

#endif
