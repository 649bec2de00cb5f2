/* multipart_test.c: forms with files, as browsers send them and as nobody should. */
#include "base/rand.h"
#include "base/test.h"
#include "http/conn.h"

int http_fuzz(const uint8_t *data, size_t size);

static struct arena *a;

/* "name=value|name<filename;type>bytes", or the error's name. */
static struct str parse(struct str body)
{
    struct http_form f;
    enum err err = multipart_parse(a, body, S("b"), 100, &f);
    if (err != ERR_OK)
        return str_of(err_info(err)->name);
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < f.fields.n; i++)
        buf_fmt(&b, "|" STR_FMT "=" STR_FMT, STR_ARG(f.fields.p[i].name),
                STR_ARG(f.fields.p[i].value));
    for (size_t i = 0; i < f.files.n; i++)
        buf_fmt(&b, "|" STR_FMT "<" STR_FMT ";" STR_FMT ">" STR_FMT, STR_ARG(f.files.p[i].name),
                STR_ARG(f.files.p[i].filename), STR_ARG(f.files.p[i].type),
                STR_ARG(f.files.p[i].bytes));
    return buf_get(&b);
}

#define CD     "Content-Disposition: form-data; "
#define FILE_A "--b\r\n" CD "name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
#define END    "\r\n--b--\r\n"

static void forms_are_taken(void)
{
    CHECK_STR(parse(S("--b\r\n" CD "name=\"x\"\r\n\r\n1" END)), "|x=1");
    CHECK_STR(parse(S("--b\r\n" CD "name=x\r\n\r\na\r\nb\rc" END)), "|x=a\nb\nc");
    CHECK_STR(parse(S("--b\r\n" CD "name=\"x\"\r\n\r\n" END)), "|x=");
    CHECK_STR(parse(S(FILE_A "12\n34\r\n" END)), "|f<a.png;image/png>12\n34\r\n");
    CHECK_STR(parse(S(FILE_A END)), "|f<a.png;image/png>");
    CHECK_STR(parse(S("--b\r\n" CD "name=\"f\"; filename=\"\"\r\n\r\n" END)), "|f<;>");
    CHECK_STR(parse(S("--b\r\n" CD "name=\"x\"\r\n\r\n1\r\n" FILE_A "2" END)),
              "|x=1|f<a.png;image/png>2");
    CHECK_STR(parse(S("--b--")), "");
    CHECK_STR(parse(S("--b--\r\n")), "");
    CHECK_STR(parse(S("before\r\n--b \t\r\n" CD "name=\"x\"\r\n\r\n1\r\n--b-- \r\nafter")), "|x=1");
    CHECK_STR(parse(S("--b\r\ncontent-disposition:FORM-DATA;NAME=\"x\"\r\nX-More: y\r\n\r\n1" END)),
              "|x=1");
}

static void names_are_decoded(void)
{
    CHECK_STR(parse(S("--b\r\n" CD "name=\"f\"; filename=\"a%22b%0d%0A.png\"\r\n\r\n1" END)),
              "|f<a\"b  .png;>1");
    CHECK_STR(parse(S("--b\r\n" CD "name=\"f\"; filename=\"a\\\"b\\c.png\"\r\n\r\n1" END)),
              "|f<a\"b\\c.png;>1");
    CHECK_STR(parse(S("--b\r\n" CD "name=\"f\"; filename=\"kesä ä.png\"\r\n\r\n1" END)),
              "|f<kesä ä.png;>1");
    CHECK_STR(parse(S("--b\r\n" CD "filename=\"x; name=y\"; name=\"f\"\r\n\r\n1" END)),
              "|f<x; name=y;>1");
}

static void what_two_readers_read_apart_is_refused(void)
{
    static const struct str bad[] = {
        S_INIT(""),
        S_INIT("--b"),
        S_INIT("--b\r\n"),
        S_INIT("--c\r\n" CD "name=\"x\"\r\n\r\n1\r\n--c--"),
        S_INIT("--b\n" CD "name=\"x\"\n\n1\n--b--\n"),
        S_INIT("--b\r\n" CD "name=\"x\"\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1\n--b--\r\n"),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1"),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1\r\n--b"),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1\r\n--b-"),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1\r\n--bb--"),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n--b--"),
        S_INIT("--b\r\n\r\n1" END),
        S_INIT("--b\r\nContent-Type: text/plain\r\n\r\n1" END),
        S_INIT("--b\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n1" END),
        S_INIT("--b\r\nContent-Disposition: form-data\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"; name=\"y\"\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\" y\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n" CD "name=\"y\"\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"f\"; filename*=UTF-8''a.png\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"f\"; filename=\"\xFF\"\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n\xFF" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n\r\n1\0" END),
        S_INIT("--b\r\n " CD "name=\"x\"\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\n more\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\n1" END),
        S_INIT("--b\r\n" CD "name=\"x\"\r\nA\r\n\r\n1" END),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str got = parse(bad[i]);
        CHECK_STR(got, "BAD_INPUT");
        if (!str_eq(got, S("BAD_INPUT")))
            printf("# number %zu\n", i);
    }
}

