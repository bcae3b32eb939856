// Two scripts that run before any script of the page: one in the page's own world, one with the preload in an isolated
// world, as Electron's context isolation has it. They share no object: calls cross by synchronous DOM events that carry
// JSON, and a function crosses as a number.

/** The half of the bridge that both worlds run; `own` and `far` name their events. */
const bridge = (own: string, far: string): string => `
  const functions = [];
  let reply = null;
  const post = (message) => {
    reply = null;
    document.dispatchEvent(new CustomEvent('${far}', { detail: JSON.stringify(message) }));
    if (reply === null) throw new Error('the other world does not answer');
    if (reply.error !== undefined) throw new Error(reply.error);
    return unpack(reply.value);
  };
  const pack = (value) => {
    if (typeof value === 'function') return { $function: functions.push(value) - 1 };
    if (Array.isArray(value)) return value.map(pack);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
  };
  const unpack = (value) => {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || typeof value !== 'object') return value;
    if ('$function' in value) return (...args) => post({ call: value.$function, args: pack(args) });
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)])));
  };
  document.addEventListener('${own}', (event) => {
    const message = JSON.parse(event.detail);
    if ('reply' in message) { reply = message.reply; return; }
    let answer;
    try { answer = { value: pack(receive(message)) }; } catch (error) { answer = { error: String(error?.message ?? error) }; }
    document.dispatchEvent(new CustomEvent('${far}', { detail: JSON.stringify({ reply: answer }) }));
  });
  const call = (message) => functions[message.call](...unpack(message.args));
`;

// Electron runs a preload in the main frame only.
export const pageWorldScript = `(() => {
  if (window !== window.top) return;
  ${bridge('standin:page', 'standin:preload')}
  function receive(message) {
    if ('call' in message) return call(message);
    Object.defineProperty(window, message.expose, { value: unpack(message.value), enumerable: true });
  }
})();`;

/** `preload` is the source of the built preload; it finds what a sandboxed preload finds, and no more. */
export const preloadWorldScript = (preload: string): string => `(() => {
  if (window !== window.top) return;
  ${bridge('standin:preload', 'standin:page')}
  function receive(message) { return call(message); }
  const listeners = new Map();
  const sendToMain = globalThis.standinPost;
  delete globalThis.standinPost;
  globalThis.standinReceive = (channel, args) => {
    for (const listener of [...(listeners.get(channel) ?? [])]) listener({ sender: ipcRenderer, ports: [] }, ...args);
  };
  const ipcRenderer = {
    send: (channel, ...args) => sendToMain(JSON.stringify({ channel, args })),
    on: (channel, listener) => { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); return ipcRenderer; },
    off: (channel, listener) => {
      listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener));
      return ipcRenderer;
    },
  };
  const contextBridge = { exposeInMainWorld: (key, value) => void post({ expose: key, value: pack(value) }) };
  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return { ipcRenderer, contextBridge };
    throw new Error('module not found: ' + name);
  };
  const module = { exports: {} };
  try {
    (function (require, module, exports) { ${preload}
    })(require, module, module.exports);
  } catch (error) {
    sendToMain(JSON.stringify({ preloadError: String(error?.stack ?? error) }));
  }
})();`;
