import { app, Menu, nativeImage, Tray } from 'electron';

/** The sign of a console that keeps running without its window. Returns the function that takes it away. */
export function showTray(icon: string, onShow: () => void): () => void {
  const tray = new Tray(nativeImage.createFromPath(icon));
  tray.setToolTip('Cuedesk keeps running');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Show Cuedesk', click: onShow },
      { type: 'separator' },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  tray.on('click', onShow);
  return () => tray.destroy();
}
