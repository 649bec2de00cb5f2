// Finding services: every combination has one address that says how many it finds; what is not understood is told; a crisis
// word shows where to call before all else; a hit that is opened leads on to the address that people share.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root, sampleCounty, startServer } from '../lib/server.mjs'
import { request, unescapeHtml } from '../lib/client.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
before(async () => { server = await startServer({ data: sampleCounty(), args: ['--demo'] }) })
after(() => server.stop())

const ask = async (path) => {
    const r = await request(server.url + path)
    if (/^text\/html/.test(r.headers['content-type'] ?? ''))
        assertStrict(r, path)
    return r
}
const page = async (path, status = 200) => {
    const r = await ask(path)
    assert.equal(r.status, status, path)
    return unescapeHtml(r.text)
}
const main = (text) => text.slice(text.indexOf('<main'))
const found = (text) => Number(/<p role="status"><strong>(\d+) services?<\/strong>/.exec(text)[1])
const options = (text) => [...text.matchAll(/<li><a href="([^"]*)"[^>]*>(?:<svg[^]*?<\/svg> )?<span>([^<]*)<\/span> <span class="muted">(\d+)/g)]
    .map(([, href, name, n]) => ({ href, name, n: Number(n) }))
const hits = (text) => [...text.matchAll(/<h2><a href="([^"]*)"/g)].map((m) => m[1])

test('each choice gives as many as it said, alone and after another', async () => {
    const first = await page('/en/search')
    assert.ok(found(first) >= 80)
    const all = options(first)
    assert.ok(all.length >= 30, `${all.length} options`)
    for (const o of all)
        assert.equal(found(await page(o.href)), o.n, o.href)
    const second = await page(all.find((o) => /theme=family/.test(o.href)).href)
    for (const o of options(second).filter((x) => x.n > 0).slice(0, 20))
        assert.equal(found(await page(o.href)), o.n, o.href)
})

test('chosen filters can be taken away one by one, or all', async () => {
    const text = await page('/en/search?theme=health&area=kerava&free=1')
    const chips = [...(/<ul class="chips">([^]*?)<\/ul>/.exec(text)[1]).matchAll(/href="([^"]*)"/g)].map((m) => m[1])
    assert.deepEqual(chips, ['/en/search?area=kerava&free=1', '/en/search?theme=health&free=1', '/en/search?theme=health&area=kerava', '/en/search'])
    assert.match(text, /<input type="hidden" name="area" value="kerava">/) // the search form keeps them
})

test('a combination has one address: fields of a form that are empty or in another order lead to it', async () => {
    for (const [from, to] of [['/fi/search?q=&theme=dental', '/fi/search?theme=dental'], ['/fi/search?area=kerava&theme=dental', '/fi/search?theme=dental&area=kerava'],
        ['/fi/search?q=+hammas+', '/fi/search?q=hammas'], ['/fi/search?page=1', '/fi/search'], ['/fi/search?q=', '/fi/search'], ['/fi/map?page=2', '/fi/map']]) {
        const r = await ask(from)
        assert.deepEqual([r.status, r.headers.location], [303, to], from)
    }
})

test('what is not understood is told, and is a fault where nothing else was said', async () => {
    for (const query of ['theme=dentist', 'area=V%C3%A4ntaa', 'open=1', 'free=yes', 'page=x', 'page=99', 'show=some', 'themes=dental', 'provider=1', 'language=xx', 'theme=%3Cscript%3E'])
        for (const room of ['search', 'map'].filter((r) => r === 'search' || query !== 'page=99')) {
            assert.match(await page(`/en/${room}?${query}`, 400), /We did not understand a part of the address/, query)
            const r = await ask(`/en/${room}?q=dentist&${query}`)
            assert.equal(r.status, 200, query)
            assert.match(r.text, /We did not understand a part of the address/, query)
        }
    assert.equal((await ask('/en/search?q=' + 'x'.repeat(201))).status, 400)
    assert.equal((await ask('/en/search?theme=a%00b')).status, 400)
})

