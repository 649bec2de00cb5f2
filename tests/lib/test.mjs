// test.mjs: node:test for files that start programs. No test waits for ever, and no file outlives its tests, whatever a failed
// one left running: each test and each hook has a limit of its own, below the file's (tests/runner.mjs); once all tests
// and the file's own after() are over, what this library started ends (atEnd); and where something else still keeps the file
// alive, or the file's time is nearly up, it says what that is and ends, so that what failed is told by name.
import nodeTest, { after as nodeAfter, afterEach as nodeAfterEach, before as nodeBefore } from 'node:test'

const FILE_MS = Number(process.env.ASIALLA_SECONDS || 900) * 1000 // as the runner says
const LIMIT = { timeout: FILE_MS * 0.6 }
const GRACE_MS = 60_000

const open = new Set() // the tests that are not over: { name }
let grace = null
const afters = []
const endings = []

function giveUp(why) {
    console.log(`# ${why}; open: ${[...open].map((o) => o.name).join(', ') || 'no test'}; alive: ${process.getActiveResourcesInfo().join(' ')}`)
    process.exit(1)
}

// With the first test, so that who only borrows from the library is no test.
let begun = false
function begin() {
    begun = true
    setTimeout(() => giveUp(`not over in ${(FILE_MS - 15_000) / 1000} s`), FILE_MS - 15_000).unref()
    nodeAfter(async () => {
        try {
            for (const fn of afters)
                await fn()
        } finally {
            for (const end of endings)
                end()
        }
    }, LIMIT)
}

export default function test(name, ...rest) {
    const fn = rest.pop()
    begun || begin()
    const one = { name }
    open.add(one)
    clearTimeout(grace)
    return nodeTest(name, { ...LIMIT, ...rest[0] }, fn).finally(() => {
        open.delete(one)
        if (open.size === 0)
            grace = setTimeout(() => giveUp(`all tests are over, but not the file, in ${GRACE_MS / 1000} s`), GRACE_MS).unref()
    })
}

export const before = (fn) => nodeBefore(fn, LIMIT)
export const afterEach = (fn) => nodeAfterEach(fn, LIMIT)

// In their order, before what atEnd() was told. The library's own hook, because it runs once, after all of the file's.
export const after = (fn) => { afters.push(fn) }
export const atEnd = (fn) => { endings.push(fn) }
