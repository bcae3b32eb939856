import { useRef } from 'react';
import { CaptionsPanel } from './features/captions/captions-panel.tsx';
import { JobsPanel } from './features/jobs/jobs-panel.tsx';
import { RoomsPanel } from './features/rooms/rooms-panel.tsx';
import { LimitsPanel } from './features/limits/limits-panel.tsx';
import { RoomPanel } from './features/roomhead/room-panel.tsx';
import { TopBar } from './features/topbar/top-bar.tsx';
import { StatusBar } from './features/statusbar/status-bar.tsx';
import { FirstMinute } from './features/first-minute/first-minute.tsx';
import { AddressDialogs } from './features/addresses/address-dialogs.tsx';
import { DestinationDialogs } from './features/destinations/destination-dialogs.tsx';
import { ControlDialogs } from './features/control/control-dialogs.tsx';
import { FrameDialogs } from './features/frame-dialogs.tsx';
import { FrameCommands } from './features/keys/frame-commands.tsx';
import { useTheme } from './features/settings/use-theme.ts';
import { useFocusKeeper } from './ui/use-focus-keeper.ts';
import { useKeys } from './commands/use-keys.ts';
import { SplitHandles } from './features/frame-splits.tsx';

/**
 * The one window: rooms and limits at the left, the chosen room in the middle, jobs at the right, captions below, and
 * the two bars that never hide. A panel names itself by `data-panel`; F6 goes from one to the next in this order.
 */
export function App() {
  useTheme();
  useKeys();
  useFocusKeeper();
  const frame = useRef<HTMLDivElement>(null);
  return (
    <div className="window" ref={frame}>
      <TopBar />
      <FirstMinute />
      <div className="left" data-side="left">
        <nav data-panel="rooms" aria-labelledby="h-rooms" tabIndex={-1}>
          <RoomsPanel />
        </nav>
        <section data-panel="limits" aria-labelledby="h-lim" tabIndex={-1}>
          <LimitsPanel />
        </section>
      </div>
      <main className="stage">
        <section className="room" data-panel="room" aria-labelledby="h-room" tabIndex={-1}>
          <RoomPanel />
        </section>
        <aside className="right" data-side="right" data-panel="jobs" aria-labelledby="h-jobs" tabIndex={-1}>
          <JobsPanel />
        </aside>
        <section className="captions" data-side="captions" data-panel="captions" aria-labelledby="h-cap" tabIndex={-1}>
          <CaptionsPanel />
        </section>
        <SplitHandles frame={frame} />
      </main>
      <StatusBar />
      <FrameDialogs />
      <ControlDialogs />
      <AddressDialogs />
      <DestinationDialogs />
      <FrameCommands />
    </div>
  );
}
