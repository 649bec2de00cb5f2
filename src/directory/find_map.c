/*
 * find_map.c: a map of places without anybody's tiles. ETRS-TM35FIN is a plane in metres, so a
 * picture needs a scale and nothing more. North on it is grid north, at most some degrees from the
 * true one.
 *
 * Numbers that would cover each other are moved apart, with a line to where the place is; names of
 * municipalities, and postal codes, stand where the shown places of that name are.
 */
#include "directory/find_view.h"

#include <math.h>
#include <stdlib.h>

enum {
    WIDTH = 400,
    HEIGHT_MIN = 240,
    HEIGHT_MAX = 520,
    MARGIN = 34,
    FOOT = 34,       /* below: the scale, and where north is */
    APART = 32,      /* between the middles of two numbers: their circles are 30 wide */
    SMALLEST = 1500, /* metres across: one place alone is shown with what is round it */
    MARKERS = 60
};

struct plane {
    double west, north, scale; /* metres; units a metre */
};

struct group { /* places of one name */
    struct str name;
    bool large;
    double x, y;
    int n;
};

static const struct dir_address *address_of(const struct dir_channel *c)
{
    for (size_t i = 0; i < c->addresses.n; i++)
        if (!c->addresses.p[i].postal)
            return &c->addresses.p[i];
    return NULL;
}

static bool on_map(const struct dir_channel *c)
{
    const struct dir_address *at = address_of(c);
    return at && at->north > 0 && at->east > 0;
}

static int units_x(const struct plane *p, double east)
{
    return (int)lround((east - p->west) * p->scale);
}

static int units_y(const struct plane *p, double north)
{
    return (int)lround((p->north - north) * p->scale);
}

/* The picture that holds them all, with a margin; never taller than wide by much. */
static struct plane fit(const struct dir_channel *const *places, size_t n, int *height)
{
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const struct dir_address *at = on_map(places[i]) ? address_of(places[i]) : NULL;
        if (!at)
            continue;
        west = fmin(west, at->east), east = fmax(east, at->east);
        south = fmin(south, at->north), north = fmax(north, at->north);
    }
    double wide = fmax(east - west, SMALLEST), tall = fmax(north - south, SMALLEST / 2.0);
    double scale = fmin((WIDTH - 2 * MARGIN) / wide, (HEIGHT_MAX - 2 * MARGIN) / tall);
    int inside = (int)fmax(HEIGHT_MIN, ceil(tall * scale) + 2 * MARGIN);
    *height = inside + FOOT;
    return (struct plane){.west = (east + west) / 2 - WIDTH / scale / 2,
                          .north = (north + south) / 2 + inside / scale / 2,
                          .scale = scale};
}

/* ---- numbers ---- */

static bool is_clear(const struct view_map *m, int x, int y)
{
    if (x < APART / 2 || y < APART / 2 || x > m->width - APART / 2 ||
        y > m->height - FOOT - APART / 2)
        return false;
    for (size_t i = 0; i < m->markers.n; i++) {
        int dx = m->markers.p[i].x - x, dy = m->markers.p[i].y - y;
        if (dx * dx + dy * dy < APART * APART)
            return false;
    }
    return true;
}

/* The nearest free place, going round in wider and wider rings. */
static void put_marker(const struct view *v, struct view_map *m, struct view_marker k)
{
    k.x = k.at_x, k.y = k.at_y;
    for (int ring = 1; ring <= 20 && !is_clear(m, k.x, k.y); ring++)
        for (int step = 0; step < 8 * ring; step++) {
            double angle = 2 * M_PI * step / (8 * ring), far = ring * APART * 0.75;
            k.x = k.at_x + (int)lround(far * cos(angle));
            k.y = k.at_y + (int)lround(far * sin(angle));
            if (is_clear(m, k.x, k.y))
                break;
        }
    k.moved = k.x != k.at_x || k.y != k.at_y;
    VEC_PUSH(v->a, &m->markers, k);
}

/* ---- names ---- */

struct groups {
    LIST_FIELDS(struct group);
};

static void add_name(struct arena *a, struct groups *g, struct str name, bool large, double x,
                     double y)
{
    size_t i = 0;
    while (i < g->n && !str_eq(g->p[i].name, name))
        i++;
    if (name.n == 0)
        return;
    if (i == g->n)
        VEC_PUSH(a, g, (struct group){.name = name, .large = large});
    g->p[i].x += x, g->p[i].y += y, g->p[i].n++;
}

