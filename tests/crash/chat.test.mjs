// kill -9 under conversations: a message that was answered is on disk, whatever was not can be sent again under the same value,
// and in the end each stands there once, in the order in which it was sent, without a gap in the numbers.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, long, releaseBin, startServer } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { NO_LIMITS as ARGS } from '../lib/load.mjs'
import { importChannels, once, read, say, startChat } from '../lib/chat.mjs'

const KILLS = long ? 20 : 3
const TALKS = 12

// Sends as the script does: in order, the same again until it is answered.
async function talk(v, token, n, state) {
    for (let i = 0; i < n; i++) {
        const same = once(), text = `message ${state.sent.length}`
        for (;;) {
            const a = await say(v, token, same, text).catch(() => null)
            if (a?.status === 200)
                break
            assert.ok(!a || a.status >= 500 || a.status === 429, `refused: ${a?.status}`)
            state.again++
            await sleep(40)
            v.base = state.server().url
        }
        state.sent.push(text)
    }
}

test(`${KILLS} times kill -9 under ${TALKS} conversations: nothing lost, nothing twice`, async (t) => {
    const data = bareCounty()
    assert.equal(importChannels(data, undefined, { using: releaseBin }).status, 0)
    let server = await startServer({ data, args: ARGS, using: releaseBin })
    const people = []
    for (let i = 0; i < TALKS; i++) {
        const v = new Visitor(server)
        await startChat(v)
        people.push({ v, token: v.page.token, state: { sent: [], again: 0, server: () => server } })
    }
    let done = false
    const all = Promise.all(people.map((p) => talk(p.v, p.token, 12 + 6 * KILLS, p.state))).then(() => { done = true })
    for (let i = 0; i < KILLS && !done; i++) {
        await sleep(60 + Math.random() * 200)
        await server.kill()
        server = await startServer({ data, args: ARGS, using: releaseBin })
    }
    await all
    for (const p of people) {
        p.v.base = server.url
        const seen = (await read(p.v)).lines
        assert.deepEqual(seen.map((l) => l.seq), seen.map((_, i) => i + 1))
        assert.deepEqual(seen.slice(1).map((l) => l.text), p.state.sent)
        p.v.close()
    }
    t.diagnostic(`${people.reduce((n, p) => n + p.state.sent.length, 0)} messages; ${people.reduce((n, p) => n + p.state.again, 0)} tries cut off`)
    await server.stop()
    const r = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(r.status, 0, r.out + r.err)
})
