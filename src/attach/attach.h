/*
 * attach.h: attachments: pictures and documents that come with a contact, a message or a chat. Kept
 * outside the main tables (attachment: what it is; attachment_piece: its bytes), so that nothing
 * else grows with them.
 *
 * A file is what its first bytes say, never what its name or the browser says. JPEG, PNG and PDF
 * are taken (data/attach.json has kinds, sizes and sources). Pictures are taken apart and put
 * together again without metadata (EXIF and its place and time, comments, text chunks), before they
 * are stored. Nothing is ever executed or shown inside a page of ours but pictures that were remade
 * so; all is served as a download with a name of ours, nosniff and a sandbox.
 *
 * Who may see an attachment is the business of whom it belongs to: this room only asks that the
 * caller names the owner, too, so that an id alone opens nothing.
 */
#ifndef ASIALLA_ATTACH_ATTACH_H
#define ASIALLA_ATTACH_ATTACH_H

#include "app/app.h"
#include "web/view.h"

enum attach_owner { ATTACH_MATTER, ATTACH_CHAT, ATTACH_OWNERS };
enum attach_kind { ATTACH_JPEG, ATTACH_PNG, ATTACH_PDF, ATTACH_KINDS };
const char *attach_kind_code(enum attach_kind k); /* jpeg, png, pdf */
bool attach_kind_from(struct str code, enum attach_kind *out);
int attach_per_form(void);  /* as many files as one form may bring */
int attach_per_owner(void); /* and as many as a matter, a conversation may have */

struct attachment {
    int64_t id;
    enum attach_owner owner;
    int64_t owner_id; /* the matter, the conversation */
    enum attach_kind kind;
    struct str name; /* as people read it: from the sender's, cleaned; with our own ending */
    int64_t size;    /* bytes as stored */
    struct instant at;
    int64_t staff; /* 0: the resident */
};
struct attachments {
    LIST_FIELDS(struct attachment);
};

/* Why a file is not taken; the words tell what to do. */
#define ATTACH_REFUSALS(X)                                                                    \
    X(FINE, "")                                                                               \
    X(EMPTY, N_("The file is empty. Choose another."))                                        \
    X(TOO_BIG, N_("The file is too big. Send at most 10 MB, for example a smaller picture.")) \
    X(KIND, N_("This kind of file cannot be sent. Send a picture (JPEG or PNG) or a PDF."))   \
    X(BROKEN, N_("The file is broken and cannot be read. Save or photograph it again."))      \
    X(TOO_MANY,                                                                               \
      N_("There are too many attachments already. Send the most important ones, or call us."))
enum attach_refusal {
#define X(name, words) ATTACH_REFUSED_##name,
    ATTACH_REFUSALS(X)
#undef X
        ATTACH_REFUSED_COUNT
};
const char *attach_refusal_words(enum attach_refusal r); /* message id */

/* What was sent, checked and cleaned on any thread, before the commit. */
struct attach_file {
    enum attach_kind kind;
    struct str name, bytes;
    struct str once; /* the form's random value and the file's place in it: sent twice, kept once */
};
enum attach_refusal attach_prepare(struct arena *a, struct str name, struct str bytes,
                                   struct attach_file *out);
/* The files of that field, prepared. False: *error says in the user's language which of them is not
 * taken and why; none is kept, and they must be chosen again. `once` is the form's random value. */
struct attach_files {
    LIST_FIELDS(struct attach_file);
};
bool attach_take(struct rq *rq, const char *field, struct str once, struct attach_files *out,
                 struct str *error);
/* In a commit. The id, also of one that came before with the same `once`; 0: TOO_MANY of its owner.
 */
int64_t attach_store(struct db *db, enum attach_owner owner, int64_t owner_id, int64_t staff,
                     struct instant at, const struct attach_file *f);

/* Has it come before, to that owner? */
bool attach_has(struct db *db, enum attach_owner owner, int64_t owner_id,
                const struct attach_file *f);

struct attachments attach_list(struct arena *a, struct db *db, enum attach_owner owner,
                               int64_t owner_id);
/* False: none such of that owner. */
bool attach_find(struct arena *a, struct db *db, enum attach_owner owner, int64_t owner_id,
                 int64_t id, struct attachment *out);
/* Answers the request with it, from the snapshot. The caller has checked relation and logs the
 * sight. */
void attach_reply(struct rq *rq, const struct attachment *f);
/* In a commit: a conversation's attachments go with it to the matter that it became. */
void attach_move(struct db *db, enum attach_owner from, int64_t from_id, enum attach_owner to,
                 int64_t to_id);
/* Only that one. */
void attach_move_one(struct db *db, enum attach_owner from, int64_t from_id, enum attach_owner to,
                     int64_t to_id, int64_t id);

/* In a commit: all of that owner go, before their time; for a conversation that is erased. */
void attach_drop(struct db *db, enum attach_owner owner, int64_t owner_id);

/* The retention class is of what it belongs to; by it and the day of closing these are to go. In a
 * commit; true: there may be more. */
bool attach_sweep_wanted(struct db *db, struct instant now);
bool attach_sweep(struct db *db, struct instant now);

/* ---- on pages (pages/attach.html) ---- */

struct attach_line {
    struct str href, show;  /* show: the picture's own address; empty: it is none */
    struct str name, about; /* "PDF, 240 kB" */
    struct str from;        /* who sent it; empty: not told */
    struct ui_time at;
};
struct attach_lines {
    LIST_FIELDS(struct attach_line);
};
/* `base` is the address to which /ID is added; from[0] for what the resident sent, from[1] for what
 * a professional did. */
struct attach_lines attach_lines_make(struct rq *rq, const struct attachments *list,
                                      struct str base, const struct str from[2]);
/* A field that takes files; its name is NAME. {call attach_field(&v->files)}, in a form with
 * enctype="multipart/form-data" to a route with ROUTE_FILES. */
struct attach_field {
    struct str name, label, hint, error;
    bool needed; /* else it may be left empty */
};
struct attach_field attach_field_make(struct rq *rq, struct str error);

extern const struct stmt_table attach_statements;

#endif
