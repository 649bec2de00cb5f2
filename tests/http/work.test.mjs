// Professionals at work over the socket: who may see what, every sight logged, one owner, nothing closed without a text.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { RACERS, asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, insist, listen } from '../lib/client.mjs'
import { act, findMatter, makeContact, openByCode, openMatter, queue, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
const visitors = []
before(async () => { server = await startServer({ data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
async function staff(login) {
    return visitors[visitors.push(await signedIn(server, login)) - 1]
}

let serial = 0
// A contact of its own for each test: { resident, code, ref, text }.
async function newMatter(worker, { form = 'other', answers = {} } = {}) {
    const text = `number ${++serial} of the tests of work`
    const resident = visitor()
    const code = await makeContact(resident, { form, answers: { 'q.what': text, ...answers } })
    return { resident, code, text, ref: await findMatter(worker, resident, code) }
}

const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)

async function looks(m) {
    await openByCode(m.resident, m.code)
    const log = /<ul class="log">([^]*?)<\/ul>/.exec(m.resident.page.text)?.[1] ?? ''
    return [...log.matchAll(/<strong>([^<]+)/g)].map((x) => x[1])
}

test('the whole path: contact, queue, take, assess, write, close; the resident reads each step', async () => {
    const worker = await staff('worker')
    const m = await newMatter(worker, { answers: { 'd.name': 'Maija Meikäläinen', 'd.reach': 'message' } })
    await queue(worker)
    saysNot(worker.page, 'Maija Meikäläinen')
    saysNot(worker.page, m.text)
    await openMatter(worker, m.ref)
    says(worker.page, 'Maija Meikäläinen')
    await act(worker, 'taken')
    assert.equal(worker.page.status, 200)
    await openByCode(m.resident, m.code)
    says(m.resident.page, 'Veikko Worker')
    await openMatter(worker, m.ref)
    const assess = worker.page.form((f) => f.controls.some((c) => c.value === 'assessed'))
    const option = (name) => /<option value="([^"]+)"/.exec(new RegExp(`name="${name}"[^]*?</select>`).exec(assess.html)[0])[1]
    await act(worker, 'assessed', { urgency: 'week', reason: option('reason'), profession: option('profession'), text: 'For professionals only.' })
    assert.equal(worker.page.status, 200)
    await openMatter(worker, m.ref)
    await act(worker, 'answered', { text: 'We call you on Monday. <b>Bold</b>' })
    await openByCode(m.resident, m.code)
    says(m.resident.page, 'We call you on Monday. &lt;b&gt;Bold')
    saysNot(m.resident.page, 'For professionals only.')
    await m.resident.submit(/message$/, { text: 'Thank you, that is fine.' })
    await openMatter(worker, m.ref)
    says(worker.page, 'Thank you, that is fine.')
    await act(worker, 'closed', { outcome: 'advice', text: 'The advice is: rest.' })
    assert.equal(worker.page.status, 200)
    await openByCode(m.resident, m.code)
    says(m.resident.page, 'The advice is: rest.')
    assert.ok(!(await queue(worker)).includes(m.ref), 'a closed matter is not in the queue')
})

test('no text, no closing; no outcome, no closing; and what was written is not lost', async () => {
    const worker = await staff('worker')
    const m = await newMatter(worker)
    await openMatter(worker, m.ref)
    await act(worker, 'taken')
    for (const [values, kept] of [[{ outcome: 'advice', text: '' }], [{ outcome: 'advice', text: ' \n\t ' }], [{ outcome: '', text: 'I wrote this' }, 'I wrote this'],
        [{ outcome: 'nonsense', text: 'and this' }, 'and this'], [{ outcome: 'advice', text: 'x'.repeat(8001) }]]) {
        await openMatter(worker, m.ref)
        await act(worker, 'closed', values)
        assert.ok([409, 422].includes(worker.page.status), `${JSON.stringify(values).slice(0, 60)}: ${worker.page.status}`)
        assertStrict(worker.page, 'a refused closing')
        if (kept)
            says(worker.page, kept)
    }
    await openByCode(m.resident, m.code)
    assert.ok(m.resident.page.forms.some((f) => /cancel$/.test(f.action)), 'it is still open')
})

test('what is nobody\'s cannot be worked on; what is somebody else\'s neither', async () => {
    const worker = await staff('worker')
    const head = await staff('head')
    const m = await newMatter(worker)
    const tries = async (v, kinds) => {
        await openMatter(v, m.ref)
        const own = v.page.token
        for (const kind of kinds) {
            const r = await v.post(`/en/staff/matter/${m.ref}`, { _token: own, act: kind, text: 'a text', outcome: 'advice', urgency: 'now', reason: 'other', profession: 'nurse', team: '1' }, { follow: false })
            assert.ok([409, 422].includes(r.status), `${kind}: ${r.status}`)
        }
    }
    await tries(worker, ['answered', 'closed', 'assessed', 'asked', 'consult-asked', 'guided'])
    await openMatter(worker, m.ref)
    await act(worker, 'taken')
    await tries(head, ['answered', 'closed', 'assessed', 'taken'])
})

test("another team's matter is not there: its page, its every act, its queue, its stream", async () => {
    const worker = await staff('worker')
    const other = await staff('other')
    const m = await newMatter(worker)
    await openMatter(worker, m.ref)
    const kinds = new Set([...worker.page.text.matchAll(/name="act"[^>]*value="([\w-]+)"/g)].map((x) => x[1]))
    await act(worker, 'taken')
    await openMatter(worker, m.ref)
    for (const x of worker.page.text.matchAll(/name="act"[^>]*value="([\w-]+)"|<option value="((?:care|meeting|decision|service|assessment|need|doctor|supplement)[\w-]*)"/g))
        kinds.add(x[1] ?? x[2])
    for (const kind of ['taken', 'released', 'assessed', 'contacted', 'missed', 'answered', 'hand-offered', 'hand-taken', 'consult-asked', 'consult-answered', 'guided', 'noted', 'closed', 'reopened', 'details'])
        kinds.add(kind)
    await openMatter(other, m.ref)
    assert.equal(other.page.status, 404)
    await other.get('/en/staff/')
    const token = other.page.token
    for (const kind of kinds) {
        const r = await other.post(`/en/staff/matter/${m.ref}`, { _token: token, act: kind, text: 'a text', outcome: 'advice' })
        assert.equal(r.status, 404, kind)
    }
    assert.deepEqual((await queue(other)).filter((ref) => ref === m.ref), [])
    const team = /data-live="[^"]*team=(\d+)/.exec((await worker.get('/en/staff/')).text)[1]
    assert.equal((await other.get(`/en/staff/stream?team=${team}`)).status, 404)
    await other.get(`/en/staff/?team=${team}`)
    saysNot(other.page, m.ref)
    await openMatter(other, 'nonsense')
    assert.equal(other.page.status, 404)
    assert.deepEqual((await looks(m)).filter((n) => n === 'Olga Other'), [], 'who saw nothing is not in the log')
})

test('the administrator of the program sees no matter', async () => {
    const worker = await staff('worker')
    const m = await newMatter(worker)
    const admin = await staff('admin')
    await openMatter(admin, m.ref)
    assert.equal(admin.page.status, 404)
    assert.deepEqual(await queue(admin), [])
})

test('every sight is logged and the resident reads who it was', async () => {
    const worker = await staff('worker')
    const m = await newMatter(worker)
    assert.deepEqual(await looks(m), ['Veikko Worker'])
    const head = await staff('head')
    await queue(head)
    assert.deepEqual(await looks(m), ['Veikko Worker'], 'the queue tells nothing of a person')
    await openMatter(head, m.ref)
    assert.deepEqual((await looks(m)).sort(), ['Helena Head', 'Veikko Worker'])
    const racer = await staff('racer0')
    await racer.get('/en/staff/')
    const r = await racer.post(`/en/staff/matter/${m.ref}`, { _token: racer.page.token, act: 'closed', text: '' })
    assert.ok([409, 422].includes(r.status), String(r.status))
    assert.ok((await looks(m)).includes('Racer Number0'), 'a refused act that showed the matter is a sight')
})

test('two workers take one matter at once: one has it, the other is told who', async () => {
    const [a, b] = await Promise.all([staff('racer1'), staff('racer2')])
    for (let i = 0; i < 5; i++) {
        const m = await newMatter(a)
        await Promise.all([openMatter(a, m.ref), openMatter(b, m.ref)])
        await Promise.all([a, b].map((v) => insist(v, () => act(v, 'taken', {}, { follow: false }))))
        const won = [a, b].filter((v) => v.page.status === 303)
        assert.equal(won.length, 1, `${a.page.status} and ${b.page.status}`)
        const loser = won[0] === a ? b : a
        assert.equal(loser.page.status, 409)
        says(loser.page, won[0] === a ? 'Racer Number1' : 'Racer Number2')
        assertStrict(loser.page, 'who was late')
    }
})

test(`${RACERS} workers take one matter at once: exactly one has it`, async () => {
    const all = []
    for (let i = 0; i < RACERS; i++)
        all.push(await staff(`racer${i}`))
    const m = await newMatter(all[0])
    await Promise.all(all.map((v) => openMatter(v, m.ref)))
    await Promise.all(all.map((v) => insist(v, () => act(v, 'taken', {}, { follow: false }))))
    const won = all.filter((v) => v.page.status === 303)
    assert.equal(won.length, 1, all.map((v) => v.page.status).join())
    const name = `Racer Number${all.indexOf(won[0])}`
    for (const v of all.filter((x) => x !== won[0])) {
        assert.equal(v.page.status, 409)
        says(v.page, name)
    }
    await openByCode(m.resident, m.code)
    says(m.resident.page, name)
    await openMatter(won[0], m.ref)
    const fields = { _token: won[0].page.token, act: 'closed', outcome: 'advice', text: 'closed but once' }
    const closed = await Promise.all(Array.from({ length: 10 }, () => postBeside(won[0], `/en/staff/matter/${m.ref}`, fields)))
    assert.equal(closed.filter((r) => r.status === 303).length, 1, closed.map((r) => r.status).join())
    await openByCode(m.resident, m.code)
    const messages = /<ul class="messages">([^]*?)<\/ul>/.exec(m.resident.page.text)[1]
    assert.equal(messages.split('closed but once').length - 1, 1)
})

// A POST beside the visitor's own connection, with its cookie.
async function postBeside(v, path, fields) {
    const beside = visitor({ headers: { Cookie: v.cookie } })
    return beside.post(path, fields, { follow: false })
}

// The options of a list on the page that is open, by their group: { group: [{ value, name }] }.
function options(page, id) {
    const list = new RegExp(`<select id="${id}"[^]*?</select>`).exec(page.text)?.[0] ?? ''
    return Object.fromEntries([...list.matchAll(/<optgroup label="([^"]+)">([^]*?)<\/optgroup>/g)].map((g) =>
        [g[1], [...g[2].matchAll(/<option value="([^"]+)"[^>]*>([^<]+)/g)].map((x) => ({ value: x[1], name: x[2] }))]))
}
const receivers = (page) => {
    const all = options(page, 'hand-to')
    const [same, across, outside] = ['Teams of the same', 'Teams of another', 'Other org'].map((w) => Object.entries(all).find(([k]) => k.startsWith(w))?.[1] ?? [])
    return { same, across, outside }
}

// A matter that this worker has.
async function taken(worker, more) {
    const m = await newMatter(worker, more)
    await openMatter(worker, m.ref)
    await act(worker, 'taken')
    await openMatter(worker, m.ref)
    return m
}

test('out of the register goes only what was shown and agreed, word by word; the receiver sees nothing else', async () => {
    const worker = await staff('worker')
    const nurse = await staff('nurse')
    const m = await taken(worker, { answers: { 'd.name': 'Maija Meikäläinen', 'd.reach': 'call', 'd.phone': '040 123 4567' } })
    await act(worker, 'noted', { text: 'a note of our own' })
    await openMatter(worker, m.ref)
    const to = receivers(worker.page).across.find((t) => /nurs/i.test(t.name))
    assert.ok(to, 'a nurse\'s team is in another register')
    await act(worker, 'hand-offered', { to: to.value, text: 'why, for us alone' })
    assert.equal(worker.page.status, 200)
    assertStrict(worker.page, 'what is told')
    const send = (values) => worker.submit((f) => f.id === 'hand-form' || /name="why"/.test(f.html), values)
    await send({ part: '', text: '', step: 'show' })
    assert.equal(worker.page.status, 422, 'nothing is told')
    await send({ part: 'name', text: 'Needs a nurse for a wound.', step: 'show' })
    const told = /id="told-words">([^<]*)/.exec(worker.page.text)[1]
    assert.equal(told, 'Name: Maija Meikäläinen\n\nNeeds a nurse for a wound.')
    await send({ part: 'name', text: 'Needs a nurse for a wound.', how: 'phone', agreed: '', step: 'send' })
    assert.equal(worker.page.status, 422, 'without agreement nothing is sent')
    await send({ part: 'name', text: 'Needs a nurse for a wound.', how: '', agreed: 'yes', step: 'send' })
    assert.equal(worker.page.status, 422, 'how they agreed')
    await send({ part: 'name', text: 'Something else.', how: 'phone', agreed: 'yes', step: 'send' })
    assert.equal(worker.page.status, 422, 'what was not shown is not sent')
    const before = await queue(nurse)
    await send({ part: 'name', text: 'Needs a nurse for a wound.', how: 'phone', agreed: 'yes', step: 'show' })
    await send({ part: 'name', text: 'Needs a nurse for a wound.', how: 'phone', agreed: 'yes', step: 'send' })
    assert.equal(worker.page.status, 200)
    says(worker.page, 'Offered to')
    const carrier = (await queue(nurse)).find((ref) => !before.includes(ref))
    assert.ok(carrier && carrier !== m.ref, 'the receiver has a matter of its own')
    await openMatter(nurse, carrier)
    says(nurse.page, 'Needs a nurse for a wound.')
    says(nurse.page, 'Maija Meikäläinen')
    for (const secret of [m.text, m.ref, 'a note of our own', 'why, for us alone', '040 123 4567'])
        saysNot(nurse.page, secret)
    await openMatter(nurse, m.ref)
    assert.equal(nurse.page.status, 404)
    await openMatter(worker, carrier)
    assert.equal(worker.page.status, 404)
    await openMatter(nurse, carrier)
    await act(nurse, 'hand-taken')
    assert.equal(nurse.page.status, 200)
    await openMatter(worker, m.ref)
    says(worker.page, 'Taken over by the receiver')
    // For the resident the two are one: one page, and each receiver is written to by itself.
    await openMatter(nurse, carrier)
    await act(nurse, 'answered', { text: 'Come and show the wound.' })
    await openByCode(m.resident, m.code)
    for (const text of ['Come and show the wound.', 'What we told them, as you agreed', 'For whom is your message?'])
        says(m.resident.page, text)
    await m.resident.submit((f) => /message$/.test(f.action), { to: carrier, text: 'It bleeds again.' })
    says(m.resident.page, 'Your message was sent.')
    await openMatter(nurse, carrier)
    says(nurse.page, 'It bleeds again.')
    await openMatter(worker, m.ref)
    saysNot(worker.page, 'It bleeds again.')
    await openByCode(m.resident, m.code)
    await m.resident.submit((f) => /message$/.test(f.action), { to: m.ref, text: 'And my rent?' })
    await openMatter(nurse, carrier)
    saysNot(nurse.page, 'And my rent?')
    await openMatter(worker, m.ref)
    says(worker.page, 'And my rent?')
})

test('two who are offered a matter take it at once: one has it', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    const { same } = receivers(worker.page)
    const logins = ['other', 'nurse', 'doctor', 'head']
    for (const login of logins) {
        const v = await staff(login).catch(() => null)
        const own = v && /<h1>Queue: ([^<]+)/.exec(v.page.text)?.[1]
        const to = own && same.find((t) => t.name.startsWith(own))
        if (!to)
            continue
        await openMatter(worker, m.ref)
        await act(worker, 'hand-offered', { to: to.value, text: 'It is theirs.' })
        says(worker.page, 'Offered to')
        assert.ok((await queue(worker)).includes(m.ref), 'it stays the sender\'s')
        await v.get('/en/staff/')
        says(v.page, 'Handed over to us, not taken')
        await openMatter(v, m.ref)
        assert.equal(v.page.status, 200)
        assert.ok(!/act-write/.test(v.page.text), 'nothing but taking and declining')
        const race = await Promise.all([0, 1].map(() => postBeside(v, `/en/staff/matter/${m.ref}`, { _token: v.page.token, act: 'hand-taken' })))
        assert.ok(race.every((r) => [303, 409].includes(r.status)), race.map((r) => r.status).join())
        await openMatter(worker, m.ref)
        assert.equal(worker.page.status, 404, 'it is theirs now')
        return
    }
    assert.fail(`none of ${logins} is of a team of the same register`)
})

test('a colleague who is asked sees the matter, answers there, and does nothing else', async () => {
    const worker = await staff('worker')
    const other = await staff('other')
    const m = await taken(worker)
    const all = Object.entries(options(worker.page, 'consult-to')).flatMap(([group, list]) => list.map((o) => ({ ...o, group })))
    const own = /<h1>Queue: ([^<]+)/.exec((await other.get('/en/staff/')).text)[1]
    const to = all.find((o) => o.group === own)
    if (!to)
        assert.fail("no colleague")
    await openMatter(other, m.ref)
    assert.equal(other.page.status, 404)
    await openMatter(worker, m.ref)
    await act(worker, 'consult-asked', { to: to.value, text: 'Have you met this before?' })
    assert.equal(worker.page.status, 200)
    await other.get('/en/staff/consults')
    says(other.page, m.ref)
    saysNot(other.page, 'Have you met this before?')
    await openMatter(other, m.ref)
    assert.equal(other.page.status, 200)
    says(other.page, 'Have you met this before?')
    assert.ok((await looks(m)).includes('Olga Other'), 'the look is logged')
    await openMatter(other, m.ref)
    const token = other.page.token
    for (const kind of ['noted', 'answered', 'closed', 'taken', 'hand-taken', 'consult-asked'])
        assert.equal((await postBeside(other, `/en/staff/matter/${m.ref}`, { _token: token, act: kind, text: 'x', outcome: 'advice' })).status, 404, kind)
    await act(other, 'consult-answered', { text: 'Yes, call the ward.' })
    assert.equal(other.page.status, 200)
    await openMatter(worker, m.ref)
    says(worker.page, 'Yes, call the ward.')
    says(worker.page, 'answered in')
    await act(worker, 'closed', { outcome: 'advice', text: 'Done.' })
    await openMatter(other, m.ref)
    assert.equal(other.page.status, 404, 'sight ends with the matter')
    await openByCode(m.resident, m.code)
    saysNot(m.resident.page, 'Yes, call the ward.')
})

test('who comes second is told: presence on the page and in the queue; an act over another\'s is shown, not done', async () => {
    const worker = await staff('worker')
    const head = await staff('head')
    const m = await taken(worker)
    const form = worker.page
    await openMatter(head, m.ref)
    says(head.page, 'Veikko Worker has this open.')
    const post = (v, path, fields) => postBeside(v, `/en/staff/matter/${m.ref}${path}`, { _token: v.page.token, ...fields })
    const own = /name="page" value="(\d+)"/.exec(worker.page.text)[1]
    assert.equal((await post(worker, '/presence', { page: own, state: 'writing' })).status, 200)
    await openMatter(head, m.ref)
    says(head.page, 'Veikko Worker has this open and is writing.')
    await queue(head)
    says(head.page, 'Veikko Worker has this open and is writing.')
    assert.equal((await post(worker, '/presence', { page: own, state: 'left' })).status, 200)
    await openMatter(head, m.ref)
    saysNot(head.page, 'Veikko Worker has this open')
    const seen = /name="seen" value="(\d+)"/.exec(form.text)[1]
    await act(head, 'noted', { text: 'They called: it is over.' })
    const late = await post(worker, '', { act: 'answered', seen, text: 'A long answer, well meant.' })
    assert.equal(late.status, 409)
    says(late, 'They called: it is over.')
    says(late, 'A long answer, well meant.</textarea>')
    says(late, 'Do it all the same')
    await openByCode(m.resident, m.code)
    saysNot(m.resident.page, 'A long answer, well meant.')
    const again = /name="seen" value="(\d+)"/.exec(late.text)[1]
    assert.notEqual(again, seen)
    assert.equal((await post(worker, '', { act: 'noted', seen, text: 'A note stands beside.' })).status, 303)
    assert.equal((await post(worker, '', { act: 'answered', seen: again, text: 'A long answer, well meant.' })).status, 303)
    await openByCode(m.resident, m.code)
    says(m.resident.page, 'A long answer, well meant.')
})

test('asking back: the resident reads the question, the matter stays open, the answer comes to it', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    await act(worker, 'asked', { text: 'Since when has it hurt?' })
    assert.equal(worker.page.status, 200)
    says(worker.page, 'The resident was asked')
    await openByCode(m.resident, m.code)
    says(m.resident.page, 'Since when has it hurt?')
    await m.resident.submit(/message$/, { text: 'Since Monday.' })
    await openMatter(worker, m.ref)
    says(worker.page, 'Since Monday.')
    assert.ok(!/class="tag">The resident was asked/.test(worker.page.text))
})

test('live: a page that asks for its parts gets <main> alone', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    const part = await new Visitor(server, { headers: { Cookie: worker.cookie, 'X-Part': 'live' } }).get(`/en/staff/matter/${m.ref}`)
    assert.ok(!part.text.includes('<header') && part.text.includes('id="live-told"'))
})

