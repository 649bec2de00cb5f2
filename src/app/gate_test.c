/*
 * gate_test.c: who may do what: sessions and their cookies, form tokens, forms from elsewhere,
 * addresses to be sent to, tries, and who may read the figures.
 */
#include "app/app_test.h"

/* ---- routes ---- */

static void me(struct rq *rq)
{
    rq_reply(
        rq, 200, "text/plain",
        str_fmt(rq->a, "kind=%d token=" STR_FMT, (int)rq->session.kind, STR_ARG(rq->page.csrf)));
}

static void start_commit(struct rq *rq)
{
    bool staff = str_eq(rq->params[0], S("staff"));
    int64_t who = staff ? DB_INT(rq->db, 0, &q[Q_STAFF]) : 7;
    struct str token =
        auth_session_start(rq->a, rq->db, staff ? SESSION_STAFF : SESSION_RESIDENT, who, rq->now);
    rq_cookie(rq, staff ? AUTH_COOKIE_STAFF : AUTH_COOKIE_RESIDENT, token, 600);
    rq_redirect(rq, S("/fi/me"));
}

static void start(struct rq *rq)
{
    rq_commit(rq, start_commit);
}

static void end_commit(struct rq *rq)
{
    auth_session_end(rq->db, rq->session.id);
    rq_cookie(rq, AUTH_COOKIE_STAFF, S(""), 0);
    rq_redirect(rq, S("/fi/me"));
}

static void end(struct rq *rq)
{
    rq_commit(rq, end_commit);
}

static void go(struct rq *rq)
{
    rq_redirectf(rq, "/to" STR_FMT, STR_ARG(rq_query(rq, "x")));
}

static void try(struct rq *rq)
{
    rq_reply(rq, rq_try(rq, "it", 2) ? 200 : 429, "text/plain", S("tried"));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/", ACCESS_PUBLIC, 0, me},
    {HTTP_GET | HTTP_POST, "/:lang/me", ACCESS_PUBLIC, 0, me},
    {HTTP_GET | HTTP_POST, "/:lang/resident", ACCESS_RESIDENT, 0, me},
    {HTTP_GET | HTTP_POST, "/:lang/staff/", ACCESS_STAFF, 0, me},
    {HTTP_GET, "/:lang/staff/head", ACCESS_HEAD, 0, me},
    {HTTP_GET, "/:lang/staff/admin", ACCESS_ADMIN, 0, me},
    {HTTP_POST, "/:lang/start/:who", ACCESS_PUBLIC, ROUTE_NO_TOKEN, start},
    {HTTP_POST, "/:lang/staff/end", ACCESS_STAFF, 0, end},
    {HTTP_GET, "/:lang/go", ACCESS_PUBLIC, 0, go},
    {HTTP_GET, "/:lang/try", ACCESS_PUBLIC, 0, try},
};
static const struct route_table table = {routes, sizeof routes / sizeof *routes};
static const struct route_table *const tables[] = {&table, &ops_routes};

/* ---- helpers ---- */

/* "name=value" of the reply's cookie, as a header to send. */
static const char *cookie_from(struct str reply)
{
    const char *at = memmem(reply.p, reply.n, "Set-Cookie: ", 12);
    if (!at)
        return "";
    struct str rest = str_sub(reply, (size_t)(at - reply.p) + 12, reply.n);
    struct str pair = str_cut(&rest, ';');
    return str_fmt(scratch, "Cookie: " STR_FMT "\r\n", STR_ARG(pair)).p;
}

static const char *form_from(struct str reply)
{
    const char *at = memmem(reply.p, reply.n, "token=", 6);
    return str_fmt(scratch, "_token=%.32s", at ? at + 6 : "").p;
}

static const char * and (const char *a, const char *b)
{
    return str_fmt(scratch, "%s%s", a, b).p;
}

static int status(const char *method, const char *target, const char *headers, const char *form)
{
    return status_of(ask_of(scratch, method, target, headers, form));
}

static const char *staff, *resident; /* cookie headers */

/* ---- tests ---- */

