"""The world: platforms, inbox and outbox, commands, clock, scheduler, words, settings, process."""
