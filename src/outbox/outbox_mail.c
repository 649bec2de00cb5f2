/*
 * outbox_mail.c: a message as it leaves: an e-mail (RFC 5322; MIME, RFC 2045 to 2047; an invitation
 * as RFC 6047 has it), a gateway's JSON, a file. Pure but for the file.
 *
 * Everything that came from outside is in base64 in an e-mail, headers too; the addresses are plain
 * words without blanks (outbox_address_wrong()). So no header can be made by who wrote a text.
 */
#include "outbox/outbox_room.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE = 57, WORD = 42, MAIL_MAX = 256 * 1024 };

/* ---- MIME ---- */

static void put_base64(struct buf *b, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t n = s.n - i < 3 ? s.n - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < n ? (unsigned char)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_char(b, k <= n ? digits[v >> (18 - 6 * k) & 63] : '=');
    }
}

static void put_base64_lines(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i += LINE) {
        put_base64(b, str_sub(s, i, LINE));
        buf_lit(b, "\r\n");
    }
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == '=' || s.p[i] == '?')
            return false;
    return s.n <= 60;
}

/* RFC 2047: encoded words of at most 75 characters, each of whole characters. */
static void put_words(struct buf *b, struct str s)
{
    if (is_plain(s)) {
        buf_str(b, s);
        return;
    }
    for (size_t i = 0; i < s.n;) {
        size_t n = s.n - i < WORD ? s.n - i : WORD;
        while (i + n < s.n && n > 1 && ((unsigned char)s.p[i + n] & 0xC0) == 0x80)
            n--;
        buf_str(b, i ? S("\r\n =?utf-8?B?") : S("=?utf-8?B?"));
        put_base64(b, str_sub(s, i, n));
        buf_lit(b, "?=");
        i += n;
    }
}

/* "Tue, 24 Nov 2026 07:00:00 +0000" (RFC 5322, 3.3). */
static void put_date(struct buf *b, struct instant t)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t s = t.ms / 1000;
    struct date d = {(int32_t)(s / 86400)};
    struct civil c = date_civil(d);
    int second = (int)(s % 86400);
    buf_fmt(b, "%s, %d %s %d %02d:%02d:%02d +0000", days[date_weekday(d) - 1], c.day,
            months[c.month - 1], c.year, second / 3600, second / 60 % 60, second % 60);
}

/* The METHOD of an iCalendar text, which the type must repeat (RFC 6047, 2.4). */
static struct str method_of(struct str ics)
{
    for (struct str rest = ics; rest.p && rest.n;) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (str_starts(line, S("METHOD:")))
            return str_sub(line, 7, 20);
    }
    return S("PUBLISH");
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return s.n > 0;
}

static void put_text_part(struct buf *b, struct str text)
{
    buf_lit(b, "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n");
    put_base64_lines(b, text);
}

static void put_calendar_part(struct buf *b, struct str ics)
{
    struct str method = method_of(ics);
    method = is_word(method) ? method : S("PUBLISH");
    buf_fmt(b,
            "Content-Type: text/calendar; charset=utf-8; method=" STR_FMT
            "; component=VEVENT\r\nContent-Disposition: attachment; filename=\"time.ics\"\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n",
            STR_ARG(method));
    put_base64_lines(b, ics);
}

static struct str with_crlf(struct arena *a, struct str text)
{
    struct buf b = buf_new(a, MAIL_MAX);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
            buf_char(&b, '\r');
        buf_char(&b, text.p[i]);
    }
    return buf_get(&b);
}

static void put_headers(struct buf *b, const struct outbox_way_out *out, const struct outbox_row *m,
                        struct instant now)
{
    struct str domain = str_sub(out->from, str_find(out->from, '@') + 1, out->from.n);
    buf_lit(b, "From: ");
    if (out->name.n) {
        bool quoted = is_plain(out->name);
        buf_str(b, quoted ? S("\"") : S(""));
        for (size_t i = 0; quoted && i < out->name.n; i++)
            if (out->name.p[i] != '"' && out->name.p[i] != '\\')
                buf_char(b, out->name.p[i]);
        if (!quoted)
            put_words(b, out->name);
        buf_str(b, quoted ? S("\" ") : S("\r\n "));
    }
    buf_fmt(b, "<" STR_FMT ">\r\nTo: <" STR_FMT ">\r\nSubject: ", STR_ARG(out->from),
            STR_ARG(m->to));
    put_words(b, m->subject);
    buf_lit(b, "\r\nDate: ");
    put_date(b, now);
    buf_fmt(b, "\r\nMessage-ID: <" STR_FMT "@" STR_FMT ">\r\n", STR_ARG(m->ref), STR_ARG(domain));
    /* RFC 3834: no answering machine answers */
    buf_fmt(b, "Auto-Submitted: auto-generated\r\nContent-Language: %s\r\nMIME-Version: 1.0\r\n",
            lang_code(m->lang));
}

