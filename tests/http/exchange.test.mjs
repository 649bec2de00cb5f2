// The service directory for other programs: HSDS, robots.txt, the sitemap, what pages say of themselves. On SQLite only: all of it
// comes from the snapshot in memory. What HSDS 3.2 wants (github.com/openreferral/specification, schema/*.json) stands here
// as facts: required members, and types of all that we give.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { sampleCounty, startServer, bareCounty } from '../lib/server.mjs'
import { request, raw } from '../lib/client.mjs'
import { assertNoInline } from '../lib/strict.mjs'

let sample, named
const URL_TOLD = 'https://asialla.example'
before(async () => {
    const county = sampleCounty()
    sample = await startServer({ data: county, args: ['--demo'] })
})
after(async () => { await sample.stop(); await named?.stop() })

const get = (path, headers = {}) => request(sample.url + path, { headers })
async function json(path, headers) {
    const r = await get(path, headers)
    assert.equal(r.status, 200, `${path}: ${r.text.slice(0, 300)}`)
    assert.equal(r.headers['content-type'], 'application/json', path)
    assert.equal(r.headers['access-control-allow-origin'], '*', path)
    return JSON.parse(r.text)
}

// ---- the shapes ----

const s = 'string', n = 'number', id = 'uuid'
const phone = { 'id!': id, 'number!': s, type: s, description: s }
const schedule = { 'id!': id, valid_from: 'date', valid_to: 'date', wkst: /^MO$/, freq: /^WEEKLY$/, interval: n,
    byday: /^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$/, opens_at: 'time', closes_at: 'time', description: s, attending_type: s, notes: s }
const language = { 'id!': id, name: s, code: s }
const taxonomy = { 'id!': id, 'name!': s, 'description!': s, uri: 'uri' }
const term = { 'id!': id, code: s, 'name!': s, 'description!': s, parent_id: id, taxonomy: s, taxonomy_detail: taxonomy, language: s, taxonomy_id: id, term_uri: 'uri' }
const attribute = { 'id!': id, link_id: id, taxonomy_term_id: id, link_type: s, link_entity: s, taxonomy_term: term }
const address = { 'id!': id, location_id: id, 'address_1!': s, address_2: s, 'city!': s, region: s, 'state_province!': s, 'postal_code!': s,
    'country!': /^FI$/, 'address_type!': /^(physical|postal|virtual)$/ }
const locationBasic = { 'id!': id, 'location_type!': /^(physical|postal|virtual)$/, organization_id: id, name: s, alternate_name: s, description: s, latitude: n, longitude: n }
const location = { ...locationBasic, languages: [language], addresses: [address], phones: [phone], schedules: [schedule],
    accessibility: [{ 'id!': id, location_id: id, description: s, details: s }] }
const organizationBasic = { 'id!': id, 'name!': s, alternate_name: s, 'description!': s, email: 'email', website: 'uri', parent_organization_id: id }
const serviceBasic = { 'id!': id, organization_id: id, 'name!': s, alternate_name: s, description: s, url: 'uri', email: 'email',
    'status!': /^(active|inactive|defunct|temporarily closed)$/, application_process: s, fees_description: s, eligibility_description: s,
    assured_date: 'date', last_modified: 'date-time', organization: organizationBasic }
const wayBasic = { 'id!': id, service_id: id, location_id: id, description: s, location: locationBasic, service: serviceBasic }
const serviceAlone = { ...serviceBasic, additional_urls: [{ 'id!': id, label: s, 'url!': 'uri' }], phones: [phone], schedules: [schedule],
    service_areas: [{ 'id!': id, name: s }], languages: [language], cost_options: [{ 'id!': id, option: s, amount: n, currency: s }], attributes: [attribute] }
