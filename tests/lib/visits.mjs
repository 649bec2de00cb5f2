// visits.mjs: counties with remote visits that are on now, written as rows: a test cannot wait for its time.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { bareCounty, startServer, storeOf } from './server.mjs'
import { Visitor } from './client.mjs'
import { findMatter, makeContact, staff } from './people.mjs'
import { psql } from './postgres.mjs'

export const MINUTE = 60_000

// The server must not be running on SQLite.
export function sql(data, text) {
    const url = storeOf(data)
    return url ? psql(url, text) : execFileSync('sqlite3', [path.join(data, 'asialla.db')], { input: text, encoding: 'utf8' })
}

const word = () => [...randomBytes(13)].map((b) => '0123456789abcdefghjkmnpqrstvwxyz'[b & 31]).join('')

// A matter of a resident in the team of `worker`, with a remote time for each of `starts` (minutes from now; 20 minutes
// long). { data, code, matter, refs }.
export async function countyOfVisits(starts, { lang = 'en', state = 'booked' } = {}) {
    const data = bareCounty()
    const server = await startServer({ data, args: ['--contacts', '0'] })
    const resident = new Visitor(server), worker = await staff(server, 'worker')
    const code = await makeContact(resident, { answers: { 'd.name': 'Maija Meikäläinen' } })
    const matter = await findMatter(worker, resident, code)
    resident.close()
    worker.close()
    await server.stop()
    const now = Date.now()
    const refs = starts.map(word)
    sql(data, starts.map((minutes, i) => `INSERT INTO appointment (ref, matter, type, calendar, team, state, register, start_at, end_at, remote,
        sequence, made_at, changed_at, medium, told, lang, name, phone, by_resident)
        SELECT '${refs[i]}', m.id, t.id, c.id, m.team, '${state}', 'social', ${now + minutes * MINUTE}, ${now + (minutes + 20) * MINUTE}, 1,
        1, ${now}, ${now}, 'sms', 1, '${lang}', 'Maija Meikäläinen', '040 123 4567', 0
        FROM matter m, service_type t, calendar c WHERE t.ref = 'social-meeting' AND c.ref = 'person-worker';`).join('\n'))
    return { data, code, matter, refs }
}

// The professional makes a link on the visit's page: the path that opens it.
export async function makeLink(worker, ref, who = 'resident', name = '') {
    await worker.get(`/${worker.lang}/staff/visit/${ref}`)
    await worker.submit(/\/staff\/visit\/[^/]+\/link$/, { who, name })
    const link = /visit__link">([^<]+)/.exec(worker.page.text)?.[1]
    if (!link)
        throw new Error(`no link on ${worker.page.path} (${worker.page.status})`)
    return new URL(link).pathname
}
