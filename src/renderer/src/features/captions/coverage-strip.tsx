import { memo, type CSSProperties, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { CaptionSession, Gap, Marker } from '../../../../shared/model/captions.ts';
import { timer } from '../../../../shared/text/figures.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { useNow } from '../../ui/use-now.ts';
import { coverageOf, ruler, type Coverage, type Stretch } from './coverage.ts';

const text = captionsWords.cover;

/** A mark as a share of the whole, in percent, for the style sheet. */
type Mark = CSSProperties & Record<`--${string}`, string | number>;

/** Which second is in which copy: egress, desk and captions on one time line. Hidden while there is nothing to show. */
export function CoverageStrip({
  roomName,
  session,
}: {
  readonly roomName: string;
  readonly session: CaptionSession | null;
}) {
  const nowMs = useNow();
  const jobs = useStore(jobsStore, (state) => state.jobs).filter((job) => job.roomName === roomName);
  const kept = useStore(transcriptStore, (state) => (state.sessionId === session?.id ? state.kept : null)) ?? [];
  const coverage = coverageOf(
    jobs,
    session,
    kept.filter((each): each is Gap => each.type === 'gap'),
    nowMs,
  );
  if (coverage === null) return null;
  const zeroMs = session?.startedAtMs ?? null;
  const markers = zeroMs === null ? [] : kept.filter((each): each is Marker => each.type === 'marker');
  return (
    <section className="cover" aria-label={text.label}>
      <div className="names" aria-hidden="true">
        <span>{text.egress}</span>
        <span>{text.desk}</span>
        <span>{text.captions}</span>
      </div>
      <div className="lanes" aria-hidden="true">
        <Ruler coverage={coverage}>
          {markers.map((marker) => (
            <b
              key={marker.id}
              className="fl"
              title={text.marker(marker.name)}
              style={at(coverage, (zeroMs ?? 0) + marker.startMs)}
            />
          ))}
        </Ruler>
        <Lane coverage={coverage} color="--cover-egress" of={coverage.egress} gaps={coverage.recorded?.neither ?? []} />
        <Lane coverage={coverage} color="--cover-desk" of={coverage.desk} gaps={coverage.recorded?.neither ?? []} />
        <Lane coverage={coverage} color="--cover-captions" of={coverage.captions} gaps={coverage.captionGaps} />
      </div>
      <p className="vh">{spokenOf(coverage)}</p>
      <Sum recorded={coverage.recorded} />
    </section>
  );
}

const share = (coverage: Stretch, ms: number): number =>
  Math.round(
    Math.min(100, Math.max(0, ((ms - coverage.fromMs) / Math.max(1, coverage.toMs - coverage.fromMs)) * 100)) * 100,
  ) / 100;
const at = (coverage: Stretch, ms: number): Mark => ({ '--a': share(coverage, ms) });

function Ruler({ coverage, children }: { readonly coverage: Coverage; readonly children: ReactNode }) {
  const marks = ruler(coverage.toMs - coverage.fromMs);
  const isFine = (marks[1] ?? 0) % 60_000 !== 0 || marks.length === 1;
  return (
    <div className="ruler">
      {marks.map((ms) => (
        <span key={ms} style={at(coverage, coverage.fromMs + ms)}>
          {isFine ? timer(ms) : timer(ms).slice(0, 5)}
        </span>
      ))}
      {children}
      {coverage.isRunning ? (
        <span className="now" style={at(coverage, coverage.toMs)}>
          {text.now}
        </span>
      ) : null}
    </div>
  );
}

interface LaneProps {
  readonly coverage: Stretch;
  readonly color: `--${string}`;
  readonly of: readonly Stretch[];
  readonly gaps: readonly Stretch[];
}
const Lane = memo(function Lane({ coverage, color, of, gaps }: LaneProps) {
  const style: Mark = { '--c': `var(${color})` };
  const ends = (each: Stretch): Mark => ({ '--a': share(coverage, each.fromMs), '--b': share(coverage, each.toMs) });
  return (
    <div className="lane" style={style}>
      {of.map((each) => (
        <i key={each.fromMs} style={ends(each)} />
      ))}
      {gaps.map((each) => (
        <i key={`gap ${each.fromMs}`} className="gap" style={ends(each)} />
      ))}
    </div>
  );
});

function Sum({ recorded }: { readonly recorded: Coverage['recorded'] }) {
  if (recorded === null)
    return (
      <div className="sum">
        <h3 className="cap">{text.label}</h3>
        <p>{text.notRecorded}</p>
      </div>
    );
  const [first] = recorded.neither;
  const [missingStart] = recorded.missingStarts;
  return (
    <div className="sum">
      <h3 className="cap">{text.label}</h3>
      <p>{text.kept(timer(recorded.keptMs), timer(recorded.allMs))}</p>
      {first ? (
        <p className="warn">
          {text.neither(lengthOf(first))}
          <At atMs={first.fromMs} />
          {recorded.neither.length > 1 ? ` ${text.more(recorded.neither.length - 1)}` : ''}
        </p>
      ) : missingStart ? (
        <p className="dim">
          {text.missingStart(lengthOf(missingStart))}
          <At atMs={missingStart.fromMs} />
          {recorded.missingStarts.length > 1 ? ` ${text.more(recorded.missingStarts.length - 1)}` : ''}
        </p>
      ) : recorded.keptMs > 0 ? (
        <p className="dim">{text.whole}</p>
      ) : null}
    </div>
  );
}

/** Left out where the window is narrow: the time line beside it shows the place. */
const At = ({ atMs }: { readonly atMs: number }) => <span className="w-opt">{text.at(clockUtc(atMs))}</span>;

/** Whole seconds, never said as fewer than were lost. */
const lengthOf = (stretch: Stretch): number => Math.ceil((stretch.toMs - stretch.fromMs) / 1000) * 1000;

function spokenOf(coverage: Coverage): string {
  const clock = (ms: number): string => timer(ms - coverage.fromMs);
  const end = (each: Stretch): string =>
    coverage.isRunning && each.toMs >= coverage.toMs ? text.now : clock(each.toMs);
  const lane = (name: string, of: readonly Stretch[]): string[] =>
    of.length === 0 ? [] : [`${name} ${of.map((each) => text.laneSpan(clock(each.fromMs), end(each))).join(', ')}`];
  return [
    ...lane(text.egress, coverage.egress),
    ...lane(text.desk, coverage.desk),
    ...lane(text.captions, coverage.captions),
    ...coverage.captionGaps.map((gap) => `${text.captions}: ${text.laneGap(gap.toMs - gap.fromMs, clock(gap.fromMs))}`),
  ].join('. ');
}
