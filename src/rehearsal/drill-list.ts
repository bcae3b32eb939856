import type { Drill, DrillId, DrillTargets } from './drills.ts';
import type { GateName } from './egress/gates.ts';

const egressIfNone = ({ egress }: DrillTargets): string | null => (egress ? null : 'a rehearsal with egress');
const jobIfNone = ({ egress }: DrillTargets): string | null =>
  egress && egress.handledCount > 0 ? null : 'a job of egress that runs';
const receiversIfNone = ({ destinations }: DrillTargets): string | null =>
  destinations ? null : 'a rehearsal with receivers';
const noEgress = 'This rehearsal has no egress: every start is refused anyway.';
/** Long enough for the console to be sure, and for the producer to see what it says. */
const lastsMs = 180_000;
const noJob = 'No egress is running.';

export const drillList: Readonly<Record<DrillId, Drill>> = {
  'refuse-429': {
    label: 'Refuse: limit reached',
    expect:
      'The next recording is refused at once (429). It is recorded here instead; while another egress runs, the limit is shown as reached.',
    armed: (targets) => targets.server.armedRefusal === 429,
    needs: egressIfNone,
    run: (targets) => armRefusal(targets, 429),
  },
  'refuse-503': {
    label: 'Refuse: no worker answers',
    expect: 'The next recording is refused after some 22 s (503). The sound is kept here from the first second on.',
    armed: (targets) => targets.server.armedRefusal === 503,
    needs: egressIfNone,
    run: (targets) => armRefusal(targets, 503),
  },
  'hang-starting': {
    label: 'Hang while starting',
    expect: 'The next job stays at Starting. The console says for how long and why, and offers to stop it.',
    armed: (targets) => targets.egress?.gates.isHeld('starting') ?? false,
    needs: egressIfNone,
    run: (targets) => toggleGate(targets, 'starting', 'The next job hangs before it begins.'),
  },
  'hang-running': {
    label: 'Hang while running',
    expect:
      'Segments and images come no more, though the server says that their jobs run. After half a minute and more the console says so of a job that keeps them in a storage profile. Run it again to let them go on.',
    armed: (targets) => targets.egress?.gates.isHeld('running') ?? false,
    needs: egressIfNone,
    run: (targets) => toggleGate(targets, 'running', 'Nothing new of segments and images is kept.'),
  },
  'hang-ending': {
    label: 'Hang while ending',
    expect: 'The next job that is stopped stays at Ending. The console says that its file is not safe yet.',
    armed: (targets) => targets.egress?.gates.isHeld('ending') ?? false,
    needs: egressIfNone,
    run: (targets) => toggleGate(targets, 'ending', 'The next job that is stopped hangs before its end.'),
  },
  'unheard-stop': {
    label: 'Do not hear a stop',
    expect:
      'The next Stop fails after 3 s (408) and the job runs on. The console says so and asks for it again by itself.',
    armed: (targets) => targets.egress?.isUnheardStopArmed ?? false,
    needs: egressIfNone,
    run: ({ egress }) => {
      if (!egress) return noEgress;
      egress.armUnheardStop(!egress.isUnheardStopArmed);
      return egress.isUnheardStopArmed ? 'Armed: the next Stop is not heard.' : 'Disarmed: the next Stop is heard.';
    },
  },
  'kill-job': {
    label: 'Kill the running job',
    expect: 'The recording fails and its file is lost. The console says so and goes on recording here.',
    needs: jobIfNone,
    run: ({ egress }) => {
      const killed = egress?.killOne() ?? null;
      return killed ? `The egress ${killed} was killed.` : noJob;
    },
  },
  orphan: {
    label: 'Lose the worker of a job',
    expect:
      'The server lists the job as running for ever, but no recorder is in the room and Stop is not heard (408). The console says that nothing is recorded.',
    needs: jobIfNone,
    run: ({ egress }) => {
      const orphan = egress?.orphanOne() ?? null;
      return orphan ? `The worker of ${orphan} is gone; the server does not know.` : noJob;
    },
  },
  'session-limit': {
    label: 'Reach the session limit',
    expect: 'The newest job ends by itself (413); what it recorded is kept. The console says why it ended.',
    needs: jobIfNone,
    run: ({ egress }) => {
      const ended = egress?.endOne() ?? null;
      return ended ? `The egress ${ended} has reached its session limit.` : noJob;
    },
  },
  'black-picture': {
    label: 'Make the picture black',
    expect:
      'For three minutes every picture of egress is black. The console says so of a job that keeps images in a storage profile, after two looks at them, and closes it when light returns. Run it again to end it.',
    armed: ({ egress }) => egress?.isDark ?? false,
    needs: ({ egress }) => (egress?.canDarken ? null : 'an ffmpeg that can write text'),
    run: ({ egress }) => {
      if (!egress) return noEgress;
      egress.darken(egress.isDark ? 0 : Date.now() + lastsMs);
      return egress.isDark ? 'Every picture is black.' : 'Light is back.';
    },
  },
  'silent-rooms': {
    label: 'Mute everybody',
    expect:
      'For three minutes nobody is heard. After one of them the console says of jobs with sound that the room is silent, where it listens: meters, captions, a recording here. Run it again to end it.',
    armed: ({ people }) => people?.isHushed ?? false,
    needs: ({ people }) => (people ? null : 'the rooms of the rehearsal: a real server has them'),
    run: ({ people }) => {
      if (!people) return 'A real server has the rooms: mute people there.';
      people.hush(people.isHushed ? 0 : Date.now() + lastsMs);
      return people.isHushed ? 'Everybody is muted.' : 'Everybody is heard as before.';
    },
  },
  'show-receivers': {
    label: 'See what arrives',
    expect: whereItArrives,
    needs: receiversIfNone,
    run: whereItArrives,
  },
  'drop-destination': {
    label: 'Drop the destinations',
    expect:
      'Streams to the rehearsal’s receivers are cut. RTMP is tried again for 30 s and is then given up, SRT at once; other outputs go on. Run it again to bring the receivers back.',
    armed: ({ destinations }) => destinations?.state === 'down',
    needs: receiversIfNone,
    run: (targets) => toggleReceivers(targets, 'down', 'The receivers are gone.'),
  },
  'freeze-destination': {
    label: 'Freeze the destinations',
    expect:
      'The receivers stop reading. Nothing says so for some seconds, then RTMP is tried again for 30 s and given up; other outputs go on. Run it again to thaw them.',
    armed: ({ destinations }) => destinations?.state === 'frozen',
    needs: receiversIfNone,
    run: (targets) => toggleReceivers(targets, 'frozen', 'The receivers read nothing any more.'),
  },
  'refuse-storage': {
    label: 'Refuse uploads',
    expect:
      'The rehearsal’s storage refuses every write (403), the backup of egress does not. A file fails only when its job is stopped, segments fail at once.',
    armed: ({ destinations }) => destinations?.isStorageRefusing ?? false,
    needs: receiversIfNone,
    run: ({ destinations }) => {
      if (!destinations) return 'This rehearsal has no storage.';
      destinations.isStorageRefusing = !destinations.isStorageRefusing;
      return destinations.isStorageRefusing ? 'The storage refuses every write.' : 'The storage takes writes again.';
    },
  },
  'backup-storage': {
    label: 'Give egress a backup storage',
    expect:
      'An upload that fails goes to the backup: the job ends well, and the console flags that the backup was used. Refuse uploads as well to see it.',
    armed: ({ server }) => server.hasBackup,
    needs: (targets) => egressIfNone(targets) ?? receiversIfNone(targets),
    run: ({ server }) => {
      server.hasBackup = !server.hasBackup;
      return server.hasBackup ? 'Egress has a backup storage.' : 'Egress has no backup storage any more.';
    },
  },
  'no-v2': {
    label: 'Be an older server',
    expect:
      'The server does not know the newest way to start (404). Jobs start by the older one where both can say the same.',
    armed: ({ server }) => !server.hasV2,
    needs: egressIfNone,
    run: ({ server }) => {
      server.hasV2 = !server.hasV2;
      return server.hasV2 ? 'The server knows StartEgress again.' : 'The server does not know StartEgress.';
    },
  },
  'drop-feed': {
    label: 'Drop the sound feeds',
    expect: 'Captions and meters stop, come back within seconds by themselves, and the gap is dated.',
    needs: (targets) =>
      (targets.egress?.socketCount ?? 0) + targets.sceneLinkCount > 0 ? null : 'meters or captions that run',
    run: (targets) => {
      const sockets = targets.egress?.dropSockets() ?? 0;
      const links = targets.dropSceneLinks();
      return sockets + links > 0
        ? `Broken: ${sockets} of track egress, ${links} of the room child.`
        : 'No sound feed is running.';
    },
  },
  'drop-transcriber': {
    label: 'Drop the transcriber',
    expect: 'Captions pause and go on in the same session; no word is lost or doubled.',
    needs: (targets) => (targets.transcriberCount > 0 ? null : 'captions that run'),
    run: (targets) => {
      const count = targets.dropTranscribers();
      return count > 0 ? `Broken: ${count} transcriber connections.` : 'No transcriber is connected.';
    },
  },
};

