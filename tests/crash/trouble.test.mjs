// The store in trouble, on SQLite: a read-only disk, a quota, a disk that fails to sync, a slow one, files that go away. Each
// has its state in /health and one line in the log; reading goes on; what was answered is there, what was refused is not; and
// when the trouble is over, so is the state, without a restart wherever the system lets us.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, isRoot, onSqlite as test, startServer, tempDir } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { NO_LIMITS as ARGS, newOnce, sendContact as send } from '../lib/load.mjs'
import { codeOf, contactTemplate, openByCode } from '../lib/people.mjs'
import { becomes, startOnBadDisk, stateOf, until } from '../lib/trouble.mjs'

const EIO = 5
const EFBIG = 27
const EROFS = 30
const EDQUOT = 122
const times = (text, words) => text.split(words).length - 1

// A resident who has opened a matter: opening writes a session, reading writes nothing.
async function reader(server, code) {
    const v = new Visitor(server)
    await openByCode(v, code)
    assert.equal(v.page.path, '/en/status/matter')
    return () => v.get('/en/status/matter').then((page) => page.status === 200 && page.path === '/en/status/matter')
}

const opens = async (server, code) => (await reader(server, code))()

function assertRefused(r, words) {
    assert.equal(r.status, 503)
    assert.ok(Number(r.headers['retry-after']) > 0, 'when to try again')
    assert.match(r.text, words)
}

async function assertReads(server, reads) {
    for (const url of ['/health', '/en/', '/en/contact', '/en/search?q=x', '/en/sign-in'])
        assert.equal((await request(server.url + url)).status, 200, url)
    assert.ok(await reads(), 'a matter can be read')
}

function assertMatters(data, n) {
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
    assert.equal(Number(/(\d+) matters/.exec(r.out)[1]), n, 'what was answered is there, and nothing else')
}

for (const [name, line, state, said] of [
    ['a read-only disk', `write ${EROFS}`, 'read-only', 'writing: its disk or server is read-only'],
    ['a quota', `write ${EDQUOT}`, 'full', 'writing: the disk is full'],
    ['a limit on the size of files', `write ${EFBIG}`, 'full', 'writing: the disk is full'],
    ['a disk that fails to write', `write ${EIO}`, 'failing', 'writing: the store fails'],
])
    test(`${name}: "${state}", said once; nothing saved, reading goes on; well again by itself`, async () => {
        const { server, disk } = await startOnBadDisk({ data: bareCounty(), args: ARGS })
        const t = await contactTemplate(server)
        const reads = await reader(server, codeOf(await send(server, t)))
        disk(line)
        for (let i = 0; i < 3; i++)
            assertRefused(await send(server, t), /Nothing was saved/)
        assert.equal((await stateOf(server)).writing, state)
        assert.equal((await request(server.url + '/health/ready')).status, 503)
        await assertReads(server, reads)
        await sleep(2500)
        assert.equal(times(server.log, said), 1, server.log)
        disk('')
        await becomes(server, 'writing', 'well')
        const again = codeOf(await send(server, t))
        assert.ok(await opens(server, again))
        await server.stop()
        assertMatters(server.data, 2)
    })

