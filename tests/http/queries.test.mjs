// Pages that list: however many rows there are, they ask the store about as often (no query a row).
import test, { after } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { startServer } from '../lib/server.mjs'
import { request, sleep, Visitor } from '../lib/client.mjs'
import { staff } from '../lib/people.mjs'
import { until } from '../lib/trouble.mjs'
import { countyOfVisits, sql } from '../lib/visits.mjs'

const FEW = 5, MANY = 50
const ends = []
after(async () => {
    for (const end of ends.reverse())
        await end()
})

// Groups with a session each and somebody who waits, one group with as many sessions, and times of today, from..to.
function rows(from, to, now) {
    const group = (i, ref) => `INSERT INTO group_series (ref, team, state, names, whole, remote, places, waiting_most, offer_hours, opens_at, closes_at, area, languages, audience,
        name_fi, name_sv, name_en, text_fi, text_sv, text_en, place_fi, place_sv, place_en, price_fi, price_sv, price_en)
        SELECT '${ref}', m.team, '${i % 2 ? 'open' : 'shut'}', 'may', 0, 0, 10, 5, 24, 0, 0, '', 'fi', '', 'G', 'G', 'G', '', '', '', 'P', 'P', 'P', '', '', ''
        FROM team_member m JOIN staff s ON s.id = m.staff WHERE s.login = 'worker' ORDER BY m.team LIMIT 1;`
    const session = (ref, i) => `INSERT INTO group_session (series, start_at, end_at, sequence, changed_at, cancelled, why, attended_at, signed, came, came_without, reminded, erased)
        SELECT id, ${now + i * 3_600_000}, ${now + i * 3_600_000 + 60_000}, 0, 0, 0, '', 0, 0, 0, 0, 1, 0 FROM group_series WHERE ref = '${ref}';
        INSERT INTO group_signup (series, session, state, once, code, name, phone, email, lang, site, made_at, queued_at, offers)
        SELECT series, id, 'waiting', '${ref}-${i}', ${code(ref + i)}, '', '', '', 'fi', '', 0, 0, 0 FROM group_session ORDER BY id DESC LIMIT 1;`
    const code = (text) => `CAST('${text}' AS ${onPg ? 'BYTEA' : 'BLOB'})`
    const time = (i) => `INSERT INTO appointment (ref, matter, type, calendar, team, state, register, start_at, end_at, remote, sequence, made_at, changed_at, medium, told, lang, name, by_resident)
        SELECT 'many${i}', m.id, t.id, c.id, m.team, '${i % 3 ? 'booked' : 'checked-in'}', 'social', ${now - i * 1000}, ${now - i * 1000 + 1000}, 0, 1, 0, 0, 'sms', 0, 'fi', 'N', 0
        FROM matter m, service_type t, calendar c WHERE t.ref = 'social-meeting' AND c.ref = 'person-worker';`
    const out = from ? [] : [group(1, 'long')]
    for (let i = from; i < to; i++)
        out.push(group(i, `many-${i}`), session(`many-${i}`, i + 1), session('long', i + 1), time(i))
    return out.join('\n')
}
const onPg = (process.env.ASIALLA_ENGINE ?? 'sqlite') !== 'sqlite'

// How many statements the page takes: the least of some, once the server asks nothing by itself: the keeper does now and then,
// and whoever begins, much at once.
async function asks(server, v, path) {
    const count = async () => Number(/^asialla_queries_total (\d+)/m.exec((await request(server.url + '/metrics')).text)[1])
    const quiet = () => until('the server is quiet', async () => {
        const before = await count()
        await sleep(30)
        return await count() - before <= 2
    })
    let least = Infinity
    for (let i = 0; i < 5; i++) {
        await quiet()
        const before = await count()
        await v.get(path)
        least = Math.min(least, await count() - before)
        assert.equal(v.page.status, 200, path)
    }
    return least
}

test('a page that lists asks as often for fifty rows as for five, or nearly', async (t) => {
    const county = await countyOfVisits([]), now = Date.now(), pages = {}
    for (const [from, to] of [[0, FEW], [FEW, MANY]]) {
        sql(county.data, rows(from, to, now))
        const server = await startServer({ data: county.data, args: ['--contacts', '0'] })
        const worker = await staff(server, 'worker'), resident = new Visitor(server)
        for (const [who, path] of [[resident, '/en/groups'], [resident, '/en/groups/long'], [worker, '/en/staff/groups'], [worker, '/en/staff/group/long'],
            [worker, '/en/staff/group/long/sign-up'], [worker, '/en/staff/my-day'], [worker, '/en/staff/my-week?lists=1'], [worker, '/en/staff/arrivals']])
            (pages[path] ??= []).push(await asks(server, who, path))
        await worker.get('/en/staff/my-day')
        assert.ok(worker.page.text.includes('N</'), 'the times are there')
        worker.close()
        resident.close()
        await server.stop()
    }
    t.diagnostic(JSON.stringify(pages))
    // every look at a matter is logged, which is a statement each: they are of one matter here; ids are asked for 25 at a time
    for (const [path, [few, many]] of Object.entries(pages))
        assert.ok(many - few <= 8, `${path}: ${few} statements for ${FEW} rows, ${many} for ${MANY}`)
})
