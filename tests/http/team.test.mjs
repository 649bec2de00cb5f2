// Teams over the socket: a rule tells which team gets a contact and the matter's history tells why; a head tries the rules; who
// says that they are in is seen by their team at once, and by no other; the day's numbers are the queue's.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { findMatter, makeContact, openMatter, staff as signedIn } from '../lib/people.mjs'
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
const staff = async (login, options) => visitors[visitors.push(await signedIn(server, login, options)) - 1]
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const say = (v, act, values = {}) => v.submit((f) => /staff\/me$/.test(f.action) && f.html.includes(`value="${act}"`), values, { button: ['act', act] })
const number = (page, words) => Number(new RegExp(`<b>(\\d+)</b> ${words}`).exec(page.text)[1])

test('a rule brings a contact to its team; the history says why; the day counts it', async () => {
    const worker = await staff('worker')
    await worker.get('/en/staff/day')
    const before = number(worker.page, 'came in today')
    const resident = visitor()
    const code = await makeContact(resident, { form: 'other', answers: { 'd.area': 'korso' } })
    const ref = await findMatter(worker, resident, code)
    await openMatter(worker, ref)
    says(worker.page, 'Why this team: subject: Something else; district: Korso')
    await worker.get('/en/staff/day')
    assertStrict(worker.page, 'the day')
    assert.equal(number(worker.page, 'came in today'), before + 1)
    // Somebody who has turned 75 goes to senior advice, where this professional has no sight.
    const old = visitor()
    await makeContact(old, { form: 'other', answers: { 'd.born.d': '1', 'd.born.m': '1', 'd.born.y': '1940' } })
    says(old.page, 'Senior advice team')
    await worker.get('/en/staff/day')
    assert.equal(number(worker.page, 'came in today'), before + 1)
})

test('a head tries the rules; others may not', async () => {
    const head = await staff('head')
    await head.get('/en/staff/routing?form=health&age=3')
    assertStrict(head.page, 'routing')
    says(head.page, 'It would go to: Maternity and child health team.')
    says(head.page, 'child-health')
    await head.get('/en/staff/routing?form=health&age=7&district=korso')
    says(head.page, 'It would go to: Nurse advice, north.')
    await head.get('/en/staff/routing?form=health')
    says(head.page, 'It would go to: Nurse advice, south.')
    await head.get('/en/staff/routing?form=%3Cb%3E&age=-1&district=%22&channel=x')
    assert.equal(head.page.status, 200)
    saysNot(head.page, 'It would go to')
    await (await staff('admin')).get('/en/staff/routing')
    assert.equal(visitors.at(-1).page.status, 200)
    const worker = await staff('worker')
    await worker.get('/en/staff/routing')
    assert.equal(worker.page.status, 403)
})

test('who is in: said with a button, seen by the team, by no other', async () => {
    const worker = await staff('worker'), head = await staff('head'), other = await staff('other')
    await worker.get('/en/staff/me')
    assertStrict(worker.page, 'oneself')
    says(worker.page, 'You have not said that you are in.')
    await say(worker, 'in-consult')
    says(worker.page, 'You are in, and colleagues can consult you.')
    await head.get('/en/staff/day')
    says(head.page, 'Veikko Worker')
    says(head.page, 'Can be consulted')
    await head.get('/en/staff/team/guidance')
    assertStrict(head.page, 'the own team')
    says(head.page, 'Veikko Worker')
    await other.get('/en/staff/team/guidance')
    assert.equal(other.page.status, 200)
    saysNot(other.page, 'Veikko Worker')
    says(other.page, '0200 00100')
    await say(worker, 'away', { until: '25:00' })
    assert.equal(worker.page.status, 422)
    says(worker.page, 'Write a time later today')
    await say(worker, 'away', { until: '23:59' })
    says(worker.page, 'Away until 23:59')
    await head.get('/en/staff/team/guidance')
    says(head.page, 'Away until 23:59')
    await worker.get('/en/staff/day')
    await say(worker, 'out')
    assert.match(worker.page.path, /\/staff\/day\?team=\d+$/)
    says(worker.page, 'You have not said that you are in.')
    await worker.get('/en/staff/me')
    await worker.submit((f) => f.html.includes('value="languages"'), { speaks: 'so' }, { button: ['act', 'languages'] })
    await head.get('/en/staff/team/guidance')
    says(head.page, 'Somali')
    await worker.get('/en/staff/me')
    const { _token } = Object.fromEntries(worker.page.form(/staff\/me$/).fields)
    await worker.post('/en/staff/me', { _token, act: 'fly' })
    assert.equal(worker.page.status, 400)
    await worker.get('/en/staff/team/nowhere')
    assert.equal(worker.page.status, 404)
})
