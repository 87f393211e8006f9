package dev.culvert.cli.settings;

/**
 * One value as somebody wrote it.
 *
 * @param text what would stand after the flag
 * @param origin where it was written
 */
record SettingValue(String text, Origin origin) {}
