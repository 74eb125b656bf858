"""The demonstration edition: a made-up magazine that shows what the site can do. See `loader`."""
