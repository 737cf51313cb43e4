/** The contract of cluster transports, and a transport within one process. */
@NullMarked
package dev.architect.testkit.cluster;

import org.jspecify.annotations.NullMarked;
