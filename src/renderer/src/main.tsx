import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/dialogs.css';
import './styles/parts.css';
import { openApi } from './api.ts';
import { ApiContext } from './api-context.ts';
import { App } from './app.tsx';
import { HallPage } from './features/captions/hall-page.tsx';
import { startFeeds } from './feeds.ts';
import { openPort } from './port.ts';
import { linkStore } from './stores/link.ts';
import './styles/widths.css';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element');

const api = openApi(openPort, (link) => linkStore.setState(link));
const isHall = location.pathname.endsWith('/captions');
if (!isHall) startFeeds(api);

createRoot(root).render(
  <StrictMode>
    <ApiContext value={api}>{isHall ? <HallPage /> : <App />}</ApiContext>
  </StrictMode>,
);
