import { contextBridge, ipcRenderer } from 'electron';

// The page gets one port of strings and nothing else. `port:open` tells the main process that a new document has begun,
// so that what the document before it left open is aborted.
ipcRenderer.send('port:open');
contextBridge.exposeInMainWorld('cuedeskPort', {
  send: (text: string) => {
    ipcRenderer.send('port:message', text);
  },
  onMessage: (listener: (text: string) => void) => {
    ipcRenderer.on('port:message', (_event, text: string) => listener(text));
  },
});
