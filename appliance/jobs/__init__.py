"""The durable job table, its workers' base class, the pool that runs them."""
