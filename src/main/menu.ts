import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** The few entries that a desktop expects; what the product does is in the page, with its keys. */
export function setMenu(): void {
  const ofMac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const ofDeveloper: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...ofMac,
      { role: 'fileMenu' },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          ...ofDeveloper,
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
