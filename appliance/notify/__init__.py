"""Who is told, by which road and why; the words of mails."""
