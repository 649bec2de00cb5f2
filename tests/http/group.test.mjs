// Groups over the socket: taken in from a file, led by their team, signed up for by residents without signing in; thirty who
// race for five places; a place that becomes free; a session that is cancelled; calendar files; who came.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import path from 'node:path'
import ICAL from 'ical.js'
import { asialla, bareCounty, root, startServer, storeText, writeTemp } from '../lib/server.mjs'
import { Visitor, insist } from '../lib/client.mjs'
import { codeOf, findMatter, makeContact, openMatter, staff as signedIn, openByCode } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'
import { sql } from '../lib/visits.mjs'

const FILE = path.join(root, 'data', 'county', 'groups.json')
let server, data
const visitors = []
before(async () => {
    data = bareCounty()
    const r = asialla(['import', 'groups', '--data', data, FILE])
    assert.equal(r.status, 0, r.err)
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const sign = /\/groups\/[\w-]+$/
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

// A new group of `guidance` with that many places, led by `w`; its ref.
async function newGroup(w, name, { places = '2', waiting = '5', names = 'may', whole = '1', sessions = '1', offerHours = '24' } = {}) {
    await w.get('/en/staff/groups/new')
    const texts = Object.fromEntries(['fi', 'sv', 'en'].flatMap((l) => [['name.' + l, name], ['text.' + l, 'Tell us, <b>all</b>.'], ['place.' + l, 'Room 1']]))
    await w.submit(/groups\/new$/, { ...texts, places, waiting, offerHours, names, whole })
    const ref = /\/staff\/group\/([\w-]+)/.exec(w.page.path)[1]
    await act(w, ref, 'add', { first: day(20), minute: '13:00', minutes: '90', n: sessions, every: '1' })
    await act(w, ref, 'state', { state: 'open' })
    return ref
}
async function act(w, ref, kind, values = {}) {
    await w.get(`/en/staff/group/${ref}`)
    const offers = (f) => f.action === `/en/staff/group/${ref}` && f.fields.some(([n, v]) => n === 'act' && v === kind)
    return w.submit(offers, values)
}
async function signUp(ref, values = {}, lang = 'en') {
    const v = visitor({ lang })
    await v.get(`/${lang}/groups/${ref}`)
    await v.submit(sign, values)
    return v
}
async function mine(code, values) {
    const v = visitor()
    await v.post('/en/groups/mine', { code, ...values })
    return v
}

test('what is wrong in a file is named, and nothing is changed', () => {
    const bad = writeTemp('groups.json', '{"groups": [{"ref": "x y"}]}')
    const r = asialla(['import', 'groups', '--data', bareCounty(), bad])
    assert.equal(r.status, 1)
    assert.match(r.err, /groups\[0\]\.ref: small letters.* Nothing was changed/)
})

test('the list in three languages, narrowed, and a page of each group', async () => {
    const v = visitor()
    for (const [lang, word] of [['fi', 'Kivunhallintaryhmä'], ['sv', 'Sorgegrupp'], ['en', 'Remote group on stress']]) {
        await v.get(`/${lang}/groups`)
        says(v.page, word)
        assertStrict(v.page, 'the list of groups')
    }
    await v.get('/en/groups?where=remote')
    says(v.page, 'Remote group on stress')
    saysNot(v.page, 'Pain management')
    await v.get('/en/groups?price=free&speaks=en')
    says(v.page, 'Evening for parents-to-be')
    saysNot(v.page, 'swimming bath')
    await v.get('/en/groups?area=hakunila&speaks=sv')
    says(v.page, 'chair exercise')
    saysNot(v.page, 'Pain management')
    for (const ref of ['pain-management', 'parents-evening', 'bereavement']) {
        await v.get(`/en/groups/${ref}`)
        assert.equal(v.page.status, 200)
        assertStrict(v.page, ref)
    }
    saysNot(v.page, 'name="name"') // bereavement: nobody's name is asked for
    await v.get('/en/groups/no-such-group')
    assert.equal(v.page.status, 404)
})

test('signed up, opened by the code, a form sent twice is one, cancelled; the code is in no store and no log', async () => {
    const v = visitor()
    await v.get('/en/groups/pain-management')
    await v.submit(sign, { phone: '040 123 4567' })
    assert.equal(v.page.status, 422)
    says(v.page, 'Write your name.')
    const values = { ...Object.fromEntries(v.page.form(sign).fields), name: 'Maija <i>Meikäläinen</i>', phone: '040 123 4567', email: '' }
    await v.post('/en/groups/pain-management', values)
    const code = codeOf(v.page)
    says(v.page, 'You have a place')
    assertStrict(v.page, 'the receipt')
    await v.post('/en/groups/pain-management', values)
    assert.equal(codeOf(v.page), code)
    const m = await mine(code.toLowerCase().replaceAll('-', ' '))
    says(m.page, 'A place is yours in every session')
    assertStrict(m.page, "one's own sign-up")
    const n = await staff('nurse')
    await n.get('/en/staff/group/pain-management')
    says(n.page, 'Maija &lt;i&gt;Meikäläinen&lt;/i&gt;')
    says(n.page, '1 of 12')
    assertStrict(n.page, 'a group')
    for (const text of [storeText(server.data), server.log])
        assert.ok(!text.includes(code) && !text.includes(code.replaceAll('-', '')))
    const left = await mine(code, { act: 'leave' })
    says(left.page, 'Your sign-up was cancelled')
    await left.post('/en/groups/mine', { code, act: 'leave' })
    assert.equal(left.page.status, 200)
    await n.get('/en/staff/group/pain-management')
    saysNot(n.page, 'Meikäläinen')
    says(n.page, '0 of 12')
    const wrong = await mine('7K2M-Q4RD-9XWA3')
    assert.equal(wrong.page.status, 403)
})

test('thirty race for five places: five have one, ten wait, fifteen are told that it is full', async () => {
    const w = await staff('worker')
    const ref = await newGroup(w, 'Race', { places: '5', waiting: '10' })
    const racers = await Promise.all(Array.from({ length: 30 }, async () => {
        const v = visitor()
        await v.get(`/en/groups/${ref}`)
        return v
    }))
    await Promise.all(racers.map((v, i) => insist(v, () => v.submit(sign, { phone: `040 555 ${1000 + i}` }))))
    const count = (text) => racers.filter((v) => v.page.text.includes(text)).length
    assert.deepEqual([count('<h1>You have a place</h1>'), count('<h1>You are on the waiting list</h1>'), count('the waiting list is full too')], [5, 10, 15],
        racers.map((v) => v.page.status).join())
    await w.get(`/en/staff/group/${ref}`)
    says(w.page, '5 of 5')
})

test('a freed place is offered to who has waited longest; no, and the next has it; yes, and it is theirs', async () => {
    const w = await staff('worker')
    const ref = await newGroup(w, 'Line', { places: '1' })
    const codes = []
    for (const phone of ['040 777 0001', '040 777 0002', '040 777 0003'])
        codes.push(codeOf((await signUp(ref, { phone })).page))
    const without = await signUp(ref)
    assert.equal(without.page.status, 422)
    says(without.page, 'For the waiting list, write a phone number')
    await mine(codes[0], { act: 'leave' })
    const second = await mine(codes[1])
    says(second.page, 'Yes, I take the place')
    says((await mine(codes[2])).page, 'You are on the waiting list')
    says((await mine(codes[2], { act: 'accept' })).page, 'No place is offered to you just now')
    await second.post('/en/groups/mine', { code: codes[1], act: 'leave' })
    const third = await mine(codes[2], { act: 'accept' })
    says(third.page, 'The place is yours')
    await w.get(`/en/staff/group/${ref}`)
    says(w.page, '1 of 1')
})

test('sessions keep the wall clock, a cancelled one is told to all and stands in the calendar file', async () => {
    const w = await staff('worker')
    const ref = await newGroup(w, 'Calendar, with; marks', { sessions: '3', places: '5' })
    const v = await signUp(ref, { email: 'a@example.fi' })
    const code = codeOf(v.page)
    const read = async () => {
        await v.get(`/en/groups/${ref}/calendar`)
        assert.match(v.page.headers['content-type'], /^text\/calendar/)
        return new ICAL.Component(ICAL.parse(v.page.text)).getAllSubcomponents('vevent')
    }
    const before = await read()
    assert.equal(before.length, 3)
    assert.equal(before[0].getFirstPropertyValue('summary'), 'Calendar, with; marks')
    const local = before.map((e) => e.getFirstPropertyValue('dtstart').toJSDate().toLocaleTimeString('fi-FI', { timeZone: 'Europe/Helsinki' }).slice(0, 5))
    assert.deepEqual(new Set(local), new Set(['13.00']))
    // The leader's own calendar: the same events, cancelled as such below; another team's calendar has none of them.
    const feedOf = async (p) => {
        await p.get('/en/staff/feed')
        await p.submit(/\/feed$/, {}, { button: ['act', 'make'] })
        return new URL(/id="address">([^<]+)</.exec(p.page.text)[1]).pathname
    }
    const feed = await feedOf(w), strange = await feedOf(await staff('other'))
    const fed = async (path) => new ICAL.Component(ICAL.parse((await visitor().get(path)).text)).getAllSubcomponents('vevent')
        .filter((e) => e.getFirstPropertyValue('summary') === 'Calendar, with; marks').map((e) => [e.getFirstPropertyValue('uid'), e.getFirstPropertyValue('status')])
    assert.deepEqual(await fed(feed), before.map((e) => [e.getFirstPropertyValue('uid'), 'CONFIRMED']))
    assert.deepEqual(await fed(strange), [])
    await w.get(`/en/staff/group/${ref}`)
    const session = /session\/(\d+)/.exec(w.page.text)[1]
    await w.get(`/en/staff/group/${ref}/session/${session}`)
    assertStrict(w.page, 'a session')
    const cancels = (f) => f.fields.some(([n, x]) => n === 'act' && x === 'cancel')
    await w.submit(cancels, { text: ' ' })
    assert.equal(w.page.status, 422)
    await w.submit(cancels, { text: 'The leader is ill. We meet next week.' })
    says(w.page, 'Everybody who left a way to be told is told')
    says((await mine(code)).page, 'The leader is ill.')
    const after = await read()
    assert.deepEqual(after.map((e) => e.getFirstPropertyValue('status')), ['CANCELLED', 'CONFIRMED', 'CONFIRMED'])
    assert.equal(after[0].getFirstPropertyValue('uid'), before[0].getFirstPropertyValue('uid'))
    assert.equal(after[0].getFirstPropertyValue('sequence'), 1)
    assert.deepEqual((await fed(feed)).map(([, status]) => status), ['CANCELLED', 'CONFIRMED', 'CONFIRMED'])
    await act(w, ref, 'cancel', { text: 'The whole group is cancelled.' })
    says((await mine(code)).page, 'The group has ended or was cancelled.')
})

test('signed up by phone and out of a matter, which tells it; others than the team see nothing', async () => {
    const w = await staff('worker')
    const ref = await newGroup(w, 'Phone', { places: '4', names: 'must' })
    const resident = visitor()
    const own = await makeContact(resident, { form: 'other' })
    const matter = await findMatter(w, resident, own)
    // Both pages of the matter lead to it as long as there are places.
    await openMatter(w, matter)
    const href = new RegExp(`/en/staff/group/${ref}/sign-up\\?matter=\\w+`).exec(w.page.text)?.[0]
    assert.ok(href, 'the matter leads to the group')
    assert.equal((await w.get(href)).status, 200)
    await openByCode(resident, own)
    says(resident.page, `href="/en/groups/${ref}"`)
    await w.get(`/en/staff/group/${ref}/sign-up`)
    assertStrict(w.page, 'signing somebody up')
    await w.submit(/sign-up$/, { name: '', phone: '' })
    assert.equal(w.page.status, 422)
    await w.submit(/sign-up$/, { name: 'Eero Esimerkki', phone: '040 999 8888', matter })
    assert.equal(w.page.status, 200)
    const code = codeOf(w.page)
    const looks = () => Number(sql(data, `SELECT count(*) FROM group_sight WHERE series = (SELECT id FROM group_series WHERE ref = '${ref}')`).trim())
    const before = looks()
    await w.get(`/en/staff/group/${ref}`)
    says(w.page, 'Eero Esimerkki')
    assert.equal(looks(), before + 1, 'a look at the list is logged')
    says((await mine(code)).page, 'You have a place')
    await openMatter(w, matter)
    says(w.page, 'Signed up for the group “Phone”.')
    const o = await staff('other')
    for (const part of ['', '/edit', '/sign-up']) {
        await o.get(`/en/staff/group/${ref}${part}`)
        assert.equal(o.page.status, 404)
    }
    await w.get('/en/staff/groups/figures')
    says(w.page, 'Attendance in figures')
    assertStrict(w.page, 'figures')
    await w.get('/en/staff/groups/figures/csv')
    assert.match(w.page.headers['content-type'], /^text\/csv/)
})
