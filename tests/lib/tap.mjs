// tap.mjs: reads the Test Anything Protocol (testanything.org) as our C tests and node:test write it, and judges a whole
// run of one program: what passed, what failed, what was left out and why. A program that ends badly, says no plan, or
// says fewer tests than it planned has failed, whatever else it said.

export function readTap(text) {
    const tests = []
    let planned = null
    let notes = []
    let last = null
    for (const line of text.split('\n')) {
        const plan = /^1\.\.(\d+)/.exec(line)
        const test = /^(not )?ok\b(?: \d+)?(?: - )?(.*)$/.exec(line)
        if (plan) {
            planned = Number(plan[1])
        } else if (test) {
            const skip = /(?:^|\s)# skip\S*\s*(.*)$/i.exec(test[2])
            const name = test[2].replace(/\s*# (?:skip|todo|time).*$/i, '')
            last = { name, ok: !test[1], skipped: skip ? skip[1] || 'no reason given' : null, notes }
            tests.push(last)
            notes = []
        } else if (/^\s+\S/.test(line) && last) {
            last.notes.push(line) // node:test: YAML after the result
        } else if (line.startsWith('# ') && !/^# (Subtest:|tests |suites |pass |fail |cancelled |skipped |todo |duration_ms )/.test(line)) {
            notes.push(line) // our C tests: notes before the result
        }
    }
    return { tests, planned, trailing: notes }
}

// { passed, failed, skipped: [{name, why}], faults: [text] } of one program's run.
export function judge({ text, status, signal, timedOut, exitCodeOnly, name }) {
    const ended = timedOut ? 'ran out of time' : signal ? `was ended by ${signal}` : status ? `ended with ${status}` : null
    if (exitCodeOnly) {
        const faults = ended ? [[name + ' ' + ended, ...tail(text)].join('\n')] : []
        return { passed: ended ? 0 : 1, failed: ended ? 1 : 0, skipped: [], faults }
    }
    const { tests, planned, trailing } = readTap(text)
    const skipped = tests.filter((t) => t.ok && t.skipped !== null).map((t) => ({ name: t.name, why: t.skipped }))
    const bad = tests.filter((t) => !t.ok)
    const faults = bad.map((t) => [`not ok: ${t.name}`, ...t.notes.filter(tells).map((l) => l.slice(0, 300)).slice(0, 16)].join('\n'))
    let failed = bad.length
    const missing = planned === null ? 1 : Math.max(0, planned - tests.length)
    if (planned === null || planned !== tests.length) {
        failed += Math.max(1, missing)
        const said = planned === null ? 'no plan' : `a plan of ${planned}, but ${tests.length} results`
        faults.push([`${name} printed ${said}`, ...trailing.slice(-20), ...tail(text)].join('\n'))
    }
    if (ended && failed === 0) {
        failed++
        faults.push([`${name} ${ended} though every test passed`, ...tail(text)].join('\n'))
    } else if (timedOut) {
        faults.push(`${name} ran out of time`)
    }
    return { passed: tests.length - bad.length - skipped.length, failed, skipped, faults }
}

// Out of node:test's YAML: what went wrong and where in our own files.
function tells(line) {
    return !/^\s+(?:---|\.\.\.|duration_ms:|type:|failureType:|code:|name:|operator:|stack:|at |\S+ \(node:|node:|process\.|async Promise)/.test(line) &&
        !/\(node:internal/.test(line)
}

function tail(text) {
    return text.trimEnd().split('\n').slice(-25)
}
