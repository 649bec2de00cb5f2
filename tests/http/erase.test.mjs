// A matter is erased by command: who may, what is refused, what is left nowhere; killed in the middle it was erased or it was not. On
// PostgreSQL beside the running server; of a folder, which has one writer, when it has stopped.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { asialla, bareCounty, bin, engine, startServer, storeEnv, storeText } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { act, findMatter, makeContact, openByCode, openMatter, staff } from '../lib/people.mjs'

const data = bareCounty(), matters = []
let server
const numberOf = (page) => /Number of the matter, when you call: ([\w-]+)/.exec(page.text)?.[1]
const erase = (number, ...more) => asialla(['erase', number, '--data', data, ...more])
const WHO = ['--login', 'admin', '--reason', 'asked for by the person']

async function begin() {
    server = await startServer({ data, args: ['--contacts', '0'] })
}

// Over, but for the last one. Each resident has the page open.
before(async () => {
    await begin()
    const worker = await staff(server, 'worker')
    for (const name of ['Hilja Unohdettava', 'Vieno Katkaistu', 'Outi Avoinna']) {
        const resident = new Visitor(server), text = `${name.split(' ')[1]} writes about a knee.`
        const code = await makeContact(resident, { answers: { 'd.name': name, 'd.reach': 'message', text } })
        const ref = await findMatter(worker, resident, code)
        const number = numberOf(resident.page)
        await openMatter(worker, ref)
        await act(worker, 'taken')
        if (name !== 'Outi Avoinna') {
            await openMatter(worker, ref)
            await act(worker, 'closed', { outcome: 'advice', text: 'Rest it.' })
        }
        assert.ok(number && worker.page.status === 200)
        matters.push({ name, code, ref, number, resident, word: name.split(' ')[1] })
    }
    worker.close()
})
after(() => server.stop())

test('beside a server: a folder is its own, a database is shared', async () => {
    if (engine === 'sqlite') {
        const r = erase(matters[0].number, ...WHO)
        assert.equal(r.status, 1)
        assert.match(r.err, /in use by process \d+/)
        await server.stop()
    }
    assert.match(storeText(data), /Unohdettava/)
})

test('refused: who may not, no reason, no such number, what is not over', () => {
    const [first, , open] = matters
    const refused = [
        [first.number, /say who erases it and why/, '--login', 'admin'], [first.number, /say who/, '--reason', 'x'],
        [first.number, /no administrator/, '--login', 'worker', '--reason', 'x'], [first.number, /no administrator/, '--login', 'nobody', '--reason', 'x'],
        ['nonsense', /no matter has the number/, ...WHO], ["1' OR '1'='1", /no matter has/, ...WHO], [first.code, /no matter has/, ...WHO],
        [first.number.replace(/.$/, (c) => (c === '0' ? '1' : '0')), /no matter has/, ...WHO], [open.number, /close it first/, ...WHO],
        [first.number, /\S/, '--login', 'admin', '--reason', '   '],
    ]
    for (const [number, why, ...more] of refused) {
        const r = erase(number, ...more)
        assert.ok([1, 2].includes(r.status), `${number}: ${r.status}`)
        assert.match(r.err, why)
        assert.equal(r.out, '')
    }
    assert.equal(asialla(['erase', '--data', data]).status, 2)
    assert.match(storeText(data), /Unohdettava/)
})

test('erased: once, and nothing of it is in the store', async () => {
    const [m] = matters
    const first = erase(m.number, ...WHO)
    assert.deepEqual([first.status, first.out.trim()], [0, 'erased'], first.err)
    const again = erase(m.number, ...WHO)
    assert.equal(again.status, 1)
    assert.match(again.err, /no matter has the number/)
    assert.doesNotMatch(storeText(data), new RegExp(m.word))
    for (const how of [[], ['--figures']]) {
        const v = asialla(['verify', ...how, '--data', data])
        assert.equal(v.status, 0, v.out + v.err)
    }
})

test('killed at any moment it was erased or it was not', async () => {
    const m = matters[1], words = ['erase', m.number, '--data', data, ...WHO]
    for (let ms = 1, gone = false; ms < 400 && !gone; ms *= 2) {
        const child = spawn(bin, words, { env: { ...process.env, ...storeEnv(words) }, stdio: 'ignore' })
        const ended = new Promise((resolve) => child.on('close', resolve))
        await sleep(ms)
        child.kill('SIGKILL')
        await ended
        const v = asialla(['verify', '--figures', '--data', data])
        assert.equal(v.status, 0, v.out + v.err)
        gone = !new RegExp(m.word).test(storeText(data))
    }
    const last = erase(m.number, ...WHO)
    assert.ok(last.status === 0 || /no matter has the number/.test(last.err), last.err)
    assert.doesNotMatch(storeText(data), new RegExp(m.word))
})

test('who had it open has it no longer; the code, the number and the page lead nowhere; others stay', async () => {
    if (engine === 'sqlite')
        await begin()
    const [m, , open] = matters, v = new Visitor(server)
    const jar = new Map(m.resident.jar)
    v.jar = jar
    const page = await v.get('/en/status/matter')
    assert.doesNotMatch(page.text, new RegExp(m.word))
    assert.match(page.text, /name="code"/)
    await openByCode(v, m.code)
    assert.doesNotMatch(v.page.text, /Number of the matter/)
    const worker = await staff(server, 'worker')
    assert.equal((await openMatter(worker, m.ref)).status, 404)
    await worker.get(`/en/staff/?ref=${m.number}`)
    assert.doesNotMatch(worker.page.path, /\/staff\/matter\//)
    await openByCode(v, open.code)
    assert.match(v.page.text, /Number of the matter/)
    v.close()
    worker.close()
})
