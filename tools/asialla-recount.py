#!/usr/bin/env python3
"""Recomputes the figures of Asialla from its event log without persons, and compares. Exit code 1 where something differs.
    asialla export events --to events.csv; asialla export figures --to figures.csv
    asialla-recount.py events.csv --figures figures.csv       every exact sum
    asialla-recount.py events.csv --published 2026-10.csv     what the public was shown in a month
Written from the definitions (event-export.md, fact.json, rules.json, matter.json, publish.json), not from the program. Matters stand
one after the other in the log, so memory goes with the number of sums. Standard library of Python 3.11 or newer only."""
import argparse, collections, csv, datetime as dt, functools, itertools, json, pathlib, sys
DAY0, HERE = dt.date(1970, 1, 1), pathlib.Path(__file__).resolve().parent
STEPS = set('care-given doctor-needed doctor-seen need-found assessment-begun assessment-done decided service-begun supplemented meeting-held'.split())
CONTACTS, ELSEWHERE = set('received contacted chatted answered asked guided closed'.split()), {'hand-offered', 'handed-over', 'need-renewed'}
WAITS, BY_DAY = {'resident', 'consult', 'hand-over'}, {'open', 'open-due', 'step'}  # steps of waiting for somebody; kept by day in every cut
MEASURES = set('started realised ended kept offered received known again7 again14 closed first judged touch handoffs step-left visit assessed missed'.split())
CUTS = ('age', 'language', 'district', 'channel', 'reason')
number, iso = (functools.cache(f) for f in (lambda iso_day: (dt.date.fromisoformat(iso_day) - DAY0).days, lambda n: (DAY0 + dt.timedelta(days=n)).isoformat()))
ms = lambda text: round(dt.datetime.fromisoformat(text).timestamp() * 1000)
last_sunday = functools.cache(lambda year, month: ms(f'{year}-{month:02}-{31 - dt.date(year, month, 31).isoweekday() % 7}T01:00:00Z'))
def day(t):  # as lived in Finland: UTC+2, +3 from the last Sunday of March 01 UTC to October's
    year = int(iso(t // 86400000)[:4])
    return (t + (3 if last_sunday(year, 3) <= t < last_sunday(year, 10) else 2) * 3600000) // 86400000
class Definitions:
    def __init__(self, folder):
        read = lambda name: json.loads(next(p for p in (folder / name, folder / 'law' / name) if p.exists()).read_text())
        fact, matter = read('fact.json'), read('matter.json')
        self.rules = {r['id']: (r['kind'], set(r['stops'])) for r in read('rules.json')['rules']}
        self.leads, self.back = {k: s['code'] for s in fact['steps']['list'] for k in s['kinds']}, set(fact['steps']['back'])
        self.gap, self.least = fact['touch']['gapMinutes'], fact['touch']['leastMinutes']
        self.outcomes, self.first_days = set(matter['firstContact']['outcomes']), matter['firstContact']['days']
        self.bands, self.digital = [b['most'] for b in read('publish.json')['bands'] if 'most' in b], read('publish.json')['digital']['channels']
class Sums(dict):  # (measure, cut, team, rule, part, day): [n, total]; team '' is the county
    def add(self, row, measure, on, rule='', part='', wait=None, total=0, n=1, team=None):
        each, month = iso(on), iso(on) if measure in BY_DAY else iso(on)[:8] + '01'
        cells = [('day', '', each), ('month', '', month)] + [(c, row[c], month) for c in CUTS] + [('part', part, month)] * bool(part)
        cells += [] if wait is None else [('wait', f'{min(wait, 400):03}', month)] + [('part-wait', f'{part}/{min(wait, 400):03}', month)] * bool(part)
        cross = ('cross', '/'.join(row[c] for c in ('district', 'age', 'language', 'channel')), month)
        for who, cuts in (('', cells + [cross]), (row['team'] if team is None else team, cells)):
            for cut, text, when in cuts:
                cell = self.setdefault((measure, cut, who, rule, text, when), [0, 0])
                cell[0], cell[1] = cell[0] + n, cell[1] + total
# ---- the clocks of a matter: what the law and the promises wait for ----
def clocks_of(events):
    clocks = []
    for e in events:
        if e['kind'] in ('time-offered', 'booked'):  # before what the event does to them
            [c.setdefault('offered', day(e['t'])) for c in clocks if 'stopped' not in c]
        for s in e['clocks']:
            if 'start' in s:
                clocks.append({'rule': s['start'], 'counted': number(s['counted']), 'due': number(s['due']), 'due_at': s['dueAt']})
                clocks[-1].update({'offered': number(s['offered'])} if 'offered' in s else {})
            elif 'stop' in s:
                clocks[s['stop']].update(stopped=s.get('at', e['t']), by=s.get('by', ''), team=e['team'])
            elif 'resume' in s:
                clocks[s['resume']] = {k: v for k, v in clocks[s['resume']].items() if k not in ('stopped', 'by', 'team')}
            elif 'gone' in s:  # it had come with a matter that was separated again, and counts there
                clocks[s['gone']]['by'] = 'split'
            else:
                clocks[s['offered']]['offered'] = number(s['day'])
    return [c for c in clocks if c.get('by') != 'split']
def count_clock(sums, defs, row, c):
    kind, stops = defs.rules.get(c['rule'], ('statute', None))
    add = lambda measure, on, **more: sums.add(row, measure, on, rule=c['rule'], team=c.get('team'), **more)
    add('started', c['counted'])
    if 'stopped' not in c: return [add(measure, on) for measure, on in (('open', c['counted']), ('open-due', c['due']), ('over', c['due'] + 1))]
    on = max(day(c['stopped']), c['counted'])
    realised = c['by'] not in ('closed', 'handed-back') and (stops is None or c['by'] in stops)
    kept = realised and (c['stopped'] < c['due_at'] if kind == 'promise' else day(c['stopped']) <= c['due'])
    add('realised', on, wait=on - c['counted'], total=on - c['counted']) if realised else add('ended', on)
    told = (('kept', kept, on), ('offered', c.get('offered', c['due'] + 1) <= c['due'], on), ('over-ended', on > c['due'], on), ('over', on > c['due'], c['due'] + 1))
    [add(measure, when) for measure, holds, when in told if holds]
# ---- its course: in which step it stands, how often it changed hands, the minutes that were given to it, its visits ----
class Course:
    def __init__(self, defs, sums, first):
        self.defs, self.sums, self.touch, self.touched, self.hands, self.closed = defs, sums, 0, None, 0, None
        self.step, self.was, self.since, self.questions, self.asked, self.assessed, self.missed = 'untaken', '', first['t'], 0, False, None, {}
        if first['by'] and not first['carrier']: self.touch_at(ms(first['noted']) if first['noted'] else first['t'])
    def touch_at(self, t):
        gap = None if self.touched is None else t // 60000 - self.touched // 60000
        self.touch += self.defs.least if gap is None or gap > self.defs.gap else max(gap, 0)
        self.touched = max(t, self.touched or 0)
    def follow(self, before, e):
        kind, took = e['kind'], e['time'] and e['kind'] in STEPS
        if e['by'] and kind != 'merged' and not (kind == 'split' and before['state'] == 'joined'):
            self.touch_at(e['t'])
        long = ms(e['time_end']) - ms(e['time_start']) if took and e['time_end'] else 0
        self.touch += long // 60000 if 0 < long <= 86400000 else 0
        carried = before['carrier'] == 'open'
        self.hands += (kind == 'taken' and before['owner'] not in ('', e['owner'])) or kind == 'handed-over' or (kind == 'hand-taken' and not carried)
        over = kind in ('closed', 'cancelled')
        self.closed = e['t'] if over else None if kind == 'reopened' else self.closed
        self.questions = 0 if over else self.questions + (kind == 'consult-asked') - (kind in ('consult-answered', 'consult-ended'))
        self.asked = (self.asked or kind == 'asked') and not over and kind not in ('message', 'chatted', 'contacted')
        self.assessed = e['t'] if kind == 'assessed' and self.assessed is None else self.assessed
        stood, since = (self.step, self.since) if before['state'] == 'open' else ('', 0)
        if e['state'] == 'open':
            self.move(before, e, carried)
        elif e['state'] != 'joined':
            self.step = self.was = ''
        if stood and e['state'] != 'joined' and self.step != stood:
            self.sums.add(e, 'step-left', day(e['t']), part=stood, total=max(0, e['t'] - since) // 60000, team=before['team'])
        if kind == 'time-offered': self.sums.add(e, 'time-offered', day(e['t']))
        if took or (kind == 'time-missed' and e['time']): self.visit(e)
    def move(self, before, e, carried):
        kind, to = e['kind'], self.defs.leads.get(e['kind'], '')
        back = kind in self.defs.back or (kind == 'hand-taken' and e['team'] == before['team'] and not carried)
        if back:
            waits = 'hand-over' if e['hand_over_open'] else 'consult' if self.questions else 'resident' if self.asked else self.was
            to = waits if self.step in WAITS else ''
        elif to in WAITS and self.step not in WAITS:
            self.was = self.step
        to = self.step if not to or (kind == 'taken' and self.step != 'untaken') else to
        if to not in WAITS:
            self.was = ''
            to = 'time-booked' if e['time_ahead'] else ('work' if e['owner'] else 'untaken') if to in ('untaken', 'work') else to
        self.step, self.since = to, self.since if to == self.step else e['t']
    def visit(self, e):
        on, part = day(ms(e['time_start']) if e['time_start'] else e['t']), e['profession'] or 'unknown'
        if e['kind'] == 'time-missed':
            at = self.missed[e['time']] = self.missed.get(e['time'], (e, on, part)) if e['undone'] else (e, on, part)  # taken back where it was counted
            return self.sums.add(at[0], 'missed', at[1], part=at[2], n=-1 if e['undone'] else 1)
        self.sums.add(e, 'visit', on, part=part)
        if e['assessment_recorded'] and self.assessed is not None:
            wait = max(0, on - day(self.assessed))
            self.sums.add(e, 'assessed', on, part=part, wait=wait, total=wait)
def first_contact(defs, events):
    last = max((i for i, e in enumerate(events) if e['kind'] == 'closed'), default=0)
    end, first = events[last], next((i for i, e in enumerate(events) if e['by'] and e['kind'] in CONTACTS), 0)
    others = any((e['by'] not in ('', end['by']) and e['kind'] != 'consult-answered') or e['kind'] in ELSEWHERE for e in events[:last + 1])
    called = any(e['kind'] == 'message' and e['call_asked'] for e in events[first + 1:last])
    soon = day(end['t']) <= day(events[first]['t']) + defs.first_days
    return bool(end['by']) and end['outcome'] in defs.outcomes and soon and not (others or called) and all(e['kind'] != 'reopened' for e in events)
def count_matter(defs, sums, events):
    first, last, course = events[0], events[-1], Course(defs, sums, events[0])
    [course.follow(before, e) for before, e in zip(events, events[1:])]
    if last['state'] == 'joined': return
    [count_clock(sums, defs, last, c) for c in clocks_of(events)]
    again, judged = -2 if first['again'] == '' else int(first['again']), first['first_known']
    arrival = (('received', True), ('known', again > -2), ('again7', 0 <= again <= 7), ('again14', 0 <= again <= 14))
    [sums.add(last, measure, day(first['t'])) for measure, holds in arrival if holds]
    if last['state'] == 'closed' and last['carrier'] != 'went':
        closing = {'closed': max(0, course.closed - first['t']) // 60000, 'touch': course.touch, 'handoffs': course.hands}
        closing |= {m: 0 for m, holds in (('judged', judged), ('first', judged and first_contact(defs, events))) if holds}
        [sums.add(last, measure, day(course.closed), total=total) for measure, total in closing.items()]
    if last['state'] == 'open' and course.step: sums.add(last, 'step', day(course.since), part=course.step)
def rows_of(file):
    with sys.stdin if file == '-' else open(file, newline='', encoding='utf-8') as f:
        start = f.readline()
        rows = csv.DictReader(f, next(csv.reader([start]))) if start.startswith('"') else map(json.loads, itertools.chain([start] * bool(start), f))
        for r in rows:
            e = collections.defaultdict(str, r)
            e['t'], e['clocks'] = ms(e['at']), json.loads(e['clocks'] or '[]') if isinstance(e['clocks'], str) else e['clocks']
            yield e | {k: int(e[k] or 0) for k in ('undone', 'assessment_recorded', 'first_known', 'call_asked', 'time_ahead', 'hand_over_open')}
def exact_differences(sums, file):
    rows = csv.DictReader(open(file, newline='', encoding='utf-8'))
    theirs = {tuple(r[k] for k in ('measure', 'cut', 'team', 'rule', 'part', 'day')): [int(r['n']), int(r['total'])] for r in rows}
    for key in sorted(k for k in sums.keys() | theirs.keys() if sums.get(k) != theirs.get(k)):
        yield f'{"|".join(key)}: the program has {theirs.get(key, "nothing")}, the log gives {sums.get(key, "nothing")}'
def published_differences(sums, defs, file):
    by, statutes, edges = collections.defaultdict(list), [r for r, (kind, _) in defs.rules.items() if kind == 'statute'], [-1, *defs.bands, 9999]
    for (measure, cut, team, rule, part, on), v in sums.items():
        by[measure, cut, team, rule].append((on, part, v[0]))
    rows, seen = csv.DictReader(open(file, newline='', encoding='utf-8')), collections.Counter()
    'measure' in (rows.fieldnames or ()) or sys.exit(f'{file}: it is no month of the public page, whose address is /waits/YYYY-MM.csv')
    for r in rows:
        measure, cut, part, on, mine = r['measure'], r['cut'], r['part'], r['date'], None
        flow = lambda m, since, until: sum(n for rule in ([r['rule']] if r['rule'] else statutes) for d, p, n in by[m, cut, r['unit'], rule] if since <= d <= until and p == part)
        if measure in ('waiting', 'waiting-over'):  # a stock is what came less what went, since ever
            mine = [flow('started', '', on) - flow('realised', '', on) - flow('ended', '', on) if measure == 'waiting' else flow('over', '', on) - flow('over-ended', '', on)]
        elif measure in ('over', 'over-ended') and cut == 'day':  # the debt's flow: a week from its Monday on
            mine = [flow(measure, on, iso(number(on) + 6))]
        elif measure in ('realised-within', 'median-days'):
            visits = cut == 'part'  # by who gave them
            waits = sorted((int(p.split('/')[-1]), n) for d, p, n in by[(*(('assessed', 'part-wait') if visits else ('realised', 'wait')), r['unit'], r['rule'])] if d == on and (not visits or p.split('/')[0] == part))
            run, all_of = itertools.accumulate(n for _, n in waits), sum(n for _, n in waits)
            low = [*map(str, defs.bands), 'more'].index(part) if measure == 'realised-within' else 0
            mine = [sum(n for w, n in waits if edges[low] < w <= edges[low + 1])] if measure == 'realised-within' else [all_of, next((w for (w, _), so_far in zip(waits, run) if 2 * so_far >= all_of), 0)]
        elif measure == 'digital':
            at = {'district': 0, 'age': 1, 'language': 2}.get(cut)  # in a cross
            mine = [sum(n for d, p, n in by['received', 'channel' if at is None else 'cross', r['unit'], ''] if d == on and p.split('/')[-1] in defs.digital and (at is None or p.split('/')[at] == part))]
        elif measure in MEASURES:
            mine = list(sums.get((measure, cut, r['unit'], r['rule'], part, on), [0, 0]))
        seen['hidden' if r['n'] == 'hidden' else 'not recomputed: ' + measure if mine is None else 'compared'] += 1
        if r['n'] == 'hidden' != r['total']:
            yield f'{"|".join(r.values())}: it is hidden and has a number'
        elif any(x not in ('hidden', str(y)) for x, y in zip((r['n'], r['total']), mine or ())):
            yield f'{"|".join(r.values())}: the log gives {mine}'
    print('published cells: ' + ', '.join(f'{n} {what}' for what, n in sorted(seen.items())))
def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--definitions', type=pathlib.Path, default=next((d for d in (HERE / 'definitions', HERE.parent / 'data') if d.exists()), HERE))
    [p.add_argument(name) for name in ('events', '--figures', '--published')]
    asked = p.parse_args()
    defs, sums, n = Definitions(asked.definitions), Sums(), 0
    for events in (list(group) for _, group in itertools.groupby(rows_of(asked.events), key=lambda e: e['matter'])):
        n, _ = n + len(events), count_matter(defs, sums, events)
    sums = {k: v for k, v in sums.items() if v != [0, 0]}
    wrong = [*(exact_differences(sums, asked.figures) if asked.figures else ()), *(published_differences(sums, defs, asked.published) if asked.published else ())]
    print('\n'.join([f'{n} events, {len(sums)} sums', *wrong[:100], f'{len(wrong)} differ' if wrong else 'all agree']))
    return 1 if wrong else 0
if __name__ == '__main__':
    sys.exit(main())
