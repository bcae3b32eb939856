import './jobs.css';
import { PanelHead } from '../../ui/panel-head.tsx';

/** What runs, what ended, and where one starts. */
export function JobsPanel() {
  return <PanelHead id="h-jobs" title="Jobs" />;
}
