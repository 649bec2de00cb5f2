// The store in trouble, on PostgreSQL: connections that are cut again and again under load, a server that is stopped, killed,
// read-only, without room. Answers are 200, or 503 with when to try again; whoever was answered is there, once; pages that need
// no database go on; and when the trouble is over, so is the state, without a restart.
import { after } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, engine, isRoot, long, onPostgres as test, startServer, storeOf } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { FORM, codeOf, contactTemplate, openByCode } from '../lib/people.mjs'
import { becomes, stateOf } from '../lib/trouble.mjs'
import { Cluster, psql } from '../lib/postgres.mjs'

const ARGS = ['--contacts', '0', '--proxy', '127.0.0.1']
const OPEN = ['/health', '/en/', '/fi/', '/en/search?q=dentist', '/en/contact', '/en/privacy', '/en/accessibility', '/en/sign-in', '/en/status']
let serial = 0
const once = () => `pg-trouble-${process.pid}-${String(++serial).padStart(16, '0')}`
const send = (server, t, key = once()) => request(server.url + t.path, { method: 'POST', headers: FORM, body: t.body(key) })
const times = (text, words) => text.split(words).length - 1

// A server of its own, made the run's server for this file, with room for what is put on it.
let disk
function ownCluster() {
    const cluster = new Cluster()
    disk = isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', cluster.folder]).status === 0 ? cluster.folder : null
    cluster.own(cluster.folder)
    return cluster.start()
}
const cluster = engine === 'postgresql' ? ownCluster() : null
if (cluster)
    process.env.ASIALLA_PG = cluster.address()
after(async () => {
    if (disk)
        spawnSync('umount', ['-l', disk])
    await cluster?.remove()
})

const cut = (data) => cluster.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${/\/(t_\w+)/.exec(storeOf(data))[1]}'`)

// Contacts from many at once, each sent again as it is until it is answered, until stop(); what was answered: codes by key.
function load(server, t, many = 8) {
    const answered = new Map()
    const seen = { 503: 0, unsure: 0 }
    let on = true
    const one = async () => {
        while (on) {
            const key = once()
            for (;;) {
                const r = await send(server, t, key)
                if (r.status === 200) {
                    answered.set(key, codeOf(r))
                    break
                }
                assert.equal(r.status, 503)
                assert.ok(Number(r.headers['retry-after']) > 0)
                seen[503]++
                seen.unsure += /We do not know/.test(r.text)
                await sleep(50)
            }
        }
    }
    const all = Promise.all(Array.from({ length: many }, one))
    return { answered, seen, stop: async () => { on = false; await all } }
}

async function assertAll(server, data, answered) {
    for (const code of [...answered.values()].filter((_, i, all) => i % Math.ceil(all.length / 20) === 0)) {
        const v = new Visitor(server)
        await openByCode(v, code)
        assert.equal(v.page.path, '/en/status/matter')
        v.close()
    }
    await server.stop()
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
    assert.equal(Number(/(\d+) matters/.exec(r.out)[1]), answered.size, 'each that was answered is there, once')
}

test('connections cut again and again under load: no answered contact is lost, none is there twice', async (t) => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const work = load(server, await contactTemplate(server))
    for (let i = 0; i < (long ? 100 : 20); i++) {
        await sleep(200)
        cut(data)
    }
    await work.stop()
    t.diagnostic(`${work.answered.size} contacts answered, ${work.seen[503]} times 503, ${work.seen.unsure} of them unsure`)
    assert.ok(work.answered.size > 50)
    await becomes(server, 'writing', 'well', 3000)
    await assertAll(server, data, work.answered)
})

