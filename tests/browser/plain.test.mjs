// The path without JavaScript, in three languages, narrow and wide.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { sampleCounty, startServer } from '../lib/server.mjs'
import { openBrowser, validate } from '../lib/browser.mjs'
import { PAGES_LEAST, WALKS, makeOldPlan, wholePath } from './path.mjs'

let server
let session
before(async () => {
    server = await startServer({ data: makeOldPlan(sampleCounty()), args: ['--demo', '--contacts', '0'] })
    session = await openBrowser('plain')
})
after(async () => {
    await session?.browser.close()
    await server.stop()
})

for (const { lang, width } of WALKS.plain)
    test(`without scripts, ${lang}, ${width} px`, () => wholePath(session, { server, lang, width, js: false }))

test('every page of these is valid HTML', async (t) => {
    const { files, kept, errors } = await validate(session)
    assert.ok(kept >= WALKS.plain.length * PAGES_LEAST, `${kept} pages`)
    t.diagnostic(`${kept} pages, ${files} of which no other was like`)
    assert.deepEqual(errors, [])
})
