// kill -9 while residents cancel and freed times go to the waiting list: after each restart a time that was given up is kept
// and offered exactly once, whatever had been answered; nothing is lost and nothing is offered twice.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, long, releaseBin, startServer, writeTemp } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { codeOf, findMatter, openByCode, staff } from '../lib/people.mjs'
import { NO_LIMITS as ARGS } from '../lib/load.mjs'
import { until } from '../lib/trouble.mjs'
import { sql } from '../lib/visits.mjs'

const ROUNDS = long ? 10 : 2
const EACH = 3 // cancel in one round; all at once
const N = ROUNDS * EACH

const name = (en) => ({ fi: en, sv: en, en })
const SETTINGS = {
    source: 'synthetic',
    types: [{
        ref: 'c-visit', name: name('Crash visit'), register: 'health', minutes: 30, leadMinutes: 180, aheadDays: 30, booker: 'anybody', form: 'health',
        reason: 'health-new-problem', realises: 'care-given', cancelHours: 0, moveHours: 0, offerHours: 4, offerTo: 1,
    }],
    places: [{ ref: 'c-place', name: name('Crash place'), area: 'korso' }],
    calendars: [{
        ref: 'c-one', kind: 'team', name: name('Crash calendar'), team: 'nurse-south', place: 'c-place', profession: 'nurse', languages: ['fi'], types: ['c-visit'],
        plan: { rules: [{ from: '2025-01-01', weekdays: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'], time: '00:00-24:00', holidays: true }] },
    }],
}
const toBook = (f) => /\/book(\?|$)/.test(f.action)

// Books a time, and is put on the waiting list for another: { code, ref of the time }.
async function resident(server, nurse, nth) {
    const v = new Visitor(server)
    await until('a time is kept', async () => { // what was taken a moment ago may be on the page yet
        await v.get('/en/times/c-visit')
        const slot = [...v.page.text.matchAll(/name="slot" value="([^"]+)"/g)][nth][1]
        await v.submit((f) => f.html.includes('name="slot"') && f.html.includes('class="times"'), {}, { button: ['slot', slot] })
        return v.page.status === 200
    })
    await v.submit(toBook, { name: 'Testi Henkilö', phone: `040 123 40${String(nth).padStart(2, '0')}`, email: '', remind: 'none' })
    await v.submit(toBook)
    const code = codeOf(v.page)
    await openByCode(v, code)
    const time = /id="time\.(\w+)"/.exec(v.page.text)[1]
    const matter = await findMatter(nurse, v, code)
    await nurse.get(`/en/staff/matter/${matter}/time?type=c-visit`)
    await nurse.submit((f) => f.html.includes('value="list"'), { medium: 'none' }, { button: ['act', 'list'] })
    assert.ok(nurse.page.text.includes('Put on the waiting list.'), nurse.page.text)
    v.close()
    return { code, time }
}

async function cancel(server, { code, time }) {
    const v = new Visitor(server)
    try {
        await openByCode(v, code)
        await v.get(`/en/status/time/${time}/cancel`)
        await v.submit(/\/cancel$/, { reason: 'time' })
        return v.page.text.includes('Your time is cancelled.')
    } catch {
        return false // nobody answered
    } finally {
        v.close()
    }
}

const one = (data, text) => Number(sql(data, text).trim())

test(`${ROUNDS} times kill -9 while times come free for who waits: each is offered once`, async (t) => {
    const data = bareCounty()
    const r = asialla(['import', 'calendars', '--data', data, writeTemp('calendars.json', JSON.stringify(SETTINGS))], { using: releaseBin })
    assert.equal(r.status, 0, r.err)
    let server = await startServer({ data, args: ARGS, using: releaseBin })
    let nurse = await staff(server, 'nurse')
    const people = []
    for (let i = 0; i < N; i++)
        people.push(await resident(server, nurse, i))
    nurse.close()
    let told = 0
    for (let round = 0; round < ROUNDS; round++) {
        const answers = people.slice(round * EACH, (round + 1) * EACH).map((p) => cancel(server, p).then((ok) => { told += ok }))
        await Promise.race([Promise.all(answers), sleep(Math.random() * 60)])
        await sleep(round * 400) // now and then when the keeper has been there
        await server.kill()
        await Promise.all(answers)
        server = await startServer({ data, args: ARGS, using: releaseBin })
    }
    nurse = await staff(server, 'nurse')
    for (const p of people) // who was not answered presses again
        await cancel(server, p)
    const waiting = async () => ((await nurse.get('/en/staff/times/waiting')).text.match(/\/staff\/time\/\w+"/g) ?? []).length
    await until('nobody waits', async () => await waiting() === 0)
    nurse.close()
    await server.stop()
    for (const [what, text] of [
        ['times cancelled', "SELECT count(*) FROM appointment WHERE state = 'cancelled'"],
        ['offers that stand', "SELECT count(*) FROM appointment WHERE state = 'pending'"],
        ['offers that were made', "SELECT count(*) FROM booking_event WHERE kind = 'offered'"],
        ['times on offer', "SELECT count(DISTINCT offer_hold) FROM appointment WHERE state = 'pending'"],
        ['of those that were cancelled', "SELECT count(DISTINCT p.start_at) FROM appointment p JOIN appointment c ON c.start_at = p.start_at AND c.state = 'cancelled' WHERE p.state = 'pending'"],
        ['holds', "SELECT count(*) FROM hold WHERE holder = 'offer'"],
        ['times kept', 'SELECT count(DISTINCT from_at) FROM busy WHERE whose = 0 AND taker = 2'],
        ['freed times that are looked after', 'SELECT count(*) FROM booking_freed'],
    ])
        assert.equal(one(data, text), N, what)
    const v = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(v.status, 0, v.out + v.err)
    t.diagnostic(`${told} of ${N} were told that their time is cancelled before their server was killed`)
})
