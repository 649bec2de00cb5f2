// The clusters that other tests rely on: they are durable, one takes over from the other, and none is left behind.
import test from './test.mjs'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Cluster, addressOf, createDatabase, dropDatabase, psql } from './postgres.mjs'
import { root } from './server.mjs'
import { sleep } from './client.mjs'

const refused = (f, expected) => assert.throws(f, expected)

test('a database of its own: durable, in UTF-8, sorted by code point, and its owner may nothing else', () => {
    const url = createDatabase()
    const shown = (name) => psql(url, `SHOW ${name}`).trim()
    assert.deepEqual(['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums'].map(shown), ['on', 'on', 'on', 'on'])
    assert.deepEqual(['server_encoding', 'lc_collate', 'listen_addresses'].map(shown), ['UTF8', 'C.UTF-8', ''])
    psql(url, 'CREATE TABLE x (y TEXT); INSERT INTO x VALUES (\'åäö\')')
    refused(() => psql(url, 'CREATE ROLE other'), /permission denied/)
    const copy = createDatabase({ template: /\/(t_\w+)/.exec(url)[1] })
    assert.equal(psql(copy, 'SELECT y FROM x').trim(), 'åäö')
    dropDatabase(copy)
    refused(() => psql(copy, 'SELECT 1'), /does not exist/)
})

test('a synchronous standby has what was committed, and takes over when the primary is killed', async () => {
    const primary = new Cluster().start()
    const standby = new Cluster({ standbyOf: primary, synchronous: true }).start()
    const both = addressOf([primary, standby], 'postgres', 'postgres') + '&target_session_attrs=read-write'
    psql(both, 'CREATE TABLE kept (n INT); INSERT INTO kept VALUES (1)')
    assert.equal(standby.psql('SELECT pg_is_in_recovery(), (SELECT n FROM kept)').trim(), 't|1')
    refused(() => standby.psql('INSERT INTO kept VALUES (2)'), /read-only/)
    primary.kill()
    refused(() => primary.psql('SELECT 1'), /connection to server/)
    standby.promote()
    const until = Date.now() + 40_000
    while (!standby.writable() && Date.now() < until)
        await sleep(50)
    psql(both, 'INSERT INTO kept VALUES (2)')
    assert.equal(psql(both, 'SELECT count(*) FROM kept').trim(), '2')
    primary.follow(standby, { synchronous: true })
    psql(both, 'INSERT INTO kept VALUES (3)')
    assert.equal(primary.psql('SELECT count(*) FROM kept').trim(), '3')
    standby.stop()
    standby.start()
    assert.equal(standby.psql('SELECT count(*) FROM kept').trim(), '3')
    await Promise.all([primary.remove(), standby.remove()])
    assert.ok(!existsSync(primary.folder) && !existsSync(standby.folder))
})

test('a cluster does not outlive who started it, killed as he may be', async () => {
    const code = "const { Cluster } = await import('./tests/lib/postgres.mjs'); const c = new Cluster().start(); console.log(c.folder); setInterval(() => {}, 1000)"
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const folder = await new Promise((resolve) => child.stdout.once('data', (d) => resolve(String(d).trim())))
    assert.ok(existsSync(folder))
    child.kill('SIGKILL')
    const until = Date.now() + 40_000
    while (existsSync(folder) && Date.now() < until)
        await sleep(50)
    assert.ok(!existsSync(folder), `${folder} is still there`)
})
