/*
 * remote_turn.c: the relay that the installation was told of. coturn with use-auth-secret takes a
 * user name that is "until:who" and a password that is HMAC-SHA1 of it under the shared secret, in
 * base64 (draft-uberti-behave-turn-rest-00, 2.2). SHA-1 is what that protocol has; it guards a
 * relay for an hour or two and nothing else.
 */
#include "remote/remote_room.h"

#include "base/json.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

enum { URLS_MOST = 8, MINUTES_MOST = 24 * 60, SECRET_LEAST = 16 };

struct remote_turn {
    struct str urls[URLS_MOST], secret;
    size_t url_n;
    int minutes;
};

static bool wrong(struct str *why, const char *what)
{
    *why = str_of(what);
    return false;
}

static bool is_relay(struct str url)
{
    return str_starts(url, S("turn:")) || str_starts(url, S("turns:"));
}

static bool read_urls(const struct jv *list, struct remote_turn *t, struct str *why)
{
    t->url_n = jv_len(list);
    if (jv_kind(list) != JV_ARRAY || t->url_n < 1 || t->url_n > URLS_MOST)
        return wrong(why, "urls: wants 1 to 8 addresses, as in \"turn:turn.example:3478\"");
    for (size_t i = 0; i < t->url_n; i++) {
        t->urls[i] = jv_str(jv_at(list, i));
        if (!is_relay(t->urls[i]) && !str_starts(t->urls[i], S("stun:")) &&
            !str_starts(t->urls[i], S("stuns:")))
            return wrong(why, "urls: each begins with turn:, turns:, stun: or stuns:");
    }
    return true;
}

static bool read_object(const struct jv *o, struct remote_turn *t, struct str *why)
{
    static const char *const known[] = {"urls", "secret", "minutes", NULL};
    if (jv_kind(o) != JV_OBJECT || jv_unknown(o, known).n)
        return wrong(why, "wants an object with urls, secret and minutes, and nothing else");
    t->secret = jv_str_of(o, "secret");
    t->minutes = 120;
    if (jv_get(o, "minutes")) {
        int64_t m = jv_int(jv_get(o, "minutes"));
        if (m < 1 || m > MINUTES_MOST)
            return wrong(why, "minutes: wants a number from 1 to 1440");
        t->minutes = (int)m;
    }
    if (!read_urls(jv_get(o, "urls"), t, why))
        return false;
    for (size_t i = 0; i < t->url_n; i++)
        if (is_relay(t->urls[i]) && t->secret.n < SECRET_LEAST)
            return wrong(why, "secret: wants at least 16 characters, those of coturn's "
                              "static-auth-secret");
    return true;
}

const struct remote_turn *remote_turn_read(struct arena *a, struct str text, struct str *why)
{
    struct json_error je;
    struct remote_turn *t = ARENA_NEW(a, struct remote_turn);
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "line %d: %s", je.line, je.text);
        return NULL;
    }
    return read_object(o, t, why) ? t : NULL;
}

static struct str password(struct arena *a, const struct remote_turn *t, struct str user)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    HMAC(EVP_sha1(), t->secret.p, (int)t->secret.n, (const unsigned char *)user.p, user.n, mac, &n);
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, mac, n, sodium_base64_VARIANT_ORIGINAL);
    return str_of(out);
}

static void put_server(struct jw *w, const struct remote_turn *t, bool relay, struct str user,
                       struct str pass)
{
    size_t n = 0;
    for (size_t i = 0; i < t->url_n; i++)
        n += is_relay(t->urls[i]) == relay;
    if (n == 0)
        return;
    jw_object(w, NULL);
    jw_array(w, "urls");
    for (size_t i = 0; i < t->url_n; i++)
        if (is_relay(t->urls[i]) == relay)
            jw_str(w, NULL, t->urls[i]);
    jw_end_array(w);
    if (relay) {
        jw_str(w, "username", user);
        jw_str(w, "credential", pass);
    }
    jw_end_object(w);
}

struct str remote_ice(struct arena *a, const struct remote_turn *t, struct str who,
                      struct instant now)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_array(&w, NULL);
    if (t) {
        long long until = now.ms / 1000 + t->minutes * 60LL;
        struct str user = str_fmt(a, "%lld:" STR_FMT, until, STR_ARG(who));
        put_server(&w, t, true, user, password(a, t, user));
        put_server(&w, t, false, user, user);
    }
    jw_end_array(&w);
    return buf_get(&b);
}
