// Remote visits over the socket: links and when they open, one device each, who may say what to whom, the waiting room, and that
// nobody else gets in.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import http from 'node:http'
import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { PASSWORD, onPostgres, startServer, storeOf, tempDir } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { openByCode, staff as signedIn } from '../lib/people.mjs'
import { countyOfVisits, makeLink, sql } from '../lib/visits.mjs'

const STARTS = { now: 5, soon: 60, over: -60, crowd: -5, swept: -40 }
const PAGES = { a: 'a'.repeat(20), b: 'b'.repeat(20), c: 'c'.repeat(20) }

let county, server
const refs = {}
const visitors = []
const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
before(async () => {
    county = await countyOfVisits(Object.values(STARTS))
    Object.keys(STARTS).forEach((name, i) => { refs[name] = county.refs[i] })
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
})

const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)

const token = (page) => /name="_token" value="([^"]+)/.exec(page.text)[1]

// What the page's script knows, and how it speaks.
function seatOf(v) {
    const text = v.page.text
    const one = (name) => new RegExp(`data-${name}="([^"]*)"`).exec(text)?.[1]
    assert.ok(one('base'), `${v.page.path} (${v.page.status}) is no visit`)
    return { v, base: one('base'), token: one('token'), n: Number(one('me')) }
}
async function speak(seat, what, page, fields = {}) {
    const answer = await seat.v.post(`${seat.base}/${what}`, { token: seat.token, page, ...fields }, { follow: false })
    return { status: answer.status, ...(answer.text.startsWith('{') ? JSON.parse(answer.text) : {}) }
}
async function hears(seat, page, signal = 0, text = 0) {
    const answer = await seat.v.get(`${seat.base}/after?page=${page}&signal=${signal}&text=${text}`, { follow: false })
    return { status: answer.status, ...(answer.status === 404 ? { error: 'gone' } : JSON.parse(answer.text)) }
}
async function byLink(path, page) {
    const v = visitor()
    await v.get(path)
    await v.submit(/\/video\//)
    const seat = seatOf(v)
    assert.equal((await speak(seat, 'here', page, { join: '1' })).status, 200)
    return seat
}
async function leading(ref, page, as) {
    const worker = as ?? await staff('worker')
    await worker.get(`/en/staff/visit/${ref}`)
    await worker.submit(/\/join$/)
    const seat = seatOf(worker)
    assert.equal((await speak(seat, 'here', page, { join: '1' })).status, 200)
    return seat
}

test('a link says when it opens, and that it is over; reading it uses nothing up', async () => {
    const worker = await staff('worker')
    const soon = await makeLink(worker, refs.soon)
    const v = visitor()
    await v.get(soon)
    assert.equal(v.page.status, 200)
    says(v.page, 'This link opens')
    says(v.page, 'href="tel:')
    saysNot(v.page, 'Join on this device')
    const now = await makeLink(worker, refs.now)
    const refused = await v.post(soon, { _token: token(await visitor().get(now)) }, { follow: false })
    assert.equal(refused.status, 200, 'too early: the same page, and nothing else')
    assert.equal(v.jar.size, 0)
    await worker.get(`/en/staff/visit/${refs.over}`)
    says(worker.page, 'This visit is over')
    saysNot(worker.page, '/link"')
    for (let i = 0; i < 3; i++)
        says(await visitor().get(now), 'Join on this device')
    assert.equal((await visitor().get('/en/video/' + '0'.repeat(26))).status, 404)
    assert.equal((await visitor().get(now.slice(0, -1))).status, 404)
})

test('one device each: the same form again is the same device, another is told what to do, a new link kills the old', async () => {
    const worker = await staff('worker')
    const path = await makeLink(worker, refs.now)
    const first = visitor(), other = visitor()
    await first.get(path)
    const form = first.page.form(/\/video\//)
    const fields = Object.fromEntries(form.fields)
    await first.post(path, fields)
    const seat = seatOf(first)
    const again = visitor()
    await again.post(path, fields)
    assert.equal(seatOf(again).base, seat.base, 'a double click')
    await other.get(path)
    assert.equal(other.page.status, 410)
    says(other.page, 'used on another device')
    says(other.page, 'href="tel:')
    await other.post(path, { ...fields, once: 'another form of another' }, { follow: false })
    assert.equal(other.page.status, 410)
    await other.get(seat.base)
    assert.equal(other.page.status, 410)
    assert.equal((await hears({ v: other, base: seat.base }, PAGES.a)).error, 'gone')
    await first.get(path)
    assert.ok(first.page.path.startsWith('/en/visit/'), 'its own device comes back by the link')
    await speak(seat, 'here', PAGES.a, { join: '1' })
    const fresh = await makeLink(worker, refs.now)
    assert.equal((await hears(seat, PAGES.a)).error, 'gone')
    assert.equal((await visitor().get(path)).status, 410)
    says(await visitor().get(fresh), 'Join on this device')
})

test('the waiting room: seen by the professional alone; signals only between those who are in', async () => {
    const worker = await staff('worker')
    const resident = await byLink(await makeLink(worker, refs.now), PAGES.a)
    assert.deepEqual((await hears(resident, PAGES.a)).people.map((p) => p.n), [resident.n])
    await worker.get(`/en/staff/visit/${refs.now}`)
    says(worker.page, 'is waiting to be let in')
    const lead = await leading(refs.now, PAGES.b)
    const data = JSON.stringify([{ description: { type: 'offer', sdp: 'v=0' } }])
    const send = (from, page, to, more = {}) => speak(from, 'signal', page, { to, for: PAGES.a, once: `signal-${Math.random()}`.padEnd(20, 'x'), data, ...more })
    assert.equal((await send(lead, PAGES.b, resident.n)).error, 'apart')
    assert.equal((await speak(resident, 'let', PAGES.a, { to: resident.n })).status, 403, 'nobody lets themselves in')
    assert.equal((await speak(resident, 'say', PAGES.a, { text: 'Hello' })).error, 'apart')
    assert.equal((await speak(lead, 'let', PAGES.b, { to: resident.n })).status, 200)
    assert.equal((await hears(resident, PAGES.a)).state, 'in')
    assert.equal((await send(lead, PAGES.b, resident.n)).status, 200)
    const got = (await hears(resident, PAGES.a)).signals
    assert.deepEqual(got.map((s) => [s.from, s.page, s.data]), [[lead.n, PAGES.b, JSON.parse(data)]])
    assert.equal((await hears(resident, PAGES.a, got[0].n)).signals.length, 0)
    assert.equal((await hears(lead, PAGES.b)).signals.length, 0)
    const once = 'once-for-all-signals'
    await send(lead, PAGES.b, resident.n, { once })
    await send(lead, PAGES.b, resident.n, { once })
    assert.equal((await hears(resident, PAGES.a, got[0].n)).signals.length, 1, 'sent twice is once')
    await send(lead, PAGES.b, resident.n, { for: PAGES.c })
    assert.equal((await hears(resident, PAGES.a, got[0].n + 1)).signals.length, 0, 'to a page that is not there')
    assert.equal((await send(lead, PAGES.b, resident.n, { data: JSON.stringify(['x'.repeat(17_000)]) })).status, 413)
    assert.equal((await send(lead, PAGES.b, resident.n, { data: 'no json' })).status, 400)
    assert.equal((await send(lead, PAGES.b, 99)).error, 'apart')

    assert.equal((await speak(resident, 'say', PAGES.a, { text: 'Hei <b>', once: 'text-number-one-of-it' })).status, 200)
    await speak(resident, 'say', PAGES.a, { text: 'Hei <b>', once: 'text-number-one-of-it' })
    const texts = (await hears(lead, PAGES.b)).texts
    assert.deepEqual(texts.map((t) => [t.name, t.text, t.own]), [['Maija Meikäläinen', 'Hei <b>', false]])
    assert.equal((await speak(resident, 'say', PAGES.a, { text: 'x'.repeat(1001) })).status, 422)

    assert.equal((await speak(resident, 'here', PAGES.c, { join: '1' })).status, 200)
    assert.equal((await hears(resident, PAGES.a)).error, 'elsewhere', 'a page loaded later takes over')
    assert.equal((await hears(resident, PAGES.c)).signals.length, 0)
    assert.equal((await hears(lead, PAGES.b)).people.find((p) => p.n === resident.n).page, PAGES.c)
    assert.equal((await speak(lead, 'end', PAGES.b, { to: lead.n })).status, 200)
    assert.equal((await speak(resident, 'here', PAGES.c, { join: '1' })).error, 'ended')
})

test('strangers: no cookie, a forged one, another seat\'s, no token, another site', async () => {
    const worker = await staff('worker')
    const resident = await byLink(await makeLink(worker, refs.crowd), PAGES.a)
    const stranger = visitor()
    for (const what of ['here', 'leave', 'signal', 'say', 'let', 'remove', 'end']) {
        const fields = { token: resident.token, page: PAGES.a, to: '1', for: PAGES.a, data: '[]', text: 'Hello', join: '1' }
        assert.equal((await stranger.post(`${resident.base}/${what}`, fields, { follow: false })).status, 404, what)
        const forged = await stranger.post(`${resident.base}/${what}`, fields, { follow: false, headers: { Cookie: `visit-${resident.base.split('/').pop()}=${'0'.repeat(26)}` } })
        assert.equal(forged.status, 404, what)
        const noToken = await resident.v.post(`${resident.base}/${what}`, { ...fields, token: 'x' }, { follow: false })
        assert.ok([403].includes(noToken.status), `${what} without a token: ${noToken.status}`)
        const abroad = await resident.v.post(`${resident.base}/${what}`, fields, { follow: false, headers: { 'Sec-Fetch-Site': 'cross-site' } })
        assert.equal(abroad.status, 403, what)
    }
    assert.equal((await hears(resident, PAGES.a)).state, 'waiting', 'nothing of it was done')
    assert.equal((await stranger.get(`${resident.base}/live`, { follow: false })).status, 404)
    assert.equal((await stranger.get(`/en/staff/visit/${refs.now}`, { follow: false })).status, 303)
    const other = await staff('other')
    for (const act of ['', '/stream'])
        assert.equal((await other.get(`/en/staff/visit/${refs.now}${act}`)).status, 404)
})

test('four fit in; a fifth waits; who is removed is out', async () => {
    const worker = await staff('worker')
    const lead = await leading(refs.crowd, PAGES.b)
    const seats = []
    for (const [who, name] of [['resident', ''], ['family', 'Matti'], ['interpreter', 'Tuija'], ['colleague', 'Kalle']])
        seats.push(await byLink(await makeLink(worker, refs.crowd, who, name), PAGES.c))
    for (const s of seats.slice(0, 3))
        assert.equal((await speak(lead, 'let', PAGES.b, { to: s.n })).status, 200)
    assert.equal((await speak(lead, 'let', PAGES.b, { to: seats[3].n })).error, 'full')
    assert.deepEqual((await hears(seats[0], PAGES.c)).people.map((p) => p.name).sort(), ['Maija Meikäläinen', 'Matti', 'Tuija', 'Veikko Worker'])
    assert.equal((await speak(lead, 'remove', PAGES.b, { to: seats[1].n })).status, 200)
    assert.equal((await hears(seats[1], PAGES.c)).error, 'gone')
    assert.equal((await speak(lead, 'let', PAGES.b, { to: seats[3].n })).status, 200)
})

test('the receipt code opens it too, and takes the seat along to that device; each look of a professional is logged', async () => {
    const resident = visitor()
    await openByCode(resident, county.code)
        await resident.post(`/en/status/visit/${refs.now}`, { _token: token(resident.page), once: 'a form of the status page' })
    const seat = seatOf(resident)
    await speak(seat, 'here', PAGES.a, { join: '1' })
    const phone = visitor()
    await openByCode(phone, county.code)
    await phone.post(`/en/status/visit/${refs.now}`, { _token: token(phone.page), once: 'another form of the page' })
    assert.equal(seatOf(phone).base, seat.base)
    assert.equal((await hears(seat, PAGES.a)).error, 'gone')
    assert.equal((await phone.post('/en/status/visit/0000000000000', { _token: 'x' }, { follow: false })).status, 403)
    await openByCode(resident, county.code)
    says(resident.page, 'Veikko Worker')
})

test('camera and microphone are allowed on these pages alone; without scripts the number stands there', async () => {
    const v = visitor()
    const check = await v.get('/en/video-check')
    assert.match(check.headers['permissions-policy'], /camera=\(self\), microphone=\(self\)/)
    assert.match((await v.get('/en/status')).headers['permissions-policy'], /camera=\(\)/)
    says(check, '<noscript>')
    says(check, 'Nothing is recorded')
})

// Calls back at each event of the seat's stream.
function listens(seat, heard) {
    const u = new URL(`${seat.base}/live`, seat.v.base)
    return new Promise((resolve, reject) => {
        const req = http.get(u, { headers: { Cookie: seat.v.cookie } }, (res) => {
            res.on('data', (d) => /event: change/.test(d) && heard())
            res.on('error', () => {})
            resolve(req)
        })
        req.on('error', reject)
    })
}

onPostgres('on two servers: what is said at one is heard at the other', async (t) => {
    const beside = tempDir()
    copyFileSync(path.join(county.data, 'key'), path.join(beside, 'key'))
    const second = await startServer({ data: beside, args: ['--contacts', '0'], env: { ASIALLA_STORE: storeOf(county.data) } })
    t.after(() => second.stop())
    const worker = await staff('worker'), lead = await leading(refs.now, PAGES.b)
    const link = await makeLink(worker, refs.now)
    const v = new Visitor(second)
    await v.get(link)
    await v.submit(/\/video\//)
    const resident = seatOf(v)
    await speak(resident, 'here', PAGES.a, { join: '1' })
    assert.equal((await speak(lead, 'let', PAGES.b, { to: resident.n })).status, 200)
    let heard = 0
    const stream = await listens(resident, () => heard++)
    await speak(lead, 'signal', PAGES.b, { to: resident.n, for: PAGES.a, data: '[{"candidate":"x"}]' })
    await eventually('the stream to tell', () => heard)
    stream.destroy()
    v.close()
    assert.deepEqual((await hears(resident, PAGES.a)).signals.map((s) => s.data), [[{ candidate: 'x' }]])
})

const eventually = async (what, look) => {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((r) => setTimeout(r, 100)))
        if (await look())
            return
    assert.fail(`waited in vain for ${what}`)
}
async function isOut(lead, page, what) {
    assert.equal((await hears(lead, page)).error, 'gone', what)
    for (const act of ['here', 'say', 'end'])
        assert.equal((await speak(lead, act, page, { text: 'Hello', to: lead.n, join: '1' })).status, 404, `${what}: ${act}`)
    assert.equal((await lead.v.get(`${lead.base}/live`, { follow: false })).status, 404, what)
    const room = await lead.v.get(lead.base, { follow: false })
    assert.deepEqual([room.status, room.headers.location], [303, `/en/staff/visit/${refs.now}`], what)
}

test('a professional who signs out, is removed or loses sight of the matter loses the seat at once; the resident keeps theirs', async () => {
    const signs = async () => {
        const v = visitor()
        await v.signIn('worker', PASSWORD)
        return v
    }
    const lead = await leading(refs.now, PAGES.b, await signs())
    const resident = await byLink(await makeLink(lead.v, refs.now), PAGES.a)
    assert.equal((await speak(lead, 'let', PAGES.b, { to: resident.n })).status, 200)
    const there = async () => (await hears(resident, PAGES.a)).people.some((p) => p.n === lead.n)
    assert.ok(await there())
    let heard = 0
    const stream = await listens(lead, () => heard++)
    await lead.v.get('/en/staff')
    await lead.v.submit(/\/staff\/sign-out$/)
    await isOut(lead, PAGES.b, 'signed out')
    await eventually('the others to see it', async () => !await there())
    await eventually('their own page to be told', () => heard)
    stream.destroy()
    assert.deepEqual([(await hears(resident, PAGES.a)).state, (await speak(resident, 'here', PAGES.a)).status], ['in', 200])

    // signed in again in the same browser, with its old cookie: the button is pressed again
    const again = await signs()
    again.jar.set(...[...lead.v.jar].find(([name]) => name.startsWith('visit-')))
    await isOut({ ...lead, v: again }, PAGES.b, 'another sign-in')
    const anew = await leading(refs.now, PAGES.b, again), colleague = await leading(refs.now, PAGES.c, await staff('head'))
    await server.stop()
    sql(county.data, "UPDATE staff SET active = 0 WHERE login = 'worker'; DELETE FROM team_member WHERE staff = (SELECT id FROM staff WHERE login = 'head');")
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
    for (const v of [anew.v, colleague.v, resident.v])
        v.base = server.url
    await isOut(anew, PAGES.b, 'removed')
    await isOut(colleague, PAGES.c, 'of no team')
    await eventually('nobody else to be there', async () => (await hears(resident, PAGES.a)).people.length === 1)
    await server.stop()
    sql(county.data, "UPDATE staff SET active = 1 WHERE login = 'worker'")
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})

test('a room that is over goes with everything in it', async () => {
    const worker = await staff('worker')
    const seat = await byLink(await makeLink(worker, refs.swept), PAGES.a)
    await server.stop()
    const before = Date.now() - 24 * 60 * 60_000
    sql(county.data, `UPDATE appointment SET start_at = ${before}, end_at = ${before + 1000} WHERE ref = '${refs.swept}';
        UPDATE remote_room SET dies_at = ${before} WHERE appointment = (SELECT id FROM appointment WHERE ref = '${refs.swept}');`)
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
    const left = () => sql(county.data, `SELECT count(*) FROM remote_seat s JOIN appointment p ON p.id = s.appointment WHERE p.ref = '${refs.swept}'`)
    for (let i = 1; ; i++) { // SQLite's file is not read while it is served
        await new Promise((r) => setTimeout(r, 2500 * i))
        await server.stop()
        if (Number(left()) === 0)
            break
        assert.ok(i < 5, 'seats of a room that is over are still there')
        server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
    }
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
    assert.equal((await new Visitor(server).get(seat.base)).status, 404)
})
