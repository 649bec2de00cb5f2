/* server_test.c: the options of a command line, and the installation's secret. */
#include "server/server.h"
#include "store/store_test.h"

#include <sodium.h>
#include <sys/stat.h>

static struct arena *a;

/* ---- options ---- */

static struct options o;

/* The words of the command line, with '|' between. */
static bool reads(const char *line)
{
    struct str rest = str_of(line);
    static char name[] = "asialla";
    char *argv[8] = {name};
    int argc = 1;
    while (rest.p)
        argv[argc++] = (char *)(uintptr_t)str_z(a, str_cut(&rest, '|'));
    return options_read(a, argc, argv, &o);
}

static void options_as_written(void)
{
    CHECK(reads("serve|--data|d1|--listen=[::1]:0|--demo"));
    CHECK_STR(str_of(o.command), "serve");
    CHECK_STR(str_of(o.data), "d1");
    CHECK_STR(str_of(o.listen), "[::1]:0");
    CHECK(o.demo && !o.secure && o.rest.n == 1);
    CHECK(reads("search|fi|--|--demo") && o.rest.n == 3 && !o.demo);
    CHECK(reads("user|add|--name=--x") && strcmp(o.name, "--x") == 0);
}

static void options_that_are_none(void)
{
    CHECK(!reads("serve|--dmo"));
    CHECK(!reads("serve|--demo=no"));
    CHECK(!reads("serve|--data"));
    CHECK(!reads("serve|--data|"));
    CHECK(!reads("serve|--data="));
    CHECK(!reads("serve|--data|--demo"));
}

static void options_url(void)
{
    CHECK(reads("serve|--url|https://asialla.example/"));
    CHECK_STR(str_of(o.url), "https://asialla.example");
    CHECK(reads("serve|--url|http://[::1]:8080") && reads("serve|--url=https://a.fi:8443"));
    static const char *const bad[] = {
        "serve|--url|asialla.example",   "serve|--url|ftp://asialla.example",
        "serve|--url|https://",          "serve|--url|https://a.fi/path",
        "serve|--url|https://a.fi\"x",   "serve|--url|https://me@a.fi",
        "serve|--url|https://[::1",      "serve|--url|https://a.fi?x",
        "serve|--url|https://a.fi\r\nX:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!reads(bad[i]));
}

/* ---- the key ---- */

static char key_path[96];
static unsigned char key[32];

static bool boot(bool new_key)
{
    struct options here = {.data = folder, .new_key = new_key};
    struct str why;
    struct store *s = open_as(a, (struct store_conf){.create = true}, &why);
    bool ok = s && boot_key(a, &here, s, key);
    if (s)
        store_close(s);
    return ok;
}

static void put_key(const void *p, size_t n)
{
    FILE *f = fopen(key_path, "wb");
    fwrite(p, 1, n, f);
    fclose(f);
}

static void a_key_is_made_once(void)
{
    unsigned char first[32];
    struct stat st;
    CHECK(boot(false));
    memcpy(first, key, 32);
    CHECK(stat(key_path, &st) == 0 && st.st_size == 32 && (st.st_mode & 0777) == 0600);
    CHECK(boot(false) && memcmp(first, key, 32) == 0);
}

/* None of these may pass unnoticed: the codes of residents would be dead. */
static void a_key_that_is_not_the_one(void)
{
    unsigned char first[32], zero[33] = {0};
    memcpy(first, key, 32);
    put_key(zero, 32);
    CHECK(!boot(false));
    put_key(zero, 33);
    CHECK(!boot(false));
    put_key(zero, 0);
    CHECK(!boot(false));
    remove(key_path);
    CHECK(!boot(false) && access(key_path, F_OK) != 0);
    put_key(first, 32);
    CHECK(boot(false));
    CHECK(boot(true) && memcmp(first, key, 32) != 0); /* given up on purpose */
    memcpy(first, key, 32);
    CHECK(boot(false) && memcmp(first, key, 32) == 0);
}

/* As a full disk would leave it: the file beside does not come in the way of the next try. */
static void half_a_key(void)
{
    char beside[128];
    snprintf(beside, sizeof beside, "%s.new", key_path);
    put_key("half", 4);
    rename(key_path, beside);
    CHECK(boot(true) && access(beside, F_OK) != 0 && access(key_path, F_OK) == 0);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    struct migrations ours = store_migrations;
    folder_new();
    store_migrations = ours;
    snprintf(key_path, sizeof key_path, "%s/key", folder);
    a = arena_new(0);
    TEST(options_as_written);
    TEST(options_that_are_none);
    TEST(options_url);
    TEST(a_key_is_made_once);
    TEST(a_key_that_is_not_the_one);
    TEST(half_a_key);
    arena_free(a);
    remove(key_path);
    folder_remove();
    return test_end();
}
