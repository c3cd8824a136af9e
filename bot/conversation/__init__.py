"""Forms: steps as data, a pure engine, one runner, and a store that survives a restart."""