static void addresses(void)
{
    struct str reply = get("/fi?x=%20", "");
    CHECK(status_of(reply) == 303 && has(reply, "Location: /fi/?x=%20\r\n"));
    CHECK_INT(status_of(get("/fi/staff", "")), 303);
    CHECK_INT(status_of(get("/fi/nothing", "")), 404);
    CHECK_INT(status("POST", "/fi", "", ""), 404);
    CHECK_INT(status_of(get("//evil.test/", "")), 400);
    CHECK(has(get("/fi/start/staff", ""), "Allow: POST\r\n"));
    CHECK(has(ask_of(scratch, "PUT", "/fi/me", "", ""), "Allow: GET, HEAD, POST\r\n"));
    CHECK(has(post("/fi/go", "", ""), "Allow: GET, HEAD\r\n"));
}

static void sent_to(void)
{
    struct str reply = get("/fi/go?x=%0D%0ASet-Cookie:%20a=b", "");
    CHECK(has(reply, "Location: /to") && !has(reply, "\nSet-Cookie"));
    CHECK(has(get("/fi/go?x=%C3%A4%5Cx%22%3C", ""), "Location: /to%C3%A4%5Cx%22%3C\r\n"));
    CHECK(has(get("/fi/staff/?a=%2F%2Fb", ""),
              "Location: /fi/sign-in?next=%2Ffi%2Fstaff%2F%3Fa%3D%252F%252Fb\r\n"));
    CHECK(has(get("/sv/resident", ""), "Location: /sv/status\r\n"));
}

static void sessions(void)
{
    struct str reply = post("/fi/start/staff", "", "");
    CHECK(has(reply, "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax\r\n"));
    staff = cookie_from(reply);
    resident = cookie_from(post("/fi/start/resident", "", ""));
    CHECK(str_starts(str_of(staff), S("Cookie: asialla_staff=")));
    CHECK(has(get("/fi/staff/", staff), "kind=2") && has(get("/fi/resident", resident), "kind=1"));
    CHECK_INT(status_of(get("/fi/staff/head", staff)), 200);
    CHECK_INT(status_of(get("/fi/staff/admin", staff)), 403);
    CHECK_INT(status_of(get("/fi/staff/", resident)), 303);
    CHECK_INT(status_of(get("/fi/resident", staff)), 303);
    CHECK_INT(status("POST", "/fi/staff/", "", ""), 401);
}

/* One kind's token in the other's cookie opens nothing. */
static void cookies_do_not_cross(void)
{
    const char *as_resident = str_fmt(scratch, "Cookie: asialla_matter=%s", staff + 22).p;
    const char *as_staff = str_fmt(scratch, "Cookie: asialla_staff=%s", resident + 23).p;
    CHECK_INT(status_of(get("/fi/resident", as_resident)), 303);
    CHECK_INT(status_of(get("/fi/staff/", as_staff)), 303);
    CHECK(has(get("/fi/me", "Cookie: asialla_matter=gone\r\n"), "kind=0"));
    const char *stale = str_fmt(scratch, "Cookie: asialla_matter=gone; %s", staff + 8).p;
    CHECK(has(get("/fi/me", stale), "kind=2"));
}

static void tokens(void)
{
    const char *nobody = form_from(get("/fi/me", "")), *mine = form_from(get("/fi/staff/", staff));
    CHECK(strcmp(nobody, mine) != 0);
    CHECK_INT(status("POST", "/fi/staff/", staff, mine), 200);
    CHECK_INT(status("POST", "/fi/staff/", staff, nobody), 403);
    CHECK_INT(status("POST", "/fi/staff/", staff, ""), 403);
    CHECK_INT(status("POST", "/fi/resident", resident, mine), 403);
    CHECK_INT(status("POST", "/fi/me", "", nobody), 200);
    CHECK_INT(status("POST", "/fi/me", "", mine), 403);
}

static void forms_from_elsewhere(void)
{
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Sec-Fetch-Site: same-site\r\n", 403},
        {"Sec-Fetch-Site: cross-site\r\nOrigin: https://x.test\r\n", 403},
        {"Sec-Fetch-Site: same-origin\r\nOrigin: https://county.example\r\n", 200},
        {"Sec-Fetch-Site: none\r\n", 200},
        {"Origin: https://x.test\r\n", 200},
        {"Origin: http://X.test\r\n", 200},
        {"Origin: https://evil.test\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: https://county.example\r\nX-Forwarded-Host: county.example\r\n", 200},
        {"Origin: https://evil.test\r\nX-Forwarded-Host: county.example\r\n", 403},
        {"", 200},
    };
    const char *mine = form_from(get("/fi/staff/", staff));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(status("POST", "/fi/staff/", and(cases[i].headers, staff), mine),
                  cases[i].status);
        CHECK_INT(status("POST", "/fi/start/resident", cases[i].headers, ""),
                  cases[i].status == 200 ? 303 : 403);
    }
}

