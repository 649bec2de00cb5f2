/*
 * qr.h: a QR code (ISO/IEC 18004) as a picture in the page, so that what is on paper or on another
 * screen can be opened with a phone.
 */
#ifndef ASIALLA_WEB_QR_H
#define ASIALLA_WEB_QR_H

#include "web/html.h"

enum { QR_LONGEST = 300 }; /* bytes: more would be too fine for a phone at 3 cm */

/* `title` says what it leads to, for those who do not see it. Black on white whatever the colours
 * of the page, with the quiet zone around it. Empty where the text is empty or longer than
 * QR_LONGEST. */
struct html qr_svg(struct arena *a, struct str text, struct str title);

#endif
