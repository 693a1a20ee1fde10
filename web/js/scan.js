// Bar codes: by camera where the browser reads them, and from a hand scanner, which types faster than people do.
import { $, each, make, on, say, typing } from './dom.js'
import { toast } from './toast.js'

const formats = ['code_128', 'code_39', 'ean_13', 'ean_8', 'qr_code', 'data_matrix', 'upc_a']

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

function deliver(input, code) {
	const text = plain(code)
	if (text.startsWith('/')) {
		location.assign(text)
		return
	}
	input.value = text
	for (const kind of ['input', 'change', 'scanned']) input.dispatchEvent(new Event(kind, { bubbles: true }))
	input.focus()
}

async function camera(input) {
	const video = make('video', { playsinline: true, muted: true })
	const close = make('button', { type: 'button', class: 'btn', 'data-close': true }, say('close'))
	const dialog = make('dialog', { 'aria-label': say('scan') }, make('div', { class: 'card-head' }, make('h2', {}, say('scan'))), make('div', { class: 'scan-box' }, video), make('div', { class: 'dialog-foot' }, close))
	let stream = null
	document.body.append(dialog)
	dialog.addEventListener('close', () => { stream?.getTracks().forEach(t => t.stop()); dialog.remove() })
	dialog.showModal()
	try {
		const reader = new BarcodeDetector({ formats })
		stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
		video.srcObject = stream
		await video.play()
		while (dialog.open) {
			const [hit] = await reader.detect(video)
			if (hit) {
				dialog.close()
				navigator.vibrate?.(60)
				deliver(input, hit.rawValue)
				return
			}
			await new Promise(done => setTimeout(done, 120))
		}
	} catch {
		dialog.close()
		toast(say('noscan'))
	}
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
		const code = text
		text = ''
		if (typing(event.target)) {
			if (!event.target.matches('.serial')) return
			event.preventDefault()
			deliver(event.target, event.target.value)
			return
		}
		event.preventDefault()
		const input = $('input.serial:not([readonly])') ?? $('#search')
		if (input) deliver(input, code)
	})
}

export function scan() {
	if ('BarcodeDetector' in window && navigator.mediaDevices)
		each('[data-scan]', button => { button.hidden = false })
	on('click', '[data-scan]', (event, button) => {
		const input = document.getElementById(button.dataset.scan)
		if (input) camera(input)
	})
	handScanner()
}
