// Professionals at work over the socket: who may see what, every sight logged, one owner, nothing closed without a text.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import { RACERS, asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
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
    await tries(worker, ['answered', 'closed', 'assessed', 'handed-over', 'guided'])
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
    for (const kind of ['taken', 'released', 'assessed', 'contacted', 'missed', 'answered', 'handed-over', 'guided', 'noted', 'closed', 'reopened', 'details'])
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
        await Promise.all([act(a, 'taken', {}, { follow: false }), act(b, 'taken', {}, { follow: false })])
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
    await Promise.all(all.map((v) => act(v, 'taken', {}, { follow: false })))
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

test('handing over: a team and a reason; another register only when the resident agrees; then it is the others\'', async () => {
    const worker = await staff('worker')
    const other = await staff('other')
    const nurse = await staff('nurse')
    const m = await newMatter(worker)
    await openMatter(worker, m.ref)
    await act(worker, 'taken')
    await openMatter(worker, m.ref)
    const form = worker.page.form((f) => f.controls.some((c) => c.value === 'handed-over'))
    const teams = [...form.html.matchAll(/<option value="(\d+)"[^>]*>([^<]+)/g)].map((x) => ({ id: x[1], name: x[2] }))
    const health = teams.find((t) => /nurs/i.test(t.name) && /south|myyrm/i.test(t.name)) ?? teams.find((t) => /nurs/i.test(t.name))
    const social = teams.find((t) => /social/i.test(t.name) && /adult/i.test(t.name)) ?? teams.find((t) => /social/i.test(t.name))
    for (const values of [{ team: '', text: 'why' }, { team: social.id, text: '' }, { team: '999999', text: 'why' }, { team: health.id, text: 'why' }]) {
        await openMatter(worker, m.ref)
        await act(worker, 'handed-over', values)
        assert.ok([409, 422].includes(worker.page.status), `${JSON.stringify(values)}: ${worker.page.status}`)
    }
    await openMatter(worker, m.ref)
    await act(worker, 'handed-over', { team: health.id, text: 'A nurse is needed.', agreed: 'yes' })
    assert.equal(worker.page.status, 200)
    await openMatter(worker, m.ref)
    assert.equal(worker.page.status, 404, 'it is no longer this team\'s')
    assert.ok((await queue(nurse)).includes(m.ref), 'the other team has it')
    await openMatter(nurse, m.ref)
    says(nurse.page, 'A nurse is needed.')
    assert.ok(!(await queue(other)).includes(m.ref))
})

test('live: the queue hears of a new contact within a second', async () => {
    const worker = await staff('worker')
    await worker.get('/en/staff/')
    const url = /data-live="([^"]+)"/.exec(worker.page.text)[1]
    const events = []
    const req = http.get(server.url + url, { headers: { Cookie: worker.cookie } }, (res) => {
        assert.equal(res.statusCode, 200)
        assert.match(res.headers['content-type'], /^text\/event-stream/)
        res.on('data', (d) => events.push(d.toString()))
    })
    req.on('error', () => {})
    await sleep(300)
    const before = events.length
    await makeContact(visitor(), { answers: { 'q.what': 'something new' } })
    const until = Date.now() + 2000
    while (events.length === before && Date.now() < until)
        await sleep(20)
    assert.ok(events.slice(before).join('').includes('event: change'), JSON.stringify(events))
    req.destroy()
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
