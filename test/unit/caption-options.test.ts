// What a transcriber is told of a session: read by the strict stand-in, which refuses what the real one refuses.
import { expect, test } from 'vitest';
import { initBody } from '../../src/core/captions/gladia/init-body.ts';
import { InitRequest } from '../../src/rehearsal/gladia/init.ts';

test('further languages are switched among only beside a language, and words are told before', () => {
  const hints = { otherLanguages: ['fr', 'en'], vocabulary: ['Lindqvist'] };
  const told = InitRequest.parse(initBody({ channels: 2, language: 'en', hints }));
  expect(told).toMatchObject({
    language_config: { languages: ['en', 'fr'], code_switching: true },
    realtime_processing: { custom_vocabulary: true, custom_vocabulary_config: { vocabulary: ['Lindqvist'] } },
  });
  const found = InitRequest.parse(initBody({ channels: 2, language: '', hints }));
  expect(found.language_config).toEqual({ languages: [], code_switching: false });
  const plain = InitRequest.parse(initBody({ channels: 1, language: 'en' }));
  expect(plain.language_config).toEqual({ languages: ['en'], code_switching: false });
  expect(plain).not.toHaveProperty('realtime_processing');
});
