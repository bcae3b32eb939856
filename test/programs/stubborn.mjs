// Says a word, and does not end when it is asked to.
process.on('SIGTERM', () => {});
console.log(process.env.GREETING);
setInterval(() => {}, 1_000);
