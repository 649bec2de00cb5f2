// Booked times over the socket: a resident looks, keeps a time, books it without signing in, moves and cancels it by the code;
// a professional books, offers, lists with one press; of twenty people who press one time one gets it and the others are told
// the nearest; another's times are not there.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, root, startServer, writeTemp } from '../lib/server.mjs'
import { Visitor, insist, listen, sleep } from '../lib/client.mjs'
import { codeOf, findMatter, makeContact, openByCode, openMatter, act, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'
import { sql } from '../lib/visits.mjs'

const name = (en) => ({ fi: en, sv: en, en })
const type = (ref, more) => ({
    ref, name: name(`Test ${ref}`), instructions: name('Eat nothing before.'), register: 'health', minutes: 30, leadMinutes: 180, aheadDays: 60,
    booker: 'anybody', form: 'health', reason: 'health-new-problem', realises: 'care-given', cancelHours: 1, moveHours: 1, offerHours: 4, offerTo: 3, ...more,
})
const plan = { rules: [{ from: '2025-01-01', weekdays: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'], time: '00:00-24:00', holidays: true }] }
const calendar = (ref, types, more) => ({
    ref, kind: 'team', name: name(`Calendar ${ref}`), team: 'nurse-south', place: 'test-place', profession: 'nurse', languages: ['fi', 'sv'], types, plan, ...more,
})
const SETTINGS = {
    source: 'synthetic',
    types: [type('t-visit'), type('t-race'), type('t-late', { cancelHours: 720, moveHours: 720 }), type('t-child', { child: true }),
        type('t-assessed', { booker: 'resident' }), type('t-staff', { booker: 'staff' }), type('t-none'), type('t-many', { booker: 'staff' })],
    places: [{ ref: 'test-place', name: name('Test place'), address: name('Havukuja 3, Vantaa'), area: 'korso' }, { ref: 'test-other', name: name('Other place'), area: 'tikkurila' }],
    calendars: [calendar('t-one', ['t-visit', 't-late', 't-child']), calendar('t-two', ['t-visit'], { place: 'test-other', languages: ['fi'] }),
        calendar('t-three', ['t-race']),
        ...Array.from({ length: 30 }, (_, i) => calendar(`t-many-${i}`, ['t-many'])),
        { ...calendar('t-nurse', ['t-assessed', 't-staff', 't-visit']), kind: 'person', login: 'nurse', name: undefined, profession: undefined }],
}

let server, data
const visitors = []
before(async () => {
    data = bareCounty()
    const r = asialla(['import', 'calendars', '--data', data, writeTemp('calendars.json', JSON.stringify(SETTINGS))])
    assert.equal(r.status, 0, r.err)
    writeFileSync(path.join(data, 'outbox.json'), JSON.stringify({ email: { to: 'folder', folder: path.join(data, 'mail') } }))
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
    const told = sql(data, "SELECT body FROM booking_event WHERE kind = 'booked' AND staff IS NULL ORDER BY id").split('\n').map((l) => /"lateReason": ?"([^"]*)"/.exec(l)?.[1]).filter(Boolean)
    assert.deepEqual(told, lates, 'what residents answered who took a time after the last day')
})

const lates = []
const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}": ${page.text.replace(/[^]*<main/, '<main').slice(0, 3000)}`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const slots = (page) => [...page.text.matchAll(/name="slot" value="([^"]+)"/g)].map((m) => m[1])
const listed = (f) => f.html.includes('name="slot"') && f.html.includes('class="times"')
const press = (v, slot, values = {}) => v.submit(listed, values, { button: ['slot', slot] })
// The nth of the times of the page that is open. What was taken a moment ago may still be on it: then it is asked for again.
async function asLongAs409(v, sends) {
    const path = v.page.path
    for (let i = 0; ; i++) {
        await sends()
        if (v.page.status !== 409 || i === 240)
            return
        await sleep(250)
        await v.get(path)
    }
}
const pick = (v, nth, fits = () => true) => asLongAs409(v, () => {
    const slot = slots(v.page).filter(fits)[nth]
    assert.ok(slot, `no ${nth}th time on ${v.page.path}`)
    return press(v, slot)
})
const atDesk = (v, nth, values) => asLongAs409(v, () => v.submit(toDesk, values, { button: ['slot', slots(v.page)[nth]] }))
const WHO = { name: 'Maija Meikäläinen', phone: '040 123 4567', email: '', remind: 'sms' }
const toBook = (f) => /\/book(\?|$)/.test(f.action)
const refOf = (v) => /id="time\.(\w+)"/.exec(v.page.text)?.[1]

// From the search to the receipt; the nth of the times.
let booked = 0
const somebody = () => ({ ...WHO, phone: `040 123 ${5000 + booked++}` }) // one number books some times a day alone
async function bookStraight(v, { ref = 't-visit', nth = 0, fits, who = somebody() } = {}) {
    await v.get(`/en/times/${ref}`)
    await pick(v, nth, fits)
    assert.equal(v.page.status, 200, 'who comes')
    says(v.page, 'We keep this time for you until')
    await v.submit(toBook, who)
    says(v.page, 'Check and book')
    await v.submit(toBook)
    assert.equal(v.page.status, 200)
    says(v.page, 'Your time is booked')
    return { code: codeOf(v.page) }
}

test('what can be booked, and the search: what is not known is named', async () => {
    const v = visitor()
    await v.get('/en/times')
    assertStrict(v.page, 'what can be booked')
    says(v.page, 'href="/en/times/t-visit"')
    saysNot(v.page, 'href="/en/times/t-assessed"')
    await v.get('/en/times/t-visit')
    assertStrict(v.page, 'the search')
    assert.ok(slots(v.page).length >= 20)
    says(v.page, 'rel="next"')
    await v.get('/en/times/t-visit?place=test-other&language=fi&weekday=1&weekday=3&part=morning')
    assert.ok(slots(v.page).length && slots(v.page).every((s) => s.startsWith('t-two.')))
    saysNot(v.page, 'looked for without it')
    for (const [query, words] of [['area=atlantis', 'atlantis'], ['mode=smoke', 'smoke'], ['from=tomorrow', 'tomorrow'], ['part=night', 'night'],
        ['weekday=8', '8'], ['language=xx', 'xx'], ['place=%3Cb%3E', '&lt;b&gt;'], ['colour=red', 'colour'], ['after=x', 'x']]) {
        await v.get(`/en/times/t-visit?${query}`)
        assert.equal(v.page.status, 200, query)
        says(v.page, `“${words}”`)
        says(v.page, 'looked for without it')
    }
    await v.get('/en/times/t-none')
    says(v.page, 'No free times with these choices')
    for (const path of ['/en/times/nothing', '/en/times/t-assessed', '/en/times/t-staff'])
        assert.equal((await v.get(path)).status, 404, path)
})

test('booked without signing in: nothing typed is lost, the receipt, the calendar file; sent twice, booked once', async () => {
    const v = visitor()
    await v.get('/en/times/t-visit')
    await pick(v, 0)
    assertStrict(v.page, 'who comes')
    await v.submit(toBook, { ...WHO, name: '\u200B', phone: '' }) // a name that nobody sees is none
    assert.equal(v.page.status, 422)
    says(v.page, 'Write the name of who comes.')
    says(v.page, 'href="#phone"')
    await v.submit(toBook, { ...WHO, email: 'nobody', remind: 'email' })
    assert.equal(v.page.status, 422)
    says(v.page, 'value="040 123 4567"')
    await v.submit(toBook, { ...WHO, name: '131052-308T' })
    says(v.page, 'Remove the personal identity code')
    await v.submit(toBook, WHO)
    says(v.page, 'Maija Meikäläinen')
    await v.submit(toBook, {}, { button: ['to', 'details'] })
    says(v.page, 'value="Maija Meikäläinen"')
    await v.submit(toBook, WHO)
    const sent = v.page.form(toBook)
    await v.submit(toBook)
    const code = codeOf(v.page)
    assertStrict(v.page, 'the receipt')
    says(v.page, 'You can cancel or move it here until')
    await v.post(sent.action, sent.fields)
    assert.equal(codeOf(v.page), code, 'the same form again is the same receipt')
    await v.submit(/times\/calendar$/)
    assert.match(v.page.headers['content-type'], /^text\/calendar/)
    assert.match(v.page.text, /BEGIN:VEVENT[^]*DTSTART:\d{8}T\d{6}Z/)
    await openByCode(v, code)
    assertStrict(v.page, 'the status page')
    says(v.page, 'Your times')
    assert.equal(v.page.text.match(/id="time\./g).length, 1)
    const ref = refOf(v)
    await v.get(`/en/status/time/${ref}/time.ics`)
    assert.match(v.page.text, /^UID:\w+@/m)
})

// What an e-mail says, taken out of base64, and the event in it: its lines unfolded, by name.
function mail(file) {
    const text = readFileSync(file, 'latin1')
    const parts = [...text.matchAll(/Content-Transfer-Encoding: base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map((m) => Buffer.from(m[1], 'base64').toString())
    const event = Object.fromEntries((parts[1] ?? '').replace(/\r\n[ ]/g, '').split('\r\n').map((l) => /^([A-Z-]+)[^:]*:(.*)$/.exec(l)).filter(Boolean).map((m) => [m[1], m[2]]))
    return { method: /method=(\w+)/.exec(text)?.[1], to: /^To: <(.*)>/m.exec(text)[1], said: parts.join('\n'), event }
}
async function mails(to, n) {
    const folder = path.join(data, 'mail')
    for (let i = 0; i < 1200; i++, await sleep(50)) {
        const files = existsSync(folder) ? readdirSync(folder).filter((f) => f.startsWith('email-') && f.endsWith('.eml')) : []
        const all = files.sort((x, y) => Number(x.split('-')[1]) - Number(y.split('-')[1])).map((f) => mail(path.join(folder, f)))
        if (all.filter((m) => m.to === to).length >= n)
            return all.filter((m) => m.to === to)
    }
    assert.fail(`not ${n} e-mails`)
}
test('an e-mail holds the event for one\'s own calendar, moved and cancelled as one; it tells no service, unit or profession', async () => {
    const v = visitor(), who = 'maija@asialla.example', hasAddress = (slot) => !slot.startsWith('t-two.')
    const { code } = await bookStraight(v, { nth: 6, fits: hasAddress, who: { ...WHO, email: who, remind: 'email' } })
    await openByCode(v, code)
    const ticket = /\b[A-Z]\d{3}\b/.exec(v.page.text.replace(/[^]*id="time\./, ''))[0]
    await v.get(`/en/status/time/${refOf(v)}/time.ics`)
    const uid = /^UID:(.*)\r$/m.exec(v.page.text)[1]
    assert.ok(v.page.text.includes(ticket), 'the file on the page tells the number')
    await mails(who, 1) // what has not left is withdrawn by what comes after
    await v.get('/en/status/matter')
    await v.get(`/en/status/time/${refOf(v)}/move`)
    await pick(v, 3, hasAddress)
    await v.submit(toConfirm)
    await v.get(`/en/status/time/${refOf(v)}/time.ics`)
    assert.equal(/^UID:(.*)\r$/m.exec(v.page.text)[1], uid, 'a moved time is the same event')
    await mails(who, 2)
    await v.get('/en/status/matter')
    await v.get(`/en/status/time/${refOf(v)}/cancel`)
    await v.submit(/\/cancel$/, { reason: 'time' })
    says(v.page, 'Your time is cancelled.')
    const all = await mails(who, 3)
    assert.deepEqual(all.map((m) => [m.method, m.event.METHOD, m.event.STATUS]), [
        ['REQUEST', 'REQUEST', 'CONFIRMED'], ['REQUEST', 'REQUEST', 'CONFIRMED'], ['CANCEL', 'CANCEL', 'CANCELLED']])
    assert.ok(all[0].said.includes(ticket))
    all.forEach((m, i) => {
        assert.equal(m.to, who)
        assert.equal(m.event.UID, uid)
        assert.equal(m.event.ATTENDEE, `mailto:${who}`)
        assert.match(m.event.ORGANIZER, /^mailto:noreply@/)
        assert.equal(m.event.SUMMARY, 'Booked time')
        assert.equal(m.event.LOCATION, 'Havukuja 3\\, Vantaa')
        assert.ok(i === 0 || Number(m.event.SEQUENCE) > Number(all[i - 1].event.SEQUENCE), 'each later than the one before')
        assert.doesNotMatch(m.said, /Test|nurse|Nurse|Calendar|Maija Meik|visit|Eat nothing/)
    })
    assert.notEqual(all[0].event.DTSTART, all[1].event.DTSTART)
})

test('by letter: the address is asked and checked, goes along when the time is moved, and the letter is printed once', async () => {
    const v = visitor(), head = await staff('admin'), nurse = await staff('nurse')
    const far = new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10)
    await v.get(`/en/times/t-visit?from=${far}`)
    await pick(v, 3)
    const by = { ...WHO, name: 'Kirje Kuusinen', phone: '', remind: 'letter' }
    for (const [postal, words] of [['', 'Write the postal address'], ['Havukuja 3', 'postal code of five digits'], ['Storgatan 1\n111 22 Stockholm', 'country on the last line']]) {
        await v.submit(toBook, { ...by, postal })
        assert.equal(v.page.status, 422)
        says(v.page, words)
        says(v.page, 'href="#postal"')
    }
    assertStrict(v.page, 'an address that is asked again')
    await v.submit(toBook, { ...by, postal: ' Havukuja 3 A \r\n\r\n01600 Vantaa' })
    says(v.page, 'Havukuja 3 A, 01600 Vantaa')
    saysNot(v.page, 'A letter would not be there')
    await v.submit(toBook)
    says(v.page, 'Your time is booked')
    await openByCode(v, codeOf(v.page))
    says(v.page, 'Letter: Havukuja 3 A, 01600 Vantaa')
    const time = refOf(v)
    await v.get(`/en/status/time/${time}/move?from=${far}`)
    await pick(v, 9)
    await v.submit(toConfirm)
    says(v.page, 'Your time was moved.')
    says(v.page, 'Letter: Havukuja 3 A, 01600 Vantaa')

    // What was booked is not so any more: the letter of the new time alone is printed, and not again.
    await head.get('/en/staff/outbox')
    await head.submit(/\/outbox\/print$/)
    const sheets = head.page.text.split('<section class="letter"').slice(1).filter((s) => s.includes('Kirje Kuusinen'))
    assert.equal(sheets.length, 1)
    assert.match(sheets[0], /Kirje Kuusinen\nHavukuja 3 A\n01600 Vantaa/)
    for (const words of ['lang="en"', 'Your time was moved.', 'Test place, Havukuja 3, Vantaa', 'Service: Test t-visit', 'Eat nothing before.'])
        assert.ok(sheets[0].includes(words), words)
    assertStrict(head.page, 'letters to print')
    await head.submit(/\/outbox\/printed$/, { act: 'done' })
    says(head.page, 'No letter waits.')

    // For tomorrow no letter arrives: said before booking, and none is written.
    const near = visitor()
    await near.get('/en/times/t-visit')
    await pick(near, 0)
    await near.submit(toBook, { ...by, postal: 'Havukuja 3, 01600 Vantaa' })
    says(near.page, 'A letter would not be there before this time')
    await near.submit(toBook)
    says(near.page, 'Your time is booked')
    await head.get('/en/staff/outbox')
    says(head.page, 'No letter waits.')

    // A professional: the same choice, refused without an address and for an offer.
    const { ref } = await assessed(nurse, visitor())
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff&from=${far}`)
    const slot = slots(nurse.page)[2], late = { late_reason: 'other' }
    await nurse.submit(toDesk, { ...late, medium: 'letter', postal: 'Havukuja 3' }, { button: ['slot', slot] })
    assert.equal(nurse.page.status, 422)
    says(nurse.page, 'href="#postal"')
    await nurse.submit(toDesk, { ...late, how: 'offer', medium: 'letter', postal: 'Havukuja 3, 01600 Vantaa' }, { button: ['slot', slot] })
    assert.equal(nurse.page.status, 422)
    says(nurse.page, 'A letter is too slow for an offer.')
    await nurse.submit(toDesk, { ...late, how: 'book', medium: 'letter', postal: 'Havukuja 3, 01600 Vantaa' }, { button: ['slot', slot] })
    says(nurse.page, 'The time is booked.')
    says(nurse.page, 'Letter: Havukuja 3, 01600 Vantaa')
    await nurse.submit((f) => f.html.includes('value="changed"'), { medium: 'none' }, { button: ['act', 'changed'] })
    says(nurse.page, 'No messages')
})

test('a child: who comes along and the date of birth are asked', async () => {
    const v = visitor()
    await v.get('/en/times/t-child')
    await pick(v, 0)
    await v.submit(toBook, WHO)
    assert.equal(v.page.status, 422)
    says(v.page, 'Write who comes along with the child.')
    says(v.page, 'href="#born.d"')
    await v.submit(toBook, { ...WHO, companion: 'Matti', 'born.d': '3', 'born.m': '4', 'born.y': '2019' })
    says(v.page, '3 April 2019')
    await v.submit(toBook)
    says(v.page, 'Your time is booked')
})

test('of twenty who press one time one keeps it; the others are told the nearest, and their words stay', async () => {
    const first = visitor()
    await first.get('/en/times/t-race')
    const slot = slots(first.page)[2]
    const racers = Array.from({ length: 20 }, (_, i) => visitor({ headers: { 'X-Forwarded-For': `192.0.2.${i + 1}` } }))
    await Promise.all(racers.map((r) => r.get('/en/times/t-race')))
    await Promise.all(racers.map((r) => insist(r, () => press(r, slot))))
    const won = racers.filter((r) => r.page.status === 200), lost = racers.filter((r) => r.page.status === 409)
    assert.equal(won.length, 1)
    assert.equal(lost.length, 19)
    for (const r of lost) {
        says(r.page, 'The nearest free times')
        assert.ok(slots(r.page).length && !slots(r.page).includes(slot))
    }
    await won[0].submit(toBook, WHO)
    const fields = won[0].page.form(toBook)
    await won[0].submit(toBook)
    says(won[0].page, 'Your time is booked')
    // The form of a hold that is not theirs: another's token is worth nothing once the time is taken.
    await lost[0].post(fields.action, fields.fields.map(([n, v]) => [n, n === 'once' ? 'x'.repeat(26) : v]))
    assert.equal(lost[0].page.status, 409)
    // What was typed goes along to the next time.
    says(lost[0].page, 'value="Maija Meikäläinen"')
    await press(lost[0], slots(lost[0].page)[0])
    assert.equal(lost[0].page.status, 200)
    says(lost[0].page, 'value="Maija Meikäläinen"')
    await lost[0].submit(toBook)
    await lost[0].submit(toBook)
    says(lost[0].page, 'Your time is booked')
})

test('one person keeps one time: the earlier one is given back', async () => {
    const v = visitor(), other = visitor()
    await v.get('/en/times/t-race')
    const [first, second] = slots(v.page).slice(6, 8)
    await press(v, first)
    await other.get('/en/times/t-race')
    await press(other, first)
    assert.equal(other.page.status, 409)
    await v.get('/en/times/t-race')
    await press(v, second)
    assert.equal(v.page.status, 200)
    for (let i = 0; i < 240 && other.page.status !== 200; i++) { // until the index has heard of it
        await sleep(250)
        await other.get('/en/times/t-race')
        await press(other, first)
    }
    assert.equal(other.page.status, 200)
    await other.submit(toBook, {}, { button: ['to', 'search'] })
    assert.match(other.page.path, /\/times\/t-race$/)
})

test('what is no time, and what has passed', async () => {
    const v = visitor()
    await v.get('/en/times/t-visit')
    for (const slot of ['', 'x', 't-one.1.s', 't-one.99999999999999.s', 't-one.1099511627776.s', 't-one.99999999999.s', 'nobody.29925240.s', 't-one.29925240.s.s', "t-one.'.s"]) {
        await v.get('/en/times/t-visit')
        await press(v, slot)
        assert.equal(v.page.status, 409, slot)
    }
    await press(v, 't-one.29000010.s')
    says(v.page, 'This time has passed')
    assert.equal((await visitor().get('/en/times/t-visit/book')).status, 409)
    const foreign = await visitor().post('/en/times/t-visit/hold', { slot: 't-one.29925240.s' }, { headers: { 'Sec-Fetch-Site': 'cross-site' } })
    assert.equal(foreign.status, 403)
})

test('one number books some times a day, and is told to call for more', async () => {
    const v = visitor(), { straight: { most } } = JSON.parse(readFileSync(path.join(root, 'data', 'booking.json'), 'utf8'))
    for (let i = 0; i < most; i++)
        await bookStraight(v, { nth: 8, who: { ...WHO, phone: i % 2 ? '050 765 4321' : '+358507654321' } })
    await v.get('/en/times/t-visit')
    await pick(v, 8)
    await v.submit(toBook, { ...WHO, phone: '0507654321' })
    await v.submit(toBook)
    assert.equal(v.page.status, 409)
    says(v.page, 'Call us to book more.')
    says(v.page, 'value="0507654321"')
})

test('with one number left of the day, only one of four who book at once gets a time', async () => {
    const { straight: { most } } = JSON.parse(readFileSync(path.join(root, 'data', 'booking.json'), 'utf8'))
    const who = { ...WHO, phone: '050 765 4322' }
    for (let i = 0; i < most - 1; i++)
        await bookStraight(visitor(), { nth: 8, who })
    const racers = []
    for (let i = 0; i < 4; i++) {
        const v = visitor()
        await v.get('/en/times/t-visit')
        await pick(v, 8 + i)
        await v.submit(toBook, who)
        racers.push(v)
    }
    await Promise.all(racers.map((v) => insist(v, () => v.submit(toBook))))
    assert.deepEqual(racers.map((v) => v.page.status).sort(), [200, 409, 409, 409])
    for (const v of racers.filter((r) => r.page.status === 409))
        says(v.page, 'Call us to book more.')
})

test('a resident moves and cancels by the code; another\'s time is not there', async () => {
    const v = visitor(), other = visitor()
    const { code } = await bookStraight(v, { nth: 4 })
    const theirs = await bookStraight(other, { nth: 8 })
    await openByCode(v, code)
    await openByCode(other, theirs.code)
    const ref = refOf(v)
    await v.get(`/en/status/time/${ref}/move`)
    assertStrict(v.page, 'moving')
    says(v.page, 'Your old time is yours until you have moved')
    await pick(v, 6)
    says(v.page, 'Move to this time?')
    const sent = v.page.form(toConfirm)
    await v.submit(toConfirm)
    says(v.page, 'Your time was moved.')
    assert.notEqual(refOf(v), ref)
    await v.post(sent.action, sent.fields) // twice
    assert.ok([200, 409].includes(v.page.status))
    await v.get('/en/status/matter')
    assert.equal(v.page.text.match(/id="time\./g).length, 1)
    const mine = refOf(v)
    for (const path of ['cancel', 'move', 'time.ics'])
        assert.equal((await other.get(`/en/status/time/${mine}/${path}`)).status, 404, path)
    await other.get('/en/status/matter')
    const token = other.page.token
    for (const path of ['cancel', 'move', 'answer', 'leave'])
        assert.equal((await other.post(`/en/status/time/${mine}/${path}`, { _token: token, answer: 'accept' })).status, 404, path)
    await v.get(`/en/status/time/${mine}/cancel`)
    assertStrict(v.page, 'cancelling')
    assert.equal((await v.post(`/en/status/time/${mine}/cancel`, { _token: 'x' })).status, 403)
    await v.get(`/en/status/time/${mine}/cancel`)
    await v.submit(/\/cancel$/, { reason: 'time' }, { })
    says(v.page, 'Your time is cancelled.')
    assert.equal(refOf(v), undefined)
    await v.get(`/en/status/time/${mine}/cancel`)
    await v.post(`/en/status/time/${mine}/cancel`, { _token: v.page.token ?? token })
    assert.ok([403, 409].includes(v.page.status))
    assert.equal((await visitor().get(`/en/status/time/${mine}/move`, { follow: false })).status, 303, 'nobody without a code')
})
const toConfirm = (f) => f.html.includes('name="confirm"')

test('too late: the phone number instead of a button', async () => {
    const v = visitor()
    const { code } = await bookStraight(v, { ref: 't-late', nth: 12 })
    await openByCode(v, code)
    says(v.page, 'To cancel or move it, call us:')
    const ref = refOf(v)
    await v.get(`/en/status/time/${ref}/cancel`)
    saysNot(v.page, 'button--danger')
    await v.get('/en/status/matter')
    await v.post(`/en/status/time/${ref}/cancel`, { _token: v.page.token, reason: 'time' })
    assert.equal(v.page.status, 409)
    says(v.page, 'It is too late to cancel here.')
    await v.get(`/en/status/time/${ref}/move`)
    assert.equal(v.page.status, 409)
    says(v.page, 'It is too late to move it here.')
})

// A matter of the nurse's team, taken and assessed.
async function assessed(nurse, resident) {
    const code = await makeContact(resident, { form: 'health', answers: { 'd.area': 'tikkurila' } })
    const ref = await findMatter(nurse, resident, code)
    await act(nurse, 'taken')
    await openMatter(nurse, ref)
    await act(nurse, 'assessed', { urgency: 'week', reason: 'health-new-problem', profession: 'nurse' })
    assert.equal(nurse.page.status, 200)
    return { code, ref }
}
const toDesk = (f) => /\/(time|move)(\?|$)/.test(f.action) && f.method === 'POST' && f.html.includes('name="slot"')

test('a professional books with one press, offers, lists; the resident answers and books what was assessed', async () => {
    const nurse = await staff('nurse'), resident = visitor()
    const { code, ref } = await assessed(nurse, resident)
    says(nurse.page, 'Book a time')
    await nurse.get(`/en/staff/matter/${ref}/time`)
    assertStrict(nurse.page, 'booking for a matter')
    says(nurse.page, 'With you')
    await openMatter(nurse, ref)
    await act(nurse, 'released')
    await nurse.get(`/en/staff/matter/${ref}/time`)
    const headings = [...nurse.page.text.matchAll(/ id="day\.\d+">([^<]*)/g)].map((m) => m[1])
    assert.equal(headings[0], 'With you')
    assert.equal(new Set(headings).size, headings.length, 'each day stands once')
    await openMatter(nurse, ref)
    await act(nurse, 'taken')
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff`)
    const times = slots(nurse.page)
    await nurse.submit(toDesk, { medium: 'sms', phone: '' }, { button: ['slot', times[1]] })
    assert.equal(nurse.page.status, 422)
    await nurse.submit(toDesk, { medium: 'none' }, { button: ['slot', times[1]] })
    assert.equal(nurse.page.status, 200)
    says(nurse.page, 'The time is booked.')
    assertStrict(nurse.page, 'one time')
    const booked = /\/staff\/time\/(\w+)/.exec(nurse.page.path)[1]
    await nurse.get(`/en/staff/matter/${ref}`)
    says(nurse.page, `/en/staff/time/${booked}`)
    await resident.get('/en/status/matter')
    await openByCode(resident, code)
    says(resident.page, `time.${booked}`)
    says(resident.page, 'Noora Nurse') // who has looked
    // Offered: taken, and one that does not suit.
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff`)
    await atDesk(nurse, 5, { how: 'offer', medium: 'none' })
    says(nurse.page, 'The time was offered.')
    await resident.get('/en/status/matter')
    says(resident.page, 'We offer you this time.')
    await resident.submit(/\/answer$/, {}, { button: ['answer', 'accept'] })
    says(resident.page, 'The time is yours.')
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff`)
    await atDesk(nurse, 9, { how: 'offer', medium: 'none' })
    await resident.get('/en/status/matter')
    const answers = resident.page.forms.filter((f) => /\/answer$/.test(f.action))
    await resident.submit((f) => f.html === answers[1].html, {}, { button: ['answer', 'decline'] })
    says(resident.page, 'Thank you for telling.')
    // The waiting list: wished, seen in due order, left.
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-assessed&area=korso&part=morning`)
    await nurse.submit((f) => f.html.includes('value="list"'), {}, { button: ['act', 'list'] })
    says(nurse.page, 'Put on the waiting list.')
    says(nurse.page, 'Morning, before 12')
    await nurse.get('/en/staff/times/waiting')
    assertStrict(nurse.page, 'the waiting list')
    says(nurse.page, 'Test t-assessed')
    await resident.get('/en/status/matter')
    says(resident.page, 'You are on the waiting list.')
    await resident.submit(/\/leave$/)
    says(resident.page, 'You are not on the waiting list any more.')
    // What was assessed for the resident, booked by the code.
    says(resident.page, '/en/status/times/t-assessed')
    assert.equal((await resident.get('/en/status/times/t-staff')).status, 404)
    await resident.get('/en/status/times/t-assessed')
    assertStrict(resident.page, 'a time for a matter')
    await pick(resident, 20)
    says(resident.page, 'Book this time?')
    await resident.submit(toConfirm, { remind: 'none' })
    says(resident.page, 'Your time is booked.')
})

test('after the last day by law: marked, and booked with a reason', async () => {
    const nurse = await staff('nurse'), resident = visitor()
    const { ref } = await assessed(nurse, resident)
    const far = new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10)
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff`)
    says(nurse.page, 'Last day by law:')
    saysNot(nurse.page, 'after the last day by law')
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff&from=${far}`)
    says(nurse.page, 'after the last day by law')
    const slot = slots(nurse.page)[1]
    await nurse.submit(toDesk, { medium: 'none' }, { button: ['slot', slot] })
    assert.equal(nurse.page.status, 422)
    says(nurse.page, 'href="#late_reason"')
    await nurse.submit(toDesk, { medium: 'none', late_reason: 'resident-wish' }, { button: ['slot', slot] })
    says(nurse.page, 'The time is booked.')
    says(nurse.page, 'The resident wishes it so')
    says(nurse.page, 'after the last day by law')
})

test('a resident who takes a time after the last day by law is asked why, and the true answer is kept', async () => {
    const nurse = await staff('nurse'), resident = visitor()
    const { code } = await assessed(nurse, resident)
    await openByCode(resident, code)
    const far = new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10)
    await resident.get('/en/status/times/t-assessed')
    await pick(resident, 4)
    saysNot(resident.page, 'Why do you take a later time?')
    await resident.get(`/en/status/times/t-assessed?from=${far}`)
    await pick(resident, 1)
    says(resident.page, 'Why do you take a later time?')
    assertStrict(resident.page, 'why later')
    for (const late_reason of ['', 'profession']) {
        await resident.submit(toConfirm, { remind: 'none', ...(late_reason && { late_reason }) })
        assert.equal(resident.page.status, 422)
        says(resident.page, 'href="#late_reason.1"')
    }
    await resident.submit(toConfirm, { remind: 'none', late_reason: 'no-earlier' })
    says(resident.page, 'Your time is booked.')
    const time = refOf(resident)
    await nurse.get(`/en/staff/time/${time}`)
    says(nurse.page, 'No earlier time suited the resident or was found')
    // Moved to another late time: asked anew.
    await resident.get(`/en/status/time/${time}/move?from=${far}`)
    await pick(resident, 5)
    await resident.submit(toConfirm, { late_reason: 'resident-wish' })
    says(resident.page, 'Your time was moved.')
    await nurse.get(`/en/staff/time/${refOf(resident)}`)
    says(nurse.page, 'The resident wishes it so')
    lates.push('no-earlier', 'resident-wish')
})

test('a time is moved by less than its length: one line tells it, and the matter is called by the kind of time', async () => {
    const v = visitor(), nurse = await staff('nurse')
    const far = new Date(Date.now() + 20 * 86400e3).toISOString().slice(0, 10)
    await v.get(`/en/times/t-race?from=${far}`)
    const old = slots(v.page)[6], [calendar, minute, mode] = old.split('.')
    await press(v, old)
    await v.submit(toBook, WHO)
    await v.submit(toBook)
    const code = codeOf(v.page)
    await openByCode(v, code)
    says(v.page, '<h1>Test t-race</h1>')
    const time = refOf(v), near = `${calendar}.${Number(minute) + 10}.${mode}`
    await v.get(`/en/status/time/${time}/move?from=${far}`)
    assert.ok(!slots(v.page).includes(old), 'the old time is no other one')
    await v.post(`/en/status/time/${time}/move`, { _token: v.page.token, slot: near })
    assert.equal(v.page.status, 200)
    says(v.page, 'Move to this time?')
    saysNot(v.page, 'We keep this time')
    await v.submit(toConfirm)
    says(v.page, 'Your time was moved.')
    says(v.page, 'Moved to another time')
    const path = v.page.text.slice(v.page.text.indexOf('id="path-h"'))
    assert.match(path, /Time moved[^]*?From [^<]* to /)
    assert.equal(path.match(/<h3>[^<]*Time booked/g)?.length ?? 0, 1, 'booked once, and moved')
    // To anybody else it is taken.
    const other = visitor()
    await other.get(`/en/times/t-race?from=${far}`)
    await other.post(`/en/times/t-race/hold`, { slot: `${calendar}.${Number(minute) + 25}.${mode}` })
    assert.equal(other.page.status, 409)
    // And by a professional, with one press.
    await nurse.get(`/en/staff/time/${refOf(v)}/move?from=${far}`)
    await nurse.post(nurse.page.path, { _token: nurse.page.token, slot: `${calendar}.${Number(minute) + 20}.${mode}`, reason: 'absent' })
    says(nurse.page, 'The time was moved.')
    says(nurse.page, 'Test t-race')
})

test('the search follows what is taken, however many calendars it shows', async () => {
    const nurse = await staff('nurse'), resident = visitor()
    const { ref } = await assessed(nurse, resident)
    const path = `/en/staff/matter/${ref}/time`
    await nurse.get(`${path}?type=t-many`)
    const topics = new Set(slots(nurse.page).map((s) => s.split('.')[0]))
    assert.ok(topics.size > 16, `${topics.size} calendars`)
    const stream = await listen(`${server.url}${path}/stream?type=t-many`, { Cookie: nurse.cookie })
    assert.deepEqual([stream.status, /text\/event-stream/.test(stream.headers['content-type'])], [200, true])
    await atDesk(nurse, 0, { medium: 'none' })
    says(nurse.page, 'The time is booked.')
    await stream.until(/^data: /m)
    stream.close()
})

test('one time of a professional: moved, cancelled with a reason, seen by who may', async () => {
    const nurse = await staff('nurse'), other = await staff('other'), resident = visitor()
    const { ref } = await assessed(nurse, resident)
    await nurse.get(`/en/staff/matter/${ref}/time?type=t-staff`)
    await atDesk(nurse, 11, { medium: 'none' })
    const time = /\/staff\/time\/(\w+)/.exec(nurse.page.path)[1]
    for (const path of [`/en/staff/time/${time}`, `/en/staff/time/${time}/move`, `/en/staff/matter/${ref}/time`, '/en/staff/time/nothing'])
        assert.equal((await other.get(path)).status, 404, path)
    await other.get('/en/staff/me')
    for (const path of [`/en/staff/time/${time}`, `/en/staff/time/${time}/move`, `/en/staff/matter/${ref}/time`])
        assert.equal((await other.post(path, { _token: other.page.token ?? '', act: 'cancelled', reason: 'absent' })).status, 404, path)
    await nurse.get(`/en/staff/time/${time}/move`)
    await nurse.submit(toDesk, {}, { button: ['slot', slots(nurse.page)[3]] })
    assert.equal(nurse.page.status, 422, 'moved with a reason')
    await atDesk(nurse, 3, { reason: 'absent' })
    says(nurse.page, 'The time was moved.')
    says(nurse.page, 'Moved from an earlier time')
    await nurse.submit((f) => f.html.includes('value="cancelled"'), {}, { button: ['act', 'cancelled'] })
    assert.equal(nurse.page.status, 422)
    await nurse.submit((f) => f.html.includes('value="cancelled"'), { reason: 'absent' }, { button: ['act', 'cancelled'] })
    says(nurse.page, 'The time is cancelled')
    says(nurse.page, 'The professional is absent')
    await nurse.get(`/en/staff/matter/${ref}`)
    await nurse.post(`/en/staff/time/${time}`, { _token: nurse.page.token, act: 'fly' })
    assert.equal(nurse.page.status, 400)
})
