// The runner's own judgement: what it must never count as passed.
import test from 'node:test'
import assert from 'node:assert/strict'
import { judge } from './tap.mjs'

const run = (text, more = {}) => judge({ text, status: 0, name: 'it', ...more })

test('a run that is all right', () => {
    const r = run('ok 1 - a\nok 2 - b # SKIP no data\n1..2\n')
    assert.deepEqual([r.passed, r.failed, r.skipped.length, r.faults.length], [1, 0, 1, 0])
})

test('a failure is counted and told with its notes', () => {
    const r = run('# x.c:3: not true: 1 == 2\nnot ok 1 - sums\n1..1\n', { status: 1 })
    assert.deepEqual([r.passed, r.failed], [0, 1])
    assert.match(r.faults[0], /sums[^]*x\.c:3/)
})

test('no plan, fewer tests than planned, a crash and a time-out are failures', () => {
    assert.equal(run('ok 1 - a\n').failed, 1)
    assert.equal(run('ok 1 - a\n1..3\n').failed, 2)
    assert.equal(run('ok 1 - a\n1..1\n', { status: 23 }).failed, 1)
    assert.equal(run('ok 1 - a\n1..1\n', { signal: 'SIGSEGV', status: null }).failed, 1)
    assert.equal(run('', { timedOut: true }).failed, 1)
    assert.equal(run('', {}).failed, 1)
})

test('nested results of node:test do not count twice', () => {
    const r = run('TAP version 13\n# Subtest: a\n    ok 1 - inner\n    1..1\nok 1 - a\n1..1\n# pass 1\n')
    assert.equal(r.passed, 1)
})

test('a program without TAP counts by how it ended', () => {
    assert.equal(run('anything', { exitCodeOnly: true }).passed, 1)
    assert.equal(run('anything', { exitCodeOnly: true, status: 1 }).failed, 1)
})
