/*
 * tm35.h: from ETRS-TM35FIN metres, in which Finnish authorities give places (EPSG:3067), to
 * degrees of latitude and longitude (EUREF-FIN). These are used as WGS 84: the two frames differ by
 * less than a metre, which is less than any address is known by.
 */
#ifndef ASIALLA_DIRECTORY_TM35_H
#define ASIALLA_DIRECTORY_TM35_H

#include <stdbool.h>

struct tm35_place {
    double latitude, longitude; /* degrees */
};
/* False: such metres are not in Finland or its waters. */
bool tm35_to_degrees(double north, double east, struct tm35_place *out);

#endif
