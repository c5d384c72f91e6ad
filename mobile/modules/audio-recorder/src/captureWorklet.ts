/**
 * The part that runs on the browser's audio thread. It is text, because a bundler has no second
 * entry point for it: it is loaded as a `blob:`, which a content security policy has to name
 * (`script-src 'self' blob:`).
 *
 * It posts mono samples about 15 times a second, and after any message the rest and then null.
 */
export const CAPTURE = 'capture';

const SOURCE = `
registerProcessor('${CAPTURE}', class extends AudioWorkletProcessor {
  chunk = new Float32Array(Math.ceil(sampleRate / 15));
  filled = 0;
  ended = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.ended = true;
      this.post();
      this.port.postMessage(null);
    };
  }

  process([channels]) {
    if (this.ended) return false;
    for (let i = 0; i < (channels[0]?.length ?? 0); i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      this.chunk[this.filled++] = sum / channels.length;
      if (this.filled === this.chunk.length) this.post();
    }
    return true;
  }

  post() {
    this.port.postMessage(this.chunk.slice(0, this.filled));
    this.filled = 0;
  }
});
`;

/** Make the processor known to a context. */
export async function addCapture(context: AudioContext): Promise<void> {
  const url = URL.createObjectURL(new Blob([SOURCE], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
