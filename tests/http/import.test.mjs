// Services from PTV's Open API: by hand and by the clock, page by page, and everything that can go wrong on the way.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, startServer, tempDir, writeTemp } from '../lib/server.mjs'
import { ID, service, startPtv } from '../lib/ptv.mjs'

const SERVICES = '/api/v11/Service/list/organization?organizationId=x'

async function withPtv(fn) {
    const ptv = await startPtv()
    try {
        await fn(ptv, tempDir())
    } finally {
        await ptv.stop()
    }
}

function imports(data, ...words) {
    const r = asialla(['import', 'ptv', ...words, '--data', data])
    return { ...r, all: r.out.match(/^all +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)/m)?.slice(1).map(Number) }
}

const found = (data, words) => asialla(['search', 'fi', words, '--data', data]).out

test('pages are followed to the end; the same again changes nothing', () =>
    withPtv(async (ptv, data) => {
        const first = imports(data, '--from', ptv.url + SERVICES)
        assert.equal(first.status, 0, first.err)
        assert.deepEqual(first.all, [25, 25, 0, 0, 0])
        assert.doesNotMatch(first.out, /import the other pages/)
        assert.deepEqual(imports(data, ptv.url + SERVICES).all, [25, 0, 0, 25, 0])
        assert.ok((await ptv.asked()).includes(`${SERVICES}&page=3`))
        assert.match(found(data, 'Palvelu 25'), /00000025\tPalvelu 25/)
    }))

test('a list of ids only: its rows are asked for', () =>
    withPtv(async (ptv, data) => {
        const r = imports(data, `${ptv.url}/api/v11/ServiceChannel`)
        assert.deepEqual(r.all, [3, 3, 0, 0, 0], r.err)
        assert.ok((await ptv.asked()).includes(`/api/v11/ServiceChannel/list?guids=${ID(101)},${ID(102)},${ID(103)}`))
    }))

test('version 12: its key from a file, its connections from their own address', () =>
    withPtv(async (ptv, data) => {
        const at = (what) => `${ptv.url}/api/v12/${what}/search?pageSize=100`
        const all = [at('service'), at('service-channel'), at('connection')]
        const without = imports(data, ...all)
        assert.equal(without.status, 1)
        assert.match(without.err, /answered 401: it wants a key/)
        const key = writeTemp('ptv-key', 'the-key\n')
        const alone = imports(data, at('service'), '--ptv-key', key)
        assert.equal(alone.status, 1)
        assert.match(alone.err, /connection\/search/)
        const r = imports(data, ...all, '--ptv-key', key)
        assert.equal(r.status, 0, r.err)
        assert.deepEqual(r.all, [3, 3, 0, 0, 0])
        assert.doesNotMatch(r.out + r.err + without.err, /the-key/)
    }))

test('a fetch that fails midway changes nothing, and says where', () =>
    withPtv(async (ptv, data) => {
        assert.equal(imports(data, ptv.url + SERVICES).status, 0)
        const broken = {
            gone: { status: 404, page: '3' },
            'not JSON': { raw: '{"itemList": [', page: '2' },
            'not of PTV': { body: { itemList: [{ id: 7 }] }, page: '2' },
            astray: { status: 302, headers: { Location: 'file:///etc/passwd' }, page: '2' },
            'too many pages': { body: { pageCount: 1e9, itemList: [] }, page: null },
        }
        for (const [what, fail] of Object.entries(broken)) {
            await ptv.set({ rows: 26, fail })
            const r = imports(data, ptv.url + SERVICES)
            assert.equal(r.status, 1, what)
            assert.match(r.err, /Nothing was changed/, what)
            assert.match(r.err, /127\.0\.0\.1/, what)
        }
        assert.doesNotMatch(found(data, 'Palvelu 26'), /00000026/)
        await ptv.set({ rows: 26, fail: { cut: true, page: '2', times: 1 } }) // passes by itself: tried again
        assert.deepEqual(imports(data, ptv.url + SERVICES).all, [26, 1, 0, 25, 0])
    }))

test('a list that lacks most of what is shown withdraws nothing, and is told', () =>
    withPtv(async (ptv, data) => {
        assert.equal(imports(data, ptv.url + SERVICES).status, 0)
        await ptv.set({ rows: 5 })
        const r = imports(data, ptv.url + SERVICES)
        assert.equal(r.status, 0, r.err)
        assert.match(r.out, /note: 20 of the 25 that are shown are not among these rows/)
        assert.match(found(data, 'Palvelu 25'), /00000025/)
    }))

test('a folder: its files *.json; an empty one, none, a key of two lines', () => {
    const data = tempDir()
    const folder = path.join(tempDir(), 'ptv')
    mkdirSync(folder)
    assert.match(imports(data, folder).err, /holds no file \*\.json/)
    writeFileSync(path.join(folder, 'a.json'), JSON.stringify([service(1)]))
    writeFileSync(path.join(folder, 'b.json'), JSON.stringify([service(2)]))
    writeFileSync(path.join(folder, 'readme.txt'), 'not JSON')
    assert.deepEqual(imports(data, folder).all, [2, 2, 0, 0, 0])
    assert.equal(imports(data, path.join(folder, 'none')).status, 1)
    const r = imports(data, 'http://127.0.0.1:1/', '--ptv-key', writeTemp('two-lines', 'a\nb\n'))
    assert.match(r.err, /a key is one line/)
})

async function until(what, fn) {
    for (let i = 0; i < 600; i++) {
        const got = await fn()
        if (got)
            return got
        await new Promise((done) => setTimeout(done, 100))
    }
    assert.fail(`not in 60 seconds: ${what}`)
}

test('by the clock: at once where none has been; /health and /metrics tell how it went; residents see it', () =>
    withPtv(async (ptv, data) => {
        await ptv.set({ fail: { status: 404 } })
        const server = await startServer({ data, args: ['--ptv', ptv.url + SERVICES, '--ptv-at', '03:30'] })
        const health = async () => (await (await fetch(`${server.url}/health`)).json()).import
        const failing = await until('the first try', async () => (await health())?.failures === 1 && health())
        assert.deepEqual(failing, { state: 'failing', failures: 1 })
        assert.equal((await ptv.asked()).length, 1) // not again at once
        await server.stop()
        await ptv.set({})
        const by_hand = imports(data, ptv.url + SERVICES) // clears the failure
        assert.equal(by_hand.status, 0, by_hand.err)
        await ptv.set({ rows: 26 })
        const again = await startServer({ data, args: ['--ptv', `${ptv.url}${SERVICES}&new=1`, '--ptv-at', '03:30'] })
        await until('its page', async () => (await fetch(`${again.url}/fi/service/${ID(26)}`)).status === 200)
        await until('that all is well', async () => (await (await fetch(`${again.url}/health`)).json()).import.state === 'well')
        await until('when it was', async () => /^asialla_import_success_seconds 1\d{9}$/m.test(await (await fetch(`${again.url}/metrics`)).text()))
        await again.stop()
        const bad = asialla(['serve', '--data', data, '--port', '0', '--ptv', ptv.url, '--ptv-at', '25:00'])
        assert.equal(bad.status, 1)
        assert.match(bad.err, /--ptv-at wants a time of day/)
    }))
