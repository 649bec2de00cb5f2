/* identity.c: see identity.h. */
#include "base/identity.h"

#include <ctype.h>

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

static int number(const char *p, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = 10 * v + (p[i] - '0');
    return v;
}

static bool is_identity_code(const char *p)
{
    static const char centuries[] = "+-ABCDEFUVWXYabcdefuvwxy";
    static const char checks[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    if (!all_digits(p, 6) || !p[6] || !strchr(centuries, p[6]) || !all_digits(p + 7, 3))
        return false;
    int day = number(p, 2), month = number(p + 2, 2);
    if (day < 1 || day > 31 || month < 1 || month > 12)
        return false;
    return checks[(number(p, 6) * 1000 + number(p + 7, 3)) % 31] == (char)toupper(p[10] & 0x7F);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

bool identity_code_in(struct str text)
{
    enum { LENGTH = 11 };
    for (size_t i = 0; i + LENGTH <= text.n; i++) {
        bool whole = (i == 0 || !is_word(text.p[i - 1])) &&
                     (i + LENGTH == text.n || !is_word(text.p[i + LENGTH]));
        if (whole && is_identity_code(text.p + i))
            return true;
    }
    return false;
}
