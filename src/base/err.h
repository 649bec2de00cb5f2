/*
 * err.h: every way in which a request can go wrong, in one registry: the name in code, HTTP status,
 * FHIR R4 issue type (http://hl7.org/fhir/R4/valueset-issue-type.html), what the user reads and
 * what the user can do. Message and hint are message ids: English texts, translated in po/.
 */
#ifndef ASIALLA_BASE_ERR_H
#define ASIALLA_BASE_ERR_H

#define ERR_REGISTRY(X)                                                                   \
    X(OK, 200, "informational", "", "")                                                   \
    X(BAD_INPUT, 400, "invalid", "We could not read what was sent.",                      \
      "Go back, check what you wrote and try again.")                                     \
    X(EXPIRED, 403, "expired", "This page had been open too long.",                       \
      "Go back, reload the page and send it again. What you wrote is still there.")       \
    X(SIGN_IN, 401, "login", "You need to sign in to see this page.",                     \
      "Sign in and you will come back here.")                                             \
    X(FORBIDDEN, 403, "forbidden", "You do not have the right to see this page.",         \
      "If you need it in your work, ask your unit's head.")                               \
    X(NOT_FOUND, 404, "not-found", "This page does not exist.",                           \
      "Check the address, or start from the front page.")                                 \
    X(METHOD, 405, "not-supported", "This page cannot be used that way.",                 \
      "Start again from the front page.")                                                 \
    X(TIMEOUT, 408, "timeout", "The connection was too slow.",                            \
      "Check your connection and try again.")                                             \
    X(CONFLICT, 409, "conflict", "Somebody else changed this at the same time.",          \
      "Reload the page to see what changed.")                                             \
    X(TOO_LARGE, 413, "too-long", "What was sent is too large.",                          \
      "Shorten the text and try again.")                                                  \
    X(MEDIA_TYPE, 415, "not-supported", "This kind of content cannot be sent here.",      \
      "Start again from the front page.")                                                 \
    X(TOO_MANY, 429, "throttled", "There have been too many tries.",                      \
      "Wait a few minutes and try again.")                                                \
    X(INTERNAL, 500, "exception", "Something went wrong on our side.",                    \
      "Try again in a moment. If it is urgent, call us.")                                 \
    X(NO_MEMORY, 503, "transient", "The service is very busy.",                           \
      "Nothing was saved. Wait a moment and send it again.")                              \
    X(BUSY, 503, "transient", "The service is very busy.",                                \
      "Nothing was saved. Wait a moment and send it again.")                              \
    X(STORE, 503, "no-store", "We could not save this.",                                  \
      "Nothing was saved. Wait a moment and send it again.")                              \
    X(UNSURE, 503, "incomplete", "We do not know whether this was saved.",                \
      "Look first whether it is there. If it is not, or you cannot tell, send it again.") \
    X(AWAY, 503, "transient", "We cannot show this page just now.",                       \
      "Wait a moment and reload the page. If it is urgent, call us.")

enum err {
#define X(name, status, issue, message, hint) ERR_##name,
    ERR_REGISTRY(X)
#undef X
        ERR_COUNT
};

struct err_info {
    const char *name;
    int status;          /* HTTP */
    const char *issue;   /* FHIR issue type */
    const char *message; /* message id */
    const char *hint;    /* message id */
};

const struct err_info *err_info(enum err e);

#endif
