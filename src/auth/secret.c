/*
 * secret.c: everything that is compared with a secret: form tokens, receipt codes, passwords. Each
 * use has its own label in the keyed hash (BLAKE2b), so that a value made for one use is worth
 * nothing in another.
 */
#include "auth/auth.h"
#include "base/buf.h"
#include "base/guard.h"

#include <assert.h>
#include <sodium.h>

enum { HASH = 32, CODE_CHARS = 13, FORM_CHARS = 32 };

static void keyed(const unsigned char key[32], struct str label, struct str text,
                  unsigned char out[HASH])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, key, 32, HASH);
    crypto_generichash_update(&st, (const unsigned char *)label.p, label.n);
    crypto_generichash_update(&st, (const unsigned char *)text.p, text.n);
    crypto_generichash_final(&st, out, HASH);
}

struct str auth_form_token(struct arena *a, const unsigned char key[32], struct str session_token)
{
    unsigned char h[HASH];
    keyed(key, S("form:"), session_token, h);
    return base32(a, h, sizeof h, FORM_CHARS);
}

bool auth_form_token_ok(struct arena *a, const unsigned char key[32], struct str session_token,
                        struct str given)
{
    struct str want = auth_form_token(a, key, session_token);
    return given.n == FORM_CHARS && sodium_memcmp(want.p, given.p, FORM_CHARS) == 0;
}

struct str auth_code_make(struct arena *a, const unsigned char key[32], struct str once)
{
    unsigned char h[HASH];
    keyed(key, S("code:"), once, h);
    struct str c = base32(a, h, sizeof h, CODE_CHARS);
    return str_fmt(a, "%.4s-%.4s-%.5s", c.p, c.p + 4, c.p + 8);
}

/* One character as people type it: the digit or letter that Crockford's base 32 means, or 0. */
static char code_char(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 32);
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z' && c != 'U') ? c : 0;
}

bool auth_code_hash(struct arena *a, const unsigned char key[32], struct str typed,
                    struct str *hash)
{
    char code[CODE_CHARS];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == '-' || typed.p[i] == ' ')
            continue;
        char c = code_char(typed.p[i]);
        if (!c || n == CODE_CHARS)
            return false;
        code[n++] = c;
    }
    if (n != CODE_CHARS)
        return false;
    unsigned char *h = arena_alloc(a, HASH);
    keyed(key, S("code-hash:"), (struct str){code, n}, h);
    *hash = (struct str){(const char *)h, HASH};
    return true;
}

/* OWASP Password Storage Cheat Sheet 2023: argon2id, 19 MiB, two passes, one lane. */
enum { PASSES = 2 };
static const size_t MEMORY = (size_t)19 * 1024 * 1024;

struct str auth_secret_hash(struct arena *a, const unsigned char key[32], const char *label,
                            struct str secret)
{
    unsigned char *h = arena_alloc(a, HASH);
    keyed(key, str_of(label), secret, h);
    return (struct str){(const char *)h, HASH};
}

struct str auth_password_hash(struct arena *a, struct str password)
{
    char *out = arena_alloc(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str_alg(out, password.p ? password.p : "", password.n, PASSES, MEMORY,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        guard_fail(ERR_NO_MEMORY, "no memory to hash a password");
    return str_of(out);
}

bool auth_password_ok(struct str hash, struct str password)
{
    char z[crypto_pwhash_STRBYTES] = {0};
    /* Where there is no such user, a hash of nothing known is checked all the same, so that the
     * time tells nothing. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$N1IqzpfmbH6ufwGcoC+w/Q$Jat/i8"
                                 "VwTx7d8kzDziNNtf5gv3YRTAEFK3dmpIzMIuE";
    if (hash.n >= sizeof z)
        return false;
    memcpy(z, hash.n ? hash.p : nobody, hash.n ? hash.n : sizeof nobody - 1);
    bool same = crypto_pwhash_str_verify(z, password.p ? password.p : "", password.n) == 0;
    return same && hash.n > 0;
}
