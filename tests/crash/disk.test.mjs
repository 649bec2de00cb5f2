// A disk that is full, and a copy taken while everybody writes.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, bin, isRoot, onSqlite as test, startServer, tempDir } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { becomes, stateOf, until } from '../lib/trouble.mjs'
import { NO_LIMITS as ARGS, newOnce, sendContact as send } from '../lib/load.mjs'
import { codeOf, contactTemplate, openByCode } from '../lib/people.mjs'

// A small file system of its own, or why not.
function smallDisk(megabytes) {
    const folder = tempDir('disk')
    const r = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { encoding: 'utf8' })
    return r.status === 0 ? { folder, free: () => spawnSync('umount', ['-l', folder]) } : { why: r.stderr || String(r.error) }
}

test('a full disk: 503 in words, nothing half done, and on again when there is room', async (t) => {
    const disk = isRoot ? smallDisk(24) : { why: 'only root can make a small disk' }
    if (!disk.folder)
        return t.skip(`no small disk: ${disk.why}`)
    const data = path.join(disk.folder, 'data')
    let server
    try {
        cpSync(bareCounty(), data, { recursive: true })
        server = await startServer({ data, args: ARGS })
        const template = await contactTemplate(server)
        const codes = [codeOf(await send(server, template))]
        const filler = path.join(disk.folder, 'filler')
        const { bavail, bsize } = statfsSync(disk.folder) // some contacts fit, whatever a county takes
        const room = bavail * bsize - 256 * 1024
        try {
            writeFileSync(filler, Buffer.alloc(room))
        } catch { /* full sooner: just as well */ }
        const long = { 'q.what': 'x'.repeat(1500) }
        // True: refused. Each second the server empties its log, and there may be room in that once more.
        const refused = async () => {
            const r = await send(server, template, newOnce(), long)
            if (r.status === 200) {
                codes.push(codeOf(r))
                return false
            }
            assert.equal(r.status, 503)
            assert.match(r.text, /Nothing was saved/)
            assert.ok(Number(r.headers['retry-after']) > 0, 'when to try again')
            return true
        }
        await until('the disk is full', async () => await refused() && (await stateOf(server)).writing === 'full' && (await request(server.url + '/health/ready')).status === 503)
        const before = codes.length
        for (const url of ['/health', '/en/contact', '/en/sign-in'])
            assert.equal((await request(server.url + url)).status, 200, `${url} with a full disk`)
        let more = 0
        await until('more are refused', async () => (more += await refused()) === 5)
        await sleep(2500) // the server tries by itself, each second
        // Once the log is emptied as far as it goes, what is smaller than a contact may fit again, and the next contact not.
        const said = (what) => server.log.split(what).length - 1
        const again = said('writing succeeds again'), full = said('writing: the disk is full')
        assert.ok(full === again || full === again + 1, 'said once each time: ' + server.log)
        assert.ok(said('emptying its log: the disk is full') <= again + 1, 'and of the log: ' + server.log)
        rmSync(filler)
        await becomes(server, 'writing', 'well')
        const after = await send(server, template)
        assert.equal(after.status, 200, 'room again')
        codes.push(codeOf(after))
        for (const code of [codes[0], codes[before - 1], codes.at(-1)]) {
            const v = new Visitor(server)
            await openByCode(v, code)
            assert.equal(v.page.path, '/en/status/matter')
            v.close()
        }
        await server.stop()
        const r = asialla(['verify', '--data', data])
        assert.equal(r.status, 0, r.out + r.err)
        assert.equal(Number(/(\d+) matters/.exec(r.out)[1]), codes.length, 'what was refused is not there')
    } finally {
        server?.child.kill('SIGKILL') // where it was stopped, nothing
        disk.free()
    }
})

test('backups while contacts come in: each is whole, verifies, and has what was answered before it began', async () => {
    const server = await startServer({ data: bareCounty(), args: ARGS })
    const template = await contactTemplate(server)
    let stop = false
    const answered = []
    const load = Promise.all(Array.from({ length: 6 }, async () => {
        while (!stop) {
            const r = await send(server, template)
            assert.equal(r.status, 200)
            answered.push(codeOf(r))
        }
    }))
    for (let i = 0; i < 3; i++) {
        const before = answered.length
        const folder = tempDir('copy')
        const to = path.join(folder, 'asialla.db')
        const status = await new Promise((resolve) => spawn(bin, ['backup', '--data', server.data, '--to', to], { stdio: 'ignore' }).on('close', resolve))
        assert.equal(status, 0)
        assert.ok(statSync(to).size > 0)
        assert.equal(statSync(to).mode & 0o077, 0, 'a copy is for the owner only')
        const r = asialla(['verify', '--data', folder])
        assert.equal(r.status, 0, r.out + r.err)
        assert.ok(Number(/(\d+) matters/.exec(r.out)[1]) >= before, `${r.out}, but ${before} were answered before`)
    }
    stop = true
    await load
    await server.stop()
    const folder = tempDir('restored')
    mkdirSync(folder, { recursive: true })
    assert.equal(asialla(['backup', '--data', server.data, '--to', path.join(folder, 'asialla.db')]).status, 0)
    copyFileSync(path.join(server.data, 'key'), path.join(folder, 'key'))
    const restored = await startServer({ data: folder, args: ARGS })
    const v = new Visitor(restored)
    await openByCode(v, answered.at(-1))
    assert.equal(v.page.path, '/en/status/matter', 'the code opens in what was restored')
    v.close()
    await restored.stop()
})
