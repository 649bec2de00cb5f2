/*
 * hsds_parts.c: texts, addresses of the web, phones, hours and languages.
 *
 * Hours are weekly rules (RFC 5545). HSDS wants an offset from UTC with each time; a rule that
 * holds all year has two of them in Finland, so times stand without one, as the wall clock there
 * shows them (Europe/Helsinki). A day and a night end at 23:59: the format has no 24:00.
 */
#include "directory/rules.h"
#include "exchange/hsds.h"

void hsds_begin(struct hsds *h)
{
    h->buf = ARENA_NEW(h->a, struct buf);
    *h->buf = buf_new(h->a, HSDS_ANSWER_MAX);
    h->w = jw_new(h->buf);
}

void hsds_str(struct hsds *h, const char *key, struct str s)
{
    if (s.n > 0)
        jw_str(&h->w, key, s);
}

void hsds_text(struct hsds *h, const char *key, const struct dir_texts *t)
{
    hsds_str(h, key, dir_pick(t, h->lang).text);
}

void hsds_prose(struct hsds *h, const char *key, const struct dir_texts *summary,
                const struct dir_texts *description)
{
    struct str s = dir_pick(summary, h->lang).text, d = dir_pick(description, h->lang).text;
    if (s.n > 0 && d.n > 0)
        s = str_fmt(h->a, STR_FMT "\n\n" STR_FMT, STR_ARG(s), STR_ARG(d));
    hsds_str(h, key, s.n ? s : d);
}

static bool is_mail(const struct dir_link *l)
{
    return l->url.n > 7 && str_ieq(str_sub(l->url, 0, 7), S("mailto:"));
}

void hsds_uri(struct hsds *h, const char *key, struct str url)
{
    static const char bad[] = "\"<>\\^`{|}";
    struct buf b = buf_new(h->a, url.n * 3 + 1);
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= ' ' || c >= 127 || strchr(bad, c))
            buf_fmt(&b, "%%%02X", c);
        else
            buf_char(&b, (char)c);
    }
    hsds_str(h, key, buf_get(&b));
}

/* Of those that come once a language: the wanted one's, else Finnish, Swedish, English, any. */
static struct str best(enum lang want, const struct str *langs, size_t n)
{
    const char *order[] = {lang_code(want), "fi", "sv", "en"};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < n; i++)
            if (langs[i].n == 0 || str_eq(langs[i], str_of(order[k])))
                return str_of(order[k]);
    return n ? langs[0] : S("");
}

static const struct dir_link *best_link(const struct hsds *h, const struct dir_links *links,
                                        bool mail)
{
    struct str *langs = ARENA_ARRAY(h->a, links->n, struct str);
    size_t n = 0;
    for (size_t i = 0; i < links->n; i++)
        if (is_mail(&links->p[i]) == mail)
            langs[n++] = links->p[i].lang;
    struct str lang = best(h->lang, langs, n);
    for (size_t i = 0; i < links->n; i++)
        if (is_mail(&links->p[i]) == mail &&
            (links->p[i].lang.n == 0 || str_eq(links->p[i].lang, lang)))
            return &links->p[i];
    return NULL;
}

/* As the format "email" has it: no other characters than ASCII's. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 127 || s.p[i] == '%')
            return false;
    return true;
}

void hsds_email(struct hsds *h, const char *key, const struct dir_links *links)
{
    const struct dir_link *l = best_link(h, links, true);
    if (l && is_plain(l->url))
        hsds_str(h, key, str_sub(l->url, 7, l->url.n));
}

bool hsds_has_website(const struct hsds *h, const struct dir_links *links)
{
    return best_link(h, links, false) != NULL;
}

void hsds_website(struct hsds *h, const char *key, const struct dir_links *links)
{
    const struct dir_link *l = best_link(h, links, false);
    if (l)
        hsds_uri(h, key, l->url);
}

/* ---- phones ---- */

static struct str numbered(const struct hsds *h, const char *kind, struct hsds_owner o, size_t i)
{
    return hsds_id_of(h->a, kind, o.id, str_fmt(h->a, "%zu", i));
}

