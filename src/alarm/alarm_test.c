/* alarm_test.c: when somebody is told of a due time. Arguments: rules.json, reasons.json, alarm.json. */
#include "alarm/alarm.h"

#include "base/test.h"

static void the_data_is_read(void)
{
    CHECK(alarm_data()->n > 0);
}

int main(void)
{
    TEST(the_data_is_read);
    return test_end();
}
