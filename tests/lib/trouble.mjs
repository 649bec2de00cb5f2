// trouble.mjs: a store in trouble: what /health and /metrics say of it, waiting for that, and a disk that behaves as told
// (tests/bad_disk.c).
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkDir, startServer, tempDir } from './server.mjs'
import { request, sleep } from './client.mjs'

// Waits until ready() is true; how long it took, in ms. A server looks at its store once a second: the patience is for a
// machine that is busy with other tests.
export async function until(what, ready, patience = 120_000) {
    const from = Date.now()
    while (!await ready()) {
        if (Date.now() - from > patience)
            throw new Error(`not in ${patience / 1000} s: ${what}`)
        await sleep(25)
    }
    return Date.now() - from
}

export const health = async (server) => JSON.parse((await request(server.url + '/health')).text)

export async function metric(server, name) {
    const { text } = await request(server.url + '/metrics')
    return Number(new RegExp(`^asialla_${name} (\\S+)`, 'm').exec(text)[1])
}

// { writing, reading }: a word each.
export async function stateOf(server) {
    const { writing, reading } = await health(server)
    return { writing: writing.state, reading: reading.state }
}

// Waits until /health says so; how long it took, in ms.
export function becomes(server, side, word) {
    return until(`${side} is ${word}`, async () => (await stateOf(server))[side] === word)
        .catch((e) => { throw new Error(`${e.message}\n${server.log.slice(-3000)}`) })
}

// How long the page takes, at best of three: one that waits for something always does, a busy machine not each time.
export async function quickest(ask) {
    const times = []
    for (let i = 0; i < 3; i++) {
        const from = Date.now()
        await ask()
        times.push(Date.now() - from)
    }
    return Math.min(...times)
}

// A server over a disk that can be told to behave badly: disk('write 30'), disk('') and so on.
export async function startOnBadDisk(options) {
    const control = path.join(tempDir('disk'), 'control')
    const disk = (line) => writeFileSync(control, line)
    disk('')
    const server = await startServer({
        ...options,
        env: {
            LD_PRELOAD: path.join(checkDir, 'tests', 'bad_disk.so'), BAD_DISK: control,
            ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'verify_asan_link_order=0'].filter(Boolean).join(':'),
        },
    })
    return { server, disk }
}
