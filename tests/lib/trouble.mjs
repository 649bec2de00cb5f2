// trouble.mjs: a store in trouble: what /health says of it, and a disk that behaves as told (tests/bad_disk.c).
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkDir, startServer, tempDir } from './server.mjs'
import { request, sleep } from './client.mjs'

// { writing, reading }: a word each.
export async function stateOf(server) {
    const r = JSON.parse((await request(server.url + '/health')).text)
    return { writing: r.writing.state, reading: r.reading.state }
}

// Waits until /health says so; how long it took, in ms.
export async function becomes(server, side, word, patience = 5_000) {
    const from = Date.now()
    for (;;) {
        const now = await stateOf(server)
        if (now[side] === word)
            return Date.now() - from
        if (Date.now() - from > patience)
            throw new Error(`${side} is ${now[side]}, not ${word}, after ${patience} ms:\n${server.log.slice(-3000)}`)
        await sleep(50)
    }
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
