# read_icalendar.py: an iCalendar file from standard input as python3-icalendar reads it, as JSON.
import json
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
out = {"events": []}
for key, name in (("method", "method"), ("name", "x-wr-calname")):
    if name in calendar:
        out[key] = str(calendar[name])
for e in calendar.walk("VEVENT"):
    assert not e.errors, e.errors
    o = {"sequence": int(e["sequence"])}
    for key, name in (("start", "dtstart"), ("end", "dtend"), ("stamp", "dtstamp")):
        t = e[name].dt
        o[key] = t.strftime("%Y-%m-%dT%H:%M:%S") + ("Z" if t.utcoffset() is not None and not t.utcoffset() else "")
    for key in ("uid", "status", "summary", "description", "location", "url", "organizer", "attendee"):
        if key in e:
            o[key] = str(e[key])
    if "attendee" in e and "RSVP" in e["attendee"].params:
        o["rsvp"] = e["attendee"].params["RSVP"]
    for alarm in e.walk("VALARM"):
        o["alarm"] = int(-alarm["trigger"].dt.total_seconds() / 60)
    out["events"].append(o)
json.dump(out, sys.stdout)
