// What lib/test.test.mjs looks at: tests that fail and leave a program running, each in another way.
import { spawn } from 'node:child_process'
import test, { after, atEnd } from '../test.mjs'

const left = []
atEnd(() => left.forEach((child) => child.kill('SIGKILL')))
function leave() {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' })
    left.push(child)
    return new Promise((resolve) => child.on('close', resolve))
}
after(() => console.log(`# ${left.length} are left`))

test('one throws', () => {
    leave()
    throw new Error('on purpose')
})
test('two waits for what never is', { timeout: 300 }, leave)
test('three fails elsewhere', async () => {
    setTimeout(() => { throw new Error('on purpose') }, 20)
    await leave()
})
test('four is well', () => {})
