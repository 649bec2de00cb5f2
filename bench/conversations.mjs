#!/usr/bin/env node
// conversations.mjs PORT N FOLDER: starts N conversations of the sample county's chat and has its professionals take them, as
// browsers would; writes into FOLDER what `live each` needs: stream (each resident's event stream) and say (a message of each).
// `conversations.mjs --channels` prints a settings file with a channel for each team that is always open.
// `conversations.mjs --queue PORT FOLDER` writes what `live all` needs for the queue of the customer guidance team, which gets
// the contacts of bench/contact-request: stream (its event stream) and part (what the script then asks for).
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const county = path.join(import.meta.dirname, '..', 'data', 'county')
const json = (name) => JSON.parse(readFileSync(path.join(county, name), 'utf8'))

if (process.argv[2] === '--channels') {
    const first = json('chat.json').channels[0]
    const channels = json('teams.json').teams.map((t) => ({
        ...first, ref: `bench-${t.ref}`, team: t.ref, hours: 'Mo-Su,PH 00:00-24:00', waitMinutes: 120, atOnce: 20, queueMost: 1000,
    }))
    console.log(JSON.stringify({ source: 'Made for a measurement.', channels }))
    process.exit()
}

const queue = process.argv[2] === '--queue'
const [port, wanted, folder] = queue ? [Number(process.argv[3]), 0, process.argv[4]] : [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]]
const base = `http://127.0.0.1:${port}`

// A browser of one cookie jar: forms with their tokens, redirects not followed.
class Browser {
    jar = new Map()
    async ask(url, form) {
        const r = await fetch(base + url, {
            redirect: 'manual', method: form ? 'POST' : 'GET', body: form && new URLSearchParams(form),
            headers: { Cookie: [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ') },
        })
        for (const c of r.headers.getSetCookie())
            this.jar.set(...c.split(';')[0].split(/=(.*)/s, 2))
        this.text = await r.text()
        this.to = r.headers.get('location')
        if (r.status >= 400)
            throw new Error(`${url}: ${r.status}\n${this.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 400)}`)
        return this
    }
    value(name) {
        return new RegExp(`name="${name}" value="([^"]*)"`).exec(this.text)?.[1] ?? ''
    }
    get cookie() {
        return [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ')
    }
}

async function signIn(persona) {
    const staff = new Browser()
    await staff.ask('/en/sign-in')
    await staff.ask('/en/sign-in/persona', { _token: staff.value('_token'), persona })
    return staff
}
const door = await new Browser().ask('/en/sign-in')

if (queue) {
    const team = json('teams.json').teams.find((t) => t.ref === 'guidance').name.en
    const [, persona] = [...door.text.matchAll(/name="persona" value="([^"]*)"[^]*?<span class="muted small">([^<]*)</g)].find((m) => m[2].includes(team))
    const staff = await signIn(persona)
    await staff.ask('/en/staff/')
    const stream = /data-live="([^"]*)"/.exec(staff.text)[1].replaceAll('&amp;', '&')
    writeFileSync(path.join(folder, 'stream'), `GET ${stream} HTTP/1.1\nHost: 127.0.0.1\nCookie: ${staff.cookie}\n`)
    writeFileSync(path.join(folder, 'part'), `GET /en/staff/ HTTP/1.1\nHost: 127.0.0.1\nX-Part: live\nCookie: ${staff.cookie}\n`)
    process.exit()
}

// Residents, spread over the channels.
const channels = json('teams.json').teams.map((t) => `bench-${t.ref}`)
const streams = [], says = [], residents = []
for (let i = 0; i < wanted; i++) {
    const resident = new Browser(), channel = channels[i % channels.length]
    await resident.ask(`/en/chat/to/${channel}`)
    await resident.ask(`/en/chat/to/${channel}`, { once: resident.value('once'), text: 'A question for a measurement.', lang: 'en' })
    residents.push(resident)
}

// The sample county's professionals take as many as there are.
let taken = 0
for (const persona of new Set([...door.text.matchAll(/name="persona" value="([^"]*)"/g)].map((m) => m[1]))) {
    const staff = await signIn(persona)
    if (staff.to !== '/en/staff/')
        continue
    for (let i = 0; i < 20 && taken < wanted; i++) {
        await staff.ask('/en/staff/chat')
        if (!staff.text.includes('id="take-next"'))
            break
        await staff.ask('/en/staff/chat', { _token: staff.value('_token'), act: 'next' })
        taken++
    }
}

for (const resident of residents) {
    await resident.ask('/en/chat/talk')
    streams.push(`GET /en/chat/talk/live HTTP/1.1\nHost: 127.0.0.1\nCookie: ${resident.cookie}\n`)
    says.push(`POST /en/chat/talk/say HTTP/1.1\nHost: 127.0.0.1\nCookie: ${resident.cookie}\nContent-Type: application/x-www-form-urlencoded\n\n` +
        `_token=${resident.value('_token')}&once=@@@@@@@@@@@@@@@@@@@@@@@@&text=A+message+of+a+usual+length%2C+as+people+write+them+to+a+nurse.`)
}
writeFileSync(path.join(folder, 'stream'), streams.join('%%\n'))
writeFileSync(path.join(folder, 'say'), says.join('\n%%\n'))
console.log(taken)
