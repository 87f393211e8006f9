/**
 * Where a command's options come from: the command line, the environment, a YAML file, or their
 * defaults. Everything follows from picocli's model of the options, so a new one has its key and
 * its variable at once. Confined to the command's thread.
 */
@NullMarked
package dev.culvert.cli.settings;

import org.jspecify.annotations.NullMarked;
