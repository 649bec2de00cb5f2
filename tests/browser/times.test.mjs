// Booked times as people use them, by clicks and keys: who waited too long is told and books another; a freed time is offered
// to two, and the first to answer has it; a plan is changed over a booked time; a visit is recorded to its end; arriving at a
// kiosk by touch and by keyboard, being called in; a parent on a phone without scripts; a group without names.
import test, { after, afterEach, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import ICAL from 'ical.js'
import { asialla, bareCounty, PASSWORD, startServer, writeTemp } from '../lib/server.mjs'
import { sleep, Visitor } from '../lib/client.mjs'
import { act as actOn, codeOf, findMatter, makeContact, openMatter, staff as signedIn } from '../lib/people.mjs'
import { Window, openBrowser, validate } from '../lib/browser.mjs'
import { sql } from '../lib/visits.mjs'

const name = (en) => ({ fi: en, sv: en, en })
const type = (ref, more) => ({
    ref, name: name(`Test ${ref}`), instructions: name('Eat nothing before.'), register: 'health', minutes: 30, leadMinutes: 30, aheadDays: 60,
    booker: 'anybody', form: 'health', reason: 'health-new-problem', realises: 'care-given', cancelHours: 1, moveHours: 1, offerHours: 4, offerTo: 3, t3: true, ...more,
})
// At any hour of any day, so that the test may run at any.
const plan = { rules: [{ from: '2025-01-01', weekdays: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'], time: '00:00-24:00', holidays: true }] }
const calendar = (ref, types, more) => ({ ref, team: 'nurse-south', place: 'ward', languages: ['fi', 'en'], types, plan, ...more })
const SETTINGS = {
    source: 'A test.',
    types: [type('t-visit'), type('t-freed'), type('t-child', { child: true })],
    places: [{ ref: 'ward', name: name('Ward'), address: name('Havukuja 3, Vantaa'), area: 'tikkurila' }],
    calendars: [calendar('t-open', ['t-visit', 't-freed', 't-child'], { kind: 'team', name: name('The ward'), profession: 'nurse' }),
        calendar('person-nurse', ['nurse-visit'], { kind: 'person', login: 'nurse' })],
}
const day = (n) => new Date(Date.now() + n * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' })

let server, data, session
const windows = [], visitors = [], findings = []
before(async () => {
    data = bareCounty()
    for (const [words, input] of [
        [['user', 'add', '--login', 'chief', '--name', 'Carita Chief', '--role', 'head', '--team', 'nurse-south', '--profession', 'nurse'], PASSWORD + '\n'],
        [['import', 'calendars', writeTemp('calendars.json', JSON.stringify(SETTINGS))], '']]) {
        const r = asialla([...words, '--data', data], { input })
        assert.equal(r.status, 0, r.err)
    }
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
    session = await openBrowser('times')
})
afterEach(async () => {
    visitors.splice(0).forEach((v) => v.close())
    await Promise.all(windows.splice(0).map((w) => { findings.push(...w.findings); return w.close() }))
})
after(async () => {
    await session?.browser.close()
    await server.stop()
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = () => visitors[visitors.push(new Visitor(server)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
const open = async (tag, options = {}) => windows[windows.push(await Window.open(session, { server, tag: `times-${tag}`, ...options })) - 1]
// A window in which that professional is signed in.
async function at(login, options) {
    const v = await staff(login), w = await open(login, options)
    await w.context.addCookies([...v.jar].map(([n, value]) => ({ name: n, value, url: server.url })))
    return w
}
// That code's matter, opened as its owner does.
async function byCode(code, tag, options) {
    const w = await open(tag, options)
    await w.goto('/en/status')
    await w.page.locator('#code').fill(code)
    await go(w, 'main form button')
    assert.equal(w.status, 200)
    return w
}
const go = (w, selector) => Promise.all([w.page.waitForEvent('load'), w.page.locator(selector).first().click()])
const says = async (w, text, where = 'main') => {
    const read = await w.text(where)
    assert.ok(text instanceof RegExp ? text.test(read) : read.includes(text), `${new URL(w.page.url()).pathname} (${w.status}) does not say "${text}": ${read}`)
}
// Looks again until the page says it: what the program does by itself takes a moment.
async function until(w, what) {
    for (const end = Date.now() + 60_000; !(await w.page.locator(what).count());) {
        assert.ok(Date.now() < end, `not on ${w.page.url()} in 60 s: ${what}`)
        await sleep(250)
        await w.page.reload({ waitUntil: 'load' })
    }
}
const when = (w) => w.text('main [id^="time."] dd strong')

// Somebody's matter with the nurses, taken and assessed: { code, ref }.
async function assessed(nurse, person) {
    const resident = visitor()
    const code = await makeContact(resident, { form: 'health', answers: { 'd.name': person, 'd.area': 'tikkurila' } })
    const ref = await findMatter(nurse, resident, code)
    await actOn(nurse, 'taken')
    await openMatter(nurse, ref)
    await actOn(nurse, 'assessed', { urgency: 'week', reason: 'health-new-problem', profession: 'nurse' })
    assert.equal(nurse.page.status, 200)
    return { code, ref }
}

let freed // the receipt code of a booked t-freed
test('who waits too long is told, keeps what was typed and books another time', async () => {
    const w = await open('late')
    await w.goto(`/en/times/t-freed?from=${day(3)}`)
    const wanted = await w.page.locator('main .times button').nth(1).getAttribute('value')
    await go(w, `main .times button[value="${wanted}"]`)
    await w.page.locator('#name').fill('Liisa Hidas')
    await w.page.locator('#phone').fill('040 123 4567')
    await go(w, '#book .actions button')
    sql(data, '.timeout 10000\nUPDATE hold SET ends_at = 1; UPDATE busy SET ends = 1 WHERE ends IS NOT NULL;') // the minutes have gone
    const toBook = (f) => /\/book(\?|$)/.test(f.action), other = visitor()
    for (const end = Date.now() + 60_000; !other.page?.text.includes('id="book"');) { // until it is free
        assert.ok(Date.now() < end, 'a time that nobody keeps any more is free')
        await other.get(`/en/times/t-freed?from=${day(3)}`)
        await other.submit((f) => f.html.includes('class="times"'), {}, { button: ['slot', wanted] })
    }
    await other.submit(toBook, { name: 'Niilo Nopea', phone: '040 765 4321', remind: 'none' })
    await other.submit(toBook)
    codeOf(other.page)

    await w.click('times-too-late', '#book .actions button')
    assert.equal(w.status, 409)
    await says(w, 'The nearest free times')
    await w.click('times-another', 'main .times button')
    assert.equal(await w.page.locator('#name').inputValue(), 'Liisa Hidas')
    assert.equal(await w.page.locator('#phone').inputValue(), '040 123 4567')
    await go(w, '#book .actions button')
    await w.click('times-another-booked', '#book .actions button')
    await says(w, 'Your time is booked')
    freed = (await w.text('.code')).trim()
})

test('a time cancelled by its code is offered to two who wait; the first to answer has it', async () => {
    const nurse = await staff('nurse')
    const wait = async (person) => {
        const m = await assessed(nurse, person)
        await nurse.get(`/en/staff/matter/${m.ref}/time?type=t-freed`)
        await nurse.submit((f) => f.html.includes('value="list"'), {}, { button: ['act', 'list'] })
        assert.match(nurse.page.text, /Put on the waiting list/)
        return m
    }
    const [first, second] = [await wait('Anna Ensin'), await wait('Toivo Toinen')]
    const one = await byCode(first.code, 'first'), two = await byCode(second.code, 'second', { width: 360 })
    await says(one, 'You are on the waiting list')
    const w = await byCode(freed, 'gives')
    const time = await when(w)
    await go(w, 'main a[href$="/cancel"]')
    await w.page.locator('#reason').selectOption({ index: 1 })
    await w.click('times-given-up', 'main form button')
    await says(w, 'Your time is cancelled.')

    await Promise.all([until(one, 'button[value=accept]'), until(two, 'button[value=accept]')])
    await two.look('times-offered')
    assert.equal(await when(one), time)
    await one.click('times-taken', 'button[value=accept]')
    await says(one, 'The time is yours.')
    await two.click('times-gone', 'button[value=accept]')
    await says(two, 'not offered to you any more')
    await says(two, 'went to somebody else')
    await says(two, 'You are on the waiting list')
    assert.doesNotMatch(await two.text(), /A time was offered\s*You /, 'the program offered it')
})

test('a change of a plan shows the booked times it touches, makes tasks; one is finished by moving the time', async () => {
    const worker = await at('worker'), head = await at('head'), prepares = await staff('worker')
    const resident = visitor()
    const code = await makeContact(resident, { answers: { 'd.name': 'Pekka Plan' } })
    const ref = await findMatter(prepares, resident, code)
    await worker.goto(`/en/staff/matter/${ref}/time?type=social-meeting&from=${day(8)}`)
    await worker.page.locator('select[name=medium]').selectOption('none')
    await worker.click('times-desk-booked', 'main .times button')
    await says(worker, 'The time is booked')
    const owner = await byCode(code, 'planned')
    const before = await when(owner)

    await head.goto('/en/staff/plans/person-worker')
    await go(head, 'a[href*="what=exception-added"]')
    await head.page.locator('#why').selectOption('leave')
    await head.page.locator('#from').fill(day(7))
    await head.page.locator('#to').fill(day(9))
    await head.click('times-plan-touches', 'main form .actions button')
    await says(head, '1 booked time is left without its hours')
    await head.click('times-plan-saved', '#save')
    await says(head, 'Exception added')
    await head.goto('/en/staff/plans')
    await says(head, /Times without hours\s*1/)
    await head.click('times-plan-task', 'main a[href$="/plans/tasks"]')
    assert.equal(await head.page.locator('main tbody tr').count(), 1)

    await worker.goto('/en/staff/plans/tasks')
    await worker.click('times-touched', 'main tbody th a')
    await go(worker, 'main a[href$="/move"]')
    await worker.page.locator('select[name=reason]').selectOption('absent')
    await worker.click('times-touched-moved', 'main .times button >> nth=3') // the first may become too near
    await says(worker, 'The time was moved.')
    await head.page.reload()
    await says(head, 'There are none.')
    await owner.page.reload({ waitUntil: 'load' })
    assert.notEqual(await when(owner), before, 'the resident reads the new time')
})

const isToday = (t) => new Date(t).toLocaleDateString('sv', { timeZone: 'Europe/Helsinki' }) === day(0)
// A time today with the nurse, booked as on the phone: { code, ref, time, start }; nothing where it is too near to midnight.
async function booked(nurse, person) {
    const m = await assessed(nurse, person)
    let slot, time
    for (let i = 0; i < 50 && !time; i++) { // the first of the page may have been taken a moment ago, or be over
        await nurse.get(`/en/staff/matter/${m.ref}/time?type=nurse-visit`)
        const form = nurse.page.form((f) => f.method === 'POST' && f.buttons.some(([n]) => n === 'slot'))
        slot = form.buttons.find(([n, v]) => n === 'slot' && v.startsWith('person-nurse.'))
        await nurse.submit((f) => f.html === form.html, { medium: 'none' }, { button: slot })
        time = /\/staff\/time\/([^/?]+)/.exec(nurse.page.path)?.[1]
    }
    assert.ok(time, nurse.page.path)
    const start = Number(slot[1].split('.')[1]) * 60_000
    return isToday(start) && isToday(Date.now() + 10 * 60_000) ? { ...m, time, start } : undefined
}

test('a visit from my day to its record: the clock stops, the figures count it, the resident reads what was agreed', async (t) => {
    const b = await booked(await staff('nurse'), 'Ville Visit')
    if (!b)
        return t.skip('there is no time today any more')
    const w = await at('nurse')
    const onSite = async (name) => {
        await w.goto('/en/staff/t3', name)
        await says(w, 'Ward', '#t3')
        return Number(await w.text('#months tbody tr:first-child [data-label="On site"]')) || 0
    }
    const before = await onSite('times-t3')
    await w.goto(`/en/staff/matter/${b.ref}`)
    const clock = () => w.page.locator('ul.clocks .clock--over, ul.clocks .clock--today, ul.clocks .clock--time').filter({ hasText: 'Access to care' }).count()
    assert.ok(await clock(), 'the clock of care runs')
    await w.goto('/en/staff/my-day', 'times-my-day')
    await w.click('times-begun', `#t-${b.time} button[value=started]`)
    await w.click('times-record', `#t-${b.time} a[href$="/staff/record/${b.time}"]`)
    await w.click('times-record-missing', 'main form .actions button')
    assert.equal(w.status, 422)
    await w.page.locator('input[name=mode]').first().check()
    await w.page.locator('input[name=assessment]').first().check()
    await w.page.locator('textarea[name=text]').fill('We looked at the knee.')
    await w.page.locator('[name=next]').fill('We call you in two weeks.')
    await w.click('times-recorded', 'main form .actions button')
    await says(w, 'The visit is recorded.')
    await w.goto(`/en/staff/matter/${b.ref}`)
    assert.equal(await clock(), 0, 'the visit stops the clock of care')
    assert.equal(await onSite('times-t3-after'), before + 1)
    const owner = await byCode(b.code, 'visited')
    await says(owner, 'We looked at the knee.')
    await says(owner, 'We call you in two weeks.')
})

test('arriving at the kiosk by touch and by keys, called in on the screen, called again; wrong and odd numbers', async (t) => {
    const prepares = await staff('nurse')
    const touches = await booked(prepares, 'Kaisa Kosketus'), types = touches && await booked(prepares, 'Niko Näppäin')
    if (!types)
        return t.skip('there is no time today any more')
    const chief = await at('chief'), nurse = await at('nurse')
    const address = async (kind) => {
        await chief.goto('/en/staff/screens')
        await chief.page.locator('#kind').selectOption(kind)
        await go(chief, 'main button[name=act][value=make]')
        return new URL(await chief.text('#address')).pathname.replace(/^\/\w\w/, '/en')
    }
    const kiosk = await open('kiosk', { width: 800 }), keyboard = await open('keys', { width: 800 }), wall = await open('wall')
    const door = await address('0')
    await wall.goto(await address('1'), 'times-wall')
    await kiosk.goto(door, 'times-kiosk')
    await keyboard.goto(door)
    await nurse.goto('/en/staff/my-day')
    const ticket = async (b) => /\b[A-Z]\d{3}\b/.exec(await nurse.text(`#t-${b.time}`))[0]

    // By touch, key by key; the last one is wrong and erased. The nurse's day hears of it.
    const number = await ticket(touches)
    const tap = async (key, typed) => {
        await kiosk.page.locator(`button[name=press][value="${key}"]`).tap()
        await kiosk.page.locator(`#ticket[value="${typed}"]`).waitFor()
    }
    for (let i = 0; i < number.length; i++)
        await tap(number[i], number.slice(0, i + 1))
    await tap('7', `${number}7`)
    await tap('back', number)
    await kiosk.leads('times-kiosk-thanks', () => kiosk.page.locator('button[name=go]').tap())
    await says(kiosk, `called by the number ${number}`)
    await nurse.page.locator(`#t-${touches.time} button[value=called]`).waitFor()

    // By keyboard: what is no number, one that nobody has, one's own in small letters.
    const enter = async (text) => {
        await keyboard.goto(door)
        await keyboard.page.locator('#ticket').focus()
        await keyboard.page.keyboard.insertText(text)
        await keyboard.page.keyboard.press('Enter')
        await keyboard.page.locator('#answer, main .field__error').waitFor()
        return keyboard.text('h1')
    }
    assert.equal(await enter(''), 'Tell that you have arrived')
    await says(keyboard, 'Type your number first.')
    for (const odd of ['<b>&"', 'Ää😀', '12345678', 'Z999'])
        assert.equal(await enter(odd), 'The number was not found', odd)
    assert.equal(await enter(` ${(await ticket(types)).toLowerCase()} `), 'Thank you')

    // Called in, and again to another room: both stand on the wall without anybody touching it.
    const call = async (b, room) => {
        await nurse.page.locator(`#to-${b.time}`).fill(room)
        await go(nurse, `#t-${b.time} button[value=called]`)
        await wall.page.locator('#calls li', { hasText: await ticket(b) }).filter({ hasText: room }).waitFor()
    }
    await call(touches, 'Room 4')
    await nurse.page.locator(`#to-${types.time}`).waitFor()
    await call(types, 'Room 5')
    await call(touches, 'Room 6')
    await wall.look('times-wall-called')
    assert.equal(await wall.page.locator('#calls li').count(), 2)
    await nurse.look('times-my-day-called')
    assert.equal(await enter(number), 'You have been called')
    await says(keyboard, 'Room 6')

    // As after a power cut: the address is asked for anew, and no form is sent again. No answer there: the screen stays as it is
    // until there is one.
    await keyboard.page.reload()
    assert.equal(await keyboard.text('h1'), 'Tell that you have arrived')
    assert.equal(await enter(number), 'You have been called')
    const asked = keyboard.page.waitForEvent('requestfailed', { predicate: (r) => r.url().endsWith('?s=1') })
    await keyboard.page.route('**/*', (route) => route.abort('aborted'))
    await asked
    assert.equal(await keyboard.text('h1'), 'You have been called')
    await keyboard.page.unroute('**/*')
    await keyboard.page.locator('#ticket').waitFor()
})

test('a parent books for a child on a phone without scripts, moves it, takes it along, cancels it', async () => {
    const w = await open('child', { width: 360, js: false })
    await w.goto('/en/times', 'times-types')
    await w.click('times-child', 'main a[href$="/times/t-child"]')
    const times = w.page.locator('main .times button')
    await w.leads('times-child-who', () => times.nth(15).click())
    for (const [field, value] of [['name', 'Lauri Lapsi'], ['phone', '040 123 4567'], ['companion', 'Minna Lapsi'], ['born.d', '3'], ['born.m', '4'], ['born.y', '2019']])
        await w.page.locator(`[name="${field}"]`).fill(value)
    await w.click('times-child-check', '#book .actions button')
    await says(w, '3 April 2019')
    await w.click('times-child-booked', '#book .actions button')
    await w.click('times-child-mine', 'main form[action$="/status"] button')
    const event = async () => {
        const address = await w.page.locator('main a[href$="/time.ics"]').getAttribute('href')
        const answer = await w.page.request.get(server.url + address)
        assert.match(answer.headers()['content-type'], /^text\/calendar/)
        return new ICAL.Event(new ICAL.Component(ICAL.parse(await answer.text())).getFirstSubcomponent('vevent'))
    }
    const was = await event()
    assert.ok(was.uid && was.location.includes('Havukuja 3'))
    await w.click('times-child-move', 'main a[href$="/move"]')
    await w.click('times-child-sure', 'main .times li:last-child button')
    await w.click('times-child-moved', '#book .actions button')
    const is = await event()
    assert.equal(is.uid, was.uid)
    assert.ok(is.sequence > was.sequence && is.startDate.compare(was.startDate) !== 0)
    await w.click('times-child-cancel', 'main a[href$="/cancel"]')
    await w.page.locator('#reason').selectOption({ index: 1 })
    await w.click('times-child-cancelled', 'main form button.button--danger')
    await says(w, 'Your time is cancelled.')
    assert.equal(await w.page.locator('main a[href$="/time.ics"]').count(), 0)
})

test('a group without names: full, waiting, somebody leaves, offered and taken', async () => {
    const leads = await staff('worker')
    await leads.get('/en/staff/groups/new')
    const texts = Object.fromEntries(['fi', 'sv', 'en'].flatMap((l) => [['name.' + l, 'Quiet group'], ['text.' + l, 'Nobody asks your name.'], ['place.' + l, 'Room 1']]))
    await leads.submit(/groups\/new$/, { ...texts, places: '1', waiting: '5', offerHours: '24', names: 'none', whole: '1' })
    const ref = /\/staff\/group\/([\w-]+)/.exec(leads.page.path)?.[1]
    assert.ok(ref, leads.page.path)
    const does = async (kind, values) => {
        await leads.get(`/en/staff/group/${ref}`)
        await leads.submit((f) => f.action === `/en/staff/group/${ref}` && f.fields.some(([n, v]) => n === 'act' && v === kind), values)
    }
    await does('add', { first: day(20), minute: '13:00', minutes: '90', n: '2', every: '1' })
    await does('state', { state: 'open' })

    const one = await open('has'), two = await open('waits', { width: 360 })
    await one.goto(`/en/groups/${ref}`, 'times-group')
    assert.equal(await one.page.locator('[name=name]').count(), 0)
    await one.click('times-group-place', '#sign .actions button')
    await says(one, 'You have a place')
    const code = (await one.text('.code')).trim()
    await two.goto(`/en/groups/${ref}`, 'times-group-full')
    await two.page.locator('#phone').fill('040 123 4567')
    await two.click('times-group-waits', '#sign .actions button')
    await says(two, 'You are on the waiting list')
    const mine = async (w, opens) => {
        await w.goto('/en/groups/mine')
        await w.page.locator('#code').fill(opens)
        await go(w, 'main form .actions button')
    }
    const waits = (await two.text('.code')).trim()
    await mine(one, code)
    await one.click('times-group-left', 'button[name=act][value=leave]')
    await says(one, 'Your sign-up was cancelled')
    await mine(two, waits)
    await two.look('times-group-offered')
    await two.click('times-group-taken', 'button[value=accept]')
    await says(two, 'The place is yours')
})

test('a letter on paper: however long the address is, what it says stands under it', async () => {
    const w = await at('chief')
    await w.goto('/en/staff/outbox')
    await w.page.emulateMedia({ media: 'print' })
    const [address, words] = await w.page.evaluate((to) => {
        document.querySelector('main').innerHTML = '<section class="letter"><p class="letter__to pre"></p><h2>A time is booked</h2></section>'
        const p = document.querySelector('.letter__to'), range = document.createRange()
        p.textContent = to
        range.selectNodeContents(p)
        return [range.getBoundingClientRect().bottom, document.querySelector('.letter h2').getBoundingClientRect().top]
    }, `${'Nimi '.repeat(40)}\n1\n2\n3\n4\n5\n${'Katu '.repeat(35)} 01600 V`)
    assert.ok(address <= words + 1, `${address} ${words}`)
})

test('nothing was wider than its window, refused, missing or wrong', async () => {
    assert.deepEqual(findings, [])
    const { errors } = await validate(session)
    assert.deepEqual(errors, [])
})
