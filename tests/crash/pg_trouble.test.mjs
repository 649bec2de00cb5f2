// The store in trouble, on PostgreSQL: connections that are cut again and again under load, a server that is stopped, killed,
// read-only, without room. Answers are 200, or 503 with when to try again; whoever was answered is there, once; pages that need
// no database go on; and when the trouble is over, so is the state, without a restart.
import { after } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, engine, isRoot, long, onPostgres as test, startServer, storeOf } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { Load, NO_LIMITS as ARGS, sendContact as send, sendSurely } from '../lib/load.mjs'
import { codeOf, contactTemplate, openByCode } from '../lib/people.mjs'
import { becomes, quickest, stateOf, until } from '../lib/trouble.mjs'
import { Cluster, psql } from '../lib/postgres.mjs'

const OPEN = ['/health', '/en/', '/fi/', '/en/search?q=dentist', '/en/contact', '/en/privacy', '/en/accessibility', '/en/sign-in', '/en/status']
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

const databaseOf = (data) => /\/(t_\w+)/.exec(storeOf(data))[1]
const cut = (data) => cluster.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${databaseOf(data)}'`)

async function underLoad(data) {
    const server = await startServer({ data, args: ARGS })
    const load = new Load(server, await contactTemplate(server), { name: 'trouble', again: true, clients: 8 })
    const running = load.run()
    return { server, load, stop: () => { load.stopped = true; return running } }
}

async function assertAll(t, server, load) {
    t.diagnostic(`${load.answered.size} contacts answered, ${load.count('refused')} times refused, ${load.count('unsure')} times unsure`)
    await load.everythingIsThere(server)
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
    assert.equal(Number(/(\d+) matters/.exec(r.out)[1]), load.answered.size + load.open.size, 'each is there once, and none that was refused')
}

test('connections cut again and again under load: no answered contact is lost, none is there twice', async (t) => {
    const data = bareCounty()
    const { server, load, stop } = await underLoad(data)
    for (let i = 0; i < (long ? 100 : 20) || load.answered.size <= 50 && i < 300; i++) {
        await sleep(200)
        cut(data)
    }
    await stop()
    assert.ok(load.answered.size > 50)
    await becomes(server, 'writing', 'well')
    await assertAll(t, server, load)
})

for (const seconds of long ? [3, 10] : [3])
    test(`a server that is stopped for ${seconds} s under load: "away", said once; pages without a database go on; back by itself`, async (t) => {
        const { server, load, stop } = await underLoad(bareCounty())
        await sleep(500)
        cluster.stop('fast')
        await becomes(server, 'writing', 'away')
        await becomes(server, 'reading', 'away')
        assert.equal((await request(server.url + '/health/ready')).status, 503)
        for (const url of OPEN) {
            const ms = await quickest(async () => assert.equal((await request(server.url + url)).status, 200, url))
            assert.ok(ms < 5000, `${url} waits for the database: ${ms} ms`)
        }
        const form = await request(server.url + '/en/contact/other')
        assert.equal(form.status, 503)
        assert.match(form.text, /We cannot show this page just now/)
        await sleep(seconds * 1000)
        cluster.start()
        const back = Math.max(await becomes(server, 'writing', 'well'), await becomes(server, 'reading', 'well'))
        t.diagnostic(`well again ${back} ms after the database`)
        const told = times(server.log, 'writing: the database server cannot be reached'), again = times(server.log, 'writing succeeds again')
        assert.ok(told >= 1 && told <= Math.max(1, again), server.log) // once each time that it was away
        await sleep(300)
        await stop()
        await assertAll(t, server, load)
    })

test('a server whose every process is killed under load, and started again: all that was answered is there', async (t) => {
    const { server, load, stop } = await underLoad(bareCounty())
    for (let i = 0; i < (long ? 10 : 2); i++) {
        await sleep(600)
        cluster.kill()
        await becomes(server, 'writing', 'away')
        cluster.start()
        await becomes(server, 'writing', 'well')
    }
    await stop()
    await assertAll(t, server, load)
})

test('a database that is set to read-only: "read-only", readers go on, well again by itself', async () => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const t = await contactTemplate(server)
    const v = new Visitor(server)
    await openByCode(v, codeOf(await sendSurely(server, t)))
    const set = (word) => { cluster.psql(`ALTER DATABASE ${databaseOf(data)} SET default_transaction_read_only = ${word}`) }
    set('on')
    cut(data)
    const r = await send(server, t)
    assert.equal(r.status, 503)
    assert.ok(Number(r.headers['retry-after']) > 0)
    await becomes(server, 'writing', 'read-only')
    await becomes(server, 'reading', 'well')
    assert.equal((await v.get('/en/status/matter')).status, 200)
    assert.equal((await request(server.url + '/en/contact/other')).status, 200)
    set('off')
    await becomes(server, 'writing', 'well')
    assert.equal((await sendSurely(server, t)).status, 200)
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
    await openByCode(v, codeOf(await sendSurely(server, template)))
    const filler = path.join(disk, 'filler')
    try {
        for (let size = 64 << 20; size >= 4096; size /= 2)
            for (;;)
                try { writeFileSync(filler, Buffer.alloc(size), { flag: 'a' }) } catch { break }
        await until('it is full', async () => { // what is small may fit yet
            const r = await send(server, template)
            if (r.status === 200)
                return false
            assert.equal(r.status, 503)
            assert.match(r.text, /Nothing was saved/)
            return (await stateOf(server)).writing === 'full'
        })
        assert.equal((await v.get('/en/status/matter')).status, 200)
        assert.equal((await request(server.url + '/en/contact/other')).status, 200)
    } finally {
        rmSync(filler)
    }
    await becomes(server, 'writing', 'well')
    assert.equal((await sendSurely(server, template)).status, 200)
    assert.equal(psql(storeOf(data), 'SELECT count(*) > 0 FROM matter').trim(), 't')
    v.close()
    await server.stop()
})
