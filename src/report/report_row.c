/* report_row.c: rows of exports. Of CSV the first line is the columns' names; a number is bare,
 * everything else quoted, and what a spreadsheet would take for a formula is made a text. Of NDJSON
 * an empty cell is left out. */
#include "report/report_row.h"

#include <assert.h>

static void put(struct report_row *r, struct report_cell c)
{
    assert(r->n < CELLS_MOST);
    r->p[r->n++] = c;
}

void row_text(struct report_row *r, const char *name, struct str s)
{
    put(r, (struct report_cell){.name = name, .kind = s.n ? CELL_TEXT : CELL_NONE, .s = s});
}

void row_int(struct report_row *r, const char *name, int64_t i)
{
    put(r, (struct report_cell){.name = name, .kind = CELL_INT, .i = i});
}

void row_int_if(struct report_row *r, const char *name, bool there, int64_t i)
{
    put(r, (struct report_cell){.name = name, .kind = there ? CELL_INT : CELL_NONE, .i = i});
}

void row_json(struct report_row *r, const char *name, struct str json)
{
    put(r, (struct report_cell){.name = name, .kind = json.n ? CELL_JSON : CELL_NONE, .s = json});
}

void row_write_head(struct buf *b, enum report_format f, const struct report_row *r)
{
    for (size_t i = 0; f == REPORT_CSV && i < r->n; i++)
        buf_csv(b, str_of(r->p[i].name), i + 1 == r->n);
}

static void write_csv(struct buf *b, const struct report_row *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct report_cell *c = &r->p[i];
        bool last = i + 1 == r->n;
        if (c->kind == CELL_TEXT || c->kind == CELL_JSON) {
            buf_csv(b, c->s, last);
            continue;
        }
        if (c->kind == CELL_INT)
            buf_int(b, c->i);
        buf_str(b, last ? S("\r\n") : S(","));
    }
}

static void write_json(struct buf *b, const struct report_row *r)
{
    struct jw w = jw_new(b);
    jw_object(&w, NULL);
    for (size_t i = 0; i < r->n; i++) {
        const struct report_cell *c = &r->p[i];
        if (c->kind == CELL_TEXT)
            jw_str(&w, c->name, c->s);
        else if (c->kind == CELL_INT)
            jw_int(&w, c->name, c->i);
        else if (c->kind == CELL_JSON)
            jw_json(&w, c->name, c->s);
    }
    jw_end_object(&w);
    buf_char(b, '\n');
}

void row_write(struct buf *b, enum report_format f, const struct report_row *r)
{
    if (f == REPORT_CSV)
        write_csv(b, r);
    else
        write_json(b, r);
}
