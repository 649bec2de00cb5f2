// Four programs that others read calendars with give back every field of what ical_write() wrote: npm's ical.js, Debian's
// libical, python3-icalendar and sabre-vobject. The first is a library here; the others are asked through the small readers
// beside this file, which print what they read as JSON.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import ICAL from 'ical.js'
import { checkDir, root, tempDir } from '../lib/server.mjs'

const here = path.join(root, 'tests', 'ical')

function run(cmd, args, input) {
    const r = spawnSync(cmd, args, { input, encoding: 'utf8', maxBuffer: 1 << 24 })
    assert.deepEqual([r.status, r.stderr], [0, ''], `${cmd} ${args.join(" ")}\n${input.slice(0, 2000)}\n${r.stderr.slice(0, 3000)}`)
    return r.stdout
}

const libical = path.join(tempDir('libical'), 'read')
run('sh', ['-c', `cc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$0" "$1" $(pkg-config --cflags --libs libical jansson)`,
    libical, path.join(here, 'read_libical.c')], '')

function readByIcalJs(text) {
    const c = new ICAL.Component(ICAL.parse(text))
    const events = c.getAllSubcomponents('vevent').map((v) => {
        const e = new ICAL.Event(v)
        const time = (t) => `${t.toString()}`
        const alarm = v.getFirstSubcomponent('valarm')
        const attendee = v.getFirstProperty('attendee')
        return {
            uid: e.uid, sequence: e.sequence, start: time(e.startDate), end: time(e.endDate), stamp: time(v.getFirstPropertyValue('dtstamp')),
            status: v.getFirstPropertyValue('status'), summary: e.summary, description: e.description, location: e.location,
            url: v.getFirstPropertyValue('url'), organizer: e.organizer, attendee: attendee?.getFirstValue(),
            rsvp: attendee?.getParameter('rsvp'), alarm: alarm ? -alarm.getFirstPropertyValue('trigger').toSeconds() / 60 : undefined,
        }
    })
    return { method: c.getFirstPropertyValue('method'), name: c.getFirstPropertyValue('x-wr-calname'), events }
}

const READERS = {
    'ical.js': readByIcalJs,
    libical: (text) => JSON.parse(run(libical, [], text)),
    icalendar: (text) => JSON.parse(run('/usr/bin/python3', [path.join(here, 'read_icalendar.py')], text)),
    'sabre-vobject': (text) => JSON.parse(run('php', [path.join(here, 'read_sabre.php')], text)),
}

const write = (calendar) => run(path.join(checkDir, 'src', 'ical', 'ical_out'), [], JSON.stringify(calendar))
const utc = (iso) => new Date(iso).toISOString().slice(0, 19) + 'Z'

// What every reader should say of a calendar.
function wanted({ method = 'PUBLISH', name, events }) {
    const event = (e) => {
        const cancelled = e.cancelled || method === 'CANCEL'
        return {
            uid: e.uid, sequence: e.sequence ?? 0, start: utc(e.start), end: utc(e.end), stamp: utc(e.stamp),
            status: cancelled ? 'CANCELLED' : e.tentative ? 'TENTATIVE' : 'CONFIRMED',
            summary: e.summary, description: e.description, location: e.location, url: e.url,
            organizer: e.organizer && `mailto:${e.organizer}`,
            attendee: method === 'PUBLISH' ? undefined : e.attendee && `mailto:${e.attendee}`,
            rsvp: method === 'REQUEST' ? (e.tentative ? 'TRUE' : 'FALSE') : undefined,
            alarm: e.alarm && !cancelled ? e.alarm : undefined,
        }
    }
    const told = method === 'PUBLISH' && !events.every((e) => e.organizer) ? undefined : method
    return { method: told, name, events: events.map(event) }
}

const known = (o) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined && v !== null && v !== ''))
const tidy = (c) => known({ ...c, faults: c.faults || undefined, events: c.events.map(known) })

// What Debian's versions of two of them cannot tell, whoever wrote it: python3-icalendar 4.0.3 takes escapes out twice, in an order
// of its own; sabre-vobject 2.1.7 leaves some to its caller (read_sabre.php). So for these a text's own backslash is compared
// only where nothing follows it that would then look like an escape.
const LOOSE = {
    icalendar: (text) => text.replace(/\\+[nN]/g, '\n').replace(/\\+([,;\\])/g, '$1'),
    'sabre-vobject': (text) => text.replace(/\\([,;])/g, '$1'),
}
function forReader(name, calendar) {
    const loosen = LOOSE[name] ?? ((text) => text)
    return JSON.parse(JSON.stringify(calendar), (_, v) => (typeof v === 'string' ? loosen(v) : v))
}

