// The day's work with booked times over the socket: the professional's day and week, arriving at a kiosk, calling in, screens
// with wrong and revoked keys, the record of a visit and the clock that it stops, the private calendar, T3 beside a count of
// one's own, who sees whose time and that it is logged.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import http from 'node:http'
import { asialla, bareCounty, PASSWORD, startServer, writeTemp } from '../lib/server.mjs'
import { request, sleep, Visitor } from '../lib/client.mjs'
import { act as actOn, findMatter, makeContact, openByCode, openMatter, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
const day = (n) => new Date(Date.now() + n * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' })
const calendar = (ref, login, place, time, from) => ({
    ref, kind: 'person', login, team: 'nurse-south', place, languages: ['fi', 'en'], types: ['nurse-visit', 'nurse-remote'],
    plan: { rules: [{ from, weekdays: DAYS, holidays: true, time, modes: ['on-site', 'remote'] }] },
})
const place = (ref, name) => ({ ref, name: { fi: name, sv: name, en: name }, area: 'tikkurila' })
// In the ward times at any hour of any day, so that the test may run at any; in the annex two a day, from some day on.
const ANNEX = { 'annex-1': 10, 'annex-2': 20, 'annex-3': 365 }
const CALENDARS = {
    source: 'A test.',
    places: [place('ward', 'Ward'), place('annex', 'Annex')],
    calendars: [calendar('person-nurse', 'nurse', 'ward', '00:00-24:00', '2025-01-01'), calendar('day-nurse2', 'nurse2', 'ward', '00:00-24:00', '2025-01-01'),
        ...Object.entries(ANNEX).map(([ref, n]) => calendar(ref, 'nurse2', 'annex', '08:00-09:00', day(n)))],
}

let server
const visitors = []
before(async () => {
    const data = bareCounty()
    for (const [words, input] of [
        [['user', 'add', '--login', 'nurse2', '--name', 'Nina Nurse', '--role', 'head', '--team', 'nurse-south', '--profession', 'nurse'], PASSWORD + '\n'],
        [['import', 'calendars', writeTemp('calendars.json', JSON.stringify(CALENDARS))], '']]) {
        const r = asialla([...words, '--data', data], { input })
        assert.equal(r.status, 0, r.err)
    }
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const pressed = (v, value) => (f) => f.controls.some((c) => c.name === 'act' && c.value === value) && f.fields.some(([n, x]) => n === 'time' && x === v)

let people = 0
// Somebody with a health matter, taken and assessed by the nurse, and a time with her today or when the next is free.
async function booked({ login = 'nurse', type = 'nurse-visit', assessed = true } = {}) {
    const nurse = await staff(login), resident = visitor()
    const name = `Pirkko Person${++people}`
    const code = await makeContact(resident, { form: 'health', answers: { 'd.name': name, 'd.reach': 'call', 'd.phone': '040 123 4567' } })
    const ref = await findMatter(nurse, resident, code)
    await openMatter(nurse, ref)
    await actOn(nurse, 'taken')
    if (assessed) {
        await openMatter(nurse, ref)
        await actOn(nurse, 'assessed', { reason: 'health-new-problem', urgency: 'week', profession: 'nurse' })
        assert.equal(nurse.page.status, 200)
    }
    let slot, time
    for (let i = 0; i < 50 && !time; i++) { // the first of the page may have been taken a moment ago, or be over
        await nurse.get(`/en/staff/matter/${ref}/time?type=${type}`)
        const slots = nurse.page.form((f) => f.method === 'POST' && f.buttons.some(([n]) => n === 'slot'))
        slot = slots.buttons.find(([n, v]) => n === 'slot' && v.startsWith('person-nurse.'))
        await nurse.submit((f) => f.html === slots.html, {}, { button: slot })
        time = /\/staff\/time\/([^/?]+)/.exec(nurse.page.path)?.[1]
    }
    assert.ok(time, `${nurse.page.path} (${nurse.page.status}): ${nurse.page.title}`)
    await openMatter(nurse, ref)
    const clocks = running(clocksOf(nurse.page))
    const start = Number(slot[1].split('.')[1]) * 60_000
    const list = `/en/staff/my-day?calendar=person-nurse&date=${new Date(start).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' })}`
    return { nurse, resident, code, ref, time, name, start, clocks, day: list }
}

// The matter's time limits as its page tells them: [[state, words]], without the hour.
const clocksOf = (page) => [.../<ul class="clocks"[^>]*>([^]*?)<\/ul>/.exec(page.text)[1].matchAll(/class="clock clock--(\w+)"[^]*?<small>([^<]*)/g)].map((m) => [m[1], m[2]])
const running = (clocks) => clocks.filter(([state]) => ['over', 'today', 'time'].includes(state)).map(([, words]) => words).sort()

// What happens on a stream: waits for the next change, told.
function listen(v, path) {
    let changed
    const next = () => new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`nothing on ${path}`)), 60_000)
        changed = () => { clearTimeout(timer); resolve() }
    })
    const req = http.get(server.url + path, { headers: { Cookie: v.cookie } })
    const ready = new Promise((resolve) => req.on('response', (res) => {
        assert.equal(res.statusCode, 200)
        res.on('data', (d) => { if (/event: change/.test(d)) changed?.() })
        res.on('error', () => {})
        resolve()
    }))
    req.on('error', () => {})
    return { ready, next, close: () => req.destroy() }
}
const isToday = (t) => new Date(t).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' }) ===
    new Date().toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' })
