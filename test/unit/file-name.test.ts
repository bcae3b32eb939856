// The name that egress makes of a template, and what is wrong with it.
import { describe, expect, test } from 'vitest';
import { fileNameOf, hasTime, troubleOf, type NameFacts } from '../../src/shared/text/file-name.ts';

const atMs = new Date(2026, 10, 20, 12, 4, 31, 7).getTime();
const facts: NameFacts = {
  kind: 'room-composite',
  roomName: 'town-hall',
  roomSid: 'RM_1',
  identity: 'ada',
  track: { sid: 'TR_1', kind: 'video', source: 'screen-share', codec: 'video/VP8' },
  fileType: 'default',
  isSoundOnly: false,
  atMs,
};
const every = '{room_name}/{room_id}/{publisher_identity}/{track_id}/{track_type}/{track_source}/{retry}/{time}/{utc}';
const time = '2026-11-20T120431';
const utc = '20261120120431007';

describe('the name of a file', () => {
  test.each<[NameFacts['kind'], string]>([
    [
      'room-composite',
      `town-hall/RM_1/{publisher_identity}/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`,
    ],
    ['template', `town-hall/RM_1/{publisher_identity}/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`],
    ['media', `town-hall/RM_1/ada/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`],
    ['web', `{room_name}/{room_id}/{publisher_identity}/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`],
    ['participant', `town-hall/RM_1/ada/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`],
    ['track-composite', `town-hall/RM_1/ada/{track_id}/{track_type}/{track_source}/0/${time}/${utc}.mp4`],
    ['track', `town-hall/RM_1/ada/TR_1/video/screen_share/0/${time}/${utc}.webm`],
  ])('of %s has the fields of its kind and no other', (kind, name) => {
    expect(fileNameOf(every, { ...facts, kind })).toBe(name);
  });
  test.each<[string, string, Partial<NameFacts>]>([
    ['', `town-hall-${time}.mp4`, {}],
    ['shows/', `shows/town-hall-${time}.mp4`, {}],
    ['', `ada-${time}.mp4`, { kind: 'participant' }],
    ['', `web-${time}.mp4`, { kind: 'web' }],
    ['a/', `a/TR_1-${time}.webm`, { kind: 'track' }],
  ])('that is left to egress (%j) is made of room, person, track or page, and the time: %s', (template, name, part) => {
    expect(fileNameOf(template, { ...facts, ...part })).toBe(name);
  });
  test.each<[string, string, Partial<NameFacts>]>([
    ['a.ogg', 'a.mp4', {}],
    ['a.mov', 'a.mov.mp4', {}],
    ['a', 'a.ogg', { isSoundOnly: true }],
    ['a.ogg', 'a.mp4', { isSoundOnly: true, kind: 'participant' }],
    ['a', 'a.mp3', { fileType: 'mp3' }],
    ['a.mp4', 'a.ogg', { kind: 'track', track: { sid: 'TR_2', kind: 'audio', source: 'microphone' } }],
    ['a', 'a', { kind: 'track', track: undefined }],
    ['../../a.mp4', 'a.mp4', {}],
    ['a//b/./c/../d.mp4', 'a/b/d.mp4', {}],
    ['/a/../../b.mp4', '/b.mp4', {}],
    ['./', `town-hall-${time}.mp4`, {}],
    ['{room_name}/a.mp4', 'x/../y/a.mp4', { roomName: 'x/../y' }],
  ])('%s becomes %s', (template, name, part) => {
    expect(fileNameOf(template, { ...facts, ...part })).toBe(name);
  });
});

describe('trouble with a name', () => {
  test.each([
    ['shows/2026/town-hall_1.mp4', []],
    ['what?.mp4', ['Storages, links or programs may trip over ? in the name.']],
    ['a\u0007.mp4', ['Storages, links or programs may trip over a control character in the name.']],
    ['town hall.mp4', ['A blank in the name becomes %20 or + in links.']],
    ['/a.mp4', ['A leading / makes a folder without a name in most storages.']],
    ['a//b.mp4', ['Two slashes together make a folder without a name.']],
    ['a/../b.mp4', ['Parts that are . or .. are read in different ways by storages.']],
    [Array(6).fill('ä'.repeat(100)).join('/'), ['The name is longer than the 1,024 bytes of a storage.']],
    [`${'ä'.repeat(126)}.mp4`, ['The name is longer than the 255 bytes of a disk: egress cannot write the file.']],
  ])('of %s is told', (name, told) => {
    expect(troubleOf(name)).toEqual(told);
  });
  test('two recordings are told apart by a time, or by a name that egress makes', () => {
    expect(['a-{time}', 'a-{utc}', '', 'a/'].map(hasTime)).toEqual([true, true, true, true]);
    expect(hasTime('{room_name}-{retry}.mp4')).toBe(false);
  });
});