function readRight(calendar) {
    const text = write(calendar)
    for (const [name, read] of Object.entries(READERS))
        assert.deepEqual(forReader(name, tidy(read(text))), forReader(name, tidy(wanted(calendar))))
    return text
}

const VISIT = {
    uid: 'K7QF2M9X4TBVN@asialla.example', start: '2026-11-24T09:00:00+02:00', end: '2026-11-24T09:30:00+02:00', stamp: '2026-11-22T10:15:30Z',
    summary: 'Aika, vastaanotto', location: 'Sote-keskus; 2. kerros, ovi \\B', description: 'Tule 5 minuuttia ennen.\nOta mukaan kortti.',
    url: 'https://asialla.example/fi/status', alarm: 60,
}

test('text of every kind comes back as it was written', () => {
    const texts = ['å ä ö Å Ä Ö é ß ł я 漢字', '🌲🏥👩🏽‍⚕️ e\u0301', 'a,b;c\\d\\n"e":f=g', 'eka\ntoka\n\nneljäs', '; , \\ \\; \\, \\\\', 'END:VEVENT\nBEGIN:VEVENT',
        'å,ä;ö\\🌲\n'.repeat(250).trim(), 'x'.repeat(2000), '\\'.repeat(300) + ';'.repeat(300)]
    readRight({ events: texts.map((t, i) => ({ ...VISIT, uid: `${i}@asialla.example`, summary: t.replaceAll('\n', ' ').slice(0, 300), description: t, location: t })) })
})

test('a fold at any byte of a character is read back', () => {
    readRight({ events: Array.from({ length: 80 }, (_, i) => ({ ...VISIT, uid: `${i}@asialla.example`, summary: 'x'.repeat(i) + '🌲ä€'.repeat(12) })) })
})

test('times across both switches of daylight saving are the same instants', () => {
    const at = ['2026-10-25T02:30:00+03:00', '2026-10-25T03:30:00+03:00', '2026-10-25T03:30:00+02:00', '2026-10-25T04:30:00+02:00', '2027-03-28T02:30:00+02:00', '2027-03-28T04:00:00+03:00',
        '2026-12-31T23:45:00+02:00', '2028-02-29T08:00:00+02:00']
    readRight({ name: 'Ajat, viikko; å', refresh: 15, events: at.map((start, i) => ({
        ...VISIT, uid: `${i}@asialla.example`, start, end: new Date(Date.parse(start) + 45 * 60_000).toISOString() })) })
})

test('invited, moved and cancelled: one UID, a higher SEQUENCE each time', () => {
    const e = { ...VISIT, organizer: 'ajat@asialla.example', attendee: 'asiakas+1@example.fi' }
    const sent = [
        readRight({ method: 'REQUEST', events: [{ ...e, tentative: true }] }),
        readRight({ method: 'REQUEST', events: [{ ...e, sequence: 1, start: '2026-11-25T09:00:00+02:00', end: '2026-11-25T09:30:00+02:00' }] }),
        readRight({ method: 'CANCEL', events: [{ ...e, sequence: 2, start: '2026-11-25T09:00:00+02:00', end: '2026-11-25T09:30:00+02:00' }] }),
    ]
    // and what a program that keeps a calendar would have after them, in whatever order they came
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) {
        const kept = new Map()
        for (const { events: [v] } of order.map((i) => readByIcalJs(sent[i])))
            if (!kept.has(v.uid) || kept.get(v.uid).sequence < v.sequence)
                kept.set(v.uid, v)
        assert.deepEqual([...kept.values()].map((v) => [v.sequence, v.status]), [[2, 'CANCELLED']])
    }
    readRight({ events: [{ ...VISIT, cancelled: true, sequence: 3 }, { ...VISIT, uid: 'b@asialla.example', tentative: true }] })
})

test('a calendar with nothing in it is one', () => {
    const text = write({ name: 'Tyhjä', events: [] })
    assert.deepEqual(readByIcalJs(text).events, [])
    assert.equal(JSON.parse(run(libical, [], text)).events.length, 0)
})