for (const seconds of long ? [3, 10] : [3])
    test(`a server that is stopped for ${seconds} s under load: "away", said once; pages without a database go on; back by itself`, async (t) => {
        const data = bareCounty()
        const server = await startServer({ data, args: ARGS })
        const work = load(server, await contactTemplate(server))
        await sleep(500)
        cluster.stop('fast')
        await becomes(server, 'writing', 'away', 2000)
        assert.equal((await stateOf(server)).reading, 'away')
        assert.equal((await request(server.url + '/health/ready')).status, 503)
        for (const url of OPEN) {
            const began = Date.now()
            assert.equal((await request(server.url + url)).status, 200, url)
            assert.ok(Date.now() - began < 1000, `${url} did not wait for the database`)
        }
        const form = await request(server.url + '/en/contact/other')
        assert.equal(form.status, 503)
        assert.match(form.text, /We cannot show this page just now/)
        await sleep(seconds * 1000)
        cluster.start()
        const back = Math.max(await becomes(server, 'writing', 'well'), await becomes(server, 'reading', 'well'))
        t.diagnostic(`well again ${back} ms after the database`)
        assert.equal(times(server.log, 'writing: the database server cannot be reached'), 1, server.log)
        await sleep(300)
        await work.stop()
        await assertAll(server, data, work.answered)
    })

test('a server whose every process is killed under load, and started again: all that was answered is there', async (t) => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const work = load(server, await contactTemplate(server))
    for (let i = 0; i < (long ? 10 : 2); i++) {
        await sleep(600)
        cluster.kill()
        rmSync(path.join(cluster.data, 'postmaster.pid'), { force: true })
        await becomes(server, 'writing', 'away', 2000)
        cluster.start()
        await becomes(server, 'writing', 'well')
    }
    await work.stop()
    t.diagnostic(`${work.answered.size} contacts answered, ${work.seen[503]} times 503, ${work.seen.unsure} of them unsure`)
    await assertAll(server, data, work.answered)
})

test('a database that is set to read-only: "read-only", readers go on, well again by itself', async () => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const t = await contactTemplate(server)
    const v = new Visitor(server)
    await openByCode(v, codeOf(await send(server, t)))
    const set = (word) => { cluster.psql(`ALTER DATABASE ${/\/(t_\w+)/.exec(storeOf(data))[1]} SET default_transaction_read_only = ${word}`) }
    set('on')
    cut(data)
    const r = await send(server, t)
    assert.equal(r.status, 503)
    assert.ok(Number(r.headers['retry-after']) > 0)
    await becomes(server, 'writing', 'read-only', 6000)
    await becomes(server, 'reading', 'well')
    assert.equal((await v.get('/en/status/matter')).status, 200)
    assert.equal((await request(server.url + '/en/contact/other')).status, 200)
    set('off')
    await becomes(server, 'writing', 'well', 6000)
    assert.equal((await send(server, t)).status, 200)
    v.close()
    await server.stop()
})

test('a database whose disk is full: "full", nothing saved, readers go on; well again when there is room', async (t) => {
    if (!disk)
        return t.skip('no file system of its own can be mounted here')
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const template = await contactTemplate(server)
    const v = new Visitor(server)
    await openByCode(v, codeOf(await send(server, template)))
    const filler = path.join(disk, 'filler')
    try {
        for (let size = 64 << 20; size >= 4096; size /= 2)
            for (;;)
                try { writeFileSync(filler, Buffer.alloc(size), { flag: 'a' }) } catch { break }
        let refused
        for (let i = 0; i < 3000 && !refused; i++) {
            const r = await send(server, template)
            refused = r.status === 200 ? undefined : r
        }
        assert.equal(refused?.status, 503)
        assert.match(refused.text, /Nothing was saved/)
        assert.equal((await stateOf(server)).writing, 'full')
        assert.equal((await v.get('/en/status/matter')).status, 200)
        assert.equal((await request(server.url + '/en/contact/other')).status, 200)
    } finally {
        rmSync(filler)
    }
    await becomes(server, 'writing', 'well', 3000)
    assert.equal((await send(server, template)).status, 200)
    assert.equal(psql(storeOf(data), 'SELECT count(*) > 0 FROM matter').trim(), 't')
    v.close()
    await server.stop()
})
