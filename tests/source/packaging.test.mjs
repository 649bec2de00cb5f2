// The manual page tells of every command and option, and renders without a warning; the unit is one that systemd takes, and
// hardened; the licence is whole.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bin, root, tempDir } from '../lib/server.mjs'

const page = path.join(root, 'packaging', 'asialla.1')
const unit = path.join(root, 'packaging', 'asialla.service')
const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

test('the manual page renders without a warning', (t) => {
    if (!has('groff'))
        return t.skip('no groff')
    const r = spawnSync('groff', ['-ww', '-man', '-Tutf8', page], { encoding: 'utf8' })
    assert.deepEqual([r.status, r.stderr], [0, ''])
    assert.ok(r.stdout.length > 3000)
})

test('the manual page has every command and option, and no other', () => {
    const words = (text) => new Set(text.replace(/\\f[RBI]/g, '').replaceAll('\\-', '-').match(/--[a-z][a-z-]+/g))
    const options = readFileSync(path.join(root, 'src', 'server', 'options.c'), 'utf8')
    const known = new Set([...options.matchAll(/(?:VALUE|FLAG)\("(--[a-z-]+)"/g)].map((m) => m[1]))
    for (const o of readFileSync(path.join(root, 'src', 'law', 'law_cmd.c'), 'utf8').match(/--[a-z]+/g))
        known.add(o)
    known.delete('--help')
    const told = words(readFileSync(page, 'utf8'))
    told.delete('--help')
    assert.deepEqual([...known].sort(), [...told].sort())
    const commands = [...asialla(['--help']).out.matchAll(/^ {2}asialla ([a-z]+(?: (?:ptv|teams|chat|calendars|groups|add|due|rules|events|figures|visits))?)/gm)].map((m) => m[1])
    assert.ok(commands.length >= 9)
    const text = readFileSync(page, 'utf8')
    for (const c of commands)
        assert.ok(text.includes(`.B ${c}\n`) || text.includes(`.B asialla ${c}\n`), c)
})

test('the unit is one that systemd takes, and hardened', (t) => {
    if (!has('systemd-analyze'))
        return t.skip('no systemd-analyze')
    const here = path.join(tempDir('unit'), 'asialla.service')
    writeFileSync(here, readFileSync(unit, 'utf8').replaceAll('/usr/bin/asialla', bin))
    const r = spawnSync('systemd-analyze', ['verify', '--man=no', here], { encoding: 'utf8' })
    assert.deepEqual([r.status, r.stderr], [0, ''])
    const s = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', here], { encoding: 'utf8' })
    const level = Number(/exposure level for asialla\.service: ([\d.]+)/.exec(s.stdout)?.[1])
    assert.ok(level <= 2, `${level}\n${s.stdout.slice(-400)}${s.stderr}`)
})

test('the licence is the text of Apache 2.0', () => {
    const text = readFileSync(path.join(root, 'LICENSE'), 'utf8')
    assert.match(text, /Apache License\s+Version 2\.0, January 2004/)
    assert.match(text, /END OF TERMS AND CONDITIONS/)
})