function whereItArrives({ destinations }: DrillTargets): string {
  if (!destinations) return 'This rehearsal has no receivers.';
  return `Breaks nothing. What the rehearsal’s receivers get is shown and played at ${destinations.addresses.page} in any browser of this computer.`;
}

function armRefusal({ egress, server }: DrillTargets, status: 429 | 503): string {
  if (!egress) return noEgress;
  if (server.armedRefusal === status) {
    server.armRefusal(null);
    return 'Disarmed: the next start goes through.';
  }
  server.armRefusal(status);
  return `Armed: the next start is refused with ${status}.`;
}

function toggleGate({ egress }: DrillTargets, gate: GateName, text: string): string {
  if (!egress) return noEgress;
  if (egress.gates.isHeld(gate)) {
    egress.gates.open(gate);
    return 'Disarmed: what hung there goes on.';
  }
  egress.gates.hold(gate);
  return `Armed: ${text}`;
}

async function toggleReceivers(
  { destinations }: DrillTargets,
  state: 'down' | 'frozen',
  text: string,
): Promise<string> {
  if (!destinations) return 'This rehearsal has no receivers.';
  if (destinations.state === state) {
    await destinations.setState('up');
    return 'The receivers are back.';
  }
  await destinations.setState(state);
  return text;
}
