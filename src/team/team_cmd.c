/* team_cmd.c: `asialla import teams FILE` and `asialla user add`. */
#include "base/guard.h"
#include "team/team.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LARGEST_FILE = 4 << 20 };

static const char *refusal_words(enum err err)
{
    return err == ERR_UNSURE
               ? "it is not known whether the store has it: look, and run this again if not"
               : "the store refused it. Nothing was changed";
}

static bool read_text(struct arena *a, const char *path, struct str *out)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!f)
        return false;
    char *p = arena_alloc(a, LARGEST_FILE);
    size_t n = fread(p, 1, LARGEST_FILE, f);
    bool ok = !ferror(f) && n < LARGEST_FILE;
    if (f != stdin)
        fclose(f);
    *out = (struct str){p, n};
    return ok;
}

struct importing {
    struct arena *a;
    const struct jv *settings;
    settings_fn *take;
    const void *with;
    struct str why;
};

static void import_settings(struct db *db, void *arg)
{
    struct importing *i = arg;
    i->why = (struct str){NULL, 0};
    if (!i->take(i->a, db, i->settings, i->with, &i->why))
        guard_fail(ERR_BAD_INPUT, "refused"); /* nothing is changed */
}

int settings_import(struct arena *a, struct store *s, const char *path, settings_fn *take,
                    const void *with)
{
    struct str text;
    struct json_error e;
    if (!read_text(a, path, &text)) {
        fprintf(stderr, "asialla: %s cannot be read, or is over 4 MiB\n", path);
        return 1;
    }
    struct importing i = {.a = a, .settings = json_parse(a, text, &e), .take = take, .with = with};
    if (!i.settings) {
        fprintf(stderr, "asialla: %s:%d:%d: %s\n", path, e.line, e.column, e.text);
        return 1;
    }
    enum err err = store_write(s, import_settings, &i);
    if (err != ERR_OK) {
        fprintf(stderr, "asialla: %s: " STR_FMT "%s\n", path, STR_ARG(i.why),
                i.why.n ? ". Nothing was changed" : refusal_words(err));
        return 1;
    }
    return 0;
}

static bool take_teams(struct arena *a, struct db *db, const struct jv *settings, const void *with,
                       struct str *why)
{
    return team_settings_store(a, db, settings, why);
}

int team_import_command(struct arena *a, struct store *s, int argc, char *const *argv)
{
    if (argc != 1) {
        fprintf(stderr, "asialla: usage: asialla import teams --data DIR FILE\n");
        return 2;
    }
    return settings_import(a, s, argv[0], take_teams, NULL);
}

/* ---- user add ---- */

/* A line of standard input without its end; not echoed on a terminal. */
static struct str read_password(struct arena *a)
{
    struct termios before;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        struct termios quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        fprintf(stderr, "Password (at least %d characters): ", STAFF_PASSWORD_LEAST);
    }
    char *line = arena_alloc(a, 1024);
    struct str s = fgets(line, 1024, stdin) ? str_of(line) : S("");
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (str_ends(s, S("\n")))
        s.n--;
    if (str_ends(s, S("\r"))) /* a file from Windows */
        s.n--;
    return s;
}

struct adding {
    struct arena *a;
    const struct user_request *u;
    struct str hash;
    unsigned roles;
    int64_t id;
    const char *why;
};

static void add_user(struct db *db, void *arg)
{
    struct adding *d = arg;
    const struct team *team = NULL;
    d->why = NULL; /* what an earlier run found may be over: jobs are run again */
    if (d->u->team) {
        struct teams teams = teams_load(d->a, db);
        team = teams_by_ref(&teams, str_of(d->u->team));
        if (!team) {
            d->why = "there is no such team; `asialla import teams FILE` makes teams";
            return;
        }
    }
    d->id = staff_add(db, str_of(d->u->login), str_of(d->u->name),
                      str_of(d->u->profession ? d->u->profession : ""), d->hash, d->roles,
                      str_of(d->u->organisation ? d->u->organisation : ""));
    if (!d->id)
        d->why = "this login is taken";
    else if (team)
        staff_join(db, d->id, team->id);
}

static bool read_role(const char *role, unsigned *out)
{
    static const struct {
        const char *name;
        unsigned roles;
    } roles[] = {{"worker", ROLE_WORKER},
                 {"head", ROLE_WORKER | ROLE_HEAD},
                 {"admin", ROLE_ADMIN},
                 {"editor", ROLE_EDITOR},
                 {"manager", ROLE_MANAGER},
                 {"partner", ROLE_PARTNER}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (role && strcmp(role, roles[i].name) == 0) {
            *out = roles[i].roles;
            return true;
        }
    return false;
}

/* What a browser could send again: a page's form is UTF-8, its field takes so many characters. */
bool staff_password_fits(struct str password)
{
    if (!str_utf8_ok(password))
        return false;
    size_t n = str_utf8_len(password);
    for (size_t i = 0; i < password.n; i++)
        if ((unsigned char)password.p[i] < ' ')
            return false;
    return n >= STAFF_PASSWORD_LEAST && n <= STAFF_PASSWORD_MOST;
}

int user_add_command(struct arena *a, struct store *s, const struct user_request *u)
{
    struct adding d = {.a = a, .u = u};
    if (!u->login || !*u->login || strlen(u->login) > 64 || !u->name || !*u->name ||
        !read_role(u->role, &d.roles)) {
        fprintf(stderr,
                "asialla: usage: asialla user add --data DIR --login NAME --name 'Full Name' "
                "--role admin|head|worker|editor|partner|manager [--team REF] [--profession REF] "
                "[--organisation ID]\n"
                "The password is read from standard input.\n");
        return 2;
    }
    if ((d.roles & ROLE_PARTNER) && !u->organisation) {
        fprintf(stderr, "asialla: a partner keeps the entries of one organisation: name it with "
                        "--organisation ID (its id in the service directory)\n");
        return 2;
    }
    struct str password = read_password(a);
    if (!staff_password_fits(password)) {
        fprintf(
            stderr,
            "asialla: the password must have %d to %d characters; a few words in a row are good\n",
            STAFF_PASSWORD_LEAST, STAFF_PASSWORD_MOST);
        return 1;
    }
    d.hash = auth_password_hash(a, password);
    enum err err = store_write(s, add_user, &d);
    if (err != ERR_OK || d.why) {
        fprintf(stderr, "asialla: %s\n", d.why ? d.why : refusal_words(err));
        return 1;
    }
    printf("%s\n", u->login);
    return 0;
}
