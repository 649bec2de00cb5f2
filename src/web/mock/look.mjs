// look.mjs ASSETS OUT [NAME...]: serves the mock pages with the product's own Content-Security-Policy, opens each in
// headless Chromium (360 and 1280 px, light and dark), runs axe-core on it, counts refused or missing resources and
// overflow to the side, and writes pictures into OUT. ASSETS is what tools/assets.sh made. Exit 1 on any finding.
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const [assets, out, ...only] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; " +
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript',
    '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const server = createServer((request, answer) => {
    const path = new URL(request.url, 'http://x').pathname;
    const file = path.startsWith('/static/') ? join(assets, path.slice(8)) : join(here, path.slice(1));
    const known = existsSync(file) && types[extname(file)];
    answer.writeHead(known ? 200 : 404, { 'content-type': known || 'text/plain', 'content-security-policy': policy });
    answer.end(known ? readFileSync(file) : '');
}).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const base = `http://127.0.0.1:${server.address().port}/`;

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'] });
const names = readdirSync(here).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5));
let findings = 0;
const say = (name, text) => { findings++; console.log(`${name}: ${text}`); };

for (const name of names.filter((n) => !only.length || only.includes(n))) {
    for (const width of [360, 1280]) {
        for (const scheme of ['light', 'dark']) {
            const where = `${name} ${width} ${scheme}`;
            const page = await browser.newPage({ viewport: { width, height: width === 360 ? 740 : 900 },
                colorScheme: scheme, bypassCSP: false });
            page.on('console', (m) => { if (m.type() === 'error' && !/events/.test(m.location().url)) say(where, m.text()); });
            page.on('pageerror', (e) => say(where, String(e)));
            await page.goto(`${base}${name}.html`, { waitUntil: 'load' });
            await page.evaluate(() => document.fonts.ready);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (over > 0) say(where, `${over} px wider than the window`);
            await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), fullPage: true });
            await page.evaluate(axe);
            const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
                'wcag21aa', 'wcag22aa', 'best-practice'] }));
            for (const v of result.violations) {
                say(where, `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`);
            }
            await page.close();
        }
    }
}
await browser.close();
server.close();
console.log(findings ? `${findings} findings` : 'nothing found');
process.exit(findings ? 1 : 0);
