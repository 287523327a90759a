"""What every layer stands on: configuration, errors, clock, logs, metrics, threads, rate limits."""