test('a long list comes in pages that hold each service once, or whole', async () => {
    const seen = []
    let next = '/fi/search'
    for (let i = 0; next && i < 20; i++) {
        const text = await page(next)
        seen.push(...hits(text))
        next = /<a href="([^"]*)" rel="next"/.exec(text)?.[1]
    }
    const whole = hits(await page('/fi/search?show=all'))
    assert.deepEqual(seen, whole)
    assert.equal(new Set(whole).size, found((await page('/en/search'))))
})

test('words of crisis: where to call stands first, in every language and in any', async () => {
    const safety = JSON.parse(readFileSync(path.join(root, 'data', 'safety.json'), 'utf8')).crisis
    for (const [lang, others] of [['fi', ['itsemurha', 'självmord', 'suicide']], ['sv', ['misshandel', 'itsemurha']], ['en', ['chest pain', 'overdose', 'haluan kuolla']]])
        for (const q of others) {
            const text = main(await page(`/${lang}/search?q=${encodeURIComponent(q)}`))
            const at = text.indexOf(safety.title[lang])
            assert.ok(at > 0 && at < text.indexOf('<h1'), `${lang}: ${q}`)
            assert.ok(text.indexOf('href="tel:112"') < text.indexOf('<h1'), q)
        }
    assert.ok(!main(await page('/en/search?q=vaccination')).includes(safety.title.en))
    const map = main(await page('/en/map?q=overdose'))
    assert.ok(map.includes(safety.title.en) && map.indexOf(safety.title.en) < map.indexOf('<h1'))
})

test('a hit is opened by way of the counter; who has no such service is told', async () => {
    const text = await page('/en/search?q=dental%20care')
    const first = hits(text)[0]
    assert.match(first, /^\/en\/found\/[0-9a-f-]+\?q=dental%20care$/)
    const r = await ask(first)
    assert.equal(r.status, 303)
    assert.match(r.headers.location, /^\/en\/service\/[0-9a-f-]+$/)
    assert.equal((await ask(r.headers.location)).status, 200)
    assert.equal((await ask('/en/found/nothing?q=x')).status, 404)
})

test('suggestions are JSON for anybody, kept for a minute, without a session', async () => {
    const r = await ask('/fi/suggest?q=hammas')
    assert.equal(r.status, 200)
    assert.equal(r.headers['content-type'], 'application/json')
    assert.equal(r.headers['cache-control'], 'public, max-age=60')
    assert.equal(r.cookies.length, 0)
    const { suggestions } = JSON.parse(r.text)
    assert.ok(Array.isArray(suggestions) && suggestions.length <= 8)
    for (const s of suggestions)
        assert.ok(s.text.length > 0 && (s.href === undefined || /^\/fi\/service\/[0-9a-f-]+$/.test(s.href)))
    for (const query of ['', '?q=', '?q=' + 'x'.repeat(201)])
        assert.equal((await ask('/fi/suggest' + query)).status, 400, query)
})

test('the map has the places of the list, numbered alike, and nothing from elsewhere', async () => {
    const text = main(await page('/en/map?theme=dental'))
    const listed = [...text.matchAll(/sites__number">(\d+)<\/span><div>\s*<h2[^>]*><a href="([^"]*)">/g)].map((m) => m[1] + m[2])
    const marked = [...text.matchAll(/class="map__marker" href="([^"]*)" aria-label="(\d+):/g)].map((m) => m[2] + m[1])
    assert.ok(listed.length >= 2)
    assert.deepEqual(marked, listed)
    assert.ok(!/(?:src|xlink:href)="https?:/.test(text))
    assert.ok(/href="\/en\/search\?theme=dental"/.test(text), 'the way back')
    assert.match(await page('/sv/map?area=kerava'), /Kervo/)
})

test('themes, groups and areas are entrances with counts', async () => {
    const text = await page('/en/themes')
    for (const m of [...text.matchAll(/<a href="(\/en\/search\?(?:group|area)=[^"]*)"><span>[^<]*<span class="muted">\((\d+)/g)])
        assert.equal(found(await page(m[1])), Number(m[2]), m[1])
    for (const m of [...text.matchAll(/<a href="(\/en\/(?:theme|life)\/[^"]*)"><span>[^<]*<span class="muted">\((\d+)/g)])
        assert.match(await page(m[1]), new RegExp(`<p role="status">${m[2]} services?</p>`), m[1])
})
