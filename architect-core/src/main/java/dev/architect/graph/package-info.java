/** Tasks that wait for others: graphs to submit, and how tasks stand to each other. */
@NullMarked
package dev.architect.graph;

import org.jspecify.annotations.NullMarked;