const way = { ...wayBasic, location, service: serviceAlone, phones: [phone], schedules: [schedule] }
const service = { ...serviceAlone, service_at_locations: [{ ...way }] }
delete service.service_at_locations[0].service
const organization = { ...organizationBasic, phones: [phone], locations: [location], services: [{ 'id!': id, 'name!': s, 'status!': s }] }

const FORMATS = {
    string: (v) => typeof v === 'string',
    number: (v) => typeof v === 'number',
    uuid: (v) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(v),
    uri: (v) => /^https?:\/\/[!-~]+$/.test(v) && !/[<>"{}|\\^`]/.test(v),
    email: (v) => /^[!-?A-~]+@[!-?A-~]+$/.test(v),
    date: (v) => /^\d{4}-\d\d-\d\d$/.test(v),
    time: (v) => /^([01]\d|2[0-3]):[0-5]\d$/.test(v),
    'date-time': (v) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(v),
}

function check(value, shape, at) {
    if (shape instanceof RegExp)
        return assert.match(value, shape, at)
    if (typeof shape === 'string')
        return assert.ok(FORMATS[shape](value), `${at}: ${JSON.stringify(value)} is no ${shape}`)
    if (Array.isArray(shape)) {
        assert.ok(Array.isArray(value), at)
        return value.forEach((v, i) => check(v, shape[0], `${at}[${i}]`))
    }
    for (const key of Object.keys(shape))
        if (key.endsWith('!'))
            assert.ok(key.slice(0, -1) in value, `${at} has no ${key.slice(0, -1)}`)
    for (const [key, v] of Object.entries(value)) {
        const known = shape[key] ?? shape[key + '!']
        assert.ok(known, `${at} has a ${key}`)
        check(v, known, `${at}.${key}`)
    }
}

async function page(path, shape) {
    const p = await json(path)
    assert.deepEqual(Object.keys(p), ['total_items', 'total_pages', 'page_number', 'size', 'first_page', 'last_page', 'empty', 'contents'], path)
    assert.equal(p.size, p.contents.length, path)
    assert.equal(p.empty, p.contents.length === 0, path)
    check(p.contents, [shape], path)
    return p
}

test('it says what it is', async () => {
    const about = await json('/hsds/')
    assert.equal(about.version, '3.2')
    assert.equal(about.openapi_url, sample.url + '/hsds/openapi.json')
    const api = await json('/hsds/openapi.json')
    assert.match(api.openapi, /^3\.1/)
    for (const path of Object.keys(api.paths).filter((p) => !p.includes('{')))
        await json('/hsds' + path)
    const short = await get('/hsds')
    assert.equal(short.headers.location, '/hsds/')
})

test('services: pages of them, and each one whole', async () => {
    const first = await page('/hsds/services?per_page=40', serviceBasic)
    assert.ok(first.total_items > 80 && first.total_pages === Math.ceil(first.total_items / 40))
    assert.ok(first.first_page && !first.last_page && first.size === 40)
    const seen = new Set()
    for (let i = 1; i <= first.total_pages; i++) {
        const p = await page(`/hsds/services?full=true&per_page=40&page=${i}`, service)
        assert.equal(p.last_page, i === first.total_pages)
        for (const one of p.contents)
            seen.add(one.id)
    }
    assert.equal(seen.size, first.total_items)
    const beyond = await page(`/hsds/services?page=${first.total_pages + 5}`, service)
    assert.ok(beyond.empty && beyond.last_page && !beyond.first_page && beyond.total_items === first.total_items)
    const one = await json('/hsds/services/' + first.contents[0].id + '?lang=sv')
    check(one, service, 'service')
    assert.ok(one.url.includes('/sv/service/'))
    assert.equal((await request(one.url)).status, 200)
})

test('services at places, organizations, taxonomies, terms', async () => {
    const ways = await page('/hsds/service_at_locations?full=true&per_page=100', way)
    check(await json('/hsds/service_at_locations/' + ways.contents.at(-1).id), way, 'way')
    await page('/hsds/service_at_locations', wayBasic)
    const organizations = await page('/hsds/organizations', organizationBasic)
    await page('/hsds/organizations?full=true', organization)
    const one = await json('/hsds/organizations/' + organizations.contents[0].id)
    check(one, organization, 'organization')
    const whole = await json('/hsds/organizations/' + organizations.contents[0].id + '?full_service=true')
    check(whole.services, [service], 'services of an organization')
    const taxonomies = await page('/hsds/taxonomies', taxonomy)
    check(await json('/hsds/taxonomies/' + taxonomies.contents[0].id), taxonomy, 'taxonomy')
    const terms = await page('/hsds/taxonomy_terms?per_page=500', term)
    check(await json('/hsds/taxonomy_terms/' + terms.contents[0].id), term, 'term')
    const tops = await page('/hsds/taxonomy_terms?per_page=500&top_only=true', term)
    assert.ok(tops.total_items < terms.total_items && tops.contents.every((t) => !t.parent_id))
    const below = terms.contents.find((t) => t.parent_id)
    const sisters = await page('/hsds/taxonomy_terms?parent_id=' + below.parent_id, term)
    assert.ok(sisters.contents.some((t) => t.id === below.id))
})

test('filters: what is asked for and nothing else', async () => {
    const all = (await json('/hsds/services?full=true&per_page=100')).contents
    const count = async (query) => (await json('/hsds/services?per_page=500&' + query)).total_items
    const some = all.flatMap((x) => x.attributes).find((a) => a.link_type === 'life_event')
    const event = all.filter((x) => x.attributes.some((a) => a.taxonomy_term.code === some.taxonomy_term.code ||
        a.taxonomy_term.code.startsWith(some.taxonomy_term.code + '.'))).length
    assert.equal(await count('taxonomy_term_id=' + some.taxonomy_term_id), event)
    assert.equal(await count('taxonomy_term_id=' + some.taxonomy_term.code), event)
    assert.equal(await count('taxonomy_term_id=P5'), all.filter((x) => x.attributes.some((a) => /^P5(\.|$)/.test(a.taxonomy_term.code))).length)
    assert.equal(await count('taxonomy_id=' + some.taxonomy_term.taxonomy_id), all.filter((x) => x.attributes.some((a) => a.link_type === 'life_event')).length)
    assert.equal(await count('taxonomy_term_id=' + some.taxonomy_term_id + '&taxonomy_id=00000000-0000-0000-0000-000000000000'), 0)
    const owner = all[0].organization_id
    assert.equal(await count('organization_id=' + owner), all.filter((x) => x.organization_id === owner).length)
    assert.equal(await count('organization_id=00000000-0000-0000-0000-000000000000'), 0)
    const days = all.map((x) => x.assured_date).sort()
    assert.equal(await count('modified_after=' + days.at(-1)), days.filter((d) => d === days.at(-1)).length)
    assert.equal(await count('modified_after=' + days.at(-1) + 'T20:00:00Z'), days.filter((d) => d === days.at(-1)).length)
    assert.equal(await count('modified_after=2999-01-01'), 0)
    const found = (await json('/hsds/services?search=hammaslääkäri&lang=fi'.replace('ääkäri', '%C3%A4%C3%A4k%C3%A4ri'))).contents
    assert.match(found[0].name, /ammas|uun/)
    const lean = await json('/hsds/services?minimal=true')
    assert.equal(lean.contents.length, all.length)
    assert.deepEqual(Object.keys(lean.contents[0]), ['id', 'modified_date', 'last_modified'])
    const org = await json('/hsds/organizations?search=' + encodeURIComponent(all[0].organization.name.toUpperCase()))
    assert.ok(org.total_items >= 1)
})

test('the language: by parameter, else by the header', async () => {
    const path = '/hsds/services?per_page=1'
    const names = {}
    for (const lang of ['fi', 'sv', 'en']) {
        const asked = await get(path + '&lang=' + lang, { 'Accept-Language': 'de' })
        const wished = await get(path, { 'Accept-Language': lang })
        assert.equal(asked.headers['content-language'], lang)
        assert.match(asked.headers.vary, /Accept-Language/)
        assert.equal(asked.text, wished.text)
        names[lang] = JSON.parse(asked.text).contents[0].name
    }
    assert.equal(new Set(Object.values(names)).size, 3)
})

test('what is not understood is refused, with the parameter named', async () => {
    const bad = ['/hsds/services?pages=2', '/hsds/services?page=0', '/hsds/services?page=1&page=2', '/hsds/services?per_page=501', '/hsds/services?per_page=x',
        '/hsds/services?full=yes', '/hsds/services?full=true&per_page=101', '/hsds/services?minimal=true&full=true', '/hsds/services?format=ndjson',
        '/hsds/services?lang=de', '/hsds/services?modified_after=soon', '/hsds/services?organization_id=%22%3E%3Cscript%3E', '/hsds/services?taxonomy_term_id=nothing',
        '/hsds/services?taxonomy_id=nothing', '/hsds/services?search=', '/hsds/services?postcode=01300', '/hsds/services?proximity=5',
        '/hsds/organizations?minimal=true', '/hsds/taxonomies?search=x', '/hsds/taxonomy_terms?parent_id=x', '/hsds/?page=1', '/hsds/openapi.json?x=1',
        '/hsds/services/x?full=true', '/hsds/services?%3Cb%3E=1', '/hsds/services?' + 'a'.repeat(1500) + '=1']
    for (const path of bad) {
        const r = await get(path)
        assert.equal(r.status, 400, path)
        assert.equal(r.headers['content-type'], 'application/problem+json', path)
        assert.equal(r.headers['access-control-allow-origin'], '*', path)
        const problem = JSON.parse(r.text)
        assert.ok(problem.detail && path.includes(encodeURIComponent(problem.parameter).slice(0, 40)), path + ': ' + r.text)
    }
    for (const path of ['/hsds/services/nothing', '/hsds/services/00000000-0000-0000-0000-000000000000', '/hsds/organizations/x', '/hsds/service_at_locations/x',
        '/hsds/service_at_locations/00000000-0000-0000-0000-000000000000', '/hsds/taxonomies/x', '/hsds/taxonomy_terms/x', '/hsds/locations', '/hsds/nothing/here']) {
        const r = await get(path)
        assert.equal(r.status, 404, path)
        assert.equal(JSON.parse(r.text).status, 404, path)
    }
})

test('kept answers: asked again with the ETag nothing is sent', async () => {
    for (const path of ['/hsds/services?full=true&per_page=5', '/hsds/organizations', '/sitemap.xml', '/robots.txt', '/hsds/openapi.json']) {
        const one = await get(path)
        const again = await get(path, { 'If-None-Match': `"x", W/${one.headers.etag}` })
        assert.deepEqual([again.status, again.bytes.length, again.headers.etag], [304, 0, one.headers.etag], path)
        assert.equal((await get(path, { 'If-None-Match': '"x"' })).status, 200, path)
        assert.equal(one.headers['cache-control'], 'no-cache', path)
        assert.equal((await request(sample.url + path, { method: 'HEAD' })).headers.etag, one.headers.etag)
    }
})

test('the host that is asked is named only where it is one', async () => {
    const port = sample.port
    const ask = (path, host) => raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    for (const host of ['a.example/"><x', 'a b', 'a.example,b', "a'", '.a', 'a:b', '[::1', '<x>', 'a@b', 'a\\b'])
        for (const path of ['/sitemap.xml', '/hsds/', '/robots.txt']) {
            const r = await ask(path, host)
            assert.match(r, /^HTTP\/1.1 400 /, `${path} of ${host}`)
            assert.ok(!r.includes(host), `${path} of ${host}`)
        }
    assert.match(await ask('/hsds/', 'b.example:81'), /"openapi_url":"http:\/\/b\.example:81\/hsds/)
    // Pages are kept for all hosts alike: none of them names one.
    for (const host of ['evil.example', 'asialla.example'])
        assert.ok(!(await ask('/en/service/' + (await json('/hsds/services?per_page=1')).contents[0].id, host)).includes(host))
})

test('a sample county is for no search engine; the sitemap names every page', async () => {
    assert.match((await get('/robots.txt')).text, /^User-agent: \*\nDisallow: \/\n$/)
    const map = (await get('/sitemap.xml')).text
    const pages = [...map.matchAll(/<loc>([^<]*)<\/loc>/g)].map((m) => m[1])
    const services = (await json('/hsds/services?minimal=true')).contents
    assert.equal(pages.filter((p) => p.includes('/service/')).length, services.length * 3)
    assert.equal(new Set(pages).size, pages.length)
    for (const p of pages.filter((x, i) => i % 40 === 0 || !/service|place/.test(x)))
        assert.equal((await request(p)).status, 200, p)
    assert.equal((await get('/sitemap.xml?part=2')).status, 404)
    assert.equal((await get('/sitemap.xml?part=1')).status, 200)
    assert.equal((await get('/sitemap.xml?x=1')).status, 404)
})

test('pages carry their description for search engines', async () => {
    const ways = (await json('/hsds/service_at_locations?full=true&per_page=1&lang=sv')).contents[0]
    const at = (path) => get(path).then((r) => {
        assertNoInline(r.text, path)
        const block = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(r.text)
        return JSON.parse(block[1])
    })
    const service = await at('/sv/service/' + ways.service_id)
    assert.deepEqual([service['@type'], service.name, service.url], ['GovernmentService', ways.service.name, '/sv/service/' + ways.service_id])
    const there = service.availableChannel.map((c) => c.serviceLocation).filter(Boolean)
    assert.ok(there.some((p) => p.url === '/sv/place/' + ways.location_id && p.address.addressCountry === 'FI'))
    const place = await at('/sv/place/' + ways.location_id)
    assert.deepEqual([place['@type'], place.name], ['Place', ways.location.name])
    assert.equal(place.geo.latitude, ways.location.latitude)
    if (place.openingHoursSpecification)
        assert.ok(place.openingHoursSpecification.every((o) => /^\d\d:\d\d$/.test(o.opens) && o.dayOfWeek.length))
})

test('with --url every address is its own, and pages name each other', async () => {
    named = await startServer({ data: bareCounty(), args: ['--url', URL_TOLD + '/'] })
    const ask = (path) => request(named.url + path)
    const page = (await ask('/sv/themes?x=1')).text
    assert.ok(page.includes(`<link rel="canonical" href="${URL_TOLD}/sv/themes">`))
    for (const lang of ['fi', 'sv', 'en'])
        assert.ok(page.includes(`<link rel="alternate" hreflang="${lang}" href="${URL_TOLD}/${lang}/themes">`))
    assert.ok(page.includes(`hreflang="x-default" href="${URL_TOLD}/fi/themes"`))
    for (const path of ['/sv/staff/', '/sv/nothing', '/sv/search?q=x', '/sv/sign-in'])
        assert.ok(!/rel="canonical" href="[^"]*(staff|nothing|search)/.test((await ask(path)).text), path)
    assert.equal(JSON.parse((await ask('/hsds/')).text).openapi_url, URL_TOLD + '/hsds/openapi.json')
    assert.match((await ask('/robots.txt')).text, /Disallow: \/fi\/staff\/\n[^]*Sitemap: https:\/\/asialla\.example\/sitemap\.xml\n$/)
    assert.ok((await ask('/sitemap.xml')).text.includes(`<loc>${URL_TOLD}/en/themes</loc>`))
})
