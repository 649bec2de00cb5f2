// /slots.json: free times for other programs: what is asked for is what comes, in order; what is not known is refused by name.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { bareCounty, startServer } from '../lib/server.mjs'
import { request } from '../lib/client.mjs'
import { NO_LIMITS as ARGS } from '../lib/load.mjs'
import { metric } from '../lib/trouble.mjs'

let server, types, fullest // the type of most times
const ask = async (query) => {
    const r = await request(server.url + '/slots.json' + query)
    return { ...r, json: JSON.parse(r.text) }
}
const local = (iso) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Helsinki', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false })
    .formatToParts(new Date(iso)).reduce((o, p) => ({ ...o, [p.type]: p.value }), {})

before(async () => {
    server = await startServer({ data: bareCounty(), args: ARGS })
    types = (await ask('')).json.detail.split(': ')[1].split(' ')
    let most = 0
    for (const type of types) {
        const n = (await ask(`?type=${type}&limit=200`)).json.slots.length
        if (n > most)
            [most, fullest] = [n, type]
    }
})
after(() => server?.stop())

test('each type that is not for professionals alone has times, in order, none of them past', async () => {
    let found = 0
    for (const type of types) {
        const { status, json, headers } = await ask(`?type=${type}&limit=50`)
        assert.equal(status, 200, type)
        assert.equal(headers['access-control-allow-origin'], '*')
        const starts = json.slots.map((s) => Date.parse(s.start))
        assert.deepEqual(starts, [...starts].sort((a, b) => a - b))
        assert.ok(json.slots.every((s) => s.serviceType === type && s.status === 'free' && s.start < s.end && Date.parse(s.start) > Date.now()))
        assert.ok(json.slots.length === 50 || !json.more)
        found += json.slots.length
    }
    assert.ok(found > 100, `${found} times of ${types.length} types`)
})

test('what is asked for narrows what comes', async () => {
    const type = fullest
    const all = (await ask(`?type=${type}&limit=200`)).json.slots
    const one = all[all.length - 1]
    for (const [name, value] of [['place', one.place], ['calendar', one.calendar], ['profession', one.profession], ['mode', one.mode]]) {
        const { json } = await ask(`?type=${type}&${name}=${encodeURIComponent(value)}`)
        assert.ok(json.slots.length > 0 && json.slots.every((s) => s[name] === value), name)
    }
    const tuesday = (await ask(`?type=${type}&weekday=tue,wed&part=09:00-11:00`)).json.slots.map((s) => local(s.start))
    assert.ok(tuesday.length > 0 && tuesday.every((t) => ['Tue', 'Wed'].includes(t.weekday) && t.hour >= '09' && t.hour < '11'))
    const few = (await ask(`?type=${type}&limit=3`)).json
    const later = (await ask(`?type=${type}&limit=3&after=${few.slots[2].start}`)).json
    assert.ok(few.more && Date.parse(later.slots[0].start) > Date.parse(few.slots[2].start))
    const day = all[all.length - 1].start.slice(0, 10)
    assert.ok((await ask(`?type=${type}&from=${day}&limit=5`)).json.slots.every((s) => Date.parse(s.start) >= Date.parse(day) - 3 * 3600_000))
})

test('what is not known is refused by its name', async () => {
    const type = types[0]
    for (const [query, parameter] of [
        ['', 'type'], ['?type=no-such', 'type'], [`?type=${type}&tpye=1`, 'tpye'], [`?type=${type}&type=${type}`, 'type'],
        ...['area', 'place', 'calendar', 'team', 'profession', 'language', 'mode', 'from', 'to', 'part', 'weekday', 'limit', 'after']
            .flatMap((p) => [[`?type=${type}&${p}=nothing%20of%20ours`, p], [`?type=${type}&${p}=`, p]]),
        [`?type=${type}&limit=201`, 'limit'], [`?type=${type}&part=12:00-08:00`, 'part'], [`?type=${type}&part=08:00-25:00`, 'part'],
        [`?type=${type}&from=2026-02-30`, 'from'], [`?type=${type}&team=99999`, 'team'],
    ]) {
        const { status, json, headers } = await ask(query)
        assert.deepEqual([status, json.parameter], [400, parameter], query)
        assert.match(headers['content-type'], /^application\/problem\+json/)
        assert.ok(json.detail.length > 10)
    }
})

test('the index tells its size', async () => {
    assert.ok(await metric(server, 'slot_calendars') > 0)
    assert.ok(await metric(server, 'slot_bytes') > 10_000)
})