static bool label_is_clear(const struct view_map *m, const struct view_label *l)
{
    int half = (int)(str_utf8_len(l->text) * (l->large ? 6 : 4)), tall = l->large ? 10 : 7;
    if (l->x - half < 4 || l->x + half > m->width - 4 || l->y < 18 || l->y > m->height - FOOT - 6)
        return false;
    for (size_t i = 0; i < m->markers.n; i++) {
        const struct view_marker *k = &m->markers.p[i];
        if (abs(k->x - l->x) < half + APART / 2 && abs(k->y - l->y) < tall + APART / 2)
            return false;
    }
    for (size_t i = 0; i < m->labels.n; i++) {
        int both = half + (int)(str_utf8_len(m->labels.p[i].text) * 6);
        if (abs(m->labels.p[i].x - l->x) < both && abs(m->labels.p[i].y - l->y) < 2 * tall + 4)
            return false;
    }
    return true;
}

/* Near the middle of its places, where nothing is covered; else not at all. */
static void put_label(const struct view *v, struct view_map *m, const struct group *g)
{
    int x = (int)(g->x / g->n), y = (int)(g->y / g->n);
    struct view_label l = {.x = x, .y = y, .large = g->large, .text = g->name};
    for (int ring = 0; ring <= 12; ring++)
        for (int step = 0; step < 12; step++) {
            double angle = 2 * M_PI * step / 12 + M_PI / 2;
            l.x = x + (int)lround(ring * 10 * cos(angle));
            l.y = y + (int)lround(ring * 10 * sin(angle));
            if (label_is_clear(m, &l)) {
                VEC_PUSH(v->a, &m->labels, l);
                return;
            }
        }
}

/* ---- scale ---- */

/* 1, 2 or 5 times a power of ten: the longest that takes at most `units`. */
static int round_metres(const struct plane *p, int units)
{
    static const int steps[] = {1, 2, 5};
    int best = 1;
    for (int power = 1; power <= 1000000; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if (steps[i] * power * p->scale <= units)
                best = steps[i] * power;
    return best;
}

static void put_scale(const struct view *v, const struct plane *p, struct view_map *m)
{
    int metres = round_metres(p, WIDTH / 4);
    m->bar = (int)lround(metres * p->scale);
    m->bar_name =
        metres >= 1000 ? str_fmt(v->a, "%d km", metres / 1000) : str_fmt(v->a, "%d m", metres);
    double first = ceil(p->west / metres) * metres;
    for (double east = first; units_x(p, east) < m->width; east += metres)
        VEC_PUSH(v->a, &m->across, units_x(p, east));
    for (double north = floor(p->north / metres) * metres; units_y(p, north) < m->height - FOOT;
         north -= metres)
        VEC_PUSH(v->a, &m->down, units_y(p, north));
}

void view_draw(const struct view *v, const struct dir_channel *const *places, size_t n,
               struct view_map *out)
{
    struct groups names = {0};
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= on_map(places[i]);
    struct plane p = {0};
    if (any)
        p = fit(places, n, &out->height);
    out->width = WIDTH;
    out->ground = out->height - FOOT;
    for (size_t i = 0; i < n; i++) {
        struct view_site site = {.channel = view_channel(v, places[i], NULL)};
        if (on_map(places[i]) && out->markers.n < MARKERS) {
            const struct dir_address *at = address_of(places[i]);
            int x = units_x(&p, at->east), y = units_y(&p, at->north);
            site.number = (int)out->markers.n + 1;
            put_marker(v, out,
                       (struct view_marker){.number = site.number,
                                            .at_x = x,
                                            .at_y = y,
                                            .name = site.channel.name.text,
                                            .href = site.channel.href});
            add_name(v->a, &names, dir_pick(&at->municipality, v->lang).text, true, x, y);
            add_name(v->a, &names, at->postal_code, false, x, y);
        }
        VEC_PUSH(v->a, &out->sites, site);
    }
    if (!any)
        return;
    put_scale(v, &p, out);
    for (int large = 1; large >= 0; large--) /* what is larger has the first choice */
        for (size_t i = 0; i < names.n; i++)
            if (names.p[i].large == (large == 1))
                put_label(v, out, &names.p[i]);
}
