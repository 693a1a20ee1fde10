// Pictures: scaled down before they travel, shown as thumbnails.
import { $, each, make, say } from './dom.js'
import { toast } from './toast.js'

const LONGEST = 2048

async function smaller(file) {
	if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
	const scale = LONGEST / Math.max(picture.width, picture.height)
	if (scale >= 1 && file.size < 1.5e6) return file
	const canvas = make('canvas')
	canvas.width = Math.round(picture.width * Math.min(scale, 1))
	canvas.height = Math.round(picture.height * Math.min(scale, 1))
	canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
	const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.85))
	return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file
}

function show(host, files) {
	host.replaceChildren(...files.map(file => {
		const shown = /^image\//.test(file.type)
		const el = make('span', { class: 'thumb', title: file.name })
		if (shown) {
			const url = URL.createObjectURL(file)
			const img = make('img', { alt: file.name, src: url })
			img.addEventListener('load', () => URL.revokeObjectURL(url), { once: true })
			el.append(img)
		} else {
			el.append(file.name)
		}
		return el
	}))
}

function field(input) {
	const host = $('.thumbs', input.parentElement), drop = input.closest('.drop')
	input.addEventListener('change', async () => {
		const all = new DataTransfer()
		input.setAttribute('aria-busy', 'true')
		for (const file of input.files) {
			try {
				all.items.add(await smaller(file))
			} catch {
				all.items.add(file)
				toast(`${file.name}: ${say('large')}`)
			}
		}
		input.files = all.files
		input.removeAttribute('aria-busy')
		if (host) show(host, [...input.files])
	})
	for (const kind of ['dragover', 'dragleave', 'drop'])
		drop?.addEventListener(kind, () => drop.classList.toggle('over', kind === 'dragover'))
}

export function photo() { each('input[type=file][data-photo]', field) }
