// Who gets a time when everybody wants it: racers over random overlaps (../racers.c), killed with -9 at any moment and begun
// again; on PostgreSQL two servers at once, one of which is killed and comes back. In the end nothing overlaps, everybody who
// was told that a time was theirs has it whole, and who was told no had somebody in the way.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkDir, long, onPostgres, onSqlite, tempDir } from '../lib/server.mjs'
import { createDatabase } from '../lib/postgres.mjs'
import { sleep } from '../lib/client.mjs'

const program = process.env.ASIALLA_RACERS ?? path.join(checkDir, 'tests', 'racers')
const N = long ? 10_000 : 900
const KILLS = long ? 6 : 2
const SEED = String(Math.floor(Date.now() / 1000))

const logOf = (folder, name) => path.join(folder, `told-${name}`)
const toldIn = (log) => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [])

function racers(words) {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (d) => { text += d })
    child.stderr.on('data', (d) => { text += /<[0-6]>store: applied/.test(d) ? '' : d })
    const ended = new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, text })))
    return { child, ended }
}

// Racers FROM to TO; killed so many times on the way, each time when a further part of them has been told, and begun again.
async function run(t, { folder, url, from, to, log, kills }) {
    for (let i = 0; ; i++) {
        const { child, ended } = racers(['run', folder, url, SEED, String(from), String(to), log])
        if (i === kills) {
            const r = await ended
            assert.equal(r.status, 0, r.text)
            t.diagnostic(r.text.trim())
            return
        }
        const enough = toldIn(log).length + (to - from) / (kills + 2)
        let over = false
        ended.then(() => { over = true })
        while (!over && toldIn(log).length < enough)
            await sleep(3)
        child.kill('SIGKILL')
        await ended
    }
}

async function check(t, folder, url, logs) {
    const { ended } = racers(['check', folder, url, SEED, String(N), ...logs])
    const r = await ended
    t.diagnostic(r.text.trim())
    assert.equal(r.status, 0, r.text)
    const [, won, lost] = r.text.match(/^(\d+) won, (\d+) lost/m).map(Number)
    assert.ok(won > N / 20 && lost > N / 20, 'there was something to race for')
}

onSqlite('one server, killed on the way', async (t) => {
    const folder = tempDir('times')
    const log = logOf(folder, 'a')
    await run(t, { folder, url: '-', from: 0, to: N, log, kills: KILLS })
    await check(t, folder, '-', [log])
})

onPostgres('two servers at once, one of them killed on the way', async (t) => {
    const url = createDatabase()
    const [a, b] = [tempDir('times'), tempDir('times')]
    // Each has half of the crowd; what they want is the same rooms of the same week.
    await Promise.all([
        run(t, { folder: a, url, from: 0, to: N / 2, log: logOf(a, 'a'), kills: 0 }),
        run(t, { folder: b, url, from: N / 2, to: N, log: logOf(b, 'b'), kills: KILLS }),
    ])
    await check(t, a, url, [logOf(a, 'a'), logOf(b, 'b')])
})
