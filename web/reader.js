// Reads bar codes from a picture, for browsers that cannot themselves. Fetched when the camera is first opened; speaks like BarcodeDetector.
import BinaryBitmap from '@zxing/library/esm/core/BinaryBitmap'
import HybridBinarizer from '@zxing/library/esm/core/common/HybridBinarizer'
import DataMatrixReader from '@zxing/library/esm/core/datamatrix/DataMatrixReader'
import DecodeHintType from '@zxing/library/esm/core/DecodeHintType'
import Code128Reader from '@zxing/library/esm/core/oned/Code128Reader'
import Code39Reader from '@zxing/library/esm/core/oned/Code39Reader'
import MultiFormatUPCEANReader from '@zxing/library/esm/core/oned/MultiFormatUPCEANReader'
import QRCodeReader from '@zxing/library/esm/core/qrcode/QRCodeReader'
import RGBLuminanceSource from '@zxing/library/esm/core/RGBLuminanceSource'

const widest = 960          // more pixels cost time and read no better

function grey(video, canvas) {
	const scale = Math.min(1, widest / video.videoWidth)
	const width = canvas.width = Math.round(video.videoWidth * scale), height = canvas.height = Math.round(video.videoHeight * scale)
	const pen = canvas.getContext('2d', { willReadFrequently: true })
	pen.drawImage(video, 0, 0, width, height)
	const { data } = pen.getImageData(0, 0, width, height), light = new Uint8ClampedArray(width * height)
	for (let i = 0; i < light.length; i++) light[i] = (data[i * 4] * 2 + data[i * 4 + 1] * 5 + data[i * 4 + 2]) >> 3
	return new RGBLuminanceSource(light, width, height)
}

export class Reader {
	#canvas = document.createElement('canvas')
	#hints = new Map([[DecodeHintType.TRY_HARDER, true]])
	#readers = [new QRCodeReader(), new Code128Reader(), new MultiFormatUPCEANReader(this.#hints), new Code39Reader(), new DataMatrixReader()]

	async detect(video) {
		if (!video.videoWidth) return []
		const picture = new BinaryBitmap(new HybridBinarizer(grey(video, this.#canvas)))
		for (const reader of this.#readers)
			try {
				return [{ rawValue: reader.decode(picture, this.#hints).getText() }]
			} catch { /* not of this kind */ }
		return []
	}
}
