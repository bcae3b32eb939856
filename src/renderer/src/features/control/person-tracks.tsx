import type { Person, Track } from '../../../../shared/model/room.ts';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { ProblemLines } from './problem-lines.tsx';
import { useSend } from './use-send.ts';

const text = controlWords.person;

/** Each track that somebody publishes, with its mute. */
export function PersonTracks({ roomName, person }: { readonly roomName: string; readonly person: Person }) {
  const { sinceMs, problem, send } = useSend();
  const { identity } = person;
  const set = (track: Track, isMuted: boolean): void => {
    void send((core, serverId) => core.muteTrack({ serverId, roomName, identity, trackSid: track.sid, isMuted }));
  };
  if (person.tracks.length === 0) return <p className="sub">{text.noTracks}</p>;
  return (
    <>
      <ul className="tracks" aria-label={text.tracks}>
        {person.tracks.map((track) => {
          const what = text.sources[track.source];
          return (
            <li key={track.sid}>
              <span>
                <b>{what}</b> <span className="mark">{text.kinds[track.kind]}</span>
                {track.isEncrypted ? <span className="mark"> {text.encrypted}</span> : null}
              </span>
              <Copyable className="mono" text={track.sid} label={what} />
              <span className="sub">{track.isMuted ? text.muted : text.live}</span>
              {track.kind === 'data' ? (
                <span />
              ) : (
                <Btn
                  aria-label={track.isMuted ? text.unmute(what) : text.mute(what)}
                  onPress={() => sinceMs === null && set(track, !track.isMuted)}
                >
                  {track.isMuted ? text.unmuteWord : text.muteWord}
                </Btn>
              )}
            </li>
          );
        })}
      </ul>
      <ProblemLines problem={problem} />
    </>
  );
}
