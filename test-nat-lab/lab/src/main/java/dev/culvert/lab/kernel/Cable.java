package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LinkSpec;

/** A line between two interfaces, each in a namespace. */
record Cable(String node, String device, String upper, String upperDevice, LinkSpec link) {}
