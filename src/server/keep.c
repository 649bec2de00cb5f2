/* keep.c: `asialla backup` and `asialla verify`: both beside a running server, as readers. */
#include "server/server.h"

#include "booking/booking.h"

#include <inttypes.h>
#include <stdio.h>

int backup_command(struct arena *a, const struct options *o)
{
    struct str why = {0};
    const char *to = o->to ? o->to : o->rest.n > 1 ? o->rest.p[1] : NULL;
    if (!to) {
        fprintf(stderr, "asialla: usage: asialla backup --to FILE [--data DIR | --store URL]\n"
                        "A copy into one new file, also beside running servers. A database's is "
                        "restored by\nasialla copy FOLDER URL, with the file in an otherwise empty "
                        "FOLDER as FOLDER/asialla.db.\n");
        return 2;
    }
    if (o->store)
        return backup_store(a, o->store, to);
    if (!store_backup(a, o->data, to, &why)) {
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(why));
        return 1;
    }
    printf("%s\n", to);
    return 0;
}

struct verifying {
    struct db *db;
    const struct law *law;
    struct verify_report report;
    struct booking_report times;
};

static void verify(void *arg)
{
    struct verifying *v = arg;
    v->report = matter_verify(v->db, v->law);
    v->times = booking_verify(v->db);
}

int verify_command(struct arena *a, const struct options *o)
{
    if (o->figures)
        return figures_verify_command(a, o);
    struct verifying v = {.law = boot_law(a)};
    struct store *s = boot_store(a, o, BOOT_READ);
    if (!s)
        return 1;
    struct str engine = store_check(a, s);
    bool sound = str_eq(engine, S("ok"));
    if (!sound)
        printf(STR_FMT "\n", STR_ARG(engine));
    v.db = store_reader(s);
    const char *why = "";
    enum err err = db_snapshot(v.db, verify, &v, &why);
    if (err != ERR_OK)
        printf("could not read on: %s\n", why);
    printf("%" PRId64 " matters, %" PRId64 " events, %" PRId64 " sights, %" PRId64
           " seals, %" PRId64 " rows not sealed yet, %" PRId64 " booked times: ",
           v.report.matters, v.report.events, v.report.sights, v.report.seals, v.report.unsealed,
           v.times.appointments);
    int64_t faults = v.report.faults + v.times.faults;
    bool ok = sound && err == ERR_OK && faults == 0;
    if (ok)
        puts("all as it should be");
    else
        printf("%" PRId64 " faults\n", faults + !sound + (err != ERR_OK));
    store_close(s);
    return ok ? 0 : 1;
}
