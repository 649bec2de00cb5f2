// kill -9 at random moments under load. What was answered is on disk: after each restart every answered contact opens by its
// code, every answered message is there, the queue knows them, and `verify` finds nothing. What was not answered can be sent
// again, and is then there once. 5 times in ./check, 50 in ./check --long.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, long, releaseBin, startServer } from '../lib/server.mjs'
import { sleep } from '../lib/client.mjs'
import { Load, NO_LIMITS as ARGS } from '../lib/load.mjs'
import { contactTemplate } from '../lib/people.mjs'
import { until } from '../lib/trouble.mjs'

const KILLS = long ? 50 : 5
const CLIENTS = 16

const count = (data, what) => Number(new RegExp(`(\\d+) ${what}`).exec(asialla(['verify', '--data', data], { using: releaseBin }).out)[1])

test(`${KILLS} times kill -9 under ${CLIENTS} clients: every answered write is there`, async (t) => {
    const data = bareCounty()
    let sent = 0
    let answered = 0
    let unanswered = 0
    for (let i = 0; i < KILLS; i++) {
        const server = await startServer({ data, args: ARGS, using: releaseBin })
        const load = new Load(server, await contactTemplate(server), { clients: CLIENTS })
        const running = load.run()
        await sleep(80 + Math.random() * 500)
        await until('some are answered', () => load.answered.size > 20)
        await server.kill()
        load.stopped = true
        await running
        answered += load.answered.size + load.messages.length
        unanswered += load.open.size
        sent += load.answered.size + load.open.size
        const r = asialla(['verify', '--data', data], { using: releaseBin })
        assert.equal(r.status, 0, `after kill ${i + 1}: ${r.out}${r.err}`)
        const again = await startServer({ data, args: ARGS, using: releaseBin })
        await load.everythingIsThere(again)
        await again.stop()
        assert.equal(count(data, 'matters'), sent, 'a contact is there twice, or one that nobody sent')
    }
    assert.ok(answered > KILLS * 20, `only ${answered} answered writes`)
    t.diagnostic(`${KILLS} kills: ${answered} answered writes found again, ${unanswered} cut off and sent again`)
    const r = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(r.status, 0, r.out + r.err)
})

test('killed in the middle of starting, again and again, it starts the next time', async () => {
    const data = bareCounty()
    for (let i = 0; i < (long ? 30 : 6); i++) {
        const server = startServer({ data, args: ARGS, using: releaseBin }).catch(() => null)
        await sleep(i * 4)
        const s = await server
        await s?.kill()
    }
    const server = await startServer({ data, args: ARGS, using: releaseBin })
    await server.stop()
    assert.equal(asialla(['verify', '--data', data], { using: releaseBin }).status, 0)
})
