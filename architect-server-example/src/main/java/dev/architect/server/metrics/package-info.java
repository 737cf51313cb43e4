/** What Prometheus scrapes. */
@NullMarked
package dev.architect.server.metrics;

import org.jspecify.annotations.NullMarked;
