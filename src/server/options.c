/* options.c: one reader for every command's options. Unknown ones are an error, so that a typing
 * mistake is never silent; neither are a flag with a value, a value that looks like an option, and
 * an empty one. */
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>

struct option {
    const char *name;
    size_t at; /* of the const char * or the bool in struct options */
    bool is_flag;
};

#define VALUE(name, member)                           \
    {                                                 \
        name, offsetof(struct options, member), false \
    }
#define FLAG(name, member)                           \
    {                                                \
        name, offsetof(struct options, member), true \
    }
static const struct option known[] = {
    VALUE("--data", data),
    VALUE("--store", store),
    VALUE("--listen", listen),
    VALUE("--port", port),
    VALUE("--to", to),
    VALUE("--login", login),
    VALUE("--name", name),
    VALUE("--role", role),
    VALUE("--organisation", organisation),
    VALUE("--team", team),
    VALUE("--profession", profession),
    VALUE("--seed", seed),
    VALUE("--months", months),
    VALUE("--scale", scale),
    VALUE("--thin", thin),
    VALUE("--proxy", proxy),
    VALUE("--contacts", contacts),
    VALUE("--holds", holds),
    VALUE("--from", from),
    VALUE("--until", until),
    VALUE("--ptv", ptv),
    VALUE("--ptv-at", ptv_at),
    VALUE("--ptv-key", ptv_key),
    VALUE("--reason", reason),
    VALUE("--outbox", outbox),
    VALUE("--turn", turn),
    VALUE("--url", url),
    FLAG("--demo", demo),
    FLAG("--secure", secure),
    FLAG("--new-key", new_key),
    FLAG("--figures", figures),
    FLAG("--csv", csv),
    FLAG("--ndjson", ndjson),
    FLAG("--help", help),
};

static const struct option *find(struct str name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str_of(known[i].name)))
            return &known[i];
    return NULL;
}

/* Reads argv[*i], an option, and moves *i over its value. */
static bool read_one(struct arena *a, int argc, char **argv, int *i, struct options *out)
{
    struct str value = str_of(argv[*i]), name = str_cut(&value, '=');
    const struct option *option = find(name);
    if (!option) {
        fprintf(stderr, "asialla: there is no option " STR_FMT "\n", STR_ARG(name));
        return false;
    }
    char *member = (char *)out + option->at;
    if (option->is_flag) {
        *(bool *)member = true;
        if (value.p)
            fprintf(stderr, "asialla: %s takes no value\n", option->name);
        return !value.p;
    }
    if (!value.p && *i + 1 < argc && !str_starts(str_of(argv[*i + 1]), S("--")))
        value = str_of(argv[++*i]);
    if (!value.n) {
        fprintf(stderr, "asialla: %s wants a value\n", option->name);
        return false;
    }
    *(const char **)member = str_z(a, value);
    return true;
}

bool options_is_url(const char *text)
{
    return str_starts(str_of(text), S("postgresql://")) ||
           str_starts(str_of(text), S("postgres://"));
}

static bool read_store(struct options *out)
{
    if (out->store && !*out->store)
        out->store = NULL;
    if (!out->store || options_is_url(out->store))
        return true;
    fprintf(stderr,
            "asialla: --store (or ASIALLA_STORE) wants postgresql://...; without it the store "
            "is in the data folder\n");
    return false;
}

/* A scheme and a host, perhaps a port: every address of ours begins with it. */
static bool read_url(struct arena *a, struct options *out)
{
    struct str url = str_of(out->url);
    if (str_ends(url, S("/")))
        url.n--;
    out->url = url.n ? str_z(a, url) : NULL;
    size_t scheme = str_starts(url, S("https://")) ? 8 : str_starts(url, S("http://")) ? 7 : 0;
    if (!url.n || (scheme && http_host_ok(str_sub(url, scheme, url.n))))
        return true;
    fprintf(stderr, "asialla: --url (or ASIALLA_URL) wants the public address, as in "
                    "https://asialla.example\n");
    return false;
}

bool options_read(struct arena *a, int argc, char **argv, struct options *out)
{
    *out = (struct options){.data = getenv("ASIALLA_DATA"),
                            .store = getenv("ASIALLA_STORE"),
                            .port = getenv("ASIALLA_PORT"),
                            .url = getenv("ASIALLA_URL")};
    if (!out->data || !*out->data)
        out->data = "county-data";
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        struct str word = str_of(argv[i]);
        if (!only_words && str_eq(word, S("--")))
            only_words = true;
        else if (only_words || word.n < 2 || word.p[0] != '-' || word.p[1] != '-')
            VEC_PUSH(a, &out->rest, argv[i]);
        else if (!read_one(a, argc, argv, &i, out))
            return false;
    }
    out->command = out->rest.n ? out->rest.p[0] : "";
    return read_store(out) && read_url(a, out);
}
