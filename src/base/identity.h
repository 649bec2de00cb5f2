/*
 * identity.h: the Finnish personal identity code (henkilötunnus, 128/2010), which nobody is to
 * write into a free text.
 */
#ifndef ASIALLA_BASE_IDENTITY_H
#define ASIALLA_BASE_IDENTITY_H

#include "base/str.h"

/* Is there one in the text, as a word of its own, with the check character that fits? */
bool identity_code_in(struct str text);

#endif
