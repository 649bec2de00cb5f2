// A damaged store, on SQLite: a page that is not what was written, met by a running server and by one that starts on it; what
// `verify` and `backup` say of it; the way back from a backup; and a write-ahead log that somebody changed after a kill -9.
import assert from 'node:assert/strict'
import { closeSync, copyFileSync, openSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, onSqlite as test, startServer, tempDir } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { NO_LIMITS as ARGS, newOnce, sendContact } from '../lib/load.mjs'
import { codeOf, contactTemplate, openByCode, staff } from '../lib/people.mjs'
import { stateOf, until } from '../lib/trouble.mjs'

const PAGE = 4096
const LEAF = 13 // the first byte of a page of a table's rows
const send = (server, t, what) => sendContact(server, t, newOnce(), { 'q.what': what.padEnd(900, '.') })
const times = (text, words) => text.split(words).length - 1

function overwrite(file, at, bytes) {
    const fd = openSync(file, 'r+')
    writeSync(fd, bytes, 0, bytes.length, at)
    closeSync(fd)
}

// The log is carried over into the file once a second; the last of it stands in some page, and all others soon, too.
async function carriedOver(file, what) {
    await until(`${what} is in the file`, () => readFileSync(file).includes(what))
    await sleep(1500)
}

async function titleOf(server, code) {
    const v = new Visitor(server)
    await openByCode(v, code)
    v.close()
    return `${v.page.status} ${v.page.title}`
}

async function assertDamaged(server, codes, hurt) {
    assert.match(await titleOf(server, codes[hurt]), /^503 We cannot show this page just now/)
    assert.equal((await stateOf(server)).reading, 'damaged')
    for (const i of [0, codes.length - 1])
        assert.match(await titleOf(server, codes[i]), /^200 /, 'what does not need the page')
    assert.match(await titleOf(server, codes[hurt]), /^503 /)
    for (const url of ['/en/', '/en/contact', '/en/search?q=x'])
        assert.equal((await request(server.url + url)).status, 200, url)
    assert.equal((await stateOf(server)).reading, 'damaged', 'it stays so')
    assert.equal((await request(server.url + '/health/ready')).status, 200) // every server would meet the same
}

test('a damaged page: a clear 503 for what needs it, the rest goes on; verify and backup tell; back from a backup', async () => {
    const data = bareCounty()
    const file = path.join(data, 'asialla.db')
    const copies = tempDir('copies')
    const backup = (name) => asialla(['backup', '--data', data, '--to', path.join(copies, name)])
    let server = await startServer({ data, args: ARGS })
    const t = await contactTemplate(server)
    const codes = []
    for (let i = 0; i < 40; i++)
        codes.push(codeOf(await send(server, t, `marker-${i}-`)))
    assert.equal(backup('good.db').status, 0)
    await carriedOver(file, 'marker-39-')
    const at = Math.floor(readFileSync(file).indexOf('marker-20-') / PAGE) * PAGE
    assert.ok(at > 0 && readFileSync(file)[at] === LEAF, 'the page to damage')
    overwrite(file, at, Buffer.alloc(PAGE, 0x5a))

    await assertDamaged(server, codes, 20)
    assert.equal((await send(server, t, 'after the damage')).status, 200)
    assert.equal((await staff(server, 'worker')).page.status, 200)
    await sleep(2500)
    assert.equal(times(server.log, 'what is on disk is not what was written there'), 1, server.log)
    assert.equal(times(server.log, 'malformed'), 1, 'not once a request: ' + server.log)
    const verified = asialla(['verify', '--data', data])
    assert.equal(verified.status, 1)
    assert.match(verified.out, /^matter_event: not whole$/m)
    const copied = backup('bad.db')
    assert.equal(copied.status, 1)
    assert.match(copied.err, /the store is damaged/)
    assert.deepEqual(readdirSync(copies), ['good.db'], 'a damaged copy is not given out')
    await server.stop()

    server = await startServer({ data, args: ARGS }) // it does not know yet
    await assertDamaged(server, codes, 20)
    await server.stop()

    for (const end of ['', '-wal', '-shm'])
        rmSync(file + end, { force: true })
    copyFileSync(path.join(copies, 'good.db'), file)
    server = await startServer({ data, args: ARGS })
    for (const i of [0, 20, 39])
        assert.match(await titleOf(server, codes[i]), /^200 /)
    assert.deepEqual(await stateOf(server), { writing: 'well', reading: 'well' })
    assert.equal((await send(server, t, 'after restoring')).status, 200)
    await server.stop()
    assert.equal(asialla(['verify', '--data', data]).status, 0)
})

test('a database file that is cut short under the server: an error where it is needed, and not the end of the server', async () => {
    const data = bareCounty()
    const server = await startServer({ data, args: ARGS })
    const t = await contactTemplate(server)
    const codes = []
    for (let i = 0; i < 40; i++)
        codes.push(codeOf(await send(server, t, `marker-${i}-`)))
    const file = path.join(data, 'asialla.db')
    await carriedOver(file, 'marker-39-')
    truncateSync(file, Math.floor(readFileSync(file).indexOf('marker-10-') / PAGE) * PAGE)
    let hurt = 0
    for (const code of codes)
        hurt += /^503 /.test(await titleOf(server, code))
    assert.ok(hurt > 0, 'some of it was needed')
    assert.equal((await stateOf(server)).reading, 'damaged')
    for (const url of ['/en/', '/en/search?q=x'])
        assert.equal((await request(server.url + url)).status, 200, url)
    assert.equal(asialla(['verify', '--data', data]).status, 1)
    await server.stop()
})

for (const [name, hurt] of [
    ['cut short', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['changed in its middle', (file) => overwrite(file, Math.floor(statSync(file).size / 2), Buffer.alloc(64, 0x5a))],
])
    test(`a log that was ${name} after a kill -9: the server starts with what is whole, and verify tells the truth`, async () => {
        const data = bareCounty()
        const wal = path.join(data, 'asialla.db-wal')
        let server = await startServer({ data, args: ARGS })
        const t = await contactTemplate(server)
        const codes = []
        for (let i = 0; i < 30 || statSync(wal).size <= 20 * PAGE && i < 300; i++) // each second the log is begun anew
            codes.push(codeOf(await send(server, t, `log-${i}`)))
        await server.kill()
        assert.ok(statSync(wal).size > 0)
        hurt(wal)
        server = await startServer({ data, args: ARGS })
        let there = 0
        while (there < codes.length && /^200 .*Something else/.test(await titleOf(server, codes[there])))
            there++
        for (const code of codes.slice(there))
            assert.doesNotMatch(await titleOf(server, code), /^5|Something else/, 'from the first that is gone, all are')
        assert.equal((await send(server, t, 'goes on')).status, 200)
        await server.stop()
        const r = asialla(['verify', '--data', data])
        assert.equal(r.status, 0, r.out + r.err)
        assert.equal(Number(/(\d+) matters/.exec(r.out)[1]), there + 1)
    })
