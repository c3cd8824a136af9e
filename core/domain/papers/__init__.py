"""A paper as data: the finished view, its look, its columns, and the snapshot that is kept."""
