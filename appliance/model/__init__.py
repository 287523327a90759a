"""Pure rules: records, permissions, narrows, Markdown, request parameters. No I/O."""