const ticketOf = (page, time) => new RegExp(`id="t-${time}"[^]*?<b>([A-Z0-9]+)</b>`).exec(page.text)?.[1]

// An address of a screen, as the unit's head makes it.
async function screen(head, kind, place = 'ward') {
    await head.get('/en/staff/screens')
    await head.submit((f) => f.method === 'POST' && f.buttons.some(([n, v]) => n === 'act' && v === 'make'), { kind, place }, { button: ['act', 'make'] })
    assert.equal(head.page.status, 200)
    return new URL(/id="address">([^<]+)</.exec(head.page.text)[1]).pathname
}
const type = async (path, ticket) => {
    const v = visitor()
    await v.get(path)
    return v.submit(/\/kiosk\//, { ticket }, { button: ['go', '1'] })
}

test('a day: who comes, with whom and when; names only with sight, and each look is logged', async () => {
    const b = await booked()
    await b.nurse.get(b.day)
    assert.equal(b.nurse.page.status, 200)
    assertStrict(b.nurse.page, 'my day')
    says(b.nurse.page, b.name)
    says(b.nurse.page, `/en/staff/matter/${b.ref}`)
    says(b.nurse.page, '>Free<')
    assert.match(ticketOf(b.nurse.page, b.time), /^[A-Z]\d{3}$/)
    const looks = async () => {
        await openByCode(b.resident, b.code)
        return (b.resident.page.text.match(/Noora Nurse/g) ?? []).length
    }
    assert.ok(await looks() > 0, 'the resident is told who has looked')
    const head = await staff('nurse2')
    await head.get(b.day)
    says(head.page, b.name)
    await openByCode(b.resident, b.code)
    says(b.resident.page, 'Nina Nurse')
    await b.nurse.get(b.day.replace('my-day', 'my-week') + '&lists=1')
    assertStrict(b.nurse.page, 'my week')
    says(b.nurse.page, b.name)
    await b.nurse.get(b.day.replace('my-day', 'my-week'))
    saysNot(b.nurse.page, b.name)
    for (const [login, path] of [['other', b.day], ['other', b.day.replace('my-day', 'my-week')], ['nurse', '/en/staff/my-day?calendar=person-worker'],
        ['nurse', '/en/staff/my-day?calendar=none'], ['other', `/en/staff/record/${b.time}`], ['other', b.day.replace('my-day?', 'my-day/stream?')],
        ['other', '/en/staff/arrivals?place=ward'], ['other', '/en/staff/arrivals/stream?place=ward']])
        assert.equal((await (await staff(login)).get(path, { follow: false })).status, 404, `${login} ${path}`)
    const other = await staff('other')
    for (const path of ['/en/staff/my-day', '/en/staff/arrivals']) {
        await other.get(path)
        const _token = other.page.token
        assert.equal((await other.post(path, { _token, time: b.time, act: 'arrived', place: 'ward' }, { follow: false })).status, 404)
        assert.equal((await other.post(path, { time: b.time, act: 'arrived', place: 'ward' }, { follow: false })).status, 403)
    }
    await b.nurse.get(b.day)
    assert.equal((await b.nurse.post('/en/staff/my-day', { _token: b.nurse.page.token, time: b.time, act: 'fulfilled' }, { follow: false })).status, 400)
})

test('arriving at the kiosk, called in, begun, recorded: the clock of care stops by the visit, and by nothing before', async (t) => {
    const b = await booked()
    const head = await staff('nurse2')
    const kiosk = await screen(head, '0'), calls = await screen(head, '1')
    await b.nurse.get(b.day)
    const ticket = ticketOf(b.nurse.page, b.time)
    const wall = visitor()
    await wall.get(calls)
    says(wall.page, 'data-live=')
    assertStrict(wall.page, 'calls', { own: true })
    assert.match(wall.page.headers.refresh, /^30; url=\/fi\/calls\//)
    await wall.get(calls + '?s=1')
    assert.equal(wall.page.headers.refresh, undefined, 'screen.js does it')
    says(wall.page, `data-after="30" data-to="${calls}"`)
    for (const wrong of [kiosk.slice(0, -1), kiosk.slice(0, -1) + (kiosk.endsWith('0') ? '1' : '0'), kiosk.replace('kiosk', 'calls'), calls.replace('calls', 'kiosk'), calls.slice(0, -2) + '/stream'])
        assert.equal((await visitor().get(wrong)).status, 404, wrong)
    const unknown = await type(kiosk, 'Z999')
    says(unknown, 'ei ole tämän toimipisteen numero')
    if (!isToday(b.start) || !isToday(Date.now() + 5 * 60_000))
        return t.skip('there is no time today any more')
    // Without scripts, key by key, in English.
    const keys = visitor()
    await keys.get(kiosk.replace('/fi/', '/en/'))
    assertStrict(keys.page, 'kiosk', { own: true })
    const live = listen(b.nurse, b.day.replace('my-day?', 'my-day/stream?')), hall = listen(wall, `${calls}/stream`)
    await Promise.all([live.ready, hall.ready])
    const arrives = live.next()
    for (const c of ticket)
        await keys.submit(/\/kiosk\//, {}, { button: ['press', c] })
    await keys.submit(/\/kiosk\//, {}, { button: ['press', '7'] })
    await keys.submit(/\/kiosk\//, {}, { button: ['press', 'back'] })
    await keys.submit(/\/kiosk\//, {}, { button: ['go', '1'] })
    says(keys.page, `called by the number ${ticket}`)
    await arrives
    live.close()
    assert.match(keys.page.headers.refresh, /^15; url=\/fi\/kiosk\//)
    for (const hidden of [b.name, 'Nurse', 'Noora', 'appointment', b.ref, b.time])
        saysNot(keys.page, hidden)
    const again = await type(kiosk.replace('/fi/', '/en/'), ` ${ticket.toLowerCase()} `)
    says(again, `called by the number ${ticket}`)
    await b.nurse.get(b.day)
    says(b.nurse.page, 'has waited 0 minutes')
    assert.match(b.nurse.page.text, /My day <span class="tag tag--new">1</)
    const called = hall.next()
    await b.nurse.submit(pressed(b.time, 'called'), { to: 'Room <2>' }, { button: ['act', 'called'] })
    await called
    hall.close()
    says(b.nurse.page, 'called to Room &lt;2&gt;')
    await wall.get(calls.replace('/fi/', '/en/'))
    says(wall.page, `<b>${ticket}</b>`)
    says(wall.page, 'Room &lt;2&gt;')
    saysNot(wall.page, b.name)
    says(await type(kiosk.replace('/fi/', '/en/'), ticket), 'You have been called')
    await b.nurse.submit(pressed(b.time, 'started'), {}, { button: ['act', 'started'] })
    await openMatter(b.nurse, b.ref)
    const before = running(clocksOf(b.nurse.page))
    assert.deepEqual(before, b.clocks, 'arriving, being called in and beginning stop nothing')
    await b.nurse.get(`/en/staff/record/${b.time}`)
    assertStrict(b.nurse.page, 'the record')
    await b.nurse.submit(/\/record\//, { text: '', next: '' })
    assert.equal(b.nurse.page.status, 422)
    await b.nurse.submit(/\/record\//, { text: 'We looked at the knee.', next: '' })
    assert.equal(b.nurse.page.status, 422)
    says(b.nurse.page, 'We looked at the knee.')
    await b.nurse.submit(/\/record\//, { text: 'We looked at the knee.', next: 'We call you in two weeks.', assessment: '999999' })
    assert.equal(b.nurse.page.status, 422)
    await b.nurse.get(`/en/staff/record/${b.time}`)
    const form = b.nurse.page.form(/\/record\//)
    const sent = { ...Object.fromEntries(form.fields), text: 'We looked at the knee.', next: 'We call you in two weeks.' }
    const twice = await Promise.all([1, 2].map(() => visitor({ headers: { Cookie: b.nurse.cookie } }).post(form.action, sent, { follow: false })))
    assert.deepEqual(twice.map((r) => r.status), [303, 303], 'sent twice, done once')
    await b.nurse.get(twice[0].headers.location)
    assert.equal(b.nurse.page.status, 200)
    says(b.nurse.page, 'The visit is recorded.')
    says(b.nurse.page, 'Took place')
    await openMatter(b.nurse, b.ref)
    says(b.nurse.page, 'Care given')
    assert.ok(before.includes('Access to care') && !running(clocksOf(b.nurse.page)).includes('Access to care'), 'the clock of care')
    await openByCode(b.resident, b.code)
    assert.equal(b.resident.page.text.split('We looked at the knee.').length - 1, 1)
    says(await type(kiosk.replace('/fi/', '/en/'), ticket), 'Please go to the desk')
    // Revoked: as if it had never been.
    await head.get('/en/staff/screens')
    await head.submit((f) => f.buttons.some(([n, v]) => n === 'act' && v === 'revoke'), {}, { button: ['act', 'revoke'] })
    await head.submit((f) => f.buttons.some(([n, v]) => n === 'act' && v === 'revoke'), {}, { button: ['act', 'revoke'] })
    for (const path of [kiosk, calls, `${calls}/stream`])
        assert.equal((await visitor().get(path)).status, 404)
    assert.equal((await type2(kiosk, ticket)).status, 404)
})
const type2 = (path, ticket) => visitor().post(path, { ticket, go: '1' }, { follow: false })

test('a visit without an assessment: that there is none is chosen on purpose', async (t) => {
    const b = await booked({ assessed: false })
    if (!isToday(b.start))
        return t.skip('there is no time today any more')
    await b.nurse.get(b.day)
    await b.nurse.submit(pressed(b.time, 'started'), {}, { button: ['act', 'started'] })
    await b.nurse.get(`/en/staff/record/${b.time}`)
    await b.nurse.submit(/\/record\//, { text: 'We talked.', next: 'Nothing more.' })
    assert.equal(b.nurse.page.status, 422)
    says(b.nurse.page, 'Choose the assessment')
    await b.nurse.submit(/\/record\//, { assessment: 'none', then: 'close' })
    assert.equal(b.nurse.page.status, 200)
    assert.match(b.nurse.page.path, new RegExp(`/staff/matter/${b.ref}`))
})

test('wrong numbers shut a kiosk for a while, and no other', async () => {
    const head = await staff('nurse2')
    const kiosk = (await screen(head, '0')).replace('/fi/', '/en/'), other = (await screen(head, '0')).replace('/fi/', '/en/')
    const said = []
    for (let i = 0; i < 14; i++)
        said.push(/<h1>([^<]+)/.exec((await type2(kiosk, `Q${100 + i}`)).text)[1])
    assert.deepEqual([...new Set(said)], ['The number was not found', 'Please go to the desk'])
    assert.equal(said.filter((x) => x === 'The number was not found').length, 12)
    says(await type2(other, 'Q100'), 'was not found')
    await head.get('/en/staff/screens')
    assertStrict(head.page, 'screens')
    for (const [login, status] of [['nurse', 403], ['head', 404]]) {
        const v = await staff(login)
        await v.get('/en/staff/my-day')
        const id = /name="screen" value="(\d+)"/.exec(head.page.text)[1]
        assert.equal((await v.post('/en/staff/screens', { _token: v.page.token, act: 'revoke', screen: id }, { follow: false })).status, status)
    }
})

test('the desk of the unit: found by number or name, marked as arrived', async (t) => {
    const b = await booked()
    const head = await staff('nurse2')
    if (!isToday(b.start))
        return t.skip('there is no time today any more')
    await head.get('/en/staff/arrivals?place=ward')
    assertStrict(head.page, 'arrivals')
    const ticket = ticketOf(head.page, b.time)
    await head.get(`/en/staff/arrivals?place=ward&q=${ticket.toLowerCase()}`)
    says(head.page, b.name)
    await head.get(`/en/staff/arrivals?place=ward&q=${b.name.slice(2).toUpperCase()}`)
    says(head.page, ticket)
    await head.submit((f) => f.fields.some(([n, v]) => n === 'time' && v === b.time))
    says(head.page, 'Marked as arrived.')
    const p = await head.post('/en/staff/arrivals', { _token: head.page.token, time: b.time, place: 'ward' })
    says(p, 'This was not done')
    await b.nurse.get(b.day)
    await b.nurse.submit(pressed(b.time, 'undone'), {}, { button: ['act', 'undone'] })
    says(b.nurse.page, 'Undone.')
})

test('the private calendar: when and where, never who or what for; ended, it is as if it had never been', async () => {
    const b = await booked()
    await b.nurse.get('/en/staff/feed')
    assertStrict(b.nurse.page, 'feed')
    await b.nurse.submit(/\/feed$/, {}, { button: ['act', 'make'] })
    const path = new URL(/id="address">([^<]+)</.exec(b.nurse.page.text)[1]).pathname
    await b.nurse.get('/en/staff/feed')
    saysNot(b.nurse.page, path)
    const read = (headers = {}) => request(server.url + path, { headers })
    const feed = await read()
    assert.equal(feed.status, 200)
    assert.match(feed.headers['content-type'], /^text\/calendar/)
    const text = feed.text.replace(/\r\n /g, '')
    assert.match(text, new RegExp(`UID:${b.time}@`))
    assert.match(text, new RegExp(`DTSTART:${new Date(b.start).toISOString().replace(/[-:]/g, '').replace('.000', '')}`))
    assert.match(text, /SUMMARY:Booked time/)
    for (const hidden of [b.name, 'Pirkko', '123 4567', '1234567', 'knee', 'appointment', 'health'])
        assert.ok(!text.toLowerCase().includes(hidden.toLowerCase()), hidden)
    assert.equal((await read({ 'If-None-Match': feed.headers.etag })).status, 304)
    await b.nurse.get(`/en/staff/time/${b.time}`)
    const reason = (await b.nurse.page.form((f) => f.buttons.some(([n, v]) => n === 'act' && v === 'cancelled'))).html.match(/<option value="([^"]+)"/g).map((x) => x.slice(15, -1)).find(Boolean)
    await b.nurse.submit((f) => f.buttons.some(([n, v]) => n === 'act' && v === 'cancelled'), { reason }, { button: ['act', 'cancelled'] })
    const after = await read({ 'If-None-Match': feed.headers.etag })
    assert.equal(after.status, 200)
    assert.match(after.text.replace(/\r\n /g, ''), new RegExp(`UID:${b.time}@[^]*?STATUS:CANCELLED`))
    await b.nurse.get('/en/staff/feed')
    await b.nurse.submit(/\/feed$/, {}, { button: ['act', 'make'] })
    assert.equal((await read()).status, 404, 'a new address ends the old one')
    const fresh = new URL(/id="address">([^<]+)</.exec(b.nurse.page.text)[1]).pathname
    await b.nurse.submit(/\/feed$/, {}, { button: ['act', 'revoke'] })
    assert.equal((await request(server.url + fresh)).status, 404)
    assert.equal((await request(server.url + '/en/feed/' + '0'.repeat(26) + '.ics')).status, 404)
})

test('T3 is what a count of one\'s own says', async () => {
    const v = await staff('nurse')
    await v.get('/en/staff/t3')
    assert.equal(v.page.status, 200)
    assertStrict(v.page, 't3')
    for (let tries = 0; ; tries++) // of what was booked a moment ago one may have heard, and not the other
        try {
            return await sameAsCounted(v)
        } catch (e) {
            if (tries === 50)
                throw e
            await sleep(200)
        }
})
async function sameAsCounted(v) {
    const csv = await v.get('/en/staff/t3/csv')
    const rows = csv.text.trim().split('\r\n').slice(1).map((x) => JSON.parse(`[${x}]`))
    // The third time of each calendar that could be given to anybody, asked as any program asks; 182 where there is none.
    const days = { ward: [], annex: [] }
    for (const [unit, calendars] of [['ward', ['person-nurse', 'day-nurse2']], ['annex', Object.keys(ANNEX)]]) {
        const r = await request(`${server.url}/slots.json?type=nurse-visit&place=${unit}&limit=200`)
        assert.equal(r.status, 200, r.text)
        const { slots } = JSON.parse(r.text)
        for (const c of calendars) {
            const third = slots.filter((s) => s.calendar === c).map((s) => Date.parse(s.start)).sort((a, b) => a - b)[2]
            days[unit].push(third ? dayOf(third) - dayOf(Date.now()) : 182)
        }
    }
    assert.deepEqual(days.annex, [11, 21, 182])
    for (const [unit, list] of Object.entries(days)) {
        const sorted = list.sort((a, b) => a - b), n = sorted.length
        const median = n % 2 ? sorted[(n - 1) / 2] : Math.ceil((sorted[n / 2 - 1] + sorted[n / 2]) / 2)
        const row = rows.find((x) => x[1] === unit)
        assert.deepEqual([row[3], Number(row[4]), Number(row[5])], ['nurse', median, n], csv.text)
    }
}
const dayOf = (t) => Math.round(Date.parse(new Date(t).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' })) / 86_400_000)
