/*
 * tm35.c: the inverse transverse Mercator projection by Krüger's series to the fourth power of the
 * third flattening, as in JHS 197 (EUREF-FIN-koordinaattijärjestelmät), annex 2, and C. F. F.
 * Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85 (2011),
 * equation 36. Ellipsoid GRS 80; central meridian 27 degrees east, scale 0.9996, false easting 500
 * km. Within Finland the series is true to less than a tenth of a millimetre.
 */
#include "directory/tm35.h"

#include <math.h>

static const double A = 6378137.0, F = 1 / 298.257222101, K0 = 0.9996, E0 = 500000.0, L0 = 27.0;
static const double DEGREE = 3.14159265358979323846 / 180;

/* From the conformal latitude's tangent's asinh to the geodetic latitude: it converges by a factor
 * of e^2, 1/149, a step. */
static double geodetic(double q)
{
    double e = sqrt(F * (2 - F)), wanted = q;
    for (int i = 0; i < 8; i++)
        q = wanted + e * atanh(e * tanh(q));
    return atan(sinh(q));
}

bool tm35_to_degrees(double north, double east, struct tm35_place *out)
{
    double n = F / (2 - F), n2 = n * n, n3 = n2 * n, n4 = n3 * n;
    double radius = A / (1 + n) * (1 + n2 / 4 + n4 / 64);
    const double h[4] = {
        n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360,
        n2 / 48 + n3 / 15 - 437 * n4 / 1440,
        17 * n3 / 480 - 37 * n4 / 840,
        4397 * n4 / 161280,
    };
    if (!(north > 6500000 && north < 7900000 && east > 0 && east < 800000))
        return false;
    double xi = north / (radius * K0), eta = (east - E0) / (radius * K0), x = xi, y = eta;
    for (int i = 0; i < 4; i++) {
        double k = 2.0 * (i + 1);
        x -= h[i] * sin(k * xi) * cosh(k * eta);
        y -= h[i] * cos(k * xi) * sinh(k * eta);
    }
    double beta = asin(sin(x) / cosh(y));
    out->latitude = geodetic(asinh(tan(beta))) / DEGREE;
    out->longitude = L0 + asin(tanh(y) / cos(beta)) / DEGREE;
    return true;
}
