/* disclose_run.h: inside the room: hiding until everything hidden is proved. */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_RUN_H
#define ASIALLA_DISCLOSE_DISCLOSE_RUN_H

#include "disclose/disclose_net.h"

/* Cells of which `needs` is true get a witness of `width`, as does everything that is hidden for
 * it, but cells of which `spare` is true (never shown, not small). Marks what it hides
 * in net->hidden. Gives those that could not be proved. */
struct disclose_unproved {
    LIST_FIELDS(int);
};
struct disclose_unproved disclose_protect(struct disclose_net *net, const bool *needs,
                                          const bool *spare, int64_t width);

#endif
