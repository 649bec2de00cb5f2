// What the figures mean: the catalogue in three languages, each definition under its own address. And the commands that prove them.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, root, sampleCounty, startServer } from '../lib/server.mjs'
import { request } from '../lib/client.mjs'
import { assertNoInline } from '../lib/strict.mjs'

const defs = JSON.parse(readFileSync(path.join(root, 'data', 'figures.json'), 'utf8')).figures
const owners = JSON.parse(readFileSync(path.join(root, 'data', 'county', 'teams.json'), 'utf8')).figureOwners
const ownerOf = (id) => owners.find((o) => o.figures?.includes(id)) ?? owners.find((o) => !o.figures)
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
let server, data
before(async () => {
    data = sampleCounty()
    server = await startServer({ data, args: ['--demo'] })
})
after(() => server.stop())

test('every definition has its page in every language, and the list leads to it', async () => {
    for (const lang of ['fi', 'sv', 'en']) {
        const list = await request(`${server.url}/${lang}/figures`)
        assert.equal(list.status, 200)
        assertNoInline(list.text)
        for (const d of defs) {
            assert.ok(list.text.includes(`href="/${lang}/figures/${d.id}"`), d.id)
            const page = await request(`${server.url}/${lang}/figures/${d.id}`)
            assert.equal(page.status, 200, d.id)
            for (const part of ['name', 'definition', 'includes', 'excludes', 'coverage', 'unit', 'source'])
                assert.ok(page.text.includes(escaped(d[part][lang])), `${lang} ${d.id} ${part}`)
            for (const part of ['name', 'contact'])
                assert.ok(page.text.includes(escaped(ownerOf(d.id)[part][lang])), `${lang} ${d.id} who answers: ${part}`)
            for (const v of d.versions)
                assert.ok(page.text.includes(escaped(v.note[lang])), `${lang} ${d.id} ${v.from}`)
            assert.ok(page.text.includes(escaped(d.formula)), d.id)
        }
    }
    for (const id of owners.flatMap((o) => o.figures ?? []))
        assert.ok(defs.some((d) => d.id === id), `the county names somebody for ${id}, which is no figure`)
    for (const none of ['nothing', 'Waiting', 'waiting%2f', '%00', 'waiting/more'])
        assert.ok([400, 404].includes((await request(`${server.url}/fi/figures/${none}`)).status), none)
})

test('the sums are what the events say, beside the server and when it has ended', async () => {
    const beside = asialla(['verify', '--figures', '--data', data])
    assert.equal(beside.status, 0, beside.out + beside.err)
    assert.match(beside.out, /^[1-9]\d* matters, [1-9]\d* events, [1-9]\d* sums, .* events a second: all as it should be\n$/)
    await server.stop()
    const again = asialla(['recount', '--data', data])
    assert.equal(again.status, 0, again.out + again.err)
    assert.match(again.out, /all as it should be/)
    assert.equal(asialla(['recount', 'everything', '--data', data]).status, 2)
    server = await startServer({ data, args: ['--demo'] })
})
