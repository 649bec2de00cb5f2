// A test that fails while a program runs keeps no file from ending, and every other test is told.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { judge } from './tap.mjs'

test('what failed tests leave running ends with the file, which says its plan', () => {
    const file = fileURLToPath(new URL('data/left_running.mjs', import.meta.url))
    const r = spawnSync(process.execPath, ['--test-reporter=tap', file], { encoding: 'utf8', timeout: 50_000, env: { ...process.env, NODE_TEST_CONTEXT: '' } })
    const { passed, failed, faults } = judge({ text: r.stdout, status: r.status, signal: r.signal, name: 'left' })
    assert.equal(r.signal, null, r.stdout)
    assert.deepEqual([passed, failed], [1, 3], r.stdout)
    assert.match(r.stdout, /^# 3 are left$/m)
    assert.deepEqual(faults.map((f) => f.split('\n')[0]), ['not ok: one throws', 'not ok: two waits for what never is', 'not ok: three fails elsewhere'])
})
