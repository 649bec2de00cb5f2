/* cache_test.c: pages kept for everybody: what is kept, what is never, and until when. */
#include "app/app_test.h"

#include <pthread.h>

static atomic_int made;
static atomic_bool changes; /* something changes while the page is being made */

/* A page of at least n bytes, where the address says so. */
static void kept(struct rq *rq)
{
    int64_t n = 0;
    str_int(rq->params[0], &n);
    if (n < 0) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_page_begin(rq, S("Kept"));
    buf_fmt(rq->page.out, "<p>made %d</p>", atomic_fetch_add(&made, 1) + 1);
    while (rq->page.out->n < (size_t)n)
        buf_char(rq->page.out, 'x');
    if (changes)
        app.generation++;
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/kept/:n", ACCESS_PUBLIC, ROUTE_CACHE, kept},
};
static const struct route_table table = {routes, 1};
static const struct route_table *const tables[] = {&table};

/* How many pages were made for two requests of that target. Not over the end of a minute. */
static int made_for_two(const char *target)
{
    while (instant_now().ms % MINUTE_MS > MINUTE_MS - 6000)
        usleep(100000);
    int before = made;
    struct str first = get(target, ""), second = get(target, "");
    CHECK(first.n > 0 && str_eq(body_of(first), body_of(second)) == (made - before == 1));
    CHECK_INT(status_of(second), 200);
    return made - before;
}

static void a_page_is_made_once(void)
{
    CHECK_INT(made_for_two("/fi/kept/1"), 1);
    CHECK_INT(made_for_two("/sv/kept/1"), 1);
    int before = made;
    struct str head = ask_of(scratch, "HEAD", "/fi/kept/1", "", "");
    CHECK(status_of(head) == 200 && body_of(head).n == 0 && made == before);
    CHECK(has(get("/fi/kept/1", ""), "Cache-Control: no-cache"));
}

static void other_spellings_are_not_kept(void)
{
    CHECK_INT(made_for_two("/fi/kept/2?x=1"), 2);
    CHECK_INT(made_for_two("/fi/kept/%32"), 2);
    CHECK_INT(made_for_two("/fi/kep%74/2"), 2);
    CHECK_INT(made_for_two("/fi/kept/300000"), 2); /* too large a page */
}

static void faults_are_not_kept(void)
{
    struct str reply = get("/fi/kept/-1", "");
    CHECK(status_of(reply) == 404 && has(reply, "Cache-Control: no-store"));
    CHECK_INT(status_of(get("/fi/kept/-1", "")), 404);
}

static void a_change_makes_it_anew(void)
{
    CHECK_INT(made_for_two("/fi/kept/3"), 1);
    app.generation++;
    CHECK_INT(made_for_two("/fi/kept/3"), 1);
    changes = true; /* the page shows the old; it must not be taken for the new */
    CHECK_INT(made_for_two("/fi/kept/4"), 2);
    changes = false;
    CHECK_INT(made_for_two("/fi/kept/4"), 1);
}

/* Around the size of an arena's first block, and far over it. */
static void every_size_can_be_kept(void)
{
    for (int n = 6000; n < 9000; n += 25) {
        const char *target = str_fmt(scratch, "/en/kept/%d", n).p;
        CHECK_INT(status_of(get(target, "")), 200);
    }
    CHECK_INT(made_for_two("/en/kept/100000"), 1);
}

/* More than the budget holds: some are made each time, all are answered. */
static void the_budget_is_kept(void)
{
    for (int i = 0; i < 200; i++)
        CHECK_INT(status_of(get(str_fmt(scratch, "/en/kept/%d", 200000 + i).p, "")), 200);
    int before = made;
    for (int i = 0; i < 200; i++)
        get(str_fmt(scratch, "/en/kept/%d", 200000 + i).p, "");
    CHECK(made - before >= 50 && made - before < 200);
    arena_reset(scratch);
}

static void *hammer(void *arg)
{
    struct arena *a = arena_new(0);
    int *bad = arg;
    for (int i = 0; i < 150; i++) {
        const char *target = str_fmt(a, "/fi/kept/%d", 10 + i % 3).p;
        struct str reply = ask_of(a, "GET", target, "", "");
        *bad += status_of(reply) != 200 || !has(reply, "</html>");
        if (i % 10 == 0)
            app.generation++;
    }
    arena_free(a);
    return NULL;
}

static void slots_change_hands_while_they_are_sent(void)
{
    pthread_t threads[4];
    int bad[4] = {0};
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, hammer, &bad[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(bad[i], 0);
    }
}

#ifdef ASIALLA_FAULTS
/* A page that cannot be kept is sent all the same; nothing leaks (the sanitizer looks). */
static void no_memory_to_keep_it(void)
{
    long n = 0, left;
    do {
        app.generation++;
        fault_arm(FAULT_ALLOC, ++n);
        struct str reply = get("/fi/kept/9000", "");
        left = fault_left(FAULT_ALLOC);
        fault_arm(FAULT_ALLOC, 0);
        int status = reply.n ? status_of(reply) : 0;
        CHECK(status == 200 || status == 503 || status == 0);
    } while (left == 0 && n < 500);
    CHECK(n > 3 && n < 500);
    CHECK_INT(status_of(get("/fi/kept/9000", "")), 200);
}
#endif

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    open_all(tables, 1);
    TEST(a_page_is_made_once);
    TEST(other_spellings_are_not_kept);
    TEST(faults_are_not_kept);
    TEST(a_change_makes_it_anew);
    TEST(every_size_can_be_kept);
    TEST(the_budget_is_kept);
    TEST(slots_change_hands_while_they_are_sent);
#ifdef ASIALLA_FAULTS
    TEST(no_memory_to_keep_it);
#endif
    close_all();
    return test_end();
}
