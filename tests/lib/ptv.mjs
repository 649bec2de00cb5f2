// ptv.mjs: a stand-in for PTV's Open API: made-up rows, in pages, of version 11 and 12, and answers that go wrong. In a thread of
// its own, so that it also answers while a command is run to its end (spawnSync).
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { createServer } from 'node:http'

const ID = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const names = (fi) => [{ language: 'fi', value: fi, type: 'Name' }]
export const service = (n, more = {}) => ({ id: ID(n), serviceNames: names(`Palvelu ${n}`), ...more })
export const channel = (n, more = {}) => ({ id: ID(n), serviceChannelType: 'Phone', serviceChannelNames: names(`Puhelin ${n}`),
    phoneNumbers: [{ language: 'fi', number: '123456', prefixNumber: '+358' }], ...more })
const v12 = (n, more) => ({ contentId: ID(n), languageVersions: { fi: { name: `Palvelu ${n}` } }, ...more })
export { ID }

function page(query, rows, size) {
    const n = Number(query.get('page') ?? 1)
    return { pageNumber: n, pageSize: size, pageCount: Math.ceil(rows.length / size), itemList: rows.slice((n - 1) * size, n * size) }
}

function v12Page(query, items) {
    const n = Number(query.get('page') ?? 1)
    return { items: items.slice(n - 1, n), page: n, totalPages: items.length }
}

// What stands at a path: { status, body, headers, raw, cut }; `fail` stands there instead, on that page, so many times. `state` is the test's, as `set` said last.
function answer(path, query, headers, state) {
    const rows = Array.from({ length: state.rows ?? 25 }, (_, i) => service(i + 1))
    const fail = state.fail
    if (fail && (fail.page === undefined || fail.page === query.get('page')) && fail.times !== 0) {
        fail.times = fail.times && fail.times - 1
        return fail
    }
    if (path === '/api/v11/Service/list/organization')
        return { body: page(query, rows, 10) }
    if (path === '/api/v11/ServiceChannel')
        return { body: page(query, [101, 102, 103].map((n) => ({ id: ID(n), name: `Puhelin ${n}` })), 2) }
    if (path === '/api/v11/ServiceChannel/list')
        return { body: (query.get('guids') ?? '').split(',').map((id) => channel(Number(id.slice(-12)))) }
    if (path.startsWith('/api/v12/') && headers['x-api-key'] !== 'the-key')
        return { status: 401, body: { error: 'no key' } }
    if (path === '/api/v12/service/search')
        return { body: v12Page(query, [v12(1, { serviceClasses: ['P5.1'] }), v12(2, { serviceClasses: ['P5.2'] })]) }
    if (path === '/api/v12/service-channel/search')
        return { body: v12Page(query, [v12(101, { serviceChannelType: 'TelephoneService' })]) }
    if (path === '/api/v12/connection/search')
        return { body: v12Page(query, [{ serviceContentId: ID(1), serviceChannelContentId: ID(101) }]) }
    return { status: 404, body: {} }
}

function send(res, { status = 200, body, headers = {}, cut, raw }) {
    const text = raw ?? JSON.stringify(body ?? {})
    res.writeHead(status, { 'Content-Type': 'application/json', ...(cut ? { 'Content-Length': Buffer.byteLength(text) + 100 } : {}), ...headers })
    res.write(text)
    if (cut)
        res.socket.destroySoon()
    else
        res.end()
}

if (!isMainThread && workerData?.ptv) {
    let state = {}
    const asked = []
    const server = createServer((req, res) => {
        const url = new URL(req.url, 'http://ptv')
        asked.push(req.url)
        send(res, answer(url.pathname, url.searchParams, req.headers, state))
    })
    parentPort.on('message', (m) => {
        state = m ?? state
        parentPort.postMessage({ asked })
    })
    server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }))
}

// { url, asked(): what has been asked, set(state), stop() }
export async function startPtv() {
    const worker = new Worker(new URL(import.meta.url), { workerData: { ptv: true } })
    const waiting = []
    worker.on('message', (m) => waiting.shift()(m))
    const next = () => new Promise((done) => waiting.push(done))
    const ask = (m) => {
        const done = next()
        worker.postMessage(m)
        return done
    }
    const { port } = await next()
    return {
        url: `http://127.0.0.1:${port}`,
        asked: async () => (await ask(null)).asked,
        set: ask,
        stop: () => worker.terminate(),
    }
}
