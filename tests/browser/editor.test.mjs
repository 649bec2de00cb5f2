// The pages of those who keep the service directory, looked at: three languages, 360 and 1280 px, with scripts and without.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { sampleCounty, startServer } from '../lib/server.mjs'
import { Window, openBrowser, validate } from '../lib/browser.mjs'

let server
let session
before(async () => {
    server = await startServer({ data: sampleCounty(), args: ['--demo', '--contacts', '0'] })
    session = await openBrowser('editor')
})
after(async () => {
    await session?.browser.close()
    await server.stop()
})

// The keepers stand last among the personas: an editor, the partners, then the managers, who have no entries.
async function signIn(w, fromLast, name) {
    await w.goto(`/${w.lang}/sign-in`)
    await w.leads(name, () => w.page.locator('button[name=persona]').filter({ hasNotText: /Johtaja: |Chef: |Manager: / }).nth(-fromLast).click())
    return `/${w.lang}/staff/`
}

async function partner(w) {
    const base = (await signIn(w, 2, 'partner')) + 'partner'
    await w.click('partner-draft', 'main tbody tr:has(li) th a')
    const entry = new URL(w.page.url()).pathname
    await w.goto(`${entry}/preview`, 'partner-preview')
    await w.goto(`${entry}/edit`, 'partner-edit')
    for (const kind of ['service', 'place', 'phone', 'web'])
        await w.goto(`${base}/new/${kind}`, `partner-new-${kind}`)
    await w.goto(`${base}/new/place`)
    await w.page.locator('[id="phone.1"]').fill('soita')
    await w.click('partner-errors', 'main form .actions button')
    assert.equal(w.status, 422)
    if (w.js)
        assert.equal(await w.page.evaluate(() => document.activeElement?.id), 'errors', 'the summary of errors has the focus')
    await w.page.locator('[id="name.fi"]').fill(`Talo ${w.tag}`)
    await w.page.locator('[id="phone.1"]').fill('09 000 0400')
    await w.page.locator('[id="opening.4"]').check()
    await w.click('partner-saved', 'main form .actions button')
    assert.equal(w.status, 200)
}

async function editor(w) {
    const base = (await signIn(w, 3, 'desk')) + 'directory'
    for (const page of ['changes', 'find', 'find?q=a', 'waiting', 'quality', 'quality?lack=language', 'gaps', 'gaps?kind=unopened', 'synonyms', 'accounts', 'new/organisation'])
        await w.goto(`${base}/${page}`, 'desk-' + page.replaceAll(/\W/g, '-'))
    await w.goto(`/${w.lang}/staff/replies/new`, 'reply-new')
    await w.click('reply-missing', 'main form button[value=save]')
    assert.equal(w.status, 422)
    await w.goto(`/${w.lang}/staff/replies`, 'replies')
    await w.click('reply', 'main tbody th a')
    await w.goto(`${base}/find?q=dental`)
    await w.click('desk-entry', 'main tbody th a')
    await w.goto(`${base}/waiting`)
    await w.click('desk-approve', 'main tbody th a')
    await w.leads('desk-no-reason', () => w.page.locator('button[value=return]').click())
    assert.equal(w.status, 422)
    await w.goto(`${base}/gaps`)
    await w.click('desk-synonym', 'main tbody td a')
    await w.page.locator('#means').fill('terveysasema')
    await w.leads('desk-tried', () => w.page.locator('button[value=try]').click())
}

for (const [lang, width, js, colours] of [['fi', 360, true, ['dark']], ['sv', 1280, false], ['en', 1280, true, ['light']]])
    test(`pages of keepers, ${lang}, ${width} px${js ? '' : ', without scripts'}`, async () => {
        const w = await Window.open(session, { server, lang, width, js, colours })
        try {
            await partner(w)
            await w.page.context().clearCookies()
            await editor(w)
            assert.deepEqual(w.findings, [])
        } finally {
            await w.close()
        }
    })

test('every page of these is valid HTML', async () => {
    const { errors } = await validate(session)
    assert.deepEqual(errors, [])
})
