/* week.h: the days of the week as message ids; 0: Monday. */
#ifndef ASIALLA_I18N_WEEK_H
#define ASIALLA_I18N_WEEK_H

#include "i18n/i18n.h"

static inline const char *weekday_words(int day)
{
    static const char *const words[] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                        N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                        N_("Sunday")};
    return words[day];
}

static inline const char *weekday_short(int day)
{
    static const char *const words[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                        N_("Fri"), N_("Sat"), N_("Sun")};
    return words[day];
}

#endif