test('live: the queue hears of a new contact within a second', async () => {
    const worker = await staff('worker')
    await worker.get('/en/staff/')
    const url = /data-live="([^"]+)"/.exec(worker.page.text)[1]
    const stream = await listen(server.url + url, { Cookie: worker.cookie })
    assert.equal(stream.status, 200)
    assert.match(stream.headers['content-type'], /^text\/event-stream/)
    const took = []
    for (let i = 0; i < 10 && !(Math.min(...took) < 1000); i++) { // at best of ten: a busy machine takes its time, a poll always does
        stream.text = ''
        await makeContact(visitor(), { answers: { 'q.what': 'something new' } })
        const answered = Date.now()
        await stream.until(/event: change/)
        took.push(Date.now() - answered)
    }
    assert.ok(Math.min(...took) < 1000, `told after ${took.join(' and ')} ms`)
    stream.close()
})

test('markup in what professionals write comes out as text, everywhere', async () => {
    const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
    const worker = await staff('worker')
    const m = await newMatter(worker, { answers: { 'd.name': evil.slice(0, 60), 'q.wish': evil } })
    assertStrict(worker.page, 'the matter')
    await act(worker, 'taken')
    for (const [kind, values] of [['noted', { text: evil }], ['answered', { text: evil }]]) {
        await openMatter(worker, m.ref)
        await act(worker, kind, values)
        assert.equal(worker.page.status, 200, kind)
    }
    await openMatter(worker, m.ref)
    assertStrict(worker.page, 'the matter')
    await worker.get(`/en/staff/matter/${m.ref}?find=${encodeURIComponent(evil)}`)
    assertStrict(worker.page, 'a search for a service')
    await worker.get(`/en/staff/?ref=${encodeURIComponent(evil)}&who=${encodeURIComponent(evil)}&lang=${encodeURIComponent(evil)}`)
    assertStrict(worker.page, 'the queue')
    await openByCode(m.resident, m.code)
    assertStrict(m.resident.page, 'the status page')
})
