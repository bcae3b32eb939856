import { useState } from 'react';
import { CaptionOptions } from '../../../../shared/model/captions.ts';
import { captionsWords, isLanguageCode } from '../../text/captions-messages.ts';
import { keysOf } from '../../text/keys-of.ts';
import { Field } from '../../ui/field.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { TextBox } from '../../ui/text-box.tsx';

const text = captionsWords.told;
const feeds = keysOf(captionsWords.feeds);
const codes = keysOf(captionsWords.languages);
const maxOthers = 4;
const anyId = 'any'; // a list needs an id of at least one letter

const partsOf = (list: string, separator: RegExp): string[] =>
  list
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

interface CaptionFieldsProps {
  readonly captions: CaptionOptions;
  readonly onChange: (captions: CaptionOptions) => void;
}

/** What captions listen to, in which languages, and which words they are told before: rows of a `.form`. */
export function CaptionFields({ captions, onChange }: CaptionFieldsProps) {
  const { feed, language } = captions;
  const [others, setOthers] = useState(captions.otherLanguages.join(' '));
  const [words, setWords] = useState(captions.vocabulary.join('\n'));
  const set = (part: Partial<CaptionOptions>): void => onChange({ ...captions, ...part });
  return (
    <>
      <PickRow
        label={captionsWords.feed}
        value={feed}
        items={feeds.map((id) => ({ id, label: captionsWords.feeds[id], detail: captionsWords.feedHints[id] }))}
        onPick={(id) => {
          const next = feeds.find((each) => each === id);
          if (next) set({ feed: next });
        }}
      />
      <PickRow
        label={captionsWords.language}
        value={language === '' ? anyId : language}
        items={codes.map((code) => ({ id: code === '' ? anyId : code, label: captionsWords.languages[code] }))}
        onPick={(id) => set({ language: id === anyId ? '' : id })}
      />
      {language === '' ? null : (
        <Field
          label={text.others}
          value={others}
          maxLength={40}
          spellCheck="false"
          placeholder={text.othersForm}
          isBad={
            partsOf(others, /[\s,]+/).some((code) => !isLanguageCode(code)) ||
            captions.otherLanguages.length > maxOthers
          }
          note={captions.otherLanguages
            .flatMap((code) => (isLanguageCode(code) ? captionsWords.languages[code] : []))
            .join(', ')}
          onChange={(list) => {
            setOthers(list);
            set({ otherLanguages: partsOf(list, /[\s,]+/) });
          }}
        />
      )}
      <TextBox
        label={text.vocabulary}
        value={words}
        onChange={(list) => {
          setWords(list);
          set({ vocabulary: partsOf(list, /\n/) });
        }}
      />
      <p className="wide note">{text.hint}</p>
    </>
  );
}

/** Whether every language is known, and nothing is longer than the transcriber is told. */
export const areGoodCaptions = (captions: CaptionOptions | null): boolean =>
  captions === null || (CaptionOptions.safeParse(captions).success && captions.otherLanguages.every(isLanguageCode));
