// Our own labels held before the camera, and a hand scanner that types: what is read lands where it belongs [S1, S2].
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, noFaults, open, test, visit } from './lib.mjs'

const phone = { width: 390, lang: 'zh' }, keeper = { as: 'storekeeper', ...phone }
const width = 800, height = 600

/* The first page of a PDF as a camera sees it: grey, in the middle of a table. */
async function picture(page, path) {
	const dir = mkdtempSync(join(tmpdir(), 'baoxiu-label-'))
	try {
		writeFileSync(join(dir, 'a.pdf'), await (await page.request.get(page.site + path)).body())
		execFileSync('pdftoppm', ['-r', '150', '-gray', '-singlefile', '-f', '1', '-l', '1', join(dir, 'a.pdf'), join(dir, 'a')])
		const bytes = readFileSync(join(dir, 'a.pgm')), [head, w, h] = bytes.subarray(0, 40).toString('latin1').match(/^P5\s+(\d+)\s+(\d+)\s+\d+\s/)
		const light = Buffer.alloc(width * height, 110), left = (width - w) >> 1, top = Math.max(0, (height - h) >> 1)
		for (let y = 0; y < Math.min(h, height); y++) bytes.copy(light, (top + y) * width + left, head.length + y * w, head.length + (y + 1) * w)
		return { width, height, light }
	} finally {
		rmSync(dir, { recursive: true })
	}
}

const ask = async (page, path) => (await page.request.get(`${page.site}/api/v1${path}`, { headers: { Accept: 'application/json' } })).json()

test('scan: a part’s label before the camera opens the part', async () => {
	const desk = await open(keeper), [part] = (await ask(desk, '/parts?limit=1')).items
	const page = await open({ ...keeper, camera: await picture(desk, `/parts/${part.no}/label`) })
	await visit(page, '/stock')
	await page.locator('[data-scan="stock-code"]').click()
	await page.waitForURL(url => url.pathname === `/parts/${part.no}`)
	noFaults(page, 'camera')
})

test('scan: an old part’s label before the camera is one line more, and the camera stays for the next', async () => {
	const desk = await open(keeper), [old] = (await ask(desk, '/old-parts?state=due')).items
	const page = await open({ ...keeper, camera: await picture(desk, '/old-parts/labels?state=due') })
	await visit(page, '/old-parts')
	await page.locator('textarea[name=scan]').fill('OP1')
	await page.locator('button[data-scan]').click()
	await page.waitForFunction(no => document.querySelector('textarea[name=scan]').value.split('\n').includes(no), old.no)
	assert.match(await page.locator('textarea[name=scan]').inputValue(), new RegExp(`^OP1\n${old.no}\n`))
	assert.ok(await page.locator('dialog[open] video').isVisible())
	await check(page, 'camera')
	await page.locator('dialog[open] [data-close]').click()
	await page.waitForFunction(() => !document.querySelector('dialog[open]'))
})

const shoot = (page, code) => page.evaluate(text => {
	for (const key of [...text, 'Enter']) (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}, code)

test('scan: a hand scanner needs no field chosen; a paper’s address leads to it', async () => {
	const page = await open({ as: 'storekeeper', width: 1440, lang: 'zh' }), [part] = (await ask(page, '/parts?limit=1')).items, [paper] = (await ask(page, '/requisitions?all=1')).items
	await visit(page, '/stock')
	await page.evaluate(() => document.activeElement.blur())
	await shoot(page, part.barcode || part.no)
	await page.waitForURL(url => url.pathname === `/parts/${part.no}`)
	await visit(page, '/stock')
	await page.locator('#stock-code').focus()
	await shoot(page, `${page.site}/requisitions/${paper.no}`)
	await page.waitForURL(url => url.pathname === `/requisitions/${paper.no}`)
})
