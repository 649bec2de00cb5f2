// Two servers on one database: what one has done the other knows; what is done once is done once; whoever comes first has it,
// wherever they came in; and when one goes the other goes on.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import http from 'node:http'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PASSWORD, RACERS, asialla, bareCounty, long, releaseBin, root, startServer, storeOf, tempDir } from '../lib/server.mjs'
import { Visitor, insist, request, sleep } from '../lib/client.mjs'
import { Load, NO_LIMITS as ARGS, address, newOnce, sendSurely } from '../lib/load.mjs'
import { FORM, act, codeOf, contactTemplate, findMatter, makeContact, openByCode, openMatter, staff as signedIn } from '../lib/people.mjs'
import { createDatabase, psql } from '../lib/postgres.mjs'
import { health, metric, until } from '../lib/trouble.mjs'

let url, folder, servers, a, b
const visitors = []

const begin = (data) => startServer({ data, args: ARGS, env: { ASIALLA_STORE: url } })
const command = (args, options = {}) => asialla([...args, '--data', folder], { env: { ASIALLA_STORE: url }, ...options })
function beside(from) {
    const to = tempDir()
    copyFileSync(path.join(from, 'key'), path.join(to, 'key'))
    return to
}

before(async () => {
    folder = bareCounty()
    url = storeOf(folder)
    servers = [a, b] = [await begin(folder), await begin(beside(folder))]
})

after(async () => {
    for (const v of visitors)
        v.close()
    for (const s of servers ?? [])
        await s.stop()
    verify()
})

function verify() {
    const r = command(['verify'], { using: releaseBin })
    assert.equal(r.status, 0, r.out + r.err)
    return r.out
}

const keep = (v) => visitors[visitors.push(v) - 1]
const visitor = (server) => keep(new Visitor(server))
// Signed in on one server, at work on another.
async function staff(login, at = a) {
    const v = keep(await signedIn(a, login))
    v.base = at.url
    v.agent.destroy()
    v.agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    return v
}

let serial = 0
async function newMatter(at = a) {
    const text = `number ${++serial} of the tests of several`
    const resident = visitor(at)
    const code = await makeContact(resident, { form: 'other', answers: { 'q.what': text } })
    return { resident, code, text, ref: await findMatter(await staff('worker', at), visitor(at), code) }
}

async function leaders() {
    const all = await Promise.all(servers.map(health))
    return servers.filter((_, i) => all[i].leads)
}
const sealed = () => until('everything is sealed', () => / 0 rows not sealed/.test(verify()))

// ---- what one knows the other knows ----

test('a session made on one server works on the other at once, and its end is the end on both', async () => {
    const here = visitor(a)
    await here.signIn('other', PASSWORD)
    const there = visitor(b)
    there.jar = new Map(here.jar)
    await there.get('/en/staff/', { follow: false })
    assert.equal(there.page.status, 200)
    await there.submit(/\/sign-out$/)
    await here.get('/en/staff/', { follow: false })
    assert.notEqual(here.page.status, 200)
})

test('a receipt code made on one server opens on the other', async () => {
    const m = await newMatter(a)
    const other = visitor(b)
    await openByCode(other, m.code)
    assert.equal(other.page.status, 200)
    assert.ok(other.page.text.includes(m.text))
})

test('somebody who is added by a command can sign in on both', async () => {
    const r = command(['user', 'add', '--login', 'newcomer', '--name', 'Nea Newcomer', '--role', 'worker', '--team', 'guidance'], { input: PASSWORD + '\n' })
    assert.equal(r.status, 0, r.err)
    for (const s of servers) {
        const v = visitor(s)
        await v.signIn('newcomer', PASSWORD)
        assert.deepEqual([v.page.status, v.jar.size], [200, 1])
    }
})

test('services that are imported show on both within moments', async (t) => {
    const data = (name) => path.join(root, 'data', 'county', `${name}.json`)
    const shown = async (s) => /href="\/en\/found\//.test((await request(s.url + '/en/search?q=nurse')).text)
    assert.deepEqual(await Promise.all(servers.map(shown)), [false, false])
    const r = command(['import', 'ptv', data('organizations'), data('channels'), data('services-health')])
    assert.equal(r.status, 0, r.out + r.err)
    const times = await Promise.all(servers.map((s) => until('the services are there', () => shown(s))))
    t.diagnostic(`shown after ${times.join(' and ')} ms`)
})

