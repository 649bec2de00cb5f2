/* embed_test.c: what `embed --table` makes of testdata/. */
#include "base/embedded.h"
#include "base/test.h"

extern const struct embedded embed_sample[];
extern const size_t embed_sample_count;

static void files_stand_in_order(void)
{
    CHECK_INT(embed_sample_count, 3);
    CHECK_STR(str_of(embed_sample[0].name), "b.txt");
    CHECK_STR(str_of(embed_sample[1].name), "empty.txt");
    CHECK_STR(str_of(embed_sample[2].name), "a.bin");
}

static void bytes_are_the_same_and_followed_by_nul(void)
{
    CHECK_STR(str_of((const char *)embed_sample[0].p), "Ä \"quoted\\\" %s\n");
    CHECK_INT(embed_sample[1].n, 0);
    CHECK_INT(embed_sample[1].p[0], 0);
    CHECK_INT(embed_sample[2].n, 5);
    CHECK(memcmp(embed_sample[2].p, "\0\xFF\n\0?", 6) == 0);
}

int main(void)
{
    TEST(files_stand_in_order);
    TEST(bytes_are_the_same_and_followed_by_nul);
    return test_end();
}
