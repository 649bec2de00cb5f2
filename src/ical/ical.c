/* ical.c: see ical.h. */
#include "ical/ical.h"
