// An engineer without network: the day stays readable, steps are recorded and sent later, nothing is lost when the order changed meanwhile [D3, O5].
import assert from 'node:assert/strict'
import { check, jobUnderWay, move, open, read, test, visit } from './lib.mjs'

const cases = [{ lang: 'zh', width: 390 }, { lang: 'en', width: 390 }, { lang: 'zh', width: 1440 }]

/* Waits until the worker has kept what the day shows. */
async function kept(page, no) {
	await visit(page, '/day', { shot: false })
	const there = () => page.evaluate(async path => !!navigator.serviceWorker.controller && !!await caches.match(path), `/orders/${no}/ahead`)
	for (const until = Date.now() + 60000; !await there();) {
		assert.ok(Date.now() < until, 'the day is kept')
		await page.waitForTimeout(50)
	}
}

const form = (page, event) => page.locator(`form:has(input[name=event][value="${event}"])`).filter({ visible: true }).first()

async function press(page, event, fill = async () => {}) {
	const link = page.locator(`[data-step] a[data-sheet="#move-${event}"], [data-step] a[href*="/moves/${event}"]`)
	const shown = form(page, event)
	await shown.or(link).first().waitFor()
	if (!await shown.isVisible()) await link.click()
	await shown.waitFor()
	await fill(shown)
	await Promise.all([page.waitForNavigation(), shown.locator('button:not([type=button])').click()])
}

async function sign(page, shown) {
	const pad = shown.locator('canvas')
	await pad.scrollIntoViewIfNeeded()
	const box = await pad.boundingBox()
	await page.mouse.move(box.x + 20, box.y + 30)
	await page.mouse.down()
	await page.mouse.move(box.x + 140, box.y + 90, { steps: 8 })
	await page.mouse.up()
}

const waiting = (page, n) => page.waitForFunction(count => document.querySelectorAll('#unsent li').length === count, n)

/* What the browser says of a network that is switched off is no fault of the page. */
const checkAway = (page, name) => check(page, name, { expected: true })

async function away(look) {
	const admin = await open({ as: 'admin', lang: look.lang }), page = await open({ as: 'engineer', ...look }), no = await jobUnderWay(admin, page, `${look.lang}${look.width}`)
	await kept(page, no)
	await page.context().setOffline(true)
	await page.goto(`${page.site}/day`)
	await page.goto(`${page.site}/orders/${no}`)
	assert.match(await page.innerText('main'), /文三路2号/)
	await checkAway(page, 'offline-order')

	await press(page, 'arrive')
	await waiting(page, 1)
	await page.goto(`${page.site}/orders/${no}`)
	await press(page, 'diagnose', async shown => {
		await shown.locator('[name=verdict][value=in_place]').check({ force: true })
		await shown.locator('[name=finding]').fill('内存接触不良')
	})
	await waiting(page, 2)
	await page.goto(`${page.site}/orders/${no}`)
	await waiting(page, 2)
	await checkAway(page, 'offline-waiting')
	await press(page, 'repair', shown => shown.locator('[name=result]').fill('清洁并重新安装内存'))
	await page.goto(`${page.site}/orders/${no}`)
	await press(page, 'hand_over', shown => sign(page, shown))
	await waiting(page, 4)
	assert.equal((await read(admin, `/orders/${no}`)).state, 'under_way')

	await page.context().setOffline(false)
	await page.waitForFunction(() => !document.querySelector('#unsent'))
	const { state } = await read(admin, `/orders/${no}`), { items } = await read(admin, `/orders/${no}/events`)
	assert.equal(state, 'handed_over')
	for (const kind of ['arrive', 'diagnose', 'repair', 'hand_over']) {
		const event = items.find(e => e.kind === kind)
		assert.ok(event.device_at && event.device_at < event.at, `${kind}: recorded at ${event.device_at}, received at ${event.at}`)
	}
	await visit(page, '/day')
}

for (const look of cases) test(`offline: ${look.lang} at ${look.width}`, () => away(look))

test('offline: an order that changed meanwhile is said, and what was recorded is offered again', async () => {
	const admin = await open({ as: 'admin', lang: 'en' }), page = await open({ as: 'engineer', lang: 'en', width: 390 }), no = await jobUnderWay(admin, page, 'stale')
	await move(page, no, 'arrive')
	await kept(page, no)
	await page.context().setOffline(true)
	await page.goto(`${page.site}/orders/${no}`)
	await press(page, 'diagnose', async shown => {
		await shown.locator('[name=verdict][value=in_place]').check({ force: true })
		await shown.locator('[name=finding]').fill('loose memory')
	})
	await waiting(page, 1)
	await move(admin, no, 'wait', { wait: 'customer', reason: 'asked for a pause' })
	await move(admin, no, 'resume')
	await page.context().setOffline(false)
	const again = page.locator('#unsent li:has(.bad) button').first()
	await again.waitFor()
	await check(page, 'offline-refused', { expected: true })
	await again.click()
	const shown = form(page, 'diagnose')
	await shown.waitFor()
	assert.equal(await shown.locator('[name=finding]').inputValue(), 'loose memory')
	await Promise.all([page.waitForNavigation(), shown.locator('button[data-primary]').click()])
	assert.equal((await read(admin, `/orders/${no}`)).state, 'diagnosed')
	await visit(page, '/day')
	assert.equal(await page.locator('#unsent').count(), 0)
})

test('offline: a recorded step is taken back, and the next person finds nothing kept', async () => {
	const admin = await open({ as: 'admin', lang: 'en' }), page = await open({ as: 'engineer', lang: 'en', width: 390 }), no = await jobUnderWay(admin, page, 'back')
	await kept(page, no)
	await page.context().setOffline(true)
	await page.goto(`${page.site}/orders/${no}`)
	await press(page, 'arrive')
	await waiting(page, 1)
	await Promise.all([page.waitForNavigation(), page.click('#unsent button')])
	await page.waitForSelector('[data-step]')
	assert.equal(await page.locator('#unsent').count(), 0)
	await page.goto(`${page.site}/customers`)
	await checkAway(page, 'offline-nothing')
	await page.context().setOffline(false)
	await page.goto(`${page.site}/day`)
	await page.locator('details.menu summary').first().click()
	await Promise.all([page.waitForURL(/login/), page.click('form[action="/logout"] button')])
	await page.waitForFunction(async () => !(await caches.keys()).includes('pages'))
})