static void all_is_bounded(void)
{
    struct buf many = buf_new(a, 0), long_text = buf_new(a, 0);
    for (int i = 0; i < PARTS_MAX; i++)
        buf_lit(&many, "--b\r\n" CD "name=\"x\"\r\n\r\n\r\n");
    struct str most = str_fmt(a, STR_FMT "--b--", STR_ARG(buf_get(&many)));
    CHECK(!str_eq(parse(most), S("BAD_INPUT")));
    buf_lit(&many, "--b\r\n" CD "name=\"x\"\r\n\r\n\r\n--b--");
    CHECK_STR(parse(buf_get(&many)), "BAD_INPUT");
    for (int i = 0; i < 101; i++)
        buf_char(&long_text, 'x');
    CHECK_STR(parse(str_fmt(a, "--b\r\n" CD "name=\"x\"\r\n\r\n" STR_FMT END,
                            STR_ARG(buf_get(&long_text)))),
              "TOO_LARGE");
    for (int i = 0; i < 2000; i++)
        buf_char(&long_text, 'x');
    CHECK_STR(parse(str_fmt(a, "--b\r\n" CD "name=\"x\"\r\nX: " STR_FMT "\r\n\r\n1" END,
                            STR_ARG(buf_get(&long_text)))),
              "BAD_INPUT");
    struct buf heads = buf_new(a, 0);
    for (int i = 0; i < 9; i++)
        buf_fmt(&heads, "X-%d: y\r\n", i);
    CHECK_STR(parse(str_fmt(a, "--b\r\n" CD "name=\"x\"\r\n" STR_FMT "\r\n1" END,
                            STR_ARG(buf_get(&heads)))),
              "BAD_INPUT");
}

static struct str boundary(struct str type)
{
    struct str out;
    return multipart_boundary(type, &out) ? out : S("refused");
}

static void boundaries_are_read(void)
{
    CHECK_STR(boundary(S("multipart/form-data; boundary=----WebKitFormBoundaryAbc")),
              "----WebKitFormBoundaryAbc");
    CHECK_STR(boundary(S("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b:c\"")), "a b:c");
    static const struct str bad[] = {
        S_INIT("multipart/form-data"),
        S_INIT("multipart/form-data;"),
        S_INIT("multipart/form-data; boundary="),
        S_INIT("multipart/form-data; boundary=\"\""),
        S_INIT("multipart/form-data; boundary=\"a"),
        S_INIT("multipart/form-data; boundary=\"a \""),
        S_INIT("multipart/form-data; boundary=a; boundary=b"),
        S_INIT("multipart/form-data; boundary=a b"),
        S_INIT("multipart/form-data; boundary=\"a\x01\""),
        S_INIT("multipart/form-data; boundary=\"a\"b"),
        S_INIT("multipart/mixed; boundary=a"),
        S_INIT("application/x-www-form-urlencoded"),
        S_INIT("multipart/form-data; boundary="
               "12345678901234567890123456789012345678901234567890123456789012345678901"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_STR(boundary(bad[i]), "refused");
}

/* Whole forms with bytes changed, doubled or left out. */
static void promises_hold_for_any_form(void)
{
    struct seeded r = seeded_new(20261122);
    static const struct str whole =
        S_INIT("multipart/form-data; boundary=\"b\"\n--b\r\n" CD "name=\"x\"\r\n\r\n1\r\n" FILE_A
               "2\r\n3\r\n--b\r\n" CD "name=\"f\"; filename=\"\"\r\n\r\n" END);
    char text[1000];
    for (int round = 0; round < 20000; round++) {
        size_t n = 0;
        for (size_t i = 0; i < whole.n && n < sizeof text - 2; i++) {
            uint32_t dice = seeded_below(&r, 200);
            if (dice != 0)
                text[n++] = dice == 1 ? (char)seeded_below(&r, 256) : whole.p[i];
            if (dice == 2)
                text[n++] = whole.p[i];
        }
        http_fuzz((const uint8_t *)text, n);
    }
    for (size_t n = 0; n < whole.n; n++) /* cut off anywhere but behind its end mark */
        http_fuzz((const uint8_t *)whole.p, n);
    struct str body = str_sub(whole, str_find(whole, '\n') + 1, whole.n);
    for (size_t n = 0; n + 2 < body.n; n++)
        CHECK_STR(parse(str_sub(body, 0, n)), "BAD_INPUT");
}

int main(void)
{
    a = arena_new(0);
    TEST(forms_are_taken);
    TEST(names_are_decoded);
    TEST(what_two_readers_read_apart_is_refused);
    TEST(all_is_bounded);
    TEST(boundaries_are_read);
    TEST(promises_hold_for_any_form);
    arena_free(a);
    return test_end();
}
