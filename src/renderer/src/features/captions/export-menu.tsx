import type { CaptionSession, ExportFormat } from '../../../../shared/model/captions.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { useCaptionCalls } from './use-caption-calls.ts';

const text = captionsWords.export;
const formats: readonly ExportFormat[] = ['srt', 'vtt', 'txt', 'json'];
/** Electron's window opens no others; a browser shows the page for the hall as one more tab. */
const canOpenHall = location.protocol.startsWith('http');

/** The transcript as a file, and the page for the hall. */
export function ExportMenu({ session }: { readonly session: CaptionSession }) {
  const { save } = useCaptionCalls();
  return (
    <MenuButton
      label={text.label}
      trigger={
        <Btn>
          {text.button}
          <Icon name="chev" isSmall />
        </Btn>
      }
      entries={[
        ...formats.map((format) => ({
          id: format,
          label: text.formats[format],
          detail: text.hints[format],
          onAction: () => save(session.id, format),
        })),
        ...(canOpenHall
          ? [
              {
                id: 'hall',
                label: text.hall,
                detail: text.hallHint,
                onAction: () =>
                  void window.open(`/captions?room=${encodeURIComponent(session.roomName)}`, '_blank', 'noopener'),
              },
            ]
          : []),
      ]}
    />
  );
}
