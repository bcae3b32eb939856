import './captions.css';
import { PanelHead } from '../../ui/panel-head.tsx';

/** The words of the room, each with who said it and when. */
export function CaptionsPanel() {
  return <PanelHead id="h-cap" title="Captions" />;
}
