// Requests as nobody should send them. The server must answer or hang up, stay up, and never leak or trip a sanitizer.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { bareCounty, startServer } from '../lib/server.mjs'
import { raw, request, sleep } from '../lib/client.mjs'

let server
before(async () => { server = await startServer({ data: bareCounty() }) })
after(() => server.stop())

const status = (text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)
const send = (text, options) => raw(server.port, text, options)
const get = (target, more = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`
const post = (body, type = 'application/x-www-form-urlencoded', target = '/en/sign-in') =>
    Buffer.concat([Buffer.from(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`), Buffer.from(body)])

async function alive() {
    assert.equal((await request(server.url + '/health')).status, 200)
}

test('targets that are none', async () => {
    for (const target of ['/en/%00', '/en/%', '/en/%zz', '/en/%ff%fe', '/%c0%af', '/en/%ed%a0%80', '/en/?q=%ff', '/en/?q=%00'])
        assert.equal(status(await send(get(target))), 400, target)
    for (const target of ['/../../etc/passwd', '/en/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '//evil.example/', '/en//x', '/./en'])
        assert.ok([303, 400, 404].includes(status(await send(get(target)))), target)
    assert.ok([400, 414].includes(status(await send(get('/en/' + 'a'.repeat(3000))))))
    assert.ok([0, 400, 414, 431].includes(status(await send(get('/en/' + 'a'.repeat(60_000))))))
    await alive()
})

test('methods and versions that are none', async () => {
    assert.equal(status(await send('BREW /en/sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')), 405)
    for (const text of ['GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'GET / HTTP/9.9\r\n\r\n', '\0\0\0\0\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'])
        assert.ok([0, 400, 405, 505].includes(status(await send(text, { half: true }))), JSON.stringify(text))
    await alive()
})

test('heads too large and too many', async () => {
    assert.ok([0, 431].includes(status(await send(get('/health', `X: ${'x'.repeat(70_000)}\r\n`)))))
    assert.ok([0, 431].includes(status(await send(get('/health', 'X: y\r\n'.repeat(20_000))))))
    assert.ok([0, 400].includes(status(await send(get('/health', 'X\x00Y: z\r\n')))))
    await alive()
})

test('two ends of one request are refused', async () => {
    for (const more of ['Content-Length: 3\r\nContent-Length: 4\r\n', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n',
        'Transfer-Encoding: gzip, chunked\r\n', 'Transfer-Encoding: xchunked\r\n', 'Content-Length: -1\r\n', 'Content-Length: 3x\r\n', 'Content-Length: 99999999999999999999\r\n']) {
        const text = await send(`POST /en/sign-in HTTP/1.1\r\nHost: x\r\n${more}\r\nabcdef`, { half: true })
        assert.ok([0, 400, 413].includes(status(text)), more + text.slice(0, 60))
        // libmicrohttpd 0.9.75 sends the head of its own refusal twice: what counts is that nothing else was answered
        assert.ok([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].every((m) => m[1] === text.slice(9, 12)), `two answers to ${more}`)
    }
    assert.equal(status(await send('GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n')), 400)
    await alive()
})

test('bodies too large are 413, without being read to their end', async () => {
    assert.equal(status(await send(post('a=' + 'x'.repeat(1_200_000)))), 413)
    const text = await send('POST /en/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n\r\nabc')
    assert.equal(status(text), 413)
    const chunk = '10000\r\n' + 'x'.repeat(0x10000) + '\r\n'
    const endless = await send('POST /en/sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' + chunk.repeat(200))
    assert.ok([0, 413].includes(status(endless)))
    await alive()
})

test('forms that are none', async () => {
    for (const body of ['a=%ff', 'a=%00', '%00=a', 'a=%zz', 'a=%', '=' + '&'.repeat(5000), Array.from({ length: 5000 }, (_, i) => `f${i}=1`).join('&')])
        assert.ok([400, 403].includes(status(await send(post(body)))), body.slice(0, 20))
    for (const type of ['multipart/form-data; boundary=x', 'application/json', 'text/plain', 'application/x-www-form-urlencoded2', ''])
        assert.ok([403, 415].includes(status(await send(post('{"a":1}', type)))), type)
    await alive()
})

test('the same field many times: one of them counts, nothing breaks', async () => {
    const body = '_token=a&_token=b&' + 'user=worker&user=admin&password=x&password=y&'.repeat(20)
    assert.equal(status(await send(post(body))), 403)
    await alive()
})

test('half-sent requests take nobody else down', async () => {
    const half = Array.from({ length: 50 }, (_, i) => send(['GET /en', 'GET /en/ HTTP/1.1\r\nHost', 'POST /en/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'][i % 3], { ms: 1500 }))
    await sleep(100)
    for (let i = 0; i < 20; i++)
        await alive()
    await Promise.all(half)
    const gone = Array.from({ length: 50 }, () => raw(server.port, get('/en/sign-in'), { ms: 1 }))
    await Promise.all(gone)
    await alive()
})

test('headers that lie are not believed', async () => {
    const r = await request(server.url + '/en/staff/', { headers: { 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Host': 'evil.example', 'X-Original-URL': '/health', 'X-HTTP-Method-Override': 'DELETE' } })
    assert.doesNotMatch(JSON.stringify(r.headers) + r.text, /evil\.example/)
    // A very large cookie may also be answered by hanging up: libmicrohttpd takes it apart in the connection's memory.
    const vast = await raw(server.port, get('/en/sign-in', `Cookie: ${'a'.repeat(8000)}\r\n`))
    assert.ok([0, 200, 431].includes(status(vast)))
    for (const cookie of ['staff=' + 'A'.repeat(4000), 'staff=%00; resident=\xff', ';;;===;;', 'staff="x"; staff=y'])
        assert.ok([200, 303, 400, 404, 431].includes((await request(server.url + '/en/sign-in', { headers: { Cookie: cookie } })).status), cookie.slice(0, 20))
    await alive()
})

test('pipelined requests are answered in order', async () => {
    const text = await send('GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /en/nothing HTTP/1.1\r\nHost: x\r\n\r\n' + get('/health'))
    assert.deepEqual([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => m[1]), ['200', '404', '200'])
})
