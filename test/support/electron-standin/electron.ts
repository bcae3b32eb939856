// What src/main imports from `electron`. No barrel of the product: the shape of this file is Electron's.
export { app } from './app.ts';
export { protocol } from './schemes.ts';
export { BrowserWindow, ipcMain } from './windows.ts';
export { dialog, Menu, nativeImage, Notification, powerSaveBlocker, safeStorage, shell, Tray } from './desktop.ts';
export { utilityProcess } from './utility-process.ts';
export { session } from './permissions.ts';
