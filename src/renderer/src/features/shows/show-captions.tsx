import type { CaptionOptions } from '../../../../shared/model/captions.ts';
import { showsWords } from '../../text/shows-messages.ts';
import { Check } from '../../ui/field.tsx';
import { CaptionFields } from '../captions/caption-fields.tsx';
import { firstOptions } from '../captions/captions-view.ts';

const text = showsWords.captions;

/** Whether captions begin with the show: what they listen to, in which languages, and which words they are told before. */
export function ShowCaptions(props: {
  readonly captions: CaptionOptions | null;
  readonly onChange: (captions: CaptionOptions | null) => void;
}) {
  const { captions, onChange } = props;
  return (
    <section className="form set-off" aria-label={text.title}>
      <span className="wide">
        <Check isOn={captions !== null} onChange={(isOn) => onChange(isOn ? firstOptions : null)}>
          {text.isOn}
        </Check>
      </span>
      {captions === null ? null : <CaptionFields captions={captions} onChange={onChange} />}
    </section>
  );
}
