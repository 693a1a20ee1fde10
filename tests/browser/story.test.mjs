// One repair from the call to the customer's word, by clicks and typing: desk, board, dispatch, the engineer's phone, signature, link, call-back [O1–O7].
import assert from 'node:assert/strict'
import { check, languages, open, test, visit, widths } from './lib.mjs'

const two = n => String(n).padStart(2, '0')
const inHours = hours => {
	const at = new Date(Date.now() + hours * 3600000 + 8 * 3600000)
	return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}T${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

/* Presses the button of a move: the large one of the next step, or the one that opens its dialog first. */
async function move(page, event, fill = async () => {}) {
	let form = page.locator(`form:has(input[name=event][value="${event}"])`).filter({ visible: true }).first()
	if (!await form.isVisible()) {
		await visit(page, new URL(page.url()).pathname.replace(/\/moves\/.*/, '') + `/moves/${event}`, { shot: false })
		form = page.locator(`#move form:has(input[name=event][value="${event}"])`)
	}
	await fill(form)
	await Promise.all([page.waitForNavigation(), form.locator('button[data-primary]').click()])
	await check(page, `story-${event}`)
}

const shows = async (page, text) => assert.ok((await page.innerText('main')).includes(text), `${text} is not on ${page.url()}`)

async function register(page, serial, name, phone) {
	await visit(page, '/desk')
	await page.fill('#order_form-serial', serial)
	await page.fill('#order_form-brand', 'Dell')
	await page.fill('#order_form-model', 'Latitude 7420')
	await page.fill('#order_form-phone', phone)
	await page.fill('#order_form-customer_name', name)
	await page.fill('#order_form-address', '杭州市西湖区文三路1号')
	await page.fill('#order_form-fault', '开机黑屏, no picture')
	await page.selectOption('#order_form-mode', 'onsite')
	await Promise.all([page.waitForURL(/saved=BX/), page.click('#intake [data-primary]')])
	await check(page, 'story-desk-saved')
	return new URL(page.url()).searchParams.get('saved')
}

/* Typing the serial of an open order shows that order before anything is saved. */
async function duplicateIsTold(page, serial, no) {
	await visit(page, '/desk', { shot: false })
	await page.fill('#order_form-serial', serial)
	await page.press('#order_form-serial', 'Tab')
	await page.waitForSelector(`.note-warn a[href="/orders/${no}"]`)
	await check(page, 'story-desk-warning')
}

/* At the desk the card is dragged, on a phone the button does the same. */
async function accept(page, no, width) {
	await visit(page, '/board')
	const card = page.locator(`.board-card:has(a[href="/orders/${no}"])`)
	const target = page.locator('.board-col[data-col=accepted]')
	if (width > 600 && await card.count() && await target.count()) {
		await card.dragTo(target)
		await page.waitForSelector(`.board-col[data-col=accepted] a[href="/orders/${no}"]`)
		await check(page, 'story-board-dropped')
		return
	}
	await visit(page, `/orders/${no}`)
	await move(page, 'accept')
}

async function sign(page, form) {
	const pad = form.locator('canvas')
	await pad.scrollIntoViewIfNeeded()
	const box = await pad.boundingBox()
	await page.mouse.move(box.x + 20, box.y + 30)
	await page.mouse.down()
	await page.mouse.move(box.x + 140, box.y + 90, { steps: 12 })
	await page.mouse.up()
}

async function repair(page, no) {
	await visit(page, '/day')
	await visit(page, `/orders/${no}`)
	await move(page, 'take')
	await move(page, 'appoint', form => form.locator('[name=from]').fill(inHours(3)))
	await move(page, 'depart')
	await move(page, 'arrive')
	await move(page, 'diagnose', async form => {
		await form.locator('[name=verdict][value=in_place]').check({ force: true })
		await form.locator('[name=finding]').fill('内存接触不良')
	})
	await move(page, 'repair', form => form.locator('[name=result]').fill('清洁并重新安装内存'))
	await move(page, 'hand_over', form => sign(page, form))
}

async function story(lang, width) {
	const mark = `${lang}${width}`, serial = `ST${mark.toUpperCase()}`, phone = `137${width}${lang === 'zh' ? '1000' : '2000'}`.padEnd(11, '0').slice(0, 11)
	const agent = await open({ as: 'agent', lang, width }), head = await open({ as: 'station_head', lang, width }), engineer = await open({ as: 'engineer', lang, width })
	const no = await register(agent, serial, `故事 ${mark}`, phone)

	await duplicateIsTold(agent, serial, no)
	await accept(agent, no, width)
	await visit(agent, `/orders/${no}`)
	const station = await stationCode(head)
	await move(agent, 'dispatch', form => form.locator('[name=station]').selectOption(station))
	await visit(head, `/orders/${no}`)
	await move(head, 'assign', form => form.locator('[name=engineer]').selectOption('engineer'))
	await repair(engineer, no)

	await visit(agent, `/orders/${no}`)
	const link = await agent.evaluate(async () => (await (await fetch(location.pathname, { headers: { Accept: 'application/json' } })).json()).follow_url)
	const customer = await open({ lang, width })
	await visit(customer, new URL(link).pathname)
	await shows(customer, no)
	if (lang === 'zh') {
		await Promise.all([customer.waitForNavigation(), customer.click('form:has(input[value=confirm]) button')])
	} else {
		await move(agent, 'call_back', form => form.locator('[name=satisfaction][value="5"]').check({ force: true }))
		await visit(customer, new URL(link).pathname)
		await customer.fill('form:has(input[value=refuse]) [name=reason]', 'black again')
		await Promise.all([customer.waitForNavigation(), customer.click('form:has(input[value=refuse]) button')])
	}
	await check(customer, 'story-answer')
	const end = await agent.evaluate(async path => (await (await fetch(path, { headers: { Accept: 'application/json' } })).json()).state, `/orders/${no}`)
	assert.equal(end, lang === 'zh' ? 'called_back' : 'triaged')
	await visit(agent, '/callbacks')
}

/* The code of a station head's own station: that of any order they see. */
async function stationCode(page) {
	await visit(page, '/board', { shot: false })
	const path = await page.getAttribute('.board-card a.no', 'href')
	return page.evaluate(async at => (await (await fetch(at, { headers: { Accept: 'application/json' } })).json()).station, path)
}

for (const width of widths) for (const lang of languages) test(`story: ${lang} at ${width}`, () => story(lang, width))
