/*
 * outbox_post.c: letters: is a postal address one, and is a letter there in time? Pure but for the
 * reading of data/outbox/countries.json.
 *
 *     Havukuja 3 A 5        a street, a box, a farm: anything
 *     01600 Vantaa          five digits by themselves, and a town
 *     Ruotsi                only where it is abroad: then any code will do
 */
#include "outbox/outbox_room.h"

#include "base/embedded.h"

#include <pthread.h>

enum { CODE_DIGITS = 5, NAMES_MOST = 2000 };

extern const struct embedded outbox_files[];
extern const size_t outbox_files_count;

/* ---- countries ---- */

bool outbox_countries_read(struct arena *a, struct str text, struct outbox_countries *out,
                           struct str *why)
{
    static const char *const known[] = {"reviewed", "about", "countries", NULL};
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je), *all = jv_get(o, "countries");
    *out = (struct outbox_countries){0};
    *why = (struct str){NULL, 0};
    for (size_t i = 0; i < jv_len(all); i++)
        for (size_t j = 0; j < jv_len(jv_at(all, i)) && out->n < NAMES_MOST; j++) {
            struct str name = str_lower(a, jv_str(jv_at(jv_at(all, i), j)));
            VEC_PUSH(a, out, name);
            if (!str_shows(name))
                *why = S("countries.json: a name is empty");
        }
    if (!o)
        *why = str_fmt(a, "countries.json:%d: %s", je.line, je.text);
    else if (jv_unknown(o, known).n || !out->n)
        *why = S("countries.json: reviewed, about and countries are needed, and nothing else");
    return !why->n;
}

static struct outbox_countries countries;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return outbox_countries_read(
        a, embedded_text(outbox_files, outbox_files_count, "countries.json"), &countries, why);
}

static void read_once(void)
{
    embedded_load("outbox", read_file);
}

void outbox_post_read(void)
{
    pthread_once(&once, read_once);
}

/* ---- addresses ---- */

/* One that is shown: a control character is a blank; nothing, where it has blanks alone. */
static struct str visible(struct arena *a, struct str line)
{
    struct buf b = buf_new(a, line.n * 3 + 1);
    while (line.n) {
        uint32_t c = str_utf8_next(&line);
        bool hidden = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E ||
                      c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        buf_utf8(&b, hidden ? ' ' : c);
    }
    struct str shown = str_trim(buf_get(&b));
    return str_shows(shown) ? shown : S("");
}

struct str outbox_postal(struct arena *a, struct str typed)
{
    struct buf b = buf_new(a, typed.n * 3 + 1);
    struct str text = str_trim(typed);
    char between = str_find(text, '\n') < text.n ? '\n' : ',';
    while (text.n) {
        struct str line = visible(a, str_cut(&text, between));
        if (b.n && line.n)
            buf_char(&b, '\n');
        buf_str(&b, line);
    }
    return b.n ? buf_get(&b) : (struct str){NULL, 0};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the last five digits that stand by themselves begin; s.n: nowhere. */
static size_t code_at(struct str s)
{
    size_t found = s.n;
    for (size_t i = 0, run = 0; i <= s.n; i++) {
        if (i < s.n && is_digit(s.p[i])) {
            run++;
            continue;
        }
        if (run == CODE_DIGITS)
            found = i - run;
        run = 0;
    }
    return found;
}

/* Of any script, but one that is seen. */
static bool has_letter(struct str s)
{
    while (s.n) {
        struct str one = s;
        uint32_t c = str_utf8_next(&s);
        one.n -= s.n;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x80 && str_shows(one)))
            return true;
    }
    return false;
}

static struct str last_line(struct str postal)
{
    struct str line = {NULL, 0};
    while (postal.n)
        line = str_cut(&postal, '\n');
    return line;
}

static bool names_country(struct arena *a, struct str postal)
{
    struct str last = str_lower(a, last_line(postal));
    outbox_post_read();
    for (size_t i = 0; i < countries.n; i++)
        if (str_eq(last, countries.p[i]))
            return last.n < postal.n;
    return false;
}

const char *outbox_postal_wrong(struct arena *a, struct str postal)
{
    int lines = 0;
    for (struct str rest = postal; rest.n; lines++)
        str_cut(&rest, '\n');
    if (!lines)
        return N_("Write the postal address to which we send letters.");
    if (str_utf8_len(postal) > OUTBOX_POSTAL_MOST || lines > OUTBOX_POSTAL_LINES)
        return N_("Shorten the address to 200 characters and six lines.");
    if (names_country(a, postal))
        return NULL;
    size_t at = code_at(postal);
    struct str town = str_sub(postal, at + CODE_DIGITS, postal.n);
    bool fine = at < postal.n && has_letter(str_sub(postal, 0, at)) && has_letter(town);
    return fine
               ? NULL
               : N_("Write the street, the postal code of five digits and the town. If the address "
                    "is abroad, write the country on the last line.");
}

/* ---- in time ---- */

int outbox_post_days(void)
{
    return outbox_data()->post_days;
}

/* It is posted on a working day, is on its way for post_days of them, and is there the day before.
 * Where it is unsettled whether a day is one, it is none: a letter that is early harms nobody. */
struct instant outbox_post_by(const struct law *law, struct instant t)
{
    struct date d = date_of(t);
    for (int left = outbox_post_days() + 1; left > 0;) {
        d = date_add(d, -1);
        left -= law_working_day(law, d, LAW_BREACH);
    }
    return instant_at(date_add(d, 1), 0);
}

bool outbox_post_arrives(const struct law *law, struct instant now, struct instant t)
{
    return outbox_window(law, OUTBOX_LETTER, now).ms < outbox_post_by(law, t).ms;
}
