/** What every feed delivers and every file of the desk holds: mono int16 at this rate. */
export const sampleRateHz = 48_000;
export const samplesPerMs = 48;