struct str outbox_mail(struct arena *a, const struct outbox_way_out *out,
                       const struct outbox_row *m, struct instant now)
{
    struct buf b = buf_new(a, MAIL_MAX);
    put_headers(&b, out, m, now);
    if (!m->attachment.n) {
        put_text_part(&b, with_crlf(a, m->body));
        return buf_get(&b);
    }
    buf_fmt(&b,
            "Content-Type: multipart/mixed; boundary=\"=_" STR_FMT "\"\r\n\r\n--=_" STR_FMT "\r\n",
            STR_ARG(m->ref), STR_ARG(m->ref));
    put_text_part(&b, with_crlf(a, m->body));
    buf_fmt(&b, "--=_" STR_FMT "\r\n", STR_ARG(m->ref));
    put_calendar_part(&b, m->attachment);
    buf_fmt(&b, "--=_" STR_FMT "--\r\n", STR_ARG(m->ref));
    return buf_get(&b);
}

/* ---- a gateway ---- */

/* "040 123 4567" as it was typed: blanks and lines between digits go. */
static struct str dialled(struct arena *a, struct str phone)
{
    struct buf b = buf_new(a, 64);
    for (size_t i = 0; i < phone.n; i++)
        if ((phone.p[i] >= '0' && phone.p[i] <= '9') || (phone.p[i] == '+' && i == 0))
            buf_char(&b, phone.p[i]);
    return buf_get(&b);
}

struct str outbox_gateway_body(struct arena *a, const struct outbox_row *m)
{
    struct buf b = buf_new(a, MAIL_MAX);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "id", m->ref);
    jw_str(&w, "to", dialled(a, m->to));
    jw_str(&w, "text", m->body);
    jw_end_object(&w);
    return buf_get(&b);
}

/* ---- a folder ---- */

static struct str file_text(struct arena *a, const struct outbox_way_out *out,
                            const struct outbox_row *m, struct instant now)
{
    if (m->way == OUTBOX_EMAIL) {
        struct outbox_way_out from = *out;
        from.from = out->from.n ? out->from : S("asialla@localhost");
        return outbox_mail(a, &from, m, now);
    }
    if (m->way == OUTBOX_SMS)
        return str_fmt(a, "To: " STR_FMT "\n\n" STR_FMT "\n", STR_ARG(m->to), STR_ARG(m->body));
    return str_fmt(a, STR_FMT "\n\n\n" STR_FMT "\n\n" STR_FMT "\n", STR_ARG(m->to),
                   STR_ARG(m->subject), STR_ARG(m->body));
}

static bool write_whole(const char *path, struct str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && !fault_hit(FAULT_WRITE);
    for (size_t at = 0; ok && at < text.n;) {
        ssize_t n = write(fd, text.p + at, text.n - at);
        ok = n > 0 || (n < 0 && errno == EINTR);
        at += n > 0 ? (size_t)n : 0;
    }
    ok = ok && fsync(fd) == 0;
    int wrong = errno;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    errno = wrong;
    return ok;
}

bool outbox_folder_put(struct arena *a, const struct outbox_way_out *out,
                       const struct outbox_row *m, struct instant now, struct str *why)
{
    struct str name =
        str_fmt(a, "%s-%lld-" STR_FMT ".%s", outbox_way_code(m->way), (long long)m->id,
                STR_ARG(m->ref), m->way == OUTBOX_EMAIL ? "eml" : "txt");
    const char *path = str_z(a, str_fmt(a, "%s/" STR_FMT, out->folder, STR_ARG(name)));
    const char *part = str_z(a, str_fmt(a, "%s/." STR_FMT ".part", out->folder, STR_ARG(name)));
    mkdir(out->folder, 0700);
    if (write_whole(part, file_text(a, out, m, now)) && rename(part, path) == 0)
        return true;
    *why = str_fmt(a, "%s: %s", out->folder, strerror(errno));
    unlink(part);
    return false;
}

bool outbox_folder_sync(const struct outbox_way_out *out)
{
    int fd = open(out->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}
