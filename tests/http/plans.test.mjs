// Working plans over the socket: who sees them, who changes them, and that nothing is saved that was not shown.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { bareCounty, startServer } from '../lib/server.mjs'
import { staff as signedIn } from '../lib/people.mjs'

let server, head, worker
before(async () => {
    server = await startServer({ data: bareCounty() })
    head = await signedIn(server, 'head')
    worker = await signedIn(server, 'worker')
})
after(async () => {
    head.close()
    worker.close()
    await server.stop()
})

const EDIT = /\/plans\/person-worker\/edit$/
const day = (n) => new Date(Date.now() + n * 86400_000).toISOString().slice(0, 10)

test('a team sees its own calendars, in three languages', async () => {
    for (const lang of ['fi', 'sv', 'en']) {
        const all = await worker.get(`/${lang}/staff/plans`)
        assert.equal(all.status, 200)
        assert.match(all.text, /plans\/person-worker"/)
        assert.doesNotMatch(all.text, /plans\/person-nurse"/)
        assert.equal((await worker.get(`/${lang}/staff/plans/person-worker`)).status, 200)
        assert.equal((await worker.get(`/${lang}/staff/plans/tasks`)).status, 200)
    }
    assert.equal((await worker.get('/en/staff/plans/person-nurse')).status, 404)
    assert.equal((await worker.get('/en/staff/plans/nothing')).status, 404)
})

test('who is no head changes nothing', async () => {
    const page = await worker.get('/en/staff/plans/person-worker')
    assert.doesNotMatch(page.text, /\/edit/)
    assert.equal((await worker.get('/en/staff/plans/person-worker/edit?what=rule-added')).status, 403)
    assert.equal((await worker.post('/en/staff/plans/person-worker/edit', { _token: page.token, what: 'exception-added', why: 'leave', from: day(3) })).status, 403)
})

test('an absence is shown, then saved, once', async () => {
    await head.get('/en/staff/plans/person-worker/edit?what=exception-added')
    await head.submit(EDIT, { why: 'leave', from: day(3), to: day(3) })
    assert.equal(head.page.status, 200, head.page.text)
    assert.match(head.page.text, /No booked time is left without its hours/)
    const fields = Object.fromEntries(head.page.form(EDIT).fields)
    assert.doesNotMatch((await head.get('/en/staff/plans/person-worker')).text, /Other leave/, 'not saved by being shown')
    const saved = await head.post('/en/staff/plans/person-worker/edit', fields)
    assert.equal(saved.status, 200)
    assert.match(saved.text, /Exception added/)
    assert.match(saved.text, /Other leave/)
    assert.match(saved.text, /Helena Head/, 'the history tells who')
    const again = await head.post('/en/staff/plans/person-worker/edit', fields)
    assert.match(again.text, /Something has changed meanwhile/)
})

test('hours are changed from a day on, and what is wrong is told', async () => {
    const page = await head.get('/en/staff/plans/person-worker')
    const of = /rule-changed&amp;of=(\d+)/.exec(page.text)[1]
    await head.get(`/en/staff/plans/person-worker/edit?what=rule-changed&of=${of}`)
    await head.submit(EDIT, { from: day(30), start: '9', stop: '8:30' })
    assert.equal(head.page.status, 422)
    assert.match(head.page.text, /The hours must end after they begin/)
    await head.submit(EDIT, { from: day(30), start: '9.30', stop: '12:00' })
    assert.match(head.page.text, /9:30–12:00/)
    await head.submit(EDIT)
    assert.match(head.page.text, /Hours changed/)
    const week = await head.get(`/en/staff/plans/person-worker?week=${day(40)}`)
    assert.match(week.text, /9:30–12:00/)
})

test('forged changes are refused', async () => {
    const { token } = await head.get('/en/staff/plans/person-worker')
    const post = async (fields) => (await head.post('/en/staff/plans/person-worker/edit', { _token: token, ...fields })).status
    assert.equal(await post({ what: 'nothing' }), 400)
    assert.equal(await post({ what: 'imported' }), 400)
    assert.equal(await post({ what: 'exception-removed', of: '999999' }), 404)
    assert.equal(await post({ what: 'rule-ended', of: '999999', last: day(1) }), 404)
    assert.equal(await post({ what: 'exception-added', why: 'leave', from: 'soon' }), 422)
    assert.equal((await head.post('/en/staff/plans/person-nurse/edit', { _token: token, what: 'exception-added', why: 'leave', from: day(3) })).status, 404)
    assert.equal((await head.post('/en/staff/plans/tasks', { _token: token, task: '12345' })).status, 404)
})
