/*
 * hsds_id.c: identifiers. HSDS wants UUIDs; those that nobody has given are BLAKE2b-128 of what the
 * thing is and belongs to, in the form of RFC 9562, version 8 ("custom"): the same on every server,
 * after every import.
 */
#include "exchange/hsds.h"

#include <sodium.h>

bool hsds_is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f');
        if (dash ? s.p[i] != '-' : !hex)
            return false;
    }
    return s.n == 36;
}

struct hsds_key hsds_key_of(const char *kind, struct str of, struct str with)
{
    struct hsds_key key;
    crypto_generichash_state state;
    uint64_t n[2] = {strlen(kind), of.n}; /* so that no two ways of dividing give the same */
    crypto_generichash_init(&state, NULL, 0, sizeof key.b);
    crypto_generichash_update(&state, (const unsigned char *)n, sizeof n);
    crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind));
    crypto_generichash_update(&state, (const unsigned char *)of.p, of.n);
    crypto_generichash_update(&state, (const unsigned char *)with.p, with.n);
    crypto_generichash_final(&state, key.b, sizeof key.b);
    key.b[6] = (unsigned char)((key.b[6] & 0x0F) | 0x80);
    key.b[8] = (unsigned char)((key.b[8] & 0x3F) | 0x80);
    return key;
}

bool hsds_key_parse(struct str id, struct hsds_key *out)
{
    return hsds_is_id(id) &&
           sodium_hex2bin(out->b, sizeof out->b, id.p, id.n, "-", NULL, NULL) == 0;
}

struct str hsds_id_of(struct arena *a, const char *kind, struct str of, struct str with)
{
    struct hsds_key key = hsds_key_of(kind, of, with);
    return str_to_uuid(a, key.b);
}

struct str hsds_id(struct arena *a, const char *kind, struct str own)
{
    return hsds_is_id(own) ? own : hsds_id_of(a, kind, own, S(""));
}

/* Nearly all rows have a UUID and are found by it; the others are few. */
const struct dir_service *hsds_find_service(const struct hsds *h, struct str id)
{
    const struct dir_service *s = hsds_is_id(id) ? dir_service(h->dir, id) : NULL;
    for (size_t i = 0; !s && i < h->dir->services.n; i++) {
        const struct dir_service *x = h->dir->services.p[i];
        if (!hsds_is_id(x->id) && str_eq(hsds_id(h->a, "service", x->id), id))
            s = x;
    }
    return s;
}

const struct dir_organisation *hsds_find_organisation(const struct hsds *h, struct str id)
{
    const struct dir_organisation *o = hsds_is_id(id) ? dir_organisation(h->dir, id) : NULL;
    for (size_t i = 0; !o && i < h->dir->organisations.n; i++) {
        const struct dir_organisation *x = h->dir->organisations.p[i];
        if (!hsds_is_id(x->id) && str_eq(hsds_id(h->a, "organization", x->id), id))
            o = x;
    }
    return o;
}
