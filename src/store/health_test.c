/* health_test.c: what the store says of itself after this and that. */
#include "store/health.h"

#include "base/test.h"

static void trouble_comes_and_goes(void)
{
    static struct health h;
    CHECK_INT(health_now(&h).writing, STORE_WELL);
    health_note(&h, HEALTH_WRITING, STORE_FULL, "no room");
    struct store_health first = health_now(&h);
    CHECK(first.writing == STORE_FULL && first.reading == STORE_WELL && first.writing_since > 0);
    health_note(&h, HEALTH_WRITING, STORE_FULL, "no room");
    CHECK_INT(health_now(&h).writing_since, first.writing_since);
    health_note(&h, HEALTH_WRITING, STORE_WELL, NULL);
    CHECK(health_now(&h).writing == STORE_WELL && health_now(&h).writing_since == 0);
}

static void damage_stays(void)
{
    static struct health h;
    health_note(&h, HEALTH_WRITING, STORE_DAMAGED, NULL); /* a job met it */
    CHECK(health_now(&h).writing == STORE_WELL && health_now(&h).reading == STORE_DAMAGED);
    health_note(&h, HEALTH_READING, STORE_WELL, NULL); /* another page could be read */
    health_note(&h, HEALTH_READING, STORE_AWAY, NULL);
    health_note(&h, HEALTH_WRITING, STORE_WELL, NULL);
    CHECK_INT(health_now(&h).reading, STORE_DAMAGED);
}

static void who_writes_has_reached_the_server(void)
{
    static struct health h;
    health_note(&h, HEALTH_READING, STORE_AWAY, NULL);
    health_note(&h, HEALTH_WRITING, STORE_WELL, NULL);
    CHECK_INT(health_now(&h).reading, STORE_WELL);
    health_note(&h, HEALTH_READING, STORE_HANGING, NULL);
    health_note(&h, HEALTH_WRITING, STORE_WELL, NULL);
    CHECK_INT(health_now(&h).reading, STORE_WELL);
    health_note(&h, HEALTH_READING, STORE_FAILING, NULL); /* of that a write says nothing */
    health_note(&h, HEALTH_WRITING, STORE_WELL, NULL);
    CHECK_INT(health_now(&h).reading, STORE_FAILING);
}

static void the_log_that_is_not_emptied_stops_nobody(void)
{
    static struct health h;
    health_note(&h, HEALTH_MERGING, STORE_FULL, NULL);
    CHECK(health_now(&h).writing == STORE_WELL && health_now(&h).reading == STORE_WELL);
}

static void every_state_has_a_word(void)
{
    for (int t = 0; t < STORE_TROUBLES; t++) {
        const char *word = store_trouble_word((enum store_trouble)t);
        CHECK(word && *word);
        for (int other = 0; other < t; other++)
            CHECK(strcmp(word, store_trouble_word((enum store_trouble)other)) != 0);
    }
}

int main(void)
{
    TEST(trouble_comes_and_goes);
    TEST(damage_stays);
    TEST(who_writes_has_reached_the_server);
    TEST(the_log_that_is_not_emptied_stops_nobody);
    TEST(every_state_has_a_word);
    return test_end();
}