// Listens to a stream; the moments at which events came.
function listen(v, path) {
    return new Promise((resolve, reject) => {
        const req = http.get(v.base + path, { headers: { Cookie: v.cookie, Accept: 'text/event-stream' } }, (res) => {
            const heard = { at: [], end: () => req.destroy() }
            assert.equal(res.statusCode, 200)
            res.on('data', (d) => { if (/^event:/m.test(String(d))) heard.at.push(Date.now()) })
            res.on('error', () => {})
            setTimeout(() => resolve(heard), 300)
        }).on('error', reject)
    })
}

test('a live page on one server hears of a commit on the other', async (t) => {
    const worker = await staff('worker', b)
    await worker.get('/en/staff/')
    const live = /data-live="([^"]+)"/.exec(worker.page.text)[1].replaceAll('&amp;', '&')
    const heard = await listen(worker, live)
    const template = await contactTemplate(a)
    const times = []
    for (let i = 0; i < (long ? 50 : 15); i++) {
        const before = heard.at.length
        assert.equal((await sendSurely(a, template)).status, 200)
        const answered = Date.now()
        await until('it is heard', () => heard.at.length > before)
        times.push(heard.at[before] - answered)
        await sleep(150) // what comes within a beat is one event
    }
    heard.end()
    times.sort((x, y) => x - y)
    t.diagnostic(`after the answer: median ${times[times.length >> 1]} ms, at most ${times.at(-1)} ms`)
})

// ---- what is counted together ----

// One server has had all the tries of a minute; the other, which counts as many by itself, refuses before that: it has been told.
// Who tries is another each time, for a machine that takes so long for them that tries are forgotten meanwhile has told nothing.
async function countedTogether(perMinute, tries) {
    for (const ask of tries) {
        const began = Date.now()
        const statuses = []
        for (let i = 0; i < perMinute; i++)
            statuses.push(await ask(a))
        assert.ok(!statuses.includes(429), statuses.join())
        let more = 0
        for (; more < perMinute - 1 && await ask(b) !== 429; more++)
            await sleep(1000)
        if (more < perMinute - 1)
            return
        assert.ok(Date.now() - began > 25_000 && ask !== tries.at(-1), `${more} tries more at the other server`)
    }
}

test('tries are counted together: receipt codes', async () => {
    await countedTogether(10, Array.from({ length: 4 }, () => {
        const headers = { ...FORM, 'X-Forwarded-For': address() }
        return async (s) => (await request(s.url + '/en/status', { method: 'POST', headers, body: 'code=AAAA-AAAA-AAAA-AAAA' })).status
    }))
})

test('tries are counted together: passwords', async () => {
    await countedTogether(6, ['nurse', 'head', 'admin', 'nobody'].map((login) => async (s) => {
        const v = visitor(s)
        await v.signIn(login, 'not the password')
        return v.page.status
    }))
})

// ---- races ----

test(`${RACERS} workers at two servers take one matter at once: exactly one has it`, async () => {
    const all = []
    for (let i = 0; i < RACERS; i++)
        all.push(await staff(`racer${i}`, servers[i % 2]))
    for (let round = 0; round < (long ? 20 : 3); round++) {
        const m = await newMatter(servers[round % 2])
        await Promise.all(all.map((v) => openMatter(v, m.ref)))
        await Promise.all(all.map((v) => insist(v, () => act(v, 'taken', {}, { follow: false }))))
        const won = all.filter((v) => v.page.status === 303)
        assert.equal(won.length, 1, all.map((v) => v.page.status).join())
        const name = `Racer Number${all.indexOf(won[0])}`
        for (const v of all.filter((x) => x !== won[0])) {
            assert.equal(v.page.status, 409)
            assert.ok(v.page.text.includes(name), `${v.page.title} does not say who has it`)
        }
    }
})

test('the same form sent to both at once is one matter with one code', async () => {
    const template = await contactTemplate(a)
    for (let i = 0; i < 10; i++) {
        const once = newOnce('twice')
        const answers = await Promise.all(Array.from({ length: 6 }, (_, n) =>
            sendSurely(servers[n % 2], template, once, { 'q.what': `the double number ${i}.` })))
        assert.deepEqual(answers.map((r) => r.status), [200, 200, 200, 200, 200, 200])
        assert.equal(new Set(answers.map(codeOf)).size, 1)
        assert.equal(psql(url, `SELECT count(DISTINCT matter) FROM matter_event WHERE body LIKE '%the double number ${i}.%'`).trim(), '1')
    }
})

