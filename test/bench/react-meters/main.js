// The peer of window.bench: the same 40 meters at 20 Hz and the same captions, each frame and each partial a React state.
import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const partialEveryMs = 200;
const partialsALine = 10;
const linesShown = 30; // as many as our window shows at once
const words = 'the first lines are on the air and nobody in the hall has missed a word of it so far';
const levelsUrl = new URLSearchParams(location.search).get('levels');

function useLevels() {
  const [levels, setLevels] = useState([]);
  useEffect(() => {
    const socket = new WebSocket(levelsUrl);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') return;
      const view = new DataView(data);
      setLevels(Array.from({ length: data.byteLength / 4 }, (_, index) => view.getInt16(index * 4, true) / 10));
    };
    return () => socket.close();
  }, []);
  return levels;
}

function useLines() {
  const [lines, setLines] = useState([]);
  useEffect(() => {
    let partial = 0;
    const timer = setInterval(() => {
      const number = Math.floor(partial / partialsALine);
      const share = (partial % partialsALine) / partialsALine + 0.1;
      partial += 1;
      const text = `${number} ${words.slice(0, Math.round(words.length * share))}`;
      setLines((before) => [...before.filter((each) => each.number !== number), { number, text }].slice(-linesShown));
    }, partialEveryMs);
    return () => clearInterval(timer);
  }, []);
  return lines;
}

function Person({ number, level }) {
  const share = Math.max(0, Math.min(1, (level + 60) / 60));
  return h(
    'li',
    null,
    h('span', null, `Person ${number}`),
    h('div', { className: 'meter' }, h('div', { className: 'bar', style: { width: `${share * 100}%` } })),
    h('span', null, level.toFixed(0)),
  );
}

function App() {
  const levels = useLevels();
  const lines = useLines();
  return [
    h(
      'ul',
      { key: 'people' },
      levels.map((level, number) => h(Person, { key: number, number, level })),
    ),
    h(
      'section',
      { key: 'lines' },
      lines.map(({ number, text }) => h('p', { key: number }, text)),
    ),
  ];
}

createRoot(document.querySelector('#root')).render(h(App));
