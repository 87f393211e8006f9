package dev.culvert.cli;

/** A command whose first argument begins another program's command line: options end there. */
public interface TakesCommandLine {}