static struct str phone_words(const struct hsds *h, const struct dir_phone *p, struct str name)
{
    struct buf b = buf_new(h->a, 16384);
    struct str cost = p->charge_info;
    if (cost.n == 0 && p->charge == DIR_FREE)
        cost = tr(h->lang, "The call is free of charge.");
    const struct str parts[] = {name, p->info, cost};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n == 0)
            continue;
        if (b.n > 0)
            buf_lit(&b, "\n");
        buf_str(&b, parts[i]);
    }
    return buf_get(&b);
}

void hsds_phones(struct hsds *h, struct hsds_owner o, const struct dir_phones *phones,
                 struct str name)
{
    struct str *langs = ARENA_ARRAY(h->a, phones->n, struct str);
    for (size_t i = 0; i < phones->n; i++)
        langs[i] = phones->p[i].lang;
    struct str lang = best(h->lang, langs, phones->n);
    for (size_t i = 0; i < phones->n; i++) {
        const struct dir_phone *p = &phones->p[i];
        bool whole = str_starts(p->uri, S("tel:+"));
        if (p->lang.n > 0 && !str_eq(p->lang, lang))
            continue;
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", numbered(h, "phone", o, i));
        jw_str(&h->w, "number", whole ? str_sub(p->uri, 4, p->uri.n) : p->number);
        jw_str(&h->w, "type",
               p->kind == DIR_SMS   ? S("text")
               : p->kind == DIR_FAX ? S("fax")
                                    : S("voice"));
        hsds_str(h, "description", phone_words(h, p, name));
        jw_end_object(&h->w);
    }
}

/* ---- hours ---- */

static struct str days_of(const struct hsds *h, unsigned days)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    struct buf b = buf_new(h->a, 64);
    for (size_t i = 0; i < 7; i++)
        if (days & 1u << i)
            buf_fmt(&b, "%s%s", b.n ? "," : "", names[i]);
    return buf_get(&b);
}

static struct str clock_of(const struct hsds *h, int minute)
{
    int m = minute >= DAY_MINUTES ? DAY_MINUTES - 1 : minute;
    return str_fmt(h->a, "%02d:%02d", m / 60, m % 60);
}

static struct str rule_words(const struct hsds *h, const struct dir_rule *r)
{
    if (r->closed)
        return tr(h->lang, "Closed all day");
    if (r->reservation)
        return tr(h->lang, "By appointment");
    return r->always ? tr(h->lang, "Open day and night") : S("");
}

static void put_rule(struct hsds *h, struct str id, const struct dir_rule *r, const char *attending)
{
    jw_object(&h->w, NULL);
    jw_str(&h->w, "id", id);
    if (date_is(r->begin))
        jw_str(&h->w, "valid_from", date_iso(h->a, r->begin));
    if (date_is(r->end))
        jw_str(&h->w, "valid_to", date_iso(h->a, r->end));
    if (r->days) {
        jw_str(&h->w, "wkst", S("MO"));
        jw_str(&h->w, "freq", S("WEEKLY"));
        jw_int(&h->w, "interval", 1);
        jw_str(&h->w, "byday", days_of(h, r->days));
        jw_str(&h->w, "opens_at", clock_of(h, r->from));
        jw_str(&h->w, "closes_at", clock_of(h, r->to));
    }
    hsds_str(h, "description", rule_words(h, r));
    if (attending)
        jw_str(&h->w, "attending_type", str_of(attending));
    hsds_text(h, "notes", r->info);
    jw_end_object(&h->w);
}

void hsds_schedules(struct hsds *h, struct hsds_owner o, const struct dir_hours_list *hours)
{
    struct dir_rules rules = dir_rules(h->a, hours);
    for (size_t i = 0; i < rules.n; i++)
        put_rule(h, numbered(h, "schedule", o, i), &rules.p[i], o.attending);
}

/* ---- languages ---- */

static struct str language_name(const struct hsds *h, struct str code)
{
    if (str_eq(code, S("fi")))
        return tr(h->lang, "Finnish");
    if (str_eq(code, S("sv")))
        return tr(h->lang, "Swedish");
    return str_eq(code, S("en")) ? tr(h->lang, "English") : code;
}

void hsds_languages(struct hsds *h, struct hsds_owner o, const struct dir_texts *codes)
{
    if (codes->n == 0)
        return;
    jw_array(&h->w, "languages");
    for (size_t i = 0; i < codes->n; i++) {
        struct str code = codes->p[i].text;
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id_of(h->a, "language", o.id, code));
        jw_str(&h->w, "name", language_name(h, code));
        jw_str(&h->w, "code", code);
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
}