static void https_only(void)
{
    app.secure = true;
    struct str reply = post("/fi/start/resident", "", "");
    CHECK(has(reply, "Set-Cookie: __Host-asialla_matter=") && has(reply, "SameSite=Lax; Secure"));
    CHECK(has(reply, "Strict-Transport-Security: max-age="));
    CHECK(has(get("/fi/resident", cookie_from(reply)), "kind=1"));
    CHECK_INT(status_of(get("/fi/resident", resident)), 303); /* as a neighbour would plant it */
    app.secure = false;
}

static void tries(void)
{
    const char *one[] = {"X-Forwarded-For: 2001:db8::1\r\n",
                         "X-Forwarded-For: 2001:db8::5:0:0:1\r\n",
                         "X-Forwarded-For: 2001:db8:0:0:5::\r\n"};
    CHECK_INT(status_of(get("/fi/try", one[0])), 200);
    CHECK_INT(status_of(get("/fi/try", one[1])), 200);
    CHECK_INT(status_of(get("/fi/try", one[2])), 429);
    CHECK_INT(status_of(get("/fi/try", "X-Forwarded-For: 2001:db8:0:1::1\r\n")), 200);
    CHECK_INT(status_of(get("/fi/try", "X-Forwarded-For: 203.0.113.1\r\n")), 200);
    CHECK_INT(status_of(get("/fi/try", "X-Forwarded-For: 203.0.113.2\r\n")), 200);
}

static void figures_stay_inside(void)
{
    static const char *const inside[] = {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1",
                                         "::1",       "fd00::1",  "fe80::1"};
    static const char *const outside[] = {"203.0.113.9", "172.32.0.1", "2001:db8::1", "11.0.0.1"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        CHECK_INT(
            status_of(get("/metrics", str_fmt(scratch, "X-Forwarded-For: %s\r\n", inside[i]).p)),
            200);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        CHECK_INT(
            status_of(get("/metrics", str_fmt(scratch, "X-Forwarded-For: %s\r\n", outside[i]).p)),
            404);
    CHECK(has(get("/health", ""), "\"ready\":true"));
    CHECK_INT(status_of(get("/health/ready", "")), 200);
}

static void signing_out(void)
{
    const char *mine = form_from(get("/fi/staff/", staff));
    struct str reply = post("/fi/staff/end", staff, mine);
    CHECK(has(reply, "Set-Cookie: asialla_staff=; Path=/; Max-Age=0;"));
    CHECK_INT(status_of(get("/fi/staff/", staff)), 303); /* the token itself is worth nothing now */
}

/* hours: how far ahead the clock is of the server that sweeps. */
static void sweep_ahead(struct db *db, void *hours)
{
    const int *ahead = hours;
    auth_sessions_sweep(db, (struct instant){instant_now().ms + *ahead * (int64_t)HOUR_MS});
}

static int status_after_sweep(const char *cookie, int hours)
{
    CHECK_INT(store_write(app.store, sweep_ahead, &hours), ERR_OK);
    return status_of(get("/fi/resident", cookie));
}

static void sweeping(void)
{
    const char *cookie = cookie_from(post("/fi/start/resident", "", ""));
    CHECK_INT(status_after_sweep(cookie, 0), 200);
    CHECK_INT(status_after_sweep(cookie, 3), 200);
    CHECK_INT(status_after_sweep(cookie, 23 + AUTH_RESIDENT_MINUTES / 60), 200);
    CHECK_INT(status_after_sweep(cookie, 26 + AUTH_RESIDENT_MINUTES / 60), 303);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    open_all(tables, 2);
    TEST(addresses);
    TEST(sent_to);
    TEST(sessions);
    TEST(cookies_do_not_cross);
    TEST(tokens);
    TEST(forms_from_elsewhere);
    TEST(https_only);
    TEST(tries);
    TEST(figures_stay_inside);
    TEST(signing_out);
    TEST(sweeping);
    close_all();
    return test_end();
}
