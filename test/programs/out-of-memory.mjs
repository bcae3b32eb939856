// Dies as V8 does when it has no memory left.
process.abort();
