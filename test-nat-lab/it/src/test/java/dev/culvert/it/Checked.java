package dev.culvert.it;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What {@code culvert check} answered.
 *
 * @param json its standard output
 * @param text where it ran and all it wrote, for the message of a failed assertion
 * @param exitCode its exit code
 */
record Checked(JsonNode json, String text, int exitCode) {}
