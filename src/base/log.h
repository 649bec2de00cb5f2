/*
 * log.h: one line an event on standard error, as journald reads it: "<6>area: text". No personal
 * data, no codes, no bodies: who did what to which matter is the access log's business, not this
 * one's.
 */
#ifndef ASIALLA_BASE_LOG_H
#define ASIALLA_BASE_LOG_H

void log_info(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_error(const char *area, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