test('a process that may not make its files larger: "full", and well again', async (t) => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const template = await contactTemplate(server)
    const limit = (bytes) => spawnSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}:unlimited`])
    if (limit('unlimited').status !== 0) {
        await server.stop()
        return t.skip('no prlimit here')
    }
    const reads = await reader(server, codeOf(await send(server, template)))
    limit(statSync(path.join(data, 'asialla.db-wal')).size)
    await until('it is full', async () => { // the log may have been begun anew: then there is room in it
        const r = await send(server, template)
        if (r.status === 200)
            return false
        assertRefused(r, /Nothing was saved/)
        return (await stateOf(server)).writing === 'full'
    })
    await assertReads(server, reads)
    limit('unlimited')
    await becomes(server, 'writing', 'well')
    assert.equal((await send(server, template)).status, 200)
    await server.stop()
})

test('a file system that Linux made read-only after an error: reading goes on; after mounting it anew all is there', async (t) => {
    const image = path.join(tempDir('image'), 'disk')
    const at = tempDir('mount')
    const run = (cmd, ...args) => spawnSync(cmd, args, { encoding: 'utf8' })
    writeFileSync(image, Buffer.alloc(48 << 20))
    if (!isRoot || run('mkfs.ext4', '-q', image).status !== 0 || run('mount', '-o', 'loop,errors=remount-ro', image, at).status !== 0)
        return t.skip('no file system of its own can be mounted here')
    try {
        const device = path.basename(run('findmnt', '-no', 'SOURCE', at).stdout.trim())
        const trigger = `/sys/fs/ext4/${device}/trigger_fs_error`
        if (!existsSync(trigger))
            return t.skip(`no ${trigger}`)
        const data = path.join(at, 'data')
        cpSync(bareCounty(), data, { recursive: true })
        const server = await startServer({ data, args: ARGS })
        const template = await contactTemplate(server)
        const codes = []
        for (let i = 0; i < 5; i++)
            codes.push(codeOf(await send(server, template)))
        const reads = await reader(server, codes[0])
        writeFileSync(trigger, '1')
        assertRefused(await send(server, template), /Nothing was saved|We do not know/)
        assert.equal((await stateOf(server)).writing, 'read-only')
        await assertReads(server, reads)
        await server.stop()
        assert.equal(run('umount', at).status, 0)
        run('e2fsck', '-p', image)
        assert.equal(run('mount', '-o', 'loop', image, at).status, 0)
        const again = await startServer({ data, args: ARGS })
        for (const code of codes)
            assert.ok(await opens(again, code))
        assert.equal((await send(again, template)).status, 200)
        await again.stop()
    } finally {
        run('umount', '-l', at)
    }
})

test('a sync that fails once: told "nothing was saved", and that stays true after a kill -9', async () => {
    const { server, disk } = await startOnBadDisk({ data: bareCounty(), args: ARGS })
    const t = await contactTemplate(server)
    codeOf(await send(server, t))
    let saved = 1
    for (let refused = 0; refused < 3;) {
        disk(`once ${EIO}`)
        const r = await send(server, t)
        if (r.status === 200) { // a chore's sync was the one that failed
            assert.ok(++saved < 20)
            continue
        }
        assertRefused(r, /Nothing was saved/)
        refused++
    }
    await server.kill()
    const again = await startServer({ data: server.data, args: ARGS })
    await again.stop()
    assertMatters(server.data, saved)
})

test('a disk that cannot sync: nobody is told "nothing was saved"; sent again, a contact is there once', async () => {
    const { server, disk } = await startOnBadDisk({ data: bareCounty(), args: ARGS })
    const t = await contactTemplate(server)
    const codes = [codeOf(await send(server, t))]
    const reads = await reader(server, codes[0])
    disk(`sync ${EIO}`)
    const unsure = [newOnce(), newOnce(), newOnce()]
    for (const key of unsure)
        assertRefused(await send(server, t, key), /We do not know whether this was saved/)
    await assertReads(server, reads)
    await server.kill()
    const again = await startServer({ data: server.data, args: ARGS })
    for (const key of unsure)
        codes.push(codeOf(await send(again, t, key)))
    for (const code of codes)
        assert.ok(await opens(again, code))
    await again.stop()
    assertMatters(server.data, codes.length)
})

test('a slow disk: readers do not feel it, writers are answered late but right, a stop in the middle loses nothing', async () => {
    const { server, disk } = await startOnBadDisk({ data: bareCounty(), args: ARGS })
    const t = await contactTemplate(server)
    const codes = [codeOf(await send(server, t))]
    const reads = await reader(server, codes[0])
    disk('slow 3000')
    let ended = 0
    const writers = Array.from({ length: 40 }, () => send(server, t).finally(() => ended++))
    const waits = []
    let slowAfter, looked = Date.now(), blind = 0 // for so long nobody looked
    const from = looked
    while (Date.now() - from < 2900 || !slowAfter && ended < writers.length) {
        const began = Date.now()
        assert.ok(await reads())
        assert.equal((await request(server.url + '/en/search?q=x')).status, 200)
        waits.push(Date.now() - began)
        if (!slowAfter && (await stateOf(server)).writing === 'slow' && ended < writers.length)
            slowAfter = Date.now() - from
        blind = Math.max(blind, Date.now() - looked)
        looked = Date.now()
    }
    assert.ok(slowAfter || blind > 800, 'a commit on its way for two seconds is told before it ends')
    const quick = waits.sort((x, y) => x - y)[waits.length >> 2] // a busy machine takes its time now and then, the disk each time
    assert.ok(quick < 2000, `readers waited ${waits} ms, as for the disk`)
    for (const r of await Promise.all(writers)) {
        assert.equal(r.status, 200)
        codes.push(codeOf(r))
    }
    disk('')
    await becomes(server, 'writing', 'well')
    assert.equal(times(server.log, 'a commit takes seconds'), 1)
    disk('slow 3000')
    const last = Array.from({ length: 10 }, () => send(server, t).catch(() => undefined))
    await sleep(500)
    await server.stop()
    for (const r of await Promise.all(last))
        if (r?.status === 200)
            codes.push(codeOf(r))
    const again = await startServer({ data: server.data, args: ARGS })
    for (const code of [codes[0], codes[20], codes.at(-1)])
        assert.ok(await opens(again, code))
    await again.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
    assert.ok(Number(/(\d+) matters/.exec(r.out)[1]) >= codes.length, 'what was answered is there')
})

test('files that go away under the server: nothing is written into them; put back, all goes on', async () => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const t = await contactTemplate(server)
    const reads = await reader(server, codeOf(await send(server, t)))
    for (const name of ['asialla.db', 'asialla.db-wal']) {
        const file = path.join(data, name)
        renameSync(file, file + '.away')
        assertRefused(await send(server, t), /Nothing was saved/)
        assert.equal((await stateOf(server)).writing, 'moved', name)
        assert.ok(await reads(), 'what is open can be read')
        renameSync(file + '.away', file)
        await becomes(server, 'writing', 'well')
        assert.equal((await send(server, t)).status, 200)
    }
    await server.stop()
    assertMatters(data, 3)
})
