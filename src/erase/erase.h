/*
 * erase.h: a matter and all that the rooms have of it is erased, in one commit, where the law asks
 * for it: the right to erasure (GDPR 17), or a retention that has ended. The rooms know what is
 * theirs; here is the list of them. What stays: that there was a matter, who erased it, when and
 * why, who had looked at it, and numbers that were published.
 *
 * Messages that have gone out are erased by the outbox itself, some days after they ended.
 */
#ifndef ASIALLA_ERASE_ERASE_H
#define ASIALLA_ERASE_ERASE_H

#include "matter/matter.h"

/* In a commit that began with matter_erase_begin(). matter_erase() tells what is refused; then
 * nothing is done. */
enum matter_refusal erase_matter(struct arena *a, struct db *db, const struct law *law, int64_t id,
                                 const struct matter_erasing *how);

/* `asialla erase NUMBER --login LOGIN --reason TEXT`: by an administrator, whose user name is
 * LOGIN. NUMBER as people read it. Exit code: 0, 1 where it is refused, with why. */
struct erase_request {
    const char *number, *login, *reason;
};
int erase_command(struct arena *a, struct store *s, const struct law *law,
                  const struct erase_request *r);

extern const struct stmt_table erase_room_statements;

#endif