test('messages written to one matter through both servers at once are all there', async () => {
    const m = await newMatter()
    const writers = []
    for (let n = 0; n < 8; n++) {
        writers.push(visitor(servers[n % 2]))
        await openByCode(writers[n], m.code)
    }
    await Promise.all(writers.map((v, n) => insist(v, () => v.submit(/\/message$/, { text: `the message number ${n}.` }, { follow: false }))))
    assert.deepEqual(writers.map((v) => v.page.status), writers.map(() => 303))
    await openByCode(m.resident, m.code)
    for (let n = 0; n < 8; n++)
        assert.ok(m.resident.page.text.includes(`the message number ${n}.`))
    verify()
})

test('of 64 clients on two servers less than half is run twice', async (t) => {
    const sum = async (name) => (await Promise.all(servers.map((s) => metric(s, name)))).reduce((x, y) => x + y)
    const before = { jobs: await sum('write_jobs_total'), retries: await sum('write_retries_total') }
    const load = new Load(servers, await contactTemplate(a), { name: 'many', again: true, clients: 64 })
    const running = load.run()
    await sleep(long ? 10_000 : 3000)
    load.stopped = true
    await running
    const jobs = await sum('write_jobs_total') - before.jobs
    const retries = await sum('write_retries_total') - before.retries
    t.diagnostic(`${jobs} jobs, ${(1000 * retries / jobs).toFixed(1)} of 1,000 run again; ${load.count('refused')} times refused; slowest answer ${load.slowest} ms`)
    assert.ok(retries < jobs / 2, `${retries} of ${jobs}`)
    await load.everythingIsThere(b)
})

// ---- what is done once, and who goes ----

test('one leads; when it is killed under load the other does, and goes on sealing', async (t) => {
    await until('one leads', async () => (await leaders()).length === 1)
    for (let i = 0; i < 20; i++)
        assert.ok((await leaders()).length <= 1)
    let leader
    await until('one leads yet', async () => ([leader] = await leaders()).length === 1)
    const other = servers.find((s) => s !== leader)
    const load = new Load(servers, await contactTemplate(a), { name: 'leader', again: true, clients: 8 })
    const running = load.run()
    await sleep(1000)
    await leader.kill()
    load.urls = [other.url] // who divides requests has noticed
    const took = await until('the other leads', async () => (await health(other)).leads)
    await sleep(1000)
    load.stopped = true
    await running
    t.diagnostic(`the other leads after ${took} ms; ${load.answered.size} contacts answered`)
    await load.everythingIsThere(other)
    await sealed()
    servers[servers.indexOf(leader)] = await begin(leader.data)
    ;[a, b] = servers
})

test('one server stops and one is killed under load: the others have all that was answered', async (t) => {
    const third = await begin(beside(folder))
    const load = new Load([...servers, third], await contactTemplate(a), { name: 'going', again: true, clients: 12 })
    const running = load.run()
    await sleep(700)
    await b.stop()
    await sleep(300)
    await third.kill()
    await sleep(700)
    load.stopped = true
    await running
    t.diagnostic(`${load.answered.size} answered, ${load.count('refused')} times refused, ${load.count('cut')} cut, slowest ${load.slowest} ms`)
    servers = [a, b = await begin(b.data)]
    for (const s of servers)
        await load.everythingIsThere(s)
    await sealed()
})

// ---- beginning ----

test('a server with another key is refused, and told what to do', () => {
    const serve = (data) => asialla(['serve', '--data', data, '--listen', '127.0.0.1:0'], { env: { ASIALLA_STORE: url } })
    const stranger = tempDir()
    const without = serve(stranger)
    assert.notEqual(without.status, 0)
    assert.match(without.err, /Copy the file "key" here from the data folder of a server that uses this store already/)
    assert.ok(!existsSync(path.join(stranger, 'key')))
    const wrong = beside(folder)
    const key = readFileSync(path.join(wrong, 'key'))
    key[0] ^= 1
    writeFileSync(path.join(wrong, 'key'), key)
    const another = serve(wrong)
    assert.notEqual(another.status, 0)
    assert.match(another.err, /is not the one that this store was begun with/)
})

test('servers that begin an empty database at the same moment: one begins it, the others say what they need', async () => {
    for (let round = 0; round < (long ? 10 : 2); round++) {
        const env = { ASIALLA_STORE: createDatabase() }
        const started = await Promise.allSettled([0, 1, 2].map(() => startServer({ env })))
        const up = started.filter((s) => s.status === 'fulfilled').map((s) => s.value)
        const refused = started.filter((s) => s.status === 'rejected').map((s) => String(s.reason))
        for (const s of up)
            await s.stop()
        assert.equal(up.length, 1, refused.join('\n'))
        for (const why of refused)
            assert.match(why, /Copy the file "key"/)
        const more = await Promise.all([0, 1].map(() => startServer({ data: beside(up[0].data), env })))
        for (const s of more)
            await s.stop()
    }
})
