/**
 * A thread in a browser that computes in WebAssembly: its first message brings module and memory, the others say what to
 * call.  Plain JavaScript, because a worker is started from its file, built or not.
 */

/** @type {WebAssembly.Exports} */
let exports;

addEventListener('message', ({ data }) => {
  if ('module' in data) {
    const { memory, models } = data;
    const emitted = models ? new WebAssembly.Instance(models, { env: { memory } }).exports : {};
    ({ exports } = new WebAssembly.Instance(data.module, { env: { memory, ...emitted } }));
    return;
  }
  /** @type {(...args: number[]) => void} */ (exports[data.call])(...data.args);
  postMessage('done');
});
