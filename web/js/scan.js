// Bar codes: by camera, and from a hand scanner, which types faster than people do.
import { $, $$, each, make, on, say, typing } from './dom.js'
import { toast } from './toast.js'

const formats = ['code_128', 'code_39', 'ean_13', 'ean_8', 'qr_code', 'data_matrix', 'upc_a']
const again = 2500          // ms until the same code counts once more

/* Our own papers carry the address of their order; makers' codes carry the bare number. */
export function plain(code) {
	const text = code.trim()
	try {
		const url = new URL(text)
		return url.origin === location.origin ? url.pathname : text
	} catch {
		return text
	}
}

const collects = input => input.matches('textarea')

/* A field of many codes takes one more line; a paper's address leads there; a field of its own search is sent off. */
function deliver(input, code) {
	const text = plain(code)
	if (collects(input)) input.value = `${input.value.trimEnd()}\n${text.split('/').pop()}\n`.trimStart()
	else if (text.startsWith('/')) return location.assign(text)
	else input.value = text
	for (const kind of ['input', 'change', 'scanned']) input.dispatchEvent(new Event(kind, { bubbles: true }))
	input.focus()
	if (input.dataset.send !== undefined) input.form.requestSubmit()
}

/* The browser's own reader, or ours where it has none that knows these codes. */
async function reader() {
	if ('BarcodeDetector' in window && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return new BarcodeDetector({ formats })
	return new (await import($('#texts').dataset.reader)).Reader()
}

async function watch(dialog, video, input) {
	const eye = await reader()
	let last = '', at = 0
	while (dialog.open) {
		const [hit] = await eye.detect(video)
		if (hit && dialog.open && (hit.rawValue !== last || performance.now() - at > again)) {
			last = hit.rawValue
			at = performance.now()
			navigator.vibrate?.(60)
			if (!collects(input)) dialog.close()
			deliver(input, last)
			if (!dialog.open) return
			toast(plain(last))
		}
		await new Promise(done => setTimeout(done, 120))
	}
}

async function camera(input) {
	const video = make('video', { playsinline: true })
	const close = make('button', { type: 'button', class: 'btn', 'data-close': true }, say('close'))
	const dialog = make('dialog', { 'aria-label': say('scan') }, make('div', { class: 'card-head' }, make('h2', {}, say('scan'))), make('div', { class: 'scan-box' }, video), make('div', { class: 'dialog-foot' }, close))
	let stream = null
	document.body.append(dialog)
	dialog.addEventListener('close', () => { stream?.getTracks().forEach(t => t.stop()); dialog.remove() })
	dialog.showModal()
	try {
		stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
		video.muted = true
		video.srcObject = stream
		await video.play()
		await watch(dialog, video, input)
	} catch {
		dialog.close()
		toast(say('noscan'))
	}
}

const seen = el => el.getClientRects().length > 0

/* Where a code goes that was scanned while nothing was chosen. */
function aim() {
	return $$('input.serial:not([readonly])').find(seen) ?? $$('button[data-scan]').map(button => document.getElementById(button.dataset.scan)).find(el => el && seen(el)) ?? $('#search')
}

/* A scanner ends with Enter and leaves less than 35 ms between signs. */
function handScanner() {
	let text = '', last = 0
	document.addEventListener('keydown', event => {
		const now = performance.now()
		if (now - last > 35) text = ''
		last = now
		if (event.key.length === 1) {
			text += event.key
			return
		}
		if (event.key !== 'Enter' || text.length < 6) return
		const code = text, own = plain(code).startsWith('/')
		text = ''
		if (typing(event.target)) {
			if (!event.target.matches('.serial') && !(own && !collects(event.target))) return
			event.preventDefault()
			deliver(event.target, own ? code : event.target.value)
			return
		}
		event.preventDefault()
		const input = aim()
		if (input) deliver(input, code)
	})
}

/* Enter in a field that is looked up goes on instead of sending half a form: past what is known already to what must still be said. */
function onwards() {
	on('keydown', 'form[method=post] input[hx-get]', (event, field) => {
		if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey) return
		const controls = [...field.form.elements].filter(el => el.name && el.type !== 'hidden' && !el.readOnly), next = controls[controls.indexOf(field) + 1]
		event.preventDefault()
		next?.focus()
		field.closest('.field').addEventListener('htmx:afterSettle', ({ target }) => {
			if ($('.note-info', target) && document.activeElement === next) controls.find(el => el.required && !el.value)?.focus()
		}, { once: true })
		field.dispatchEvent(new Event('scanned', { bubbles: true }))
	})
}

export function scan() {
	each('button[data-scan]', button => { button.hidden = !navigator.mediaDevices })
	on('click', 'button[data-scan]', (event, button) => {
		const input = document.getElementById(button.dataset.scan)
		if (input) camera(input)
	})
	handScanner()
	onwards()
}
