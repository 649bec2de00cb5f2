/* erase.c: who has something of a matter, in the order in which it can go; the command. */
#include "erase/erase.h"

#include "alarm/alarm.h"
#include "attach/attach.h"
#include "base/guard.h"
#include "booking/booking.h"
#include "chat/chat.h"
#include "group/group.h"
#include "matter/merge.h"
#include "remote/remote.h"
#include "tray/tray.h"

#include <stdio.h>

enum { Q_ADMIN };
static const struct stmt q[] = {
    [Q_ADMIN] = {"erase.admin",
                 "SELECT id FROM staff WHERE login = $1 AND active = 1 AND (roles & 4) <> 0", 0},
};
const struct stmt_table erase_room_statements = {q, sizeof q / sizeof *q};

enum matter_refusal erase_matter(struct arena *a, struct db *db, const struct law *law, int64_t id,
                                 const struct matter_erasing *how)
{
    struct merge_family family = merge_erased_with(a, db, law, id);
    enum matter_refusal no = matter_erase(a, db, law, id, how);
    for (size_t i = 0; i < family.n && no == REFUSED_FINE; i++) {
        int64_t one = family.p[i];
        alarm_erase_matter(db, one);
        attach_drop(db, ATTACH_MATTER, one);
        chat_erase_matter(a, db, one);
        tray_erase_matter(a, db, one);
        group_erase_matter(a, db, one, how->at);
        remote_erase_matter(a, db, one);
        booking_erase_matter(a, db, one, how->at);
    }
    return no;
}

/* ---- the command ---- */

struct erasing {
    struct arena *a;
    const struct law *law;
    const struct erase_request *r;
    int64_t id;
    bool admin;
    enum matter_refusal no;
};

static void run(struct db *db, void *arg)
{
    struct erasing *e = arg;
    struct matter m;
    matter_erase_begin(db);
    int64_t staff = DB_INT(db, 0, &q[Q_ADMIN], V_STR(str_of(e->r->login)));
    e->admin = staff != 0;
    if (!e->admin || !e->id || !matter_load(e->a, db, e->law, e->id, &m)) {
        e->id = 0;
        return;
    }
    const struct matter_erasing how = {staff, instant_now(), str_of(e->r->reason)};
    e->no = erase_matter(e->a, db, e->law, e->id, &how);
}

int erase_command(struct arena *a, struct store *s, const struct law *law,
                  const struct erase_request *r)
{
    struct str number = r->number ? matter_ref_typed(a, str_of(r->number)) : (struct str){NULL, 0};
    struct erasing e = {.a = a, .law = law, .r = r, .id = number.n ? matter_ref_id(number) : 0};
    if (!r->login || !r->reason) {
        fputs("asialla: say who erases it and why: --login USER --reason \"...\" (no names in the "
              "reason)\n",
              stderr);
        return 2;
    }
    enum err err = store_write(s, run, &e);
    if (err != ERR_OK) {
        fputs("asialla: nothing was erased: the store did not take it. Try again.\n", stderr);
        return 1;
    }
    if (!e.admin) {
        fprintf(stderr, "asialla: '%s' is no administrator of this installation\n", r->login);
        return 1;
    }
    if (!e.id) {
        fprintf(stderr, "asialla: no matter has the number '%s'\n", r->number ? r->number : "");
        return 1;
    }
    if (e.no != REFUSED_FINE) {
        fprintf(stderr, "asialla: %s\n",
                e.no == REFUSED_IS_OPEN ? "this matter is open: close it first"
                                        : matter_refusal_words(e.no));
        return 1;
    }
    puts("erased");
    return 0;
}
