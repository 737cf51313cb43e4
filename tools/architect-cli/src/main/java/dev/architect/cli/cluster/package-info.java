/** Nodes of a cluster as processes, and a demo that kills, pauses and cuts them off. */
@NullMarked
package dev.architect.cli.cluster;

import org.jspecify.annotations.NullMarked;
