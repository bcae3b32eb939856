import { minuteUtc } from '../../../../shared/text/utc.ts';
import { startWords } from '../../text/start-messages.ts';
import { span } from '../../text/format.ts';
import { Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { StartFieldsProps } from './start-form.tsx';
import { isClock, timedStart, type Timing } from '../../../../shared/model/timing.ts';

const text = startWords.timing;
const maxMin = 7 * 1_440;
const maxWaitMin = 1_440;

/** When it begins, and what ends it by itself. */
export function TimingFields({ choice, change }: StartFieldsProps) {
  const { timing } = choice;
  const set = (part: Partial<Timing>): void => change({ do: 'set', part: { timing: { ...timing, ...part } } });
  return (
    <Fold title={text.title} now={timingWords(timing)}>
      <Field
        label={text.begins}
        value={timing.beginsAt}
        isBad={!isClock(timing.beginsAt)}
        maxLength={5}
        inputMode="numeric"
        placeholder={text.atOnce}
        note={text.form}
        onChange={(beginsAt) => set({ beginsAt })}
      />
      <NumberField
        label={text.after}
        value={timing.afterMin}
        min={1}
        max={maxMin}
        zero={text.never}
        unit={text.minutes}
        onChange={(afterMin) => set({ afterMin })}
      />
      <Field
        label={text.ends}
        value={timing.endsAt}
        isBad={!isClock(timing.endsAt)}
        maxLength={5}
        inputMode="numeric"
        placeholder={text.never}
        note={text.form}
        onChange={(endsAt) => set({ endsAt })}
      />
      <span className="pair">
        <NumberField
          label={text.empty}
          value={timing.emptyMin}
          min={1}
          max={maxWaitMin}
          zero={text.never}
          unit={text.minutes}
          onChange={(emptyMin) => set({ emptyMin })}
        />
        <NumberField
          label={text.silent}
          value={timing.silentMin}
          min={1}
          max={maxWaitMin}
          zero={text.never}
          unit={text.minutes}
          onChange={(silentMin) => set({ silentMin })}
        />
      </span>
      <Moments timing={timing} />
    </Fold>
  );
}

/** What the clocks mean: in UTC, and how far away. */
function Moments({ timing }: { readonly timing: Timing }) {
  const nowMs = useNow();
  const { startAtMs, autoStop } = timedStart(timing, nowMs);
  const far = (atMs: number): string => text.moment(minuteUtc(atMs), span(atMs - nowMs));
  return (
    <span className="wide note">
      {startAtMs === null ? null : `${text.beginsAt(far(startAtMs))} `}
      {autoStop?.atMs == null ? null : `${text.endsAt(far(autoStop.atMs))} `}
      {text.hint}
    </span>
  );
}

/** When it begins and ends, in a few words. */
export function timingWords({ beginsAt, afterMin, endsAt, emptyMin, silentMin }: Timing): string {
  const ends = [
    afterMin > 0 ? text.shortAfter(afterMin) : '',
    endsAt === '' ? '' : text.shortAt(endsAt),
    emptyMin > 0 ? text.shortEmpty(emptyMin) : '',
    silentMin > 0 ? text.shortSilent(silentMin) : '',
  ].filter((part) => part !== '');
  return `${beginsAt === '' ? text.atOnce : text.shortBegins(beginsAt)}, ${ends.length === 0 ? text.untilStopped : ends.join(', ')}`;
}
