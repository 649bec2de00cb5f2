/* log.c: see log.h. Levels are those of syslog(3), as sd-daemon(3) prefixes them. One write(2) a
 * line. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void line(int level, const char *area, const char *fmt, va_list args)
{
    char text[1024];
    int n = snprintf(text, sizeof text, "<%d>%s: ", level, area);
    int m = vsnprintf(text + n, sizeof text - (size_t)n - 1, fmt, args);
    n = m < 0 ? n : n + m;
    if (n > (int)sizeof text - 2)
        n = (int)sizeof text - 2;
    for (int i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
    text[n++] = '\n';
    if (write(STDERR_FILENO, text, (size_t)n) < 0)
        return; /* nowhere to say it */
}

#define LEVEL(name, level)                            \
    void name(const char *area, const char *fmt, ...) \
    {                                                 \
        va_list args;                                 \
        va_start(args, fmt);                          \
        line(level, area, fmt, args);                 \
        va_end(args);                                 \
    }

LEVEL(log_info, 6)
LEVEL(log_warn, 4)
LEVEL(log_error, 3)
